//! Whether a tenant attends: yes or no, while the hold is in force and the person agrees that this landlord is told.

use serde::Serialize;
use utoipa::ToSchema;

use super::codes::Attending;
use super::hold::HoldRecord;
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::EvictionHoldRead;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// `GET /eviction-holds/{id}`.
pub struct ReadEvictionHold(pub Handle);

/// The answer to a landlord. Not where, not how often, not for what.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttendingView {
    /// What the reader calls the hold.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What to send as `If-Match` with the next step.
    pub etag: String,
    /// What the reader calls the person.
    #[schema(value_type = Option<String>)]
    pub client_ref: Option<Handle>,
    /// Whether the tenant attends.
    pub attending: Attending,
}

impl Disclosure for ReadEvictionHold {
    type Action = EvictionHoldRead;
    type View = AttendingView;
    const READ_FIRST: usize = 1;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::EvictionHold, self.0)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<EvictionHoldRead>,
    ) -> Result<Sealed<AttendingView>, Rejection> {
        let target = target_of(permit)?;
        let record = target.record.ok_or(Error::Corrupt("a hold without a record"))?;
        let hold = tx.document_read::<_, HoldRecord>(permit, call.caller.agency(), record)?;
        let etag = hold.etag().unwrap_or_default().to_owned();
        Ok(hold.beside((self.0, etag, target.client_ref)).try_view(shown)?)
    }
}

/// A hold that has ended is answered like one that there never was.
fn shown(
    (document, (id, etag, client_ref)): &(Document<HoldRecord>, (Handle, String, Option<Handle>)),
) -> Result<AttendingView, Problem> {
    let attending = document
        .value
        .answer()
        .ok_or_else(|| Problem::because(ProblemType::NotFoundOrNotPermitted, "hold-ended"))?;
    Ok(AttendingView { id: *id, etag: etag.clone(), client_ref: *client_ref, attending })
}
