//! Every kind of change to a log's files: all of them found, with the right verdict and the place named; none where there is none.

use proptest::prelude::*;

use super::*;

/// The verdict of a directory in which one file is something else, and the places that are named.
fn places(files: &Files) -> (Option<Verdict>, Vec<String>) {
    let report = check(files);
    (report.verdict(), report.findings.iter().map(|finding| finding.place.file.clone()).collect())
}

#[test]
fn every_single_bit_of_a_small_log_counts_and_its_file_is_named() {
    let files = export(&leaves(2), &[2]);
    let mut changed = files.clone();
    for (path, bytes) in &files {
        for at in 0..bytes.len() * 8 {
            changed.get_mut(path).unwrap()[at / 8] ^= 1 << (at % 8);
            let (verdict, named) = places(&changed);
            assert_eq!(verdict, Some(Verdict::Tampered), "{path}, bit {at}");
            // The tile and the bundle accuse each other; what is signed accuses itself.
            let kind = |file: &str| file == CHECKPOINT_PATH;
            assert!(named.iter().any(|file| kind(file) == kind(path)), "{path}, bit {at}: {named:?}");
            changed.get_mut(path).unwrap()[at / 8] ^= 1 << (at % 8);
        }
    }
    assert_eq!(changed, files);
}

#[test]
fn a_file_added_within_the_signed_size_is_found() {
    let files = export(&leaves(300), &[300]);
    for (path, bytes) in [
        ("tile/0/000.p/7", vec![0; 7 * 32]),
        ("tile/entries/000.p/1", vec![0, 0]),
        ("tile/entries/000.p/1", vec![0]),
        ("tile/0/001.p/43", vec![0; 43 * 32]),
        ("tile/0/001.p/45", vec![0; 45 * 32]),
        ("tile/1/000", vec![7; 8192]),
        ("tile/0/0", vec![]),
        ("tile/0/x000/000", vec![]),
        ("tile/64/000", vec![]),
        ("tile/0/000.p/256", vec![]),
        ("notes.txt", b"hello".to_vec()),
    ] {
        let mut more = files.clone();
        assert!(more.insert(path.to_owned(), bytes).is_none());
        let (verdict, named) = places(&more);
        assert_eq!((verdict, named), (Some(Verdict::Tampered), vec![path.to_owned()]), "{path}");
    }
}

#[test]
fn what_a_live_log_may_hold_besides_is_no_finding() {
    let leaves = leaves(600);
    let files = export(&leaves, &[300]);
    let mut live = files.clone();
    live.insert("tile/0/001.unfinished".to_owned(), b"half".to_vec());
    // Narrower and wider ones of the same places, and those of a larger tree.
    for size in [290, 280, 301, 512, 600] {
        for (path, bytes) in export(&leaves, &[size]) {
            live.entry(path).or_insert(bytes);
        }
    }
    let report = check(&live);
    assert_eq!((report.verdict(), report.entries), (None, 300), "{:?}", report.findings);
    assert!(report.beyond > 0 && report.is_listed);
    for (path, bytes) in &live {
        let beyond = path.contains("002") || path.ends_with("unfinished");
        let mut changed = live.clone();
        changed.get_mut(path).unwrap()[0] ^= 1;
        assert_eq!(check(&changed).verdict().is_none(), beyond, "{path}");
        assert!(!bytes.is_empty());
    }
}

#[test]
fn a_partial_file_that_was_replaced_while_the_log_was_read_is_read_in_its_wider_form() {
    let leaves = leaves(300);
    let mut files = export(&leaves, &[300]);
    let wider = files.clone();
    // The checkpoint at hand is of 290; by now the log is at 300.
    let note = export(&leaves, &[290])[CHECKPOINT_PATH].clone();
    struct Growing<'f>(&'f Files, Vec<u8>, std::sync::atomic::AtomicBool);
    impl LogDirectory for Growing<'_> {
        type Error = Infallible;

        fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Infallible> {
            let first = !self.2.swap(true, std::sync::atomic::Ordering::Relaxed);
            Ok(if first { Some(self.1.clone()) } else { self.0.get(path).cloned() })
        }
    }
    let report = verify(&Growing(&wider, note.clone(), false.into()), &[key().verifier()]).unwrap();
    assert_eq!((report.verdict(), report.entries), (None, 290), "{:?}", report.findings);
    // Without a checkpoint that tells of it, it is missed.
    files.insert(CHECKPOINT_PATH.to_owned(), note);
    assert_eq!(check(&files).verdict(), Some(Verdict::Incomplete));
}

