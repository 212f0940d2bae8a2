//! Joint visits (rule 21): a team and the police's liaison officer meet about somebody, or visit her together, who has agreed to that before
//! a word was said. The officer learns who, when and where, of one person at a time; nothing says why it is this officer, nobody is found by
//! what she does, and there is no photograph.

mod answer;
mod call_off;
pub mod model;
mod propose;
mod read;

pub use answer::{AnswerVisit, VisitAnswerGiven};
pub use call_off::CallOffVisit;
pub use propose::{ProposeVisit, VisitMoved, VisitProposed};
pub use read::{ReadVisit, VisitView};
