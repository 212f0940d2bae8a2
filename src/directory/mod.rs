//! The directory of agencies: who takes part, with which certificates, keys, roles, workers and contacts. A leaf.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Time, Weekday};
use serde::{Deserialize, Serialize};
use validator::{Validate, ValidationError};

use crate::id::{AgencyId, WorkerId};
use crate::vocabulary::{AgencyType, Role};

mod certificate_hash;
mod reach;

pub use certificate_hash::CertificateSha256;

/// Every agency at one moment. Never changes: a change makes a new one, with a higher epoch.
#[derive(Debug, Default)]
pub struct Directory {
    epoch: i64,
    agencies: BTreeMap<AgencyId, Arc<Agency>>,
    certificates: HashMap<CertificateSha256, CertificateHolder>,
}

/// Whose a registered certificate is.
#[derive(Debug, Clone)]
pub struct CertificateHolder {
    /// The agency.
    pub agency: Arc<Agency>,
    /// The worker, where the certificate is a worker's own.
    pub worker: Option<WorkerId>,
}

/// Why agencies cannot form a directory. Holds no value of theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DirectoryFault {
    /// Two agencies have one id.
    #[error("two agencies have the same id")]
    DuplicateAgency,
    /// One certificate is registered twice.
    #[error("one certificate is registered twice")]
    DuplicateCertificate,
}

impl Directory {
    /// The directory as it is at this epoch.
    ///
    /// # Errors
    /// When an id or a certificate occurs twice: each must lead to one holder.
    pub fn new(epoch: i64, agencies: impl IntoIterator<Item = Agency>) -> Result<Self, DirectoryFault> {
        let mut directory = Self { epoch, ..Self::default() };
        for agency in agencies {
            let agency = Arc::new(agency);
            for certificate in &agency.certificates {
                directory.register(*certificate, &agency, None)?;
            }
            for worker in &agency.workers {
                for certificate in &worker.certificates {
                    directory.register(*certificate, &agency, Some(worker.id.clone()))?;
                }
            }
            if directory.agencies.insert(agency.id.clone(), agency).is_some() {
                return Err(DirectoryFault::DuplicateAgency);
            }
        }
        Ok(directory)
    }

    /// The epoch of the directory that this was read at; see `store::epoch`.
    pub const fn epoch(&self) -> i64 {
        self.epoch
    }

    /// The agency with this id.
    pub fn agency(&self, id: &AgencyId) -> Option<&Arc<Agency>> {
        self.agencies.get(id)
    }

    /// Whose this certificate is.
    pub fn holder(&self, certificate: &CertificateSha256) -> Option<&CertificateHolder> {
        self.certificates.get(certificate)
    }

    /// Every agency, in the order of the ids.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Agency>> {
        self.agencies.values()
    }

    fn register(
        &mut self,
        certificate: CertificateSha256,
        agency: &Arc<Agency>,
        worker: Option<WorkerId>,
    ) -> Result<(), DirectoryFault> {
        let holder = CertificateHolder { agency: Arc::clone(agency), worker };
        match self.certificates.insert(certificate, holder) {
            None => Ok(()),
            Some(_) => Err(DirectoryFault::DuplicateCertificate),
        }
    }
}

/// An agency, as enrolled by the operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Agency {
    /// Its id, in certificates and tokens.
    pub id: AgencyId,
    /// The name that people know it by.
    #[validate(length(min = 1, max = 200))]
    pub name: String,
    /// Its type.
    pub agency_type: AgencyType,
    /// The area that it serves.
    #[validate(length(min = 1, max = 200))]
    pub area: String,
    /// Whether it takes part at present.
    pub status: AgencyStatus,
    /// The `iss` of its tokens, an exact URI.
    #[validate(length(min = 1, max = 300))]
    pub issuer: String,
    /// The roles that it may assert.
    #[validate(length(min = 1, max = 24))]
    pub roles: Vec<Role>,
    /// Its own client certificates; several at once while one replaces another.
    #[validate(length(max = 16))]
    pub certificates: Vec<CertificateSha256>,
    /// The keys that its tokens are signed with; several at once while one replaces another.
    #[validate(length(max = 8), nested)]
    pub token_keys: Vec<TokenKey>,
    /// The workers who come with a browser and a certificate of their own.
    #[validate(length(max = 5000), nested)]
    #[serde(default)]
    pub workers: Vec<Worker>,
    /// How a person at the agency is reached.
    #[validate(nested)]
    pub contact: Contact,
    /// What the service can do.
    #[validate(length(max = 50), custom(function = "short_lines"))]
    #[serde(default)]
    pub provides: Vec<String>,
    /// What the service cannot do, so that nobody is referred there for it.
    #[validate(length(max = 50), custom(function = "short_lines"))]
    #[serde(default)]
    pub cannot_provide: Vec<String>,
    /// Whether it answers caseload checks live: it writes nothing about the people it works with, and every check of its area
    /// comes to its duty role as a question, whatever was found.
    #[serde(default)]
    pub answers_live: bool,
    /// Who of it may not break glass.
    #[serde(default, skip_serializing_if = "BreakGlassPower::stands_for_all")]
    pub break_glass: BreakGlassPower,
}

/// Whether an agency's workers may open, in an emergency, what other agencies wrote: all but those from whom it was taken.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BreakGlassPower {
    /// Nobody of it may, until the operator says otherwise.
    #[serde(default)]
    pub suspended: bool,
    /// These workers may not, until the agency's Caldicott guardian says otherwise.
    #[serde(default)]
    pub workers: BTreeSet<WorkerId>,
}