#[test]
fn a_pruned_log_is_incomplete_and_says_from_where_it_is_whole() {
    let leaves = leaves(66_600);
    let mut files = export(&leaves, &[66_600]);
    let whole = files.clone();
    for index in 0..258_u64 {
        for kind in [TileKind::Entries, TileKind::Hashes(0)] {
            files.remove(&tiles::file_at(kind, index, 66_600).unwrap().to_string()).unwrap();
        }
    }
    files.remove("tile/1/000").unwrap();
    let report = check(&files);
    assert_eq!(report.findings.len(), 1, "{:?}", report.findings);
    assert_eq!(report.findings[0].problem, Problem::Pruned { until: 258 * 256 });
    assert_eq!((report.verdict(), report.entries), (Some(Verdict::Incomplete), 66_600 - 258 * 256));
    let mut changed = files.clone();
    changed.get_mut("tile/2/000.p/1").unwrap()[3] ^= 1;
    assert_eq!(
        check(&changed).verdict(),
        Some(Verdict::Tampered),
        "what stands for the pruned part is signed"
    );
    // Entries alone pruned: the tiles still tell their hashes.
    let mut files = whole;
    for index in 0..3_u64 {
        files.remove(&tiles::file_at(TileKind::Entries, index, 66_600).unwrap().to_string()).unwrap();
    }
    let report = check(&files);
    assert_eq!(report.findings.len(), 1, "{:?}", report.findings);
    assert_eq!(report.findings[0].problem, Problem::Pruned { until: 768 });
}

#[test]
fn a_hole_in_the_middle_is_missed_and_the_rest_is_checked_all_the_same() {
    let mut files = export(&leaves(2000), &[2000]);
    files.remove("tile/entries/003").unwrap();
    files.remove("tile/0/003").unwrap();
    let report = check(&files);
    let missed: Vec<_> = report.findings.iter().map(|f| (f.place.file.as_str(), f.problem)).collect();
    assert_eq!(missed, [("tile/0/003", Problem::Missing), ("tile/entries/003", Problem::Missing)]);
    assert_eq!(report.entries, 2000 - 256);
    files.get_mut("tile/entries/006").unwrap()[40] ^= 1;
    assert_eq!(check(&files).verdict(), Some(Verdict::Tampered));
}

#[test]
fn a_stop_is_no_verdict_that_all_is_well() {
    struct Stopped;
    impl Watch for Stopped {
        fn go_on(&self) -> bool {
            false
        }
    }
    let files = export(&leaves(600), &[600]);
    let keys = [key().verifier()];
    let report = verify_by(&files, &Rules::new(&keys), &Stopped).unwrap();
    assert_eq!(report.findings[0].problem, Problem::Stopped { at: 0 });
    assert_eq!(report.verdict(), Some(Verdict::Incomplete));
}

/// A change of a log's files.
#[derive(Debug, Clone)]
enum Change {
    Flip(prop::sample::Index, prop::sample::Index, u8),
    Delete(prop::sample::Index),
    Truncate(prop::sample::Index, prop::sample::Index),
    Extend(prop::sample::Index, Vec<u8>),
    SwapFiles(prop::sample::Index, prop::sample::Index),
    SwapEntries(prop::sample::Index, prop::sample::Index),
    RemoveEntry(prop::sample::Index),
    RepeatEntry(prop::sample::Index),
}

