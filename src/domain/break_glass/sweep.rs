//! What the gateway does by itself with a broken glass: it closes when its hour is over, and a review that nobody did in seven days goes to
//! the Caldicott guardian and takes the worker's power.

use serde::Serialize;

use super::Setting;
use super::end::not_taken;
use super::model::{BreakGlassRecord, NotTaken};
use super::power::suspend;
use super::telling::Told;
use crate::directory::Directory;
use crate::id::AgencyId;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::policy::action::SystemSweep;
use crate::policy::facts::Target;
use crate::policy::permit::Permit;
use crate::store::break_glass::{GlassDue, GlassWait};
use crate::store::change::Changes;
use crate::store::facts::Subject;
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot, epoch};
use crate::vocabulary::{EntryKind, TaskKind};

/// Does the one that has waited for longest. Another gateway may do so at the same moment: what rests on a version that is no longer the
/// latest is void.
#[derive(Clone)]
pub struct SweepBreakGlass(pub Setting);

/// Whether there was one.
#[derive(Debug, Serialize)]
pub struct Swept {
    found: bool,
}

impl Command for SweepBreakGlass {
    type Action = SystemSweep;
    type Acknowledgement = Swept;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        _call: &Call,
        permit: &Permit<SystemSweep>,
        changes: &mut Changes,
    ) -> Result<Accepted<Swept>, Rejection> {
        let due = tx.glass_due(permit, changes.now())?;
        let found = due.is_some();
        if let Some(due) = due {
            let custodian = tx.record_custodian(due.record)?;
            let opener = custodian.ok_or(Error::Corrupt("a broken glass without a record"))?;
            changes.rest_on(tx.epochs(&[&epoch::person(due.person), epoch::DIRECTORY])?);
            changes.concerns(target(&due, &opener, &self.0.journal.directory())?);
            match due.wait {
                GlassWait::HourOver => close(tx, permit, changes, (&due, &opener))?,
                GlassWait::Unreviewed => self.escalate(tx, permit, changes, (&due, &opener))?,
            }
        }
        Ok(Accepted { status: 200, location: None, etag: None, acknowledgement: Swept { found } })
    }
}

impl SweepBreakGlass {
    fn escalate(
        &self,
        tx: &mut Snapshot<'_>,
        permit: &Permit<SystemSweep>,
        changes: &mut Changes,
        (due, opener): (&GlassDue, &AgencyId),
    ) -> Result<(), Rejection> {
        let current = tx.document_read::<_, BreakGlassRecord>(permit, opener, due.record)?;
        let overdue = |current: &Document<BreakGlassRecord>, reviewer: &AgencyId| {
            Ok::<_, NotTaken>(current.value.overdue_at(reviewer))
        };
        let next = current.revise(&due.agency, overdue).map_err(not_taken)?;
        let version = tx.next_version(due.record, Kind::BreakGlass, due.person, opener)?;
        changes.recorded_as(EntryKind::BreakGlassReview);
        changes.document_put(tx, &version, &next)?;
        changes.task_lapse(&due.agency, TaskKind::ReviewBreakGlass, due.record);
        let told = Told { version: &version, setting: &self.0 };
        told.passed_on(tx, changes, &due.agency)?;
        if due.agency != *opener {
            told.changed(tx, changes, opener)?;
        }
        suspend(tx, changes, opener, &next)?;
        Ok(())
    }
}

fn close(
    tx: &mut Snapshot<'_>,
    permit: &Permit<SystemSweep>,
    changes: &mut Changes,
    (due, opener): (&GlassDue, &AgencyId),
) -> Result<(), Rejection> {
    let current = tx.document_read::<_, BreakGlassRecord>(permit, opener, due.record)?;
    changes.recorded_as(EntryKind::BreakGlassEnd);
    changes.task_lapse(opener, TaskKind::EndBreakGlass, due.record);
    let ended = current.revise(&changes.now(), |current, now| current.value.ended(*now));
    // Who closed it just now ended the task as well.
    let Ok(next) = ended else { return Ok(()) };
    let version = tx.next_version(due.record, Kind::BreakGlass, due.person, opener)?;
    changes.document_put(tx, &version, &next)?;
    Ok(())
}

fn target(due: &GlassDue, opener: &AgencyId, directory: &Directory) -> Result<Target, Error> {
    let of = directory.agency(opener).ok_or(Error::Corrupt("a broken glass of an unknown agency"))?;
    let target = Target::new(due.person, opener.clone(), of.agency_type);
    Ok(Target { record: Some(due.record), ..target })
}
