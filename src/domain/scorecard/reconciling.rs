//! Looking through published figures: what was sent is answered with notes, and kept nowhere.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::published::PublishedFigures;
use super::reconcile::{Note, notes};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::ScorecardReconcile;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::facts::Subject;

/// `POST /scorecard/reconciliation`.
pub struct ReconcileFigures {
    /// What was published.
    pub published: Arc<PublishedFigures>,
}

/// What does not follow.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reconciliation {
    /// A note for each figure that does not follow from its own parts, in the order in which they were sent.
    pub notes: Vec<Note>,
}

impl Disclosure for ReconcileFigures {
    type Action = ScorecardReconcile;
    type View = Reconciliation;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn read(
        &self,
        _tx: &mut Snapshot<'_>,
        _call: &Call,
        permit: &Permit<ScorecardReconcile>,
    ) -> Result<Sealed<Reconciliation>, Rejection> {
        Ok(Sealed::new(permit, Reconciliation { notes: notes(&self.published) }))
    }
}
