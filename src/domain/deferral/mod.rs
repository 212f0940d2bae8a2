//! Holding back from a person's account, for a bounded time and with two approvals, what an agency itself did about her.

mod deferring;
pub mod model;

pub use deferring::{
    ApproveDeferral, DeferralMoved, DeferralsView, LiftDeferral, ListDeferrals, ProposeDeferral,
};
pub use model::{DeferralLifted, DeferralProposed};
