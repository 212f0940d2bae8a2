//! What witnesses say, as the auditor's commands judge it.

use super::*;
use crate::ledger::note::CosigningKey;

/// A policy of two witnesses, both needed, and what they say of a checkpoint.
struct Witnesses([CosigningKey; 2]);

impl Witnesses {
    fn new() -> Self {
        Self([1, 2].map(|seed| CosigningKey::from_seed(&format!("w{seed}.example"), &[seed; 32]).unwrap()))
    }

    fn policy(&self) -> String {
        let [one, two] = self.0.each_ref().map(CosigningKey::verifier);
        let log = key().verifier();
        format!("log {log}\nwitness one {one}\nwitness two {two}\ngroup both 2 one two\nquorum both\n")
    }

    fn cosign(&self, note: &str, count: usize, millisecond: i64) -> String {
        let at = jiff::Timestamp::from_millisecond(millisecond).unwrap();
        let lines = self.0.iter().take(count).map(|key| key.cosign(note, at).unwrap());
        lines.fold(note.to_owned(), |note, line| note + &line)
    }
}

#[test]
fn too_few_cosignatures_are_20() {
    let (scene, witnesses) = (Scene::new(&leaves(300)), Witnesses::new());
    scene.write("policy", witnesses.policy());
    let plain = note(&leaves(300));
    for (count, expected) in [(0, 20), (1, 20), (2, 0)] {
        let cosigned = witnesses.cosign(&plain, count, START_MS + 5_000);
        scene.write("log/checkpoint", &cosigned);
        scene.write("receipt", Receipt { checkpoint: cosigned, ..receipt(&leaves(300), 7) }.print());
        assert_eq!(scene.run("verify @log --witness-policy @policy"), code(expected), "{count}");
        assert_eq!(scene.run("verify-receipt @receipt --witness-policy @policy"), code(expected), "{count}");
        assert_eq!(scene.run("range @log 3 4 --witness-policy @policy"), code(expected), "{count}");
    }
    // The policy names the log's key, so no other is needed.
    let line = format!("verify {} --witness-policy {}", scene.path("log"), scene.path("policy"));
    fs::remove_file(scene.path("log.vkey")).unwrap();
    assert_eq!(exit(&line), ExitCode::SUCCESS);
}

#[test]
fn entries_outside_what_witnesses_saw_are_50() {
    let mut entries = leaves(300);
    // The last entry came in after the witnesses' look at 299, and states a time an hour before it.
    let back = START_MS - 3_600_000;
    entries[299] = leaf(299, jiff::Timestamp::from_millisecond(back).unwrap()).to_bytes();
    let (scene, witnesses) = (Scene::new(&entries), Witnesses::new());
    scene.write("policy", witnesses.policy());
    scene.write("log/checkpoint", witnesses.cosign(&note(&entries), 2, START_MS + 9_000));
    scene.write("log/checkpoints/299", witnesses.cosign(&note(&entries[..299]), 2, START_MS + 5_000));
    let line = "verify @log --max-skew 86400 --witness-policy @policy";
    assert_eq!(scene.run(line), code(50));
    assert_eq!(scene.run(&format!("{line} --max-lag 7200")), ExitCode::SUCCESS);
    // Seen before the time that they state.
    scene.write("log/checkpoint", witnesses.cosign(&note(&entries), 2, START_MS - 20_000));
    scene.write("log/checkpoints/299", witnesses.cosign(&note(&entries[..299]), 2, START_MS - 20_000));
    let line = "verify @log --max-lag 86400 --witness-policy @policy --max-skew";
    assert_eq!(scene.run(&format!("{line} 10")), code(50));
    assert_eq!(scene.run(&format!("{line} 4000")), ExitCode::SUCCESS);
}

#[test]
fn a_false_cosignature_is_tampering() {
    let (scene, witnesses) = (Scene::new(&leaves(30)), Witnesses::new());
    scene.write("policy", witnesses.policy());
    let of_another = witnesses.cosign(&note(&leaves(29)), 2, START_MS);
    let lines: String =
        of_another.lines().skip_while(|line| !line.contains("w1")).map(|l| format!("{l}\n")).collect();
    scene.write("log/checkpoint", note(&leaves(30)) + &lines);
    assert_eq!(scene.run("verify @log --witness-policy @policy"), code(10));
    assert_eq!(
        scene.run("verify @log"),
        ExitCode::SUCCESS,
        "without a policy they are lines of nobody known"
    );
}
