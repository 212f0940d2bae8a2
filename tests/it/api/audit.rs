//! Auditors: entries, their fields opened against the leaf, receipts, the checkpoint, and the static log directory.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use throughgate::api::summary::WriteSummary;
use throughgate::demo::actor::{Actor, Answer};
use throughgate::demo::cast::MEMBERS;
use throughgate::journal::call::Call;
use throughgate::journal::follower::LogDirectory as Follow;
use throughgate::ledger::entry::{Field, Leaf, Opening};
use throughgate::ledger::note::{Checkpoint, VerifierKey};
use throughgate::ledger::receipt::Receipt;
use throughgate::ledger::verify::{LogDirectory, verify};
use throughgate::vocabulary::Purpose;

use crate::support::{World, on_both_stores};

fn keys(world: &World) -> Vec<VerifierKey> {
    VerifierKey::parse_file(&std::fs::read_to_string(world.dir().join("log.vkey")).unwrap()).unwrap()
}

async fn look(auditor: &Actor, path: &str) -> Answer {
    auditor.get(path).purpose(Purpose::AuditReview).send().await.unwrap()
}

on_both_stores! {
    async fn an_auditor_opens_an_entry_and_verifies_every_field_against_the_leaf(world: World) {
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let auditor = world.worker("audit-office", "checker-willow");
        let client_ref = world.client(&cjit, "Fixture", "Cedar").await;
        let read = cjit.get(format!("/v1/clients/{client_ref}")).about(client_ref).send().await.unwrap();
        let receipt = read.receipt.unwrap();

        let list = look(&auditor, "/v1/audit/entries?kind=disclosure&outcome=permitted&agency=northmoor-cjit").await;
        assert_eq!(list.status, 200, "{}", list.json);
        let entry = &list.json["entries"][0];
        assert_eq!(entry["index"], receipt.index);
        assert_eq!(entry["fields"]["worker"], "testa-rowan");
        assert_eq!(entry["fields"]["purpose"], "continuity-of-care");
        assert!(entry["fields"]["segments_released"].as_str().unwrap().contains("identity"));
        assert!(entry["fields"].get("person").is_none(), "a list ties no entry to a person");
        assert!(!list.json.to_string().contains("Cedar"));

        let id = entry["id"].as_str().unwrap();
        let opened = look(&auditor, &format!("/v1/audit/entries/{id}")).await;
        assert_eq!(opened.status, 200, "{}", opened.json);
        let leaf = STANDARD.decode(opened.json["leaf"].as_str().unwrap()).unwrap();
        assert_eq!(leaf, receipt.leaf);
        let leaf = Leaf::parse(&leaf).unwrap();
        let openings = Opening::parse_header(opened.json["openings"].as_str().unwrap()).unwrap();
        assert_eq!(openings.iter().map(|opening| opening.field).collect::<Vec<_>>(), Field::ALL);
        assert!(openings.iter().all(|opening| opening.verify(&leaf.details)));
        assert_eq!(opened.json["fields"][1]["plaintext"], "testa-rowan");
        assert!(!opened.json["fields"][8]["plaintext"].as_str().unwrap().is_empty(), "the person");

        let person = opened.json["fields"][8]["plaintext"].as_str().unwrap();
        let history = look(&auditor, &format!("/v1/audit/entries?person={person}&purpose=continuity-of-care")).await;
        assert_eq!(history.status, 200, "{}", history.json);
        let history = history.json["entries"].as_array().unwrap().clone();
        assert!(history.iter().any(|entry| entry["id"] == id) && history.len() >= 2, "presented, and read");
        assert!(history.iter().all(|entry| entry["fields"]["person"] == person));
        let for_another = look(&auditor, &format!("/v1/audit/entries?person={person}&purpose=duplicate-check")).await;
        assert_eq!(for_another.json["entries"], json!([]));

        // Each look is an entry itself.
        let looks = look(&auditor, "/v1/audit/entries?kind=log-access").await;
        assert_eq!(looks.json["entries"].as_array().unwrap().len(), 4);
    }
}

