//! What the gateway does by itself with a referral that nobody moved in time: it expires, and both sides hear of it.

use std::sync::Arc;

use serde::Serialize;

use super::deadlines::DeadlineTable;
use super::model::ReferralRecord;
use super::states::{Act, Circumstances, InvalidTransition, apply};
use super::stepping::Referral;
use super::telling::{Moved, recipient_of};
use super::transition::{Side, Transition, TransitionBody};
use crate::calendar::{Calendar, OpeningHours};
use crate::directory::Directory;
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::policy::action::SystemSweep;
use crate::policy::facts::Target;
use crate::policy::permit::Permit;
use crate::store::change::Changes;
use crate::store::facts::Subject;
use crate::store::record::Kind;
use crate::store::task_read::ChasedInVain;
use crate::store::{Error, Snapshot, epoch};
use crate::vocabulary::{EntryKind, TaskLevel};

/// Ends the referral whose sender has chased it in vain for longest. Another gateway may do so at the same moment: what rests on a
/// version that is no longer the latest is void.
#[derive(Clone)]
pub struct ExpireReferral {
    /// Working days.
    pub calendar: Arc<Calendar>,
    /// The clocks.
    pub deadlines: Arc<DeadlineTable>,
    /// Knows the directory.
    pub journal: Journal,
}

/// Whether there was one.
#[derive(Debug, Serialize)]
pub struct Expired {
    found: bool,
}

impl Command for ExpireReferral {
    type Action = SystemSweep;
    type Acknowledgement = Expired;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        _call: &Call,
        permit: &Permit<SystemSweep>,
        changes: &mut Changes,
    ) -> Result<Accepted<Expired>, Rejection> {
        let chased = tx.referral_chased_in_vain(permit, changes.now())?;
        let (found, directory) = (chased.is_some(), self.journal.directory());
        if let Some(chased) = chased {
            changes.rest_on(tx.epochs(&[&epoch::person(chased.person)])?);
            let current = tx.document_read::<_, ReferralRecord>(permit, &chased.sender, chased.record)?;
            let act = Act {
                side: Side::System,
                by: None,
                now: changes.now(),
                calendar: &self.calendar,
                deadlines: &self.deadlines,
                recipient_hours: &OpeningHours::default(),
                circumstances: NOTHING_IS_SENT,
            };
            match current.revise(&act, expire) {
                Ok(next) => {
                    changes.recorded_as(EntryKind::ReferralTransition);
                    changes.concerns(target(&chased, &directory)?);
                    let version =
                        tx.next_version(chased.record, Kind::Referral, chased.person, &chased.sender)?;
                    changes.document_put(tx, &version, &next)?;
                    let recipient = &recipient_of(&next, &directory)?;
                    let moved = Moved {
                        record: chased.record,
                        person: chased.person,
                        sender: &chased.sender,
                        recipient,
                        mover: None,
                        calendar: &self.calendar,
                    };
                    moved.tell(tx, permit, changes, &next)?;
                }
                // It was accepted, and waits for the first contact: nothing ends, but the manager must know.
                Err(_) => changes.tasks_raise(
                    (TaskLevel::Deputy, TaskLevel::Escalated),
                    [(chased.task, chased.sender.clone())],
                ),
            }
        }
        Ok(Accepted { status: 200, location: None, etag: None, acknowledgement: Expired { found } })
    }
}

fn target(chased: &ChasedInVain, directory: &Directory) -> Result<Target, Error> {
    let sender = directory.agency(&chased.sender).ok_or(Error::Corrupt("a referral of an unknown agency"))?;
    let target = Target::new(chased.person, chased.sender.clone(), sender.agency_type);
    Ok(Target { record: Some(chased.record), ..target })
}

/// An expiry sends nothing, so that nothing must be found out for it.
const NOTHING_IS_SENT: Circumstances =
    Circumstances { caseload_checked: true, consent_effective: false, another_open: false };

fn expire(current: &Referral, act: &Act<'_>) -> Result<ReferralRecord, InvalidTransition> {
    apply(&current.value, Transition::Expire, &TransitionBody::default(), act)
}
