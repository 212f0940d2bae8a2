//! The auditor's commands on a small log on disk: what each exit code means.

use clap::Parser;

use super::*;
use crate::id::EntryId;
use crate::ledger::Hash;
use crate::ledger::entry::Leaf;
use crate::ledger::note::SigningKey;
use crate::ledger::tiles;
use crate::ledger::tree::{Tree, leaf_hash};
use crate::vocabulary::{EntryKind, Outcome};

#[derive(Parser)]
struct Line {
    #[command(subcommand)]
    command: AuditCommand,
}

/// A log of three entries with its key beside it, and the receipt of the second.
struct Scene(tempfile::TempDir);

impl Scene {
    fn new(details: &[u8]) -> Self {
        let scene = Self(tempfile::tempdir().unwrap());
        let key = SigningKey::from_seed("northmoor.example/log", &[7; 32]).unwrap();
        let leaves: Vec<_> = (1..=3_u8).map(|n| leaf(n, details).to_bytes()).collect();
        let mut tree = Tree::new();
        let hashes: Vec<_> = leaves.iter().map(|leaf| leaf_hash(leaf)).collect();
        let appended = tree.append(&hashes);
        let checkpoint = key.sign(&key.checkpoint(3, appended.root));
        scene.write("log/checkpoint", checkpoint.as_bytes());
        scene.write(
            "log/tile/entries/000.p/3",
            &tiles::encode_bundle(leaves.iter().map(Vec::as_slice)).unwrap(),
        );
        scene.write("log/tile/0/000.p/3", &hashes.iter().flat_map(|h| *h.as_bytes()).collect::<Vec<_>>());
        scene.write("log.vkey", key.verifier().to_string().as_bytes());
        let receipt =
            Receipt { leaf: leaves[1].clone(), index: 1, proof: appended.proof(1).unwrap(), checkpoint };
        scene.write("receipt", receipt.print().as_bytes());
        scene.write("header", receipt.print_header().as_bytes());
        scene
    }

    fn path(&self, path: &str) -> String {
        self.0.path().join(path).display().to_string()
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn receipt(&self, file: &str, more: &[&str]) -> ExitCode {
        let (file, key) = (self.path(file), self.path("log.vkey"));
        exit(&[&["verify-receipt", &file, "--log-key", &key], more].concat())
    }
}

fn leaf(n: u8, details: &[u8]) -> Leaf {
    Leaf {
        id: EntryId::from_bytes([n; 16]),
        ts: "2026-11-22T06:30:00Z".parse().unwrap(),
        kind: EntryKind::CaseloadCheck,
        outcome: Outcome::Refused,
        origin: "northmoor.example/log".to_owned(),
        replica: "a".to_owned(),
        policy_sha256: Hash::sha256(b"policies"),
        details: Hash::sha256(details),
    }
}

fn exit(line: &[&str]) -> ExitCode {
    run(&Line::try_parse_from([&["audit"], line].concat()).unwrap_or_else(|e| panic!("{e}")).command)
}

#[test]
fn a_whole_log_is_zero_with_the_key_beside_it_or_named() {
    let scene = Scene::new(b"one");
    assert_eq!(exit(&["verify", &scene.path("log")]), ExitCode::SUCCESS);
    assert_eq!(
        exit(&["verify", &scene.path("log"), "--log-key", &scene.path("log.vkey"), "--json"]),
        ExitCode::SUCCESS
    );
}

#[test]
fn a_changed_log_is_10_an_incomplete_one_40_and_wrong_use_2() {
    let scene = Scene::new(b"one");
    fs::remove_file(scene.path("log/tile/0/000.p/3")).unwrap();
    assert_eq!(exit(&["verify", &scene.path("log")]), ExitCode::from(40));
    scene.write("log/tile/0/000.p/3", &[0; 96]);
    assert_eq!(exit(&["verify", &scene.path("log")]), ExitCode::from(10));
    assert_eq!(exit(&["verify", &scene.path("nowhere")]), ExitCode::from(2));
    fs::remove_file(scene.path("log.vkey")).unwrap();
    assert_eq!(exit(&["verify", &scene.path("log")]), ExitCode::from(2));
}

#[test]
fn a_receipt_verifies_in_both_forms_and_against_its_log() {
    let scene = Scene::new(b"one");
    let log = scene.path("log");
    for file in ["receipt", "header"] {
        assert_eq!(scene.receipt(file, &[]), ExitCode::SUCCESS);
        assert_eq!(scene.receipt(file, &["--log", &log, "--json"]), ExitCode::SUCCESS);
    }
    assert_eq!(scene.receipt("log.vkey", &[]), ExitCode::from(10));
    assert_eq!(scene.receipt("nowhere", &[]), ExitCode::from(2));
}

#[test]
fn a_receipt_and_a_log_of_two_histories_are_a_fork() {
    let (scene, rewritten) = (Scene::new(b"one"), Scene::new(b"two"));
    assert_eq!(scene.receipt("receipt", &["--log", &rewritten.path("log")]), ExitCode::from(30));
    fs::remove_file(rewritten.path("log/tile/entries/000.p/3")).unwrap();
    assert_eq!(scene.receipt("receipt", &["--log", &rewritten.path("log")]), ExitCode::from(40));
}
