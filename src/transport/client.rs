//! TLS as the gateway speaks it to others: 1.3 only, with a certificate of its own, and nobody but the named CA believed.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::UnixTime;
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, RootCertStore};

use super::files;
use super::tls::TlsError;
use crate::clock::SharedClock;

/// Where the parts of a client's TLS are.
#[derive(Debug, Clone)]
pub struct ClientFiles {
    /// The CA certificates that the server's certificate is issued by, PEM.
    pub ca: PathBuf,
    /// The client's chain, PEM, its own certificate first.
    pub certificate: PathBuf,
    /// The key of that certificate, PEM, mode 0600.
    pub key: PathBuf,
}

/// The whole configuration.
///
/// # Errors
/// When a file is missing, open to others, or not usable.
pub fn client_config(files: &ClientFiles, clock: SharedClock) -> Result<ClientConfig, TlsError> {
    let mut roots = RootCertStore::empty();
    for certificate in files::certificates(&files.ca)? {
        roots.add(certificate).map_err(TlsError::ServerCa)?;
    }
    let chain = files::certificates(&files.certificate)?;
    let key = files::private_key(&files.key)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ClientConfig::builder_with_details(provider, Arc::new(ClockTime(clock)))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(TlsError::Client)?
        .with_root_certificates(roots)
        .with_client_auth_cert(chain, key)
        .map_err(TlsError::Client)
}

/// The clock, as rustls asks it for the validity of certificates.
struct ClockTime(SharedClock);

impl std::fmt::Debug for ClockTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClockTime")
    }
}

impl TimeProvider for ClockTime {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.now().as_second()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}
