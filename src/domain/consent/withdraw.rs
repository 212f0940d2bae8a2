//! Withdrawing: one consent at any agency that it names, or all of them at any agency whose client the person is.

use serde::Serialize;
use utoipa::ToSchema;

use super::effects::{Clocks, Untouched, Withdrawing, is_active};
use super::going_on::GOES_ON;
use super::model::{ConsentRecord, WithdrawalGiven};
use super::read::{consent_target, no_party};
use super::touched::{self, Touchable, Touching};
use crate::directory::Directory;
use crate::domain::national::model::TakenBack;
use crate::domain::national::take_back;
use crate::domain::referral::resting::SeenByRoute;
use crate::domain::referral::telling::{Moved, recipient_of};
use crate::id::{AgencyId, Handle, PersonId, WorkerId};
use crate::journal::Journal;
use crate::journal::call::{Call, Caller};
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::sealed::Sealed;
use crate::policy::action::ConsentWithdraw;
use crate::policy::permit::Permit;
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::Kind;
use crate::store::{Error, Snapshot};
use crate::vocabulary::{EventType, TaskKind};

/// `POST /consents/{id}/withdrawal`.
pub struct WithdrawConsent {
    /// The agency's handle.
    pub consent: Handle,
    /// What the worker recorded.
    pub given: WithdrawalGiven,
    /// Working days and clocks.
    pub clocks: Clocks,
    /// Knows the directory.
    pub journal: Journal,
}

/// `POST /clients/{ref}/withdrawal`: every consent that the person gave, to anybody, wherever it was taken.
pub struct WithdrawAll {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// What the worker recorded.
    pub given: WithdrawalGiven,
    /// Working days and clocks.
    pub clocks: Clocks,
    /// Knows the directory.
    pub journal: Journal,
}

/// The consent is withdrawn, as far as was asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentWithdrawn {
    /// The agency's own handle for the consent.
    #[schema(value_type = String)]
    pub consent_id: Handle,
    /// What goes on all the same, in plain words to tell the person; alike in every answer.
    pub goes_on: Vec<&'static str>,
}

/// What there was to withdraw is withdrawn; whether there was anything is not told.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllWithdrawn {
    /// The agency's own reference for the person.
    #[schema(value_type = String)]
    pub client_ref: Handle,
    /// What goes on all the same, in plain words to tell the person; alike in every answer.
    pub goes_on: Vec<&'static str>,
}

impl Command for WithdrawConsent {
    type Action = ConsentWithdraw;
    type Acknowledgement = ConsentWithdrawn;
    // How many referrals there are to cancel must not show in the time that the answer takes.
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Consent, self.consent)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ConsentWithdraw>,
        changes: &mut Changes,
    ) -> Result<Accepted<ConsentWithdrawn>, Rejection> {
        let by = worker_of(call)?;
        let (target, record) = consent_target(permit)?;
        let consent = tx.document_read::<_, ConsentRecord>(permit, &by.0, record)?;
        consent.judge(&by.0, |consent, agency| {
            consent.value.slice_for(agency).map(|_| ()).ok_or_else(no_party)
        })?;
        require_version(call, &consent)?;
        consent.judge(&(), |consent, ()| is_active(&consent.value))?;
        let withdrawing = Withdrawing {
            given: self.given.clone(),
            by: by.clone(),
            consent: Some(record),
            now: changes.now(),
            clocks: self.clocks.clone(),
            seen: SeenByRoute::under(self.journal.policies()),
        };
        withdraw(tx, permit, changes, target.person, &withdrawing, &self.journal.directory())?;
        let version = tx.latest_version(record)?.saturating_add(1);
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(tx.etag(&by.0, record, version)),
            acknowledgement: ConsentWithdrawn { consent_id: self.consent, goes_on: GOES_ON.to_vec() },
        })
    }
}

