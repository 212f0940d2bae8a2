//! The road in, with an answer that shows what was read: a clinician who opens a script is told at once what stands in its way.

use std::sync::Arc;

use serde::Serialize;

use super::call::Call;
use super::command::Accepted;
use super::disclosure::Rejection;
use super::outcome::{Disclosed, Media, Stop};
use super::process::Journal;
use super::road::{Answer, TICK};
use super::sealed::{Form, Sealed};
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::store::change::Changes;
use crate::store::facts::Subject;
use crate::store::{Error, Snapshot};

/// Something to be done, whose acknowledgement is a view of what was read under the same permit. It stays closed until the entry
/// of both is durable. A retry is acknowledged without it. A question that may write something of its own, as that it was put, is one
/// too; where there was nothing to write it is recorded as any other.
pub trait Exchange: Send + Sync + 'static {
    /// What must be permitted.
    type Action: Action;
    /// What the caller gets to see when it is done.
    type View: Serialize + Send + 'static;

    /// Whether the answer leaves on a fixed tick, because its time could tell whether something was found.
    const TICKS: bool = false;

    /// What the request is about.
    fn subject(&self) -> Subject;

    /// Prepares the change and the view. Neither is, if something on which they rest has moved by then.
    ///
    /// # Errors
    /// When a rule of the field stands against it, or the store fails.
    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<Self::Action>,
        changes: &mut Changes,
    ) -> Result<Accepted<Sealed<Self::View>>, Rejection>;
}

impl Journal {
    /// Does something and answers with data, both under one entry.
    ///
    /// # Errors
    /// A recorded refusal, or that nothing can be recorded (and so nothing was done, as far as is known).
    pub async fn exchange<E: Exchange>(&self, call: Call, exchange: E) -> Result<Disclosed<E::View>, Stop> {
        let subject = exchange.subject();
        let exchange = Arc::new(exchange);
        let settled = self
            .travel(call, subject, E::TICKS.then_some(TICK), move |journal, tx, call| {
                let exchange = exchange.clone();
                journal.prepare::<E::Action>(tx, call, (subject, 0), |tx, call, permit| {
                    if let Some(answered) = journal.answered_before(call)? {
                        return Ok(answered);
                    }
                    let mut changes = Changes::new(crate::id::EntryId::at(journal.now()), journal.now());
                    let accepted = exchange.prepare(tx, call, permit, &mut changes)?;
                    let (body, _) = accepted
                        .acknowledgement
                        .into_body(&Form::Json)
                        .map_err(|_| Error::Corrupt("a view does not serialise"))?;
                    let mut answer =
                        Answer::change(body, accepted.status, accepted.location, accepted.etag, changes);
                    if !call.is_write {
                        answer.changes = answer.changes.filter(|changes| !changes.is_empty());
                    }
                    Ok(answer)
                })
            })
            .await?;
        Ok(Disclosed::of(settled, Media::Json))
    }
}
