//! Counts of what fails before a caller is identified: bounded, by kind and minute, one entry of the log a minute.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::policy::action::SystemSweep;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::change::Changes;
use crate::store::facts::Subject;
use crate::vocabulary::EntryKind;

/// Counts since the last entry. The kinds are codes of ours, so there are few of them whatever is sent.
#[derive(Debug, Default)]
pub struct Summary(Mutex<BTreeMap<&'static str, u64>>);

impl Summary {
    /// Counts one.
    pub fn count(&self, kind: &'static str) {
        self.count_many(kind, 1);
    }

    /// Counts several that were counted elsewhere.
    pub fn count_many(&self, kind: &'static str, count: u64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(kind).or_insert(0) += count;
    }

    /// Takes what was counted, as lines `kind=count`; `None` when nothing was.
    pub fn take(&self) -> Option<String> {
        let counts = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let lines: Vec<String> = counts.into_iter().map(|(kind, count)| format!("{kind}={count}")).collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    /// Puts counts back that could not be recorded.
    pub fn restore(&self, lines: &str) {
        // Only this module writes such lines, so each kind is already a static code in the map or is counted as unrecorded.
        let lost = lines.lines().filter_map(|line| line.rsplit_once('=')?.1.parse::<u64>().ok()).sum::<u64>();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry("not-recorded-in-time").or_insert(0) +=
            lost;
    }
}

/// Writes the summary entry. The counts are in the call's `reason_text`.
pub struct WriteSummary;

/// Nothing needs to be told.
#[derive(Debug, Serialize)]
pub struct Written {}

impl Command for WriteSummary {
    type Action = SystemSweep;
    type Acknowledgement = Written;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        _tx: &mut Snapshot<'_>,
        _call: &Call,
        _permit: &Permit<SystemSweep>,
        changes: &mut Changes,
    ) -> Result<Accepted<Written>, Rejection> {
        changes.recorded_as(EntryKind::Summary);
        Ok(Accepted { status: 200, location: None, etag: None, acknowledgement: Written {} })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_taken_once() {
        let summary = Summary::default();
        assert_eq!(summary.take(), None);
        summary.count("unknown-agency");
        summary.count("unknown-agency");
        summary.count("not-http");
        assert_eq!(summary.take().as_deref(), Some("not-http=1\nunknown-agency=2"));
        assert_eq!(summary.take(), None);
    }
}
