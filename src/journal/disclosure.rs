//! The road out: load the facts, decide, read what is permitted, record, release.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::call::Call;
use super::outcome::{Disclosed, Media, Stop, Unavailable};
use super::process::Journal;
use super::road::{Answer, Ready, TICK};
use super::sealed::{Form, Sealed};
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::problem::Problem;
use crate::store::facts::Subject;
use crate::store::{Error, Snapshot};

/// Why a prepared request does not go on.
#[derive(Debug)]
pub enum Rejection {
    /// A rule of the field, or of HTTP, stands against it.
    Problem(Problem),
    /// The store failed.
    Store(Error),
}

impl From<Error> for Rejection {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

impl From<Problem> for Rejection {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// A question that can be answered with data.
pub trait Disclosure: Send + Sync + 'static {
    /// What must be permitted.
    type Action: Action;
    /// What the caller gets to see.
    type View: Serialize + Send + 'static;

    /// Whether the answer leaves on a fixed tick, because its time could tell whether something was found.
    const TICKS: bool = false;
    /// That tick: as long as what must not show in the time may take.
    const TICK: Duration = TICK;
    /// How many records are read before it shows that something is not for this very worker, or is over: so many are looked for where
    /// nothing is permitted, so that the one costs what the other does.
    const READ_FIRST: usize = 0;

    /// What the request is about.
    fn subject(&self) -> Subject;

    /// Reads what the permit covers and makes the view of it.
    ///
    /// # Errors
    /// When the store fails, or the question cannot be put in this way.
    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<Self::Action>,
    ) -> Result<Sealed<Self::View>, Rejection>;

    /// How the answer is written.
    fn form(&self) -> Form<Self::View> {
        Form::Json
    }

    /// The cursor of the next page, as the view states it.
    fn next_page(_view: &Self::View) -> Option<String> {
        None
    }

    /// Until when all of the view may be shown, as the view states it, where that ends by itself.
    fn valid_until(_view: &Self::View) -> Option<Timestamp> {
        None
    }
}

impl Journal {
    /// Answers a question, once the answer is recorded.
    ///
    /// # Errors
    /// A recorded refusal, or that nothing can be recorded.
    pub async fn disclose<D: Disclosure>(&self, call: Call, question: D) -> Result<Disclosed<D::View>, Stop> {
        let subject = question.subject();
        let media = match question.form() {
            Form::Json => Media::Json,
            Form::Page(_) => Media::Page,
            Form::Events(_) => Media::Events,
        };
        let settled = self.travel(call, subject, D::TICKS.then_some(D::TICK), prepared(question)).await?;
        Ok(Disclosed::of(settled, media))
    }

    /// Puts a question as [`Journal::disclose`] does, up to where only its entry lacks, and lets go of it: nothing is disclosed,
    /// nothing is recorded, and not even whether it would be permitted is told. Beside it `disclose` shows what recording costs.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rehearse<D: Disclosure>(&self, mut call: Call, question: D) -> Result<(), Unavailable> {
        let (subject, agency) = (question.subject(), call.caller.agency().clone());
        let (journal, prepare) = (self.clone(), prepared(question));
        let rehearsed =
            self.0.readers.read(&agency, subject, move |tx| prepare(&journal, tx, &mut call).map(drop));
        rehearsed.await.and_then(Result::ok).ok_or(Unavailable)
    }
}

/// How a question is prepared, once for each time that it is put.
fn prepared<D: Disclosure>(
    question: D,
) -> impl Fn(&Journal, &mut Snapshot<'_>, &mut Call) -> Result<Ready, Error> + Send + Sync + 'static {
    move |journal, tx, call| {
        journal.prepare::<D::Action>(tx, call, (question.subject(), D::READ_FIRST), |tx, call, permit| {
            let sealed = question.read(tx, call, permit)?;
            let (next, valid_until) = (D::next_page(sealed.peek()), D::valid_until(sealed.peek()));
            let (body, version) = sealed
                .into_body(&question.form())
                .map_err(|_| Error::Corrupt("a view does not serialise"))?;
            Ok(Answer { valid_until, ..Answer::view(body, version, next) })
        })
    }
}
