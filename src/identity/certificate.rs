//! From a client certificate to the agency, or the worker of an agency, that it names.

use std::net::SocketAddr;

use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer;

use crate::directory::CertificateSha256;
use crate::id::{AgencyId, WorkerId};

const URN: &str = "urn:throughgate:agency:";

/// Who a certificate says it is. Whether that is so, the chain and the directory tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateIdentity {
    /// The agency.
    pub agency: AgencyId,
    /// The worker, in a worker's own certificate.
    pub worker: Option<WorkerId>,
}

/// A certificate that is not one of an agency or a worker. Holds nothing of what it contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CertificateRefused {
    /// Not one X.509 certificate.
    #[error("not an X.509 certificate")]
    Malformed,
    /// Not for client authentication.
    #[error("the extended key usage is not client authentication")]
    ExtendedKeyUsage,
    /// Not exactly one name of the form that is registered here.
    #[error("the subject alternative name is not exactly one URI of an agency or a worker")]
    Name,
}

impl CertificateIdentity {
    /// Reads the certificate: client authentication must be among its extended key usages, and its subject alternative
    /// name must be exactly `urn:throughgate:agency:<id>[:worker:<id>]`.
    ///
    /// # Errors
    /// When it is anything else. A certificate with a second name of any kind is refused, since two readers could
    /// then take it for two parties.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateRefused> {
        let (rest, certificate) =
            X509Certificate::from_der(der).map_err(|_| CertificateRefused::Malformed)?;
        if !rest.is_empty() {
            return Err(CertificateRefused::Malformed);
        }
        let for_clients = certificate
            .extended_key_usage()
            .map_err(|_| CertificateRefused::Malformed)?
            .is_some_and(|usage| usage.value.client_auth);
        if !for_clients {
            return Err(CertificateRefused::ExtendedKeyUsage);
        }
        let names = certificate
            .subject_alternative_name()
            .map_err(|_| CertificateRefused::Malformed)?
            .ok_or(CertificateRefused::Name)?;
        match names.value.general_names.as_slice() {
            [GeneralName::URI(uri)] => Self::from_uri(uri),
            _ => Err(CertificateRefused::Name),
        }
    }

    /// The name as it stands in a certificate.
    pub fn uri(&self) -> String {
        match &self.worker {
            None => format!("{URN}{}", self.agency),
            Some(worker) => format!("{URN}{}:worker:{worker}", self.agency),
        }
    }

    fn from_uri(uri: &str) -> Result<Self, CertificateRefused> {
        let name = uri.strip_prefix(URN).ok_or(CertificateRefused::Name)?;
        let (agency, worker) = match name.split_once(":worker:") {
            None => (name, None),
            Some((agency, worker)) => (agency, Some(worker)),
        };
        let worker = worker.map(str::parse).transpose();
        Ok(Self {
            agency: agency.parse().map_err(|_| CertificateRefused::Name)?,
            worker: worker.map_err(|_| CertificateRefused::Name)?,
        })
    }
}

/// The other end of a TLS connection, whose chain and revocation were checked in the handshake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// Who its certificate names.
    pub identity: CertificateIdentity,
    /// SHA-256 of its certificate.
    pub certificate: CertificateSha256,
    /// The chain that it presented, DER, its own certificate first.
    pub chain: Vec<Vec<u8>>,
    /// Where it connects from; `None` when the connection was gone already.
    pub address: Option<SocketAddr>,
}

impl Peer {
    /// The peer that presented this chain.
    ///
    /// # Errors
    /// When there is no certificate, or the first one is not an agency's or a worker's.
    pub fn new(chain: Vec<Vec<u8>>, address: Option<SocketAddr>) -> Result<Self, CertificateRefused> {
        let own = chain.first().ok_or(CertificateRefused::Malformed)?;
        Ok(Self {
            identity: CertificateIdentity::from_der(own)?,
            certificate: CertificateSha256::of(own),
            chain,
            address,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_to_an_agency_or_a_worker_and_back() {
        for uri in ["urn:throughgate:agency:northmoor-cjit", "urn:throughgate:agency:lantern:worker:w-1"] {
            assert_eq!(CertificateIdentity::from_uri(uri).unwrap().uri(), uri);
        }
    }

    #[test]
    fn a_name_of_any_other_form_is_refused() {
        for uri in [
            "",
            "urn:throughgate:agency:",
            "urn:throughgate:agency:Northmoor",
            "urn:throughgate:agency:a:worker:",
            "urn:throughgate:agency::worker:b",
            "urn:throughgate:agency:a:worker:b:worker:c",
            "urn:throughgate:agency:a:b",
            "URN:throughgate:agency:a",
            "urn:throughgate:agency:a\0",
            " urn:throughgate:agency:a",
        ] {
            assert_eq!(
                CertificateIdentity::from_uri(uri),
                Err(CertificateRefused::Name),
                "{uri:?} was taken"
            );
        }
    }

    #[test]
    fn what_is_not_a_certificate_is_refused() {
        assert_eq!(CertificateIdentity::from_der(b"not DER"), Err(CertificateRefused::Malformed));
        assert_eq!(Peer::new(Vec::new(), None), Err(CertificateRefused::Malformed));
    }
}
