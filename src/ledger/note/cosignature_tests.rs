//! Cosignatures against their specification and another implementation of signed notes; forgeries of every part.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use signed_note::{Note, Signature, Verifier, VerifierList};

use super::super::{Checkpoint, SigningKey};
use super::*;
use crate::ledger::Hash;

const ORIGIN: &str = "northmoor.example/log";

fn log_key() -> SigningKey {
    SigningKey::from_seed(ORIGIN, &[7; 32]).unwrap()
}

fn witness(seed: u8) -> CosigningKey {
    CosigningKey::from_seed(&format!("witness-{seed}.example"), &[seed; 32]).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

fn note() -> String {
    let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size: 4_711, root: Hash::sha256(b"root") };
    log_key().sign(&checkpoint)
}

/// A verifier of timestamped signatures, written here from the specification alone over the other library's trait and
/// its Ed25519.
struct Theirs {
    name: String,
    id: u32,
    inner: signed_note::StandardVerifier,
}

impl Theirs {
    fn of(key: &WitnessKey) -> Self {
        let material = [&[4], key.public_key().as_slice()].concat();
        let id = signed_note::key_id(key.name(), &material);
        // The library only knows plain Ed25519, so the key goes in as one, and the message is made here.
        let plain = [&[1], key.public_key().as_slice()].concat();
        let plain_id = signed_note::key_id(key.name(), &plain);
        let vkey = format!("{}+{plain_id:08x}+{}", key.name(), STANDARD.encode(plain));
        let inner = signed_note::StandardVerifier::new(&vkey).unwrap();
        Self { name: key.name().to_owned(), id, inner }
    }
}

impl Verifier for Theirs {
    fn name(&self) -> &str {
        &self.name
    }
    fn key_id(&self) -> u32 {
        self.id
    }
    fn verify(&self, msg: &[u8], sig: &[u8]) -> bool {
        let Some((time, sig)) = sig.split_first_chunk::<8>() else { return false };
        let head = format!("cosignature/v1\ntime {}\n", u64::from_be_bytes(*time));
        self.inner.verify(&[head.as_bytes(), msg].concat(), sig)
    }
}

#[test]
fn keys_survive_their_text_forms_and_are_not_taken_for_a_logs() {
    let key = CosigningKey::generate("eastvale.example/witness").unwrap();
    let read = CosigningKey::parse(&format!("{}\n", *key.to_text())).unwrap();
    assert_eq!(read.verifier(), key.verifier());
    let text = key.verifier().to_string();
    assert_eq!(text.parse(), Ok(key.verifier()));
    assert_eq!(text.parse::<super::super::VerifierKey>(), Err(KeyError::Algorithm));
    assert_eq!(SigningKey::parse(&key.to_text()).unwrap_err(), KeyError::Algorithm);
    assert_eq!(log_key().verifier().to_string().parse::<WitnessKey>(), Err(KeyError::Algorithm));
    assert_eq!(text.replacen("eastvale", "eastvail", 1).parse::<WitnessKey>(), Err(KeyError::Id));
    let shown = format!("{:?}", witness(0x5a));
    assert!(!shown.contains("5a5a") && !shown.contains("Wlpa"), "{shown}");
}

#[test]
fn the_example_of_the_specification_has_our_shape() {
    let line = "— witness.example.com/w1 \
        jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";
    let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    let note = format!("{text}\n{line}");
    let parsed = SignedNote::parse(&note).unwrap();
    let [only] = parsed.signatures.as_slice() else { panic!("one line") };
    assert_eq!(only.signature.len(), LENGTH);
    assert_eq!(only.signature.first_chunk().map(|time| u64::from_be_bytes(*time)), Some(1_679_315_147));
    let expected = format!("cosignature/v1\ntime 1679315147\n{text}");
    assert_eq!(message(1_679_315_147, parsed.text), expected.as_bytes());
}

#[test]
fn cosignatures_verify_elsewhere_beside_the_logs_own_signature() {
    let (one, two) = (witness(1), witness(2));
    let lines = [one.cosign(&note(), at(1_700_000_000)).unwrap(), two.cosign(&note(), at(0)).unwrap()];
    let whole = format!("{}{}{}", note(), lines[0], lines[1]);
    let standard = signed_note::StandardVerifier::new(&log_key().verifier().to_string()).unwrap();
    let verifiers = VerifierList::new(vec![
        Box::new(standard),
        Box::new(Theirs::of(&one.verifier())),
        Box::new(Theirs::of(&two.verifier())),
    ]);
    let theirs = Note::from_bytes(whole.as_bytes()).unwrap();
    let (verified, unknown) = theirs.verify(&verifiers).unwrap();
    assert_eq!((verified.len(), unknown.len()), (3, 0));
    assert_eq!(claimed_times(&whole), [at(1_700_000_000), at(0)]);
    let ours = cosigned_by(&whole, &[two.verifier(), one.verifier()]).unwrap();
    assert_eq!(ours.iter().map(|found| found.at).collect::<Vec<_>>(), [at(0), at(1_700_000_000)]);
    assert_eq!(
        ours.iter().map(|found| found.line.clone()).collect::<Vec<_>>(),
        [lines[1].clone(), lines[0].clone()]
    );
    // A note that they made with the same signatures is the same bytes.
    let signatures: Vec<Signature> = verified;
    let made = Note::new(theirs.text(), &signatures).unwrap();
    assert_eq!(cosigned_by(str::from_utf8(&made.to_bytes()).unwrap(), &[one.verifier()]).unwrap().len(), 1);
}

