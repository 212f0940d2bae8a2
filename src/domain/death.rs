//! What follows for an agency once it has recorded that somebody died, wherever it did: it is reminded of nothing about the person any
//! more, nobody waits at a gate for it, and what it assesses by law ends, with the pursuit of what was missed.

use super::assessment::end_by_death;
use super::release::CallOff;
use crate::id::{AgencyId, PersonId, RecordId, WorkerId};
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::store::change::Changes;
use crate::store::{Error, Snapshot};

/// That somebody has died, as one agency knows it. Other agencies' own matters are theirs to end.
pub(super) struct Death<'d> {
    /// Who.
    pub(super) person: PersonId,
    /// The agency that knows, and its worker who recorded it.
    pub(super) by: (&'d AgencyId, &'d WorkerId),
    /// The assessment that the same act ends, where it is one.
    pub(super) ended: Option<RecordId>,
}

impl Death<'_> {
    /// Ends it all with the change that records it.
    ///
    /// # Errors
    /// When the database or the encryption fails.
    pub(super) fn carry_out<A: Action>(
        &self,
        tx: &mut Snapshot<'_>,
        permit: &Permit<A>,
        changes: &mut Changes,
    ) -> Result<(), Error> {
        let Self { person, by, ended } = self;
        let reason = "It is not needed any more.";
        CallOff { person: *person, home: by.0, plan: None, reason }.carry_out(tx, permit, changes)?;
        end_by_death(tx, permit, changes, *person, *by, *ended)?;
        changes.tasks_lapse(by.0, *person);
        Ok(())
    }
}
