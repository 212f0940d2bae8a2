//! An episode as its agency sees it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{
    CloseCode, EpisodeRecord, EpisodeState, EpisodeTransition, Part, SignificantEvent, Stay, SuspendCode,
};
use super::plan::PlanNote;
use super::review::{ReviewNote, ReviewOutcome, ReviewTrigger};
use super::scheme::{Bail, InStage, Retained};
use crate::domain::fault::to_the_minute;
use crate::id::{Handle, WorkerId};

/// An episode as its agency sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct EpisodeView {
    /// What the agency calls it.
    pub id: Handle,
    /// What to send as `If-Match` with the next step.
    pub etag: String,
    /// Where it stands.
    pub state: EpisodeState,
    /// The steps that are possible from there.
    pub possible: Vec<EpisodeTransition>,
    /// Whether the agency leads; none until its own caseload check is settled or it has answered another's, since the part tells
    /// whether somebody else leads.
    pub part: Option<Part>,
    /// The day of admission.
    #[schema(value_type = String, format = Date)]
    pub admitted_on: Date,
    /// By when the next review is due; none while suspended or closed.
    #[schema(value_type = Option<String>, format = Date)]
    pub review_due: Option<Date>,
    /// The person's single contact.
    pub case_manager: Option<WorkerId>,
    /// Whether the case manager was allocated before all who were asked had answered.
    pub provisional: bool,
    /// The suspensions that there were, oldest first.
    pub suspensions: Vec<SuspendCode>,
    /// Why it is suspended or was closed, in the handbook's words.
    pub code_words: Option<&'static str>,
    /// Why it was closed.
    pub close_code: Option<CloseCode>,
    /// The latest stay in prison.
    pub custody: Option<CustodyView>,
    /// Since when the person stays away.
    #[schema(value_type = Option<String>, format = Date)]
    pub disengaged_on: Option<Date>,
    /// For how long the person has been in treatment, or was until the episode was closed; none before it began.
    pub retained: Option<Retained>,
    /// Where the person stands with the court.
    pub bail: Option<Bail>,
    /// The stage of a programme that the person is in.
    pub stage: Option<InStage>,
    /// The latest care plan.
    pub care_plan: Option<PlanNote>,
    /// The reviews, oldest first.
    pub reviews: Vec<ReviewView>,
    /// The steps that were taken, oldest first.
    pub steps: Vec<StepView>,
    /// When it was last written, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Timestamp,
}

/// A stay in prison.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustodyView {
    /// The day of reception.
    #[schema(value_type = String, format = Date)]
    pub received_on: Date,
    /// The expected day of release.
    #[schema(value_type = String, format = Date)]
    pub release_expected_on: Date,
    /// The day of release.
    #[schema(value_type = Option<String>, format = Date)]
    pub released_on: Option<Date>,
    /// The prison, where known.
    pub prison: Option<String>,
    /// Whether it is longer than one month as far as is known: then the episode is closed with C2, not suspended.
    pub longer_than_a_month: bool,
}

/// A review.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewView {
    /// The day on which it took place.
    #[schema(value_type = String, format = Date)]
    pub on: Date,
    /// By whom.
    pub by: WorkerId,
    /// Why it took place.
    pub trigger: ReviewTrigger,
    /// What had happened.
    pub event: Option<SignificantEvent>,
    /// Whether the person misuses Class A drugs.
    pub class_a: bool,
    /// Whether the person offends.
    pub offending: bool,
    /// Whether the person is in prison.
    pub prison: bool,
    /// What follows, or what was decided otherwise.
    pub outcome: ReviewOutcome,
    /// What follows from what was found.
    pub derived: ReviewOutcome,
    /// Why it was decided otherwise.
    pub outcome_reason: Option<String>,
    /// Whether the person took part.
    pub person_took_part: bool,
}

/// A step that was taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepView {
    /// Which.
    pub step: EpisodeTransition,
    /// The day on which it happened.
    #[schema(value_type = Option<String>, format = Date)]
    pub on: Option<Date>,
    /// When it was entered, to the minute: what was written on paper at a weekend is entered later.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub recorded_at: Option<Timestamp>,
    /// By whom.
    pub by: Option<WorkerId>,
    /// `note-event`: what happened.
    pub event: Option<SignificantEvent>,
    /// `reach-out`: whether the person was reached.
    pub reached: Option<bool>,
}

impl EpisodeView {
    pub(super) fn of(
        episode: &EpisodeRecord,
        (id, etag): (Handle, String),
        part: Option<Part>,
        recorded_at: Timestamp,
        today: Date,
    ) -> Self {
        let suspended = episode.suspended_for().map(SuspendCode::words);
        Self {
            id,
            etag,
            state: episode.state,
            possible: EpisodeTransition::possible(episode).collect(),
            part,
            admitted_on: episode.admitted_on,
            review_due: episode.review_due,
            case_manager: episode.case_manager.clone(),
            provisional: episode.provisional,
            suspensions: episode.suspensions.clone(),
            code_words: episode.close_code.map(CloseCode::words).or(suspended),
            close_code: episode.close_code,
            custody: episode.stay.as_ref().map(|stay| CustodyView::of(stay, today)),
            disengaged_on: episode.disengaged.map(|away| away.on),
            retained: episode.retained(today),
            bail: episode.bail.clone(),
            stage: episode.stage,
            care_plan: episode.plan,
            reviews: episode.reviews.iter().map(ReviewView::of).collect(),
            steps: episode
                .steps
                .iter()
                .map(|(step, taken)| StepView {
                    step: *step,
                    on: taken.on,
                    recorded_at: taken.at.map(to_the_minute),
                    by: taken.by.clone(),
                    event: taken.event,
                    reached: taken.reached,
                })
                .collect(),
            recorded_at: to_the_minute(recorded_at),
        }
    }
}

impl CustodyView {
    fn of(stay: &Stay, today: Date) -> Self {
        Self {
            received_on: stay.custody.received_on,
            release_expected_on: stay.custody.release_expected_on,
            released_on: stay.released_on,
            prison: stay.custody.prison.clone(),
            longer_than_a_month: stay.is_longer_than_a_month(today),
        }
    }
}

impl ReviewView {
    fn of(review: &ReviewNote) -> Self {
        Self {
            on: review.on,
            by: review.by.clone(),
            trigger: review.trigger,
            event: review.event,
            class_a: review.class_a,
            offending: review.offending,
            prison: review.prison,
            outcome: review.outcome,
            derived: ReviewOutcome::of(review.class_a, review.offending, review.prison),
            outcome_reason: review.outcome_reason.clone(),
            person_took_part: review.person_took_part,
        }
    }
}
