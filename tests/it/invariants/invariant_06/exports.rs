//! Every byte that leaves a gateway for auditors and recipients changed: static files, receipts, openings, exported lines.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::process::ExitCode;

use throughgate::demo::actor::Actor;
use throughgate::ledger::entry::{Leaf, Opening};
use throughgate::ledger::note::VerifierKey;
use throughgate::ledger::receipt::Receipt;
use throughgate::ledger::tiles::{decode_bundle, encode_bundle};
use throughgate::ledger::verify::{LogDirectory, Rules, Unwatched, Verdict, verify_by};
use throughgate::ledger::witness::WitnessPolicy;

use super::{Dice, all_cosigned, files, history, read, stop, verify_store, witnessed};
use crate::api::audit_remote::command;
use crate::support::{Backend, World, rounds};

/// A log's files in memory.
struct Files(BTreeMap<String, Vec<u8>>);

impl LogDirectory for Files {
    type Error = Infallible;

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self.0.get(path).cloned())
    }

    fn visit(&self, see: &mut dyn FnMut(&str)) -> Result<bool, Infallible> {
        self.0.keys().for_each(|path| see(path));
        Ok(true)
    }
}

/// What an auditor brings, and has seen of the log before.
struct Auditor<'w> {
    world: &'w World,
    keys: Vec<VerifierKey>,
    policy: WitnessPolicy,
    seen: Vec<(String, String)>,
}

impl<'w> Auditor<'w> {
    fn of(world: &'w World) -> Self {
        let policy = std::fs::read_to_string(world.dir.join("witness.policy")).unwrap();
        let seen = std::fs::read_to_string(world.dir.join("log/checkpoint")).unwrap();
        let seen = vec![("seen before".to_owned(), seen)];
        Self { world, keys: world.log_keys(), policy: policy.parse().unwrap(), seen }
    }

    fn verdict(&self, files: &Files) -> Option<Verdict> {
        let rules = Rules { policy: Some(&self.policy), threads: 1, ..Rules::new(&self.keys) };
        verify_by(files, &rules, &Unwatched).unwrap().verdict()
    }

    /// Whether a change is found: by whoever verifies the directory alone; where an older checkpoint of the same log was put in
    /// place of the newest, by whoever has seen that one; and where a witness's line in an earlier checkpoint became that of somebody
    /// unknown, which proves nothing and contradicts nothing, by the operator, whose database has the line.
    fn finds(&self, files: &Files, true_files: &BTreeMap<String, Vec<u8>>) -> bool {
        if self.verdict(files).is_some() {
            return true;
        }
        let rules = Rules { checkpoints: &self.seen, threads: 1, ..Rules::new(&self.keys) };
        if verify_by(files, &rules, &Unwatched).unwrap().verdict().is_some() {
            return true;
        }
        let put = |files: &BTreeMap<String, Vec<u8>>| {
            let folder = self.world.dir.join("log/checkpoints");
            std::fs::remove_dir_all(&folder).unwrap();
            std::fs::create_dir(&folder).unwrap();
            for (path, bytes) in files.iter().filter(|(path, _)| path.starts_with("checkpoints/")) {
                std::fs::write(self.world.dir.join("log").join(path), bytes).unwrap();
            }
        };
        put(&files.0);
        let is_found = verify_store(self.world) == ExitCode::from(10);
        put(true_files);
        is_found
    }
}

/// What one byte of a file of text or of hashes becomes.
fn flip(bytes: &mut [u8], at: usize, bit: usize) {
    bytes[at] ^= 1 << bit;
}

#[test]
fn invariant_06_every_byte_of_a_small_static_log_counts() {
    World::tell(Backend::Sqlite, async |mut world| {
        let mut partners = witnessed(&mut world).await;
        world.clock.advance(120);
        all_cosigned(&world).await;
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        assert_eq!(carat.get("/nowhere").send().await.unwrap().status, 404);
        world.clock.advance(120);
        all_cosigned(&world).await;
        stop(&mut world, &mut partners).await;
        let (auditor, mut log) = (Auditor::of(&world), Files(files(&world.dir.join("log"))));
        assert_eq!(auditor.verdict(&log), None);
        assert!(log.0.keys().any(|path| path.starts_with("checkpoints/")), "{:?}", log.0.keys());
        let true_files = log.0.clone();
        let mut dice = Dice::new("every byte");
        let paths: Vec<String> = log.0.keys().cloned().collect();
        let mut changed = 0;
        for path in &paths {
            for at in 0..log.0[path].len() {
                let bit = dice.below(8);
                flip(log.0.get_mut(path).unwrap(), at, bit);
                assert!(auditor.finds(&log, &true_files), "{path}, byte {at}, bit {bit}");
                flip(log.0.get_mut(path).unwrap(), at, bit);
                changed += 1;
            }
        }
        eprintln!("{changed} bytes of {} files", paths.len());
        assert!(changed > 3_000);
        assert_eq!(auditor.verdict(&log), None);
    });
}