on_both_stores! {
    async fn a_list_comes_with_what_proves_it_where_that_is_asked_for(world: World) {
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let auditor = world.worker("audit-office", "checker-willow");
        let client_ref = world.client(&cjit, "Fixture", "Cedar").await;
        let read = cjit.get(format!("/v1/clients/{client_ref}")).about(client_ref).send().await.unwrap();
        let plain = look(&auditor, "/v1/audit/entries?kind=disclosure").await;
        assert!(plain.json["entries"][0].get("openings").is_none());
        let proved = look(&auditor, "/v1/audit/entries?kind=disclosure&openings=true").await;
        let entry = &proved.json["entries"][0];
        assert_eq!(entry["index"], read.receipt.unwrap().index);
        let leaf = Leaf::parse(&STANDARD.decode(entry["leaf"].as_str().unwrap()).unwrap()).unwrap();
        let openings = Opening::parse_header(entry["openings"].as_str().unwrap()).unwrap();
        assert!(openings.iter().all(|opening| opening.verify(&leaf.details)));
        // As many as are shown: all but those that tie an entry to one person, absent ones included.
        assert_eq!(openings.len(), 28);
        assert!(!openings.iter().any(|opening| opening.field == Field::Person));
        for opening in openings.iter().filter(|opening| !opening.plaintext.is_empty()) {
            assert_eq!(entry["fields"][opening.field.name()], opening.plaintext.as_str());
        }
        assert_eq!(entry["fields"].as_object().unwrap().len(), openings.iter().filter(|o| !o.plaintext.is_empty()).count());
        let all = look(&auditor, "/v1/audit/entries?limit=200").await;
        let person = look(&auditor, &format!("/v1/audit/entries/{}", entry["id"].as_str().unwrap())).await;
        let person = person.json["fields"][8]["plaintext"].as_str().unwrap().to_owned();
        assert!(!all.json.to_string().contains(&person));
        let of_person = look(&auditor, &format!("/v1/audit/entries?person={person}&openings=true")).await;
        let openings = of_person.json["entries"][0]["openings"].as_str().unwrap();
        assert_eq!(Opening::parse_header(openings).unwrap().len(), 32);
        assert_eq!(look(&auditor, "/v1/audit/entries?openings=perhaps").await.status, 400);
    }
}

on_both_stores! {
    async fn a_fresh_receipt_holds_under_the_latest_checkpoint(world: World) {
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let auditor = world.worker("audit-office", "checker-willow");
        let client_ref = world.client(&cjit, "Fixture", "Cedar").await;
        let read = cjit.get(format!("/v1/clients/{client_ref}")).about(client_ref).send().await.unwrap();
        let first = read.receipt.unwrap();
        for _ in 0..3 {
            look(&auditor, "/v1/audit/entries").await;
        }
        let id = Leaf::parse(&first.leaf).unwrap().id;
        let fresh = look(&auditor, &format!("/v1/audit/receipts/{id}")).await;
        assert_eq!(fresh.status, 200, "{}", fresh.json);
        let fresh = Receipt::parse(fresh.json["receipt"].as_str().unwrap()).unwrap();
        let verified = fresh.verify(&keys(&world)).unwrap();
        assert_eq!((verified.index, &fresh.leaf), (first.index, &first.leaf));
        assert!(verified.checkpoint.size > first.verify(&keys(&world)).unwrap().checkpoint.size);

        let checkpoint = look(&auditor, "/v1/audit/checkpoint").await;
        let checkpoint = Checkpoint::open(&String::from_utf8(checkpoint.bytes).unwrap(), &keys(&world)).unwrap();
        assert!(checkpoint.size >= verified.checkpoint.size);

        let unknown = look(&auditor, "/v1/audit/receipts/0190e8c0-0000-7000-8000-000000000000").await;
        assert_eq!((unknown.status.as_u16(), unknown.problem()), (404, "not-found-or-not-permitted"));
        assert_eq!(look(&auditor, "/v1/audit/entries/none").await.status, 404);
    }
}

on_both_stores! {
    async fn nobody_else_looks_into_the_log(world: World) {
        for (agency, worker) in [("northmoor-cjit", "mocky-aspen"), ("northmoor-police", "proxy-thorn"), ("lantern", "demo-hazel")] {
            let worker = world.worker(agency, worker);
            for path in ["/v1/audit/entries", "/v1/audit/entries/x", "/v1/audit/receipts/x"] {
                let refused = look(&worker, path).await;
                assert_eq!((refused.status.as_u16(), refused.problem()), (403, "purpose-not-permitted"), "{path}");
            }
        }
        let auditor = world.worker("audit-office", "checker-willow");
        let wrong_purpose = auditor.get("/v1/audit/entries").send().await.unwrap();
        assert_eq!(wrong_purpose.status, 403);
    }
}

