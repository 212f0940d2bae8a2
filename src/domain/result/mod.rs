//! Test results (rule 14): probation communicates one to a named resettlement worker, who has no access to the system in which tests are
//! kept. Nobody else at that worker's agency reads it, and nothing leads from it to another test.

mod acknowledge;
pub mod model;
mod read;
mod send;

pub use acknowledge::AcknowledgeResult;
pub use read::{ReadResult, ResultView};
pub use send::{ResultSent, SendResult, Sent};
