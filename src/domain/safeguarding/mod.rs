//! Safeguarding (rules 27 and 40): a concern for somebody's safety goes to children's services without consent, as little as it takes: who
//! it is about, and the concern in one text. It is reviewed at the agency that raised it, and stands in no other read.

pub mod codes;
pub(in crate::domain) mod minor;
pub mod model;
mod raise;
mod read;
mod receive;
mod review;

pub use raise::{ConcernRaised, ConcernSent, RaiseConcern, Setting};
pub use read::{ConcernView, ReadConcern};
pub use receive::{ConcernMoved, ReceiveConcern};
pub use review::{ConcernReviewed, ReviewConcern};
