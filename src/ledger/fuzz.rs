//! Bounded fuzzing of everything in the ledger that reads what others wrote: in each test run, from a seed that is printed.
//!
//! `THROUGHGATE_FUZZ_ROUNDS` makes it longer, `THROUGHGATE_FUZZ_SEED` another run. Three things must hold for every input:
//! nothing panics; what is accepted is printed as the very bytes that were read, so that no two inputs mean the same; and
//! what is signed is believed only in the words that were signed.

use jiff::Timestamp;

use super::compare::by_size_alone;
use super::entry::{Commitments, Field, Fields, Leaf, Opening, Seeds};
use super::fixture::{START_MS, export, key, leaves};
use super::note::{Checkpoint, CosigningKey, SigningKey, VerifierKey, WitnessKey, claimed_head, cosigned_by};
use super::proof::inclusion;
use super::receipt::Receipt;
use super::tiles::{TileFile, bundle_prefix, decode_bundle, encode_bundle};
use super::verify::DirectoryNodes;
use super::witness::{AddCheckpoint, WitnessPolicy};

const ROUNDS: u64 = 12_000;
const SEED: u64 = 0x7467_2d66_757a_7a21;

/// Words that formats give a meaning to, and numbers at their edges.
const WORDS: [&[u8]; 24] = [
    b"\n",
    b"\n\n",
    b"\r\n",
    b" ",
    b"\t",
    b"\0",
    b"=",
    b"==",
    b":",
    b"+",
    b"-1",
    b"0",
    b"00",
    b"255",
    b"256",
    b"18446744073709551615",
    b"18446744073709551616",
    "\u{2014} ".as_bytes(),
    b"x",
    b".p/",
    b"index ",
    b"extra ",
    b"\"v\":1",
    b"\xff\xfe",
];

/// A generator whose whole run follows from its seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    fn span(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        let end = (start + 1 + self.below(40)).min(length);
        start..end.max(start)
    }

    fn mutate(&mut self, bytes: &mut Vec<u8>, corpus: &[Vec<u8>]) {
        let length = bytes.len();
        match self.below(10) {
            0 | 1 if length > 0 => {
                let at = self.below(length);
                bytes[at] ^= 1 << self.below(8);
            }
            2 if length > 0 => {
                let at = self.below(length);
                bytes[at] = u8::try_from(self.below(256)).unwrap();
            }
            3 => drop(bytes.drain(self.span(length))),
            4 => {
                let (span, at) = (self.span(length), self.below(length + 1));
                let piece = bytes[span].to_vec();
                bytes.splice(at..at, piece);
            }
            5 => bytes.truncate(self.below(length + 1)),
            6 | 7 => {
                let (span, word) = (self.span(length), WORDS[self.below(WORDS.len())]);
                let end = if self.below(2) == 0 { span.start } else { span.end };
                bytes.splice(span.start..end, word.iter().copied());
            }
            8 => {
                let other = &corpus[self.below(corpus.len())];
                let (here, there) = (self.below(length + 1), self.below(other.len() + 1));
                bytes.truncate(here);
                bytes.extend_from_slice(&other[there..]);
            }
            _ => {
                let mut lines: Vec<_> = bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
                let (one, two) = (self.below(lines.len()), self.below(lines.len()));
                lines.swap(one, two);
                *bytes = lines.join(&b'\n');
            }
        }
    }
}

/// Feeds mutations of a corpus to a reader, which panics where something does not hold and says whether it accepted.
fn fuzz(corpus: &[Vec<u8>], read: impl Fn(&[u8]) -> bool + std::panic::RefUnwindSafe) {
    let variable = |name, usual| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (seed, rounds) =
        (variable("THROUGHGATE_FUZZ_SEED", SEED), variable("THROUGHGATE_FUZZ_ROUNDS", ROUNDS));
    for (place, input) in corpus.iter().enumerate() {
        assert!(read(input), "the reader refuses input {place} of its own corpus");
    }
    let mut dice = Dice(seed);
    for round in 0..rounds {
        let mut input = corpus[dice.below(corpus.len())].clone();
        for _ in 0..=dice.below(4) {
            dice.mutate(&mut input, corpus);
        }
        let held = std::panic::catch_unwind(|| read(&input));
        let text = String::from_utf8_lossy(&input);
        assert!(held.is_ok(), "THROUGHGATE_FUZZ_SEED={seed}, round {round}, does not hold for {text:?}");
    }
}

