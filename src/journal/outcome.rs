//! What can leave: made here, after the entry is durable, and nowhere else.

use std::marker::PhantomData;

use super::road::Settled;
use crate::problem::Problem;

/// The proof that an entry is in the log, as the header `Audit-Receipt` carries it.
#[derive(Debug, Clone)]
pub struct Receipt {
    pub(super) index: u64,
    pub(super) header: String,
}

impl Receipt {
    /// The entry's place in the log.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// The C2SP `tlog-proof` as a structured-field byte sequence: `:base64:`.
    pub fn header(&self) -> &str {
        &self.header
    }
}

/// What a recorded view is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// JSON.
    Json,
    /// A page of HTML, to be printed.
    Page,
    /// Server-sent events.
    Events,
}

/// A view whose disclosure is recorded. Only the journal makes one.
pub struct Disclosed<V> {
    pub(super) body: Vec<u8>,
    pub(super) media: Media,
    pub(super) status: u16,
    pub(super) location: Option<String>,
    pub(super) etag: Option<String>,
    pub(super) next: Option<String>,
    pub(super) receipt: Receipt,
    pub(super) openings: String,
    pub(super) obligations: String,
    pub(super) view: PhantomData<fn() -> V>,
}

/// The parts of a recorded view, for the one place that writes responses.
pub struct DisclosedParts {
    /// The bytes whose hash the entry commits to.
    pub body: Vec<u8>,
    /// What they are.
    pub media: Media,
    /// The status.
    pub status: u16,
    /// `Location` of what was created.
    pub location: Option<String>,
    /// The strong `ETag` of the version shown.
    pub etag: Option<String>,
    /// The cursor of the next page.
    pub next: Option<String>,
    /// The proof.
    pub receipt: Receipt,
    /// What the header `Audit-Openings` carries.
    pub openings: String,
    /// What the header `Obligations` carries: what the decision obliges the recipient to.
    pub obligations: String,
}

impl<V> Disclosed<V> {
    /// What was recorded, as it leaves.
    pub(super) fn of(settled: Settled, media: Media) -> Self {
        let Settled { body, status, location, etag, next, receipt, openings, obligations } = settled;
        let view = PhantomData;
        Self { body, media, status, location, etag, next, receipt, openings, obligations, view }
    }

    /// Where what comes after it begins, as its view states it.
    pub fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }

    /// Takes it apart for sending.
    pub fn into_parts(self) -> DisclosedParts {
        let Self { body, media, status, location, etag, next, receipt, openings, obligations, view: _ } =
            self;
        DisclosedParts { body, media, status, location, etag, next, receipt, openings, obligations }
    }
}

/// A refusal that is recorded. Only the journal makes one, so no 403 or 404 leaves without its entry.
#[derive(Debug)]
pub struct Refused {
    pub(super) problem: Problem,
    pub(super) trace_id: String,
    pub(super) receipt: Receipt,
}

impl Refused {
    /// What the caller is told.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// The trace that finds the entry.
    pub fn trace_id(&self) -> &str {
        &self.trace_id
    }

    /// The proof.
    pub fn receipt(&self) -> &Receipt {
        &self.receipt
    }
}

/// Nothing could be recorded, so nothing was done: one constant answer.
#[derive(Debug, Clone, Copy)]
pub struct Unavailable;

/// How a request ends that does not end in a view.
#[derive(Debug)]
pub enum Stop {
    /// It was refused, on record.
    Refused(Refused),
    /// It could not be recorded.
    Unavailable(Unavailable),
}

impl From<Unavailable> for Stop {
    fn from(unavailable: Unavailable) -> Self {
        Self::Unavailable(unavailable)
    }
}
