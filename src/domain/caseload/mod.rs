//! The caseload: who works with a person, from when to when, and the question whether somebody already does.

mod allocating;
mod answer;
mod ask;
mod budget;
pub mod check;
mod codes;
mod elsewhere;
mod episodes;
mod identity;
mod inbox;
mod lead;
mod linking;
pub mod model;
mod naming;
mod open;
mod question;
mod reading;
mod report;
mod result;
pub mod states;
mod step;
mod times;

pub use answer::{Acknowledged, AnswerCheck};
pub use ask::{AskCheck, Asked};
pub use budget::CheckBudget;
pub use episodes::{EpisodeList, EpisodeView, ListEpisodes, ReadEpisode};
pub use identity::{AskedAbout, ReadAskedAbout};
pub use inbox::{AwaitedQuestions, ListQuestions};
pub use linking::{Linked, ask_after_link};
pub use open::{OpenEpisode, Opened};
pub use question::{QuestionView, ReadQuestion};
pub use reading::ReadCheck;
pub use report::{CheckReport, Period, ReadCheckReport};
pub use result::{AnswerView, CheckView};
pub use step::{StepEpisode, Stepped};
