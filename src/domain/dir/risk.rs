//! Section 11: risk to the person, to others and to staff.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::filing::filing;
use crate::domain::validation::clean_text;

crate::code_list! {
    /// How high a risk is judged.
    pub enum RiskLevel {
        NoneKnown = "none-known",
        Low = "low",
        Medium = "medium",
        High = "high",
        Immediate = "immediate",
    }
}

crate::code_list! {
    /// How soon somebody must act.
    #[schema(as = RiskUrgency)]
    pub enum Urgency {
        Today = "today",
        ThreeDays = "within-three-days",
        Week = "within-a-week",
        Routine = "routine",
    }
}

/// Section 11: `risk`, but what others may do to the person (abuse, exploitation) is `safeguarding`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Risk {
    /// Risk to the person: self-harm, suicide, overdose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_self: Option<RiskLevel>,
    /// What it is and what helps.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_self_detail: Option<String>,
    /// Risk to others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_others: Option<RiskLevel>,
    /// What it is and how it is managed.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_others_detail: Option<String>,
    /// Risk to staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_staff: Option<RiskLevel>,
    /// What a worker must know before a visit.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_staff_detail: Option<String>,
    /// Risk from others: abuse, exploitation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_others: Option<RiskLevel>,
    /// What it is and how to keep the person safe.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_others_detail: Option<String>,
    /// How soon a specialist must see the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Urgency>,
}

filing!(Risk {
    to_self => Risk,
    to_self_detail => Risk,
    to_others => Risk,
    to_others_detail => Risk,
    to_staff => Risk,
    to_staff_detail => Risk,
    from_others => Safeguarding,
    from_others_detail => Safeguarding,
    urgency => Risk,
});
