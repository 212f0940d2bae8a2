//! The gateway's certificate, and whose certificates it accepts.

use std::path::PathBuf;

use serde::Deserialize;

use crate::transport::TlsFiles;

/// The files of TLS.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsConfig {
    /// The gateway's chain, PEM, its own certificate first.
    pub certificate: PathBuf,
    /// The key of that certificate, PEM, mode 0600.
    pub key: PathBuf,
    /// The CA certificates that agencies' and workers' certificates are issued by, PEM.
    pub client_ca: PathBuf,
    /// The revocation lists of those CAs, PEM. While they are past their date nobody gets in.
    pub revocation: PathBuf,
}

impl TlsConfig {
    /// The same, as the transport takes it.
    pub fn files(&self) -> TlsFiles {
        TlsFiles {
            client_ca: self.client_ca.clone(),
            revocation: self.revocation.clone(),
            certificate: self.certificate.clone(),
            key: self.key.clone(),
        }
    }
}
