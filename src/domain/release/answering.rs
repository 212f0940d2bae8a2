//! The steps of a pick-up: the host and the prison answer, the host meets the person, the home team may call it off.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::pick_up::{
    InvalidPickUpStep, PickUpRecord, PickUpState, PickUpStep, PickUpStepTaken, When, gate_moment,
};
use super::planning::unprocessable;
use crate::calendar::Calendar;
use crate::domain::fault::FieldFault;
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::policy::action::{Action, PickUpAnswer, PickUpWrite};
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind, Segments};
use crate::store::task::NewTask;
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Due, DutyRole, EventType, Segment, SegmentSet, TaskKind};

/// `POST /pick-ups/{id}/{step}` by the host or the prison.
pub struct AnswerPickUp(pub StepPickUp);

/// `POST /pick-ups/{id}/cancel` by the home team.
pub struct CancelPickUp(pub StepPickUp);

/// A step of a pick-up.
pub struct StepPickUp {
    /// What the agency calls the pick-up.
    pub id: Handle,
    /// The step.
    pub step: PickUpStep,
    /// What goes with it.
    pub taken: PickUpStepTaken,
    /// Working days and civil time.
    pub calendar: Arc<Calendar>,
}

/// The pick-up is asked for, or a step of it is taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct PickUpMoved {
    /// What the agency calls it.
    pub id: Handle,
    /// Where it stands now.
    pub state: PickUpState,
}

impl Command for AnswerPickUp {
    type Action = PickUpAnswer;
    type Acknowledgement = PickUpMoved;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::PickUp, self.0.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<PickUpAnswer>,
        changes: &mut Changes,
    ) -> Result<Accepted<PickUpMoved>, Rejection> {
        self.0.take(tx, call, permit, changes)
    }
}

impl Command for CancelPickUp {
    type Action = PickUpWrite;
    type Acknowledgement = PickUpMoved;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::PickUp, self.0.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<PickUpWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<PickUpMoved>, Rejection> {
        self.0.take(tx, call, permit, changes)
    }
}

struct Taking {
    agency: AgencyId,
    step: PickUpStep,
    taken: PickUpStepTaken,
}

impl StepPickUp {
    fn take<A: Action>(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<A>,
        changes: &mut Changes,
    ) -> Result<Accepted<PickUpMoved>, Rejection> {
        let (agency, target) = (call.caller.agency(), target_of(permit)?);
        let record = target.record.ok_or(Error::Corrupt("a pick-up without a record"))?;
        let current = tx.document_read::<_, PickUpRecord>(permit, agency, record)?;
        require_version(call, &current)?;
        let taking = Taking { agency: agency.clone(), step: self.step, taken: self.taken.clone() };
        let next = current.revise(&taking, after)?;
        let state = PickUpState::ALL
            .iter()
            .copied()
            .find(|state| next.judge(state, is_in).is_ok())
            .ok_or(Error::Corrupt("a pick-up is in no state"))?;
        let version = tx.next_version(record, Kind::PickUp, target.person, &target.custodian)?;
        changes.document_put(tx, &version, &next)?;
        changes.segments_carry(tx, &version)?;

        let parties = Parties::of(tx, &version)?;
        parties.tell_all_but(changes, agency, EventType::PickUpChanged);
        changes.task_done(agency, TaskKind::AnswerPickUp, record);
        let when = tx.segments_read::<_, PickUpRecord>(
            permit,
            agency,
            record,
            SegmentSet::EMPTY.with(Segment::Attendance),
        )?;
        match state {
            PickUpState::Asked => {}
            PickUpState::Agreed => {
                let dues = when.dues(&self.calendar, to_meet);
                parties.tasks_of_all(changes, &dues);
            }
            PickUpState::Met => changes.record_tasks_done(record),
            // Whoever is not met has the letter in hand at least.
            PickUpState::Declined | PickUpState::NotMet | PickUpState::Cancelled => {
                changes.record_tasks_lapse(record);
                if state == PickUpState::Declined {
                    let dues = when.dues(&self.calendar, to_hand_over);
                    parties.tasks_of_home(changes, &dues);
                }
            }
        }
        Ok(Accepted {
            status: 200,
            location: Some(format!("/v1/pick-ups/{}", self.id)),
            etag: Some(tx.etag(agency, record, version.version)),
            acknowledgement: PickUpMoved { id: self.id, state },
        })
    }
}

