//! The auditor's commands on logs on disk: what each exit code means, and what evidence they leave.

use clap::Parser;

use super::*;
use crate::ledger::entry::{Commitments, Field, Fields, Leaf, Opening, Seeds};
use crate::ledger::fixture::{Files, START_MS, export, key, leaf, leaves};
use crate::ledger::proof::inclusion;
use crate::ledger::verify::DirectoryNodes;

mod witnesses;

#[derive(Parser)]
struct Line {
    #[command(subcommand)]
    command: AuditCommand,
}

/// A folder with logs, keys, receipts.
struct Scene(tempfile::TempDir);

impl Scene {
    /// With a log of these leaves, the key beside it.
    fn new(leaves: &[Vec<u8>]) -> Self {
        let scene = Self(tempfile::tempdir().unwrap());
        scene.write("log.vkey", key().verifier().to_string());
        scene.write_log("log", leaves);
        scene
    }

    fn write_log(&self, folder: &str, leaves: &[Vec<u8>]) -> Files {
        let files = export(leaves, &[u64::try_from(leaves.len()).unwrap()]);
        for (path, bytes) in &files {
            self.write(&format!("{folder}/{path}"), bytes);
        }
        files
    }

    fn path(&self, path: &str) -> String {
        self.0.path().join(path).display().to_string()
    }

    fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Runs a command line in which `@` stands for the scene's folder; the log's key is given.
    fn run(&self, line: &str) -> ExitCode {
        let line = line.replace('@', &self.path(""));
        exit(&format!("{line} --log-key {}", self.path("log.vkey")))
    }
}

fn exit(line: &str) -> ExitCode {
    let words = ["audit"].into_iter().chain(line.split_whitespace());
    run(&Line::try_parse_from(words).unwrap_or_else(|error| panic!("{error}")).command)
}

fn code(code: u8) -> ExitCode {
    ExitCode::from(code)
}

fn note(leaves: &[Vec<u8>]) -> String {
    let files = export(leaves, &[u64::try_from(leaves.len()).unwrap()]);
    String::from_utf8(files["checkpoint"].clone()).unwrap()
}

fn receipt(leaves: &[Vec<u8>], index: usize) -> Receipt {
    let size = u64::try_from(leaves.len()).unwrap();
    let files = export(leaves, &[size]);
    let at = u64::try_from(index).unwrap();
    let proof = inclusion(at, size, &DirectoryNodes::new(&files, size)).unwrap();
    Receipt { leaf: leaves[index].clone(), index: at, proof, checkpoint: note(leaves) }
}

/// Another history from the entry of this index on.
fn other_history(mut leaves: Vec<Vec<u8>>, from: usize) -> Vec<Vec<u8>> {
    let ts = jiff::Timestamp::from_millisecond(START_MS + i64::try_from(from).unwrap()).unwrap();
    leaves[from] = leaf(99_999, ts).to_bytes();
    leaves
}

#[test]
fn a_whole_log_is_zero_with_the_key_beside_it_or_named() {
    let scene = Scene::new(&leaves(300));
    assert_eq!(exit(&format!("verify {}", scene.path("log"))), ExitCode::SUCCESS);
    assert_eq!(scene.run("verify @log --json"), ExitCode::SUCCESS);
}

#[test]
fn a_changed_log_is_10_an_incomplete_one_40_and_wrong_use_2() {
    let scene = Scene::new(&leaves(3));
    fs::remove_file(scene.path("log/tile/0/000.p/3")).unwrap();
    assert_eq!(scene.run("verify @log"), code(40));
    scene.write("log/tile/0/000.p/3", [0; 96]);
    assert_eq!(scene.run("verify @log"), code(10));
    assert_eq!(scene.run("verify @nowhere"), code(2));
    assert_eq!(scene.run("verify https://localhost:1/v1/audit"), code(2), "whose server would that be?");
    assert_eq!(scene.run("verify http://localhost:1/v1/audit"), code(2));
    fs::remove_file(scene.path("log.vkey")).unwrap();
    assert_eq!(exit(&format!("verify {}", scene.path("log"))), code(2));
}

