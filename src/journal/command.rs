//! The road in: load the facts, decide, prepare the change, and apply it in one transaction with its entry.

use std::sync::Arc;

use serde::Serialize;

use super::call::Call;
use super::disclosure::Rejection;
use super::outcome::{Disclosed, Media, Stop};
use super::process::Journal;
use super::road::{Answer, TICK};
use super::sealed::Sealed;
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::Subject;
use crate::store::{Error, Snapshot};

/// What a command answers when it is done: handles and states, never data that was read.
#[derive(Debug)]
pub struct Accepted<V> {
    /// 201 for something created, else 200.
    pub status: u16,
    /// Where what was created can be read.
    pub location: Option<String>,
    /// The strong `ETag` of the version written.
    pub etag: Option<String>,
    /// The acknowledgement.
    pub acknowledgement: V,
}

/// Something to be done.
pub trait Command: Send + Sync + 'static {
    /// What must be permitted.
    type Action: Action;
    /// What the caller is told when it is done.
    type Acknowledgement: Serialize + Send + 'static;

    /// Whether the answer leaves on a fixed tick, because its time could tell whether something was found.
    const TICKS: bool = false;

    /// What the request is about.
    fn subject(&self) -> Subject;

    /// Prepares the change. It is applied only if nothing that it rests on has moved by then.
    ///
    /// # Errors
    /// When a rule of the field stands against it, or the store fails.
    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<Self::Action>,
        changes: &mut Changes,
    ) -> Result<Accepted<Self::Acknowledgement>, Rejection>;
}

impl Journal {
    /// Does something, together with its entry.
    ///
    /// # Errors
    /// A recorded refusal, or that nothing can be recorded (and so nothing was done, as far as is known).
    pub async fn record<C: Command>(
        &self,
        call: Call,
        command: C,
    ) -> Result<Disclosed<C::Acknowledgement>, Stop> {
        let subject = command.subject();
        let command = Arc::new(command);
        let settled = self
            .travel(call, subject, C::TICKS.then_some(TICK), move |journal, tx, call| {
                let command = command.clone();
                journal.prepare::<C::Action>(tx, call, (subject, 0), |tx, call, permit| {
                    if let Some(answered) = journal.answered_before(call)? {
                        return Ok(answered);
                    }
                    let mut changes = Changes::new(crate::id::EntryId::at(journal.now()), journal.now());
                    let accepted = command.prepare(tx, call, permit, &mut changes)?;
                    let body = serde_json::to_vec(&accepted.acknowledgement)
                        .map_err(|_| Error::Corrupt("an acknowledgement does not serialise"))?;
                    Ok(Answer::change(body, accepted.status, accepted.location, accepted.etag, changes))
                })
            })
            .await?;
        Ok(Disclosed::of(settled, Media::Json))
    }
}

/// Makes sure that the caller read the version that it is about to replace.
///
/// # Errors
/// `precondition-required` without `If-Match`, `version-conflict` with another version's.
pub fn require_version<T>(call: &Call, current: &Sealed<T>) -> Result<(), Problem> {
    match (&call.if_match, current.etag()) {
        (None, _) => Err(Problem::new(ProblemType::PreconditionRequired)),
        (Some(sent), Some(current)) if sent == current => Ok(()),
        (Some(_), _) => Err(Problem::new(ProblemType::VersionConflict)),
    }
}
