//! Section 12: needs and the care plan in its four domains.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::filing::{Filed, filing, redacted};
use crate::domain::validation::{clean_line, clean_text, no_repeats, plausible_date, problem_of};
use crate::vocabulary::{Segment, SegmentSet};

crate::code_list! {
    /// The four domains of a care plan (DIP Handbook §4.1.3).
    pub enum CarePlanDomain {
        DrugAndAlcohol = "drug-and-alcohol",
        Health = "health",
        Offending = "offending",
        SocialFunctioning = "social-functioning",
    }
}

crate::code_list! {
    /// Wraparound support (DIP Handbook §4.1.3): what an item of social functioning is about.
    pub enum Wraparound {
        Housing = "housing",
        EducationTrainingEmployment = "education-training-employment",
        Finance = "finance",
        Mentoring = "mentoring",
        Relationships = "relationships",
        LifeSkills = "life-skills",
    }
}

crate::code_list! {
    /// How far an item has come.
    pub enum Progress {
        NotStarted = "not-started",
        UnderWay = "under-way",
        Achieved = "achieved",
        Stalled = "stalled",
        Dropped = "dropped",
    }
}

/// One need and what is planned for it. Its domain says who is shown it; tags can only make that stricter.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CarePlanItem {
    /// The domain.
    pub domain: CarePlanDomain,
    /// For social functioning: what it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wraparound: Option<Wraparound>,
    /// What else it speaks of; shown only to readers who are permitted these too.
    #[validate(length(max = 20), custom(function = "no_repeats"))]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Segment>,
    /// The need.
    #[validate(custom(function = "clean_text"))]
    pub need: String,
    /// What is to be reached.
    #[validate(custom(function = "clean_text"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal: Option<String>,
    /// What is done.
    #[validate(custom(function = "clean_text"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// Who does it.
    #[validate(custom(function = "clean_line"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// By when.
    #[validate(custom(function = "plausible_date"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// How far it has come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
}

impl Filed for CarePlanItem {
    fn tags(&self) -> SegmentSet {
        let by_domain = match (self.domain, self.wraparound) {
            (CarePlanDomain::Offending, _) => Segment::Offending,
            (CarePlanDomain::SocialFunctioning, Some(Wraparound::Housing)) => Segment::Housing,
            (
                CarePlanDomain::SocialFunctioning,
                Some(Wraparound::EducationTrainingEmployment | Wraparound::Finance),
            ) => Segment::EmploymentFinance,
            (CarePlanDomain::SocialFunctioning, Some(Wraparound::Relationships)) => Segment::ChildrenFamily,
            (
                CarePlanDomain::DrugAndAlcohol | CarePlanDomain::Health | CarePlanDomain::SocialFunctioning,
                _,
            ) => Segment::CarePlan,
        };
        self.tags.iter().copied().fold(SegmentSet::EMPTY.with(by_domain), SegmentSet::with)
    }
}

/// Section 12: the assessment's outcome and the plan. `care-plan`, but for items of another domain.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[validate(schema(function = "plan_is_dated"))]
pub struct CarePlan {
    /// How ready the person is for change.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub readiness: Option<String>,
    /// Whether a comprehensive assessment is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comprehensive_assessment_needed: Option<bool>,
    /// Whether advice to lessen harm was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub harm_minimisation_advice_given: Option<bool>,
    /// Whether wraparound support was explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wraparound_explained: Option<bool>,
    /// The plan in a few sentences, in words the person agreed.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Needs and what is planned for them.
    #[validate(length(max = 60), nested)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<CarePlanItem>,
    /// When the person agreed the plan.
    #[validate(custom(function = "plausible_date"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreed_on: Option<Date>,
    /// Version of the plan.
    #[validate(range(min = 1, max = 10000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_version: Option<u16>,
    /// Whether the person has a copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy_given: Option<bool>,
    /// When it is reviewed, at the latest 16 weeks after admission.
    #[validate(custom(function = "plausible_date"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review_on: Option<Date>,
}

filing!(CarePlan {
    readiness => CarePlan,
    comprehensive_assessment_needed => CarePlan,
    harm_minimisation_advice_given => CarePlan,
    wraparound_explained => CarePlan,
    summary => CarePlan,
    items => each,
    agreed_on => CarePlan,
    plan_version => CarePlan,
    copy_given => CarePlan,
    review_on => CarePlan,
});
redacted!(CarePlanItem);

fn plan_is_dated(plan: &CarePlan) -> Result<(), ValidationError> {
    match (plan.agreed_on, plan.review_on) {
        (Some(agreed), Some(review)) if review < agreed => {
            Err(problem_of("review_on", "order", "must not be before the plan was agreed"))
        }
        _ => Ok(()),
    }
}
