//! A task as its agency sees it: what, where, by when, and with whom it lies.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::directory::Contact;
use crate::domain::fault::to_the_minute;
use crate::id::Handle;
use crate::identity::principal::Principal;
use crate::journal::Journal;
use crate::store::Snapshot;
use crate::store::task::Holder;
use crate::store::task_read::StoredTask;
use crate::vocabulary::{DutyRole, TaskKind, TaskLevel, TaskState};

crate::code_list! {
    /// With whom a task lies.
    pub enum HeldBy {
        /// Whoever is on duty in the task's duty role.
        DutyRole = "duty-role",
        /// The worker who asks.
        You = "you",
        Colleague = "colleague",
    }
}

impl HeldBy {
    /// With whom it lies, as this worker sees it.
    pub fn of(holder: Option<Holder>, me: Holder) -> Self {
        match holder {
            None => Self::DutyRole,
            Some(holder) if holder == me => Self::You,
            Some(_) => Self::Colleague,
        }
    }
}

/// A task. It says nothing of the person; the resource does, to whom it may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TaskView {
    /// What the agency calls it.
    pub id: Handle,
    /// What there is to do.
    pub kind: TaskKind,
    /// The duty it belongs to.
    pub duty: DutyRole,
    /// The path of the resource, where it is done.
    pub subject: String,
    /// By when, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub due: Timestamp,
    /// Whether that has passed.
    pub overdue: bool,
    /// How far it has gone up.
    pub level: TaskLevel,
    /// The post that should look at it now, as the directory names it.
    pub post: String,
    /// With whom it lies.
    pub held_by: HeldBy,
    /// Where it stands.
    pub state: TaskState,
}

/// What stands beside tasks that is no secret: who reads them, and when.
pub(super) struct Reader {
    pub(super) me: Holder,
    pub(super) contact: Option<Contact>,
    pub(super) now: Timestamp,
}

/// The worker who asks, as a reader of tasks.
pub(super) fn reader_of(tx: &Snapshot<'_>, principal: &Principal, journal: &Journal) -> Reader {
    let directory = journal.directory();
    Reader {
        me: tx.task_holder(&principal.agency, &principal.worker),
        contact: directory.agency(&principal.agency).map(|agency| agency.contact.clone()),
        now: journal.now(),
    }
}

pub(super) fn view(task: &StoredTask, reader: &Reader) -> TaskView {
    let due = Timestamp::from_microsecond(task.due_us).unwrap_or(Timestamp::MAX);
    TaskView {
        id: task.id,
        kind: task.kind,
        duty: task.duty,
        subject: task.subject.clone(),
        due: to_the_minute(due),
        overdue: task.state == TaskState::Open && due < reader.now,
        level: task.level,
        post: post(task, reader.contact.as_ref()),
        held_by: HeldBy::of(task.holder, reader.me),
        state: task.state,
    }
}

/// Who should look at a task now: its duty role, then the deputy, then the team manager. The single point of contact stands in for
/// every duty but its own.
fn post(task: &StoredTask, contact: Option<&Contact>) -> String {
    let named = |post: fn(&Contact) -> &String| contact.map(post).cloned();
    let post = match (task.level, task.duty) {
        (TaskLevel::Open, DutyRole::Spoc) => named(|contact| &contact.spoc),
        (TaskLevel::Open, _) => None,
        (TaskLevel::Deputy, DutyRole::Spoc) => named(|contact| &contact.spoc_deputy),
        (TaskLevel::Deputy, _) => named(|contact| &contact.spoc),
        (TaskLevel::Escalated, _) => Some("team-manager".to_owned()),
    };
    post.unwrap_or_else(|| task.duty.code().to_owned())
}