fn after(pick_up: &Document<PickUpRecord>, taking: &Taking) -> Result<PickUpRecord, Problem> {
    pick_up.value.stepped(taking.step, &taking.taken, &taking.agency).map_err(|invalid| match invalid {
        InvalidPickUpStep::NotFromHere => Problem::fields(
            ProblemType::InvalidTransition,
            pick_up
                .value
                .possible(&taking.agency)
                .map(|step| FieldProblem::new("step", step.code(), "is possible for this agency"))
                .collect(),
        ),
        InvalidPickUpStep::Reason => unprocessable(vec![FieldFault {
            field: "reason",
            rule: "goes with `decline`, `note-not-met` and `cancel`, and only with them",
        }]),
    })
}

fn is_in(pick_up: &PickUpRecord, state: &PickUpState) -> Result<(), ()> {
    if pick_up.state == *state { Ok(()) } else { Err(()) }
}

/// All three are at the gate when it opens.
fn to_meet(pick_up: &Segments<PickUpRecord>, calendar: &Arc<Calendar>) -> Vec<Due> {
    at_gate(pick_up, calendar, TaskKind::MeetAtGate)
}

/// Where nobody can come, the home team sees to it that a letter is handed over.
fn to_hand_over(pick_up: &Segments<PickUpRecord>, calendar: &Arc<Calendar>) -> Vec<Due> {
    at_gate(pick_up, calendar, TaskKind::HandOverLetter)
}

fn at_gate(pick_up: &Segments<PickUpRecord>, calendar: &Calendar, kind: TaskKind) -> Vec<Due> {
    let json = pick_up.segments.get(&Segment::Attendance);
    let when = json.and_then(|json| serde_json::from_slice::<When>(json).ok());
    let due = when.map(|When { release_on, gate_at, .. }| {
        let due_at = gate_moment(release_on, gate_at, calendar);
        let evening = release_on.yesterday().unwrap_or(release_on);
        Due { kind, worker: None, remind_at: calendar.end_of(evening).min(due_at), due_at }
    });
    due.into_iter().collect()
}

/// The three, each with its own handle for the pick-up.
pub(super) struct Parties<'a> {
    home: (AgencyId, Handle),
    pub(super) others: Vec<(AgencyId, Handle)>,
    version: &'a NewVersion,
}

impl<'a> Parties<'a> {
    /// The home team of a new pick-up; the others are to be added.
    pub(super) fn of_new(home: &AgencyId, id: Handle, version: &'a NewVersion) -> Self {
        Self { home: (home.clone(), id), others: Vec::new(), version }
    }

    fn of(tx: &mut Snapshot<'_>, version: &'a NewVersion) -> Result<Self, Error> {
        let known = tx.handles_of_record(Kind::PickUp, version.record, version.person)?;
        let (mut home, others): (Vec<_>, Vec<_>) =
            known.into_iter().partition(|(agency, _)| *agency == version.custodian);
        let home = home.pop().ok_or(Error::Corrupt("a pick-up that its home team does not know of"))?;
        Ok(Self { home, others, version })
    }

    pub(super) fn tell_others(&self, changes: &mut Changes, event: EventType) {
        for (agency, id) in &self.others {
            changes.notify(agency, event, format!("/v1/pick-ups/{id}"));
        }
    }

    fn tell_all_but(&self, changes: &mut Changes, but: &AgencyId, event: EventType) {
        for (agency, id) in self.all().filter(|(agency, _)| agency != but) {
            changes.notify(agency, event, format!("/v1/pick-ups/{id}"));
        }
    }

    pub(super) fn tasks_of_others(&self, changes: &mut Changes, dues: &[Due]) {
        self.tasks(changes, self.others.iter(), dues);
    }

    fn tasks_of_all(&self, changes: &mut Changes, dues: &[Due]) {
        self.tasks(changes, self.all(), dues);
    }

    fn tasks_of_home(&self, changes: &mut Changes, dues: &[Due]) {
        self.tasks(changes, std::iter::once(&self.home), dues);
    }

    fn all(&self) -> impl Iterator<Item = &(AgencyId, Handle)> {
        std::iter::once(&self.home).chain(&self.others)
    }

    fn tasks<'b>(
        &self,
        changes: &mut Changes,
        whose: impl Iterator<Item = &'b (AgencyId, Handle)>,
        dues: &[Due],
    ) {
        for (agency, id) in whose {
            for due in dues {
                changes.task_put(NewTask {
                    agency: agency.clone(),
                    duty: DutyRole::CaseManagement,
                    holder: None,
                    kind: due.kind,
                    person: self.version.person,
                    record: self.version.record,
                    subject: format!("/v1/pick-ups/{id}"),
                    remind_at: due.remind_at,
                    due_at: due.due_at,
                });
            }
        }
    }
}
