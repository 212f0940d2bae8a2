//! AEAD envelopes: a ciphertext bound to its table, row, column and log entry, so that it can be neither moved nor made by hand.
//!
//! Layout: `0x01 ‖ nonce (12 bytes) ‖ AES-256-GCM ciphertext and tag`.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use crate::id::EntryId;

const VERSION: u8 = 1;

/// An envelope that did not open: another key, another place, or altered bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an encrypted column could not be opened: wrong key, moved or altered")]
pub struct Unreadable;

/// Where an envelope belongs. It opens nowhere else.
#[derive(Debug, Clone, Copy)]
pub struct Bound<'a> {
    /// The table.
    pub table: &'static str,
    /// The primary key, part by part.
    pub row: &'a [&'a [u8]],
    /// The column.
    pub column: &'static str,
    /// The log entry that recorded the write.
    pub entry: EntryId,
}

impl Bound<'_> {
    /// Unambiguous bytes: each part is preceded by its length.
    fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(128);
        let mut push = |part: &[u8]| {
            out.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            out.extend_from_slice(part);
        };
        push(self.table.as_bytes());
        push(self.column.as_bytes());
        push(self.entry.as_bytes());
        self.row.iter().for_each(|part| push(part));
        out
    }
}

/// A key that encrypts data: one for each person and custodian, one for each retention class.
pub struct DataKey {
    cipher: LessSafeKey,
    secret: Zeroizing<[u8; 32]>,
}

impl DataKey {
    /// A new random one.
    ///
    /// # Errors
    /// When the machine's random number generator fails.
    pub fn generate() -> Result<Self, Unreadable> {
        let mut secret = Zeroizing::new([0; 32]);
        SystemRandom::new().fill(secret.as_mut()).map_err(|_| Unreadable)?;
        Self::from_secret(secret)
    }

    pub(super) fn from_secret(secret: Zeroizing<[u8; 32]>) -> Result<Self, Unreadable> {
        let key = UnboundKey::new(&AES_256_GCM, secret.as_ref()).map_err(|_| Unreadable)?;
        Ok(Self { cipher: LessSafeKey::new(key), secret })
    }

    pub(super) fn secret(&self) -> &[u8; 32] {
        &self.secret
    }

    /// The key for one log entry, derived, so that a key that serves millions of entries never meets a nonce twice.
    ///
    /// # Errors
    /// Never in practice: the derived key always has the right length.
    pub fn for_entry(&self, entry: EntryId) -> Result<Self, Unreadable> {
        let prk = hmac::Key::new(hmac::HMAC_SHA256, self.secret.as_ref());
        let mut context = hmac::Context::with_key(&prk);
        context.update(b"throughgate/entry-key/v1");
        context.update(entry.as_bytes());
        let secret: [u8; 32] = context.sign().as_ref().try_into().map_err(|_| Unreadable)?;
        Self::from_secret(Zeroizing::new(secret))
    }

    /// Encrypts `plaintext` for this place alone.
    ///
    /// # Errors
    /// When the machine's random number generator fails.
    pub fn seal(&self, bound: &Bound<'_>, plaintext: &[u8]) -> Result<Vec<u8>, Unreadable> {
        self.seal_with(&bound.bytes(), plaintext)
    }

    /// Decrypts what was sealed for this place.
    ///
    /// # Errors
    /// When the envelope was sealed with another key or for another place, or was altered.
    pub fn open(&self, bound: &Bound<'_>, envelope: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
        self.open_with(&bound.bytes(), envelope)
    }

    pub(super) fn seal_with(&self, aad: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, Unreadable> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).map_err(|_| Unreadable)?;
        let mut out = Vec::with_capacity(1 + NONCE_LEN + plaintext.len() + AES_256_GCM.tag_len());
        out.push(VERSION);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(plaintext);
        let (_, body) = out.split_at_mut_checked(1 + NONCE_LEN).ok_or(Unreadable)?;
        let tag = self
            .cipher
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), body)
            .map_err(|_| Unreadable)?;
        out.extend_from_slice(tag.as_ref());
        Ok(out)
    }

    pub(super) fn open_with(&self, aad: &[u8], envelope: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
        let (&version, rest) = envelope.split_first().ok_or(Unreadable)?;
        let (nonce, body) = rest.split_first_chunk::<NONCE_LEN>().ok_or(Unreadable)?;
        if version != VERSION {
            return Err(Unreadable);
        }
        let mut plain = Zeroizing::new(body.to_vec());
        let length = self
            .cipher
            .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(aad), plain.as_mut_slice())
            .map_err(|_| Unreadable)?
            .len();
        plain.truncate(length);
        Ok(plain)
    }
}

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKey(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound<'a>(row: &'a [&'a [u8]]) -> Bound<'a> {
        Bound { table: "record_part", row, column: "envelope", entry: EntryId::from_bytes([7; 16]) }
    }

    #[test]
    fn an_envelope_opens_in_its_own_place() {
        let key = DataKey::generate().unwrap();
        let sealed = key.seal(&bound(&[b"a", b"b"]), b"Fixture Cedar").unwrap();
        assert_eq!(key.open(&bound(&[b"a", b"b"]), &sealed).unwrap().as_slice(), b"Fixture Cedar");
    }

    #[test]
    fn an_envelope_opens_nowhere_else() {
        let key = DataKey::generate().unwrap();
        let sealed = key.seal(&bound(&[b"a", b"b"]), b"x").unwrap();
        assert_eq!(key.open(&bound(&[b"ab", b""]), &sealed), Err(Unreadable));
        let other_entry = Bound { entry: EntryId::from_bytes([8; 16]), ..bound(&[b"a", b"b"]) };
        assert_eq!(key.open(&other_entry, &sealed), Err(Unreadable));
        assert_eq!(DataKey::generate().unwrap().open(&bound(&[b"a", b"b"]), &sealed), Err(Unreadable));
    }

    #[test]
    fn every_altered_byte_is_noticed() {
        let key = DataKey::generate().unwrap();
        let sealed = key.seal(&bound(&[b"a"]), b"Fixture Cedar").unwrap();
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert_eq!(key.open(&bound(&[b"a"]), &altered), Err(Unreadable), "byte {at}");
        }
        assert_eq!(key.open(&bound(&[b"a"]), &[]), Err(Unreadable));
    }

    #[test]
    fn a_key_never_prints_itself() {
        assert_eq!(format!("{:?}", DataKey::generate().unwrap()), "DataKey(redacted)");
    }
}
