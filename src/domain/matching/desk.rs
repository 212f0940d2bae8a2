//! The desk: which agency settles uncertain matches, and how a case comes before it.

use jiff::SignedDuration;

use crate::directory::{AgencyStatus, Directory};
use crate::id::AgencyId;
use crate::identity::principal::Principal;
use crate::store::change::{Changes, NewVersion};
use crate::store::record::Kind;
use crate::store::task::NewTask;
use crate::store::{Error, Snapshot};
use crate::vocabulary::{AgencyType, DutyRole, EventType, Role, TaskKind};

/// Until when the desk should have decided, and when its deputy is reminded.
const DUE: SignedDuration = SignedDuration::from_hours(24);
const REMIND: SignedDuration = SignedDuration::from_hours(8);

/// The desk of a deployment.
pub(super) struct Desk {
    /// The agency that keeps the cases.
    pub(super) agency: AgencyId,
    /// Whether anybody is there to decide them.
    is_staffed: bool,
}

impl Desk {
    /// The operator's, with matching officers. Until one is enrolled the gateway itself keeps the cases, and whoever is in doubt counts
    /// as possible.
    pub(super) fn of(directory: &Directory) -> Result<Self, Error> {
        let staffed = directory.iter().find(|agency| {
            agency.agency_type == AgencyType::Operator
                && agency.status == AgencyStatus::Active
                && agency.may_assert(Role::MatchingOfficer)
        });
        if let Some(agency) = staffed {
            return Ok(Self { agency: agency.id.clone(), is_staffed: true });
        }
        let gateway = Principal::system(0).map_err(|_| Error::Corrupt("the system's ids are malformed"))?;
        Ok(Self { agency: gateway.agency, is_staffed: false })
    }

    /// Whether anybody is there to decide.
    pub(super) const fn is_staffed(&self) -> bool {
        self.is_staffed
    }

    /// Brings a case that is written in this change before the desk.
    pub(super) fn is_asked(
        &self,
        tx: &mut Snapshot<'_>,
        changes: &mut Changes,
        case: &NewVersion,
    ) -> Result<(), Error> {
        let handle =
            changes.handle_for(tx, &self.agency, Kind::Match, case.record.as_bytes(), case.person)?;
        if self.is_staffed {
            let subject = format!("/v1/matches/{handle}");
            changes.notify(&self.agency, EventType::MatchWaiting, subject.clone());
            changes.task_put(NewTask {
                agency: self.agency.clone(),
                duty: DutyRole::MatchingDesk,
                holder: None,
                kind: TaskKind::MatchDecision,
                person: case.person,
                record: case.record,
                subject,
                remind_at: changes.now() + REMIND,
                due_at: changes.now() + DUE,
            });
        }
        Ok(())
    }
}
