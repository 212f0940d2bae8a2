//! What a host keeps of a closed log, put aside under that log's name, and what it gets for the next one.
//!
//! Each step can be done again: what is aside already stays there. The signing key is exchanged last, so that a gateway that is
//! started too early has the old key still, finds its log closed, and does nothing.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::{RecoverError, SUFFIX};
use crate::certificates::write_new_secret;
use crate::config::Config;
use crate::gateway::{HEAD_FILES, StartError, beside, signing_key};
use crate::ledger::note::SigningKey;

/// The file of the next log's key, until it takes the place of the old one.
pub(super) fn next_key_file(config: &Config) -> PathBuf {
    beside(&config.keys.signing, SUFFIX)
}

/// The next log's key, as an earlier run left it; `None` if none did, or it is that of another log.
pub(super) fn next_key(config: &Config, origin: &str) -> Result<Option<SigningKey>, RecoverError> {
    let path = next_key_file(config);
    if !path.exists() {
        return Ok(None);
    }
    Ok(Some(signing_key(&path)?).filter(|key| key.name() == origin))
}

/// Writes the next log's key, and takes away the head file that an earlier run may have left for it.
pub(super) fn prepare(config: &Config, next: &SigningKey) -> Result<(), RecoverError> {
    for path in [next_key_file(config), beside(&config.log.head_file, SUFFIX)] {
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                return Err(RecoverError::File { path, source });
            }
            Ok(()) | Err(_) => {}
        }
    }
    let path = next_key_file(config);
    write_new_secret(&path, &next.to_text()).map_err(|_| RecoverError::Key { path: path.clone() })?;
    sync_folder(&path)
}

/// Puts aside what belongs to the closed log, and the new key in its place. Answers what was put aside.
pub(super) fn follow(config: &Config, closed: &str) -> Result<Vec<PathBuf>, RecoverError> {
    let mut aside = Vec::new();
    let mut put = |path: &Path| -> Result<(), RecoverError> {
        let to = beside(path, &suffix(closed));
        if !to.exists() {
            rename_if_there(path, &to)?;
        }
        aside.extend(to.exists().then_some(to));
        Ok(())
    };
    put(&config.log.directory)?;
    for suffix in HEAD_FILES {
        put(&beside(&config.log.head_file, suffix))?;
    }
    rename_if_there(&beside(&config.log.head_file, SUFFIX), &config.log.head_file)?;
    let (key, next) = (&config.keys.signing, next_key_file(config));
    let old = beside(key, &suffix(closed));
    match fs::hard_link(key, &old) {
        Err(source) if source.kind() != io::ErrorKind::AlreadyExists => {
            return Err(RecoverError::File { path: old, source });
        }
        Ok(()) | Err(_) => aside.push(old),
    }
    rename_if_there(&next, key)?;
    Ok(aside)
}

/// What the names of a closed log's files end with.
fn suffix(closed: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c } else { '_' };
    std::iter::once('.').chain(closed.chars().map(plain)).collect()
}

fn rename_if_there(from: &Path, to: &Path) -> Result<(), RecoverError> {
    match fs::rename(from, to) {
        Ok(()) => sync_folder(to),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(RecoverError::File { path: from.to_owned(), source }),
    }
}

fn sync_folder(path: &Path) -> Result<(), RecoverError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|source| RecoverError::File { path: folder.to_owned(), source })
}

impl From<StartError> for RecoverError {
    fn from(error: StartError) -> Self {
        Self::Start(error)
    }
}
