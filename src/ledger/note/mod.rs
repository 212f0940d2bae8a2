//! C2SP signed notes and checkpoints: the text that a log's key puts its name to.

use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Hash;

mod cosignature;
mod form;
mod key;
mod pair;

pub use cosignature::{Cosigned, CosigningKey, WitnessKey, claimed_times, cosigned_by};
pub use form::KeyError;
pub use key::{SigningKey, VerifierKey};

/// Longest note that is looked at, in bytes: far above sixteen post-quantum signatures.
const MAX_NOTE: usize = 256 * 1024;
/// Most signature lines that are looked at; the specification asks for at least 16.
const MAX_SIGNATURES: usize = 64;

/// A tree head: what a log says its tree is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name.
    pub origin: String,
    /// How many leaves.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

impl Checkpoint {
    /// The note text: origin, size and base64 root, one a line.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root.to_base64())
    }

    /// Opens a signed checkpoint. At least one of these keys, under the name of the checkpoint's origin, must have signed
    /// it, and no signature of any of them may be false. Lines of unknown keys (a witness, another replica) are passed over.
    pub fn open(note: &str, keys: &[VerifierKey]) -> Result<Self, NoteError> {
        let note = SignedNote::parse(note)?;
        let checkpoint = Self::from_text(note.text)?;
        let is_its_own = |key: &&VerifierKey| key.name() == checkpoint.origin;
        if signed_by(&note, keys)?.iter().any(is_its_own) {
            Ok(checkpoint)
        } else {
            Err(NoteError::NotSigned)
        }
    }

    fn from_text(text: &str) -> Result<Self, NoteError> {
        let mut lines = text.strip_suffix('\n').ok_or(NoteError::Malformed)?.split('\n');
        let mut line = || lines.next().filter(|line| !line.is_empty()).ok_or(NoteError::Malformed);
        let origin = line()?.to_owned();
        let size = parse_decimal(line()?).ok_or(NoteError::Malformed)?;
        let root = Hash::from_base64(line()?).map_err(|_| NoteError::Malformed)?;
        // Extension lines are signed with the rest; we give them no meaning.
        if lines.any(str::is_empty) {
            return Err(NoteError::Malformed);
        }
        Ok(Self { origin, size, root })
    }
}

/// The text of a signed note of another kind. At least one of these keys must have signed it, and no signature of any of them may be
/// false.
///
/// # Errors
/// When it is no signed note, or is not believed.
pub fn open_text<'n>(note: &'n str, keys: &[VerifierKey]) -> Result<&'n str, NoteError> {
    let note = SignedNote::parse(note)?;
    if signed_by(&note, keys)?.is_empty() { Err(NoteError::NotSigned) } else { Ok(note.text) }
}

/// The keys that signed a note.
fn signed_by<'k>(note: &SignedNote<'_>, keys: &'k [VerifierKey]) -> Result<Vec<&'k VerifierKey>, NoteError> {
    let mut signed = Vec::new();
    for line in &note.signatures {
        for key in keys.iter().filter(|key| line.is_by(key)) {
            if !key.verifies(note.text.as_bytes(), &line.signature) {
                return Err(NoteError::FalseSignature);
            }
            signed.push(key);
        }
    }
    Ok(signed)
}

/// The head that a checkpoint states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimedHead {
    /// How many leaves.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

/// The head that a checkpoint states, its signature unchecked: for a note of one's own, and for one that is compared with
/// the tree itself.
pub fn claimed_head(note: &str) -> Option<ClaimedHead> {
    let Checkpoint { size, root, .. } = claimed(note)?;
    Some(ClaimedHead { size, root })
}

/// The log that a checkpoint says it is of, its signature unchecked: to find the keys by which it is then opened.
pub fn claimed_origin(note: &str) -> Option<String> {
    claimed(note).map(|checkpoint| checkpoint.origin)
}

fn claimed(note: &str) -> Option<Checkpoint> {
    Checkpoint::from_text(SignedNote::parse(note).ok()?.text).ok()
}

/// Why a note is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It is not a signed note, or its text is not a checkpoint.
    #[error("not a well-formed signed checkpoint")]
    Malformed,
    /// A line under a known key's name and id does not verify.
    #[error("a signature of a known key is false")]
    FalseSignature,
    /// No line is by a key that is known for this origin.
    #[error("not signed by a known key of this log")]
    NotSigned,
}

/// A number as checkpoints and proofs write it: ASCII digits, no leading zero.
pub(crate) fn parse_decimal(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text.len() == 1 || !text.starts_with('0'));
    if plain { u64::from_str(text).ok() } else { None }
}

/// A note taken apart; nothing in it has been verified.
struct SignedNote<'n> {
    text: &'n str,
    signatures: Vec<SignatureLine<'n>>,
}

struct SignatureLine<'n> {
    name: &'n str,
    id: u32,
    signature: Vec<u8>,
}

impl SignatureLine<'_> {
    fn is_by(&self, key: &VerifierKey) -> bool {
        self.name == key.name() && self.id == key.id()
    }
}