fn a_change() -> impl Strategy<Value = Change> {
    let pick = any::<prop::sample::Index>;
    prop_oneof![
        (pick(), pick(), 0..8_u8).prop_map(|(file, at, bit)| Change::Flip(file, at, bit)),
        pick().prop_map(Change::Delete),
        (pick(), pick()).prop_map(|(file, at)| Change::Truncate(file, at)),
        (pick(), prop::collection::vec(any::<u8>(), 1..40))
            .prop_map(|(file, more)| Change::Extend(file, more)),
        (pick(), pick()).prop_map(|(one, two)| Change::SwapFiles(one, two)),
        (pick(), pick()).prop_map(|(one, two)| Change::SwapEntries(one, two)),
        pick().prop_map(Change::RemoveEntry),
        pick().prop_map(Change::RepeatEntry),
    ]
}

/// The files after the change; the entries are changed in the bundles alone.
fn apply(change: &Change, files: &Files, leaves: &[Vec<u8>]) -> Files {
    let mut changed = files.clone();
    let paths: Vec<_> = files.keys().cloned().collect();
    let path = |pick: &prop::sample::Index| pick.get(&paths).clone();
    let size = u64::try_from(leaves.len()).unwrap();
    // Under the names of before: the last bundle gets what is left.
    let mut rewrite = |entries: &[Vec<u8>]| {
        let mut entries = entries.iter().map(Vec::as_slice);
        for file in tiles::files(TileKind::Entries, size) {
            let width = if file.first() + 256 < size { 256 } else { usize::MAX };
            let bundle = tiles::encode_bundle(entries.by_ref().take(width)).unwrap();
            changed.insert(file.to_string(), bundle);
        }
    };
    let mut entries = leaves.to_vec();
    match change {
        Change::SwapEntries(one, two) => {
            entries.swap(one.index(leaves.len()), two.index(leaves.len()));
            rewrite(&entries);
        }
        Change::RemoveEntry(at) => {
            entries.remove(at.index(leaves.len()));
            rewrite(&entries);
        }
        Change::RepeatEntry(at) => {
            let at = at.index(leaves.len());
            entries.insert(at, leaves[at].clone());
            rewrite(&entries);
        }
        Change::Flip(file, at, bit) => {
            let bytes = changed.get_mut(&path(file)).unwrap();
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
        }
        Change::Delete(file) => drop(changed.remove(&path(file))),
        Change::Truncate(file, at) => {
            let bytes = changed.get_mut(&path(file)).unwrap();
            bytes.truncate(at.index(bytes.len()));
        }
        Change::Extend(file, more) => changed.get_mut(&path(file)).unwrap().extend(more),
        Change::SwapFiles(one, two) => {
            let (one, two) = (path(one), path(two));
            let (first, second) = (changed[&one].clone(), changed[&two].clone());
            changed.insert(one, second);
            changed.insert(two, first);
        }
    }
    changed
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_clean_log_of_any_size_raises_an_alarm(size in 0_u64..1500, steps in prop::collection::vec(0_u64..1500, 0..4), threads in 1_usize..5) {
        let mut sizes: Vec<_> = steps.into_iter().filter(|step| *step <= size).collect();
        sizes.sort_unstable();
        sizes.push(size);
        let files = export(&leaves(size), &sizes);
        let keys = [key().verifier()];
        let report = verify_by(&files, &Rules { threads, ..Rules::new(&keys) }, &Unwatched).unwrap();
        prop_assert_eq!((report.findings.as_slice(), report.entries, report.beyond), (&[][..], size, 0));
    }

    #[test]
    fn every_change_is_found(size in 1_u64..700, changes in prop::collection::vec(a_change(), 1..3)) {
        let leaves = leaves(size);
        let files = export(&leaves, &[size]);
        let changed = changes.iter().fold(files.clone(), |files, change| {
            if files.is_empty() || files.values().any(Vec::is_empty) { files } else { apply(change, &files, &leaves) }
        });
        let verdict = check(&changed).verdict();
        if changed == files {
            prop_assert_eq!(verdict, None);
        } else {
            let only_deleted = changed.iter().all(|(path, bytes)| files.get(path) == Some(bytes));
            let expected = if only_deleted { Verdict::Incomplete } else { Verdict::Tampered };
            // Where the checkpoint itself is gone, the rest cannot be held against it.
            let expected = if changed.contains_key(CHECKPOINT_PATH) { expected } else { Verdict::Incomplete };
            prop_assert_eq!(verdict, Some(expected));
        }
    }
}
