//! Writing the files of the CA: secrets are created with mode 0600 and never overwritten, the rest is replaced whole.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use super::CertificatesError;

/// Creates a file of mode 0600.
///
/// # Errors
/// When there is such a file already, or it cannot be written.
pub fn write_new_secret(path: &Path, secret: &str) -> Result<(), CertificatesError> {
    write_new(path, secret, 0o600)
}

/// Creates a file that everybody may read; fails when there is one.
pub(super) fn write_new_public(path: &Path, text: &str) -> Result<(), CertificatesError> {
    write_new(path, text, 0o644)
}

/// Replaces a file in one step, so that a reader finds the old content or the new.
pub(super) fn replace(path: &Path, text: &str) -> Result<(), CertificatesError> {
    let whole = path.with_extension("new");
    let write = || {
        let mut file = File::create(&whole)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&whole, path)?;
        path.parent().map_or(Ok(()), |dir| File::open(dir)?.sync_all())
    };
    write().map_err(|source| io(path, source))
}

pub(super) fn read(path: &Path) -> Result<String, CertificatesError> {
    fs::read_to_string(path).map_err(|source| io(path, source))
}

pub(super) fn create_dir(path: &Path) -> Result<(), CertificatesError> {
    fs::create_dir_all(path).map_err(|source| io(path, source))
}

/// Holds the directory until the file is dropped.
pub(super) fn lock(dir: &Path) -> Result<File, CertificatesError> {
    let path = dir.join("lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(|source| io(&path, source))?;
    file.try_lock().map_err(|_| CertificatesError::Busy { path: dir.to_owned() })?;
    Ok(file)
}

fn write_new(path: &Path, text: &str, mode: u32) -> Result<(), CertificatesError> {
    let write = || {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().map_err(|source| io(path, source))
}

fn io(path: &Path, source: std::io::Error) -> CertificatesError {
    CertificatesError::Io { path: path.to_owned(), source }
}
