//! The steps of a breach, on the version that was read, while what was required still stands.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::codes::{BreachState, BreachTransition, Colour, WithdrawReason};
use super::model::BreachRecord;
use super::open::{BreachMoved, is_none};
use super::states::{BreachStep, InvalidBreachStep, Taking, apply, still_stands};
use crate::calendar::Calendar;
use crate::domain::assessment::Setting;
use crate::domain::assessment::codes::AttendanceOutcome;
use crate::domain::assessment::model::AssessmentRecord;
use crate::domain::death::Death;
use crate::domain::minute::Minute;
use crate::domain::task::Halfway;
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::sealed::Sealed;
use crate::journal::worker;
use crate::policy::action::BreachWrite;
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Due, DutyRole, TaskKind};

/// Within how many hours somebody decides how soon a breach is pursued (our default: the shortest of its clocks).
const DECIDE_HOURS: i64 = 24;

/// `POST /breaches/{id}/{transition}`.
pub struct StepBreach {
    /// What the agency calls the breach.
    pub id: Handle,
    /// The step.
    pub transition: BreachTransition,
    /// What goes with it.
    pub step: BreachStep,
    /// What there is besides.
    pub setting: Setting,
}

impl Command for StepBreach {
    type Action = BreachWrite;
    type Acknowledgement = BreachMoved;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Breach, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<BreachWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<BreachMoved>, Rejection> {
        let (principal, target) = (worker(call)?, target_of(permit)?);
        let agency = &principal.agency;
        let record = target.record.ok_or(Error::Corrupt("a breach without a record"))?;
        let current = tx.document_read::<_, BreachRecord>(permit, agency, record)?;
        require_version(call, &current)?;
        let taking = Taking {
            now: changes.now(),
            minute: Minute::of(self.setting.calendar.civil(changes.now())),
            by: principal.worker.clone(),
        };
        let next =
            current.revise(&(self.transition, self.step.clone(), taking), after).map_err(problem_of)?;
        let assessments =
            tx.documents_of_person::<_, AssessmentRecord>(permit, target.person, Kind::Assessment)?;
        current.with(assessments).judge(&self.transition, may_go_on).map_err(|against| is_none(&against))?;
        let version = tx.next_version(record, Kind::Breach, target.person, agency)?;
        changes.document_put(tx, &version, &next)?;
        self.keep_time(changes, &version, &next);
        if self.step.reason == Some(WithdrawReason::Died) {
            let by = (agency, &principal.worker);
            Death { person: target.person, by, ended: None }.carry_out(tx, permit, changes)?;
        }
        let state = BreachState::ALL.iter().copied().find(|state| next.judge(state, is_in).is_ok());
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(tx.etag(agency, record, version.version)),
            acknowledgement: BreachMoved {
                id: self.id,
                state: state.ok_or(Error::Corrupt("a breach is in no state"))?,
            },
        })
    }
}

impl StepBreach {
    /// Ends the tasks that the step does, and begins the next one.
    fn keep_time(&self, changes: &mut Changes, version: &NewVersion, next: &Sealed<BreachRecord>) {
        let (agency, record) = (&version.custodian, version.record);
        let is_red = next.judge(&Colour::Red, is_coloured).is_ok();
        match self.transition {
            BreachTransition::Decide => {
                changes.task_done(agency, TaskKind::DecideBreach, record);
                changes.task_lapse(agency, TaskKind::PursueBreach, record);
                let already_out = next.judge(&BreachState::PutOut, is_in).is_ok();
                if is_red || !already_out {
                    for due in next.dues(&self.setting.calendar, pursuit_of) {
                        put(changes, version, due.kind, format!("/v1/breaches/{}", self.id), due.due_at);
                    }
                }
            }
            // Red means arrested: to be looked for is not enough.
            BreachTransition::PutOut if is_red => {}
            BreachTransition::PutOut | BreachTransition::Arrest => {
                changes.task_done(agency, TaskKind::PursueBreach, record);
            }
            BreachTransition::Withdraw => {
                changes.task_lapse(agency, TaskKind::DecideBreach, record);
                changes.task_lapse(agency, TaskKind::PursueBreach, record);
            }
            BreachTransition::Charge | BreachTransition::DrugRehabilitationRequirement => {}
        }
    }
}

/// Somebody must decide how soon a new breach is pursued.
pub(super) fn put_decision_task(changes: &mut Changes, version: &NewVersion, path: String) {
    let by = changes.now().saturating_add(SignedDuration::from_hours(DECIDE_HOURS));
    let by = by.unwrap_or(Timestamp::MAX);
    put(changes, version, TaskKind::DecideBreach, path, by);
}

fn put(changes: &mut Changes, version: &NewVersion, kind: TaskKind, subject: String, due_at: Timestamp) {
    let lies_with = (&version.custodian, DutyRole::Custody);
    Halfway { lies_with, holder: None, kind, subject, due_at }.put(changes, version);
}

type Step = (BreachTransition, BreachStep, Taking);

fn after(
    document: &Document<BreachRecord>,
    (transition, step, taking): &Step,
) -> Result<BreachRecord, InvalidBreachStep> {
    apply(&document.value, *transition, step, taking)
}

/// Whatever ends the requirement ends the pursuit, and what was excused since is none: then only to withdraw remains.
fn may_go_on(
    (breach, assessments): &(Document<BreachRecord>, Vec<Document<AssessmentRecord>>),
    transition: &BreachTransition,
) -> Result<(), Vec<&'static str>> {
    let of = assessments.iter().find(|assessment| assessment.record == breach.value.assessment);
    match of {
        Some(of) if *transition != BreachTransition::Withdraw => {
            still_stands(&of.value)?;
            if is_excused(&of.value, &breach.value) { Err(vec!["good-cause"]) } else { Ok(()) }
        }
        Some(_) | None => Ok(()),
    }
}

fn is_excused(assessment: &AssessmentRecord, breach: &BreachRecord) -> bool {
    assessment.latest(breach.appointment).is_some_and(|missed| {
        missed.at.date() == breach.failed_at.date()
            && missed.kept().is_some_and(|kept| kept.outcome == AttendanceOutcome::GoodCause)
    })
}

fn is_in(breach: &BreachRecord, state: &BreachState) -> Result<(), ()> {
    if breach.state == *state { Ok(()) } else { Err(()) }
}

fn is_coloured(breach: &BreachRecord, colour: &Colour) -> Result<(), ()> {
    if breach.decision().is_some_and(|decision| decision.colour == *colour) { Ok(()) } else { Err(()) }
}

/// By when it is to be pursued, once a colour says so.
fn pursuit_of(breach: &BreachRecord, calendar: &Arc<Calendar>) -> Vec<Due> {
    let due = |due_at| Due { kind: TaskKind::PursueBreach, worker: None, remind_at: due_at, due_at };
    breach.due(calendar).map(due).into_iter().collect()
}

fn problem_of(invalid: InvalidBreachStep) -> Problem {
    match invalid {
        InvalidBreachStep::NotFrom(state) => Problem::fields(
            ProblemType::InvalidTransition,
            BreachTransition::possible(state)
                .map(|step| {
                    FieldProblem::new("transition", step.code(), "is possible from the present state")
                })
                .collect(),
        ),
        InvalidBreachStep::Guard(fault) => {
            Problem::fields(ProblemType::UnprocessableDocument, vec![fault.into()])
        }
    }
}
