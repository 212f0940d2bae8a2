//! A follow-up that a specialist project holds for the team on which the duty lies (S3 5.1, Trust): the team delegates it to the project
//! that the person named, by her consent; back goes whether she came and stayed, and nothing else. The appointment stays the team's, and so
//! does what is told to the police, who learn that she came or did not, and never where.

mod answer;
pub mod codes;
mod delegate;
mod following;
mod list;
pub mod model;
mod read;
mod telling;
mod withdraw;

pub use answer::{AnswerDelegation, Answered, AttendanceTold};
pub use delegate::{DelegateFollowUp, Delegated, DelegationMoved};
pub(in crate::domain) use following::{follow_act, lapse_of};
pub use list::{DelegationList, ListDelegations};
pub use read::{DelegationView, ReadDelegation};
pub use withdraw::WithdrawDelegation;