#[test]
fn a_file_too_many_and_a_time_out_of_order_have_their_codes() {
    let mut late = leaves(5);
    late[3] = leaf(3, jiff::Timestamp::from_millisecond(START_MS - 30_000).unwrap()).to_bytes();
    let scene = Scene::new(&late);
    assert_eq!(scene.run("verify @log"), code(50));
    assert_eq!(scene.run("verify @log --max-skew 60"), ExitCode::SUCCESS);
    scene.write("log/tile/entries/000.p/4", b"");
    assert_eq!(scene.run("verify @log --max-skew 60"), code(10));
}

#[test]
fn kept_checkpoints_of_another_history_are_30() {
    let scene = Scene::new(&leaves(300));
    scene.write("kept", note(&leaves(200)));
    scene.write("forked", note(&other_history(leaves(200), 7)));
    assert_eq!(scene.run("verify @log --checkpoint @kept"), ExitCode::SUCCESS);
    assert_eq!(scene.run("verify @log --checkpoint @kept --checkpoint @forked"), code(30));
    // The same, where the directory itself keeps them.
    scene.write("log/checkpoints/200", note(&leaves(200)));
    assert_eq!(scene.run("verify @log"), ExitCode::SUCCESS);
    scene.write("log/checkpoints/200", note(&other_history(leaves(200), 7)));
    assert_eq!(scene.run("verify @log"), code(30));
}

#[test]
fn a_receipt_verifies_in_both_forms_and_against_its_log() {
    let scene = Scene::new(&leaves(300));
    scene.write("receipt", receipt(&leaves(200), 100).print());
    scene.write("header", receipt(&leaves(200), 100).print_header());
    for file in ["receipt", "header"] {
        assert_eq!(scene.run(&format!("verify-receipt @{file}")), ExitCode::SUCCESS);
        assert_eq!(scene.run(&format!("verify-receipt @{file} --log @log --json")), ExitCode::SUCCESS);
    }
    assert_eq!(scene.run("verify-receipt @log.vkey"), code(10));
    assert_eq!(scene.run("verify-receipt @nowhere"), code(2));
    scene.write_log("short", &leaves(150));
    assert_eq!(scene.run("verify-receipt @receipt --log @short"), code(40));
}

#[test]
fn a_receipt_and_a_log_of_two_histories_are_a_fork() {
    let scene = Scene::new(&other_history(leaves(300), 100));
    for (size, index) in [(300, 5), (200, 100), (101, 100)] {
        scene.write("receipt", receipt(&leaves(size), index).print());
        assert_eq!(scene.run("verify-receipt @receipt --log @log"), code(30), "{size}");
    }
    // The signed root and the tiles prove it, though the entries are gone.
    fs::remove_dir_all(scene.path("log/tile/entries")).unwrap();
    assert_eq!(scene.run("verify-receipt @receipt --log @log"), code(30));
    scene.write("receipt", receipt(&leaves(100), 99).print());
    assert_eq!(scene.run("verify-receipt @receipt --log @log"), code(40));
}

#[test]
fn a_range_is_proved_alone() {
    let scene = Scene::new(&leaves(700));
    assert_eq!(scene.run("range @log 0 699"), ExitCode::SUCCESS);
    assert_eq!(scene.run("range @log 255 256 --json"), ExitCode::SUCCESS);
    assert_eq!(scene.run("range @log 5 4"), code(2));
    assert_eq!(scene.run("range @log 699 700"), code(40));
    let mut bytes = fs::read(scene.path("log/tile/entries/001")).unwrap();
    bytes[60] ^= 1;
    scene.write("log/tile/entries/001", bytes);
    assert_eq!(scene.run("range @log 256 256"), code(10));
    assert_eq!(scene.run("range @log 257 300"), ExitCode::SUCCESS, "its neighbours still hold");
    fs::remove_file(scene.path("log/tile/entries/002.p/188")).unwrap();
    assert_eq!(scene.run("range @log 600 600"), code(40));
    scene.write("log/tile/0/000", [7; 8192]);
    assert_eq!(scene.run("range @log 0 0"), code(10));
}

