//! Telling the sides of a joint decision: an event, and a task of the duty role with its deputy. Neither says what was decided, and the police
//! are told only when their answer may have changed.

use super::model::DecisionRecord;
use super::propose::Setting;
use super::states::Act;
use crate::calendar::Calendar;
use crate::domain::task::Halfway;
use crate::id::AgencyId;
use crate::journal::sealed::Sealed;
use crate::store::change::{Changes, NewVersion};
use crate::store::record::Kind;
use crate::store::{Error, Snapshot};
use crate::vocabulary::{AgencyType, DutyRole, EventType, TaskKind};

/// Within how many working days each side acts (our default: S3 says "before issue").
const WORKING_DAYS: u32 = 1;

/// What was done, and by whom.
pub(super) struct Told<'t> {
    pub(super) version: &'t NewVersion,
    pub(super) mover: &'t AgencyId,
    pub(super) setting: &'t Setting,
}

/// Makes the decision and whom it is about known to an agency, and asks it to vote.
pub(super) fn ask_to_vote(
    tx: &mut Snapshot<'_>,
    changes: &mut Changes,
    version: &NewVersion,
    agency: &AgencyId,
    calendar: &Calendar,
) -> Result<(), Error> {
    changes.client_make_known(tx, agency, version.person)?;
    let subject = path_of(tx, changes, version, agency)?;
    changes.notify(agency, EventType::JointDecisionChanged, subject.clone());
    put(changes, version, (agency, DutyRole::Spoc), TaskKind::VoteOnJointDecision, (subject, calendar));
    Ok(())
}

/// What follows from a vote, or from the police closing it.
pub(super) fn tell(
    tx: &mut Snapshot<'_>,
    changes: &mut Changes,
    told: &Told<'_>,
    next: &Sealed<DecisionRecord>,
    act: &Act,
) -> Result<(), Error> {
    let Told { version, mover, setting, .. } = told;
    if let Act::Vote(_) = act {
        changes.task_done(mover, TaskKind::VoteOnJointDecision, version.record);
        if next.judge(&(), is_decided).is_err() {
            return Ok(());
        }
    }
    let directory = setting.journal.directory();
    for agency in directory.iter().map(|agency| (&agency.id, agency.agency_type)) {
        let (agency, agency_type) = agency;
        if next.judge(agency, is_side).is_err() {
            continue;
        }
        let subject = path_of(tx, changes, version, agency)?;
        if agency != *mover {
            changes.notify(agency, EventType::JointDecisionChanged, subject.clone());
        }
        match (agency_type, act) {
            (AgencyType::Police, Act::Vote(_)) => {
                let task = TaskKind::CloseJointDecision;
                put(changes, version, (agency, DutyRole::Custody), task, (subject, &setting.calendar));
            }
            (AgencyType::Police, _) => {
                changes.task_done(agency, TaskKind::CloseJointDecision, version.record)
            }
            _ if agency != *mover => {
                changes.task_lapse(agency, TaskKind::VoteOnJointDecision, version.record);
            }
            _ => {}
        }
    }
    Ok(())
}

/// The path of an agency's own resource.
fn path_of(
    tx: &mut Snapshot<'_>,
    changes: &mut Changes,
    version: &NewVersion,
    agency: &AgencyId,
) -> Result<String, Error> {
    let record = version.record.as_bytes();
    let id = changes.handle_for(tx, agency, Kind::JointDecision, record, version.person)?;
    Ok(format!("/v1/joint-decisions/{id}"))
}

fn put(
    changes: &mut Changes,
    version: &NewVersion,
    lies_with: (&AgencyId, DutyRole),
    kind: TaskKind,
    (subject, calendar): (String, &Calendar),
) {
    let due_at = calendar.end_of(calendar.add_working_days(calendar.date_of(changes.now()), WORKING_DAYS));
    Halfway { lies_with, holder: None, kind, subject, due_at }.put(changes, version);
}

fn is_decided(decision: &DecisionRecord, (): &()) -> Result<(), ()> {
    if decision.verdict().is_some() { Ok(()) } else { Err(()) }
}

fn is_side(decision: &DecisionRecord, agency: &AgencyId) -> Result<(), ()> {
    if decision.police.0 == *agency || decision.party(agency).is_some() { Ok(()) } else { Err(()) }
}
