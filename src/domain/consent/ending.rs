//! Carrying out the end of consents: each one's next version, that of all that rested on it, and who is told, in one change.

use serde::Serialize;

use super::effects::{Clocks, Closing, Untouched, is_active};
use super::model::ConsentRecord;
use super::read::{consent_target, no_party};
use super::touched::{self, Touchable, Touching};
use super::why::Why;
use crate::directory::Directory;
use crate::domain::referral::telling::{Moved, recipient_of};
use crate::id::{AgencyId, PersonId, RecordId};
use crate::journal::call::Call;
use crate::journal::command::require_version;
use crate::journal::disclosure::Rejection;
use crate::journal::sealed::Sealed;
use crate::journal::{Journal, worker};
use crate::policy::action::{Action, ConsentWithdraw};
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{EventType, TaskKind};

impl Closing<'_> {
    /// Writes the next version of each consent that ends and of all that rested on it, and tells those whom it touches, in one change.
    ///
    /// # Errors
    /// `withdrawal-needs-confirmation` where something urgent is called off unawares; when the database or the encryption fails.
    pub(in crate::domain) fn carry_out<A: Action>(
        &self,
        tx: &mut Snapshot<'_>,
        permit: &Permit<A>,
        changes: &mut Changes,
        person: PersonId,
        directory: &Directory,
    ) -> Result<(), Rejection> {
        let touchable = Touchable::gather(tx, permit, person)?;
        touchable.judge(self, touched::confirmed)?;
        let touched = Touched { person, closing: self, touchable, directory };
        touched.consents(tx, changes)?;
        touched.referrals(tx, permit, changes)?;
        touched.passed_on(tx, changes)?;
        touched.told(tx, changes)?;
        Ok(())
    }
}

/// Ends the one consent that a request is about, on the version that was read; answers the `ETag` of the next.
///
/// # Errors
/// The refusals of a consent that the agency knows: another version, not active, not for this side to say, something urgent.
pub(super) fn end_one(
    tx: &mut Snapshot<'_>,
    call: &Call,
    permit: &Permit<ConsentWithdraw>,
    changes: &mut Changes,
    (clocks, journal): (&Clocks, &Journal),
    why: impl FnOnce(RecordId) -> Why,
) -> Result<String, Rejection> {
    let principal = worker(call)?;
    let (target, record) = consent_target(permit)?;
    let why = why(record);
    let consent = tx.document_read::<_, ConsentRecord>(permit, &principal.agency, record)?;
    consent.judge(&(&why, &principal.agency), may_say)?;
    require_version(call, &consent)?;
    consent.judge(&(), |consent, ()| is_active(&consent.value))?;
    let closing = Closing::new(why, principal, changes.now(), clocks, journal.policies());
    closing.carry_out(tx, permit, changes, target.person, &journal.directory())?;
    let version = tx.latest_version(record)?.saturating_add(1);
    Ok(tx.etag(&principal.agency, record, version))
}

/// Whether an agency may say so.
fn may_say(consent: &Document<ConsentRecord>, (why, agency): &(&Why, &AgencyId)) -> Result<(), Problem> {
    if !consent.value.is_party(agency) {
        Err(no_party())
    } else if !why.is_for(agency, &consent.value) {
        Err(Problem::because(ProblemType::InvalidTransition, "not-this-side"))
    } else {
        Ok(())
    }
}

/// Consents that end, and all of the person's that it could touch.
struct Touched<'c> {
    person: PersonId,
    closing: &'c Closing<'c>,
    touchable: Sealed<Touchable>,
    directory: &'c Directory,
}

