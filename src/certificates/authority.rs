//! The CA itself: a directory with its certificate, its key, its register and its revocation list.

use std::fs::File;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DistinguishedName, DnType, IsCa,
    Issuer, KeyIdMethod, KeyPair, RevokedCertParams, SanType, SerialNumber,
};
use x509_parser::time::ASN1Time;
use zeroize::Zeroizing;

use super::profile::{Profile, ProfileName};
use super::register::{Entry, Reason, Register, Revocation};
use super::{CertificatesError, disk};
use crate::directory::CertificateSha256;
use crate::id::{AgencyId, WorkerId};
use crate::identity::CertificateIdentity;
use crate::transport::files;

/// Certificates begin a little before they are made: the clocks of agencies differ.
const BACKDATED: SignedDuration = SignedDuration::from_mins(5);

/// A CA, held by this process alone until it is dropped.
pub struct Authority {
    dir: PathBuf,
    certificate_pem: String,
    issuer: Issuer<'static, KeyPair>,
    register: Register,
    _lock: File,
}

/// Whom a certificate is for.
#[derive(Debug, Clone)]
pub enum Subject {
    /// The gateway, by its DNS names and IP addresses.
    Server(Vec<String>),
    /// An agency's system.
    Agency(AgencyId),
    /// A worker at a browser.
    Worker(AgencyId, WorkerId),
}

/// A new certificate and its key.
pub struct Issued {
    /// The certificate, PEM.
    pub certificate_pem: String,
    /// Its key, PEM (PKCS#8); wiped when dropped.
    pub key_pem: Zeroizing<String>,
    /// SHA-256 of the certificate: what the directory registers.
    pub sha256: CertificateSha256,
}

impl Issued {
    /// Writes both files; the key with mode 0600.
    ///
    /// # Errors
    /// When one of them exists already, or cannot be written.
    pub fn write(&self, certificate: &Path, key: &Path) -> Result<(), CertificatesError> {
        for dir in [certificate.parent(), key.parent()].into_iter().flatten() {
            disk::create_dir(dir)?;
        }
        disk::write_new_secret(key, &self.key_pem)?;
        disk::write_new_public(certificate, &self.certificate_pem)
    }
}

impl Authority {
    /// Makes a CA in this directory, with an empty revocation list.
    ///
    /// # Errors
    /// When there is one already, or the files cannot be written.
    pub fn create(dir: &Path, name: &str, now: Timestamp) -> Result<Self, CertificatesError> {
        disk::create_dir(dir)?;
        let lock = disk::lock(dir)?;
        let key = KeyPair::generate().map_err(CertificatesError::Making)?;
        let mut params = params(&Profile::named(ProfileName::Ca)?, name, now)?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.use_authority_key_identifier_extension = false; // it is its own issuer
        let certificate = params.self_signed(&key).map_err(CertificatesError::Making)?;
        disk::write_new_secret(&dir.join("ca.key"), &Zeroizing::new(key.serialize_pem()))?;
        disk::write_new_public(&dir.join("ca.pem"), &certificate.pem())?;
        let mut authority = Self {
            dir: dir.to_owned(),
            certificate_pem: certificate.pem(),
            issuer: Issuer::new(params, key),
            register: Register::default(),
            _lock: lock,
        };
        authority.write_crl(now)?;
        Ok(authority)
    }

    /// The CA in this directory.
    ///
    /// # Errors
    /// When a file is missing or not well-formed, the key is open to others, or another process holds the CA.
    pub fn load(dir: &Path) -> Result<Self, CertificatesError> {
        let lock = disk::lock(dir)?;
        let key = files::secret(&dir.join("ca.key"))?;
        let key = KeyPair::from_pem(&key).map_err(CertificatesError::Making)?;
        let certificate_pem = disk::read(&dir.join("ca.pem"))?;
        let issuer = Issuer::from_ca_cert_pem(&certificate_pem, key).map_err(CertificatesError::Making)?;
        let register = Register::parse(&disk::read(&dir.join("issued.toml"))?)?;
        Ok(Self { dir: dir.to_owned(), certificate_pem, issuer, register, _lock: lock })
    }

    /// The CA's own certificate, PEM.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// What it issued, in that order.
    pub fn issued(&self) -> &[Entry] {
        &self.register.entries
    }

    /// Issues a certificate by the subject's profile, and notes it in the register first: a certificate that is not there
    /// could not be revoked.
    ///
    /// # Errors
    /// When a name cannot stand in a certificate, or the register cannot be written.
    pub fn issue(&mut self, subject: &Subject, now: Timestamp) -> Result<Issued, CertificatesError> {
        let name = match subject {
            Subject::Server(_) => ProfileName::Server,
            Subject::Agency(_) => ProfileName::Agency,
            Subject::Worker(..) => ProfileName::Worker,
        };
        let (common_name, names) = subject.names()?;
        self.sign(name, &Profile::named(name)?, &common_name, names, now)
    }

    /// Issues a certificate by any profile and with any names.
    pub(crate) fn sign(
        &mut self,
        name: ProfileName,
        profile: &Profile,
        common_name: &str,
        names: Vec<SanType>,
        now: Timestamp,
    ) -> Result<Issued, CertificatesError> {
        let key = KeyPair::generate().map_err(CertificatesError::Making)?;
        let mut params = params(profile, common_name, now)?;
        params.subject_alt_names = names;
        let certificate = params.signed_by(&key, &self.issuer).map_err(CertificatesError::Making)?;
        let sha256 = CertificateSha256::of(certificate.der());
        self.register.entries.push(Entry {
            serial: params.serial_number.as_ref().map(hex).unwrap_or_default(),
            sha256,
            profile: name,
            subject: common_name.to_owned(),
            not_after: after(now, profile.valid_days)?,
            revocation: None,
        });
        self.save()?;
        Ok(Issued {
            certificate_pem: certificate.pem(),
            key_pem: Zeroizing::new(key.serialize_pem()),
            sha256,
        })
    }