/// The same for what is text.
fn fuzz_text(corpus: &[String], read: impl Fn(&str) -> bool + std::panic::RefUnwindSafe) {
    let corpus: Vec<_> = corpus.iter().map(|text| text.clone().into_bytes()).collect();
    fuzz(&corpus, |bytes| str::from_utf8(bytes).is_ok_and(&read));
}

fn note(size: u64) -> String {
    String::from_utf8(export(&leaves(size), &[size])["checkpoint"].clone()).unwrap()
}

fn receipt(index: u64, size: u64) -> Receipt {
    let leaves = leaves(size);
    let files = export(&leaves, &[size]);
    let proof = inclusion(index, size, &DirectoryNodes::new(&files, size)).unwrap();
    Receipt { leaf: leaves[usize::try_from(index).unwrap()].clone(), index, proof, checkpoint: note(size) }
}

fn cosigner(seed: u8) -> CosigningKey {
    CosigningKey::from_seed(&format!("w{seed}.example"), &[seed; 32]).unwrap()
}

fn cosigned(size: u64) -> String {
    let note = note(size);
    let at = Timestamp::from_millisecond(START_MS).unwrap();
    [1, 2].iter().fold(note.clone(), |all, seed| all + &cosigner(*seed).cosign(&note, at).unwrap())
}

#[test]
fn leaves_are_read_in_one_spelling() {
    let mut corpus = leaves(3);
    let odd = Leaf { replica: "a\"b\u{1}é".to_owned(), ..Leaf::parse(&corpus[0]).unwrap() };
    corpus.push(odd.to_bytes());
    fuzz(&corpus, |bytes| {
        Leaf::parse(bytes).is_ok_and(|leaf| {
            assert_eq!(leaf.to_bytes(), bytes);
            true
        })
    });
}

#[test]
fn receipts_are_read_in_one_spelling_and_believed_in_one() {
    let corpus = [receipt(0, 1), receipt(3, 11), receipt(299, 300)];
    let keys = [key().verifier()];
    let texts: Vec<_> = corpus.iter().map(Receipt::print).collect();
    fuzz_text(&texts.clone(), |text| {
        Receipt::parse(text).is_ok_and(|read| {
            assert_eq!(read.print(), text);
            assert_eq!(Receipt::parse_header(&read.print_header()).as_ref(), Ok(&read));
            if read.verify(&keys).is_ok() {
                // Lines of unknown keys may follow the checkpoint; nothing else may differ.
                assert!(
                    corpus.iter().any(|known| text.starts_with(&known.print())),
                    "another receipt is believed"
                );
            }
            true
        })
    });
    let headers: Vec<_> = corpus.iter().map(Receipt::print_header).collect();
    fuzz_text(&headers, |text| {
        Receipt::parse_header(text)
            .is_ok_and(|read| Receipt::parse_header(&read.print_header()) == Ok(read.clone()))
    });
}

#[test]
fn checkpoints_are_believed_in_the_words_that_were_signed() {
    let keys = [key().verifier()];
    let known: Vec<_> =
        [0, 1, 300].iter().map(|size| Checkpoint::open(&note(*size), &keys).unwrap()).collect();
    let corpus = [note(0), note(1), note(300), cosigned(300)];
    fuzz_text(&corpus, |text| {
        Checkpoint::open(text, &keys).is_ok_and(|opened| {
            let head = claimed_head(text).unwrap();
            assert_eq!((head.size, head.root), (opened.size, opened.root));
            assert!(
                text.starts_with(&opened.text()) && known.contains(&opened),
                "another checkpoint is believed"
            );
            assert!(
                known.iter().any(|known| by_size_alone(known, &opened) == super::compare::Relation::Same)
            );
            true
        })
    });
}

#[test]
fn cosignatures_are_believed_in_the_words_that_were_signed() {
    let witnesses: Vec<WitnessKey> = [1, 2].iter().map(|seed| cosigner(*seed).verifier()).collect();
    let signed = [cosigned(1), cosigned(300)];
    let corpus = [cosigned(1), cosigned(300), note(1), note(300)];
    fuzz_text(&corpus, |text| {
        cosigned_by(text, &witnesses).is_ok_and(|by| {
            for cosigned in by {
                let body = text.split("\n\n").next().unwrap();
                assert!(signed.iter().any(|known| known.starts_with(body) && known.contains(&cosigned.line)));
            }
            true
        })
    });
}

