//! What every handler needs: the journal, the identifier, the calendar, and what each answer carries.

use std::path::PathBuf;
use std::sync::Arc;

use super::events::Streams;
use super::rates::Rates;
use super::summary::Summary;
use crate::calendar::Calendar;
use crate::domain::caseload::DayBudget;
use crate::domain::client::matcher::Matcher;
use crate::domain::labels::LabelPack;
use crate::domain::referral::deadlines::DeadlineTable;
use crate::identity::Identifier;
use crate::journal::Journal;

/// The gateway, as the API sees it. One for the process.
pub struct Context {
    /// The two roads.
    pub journal: Journal,
    /// From credentials to a principal.
    pub identifier: Identifier,
    /// Working days and civil time.
    pub calendar: Arc<Calendar>,
    /// By when the steps of a referral are due.
    pub deadlines: Arc<DeadlineTable>,
    /// What the codes are called at this place.
    pub labels: Arc<LabelPack>,
    /// Who is who.
    pub matcher: Arc<Matcher>,
    /// The operator's telephone number, on every 404 and 503.
    pub help_line: String,
    /// The static log directory.
    pub log_directory: PathBuf,
    /// The largest body, in bytes.
    pub body_limit: usize,
    /// How many caseload checks a worker and an agency may ask in a day.
    pub check_budget: DayBudget,
    /// At how many people they may look without one.
    pub look_budget: DayBudget,
    /// How much a worker and an agency may ask.
    pub rates: Rates,
    /// The event streams that are open.
    pub streams: Arc<Streams>,
    /// Counts of what fails before anybody is identified.
    pub summary: Summary,
}
