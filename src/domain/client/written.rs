//! What an agency wrote of somebody under each reference that it has for her: a guard looks at all of it.

use super::model::ClientHead;
use crate::id::{AgencyId, PersonId};
use crate::journal::sealed::Sealed;
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::store::record::Segments;
use crate::store::{Error, Snapshot};
use crate::vocabulary::SegmentSet;

/// An agency's records of one client, the one under the reference that is used first.
pub(in crate::domain) type Written = Vec<Segments<ClientHead>>;

/// Reads these segments of each of them.
pub(in crate::domain) fn written_of<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    (agency, person): (&AgencyId, PersonId),
    segments: SegmentSet,
) -> Result<Sealed<Written>, Error> {
    let mut written = Sealed::new(permit, Written::new());
    for record in tx.clients_known(agency, person)? {
        let client = tx.segments_read::<_, ClientHead>(permit, agency, record, segments)?;
        written = written.with(client).map(|(mut written, client)| {
            written.push(client);
            written
        });
    }
    Ok(written)
}
