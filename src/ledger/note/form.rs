//! What all keys of signed notes have in common: their text form, their short id, and what a name may be.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rand::{SecureRandom as _, SystemRandom};
use zeroize::Zeroizing;

use crate::ledger::Hash;

/// What the text form of a private key begins with.
pub(super) const PRIVATE: &str = "PRIVATE+KEY+";

/// What kind of signature a key makes; the first byte of its base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SignatureType {
    /// Over the note's text: a log's signature.
    Ed25519,
    /// Over a time and the note's text: a witness's cosignature.
    CosignatureV1,
}

impl SignatureType {
    const fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 1,
            Self::CosignatureV1 => 4,
        }
    }
}

/// The seed of a new key.
pub(super) fn random_seed() -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let mut seed = Zeroizing::new([0; 32]);
    SystemRandom::new().fill(seed.as_mut()).map_err(|_| KeyError::NoRandomness)?;
    Ok(seed)
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
    /// Of another signature type: logs sign with plain Ed25519 (1), witnesses with timestamped Ed25519 (4).
    #[error("not an Ed25519 key of the type that is wanted here")]
    Algorithm,
    /// The machine gave no random bytes.
    #[error("no randomness")]
    NoRandomness,
}

/// Whether signed notes allow this name for a key.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+')
}

/// SHA-256(name ‖ newline ‖ type ‖ public key), its first four bytes.
pub(super) fn key_id(kind: SignatureType, name: &str, public: &[u8]) -> u32 {
    let hash = Hash::sha256(&[name.as_bytes(), b"\n", &[kind.byte()], public].concat());
    let [a, b, c, d, ..] = *hash.as_bytes();
    u32::from_be_bytes([a, b, c, d])
}

/// `<name>+<id>+<base64(type ‖ key)>`.
pub(super) fn print(kind: SignatureType, name: &str, id: u32, key: &[u8; 32]) -> String {
    let mut bytes = Zeroizing::new(Vec::with_capacity(33));
    bytes.push(kind.byte());
    bytes.extend_from_slice(key);
    let encoded = Zeroizing::new(STANDARD.encode(&*bytes));
    format!("{name}+{id:08x}+{}", *encoded)
}

/// Name, id and key of that form; whether the id belongs to the key is for the caller to check.
pub(super) fn parse(kind: SignatureType, text: &str) -> Result<(&str, u32, Zeroizing<[u8; 32]>), KeyError> {
    let mut parts = text.splitn(3, '+');
    let mut part = || parts.next().ok_or(KeyError::Malformed);
    let (name, id, encoded) = (part()?, part()?, part()?);
    let plain = id.len() == 8 && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let id = u32::from_str_radix(id, 16).ok().filter(|_| plain).ok_or(KeyError::Malformed)?;
    let bytes = Zeroizing::new(STANDARD.decode(encoded).map_err(|_| KeyError::Malformed)?);
    let (found, key) = bytes.split_first().ok_or(KeyError::Malformed)?;
    if *found != kind.byte() {
        return Err(KeyError::Algorithm);
    }
    let key: [u8; 32] = key.try_into().map_err(|_| KeyError::Malformed)?;
    Ok((name, id, Zeroizing::new(key)))
}
