//! Invariant 8: Erasure of any subset leaves all proofs valid, and the erased plaintext cannot be tested by dictionary.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::process::ExitCode;

use ring::digest::{Context, SHA256};
use ring::hkdf::{HKDF_SHA256, Prk, Salt};
use throughgate::crypto::{Bound, KeyRing};
use throughgate::demo::actor::Answer;
use throughgate::id::EntryId;
use throughgate::ledger::entry::{Field, Leaf, Opening};

use super::audit;
use super::invariant_06::tables::{Table, Value, read_tables};
use super::invariant_06::{Dice, verify_store};
use crate::api::erasure::{CARAT, LANTERN, Officer, opened, read};
use crate::support::{StoredLog, World, on_both_stores};

type Salt32 = [u8; 32];

/// What a guess at a field of the person's part would be tested against, and the truth that the guess is.
struct Target {
    field: Field,
    plaintext: String,
    commitment: [u8; 32],
}

/// The commitment to a plaintext, as the documentation of the entry tells a verifier to compute it.
fn commitment(number: u8, salt: &Salt32, plaintext: &str) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    for bytes in [b"throughgate-audit/v1/".as_slice(), &[number], salt, plaintext.as_bytes()] {
        context.update(bytes);
    }
    context.finish().as_ref().try_into().unwrap()
}

/// The salt of a field, from what was extracted from the seed of its part.
fn salt_of(prk: &Prk, number: u8) -> Salt32 {
    let (mut salt, number) = ([0; 32], [number]);
    prk.expand(&[&number], HKDF_SHA256).unwrap().fill(&mut salt).unwrap();
    salt
}

/// Tries every 32 bytes that stand anywhere as the salt itself, and as the seed that salts come from, with the true plaintext as the
/// guess: no dictionary is better. Answers which targets give way.
fn broken(targets: &[Target], haystacks: &[Vec<u8>]) -> BTreeSet<usize> {
    let mut guesses: BTreeMap<u8, BTreeSet<&str>> = BTreeMap::new();
    for target in targets {
        guesses.entry(target.field.number()).or_default().insert(&target.plaintext);
    }
    let wanted: BTreeMap<[u8; 32], usize> =
        targets.iter().enumerate().map(|(at, target)| (target.commitment, at)).collect();
    assert_eq!(wanted.len(), targets.len(), "salted commitments are all different");
    let extract = Salt::new(HKDF_SHA256, b"throughgate-audit/v1");
    let (mut tried, mut broken) = (HashSet::new(), BTreeSet::new());
    for window in haystacks.iter().flat_map(|bytes| bytes.windows(32)) {
        let window: Salt32 = window.try_into().unwrap();
        if !tried.insert(window) {
            continue;
        }
        let prk = extract.extract(&window);
        for (number, plaintexts) in &guesses {
            let salt = salt_of(&prk, *number);
            for plaintext in plaintexts {
                let made = [&window, &salt].map(|salt| commitment(*number, salt, plaintext));
                broken.extend(made.iter().filter_map(|made| wanted.get(made)));
            }
        }
    }
    broken
}

/// Everything that the database holds, and everything in it that the deployment's keys open of the log.
fn everything(world: &World) -> Vec<Vec<u8>> {
    let tables = read_tables(world, |_| true);
    let mut haystacks: Vec<Vec<u8>> = Vec::new();
    for value in tables.iter().flat_map(|table| table.rows.iter().flatten()) {
        match value {
            Value::Bytes(bytes) => haystacks.push(bytes.clone()),
            Value::Text(text) => haystacks.push(text.clone().into_bytes()),
            Value::Int(_) | Value::Null => {}
        }
    }
    haystacks.extend(decrypted(world, &tables));
    haystacks
}

/// The parts of entries that still open.
fn decrypted(world: &World, tables: &[Table]) -> Vec<Vec<u8>> {
    let ring = KeyRing::load(&world.dir.join("keys/ring.toml")).unwrap();
    let table = |name: &str| tables.iter().find(|table| table.name == name).unwrap();
    let bytes = |table: &Table, row: &[Value], column: &str| match &row[table.place(column)] {
        Value::Bytes(bytes) => bytes.clone(),
        other => panic!("{column} is {other:?}"),
    };
    let text = |table: &Table, row: &[Value], column: &str| match &row[table.place(column)] {
        Value::Text(text) => text.clone(),
        other => panic!("{column} is {other:?}"),
    };
    let data_key = table("data_key");
    let keys: BTreeMap<Vec<u8>, _> = data_key
        .rows
        .iter()
        .map(|row| {
            let custodian = text(data_key, row, "custodian");
            let owner = [bytes(data_key, row, "owner").as_slice(), b"/", custodian.as_bytes()].concat();
            let (kek, wrapped) = (text(data_key, row, "kek"), bytes(data_key, row, "wrapped"));
            (bytes(data_key, row, "id"), ring.unwrap_key(&owner, &kek, &wrapped).unwrap())
        })
        .collect();
    let (private, leaves) = (table("audit_private"), table("audit_leaf"));
    let mut opened = Vec::new();
    for row in &private.rows {
        let idx = &row[private.place("idx")];
        let leaf = leaves.rows.iter().find(|leaf| leaf[leaves.place("idx")] == *idx).unwrap();
        let entry: [u8; 16] = bytes(leaves, leaf, "entry_id").try_into().unwrap();
        let entry = EntryId::from_bytes(entry);
        for (key, part) in [("person_key", "person_part"), ("rest_key", "rest_part")] {
            let column = part;
            if let Some(key) = keys.get(&bytes(private, row, key)) {
                let bound = Bound { table: "audit_private", row: &[], column, entry };
                let plain = key.for_entry(entry).unwrap().open(&bound, &bytes(private, row, part)).unwrap();
                opened.push(plain.to_vec());
            }
        }
    }
    opened
}

