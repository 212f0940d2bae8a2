//! Who is told of a broken glass, and what each has to do: its worker closes it, the privacy officers of both sides review it.

use super::Setting;
use super::model::BreakGlassRecord;
use crate::domain::task::{Halfway, half_way};
use crate::id::{AgencyId, Handle};
use crate::store::change::{Changes, NewVersion};
use crate::store::record::Kind;
use crate::store::task::NewTask;
use crate::store::{Error, Snapshot};
use crate::vocabulary::{DutyRole, EventType, TaskKind};

/// Within how many working days it is reviewed.
const REVIEW_WORKING_DAYS: u32 = 1;

/// A version of a broken glass of which somebody is told.
pub(super) struct Told<'t> {
    pub(super) version: &'t NewVersion,
    pub(super) setting: &'t Setting,
}

impl Told<'_> {
    /// The privacy officers of the agency that opened it and of each of which something was opened are told at once, and have to review
    /// it; the worker has to close it.
    pub(super) fn opened(
        &self,
        tx: &mut Snapshot<'_>,
        changes: &mut Changes,
        broken: &BreakGlassRecord,
        id: Handle,
    ) -> Result<(), Error> {
        let (agency, worker) = &broken.by;
        changes.task_put(NewTask {
            agency: agency.clone(),
            duty: DutyRole::Prescriber,
            holder: Some(tx.task_holder(agency, worker)),
            kind: TaskKind::EndBreakGlass,
            person: self.version.person,
            record: self.version.record,
            subject: format!("/v1/break-glass/{id}"),
            remind_at: half_way(broken.at, broken.until()),
            due_at: broken.until(),
        });
        for reviewer in broken.reviewers() {
            let subject = self.subject_of(tx, changes, reviewer)?;
            changes.notify(reviewer, EventType::BreakGlassOpened, subject.clone());
            self.put_review(changes, reviewer, subject);
        }
        Ok(())
    }

    /// The review of an agency goes to its Caldicott guardian, as a task of its own time.
    pub(super) fn passed_on(
        &self,
        tx: &mut Snapshot<'_>,
        changes: &mut Changes,
        reviewer: &AgencyId,
    ) -> Result<(), Error> {
        let subject = self.subject_of(tx, changes, reviewer)?;
        self.put_review(changes, reviewer, subject);
        self.changed(tx, changes, reviewer)
    }

    /// An agency hears that something about it has changed: a review was passed on, or found that it was wrong to open it.
    pub(super) fn changed(
        &self,
        tx: &mut Snapshot<'_>,
        changes: &mut Changes,
        reviewer: &AgencyId,
    ) -> Result<(), Error> {
        let subject = self.subject_of(tx, changes, reviewer)?;
        changes.notify(reviewer, EventType::BreakGlassChanged, subject);
        Ok(())
    }

    fn put_review(&self, changes: &mut Changes, reviewer: &AgencyId, subject: String) {
        let calendar = &self.setting.calendar;
        let today = calendar.date_of(changes.now());
        let due_at = calendar.end_of(calendar.add_working_days(today, REVIEW_WORKING_DAYS));
        let (lies_with, kind) = ((reviewer, DutyRole::Privacy), TaskKind::ReviewBreakGlass);
        Halfway { lies_with, holder: None, kind, subject, due_at }.put(changes, self.version);
    }

    /// Where an agency reviews it, by its own name for it.
    fn subject_of(
        &self,
        tx: &mut Snapshot<'_>,
        changes: &mut Changes,
        reviewer: &AgencyId,
    ) -> Result<String, Error> {
        let NewVersion { record, person, .. } = self.version;
        let id = changes.handle_for(tx, reviewer, Kind::BreakGlass, record.as_bytes(), *person)?;
        Ok(format!("/v1/break-glass/{id}/review"))
    }
}
