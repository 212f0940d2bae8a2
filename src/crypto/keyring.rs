//! The key ring: key-encryption keys and the index key, in a file of mode 0600 that is never in the database.
//!
//! The file is TOML. The first key-encryption key wraps new data keys; the others only unwrap, until re-wrapping is done.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use zeroize::Zeroizing;

use super::blind_index::BlindIndex;
use super::envelope::{DataKey, Unreadable};
use super::match_keys::{Generation, MatchKeys};
use super::ring_file::{RingFile, malformed};

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

/// The keys that the database never sees. The file is read again when it must have changed: when a key is met that was put into
/// it meanwhile, so that keys rotate under a running gateway.
pub struct KeyRing {
    path: PathBuf,
    keks: RwLock<Arc<Keks>>,
    match_keys: RwLock<Arc<Vec<Arc<MatchKeys>>>>,
    index: BlindIndex,
}

/// The key-encryption keys, the primary one first.
type Keks = Vec<(String, DataKey)>;

impl KeyRing {
    /// Writes a new ring with one key-encryption key. Never overwrites.
    ///
    /// # Errors
    /// When the file exists or cannot be written.
    pub fn create(path: &Path, id: &str) -> Result<(), KeyRingError> {
        RingFile::new(path, id)?.create(path)
    }

    /// Puts a new key-encryption key into the file as the primary one.
    ///
    /// # Errors
    /// When the file cannot be read or replaced, or has a key of that id.
    pub fn add_primary(path: &Path, id: &str) -> Result<(), KeyRingError> {
        let mut ring = RingFile::read(path)?;
        ring.add_primary(path, id)?;
        ring.replace(path)
    }

    /// Drops all but the primary key-encryption key from the file. What is wrapped with the others can never be read again.
    ///
    /// # Errors
    /// When the file cannot be read or replaced.
    pub fn keep_primary(path: &Path) -> Result<(), KeyRingError> {
        let mut ring = RingFile::read(path)?;
        ring.keep_primary();
        ring.replace(path)
    }

    /// Reads a ring.
    ///
    /// # Errors
    /// When the file cannot be read, is readable by others, or is not a key ring.
    pub fn load(path: &Path) -> Result<Self, KeyRingError> {
        let ring = RingFile::read(path)?;
        Ok(Self {
            path: path.to_owned(),
            keks: RwLock::new(Arc::new(keks(path, &ring)?)),
            match_keys: RwLock::new(Arc::new(match_keys(path, &ring)?)),
            index: BlindIndex::new(&*ring.index_key(path)?),
        })
    }

    /// The ids of the key-encryption keys, the primary one first.
    pub fn kek_ids(&self) -> Vec<String> {
        self.keks().iter().map(|(id, _)| id.clone()).collect()
    }

    /// Whether the primary key-encryption key is this one, in the file if not in memory.
    pub fn is_primary(&self, kek: &str) -> bool {
        let is = |keks: &Keks| keks.first().is_some_and(|(id, _)| id == kek);
        is(&self.keks()) || is(&self.read_again())
    }

    /// Wraps a data key with the primary key-encryption key, for the owner that `owner` names.
    ///
    /// # Errors
    /// When the machine's random number generator fails.
    pub fn wrap(&self, owner: &[u8], key: &DataKey) -> Result<WrappedKey, Unreadable> {
        let keks = self.keks();
        let (id, kek) = keks.first().ok_or(Unreadable)?;
        Ok(WrappedKey { kek: id.clone(), wrapped: kek.seal_with(&aad(owner), key.secret())? })
    }

    /// Unwraps a data key of this owner.
    ///
    /// # Errors
    /// When the ring does not have its key-encryption key, or it is another owner's.
    pub fn unwrap_key(&self, owner: &[u8], kek: &str, wrapped: &[u8]) -> Result<DataKey, Unreadable> {
        let has = |keks: &Keks| keks.iter().any(|(id, _)| id == kek);
        let keks = Some(self.keks()).filter(|keks| has(keks)).unwrap_or_else(|| self.read_again());
        let (_, kek) = keks.iter().find(|(id, _)| id == kek).ok_or(Unreadable)?;
        let secret = kek.open_with(&aad(owner), wrapped)?;
        let secret: [u8; 32] = secret.as_slice().try_into().map_err(|_| Unreadable)?;
        DataKey::from_secret(Zeroizing::new(secret))
    }

