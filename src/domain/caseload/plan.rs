//! The care plan of an episode: needs in four domains, dated, numbered, and whether the person agreed to it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::model::EpisodeRecord;
use crate::domain::dir::filing::redacted;
use crate::domain::dir::{CarePlanDomain, CarePlanItem};
use crate::domain::fault::{Faults, FieldFault, is_distinct};
use crate::domain::validation::clean_text;
use crate::id::{RecordId, WorkerId};

/// What the person said to the plan.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// Whether the person agrees. A plan without that is on record as one that was refused.
    pub agreed: bool,
    /// The day on which the person was asked.
    #[schema(value_type = String, format = Date)]
    pub on: Date,
    /// Whether the person has a copy.
    pub copy_given: bool,
    /// What the person said, as near to the person's own words as can be.
    #[validate(custom(function = "clean_text"))]
    #[serde(default)]
    pub words: Option<String>,
}

/// A care plan as a worker writes it down.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CarePlanWritten {
    /// The plan's date.
    #[schema(value_type = String, format = Date)]
    pub dated_on: Date,
    /// The plan in a few sentences.
    #[validate(custom(function = "clean_text"))]
    #[serde(default)]
    pub summary: Option<String>,
    /// Needs and what is planned for them.
    #[validate(length(max = 60), nested)]
    pub items: Vec<CarePlanItem>,
    /// The domains in which nothing is needed. Each of the four is here or has an item.
    #[serde(default)]
    pub no_need_in: Vec<CarePlanDomain>,
    /// What the person said to it.
    #[validate(nested)]
    pub agreement: Agreement,
}

/// A care plan as stored. It is never edited: the next one follows it.
#[derive(Clone, Serialize, Deserialize)]
pub struct CarePlanRecord {
    /// The episode that it belongs to.
    pub episode: RecordId,
    /// 1 for the episode's first.
    pub number: u32,
    /// What it says.
    pub written: CarePlanWritten,
    /// By whom.
    pub by: WorkerId,
    /// When it was entered.
    pub at: Timestamp,
}

/// What an episode remembers of its latest plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlanNote {
    /// 1 for the episode's first.
    pub number: u32,
    /// Its date.
    #[schema(value_type = String, format = Date)]
    pub dated_on: Date,
    /// Whether the person agreed to it.
    pub agreed: bool,
}

redacted!(Agreement, CarePlanWritten);

impl CarePlanWritten {
    /// Checks what the form of the fields cannot say.
    ///
    /// # Errors
    /// Every rule that is broken, by field.
    pub fn check(&self, today: Date) -> Result<(), Vec<FieldFault>> {
        let mut faults = Faults::default();
        faults.require(self.dated_on <= today, "dated_on", "must not lie in the future");
        let asked = self.dated_on <= self.agreement.on && self.agreement.on <= today;
        faults.require(asked, "agreement", "must be asked for between the plan's date and today");
        faults.require(is_distinct(&self.no_need_in), "no_need_in", "must not repeat an entry");
        let has_item = |domain: CarePlanDomain| self.items.iter().any(|item| item.domain == domain);
        for domain in CarePlanDomain::ALL {
            let none = self.no_need_in.contains(domain);
            faults.require(
                has_item(*domain) || none,
                "items",
                "each of the four domains needs an item, or `no_need_in`",
            );
            faults.require(
                !has_item(*domain) || !none,
                "no_need_in",
                "must not name a domain that has an item",
            );
        }
        faults.into_result().map_err(|mut faults| {
            faults.dedup();
            faults
        })
    }

    /// As the next plan of an episode, and the episode with it; `None` if that is closed.
    pub(super) fn of(
        &self,
        episode: &EpisodeRecord,
        (by, at): (&WorkerId, Timestamp),
    ) -> Option<(CarePlanRecord, EpisodeRecord)> {
        if !episode.is_open() {
            return None;
        }
        let number = episode.plan.map_or(1, |plan| plan.number.saturating_add(1));
        let mut next = episode.clone();
        next.version = next.version.saturating_add(1);
        next.plan = Some(PlanNote { number, dated_on: self.dated_on, agreed: self.agreement.agreed });
        let plan = CarePlanRecord { episode: episode.id, number, written: self.clone(), by: by.clone(), at };
        Some((plan, next))
    }
}
