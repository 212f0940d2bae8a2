//! From court (rule 29): a court worker tells, the same day, where somebody goes from there: the prison's team, so that it receives her, and
//! the team that is to expect her or to hold her case. A court itself has no access.

mod acknowledge;
pub mod codes;
pub mod model;
mod read;
mod tell;

pub use acknowledge::{AcknowledgeDestination, DestinationNoted};
pub use read::{DestinationView, ReadDestination};
pub use tell::{DestinationGiven, DestinationTold, Receiver, TellDestination};
