//! Hospital and holder (rule 41): an emergency department says that somebody was admitted or has overdosed, without learning who holds the
//! person; clinicians of whoever does are told at once, and may say what is prescribed and when it was last taken.

mod answer;
pub mod codes;
pub mod model;
mod read;
mod tell;

pub use answer::{AnswerHospital, HospitalAnswered};
pub use model::HospitalAnswerGiven;
pub use read::{HospitalAnswerView, HospitalNoticeView, ReadHospitalNotice};
pub use tell::{HospitalNoticeGiven, HospitalNoticeSent, TellHolders};

use std::sync::Arc;

use crate::calendar::Calendar;
use crate::journal::Journal;

/// What each request about a hospital's notice needs to know.
#[derive(Clone)]
pub struct Setting {
    /// Knows the time and the directory.
    pub journal: Journal,
    /// Civil time.
    pub calendar: Arc<Calendar>,
    /// The operator's help line, which leads to whoever must not be named.
    pub help_line: String,
}
