//! Opening a script: it runs at once, unless another agency's does; then it is held, and both are party to a conflict. One that was begun on
//! an earlier day runs, and the clinician says why.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::board::{Board, Made, Making, Move};
use super::codes::{BridgeReference, ScriptState};
use super::conflict::Party;
use super::elsewhere::{Elsewhere, Reader, is_at_work};
use super::overlap::Papers;
use super::script::{ScriptOpened, ScriptOrigin, ScriptRecord};
use super::states::Taking;
use super::step::problem_of;
use crate::calendar::Calendar;
use crate::domain::caseload::{DayBudget, Look};
use crate::domain::fault::FieldFault;
use crate::id::{Handle, PersonId};
use crate::identity::principal::Principal;
use crate::journal::call::Call;
use crate::journal::command::Accepted;
use crate::journal::disclosure::Rejection;
use crate::journal::exchange::Exchange;
use crate::journal::sealed::Sealed;
use crate::journal::{Journal, worker};
use crate::policy::action::{Action, ScriptWrite};
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::Kind;

/// `POST /clients/{ref}/scripts`.
pub struct OpenScript {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// The script.
    pub opened: ScriptOpened,
    /// What there is besides.
    pub setting: Setting,
}

/// What each request about scripts needs to know.
pub struct Setting {
    /// Decides what the reader is told.
    pub journal: Journal,
    /// What day it is.
    pub calendar: Arc<Calendar>,
    /// The operator's help line, which leads to whoever else prescribes.
    pub help_line: String,
    /// At how many people a worker and an agency may look in a day with whom they have nothing to do.
    pub looks: DayBudget,
}

impl Setting {
    /// Lets a worker be told of scripts at other agencies.
    pub(super) fn look<A: Action>(
        &self,
        tx: &mut Snapshot<'_>,
        permit: &Permit<A>,
        changes: &mut Changes,
        (principal, person, board): (&Principal, PersonId, &Board),
        can_wait: bool,
    ) -> Result<(), Rejection> {
        let prescribes = board.papers.judge(&principal.agency, is_at_work).is_ok();
        let look = Look { principal, person, prescribes, can_wait };
        self.looks.take_look(tx, permit, changes, &self.calendar, &look)
    }
}

/// The script is opened, or a step of it is taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScriptMoved {
    /// What the agency calls the script.
    #[schema(value_type = String)]
    pub id: Handle,
    /// Where it stands now; `held` where another agency's runs.
    pub state: ScriptState,
    /// What the agency calls its conflict that is open now.
    #[schema(value_type = Option<String>)]
    pub conflict: Option<Handle>,
    /// The reference of the bridge, to be told to the prescriber who takes over, while this script bridges.
    pub bridge_reference: Option<BridgeReference>,
    /// Scripts at other agencies.
    pub elsewhere: Elsewhere,
}

impl Exchange for OpenScript {
    type Action = ScriptWrite;
    type View = ScriptMoved;
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ScriptWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<Sealed<ScriptMoved>>, Rejection> {
        let principal = worker(call)?;
        let (agency, person) = (&principal.agency, target_of(permit)?.person);
        let (at, today) = (changes.now(), self.setting.calendar.date_of(changes.now()));
        self.opened.check(today).map_err(|faults| unprocessable(&faults))?;
        let version = NewVersion::first(Kind::Script, person, agency);
        let origin = ScriptOrigin {
            id: version.record,
            person,
            agency: agency.clone(),
            opened_by: principal.worker.clone(),
            recorded_at: at,
        };
        let board = Board::read(tx, permit, person)?;
        // To open one is to look. Nobody who prescribes is kept from either.
        self.setting.look(tx, permit, changes, (principal, person, &board), false)?;
        let id = changes.own_handle(tx, &version)?;
        let mut making = Making {
            of: Move::Open(self.opened.clone(), origin),
            party: Party { by: (agency.clone(), principal.worker.clone()), at, today },
            taking: taking(principal.worker.clone(), at, today),
        };
        let made =
            board.make(tx, changes, &self.setting.calendar, &version, &mut making)?.map_err(problem_of)?;
        let of = (person, self.client_ref);
        let reader = Reader::of(tx, &self.setting.journal, principal, of, (today, &self.setting.help_line))?;
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/scripts/{id}")),
            etag: Some(tx.etag(agency, version.record, 1)),
            acknowledgement: acknowledge(board, made, id, reader),
        })
    }
}

/// When a worker takes a step.
pub(super) fn taking(by: crate::id::WorkerId, at: jiff::Timestamp, today: jiff::civil::Date) -> Taking {
    Taking {
        today,
        at,
        by: Some(by),
        is_beside_another: false,
        is_new_conflict: false,
        new_reference: BridgeReference::random(),
    }
}

/// What the mover is told at once.
pub(super) fn acknowledge(board: Board, made: Made, id: Handle, mut reader: Reader) -> Sealed<ScriptMoved> {
    reader.new_conflict = made.conflict;
    board.papers.with(made.script).beside((id, reader)).view(moved)
}

fn moved(((papers, script), (id, reader)): &((Papers, ScriptRecord), (Handle, Reader))) -> ScriptMoved {
    ScriptMoved {
        id: *id,
        state: script.state,
        conflict: reader.conflict(papers, Some(script)),
        bridge_reference: script.bridge_offered.clone(),
        elsewhere: reader.told(papers, Some(script)),
    }
}

/// What a document breaks, as the sender is told it.
pub(super) fn unprocessable(faults: &[FieldFault]) -> Problem {
    Problem::fields(ProblemType::UnprocessableDocument, faults.iter().copied().map(Into::into).collect())
}
