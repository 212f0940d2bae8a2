//! Section 15: which consent the record rests on.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::filing::filing;
use crate::domain::validation::plausible_date;
use crate::id::Handle;

crate::code_list! {
    /// What the person answered when asked to consent to sharing.
    pub enum ConsentAnswer {
        Given = "given",
        Refused = "refused",
        NotAsked = "not-asked",
    }
}

/// Section 15, `attendance`: that consent was asked, never its content, which is a record of its own.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ConsentPointer {
    /// What the person answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<ConsentAnswer>,
    /// When.
    #[validate(custom(function = "plausible_date"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_on: Option<Date>,
    /// The consent as recorded. Each reader is shown a handle of its own, or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent: Option<Handle>,
}

filing!(ConsentPointer {
    answer => Attendance,
    asked_on => Attendance,
    consent => Attendance,
});