#[test]
fn policies_that_are_accepted_are_sound() {
    let [one, two] = [1, 2].map(|seed| cosigner(seed).verifier());
    let log = key().verifier();
    let corpus = [
        format!(
            "log {log}\nwitness one {one} https://w1.example\nwitness two {two}\ngroup g 2 one two\nquorum g\n"
        ),
        format!("# a comment\n\nwitness one {one}\nquorum one\nfaults 0\n"),
        format!("witness one {one}\nwitness two {two}\ngroup g all one two\nquorum g\nfaults 1\n"),
    ];
    let note = cosigned(300);
    fuzz_text(&corpus, |text| {
        text.parse::<WitnessPolicy>().is_ok_and(|policy| {
            assert!(2 * policy.quorum() > policy.witnesses().len() + policy.faults());
            assert!(policy.quorum() <= policy.witnesses().len());
            let witnessed = policy.witnessed(&note, &[key().verifier()]).unwrap();
            assert!(witnessed.by.len() <= 2);
            true
        })
    });
}

#[test]
fn keys_are_read_in_one_spelling() {
    let log = [
        key().verifier().to_string(),
        "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8".to_owned(),
    ];
    fuzz_text(&log, |text| {
        text.parse::<VerifierKey>().is_ok_and(|read| {
            assert_eq!(read.to_string(), text);
            true
        })
    });
    let witness = [cosigner(1).verifier().to_string()];
    fuzz_text(&witness, |text| {
        text.parse::<WitnessKey>().is_ok_and(|read| {
            assert_eq!(read.to_string(), text);
            true
        })
    });
    let secret = [key().to_text().to_string()];
    fuzz_text(&secret, |text| SigningKey::parse(text).is_ok_and(|read| *read.to_text() == text.trim()));
}

#[test]
fn what_is_submitted_to_witnesses_is_read_in_one_spelling() {
    let request =
        |old, size| AddCheckpoint { old, proof: vec![super::Hash::sha256(b"a"); 3], checkpoint: note(size) };
    let corpus = [request(0, 1), request(5, 300)].map(|request| request.print());
    fuzz_text(&corpus, |text| {
        AddCheckpoint::parse(text).is_some_and(|read| {
            assert_eq!(read.print(), text);
            true
        })
    });
}

#[test]
fn openings_are_believed_in_one_form() {
    let mut fields = Fields::new();
    fields.set(Field::Purpose, "referral").set(Field::Agency, "northmoor-cjit");
    let commitments = Commitments::new(fields, &Seeds::from_bytes([3; 32], [4; 32]));
    let opened: Vec<_> = [Field::Purpose, Field::Agency, Field::TraceId]
        .iter()
        .filter_map(|field| commitments.open(*field))
        .collect();
    let corpus = [Opening::print_header(&opened), Opening::print_header(&opened[..1])];
    let root = commitments.root();
    fuzz_text(&corpus, |text| {
        Opening::parse_header(text).is_ok_and(|read| {
            assert_eq!(Opening::parse_header(&Opening::print_header(&read)).as_ref(), Ok(&read));
            for opening in read.iter().filter(|opening| opening.verify(&root)) {
                assert!(opened.contains(opening), "another opening is believed");
            }
            true
        })
    });
}

#[test]
fn paths_and_bundles_are_read_in_one_spelling() {
    let paths = ["tile/0/000", "tile/entries/x001/x234/067.p/8", "tile/63/999.p/255", "tile/1/x001/000"];
    fuzz_text(&paths.map(str::to_owned), |text| {
        text.parse::<TileFile>().is_ok_and(|read| {
            assert_eq!(read.to_string(), text);
            assert!((1..=256).contains(&read.width));
            true
        })
    });
    let corpus = [encode_bundle([b"one".as_slice(), b"", b"three"]).unwrap(), Vec::new()];
    fuzz(&corpus, |bytes| {
        decode_bundle(bytes).is_ok_and(|entries| {
            assert_eq!(encode_bundle(entries.iter().copied()).as_deref(), Some(bytes));
            assert_eq!(bundle_prefix(bytes, entries.len()), Ok(bytes));
            true
        })
    });
}
