//! What a request that gives a flag to somebody needs to know besides: what day it is, and who works there.

use std::sync::Arc;

use crate::calendar::Calendar;
use crate::id::WorkerId;
use crate::identity::principal::Principal;
use crate::journal::Journal;
use crate::problem::{Problem, ProblemType};

/// What it needs to know.
#[derive(Clone)]
pub struct Setting {
    /// Knows the directory.
    pub journal: Journal,
    /// What day it is.
    pub calendar: Arc<Calendar>,
}

impl Setting {
    /// Refuses to give a flag to a worker who is not there: nobody on duty would see what there is to do about it. Of an agency that
    /// lists no workers the directory knows none.
    pub(super) fn works_there(
        &self,
        principal: &Principal,
        field: &'static str,
        named: Option<&WorkerId>,
    ) -> Result<(), Problem> {
        let directory = self.journal.directory();
        let agency = directory.agency(&principal.agency).filter(|agency| !agency.workers.is_empty());
        let is_listed = |named: &WorkerId| {
            agency.is_none_or(|agency| agency.worker(named).is_some_and(|worker| worker.active))
        };
        if named.is_none_or(|named| *named == principal.worker || is_listed(named)) {
            return Ok(());
        }
        let message = "must be an active worker of your own agency";
        Err(Problem::field(ProblemType::UnprocessableDocument, field, "unknown-worker", message))
    }
}
