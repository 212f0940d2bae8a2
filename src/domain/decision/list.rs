//! The joint decisions about a client of which the agency knows: its own handles, each to be read by itself.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::known::{KnownRecord, known_of};
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::DecisionRead;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::facts::Subject;
use crate::store::record::Kind;

/// `GET /clients/{ref}/joint-decisions`.
pub struct ListDecisions(pub Handle);

/// The joint decisions about a client, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionList {
    /// One line each.
    pub joint_decisions: Vec<KnownRecord>,
}

impl Disclosure for ListDecisions {
    type Action = DecisionRead;
    type View = DecisionList;

    fn subject(&self) -> Subject {
        Subject::Client(self.0)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<DecisionRead>,
    ) -> Result<Sealed<DecisionList>, Rejection> {
        Ok(known_of(tx, call, permit, Kind::JointDecision)?
            .map(|joint_decisions| DecisionList { joint_decisions }))
    }
}
