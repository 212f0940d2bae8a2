//! Policies: what is sound, what is refused and why, and what counts towards a quorum.

use proptest::prelude::*;

use super::*;
use crate::ledger::Hash;
use crate::ledger::note::{Checkpoint, CosigningKey, SigningKey};

const ORIGIN: &str = "northmoor.example/log";

fn log_key() -> SigningKey {
    SigningKey::from_seed(ORIGIN, &[200; 32]).unwrap()
}

fn cosigner(seed: u8) -> CosigningKey {
    CosigningKey::from_seed(&format!("witness-{seed}.example"), &[seed; 32]).unwrap()
}

fn witness(seed: u8) -> Witness {
    Witness { name: format!("w{seed}"), key: cosigner(seed).verifier(), url: None }
}

fn note() -> String {
    log_key().sign(&Checkpoint { origin: ORIGIN.to_owned(), size: 9, root: Hash::sha256(b"root") })
}

fn cosigned(by: &[(u8, i64)]) -> String {
    let mut whole = note();
    for (seed, seconds) in by {
        whole.push_str(&cosigner(*seed).cosign(&note(), at(*seconds)).unwrap());
    }
    whole
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

fn file(lines: &[&str]) -> String {
    let mut text = String::from("# who witnesses the log\n\n");
    for seed in 1..=3 {
        text.push_str(&format!("witness w{seed} {}\n", cosigner(seed).verifier()));
    }
    lines.iter().for_each(|line| text.push_str(&format!("{line}\n")));
    text
}

fn fault(text: &str) -> (Option<usize>, PolicyFault) {
    let error = text.parse::<WitnessPolicy>().unwrap_err();
    (error.line, error.fault)
}

#[test]
fn a_policy_is_read_with_comments_tabs_and_addresses() {
    let text = format!(
        "  # a comment\nlog\t{}  https://log.example/\nwitness one {}\nwitness two {} https://two.example/w\n\
         group both all one two\nquorum both\nfaults 1\n",
        log_key().verifier(),
        cosigner(1).verifier(),
        cosigner(2).verifier()
    );
    let policy: WitnessPolicy = text.parse().unwrap();
    assert_eq!((policy.quorum(), policy.faults(), policy.witnesses().len()), (2, 1, 2));
    assert_eq!(policy.witnesses()[1].url.as_deref(), Some("https://two.example/w"));
    assert_eq!(policy.logs(), [log_key().verifier()]);
}

#[test]
fn a_single_witness_may_be_the_quorum_and_others_then_do_not_count() {
    let policy: WitnessPolicy = file(&["quorum w2"]).parse().unwrap();
    assert_eq!(policy.witnesses(), [witness(2)]);
    assert!(!policy.witnessed(&cosigned(&[(1, 5), (3, 5)]), &[]).unwrap().is_quorum());
    assert!(policy.witnessed(&cosigned(&[(2, 5)]), &[]).unwrap().is_quorum());
}

#[test]
fn two_of_four_is_refused_with_the_reason() {
    let mut text = file(&[&format!("witness w4 {}", cosigner(4).verifier())]);
    text.push_str("group all-four 2 w1 w2 w3 w4\nquorum all-four\n");
    let message = text.parse::<WitnessPolicy>().unwrap_err().to_string();
    assert!(message.contains("2 of 4") && message.contains("2k > n + f"), "{message}");
    assert!(text.replace("all-four 2", "all-four 3").parse::<WitnessPolicy>().is_ok());
    let one_lies = format!("{}faults 2\n", text.replace("all-four 2", "all-four 3"));
    assert_eq!(fault(&one_lies), (None, PolicyFault::Unsound { quorum: 3, n: 4, faults: 2 }));
}

#[test]
fn what_is_no_policy_is_refused_at_its_line() {
    for (lines, expected) in [
        (&["group g 2 w1 w2 w3", "quorum g", "qourum g"][..], (Some(8), PolicyFault::Malformed)),
        (&["group g 2 w1 w2 w3"], (None, PolicyFault::NoQuorum)),
        (&["quorum none"], (Some(6), PolicyFault::NoQuorum)),
        (&["quorum g"], (Some(6), PolicyFault::Member)),
        (&["group g 2 w1 w2 w9", "quorum g"], (Some(6), PolicyFault::Member)),
        (&["group g 2 w1 w2 w2", "quorum g"], (Some(6), PolicyFault::Member)),
        (&["group g 2"], (Some(6), PolicyFault::Member)),
        (&["group g 02 w1 w2 w3"], (Some(6), PolicyFault::Malformed)),
        (&["group g 4 w1 w2 w3", "quorum g"], (None, PolicyFault::NeverMet { quorum: 4, n: 3 })),
        (&["group g any w1 w2 w3", "quorum g"], (None, PolicyFault::Unsound { quorum: 1, n: 3, faults: 0 })),
        (&["group g 2 w1 w2", "group h 2 g w3", "quorum h"], (Some(7), PolicyFault::Groups)),
        (&["quorum w1", "quorum w2"], (Some(7), PolicyFault::Repeated)),
        (&["quorum w1", "faults 0", "faults 0"], (Some(8), PolicyFault::Repeated)),
        (&["witness w1 x"], (Some(6), PolicyFault::Name)),
        (&["witness none x"], (Some(6), PolicyFault::Name)),
        (&["witness w4 x"], (Some(6), PolicyFault::Key)),
        (&["quorum w1\u{7}"], (Some(6), PolicyFault::Malformed)),
    ] {
        assert_eq!(fault(&file(lines)), expected, "{lines:?}");
    }
    // A log's key is not a witness's, nor the other way round.
    let swapped = format!("witness w {}\nquorum w\n", log_key().verifier());
    assert_eq!(fault(&swapped), (Some(1), PolicyFault::Key));
    assert_eq!(fault(&format!("log {}\n", cosigner(1).verifier())), (Some(1), PolicyFault::Key));
}

#[test]
fn one_key_under_two_names_is_one_witness_and_refused() {
    let again = CosigningKey::from_seed("another-name.example", &[1; 32]).unwrap().verifier();
    let text = file(&[&format!("witness w4 {again}"), "group g 3 w1 w2 w3 w4", "quorum g"]);
    assert_eq!(fault(&text), (Some(6), PolicyFault::TwiceTheSameKey));
    let renamed = Witness { name: "w4".to_owned(), key: again, url: None };
    let made = WitnessPolicy::new(Vec::new(), vec![witness(1), renamed], 2, 0);
    assert_eq!(made, Err(PolicyFault::TwiceTheSameKey));
}

#[test]
fn the_operators_own_key_does_not_count() {
    let own = CosigningKey::from_seed("operator.example/witness", &[200; 32]).unwrap();
    let member = Witness { name: "own".to_owned(), key: own.verifier(), url: None };
    let refused = WitnessPolicy::new(vec![log_key().verifier()], vec![witness(1), member.clone()], 2, 0);
    assert_eq!(refused, Err(PolicyFault::OwnWitness));
    // Where the policy does not name the log, the keys that the note is opened with tell.
    let policy = WitnessPolicy::new(Vec::new(), vec![witness(1), member], 2, 0).unwrap();
    let whole = format!("{}{}", cosigned(&[(1, 5)]), own.cosign(&note(), at(6)).unwrap());
    assert!(policy.witnessed(&whole, &[]).unwrap().is_quorum());
    let seen = policy.witnessed(&whole, &[log_key().verifier()]).unwrap();
    assert_eq!((seen.by.len(), seen.is_quorum()), (1, false));
}

#[test]
fn a_quorum_needs_different_witnesses_of_the_policy() {
    let policy = WitnessPolicy::new(Vec::new(), (1..=3).map(witness).collect(), 2, 0).unwrap();
    for (by, met) in [
        (&[][..], false),
        (&[(1, 5)], false),
        (&[(1, 5), (1, 6), (1, 7)], false),
        (&[(1, 5), (9, 5)], false),
        (&[(1, 5), (2, 5)], true),
        (&[(1, 5), (2, 5), (3, 5), (9, 5)], true),
    ] {
        assert_eq!(policy.witnessed(&cosigned(by), &[]).unwrap().is_quorum(), met, "{by:?}");
    }
}

#[test]
fn times_are_those_that_an_honest_witness_vouches_for() {
    let witnesses: Vec<Witness> = (1..=4).map(witness).collect();
    let times = &[(1, 40), (2, 10), (3, 30), (4, 20)];
    let with_faults = |faults, quorum| {
        let policy = WitnessPolicy::new(Vec::new(), witnesses.clone(), quorum, faults).unwrap();
        let seen = policy.witnessed(&cosigned(times), &[]).unwrap();
        (seen.existed_by(), seen.largest_at())
    };
    assert_eq!(with_faults(0, 3), (Some(at(10)), Some(at(40))));
    assert_eq!(with_faults(1, 3), (Some(at(20)), Some(at(30))));
    assert_eq!(with_faults(3, 4), (Some(at(40)), Some(at(10))));
    let policy = WitnessPolicy::new(Vec::new(), witnesses, 3, 0).unwrap();
    let too_few = policy.witnessed(&cosigned(&[(1, 40), (2, 10)]), &[]).unwrap();
    assert_eq!((too_few.existed_by(), too_few.largest_at()), (None, None));
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_fail_otherwise_than_by_its_error(
        lines in proptest::collection::vec("(log|witness|group|quorum|faults|#)?( [a-z0-9]{1,3}| [0-9]{1,30}|\\PC){0,5}", 0..8)
    ) {
        let text = lines.join("\n");
        // Without a key that parses nothing can be a quorum.
        prop_assert!(text.parse::<WitnessPolicy>().is_err());
    }

    #[test]
    fn any_two_quorums_of_a_policy_share_an_honest_witness(n in 1_usize..8, k in 0_usize..9, f in 0_usize..8) {
        let size = |set: u32| (0..n).filter(|member| set >> member & 1 == 1).count();
        let witnesses: Vec<Witness> = (1..=n).map(|seed| witness(u8::try_from(seed).unwrap())).collect();
        let made = WitnessPolicy::new(Vec::new(), witnesses, k, f);
        // By trial over all pairs of quorums, with the worst choice of liars among those they share.
        let quorums: Vec<u32> = (0..1_u32 << n).filter(|set| size(*set) >= k).collect();
        let sound = quorums.iter().all(|one| quorums.iter().all(|two| size(one & two) > f));
        prop_assert_eq!(made.is_ok(), sound && k <= n, "{:?}", made.err());
    }
}

#[test]
fn a_log_and_the_one_after_it_may_have_one_key_each_under_its_own_name() {
    let (first, second) = (log_key(), log_key().renamed("northmoor.example/log/2").unwrap());
    let logs = [&first, &second].map(|key| format!("log {}", key.verifier()));
    let lines: Vec<&str> =
        logs.iter().map(String::as_str).chain(["group g 2 w1 w2 w3", "quorum g"]).collect();
    let policy: WitnessPolicy = file(&lines).parse().unwrap();
    assert_eq!(policy.logs(), [first.verifier(), second.verifier()]);
    let twice = file(&[&logs[0], &logs[0]]);
    assert_eq!(fault(&twice).1, PolicyFault::TwiceTheSameKey);
}
