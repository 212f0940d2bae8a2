//! Changing a draft: the whole record again, on the version that was read.

use std::sync::Arc;

use super::DirState;
use super::drafting::{DirDrafted, DirWritten, Draft, is_of_age};
use super::head::{DirHead, WrongState, is_draft};
use crate::calendar::Calendar;
use crate::id::{Handle, RecordId};
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::policy::action::DirWrite;
use crate::policy::facts::Target;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::Subject;
use crate::store::record::{Kind, Segments};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Segment, SegmentSet};

/// `PUT /dirs/{id}`: replaces a draft.
pub struct AmendDir {
    /// The agency's own handle.
    pub dir: Handle,
    /// The draft as it is to be.
    pub drafted: DirDrafted,
    /// Decides what was received, and knows the directory.
    pub journal: Journal,
    /// What day it is.
    pub calendar: Arc<Calendar>,
}

/// What of the head a new draft replaces.
struct Amended<'a> {
    drafted: &'a DirDrafted,
    supersedes: Option<RecordId>,
    segments: Vec<Segment>,
}

impl Command for AmendDir {
    type Action = DirWrite;
    type Acknowledgement = DirWritten;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Dir, self.dir)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<DirWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<DirWritten>, Rejection> {
        let agency = call.caller.agency();
        let (target, record) = named(permit.target())?;
        let draft = Draft::of(&self.drafted, &self.journal, tx, call, target.person)?;
        let current = tx.segments_read::<_, DirHead>(permit, agency, record, SegmentSet::EMPTY)?;
        require_version(call, &current)?;
        current
            .judge(&(), is_draft)
            .map_err(|WrongState| Problem::because(ProblemType::InvalidTransition, "dir-not-a-draft"))?;
        draft.check(&self.drafted, &self.journal, tx, call, permit, target.person)?;
        is_of_age(tx, permit, (agency, target.person), &self.drafted, self.calendar.date_of(changes.now()))?;

        let version = next_version(tx, target, record)?;
        let amended = Amended {
            drafted: &self.drafted,
            supersedes: draft.supersedes,
            segments: draft.segments.keys().copied().collect(),
        };
        let head = current.revise(&amended, amend)?;
        changes.document_put(tx, &version, &head)?;
        draft.segments_put(tx, changes, &version)?;
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(tx.etag(agency, record, version.version)),
            acknowledgement: DirWritten { dir: self.dir, state: DirState::Draft },
        })
    }
}

fn amend(current: &Segments<DirHead>, amended: &Amended<'_>) -> Result<DirHead, Error> {
    Ok(DirHead {
        occasion: amended.drafted.occasion,
        supersedes: amended.supersedes,
        start_afresh_because: amended.drafted.start_afresh_because.clone(),
        segments: amended.segments.clone(),
        ..current.head.clone()
    })
}

/// The DIR that a request for a record is about.
pub(super) fn named(target: Option<&Target>) -> Result<(&Target, RecordId), Error> {
    target
        .and_then(|target| target.record.map(|record| (target, record)))
        .ok_or(Error::Corrupt("a DIR without a record"))
}

/// The version after the latest of a DIR.
pub(super) fn next_version(
    tx: &mut Snapshot<'_>,
    target: &Target,
    record: RecordId,
) -> Result<NewVersion, Error> {
    tx.next_version(record, Kind::Dir, target.person, &target.custodian)
}
