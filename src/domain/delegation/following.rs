//! What an act of the assessment does to a follow-up that lies with a project: what was moved, kept or ended is not the project's any more.

use super::codes::DelegationState;
use super::model::DelegationRecord;
use crate::domain::assessment::model::AssessmentRecord;
use crate::id::{AgencyId, PersonId, RecordId};
use crate::journal::sealed::Sealed;
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::store::change::Changes;
use crate::store::record::{Document, Kind};
use crate::store::version::HeldVersion;
use crate::store::{Error, Snapshot};
use crate::vocabulary::{EventType, TaskKind};

/// The assessment before an act, and after it.
type Acted = (Document<AssessmentRecord>, AssessmentRecord);
type Delegations = Vec<Document<DelegationRecord>>;

/// Lets go of what the act took from a project, and tells both sides of it but the one that acted.
///
/// # Errors
/// When the database fails.
pub(in crate::domain) fn follow_act<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    changes: &mut Changes,
    person: PersonId,
    (acted, is_recorded): (Sealed<Acted>, bool),
    mover: &AgencyId,
) -> Result<(), Error> {
    let delegations = tx.documents_of_person::<_, DelegationRecord>(permit, person, Kind::Delegation)?;
    let beside = acted.with(delegations);
    for held in tx.versions_of_person(person, Kind::Delegation)? {
        if is_recorded && beside.judge(&held.record, is_of).is_ok() {
            changes.task_done(&held.custodian, TaskKind::RecordAttendance, held.record);
        }
        if beside.judge(&held.record, is_of_ended).is_ok() {
            changes.record_tasks_lapse(held.record);
        }
        if beside.judge(&held.record, is_let_go).is_ok() {
            let_go(tx, changes, &held, mover)?;
        }
    }
    Ok(())
}

/// Lets go of all that lies with a project of an assessment that has ended.
///
/// # Errors
/// When the database fails.
pub(in crate::domain) fn lapse_of<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    changes: &mut Changes,
    (person, assessment): (PersonId, RecordId),
    mover: &AgencyId,
) -> Result<(), Error> {
    let delegations = tx.documents_of_person::<_, DelegationRecord>(permit, person, Kind::Delegation)?;
    for held in tx.versions_of_person(person, Kind::Delegation)? {
        match delegations.judge(&(held.record, assessment), is_with_project) {
            Ok(()) => let_go(tx, changes, &held, mover)?,
            Err(Some(IsOver)) => changes.record_tasks_lapse(held.record),
            Err(None) => {}
        }
    }
    Ok(())
}

fn let_go(
    tx: &mut Snapshot<'_>,
    changes: &mut Changes,
    held: &HeldVersion,
    mover: &AgencyId,
) -> Result<(), Error> {
    changes.record_tasks_lapse(held.record);
    for (agency, id) in tx.handles_of_record(Kind::Delegation, held.record, held.person)? {
        if agency != *mover {
            changes.notify(&agency, EventType::DelegationChanged, format!("/v1/delegations/{id}"));
        }
    }
    Ok(())
}

fn is_of(((before, _), delegations): &(Acted, Delegations), record: &RecordId) -> Result<(), ()> {
    let of = delegations.iter().find(|it| it.record == *record).ok_or(())?;
    if of.value.assessment == before.record { Ok(()) } else { Err(()) }
}

/// Whether it is of the assessment, and that has ended.
fn is_of_ended(beside: &(Acted, Delegations), record: &RecordId) -> Result<(), ()> {
    is_of(beside, record)?;
    let ((_, after), _) = beside;
    if after.ending.is_some() { Ok(()) } else { Err(()) }
}

/// Whether the project was to hold it before the act, and is not after it.
fn is_let_go(((before, after), delegations): &(Acted, Delegations), record: &RecordId) -> Result<(), ()> {
    let of = delegations.iter().find(|it| it.record == *record).ok_or(())?;
    let is_awaited = |assessment| of.value.state(assessment) == DelegationState::Awaited;
    let is_let_go = of.value.assessment == before.record && is_awaited(&before.value) && !is_awaited(after);
    if is_let_go { Ok(()) } else { Err(()) }
}

/// It is of the assessment, and the project has done with it.
struct IsOver;

#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
fn is_with_project(
    delegations: &Delegations,
    (record, assessment): &(RecordId, RecordId),
) -> Result<(), Option<IsOver>> {
    let of = delegations.iter().find(|it| it.record == *record).map(|it| &it.value);
    let of = of.filter(|of| of.assessment == *assessment).ok_or(None)?;
    if of.told.is_none() && of.ended.is_none() { Ok(()) } else { Err(Some(IsOver)) }
}
