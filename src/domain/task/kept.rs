//! The tasks of a record, kept in step with what is to be done about it: none is forgotten and none is left.

use crate::id::AgencyId;
use crate::store::change::{Changes, NewVersion};
use crate::store::task::{NewTask, Reassigned};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Due, DutyRole, TaskKind};

/// A record whose tasks are kept.
pub(in crate::domain) struct Kept<'a> {
    /// Whose tasks.
    pub(in crate::domain) agency: &'a AgencyId,
    /// The version that is written.
    pub(in crate::domain) version: &'a NewVersion,
    /// The path of the agency's own resource, where they are done.
    pub(in crate::domain) subject: String,
}

impl Kept<'_> {
    /// Brings the tasks from what was to be done to what is to be done now. One that stays as it was is left alone, with whomever it
    /// lies; one that moves stays with who held it.
    pub(in crate::domain) fn tasks(
        &self,
        tx: &mut Snapshot<'_>,
        changes: &mut Changes,
        (before, after): (&[Due], &[Due]),
        is_done: impl Fn(TaskKind) -> bool,
    ) -> Result<(), Error> {
        let Self { agency, version, subject } = self;
        let record = version.record;
        let same_time = |one: &Due, other: &Due| {
            (one.kind, one.remind_at, one.due_at) == (other.kind, other.remind_at, other.due_at)
        };
        for old in before.iter().filter(|old| !after.iter().any(|new| same_time(old, new))) {
            if is_done(old.kind) {
                changes.task_done(agency, old.kind, record);
            } else {
                changes.task_lapse(agency, old.kind, record);
            }
        }
        for new in after {
            let old = before.iter().find(|old| old.kind == new.kind);
            let worker = new.worker.as_ref().map(|worker| tx.task_holder(agency, worker));
            let moved_over = old.is_some_and(|old| old.worker != new.worker);
            if moved_over && old.is_some_and(|old| same_time(old, new)) {
                changes.task_reassign(agency, Reassigned::About(new.kind, record), worker);
            }
            // One that is open already stays as it is; one that is missing, since the record is older than its tasks, comes to be.
            let lies = if moved_over { None } else { tx.task_lies_with(agency, new.kind, record)? };
            changes.task_put(NewTask {
                agency: (*agency).clone(),
                duty: DutyRole::CaseManagement,
                holder: lies.map_or(worker, |(_, holder)| holder),
                kind: new.kind,
                person: version.person,
                record,
                subject: subject.clone(),
                remind_at: new.remind_at,
                due_at: new.due_at,
            });
        }
        Ok(())
    }
}
