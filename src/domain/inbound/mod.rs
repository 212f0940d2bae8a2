//! What police send in (Operation Reduction): one way. From the moment in which it is sent it belongs to the service that receives it;
//! who sent it has no name for it and can read nothing back, not even whether anything came of it.

mod answer;
pub mod codes;
pub mod model;
mod read;
mod send;

pub use answer::{AnswerInbound, InboundAnswered, InboundOutcomeGiven};
pub use read::{InboundView, ReadInbound};
pub use send::{InboundSent, SendIn, SentIn};
