//! Assessments of people identified in custody: required by law, or agreed to. Who must come, when and where, what notice was
//! served, and whether they came; never what was said. Police learn of the last by rules 3 and 4 alone.

pub mod acts;
mod attendance;
pub mod codes;
mod list;
pub mod model;
mod open;
pub mod opening;
mod read;
pub mod states;
mod take;
mod telling;
mod view;

pub use attendance::{AttendanceView, ReadAttendance};
pub use list::{AssessmentList, ListAssessments};
pub use open::{AssessmentMoved, OpenAssessment, Setting};
pub use read::ReadAssessment;
pub use take::{Asked, TakeAct};
pub use view::AssessmentView;
