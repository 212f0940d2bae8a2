//! An episode on an agency's caseload, as it is opened, changed and stored.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::id::{AgencyId, PersonId, RecordId, WorkerId};

crate::code_list! {
    /// Where an episode stands.
    pub enum EpisodeState {
        Identified = "identified",
        Assessed = "assessed",
        CarePlanned = "care-planned",
        Active = "active",
        Suspended = "suspended",
        Closed = "closed",
    }
}

crate::code_list! {
    /// A step; its code is the last part of the URL `/caseload-episodes/{id}/{transition}`.
    pub enum EpisodeTransition {
        Assess = "assess",
        Plan = "plan",
        Activate = "activate",
        Suspend = "suspend",
        Resume = "resume",
        /// Allocates a case manager, who waits for a caseload check as nothing else does.
        Allocate = "allocate",
        Close = "close",
    }
}

crate::code_list! {
    /// Whether this agency leads. The lead is agreed, never raced: who opens first leads provisionally, and who opens while
    /// another leads contributes, until answers to a caseload check move it.
    pub enum Part {
        Lead = "lead",
        ProvisionalLead = "provisional-lead",
        Contributor = "contributor",
    }
}

crate::code_list! {
    /// Why an episode is suspended (S2 Com5a).
    pub enum SuspendCode {
        /// In prison, on remand or sentence, for no more than one month.
        S1 = "S1",
        /// A community order with a drug rehabilitation requirement was made.
        S2 = "S2",
    }
}

crate::code_list! {
    /// Why an episode is closed (S2 Com5b and Com5c).
    pub enum CloseCode {
        /// The care plan was completed.
        C1 = "C1",
        /// In prison for more than one month.
        C2 = "C2",
        /// Did not re-engage after a suspension for prison, despite active attempts.
        C3 = "C3",
        /// Did not re-engage after a drug rehabilitation requirement.
        C4 = "C4",
        /// Transferred to another partnership.
        C5 = "C5",
        /// Died.
        C6 = "C6",
        /// Transferred to community treatment: no longer offending.
        C7 = "C7",
        /// Transferred to an intensive programme: offending, no longer misusing Class A drugs.
        C8 = "C8",
        /// Closed by the person: disengagement.
        C9 = "C9",
    }
}

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Custody {
    /// The day of reception.
    #[schema(value_type = String, format = Date)]
    pub received_on: Date,
    /// The expected day of release.
    #[schema(value_type = String, format = Date)]
    pub release_expected_on: Date,
}

/// What goes with a step of an episode. Each code says which of the evidence it needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EpisodeStep {
    /// The day on which it happened.
    #[schema(value_type = Option<String>, format = Date)]
    pub on: Option<Date>,
    /// `suspend`: why.
    pub suspend_code: Option<SuspendCode>,
    /// `close`: why.
    pub close_code: Option<CloseCode>,
    /// S1, C2: the stay in prison.
    pub custody: Option<Custody>,
    /// S2: the day of the order with the requirement.
    #[schema(value_type = Option<String>, format = Date)]
    pub requirement_made_on: Option<Date>,
    /// C3, C4: the day of the last active attempt to re-engage the person.
    #[schema(value_type = Option<String>, format = Date)]
    pub re_engagement_attempted_on: Option<Date>,
    /// C9: when the person was told what is expected and what disengagement means.
    #[schema(value_type = Option<String>, format = Date)]
    pub expectations_set_on: Option<Date>,
    /// C9: when outreach was tried.
    #[schema(value_type = Option<String>, format = Date)]
    pub outreach_on: Option<Date>,
    /// C9: when the person was warned.
    #[schema(value_type = Option<String>, format = Date)]
    pub warned_on: Option<Date>,
    /// C7, C8: whether the review found misuse of Class A drugs.
    pub class_a: Option<bool>,
    /// C7, C8: whether the review found offending.
    pub offending: Option<bool>,
    /// `allocate`: the person's single contact from now on.
    pub case_manager: Option<WorkerId>,
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
    /// By when the next review is due: sixteen weeks from admission. `None` while suspended or closed.
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
    /// The steps and the evidence for them, oldest first.
    pub steps: Vec<(EpisodeTransition, EpisodeStep)>,
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
}
