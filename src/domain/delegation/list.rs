//! The delegated follow-ups of a client of which the agency knows: its own handles, each to be read by itself.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::known::{KnownRecord, known_of};
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::DelegationRead;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::facts::Subject;
use crate::store::record::Kind;

/// `GET /clients/{ref}/delegations`.
pub struct ListDelegations(pub Handle);

/// The delegated follow-ups of a client, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct DelegationList {
    /// One line each.
    pub delegations: Vec<KnownRecord>,
}

impl Disclosure for ListDelegations {
    type Action = DelegationRead;
    type View = DelegationList;

    fn subject(&self) -> Subject {
        Subject::Client(self.0)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<DelegationRead>,
    ) -> Result<Sealed<DelegationList>, Rejection> {
        Ok(known_of(tx, call, permit, Kind::Delegation)?.map(|delegations| DelegationList { delegations }))
    }
}