#[test]
fn consistency_is_proved_from_the_tiles() {
    let scene = Scene::new(&leaves(700));
    for size in [0, 1, 256, 300, 700] {
        scene.write("old", note(&leaves(size)));
        scene.write("new", note(&leaves(650.max(size))));
        assert_eq!(scene.run("consistency @old @new --log @log --json"), ExitCode::SUCCESS, "{size}");
    }
    assert_eq!(scene.run("consistency @log/checkpoint @nowhere --log @log"), code(2));
    scene.write("old", note(&leaves(10)));
    assert_eq!(scene.run("consistency @log/checkpoint @old --log @log"), code(2));
    scene.write("forked", note(&other_history(leaves(10), 3)));
    assert_eq!(scene.run("consistency @forked @log/checkpoint --log @log"), code(30));
    scene.write("forked", note(&other_history(leaves(690), 3)));
    assert_eq!(scene.run("consistency @old @forked --log @log"), code(30));
    scene.write("longer", note(&leaves(701)));
    assert_eq!(scene.run("consistency @old @longer --log @log"), code(40));
    scene.write("false", note(&leaves(10)).replacen("\n10\n", "\n11\n", 1));
    assert_eq!(scene.run("consistency @false @log/checkpoint --log @log"), code(10));
    scene.write("log/tile/0/000", [7; 8192]);
    assert_eq!(scene.run("consistency @old @log/checkpoint --log @log"), code(10));
}

#[test]
fn a_fork_leaves_evidence_that_anybody_can_check() {
    let scene = Scene::new(&leaves(700));
    let other = other_history(leaves(600), 321);
    scene.write_log("other", &other);
    scene.write("b", note(&other));
    let line = "diff @log/checkpoint @b --log @log --log @other --out @fork.json";
    assert_eq!(scene.run(line), code(30));
    let evidence: serde_json::Value = serde_json::from_str(&scene.read("fork.json")).unwrap();
    let first = &evidence["first_difference"];
    assert_eq!(first["index"], 321);
    let read = |name: &str| Receipt::parse(first[name].as_str().unwrap()).unwrap();
    let (a, b) = (read("receipt_a"), read("receipt_b"));
    let keys = [key().verifier()];
    let (held_a, held_b) = (a.verify(&keys).unwrap(), b.verify(&keys).unwrap());
    assert_eq!((held_a.index, held_b.index), (321, 321));
    assert_eq!((a.leaf, b.leaf), (leaves(700)[321].clone(), other[321].clone()));
    assert_eq!(scene.run(line), code(2), "evidence is not written over");
    assert_eq!(scene.run("diff @b @log/checkpoint --log @other --log @log"), code(30));
}

#[test]
fn checkpoints_that_do_not_contradict_are_no_fork() {
    let scene = Scene::new(&leaves(700));
    scene.write("a", note(&leaves(300)));
    assert_eq!(scene.run("diff @a @a"), ExitCode::SUCCESS);
    assert_eq!(scene.run("diff @a @log/checkpoint"), code(40), "it takes the log");
    assert_eq!(scene.run("diff @a @log/checkpoint --log @log --json"), ExitCode::SUCCESS);
    scene.write("b", note(&other_history(leaves(300), 3)));
    assert_eq!(scene.run("diff @a @b"), code(30), "one size needs no log");
    scene.write("false", note(&leaves(300)).replacen("\n300\n", "\n301\n", 1));
    assert_eq!(scene.run("diff @a @false"), code(10));
    scene.write_log("other", &other_history(leaves(700), 3));
    assert_eq!(scene.run("diff @a @log/checkpoint --log @other"), code(10), "not the log of either");
}

#[test]
fn receipts_are_held_against_the_log() {
    let scene = Scene::new(&leaves(700));
    for index in [0, 100, 255, 256, 299] {
        scene.write(&format!("kept/{index}.tlog-proof"), receipt(&leaves(300), index).print());
    }
    assert_eq!(scene.run("reconcile --receipts @kept --log @log --json"), ExitCode::SUCCESS);
    scene.write_log("short", &leaves(280));
    assert_eq!(scene.run("reconcile --receipts @kept --log @short"), code(40));
    scene.write_log("other", &other_history(leaves(700), 298));
    assert_eq!(scene.run("reconcile --receipts @kept --log @other"), code(30));
    scene.write("kept/x.tlog-proof", receipt(&leaves(300), 5).print().replacen("index 5", "index 6", 1));
    assert_eq!(scene.run("reconcile --receipts @kept --log @log"), code(10));
    fs::create_dir(scene.path("none")).unwrap();
    assert_eq!(scene.run("reconcile --receipts @none --log @log"), code(2));
}

