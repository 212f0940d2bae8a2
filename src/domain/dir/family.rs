//! Section 10: children, and who cares for whom.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::filing::filing;
use crate::domain::validation::{clean_line, clean_text, problem_of};

crate::code_list! {
    /// Parental status (national dataset).
    pub enum ParentalStatus {
        AllChildrenLiveWith = "all-children-live-with",
        SomeChildrenLiveWith = "some-children-live-with",
        NoChildrenLiveWith = "no-children-live-with",
        NotParent = "not-parent",
        Declined = "declined-to-answer",
    }
}

crate::code_list! {
    /// What children's services do for the family.
    pub enum SocialCareInvolvement {
        None = "none",
        EarlyHelp = "early-help",
        ChildInNeed = "child-in-need",
        ChildProtectionPlan = "child-protection-plan",
        LookedAfter = "looked-after",
        NotKnown = "not-known",
    }
}

/// Section 10: `children-family`, but a concern for somebody's safety is `safeguarding`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[validate(schema(function = "children_are_not_contradicted"))]
pub struct Family {
    /// Parental status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parental_status: Option<ParentalStatus>,
    /// Children under 18 in the household or in contact.
    #[validate(range(max = 30))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub children_under_18: Option<u8>,
    /// Contact with children.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_with_children: Option<String>,
    /// What children's services do for the family.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub social_care: Option<SocialCareInvolvement>,
    /// The social worker by name.
    #[validate(custom(function = "clean_line"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub social_worker: Option<String>,
    /// For whom the person cares, and who cares for the person.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carer_for: Option<String>,
    /// Whether family may attend appointments, with the person's agreement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_may_attend: Option<bool>,
    /// A concern for the safety of a child or an adult.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub safeguarding_concern: Option<String>,
}

filing!(Family {
    parental_status => ChildrenFamily,
    children_under_18 => ChildrenFamily,
    contact_with_children => ChildrenFamily,
    social_care => ChildrenFamily,
    social_worker => ChildrenFamily,
    carer_for => ChildrenFamily,
    family_may_attend => ChildrenFamily,
    safeguarding_concern => Safeguarding,
});

fn children_are_not_contradicted(family: &Family) -> Result<(), ValidationError> {
    let lives_with = matches!(
        family.parental_status,
        Some(ParentalStatus::AllChildrenLiveWith | ParentalStatus::SomeChildrenLiveWith)
    );
    if lives_with && family.children_under_18 == Some(0) {
        return Err(problem_of("children_under_18", "contradiction", "children live with the person"));
    }
    Ok(())
}
