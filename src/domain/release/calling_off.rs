//! Calling off a pick-up that has lost its ground: the release was moved or is none, or the person has died.

use super::pick_up::{PickUpRecord, PickUpState};
use crate::id::{AgencyId, PersonId, RecordId};
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::store::change::Changes;
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::EventType;

/// Which pick-ups are called off, and why.
pub(in crate::domain) struct CallOff<'a> {
    /// Whom they are about.
    pub(in crate::domain) person: PersonId,
    /// The team that asked for them.
    pub(in crate::domain) home: &'a AgencyId,
    /// Of which release; of all of the team's if left out.
    pub(in crate::domain) plan: Option<RecordId>,
    /// What the other two are told.
    pub(in crate::domain) reason: &'static str,
}

/// What a pick-up must be to be called off.
struct Meant {
    record: RecordId,
    home: AgencyId,
    plan: Option<RecordId>,
    reason: &'static str,
}

impl CallOff<'_> {
    /// Calls them off with this change: all three hear of it, and nobody waits at a gate.
    ///
    /// # Errors
    /// When the database or the encryption fails.
    pub(in crate::domain) fn carry_out<A: Action>(
        &self,
        tx: &mut Snapshot<'_>,
        permit: &Permit<A>,
        changes: &mut Changes,
    ) -> Result<(), Error> {
        let Self { person, home, plan, reason } = self;
        let pick_ups = tx.documents_of_person::<_, PickUpRecord>(permit, *person, Kind::PickUp)?;
        for held in tx.versions_of_person(*person, Kind::PickUp)? {
            let meant = Meant { record: held.record, home: (*home).clone(), plan: *plan, reason };
            if let Ok(next) = pick_ups.revise(&meant, called_off) {
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
}

#[allow(clippy::ptr_arg, reason = "the form of a rule on what is sealed")]
fn called_off(pick_ups: &Vec<Document<PickUpRecord>>, meant: &Meant) -> Result<PickUpRecord, ()> {
    let found = pick_ups.iter().find(|pick_up| pick_up.record == meant.record).ok_or(())?;
    let pick_up = &found.value;
    let is_meant = pick_up.home == meant.home && meant.plan.is_none_or(|plan| plan == pick_up.plan);
    if !is_meant || !pick_up.is_open() {
        return Err(());
    }
    let reason = Some(meant.reason.to_owned());
    Ok(PickUpRecord { state: PickUpState::Cancelled, reason, ..pick_up.clone() })
}