impl<'n> SignedNote<'n> {
    fn parse(note: &'n str) -> Result<Self, NoteError> {
        if note.len() > MAX_NOTE || note.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
            return Err(NoteError::Malformed);
        }
        let split = note.rfind("\n\n").ok_or(NoteError::Malformed)?;
        let (text, rest) = note.split_at_checked(split + 1).ok_or(NoteError::Malformed)?;
        let lines =
            rest.strip_prefix('\n').and_then(|lines| lines.strip_suffix('\n')).ok_or(NoteError::Malformed)?;
        let signatures: Vec<_> =
            lines.split('\n').map(parse_signature).collect::<Option<_>>().ok_or(NoteError::Malformed)?;
        if signatures.len() > MAX_SIGNATURES {
            return Err(NoteError::Malformed);
        }
        Ok(Self { text, signatures })
    }
}

fn parse_signature(line: &str) -> Option<SignatureLine<'_>> {
    let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
    let bytes = STANDARD.decode(encoded).ok()?;
    let (id, signature) = bytes.split_first_chunk::<4>()?;
    let whole = form::is_name(name) && !signature.is_empty();
    whole.then(|| SignatureLine { name, id: u32::from_be_bytes(*id), signature: signature.to_vec() })
}

/// A signature line, with its newline.
fn print_signature(name: &str, id: u32, signature: &[u8]) -> String {
    let mut bytes = id.to_be_bytes().to_vec();
    bytes.extend_from_slice(signature);
    format!("— {name} {}\n", STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use signed_note::{Note, StandardSigner, StandardVerifier, VerifierList};

    use super::*;

    const ORIGIN: &str = "northmoor.example/log";

    fn key() -> SigningKey {
        SigningKey::from_seed(ORIGIN, &[7; 32]).unwrap()
    }

    fn checkpoint() -> Checkpoint {
        Checkpoint { origin: ORIGIN.to_owned(), size: 20_852_163, root: Hash::sha256(b"root") }
    }

    #[test]
    fn the_example_of_the_specification_has_our_shape() {
        let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
        let parsed = Checkpoint::from_text(text).unwrap();
        assert_eq!((parsed.size, parsed.text().as_str()), (20_852_163, text));
    }

    #[test]
    fn our_notes_verify_elsewhere_and_those_made_elsewhere_verify_here() {
        let signed = key().sign(&checkpoint());
        let verifier = || {
            let standard = StandardVerifier::new(&key().verifier().to_string()).unwrap();
            VerifierList::new(vec![Box::new(standard)])
        };
        let theirs = Note::from_bytes(signed.as_bytes()).unwrap();
        assert_eq!(theirs.verify(&verifier()).unwrap().0.len(), 1);
        let text = key().to_text();
        let signer = StandardSigner::new(&text).unwrap();
        let mut made = Note::new(checkpoint().text().as_bytes(), &[]).unwrap();
        made.add_sigs(&[&signer]).unwrap();
        let made = String::from_utf8(made.to_bytes()).unwrap();
        assert_eq!(made, signed);
        assert_eq!(Checkpoint::open(&made, &[key().verifier()]), Ok(checkpoint()));
    }

    #[test]
    fn a_note_with_any_byte_changed_is_refused() {
        let signed = key().sign(&checkpoint());
        let keys = [key().verifier()];
        for at in 0..signed.len() {
            for bit in 0..8 {
                let mut bytes = signed.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                let opened = String::from_utf8(bytes).ok().map(|note| Checkpoint::open(&note, &keys));
                assert!(!matches!(opened, Some(Ok(_))), "byte {at}, bit {bit}");
            }
        }
    }

    #[test]
    fn lines_of_unknown_keys_are_passed_over_but_do_not_count() {
        let other = SigningKey::from_seed(ORIGIN, &[8; 32]).unwrap();
        let witness = SigningKey::from_seed("witness.example", &[9; 32]).unwrap();
        let signed = key().sign(&checkpoint());
        let cosignature = witness.signature_line(&checkpoint().text());
        let both = format!("{signed}{cosignature}");
        assert_eq!(Checkpoint::open(&both, &[key().verifier()]), Ok(checkpoint()));
        assert_eq!(Checkpoint::open(&both, &[other.verifier()]), Err(NoteError::NotSigned));
        // A known key of another name vouches for nothing of this log.
        assert_eq!(Checkpoint::open(&both, &[witness.verifier()]), Err(NoteError::NotSigned));
        assert_eq!(Checkpoint::open(&both, &[]), Err(NoteError::NotSigned));
        let false_line = other.signature_line("another text\n");
        let keys = [key().verifier(), other.verifier()];
        assert_eq!(Checkpoint::open(&format!("{signed}{false_line}"), &keys), Err(NoteError::FalseSignature));
    }

    #[test]
    fn a_size_has_one_spelling() {
        assert_eq!(parse_decimal("0"), Some(0));
        assert_eq!(parse_decimal("18446744073709551615"), Some(u64::MAX));
        for wrong in ["", "01", "+1", "-1", "1 ", "18446744073709551616", "0x1", "٣"] {
            assert_eq!(parse_decimal(wrong), None, "{wrong:?}");
        }
    }
}
