//! Tasks: what awaits an agency's duty roles, who sees it, who may give it to somebody else, and how it goes up.

mod ask;
mod assign;
mod halfway;
mod kept;
mod list;
mod read;
mod sweep;
mod view;

pub use ask::{AskFor, Owed};
pub use assign::{ReassignTask, TaskMoved, TaskReassigned};
pub(in crate::domain) use halfway::{Halfway, half_way};
pub(in crate::domain) use kept::Kept;
pub use list::{ListTasks, TaskList, TasksView};
pub use read::ReadTask;
pub use sweep::SweepTasks;
pub use view::{HeldBy, TaskView};
