//! Reading an agency's own flags: all of a client's, or one.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{FlagRecord, FlagView};
use crate::calendar::Calendar;
use crate::domain::task::HeldBy;
use crate::id::{Handle, RecordId};
use crate::identity::principal::Principal;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::journal::worker;
use crate::policy::action::FlagRead;
use crate::policy::permit::Permit;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::TaskKind;

/// `GET /clients/{ref}/flags`.
pub struct ListFlags {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// What day it is.
    pub calendar: Arc<Calendar>,
    /// The present moment.
    pub now: Timestamp,
}

/// `GET /flags/{id}`.
pub struct ReadFlag {
    /// What the agency calls it.
    pub id: Handle,
    /// What day it is.
    pub calendar: Arc<Calendar>,
    /// The present moment.
    pub now: Timestamp,
}

/// An agency's own flags about its client.
#[derive(Debug, Serialize, ToSchema)]
pub struct FlagList {
    /// The flags, oldest first; those that are over, too.
    pub flags: Vec<FlagView>,
}

/// What stands beside a flag that is no secret: the reader's handle, and with whom it lies.
type Named = (Handle, Option<HeldBy>);

impl Disclosure for ListFlags {
    type Action = FlagRead;
    type View = FlagList;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<FlagRead>,
    ) -> Result<Sealed<FlagList>, Rejection> {
        let principal = worker(call)?;
        let person = target_of(permit)?.person;
        let mut named = Vec::new();
        let mut records = Vec::new();
        for listed in tx.handles_of_person(&principal.agency, Kind::Flag, person)? {
            let record = RecordId::from_bytes(listed.target);
            named.push((listed.handle, held_by(tx, principal, record)?));
            records.push(record);
        }
        let flags = tx.documents_listed::<_, FlagRecord>(permit, records)?;
        Ok(flags.beside((named, self.calendar.date_of(self.now))).view(list))
    }
}

impl Disclosure for ReadFlag {
    type Action = FlagRead;
    type View = FlagView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Flag, self.id)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<FlagRead>,
    ) -> Result<Sealed<FlagView>, Rejection> {
        let principal = worker(call)?;
        let record = target_of(permit)?.record.ok_or(Error::Corrupt("a flag without a record"))?;
        let held_by = held_by(tx, principal, record)?;
        let flag = tx.document_read::<_, FlagRecord>(permit, &principal.agency, record)?;
        let beside = (self.id, held_by, self.calendar.date_of(self.now));
        Ok(flag.beside(beside).view(|(flag, (id, held_by, today))| flag.value.view(*id, *held_by, *today)))
    }
}

/// With whom a flag lies, as its review task says.
fn held_by(tx: &mut Snapshot<'_>, reader: &Principal, record: RecordId) -> Result<Option<HeldBy>, Error> {
    let lies = tx.task_lies_with(&reader.agency, TaskKind::ReviewFlag, record)?;
    let me = tx.task_holder(&reader.agency, &reader.worker);
    Ok(lies.map(|(_, holder)| HeldBy::of(holder, me)))
}

fn list((flags, (named, today)): &(Vec<Document<FlagRecord>>, (Vec<Named>, Date))) -> FlagList {
    let flags = flags.iter().zip(named);
    FlagList { flags: flags.map(|(flag, (id, held_by))| flag.value.view(*id, *held_by, *today)).collect() }
}
