//! What a gateway refuses to start with: witnesses that it cannot reach, or that would prove nothing.

use std::collections::BTreeMap;
use std::path::Path;

use super::*;
use crate::clock::SystemClock;
use crate::config::WitnessTls;
use crate::ledger::note::{CosigningKey, SigningKey, WitnessKey};
use crate::witness::init::{HAND_OVER, Plan};

fn log_key() -> VerifierKey {
    SigningKey::from_seed("northmoor.example/log", &[7; 32]).unwrap().verifier()
}

fn clock() -> SharedClock {
    Arc::new(SystemClock)
}

/// A witness on disk, for its files of TLS.
fn witness(home: &Path) -> WitnessTls {
    let plan = Plan {
        dir: home.join("witness"),
        name: "witness.example".to_owned(),
        log_keys: vec![log_key()],
        address: "127.0.0.1:1".parse().unwrap(),
        hosts: vec!["localhost".to_owned()],
        gateway: "log-gateway".parse().unwrap(),
    };
    plan.carry_out(&SystemClock).unwrap();
    let file = |name: &str| home.join("witness").join(HAND_OVER).join(name);
    WitnessTls { certificate: file("client.pem"), key: file("client.key"), ca: file("ca.pem") }
}

fn key(seed: u8) -> WitnessKey {
    CosigningKey::from_seed("witness.example", &[seed; 32]).unwrap().verifier()
}

#[test]
fn only_witnesses_of_this_log_that_can_be_reached_are_taken() {
    let home = tempfile::tempdir().unwrap();
    let tls = witness(home.path());
    let open = |policy: &str, sections: &[&str]| {
        let path = home.path().join("witness.policy");
        fs::write(&path, policy).unwrap();
        let config = WitnessingConfig {
            policy: path,
            interval_seconds: 5,
            max_unwitnessed_age_seconds: None,
            tls: sections.iter().map(|name| ((*name).to_owned(), tls.clone())).collect::<BTreeMap<_, _>>(),
        };
        Witnesses::open(&config, &log_key(), &clock()).map(|witnesses| witnesses.reaches.len())
    };
    let line = |seed: u8, url: &str| format!("witness w {} {url}\nquorum w\n", key(seed));
    let good = line(1, "https://localhost:1/");
    let other_log = SigningKey::from_seed("eastvale.example/log", &[8; 32]).unwrap().verifier();
    assert_eq!(open(&good, &["w"]).unwrap(), 1);
    assert_eq!(open(&format!("log {}\nlog {other_log}\n{good}", log_key()), &["w"]).unwrap(), 1);
    for (policy, sections, expected) in [
        (good.clone(), &[][..], "[witnessing.tls.w]"),
        (good.clone(), &["w", "x"], "no witness of the policy"),
        (line(1, ""), &["w"], "address"),
        (line(1, "http://localhost:1/"), &["w"], "address"),
        (line(7, "https://localhost:1/"), &["w"], "the key of the log itself"),
        (format!("log {other_log}\n{good}"), &["w"], "names logs"),
        (good.replace("quorum w", ""), &["w"], "quorum"),
    ] {
        let message = open(&policy, sections).unwrap_err().to_string();
        assert!(message.contains(expected), "{policy} gave {message}");
    }
    // A key of the gateway that others can read is refused like all others.
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(&tls.key, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(open(&good, &["w"]).unwrap_err().to_string().contains("0600"));
}
