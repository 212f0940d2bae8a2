//! The caseload: who works with a person, from when to when, and the question whether somebody already does.

mod answer;
mod ask;
pub mod check;
mod episodes;
mod inbox;
pub mod model;
mod open;
pub mod states;
mod step;

pub use answer::{Acknowledged, AnswerCheck, ReadQuestion};
pub use ask::{AskCheck, Asked, ReadCheck};
pub use episodes::{EpisodeList, EpisodeView, ListEpisodes, ReadEpisode};
pub use inbox::{AwaitedQuestions, ListQuestions};
pub use open::{OpenEpisode, Opened};
pub use step::{StepEpisode, Stepped};
