//! Several checkpoints of one log: those that its tree extends, and those that prove a fork.

use proptest::prelude::*;

use super::*;

fn note(files: &Files) -> String {
    String::from_utf8(files[CHECKPOINT_PATH].clone()).unwrap()
}

fn verify_with(files: &Files, checkpoints: &[(&str, String)]) -> Report {
    let checkpoints: Vec<_> =
        checkpoints.iter().map(|(name, note)| ((*name).to_owned(), note.clone())).collect();
    let keys = [key().verifier()];
    verify_by(files, &Rules { checkpoints: &checkpoints, ..Rules::new(&keys) }, &Unwatched).unwrap()
}

#[test]
fn every_earlier_checkpoint_of_the_log_is_a_tree_that_it_extends() {
    let leaves = leaves(700);
    let files = export(&leaves, &[700]);
    let earlier: Vec<_> = (0..=700).step_by(50).chain([1, 255, 256, 257, 511, 512, 513, 699]).collect();
    let notes: Vec<_> = earlier.iter().map(|size| ("earlier", note(&export(&leaves, &[*size])))).collect();
    let report = verify_with(&files, &notes);
    assert_eq!((report.findings.as_slice(), report.extends), (&[][..], notes.len()));
}

#[test]
fn a_checkpoint_of_another_history_is_a_fork_and_its_file_is_named() {
    let (mine, mut other) = (leaves(600), leaves(600));
    other[100] = leaf(9_999, Timestamp::from_millisecond(START_MS + 100).unwrap()).to_bytes();
    let files = export(&mine, &[600]);
    for size in [101, 256, 300, 600] {
        let report = verify_with(&files, &[("kept", note(&export(&other, &[size])))]);
        assert_eq!(report.findings.len(), 1);
        assert_eq!(report.findings[0].problem, Problem::Fork { size });
        assert_eq!((report.findings[0].place.file.as_str(), report.verdict()), ("kept", Some(Verdict::Fork)));
    }
    assert_eq!(verify_with(&files, &[("kept", note(&export(&other, &[100])))]).verdict(), None);
}

#[test]
fn a_log_that_was_tampered_with_proves_no_fork() {
    let leaves = leaves(600);
    let mut files = export(&leaves, &[600]);
    files.get_mut("tile/entries/000").unwrap()[30] ^= 1;
    let report = verify_with(&files, &[("kept", note(&export(&leaves, &[300])))]);
    assert_eq!(report.verdict(), Some(Verdict::Tampered), "{:?}", report.findings);
}

#[test]
fn a_checkpoint_that_is_longer_foreign_or_false_is_said_to_be_so() {
    let leaves = leaves(600);
    let files = export(&leaves, &[300]);
    let other = SigningKey::from_seed("eastvale.example/log", &[7; 32]).unwrap();
    let foreign = other.sign(&other.checkpoint(3, Hash::sha256(b"")));
    for (kept, problem) in [
        (note(&export(&leaves, &[600])), Problem::OutOfReach { size: 600 }),
        (note(&files).replacen("northmoor", "northmaar", 1), Problem::Checkpoint(NoteError::FalseSignature)),
        (foreign, Problem::Checkpoint(NoteError::NotSigned)),
        (String::new(), Problem::Checkpoint(NoteError::Malformed)),
    ] {
        assert_eq!(verify_with(&files, &[("kept", kept)]).findings[0].problem, problem);
    }
}

#[test]
fn checkpoints_that_the_directory_keeps_are_held_against_its_tree() {
    let (mine, mut other) = (leaves(700), leaves(700));
    other[100] = leaf(9_999, Timestamp::from_millisecond(START_MS + 100).unwrap()).to_bytes();
    let kept = |files: &mut Files, size: u64, of: &[Vec<u8>], stated: u64| {
        files.insert(format!("checkpoints/{size}"), note(&export(of, &[stated])).into_bytes());
    };
    let mut files = export(&mine, &[700]);
    let sizes = [0, 1, 255, 256, 257, 300, 512, 699, 700];
    for size in sizes {
        kept(&mut files, size, &mine, size);
    }
    let report = check(&files);
    assert_eq!((report.findings.as_slice(), report.extends), (&[][..], sizes.len()));

    for (size, of, stated, problem) in [
        (300, &mine, 299, Problem::Misnamed { size: 299 }),
        (300, &other, 300, Problem::Fork { size: 300 }),
        (700, &other, 700, Problem::Fork { size: 700 }),
        (900, &leaves(900), 900, Problem::OutOfReach { size: 900 }),
    ] {
        let mut changed = files.clone();
        kept(&mut changed, size, of, stated);
        let report = check(&changed);
        let found: Vec<_> =
            report.findings.iter().map(|found| (found.place.file.as_str(), found.problem)).collect();
        assert_eq!(found, [(format!("checkpoints/{size}").as_str(), problem)]);
    }
}

#[test]
fn an_entry_that_states_an_earlier_time_than_those_before_it_is_late() {
    let mut leaves = leaves(10);
    leaves[6] = leaf(6, Timestamp::from_millisecond(START_MS - 60_000).unwrap()).to_bytes();
    let report = check(&export(&leaves, &[10]));
    assert_eq!(report.verdict(), Some(Verdict::LateOrBackDated));
    assert_eq!((report.findings.len(), report.findings[0].place.entry), (1, Some(6)));
    assert_eq!(report.verdict().map(Verdict::exit_code), Some(50));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_fork_is_found_wherever_the_histories_part(size in 1_u64..700, part in 0_u64..700, kept in 0_u64..700) {
        let (part, kept) = (part % size, kept % (size + 1));
        let (mine, mut other) = (leaves(size), leaves(size));
        let place = usize::try_from(part).unwrap();
        other[place] = leaf(9_999, Timestamp::from_millisecond(START_MS + i64::try_from(part).unwrap()).unwrap()).to_bytes();
        let report = verify_with(&export(&mine, &[size]), &[("kept", note(&export(&other, &[kept])))]);
        let expected = (kept > part).then_some(Verdict::Fork);
        prop_assert_eq!(report.verdict(), expected);
    }
}
