//! Referrals and transfers: one open at a time, a duty on one side at every moment, and a clock on each step.

pub mod codes;
pub mod deadlines;
pub mod model;
pub mod resting;
pub mod route;
pub mod states;
pub mod summary;
pub mod transition;

mod card;
mod drafting;
mod expiring;
mod grounds;
mod invalid;
mod listing;
mod reading;
mod rerouting;
mod stepping;
mod summary_reading;
pub(in crate::domain) mod telling;
mod view;

pub use card::{CardView, ReadCard};
pub use drafting::{DraftReferral, ReferralMoved};
pub use expiring::ExpireReferral;
pub use listing::{ListAsked, ListReferrals, Place, ReferralBox, ReferralList, ReferralListed};
pub use reading::ReadReferral;
pub use rerouting::Reroute;
pub use stepping::TakeStep;
pub use summary_reading::{ReadSummary, SummaryView};
pub use view::{FindingsShown, Receiver, ReferralView, Ring};

#[cfg(test)]
mod fixture;
