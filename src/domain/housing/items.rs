//! The six items that a landlord or a council may be told (S2 annex A), and the risks that are told before a move. There is no place for
//! anything else: a member that is none of these is refused by its name.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// The six items, each of them agreed with the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SixItems {
    /// Where the person has lived.
    #[validate(length(min = 1, max = 2000))]
    pub housing_history: String,
    /// What the person can do that a tenancy needs.
    #[validate(length(min = 1, max = 2000))]
    pub independent_living_skills: String,
    /// How the vacancy suits: support nearby, the neighbourhood.
    #[validate(length(min = 1, max = 2000))]
    pub vacancy_suitability: String,
    /// What support the person needs.
    #[validate(nested)]
    pub support_needs: SupportNeeds,
    /// How the team supports the person.
    #[validate(length(min = 1, max = 2000))]
    pub team_support: String,
    /// The risks, as they were agreed with the person.
    #[validate(nested)]
    pub risks: AgreedRisks,
}

/// What support the person needs, and whether it is there when she moves in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupportNeeds {
    /// What.
    #[validate(length(min = 1, max = 2000))]
    pub needs: String,
    /// Whether it is in place from day one.
    pub from_day_one: bool,
}

/// The risks, as they were agreed with the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreedRisks {
    /// Which, and how they are met.
    #[validate(length(min = 1, max = 2000))]
    pub risks: String,
    /// The day on which the person agreed to these words.
    #[schema(value_type = String, format = Date)]
    pub agreed_on: Date,
}

/// A risk, as one side tells the other before a move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveRisk {
    /// What could happen.
    #[validate(length(min = 1, max = 2000))]
    pub risk: String,
    /// What is done about it, and by whom.
    #[validate(length(min = 1, max = 2000))]
    pub management_plan: String,
}
