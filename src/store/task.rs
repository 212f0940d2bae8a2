//! Tasks: what a duty role of an agency should do by a time. They remind and go up; they decide nothing.

use std::collections::BTreeSet;

use diesel::sql_types::Binary;
use jiff::Timestamp;
use jiff::civil::Date;

use super::backend::{AnyConnection, Bind};
use super::change::Changes;
use super::event::NewEvent;
use super::identity::kin;
use super::write::Write;
use super::{Error, Snapshot, id_bytes};
use crate::crypto::Token;
use crate::id::{AgencyId, Handle, PersonId, RecordId, WorkerId};
use crate::vocabulary::{DutyRole, EventType, TaskKind, TaskLevel, TaskState};

/// Something to be done, as the command writes it that brings it about.
#[derive(Debug, Clone)]
pub struct NewTask {
    /// Whose it is.
    pub agency: AgencyId,
    /// Which duty it belongs to.
    pub duty: DutyRole,
    /// The worker who holds it, where it lies with one and not with whoever is on duty.
    pub holder: Option<Holder>,
    /// What there is to do.
    pub kind: TaskKind,
    /// The person it is about. Never leaves the gateway.
    pub person: PersonId,
    /// The record it is about. Never leaves the gateway.
    pub record: RecordId,
    /// The path of the agency's own resource, where it is done.
    pub subject: String,
    /// When the deputy is told, if it is still open.
    pub remind_at: Timestamp,
    /// By when it should be done; then the team manager is told.
    pub due_at: Timestamp,
}

/// A worker as tasks know one: a keyed token, since a database that is stolen must not tell who works on what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder(pub(super) Token);

/// What a change does to tasks. Each is applied to what is open then, and is nothing where nothing is.
#[derive(Debug, Clone)]
pub enum TaskChange {
    /// A new one, unless the same is open already.
    Put(TaskRow),
    /// Ended, because it was done or because it lapsed.
    End {
        /// Whose.
        agency: AgencyId,
        /// What there was to do.
        kind: TaskKind,
        /// About which record.
        record: RecordId,
        /// How it ended.
        state: TaskState,
    },
    /// All that the agency was to do about a person lapses, but what is owed of a broken glass: that is the worker's account, and stays.
    LapseAll {
        /// Whose.
        agency: AgencyId,
        /// About whom; whoever is one with that person included.
        person: PersonId,
    },
    /// All that any agency was to do about a record is ended.
    EndRecord {
        /// About which record.
        record: RecordId,
        /// How it ended.
        state: TaskState,
    },
    /// Given to a worker, or back to the duty role.
    Reassign {
        /// Whose.
        agency: AgencyId,
        /// Which.
        which: Reassigned,
        /// To whom.
        to: Option<Holder>,
    },
    /// Taken up, each with an event for every level that it comes to.
    Raise {
        /// From which level: what another gateway has raised meanwhile is not raised twice.
        from: TaskLevel,
        /// To which level.
        to: TaskLevel,
        /// Which, and what the agency of each is told.
        tasks: Vec<(Handle, Vec<NewEvent>)>,
    },
}

/// Which tasks are reassigned.
#[derive(Debug, Clone, Copy)]
pub enum Reassigned {
    /// One.
    One(Handle),
    /// All that a worker holds.
    HeldBy(Holder),
    /// The one of a kind about a record.
    About(TaskKind, RecordId),
}

/// A task as it is stored.
#[derive(Debug, Clone)]
pub struct TaskRow {
    id: Vec<u8>,
    agency: String,
    duty: &'static str,
    worker: Vec<u8>,
    kind: &'static str,
    record: Vec<u8>,
    person: Vec<u8>,
    subject: String,
    remind_us: i64,
    due_us: i64,
    level: i64,
    state: &'static str,
    created_us: i64,
}

impl Changes {
    /// Puts a task, with this change and never without it. While the same is open (of this agency and kind, about this record)
    /// it is that one that waits. The answer is what the agency will call the task if it is new.
    pub fn task_put(&mut self, new: NewTask) -> Handle {
        let id = Handle::random();
        let row = TaskRow {
            id: id.as_bytes().to_vec(),
            agency: new.agency.as_str().to_owned(),
            duty: new.duty.code(),
            worker: worker_column(new.holder),
            kind: new.kind.code(),
            record: new.record.as_bytes().to_vec(),
            person: new.person.as_bytes().to_vec(),
            subject: new.subject,
            remind_us: new.remind_at.as_microsecond(),
            due_us: new.due_at.as_microsecond(),
            level: level_column(TaskLevel::Open),
            state: TaskState::Open.code(),
            created_us: self.now().as_microsecond(),
        };
        self.push(Write::Task(Box::new(TaskChange::Put(row))));
        id
    }

    /// The agency has done what there was to do about a record.
    pub fn task_done(&mut self, agency: &AgencyId, kind: TaskKind, record: RecordId) {
        self.task_end(agency, kind, record, TaskState::Done);
    }

