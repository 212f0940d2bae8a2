//! Attendance (rules 13 and 15): a service that does a part of the work says whether somebody came, and nothing of what was done there: to
//! the team that placed the appointment, as long as the person agrees, and to probation where an order asks for it.

mod acknowledge;
pub mod model;
mod read;
mod tell;

pub use acknowledge::AcknowledgeAttendance;
pub use read::{HeardView, ReadAttendance};
pub use tell::{AttendanceTold, TellAttendance, Told};
