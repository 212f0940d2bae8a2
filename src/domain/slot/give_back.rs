//! Giving slots back whose appointments were moved, taken back, or are not to come any more: they are free again by themselves.

use crate::id::{AgencyId, SlotId};
use crate::store::change::Changes;
use crate::store::{Error, Snapshot};
use crate::vocabulary::EventType;

/// Gives back what was claimed before and is not any more, and tells the teams that offer it. One whose time has come stays taken.
///
/// # Errors
/// When the database fails.
pub(in crate::domain) fn give_back(
    tx: &mut Snapshot<'_>,
    changes: &mut Changes,
    (before, after): (&[SlotId], &[SlotId]),
    mover: &AgencyId,
) -> Result<(), Error> {
    for slot in before.iter().filter(|slot| !after.contains(slot)) {
        let id = slot.handle();
        let is_ahead = |at_us: i64| at_us > changes.now().as_microsecond();
        let Some(row) = tx.slot_find(id)?.filter(|row| !row.is_free && is_ahead(row.at_us)) else {
            continue;
        };
        changes.slot_give_back(tx, id)?;
        if row.agency != *mover {
            changes.notify(&row.agency, EventType::SlotGivenBack, format!("/v1/appointment-slots/{id}"));
        }
    }
    Ok(())
}
