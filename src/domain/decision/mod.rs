//! Joint decisions: a conditional caution is issued only if everybody who works with the person agrees (rule 20).
//!
//! The police propose it to a team, the team may bring in the project that works with her, and each says yes or no. The police learn
//! whether they may issue it, and nothing else: not how many were asked, not who, not who said what, not why. A decline, and a consent
//! that she took back, look alike.

mod act;
mod agreement;
pub mod codes;
mod list;
pub mod model;
mod propose;
mod read;
pub mod states;
mod telling;

pub use act::{Asked, BroughtIn, CloseDecision, DecisionMoved, VoteCast, VoteOrBringIn};
pub use list::{DecisionList, ListDecisions};
pub use propose::{CautionProposed, ProposeCaution, Setting};
pub use read::{DecisionView, ReadDecision};
