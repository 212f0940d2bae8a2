//! Section 16: what leaves only as part of counts.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::filing::{filing, redacted};
use crate::domain::validation::clean_line;

crate::code_list! {
    /// To which national dataset a return may be made.
    pub enum NationalDataset {
        /// National Drug Treatment Monitoring System, England.
        Ndtms = "ndtms",
        /// Welsh National Database for Substance Misuse.
        Wndsm = "wndsm",
    }
}

/// The person's own answer on one national dataset, as the form has it; it is separate from the consent to sharing. The return itself goes by a
/// consent of its own, which can be taken back, and not by this.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DatasetConsent {
    /// The dataset.
    pub dataset: NationalDataset,
    /// Whether the person agreed.
    #[serde(default)]
    pub given: bool,
}

/// An item that a partnership counts for itself.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LocalItem {
    /// Its local code.
    #[validate(custom(function = "clean_line"))]
    pub code: String,
    /// Its value.
    #[validate(custom(function = "clean_line"))]
    pub value: String,
}

/// Section 16, `demographics`: for monitoring. What a specialist project counts never enters a DIR.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Monitoring {
    /// The person's answers on the national datasets.
    #[validate(length(max = 2), nested)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub datasets: Vec<DatasetConsent>,
    /// Items that the partnership counts.
    #[validate(length(max = 20), nested)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub local_items: Vec<LocalItem>,
    /// Whether the person served in the armed forces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub veteran: Option<bool>,
}

filing!(Monitoring {
    datasets => Demographics,
    local_items => Demographics,
    veteran => Demographics,
});
redacted!(DatasetConsent, LocalItem);
