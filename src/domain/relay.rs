//! A way to whoever must not be named: the same for everybody, so that it tells nothing of whom it leads to.

use serde::Serialize;
use utoipa::ToSchema;

use crate::id::Handle;

/// Whom to ring, and what to quote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Relay {
    /// The operator's help line.
    pub telephone: String,
    /// The reader's own handle of what it is about; its reference for the person where there is none.
    #[schema(value_type = String)]
    pub reference: Handle,
}
