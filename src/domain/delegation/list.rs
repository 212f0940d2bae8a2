//! The delegated follow-ups of a client of which the agency knows: its own handles, each to be read by itself.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::fault::to_the_minute;
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::DelegationRead;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::facts::{Subject, target_of};
use crate::store::handle::Listed;
use crate::store::record::Kind;

/// `GET /clients/{ref}/delegations`.
pub struct ListDelegations(pub Handle);

/// The delegated follow-ups of a client, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct DelegationList {
    /// One line each.
    pub delegations: Vec<DelegationListed>,
}

/// A delegated follow-up in a list: nothing but where it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct DelegationListed {
    /// What the reader calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// When the agency came to know of it, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub known_since: Timestamp,
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
        let agency = call.caller.agency();
        let listed = tx.handles_of_person(agency, Kind::Delegation, target_of(permit)?.person)?;
        Ok(Sealed::new(permit, listed).view(list))
    }
}

#[allow(clippy::ptr_arg, reason = "the form of a view of what is sealed")]
fn list(listed: &Vec<Listed>) -> DelegationList {
    let line = |each: &Listed| DelegationListed {
        id: each.handle,
        known_since: to_the_minute(Timestamp::from_microsecond(each.created_us).unwrap_or(Timestamp::MIN)),
    };
    DelegationList { delegations: listed.iter().map(line).collect() }
}