/// A change of a log's files.
#[derive(Debug, Clone, Copy)]
enum OfFiles {
    Flip,
    Delete,
    Cut,
    Extend,
    Swap,
    OfAnother,
    Duplicate,
    SwapEntries,
    RepeatEntry,
    DropEntry,
}

const OF_FILES: [OfFiles; 10] = [
    OfFiles::Flip,
    OfFiles::Delete,
    OfFiles::Cut,
    OfFiles::Extend,
    OfFiles::Swap,
    OfFiles::OfAnother,
    OfFiles::Duplicate,
    OfFiles::SwapEntries,
    OfFiles::RepeatEntry,
    OfFiles::DropEntry,
];

/// Changes a log's files; answers what was done, for the message.
fn change(dice: &mut Dice, files: &mut BTreeMap<String, Vec<u8>>, how: OfFiles) -> String {
    let paths: Vec<String> = files.keys().cloned().collect();
    let (path, other) = (paths[dice.below(paths.len())].clone(), paths[dice.below(paths.len())].clone());
    let what = format!("{how:?} of {path} ({other})");
    let bytes = files[&path].clone();
    let at = dice.below(bytes.len());
    match how {
        OfFiles::Flip => flip(files.get_mut(&path).unwrap(), at, dice.below(8)),
        // An earlier checkpoint that is gone is one that the auditor does not know of.
        OfFiles::Delete if path.starts_with("checkpoints/") => {}
        OfFiles::Delete => drop(files.remove(&path)),
        OfFiles::Cut => files.get_mut(&path).unwrap().truncate(at),
        OfFiles::Extend => files.get_mut(&path).unwrap().push(b'\n'),
        OfFiles::Swap => {
            let there = files[&other].clone();
            files.insert(path, there);
            files.insert(other, bytes);
        }
        OfFiles::OfAnother => drop(files.insert(other, bytes)),
        OfFiles::Duplicate => drop(files.insert(format!("{path}.copy"), bytes)),
        OfFiles::SwapEntries | OfFiles::RepeatEntry | OfFiles::DropEntry => {
            let bundles: Vec<&String> =
                paths.iter().filter(|path| path.starts_with("tile/entries/")).collect();
            let path = bundles[dice.below(bundles.len())];
            let bundle = files[path].clone();
            let mut entries = decode_bundle(&bundle).unwrap();
            let (one, two) = (dice.below(entries.len()), dice.below(entries.len()));
            match how {
                OfFiles::SwapEntries => entries.swap(one, two),
                OfFiles::RepeatEntry => entries.insert(one, entries[two]),
                _ => drop(entries.remove(one)),
            }
            let changed = encode_bundle(entries).unwrap();
            files.insert(path.clone(), changed);
        }
    }
    what
}

#[test]
fn invariant_06_any_change_before_the_last_cosigned_size_makes_verify_fail() {
    World::tell(Backend::Sqlite, async |mut world| {
        let mut partners = witnessed(&mut world).await;
        history(&world).await;
        stop(&mut world, &mut partners).await;
        let (auditor, log) = (Auditor::of(&world), files(&world.dir.join("log")));
        assert!(log.contains_key("tile/0/000") && log.len() > 6, "{:?}", log.keys());
        assert_eq!(auditor.verdict(&Files(log.clone())), None);
        let mut dice = Dice::new("the static log");
        for _ in 0..rounds(12) {
            for how in OF_FILES {
                let mut changed = Files(log.clone());
                let what = change(&mut dice, &mut changed.0, how);
                if changed.0 != log {
                    assert!(auditor.finds(&changed, &log), "{what}");
                }
            }
        }
    });
}

/// What somebody is told who shows a changed receipt or changed openings.
async fn received(world: &World) -> (Receipt, String) {
    let cjit = world.worker("northmoor-cjit", "testa-rowan");
    let client_ref = world.client(&cjit, "Fixture", "Cedar").await;
    let answer = cjit.get(format!("/v1/clients/{client_ref}")).about(client_ref).send().await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.json);
    (answer.receipt.clone().unwrap(), answer.header("audit-openings").to_owned())
}

