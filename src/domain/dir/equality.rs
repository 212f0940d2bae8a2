//! Section 3: what services must know to treat the person fairly.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::filing::filing;
use crate::domain::validation::{clean_line, no_repeats};

crate::code_list! {
    /// Ethnic category (the sixteen-plus-one categories of the 2001 census, as national monitoring uses them).
    pub enum Ethnicity {
        WhiteBritish = "white-british",
        WhiteIrish = "white-irish",
        WhiteOther = "white-other",
        MixedWhiteCaribbean = "mixed-white-caribbean",
        MixedWhiteAfrican = "mixed-white-african",
        MixedWhiteAsian = "mixed-white-asian",
        MixedOther = "mixed-other",
        AsianIndian = "asian-indian",
        AsianPakistani = "asian-pakistani",
        AsianBangladeshi = "asian-bangladeshi",
        AsianOther = "asian-other",
        BlackCaribbean = "black-caribbean",
        BlackAfrican = "black-african",
        BlackOther = "black-other",
        Chinese = "chinese",
        Other = "other",
        NotStated = "not-stated",
    }
}

crate::code_list! {
    /// A disability as the person describes it.
    pub enum Disability {
        Hearing = "hearing",
        Sight = "sight",
        Speech = "speech",
        Mobility = "mobility",
        Learning = "learning",
        MentalHealth = "mental-health",
        LongTermIllness = "long-term-illness",
        Other = "other",
        None = "none",
        NotStated = "not-stated",
    }
}

crate::code_list! {
    /// Gender as the person describes it.
    pub enum Gender {
        Woman = "woman",
        Man = "man",
        NonBinary = "non-binary",
        Other = "other",
        NotStated = "not-stated",
    }
}

/// Section 3, all of it `demographics`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Equality {
    /// Ethnic category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ethnicity: Option<Ethnicity>,
    /// Gender as the person describes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// Whether it is that registered at birth; unsaid where the person did not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same_gender_as_at_birth: Option<bool>,
    /// Disabilities.
    #[validate(custom(function = "no_repeats"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disabilities: Vec<Disability>,
    /// Religion or belief, in the person's words.
    #[validate(custom(function = "clean_line"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub religion: Option<String>,
    /// Country of birth.
    #[validate(custom(function = "clean_line"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_of_birth: Option<String>,
    /// Language in which the person is at home.
    #[validate(custom(function = "clean_line"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Whether an interpreter is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interpreter_needed: Option<bool>,
    /// Whom the person would rather see, such as a woman worker.
    #[validate(custom(function = "clean_line"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worker_preference: Option<String>,
}

filing!(Equality {
    ethnicity => Demographics,
    gender => Demographics,
    same_gender_as_at_birth => Demographics,
    disabilities => Demographics,
    religion => Demographics,
    country_of_birth => Demographics,
    language => Demographics,
    interpreter_needed => Demographics,
    worker_preference => Demographics,
});
