//! What ends with an assessment: the pursuit of what was missed; and the assessments of a team that learns elsewhere of a death.

use super::codes::EndReason;
use super::model::{AssessmentRecord, Ending, Party};
use crate::domain::breach::model::BreachRecord;
use crate::domain::delegation::lapse_of;
use crate::domain::slot::give_back;
use crate::id::{AgencyId, PersonId, RecordId, SlotId, WorkerId};
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::store::change::Changes;
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::EventType;

/// Nobody is reminded any more of a breach of this assessment: whatever ends the requirement ends the pursuit.
pub(super) fn lapse_breaches<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    changes: &mut Changes,
    (person, assessment): (PersonId, RecordId),
) -> Result<(), Error> {
    let breaches = tx.documents_of_person::<_, BreachRecord>(permit, person, Kind::Breach)?;
    for held in tx.versions_of_person(person, Kind::Breach)? {
        if breaches.judge(&(held.record, assessment), is_of).is_ok() {
            changes.record_tasks_lapse(held.record);
        }
    }
    Ok(())
}

#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
fn is_of(breaches: &Vec<Document<BreachRecord>>, (breach, of): &(RecordId, RecordId)) -> Result<(), ()> {
    let is = breaches.iter().any(|it| it.record == *breach && it.value.assessment == *of);
    if is { Ok(()) } else { Err(()) }
}

/// Ends the open assessments that this team holds, since the person has died: both sides hear of it. Which assessment the same act has
/// ended already is left alone, and so is what the police wrote down for themselves alone.
///
/// # Errors
/// When the database or the encryption fails.
pub(in crate::domain) fn end_by_death<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    changes: &mut Changes,
    person: PersonId,
    (team, worker): (&AgencyId, &WorkerId),
    ended: Option<RecordId>,
) -> Result<(), Error> {
    let assessments = tx.documents_of_person::<_, AssessmentRecord>(permit, person, Kind::Assessment)?;
    for held in tx.versions_of_person(person, Kind::Assessment)? {
        if Some(held.record) == ended {
            continue;
        }
        let by: Party = (team.clone(), worker.clone());
        let ending = Ending { reason: EndReason::Died, at: changes.now(), by };
        let Ok(next) = assessments.revise(&(held.record, ending), after) else { continue };
        changes.document_put(tx, &held.next(), &next)?;
        changes.record_tasks_lapse(held.record);
        lapse_breaches(tx, permit, changes, (person, held.record))?;
        lapse_of(tx, permit, changes, (person, held.record), team)?;
        let claimed = (assessments.slots(&held.record, claimed_before), next.slots(&(), claimed_after));
        give_back(tx, changes, (&claimed.0, &claimed.1), team)?;
        for (agency, id) in tx.handles_of_record(Kind::Assessment, held.record, held.person)? {
            if agency != *team {
                changes.notify(&agency, EventType::AssessmentChanged, format!("/v1/assessments/{id}"));
            }
        }
    }
    Ok(())
}

#[allow(clippy::ptr_arg, reason = "the form of a rule on what is sealed")]
fn after(
    assessments: &Vec<Document<AssessmentRecord>>,
    (record, ending): &(RecordId, Ending),
) -> Result<AssessmentRecord, ()> {
    let of = assessments.iter().find(|assessment| assessment.record == *record).ok_or(())?;
    let team = &ending.by.0;
    let is_theirs = of.value.assessor == *team && (of.custodian == *team || of.value.is_required());
    if !is_theirs || !of.value.is_open() {
        return Err(());
    }
    let version = of.value.version.saturating_add(1);
    Ok(AssessmentRecord { version, ending: Some(ending.clone()), ..of.value.clone() })
}

#[allow(clippy::ptr_arg, reason = "the form of a rule on what is sealed")]
fn claimed_before(assessments: &Vec<Document<AssessmentRecord>>, record: &RecordId) -> Vec<SlotId> {
    let of = assessments.iter().find(|assessment| assessment.record == *record);
    of.map_or_else(Vec::new, |of| of.value.slots_claimed())
}

fn claimed_after(record: &AssessmentRecord, (): &()) -> Vec<SlotId> {
    record.slots_claimed()
}