#[test]
fn invariant_06_every_byte_of_a_receipt_and_of_its_openings_counts() {
    World::tell(Backend::Sqlite, async |world| {
        let (receipt, openings) = received(&world).await;
        let (keys, leaf) = (world.log_keys(), Leaf::parse(&receipt.leaf).unwrap());
        assert!(receipt.verify(&keys).is_ok());
        let opened = Opening::parse_header(&openings).unwrap();
        assert!(!opened.is_empty() && opened.iter().all(|opening| opening.verify(&leaf.details)));
        let mut dice = Dice::new("a receipt");
        let holds = |text: &str| match text.starts_with(':') {
            true => Receipt::parse_header(text).is_ok_and(|receipt| receipt.verify(&keys).is_ok()),
            false => Receipt::parse(text).is_ok_and(|receipt| receipt.verify(&keys).is_ok()),
        };
        for text in [receipt.print(), receipt.print_header()] {
            assert!(holds(&text));
            for at in 0..text.len() {
                let (mut bytes, bit) = (text.clone().into_bytes(), dice.below(8));
                flip(&mut bytes, at, bit);
                let changed = String::from_utf8(bytes).unwrap_or_default();
                // White space around a header is no part of it.
                let is_same = changed.trim() == text.trim();
                assert!(is_same || !holds(&changed), "byte {at}, bit {bit} of a receipt");
                let cut = String::from_utf8(text.as_bytes()[..at].to_vec()).unwrap_or_default();
                assert!(!holds(&cut), "a receipt cut at {at}");
            }
        }
        for at in 0..openings.len() {
            let (mut bytes, bit) = (openings.clone().into_bytes(), dice.below(8));
            flip(&mut bytes, at, bit);
            let changed = String::from_utf8(bytes).unwrap_or_default();
            let read = Opening::parse_header(&changed);
            let holds =
                read.as_ref().is_ok_and(|read| read.iter().all(|opening| opening.verify(&leaf.details)));
            assert!(!holds || read.as_ref() == Ok(&opened), "byte {at}, bit {bit} of the openings");
        }
    });
}

async fn exported(world: &World, auditor: &Actor) -> Vec<String> {
    let out = world.dir.join("all.jsonl");
    let line = format!("export {} --format jsonl --out {}", world.base(), out.display());
    assert_eq!(command(world, auditor, &line).await, ExitCode::SUCCESS);
    std::fs::read_to_string(out).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn invariant_06_every_change_of_an_export_in_json_lines_is_found() {
    World::tell(Backend::Sqlite, async |mut world| {
        let auditor = world.worker("audit-office", "checker-willow");
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let client_ref = world.client(&carat, "Testa", "Alder").await;
        read(&carat, client_ref).await;
        let lines = exported(&world, &auditor).await;
        world.stop().await;
        let file = world.dir.join("changed.jsonl");
        let verified = async |lines: &[String], more: &str| {
            let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
            std::fs::write(&file, text).unwrap();
            let dir = world.dir.display();
            let line =
                format!("verify-export {} --log {dir}/log --log-key {dir}/log.vkey {more}", file.display());
            command(&world, &auditor, &line).await
        };
        assert_eq!(verified(&lines, "").await, ExitCode::SUCCESS);
        // The page that was asked for is itself an entry, recorded after what it shows.
        let beyond = verified(&lines, "--complete").await;
        assert_eq!(beyond, ExitCode::from(40), "what came after the export is not in it");

        let mut dice = Dice::new("an export");
        let tampered = ExitCode::from(10);
        for _ in 0..rounds(12) {
            let (one, two) = (dice.below(lines.len()), dice.below(lines.len()));
            let mut flipped = lines.clone();
            let mut bytes = flipped[one].clone().into_bytes();
            let at = dice.below(bytes.len());
            flip(&mut bytes, at, dice.below(7));
            flipped[one] = String::from_utf8(bytes).unwrap();
            assert!(verified(&flipped, "").await != ExitCode::SUCCESS, "byte {at} of line {one}");
            let mut repeated = lines.clone();
            repeated.insert(one, lines[one].clone());
            assert_eq!(verified(&repeated, "").await, tampered, "line {one} twice");
            let mut cut = lines.clone();
            cut[one].truncate(at);
            assert_eq!(verified(&cut, "").await, tampered, "line {one} cut at {at}");
            if one != two {
                let mut swapped = lines.clone();
                swapped.swap(one, two);
                assert_eq!(verified(&swapped, "").await, tampered, "lines {one} and {two} swapped");
                // The view of one entry beside the leaf of another.
                let view = |line: &str| line.split_once("\"view\":").unwrap().1.to_owned();
                let mut crossed = lines.clone();
                let head = lines[one].split_once("\"view\":").unwrap().0;
                crossed[one] = format!("{head}\"view\":{}", view(&lines[two]));
                assert_eq!(verified(&crossed, "").await, tampered, "the view of {two} in line {one}");
            }
        }
        // A line that is gone: a filter may have left it out, unless there was none.
        let mut fewer = lines.clone();
        fewer.remove(dice.below(lines.len()));
        assert_eq!(verified(&fewer, "").await, ExitCode::SUCCESS);
        std::fs::write(&file, lines.join("\n")).unwrap();
        let dir = world.dir.display();
        let line = format!("verify-export {} --log {dir}/log --log-key {dir}/log.vkey", file.display());
        assert_eq!(command(&world, &auditor, &line).await, tampered, "the last line has no end");
    });
}