impl Touched<'_> {
    fn consents(&self, tx: &mut Snapshot<'_>, changes: &mut Changes) -> Result<(), Error> {
        for held in tx.versions_of_person(self.person, Kind::Consent)? {
            let touching = (self.closing, held.record);
            let Ok(next) = self.touchable.revise(&touching, touched::consent_after) else { continue };
            changes.document_put(tx, &held.next(), &next)?;
            for agency in
                self.directory.iter().map(|agency| &agency.id).filter(|id| **id != self.closing.by.0)
            {
                if self.touchable.judge(&(touching, agency), touched::is_touched).is_ok() {
                    let record = held.record.as_bytes();
                    let id = changes.handle_for(tx, agency, Kind::Consent, record, self.person)?;
                    changes.notify(agency, self.closing.why.event(), format!("/v1/consents/{id}"));
                }
            }
        }
        Ok(())
    }

    fn referrals<A: Action>(
        &self,
        tx: &mut Snapshot<'_>,
        permit: &Permit<A>,
        changes: &mut Changes,
    ) -> Result<(), Error> {
        for held in tx.versions_of_person(self.person, Kind::Referral)? {
            let touching = (self.closing, held.record);
            let Ok(next) = self.touchable.revise(&touching, touched::referral_after) else { continue };
            changes.document_put(tx, &held.next(), &next)?;
            let recipient = &recipient_of(&next, self.directory)?;
            let calendar = &self.closing.clocks.calendar;
            let (record, sender, person) = (held.record, &held.custodian, self.person);
            let moved = Moved { record, person, sender, recipient, mover: None, calendar };
            moved.tell(tx, permit, changes, &next)?;
        }
        Ok(())
    }

    /// What its recipient had to act on: it is over, and nobody has a task left that leads nowhere.
    fn passed_on(&self, tx: &mut Snapshot<'_>, changes: &mut Changes) -> Result<(), Error> {
        use EventType::{
            EvictionHoldChanged, HousingReferralChanged, JointAssessmentChanged, JointVisitChanged,
            PickUpChanged,
        };

        let told = |event, path| Some((event, path));
        self.end(tx, changes, Kind::PickUp, touched::pick_up_after, told(PickUpChanged, "pick-ups"))?;
        let homes = told(HousingReferralChanged, "housing-referrals");
        self.end(tx, changes, Kind::HousingReferral, touched::housing_after, homes)?;
        self.end(
            tx,
            changes,
            Kind::EvictionHold,
            touched::hold_after,
            told(EvictionHoldChanged, "eviction-holds"),
        )?;
        let joints = told(JointAssessmentChanged, "joint-assessments");
        self.end(tx, changes, Kind::JointAssessment, touched::joint_after, joints)?;
        self.end(
            tx,
            changes,
            Kind::JointVisit,
            touched::visit_after,
            told(JointVisitChanged, "joint-visits"),
        )?;
        self.end(tx, changes, Kind::InboundReferral, touched::inbound_after, None)
    }

    /// What its recipient had only to know: nobody is asked about it any more.
    fn told(&self, tx: &mut Snapshot<'_>, changes: &mut Changes) -> Result<(), Error> {
        self.lapse(tx, changes, Kind::TestResult, touched::result_ends)?;
        self.lapse(tx, changes, Kind::Attendance, touched::attendance_ends)?;
        self.lapse(tx, changes, Kind::Destination, touched::destination_ends)?;
        for held in tx.versions_of_person(self.person, Kind::HospitalNotice)? {
            for agency in self.directory.iter().map(|agency| &agency.id) {
                let touching = ((self.closing, held.record), agency);
                if self.touchable.judge(&touching, touched::hospital_ends).is_ok() {
                    changes.task_lapse(agency, TaskKind::AnswerHospital, held.record);
                }
            }
        }
        Ok(())
    }

    /// Writes the next version of each record of a kind that is over by it, and tells all who know of it, where any are told.
    fn end<T: Serialize>(
        &self,
        tx: &mut Snapshot<'_>,
        changes: &mut Changes,
        kind: Kind,
        after: fn(&Touchable, &Touching<'_>) -> Result<T, Untouched>,
        told: Option<(EventType, &str)>,
    ) -> Result<(), Error> {
        for held in tx.versions_of_person(self.person, kind)? {
            let Ok(next) = self.touchable.revise(&(self.closing, held.record), after) else { continue };
            changes.document_put(tx, &held.next(), &next)?;
            changes.segments_carry(tx, &held.next())?;
            changes.record_tasks_lapse(held.record);
            let Some((event, path)) = told else { continue };
            for (agency, id) in tx.handles_of_record(kind, held.record, held.person)? {
                changes.notify(&agency, event, format!("/v1/{path}/{id}"));
            }
        }
        Ok(())
    }

    /// Nobody has anything to do any more about the records of a kind that are told no longer.
    fn lapse(
        &self,
        tx: &mut Snapshot<'_>,
        changes: &mut Changes,
        kind: Kind,
        ends: fn(&Touchable, &Touching<'_>) -> Result<(), Untouched>,
    ) -> Result<(), Error> {
        for held in tx.versions_of_person(self.person, kind)? {
            if self.touchable.judge(&(self.closing, held.record), ends).is_ok() {
                changes.record_tasks_lapse(held.record);
            }
        }
        Ok(())
    }
}
