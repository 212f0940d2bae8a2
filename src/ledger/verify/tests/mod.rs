//! A small log on paper, verified whole, then with every byte of it changed, every file lost, entries swapped.

use std::convert::Infallible;

use super::*;
use crate::ledger::Hash;
use crate::ledger::fixture::{Files, ORIGIN, START_MS, export, key, leaf, leaves};
use crate::ledger::note::SigningKey;
use crate::ledger::proof;
use crate::ledger::receipt::{Receipt, ReceiptError};
use crate::ledger::tiles::{self, TileKind};
use crate::ledger::tree::{Tree, leaf_hash};

mod changes;
mod checkpoints;
mod succession;

fn check(files: &Files) -> Report {
    verify(files, &[key().verifier()]).unwrap()
}

#[test]
fn an_untouched_log_of_any_size_verifies_however_it_grew() {
    let leaves = leaves(1030);
    for sizes in [&[0][..], &[1], &[255], &[256], &[257], &[1, 2, 300, 512, 1024, 1030]] {
        let size = sizes.last().copied().unwrap();
        let report = check(&export(&leaves, sizes));
        assert_eq!((report.findings.as_slice(), report.entries, report.verdict()), (&[][..], size, None));
        let once = export(&leaves, &[size]);
        assert_eq!(export(&leaves, sizes), once, "the way of growing shows in the files");
    }
}

/// Changes one byte in every so many of each file, one at a time.
fn change_bytes(files: &Files, step: impl Fn(usize) -> usize) {
    assert_eq!(check(files).verdict(), None);
    let mut changed = files.clone();
    for (path, bytes) in files {
        for at in (0..bytes.len()).step_by(step(bytes.len())) {
            changed.get_mut(path).unwrap()[at] ^= 1;
            assert_eq!(check(&changed).verdict(), Some(Verdict::Tampered), "{path}, byte {at}");
            changed.get_mut(path).unwrap()[at] ^= 1;
        }
    }
    assert_eq!(&changed, files);
}

#[test]
fn a_change_of_any_single_byte_of_any_file_is_found() {
    change_bytes(&export(&leaves(3), &[3]), |_| 1);
    // With full tiles and a second level: every byte of what is small, a spread of the rest.
    change_bytes(&export(&leaves(257), &[257]), |length| if length < 500 { 1 } else { length / 97 });
}

#[test]
fn a_finding_names_the_entry_the_file_and_the_bytes() {
    let mut files = export(&leaves(260), &[260]);
    let bundle = files.get_mut("tile/entries/001.p/4").unwrap();
    let length = bundle.len() / 4;
    let at = length + 2 + 20;
    bundle[at] = if bundle[at] == b'0' { b'1' } else { b'0' };
    let report = check(&files);
    let found = &report.findings[0];
    assert_eq!(found.problem, Problem::EntryHash);
    assert_eq!(found.place.entry, Some(257));
    assert_eq!(found.place.bytes, Some(length + 2..length * 2));
    assert!(found.to_string().starts_with("entry 257, tile/entries/001.p/4, bytes "));
}

#[test]
fn a_lost_file_makes_a_log_incomplete_and_a_shortened_one_tampered() {
    let files = export(&leaves(260), &[260]);
    for path in files.keys() {
        let mut lost = files.clone();
        lost.remove(path).unwrap();
        assert_eq!(check(&lost).verdict(), Some(Verdict::Incomplete), "{path}");
        let mut short = files.clone();
        short.get_mut(path).unwrap().pop();
        assert_eq!(check(&short).verdict(), Some(Verdict::Tampered), "{path}");
    }
}

