//! The register of what a CA issued and revoked, `issued.toml` beside its key.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::CertificatesError;
use super::profile::ProfileName;
use crate::directory::CertificateSha256;

/// Everything that the CA ever issued.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Register {
    /// The number of the last revocation list; each has a higher one.
    #[serde(default)]
    pub crl_number: u64,
    #[serde(default, rename = "certificate")]
    pub entries: Vec<Entry>,
}

/// One certificate.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The serial number, hexadecimal.
    pub serial: String,
    /// SHA-256 of the certificate.
    pub sha256: CertificateSha256,
    /// Which profile it was made by.
    pub profile: ProfileName,
    /// The name in it.
    pub subject: String,
    /// Until when it is valid.
    pub not_after: Timestamp,
    /// Its revocation, if it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation: Option<Revocation>,
}

/// When and why a certificate was revoked.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Reason,
}

crate::code_list! {
    /// Why a certificate is revoked (RFC 5280, 5.3.1).
    pub enum Reason {
        Unspecified = "unspecified",
        KeyCompromise = "key-compromise",
        AffiliationChanged = "affiliation-changed",
        Superseded = "superseded",
        CessationOfOperation = "cessation-of-operation",
        PrivilegeWithdrawn = "privilege-withdrawn",
    }
}

impl Reason {
    pub(super) const fn code_of_rfc(self) -> rcgen::RevocationReason {
        match self {
            Self::Unspecified => rcgen::RevocationReason::Unspecified,
            Self::KeyCompromise => rcgen::RevocationReason::KeyCompromise,
            Self::AffiliationChanged => rcgen::RevocationReason::AffiliationChanged,
            Self::Superseded => rcgen::RevocationReason::Superseded,
            Self::CessationOfOperation => rcgen::RevocationReason::CessationOfOperation,
            Self::PrivilegeWithdrawn => rcgen::RevocationReason::PrivilegeWithdrawn,
        }
    }
}

impl Register {
    pub(super) fn parse(text: &str) -> Result<Self, CertificatesError> {
        toml::from_str(text).map_err(|_| CertificatesError::Malformed { what: "issued.toml" })
    }

    pub(super) fn text(&self) -> Result<String, CertificatesError> {
        toml::to_string(self).map_err(|_| CertificatesError::Malformed { what: "issued.toml" })
    }

    /// Marks a certificate as revoked.
    pub(super) fn revoke(
        &mut self,
        certificate: &CertificateSha256,
        revocation: Revocation,
    ) -> Result<(), CertificatesError> {
        let entry = self
            .entries
            .iter_mut()
            .find(|entry| entry.sha256 == *certificate)
            .ok_or(CertificatesError::NotIssued)?;
        if entry.revocation.is_some() {
            return Err(CertificatesError::AlreadyRevoked);
        }
        entry.revocation = Some(revocation);
        Ok(())
    }
}
