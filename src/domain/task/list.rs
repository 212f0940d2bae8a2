//! An agency's open tasks, those due first first: the reader's own and its duty's, all of them, or those that are late.

use serde::Serialize;
use utoipa::ToSchema;

use super::view::{Reader, TaskView, reader_of, view};
use crate::crypto::CursorFor;
use crate::id::{AgencyId, Handle, WorkerId};
use crate::identity::principal::Principal;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::journal::{Journal, worker};
use crate::policy::action::TaskRead;
use crate::policy::permit::Permit;
use crate::store::facts::Subject;
use crate::store::task_read::{StoredTask, Stretch, TaskPage, TaskPlace};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{DutyRole, Role};

/// How many tasks a page has at most.
const PAGE: usize = 50;
/// Before the first task.
const BEGINNING: TaskPlace = (i64::MIN, Handle::from_bytes([0; 16]));

crate::code_list! {
    /// Which tasks.
    pub enum TasksView {
        /// What the asking worker holds or is on duty for; for a team manager also what was escalated.
        Mine = "mine",
        /// All of the agency's.
        Agency = "agency",
        /// The agency's that are late.
        Overdue = "overdue",
    }
}

/// `GET /tasks`.
pub struct ListTasks {
    /// Which.
    pub which: TasksView,
    /// Only what this worker of the agency holds.
    pub of: Option<WorkerId>,
    /// After this place of the list; the beginning for the first page.
    pub after: Option<TaskPlace>,
    /// Knows the time and the directory.
    pub journal: Journal,
}

/// A page of open tasks, those due first first.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskList {
    /// The tasks.
    pub tasks: Vec<TaskView>,
    #[serde(skip)]
    next: Option<String>,
}

impl ListTasks {
    /// What a cursor of this list is for.
    pub fn cursor_for<'a>(agency: &'a AgencyId, which: TasksView) -> CursorFor<'a> {
        CursorFor { operation: "list_tasks", reader: agency.as_str(), subject: which.code().as_bytes() }
    }

    /// The place that a cursor's bytes stand for.
    pub fn place(bytes: &[u8]) -> Option<TaskPlace> {
        let (due_us, id) = bytes.split_first_chunk::<8>()?;
        Some((i64::from_be_bytes(*due_us), Handle::from_bytes(id.try_into().ok()?)))
    }

    fn stretches(&self, tx: &Snapshot<'_>, principal: &Principal) -> Vec<Stretch> {
        let holder = |worker| tx.task_holder(&principal.agency, worker);
        let held = |worker| DutyRole::ALL.iter().map(move |duty| Stretch::Duty(*duty, Some(holder(worker))));
        match (&self.of, self.which) {
            (Some(worker), _) => held(worker).collect(),
            (None, TasksView::Agency | TasksView::Overdue) => vec![Stretch::Agency],
            (None, TasksView::Mine) => {
                let on_duty = DutyRole::ALL.iter().filter(|duty| duty.roles().contains(&principal.role));
                let mut mine: Vec<Stretch> = on_duty.map(|duty| Stretch::Duty(*duty, None)).collect();
                mine.extend(held(&principal.worker));
                mine.extend((principal.role == Role::TeamManager).then_some(Stretch::Escalated));
                mine
            }
        }
    }
}

impl Disclosure for ListTasks {
    type Action = TaskRead;
    type View = TaskList;

    fn subject(&self) -> Subject {
        Subject::Many
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<TaskRead>,
    ) -> Result<Sealed<TaskList>, Rejection> {
        let principal = worker(call)?;
        let now = self.journal.now();
        let page = TaskPage {
            after: self.after.unwrap_or(BEGINNING),
            now_us: now.as_microsecond(),
            due_before_us: match self.which {
                TasksView::Overdue => now.as_microsecond(),
                TasksView::Mine | TasksView::Agency => i64::MAX,
            },
            limit: i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1),
        };
        let stretches = self.stretches(tx, principal);
        let tasks = tx.tasks_read(permit, &principal.agency, &stretches, &page)?;
        let reader = reader_of(tx, principal, &self.journal);
        let seal =
            Seal { journal: self.journal.clone(), agency: principal.agency.clone(), which: self.which };
        Ok(tasks.beside((reader, seal)).try_view(list)?)
    }

    fn next_page(view: &TaskList) -> Option<String> {
        view.next.clone()
    }
}

/// How the cursor of the next page is made.
struct Seal {
    journal: Journal,
    agency: AgencyId,
    which: TasksView,
}

fn list((tasks, (reader, seal)): &(Vec<StoredTask>, (Reader, Seal))) -> Result<TaskList, Error> {
    let last = tasks.get(PAGE.saturating_sub(1)).filter(|_| tasks.len() > PAGE);
    let next = last.map(|last| {
        let place = [last.due_us.to_be_bytes().as_slice(), last.id.as_bytes()].concat();
        let of = ListTasks::cursor_for(&seal.agency, seal.which);
        seal.journal.store().keys().cursor_seal(&of, &place)
    });
    Ok(TaskList {
        tasks: tasks.iter().take(PAGE).map(|task| view(task, reader)).collect(),
        next: next.transpose()?,
    })
}
