//! Section 6: where the facts of substitute prescribing are kept, and what a reader must know before the script is opened.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::filing::filing;
use crate::domain::validation::{clean_line, clean_text, plausible_date};
use crate::id::Handle;

crate::code_list! {
    /// Where substitute prescribing stands.
    pub enum PrescribingStatus {
        NotPrescribed = "not-prescribed",
        Assessing = "assessing",
        Titrating = "titrating",
        Stable = "stable",
        Reducing = "reducing",
        Detoxification = "detoxification",
        Stopped = "stopped",
        Declined = "declined",
    }
}

/// Section 6, all of it `prescribing`. The scripts themselves are records of their own.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PrescribingFacts {
    /// Where it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<PrescribingStatus>,
    /// The script episodes. Each reader is shown handles of its own, or none.
    #[validate(length(max = 20))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scripts: Vec<Handle>,
    /// What is prescribed.
    #[validate(custom(function = "clean_line"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drug: Option<String>,
    /// The present dose, with its unit.
    #[validate(custom(function = "clean_line"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dose: Option<String>,
    /// Whether consumption is supervised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supervised: Option<bool>,
    /// The prescriber by name.
    #[validate(custom(function = "clean_line"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prescriber: Option<String>,
    /// The dispensing pharmacy.
    #[validate(custom(function = "clean_line"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pharmacy: Option<String>,
    /// When this was last confirmed with the prescriber.
    #[validate(custom(function = "plausible_date"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_confirmed_on: Option<Date>,
    /// What a prescriber must know.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

filing!(PrescribingFacts {
    status => Prescribing,
    scripts => Prescribing,
    drug => Prescribing,
    dose => Prescribing,
    supervised => Prescribing,
    prescriber => Prescribing,
    pharmacy => Prescribing,
    last_confirmed_on => Prescribing,
    notes => Prescribing,
});
