//! Telling the two sides of a delegated follow-up: handles of their own, events, and tasks with a time. Nobody else hears of any of it.

use std::sync::Arc;

use super::model::DelegationRecord;
use crate::calendar::Calendar;
use crate::domain::task::Halfway;
use crate::id::AgencyId;
use crate::journal::sealed::Sealed;
use crate::store::change::{Changes, NewVersion};
use crate::store::record::Kind;
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Due, DutyRole, EventType, TaskKind};

/// Makes the follow-up and whom it is about known to the project, which is to hold it on its day.
pub(super) fn hand_over(
    tx: &mut Snapshot<'_>,
    changes: &mut Changes,
    (version, delegation): (&NewVersion, &Sealed<DelegationRecord>),
    project: &AgencyId,
    calendar: &Arc<Calendar>,
) -> Result<(), Error> {
    changes.client_make_known(tx, project, version.person)?;
    let subject = notify(tx, changes, version, project)?;
    for due in delegation.dues(calendar, due_of) {
        let (lies_with, kind, due_at) = ((project, DutyRole::Spoc), due.kind, due.due_at);
        Halfway { lies_with, holder: None, kind, subject: subject.clone(), due_at }.put(changes, version);
    }
    Ok(())
}

/// Tells an agency that its own resource has moved. The answer is the path of that.
pub(super) fn notify(
    tx: &mut Snapshot<'_>,
    changes: &mut Changes,
    version: &NewVersion,
    agency: &AgencyId,
) -> Result<String, Error> {
    let record = version.record.as_bytes();
    let id = changes.handle_for(tx, agency, Kind::Delegation, record, version.person)?;
    let subject = format!("/v1/delegations/{id}");
    changes.notify(agency, EventType::DelegationChanged, subject.clone());
    Ok(subject)
}

/// The other side of a delegation: found by its place in the directory, so that nothing else leaves the record.
#[allow(clippy::ptr_arg, reason = "the form of a rule on what is sealed")]
pub(super) fn project_of(
    delegation: &Sealed<DelegationRecord>,
    agencies: &Vec<AgencyId>,
) -> Result<AgencyId, Error> {
    let at = delegation.pick(agencies, |delegation, agencies| {
        agencies.iter().position(|agency| *agency == delegation.project)
    });
    at.and_then(|at| agencies.get(at)).cloned().ok_or(Error::Corrupt("a delegation to an unknown agency"))
}

fn due_of(delegation: &DelegationRecord, calendar: &Arc<Calendar>) -> Vec<Due> {
    let due_at = calendar.end_of(delegation.at.date());
    vec![Due { kind: TaskKind::HoldFollowUp, worker: None, remind_at: due_at, due_at }]
}
