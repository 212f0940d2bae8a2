//! Reading certificates, keys and revocation lists; a key that others could read is refused.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};
use zeroize::Zeroizing;

/// A file that TLS cannot be set up from.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The file cannot be read.
    #[error("{path} cannot be read")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// Somebody but the owner may read or write the key.
    #[error("{path} must have the mode 0600")]
    Permissions {
        /// The key file.
        path: PathBuf,
    },
    /// The file does not hold what it should, in PEM.
    #[error("{path} holds no {what} in PEM")]
    Content {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        what: &'static str,
    },
}

/// The certificates in a PEM file, in their order; at least one.
///
/// # Errors
/// When the file cannot be read or holds none.
pub fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, FileError> {
    all(path, "certificate")
}

/// The revocation lists in a PEM file; at least one, for no list would mean no check.
///
/// # Errors
/// When the file cannot be read or holds none.
pub fn revocation_lists(path: &Path) -> Result<Vec<CertificateRevocationListDer<'static>>, FileError> {
    all(path, "certificate revocation list")
}

/// The private key in a PEM file of mode 0600 (or stricter).
///
/// # Errors
/// When others have access to the file, it cannot be read, or it holds no key.
pub fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, FileError> {
    let pem = secret(path)?;
    PrivateKeyDer::from_pem_slice(pem.as_bytes())
        .map_err(|_| FileError::Content { path: path.to_owned(), what: "private key" })
}

/// The text of a secret file of mode 0600 (or stricter).
///
/// # Errors
/// When others have access to the file, or it cannot be read.
pub fn secret(path: &Path) -> Result<Zeroizing<String>, FileError> {
    let unreadable = |source| FileError::Unreadable { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(unreadable)?;
    // Asked of the open file, so that it cannot be exchanged in between.
    let mode = file.metadata().map_err(unreadable)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(FileError::Permissions { path: path.to_owned() });
    }
    let mut text = Zeroizing::new(String::new());
    file.read_to_string(&mut text).map_err(unreadable)?;
    Ok(text)
}

fn all<T: PemObject>(path: &Path, what: &'static str) -> Result<Vec<T>, FileError> {
    let pem = fs::read(path).map_err(|source| FileError::Unreadable { path: path.to_owned(), source })?;
    let found: Result<Vec<T>, _> = T::pem_slice_iter(&pem).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err(FileError::Content { path: path.to_owned(), what }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_others_may_read_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        fs::write(&path, "x").unwrap();
        for (mode, taken) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false), (0o620, false)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(secret(&path).is_ok(), taken, "{mode:o}");
        }
    }

    #[test]
    fn a_file_without_a_revocation_list_is_an_error_and_not_an_empty_list() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("crl.pem");
        assert!(matches!(revocation_lists(&path), Err(FileError::Unreadable { .. })));
        for content in ["", "no PEM", "-----BEGIN X509 CRL-----\n!!\n-----END X509 CRL-----\n"] {
            fs::write(&path, content).unwrap();
            assert!(matches!(revocation_lists(&path), Err(FileError::Content { .. })), "{content:?}");
        }
    }
}
