//! The matching desk: whether two persons are one, where the gateway is not sure.

mod decide;
mod desk;
pub(in crate::domain) mod doubt;
mod kept;
mod list;
mod model;
pub mod open;
mod parting;
mod read;

pub use decide::{DecideMatch, Decided, DecisionGiven};
pub use kept::{BringCase, keepers};
pub use list::{ListMatches, MatchList, MatchListed};
pub use model::{DecisionView, MatchRecord, MatchVerdict, MatchView, NameShown, NumberShown, PersonShown};
pub use read::ReadMatch;