#[test]
fn swapped_repeated_and_foreign_entries_are_found() {
    let mut swapped = leaves(4);
    swapped.swap(1, 2);
    let mut files = export(&leaves(4), &[4]);
    files.insert("tile/entries/000.p/4".to_owned(), export(&swapped, &[4])["tile/entries/000.p/4"].clone());
    assert_eq!(check(&files).verdict(), Some(Verdict::Tampered));
    // Even what was signed is not accepted when the log broke its own rules.
    let mut repeated = leaves(4);
    repeated[3] = repeated[1].clone();
    assert_eq!(check(&export(&repeated, &[4])).findings[0].problem, Problem::RepeatedId { earlier: 1 });
    let mut foreign = leaves(4);
    foreign[2] = String::from_utf8(foreign[2].clone()).unwrap().replace("northmoor", "eastvale").into_bytes();
    assert_eq!(check(&export(&foreign, &[4])).findings[0].problem, Problem::Origin);
}

#[test]
fn another_key_opens_nothing() {
    let files = export(&leaves(3), &[3]);
    let other = SigningKey::from_seed(ORIGIN, &[8; 32]).unwrap();
    let report = verify(&files, &[other.verifier()]).unwrap();
    assert_eq!(report.findings[0].problem, Problem::Checkpoint(NoteError::NotSigned));
}

#[test]
fn an_older_checkpoint_verifies_in_a_directory_that_has_grown() {
    let leaves = leaves(300);
    let mut files = export(&leaves, &[300]);
    files.insert("checkpoint".to_owned(), export(&leaves, &[200])["checkpoint"].clone());
    assert_eq!((check(&files).verdict(), check(&files).entries), (None, 200));
}

#[test]
fn a_directory_proves_what_it_holds() {
    let leaves = leaves(600);
    let files = export(&leaves, &[600]);
    let nodes = DirectoryNodes::new(&files, 600);
    let root = proof::root_at(600, &nodes).unwrap();
    for index in [0, 255, 256, 599] {
        let path = proof::inclusion(index, 600, &nodes).unwrap();
        let leaf = leaf_hash(&leaves[usize::try_from(index).unwrap()]);
        proof::verify_inclusion(&leaf, index, 600, &path, &root).unwrap();
    }
}

fn receipt() -> Receipt {
    let leaves = leaves(11);
    let hashes: Vec<_> = leaves.iter().map(|leaf| leaf_hash(leaf)).collect();
    let mut tree = Tree::new();
    let appended = tree.append(&hashes);
    let checkpoint = key().sign(&key().checkpoint(appended.size, appended.root));
    Receipt { leaf: leaves[5].clone(), index: 5, proof: appended.proof(5).unwrap(), checkpoint }
}

#[test]
fn a_receipt_survives_both_its_forms_and_verifies() {
    let receipt = receipt();
    assert_eq!(Receipt::parse(&receipt.print()).as_ref(), Ok(&receipt));
    assert_eq!(Receipt::parse_header(&receipt.print_header()).as_ref(), Ok(&receipt));
    let verified = receipt.verify(&[key().verifier()]).unwrap();
    assert_eq!((verified.index, verified.checkpoint.size), (5, 11));
}

#[test]
fn a_receipt_with_any_bit_changed_is_refused() {
    let text = receipt().print();
    for at in 0..text.len() {
        for bit in [0, 1, 5, 6] {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            let read = String::from_utf8(bytes).ok().and_then(|text| Receipt::parse(&text).ok());
            assert!(read.is_none_or(|r| r.verify(&[key().verifier()]).is_err()), "byte {at}, bit {bit}");
        }
    }
}

#[test]
fn a_receipt_cut_moved_or_checked_with_another_key_is_refused() {
    let keys = [key().verifier()];
    let cut = Receipt { proof: receipt().proof[..3].to_vec(), ..receipt() };
    assert!(matches!(cut.verify(&keys), Err(ReceiptError::Proof(_))));
    let moved = Receipt { index: 4, ..receipt() };
    assert!(matches!(moved.verify(&keys), Err(ReceiptError::Proof(_))));
    let swapped = Receipt { leaf: leaves(11)[6].clone(), ..receipt() };
    assert!(matches!(swapped.verify(&keys), Err(ReceiptError::Proof(_))));
    let other = SigningKey::from_seed(ORIGIN, &[8; 32]).unwrap();
    assert_eq!(receipt().verify(&[other.verifier()]), Err(ReceiptError::Checkpoint(NoteError::NotSigned)));
}