#[test]
fn lines_of_unknown_witnesses_are_passed_over() {
    let (known, unknown) = (witness(1), witness(2));
    let whole = format!("{}{}", note(), unknown.cosign(&note(), at(9)).unwrap());
    assert_eq!(cosigned_by(&whole, &[known.verifier()]), Ok(Vec::new()));
    assert_eq!(cosigned_by(&note(), &[known.verifier()]), Ok(Vec::new()));
    // The log's own line is no cosignature, even under the same name.
    let same_name = CosigningKey::from_seed(ORIGIN, &[7; 32]).unwrap();
    assert_eq!(cosigned_by(&note(), &[same_name.verifier()]), Ok(Vec::new()));
}

#[test]
fn a_witness_counts_once_by_its_earliest_line() {
    let key = witness(1);
    let line = |seconds| key.cosign(&note(), at(seconds)).unwrap();
    let whole = format!("{}{}{}{}{}", note(), line(30), line(20), line(20), line(40));
    let found = cosigned_by(&whole, &[key.verifier()]).unwrap();
    assert_eq!(found.iter().map(|found| found.at).collect::<Vec<_>>(), [at(20)]);
}

#[test]
fn a_cosignature_under_another_text_or_by_another_key_is_false() {
    let key = witness(1);
    let other_origin = log_key_of("eastvale.example/log");
    let checkpoint =
        |origin: &str, size| Checkpoint { origin: origin.to_owned(), size, root: Hash::sha256(b"root") };
    let stolen = [
        log_key().sign(&checkpoint(ORIGIN, 4_712)),
        other_origin.sign(&checkpoint("eastvale.example/log", 4_711)),
    ];
    for other in stolen {
        let whole = format!("{}{}", note(), key.cosign(&other, at(5)).unwrap());
        assert_eq!(cosigned_by(&whole, &[key.verifier()]), Err(NoteError::FalseSignature));
    }
    // Another key under the same name, whose id was copied.
    let forged = CosigningKey::from_seed("witness-1.example", &[9; 32]).unwrap();
    let line = forged.cosign(&note(), at(5)).unwrap();
    let parsed_note = format!("{}{line}", note());
    let parsed = SignedNote::parse(&parsed_note).unwrap();
    let signature = &parsed.signatures.last().unwrap().signature;
    let line = print_signature("witness-1.example", key.verifier().id(), signature);
    let whole = format!("{}{line}", note());
    assert_eq!(cosigned_by(&whole, &[key.verifier()]), Err(NoteError::FalseSignature));
}

fn log_key_of(origin: &str) -> SigningKey {
    SigningKey::from_seed(origin, &[8; 32]).unwrap()
}

#[test]
fn a_cosigned_note_with_any_bit_changed_loses_its_cosignature() {
    let key = witness(1);
    let line = key.cosign(&note(), at(1_700_000_000)).unwrap();
    let whole = format!("{}{line}", note());
    let log_line = note().find("— ").unwrap()..note().len();
    for place in (0..whole.len()).filter(|place| !log_line.contains(place)) {
        for bit in 0..8 {
            let mut bytes = whole.clone().into_bytes();
            bytes[place] ^= 1 << bit;
            let Ok(changed) = String::from_utf8(bytes) else { continue };
            let found = cosigned_by(&changed, &[key.verifier()]);
            assert!(found.is_err() || found == Ok(Vec::new()), "byte {place}, bit {bit}");
        }
    }
}

#[test]
fn a_line_that_is_too_short_too_long_or_beyond_all_time_is_false() {
    let key = witness(1);
    let line = key.cosign(&note(), at(5)).unwrap();
    let whole = format!("{}{line}", note());
    let good = SignedNote::parse(&whole).unwrap().signatures.pop().unwrap().signature;
    let mut beyond = u64::MAX.to_be_bytes().to_vec();
    beyond.extend_from_slice(&key.0.sign(&message(u64::MAX, SignedNote::parse(&note()).unwrap().text)));
    let longer = [good.as_slice(), &[0]].concat();
    for wrong in [&good[..good.len() - 1], &good[..8], &good[..1], longer.as_slice(), beyond.as_slice()] {
        let whole = format!("{}{}", note(), key.0.line(wrong));
        assert_eq!(cosigned_by(&whole, &[key.verifier()]), Err(NoteError::FalseSignature), "{}", wrong.len());
    }
    assert_eq!(key.cosign("no note\n", at(5)), Err(NoteError::Malformed));
    assert_eq!(key.cosign(&note(), at(-1)), Err(NoteError::Malformed));
}
