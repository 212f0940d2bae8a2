//! TLS as the gateway speaks it: 1.3 only, a client certificate always, revocation always, nothing resumed.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use jiff::{SignedDuration, Timestamp};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::time_provider::TimeProvider;
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, OtherError, PeerIncompatible,
    RootCertStore, ServerConfig, SignatureScheme,
};

use super::files::{self, FileError};
use crate::clock::SharedClock;
use crate::identity::{CertificateIdentity, Peer};

/// For how long who is connected is judged by the last usable revocation list while none is: a file that is being copied, or no free
/// descriptor, is over by then.
const GRACE: SignedDuration = SignedDuration::from_secs(60);

/// Where the parts of TLS are.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    /// The CA certificates that clients' certificates are issued by, PEM.
    pub client_ca: PathBuf,
    /// The revocation lists, PEM: one for every CA in any chain.
    pub revocation: PathBuf,
    /// The gateway's own chain, PEM, its own certificate first.
    pub certificate: PathBuf,
    /// The key of that certificate, PEM, mode 0600.
    pub key: PathBuf,
}

/// Why TLS cannot be set up, or a revocation list not be taken up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file.
    #[error(transparent)]
    File(#[from] FileError),
    /// A certificate among the client CAs that cannot be one.
    #[error("the client CA is not usable")]
    ClientCa(#[source] Error),
    /// Revocation lists that cannot be parsed.
    #[error("the revocation list is not usable")]
    Revocation(#[source] rustls::server::VerifierBuilderError),
    /// A key that does not belong to the certificate, or an algorithm that is not supported.
    #[error("the server's certificate and key are not usable")]
    Server(#[source] Error),
    /// A certificate among the CAs of a server that cannot be one.
    #[error("the server's CA is not usable")]
    ServerCa(#[source] Error),
    /// The same as [`Self::Server`], of a client's certificate.
    #[error("the client's certificate and key are not usable")]
    Client(#[source] Error),
}

/// The gate that every client's certificate passes: the first step of setting TLS up, before any certificate of our own.
///
/// While the revocation list is missing, unreadable or past its date, nobody passes. Who has passed may stay for a minute, if the last
/// list that was usable is not past its date.
#[derive(Clone)]
pub struct ClientGate(Arc<Gate>);

struct Gate {
    roots: Arc<RootCertStore>,
    hints: Vec<DistinguishedName>,
    revocation: PathBuf,
    clock: SharedClock,
    provider: Arc<CryptoProvider>,
    lists: RwLock<Lists>,
    /// Handshakes refused for their certificate, by kind, since they were last taken.
    refused: Mutex<BTreeMap<&'static str, u64>>,
}

/// What certificates are checked by, each with its revocation lists.
#[derive(Clone, Default)]
struct Lists {
    /// Who connects now. `None`: what was last read was not usable.
    current: Option<Arc<dyn ClientCertVerifier>>,
    /// Who is connected: the last that was usable, which has a date too.
    last_usable: Option<Arc<dyn ClientCertVerifier>>,
    /// Since when none has been.
    unusable_since: Option<Timestamp>,
}

impl Lists {
    fn of_the_connected(self, now: Timestamp) -> Option<Arc<dyn ClientCertVerifier>> {
        let is_over = self.unusable_since.is_some_and(|since| now.duration_since(since) > GRACE);
        self.last_usable.filter(|_| !is_over)
    }
}

/// Whether a connected peer may stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It may.
    Granted,
    /// It may not: revoked, expired, not an agency's, or no usable revocation list for a minute.
    Refused,
}

impl ClientGate {
    /// A gate for the clients of this CA, whose revocation list is usable now.
    ///
    /// # Errors
    /// When a file is missing or not usable.
    pub fn open(files: &TlsFiles, clock: SharedClock) -> Result<Self, TlsError> {
        let mut roots = RootCertStore::empty();
        for certificate in files::certificates(&files.client_ca)? {
            roots.add(certificate).map_err(TlsError::ClientCa)?;
        }
        let gate = Self(Arc::new(Gate {
            hints: roots.subjects(),
            roots: Arc::new(roots),
            revocation: files.revocation.clone(),
            clock,
            provider: Arc::new(rustls::crypto::ring::default_provider()),
            lists: RwLock::default(),
            refused: Mutex::default(),
        }));
        gate.reload()?;
        Ok(gate)
    }

    /// Reads the revocation list again; it holds for every handshake from now on.
    ///
    /// # Errors
    /// When the list is missing or not usable. Then nobody passes until a reload succeeds.
    pub fn reload(&self) -> Result<(), TlsError> {
        let loaded = self.0.load();
        let mut lists = self.0.lists.write().unwrap_or_else(PoisonError::into_inner);
        match loaded {
            Ok(verifier) => {
                let current = Some(Arc::clone(&verifier));
                *lists = Lists { current, last_usable: Some(verifier), unusable_since: None };
                Ok(())
            }
            Err(error) => {
                lists.current = None;
                lists.unusable_since.get_or_insert_with(|| self.0.clock.now());
                Err(error)
            }
        }
    }

    /// Whether this connected peer may stay. After a reload, connections whose peer may not are to be cut:
    /// `connections.cut(|peer| gate.keeps(peer) == Access::Refused)`.
    ///
    /// A list that cannot be read for a moment cuts nobody: for a minute the last usable one counts, up to its own date.
    pub fn keeps(&self, peer: &Peer) -> Access {
        let chain: Vec<_> = peer.chain.iter().map(|der| CertificateDer::from(der.as_slice())).collect();
        let kept = match (chain.split_first(), self.0.current_time()) {
            (Some((own, rest)), Some(now)) => {
                let verifier = self.0.lists().of_the_connected(self.0.clock.now());
                self.0.verify(verifier, own, rest, now).is_ok()
            }
            _ => false,
        };
        if kept { Access::Granted } else { Access::Refused }
    }

    /// Takes the counts of handshakes that were refused for their certificate, by kind. Few kinds, whatever is sent.
    pub fn take_refused(&self) -> BTreeMap<&'static str, u64> {
        std::mem::take(&mut *self.0.refused.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The whole configuration: this gate for clients, and the certificate that the gateway shows them.
    ///
    /// # Errors
    /// When the certificate or key is missing, open to others, or does not fit.
    pub fn server_config(&self, files: &TlsFiles) -> Result<ServerConfig, TlsError> {
        let chain = files::certificates(&files.certificate)?;
        let key = files::private_key(&files.key)?;
        let mut config = ServerConfig::builder_with_details(Arc::clone(&self.0.provider), self.0.clone())
            .with_protocol_versions(&[&rustls::version::TLS13])
            .map_err(TlsError::Server)?
            .with_client_cert_verifier(self.0.clone())
            .with_single_cert(chain, key)
            .map_err(TlsError::Server)?;
        // A resumed session would skip the gate, so nothing is ever resumed.
        config.send_tls13_tickets = 0;
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.max_early_data_size = 0;
        Ok(config)
    }
}

impl Gate {
    fn load(&self) -> Result<Arc<dyn ClientCertVerifier>, TlsError> {
        let lists = files::revocation_lists(&self.revocation)?;
        // Every certificate of a chain is checked, and one whose status no list tells is refused: rustls's defaults.
        WebPkiClientVerifier::builder_with_provider(Arc::clone(&self.roots), Arc::clone(&self.provider))
            .with_crls(lists)
            .enforce_revocation_expiration()
            .build()
            .map_err(TlsError::Revocation)
    }

    fn lists(&self) -> Lists {
        self.lists.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn verify(
        &self,
        verifier: Option<Arc<dyn ClientCertVerifier>>,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let verifier = verifier.ok_or(CertificateError::UnknownRevocationStatus)?;
        let verified = verifier.verify_client_cert(end_entity, intermediates, now)?;
        // Beyond the chain: exactly one name, and client authentication stated rather than not excluded.
        CertificateIdentity::from_der(end_entity)
            .map_err(|refused| CertificateError::Other(OtherError(Arc::new(refused))))?;
        Ok(verified)
    }
}

/// What a refused handshake is counted as.
fn kind_of(error: &Error) -> &'static str {
    match error {
        Error::InvalidCertificate(CertificateError::Revoked) => "certificate-revoked",
        Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            "certificate-expired"
        }
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => "certificate-of-unknown-ca",
        Error::InvalidCertificate(
            CertificateError::UnknownRevocationStatus
            | CertificateError::ExpiredRevocationList
            | CertificateError::ExpiredRevocationListContext { .. },
        ) => "revocation-list-not-usable",
        _ => "certificate-not-accepted",
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gate")
    }
}

impl TimeProvider for Gate {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.clock.now().as_second()).ok()?;
        Some(UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds)))
    }
}

impl ClientCertVerifier for Gate {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &self.hints
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.verify(self.lists().current, end_entity, intermediates, now).inspect_err(|error| {
            let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
            *refused.entry(kind_of(error)).or_insert(0) += 1;
        })
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::PeerIncompatible(PeerIncompatible::SupportedVersionsExtensionRequired))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
