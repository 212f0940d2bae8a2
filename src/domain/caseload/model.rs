//! An episode on an agency's caseload, as it is opened, changed and stored.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use validator::Validate;

pub use super::episode_codes::{
    CloseCode, EpisodeState, EpisodeTransition, Part, SignificantEvent, SuspendCode,
};
use super::plan::PlanNote;
use super::review::ReviewNote;
use super::scheme::{Bail, InStage, Retained, Stage};
use crate::calendar::longer_than_a_month;
use crate::id::{AgencyId, PersonId, RecordId, WorkerId};

/// An episode as a worker opens it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EpisodeOpened {
    /// The day of admission.
    #[schema(value_type = String, format = Date)]
    pub admitted_on: Date,
    /// How far the person already is, where assessment or plan was carried forward; `identified` if left out.
    #[serde(default = "identified")]
    pub state: EpisodeState,
    /// The person's single contact, if one is allocated at once: then a caseload check must have been run.
    pub case_manager: Option<WorkerId>,
}

const fn identified() -> EpisodeState {
    EpisodeState::Identified
}

/// A stay in prison, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Custody {
    /// The day of reception.
    #[schema(value_type = String, format = Date)]
    pub received_on: Date,
    /// The expected day of release.
    #[schema(value_type = String, format = Date)]
    pub release_expected_on: Date,
    /// The prison, where known.
    #[serde(default)]
    #[validate(length(min = 1, max = 80), non_control_character)]
    pub prison: Option<String>,
}

/// A stay in prison as stored with the episode: the latest one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stay {
    /// What is known of it.
    pub custody: Custody,
    /// The day on which that was noted last.
    pub noted_on: Date,
    /// The day of release, once the person has left.
    pub released_on: Option<Date>,
}

impl Stay {
    /// Whether it is, as far as is known on a day, longer than the month up to which an episode is suspended (D8).
    pub fn is_longer_than_a_month(&self, today: Date) -> bool {
        let until = self.released_on.unwrap_or_else(|| self.custody.release_expected_on.max(today));
        longer_than_a_month(self.custody.received_on, until)
    }
}

/// What goes with a step of an episode. Each step needs what stands beside its name, and takes no other but `on`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EpisodeStep {
    /// The day on which it happened; today if left out.
    #[schema(value_type = Option<String>, format = Date)]
    pub on: Option<Date>,
    /// `suspend`: why.
    pub suspend_code: Option<SuspendCode>,
    /// `close`: why.
    pub close_code: Option<CloseCode>,
    /// `note-custody`, and S1 and C2 where it was not noted before: the stay in prison.
    #[validate(nested)]
    pub custody: Option<Custody>,
    /// S2: the day of the order with the requirement.
    #[schema(value_type = Option<String>, format = Date)]
    pub requirement_made_on: Option<Date>,
    /// `note-event`: what happened.
    pub event: Option<SignificantEvent>,
    /// `note-disengagement`: whether the worker is satisfied that offending has stopped. If not, somebody goes after the person
    /// within 24 hours.
    pub offending_stopped: Option<bool>,
    /// `reach-out`: whether the person was reached.
    pub reached: Option<bool>,
    /// `allocate`: the person's single contact from now on.
    pub case_manager: Option<WorkerId>,
    /// `note-court`: the day of the court's list.
    #[schema(value_type = Option<String>, format = Date)]
    pub court_on: Option<Date>,
    /// `enter-stage`: which.
    pub stage: Option<Stage>,
}

/// A step that was taken, as stored. Steps of long ago lack what was not noted then.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StepTaken {
    /// The day on which it happened.
    pub on: Option<Date>,
    /// When it was entered.
    pub at: Option<Timestamp>,
    /// By whom.
    pub by: Option<WorkerId>,
    /// `suspend`: why.
    pub suspend_code: Option<SuspendCode>,
    /// S2: the day of the order with the requirement.
    pub requirement_made_on: Option<Date>,
    /// `note-event`: what happened.
    pub event: Option<SignificantEvent>,
    /// `reach-out`: whether the person was reached.
    pub reached: Option<bool>,
    /// `note-court`: the day of the court's list.
    pub court_on: Option<Date>,
    /// `enter-stage`: which.
    pub stage: Option<Stage>,
}