/// A log whose third entry discloses to an agency, and that entry as the gateway opens it to auditors.
fn disclosed() -> (Vec<Vec<u8>>, Commitments) {
    let mut fields = Fields::new();
    fields.set(Field::Agency, "northmoor-cjit").set(Field::Purpose, "continuity-of-care");
    fields.set(Field::ResponseSha256, crate::ledger::Hash::sha256(b"body"));
    let commitments = Commitments::new(fields, &Seeds::from_bytes([3; 32], [4; 32]));
    let mut leaves = leaves(10);
    let leaf = Leaf { details: commitments.root(), ..Leaf::parse(&leaves[2]).unwrap() };
    leaves[2] = leaf.to_bytes();
    (leaves, commitments)
}

fn opened(commitments: &Commitments, fields: &[Field]) -> String {
    let openings: Vec<_> = fields.iter().filter_map(|field| commitments.open(*field)).collect();
    Opening::print_header(&openings)
}

#[test]
fn a_disclosure_without_a_receipt_is_found_where_the_entry_is_opened() {
    use base64::Engine as _;
    let (leaves, commitments) = disclosed();
    let scene = Scene::new(&leaves);
    let entry = |leaf: &[u8]| {
        let leaf = base64::engine::general_purpose::STANDARD.encode(leaf);
        serde_json::json!({"index": 2, "leaf": leaf, "openings": opened(&commitments, &[Field::Agency])})
            .to_string()
    };
    scene.write("entries/2.json", entry(&leaves[2]));
    scene.write("kept/0.tlog-proof", receipt(&leaves, 0).print());
    let line = "reconcile --receipts @kept --log @log --openings @entries --agency northmoor-cjit";
    assert_eq!(scene.run(line), code(40));
    assert_eq!(scene.run(&line.replace("northmoor", "eastvale")), ExitCode::SUCCESS, "it was not theirs");
    scene.write("kept/2.tlog-proof", receipt(&leaves, 2).print());
    assert_eq!(scene.run(line), ExitCode::SUCCESS);
    scene.write("entries/2.json", entry(&leaves[3]));
    assert_eq!(scene.run(line), code(10), "that is not what the log has there");
}

#[test]
fn openings_are_printed_only_where_they_hold() {
    let (leaves, commitments) = disclosed();
    let scene = Scene::new(&leaves);
    scene.write("leaf", &leaves[2]);
    scene.write("receipt", receipt(&leaves, 2).print());
    scene.write("openings", opened(&commitments, &[Field::Agency, Field::ResponseSha256, Field::Worker]));
    scene.write("body", b"body");
    scene.write("other", b"another body");
    assert_eq!(scene.run("opening @leaf --openings @openings"), ExitCode::SUCCESS);
    assert_eq!(
        scene.run("opening --receipt @receipt --openings @openings --body @body --json"),
        ExitCode::SUCCESS
    );
    assert_eq!(scene.run("opening --receipt @receipt --openings @openings --body @other"), code(10));
    scene.write("leaf", &leaves[3]);
    assert_eq!(scene.run("opening @leaf --openings @openings"), code(10));
    assert_eq!(scene.run("opening @leaf --openings nonsense"), code(2));
    assert_eq!(scene.run("opening --openings @openings"), code(2), "no leaf");
}

#[test]
fn every_command_shows_an_example() {
    use clap::CommandFactory as _;
    let audit = Line::command();
    for command in audit.get_subcommands() {
        let help = command.get_after_help().unwrap_or_default().to_string();
        assert!(help.contains("throughgate audit") && help.contains("Exit:"), "{}", command.get_name());
    }
}
