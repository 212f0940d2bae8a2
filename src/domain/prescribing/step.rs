//! The steps of an own script, from one state to the next, on the version that was read.

use super::board::{Board, Making, Move};
use super::codes::ScriptTransition;
use super::conflict::Party;
use super::elsewhere::Reader;
use super::open::{ScriptMoved, Setting, acknowledge, taking, unprocessable};
use super::script::{ScriptRecord, ScriptStep};
use super::states::InvalidScriptStep;
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::exchange::Exchange;
use crate::journal::sealed::Sealed;
use crate::journal::worker;
use crate::policy::action::ScriptWrite;
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::Kind;
use crate::store::{Error, Snapshot};

/// `POST /scripts/{id}/{transition}`.
pub struct StepScript {
    /// What the agency calls the script.
    pub id: Handle,
    /// The step.
    pub transition: ScriptTransition,
    /// What goes with it.
    pub step: ScriptStep,
    /// What there is besides.
    pub setting: Setting,
}

impl Exchange for StepScript {
    type Action = ScriptWrite;
    type View = ScriptMoved;
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Script, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ScriptWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<Sealed<ScriptMoved>>, Rejection> {
        let principal = worker(call)?;
        let (agency, target) = (&principal.agency, target_of(permit)?);
        let record = target.record.ok_or(Error::Corrupt("a script without a record"))?;
        let client_ref = target.client_ref.ok_or(Error::Corrupt("a script of nobody's client"))?;
        let (at, today) = (changes.now(), self.setting.calendar.date_of(changes.now()));
        require_version(call, &tx.document_read::<_, ScriptRecord>(permit, agency, record)?)?;
        let board = Board::read(tx, permit, target.person)?;
        self.setting.look(tx, permit, changes, (principal, target.person, &board), false)?;
        let version = board
            .scripts
            .iter()
            .find(|held| held.record == record)
            .ok_or(Error::Corrupt("a script that is not its person's"))?
            .next();
        let mut making = Making {
            of: Move::Step(record, self.transition, self.step.clone()),
            party: Party { by: (agency.clone(), principal.worker.clone()), at, today },
            taking: taking(principal.worker.clone(), at, today),
        };
        let made =
            board.make(tx, changes, &self.setting.calendar, &version, &mut making)?.map_err(problem_of)?;
        let of = (target.person, client_ref);
        let reader = Reader::of(tx, &self.setting.journal, principal, of, (today, &self.setting.help_line))?;
        Ok(Accepted {
            status: 200,
            location: Some(format!("/v1/scripts/{}", self.id)),
            etag: Some(tx.etag(agency, record, version.version)),
            acknowledgement: acknowledge(board, made, self.id, reader),
        })
    }
}

/// What the caller is told when a step is not taken.
pub(super) fn problem_of(invalid: InvalidScriptStep) -> Problem {
    match invalid {
        InvalidScriptStep::NotFrom(state) => Problem::fields(
            ProblemType::InvalidTransition,
            ScriptTransition::possible(state)
                .map(|step| {
                    FieldProblem::new("transition", step.code(), "is possible from the present state")
                })
                .collect(),
        ),
        InvalidScriptStep::Beside => Problem::new(ProblemType::PrescribingConflict),
        InvalidScriptStep::Guard(fault) => unprocessable(&[fault]),
    }
}
