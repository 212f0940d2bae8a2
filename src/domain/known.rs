//! The records of one kind about a client of which an agency knows: its own handles, each to be read by itself.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::fault::to_the_minute;
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::sealed::Sealed;
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::store::facts::target_of;
use crate::store::handle::Listed;
use crate::store::record::Kind;
use crate::store::{Error, Snapshot};

/// A record in a list: nothing but where it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct KnownRecord {
    /// What the reader calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// When the agency came to know of it, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub known_since: Timestamp,
}

/// Those of one kind about the person of the permit, oldest first.
///
/// # Errors
/// When the database fails.
pub(super) fn known_of<A: Action>(
    tx: &mut Snapshot<'_>,
    call: &Call,
    permit: &Permit<A>,
    kind: Kind,
) -> Result<Sealed<Vec<KnownRecord>>, Error> {
    let listed = tx.handles_of_person(call.caller.agency(), kind, target_of(permit)?.person)?;
    Ok(Sealed::new(permit, listed).map(lines))
}

fn lines(listed: Vec<Listed>) -> Vec<KnownRecord> {
    let line = |each: Listed| KnownRecord {
        id: each.handle,
        known_since: to_the_minute(Timestamp::from_microsecond(each.created_us).unwrap_or(Timestamp::MIN)),
    };
    listed.into_iter().map(line).collect()
}
