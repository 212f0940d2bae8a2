//! An Ed25519 key under a name, secret and public: what the keys of logs and those of witnesses have in common.

use std::fmt;

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use zeroize::Zeroizing;

use super::form::{self, KeyError, PRIVATE, SignatureType};
use super::print_signature;

/// The secret half, for signatures of one type.
pub(super) struct NamedPair {
    seed: Zeroizing<[u8; 32]>,
    pair: Ed25519KeyPair,
    public: NamedKey,
}

impl NamedPair {
    /// A new random key.
    pub(super) fn generate(kind: SignatureType, name: &str) -> Result<Self, KeyError> {
        Self::from_seed(kind, name, &*form::random_seed()?)
    }

    /// The key of this seed (the private key of RFC 8032).
    pub(super) fn from_seed(kind: SignatureType, name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| KeyError::Malformed)?;
        let public = pair.public_key().as_ref().try_into().map_err(|_| KeyError::Malformed)?;
        let public = NamedKey::new(kind, name, public)?;
        Ok(Self { seed: Zeroizing::new(*seed), pair, public })
    }

    /// The same key under another name.
    pub(super) fn renamed(&self, name: &str) -> Result<Self, KeyError> {
        Self::from_seed(self.public.kind, name, &self.seed)
    }

    /// Reads the file form; white space around it does not matter.
    pub(super) fn parse(kind: SignatureType, text: &str) -> Result<Self, KeyError> {
        let (name, id, seed) =
            form::parse(kind, text.trim().strip_prefix(PRIVATE).ok_or(KeyError::Malformed)?)?;
        let key = Self::from_seed(kind, name, &seed)?;
        if key.public.id == id { Ok(key) } else { Err(KeyError::Id) }
    }

    /// The file form, without a newline. Secret.
    pub(super) fn to_text(&self) -> Zeroizing<String> {
        let NamedKey { kind, name, id, .. } = &self.public;
        Zeroizing::new(format!("{PRIVATE}{}", form::print(*kind, name, *id, &self.seed)))
    }

    /// The public half.
    pub(super) const fn public(&self) -> &NamedKey {
        &self.public
    }

    /// The signature over a message.
    pub(super) fn sign(&self, message: &[u8]) -> [u8; 64] {
        let mut signature = [0; 64];
        signature.copy_from_slice(self.pair.sign(message).as_ref()); // Ed25519 signatures are 64 bytes long
        signature
    }

    /// A signature line under this key's name, with its newline.
    pub(super) fn line(&self, signature: &[u8]) -> String {
        print_signature(&self.public.name, self.public.id, signature)
    }
}

impl fmt::Debug for NamedPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{:08x}", self.public.name, self.public.id)
    }
}

/// The public half.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct NamedKey {
    kind: SignatureType,
    name: String,
    id: u32,
    public: [u8; 32],
}

impl NamedKey {
    fn new(kind: SignatureType, name: &str, public: [u8; 32]) -> Result<Self, KeyError> {
        if !form::is_name(name) {
            return Err(KeyError::Name);
        }
        let id = form::key_id(kind, name, &public);
        Ok(Self { kind, name: name.to_owned(), id, public })
    }

    /// Reads the text form.
    pub(super) fn parse(kind: SignatureType, text: &str) -> Result<Self, KeyError> {
        let (name, id, public) = form::parse(kind, text)?;
        let key = Self::new(kind, name, *public)?;
        if key.id == id { Ok(key) } else { Err(KeyError::Id) }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) const fn id(&self) -> u32 {
        self.id
    }

    pub(super) const fn bytes(&self) -> &[u8; 32] {
        &self.public
    }

    /// Whether it made a signature over a message.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.public).verify(message, signature).is_ok()
    }
}

impl fmt::Display for NamedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&form::print(self.kind, &self.name, self.id, &self.public))
    }
}
