//! Breaking glass (rule 28): where somebody's life is at risk a clinician opens, for an hour and with a reason, what other agencies wrote
//! that bears on it; both sides' privacy officers are told, each reviews it, and who is not reviewed loses the power.

pub mod codes;
mod end;
mod holdings;
pub mod model;
mod open;
mod power;
mod read;
mod record;
mod review;
mod review_read;
mod sweep;
mod telling;

pub use end::{BreakGlassEnded, EndBreakGlass};
pub use open::{BreakGlassGiven, BreakGlassOpened, OpenBreakGlass};
pub use power::{BreakGlassPowerSet, PowerSet, SetAgencyPower, SetWorkerPower};
pub use read::{BreakGlassView, ReadBreakGlass};
pub use record::{OpenedRecordView, ReadOpenedRecord};
pub use review::{BreakGlassReviewGiven, BreakGlassReviewed, ReviewBreakGlass};
pub use review_read::{BreakGlassToReview, ReadBreakGlassReview};
pub use sweep::SweepBreakGlass;

use std::sync::Arc;

use crate::calendar::Calendar;
use crate::journal::Journal;

/// What each request about breaking glass needs to know.
#[derive(Clone)]
pub struct Setting {
    /// Knows the time and the directory.
    pub journal: Journal,
    /// The working days.
    pub calendar: Arc<Calendar>,
    /// The operator's help line, which leads to whoever must not be named.
    pub help_line: String,
}