on_both_stores! {
    async fn pages_of_entries_follow_one_another_without_gap_or_overlap(world: World) {
        let auditor = world.worker("audit-office", "checker-willow");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        world.client(&cjit, "Fixture", "Cedar").await;
        let now = throughgate::clock::Clock::now(&*world.clock);
        let (mut path, mut seen) = ("/v1/audit/entries?limit=3&kind=directory-change".to_owned(), Vec::new());
        loop {
            let page = look(&auditor, &path).await;
            assert_eq!(page.status, 200, "{}", page.json);
            let entries = page.json["entries"].as_array().unwrap();
            assert!(entries.len() <= 3);
            seen.extend(entries.iter().map(|entry| entry["index"].as_u64().unwrap()));
            let Some(next) = page.json["next"].as_str() else { break };
            path = format!("/v1/audit/entries?limit=3&kind=directory-change&cursor={next}");
        }
        assert_eq!(seen.len(), MEMBERS.len(), "each agency was enrolled once");
        assert!(seen.is_sorted() && seen.windows(2).all(|pair| pair[0] != pair[1]));

        let later = look(&auditor, &format!("/v1/audit/entries?from={now}&kind=directory-change")).await;
        assert_eq!(later.json["entries"], json!([]));
        let earlier = look(&auditor, &format!("/v1/audit/entries?to={now}&kind=directory-change")).await;
        assert_eq!(earlier.json["entries"].as_array().unwrap().len(), MEMBERS.len());
        for wrong in ["limit=0", "limit=201", "kind=dance", "colour=red", "from=yesterday"] {
            assert_eq!(look(&auditor, &format!("/v1/audit/entries?{wrong}")).await.status, 400, "{wrong}");
        }
    }
}

struct OnDisk<'a>(&'a Path);

impl LogDirectory for OnDisk<'_> {
    type Error = std::io::Error;

    fn read(&self, path: &str) -> std::io::Result<Option<Vec<u8>>> {
        match std::fs::read(self.0.join(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let (mut found, mut folders) = (BTreeMap::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(root).unwrap().to_owned(), std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

async fn summaries(world: &World, count: usize) {
    for _ in 0..count {
        let call = Call::system("write_summary", world.journal.directory().epoch());
        assert!(world.journal.record(call, WriteSummary).await.is_ok());
    }
}

on_both_stores! {
    async fn the_static_directory_follows_verifies_and_is_the_same_when_built_anew(world: World) {
        let mut world = world;
        let log = world.dir().join("log");
        let (keys, store) = (keys(&world), world.store());
        let mut grown = Follow::new(world.dir().join("grown"));
        for count in [16, 240, 32] {
            summaries(&world, count).await;
            grown.follow(&store, &world.journal.checkpoint().unwrap()).unwrap();
        }
        let size = world.journal.counts().log_size;
        assert!(size > 256);
        world.stop().await;
        let note = world.journal.checkpoint().unwrap();

        let report = verify(&OnDisk(&log), &keys).unwrap();
        assert_eq!((report.verdict(), report.entries), (None, size), "{:?}", report.findings);
        let expected = files(&log);
        assert_eq!(files(&world.dir().join("grown")), expected, "grown in steps");

        // Built anew, and taken up again after every kind of damage that a crash or a hand can leave.
        let rebuilt = world.dir().join("rebuilt");
        let follow = || Follow::new(rebuilt.clone()).follow(&store, &note).unwrap();
        follow();
        assert_eq!(files(&rebuilt), expected, "built anew");
        std::fs::write(rebuilt.join("tile/0/000.unfinished"), b"half").unwrap();
        std::fs::create_dir_all(rebuilt.join("tile/entries/000.p")).unwrap();
        std::fs::write(rebuilt.join("tile/entries/000.p/7"), b"of a size that was never signed").unwrap();
        follow();
        assert_eq!(files(&rebuilt), expected, "what a crash left is removed");
        std::fs::remove_file(rebuilt.join("tile/0/000")).unwrap();
        follow();
        assert_eq!(files(&rebuilt), expected, "a missing tile is written again");
        std::fs::write(rebuilt.join("checkpoint"), note.replace(&format!("\n{size}\n"), &format!("\n{}\n", size - 1))).unwrap();
        follow();
        assert_eq!(files(&rebuilt), expected, "a checkpoint of another log does not count");
        std::fs::write(rebuilt.join("checkpoint"), b"\xff").unwrap();
        follow();
        assert_eq!(files(&rebuilt), expected, "nor one that is none");
    }
}
