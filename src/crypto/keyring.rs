//! The key ring: key-encryption keys and the index key, in a file of mode 0600 that is never in the database.
//!
//! The file is TOML. The first key-encryption key wraps new data keys; the others only unwrap, until re-wrapping is done.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::blind_index::BlindIndex;
use super::envelope::{DataKey, Unreadable};

/// Why a key ring could not be read or made.
#[derive(Debug, thiserror::Error)]
pub enum KeyRingError {
    /// The file could not be read or written.
    #[error("key ring {path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Others than the owner may read it.
    #[error("key ring {path}: others than its owner can read it; run `chmod 600` on it")]
    Exposed {
        /// The file.
        path: PathBuf,
    },
    /// It is not what a key ring looks like. What it holds is not shown.
    #[error("key ring {path}: {what}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: &'static str,
    },
}

/// A data key as the database holds it.
#[derive(Debug, Clone)]
pub struct WrappedKey {
    /// The id of the key-encryption key.
    pub kek: String,
    /// The wrapped key.
    pub wrapped: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RingFile {
    index_key: String,
    key_encryption_keys: Vec<KekFile>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KekFile {
    id: String,
    key: String,
}

/// The keys that the database never sees.
pub struct KeyRing {
    keks: Vec<(String, DataKey)>,
    index: BlindIndex,
}

impl KeyRing {
    /// Writes a new ring with one key-encryption key. Never overwrites.
    ///
    /// # Errors
    /// When the file exists or cannot be written.
    pub fn create(path: &Path, id: &str) -> Result<(), KeyRingError> {
        let random = || -> Result<String, KeyRingError> {
            let mut key = Zeroizing::new([0_u8; 32]);
            SystemRandom::new()
                .fill(key.as_mut())
                .map_err(|_| malformed(path, "no random numbers from the system"))?;
            Ok(STANDARD.encode(key.as_ref()))
        };
        let ring = RingFile {
            index_key: random()?,
            key_encryption_keys: vec![KekFile { id: id.to_owned(), key: random()? }],
        };
        let text = Zeroizing::new(
            toml::to_string(&ring).map_err(|_| malformed(path, "could not be written as TOML"))?,
        );
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
            .map_err(|source| KeyRingError::File { path: path.to_owned(), source })
    }

    /// Reads a ring.
    ///
    /// # Errors
    /// When the file cannot be read, is readable by others, or is not a key ring.
    pub fn load(path: &Path) -> Result<Self, KeyRingError> {
        let file_error = |source| KeyRingError::File { path: path.to_owned(), source };
        let mut file = File::open(path).map_err(file_error)?;
        if file.metadata().map_err(file_error)?.permissions().mode() & 0o077 != 0 {
            return Err(KeyRingError::Exposed { path: path.to_owned() });
        }
        let mut text = Zeroizing::new(String::new());
        file.read_to_string(&mut text).map_err(file_error)?;
        let ring: RingFile = toml::from_str(&text).map_err(|_| malformed(path, "not a key ring in TOML"))?;
        let secret = |text: &str| -> Result<Zeroizing<[u8; 32]>, KeyRingError> {
            let bytes =
                Zeroizing::new(STANDARD.decode(text).map_err(|_| malformed(path, "a key is not base64"))?);
            let key: [u8; 32] =
                bytes.as_slice().try_into().map_err(|_| malformed(path, "a key is not 32 bytes"))?;
            Ok(Zeroizing::new(key))
        };
        let keks = ring
            .key_encryption_keys
            .iter()
            .map(|kek| {
                let key = DataKey::from_secret(secret(&kek.key)?)
                    .map_err(|_| malformed(path, "a key is unusable"))?;
                Ok((kek.id.clone(), key))
            })
            .collect::<Result<Vec<_>, KeyRingError>>()?;
        if keks.is_empty() {
            return Err(malformed(path, "holds no key-encryption key"));
        }
        Ok(Self { keks, index: BlindIndex::new(&*secret(&ring.index_key)?) })
    }

    /// Wraps a data key with the primary key-encryption key, for the owner that `owner` names.
    ///
    /// # Errors
    /// When the machine's random number generator fails.
    pub fn wrap(&self, owner: &[u8], key: &DataKey) -> Result<WrappedKey, Unreadable> {
        let (id, kek) = self.keks.first().ok_or(Unreadable)?;
        Ok(WrappedKey { kek: id.clone(), wrapped: kek.seal_with(&aad(owner), key.secret())? })
    }

    /// Unwraps a data key of this owner.
    ///
    /// # Errors
    /// When the ring does not have its key-encryption key, or it is another owner's.
    pub fn unwrap_key(&self, owner: &[u8], kek: &str, wrapped: &[u8]) -> Result<DataKey, Unreadable> {
        let (_, kek) = self.keks.iter().find(|(id, _)| id == kek).ok_or(Unreadable)?;
        let secret = kek.open_with(&aad(owner), wrapped)?;
        let secret: [u8; 32] = secret.as_slice().try_into().map_err(|_| Unreadable)?;
        DataKey::from_secret(Zeroizing::new(secret))
    }

    /// The keys under which values become tokens.
    pub fn index(&self) -> &BlindIndex {
        &self.index
    }
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyRing(redacted)")
    }
}

fn aad(owner: &[u8]) -> Vec<u8> {
    [b"throughgate/data-key/v1/", owner].concat()
}

fn malformed(path: &Path, what: &'static str) -> KeyRingError {
    KeyRingError::Malformed { path: path.to_owned(), what }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ring.toml");
        KeyRing::create(&path, "kek-1").unwrap();
        (dir, path)
    }

    #[test]
    fn a_wrapped_key_opens_for_its_owner_alone() {
        let (_dir, path) = ring();
        let ring = KeyRing::load(&path).unwrap();
        let key = DataKey::generate().unwrap();
        let wrapped = ring.wrap(b"person/lantern", &key).unwrap();
        let again = ring.unwrap_key(b"person/lantern", &wrapped.kek, &wrapped.wrapped).unwrap();
        assert_eq!(again.secret(), key.secret());
        assert!(ring.unwrap_key(b"person/northmoor-cjit", &wrapped.kek, &wrapped.wrapped).is_err());
        assert!(ring.unwrap_key(b"person/lantern", "kek-2", &wrapped.wrapped).is_err());
    }

    #[test]
    fn a_ring_that_others_can_read_is_refused() {
        let (_dir, path) = ring();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(KeyRing::load(&path), Err(KeyRingError::Exposed { .. })));
    }

    #[test]
    fn a_ring_is_never_overwritten() {
        let (_dir, path) = ring();
        assert!(matches!(KeyRing::create(&path, "kek-2"), Err(KeyRingError::File { .. })));
    }
}
