//! A release plan: as it is written, as it is stored, its steps, and by when care must have gone on.

use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::calendar::Calendar;
use crate::domain::dir::UrgentNeed;
use crate::domain::dir::filing::redacted;
use crate::domain::fault::{Faults, FieldFault, is_distinct};
use crate::domain::minute::Minute;
use crate::domain::validation::{clean_line, plausible_date, plausible_minute, valid_phone};
use crate::id::{AgencyId, WorkerId};
use crate::vocabulary::{Due, TaskKind};

/// Within how many weeks of release the first appointment must be kept for care to have gone on (OHID and HMPPS, 2023).
const CONTINUITY_WEEKS: i32 = 3;
/// How many days before release all must be in place, and when the deputy is told.
const PREPARED_DAYS: i32 = 1;
const REMIND_DAYS: i32 = 3;

crate::code_list! {
    /// Where a release plan stands.
    pub enum ReleaseState {
        Planned = "planned",
        /// The person has left prison, and was not seen in the community yet.
        Released = "released",
        /// The first appointment was kept.
        Seen = "seen",
        Cancelled = "cancelled",
    }
}

crate::code_list! {
    /// A step; its code is the last part of the URL `/release-plans/{id}/{step}`.
    pub enum ReleaseStep {
        NoteRelease = "note-release",
        /// The person came to the first appointment.
        NoteAttended = "note-attended",
        /// The person did not come. The plan waits for the next appointment.
        NoteMissed = "note-missed",
        /// There is no release, or another service plans it.
        Cancel = "cancel",
    }
}

crate::code_list! {
    /// Whether care went on after release: the measured outcome.
    #[schema(as = ReleaseContinuity)]
    pub enum Continuity {
        /// Three weeks have not gone by.
        Awaited = "awaited",
        WithinThreeWeeks = "within-three-weeks",
        /// The first appointment was kept, after more than three weeks.
        Late = "late",
        /// None was kept in three weeks.
        None = "none-in-three-weeks",
    }
}

impl ReleaseStep {
    /// Where the step leads from this state; `None` if it is not possible.
    pub const fn from_state(self, state: ReleaseState) -> Option<ReleaseState> {
        use ReleaseState::{Cancelled, Planned, Released, Seen};
        match (self, state) {
            (Self::NoteRelease, Planned) | (Self::NoteMissed, Released) => Some(Released),
            (Self::NoteAttended, Released) => Some(Seen),
            (Self::Cancel, Planned) => Some(Cancelled),
            _ => None,
        }
    }
}

/// The last dose in prison.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LastDose {
    /// Drug and amount.
    #[validate(custom(function = "clean_line"))]
    pub what: String,
    /// When it is or was taken, to the minute.
    #[validate(custom(function = "plausible_minute"))]
    pub at: Minute,
}

/// A script that bridges until the community's prescriber takes over.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BridgingScript {
    /// Drug, amount and pharmacy.
    #[validate(custom(function = "clean_line"))]
    pub what: String,
    /// The last day that it covers.
    #[validate(custom(function = "plausible_date"))]
    #[schema(value_type = String, format = Date)]
    pub until: Date,
}

/// The first appointment in the community.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstAppointment {
    /// When, to the minute.
    #[validate(custom(function = "plausible_minute"))]
    pub at: Minute,
    /// Where, as it is printed on the person's letter.
    #[validate(custom(function = "clean_line"))]
    pub place: String,
    /// Whom to ring.
    #[validate(custom(function = "valid_phone"))]
    #[serde(default)]
    pub phone: Option<String>,
}

