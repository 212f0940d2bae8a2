//! The gateway's own small CA: makes, revokes and lists certificates by the profiles in `certs/`.

mod authority;
mod disk;
mod profile;
mod register;

pub use authority::{Authority, Issued, Subject};
pub use disk::write_new_secret;
pub use profile::{ExtendedKeyUsage, KeyUsage, Profile, ProfileName};
pub use register::{Entry, Reason, Revocation};

use std::path::PathBuf;

/// Why the CA could not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum CertificatesError {
    /// A file or directory.
    #[error("{path} cannot be read or written")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The key of the CA.
    #[error(transparent)]
    Key(#[from] crate::transport::files::FileError),
    /// Another process works with this CA.
    #[error("the CA in {path} is in use")]
    Busy {
        /// The directory of the CA.
        path: PathBuf,
    },
    /// The register, or a profile, does not have the form that it should.
    #[error("{what} is not well-formed")]
    Malformed {
        /// Which of them.
        what: &'static str,
    },
    /// The certificate library.
    #[error("the certificate cannot be made")]
    Making(#[source] rcgen::Error),
    /// No certificate of this CA's register was named.
    #[error("the certificate is not in the register")]
    NotIssued,
    /// The certificate was revoked before; the first date and reason stand.
    #[error("the certificate is revoked already")]
    AlreadyRevoked,
    /// A date outside what a certificate can hold.
    #[error("a date is out of range")]
    Date,
}
