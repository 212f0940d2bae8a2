//! Looking somebody up in a crisis: alike in form, size and cost whatever is found.

use std::sync::Arc;

use super::codes::CrisisOutcome;
use super::model::{CrisisAsked, CrisisRecord};
use super::view::{CrisisView, shown};
use crate::calendar::Calendar;
use crate::domain::caseload::{DayBudget, is_undecided};
use crate::domain::flag::{Reappeared, tell_reappearance};
use crate::domain::holders::holders;
use crate::domain::relay::Relay;
use crate::id::Handle;
use crate::identity::principal::Principal;
use crate::journal::call::Call;
use crate::journal::command::Accepted;
use crate::journal::disclosure::Rejection;
use crate::journal::exchange::Exchange;
use crate::journal::sealed::Sealed;
use crate::journal::{Journal, worker};
use crate::policy::action::CrisisLookUp;
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::Kind;

/// `POST /clients/{ref}/crisis-look-ups`.
pub struct LookUpInCrisis {
    /// The agency's own reference for the person, whom it must have presented itself.
    pub client_ref: Handle,
    /// Why.
    pub asked: CrisisAsked,
    /// Knows the time and the directory.
    pub journal: Journal,
    /// The working days.
    pub calendar: Arc<Calendar>,
    /// How many checks a worker and an agency may ask in a day: a look-up is one of them.
    pub budget: DayBudget,
    /// The operator's help line, which leads to whoever must not be named.
    pub help_line: String,
}

impl Exchange for LookUpInCrisis {
    type Action = CrisisLookUp;
    type View = CrisisView;
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<CrisisLookUp>,
        changes: &mut Changes,
    ) -> Result<Accepted<Sealed<CrisisView>>, Rejection> {
        let principal = worker(call)?;
        let (agency, person, now) = (&principal.agency, target_of(permit)?.person, changes.now());
        self.is_on_the_line(principal, now)?;
        if tx.client_known(agency, person)?.is_none() {
            let message = "this agency must have presented the person itself";
            return Err(stands_against("client_ref", "presentation-required", message).into());
        }
        self.budget.spend_check(tx, changes, principal, &self.calendar)?;
        let undecided = is_undecided(tx, permit, agency, person)?;
        let mut held_by = holders(tx, permit, person)?;
        held_by.remove(agency);
        let outcome = CrisisOutcome::of(!held_by.is_empty(), undecided);

        let version = NewVersion::first(Kind::CrisisLookUp, person, agency);
        let by = principal.worker.clone();
        let looked_up = CrisisRecord { by, at: now, reason: self.asked.reason, outcome };
        changes.document_put_sent(tx, &version, &looked_up)?;
        let reference = changes.handle_new(agency, &version);
        tell_reappearance(tx, permit, changes, person, Reappeared::Checked, agency, None)?;

        let relay = Relay { telephone: self.help_line.clone(), reference };
        let acknowledgement = Sealed::new(permit, (outcome, relay)).try_view(shown)?;
        Ok(Accepted { status: 201, location: None, etag: None, acknowledgement })
    }
}

impl LookUpInCrisis {
    /// It is for the staff of a line, while their own office is closed. By day there is the caseload check.
    fn is_on_the_line(&self, principal: &Principal, now: jiff::Timestamp) -> Result<(), Problem> {
        let directory = self.journal.directory();
        let own = directory.agency(&principal.agency);
        if own.is_none_or(|own| own.contact.telephone_out_of_hours.is_none()) {
            let message = "is for agencies that the directory lists with a number for nights and weekends";
            let errors = vec![FieldProblem::new("agency", "no-line", message)];
            return Err(Problem { errors, ..Problem::because(ProblemType::PurposeNotPermitted, "no-line") });
        }
        if own.is_some_and(|own| own.is_open_at(now, &self.calendar)) {
            let message = "your own office is open: ask by a caseload check";
            return Err(stands_against("agency", "office-hours", message));
        }
        Ok(())
    }
}

fn stands_against(field: &'static str, code: &'static str, message: &'static str) -> Problem {
    let errors = vec![FieldProblem::new(field, code, message)];
    Problem { errors, ..Problem::because(ProblemType::InvalidTransition, code) }
}
