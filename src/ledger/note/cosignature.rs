//! Cosignatures (C2SP `tlog-cosignature`, Ed25519): a witness's word that, at a time, a checkpoint was the largest it knew.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use zeroize::Zeroizing;

use super::form::{self, KeyError, PRIVATE, SignatureType};
use super::{NoteError, SignatureLine, SignedNote, print_signature};

/// What a witness's key makes.
const TYPE: SignatureType = SignatureType::CosignatureV1;
/// A cosignature is a time of eight bytes before a signature of 64.
const LENGTH: usize = 8 + 64;

/// The key of a witness. It is for nothing else: what it signs does not name it.
pub struct CosigningKey {
    name: String,
    id: u32,
    seed: Zeroizing<[u8; 32]>,
    pair: Ed25519KeyPair,
}

impl CosigningKey {
    /// A new random key under this name, by the specification best an address without its scheme.
    pub fn generate(name: &str) -> Result<Self, KeyError> {
        Self::from_seed(name, &*form::random_seed()?)
    }

    /// The key of this 32-byte seed (the private key of RFC 8032).
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        if !form::is_name(name) {
            return Err(KeyError::Name);
        }
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| KeyError::Malformed)?;
        let id = form::key_id(TYPE, name, pair.public_key().as_ref());
        Ok(Self { name: name.to_owned(), id, seed: Zeroizing::new(*seed), pair })
    }

    /// Reads the file form, `PRIVATE+KEY+<name>+<id>+<base64(0x04 ‖ seed)>`; white space around it does not matter.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let (name, id, bytes) =
            form::parse(TYPE, text.trim().strip_prefix(PRIVATE).ok_or(KeyError::Malformed)?)?;
        let key = Self::from_seed(name, &bytes)?;
        if key.id == id { Ok(key) } else { Err(KeyError::Id) }
    }

    /// The file form, without a newline. Secret.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{PRIVATE}{}", form::print(TYPE, &self.name, self.id, &self.seed)))
    }

    /// The witness's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The public half.
    pub fn verifier(&self) -> WitnessKey {
        let mut public = [0; 32];
        public.copy_from_slice(self.pair.public_key().as_ref()); // Ed25519 public keys are 32 bytes long
        WitnessKey { name: self.name.clone(), id: self.id, public }
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
        cosignature.extend_from_slice(self.pair.sign(&message(seconds, note.text)).as_ref());
        Ok(print_signature(&self.name, self.id, &cosignature))
    }
}

impl fmt::Debug for CosigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CosigningKey({}+{:08x})", self.name, self.id)
    }
}

/// A key that a witness's cosignatures are checked with. Its text form is `<name>+<id>+<base64(0x04 ‖ public key)>`.
#[derive(Clone, PartialEq, Eq)]
pub struct WitnessKey {
    name: String,
    id: u32,
    public: [u8; 32],
}

impl WitnessKey {
    /// The witness's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The short id that cosignature lines carry beside the name.
    pub const fn id(&self) -> u32 {
        self.id
    }

    /// The key itself, whatever it is called: two names over one key are one witness.
    pub const fn public_key(&self) -> &[u8; 32] {
        &self.public
    }

    fn is_of(&self, line: &SignatureLine<'_>) -> bool {
        line.name == self.name && line.id == self.id
    }

    /// The time in this witness's line, if the line verifies.
    fn opens(&self, text: &str, line: &SignatureLine<'_>) -> Option<Timestamp> {
        let (seconds, signature) = line.signature.split_first_chunk::<8>()?;
        let seconds = u64::from_be_bytes(*seconds);
        let at = Timestamp::from_second(i64::try_from(seconds).ok()?).ok()?;
        let key = UnparsedPublicKey::new(&ED25519, &self.public);
        let whole = line.signature.len() == LENGTH;
        (whole && key.verify(&message(seconds, text), signature).is_ok()).then_some(at)
    }
}

impl fmt::Display for WitnessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&form::print(TYPE, &self.name, self.id, &self.public))
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
        let (name, id, bytes) = form::parse(TYPE, text)?;
        if !form::is_name(name) {
            return Err(KeyError::Name);
        }
        if id != form::key_id(TYPE, name, &*bytes) {
            return Err(KeyError::Id);
        }
        Ok(Self { name: name.to_owned(), id, public: *bytes })
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

/// What is signed: a header that keeps it apart from other signatures, the time, and the note's text.
fn message(seconds: u64, text: &str) -> Vec<u8> {
    format!("cosignature/v1\ntime {seconds}\n{text}").into_bytes()
}

#[cfg(test)]
#[path = "cosignature_tests.rs"]
mod tests;
