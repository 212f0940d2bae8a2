//! The road that everything takes: prepare, record, release; again when the ground has moved.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::oneshot;

use super::batch::Job;
use super::call::Call;
use super::health::State;
use super::outcome::{Receipt, Refused, Stop, Unavailable};
use super::process::Journal;
use super::receipt::receipt_of;
use super::sealed::Version;
use super::writer::{Recorded, Verdict};
use crate::policy::facts::Epoch;
use crate::problem::{Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::Subject;
use crate::store::log::EntryRow;
use crate::store::replay::GuardRow;
use crate::store::write::Prepared;
use crate::store::{Error, Snapshot};
use crate::vocabulary::EntryKind;

/// How often a request is decided again when the ground moves under it.
const ATTEMPTS: usize = 3;
/// How long a request waits for its entry.
pub(super) const DEADLINE: Duration = Duration::from_secs(2);
/// The tick on which answers leave whose time could tell something: longer than nearly all of them take, so that they leave on the first
/// one. On a shorter tick some would leave on the first and some on the second, by how long each took.
pub(super) const TICK: Duration = Duration::from_millis(8);

/// What a request was prepared to answer.
pub(super) struct Answer {
    pub(super) body: Vec<u8>,
    pub(super) status: u16,
    pub(super) location: Option<String>,
    pub(super) version: Option<Version>,
    pub(super) next: Option<String>,
    pub(super) valid_until: Option<Timestamp>,
    pub(super) changes: Option<Changes>,
    pub(super) replayed: bool,
}

impl Answer {
    pub(super) fn view(body: Vec<u8>, version: Option<Version>, next: Option<String>) -> Self {
        Self {
            body,
            status: 200,
            location: None,
            version,
            next,
            valid_until: None,
            changes: None,
            replayed: false,
        }
    }

    pub(super) fn change(
        body: Vec<u8>,
        status: u16,
        location: Option<String>,
        etag: Option<String>,
        changes: Changes,
    ) -> Self {
        let version = etag.map(|etag| Version { etag, label: None });
        Self {
            body,
            status,
            location,
            version,
            next: None,
            valid_until: None,
            changes: Some(changes),
            replayed: false,
        }
    }
}

/// A request that needs only its entry.
pub(super) struct Ready {
    pub(super) job: UnsentJob,
    pub(super) end: End,
}

/// A job without its way back.
pub(super) struct UnsentJob {
    pub(super) entry: EntryRow,
    pub(super) epochs: Vec<Epoch>,
    pub(super) valid_until_us: Option<i64>,
    pub(super) guards: Vec<GuardRow>,
    pub(super) change: Option<Prepared>,
}

impl UnsentJob {
    fn send_with(self, reply: Reply) -> Job {
        let Self { entry, epochs, valid_until_us, guards, change } = self;
        Job { entry, epochs, valid_until_us, guards, change, reply }
    }
}

/// The way back of a request: its caller is woken once, when its entry is durable or is known not to be.
pub(super) struct Reply {
    to: oneshot::Sender<Result<Told, Error>>,
    end: End,
    call: Call,
}

/// What comes back: the verdict, with what the request ends in, and the call for another try.
struct Told {
    verdict: Verdict,
    end: End,
    call: Call,
}

impl Reply {
    /// Whether nobody waits any more: the deadline has passed.
    pub(super) fn is_closed(&self) -> bool {
        self.to.is_closed()
    }

    /// Tells the caller, if it still waits.
    pub(super) fn tell(self, verdict: Verdict) {
        let Self { to, end, call } = self;
        if to.send(Ok(Told { verdict, end, call })).is_err() {
            tracing::debug!("an entry was recorded after its caller gave up");
        }
    }
}

/// How a request ends once its entry is durable.
pub(super) enum End {
    View {
        body: Vec<u8>,
        status: u16,
        location: Option<String>,
        etag: Option<String>,
        next: Option<String>,
        openings: String,
        obligations: String,
    },
    Refusal(Problem),
}

/// A request whose entry is durable.
pub(super) struct Settled {
    pub(super) body: Vec<u8>,
    pub(super) status: u16,
    pub(super) location: Option<String>,
    pub(super) etag: Option<String>,
    pub(super) next: Option<String>,
    pub(super) receipt: Receipt,
    pub(super) openings: String,
    pub(super) obligations: String,
}

impl Journal {
    /// Records a refusal that the request alone decided: it could not be read, or its credential was not accepted.
    pub async fn refuse(&self, call: Call, kind: EntryKind, problem: Problem) -> Stop {
        let end = self
            .travel(call, Subject::Nobody, None, move |journal, tx, call| {
                journal.turned_away(tx, call, kind, problem.clone())
            })
            .await;
        match end {
            Ok(_) => Stop::Unavailable(Unavailable),
            Err(stop) => stop,
        }
    }

    /// Takes a request down the road until its entry is durable. With a `tick`, a view too leaves on it, because its
    /// time could tell whether something was found.
    pub(super) async fn travel<P>(
        &self,
        mut call: Call,
        subject: Subject,
        tick: Option<Duration>,
        prepare: P,
    ) -> Result<Settled, Stop>
    where
        P: Fn(&Self, &mut Snapshot<'_>, &mut Call) -> Result<Ready, Error> + Send + Sync + 'static,
    {
        let unavailable = || {
            self.0.writer.counts.unavailable();
            Stop::from(Unavailable)
        };
        let prepare = Arc::new(prepare);
        let arrived = call.arrived;
        for _ in 0..ATTEMPTS {
            if self.health().state() != State::Ready {
                return Err(unavailable());
            }
            let (journal, prepare) = (self.clone(), prepare.clone());
            let (trace_id, agency) = (call.trace_id.clone(), call.caller.agency().clone());
            let (to, told) = oneshot::channel();
            // The reader hands what it prepared to the writer itself: one thread less to wake on the way.
            self.0.readers.hand(&agency, subject, move |tx| {
                // Whoever asked has given up, so nobody is read for nobody.
                if to.is_closed() {
                    return true;
                }
                match prepare(&journal, tx, &mut call) {
                    Ok(Ready { job, end }) => {
                        journal.0.writer.submit(job.send_with(Reply { to, end, call }));
                        true
                    }
                    Err(error) => {
                        if to.send(Err(error)).is_err() {
                            tracing::debug!("a request failed after its caller gave up");
                        }
                        false
                    }
                }
            });
            // A database that hangs holds its reader or the writer, and must not hold the caller. Where the queue of either is
            // full, the way back is dropped.
            let Ok(Ok(told)) = tokio::time::timeout(DEADLINE, told).await else {
                return Err(unavailable());
            };
            let Told { verdict, end, call: back } = told.map_err(|error| {
                let error: &dyn std::error::Error = &error;
                tracing::warn!(trace_id, error, "a request could not be prepared");
                unavailable()
            })?;
            call = back;
            match verdict {
                Verdict::Recorded(recorded) => return finish(end, recorded, trace_id, arrived, tick).await,
                // The ground moved, or another request took the guard: the next preparation sees it.
                Verdict::Stale | Verdict::GuardTaken => {}
                Verdict::Unavailable => return Err(unavailable()),
            }
        }
        Err(unavailable())
    }
}

async fn finish(
    end: End,
    recorded: Recorded,
    trace_id: String,
    arrived: tokio::time::Instant,
    tick: Option<Duration>,
) -> Result<Settled, Stop> {
    let receipt = receipt_of(recorded).ok_or(Unavailable)?;
    match end {
        End::View { body, status, location, etag, next, openings, obligations } => {
            if let Some(tick) = tick {
                wait_for_tick(arrived, tick).await;
            }
            Ok(Settled { body, status, location, etag, next, receipt, openings, obligations })
        }
        End::Refusal(problem) => {
            if tick.is_some() || problem.problem == ProblemType::NotFoundOrNotPermitted {
                wait_for_tick(arrived, tick.unwrap_or(TICK)).await;
            }
            Err(Stop::Refused(Refused { problem, trace_id, receipt }))
        }
    }
}

/// Waits for the next multiple of the tick after the request's arrival, so that its time tells nothing finer.
async fn wait_for_tick(arrived: tokio::time::Instant, tick: Duration) {
    let ticks = arrived.elapsed().as_micros() / tick.as_micros().max(1) + 1;
    let until = u32::try_from(ticks).map_or(tick, |ticks| tick * ticks);
    tokio::time::sleep_until(arrived + until).await;
}
