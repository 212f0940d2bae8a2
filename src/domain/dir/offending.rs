//! Section 8: where the person stands with the justice system.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::filing::filing;
use crate::domain::validation::{clean_line, clean_text, no_repeats, plausible_date, problem_of};

crate::code_list! {
    /// Where the person stands.
    pub enum JusticeStatus {
        NotCharged = "not-charged",
        ConditionalCaution = "conditional-caution",
        OnBail = "on-bail",
        RestrictionOnBail = "restriction-on-bail",
        Remand = "remand",
        AwaitingSentence = "awaiting-sentence",
        CommunityOrder = "community-order",
        CustodialSentence = "custodial-sentence",
        ReleasedSupervised = "released-supervised",
        ReleasedUnsupervised = "released-unsupervised",
        None = "none",
    }
}

crate::code_list! {
    /// A requirement or order.
    pub enum OrderKind {
        DrugRehabilitationRequirement = "drug-rehabilitation-requirement",
        AlcoholTreatmentRequirement = "alcohol-treatment-requirement",
        CommunityOrder = "community-order",
        SuspendedSentence = "suspended-sentence",
        DeferredSentence = "deferred-sentence",
        Licence = "licence",
        HomeDetentionCurfew = "home-detention-curfew",
        EngagementOrder = "engagement-order",
        None = "none",
    }
}

crate::code_list! {
    /// Who is responsible that the right intervention is delivered (DIP Handbook §4.1).
    pub enum ResponsibleBody {
        Carat = "carat",
        Probation = "probation",
        ProbationWithCjit = "probation-with-cjit",
        Cjit = "cjit",
    }
}

crate::code_list! {
    /// A cohort of offender management.
    pub enum Cohort {
        PriorityProlific = "priority-prolific",
        IntegratedOffenderManagement = "integrated-offender-management",
        Mappa = "mappa",
        /// On the threshold of priority and prolific (Hartlepool).
        HighCrimeCauser = "high-crime-causer",
        /// On a drug rehabilitation requirement, managed with them (Hartlepool).
        Drr = "drr",
        /// With probation by agreement, under no order (Hartlepool).
        NonStatutory = "non-statutory",
        DeferredSentence = "deferred-sentence",
    }
}

/// Section 8, all of it `offending`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[validate(schema(function = "sentence_ends_after_it_starts"))]
pub struct Offending {
    /// Where the person stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<JusticeStatus>,
    /// Requirement or order in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderKind>,
    /// Since when.
    #[validate(custom(function = "plausible_date"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_started_on: Option<Date>,
    /// Until when.
    #[validate(custom(function = "plausible_date"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_ends_on: Option<Date>,
    /// Who is responsible for the right intervention.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub responsible_body: Option<ResponsibleBody>,
    /// The offender manager by name.
    #[validate(custom(function = "clean_line"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offender_manager: Option<String>,
    /// The court.
    #[validate(custom(function = "clean_line"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub court: Option<String>,
    /// Date of the next hearing.
    #[validate(custom(function = "plausible_date"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub court_on: Option<Date>,
    /// Length of stay in custody that is expected, in days.
    #[validate(range(max = 20000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custody_days: Option<u16>,
    /// The prison.
    #[validate(custom(function = "clean_line"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub establishment: Option<String>,
    /// Cohorts of offender management.
    #[validate(custom(function = "no_repeats"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cohorts: Vec<Cohort>,
    /// Propensity to offend and what drives it.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub propensity: Option<String>,
    /// Offending so far, as far as it bears on the plan.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<String>,
}

filing!(Offending {
    status => Offending,
    order => Offending,
    order_started_on => Offending,
    order_ends_on => Offending,
    responsible_body => Offending,
    offender_manager => Offending,
    court => Offending,
    court_on => Offending,
    custody_days => Offending,
    establishment => Offending,
    cohorts => Offending,
    propensity => Offending,
    history => Offending,
});

fn sentence_ends_after_it_starts(section: &Offending) -> Result<(), ValidationError> {
    match (section.order_started_on, section.order_ends_on) {
        (Some(start), Some(end)) if end < start => {
            Err(problem_of("order_ends_on", "order", "must not be before the start"))
        }
        _ => Ok(()),
    }
}
