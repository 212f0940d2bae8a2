//! Withdrawing: one consent at any agency that it names, or all of them at any agency whose client the person is.

use serde::Serialize;
use utoipa::ToSchema;

use super::effects::{Clocks, Untouched, Withdrawing, is_active};
use super::model::{ConsentRecord, WithdrawalGiven};
use super::read::{consent_target, no_party};
use crate::directory::Directory;
use crate::domain::referral::model::ReferralRecord;
use crate::domain::referral::telling::{Moved, recipient_among};
use crate::domain::release::pick_up::PickUpRecord;
use crate::id::{AgencyId, Handle, PersonId, RecordId, WorkerId};
use crate::journal::Journal;
use crate::journal::call::{Call, Caller};
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::sealed::Sealed;
use crate::policy::action::ConsentWithdraw;
use crate::policy::permit::Permit;
use crate::problem::Problem;
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::EventType;

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
}

/// What there was to withdraw is withdrawn; whether there was anything is not told.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllWithdrawn {
    /// The agency's own reference for the person.
    #[schema(value_type = String)]
    pub client_ref: Handle,
}

/// A person's consents and referrals, as far as a withdrawal could touch them.
type Touchable = (Vec<Document<ConsentRecord>>, (Vec<Document<ReferralRecord>>, Vec<Document<PickUpRecord>>));

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
        };
        withdraw(tx, permit, changes, target.person, &withdrawing, &self.journal.directory())?;
        let version = tx.latest_version(record)?.saturating_add(1);
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(tx.etag(&by.0, record, version)),
            acknowledgement: ConsentWithdrawn { consent_id: self.consent },
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
        };
        withdraw(tx, permit, changes, person, &withdrawing, &self.journal.directory())?;
        Ok(Accepted {
            status: 200,
            location: None,
            etag: None,
            acknowledgement: AllWithdrawn { client_ref: self.client_ref },
        })
    }
}

fn worker_of(call: &Call) -> Result<(AgencyId, WorkerId), Error> {
    match &call.caller {
        Caller::Worker(principal) => Ok((principal.agency.clone(), principal.worker.clone())),
        Caller::Agency { .. } => Err(Error::Corrupt("only a worker can withdraw")),
    }
}

/// Writes the next version of each consent that is withdrawn and of each referral that is cancelled by it, and tells those whom it
/// touches, in one change.
fn withdraw(
    tx: &mut Snapshot<'_>,
    permit: &Permit<ConsentWithdraw>,
    changes: &mut Changes,
    person: PersonId,
    withdrawing: &Withdrawing,
    directory: &Directory,
) -> Result<(), Rejection> {
    let agencies: Vec<AgencyId> = directory.iter().map(|agency| agency.id.clone()).collect();
    let consents = tx.documents_of_person::<_, ConsentRecord>(permit, person, Kind::Consent)?;
    let referrals = tx.documents_of_person::<_, ReferralRecord>(permit, person, Kind::Referral)?;
    let pick_ups = tx.documents_of_person::<_, PickUpRecord>(permit, person, Kind::PickUp)?;
    let touchable: Sealed<Touchable> = consents.with(referrals.with(pick_ups));
    touchable.judge(withdrawing, confirmed)?;
    for held in tx.versions_of_person(person, Kind::Consent)? {
        if let Ok(next) = touchable.revise(&(withdrawing, held.record), consent_after) {
            changes.document_put(tx, &held.next(), &next)?;
            for agency in agencies.iter().filter(|agency| **agency != withdrawing.by.0) {
                if touchable.judge(&(withdrawing, held.record, agency), is_touched).is_ok() {
                    let id = changes.handle_for(tx, agency, Kind::Consent, held.record.as_bytes(), person)?;
                    changes.notify(agency, EventType::ConsentWithdrawn, format!("/v1/consents/{id}"));
                }
            }
        }
    }
    for held in tx.versions_of_person(person, Kind::Referral)? {
        if let Ok(next) = touchable.revise(&(withdrawing, held.record), referral_after) {
            changes.document_put(tx, &held.next(), &next)?;
            let recipient = next
                .pick(&agencies, |next, agencies| recipient_among(next, agencies))
                .and_then(|at| agencies.get(at))
                .ok_or(Error::Corrupt("a referral to an unknown agency"))?;
            let (record, sender, calendar) = (held.record, &held.custodian, &withdrawing.clocks.calendar);
            let moved = Moved { record, person, sender, recipient, mover: None, calendar };
            moved.tell(tx, permit, changes, &next)?;
        }
    }
    for held in tx.versions_of_person(person, Kind::PickUp)? {
        if let Ok(next) = touchable.revise(&(withdrawing, held.record), pick_up_after) {
            changes.document_put(tx, &held.next(), &next)?;
            changes.segments_carry(tx, &held.next())?;
            changes.record_tasks_lapse(held.record);
            for (agency, id) in tx.handles_of_record(Kind::PickUp, held.record, held.person)? {
                changes.notify(&agency, EventType::PickUpChanged, format!("/v1/pick-ups/{id}"));
            }
        }
    }
    Ok(())
}

fn values<T: Clone>(documents: &[Document<T>]) -> Vec<T> {
    documents.iter().map(|document| document.value.clone()).collect()
}

fn confirmed(
    (consents, (referrals, pick_ups)): &Touchable,
    withdrawing: &Withdrawing,
) -> Result<(), Problem> {
    withdrawing.confirmed(&values(consents), &values(referrals), &values(pick_ups))
}

fn pick_up_after(
    (consents, (_, pick_ups)): &Touchable,
    (withdrawing, record): &(&Withdrawing, RecordId),
) -> Result<PickUpRecord, Untouched> {
    let pick_up = pick_ups.iter().find(|pick_up| pick_up.record == *record);
    withdrawing.pick_up_after(&pick_up.ok_or(Untouched)?.value, &values(consents))
}

fn consent_after(
    (consents, _): &Touchable,
    (withdrawing, record): &(&Withdrawing, RecordId),
) -> Result<ConsentRecord, Untouched> {
    let consent = consents.iter().find(|consent| consent.record == *record);
    withdrawing.consent_after(&consent.ok_or(Untouched)?.value)
}

/// Whether an agency gave or received under a consent before, and does so no more.
fn is_touched(
    (consents, _): &Touchable,
    (withdrawing, record, agency): &(&Withdrawing, RecordId, &AgencyId),
) -> Result<(), Untouched> {
    let before = &consents.iter().find(|consent| consent.record == *record).ok_or(Untouched)?.value;
    let after = withdrawing.consent_after(before)?;
    let receives = |consent: &ConsentRecord| consent.is_active() && consent.terms.recipients.contains(agency);
    let gives =
        |consent: &ConsentRecord| consent.is_active() && consent.terms.disclosing_agencies.contains(agency);
    let ends = (receives(before) && !receives(&after)) || (gives(before) && !gives(&after));
    if ends { Ok(()) } else { Err(Untouched) }
}

fn referral_after(
    (consents, (referrals, _)): &Touchable,
    (withdrawing, record): &(&Withdrawing, RecordId),
) -> Result<ReferralRecord, Untouched> {
    let referral = referrals.iter().find(|referral| referral.record == *record);
    withdrawing.referral_after(&referral.ok_or(Untouched)?.value, &values(consents))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_to_withdrawing_all_holds_nothing_but_the_agencys_own_reference() {
        let client_ref = Handle::random();
        let text = serde_json::to_string(&AllWithdrawn { client_ref }).unwrap();
        assert_eq!(text, format!(r#"{{"client_ref":"{client_ref}"}}"#));
    }
}