    fn keks(&self) -> Arc<Keks> {
        self.keks.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes up the file as it is now; a file that cannot be read changes nothing.
    fn read_again(&self) -> Arc<Keks> {
        match RingFile::read(&self.path).and_then(|ring| keks(&self.path, &ring)) {
            Ok(keks) => {
                let keks = Arc::new(keks);
                *self.keks.write().unwrap_or_else(PoisonError::into_inner) = keks.clone();
                keks
            }
            Err(error) => {
                tracing::error!(%error, "the key ring cannot be read again");
                self.keks()
            }
        }
    }

    /// Puts a key of the next generation of the matching index into the file.
    ///
    /// # Errors
    /// When the file cannot be read or replaced.
    pub fn add_match_key(path: &Path) -> Result<Generation, KeyRingError> {
        let mut ring = RingFile::read(path)?;
        let generation = ring.add_match_key(path)?;
        ring.replace(path)?;
        Ok(generation)
    }

    /// Drops all but the newest key of the matching index from the file.
    ///
    /// # Errors
    /// When the file cannot be read or replaced.
    pub fn keep_match_key(path: &Path) -> Result<(), KeyRingError> {
        let mut ring = RingFile::read(path)?;
        ring.keep_match_key();
        ring.replace(path)
    }

    /// The generations of the matching index's keys in the file, the newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn match_generations(path: &Path) -> Result<Vec<Generation>, KeyRingError> {
        let ring = RingFile::read(path)?;
        Ok(match_keys(path, &ring)?.iter().map(|keys| keys.generation()).collect())
    }

    /// The key of a generation of the matching index, in the file if not in memory.
    pub fn match_keys(&self, generation: Generation) -> Option<Arc<MatchKeys>> {
        let of = |keys: &[Arc<MatchKeys>]| keys.iter().find(|key| key.generation() == generation).cloned();
        let known = self.match_keys.read().unwrap_or_else(PoisonError::into_inner).clone();
        of(&known).or_else(|| {
            let keys = RingFile::read(&self.path).and_then(|ring| match_keys(&self.path, &ring)).ok()?;
            let found = of(&keys);
            *self.match_keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
            found
        })
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

fn match_keys(path: &Path, ring: &RingFile) -> Result<Vec<Arc<MatchKeys>>, KeyRingError> {
    Ok(ring.match_keys(path)?.into_iter().map(Arc::new).collect())
}

fn keks(path: &Path, ring: &RingFile) -> Result<Keks, KeyRingError> {
    ring.keks(path)?
        .into_iter()
        .map(|(id, secret)| {
            let key = DataKey::from_secret(secret).map_err(|_| malformed(path, "a key is unusable"))?;
            Ok((id, key))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

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

    #[test]
    fn a_ring_in_use_takes_up_a_new_primary_key_and_the_file_forgets_the_old_one() {
        let (dir, path) = ring();
        let running = KeyRing::load(&path).unwrap();
        let key = DataKey::generate().unwrap();
        let old = running.wrap(b"person/lantern", &key).unwrap();
        KeyRing::add_primary(&path, "kek-2").unwrap();
        assert!(matches!(KeyRing::add_primary(&path, "kek-2"), Err(KeyRingError::Malformed { .. })));

        let rotating = KeyRing::load(&path).unwrap();
        assert_eq!(rotating.kek_ids(), ["kek-2", "kek-1"]);
        let new = rotating.wrap(b"person/lantern", &key).unwrap();
        assert_eq!(new.kek, "kek-2");
        assert!(running.unwrap_key(b"person/lantern", &new.kek, &new.wrapped).is_ok());
        assert!(running.is_primary("kek-2") && !running.is_primary("kek-1") && !running.is_primary("kek-3"));

        KeyRing::keep_primary(&path).unwrap();
        let after = KeyRing::load(&path).unwrap();
        assert_eq!(after.kek_ids(), ["kek-2"]);
        assert!(after.unwrap_key(b"person/lantern", &new.kek, &new.wrapped).is_ok());
        assert!(after.unwrap_key(b"person/lantern", &old.kek, &old.wrapped).is_err());
        assert_eq!(after.index().token("rule", &[b"x"]), running.index().token("rule", &[b"x"]));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside it");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
