//! Section 4: what the person uses, how, and what it has done to them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::filing::{Filed, filing, redacted};
use crate::domain::validation::{clean_line, clean_text, problem_of};
pub use crate::vocabulary::Drug;
use crate::vocabulary::{Segment, SegmentSet};

crate::code_list! {
    /// How a substance is taken (historical national list).
    #[schema(as = RouteOfUse)]
    pub enum Route {
        Inject = "inject",
        Sniff = "sniff",
        Smoke = "smoke",
        Oral = "oral",
        Other = "other",
    }
}

crate::code_list! {
    /// How often, over the last 28 days.
    pub enum Frequency {
        SeveralTimesADay = "several-times-a-day",
        Daily = "daily",
        SeveralTimesAWeek = "several-times-a-week",
        Weekly = "weekly",
        Less = "less",
        NotInPeriod = "not-in-period",
    }
}

crate::code_list! {
    /// Whether the person injects (national codes P, C, N, Z).
    pub enum Injecting {
        Previously = "previously",
        Currently = "currently",
        Never = "never",
        Declined = "declined-to-answer",
    }
}

/// One substance. A row on alcohol is `alcohol-use`, any other `drug-use`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubstanceRow {
    /// 1 main, 2 second, 3 third; each at most once.
    #[validate(range(min = 1, max = 3))]
    pub rank: u8,
    /// The substance.
    pub drug: Drug,
    /// What it is called, where the list has only `other`.
    #[validate(custom(function = "clean_line"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_used: Option<String>,
    /// How it is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<Route>,
    /// How often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<Frequency>,
    /// Age at first use, in years.
    #[validate(range(min = 1, max = 110))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_first_used: Option<u8>,
    /// What it costs a week, in pounds.
    #[validate(range(max = 20000))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weekly_spend_pounds: Option<u16>,
}

impl Filed for SubstanceRow {
    fn tags(&self) -> SegmentSet {
        SegmentSet::EMPTY.with(if self.drug == Drug::Alcohol {
            Segment::AlcoholUse
        } else {
            Segment::DrugUse
        })
    }
}

/// Section 4. Alcohol is `alcohol-use`, the rest `drug-use`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[validate(schema(function = "substances_are_ranked"))]
pub struct SubstanceUse {
    /// At most three substances with distinct ranks.
    #[validate(length(max = 3), nested)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub substances: Vec<SubstanceRow>,
    /// Whether there is dependency on, or propensity to misuse, specified class A drugs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class_a_dependency: Option<bool>,
    /// Whether the person injects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub injecting: Option<Injecting>,
    /// Whether injecting equipment is shared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shares_equipment: Option<bool>,
    /// Overdoses ever.
    #[validate(range(max = 100))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overdoses_lifetime: Option<u8>,
    /// What happened at overdoses.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overdose_history: Option<String>,
    /// Drug use in the person's words.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drug_history: Option<String>,
    /// Drinking days in the last 28.
    #[validate(range(max = 28))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alcohol_days: Option<u8>,
    /// Units on a typical drinking day, 0 to 200.
    #[validate(range(max = 200))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alcohol_units_per_day: Option<u8>,
    /// Drinking in the person's words, withdrawal fits included.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alcohol_history: Option<String>,
}

filing!(SubstanceUse {
    substances => each,
    class_a_dependency => DrugUse,
    injecting => DrugUse,
    shares_equipment => DrugUse,
    overdoses_lifetime => DrugUse,
    overdose_history => DrugUse,
    drug_history => DrugUse,
    alcohol_days => AlcoholUse,
    alcohol_units_per_day => AlcoholUse,
    alcohol_history => AlcoholUse,
});
redacted!(SubstanceRow);

fn substances_are_ranked(section: &SubstanceUse) -> Result<(), ValidationError> {
    let rows = &section.substances;
    let ranks: Vec<u8> = rows.iter().map(|row| row.rank).collect();
    if crate::domain::validation::no_repeats(&ranks).is_err() {
        return Err(problem_of("substances", "rank-repeated", "each rank may be given once"));
    }
    if rows.iter().any(|row| row.rank == 1 && row.drug == Drug::Alcohol) {
        return Err(problem_of(
            "substances",
            "alcohol-first",
            "alcohol is never the main substance of this record",
        ));
    }
    if section.injecting == Some(Injecting::Never) && rows.iter().any(|row| row.route == Some(Route::Inject))
    {
        return Err(problem_of("injecting", "contradiction", "a substance is injected"));
    }
    Ok(())
}
