//! Certificate profiles: how long, and for what. The files in `certs/` are built in.

use rcgen::{ExtendedKeyUsagePurpose, KeyUsagePurpose};
use serde::Deserialize;

use super::CertificatesError;

crate::code_list! {
    /// Which profile.
    pub enum ProfileName {
        Ca = "ca",
        Server = "server",
        Agency = "agency",
        Worker = "worker",
    }
}

crate::code_list! {
    /// What the key may do (RFC 5280, 4.2.1.3).
    pub enum KeyUsage {
        DigitalSignature = "digital-signature",
        KeyCertSign = "key-cert-sign",
        CrlSign = "crl-sign",
    }
}

crate::code_list! {
    /// Whom the certificate authenticates (RFC 5280, 4.2.1.12).
    pub enum ExtendedKeyUsage {
        ServerAuth = "server-auth",
        ClientAuth = "client-auth",
    }
}

/// What a certificate is made from besides its subject.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// How many days it is valid.
    pub valid_days: u32,
    /// What the key may do.
    pub key_usage: Vec<KeyUsage>,
    /// Whom it authenticates.
    pub extended_key_usage: Vec<ExtendedKeyUsage>,
    /// How many days a revocation list of this CA holds.
    #[serde(default)]
    pub crl_days: Option<u32>,
}

impl Profile {
    /// The built-in profile of this name.
    ///
    /// # Errors
    /// When the file is not well-formed (a test reads them all).
    pub fn named(name: ProfileName) -> Result<Self, CertificatesError> {
        let text = match name {
            ProfileName::Ca => include_str!("../../certs/ca.toml"),
            ProfileName::Server => include_str!("../../certs/server.toml"),
            ProfileName::Agency => include_str!("../../certs/agency.toml"),
            ProfileName::Worker => include_str!("../../certs/worker.toml"),
        };
        toml::from_str(text).map_err(|_| CertificatesError::Malformed { what: "a certificate profile" })
    }

    pub(super) fn key_usages(&self) -> Vec<KeyUsagePurpose> {
        self.key_usage
            .iter()
            .map(|usage| match usage {
                KeyUsage::DigitalSignature => KeyUsagePurpose::DigitalSignature,
                KeyUsage::KeyCertSign => KeyUsagePurpose::KeyCertSign,
                KeyUsage::CrlSign => KeyUsagePurpose::CrlSign,
            })
            .collect()
    }

    pub(super) fn extended_key_usages(&self) -> Vec<ExtendedKeyUsagePurpose> {
        self.extended_key_usage
            .iter()
            .map(|usage| match usage {
                ExtendedKeyUsage::ServerAuth => ExtendedKeyUsagePurpose::ServerAuth,
                ExtendedKeyUsage::ClientAuth => ExtendedKeyUsagePurpose::ClientAuth,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_profile_reads_and_only_the_ca_may_sign_certificates() {
        for name in ProfileName::ALL {
            let profile = Profile::named(*name).unwrap();
            let is_ca = *name == ProfileName::Ca;
            assert_eq!(profile.key_usage.contains(&KeyUsage::KeyCertSign), is_ca, "{name}");
            assert_eq!(profile.crl_days.is_some(), is_ca, "{name}");
            assert!(profile.valid_days > 0);
        }
    }
}
