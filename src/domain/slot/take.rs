//! Taking a slot, with the booking and never without it.

use super::Slot;
use crate::calendar::Calendar;
use crate::domain::assessment::codes::AppointmentKind;
use crate::id::{AgencyId, Handle};
use crate::journal::disclosure::Rejection;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::change::Changes;
use crate::vocabulary::EventType;

/// Takes a slot for an appointment, and tells the team that offers it. Who comes is not told by this.
///
/// # Errors
/// When there is none, it is for something else, or somebody took it before; or the store fails.
pub fn take_slot(
    tx: &mut Snapshot<'_>,
    changes: &mut Changes,
    id: Handle,
    appointment: AppointmentKind,
    (calendar, mover): (&Calendar, &AgencyId),
) -> Result<Slot, Rejection> {
    let row = tx.slot_find(id)?.ok_or_else(|| {
        Problem::field(
            ProblemType::UnprocessableDocument,
            "slot",
            "unknown-slot",
            "must be a slot that is offered",
        )
    })?;
    let is_free = row.is_free && row.at_us > changes.now().as_microsecond();
    let slot = Slot::from_row(row, calendar)?;
    if slot.appointment != appointment {
        let message = "must be for an appointment of this kind";
        return Err(Problem::field(ProblemType::UnprocessableDocument, "slot", "rule", message).into());
    }
    if !is_free {
        let errors = vec![FieldProblem::new("slot", "slot-taken", "is not free any more: choose another")];
        return Err(
            Problem { errors, ..Problem::because(ProblemType::InvalidTransition, "slot-taken") }.into()
        );
    }
    changes.slot_take(tx, id)?;
    if slot.agency != *mover {
        changes.notify(&slot.agency, EventType::SlotTaken, format!("/v1/appointment-slots/{id}"));
    }
    Ok(slot)
}