    /// Revokes a certificate and writes a new revocation list.
    ///
    /// # Errors
    /// When the certificate is not this CA's or is revoked already, or the files cannot be written.
    pub fn revoke(
        &mut self,
        certificate: &CertificateSha256,
        reason: Reason,
        now: Timestamp,
    ) -> Result<(), CertificatesError> {
        self.register.revoke(certificate, Revocation { at: now, reason })?;
        self.write_crl(now)
    }

    /// Writes a new revocation list, `crl.pem`, valid for the days of the CA's profile.
    ///
    /// # Errors
    /// When the files cannot be written.
    pub fn write_crl(&mut self, now: Timestamp) -> Result<(), CertificatesError> {
        let days = Profile::named(ProfileName::Ca)?
            .crl_days
            .ok_or(CertificatesError::Malformed { what: "the CA's profile" })?;
        self.register.crl_number = self.register.crl_number.saturating_add(1);
        self.save()?;
        let revoked_certs = self.register.entries.iter().filter_map(revoked).collect::<Result<_, _>>()?;
        let list = CertificateRevocationListParams {
            this_update: date(before(now)?)?.to_datetime(),
            next_update: date(after(now, days)?)?.to_datetime(),
            crl_number: SerialNumber::from(self.register.crl_number),
            issuing_distribution_point: None,
            revoked_certs,
            key_identifier_method: KeyIdMethod::Sha256,
        };
        let list = list.signed_by(&self.issuer).map_err(CertificatesError::Making)?;
        disk::replace(&self.dir.join("crl.pem"), &list.pem().map_err(CertificatesError::Making)?)
    }

    fn save(&self) -> Result<(), CertificatesError> {
        disk::replace(&self.dir.join("issued.toml"), &self.register.text()?)
    }
}

impl Subject {
    fn names(&self) -> Result<(String, Vec<SanType>), CertificatesError> {
        let (agency, worker) = match self {
            Self::Server(names) => {
                let common_name = names.first().ok_or(CertificatesError::Malformed { what: "the name" })?;
                let names: Result<_, _> = names.iter().map(|name| server_name(name)).collect();
                return Ok((common_name.clone(), names?));
            }
            Self::Agency(agency) => (agency, None),
            Self::Worker(agency, worker) => (agency, Some(worker.clone())),
        };
        let identity = CertificateIdentity { agency: agency.clone(), worker };
        let common_name = match &identity.worker {
            None => agency.to_string(),
            Some(worker) => format!("{agency}.{worker}"),
        };
        let uri = identity.uri().try_into().map_err(CertificatesError::Making)?;
        Ok((common_name, vec![SanType::URI(uri)]))
    }
}

fn server_name(name: &str) -> Result<SanType, CertificatesError> {
    match name.parse::<IpAddr>() {
        Ok(address) => Ok(SanType::IpAddress(address)),
        Err(_) => name.try_into().map(SanType::DnsName).map_err(CertificatesError::Making),
    }
}

fn params(
    profile: &Profile,
    common_name: &str,
    now: Timestamp,
) -> Result<CertificateParams, CertificatesError> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.not_before = date(before(now)?)?.to_datetime();
    params.not_after = date(after(now, profile.valid_days)?)?.to_datetime();
    params.serial_number = Some(random_serial());
    params.key_usages = profile.key_usages();
    params.extended_key_usages = profile.extended_key_usages();
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

/// 122 random bits; the leading byte keeps the number positive and of one length (RFC 5280, 4.1.2.2).
fn random_serial() -> SerialNumber {
    let mut bytes = vec![0x01];
    bytes.extend_from_slice(uuid::Uuid::new_v4().as_bytes());
    SerialNumber::from(bytes)
}

fn hex(serial: &SerialNumber) -> String {
    serial.to_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn revoked(entry: &Entry) -> Option<Result<RevokedCertParams, CertificatesError>> {
    let revocation = entry.revocation?;
    Some(serial_of(entry).and_then(|serial_number| {
        Ok(RevokedCertParams {
            serial_number,
            revocation_time: date(revocation.at)?.to_datetime(),
            reason_code: Some(revocation.reason.code_of_rfc()),
            invalidity_date: None,
        })
    }))
}

fn serial_of(entry: &Entry) -> Result<SerialNumber, CertificatesError> {
    const WRONG: CertificatesError = CertificatesError::Malformed { what: "issued.toml" };
    let bytes: Option<Vec<u8>> = (0..entry.serial.len())
        .step_by(2)
        .map(|index| {
            entry.serial.get(index..index + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok())
        })
        .collect();
    bytes.filter(|bytes| !bytes.is_empty()).map(SerialNumber::from).ok_or(WRONG)
}

fn after(now: Timestamp, days: u32) -> Result<Timestamp, CertificatesError> {
    let hours = i64::from(days).saturating_mul(24);
    now.checked_add(SignedDuration::from_hours(hours)).map_err(|_| CertificatesError::Date)
}

fn before(now: Timestamp) -> Result<Timestamp, CertificatesError> {
    now.checked_sub(BACKDATED).map_err(|_| CertificatesError::Date)
}

fn date(moment: Timestamp) -> Result<ASN1Time, CertificatesError> {
    ASN1Time::from_timestamp(moment.as_second()).map_err(|_| CertificatesError::Date)
}

#[cfg(test)]
#[path = "authority_tests.rs"]
mod tests;
