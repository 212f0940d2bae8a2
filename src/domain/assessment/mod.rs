//! Assessments of people identified in custody: required by law, or agreed to. Who must come, when and where, what notice was
//! served, and whether they came; never what was said. Police learn of the last by rules 3 and 4 alone.

pub mod acts;
mod ahead;
mod attendance;
pub mod codes;
mod ending;
mod list;
pub mod model;
mod open;
pub mod opening;
mod paper;
mod read;
pub mod states;
mod take;
mod telling;
mod view;

pub(in crate::domain) use ahead::Between;
pub use attendance::{AttendanceView, ReadAttendance};
pub(in crate::domain) use ending::end_by_death;
pub use list::{AssessmentList, ListAssessments};
pub use open::{AssessmentMoved, OpenAssessment, Setting};
pub use paper::{NoticePaper, ReadNotice};
pub use read::ReadAssessment;
pub use take::{Asked, TakeAct};
pub use view::AssessmentView;