/// A release plan as a worker writes it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleasePlanned {
    /// The day of release.
    #[validate(custom(function = "plausible_date"))]
    #[schema(value_type = String, format = Date)]
    pub release_on: Date,
    /// When the person is expected at the gate, civil time.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "10:30:00")]
    pub gate_at: Option<Time>,
    /// The prison.
    #[validate(custom(function = "clean_line"))]
    pub prison: String,
    /// The service that receives the person; the agency itself if left out.
    #[serde(default)]
    pub receiver: Option<AgencyId>,
    /// Who escorts the person.
    #[validate(custom(function = "clean_line"))]
    #[serde(default)]
    pub escort: Option<String>,
    /// The area to which the person goes.
    #[validate(custom(function = "clean_line"))]
    #[serde(default)]
    pub going_to: Option<String>,
    /// Whether the person asked to be met at the gate.
    #[serde(default)]
    pub pick_up_wanted: bool,
    /// The last dose in prison.
    #[validate(nested)]
    #[serde(default)]
    pub last_dose: Option<LastDose>,
    /// The script that bridges.
    #[validate(nested)]
    #[serde(default)]
    pub bridging_script: Option<BridgingScript>,
    /// What is needed on the day.
    #[serde(default)]
    pub urgent_needs: Vec<UrgentNeed>,
    /// The first appointment.
    #[validate(nested)]
    #[serde(default)]
    pub first_appointment: Option<FirstAppointment>,
}

/// What goes with a step of a release plan.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReleaseStepTaken {
    /// The day on which it happened; today if left out.
    #[schema(value_type = Option<String>, format = Date)]
    pub on: Option<Date>,
    /// `cancel`: why.
    #[validate(length(min = 1, max = 500), non_control_character)]
    pub reason: Option<String>,
}

/// One version of a release plan as stored.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleasePlanRecord {
    /// What it says.
    pub planned: ReleasePlanned,
    /// Where it stands.
    pub state: ReleaseState,
    /// Who wrote it first.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
    /// The day on which the person left.
    pub released_on: Option<Date>,
    /// The day of the first appointment that was kept.
    pub attended_on: Option<Date>,
    /// The days of those that were not.
    pub missed_on: Vec<Date>,
    /// Why there is no release.
    pub cancelled_because: Option<String>,
}

redacted!(LastDose, BridgingScript, FirstAppointment, ReleasePlanned, ReleaseStepTaken, ReleasePlanRecord);

/// Why a plan is not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidReleaseStep {
    /// Not from the plan's present state.
    NotFromHere,
    /// A rule is broken.
    Fault(FieldFault),
}

impl ReleasePlanned {
    /// Checks what the form of the fields cannot say.
    ///
    /// # Errors
    /// Every rule that is broken, by field.
    pub fn check(&self) -> Result<(), Vec<FieldFault>> {
        let mut faults = Faults::default();
        let appointed = self.first_appointment.as_ref().map(|first| first.at.date());
        let not_before = appointed.is_none_or(|day| self.release_on <= day);
        faults.require(not_before, "first_appointment", "must not be before release");
        let dosed = self.last_dose.as_ref().map(|dose| dose.at.date());
        faults.require(
            dosed.is_none_or(|day| day <= self.release_on),
            "last_dose",
            "must not be after release",
        );
        let bridged = self.bridging_script.as_ref().map(|script| script.until);
        let covers = bridged.is_none_or(|day| self.release_on <= day);
        faults.require(covers, "bridging_script", "must not end before release");
        faults.require(is_distinct(&self.urgent_needs), "urgent_needs", "must not repeat an entry");
        faults.into_result()
    }

    /// As a plan that is stored first.
    pub fn into_record(self, by: WorkerId, at: Timestamp) -> ReleasePlanRecord {
        ReleasePlanRecord {
            planned: self,
            state: ReleaseState::Planned,
            by,
            at,
            released_on: None,
            attended_on: None,
            missed_on: Vec::new(),
            cancelled_because: None,
        }
    }
}

impl ReleasePlanRecord {
    /// Whether something is still to be done about it.
    pub const fn is_open(&self) -> bool {
        matches!(self.state, ReleaseState::Planned | ReleaseState::Released)
    }