/// Whom and whose record the entry of an answer is about, and the commitments to that.
fn targets(openings: &[Opening]) -> Vec<Target> {
    openings
        .iter()
        .filter(|opening| [Field::Person, Field::Custodian, Field::SegmentsReleased].contains(&opening.field))
        .map(|opening| Target {
            field: opening.field,
            plaintext: opening.plaintext.clone(),
            commitment: commitment(opening.field.number(), &opening.salt, &opening.plaintext),
        })
        .collect()
}

/// Receipts, log directory and database hold, whatever was erased.
fn assert_all_holds(world: &World, answers: &[Answer], kept: &[(Leaf, Vec<Opening>)]) {
    StoredLog::read(world).assert_holds_all(answers);
    let keys = world.log_keys();
    assert!(answers.iter().all(|answer| answer.receipt.as_ref().unwrap().verify(&keys).is_ok()));
    for (leaf, openings) in kept {
        assert!(
            openings.iter().all(|opening| opening.verify(&leaf.details)),
            "what was opened before still holds"
        );
    }
    assert_eq!(verify_store(world), ExitCode::SUCCESS);
}

on_both_stores! {
    async fn invariant_08_erasure_of_any_subset_leaves_all_proofs_valid_and_no_guess_can_be_tested(world: World) {
        let mut world = world;
        let mut dice = Dice::new("erased subsets");
        let oak = world.worker(CARAT, "fixture-oak");
        let hazel = world.worker(LANTERN, "ms-placeholder");
        let mut people = Vec::new();
        let (mut answers, mut kept) = (Vec::new(), Vec::new());
        for surname in ["Alder", "Birch"] {
            for (agency, worker) in [(CARAT, &oak), (LANTERN, &hazel)] {
                let client_ref = world.client(worker, "Testa", surname).await;
                let answer = read(worker, client_ref).await;
                let (_, openings) = opened(&world, &answer).await;
                assert_eq!(openings.len(), 32);
                let leaf = Leaf::parse(&answer.receipt.as_ref().unwrap().leaf).unwrap();
                people.push((agency, worker, client_ref, targets(&openings), answer.json.clone()));
                kept.push((leaf, openings));
                answers.push(answer);
            }
        }
        // The attack works on what is there: the person's seed stands in the part that the keys open.
        let all: Vec<Target> = kept.iter().flat_map(|(_, openings)| targets(openings)).collect();
        assert_eq!((all.len(), broken(&all, &everything(&world)).len()), (12, 12), "the search finds what can be found");

        // Any subset, in any order; not all, so that somebody's record must stand.
        for at in (1..people.len()).rev() {
            people.swap(at, dice.below(at + 1));
        }
        let erased = 1 + dice.below(people.len() - 1);
        for (agency, _, client_ref, ..) in &people[..erased] {
            let erasure = Officer::of(&world, agency, *client_ref).erases().await;
            assert_eq!(erasure.status, 200, "{}", erasure.json);
            answers.push(erasure);
            assert_all_holds(&world, &answers, &kept);
        }
        for (_, worker, client_ref, _, before) in &people[erased..] {
            assert_eq!(read(worker, *client_ref).await.json, *before, "what was not erased stands");
        }
        let targets: Vec<Target> = people.into_iter().flat_map(|(.., targets, _)| targets).collect();
        let stands: BTreeSet<usize> = (3 * erased..targets.len()).collect();
        assert_eq!(broken(&targets, &everything(&world)), stands, "of {erased} erased, and those that were not");
        world.stop().await;
        assert_all_holds(&world, &answers, &kept);
        let (log, key) = (world.dir.join("log"), world.dir.join("log.vkey"));
        assert_eq!(audit(&format!("verify {} --log-key {}", log.display(), key.display())), ExitCode::SUCCESS);
    }
}
