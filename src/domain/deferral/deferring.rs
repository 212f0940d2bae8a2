//! Proposing, approving and lifting deferrals, and reading an agency's own.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::time;
use jiff::{Timestamp, ToSpan as _};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{
    Approval, DeferralLifted, DeferralProposed, DeferralRecord, DeferralView, Lifting, NotTaken,
};
use crate::calendar::Calendar;
use crate::id::{AgencyId, Handle, RecordId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::journal::worker;
use crate::policy::action::{Action, DeferralApprove, DeferralLift, DeferralPropose, DeferralRead};
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::change::{Changes, NewVersion};
use crate::store::erasure::Holdings;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// `POST /clients/{ref}/deferrals`.
pub struct ProposeDeferral {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// What is proposed.
    pub proposed: DeferralProposed,
    /// What day it is.
    pub calendar: Arc<Calendar>,
}

/// `POST /deferrals/{id}/approval`.
pub struct ApproveDeferral {
    /// What the agency calls the deferral.
    pub deferral: Handle,
}

/// `POST /deferrals/{id}/lifting`.
pub struct LiftDeferral {
    /// What the agency calls the deferral.
    pub deferral: Handle,
    /// Why.
    pub lifted: DeferralLifted,
}

/// `GET /clients/{ref}/deferrals`.
pub struct ListDeferrals {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// The present moment.
    pub now: Timestamp,
}

/// The deferral is proposed, approved or lifted.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeferralMoved {
    /// What the agency calls the deferral.
    #[schema(value_type = String)]
    pub id: Handle,
}

/// An agency's own deferrals about its client.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeferralsView {
    /// The agency's own reference for the person.
    #[schema(value_type = String)]
    pub client_ref: Handle,
    /// Its deferrals, oldest first; those that are over, too.
    pub deferrals: Vec<DeferralView>,
}

impl Command for ProposeDeferral {
    type Action = DeferralPropose;
    type Acknowledgement = DeferralMoved;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<DeferralPropose>,
        changes: &mut Changes,
    ) -> Result<Accepted<DeferralMoved>, Rejection> {
        let principal = worker(call)?;
        let person = target_of(permit)?.person;
        let proposed = &self.proposed;
        proposed.check(self.calendar.date_of(changes.now())).map_err(|faults| {
            let faults = faults.into_iter().map(Into::into).collect();
            Problem::fields(ProblemType::UnprocessableDocument, faults)
        })?;
        let midnight = time(0, 0, 0, 0);
        let deferral = DeferralRecord {
            proposed: proposed.clone(),
            since: self.calendar.moment(proposed.since, midnight),
            ends: self.calendar.moment(proposed.until.saturating_add(1.day()), midnight),
            by: principal.worker.clone(),
            at: changes.now(),
            approval: None,
            lifting: None,
        };
        let version = NewVersion::first(Kind::Deferral, person, &principal.agency);
        changes.document_put_sent(tx, &version, &deferral)?;
        let id = changes.own_handle(tx, &version)?;
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/clients/{}/deferrals", self.client_ref)),
            etag: None,
            acknowledgement: DeferralMoved { id },
        })
    }
}

impl Command for ApproveDeferral {
    type Action = DeferralApprove;
    type Acknowledgement = DeferralMoved;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Deferral, self.deferral)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<DeferralApprove>,
        changes: &mut Changes,
    ) -> Result<Accepted<DeferralMoved>, Rejection> {
        let approval = Approval { by: worker(call)?.worker.clone(), at: changes.now() };
        revise(tx, call, permit, changes, &approval, approve)?;
        Ok(moved(self.deferral))
    }
}

impl Command for LiftDeferral {
    type Action = DeferralLift;
    type Acknowledgement = DeferralMoved;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Deferral, self.deferral)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<DeferralLift>,
        changes: &mut Changes,
    ) -> Result<Accepted<DeferralMoved>, Rejection> {
        let by = worker(call)?.worker.clone();
        let lifting = Lifting { by, at: changes.now(), reason: self.lifted.reason.clone() };
        revise(tx, call, permit, changes, &lifting, lift)?;
        Ok(moved(self.deferral))
    }
}

/// Writes the next version of the permitted deferral, on the version that was read.
fn revise<A: Action, I>(
    tx: &mut Snapshot<'_>,
    call: &Call,
    permit: &Permit<A>,
    changes: &mut Changes,
    input: &I,
    next: fn(&Document<DeferralRecord>, &I) -> Result<DeferralRecord, Problem>,
) -> Result<(), Rejection> {
    let agency = call.caller.agency();
    let target = target_of(permit)?;
    let record = target.record.ok_or(Error::Corrupt("a deferral without a record"))?;
    require_version(call, &tx.holdings_read(permit, agency, target.person)?)?;
    let next = tx.document_read::<_, DeferralRecord>(permit, agency, record)?.revise(input, next)?;
    let version = tx.next_version(record, Kind::Deferral, target.person, &target.custodian)?;
    changes.document_put(tx, &version, &next)?;
    Ok(())
}

fn moved(id: Handle) -> Accepted<DeferralMoved> {
    Accepted { status: 200, location: None, etag: None, acknowledgement: DeferralMoved { id } }
}

fn approve(deferral: &Document<DeferralRecord>, approval: &Approval) -> Result<DeferralRecord, Problem> {
    deferral.value.approved(approval.clone()).map_err(not_taken)
}

fn lift(deferral: &Document<DeferralRecord>, lifting: &Lifting) -> Result<DeferralRecord, Problem> {
    deferral.value.lifted(lifting.clone()).map_err(not_taken)
}

fn not_taken(why: NotTaken) -> Problem {
    match why {
        NotTaken::NotFromHere => Problem::because(ProblemType::InvalidTransition, "deferral-not-open"),
        NotTaken::SameWorker => Problem {
            errors: vec![FieldProblem::new(
                "approver",
                "second-approver",
                "must be another worker than the one who proposed it",
            )],
            ..Problem::because(ProblemType::InvalidTransition, "second-approver")
        },
    }
}

impl Disclosure for ListDeferrals {
    type Action = DeferralRead;
    type View = DeferralsView;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<DeferralRead>,
    ) -> Result<Sealed<DeferralsView>, Rejection> {
        let agency = call.caller.agency();
        let person = target_of(permit)?.person;
        let handles = tx
            .handles_of_person(agency, Kind::Deferral, person)?
            .into_iter()
            .map(|listed| (RecordId::from_bytes(listed.target), listed.handle))
            .collect();
        let reader = Reader { client_ref: self.client_ref, agency: agency.clone(), handles, now: self.now };
        let holdings = tx.holdings_read(permit, agency, person)?;
        let deferrals = tx.documents_of_person(permit, person, Kind::Deferral)?;
        Ok(holdings.with(deferrals).beside(reader).view(view))
    }
}

struct Reader {
    client_ref: Handle,
    agency: AgencyId,
    handles: BTreeMap<RecordId, Handle>,
    now: Timestamp,
}

type Deferrals = Vec<Document<DeferralRecord>>;

fn view(((_, deferrals), reader): &((Holdings, Deferrals), Reader)) -> DeferralsView {
    DeferralsView {
        client_ref: reader.client_ref,
        deferrals: deferrals
            .iter()
            .filter(|deferral| deferral.custodian == reader.agency)
            .filter_map(|deferral| {
                Some(deferral.value.view(*reader.handles.get(&deferral.record)?, reader.now))
            })
            .collect(),
    }
}
