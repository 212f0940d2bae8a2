//! Keys of signed notes: Ed25519, named, in the text forms that other tools of this ecosystem read.

use std::fmt;
use std::str::FromStr;

use zeroize::Zeroizing;

use super::Checkpoint;
use super::form::{KeyError, SignatureType};
use super::pair::{NamedKey, NamedPair};
use crate::ledger::Hash;

/// What a log's key makes.
const TYPE: SignatureType = SignatureType::Ed25519;

/// A key that signs a log's checkpoints; one a replica, all under the log's name. Its file form is
/// `PRIVATE+KEY+<name>+<id>+<base64(0x01 ‖ seed)>`.
pub struct SigningKey(NamedPair);

impl SigningKey {
    /// A new random key under this name.
    pub fn generate(name: &str) -> Result<Self, KeyError> {
        NamedPair::generate(TYPE, name).map(Self)
    }

    /// The key of this 32-byte seed (the private key of RFC 8032).
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        NamedPair::from_seed(TYPE, name, seed).map(Self)
    }

    /// The same key under another name: that of the log that comes after this key's.
    pub fn renamed(&self, name: &str) -> Result<Self, KeyError> {
        self.0.renamed(name).map(Self)
    }

    /// Reads the file form; white space around it does not matter.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        NamedPair::parse(TYPE, text).map(Self)
    }

    /// The file form, without a newline. Secret.
    pub fn to_text(&self) -> Zeroizing<String> {
        self.0.to_text()
    }

    /// The log's name, which is its checkpoints' origin.
    pub fn name(&self) -> &str {
        self.0.public().name()
    }

    /// The public half.
    pub fn verifier(&self) -> VerifierKey {
        VerifierKey(self.0.public().clone())
    }

    /// A checkpoint of this key's log.
    pub fn checkpoint(&self, size: u64, root: Hash) -> Checkpoint {
        Checkpoint { origin: self.name().to_owned(), size, root }
    }

    /// The signed note. To be called only for a head that is committed: signing another is evidence of a fork.
    pub fn sign(&self, checkpoint: &Checkpoint) -> String {
        let text = checkpoint.text();
        let line = self.signature_line(&text);
        format!("{text}\n{line}")
    }

    /// A signed note of another kind: a text, ending in a newline, whose first line is no log's name.
    pub fn sign_text(&self, text: &str) -> String {
        let line = self.signature_line(text);
        format!("{text}\n{line}")
    }

    /// This key's signature line (with its newline) under a note's text.
    pub(super) fn signature_line(&self, text: &str) -> String {
        self.0.line(&self.0.sign(text.as_bytes()))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({:?})", self.0)
    }
}

/// A key that a log's checkpoints are checked with. Its text form is `<name>+<id>+<base64(0x01 ‖ public key)>`.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey(NamedKey);

impl VerifierKey {
    /// The log's name.
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// The short id that signature lines carry beside the name.
    pub const fn id(&self) -> u32 {
        self.0.id()
    }

    /// The key itself, whatever it is called: two names over one key are one signer.
    pub const fn public_key(&self) -> &[u8; 32] {
        self.0.bytes()
    }

    /// Reads a key file: one key a line, empty lines between them allowed. A file without a key is an error.
    pub fn parse_file(text: &str) -> Result<Vec<Self>, KeyError> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let keys = lines.map(str::parse).collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() { Err(KeyError::Malformed) } else { Ok(keys) }
    }

    pub(super) fn verifies(&self, text: &[u8], signature: &[u8]) -> bool {
        self.0.verifies(text, signature)
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        NamedKey::parse(TYPE, text).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_their_text_forms() {
        let key = SigningKey::generate("northmoor.example/log").unwrap();
        let read = SigningKey::parse(&format!("{}\n", *key.to_text())).unwrap();
        assert_eq!(read.verifier(), key.verifier());
        let file = format!("{}\n\n{}\n", key.verifier(), read.verifier());
        assert_eq!(VerifierKey::parse_file(&file).unwrap(), [key.verifier(), key.verifier()]);
    }

    #[test]
    fn a_public_key_published_elsewhere_is_read() {
        // The Go checksum database's key, whose base64 itself holds a plus sign.
        let text = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
        assert_eq!(text.parse::<VerifierKey>().unwrap().to_string(), text);
    }

    #[test]
    fn a_secret_key_does_not_show_itself() {
        let key = SigningKey::from_seed("northmoor.example/log", &[0x5a; 32]).unwrap();
        let shown = format!("{key:?}");
        assert!(!shown.contains("5a5a") && !shown.contains("Wlpa"), "{shown}");
    }

    #[test]
    fn false_keys_are_refused() {
        let good = SigningKey::from_seed("log", &[1; 32]).unwrap();
        let text = good.verifier().to_string();
        assert_eq!(text.replacen("log", "lag", 1).parse::<VerifierKey>(), Err(KeyError::Id));
        assert_eq!("log+00000000+BAAA".parse::<VerifierKey>(), Err(KeyError::Algorithm));
        assert_eq!("log".parse::<VerifierKey>(), Err(KeyError::Malformed));
        assert_eq!(SigningKey::parse(&text).unwrap_err(), KeyError::Malformed);
        for name in ["", "a b", "a+b", "a\nb", "a\u{2003}b"] {
            assert_eq!(SigningKey::from_seed(name, &[1; 32]).unwrap_err(), KeyError::Name);
        }
        assert_eq!(VerifierKey::parse_file("\n"), Err(KeyError::Malformed));
    }
}
