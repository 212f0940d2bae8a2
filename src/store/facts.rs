//! The facts that a decision rests on: the only read without a permit. What it finds is sealed before anybody looks.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::record::{Kind, document};
use super::{Error, Snapshot, epoch};
use crate::directory::Directory;
use crate::domain::consent::coverage::{Question, covers};
use crate::domain::consent::model::ConsentRecord;
use crate::domain::referral::model::{ReferralRecord, ReferralState};
use crate::id::{AgencyId, Handle, PersonId, RecordId};
use crate::identity::principal::Principal;
use crate::policy::facts::{Epoch, Facts, Gathered, Relation, Target};
use crate::vocabulary::AgencyType;

/// What a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Nobody: a collection, the directory, the log, someone presented for the first time.
    Nobody,
    /// One of the agency's clients.
    Client(Handle),
    /// A record that the agency has a handle for.
    Record(Kind, Handle),
}

/// The facts, before they are sealed, for the journal to compare epochs. Whoever else loads them can only seal them.
pub struct Loaded {
    pub(crate) gathered: Gathered,
}

impl Loaded {
    /// Closes the facts: from here on only the policy engine reads them.
    pub fn seal(self) -> Facts {
        self.gathered.seal()
    }

    /// The epoch of a scope as the facts' snapshot saw it.
    pub(crate) fn epoch(&self, scope: &[u8]) -> i64 {
        self.gathered
            .epochs
            .iter()
            .find(|epoch| epoch.scope == scope)
            .map_or(0, |epoch: &Epoch| epoch.value)
    }
}

impl Snapshot<'_> {
    /// Loads the facts about a subject, as they bear on this principal.
    ///
    /// An unknown handle takes the same steps with an id that nobody has, so that it costs what a refusal costs.
    ///
    /// # Errors
    /// When the store fails, or a consent or referral in it is not readable.
    pub fn facts_load(
        &mut self,
        principal: &Principal,
        subject: Subject,
        directory: &Directory,
        now: Timestamp,
    ) -> Result<Loaded, Error> {
        let agency = &principal.agency;
        let mut gathered = Gathered::nothing();
        let (found, kind) = match subject {
            Subject::Nobody => {
                gathered.epochs = self.epochs(&[epoch::DIRECTORY, epoch::POLICY])?;
                return Ok(Loaded { gathered });
            }
            Subject::Client(handle) => (self.handle_find(agency, Kind::Client, handle)?, Kind::Client),
            Subject::Record(kind, handle) => (self.handle_find(agency, kind, handle)?, kind),
        };
        let (person, target) = found.map_or_else(
            || (PersonId::random(), *RecordId::random().as_bytes()),
            |found| (found.person, found.target),
        );
        gathered.epochs = self.epochs(&[epoch::DIRECTORY, epoch::POLICY, &epoch::person(person)])?;

        if kind == Kind::Client {
            if let (Subject::Client(handle), Some(_)) = (subject, found) {
                gathered.relation = Relation::Own;
                gathered.target = Some(Target {
                    person,
                    record: None,
                    client_ref: Some(handle),
                    custodian: agency.clone(),
                    custodian_type: principal.agency_type,
                });
            }
            return Ok(Loaded { gathered });
        }

        let record = RecordId::from_bytes(target);
        let custodian = self.record_custodian(record)?;
        let client_ref = self.handle_of(agency, Kind::Client, person.as_bytes())?;
        let custodian = custodian.unwrap_or_else(|| agency.clone());
        let own = found.is_some() && custodian == *agency;
        if !own && kind == Kind::Dir {
            self.gather_referred(&mut gathered, principal, &custodian, person, record, now)?;
        }
        if found.is_some() {
            gathered.relation = match kind {
                _ if own => Relation::Own,
                Kind::Consent => Relation::Party,
                _ => Relation::Addressed,
            };
            gathered.target = Some(Target {
                person,
                record: Some(record),
                client_ref,
                custodian_type: custodian_type(directory, &custodian, principal),
                custodian,
            });
        }
        Ok(Loaded { gathered })
    }

    /// What consents and referrals say about a record that another agency holds.
    fn gather_referred(
        &mut self,
        gathered: &mut Gathered,
        principal: &Principal,
        custodian: &AgencyId,
        person: PersonId,
        record: RecordId,
        now: Timestamp,
    ) -> Result<(), Error> {
        let consents = self
            .bodies_of_person(person, Kind::Consent)?
            .into_iter()
            .map(|part| document::<ConsentRecord>(part).map(|document| document.value))
            .collect::<Result<Vec<_>, _>>()?;
        let question = Question {
            disclosing: custodian,
            recipient: &principal.agency,
            purpose: principal.purpose,
            data_date: TimeZone::get("Europe/London")
                .unwrap_or(TimeZone::UTC)
                .to_datetime(now)
                .date(),
        };
        let coverage = covers(&consents, &question, now);
        gathered.consented = coverage.segments;
        gathered.consent_versions = coverage.versions_used.iter().map(ToString::to_string).collect();
        gathered.valid_until = coverage.valid_until;

        let referrals = self
            .bodies_of_person(person, Kind::Referral)?
            .into_iter()
            .map(|part| document::<ReferralRecord>(part).map(|document| document.value))
            .collect::<Result<Vec<_>, _>>()?;
        for referral in referrals.iter().filter(|referral| {
            referral.sender == *custodian
                && referral.recipient == principal.agency
                && referral.dirs.contains(&record)
                && carries(referral.state)
        }) {
            gathered.referral_live = true;
            // Only a signed DIR can be put into a referral, so whoever is addressed was sent a signed one.
            gathered.signed = true;
            if let Some(release) = &referral.release {
                gathered.release_date_set |= release.date.is_some();
                gathered.destination_known = true;
            }
        }
        Ok(())
    }
}

/// Whether a referral in this state entitles its recipient to ask for what it carries.
const fn carries(state: ReferralState) -> bool {
    match state {
        ReferralState::Requested
        | ReferralState::Received
        | ReferralState::Accepted
        | ReferralState::Returned
        | ReferralState::InProgress
        | ReferralState::OnHold
        | ReferralState::Completed => true,
        ReferralState::Draft
        | ReferralState::Rejected
        | ReferralState::Rerouted
        | ReferralState::Failed
        | ReferralState::Cancelled
        | ReferralState::Expired
        | ReferralState::EnteredInError => false,
    }
}

fn custodian_type(directory: &Directory, custodian: &AgencyId, principal: &Principal) -> AgencyType {
    directory
        .agency(custodian)
        .map_or(principal.agency_type, |agency| agency.agency_type)
}
