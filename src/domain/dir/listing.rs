//! The records of one person that an agency wrote or received.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::DirState;
use super::head::{DirHead, minute_of};
use crate::id::{AgencyId, Handle, RecordId};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::journal::{Journal, worker};
use crate::policy::action::DirRead;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};

/// `GET /clients/{ref}/dirs`.
pub struct ListDirs {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// Decides on each record that was received.
    pub journal: Journal,
}

crate::code_list! {
    /// How a record came to an agency.
    pub enum DirOrigin {
        /// Its own workers wrote it.
        Own = "own",
        /// A referral brought it.
        Received = "received",
    }
}

/// The records, oldest first.
#[derive(Serialize, ToSchema)]
pub struct DirList {
    /// One line each.
    pub dirs: Vec<DirListed>,
}

/// A record in a list.
#[derive(Serialize, ToSchema)]
pub struct DirListed {
    /// What the reader calls the record.
    #[schema(value_type = String)]
    pub dir: Handle,
    /// Where it stands.
    pub state: DirState,
    /// How it came to the reader.
    pub origin: DirOrigin,
    /// When its latest version was recorded, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Timestamp,
}

impl Disclosure for ListDirs {
    type Action = DirRead;
    type View = DirList;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<DirRead>,
    ) -> Result<Sealed<DirList>, Rejection> {
        let principal = worker(call)?;
        let target = target_of(permit)?;
        let mut readable = Vec::new();
        for listed in tx.handles_of_person(&principal.agency, Kind::Dir, target.person)? {
            let custodian = tx.record_custodian(RecordId::from_bytes(listed.target))?;
            // A received record is in the list only as long as it could be read.
            let subject = Subject::Record(Kind::Dir, listed.handle);
            if custodian.as_ref() == Some(&principal.agency)
                || self.journal.also_permits::<DirRead>(tx, principal, subject)?.is_some()
            {
                readable.push(listed);
            }
        }
        let records = tx.documents_of_handles::<_, DirHead>(permit, &readable)?;
        Ok(records.beside(principal.agency.clone()).view(list))
    }
}

fn list((records, reader): &(Vec<(Handle, Document<DirHead>)>, AgencyId)) -> DirList {
    let dirs = records
        .iter()
        .map(|(handle, record)| DirListed {
            dir: *handle,
            state: record.value.state,
            origin: if record.custodian == *reader { DirOrigin::Own } else { DirOrigin::Received },
            recorded_at: minute_of(record.recorded_us),
        })
        .collect();
    DirList { dirs }
}
