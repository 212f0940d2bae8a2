//! Placing and lifting legal holds, and reading what would stop an erasure.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::hold::{AlreadyLifted, HoldLifted, HoldPlaced, HoldRecord, HoldView, Lifting};
use super::matters::{Matters, OpenMatter, Standing, forbids_somebody, gather, open_matters};
use crate::calendar::Calendar;
use crate::id::{Handle, RecordId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::journal::worker;
use crate::policy::action::{HoldRead, HoldWrite};
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::{Changes, NewVersion};
use crate::store::erasure::Holdings;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// `POST /clients/{ref}/holds`.
pub struct PlaceHold {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// The hold.
    pub placed: HoldPlaced,
    /// What day it is.
    pub calendar: Arc<Calendar>,
}

/// `POST /holds/{id}/lifting`.
pub struct LiftHold {
    /// What the agency calls the hold.
    pub hold: Handle,
    /// Why.
    pub lifted: HoldLifted,
}

/// `GET /clients/{ref}/holds`.
pub struct ListHolds {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// What day it is.
    pub calendar: Arc<Calendar>,
    /// The present moment.
    pub now: jiff::Timestamp,
}

/// The hold is placed, or lifted.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ErasureHoldMoved)]
pub struct HoldMoved {
    /// What the agency calls the hold.
    #[schema(value_type = String)]
    pub id: Handle,
}

/// What the agency holds of its client, and what would stop an erasure.
#[derive(Debug, Serialize, ToSchema)]
pub struct HoldsView {
    /// The agency's own reference for the person.
    #[schema(value_type = String)]
    pub client_ref: Handle,
    /// Its holds, oldest first; those that ended, too.
    pub holds: Vec<HoldView>,
    /// What must end first.
    pub open_matters: Vec<OpenMatter>,
    /// Whether the person forbade somebody everything through this agency, which an erasure would end; it must then be confirmed.
    pub exclusions_in_force: bool,
    /// What would be erased: how many records of each kind.
    pub records: Vec<KindHeld>,
}

/// Records of one kind.
#[derive(Debug, Serialize, ToSchema)]
pub struct KindHeld {
    /// What they are.
    pub kind: Kind,
    /// How many.
    pub count: u64,
}

impl Command for PlaceHold {
    type Action = HoldWrite;
    type Acknowledgement = HoldMoved;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<HoldWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<HoldMoved>, Rejection> {
        let principal = worker(call)?;
        let person = target_of(permit)?.person;
        self.placed
            .check(self.calendar.date_of(changes.now()))
            .map_err(|fault| Problem::fields(ProblemType::UnprocessableDocument, vec![fault.into()]))?;
        let hold = HoldRecord {
            placed: self.placed.clone(),
            by: principal.worker.clone(),
            at: changes.now(),
            lifting: None,
        };
        let version = NewVersion::first(Kind::Hold, person, &principal.agency);
        changes.document_put_sent(tx, &version, &hold)?;
        let id = changes.own_handle(tx, &version)?;
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/clients/{}/holds", self.client_ref)),
            etag: None,
            acknowledgement: HoldMoved { id },
        })
    }
}

impl Command for LiftHold {
    type Action = HoldWrite;
    type Acknowledgement = HoldMoved;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Hold, self.hold)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<HoldWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<HoldMoved>, Rejection> {
        let principal = worker(call)?;
        let target = target_of(permit)?;
        let record = target.record.ok_or(Error::Corrupt("a hold without a record"))?;
        require_version(call, &tx.holdings_read(permit, &principal.agency, target.person)?)?;
        let lifting =
            Lifting { by: principal.worker.clone(), at: changes.now(), reason: self.lifted.reason.clone() };
        let hold = tx.document_read::<_, HoldRecord>(permit, &principal.agency, record)?;
        let lifted = hold.revise(&lifting, lift)?;
        let version = tx.next_version(record, Kind::Hold, target.person, &target.custodian)?;
        changes.document_put(tx, &version, &lifted)?;
        Ok(Accepted { status: 200, location: None, etag: None, acknowledgement: HoldMoved { id: self.hold } })
    }
}

fn lift(hold: &Document<HoldRecord>, lifting: &Lifting) -> Result<HoldRecord, Problem> {
    hold.value
        .lifted(lifting.clone())
        .map_err(|AlreadyLifted| Problem::because(ProblemType::InvalidTransition, "hold-already-lifted"))
}

impl Disclosure for ListHolds {
    type Action = HoldRead;
    type View = HoldsView;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<HoldRead>,
    ) -> Result<Sealed<HoldsView>, Rejection> {
        let agency = call.caller.agency();
        let person = target_of(permit)?.person;
        let reader = Reader {
            client_ref: self.client_ref,
            standing: Standing::new(agency, self.now, &self.calendar),
            handles: tx
                .handles_of_person(agency, Kind::Hold, person)?
                .into_iter()
                .map(|listed| (RecordId::from_bytes(listed.target), listed.handle))
                .collect(),
        };
        let holdings = tx.holdings_read(permit, agency, person)?;
        Ok(holdings.with(gather(tx, permit, person)?).beside(reader).view(view))
    }
}

struct Reader {
    client_ref: Handle,
    standing: Standing,
    handles: BTreeMap<RecordId, Handle>,
}

fn view(((holdings, matters), reader): &((Holdings, Matters), Reader)) -> HoldsView {
    let today: Date = reader.standing.today;
    let mut counts: BTreeMap<Kind, u64> = BTreeMap::new();
    for held in holdings {
        *counts.entry(held.kind).or_default() += 1;
    }
    HoldsView {
        client_ref: reader.client_ref,
        holds: matters
            .holds
            .iter()
            .filter_map(|hold| Some(hold.value.view(*reader.handles.get(&hold.record)?, today)))
            .collect(),
        open_matters: open_matters(matters, &reader.standing).into_iter().collect(),
        exclusions_in_force: forbids_somebody(matters, &reader.standing),
        records: counts.into_iter().map(|(kind, count)| KindHeld { kind, count }).collect(),
    }
}
