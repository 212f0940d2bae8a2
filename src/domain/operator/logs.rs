//! Closing a log that was lost or contradicts what was signed: the first entry of the next one says so.

use serde::Serialize;

use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::policy::action::LogRecover;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::change::Changes;
use crate::store::facts::Subject;
use crate::store::recovery::Recovery;

/// `throughgate recover`.
pub struct RecoverLog(pub Recovery);

/// The one log is closed, the next one begun.
#[derive(Debug, Serialize)]
pub struct LogRecovered {
    /// The name of the log that is written to from here on.
    pub log: String,
    /// The name of the log before it.
    pub before: String,
}

impl Command for RecoverLog {
    type Action = LogRecover;
    type Acknowledgement = LogRecovered;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        _tx: &mut Snapshot<'_>,
        _call: &Call,
        _permit: &Permit<LogRecover>,
        changes: &mut Changes,
    ) -> Result<Accepted<LogRecovered>, Rejection> {
        changes.log_recover(self.0.clone());
        let Recovery { closed, origin, .. } = &self.0;
        Ok(Accepted {
            status: 200,
            location: None,
            etag: None,
            acknowledgement: LogRecovered { log: origin.clone(), before: closed.origin.clone() },
        })
    }
}
