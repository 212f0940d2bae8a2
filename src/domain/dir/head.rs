//! The part of a stored record that is no segment: where it stands, who wrote it, and what it follows.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{DirOccasion, DirState, StartAfresh};
use crate::domain::fault::to_the_minute;
use crate::id::{RecordId, WorkerId};
use crate::store::record::Segments;
use crate::vocabulary::{Segment, SegmentSet};

/// The head of a DIR as stored. Encrypted like its segments; no recipient sees it as it is.
#[derive(Clone, Serialize, Deserialize)]
pub struct DirHead {
    /// Where the record stands.
    pub state: DirState,
    /// The worker who drafted it.
    pub author: WorkerId,
    /// When it was drafted.
    pub created_at: Timestamp,
    /// On what occasion it was written.
    pub occasion: DirOccasion,
    /// The record that it replaces once it is signed.
    pub supersedes: Option<RecordId>,
    /// Why the person was asked again although a record was received.
    pub start_afresh_because: Option<StartAfresh>,
    /// The segments in which it says anything, silent ones included.
    pub segments: Vec<Segment>,
    /// Who signed it, and when.
    pub signed: Option<Signed>,
}

/// A signature of a DIR.
#[derive(Clone, Serialize, Deserialize)]
pub struct Signed {
    /// The worker of the custodian who signed.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
}

impl DirHead {
    /// The segments in which the record says anything.
    pub fn segment_set(&self) -> SegmentSet {
        self.segments.iter().copied().collect()
    }

    /// The head after it was signed.
    #[must_use]
    pub fn signed_by(&self, by: WorkerId, at: Timestamp) -> Self {
        Self { state: DirState::Signed, signed: Some(Signed { by, at }), ..self.clone() }
    }

    /// The head after another record replaced it.
    #[must_use]
    pub fn superseded(&self) -> Self {
        Self { state: DirState::Superseded, ..self.clone() }
    }
}

/// The moment in microseconds, as views show it: to the minute.
pub(super) fn minute_of(recorded_us: i64) -> Timestamp {
    Timestamp::from_microsecond(recorded_us).map_or(Timestamp::MIN, to_the_minute)
}

/// A state does not allow what is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WrongState;

pub(super) fn is_draft(record: &Segments<DirHead>, _: &()) -> Result<(), WrongState> {
    if record.head.state.is_editable() { Ok(()) } else { Err(WrongState) }
}

pub(super) fn may_be_superseded(record: &Segments<DirHead>, _: &()) -> Result<(), WrongState> {
    if record.head.state.may_be_superseded() { Ok(()) } else { Err(WrongState) }
}

pub(super) fn takes_activities(record: &Segments<DirHead>, _: &()) -> Result<(), WrongState> {
    if record.head.state.takes_activities() { Ok(()) } else { Err(WrongState) }
}
