//! Section 5: who treats the person now, who did before, and what tests were communicated.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::filing::{Filed, filing, redacted};
use super::substances::Drug;
use crate::domain::validation::{
    clean_line, clean_text, no_repeats, plausible_date, problem_of, valid_phone,
};
use crate::id::AgencyId;
use crate::vocabulary::{Segment, SegmentSet};

crate::code_list! {
    /// A structured intervention (national treatment modalities).
    pub enum Modality {
        Prescribing = "prescribing",
        Psychosocial = "psychosocial",
        DayProgramme = "day-programme",
        InpatientDetoxification = "inpatient-detoxification",
        ResidentialRehabilitation = "residential-rehabilitation",
        BriefIntervention = "brief-intervention",
        HarmReduction = "harm-reduction",
        RecoverySupport = "recovery-support",
        Other = "other",
    }
}

crate::code_list! {
    /// How an episode of treatment ended.
    pub enum TreatmentEnd {
        CompletedDrugFree = "completed-drug-free",
        CompletedOccasionalUser = "completed-occasional-user",
        Transferred = "transferred",
        TransferredInCustody = "transferred-in-custody",
        DroppedOut = "dropped-out",
        WithdrawnByProvider = "withdrawn-by-provider",
        RetainedInCustody = "retained-in-custody",
        Other = "other",
    }
}

crate::code_list! {
    /// Outcome of a test that was communicated to the author, without access to the test system.
    pub enum CommunicatedResult {
        Positive = "positive",
        Negative = "negative",
        NotProvided = "not-provided",
    }
}

/// A service that works with the person, and its key worker. One marked as a specialist project is shown with `sex-work` only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// The service by name.
    #[validate(custom(function = "clean_line"))]
    pub name: String,
    /// The service in the directory, if it takes part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<AgencyId>,
    /// The key worker by name.
    #[validate(custom(function = "clean_line"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_worker: Option<String>,
    /// Where the service can be rung.
    #[validate(custom(function = "valid_phone"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// What it provides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modality: Option<Modality>,
    /// Since when.
    #[validate(custom(function = "plausible_date"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_on: Option<Date>,
    /// Whether it is a project for people who sell sex: its very name would tell.
    #[serde(default)]
    pub specialist_project: bool,
}

impl Filed for Provider {
    fn tags(&self) -> SegmentSet {
        SegmentSet::EMPTY.with(if self.specialist_project { Segment::SexWork } else { Segment::CarePlan })
    }
}

/// An earlier episode of treatment; marked as a specialist project's, it is shown with `sex-work` only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "episode_ends_after_it_starts"))]
pub struct PastEpisode {
    /// The service by name.
    #[validate(custom(function = "clean_line"))]
    pub provider: String,
    /// What it provided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modality: Option<Modality>,
    /// From when.
    #[validate(custom(function = "plausible_date"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_on: Option<Date>,
    /// Until when.
    #[validate(custom(function = "plausible_date"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_on: Option<Date>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_as: Option<TreatmentEnd>,
    /// What helped and what did not.
    #[validate(custom(function = "clean_text"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what_helped: Option<String>,
    /// Whether it was a project for people who sell sex.
    #[serde(default)]
    pub specialist_project: bool,
}

impl Filed for PastEpisode {
    fn tags(&self) -> SegmentSet {
        SegmentSet::EMPTY.with(if self.specialist_project { Segment::SexWork } else { Segment::CarePlan })
    }
}

/// A test result as it was communicated to a named worker (`drug-test`).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommunicatedTest {
    /// When the test was taken.
    #[validate(custom(function = "plausible_date"))]
    pub tested_on: Date,
    /// What was tested for.
    #[validate(length(max = 10), custom(function = "no_repeats"))]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drugs: Vec<Drug>,
    /// What was communicated.
    pub result: CommunicatedResult,
    /// Who communicated it.
    #[validate(custom(function = "clean_line"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub communicated_by: Option<String>,
}

/// Section 5. Treatment is `care-plan`, communicated tests are `drug-test`, a specialist project is `sex-work`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Treatment {
    /// Who works with the person now.
    #[validate(length(max = 20), nested)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub providers: Vec<Provider>,
    /// Earlier treatment.
    #[validate(length(max = 50), nested)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub past_episodes: Vec<PastEpisode>,
    /// Test results that were communicated.
    #[validate(length(max = 100), nested)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<CommunicatedTest>,
}

filing!(Treatment {
    providers => each,
    past_episodes => each,
    tests => DrugTest,
});
redacted!(Provider, PastEpisode, CommunicatedTest);

fn episode_ends_after_it_starts(episode: &PastEpisode) -> Result<(), ValidationError> {
    match (episode.started_on, episode.ended_on) {
        (Some(start), Some(end)) if end < start => {
            Err(problem_of("ended_on", "order", "must not be before the start"))
        }
        _ => Ok(()),
    }
}
