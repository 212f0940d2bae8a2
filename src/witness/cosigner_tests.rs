//! The witness's promise under races and failures: no smaller size after a larger, no two roots for one size.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::*;
use crate::clock::ManualClock;
use crate::ledger::Hash;
use crate::ledger::note::{SigningKey, claimed_head, cosigned_by};
use crate::ledger::proof;
use crate::ledger::tree::{Nodes, Tree, leaf_hash};

const ORIGIN: &str = "northmoor.example/log";

fn log_key() -> SigningKey {
    SigningKey::from_seed(ORIGIN, &[7; 32]).unwrap()
}

/// A log in memory of less than a tile.
struct Short(Vec<Hash>);

impl Nodes for Short {
    type Error = ();
    fn full_tile(&self, _: u8, _: u64) -> Result<Vec<u8>, ()> {
        Err(())
    }
    fn leaf_hashes(&self, range: std::ops::Range<u64>) -> Result<Vec<Hash>, ()> {
        let at = |index: u64| usize::try_from(index).unwrap();
        Ok(self.0[at(range.start)..at(range.end)].to_vec())
    }
}

impl Short {
    fn new(salt: &str) -> Self {
        Self((0..200_u8).map(|n| leaf_hash(format!("{salt}{n}").as_bytes())).collect())
    }

    fn body(&self, old: u64, size: u64) -> String {
        let mut tree = Tree::new();
        tree.append(&self.0[..usize::try_from(size).unwrap()]);
        let root = tree.root();
        let proof = proof::consistency(old, size, self).unwrap();
        let checkpoint = log_key().sign(&log_key().checkpoint(size, root));
        AddCheckpoint { old, proof, checkpoint }.print()
    }
}

fn cosigner(folder: &std::path::Path) -> Cosigner {
    let key = CosigningKey::from_seed("witness.example", &[1; 32]).unwrap();
    let clock = Arc::new(ManualClock::at(Timestamp::from_second(1_700_000_000).unwrap()));
    let logs = vec![EnrolledLog { origin: ORIGIN.to_owned(), keys: vec![log_key().verifier()] }];
    Cosigner::new(key, logs, Memory::open(folder).unwrap(), clock).unwrap()
}

#[test]
fn a_cosignature_is_over_the_checkpoint_that_was_sent_at_the_clocks_time() {
    let dir = tempfile::tempdir().unwrap();
    let witness = cosigner(dir.path());
    let body = Short::new("").body(0, 5);
    let line = witness.add_checkpoint(&body).unwrap();
    let note = AddCheckpoint::parse(&body).unwrap().checkpoint;
    let found = cosigned_by(&format!("{note}{line}"), &[witness.key().verifier()]).unwrap();
    assert_eq!(found[0].at.as_second(), 1_700_000_000);
    assert_eq!(found[0].line, line);
}

#[test]
fn each_wrong_request_has_its_own_refusal_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let witness = cosigner(dir.path());
    let (log, other) = (Short::new(""), Short::new("other"));
    witness.add_checkpoint(&log.body(0, 5)).unwrap();
    let elsewhere = SigningKey::from_seed("eastvale.example/log", &[7; 32]).unwrap();
    let unknown = elsewhere.sign(&elsewhere.checkpoint(5, Hash::sha256(b"")));
    for (body, expected) in [
        ("nonsense".to_owned(), "well-formed"),
        ("old 5\n\nno note\n".to_owned(), "well-formed"),
        (format!("old 0\n\n{unknown}"), "not enrolled"),
        (log.body(5, 9).replace("— northmoor", "— eastmoor"), "not signed"),
        (log.body(4, 9), "old size"),
        (other.body(4, 5), "two histories"),
        (other.body(5, 9), "proof"),
    ] {
        let error = witness.add_checkpoint(&body).unwrap_err().to_string();
        assert!(error.contains(expected), "{body} gave {error}");
        assert_eq!(witness.memory.seen(ORIGIN).unwrap().size, 5);
    }
    assert_eq!(std::fs::read_dir(dir.path().join("forks")).unwrap().count(), 1);
    witness.add_checkpoint(&log.body(5, 9)).unwrap();
}

#[test]
fn many_requests_at_once_never_roll_the_witness_back() {
    let dir = tempfile::tempdir().unwrap();
    let witness = Arc::new(cosigner(dir.path()));
    let threads: Vec<_> = (0..32_u64)
        .map(|nth| {
            let witness = witness.clone();
            std::thread::spawn(move || {
                let (log, other) = (Short::new(""), Short::new("other"));
                let mut cosigned = Vec::new();
                for step in 0..20 {
                    let old = witness.memory.seen(ORIGIN).unwrap().size;
                    let of = if (nth + step) % 5 == 0 { &other } else { &log };
                    let body = of.body(old, (old + nth % 4).min(200));
                    let kept_before = witness.memory.seen(ORIGIN).unwrap().size;
                    if witness.add_checkpoint(&body).is_ok() {
                        let kept_after = witness.memory.seen(ORIGIN).unwrap().size;
                        let head = claimed_head(&AddCheckpoint::parse(&body).unwrap().checkpoint).unwrap();
                        assert!(kept_before <= head.size && head.size <= kept_after);
                        cosigned.push(head);
                    }
                }
                cosigned
            })
        })
        .collect();
    let mut roots = BTreeMap::new();
    for thread in threads {
        let cosigned = thread.join().unwrap();
        assert!(cosigned.is_sorted_by_key(|head| head.size), "one after the other, sizes only grow");
        for head in cosigned {
            assert_eq!(*roots.entry(head.size).or_insert(head.root), head.root, "two roots for one size");
        }
    }
    assert!(roots.len() > 5, "{} sizes", roots.len());
}

#[test]
fn a_disk_that_refuses_gives_no_cosignature_and_the_witness_recovers() {
    let dir = tempfile::tempdir().unwrap();
    let witness = cosigner(dir.path());
    let log = Short::new("");
    witness.add_checkpoint(&log.body(0, 5)).unwrap();
    // A folder in the place of the unfinished file cannot be written to, whoever runs the test.
    let kept = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().path());
    let unfinished =
        kept.filter(|path| path.extension().is_some_and(|end| end == "checkpoint")).last().unwrap();
    let unfinished = unfinished.with_extension("unfinished");
    std::fs::create_dir(&unfinished).unwrap();
    assert!(matches!(witness.add_checkpoint(&log.body(5, 9)), Err(Refused::Memory(_))));
    std::fs::remove_dir(&unfinished).unwrap();
    assert!(matches!(
        witness.add_checkpoint(&log.body(9, 12)),
        Err(Refused::Refusal(Refusal::OldSize { seen: 5 }))
    ));
    witness.add_checkpoint(&log.body(5, 9)).unwrap();
}