/// That the person stays away, as stored until the person comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disengaged {
    /// Since when.
    pub on: Date,
    /// When it was entered: from then on 24 hours are counted.
    pub noted_at: Timestamp,
    /// Whether somebody must go after the person, and has not yet.
    pub outreach_awaited: bool,
}

/// One version of an episode as stored. Every step is a new version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpisodeRecord {
    /// The same for all its versions.
    pub id: RecordId,
    /// 1 for the first.
    pub version: u32,
    /// The person.
    pub person: PersonId,
    /// The agency whose caseload it is.
    pub agency: AgencyId,
    /// The worker who opened it.
    pub opened_by: WorkerId,
    /// When it was entered.
    pub recorded_at: Timestamp,
    /// The day of admission.
    pub admitted_on: Date,
    /// By when the next review is due: sixteen weeks from admission or the last one, or soon after a significant event. `None`
    /// while suspended or closed.
    pub review_due: Option<Date>,
    /// Whether this agency leads.
    pub part: Part,
    /// The person's single contact.
    pub case_manager: Option<WorkerId>,
    /// Whether the case manager was allocated after the time was over, before all had answered.
    #[serde(default)]
    pub provisional: bool,
    /// Where it stands.
    pub state: EpisodeState,
    /// The suspensions that there were, oldest first.
    pub suspensions: Vec<SuspendCode>,
    /// Why it was closed.
    pub close_code: Option<CloseCode>,
    /// The latest stay in prison.
    #[serde(default)]
    pub stay: Option<Stay>,
    /// Whether the person stays away.
    #[serde(default)]
    pub disengaged: Option<Disengaged>,
    /// The latest care plan.
    #[serde(default)]
    pub plan: Option<PlanNote>,
    /// The reviews, oldest first.
    #[serde(default)]
    pub reviews: Vec<ReviewNote>,
    /// The day on which treatment began: when the episode became active. Episodes of long ago lack it.
    #[serde(default)]
    pub treated_since: Option<Date>,
    /// Where the person stands with the court.
    #[serde(default)]
    pub bail: Option<Bail>,
    /// The stage of a programme that the person is in.
    #[serde(default)]
    pub stage: Option<InStage>,
    /// The steps and the evidence that they left, oldest first.
    pub steps: Vec<(EpisodeTransition, StepTaken)>,
}

impl EpisodeRecord {
    /// Whether the person is on this agency's caseload. A suspended episode is: the agency still holds the person.
    pub fn is_open(&self) -> bool {
        self.state != EpisodeState::Closed
    }

    /// Whether its agency leads, by agreement or for the time being, and so holds the person's one file.
    pub fn leads(&self) -> bool {
        self.is_open() && matches!(self.part, Part::Lead | Part::ProvisionalLead)
    }

    /// Why it is suspended now.
    pub fn suspended_for(&self) -> Option<SuspendCode> {
        self.suspensions.last().copied().filter(|_| self.state == EpisodeState::Suspended)
    }

    /// The stay in prison that has not ended.
    pub fn in_custody(&self) -> Option<&Stay> {
        self.stay.as_ref().filter(|stay| stay.released_on.is_none())
    }

    /// For how long the person has been in treatment by a day, or was until the episode was closed.
    pub fn retained(&self, today: Date) -> Option<Retained> {
        let closed_on = self.noted(EpisodeTransition::Close).find_map(|taken| taken.on);
        self.treated_since.map(|began| Retained::between(began, closed_on.unwrap_or(today)))
    }

    /// What was noted with each step of a kind, oldest first.
    pub(super) fn noted(&self, step: EpisodeTransition) -> impl Iterator<Item = &StepTaken> {
        self.steps.iter().filter(move |(taken, _)| *taken == step).map(|(_, taken)| taken)
    }
}
