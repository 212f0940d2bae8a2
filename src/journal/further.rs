//! Further decisions that one answer rests on: of the same caller, on the same snapshot, under the same entry.

use std::sync::Arc;

use super::call::{Call, Caller};
use super::process::Journal;
use crate::id::AgencyId;
use crate::identity::principal::Principal;
use crate::policy::action::{Action, DirRead};
use crate::policy::facts::Target;
use crate::policy::permit::Permit;
use crate::store::facts::Subject;
use crate::store::{Error, Snapshot};
use crate::vocabulary::SegmentSet;

impl Journal {
    /// Whether this worker may do this, too: `None` if not. What is read under it leaves with the answer that it serves.
    ///
    /// # Errors
    /// When the database fails.
    pub fn also_permits<A: Action>(
        &self,
        tx: &mut Snapshot<'_>,
        principal: &Principal,
        subject: Subject,
    ) -> Result<Option<Permit<A>>, Error> {
        let loaded = tx.facts_load(principal, subject, &self.directory(), self.now())?;
        Ok(self.policies().decide::<A>(principal, loaded.gathered.seal()).ok())
    }

    /// The segments in which this worker may read what `writer` added to the DIR that `about` names.
    ///
    /// # Errors
    /// When the database fails.
    pub fn entries_released(
        &self,
        tx: &mut Snapshot<'_>,
        principal: &Principal,
        about: &Target,
        writer: &AgencyId,
    ) -> Result<SegmentSet, Error> {
        let gathered = tx.facts_of_entries(principal, about, writer, &self.directory(), self.now())?;
        Ok(self
            .policies()
            .decide::<DirRead>(principal, gathered.seal())
            .map_or(SegmentSet::EMPTY, |permit| permit.released()))
    }
}

/// The worker who asks.
///
/// # Errors
/// Never in practice: only a worker is permitted anything.
pub(crate) fn worker(call: &Call) -> Result<&Arc<Principal>, Error> {
    match &call.caller {
        Caller::Worker(principal) => Ok(principal),
        Caller::Agency { .. } => Err(Error::Corrupt("only a worker can be permitted anything")),
    }
}
