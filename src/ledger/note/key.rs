//! Keys of signed notes: Ed25519, named, in the text forms that other tools of this ecosystem read.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use zeroize::Zeroizing;

use super::Checkpoint;
use crate::ledger::Hash;

/// The signature type of plain Ed25519 in signed notes.
const TYPE_ED25519: u8 = 1;
const PRIVATE: &str = "PRIVATE+KEY+";

/// A key that signs a log's checkpoints; one a replica, all under the log's name.
pub struct SigningKey {
    name: String,
    id: u32,
    seed: Zeroizing<[u8; 32]>,
    pair: Ed25519KeyPair,
}

impl SigningKey {
    /// A new random key under this name.
    pub fn generate(name: &str) -> Result<Self, KeyError> {
        let mut seed = Zeroizing::new([0; 32]);
        SystemRandom::new().fill(seed.as_mut()).map_err(|_| KeyError::NoRandomness)?;
        Self::from_seed(name, &seed)
    }

    /// The key of this 32-byte seed (the private key of RFC 8032).
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        if !is_name(name) {
            return Err(KeyError::Name);
        }
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| KeyError::Malformed)?;
        let id = key_id(name, pair.public_key().as_ref());
        Ok(Self { name: name.to_owned(), id, seed: Zeroizing::new(*seed), pair })
    }

    /// Reads the file form, `PRIVATE+KEY+<name>+<id>+<base64(0x01 ‖ seed)>`; white space around it does not matter.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let (name, id, bytes) = parse_form(text.trim().strip_prefix(PRIVATE).ok_or(KeyError::Malformed)?)?;
        let key = Self::from_seed(name, &bytes)?;
        if key.id == id { Ok(key) } else { Err(KeyError::Id) }
    }

    /// The file form, without a newline. Secret.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{PRIVATE}{}", print_form(&self.name, self.id, &self.seed)))
    }

    /// The log's name, which is its checkpoints' origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The public half.
    pub fn verifier(&self) -> VerifierKey {
        let mut public = [0; 32];
        public.copy_from_slice(self.pair.public_key().as_ref()); // Ed25519 public keys are 32 bytes long
        VerifierKey { name: self.name.clone(), id: self.id, public }
    }

    /// A checkpoint of this key's log.
    pub fn checkpoint(&self, size: u64, root: Hash) -> Checkpoint {
        Checkpoint { origin: self.name.clone(), size, root }
    }

    /// The signed note. To be called only for a head that is committed: signing another is evidence of a fork.
    pub fn sign(&self, checkpoint: &Checkpoint) -> String {
        let text = checkpoint.text();
        let line = self.signature_line(&text);
        format!("{text}\n{line}")
    }

    /// This key's signature line (with its newline) under a note's text.
    pub(super) fn signature_line(&self, text: &str) -> String {
        let mut bytes = self.id.to_be_bytes().to_vec();
        bytes.extend_from_slice(self.pair.sign(text.as_bytes()).as_ref());
        format!("— {} {}\n", self.name, STANDARD.encode(bytes))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}+{:08x})", self.name, self.id)
    }
}

/// A key that a log's checkpoints are checked with. Its text form is `<name>+<id>+<base64(0x01 ‖ public key)>`.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: u32,
    public: [u8; 32],
}

impl VerifierKey {
    /// The log's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The short id that signature lines carry beside the name.
    pub const fn id(&self) -> u32 {
        self.id
    }

    /// Reads a key file: one key a line, empty lines between them allowed. A file without a key is an error.
    pub fn parse_file(text: &str) -> Result<Vec<Self>, KeyError> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let keys = lines.map(str::parse).collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() { Err(KeyError::Malformed) } else { Ok(keys) }
    }

    pub(super) fn verifies(&self, text: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.public).verify(text, signature).is_ok()
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print_form(&self.name, self.id, &self.public))
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
        let (name, id, bytes) = parse_form(text)?;
        if !is_name(name) {
            return Err(KeyError::Name);
        }
        if id != key_id(name, &*bytes) {
            return Err(KeyError::Id);
        }
        Ok(Self { name: name.to_owned(), id, public: *bytes })
    }
}

/// Text that is not a key. Holds nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not of the form of a signed-note key.
    #[error("not a signed-note key")]
    Malformed,
    /// A name must not be empty nor hold spaces, control characters or `+`.
    #[error("not a name for a signed-note key")]
    Name,
    /// The id does not belong to the name and the key.
    #[error("the id in the key does not belong to it")]
    Id,
    /// Only Ed25519 (type 1) signs checkpoints here.
    #[error("not an Ed25519 key")]
    Algorithm,
    /// The machine gave no random bytes.
    #[error("no randomness")]
    NoRandomness,
}

pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+')
}

/// SHA-256(name ‖ newline ‖ type ‖ public key), its first four bytes.
fn key_id(name: &str, public: &[u8]) -> u32 {
    let hash = Hash::sha256(&[name.as_bytes(), b"\n", &[TYPE_ED25519], public].concat());
    let [a, b, c, d, ..] = *hash.as_bytes();
    u32::from_be_bytes([a, b, c, d])
}

fn print_form(name: &str, id: u32, key: &[u8; 32]) -> String {
    let mut bytes = Zeroizing::new(Vec::with_capacity(33));
    bytes.push(TYPE_ED25519);
    bytes.extend_from_slice(key);
    let encoded = Zeroizing::new(STANDARD.encode(&*bytes));
    format!("{name}+{id:08x}+{}", *encoded)
}

fn parse_form(text: &str) -> Result<(&str, u32, Zeroizing<[u8; 32]>), KeyError> {
    let mut parts = text.splitn(3, '+');
    let mut part = || parts.next().ok_or(KeyError::Malformed);
    let (name, id, encoded) = (part()?, part()?, part()?);
    let plain = id.len() == 8 && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let id = u32::from_str_radix(id, 16).ok().filter(|_| plain).ok_or(KeyError::Malformed)?;
    let bytes = Zeroizing::new(STANDARD.decode(encoded).map_err(|_| KeyError::Malformed)?);
    let (kind, key) = bytes.split_first().ok_or(KeyError::Malformed)?;
    if *kind != TYPE_ED25519 {
        return Err(KeyError::Algorithm);
    }
    let key: [u8; 32] = key.try_into().map_err(|_| KeyError::Malformed)?;
    Ok((name, id, Zeroizing::new(key)))
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
