//! What the staff of a line are shown: one shape and one size, whatever was found.
//!
//! The number is the relay's for everybody: were a service's own shown and only a project's brokered, a brokered number would say that the
//! person is a project's. No service is named and nothing that one wrote is shown, also by consent: that would be a disclosure of the
//! service's, which only it can make. Who answers at the number brings the two together.

use serde::Serialize;
use utoipa::ToSchema;

use super::codes::CrisisOutcome;
use crate::domain::padding::padding;
use crate::domain::relay::Relay;
use crate::store::Error;

/// Every answer is padded to a multiple of this many bytes; so it is once.
const SIZE: usize = 512;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CrisisView {
    /// What was found.
    pub outcome: CrisisOutcome,
    /// What that means, and what to do.
    pub words: &'static str,
    /// Whom to ring, and what to quote. The same for everybody.
    pub relay: Relay,
    /// Nothing: it gives every answer the same size.
    pub padding: String,
}

/// The answer.
pub(super) fn shown((outcome, relay): &(CrisisOutcome, Relay)) -> Result<CrisisView, Error> {
    let view = CrisisView {
        outcome: *outcome,
        words: outcome.words(),
        relay: relay.clone(),
        padding: String::new(),
    };
    Ok(CrisisView { padding: padding::<SIZE>(&view)?, ..view })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Handle;

    #[test]
    fn every_answer_has_one_size() {
        for outcome in CrisisOutcome::ALL {
            let relay = Relay { telephone: "01632 960100".to_owned(), reference: Handle::random() };
            let view = shown(&(*outcome, relay)).unwrap();
            assert_eq!(serde_json::to_vec(&view).unwrap().len(), SIZE, "{outcome}");
        }
    }
}
