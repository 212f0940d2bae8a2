//! What is sent with each act of an assessment.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::codes::{
    AppointmentKind, AttendanceOutcome, CancelReason, Disposal, EndReason, Engagement, FollowUpDecision,
    GoodCause, NoticeKind, WarningText,
};
use crate::domain::minute::Minute;
use crate::domain::validation::{clean_line, plausible_minute};
use crate::id::{AgencyId, Handle};

/// The person was asked whether to be assessed, where it is not required.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentAsked {
    /// Yes or no. No is no offence.
    pub agreed: bool,
    /// When the person was warned that a refusal may be told; needed with a refusal.
    #[validate(custom(function = "plausible_minute"))]
    pub warned_at: Option<Minute>,
}

/// An appointment as it is asked for: a free slot, or a place and a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BookingAsked {
    /// Which.
    pub appointment: AppointmentKind,
    /// A slot that a team offers, taken whatever the hour; it says when, where and with whom.
    #[schema(value_type = Option<String>)]
    pub slot: Option<Handle>,
    /// When, without a slot.
    #[validate(custom(function = "plausible_minute"))]
    pub at: Option<Minute>,
    /// Where, without a slot.
    #[validate(custom(function = "clean_line"))]
    pub place: Option<String>,
    /// The team that holds it, if it is not the one that assesses: that of the area where the person lives.
    pub agency: Option<AgencyId>,
}

/// An appointment with its time and place, however it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// Which.
    pub appointment: AppointmentKind,
    /// When.
    pub at: Minute,
    /// Where.
    pub place: String,
    /// The team that holds it, if it is not the one that assesses.
    pub agency: Option<AgencyId>,
    /// The slot that is taken for it.
    pub slot: Option<Handle>,
}

/// An appointment does not take place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Cancelled {
    /// Which.
    pub appointment: AppointmentKind,
    /// Why.
    pub reason: CancelReason,
}

/// A notice that was served. It states the place and the time of the appointment as they are booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeServed {
    /// Which.
    pub notice: NoticeKind,
    /// With `ra2`: which appointment has changed; the initial one if left out.
    pub appointment: Option<AppointmentKind>,
    /// The warning that it carries.
    pub text: WarningText,
    /// When it was served.
    #[validate(custom(function = "plausible_minute"))]
    pub served_at: Minute,
    /// Whether place, time and warning were said.
    pub orally: bool,
    /// Whether they were handed over in writing.
    pub in_writing: bool,
    /// With `ra1`: when the time of the appointment was written on the drug test form (DT1).
    #[validate(custom(function = "plausible_minute"))]
    pub dt1_at: Option<Minute>,
}

/// How an appointment was kept. Nothing of what was said in it: that belongs in the person's record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Attended {
    /// Which.
    pub appointment: AppointmentKind,
    /// How.
    pub outcome: AttendanceOutcome,
    /// When it ended, or was given up.
    #[validate(custom(function = "plausible_minute"))]
    pub at: Minute,
    /// With a failure: what was tried first.
    pub engagement: Option<Engagement>,
    /// With `good-cause`: which.
    pub good_cause: Option<GoodCause>,
    /// With an initial assessment that was attended: what the worker decided before it ended.
    pub follow_up: Option<FollowUpDecision>,
}

/// The person leaves custody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Released {
    /// When.
    #[validate(custom(function = "plausible_minute"))]
    pub at: Minute,
    /// What became of the offence.
    pub disposal: Disposal,
}

/// The assessment ends early.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndedEarly {
    /// What ends it.
    pub reason: EndReason,
}
