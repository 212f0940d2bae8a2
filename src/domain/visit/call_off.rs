//! The team calls a joint visit off.

use super::answer::not_open;
use super::model::{NotOpen, VisitRecord};
use super::propose::VisitMoved;
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::VisitPropose;
use crate::policy::permit::Permit;
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::EventType;

/// `POST /joint-visits/{id}/calling-off`.
pub struct CallOffVisit(pub Handle);

impl Command for CallOffVisit {
    type Action = VisitPropose;
    type Acknowledgement = VisitMoved;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::JointVisit, self.0)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<VisitPropose>,
        changes: &mut Changes,
    ) -> Result<Accepted<VisitMoved>, Rejection> {
        let (agency, target) = (&worker(call)?.agency, target_of(permit)?);
        let record = target.record.ok_or(Error::Corrupt("a visit without a record"))?;
        let current = tx.document_read::<_, VisitRecord>(permit, agency, record)?;
        require_version(call, &current)?;
        let next = current.revise(&(), after).map_err(not_open)?;
        let version = tx.next_version(record, Kind::JointVisit, target.person, agency)?;
        changes.document_put(tx, &version, &next)?;
        changes.segments_carry(tx, &version)?;
        changes.record_tasks_lapse(record);
        for (other, id) in tx.handles_of_record(Kind::JointVisit, record, target.person)? {
            if other != *agency {
                changes.notify(&other, EventType::JointVisitChanged, format!("/v1/joint-visits/{id}"));
            }
        }
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(tx.etag(agency, record, version.version)),
            acknowledgement: VisitMoved { id: self.0 },
        })
    }
}

fn after(visit: &Document<VisitRecord>, (): &()) -> Result<VisitRecord, NotOpen> {
    visit.value.called_off()
}