    /// The day until which the first appointment counts as care that went on.
    pub fn continuity_until(&self) -> Date {
        let released = self.released_on.unwrap_or(self.planned.release_on);
        released.saturating_add(CONTINUITY_WEEKS.weeks())
    }

    /// Whether care went on, as far as can be said on a day; nothing where there was no release.
    pub fn continuity(&self, today: Date) -> Option<Continuity> {
        let until = self.continuity_until();
        match (self.state, self.attended_on) {
            (ReleaseState::Cancelled, _) => None,
            (_, Some(on)) if on <= until => Some(Continuity::WithinThreeWeeks),
            (_, Some(_)) => Some(Continuity::Late),
            (_, None) if until < today => Some(Continuity::None),
            (_, None) => Some(Continuity::Awaited),
        }
    }

    /// The steps that are possible.
    pub fn possible(&self) -> impl Iterator<Item = ReleaseStep> {
        ReleaseStep::ALL.iter().copied().filter(|step| step.from_state(self.state).is_some())
    }

    /// The next version, with what is planned now.
    ///
    /// # Errors
    /// When it is over, or the person has left and another day of release is given.
    pub fn revised(&self, planned: &ReleasePlanned) -> Result<Self, InvalidReleaseStep> {
        if !self.is_open() {
            return Err(InvalidReleaseStep::NotFromHere);
        }
        let moved = self.state == ReleaseState::Released && planned.release_on != self.planned.release_on;
        require(!moved, "release_on", "must stay: the person has been released")?;
        Ok(Self { planned: planned.clone(), ..self.clone() })
    }

    /// The next version, after a step.
    ///
    /// # Errors
    /// When it is not possible, or what goes with it does not fit.
    pub fn stepped(
        &self,
        step: ReleaseStep,
        taken: &ReleaseStepTaken,
        today: Date,
    ) -> Result<Self, InvalidReleaseStep> {
        let state = step.from_state(self.state).ok_or(InvalidReleaseStep::NotFromHere)?;
        let on = taken.on.unwrap_or(today);
        require(on <= today, "on", "must not lie in the future")?;
        let after_release = self.released_on.is_none_or(|released| released <= on);
        require(after_release, "on", "must not lie before the day of release")?;
        let reasoned = (step == ReleaseStep::Cancel) == taken.reason.is_some();
        require(reasoned, "reason", "goes with `cancel`, and only with it")?;
        let mut next = Self { state, ..self.clone() };
        match step {
            ReleaseStep::NoteRelease => next.released_on = Some(on),
            ReleaseStep::NoteAttended => next.attended_on = Some(on),
            ReleaseStep::NoteMissed => next.missed_on.push(on),
            ReleaseStep::Cancel => next.cancelled_because.clone_from(&taken.reason),
        }
        Ok(next)
    }

    /// What is to be done about it, by when: that all is in place before the gate opens, and that the person is seen.
    pub fn dues(&self, calendar: &Calendar) -> Vec<Due> {
        let on = |kind, remind: Date, day: Date| Due {
            kind,
            worker: None,
            remind_at: calendar.end_of(remind.min(day)),
            due_at: calendar.end_of(day),
        };
        let release_on = self.planned.release_on;
        let before = |days: i32| release_on.saturating_sub(days.days());
        let prepare = (self.state == ReleaseState::Planned)
            .then(|| on(TaskKind::PrepareRelease, before(REMIND_DAYS), before(PREPARED_DAYS)));
        let appointed = self.planned.first_appointment.as_ref().map_or(release_on, |first| first.at.date());
        let see = self.is_open().then(|| on(TaskKind::SeeAfterRelease, appointed, self.continuity_until()));
        prepare.into_iter().chain(see).collect()
    }
}

fn require(holds: bool, field: &'static str, rule: &'static str) -> Result<(), InvalidReleaseStep> {
    if holds { Ok(()) } else { Err(InvalidReleaseStep::Fault(FieldFault { field, rule })) }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
