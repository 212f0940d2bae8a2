//! The file of a key ring: TOML, of mode 0600, replaced as a whole and never in place.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rand::{SecureRandom as _, SystemRandom};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::keyring::KeyRingError;
use super::match_keys::{GENERATIONS, Generation, MatchKeys};

/// What the file holds.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RingFile {
    index_key: String,
    key_encryption_keys: Vec<KekFile>,
    /// The keys of the matching index, the newest first. Before the first re-keying the index key serves for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    match_keys: Vec<MatchKeyFile>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MatchKeyFile {
    generation: Generation,
    key: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KekFile {
    id: String,
    key: String,
}

/// A key with its id, as bytes.
pub(super) type NamedSecret = (String, Zeroizing<[u8; 32]>);

impl RingFile {
    /// A new ring with one key-encryption key.
    pub(super) fn new(path: &Path, id: &str) -> Result<Self, KeyRingError> {
        let key_encryption_keys = vec![KekFile { id: id.to_owned(), key: random(path)? }];
        Ok(Self { index_key: random(path)?, key_encryption_keys, match_keys: Vec::new() })
    }

    /// Reads the file.
    pub(super) fn read(path: &Path) -> Result<Self, KeyRingError> {
        let file_error = |source| file_error(path, source);
        let mut file = File::open(path).map_err(file_error)?;
        if file.metadata().map_err(file_error)?.permissions().mode() & 0o077 != 0 {
            return Err(KeyRingError::Exposed { path: path.to_owned() });
        }
        let mut text = Zeroizing::new(String::new());
        file.read_to_string(&mut text).map_err(file_error)?;
        let ring: Self = toml::from_str(&text).map_err(|_| malformed(path, "not a key ring in TOML"))?;
        if ring.key_encryption_keys.is_empty() {
            return Err(malformed(path, "holds no key-encryption key"));
        }
        Ok(ring)
    }

    /// The key under which values become tokens.
    pub(super) fn index_key(&self, path: &Path) -> Result<Zeroizing<[u8; 32]>, KeyRingError> {
        secret(path, &self.index_key)
    }

    /// The key-encryption keys, the primary one first.
    pub(super) fn keks(&self, path: &Path) -> Result<Vec<NamedSecret>, KeyRingError> {
        self.key_encryption_keys.iter().map(|kek| Ok((kek.id.clone(), secret(path, &kek.key)?))).collect()
    }

    /// The keys of the matching index, the newest first.
    pub(super) fn match_keys(&self, path: &Path) -> Result<Vec<MatchKeys>, KeyRingError> {
        if self.match_keys.is_empty() {
            return Ok(vec![MatchKeys::new(0, &*self.index_key(path)?)]);
        }
        let keys = self.match_keys.iter();
        keys.map(|key| Ok(MatchKeys::new(key.generation, &*secret(path, &key.key)?))).collect()
    }

    /// Puts a key of the next generation before the others, and answers which that is.
    pub(super) fn add_match_key(&mut self, path: &Path) -> Result<Generation, KeyRingError> {
        if self.match_keys.is_empty() {
            self.match_keys.push(MatchKeyFile { generation: 0, key: self.index_key.clone() });
        }
        let newest = self.match_keys.first().map_or(0, |key| key.generation);
        let generation = (newest + 1) % GENERATIONS;
        self.match_keys.insert(0, MatchKeyFile { generation, key: random(path)? });
        Ok(generation)
    }

    /// Drops all but the newest key of the matching index.
    pub(super) fn keep_match_key(&mut self) {
        self.match_keys.truncate(1);
    }

    /// Puts a new key-encryption key before the others.
    pub(super) fn add_primary(&mut self, path: &Path, id: &str) -> Result<(), KeyRingError> {
        if self.key_encryption_keys.iter().any(|kek| kek.id == id) {
            return Err(malformed(path, "a key of that id is in it already"));
        }
        self.key_encryption_keys.insert(0, KekFile { id: id.to_owned(), key: random(path)? });
        Ok(())
    }

    /// Drops all but the primary one.
    pub(super) fn keep_primary(&mut self) {
        self.key_encryption_keys.truncate(1);
    }

    /// Writes a new file. Never overwrites.
    pub(super) fn create(&self, path: &Path) -> Result<(), KeyRingError> {
        let text = self.text(path)?;
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .map_err(|source| file_error(path, source))?;
        write_durably(&mut file, text.as_bytes()).map_err(|source| file_error(path, source))
    }

    /// Replaces the file: whoever reads it finds the old one or the new one, whole, whatever happens meanwhile. The bytes of the
    /// old one are then overwritten where they lie, as far as the file system lets them.
    pub(super) fn replace(&self, path: &Path) -> Result<(), KeyRingError> {
        let text = self.text(path)?;
        let mut beside = path.to_owned().into_os_string();
        beside.push(".new");
        let beside = PathBuf::from(beside);
        let replaced = || -> std::io::Result<()> {
            let mut old = OpenOptions::new().write(true).open(path)?;
            let length = usize::try_from(old.metadata()?.len()).unwrap_or(0);
            // What a killed run may have left.
            match std::fs::remove_file(&beside) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
                Ok(()) | Err(_) => {}
            }
            let mut new = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
            write_durably(&mut new, text.as_bytes())?;
            std::fs::rename(&beside, path)?;
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
            old.seek(SeekFrom::Start(0))?;
            write_durably(&mut old, &vec![0; length])
        };
        replaced().map_err(|source| file_error(path, source))
    }

    fn text(&self, path: &Path) -> Result<Zeroizing<String>, KeyRingError> {
        Ok(Zeroizing::new(
            toml::to_string(self).map_err(|_| malformed(path, "could not be written as TOML"))?,
        ))
    }
}

fn write_durably(file: &mut File, bytes: &[u8]) -> std::io::Result<()> {
    file.write_all(bytes)?;
    file.sync_all()
}

fn random(path: &Path) -> Result<String, KeyRingError> {
    let mut key = Zeroizing::new([0_u8; 32]);
    SystemRandom::new()
        .fill(key.as_mut())
        .map_err(|_| malformed(path, "no random numbers from the system"))?;
    Ok(STANDARD.encode(key.as_ref()))
}

fn secret(path: &Path, text: &str) -> Result<Zeroizing<[u8; 32]>, KeyRingError> {
    let bytes = Zeroizing::new(STANDARD.decode(text).map_err(|_| malformed(path, "a key is not base64"))?);
    let key: [u8; 32] = bytes.as_slice().try_into().map_err(|_| malformed(path, "a key is not 32 bytes"))?;
    Ok(Zeroizing::new(key))
}

fn file_error(path: &Path, source: std::io::Error) -> KeyRingError {
    KeyRingError::File { path: path.to_owned(), source }
}

pub(super) fn malformed(path: &Path, what: &'static str) -> KeyRingError {
    KeyRingError::Malformed { path: path.to_owned(), what }
}
