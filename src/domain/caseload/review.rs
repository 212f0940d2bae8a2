//! A review of somebody's care: what it found, and the outcome that follows from that.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::episode_codes::SignificantEvent;
use super::model::{EpisodeRecord, EpisodeState};
use crate::calendar::review_due;
use crate::domain::fault::{Faults, FieldFault};
use crate::id::WorkerId;

crate::code_list! {
    /// Why a review takes place.
    pub enum ReviewTrigger {
        /// Sixteen weeks have gone by since admission or the last review.
        SixteenWeeks = "sixteen-weeks",
        /// Something happened.
        SignificantEvent = "significant-event",
    }
}

crate::code_list! {
    /// What follows from a review (S2 4.1.3).
    pub enum ReviewOutcome {
        /// Class A misuse and offending: stays on the caseload.
        Stay = "stay",
        /// Class A misuse, not offending: goes to community treatment of Class A misuse (C7).
        ClassATreatment = "exit-to-class-a-treatment",
        /// Offending, no Class A misuse: goes to an intensive programme (C8).
        IntensiveProgramme = "exit-to-intensive-programme",
        /// Neither: goes to support outside the criminal justice system.
        OtherSupport = "exit-to-other-support",
        /// Class A misuse and in prison: find out the length of custody from the court or the prison team, and plan the release.
        PlanRelease = "plan-release",
    }
}

impl ReviewOutcome {
    /// What follows from what was found.
    pub const fn of(class_a: bool, offending: bool, prison: bool) -> Self {
        match (class_a, offending, prison) {
            (true, _, true) => Self::PlanRelease,
            (true, true, false) => Self::Stay,
            (true, false, false) => Self::ClassATreatment,
            (false, true, _) => Self::IntensiveProgramme,
            (false, false, _) => Self::OtherSupport,
        }
    }
}

/// A review as a worker records it. The outcome follows from the three answers; another one needs a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewMade {
    /// The day on which it took place; today if left out.
    #[schema(value_type = Option<String>, format = Date)]
    pub on: Option<Date>,
    /// Why it takes place.
    pub trigger: ReviewTrigger,
    /// `significant-event`: what happened.
    pub event: Option<SignificantEvent>,
    /// Whether the person misuses Class A drugs.
    pub class_a: bool,
    /// Whether the person offends.
    pub offending: bool,
    /// Whether the person is in prison.
    pub prison: bool,
    /// Another outcome than the one that follows.
    pub outcome: Option<ReviewOutcome>,
    /// Why there is another outcome.
    #[validate(length(min = 10, max = 500), non_control_character)]
    pub outcome_reason: Option<String>,
    /// Whether the person took part. A review may have to do without.
    pub person_took_part: bool,
}

impl ReviewMade {
    /// Checks what the form of the fields cannot say.
    ///
    /// # Errors
    /// Every rule that is broken, by field.
    pub fn check(&self) -> Result<(), Vec<FieldFault>> {
        let mut faults = Faults::default();
        let by_event = self.trigger == ReviewTrigger::SignificantEvent;
        faults.require(
            by_event == self.event.is_some(),
            "event",
            "goes with `significant-event`, and only with it",
        );
        let differs = self.outcome.is_some_and(|outcome| outcome != self.derived());
        let reasoned = self.outcome_reason.is_some();
        faults.require(
            !differs || reasoned,
            "outcome_reason",
            "required: the outcome is not the one that follows",
        );
        faults.require(differs || !reasoned, "outcome_reason", "must be absent where the outcome follows");
        faults.into_result()
    }

    /// The outcome that follows from the three answers.
    pub const fn derived(&self) -> ReviewOutcome {
        ReviewOutcome::of(self.class_a, self.offending, self.prison)
    }
}

/// A review as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewNote {
    /// The day on which it took place.
    pub on: Date,
    /// When it was entered.
    pub at: Timestamp,
    /// By whom.
    pub by: WorkerId,
    /// Why it took place.
    pub trigger: ReviewTrigger,
    /// What happened.
    pub event: Option<SignificantEvent>,
    /// Whether the person misuses Class A drugs.
    pub class_a: bool,
    /// Whether the person offends.
    pub offending: bool,
    /// Whether the person is in prison.
    pub prison: bool,
    /// What follows, or what was decided otherwise.
    pub outcome: ReviewOutcome,
    /// Why it was decided otherwise.
    pub outcome_reason: Option<String>,
    /// Whether the person took part.
    pub person_took_part: bool,
}

/// Why a review was not taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidReview {
    /// The episode is closed.
    Closed,
    /// A rule is broken.
    Fault(FieldFault),
}

/// Who reviews, and when.
#[derive(Debug, Clone)]
pub struct Reviewing {
    /// The worker.
    pub by: WorkerId,
    /// When it is entered.
    pub at: Timestamp,
    /// What day that is.
    pub today: Date,
}

/// The next version of the episode after a review. The next one is due sixteen weeks on; while suspended, once it is resumed.
///
/// # Errors
/// [`InvalidReview`]; then nothing has changed.
pub fn reviewed(
    record: &EpisodeRecord,
    made: &ReviewMade,
    reviewing: &Reviewing,
) -> Result<EpisodeRecord, InvalidReview> {
    if !record.is_open() {
        return Err(InvalidReview::Closed);
    }
    let fault = |field, rule| Err(InvalidReview::Fault(FieldFault { field, rule }));
    let on = made.on.unwrap_or(reviewing.today);
    let earliest = record.reviews.last().map_or(record.admitted_on, |review| review.on);
    if on < earliest || reviewing.today < on {
        return fault("on", "must lie between admission or the last review and today");
    }
    let suspended_in_prison = record.state == EpisodeState::Suspended && record.in_custody().is_some();
    if suspended_in_prison && !made.prison {
        return fault("prison", "must be true: the person is noted to be in prison");
    }
    let mut next = record.clone();
    next.version = next.version.saturating_add(1);
    next.review_due = record.review_due.map(|_| review_due(on));
    next.reviews.push(ReviewNote {
        on,
        at: reviewing.at,
        by: reviewing.by.clone(),
        trigger: made.trigger,
        event: made.event,
        class_a: made.class_a,
        offending: made.offending,
        prison: made.prison,
        outcome: made.outcome.unwrap_or_else(|| made.derived()),
        outcome_reason: made.outcome_reason.clone(),
        person_took_part: made.person_took_part,
    });
    Ok(next)
}

#[cfg(test)]
#[path = "review_tests.rs"]
mod tests;