impl BreakGlassPower {
    /// Whether this worker may.
    pub fn stands_for(&self, worker: &WorkerId) -> bool {
        !self.suspended && !self.workers.contains(worker)
    }

    fn stands_for_all(&self) -> bool {
        !self.suspended && self.workers.is_empty()
    }
}

impl Agency {
    /// The key that this `kid` names.
    pub fn token_key(&self, kid: &str) -> Option<&TokenKey> {
        self.token_keys.iter().find(|key| key.kid == kid)
    }

    /// The worker with this id, where the directory lists one.
    pub fn worker(&self, id: &WorkerId) -> Option<&Worker> {
        self.workers.iter().find(|worker| worker.id == *id)
    }

    /// Whether the agency may assert this role.
    pub fn may_assert(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

crate::code_list! {
    /// Whether an agency takes part.
    pub enum AgencyStatus {
        Active = "active",
        Suspended = "suspended",
    }
}

crate::code_list! {
    /// How a token is signed. HMAC and `none` are not in the list, so nobody can register them.
    pub enum TokenAlgorithm {
        EdDsa = "EdDSA",
        Es256 = "ES256",
        Ps256 = "PS256",
    }
}

/// A key that an agency signs its tokens with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct TokenKey {
    /// What the token's header calls it.
    #[validate(length(min = 1, max = 64))]
    pub kid: String,
    /// The one algorithm that it is used with, whatever a token says.
    pub alg: TokenAlgorithm,
    /// The public key, PEM (`SubjectPublicKeyInfo`).
    #[validate(length(min = 1, max = 4096))]
    pub public_key: String,
}

/// A worker who comes with a browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Worker {
    /// The id in the worker's certificate.
    pub id: WorkerId,
    /// The worker's name, for the log.
    #[validate(length(min = 1, max = 200))]
    pub name: String,
    /// The role in which the worker acts.
    pub role: Role,
    /// Whether the worker still works there.
    pub active: bool,
    /// The worker's certificates.
    #[validate(length(max = 8))]
    #[serde(default)]
    pub certificates: Vec<CertificateSha256>,
}

/// How people reach the agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// The office's telephone number.
    #[validate(length(min = 3, max = 40))]
    pub telephone_office: String,
    /// The number for nights and weekends.
    #[validate(length(min = 3, max = 40))]
    #[serde(default)]
    pub telephone_out_of_hours: Option<String>,
    /// The number for people who use the service and are in a crisis, printed on every card and letter. Never a staff number.
    #[validate(length(min = 3, max = 40))]
    #[serde(default)]
    pub telephone_crisis: Option<String>,
    /// When the office is open, local time.
    #[validate(length(max = 21), custom(function = "ordered_hours"))]
    pub hours: Vec<OpeningHours>,
    /// The duty role that is the single point of contact: a post, never a person.
    #[validate(length(min = 1, max = 100))]
    pub spoc: String,
    /// The duty role that stands in.
    #[validate(length(min = 1, max = 100))]
    pub spoc_deputy: String,
    /// Of police: the adviser whom projects and teams ring first, about anything that concerns people who sell sex.
    #[validate(nested)]
    #[serde(default)]
    pub adviser: Option<Adviser>,
    /// When somebody last rang and found these right.
    #[serde(default)]
    pub verified_at: Option<Timestamp>,
}

/// The police's adviser: a post and its number, never a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Adviser {
    /// What the post is called.
    #[validate(length(min = 1, max = 100))]
    pub post: String,
    /// Its telephone number.
    #[validate(length(min = 3, max = 40))]
    pub telephone: String,
}

/// One stretch in which the office is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpeningHours {
    /// The day.
    pub day: Day,
    /// From this time, local.
    pub from: Time,
    /// Until before this time, local.
    pub until: Time,
}

impl OpeningHours {
    fn cover(&self, weekday: Weekday, time: Time) -> bool {
        self.day.weekday() == weekday && self.from <= time && time < self.until
    }
}

crate::code_list! {
    /// A day of the week.
    pub enum Day {
        Monday = "monday",
        Tuesday = "tuesday",
        Wednesday = "wednesday",
        Thursday = "thursday",
        Friday = "friday",
        Saturday = "saturday",
        Sunday = "sunday",
    }
}

impl Day {
    const fn weekday(self) -> Weekday {
        match self {
            Self::Monday => Weekday::Monday,
            Self::Tuesday => Weekday::Tuesday,
            Self::Wednesday => Weekday::Wednesday,
            Self::Thursday => Weekday::Thursday,
            Self::Friday => Weekday::Friday,
            Self::Saturday => Weekday::Saturday,
            Self::Sunday => Weekday::Sunday,
        }
    }
}

fn short_lines(lines: &[String]) -> Result<(), ValidationError> {
    let short = lines.iter().all(|line| (1..=200).contains(&line.len()));
    if short { Ok(()) } else { Err(ValidationError::new("length")) }
}

fn ordered_hours(hours: &[OpeningHours]) -> Result<(), ValidationError> {
    let ordered = hours.iter().all(|hours| hours.from < hours.until);
    if ordered { Ok(()) } else { Err(ValidationError::new("order")) }
}

#[cfg(test)]
mod tests;