    /// There is nothing to do any more about a record.
    pub fn task_lapse(&mut self, agency: &AgencyId, kind: TaskKind, record: RecordId) {
        self.task_end(agency, kind, record, TaskState::Lapsed);
    }

    /// There is nothing to do any more about a person, whatever it was: she has died.
    pub fn tasks_lapse(&mut self, agency: &AgencyId, person: PersonId) {
        let lapse = TaskChange::LapseAll { agency: agency.clone(), person };
        self.push(Write::Task(Box::new(lapse)));
    }

    /// Whatever any agency was to do about a record is done.
    pub fn record_tasks_done(&mut self, record: RecordId) {
        self.push(Write::Task(Box::new(TaskChange::EndRecord { record, state: TaskState::Done })));
    }

    /// There is nothing to do any more about a record, for any agency.
    pub fn record_tasks_lapse(&mut self, record: RecordId) {
        self.push(Write::Task(Box::new(TaskChange::EndRecord { record, state: TaskState::Lapsed })));
    }

    fn task_end(&mut self, agency: &AgencyId, kind: TaskKind, record: RecordId, state: TaskState) {
        let end = TaskChange::End { agency: agency.clone(), kind, record, state };
        self.push(Write::Task(Box::new(end)));
    }

    /// Gives open tasks of an agency to a worker, or with `None` back to their duty roles.
    pub fn task_reassign(&mut self, agency: &AgencyId, which: Reassigned, to: Option<Holder>) {
        let reassign = TaskChange::Reassign { agency: agency.clone(), which, to };
        self.push(Write::Task(Box::new(reassign)));
    }

    /// Takes open tasks from a level up to another and tells the agency of each, once of each level, however many gateways find them.
    pub fn tasks_raise(
        &mut self,
        (from, to): (TaskLevel, TaskLevel),
        tasks: impl IntoIterator<Item = (Handle, AgencyId)>,
    ) {
        let levels =
            [(TaskLevel::Deputy, EventType::TaskDue), (TaskLevel::Escalated, EventType::TaskEscalated)];
        let passes =
            |level| level_column(from) < level_column(level) && level_column(level) <= level_column(to);
        let now_us = self.now().as_microsecond();
        let told = |(id, agency): (Handle, AgencyId)| {
            let passed = levels.iter().filter(|(level, _)| passes(*level));
            let event = |event| NewEvent::new(agency.clone(), event, format!("/v1/tasks/{id}"), now_us);
            (id, passed.map(|(_, kind)| event(*kind)).collect())
        };
        let tasks: Vec<_> = tasks.into_iter().map(told).collect();
        if !tasks.is_empty() {
            self.push(Write::Task(Box::new(TaskChange::Raise { from, to, tasks })));
        }
    }
}

impl Snapshot<'_> {
    /// A worker as tasks know one.
    pub fn task_holder(&self, agency: &AgencyId, worker: &WorkerId) -> Holder {
        let parts = [agency.as_str().as_bytes(), worker.as_str().as_bytes()];
        Holder(self.keys().index().token("task/worker", &parts))
    }

    /// What tasks about an agency's own entry of the directory are about: it is no record, and about nobody.
    pub fn entry_of(&self, agency: &AgencyId) -> (RecordId, PersonId) {
        let token = self.keys().index().token("task/entry", &[agency.as_str().as_bytes()]);
        (RecordId::from_bytes(token), PersonId::from_bytes(token))
    }

    /// What the review of an agency's looks of a day is about: it is no record either, and about nobody.
    pub fn looks_of(&self, agency: &AgencyId, day: Date) -> (RecordId, PersonId) {
        let day = day.to_string();
        let token = self.keys().index().token("task/looks", &[agency.as_str().as_bytes(), day.as_bytes()]);
        (RecordId::from_bytes(token), PersonId::from_bytes(token))
    }
}

impl TaskChange {
    /// Applies it; the events that go with what of it took effect.
    pub(super) fn apply(&self, connection: &mut AnyConnection) -> Result<Vec<&NewEvent>, Error> {
        match self {
            Self::Put(row) => row.put(connection).map(|()| Vec::new()),
            Self::End { agency, kind, record, state } => {
                connection.run(
                    "UPDATE task SET state = ? WHERE agency = ? AND kind = ? AND record = ? AND state = 'open'",
                    &[
                        Bind::Text(state.code()),
                        Bind::Text(agency.as_str()),
                        Bind::Text(kind.code()),
                        Bind::Bytes(record.as_bytes()),
                    ],
                )?;
                Ok(Vec::new())
            }
            Self::LapseAll { agency, person } => {
                let person = Bind::Bytes(person.as_bytes());
                connection.run(
                    concat!(
                        "UPDATE task SET state = 'lapsed' WHERE agency = ? AND state = 'open' \
                         AND kind NOT IN (?, ?) AND person IN ",
                        kin!()
                    ),
                    &[
                        Bind::Text(agency.as_str()),
                        Bind::Text(TaskKind::EndBreakGlass.code()),
                        Bind::Text(TaskKind::ReviewBreakGlass.code()),
                        person,
                        person,
                    ],
                )?;
                Ok(Vec::new())
            }
            Self::EndRecord { record, state } => {
                connection.run(
                    "UPDATE task SET state = ? WHERE record = ? AND state = 'open'",
                    &[Bind::Text(state.code()), Bind::Bytes(record.as_bytes())],
                )?;
                Ok(Vec::new())
            }
            Self::Reassign { agency, which, to } => {
                reassign(connection, agency, which, &worker_column(*to)).map(|()| Vec::new())
            }
            Self::Raise { from, to, tasks } => {
                let raised = raise(connection, (*from, *to), tasks)?;
                Ok(tasks
                    .iter()
                    .filter(|(id, _)| raised.contains(id))
                    .flat_map(|(_, events)| events)
                    .collect())
            }
        }
    }
}

