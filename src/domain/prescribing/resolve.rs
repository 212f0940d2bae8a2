//! The steps by which the two sides of a conflict settle it; what was agreed is done to both scripts in the same transaction.

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::board::{Board, Making, Move, Settling, is_settled_by};
use super::codes::{ConflictState, ConflictTransition};
use super::conflict::{ConflictRecord, ConflictStep, InvalidConflictStep, Party};
use super::open::{Setting, taking, unprocessable};
use super::telling::{Side, Written, is_open_on};
use crate::calendar::Calendar;
use crate::domain::matching::doubt::doubt;
use crate::id::{Handle, RecordId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::ConflictResolve;
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// `POST /conflicts/{id}/{transition}`.
pub struct StepConflict {
    /// What the agency calls the conflict.
    pub id: Handle,
    /// The step.
    pub transition: ConflictTransition,
    /// What goes with it.
    pub step: ConflictStep,
    /// What there is besides.
    pub setting: Setting,
}

/// The step is taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConflictMoved {
    /// What the agency calls the conflict.
    #[schema(value_type = String)]
    pub id: Handle,
    /// Where it stands now.
    pub state: ConflictState,
}

impl Command for StepConflict {
    type Action = ConflictResolve;
    type Acknowledgement = ConflictMoved;
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Conflict, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ConflictResolve>,
        changes: &mut Changes,
    ) -> Result<Accepted<ConflictMoved>, Rejection> {
        let principal = worker(call)?;
        let (agency, target) = (&principal.agency, target_of(permit)?);
        let record = target.record.ok_or(Error::Corrupt("a conflict without a record"))?;
        let (at, today) = (changes.now(), self.setting.calendar.date_of(changes.now()));
        let current = tx.document_read::<_, ConflictRecord>(permit, agency, record)?;
        require_version(call, &current)?;
        let party = Party { by: (agency.clone(), principal.worker.clone()), at, today };
        let was_open = current.judge(&today, was_open).is_ok();
        let directory = self.setting.journal.directory();
        let settling = Settling {
            conflict: record,
            transition: self.transition,
            step: self.step.clone(),
            directory: directory.clone(),
        };
        let next = current.revise(&(&settling, &party), take)?;
        let board = Board::read(tx, permit, target.person)?;
        let version = tx.next_version(record, Kind::Conflict, target.person, &target.custodian)?;
        changes.document_put(tx, &version, &next)?;

        let calendar: &Calendar = &self.setting.calendar;
        let sides: Vec<Side<'_>> = board
            .scripts
            .iter()
            .filter(|script| next.judge(&script.record, is_between).is_ok())
            .map(|script| (&script.custodian, script.person))
            .collect();
        let written = Written {
            record,
            conflict: &next,
            is_new: false,
            was_open,
            sides: &sides,
            mover: Some(agency),
            calendar,
        };
        written.tell(tx, changes)?;
        if let [(_, one), (_, other), ..] = sides[..]
            && next.judge(&(), are_two_people).is_ok()
        {
            doubt(tx, permit, changes, (one, &[other].into()), &directory)?;
        }
        let taking = taking(principal.worker.clone(), at, today);
        for script in &board.scripts {
            let mut making = Making {
                of: Move::Settle(script.record, settling.clone()),
                party: party.clone(),
                taking: taking.clone(),
            };
            if board.papers.judge(&making, is_settled_by).is_ok() {
                board
                    .make(tx, changes, calendar, &script.next(), &mut making)?
                    .map_err(|_| Error::Corrupt("a settled script takes no step"))?;
            }
        }
        let state = ConflictState::ALL
            .iter()
            .copied()
            .find(|state| next.judge(&(*state, today), stands).is_ok())
            .ok_or(Error::Corrupt("a conflict is in no state"))?;
        Ok(Accepted {
            status: 200,
            location: Some(format!("/v1/conflicts/{}", self.id)),
            etag: Some(tx.etag(agency, record, version.version)),
            acknowledgement: ConflictMoved { id: self.id, state },
        })
    }
}

fn was_open(conflict: &Document<ConflictRecord>, today: &Date) -> Result<(), ()> {
    is_open_on(&conflict.value, today)
}

fn is_between(conflict: &ConflictRecord, script: &RecordId) -> Result<(), ()> {
    if [conflict.opener.script, conflict.other.script].contains(script) { Ok(()) } else { Err(()) }
}

fn are_two_people(conflict: &ConflictRecord, (): &()) -> Result<(), ()> {
    if conflict.is_false_match() { Ok(()) } else { Err(()) }
}

fn stands(conflict: &ConflictRecord, (state, today): &(ConflictState, Date)) -> Result<(), ()> {
    if conflict.state_on(*today) == *state { Ok(()) } else { Err(()) }
}

fn take(
    conflict: &Document<ConflictRecord>,
    (settling, party): &(&Settling, &Party),
) -> Result<ConflictRecord, Problem> {
    let conflict = &conflict.value;
    settling.take(conflict, party).map_err(|invalid| match invalid {
        InvalidConflictStep::NotFromHere => Problem::fields(
            ProblemType::InvalidTransition,
            conflict
                .possible(&party.by.0, party.today)
                .into_iter()
                .map(|step| {
                    FieldProblem::new("transition", step.code(), "is possible as the conflict stands")
                })
                .collect(),
        ),
        InvalidConflictStep::Guard(fault) => unprocessable(&[fault]),
    })
}
