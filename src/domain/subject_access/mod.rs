//! A person's request for her own account of disclosures: received, identified, answered or not, on record at each step.
//!
//! Under an open request whose asker was identified, and under nothing else, [`crate::domain::account::ReadWholeAccount`] is
//! permitted.

pub mod codes;
pub mod model;
mod reading;
mod receiving;
mod stepping;
mod steps;

pub use codes::SubjectAccessStep;
pub use model::{SubjectAccessReceived, SubjectAccessView};
pub use reading::{ListSubjectAccess, ReadSubjectAccess, SubjectAccessList};
pub use receiving::{ReceiveSubjectAccess, SubjectAccessMoved};
pub use stepping::TakeSubjectAccessStep;
pub use steps::SubjectAccessStepBody;