impl TaskRow {
    fn put(&self, connection: &mut AnyConnection) -> Result<(), Error> {
        connection.run(
            "INSERT INTO task (id, agency, duty, worker, kind, record, person, subject, remind_us, due_us, level, state, \
             created_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
             ON CONFLICT (agency, kind, record) WHERE state = 'open' DO NOTHING",
            &[
                Bind::Bytes(&self.id),
                Bind::Text(&self.agency),
                Bind::Text(self.duty),
                Bind::Bytes(&self.worker),
                Bind::Text(self.kind),
                Bind::Bytes(&self.record),
                Bind::Bytes(&self.person),
                Bind::Text(&self.subject),
                Bind::Int(self.remind_us),
                Bind::Int(self.due_us),
                Bind::Int(self.level),
                Bind::Text(self.state),
                Bind::Int(self.created_us),
            ],
        )?;
        Ok(())
    }
}

fn reassign(
    connection: &mut AnyConnection,
    agency: &AgencyId,
    which: &Reassigned,
    to: &[u8],
) -> Result<(), Error> {
    let (to, agency) = (Bind::Bytes(to), Bind::Text(agency.as_str()));
    match which {
        Reassigned::One(id) => connection.run(
            "UPDATE task SET worker = ? WHERE agency = ? AND id = ? AND state = 'open'",
            &[to, agency, Bind::Bytes(id.as_bytes())],
        )?,
        Reassigned::HeldBy(Holder(token)) => connection.run(
            "UPDATE task SET worker = ? WHERE agency = ? AND worker = ? AND state = 'open'",
            &[to, agency, Bind::Bytes(token)],
        )?,
        Reassigned::About(kind, record) => connection.run(
            "UPDATE task SET worker = ? WHERE agency = ? AND kind = ? AND record = ? AND state = 'open'",
            &[to, agency, Bind::Text(kind.code()), Bind::Bytes(record.as_bytes())],
        )?,
    };
    Ok(())
}

/// Takes tasks that are open on a level to another; answers which were. In one statement where each is a way over the network.
fn raise(
    connection: &mut AnyConnection,
    (from, to): (TaskLevel, TaskLevel),
    tasks: &[(Handle, Vec<NewEvent>)],
) -> Result<BTreeSet<Handle>, Error> {
    let (from, to) = (Bind::Int(level_column(from)), Bind::Int(level_column(to)));
    if connection.is_postgres() {
        let ids: Vec<&[u8]> = tasks.iter().map(|(id, _)| id.as_bytes().as_slice()).collect();
        let rows = connection.rows::<(Binary,), (Vec<u8>,)>(
            "UPDATE task SET level = ? WHERE id = ANY(?) AND level = ? AND state = 'open' RETURNING id",
            &[to, Bind::BytesArray(&ids), from],
        )?;
        return rows.iter().map(|(id,)| Ok(Handle::from_bytes(id_bytes(id)?))).collect();
    }
    let mut raised = BTreeSet::new();
    for (id, _) in tasks {
        let rows = connection.run(
            "UPDATE task SET level = ? WHERE id = ? AND level = ? AND state = 'open'",
            &[to, Bind::Bytes(id.as_bytes()), from],
        )?;
        if rows == 1 {
            raised.insert(*id);
        }
    }
    Ok(raised)
}

/// Takes away an agency's tasks about a person, and everybody's about the agency's records of her. To be called while those
/// records are still there.
pub(super) fn erase(
    connection: &mut AnyConnection,
    person: PersonId,
    custodian: &AgencyId,
) -> Result<(), Error> {
    let binds = [Bind::Bytes(person.as_bytes()), Bind::Text(custodian.as_str())];
    connection.run("DELETE FROM task WHERE person = ? AND agency = ?", &binds)?;
    connection.run(
        "DELETE FROM task WHERE record IN (SELECT id FROM record WHERE person = ? AND custodian = ?)",
        &binds,
    )?;
    Ok(())
}

fn worker_column(holder: Option<Holder>) -> Vec<u8> {
    holder.map_or_else(Vec::new, |Holder(token)| token.to_vec())
}

/// A level as its column has it.
const fn level_column(level: TaskLevel) -> i64 {
    match level {
        TaskLevel::Open => 0,
        TaskLevel::Deputy => 1,
        TaskLevel::Escalated => 2,
    }
}
