//! The facts that a decision rests on: the only read without a permit. What it finds is sealed before anybody looks.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::handle::Followed;
use super::record::{Kind, Part, document};
pub use super::subject::Subject;
use super::{Error, Snapshot, epoch};
use crate::directory::Directory;
use crate::domain::attendance::model::AttendanceRecord;
use crate::domain::consent::coverage::{Question, covers};
use crate::domain::consent::model::ConsentRecord;
use crate::domain::deferral::model::{Act, DeferralRecord, is_deferrable};
use crate::domain::prescribing::conflict::ConflictRecord;
use crate::domain::referral::model::ReferralRecord;
use crate::domain::subject_access::codes::SubjectAccessState;
use crate::domain::subject_access::model::SubjectAccessRecord;
use crate::id::{AgencyId, PersonId, RecordId};
use crate::identity::principal::Principal;
use crate::policy::action::Action;
use crate::policy::facts::{Epoch, Facts, Gathered, Relation, Target};
use crate::policy::permit::Permit;
use crate::vocabulary::{AgencyType, Visibility};

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
        self.gathered.epochs.iter().find(|epoch| epoch.scope == scope).map_or(0, |epoch: &Epoch| epoch.value)
    }
}

/// Whom a permit is about, and through which record: of what is asked about a client or a record there is always somebody.
///
/// # Errors
/// When it is about nobody, which is a fault of the program.
pub fn target_of<A: Action>(permit: &Permit<A>) -> Result<&Target, Error> {
    permit.target().ok_or(Error::Corrupt("a client or a record without a person"))
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
        let mut gathered = self.gather(principal, subject, directory, now)?;
        if subject.is_somebody() && is_deferrable(principal.purpose) {
            let person = gathered.target.as_ref().map_or_else(PersonId::random, |target| target.person);
            gathered.visibility = self.visibility(principal, person, now)?;
        }
        Ok(Loaded { gathered })
    }

    fn gather(
        &mut self,
        principal: &Principal,
        subject: Subject,
        directory: &Directory,
        now: Timestamp,
    ) -> Result<Gathered, Error> {
        let agency = &principal.agency;
        let mut gathered = Gathered::nothing();
        let (followed, kind) = match subject {
            Subject::Nobody => {
                gathered.epochs = self.epochs(&[epoch::DIRECTORY, epoch::POLICY])?;
                return Ok(gathered);
            }
            Subject::Many | Subject::Collection => {
                gathered.epochs = self.epochs(&[epoch::DIRECTORY, epoch::POLICY, epoch::CLOSINGS])?;
                if subject == Subject::Collection {
                    gathered.relation = Relation::Own;
                }
                return Ok(gathered);
            }
            Subject::Client(handle) => (self.handle_follow(agency, Kind::Client, handle)?, Kind::Client),
            Subject::Record(Kind::Dir, handle) => (self.dossier_follow(agency, handle)?, Kind::Dir),
            Subject::Record(kind, handle) => (self.handle_follow(agency, kind, handle)?, kind),
        };
        let Followed { found, custodian, client_refs, epochs } = followed;
        gathered.epochs = epochs;
        let (person, target) = found.map_or_else(
            || (PersonId::random(), *RecordId::random().as_bytes()),
            |found| (found.person, found.target),
        );

        if kind == Kind::Client {
            if let (Subject::Client(handle), Some(_)) = (subject, found) {
                gathered.relation = Relation::Own;
                gathered.target = Some(Target {
                    person,
                    also_about: None,
                    record: None,
                    client_ref: Some(handle),
                    other_refs: client_refs.into_iter().filter(|other| *other != handle).collect(),
                    custodian: agency.clone(),
                    custodian_type: principal.agency_type,
                });
            }
            return Ok(gathered);
        }

        let record = RecordId::from_bytes(target);
        let custodian = custodian.unwrap_or_else(|| agency.clone());
        let own = found.is_some() && custodian == *agency;
        let mut unnamed = false;
        if !own && kind == Kind::Dir {
            self.gather_shared(&mut gathered, principal, &custodian, person, record, now, |referral| {
                referral.sender == custodian && referral.recipient == *agency
            })?;
        }
        if !own && kind == Kind::Referral {
            let referral = self.body(record)?.map(document::<ReferralRecord>).transpose()?;
            unnamed = referral.as_ref().is_some_and(|referral| referral.value.anonymous);
            if !unnamed {
                gathered.referral_live = referral.is_some_and(|referral| referral.value.state.carries());
                self.gather_consents(&mut gathered, principal, &custodian, person, now)?;
            }
        }
        if !own && kind == Kind::PickUp {
            self.gather_consents(&mut gathered, principal, &custodian, person, now)?;
        }
        if kind == Kind::Conflict {
            // Both sides are told of the other, whichever of them holds the record.
            let other = self.other_side(record, agency)?;
            self.gather_consents(&mut gathered, principal, &other, person, now)?;
        }
        if own && kind == Kind::SubjectAccess {
            gathered.identity_checked = self.is_identity_checked(record)?;
        }
        if kind == Kind::JointDecision {
            self.gather_decision(&mut gathered, principal, record, person, now)?;
        }
        if !own
            && matches!(
                kind,
                Kind::HousingReferral
                    | Kind::EvictionHold
                    | Kind::JointAssessment
                    | Kind::TestResult
                    | Kind::MeetingPage
                    | Kind::Delegation
                    | Kind::HospitalNotice
                    | Kind::JointVisit
            )
        {
            self.gather_consents(&mut gathered, principal, &custodian, person, now)?;
        }
        let required = match kind {
            Kind::Attendance if !own => Some(self.is_told_for_an_order(record)?),
            Kind::Destination if !own => Some(self.is_told_for_management(record)?),
            _ => None,
        };
        gathered.required = required == Some(true);
        if required == Some(false) {
            self.gather_consents(&mut gathered, principal, &custodian, person, now)?;
        }
        if matches!(kind, Kind::BreakGlass | Kind::OpenedRecord) {
            self.gather_glass(&mut gathered, principal, (kind, record), person, now)?;
        }
        if kind == Kind::Concern {
            gathered.minor = self.is_about_minor(record)?;
        }
        if matches!(kind, Kind::Assessment | Kind::Breach) {
            self.gather_custody(&mut gathered, principal, (kind, record), person, now)?;
        }
        if found.is_some() {
            gathered.relation = match kind {
                _ if own => Relation::Own,
                Kind::Consent => Relation::Party,
                _ => Relation::Addressed,
            };
        }
        // The recipient of an anonymous slot may know the person by itself; nothing here, its own log included, says that it is
        // this one.
        if found.is_some() && !unnamed {
            let also_about = match kind {
                Kind::Match => self.gather_other_side(&mut gathered, record, person)?,
                _ => None,
            };
            gathered.target = Some(Target {
                person,
                also_about,
                record: Some(record),
                client_ref: client_refs.first().copied(),
                other_refs: client_refs.into_iter().skip(1).collect(),
                custodian_type: custodian_type(directory, &custodian, principal),
                custodian,
            });
        }
        Ok(gathered)
    }

    /// The facts about the entries that `writer` added to the DIR `about`, as they bear on this principal, who holds or
    /// received that DIR. An entry is its writer's own; what a referral opens it opens in both directions.
    pub(crate) fn facts_of_entries(
        &mut self,
        principal: &Principal,
        about: &Target,
        writer: &AgencyId,
        directory: &Directory,
        now: Timestamp,
    ) -> Result<Gathered, Error> {
        let agency = &principal.agency;
        let mut gathered = Gathered::nothing();
        let Some(dir) = about.record else {
            return Ok(gathered);
        };
        gathered.epochs = self.epochs(&[epoch::DIRECTORY, epoch::POLICY])?;
        gathered.epochs.extend(self.cluster_of(about.person)?.epochs());
        if writer == agency {
            gathered.relation = Relation::Own;
        } else {
            gathered.relation = Relation::Addressed;
            self.gather_shared(&mut gathered, principal, writer, about.person, dir, now, |referral| {
                let parties = (&referral.sender, &referral.recipient);
                parties == (writer, agency) || parties == (agency, writer)
            })?;
        }
        gathered.target = Some(Target {
            custodian: writer.clone(),
            custodian_type: custodian_type(directory, writer, principal),
            ..about.clone()
        });
        Ok(gathered)
    }

    /// What the person's consents let `custodian` give to the principal's agency for its purpose.
    pub(super) fn gather_consents(
        &mut self,
        gathered: &mut Gathered,
        principal: &Principal,
        custodian: &AgencyId,
        person: PersonId,
        now: Timestamp,
    ) -> Result<(), Error> {
        let consents: Vec<ConsentRecord> = documents(self.bodies_of_person(person, Kind::Consent)?)?;
        let question = Question {
            disclosing: custodian,
            recipient: &principal.agency,
            purpose: principal.purpose,
            data_date: TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC).to_datetime(now).date(),
        };
        let coverage = covers(&consents, &question, now);
        gathered.consented = coverage.segments;
        gathered.in_writing = coverage.in_writing;
        gathered.consent_versions = coverage.versions_used.iter().map(ToString::to_string).collect();
        gathered.valid_until = coverage.valid_until;
        Ok(())
    }

    /// What consents and referrals say about a DIR that another agency holds.
    #[allow(
        clippy::too_many_arguments,
        reason = "each is a fact of the question, and none belongs to another"
    )]
    fn gather_shared(
        &mut self,
        gathered: &mut Gathered,
        principal: &Principal,
        custodian: &AgencyId,
        person: PersonId,
        dir: RecordId,
        now: Timestamp,
        between: impl Fn(&ReferralRecord) -> bool,
    ) -> Result<(), Error> {
        self.gather_consents(gathered, principal, custodian, person, now)?;
        let referrals: Vec<ReferralRecord> = documents(self.bodies_of_person(person, Kind::Referral)?)?;
        for referral in referrals
            .iter()
            .filter(|referral| between(referral) && referral.dirs.contains(&dir) && referral.state.carries())
        {
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

    /// The other of two persons of whom it is asked whether they are one. What is decided rests on both.
    fn gather_other_side(
        &mut self,
        gathered: &mut Gathered,
        case: RecordId,
        person: PersonId,
    ) -> Result<Option<PersonId>, Error> {
        let Some(pair) = self.pair_of_record(case)? else { return Ok(None) };
        let other = if pair.low == person { pair.high } else { pair.low };
        gathered.epochs.extend(self.cluster_of(other)?.epochs());
        Ok(Some(other))
    }

    /// Whether the record is a request for a person's own account that is open, and whose asker was identified.
    fn is_identity_checked(&mut self, request: RecordId) -> Result<bool, Error> {
        let request = self.body(request)?.map(document::<SubjectAccessRecord>).transpose()?;
        Ok(request.is_some_and(|request| request.value.state() == SubjectAccessState::IdentityChecked))
    }

    /// Whether it is told that somebody came because an order asks her to.
    fn is_told_for_an_order(&mut self, attendance: RecordId) -> Result<bool, Error> {
        let attendance = self.body(attendance)?.map(document::<AttendanceRecord>).transpose()?;
        Ok(attendance.is_some_and(|attendance| attendance.value.order.is_some()))
    }

    /// When the person may learn of what the principal does now: at once, or after the last of the deferrals and of the untold
    /// concerns that cover it.
    fn visibility(
        &mut self,
        principal: &Principal,
        person: PersonId,
        now: Timestamp,
    ) -> Result<Visibility, Error> {
        let act = Act { purpose: Some(principal.purpose), recorded_at: now, about_deferral: false };
        let deferrals = self.deferrals_of_person(person)?;
        let ends = deferrals
            .iter()
            .filter(|(agency, deferral)| *agency == principal.agency && deferral.holds_back(&act, now))
            .map(|(_, deferral)| deferral.ends)
            .max();
        let ends = ends.max(self.untold_until(principal, person, now)?);
        Ok(ends.map_or(Visibility::Immediate, Visibility::Deferred))
    }

    /// A person's deferrals, each with the agency that holds it. For facts, and for what an account may tell.
    pub(super) fn deferrals_of_person(
        &mut self,
        person: PersonId,
    ) -> Result<Vec<(AgencyId, DeferralRecord)>, Error> {
        self.bodies_of_person(person, Kind::Deferral)?
            .into_iter()
            .map(|part| document::<DeferralRecord>(part).map(|found| (found.custodian, found.value)))
            .collect()
    }

    /// The other agency in a conflict; the asking one itself where there is none.
    fn other_side(&mut self, conflict: RecordId, agency: &AgencyId) -> Result<AgencyId, Error> {
        let conflict = self.body(conflict)?.map(document::<ConflictRecord>).transpose()?;
        Ok(conflict
            .map_or_else(|| agency.clone(), |conflict| conflict.value.side_beside(agency).agency.clone()))
    }
}

fn documents<T: serde::de::DeserializeOwned>(parts: Vec<Part>) -> Result<Vec<T>, Error> {
    parts.into_iter().map(|part| document::<T>(part).map(|document| document.value)).collect()
}

fn custodian_type(directory: &Directory, custodian: &AgencyId, principal: &Principal) -> AgencyType {
    directory.agency(custodian).map_or(principal.agency_type, |agency| agency.agency_type)
}
