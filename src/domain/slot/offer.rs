//! Offering a slot, and taking the offer back.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::calendar::Calendar;
use crate::domain::assessment::codes::AppointmentKind;
use crate::domain::minute::Minute;
use crate::domain::validation::{clean_line, plausible_minute};
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::change::Changes;
use crate::store::facts::Subject;
use crate::store::slot::SlotRow;

/// A slot as a team offers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SlotOffered {
    /// What it is for.
    pub appointment: AppointmentKind,
    /// When.
    #[validate(custom(function = "plausible_minute"))]
    pub at: Minute,
    /// Where.
    #[validate(custom(function = "clean_line"))]
    pub place: String,
}

/// `POST /appointment-slots`.
pub struct OfferSlot {
    /// The slot.
    pub offered: SlotOffered,
    /// Civil time.
    pub calendar: Arc<Calendar>,
}

/// `POST /appointment-slots/{id}/withdrawal`.
pub struct WithdrawSlot(pub Handle);

/// The slot is offered, or is not any more.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlotMoved {
    /// What everybody calls it.
    #[schema(value_type = String)]
    pub id: Handle,
}

impl Command for OfferSlot {
    type Action = action::SlotOffer;
    type Acknowledgement = SlotMoved;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        _tx: &mut Snapshot<'_>,
        call: &Call,
        _permit: &Permit<action::SlotOffer>,
        changes: &mut Changes,
    ) -> Result<Accepted<SlotMoved>, Rejection> {
        let civil = self.offered.at.as_datetime();
        let at = self.calendar.moment(civil.date(), civil.time());
        if at <= changes.now() {
            let message = "must lie in the future";
            return Err(Problem::field(ProblemType::UnprocessableDocument, "at", "rule", message).into());
        }
        let id = Handle::random();
        changes.slot_offer(SlotRow {
            id,
            agency: worker(call)?.agency.clone(),
            kind: self.offered.appointment.code().to_owned(),
            at_us: at.as_microsecond(),
            place: self.offered.place.clone(),
            is_free: true,
        });
        let location = Some(format!("/v1/appointment-slots/{id}"));
        Ok(Accepted { status: 201, location, etag: None, acknowledgement: SlotMoved { id } })
    }
}

impl Command for WithdrawSlot {
    type Action = action::SlotOffer;
    type Acknowledgement = SlotMoved;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        _permit: &Permit<action::SlotOffer>,
        changes: &mut Changes,
    ) -> Result<Accepted<SlotMoved>, Rejection> {
        let agency = &worker(call)?.agency;
        let own = tx.slot_find(self.0)?.filter(|slot| slot.agency == *agency);
        let slot =
            own.ok_or_else(|| Problem::because(ProblemType::NotFoundOrNotPermitted, "no-such-slot"))?;
        if !slot.is_free {
            return Err(Problem::because(ProblemType::InvalidTransition, "slot-taken").into());
        }
        changes.slot_withdraw(tx, self.0)?;
        Ok(Accepted { status: 200, location: None, etag: None, acknowledgement: SlotMoved { id: self.0 } })
    }
}
