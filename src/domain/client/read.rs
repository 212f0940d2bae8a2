//! Reading the agency's own view of its client.

use super::model::{ClientHead, ClientView, view};
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::ClientRead;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::facts::{Subject, target_of};

/// `GET /clients/{ref}`.
pub struct ReadClient(pub Handle);

impl Disclosure for ReadClient {
    type Action = ClientRead;
    type View = ClientView;

    fn subject(&self) -> Subject {
        Subject::Client(self.0)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ClientRead>,
    ) -> Result<Sealed<ClientView>, Rejection> {
        let agency = call.caller.agency();
        let target = target_of(permit)?;
        // Who was referred is a client before the agency has written anything about them.
        let record = match tx.client_record(agency, target.person)? {
            Some(record) => tx.segments_read(permit, agency, record, permit.released())?,
            None => tx.segments_unwritten(permit, agency, target.person, ClientHead {}),
        };
        Ok(record.beside((self.0, permit.released())).try_view(view)?)
    }
}
