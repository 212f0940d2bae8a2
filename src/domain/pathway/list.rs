//! Reading the agency's own actions for a client.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::codes::{ActionOutcome, Barrier, ReoffendingPathway};
use super::model::ActionRecord;
use crate::domain::fault::to_the_minute;
use crate::id::{AgencyId, Handle, WorkerId};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::PathwayRead;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{ByHandle, Kind};

/// `GET /clients/{ref}/pathway-actions`.
pub struct ListActions(pub Handle);

/// The agency's own actions for a client.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActionList {
    /// The actions, oldest first.
    pub actions: Vec<ActionView>,
}

/// An action as its agency reads it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActionView {
    /// What the agency calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What to send as `If-Match` when it ends.
    pub etag: String,
    /// On which pathway.
    pub pathway: ReoffendingPathway,
    /// What is done.
    pub what: String,
    /// By which day.
    #[schema(value_type = String, format = Date)]
    pub due_on: Date,
    /// Who planned it.
    #[schema(value_type = String)]
    pub planned_by: WorkerId,
    /// When, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub planned_at: Timestamp,
    /// How it ended, once it did.
    pub outcome: Option<ActionOutcome>,
    /// What stands in its way, if something does.
    pub barrier: Option<Barrier>,
}

impl Disclosure for ListActions {
    type Action = PathwayRead;
    type View = ActionList;

    fn subject(&self) -> Subject {
        Subject::Client(self.0)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<PathwayRead>,
    ) -> Result<Sealed<ActionList>, Rejection> {
        let (agency, person): (&AgencyId, _) = (call.caller.agency(), target_of(permit)?.person);
        let listed = tx.handles_of_person(agency, Kind::PathwayAction, person)?;
        let etags = tx.versions_of_person(person, Kind::PathwayAction)?;
        let etags: Vec<_> =
            etags.iter().map(|held| (held.record, tx.etag(agency, held.record, held.version))).collect();
        let actions = tx.documents_of_handles::<_, ActionRecord>(permit, &listed)?;
        Ok(actions.beside(etags).view(list))
    }
}

fn list((actions, etags): &(ByHandle<ActionRecord>, Vec<(crate::id::RecordId, String)>)) -> ActionList {
    let etag_of = |record| etags.iter().find(|(of, _)| *of == record).map(|(_, etag)| etag.clone());
    let actions = actions.iter().map(|(id, document)| {
        let action = &document.value;
        ActionView {
            id: *id,
            etag: etag_of(document.record).unwrap_or_default(),
            pathway: action.pathway,
            what: action.what.clone(),
            due_on: action.due_on,
            planned_by: action.planned.0.clone(),
            planned_at: to_the_minute(action.planned.1),
            outcome: action.ended.as_ref().map(|ended| ended.outcome),
            barrier: action.ended.as_ref().and_then(|ended| ended.barrier),
        }
    });
    ActionList { actions: actions.collect() }
}
