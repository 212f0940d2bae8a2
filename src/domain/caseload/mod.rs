//! The caseload: who works with a person, from when to when, and the question whether somebody already does.

mod allocating;
mod answer;
mod ask;
mod budget;
pub mod check;
mod codes;
mod counting;
pub mod dues;
mod elsewhere;
pub mod episode_codes;
mod episode_view;
mod episodes;
mod guards;
mod identity;
mod inbox;
mod lead;
mod linking;
pub mod model;
mod naming;
mod open;
mod parting;
pub mod plan;
mod planning;
mod question;
mod reading;
mod report;
mod result;
pub mod review;
mod reviewing;
pub mod scheme;
pub mod states;
mod step;
mod times;

pub use answer::{Acknowledged, AnswerCheck};
pub use ask::{AskCheck, Asked};
pub use budget::CheckBudget;
pub(in crate::domain) use elsewhere::{has_open, is_undecided};
pub use episode_view::EpisodeView;
pub use episodes::{EpisodeList, ListEpisodes, ReadEpisode};
pub use identity::{AskedAbout, ReadAskedAbout};
pub use inbox::{AwaitedQuestions, ListQuestions};
pub use linking::{Linked, ask_after_link, ask_again_after_doubt, tell_after_difference};
pub use open::{OpenEpisode, Opened};
pub use parting::{Parted, part_caseloads};
pub use planning::{CarePlanList, CarePlanView, ListCarePlans, PlanCare, Planned};
pub use question::{QuestionView, ReadQuestion};
pub use reading::ReadCheck;
pub(in crate::domain) use report::contact_within_us;
pub use report::{CheckReport, ReadCheckReport};
pub use result::{AnswerView, CheckView};
pub use reviewing::{RecordReview, Reviewed};
pub use step::{StepEpisode, Stepped};

#[cfg(test)]
mod walk_tests;
