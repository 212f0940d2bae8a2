//! Section 13: what one worker tells the next, in free text that is tagged block by block.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::filing::{Filed, filing, redacted};
use crate::domain::minute::Minute;
use crate::domain::validation::{clean_line, clean_text, no_repeats, plausible_minute};
use crate::id::AgencyId;
use crate::vocabulary::{Segment, SegmentSet};

/// One block of free text. It is kept under the strictest of its tags and shown only to a reader who is permitted all of
/// them: who wants a part of it seen more widely writes two blocks.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContinuityBlock {
    /// What the text speaks of; at least one.
    #[validate(length(min = 1, max = 20), custom(function = "no_repeats"))]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Segment>,
    /// The text.
    #[validate(custom(function = "clean_text"))]
    pub text: String,
    /// The agency for which it is meant. Addressing a specialist project makes the block `sex-work`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub addressed_to: Option<AgencyId>,
    /// Who wrote it.
    #[validate(custom(function = "clean_line"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_by: Option<String>,
    /// When it was written, which may be earlier than when it was entered.
    #[validate(custom(function = "plausible_minute"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_at: Option<Minute>,
}

impl Filed for ContinuityBlock {
    fn tags(&self) -> SegmentSet {
        self.tags.iter().copied().collect()
    }
}

/// Section 13.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = DirContinuity)]
pub struct Continuity {
    /// Tagged blocks of free text.
    #[validate(length(max = 50), nested)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<ContinuityBlock>,
}

filing!(Continuity { blocks => each });
redacted!(ContinuityBlock);