impl Command for WithdrawAll {
    type Action = ConsentWithdraw;
    type Acknowledgement = AllWithdrawn;
    // Whether there was anything to withdraw must not show in the time that the answer takes.
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ConsentWithdraw>,
        changes: &mut Changes,
    ) -> Result<Accepted<AllWithdrawn>, Rejection> {
        let person = target_of(permit)?.person;
        let withdrawing = Withdrawing {
            given: self.given.clone(),
            by: worker_of(call)?,
            consent: None,
            now: changes.now(),
            clocks: self.clocks.clone(),
            seen: SeenByRoute::under(self.journal.policies()),
        };
        withdraw(tx, permit, changes, person, &withdrawing, &self.journal.directory())?;
        // Who takes back everything is in no national return any more; who takes it back from some only said nothing about that.
        if self.given.only_recipients.is_none() {
            let Withdrawing { by, now, .. } = &withdrawing;
            let taken_back = TakenBack { by: by.clone(), at: *now, channel: self.given.channel };
            take_back(tx, permit, changes, person, &(taken_back, None))?;
        }
        Ok(Accepted {
            status: 200,
            location: None,
            etag: None,
            acknowledgement: AllWithdrawn { client_ref: self.client_ref, goes_on: GOES_ON.to_vec() },
        })
    }
}

fn worker_of(call: &Call) -> Result<(AgencyId, WorkerId), Error> {
    match &call.caller {
        Caller::Worker(principal) => Ok((principal.agency.clone(), principal.worker.clone())),
        Caller::Agency { .. } => Err(Error::Corrupt("only a worker can withdraw")),
    }
}

/// What the person withdraws, and all of hers that it could touch.
struct Withdrawal<'w> {
    person: PersonId,
    withdrawing: &'w Withdrawing<'w>,
    touchable: Sealed<Touchable>,
    directory: &'w Directory,
}

/// Writes the next version of each consent that is withdrawn and of all that rested on it, and tells those whom it touches, in one change.
fn withdraw(
    tx: &mut Snapshot<'_>,
    permit: &Permit<ConsentWithdraw>,
    changes: &mut Changes,
    person: PersonId,
    withdrawing: &Withdrawing<'_>,
    directory: &Directory,
) -> Result<(), Rejection> {
    let touchable = Touchable::gather(tx, permit, person)?;
    touchable.judge(withdrawing, touched::confirmed)?;
    let withdrawal = Withdrawal { person, withdrawing, touchable, directory };
    withdrawal.consents(tx, changes)?;
    withdrawal.referrals(tx, permit, changes)?;
    withdrawal.passed_on(tx, changes)?;
    withdrawal.told(tx, changes)?;
    Ok(())
}

impl Withdrawal<'_> {
    fn consents(&self, tx: &mut Snapshot<'_>, changes: &mut Changes) -> Result<(), Error> {
        for held in tx.versions_of_person(self.person, Kind::Consent)? {
            let touching = (self.withdrawing, held.record);
            let Ok(next) = self.touchable.revise(&touching, touched::consent_after) else { continue };
            changes.document_put(tx, &held.next(), &next)?;
            for agency in
                self.directory.iter().map(|agency| &agency.id).filter(|id| **id != self.withdrawing.by.0)
            {
                if self.touchable.judge(&(touching, agency), touched::is_touched).is_ok() {
                    let record = held.record.as_bytes();
                    let id = changes.handle_for(tx, agency, Kind::Consent, record, self.person)?;
                    changes.notify(agency, EventType::ConsentWithdrawn, format!("/v1/consents/{id}"));
                }
            }
        }
        Ok(())
    }

    fn referrals(
        &self,
        tx: &mut Snapshot<'_>,
        permit: &Permit<ConsentWithdraw>,
        changes: &mut Changes,
    ) -> Result<(), Error> {
        for held in tx.versions_of_person(self.person, Kind::Referral)? {
            let touching = (self.withdrawing, held.record);
            let Ok(next) = self.touchable.revise(&touching, touched::referral_after) else { continue };
            changes.document_put(tx, &held.next(), &next)?;
            let recipient = &recipient_of(&next, self.directory)?;
            let calendar = &self.withdrawing.clocks.calendar;
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
                let touching = ((self.withdrawing, held.record), agency);
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
            let Ok(next) = self.touchable.revise(&(self.withdrawing, held.record), after) else { continue };
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
            if self.touchable.judge(&(self.withdrawing, held.record), ends).is_ok() {
                changes.record_tasks_lapse(held.record);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_to_withdrawing_all_holds_nothing_but_the_agencys_own_reference_and_what_all_are_told() {
        let answer = |client_ref| {
            let answer = AllWithdrawn { client_ref, goes_on: GOES_ON.to_vec() };
            serde_json::to_value(answer).unwrap()
        };
        let (one, other) = (Handle::random(), Handle::random());
        assert_eq!(answer(one)["client_ref"], one.to_string());
        assert_eq!(answer(one).as_object().unwrap().len(), 2);
        assert_eq!(answer(one)["goes_on"], answer(other)["goes_on"]);
    }
}
