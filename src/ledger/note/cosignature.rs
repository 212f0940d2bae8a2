//! Cosignatures (C2SP `tlog-cosignature`, Ed25519): a witness's word that, at a time, a checkpoint was the largest it knew.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::form::{KeyError, SignatureType};
use super::pair::{NamedKey, NamedPair};
use super::{NoteError, SignatureLine, SignedNote, print_signature};

/// What a witness's key makes.
const TYPE: SignatureType = SignatureType::CosignatureV1;
/// A cosignature is a time of eight bytes before a signature of 64.
const LENGTH: usize = 8 + 64;

/// The key of a witness. It is for nothing else: what it signs does not name it. Its file form is
/// `PRIVATE+KEY+<name>+<id>+<base64(0x04 ‖ seed)>`.
pub struct CosigningKey(NamedPair);

impl CosigningKey {
    /// A new random key under this name, by the specification best an address without its scheme.
    pub fn generate(name: &str) -> Result<Self, KeyError> {
        NamedPair::generate(TYPE, name).map(Self)
    }

    /// The key of this 32-byte seed (the private key of RFC 8032).
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        NamedPair::from_seed(TYPE, name, seed).map(Self)
    }

    /// Reads the file form; white space around it does not matter.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        NamedPair::parse(TYPE, text).map(Self)
    }

    /// The file form, without a newline. Secret.
    pub fn to_text(&self) -> Zeroizing<String> {
        self.0.to_text()
    }

    /// The witness's name.
    pub fn name(&self) -> &str {
        self.0.public().name()
    }

    /// The public half.
    pub fn verifier(&self) -> WitnessKey {
        WitnessKey(self.0.public().clone())
    }

    /// The cosignature line, with its newline, of this note at this time (to the second). To be called only once the
    /// note's head is on disk as the largest that this witness has seen of the log.
    ///
    /// # Errors
    /// When the note is malformed, or the time before 1970.
    pub fn cosign(&self, note: &str, at: Timestamp) -> Result<String, NoteError> {
        let note = SignedNote::parse(note)?;
        let seconds = u64::try_from(at.as_second()).map_err(|_| NoteError::Malformed)?;
        let mut cosignature = seconds.to_be_bytes().to_vec();
        cosignature.extend_from_slice(&self.0.sign(&message(seconds, note.text)));
        Ok(self.0.line(&cosignature))
    }
}

impl fmt::Debug for CosigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CosigningKey({:?})", self.0)
    }
}

/// A key that a witness's cosignatures are checked with. Its text form is `<name>+<id>+<base64(0x04 ‖ public key)>`.
#[derive(Clone, PartialEq, Eq)]
pub struct WitnessKey(NamedKey);

impl WitnessKey {
    /// The witness's name.
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// The short id that cosignature lines carry beside the name.
    pub const fn id(&self) -> u32 {
        self.0.id()
    }

    /// The key itself, whatever it is called: two names over one key are one witness.
    pub const fn public_key(&self) -> &[u8; 32] {
        self.0.bytes()
    }

    fn is_of(&self, line: &SignatureLine<'_>) -> bool {
        line.name == self.name() && line.id == self.id()
    }

    /// The time in this witness's line, if the line verifies.
    fn opens(&self, text: &str, line: &SignatureLine<'_>) -> Option<Timestamp> {
        let (seconds, signature) = line.signature.split_first_chunk::<8>()?;
        let seconds = u64::from_be_bytes(*seconds);
        let at = Timestamp::from_second(i64::try_from(seconds).ok()?).ok()?;
        let whole = line.signature.len() == LENGTH;
        (whole && self.0.verifies(&message(seconds, text), signature)).then_some(at)
    }
}

impl fmt::Display for WitnessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for WitnessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WitnessKey({self})")
    }
}

impl FromStr for WitnessKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        NamedKey::parse(TYPE, text).map(Self)
    }
}

/// A cosignature that verifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosigned {
    /// Whose it is.
    pub witness: WitnessKey,
    /// When the witness says it made it, to the second.
    pub at: Timestamp,
    /// The line, with its newline.
    pub line: String,
}

/// The cosignatures of these witnesses under a note, in the order of `witnesses`: one each, where a witness cosigned more
/// than once its earliest. Lines of unknown keys are passed over. Whether the log itself signed the note is not looked at.
///
/// # Errors
/// When the note is malformed, or a line under the name and id of one of these witnesses does not verify.
pub fn cosigned_by(note: &str, witnesses: &[WitnessKey]) -> Result<Vec<Cosigned>, NoteError> {
    let note = SignedNote::parse(note)?;
    let mut found = Vec::new();
    for witness in witnesses {
        let mut earliest: Option<Cosigned> = None;
        for line in note.signatures.iter().filter(|line| witness.is_of(line)) {
            let at = witness.opens(note.text, line).ok_or(NoteError::FalseSignature)?;
            if earliest.as_ref().is_none_or(|known| at < known.at) {
                let line = print_signature(line.name, line.id, &line.signature);
                earliest = Some(Cosigned { witness: witness.clone(), at, line });
            }
        }
        found.extend(earliest);
    }
    Ok(found)
}

/// The times that cosignatures under a note state, unchecked and whoever's they are: to tell old ones from new ones.
pub fn claimed_times(note: &str) -> Vec<Timestamp> {
    let Ok(note) = SignedNote::parse(note) else { return Vec::new() };
    let of_line = |line: &SignatureLine<'_>| {
        let (seconds, _) =
            line.signature.split_first_chunk::<8>().filter(|_| line.signature.len() == LENGTH)?;
        Timestamp::from_second(i64::try_from(u64::from_be_bytes(*seconds)).ok()?).ok()
    };
    note.signatures.iter().filter_map(of_line).collect()
}

/// What is signed: a header that keeps it apart from other signatures, the time, and the note's text.
fn message(seconds: u64, text: &str) -> Vec<u8> {
    format!("cosignature/v1\ntime {seconds}\n{text}").into_bytes()
}

#[cfg(test)]
#[path = "cosignature_tests.rs"]
mod tests;
