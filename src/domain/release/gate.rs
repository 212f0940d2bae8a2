//! What a worker must know before somebody stands at the gate: is the receiver open then, who is on duty, and what is missing.

use jiff::civil::{Time, Weekday, time};
use jiff::{Timestamp, ToSpan as _};
use serde::Serialize;
use utoipa::ToSchema;

use super::plan::ReleasePlanned;
use crate::calendar::Calendar;
use crate::directory::{Agency, AgencyStatus};
use crate::id::AgencyId;

/// A release from this time on leaves too little of the day to reach a service that closes at five.
const LATE: Time = time(15, 0, 0, 0);
/// A gate whose time nobody knows opens in the course of the day.
const ANY_TIME: Time = time(12, 0, 0, 0);

crate::code_list! {
    /// What may go wrong at the gate.
    pub enum ReleaseWarning {
        /// The receiver is closed when the person leaves.
        ReceiverClosed = "receiver-closed",
        /// Late, or at a time that nobody knows, before a weekend or a bank holiday.
        BeforeClosedDays = "before-closed-days",
        /// The receiver takes part no more.
        ReceiverNotActive = "receiver-not-active",
        /// Nobody has found the receiver's contact right for more than 35 days.
        ReceiverUnverified = "receiver-unverified",
        NoFirstAppointment = "no-first-appointment",
        /// The first appointment is more than three weeks after release.
        AppointmentTooLate = "appointment-after-three-weeks",
        /// A last dose is given, and no script bridges.
        NoBridgingScript = "no-bridging-script",
        /// The bridging script ends before the first appointment.
        BridgeTooShort = "bridge-ends-before-appointment",
        /// The person asked to be met, and those who are to have not agreed.
        PickUpNotAgreed = "pick-up-not-agreed",
    }
}

/// Who receives the person, and who is on duty there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReceiverView {
    /// The agency.
    pub agency: AgencyId,
    /// The name that people know it by.
    pub name: String,
    /// Whether it is open when the person leaves.
    pub open_at_release: bool,
    /// The post that is on duty.
    pub on_duty: String,
    /// The post that stands in.
    pub deputy: String,
    /// The office's telephone number.
    pub telephone_office: String,
    /// The number for nights and weekends.
    pub telephone_out_of_hours: Option<String>,
}

/// Whether the release is on a Friday or the eve of a holiday, so late that nobody may be there.
fn is_before_closed_days(planned: &ReleasePlanned, calendar: &Calendar) -> bool {
    let next = planned.release_on.saturating_add(1.day());
    let is_late = planned.gate_at.is_none_or(|gate| LATE <= gate);
    // At a weekend itself the receiver is closed, which is said.
    let is_eve = !calendar.is_working_day(next) && planned.release_on.weekday() != Weekday::Sunday;
    is_late && is_eve
}

/// The receiver as it will be when the person leaves.
pub fn receiver(planned: &ReleasePlanned, agency: &Agency, calendar: &Calendar) -> ReceiverView {
    let gate = calendar.moment(planned.release_on, planned.gate_at.unwrap_or(ANY_TIME));
    let contact = &agency.contact;
    ReceiverView {
        agency: agency.id.clone(),
        name: agency.name.clone(),
        open_at_release: agency.status == AgencyStatus::Active && agency.is_open_at(gate, calendar),
        on_duty: contact.spoc.clone(),
        deputy: contact.spoc_deputy.clone(),
        telephone_office: contact.telephone_office.clone(),
        telephone_out_of_hours: contact.telephone_out_of_hours.clone(),
    }
}

/// What may go wrong, in the order of the list.
pub fn warnings(
    planned: &ReleasePlanned,
    agency: &Agency,
    calendar: &Calendar,
    now: Timestamp,
    pick_up_agreed: bool,
) -> Vec<ReleaseWarning> {
    let first = planned.first_appointment.as_ref().map(|first| first.at.date());
    let bridged = planned.bridging_script.as_ref().map(|script| script.until);
    let late = planned.release_on.saturating_add(3.weeks());
    let mut found = vec![
        (!receiver(planned, agency, calendar).open_at_release, ReleaseWarning::ReceiverClosed),
        (is_before_closed_days(planned, calendar), ReleaseWarning::BeforeClosedDays),
        (agency.status != AgencyStatus::Active, ReleaseWarning::ReceiverNotActive),
        (agency.spoc_verification_is_stale(now), ReleaseWarning::ReceiverUnverified),
        (first.is_none(), ReleaseWarning::NoFirstAppointment),
        (first.is_some_and(|day| late < day), ReleaseWarning::AppointmentTooLate),
        (planned.last_dose.is_some() && bridged.is_none(), ReleaseWarning::NoBridgingScript),
        (bridged.zip(first).is_some_and(|(until, day)| until < day), ReleaseWarning::BridgeTooShort),
        (planned.pick_up_wanted && !pick_up_agreed, ReleaseWarning::PickUpNotAgreed),
    ];
    found.retain(|(holds, _)| *holds);
    found.into_iter().map(|(_, warning)| warning).collect()
}

#[cfg(test)]
#[path = "gate_tests.rs"]
mod tests;
