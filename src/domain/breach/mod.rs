//! Breaches: required assessments that were missed without good cause. How soon each is pursued, who decided that and why, and what
//! came of it. Only what the law requires can be breached.

pub mod codes;
mod export;
mod list;
pub mod model;
mod open;
mod read;
pub mod states;
mod step;

pub use export::{BreachTask, ExportBreach};
pub use list::{BreachList, ListBreaches};
pub use open::{BreachMoved, BreachOpened, OpenBreach};
pub use read::{BreachView, ReadBreach};
pub use step::StepBreach;
