//! Signing a record: from then on it is never edited, and what it replaces is superseded with it.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::amending::{named, next_version};
use super::drafting::DirWritten;
use super::head::{DirHead, WrongState, is_draft, may_be_superseded};
use super::{DirState, assemble, may_sign};
use crate::calendar::Calendar;
use crate::id::{Handle, RecordId, WorkerId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::DirSign;
use crate::policy::facts::Target;
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::Subject;
use crate::store::record::{Kind, Segments};
use crate::store::{Error, Snapshot};
use crate::vocabulary::SegmentSet;

/// A signature, given by the worker who asks: there is nothing to say but that.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignatureGiven {}

/// `POST /dirs/{id}/signature`.
pub struct SignDir {
    /// The agency's own handle.
    pub dir: Handle,
    /// Civil time, for what must not lie ahead.
    pub calendar: Arc<Calendar>,
}

impl Command for SignDir {
    type Action = DirSign;
    type Acknowledgement = DirWritten;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Dir, self.dir)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<DirSign>,
        changes: &mut Changes,
    ) -> Result<Accepted<DirWritten>, Rejection> {
        let principal = worker(call)?;
        let (target, record) = named(permit.target())?;
        // What is signed is the whole record, whoever may read which part of it.
        let draft = tx.segments_read::<_, DirHead>(permit, &principal.agency, record, SegmentSet::all())?;
        require_version(call, &draft)?;
        draft
            .judge(&(), is_draft)
            .map_err(|WrongState| Problem::because(ProblemType::InvalidTransition, "dir-not-a-draft"))?;
        let today = self.calendar.date_of(changes.now());
        draft.judge(&today, is_complete).map_err(Incomplete::into_rejection)?;

        let own: Vec<RecordId> = tx
            .handles_of_person(&principal.agency, Kind::Dir, target.person)?
            .into_iter()
            .map(|listed| RecordId::from_bytes(listed.target))
            .collect();
        let superseded = draft
            .pick(&own, |draft, own| own.iter().position(|record| Some(*record) == draft.head.supersedes));
        let superseded = superseded.and_then(|at| own.get(at).copied());
        if let Some(superseded) = superseded {
            supersede(tx, permit, changes, target, superseded)?;
        }

        let version = next_version(tx, target, record)?;
        let signature = (principal.worker.clone(), changes.now());
        let head = draft.revise(&signature, sign)?;
        changes.document_put(tx, &version, &head)?;
        changes.segments_carry(tx, &version)?;
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(tx.etag(&principal.agency, record, version.version)),
            acknowledgement: DirWritten { dir: self.dir, state: DirState::Signed },
        })
    }
}

/// Why a draft cannot be signed. Holds names of fields and rules, no value.
enum Incomplete {
    Fields(Vec<FieldProblem>),
    Unreadable,
}

impl Incomplete {
    fn into_rejection(self) -> Rejection {
        match self {
            Self::Fields(fields) => Problem::fields(ProblemType::UnprocessableDocument, fields).into(),
            Self::Unreadable => Error::Corrupt("a DIR does not assemble").into(),
        }
    }
}

fn is_complete(draft: &Segments<DirHead>, today: &Date) -> Result<(), Incomplete> {
    let whole = assemble(SegmentSet::all(), &draft.segments).map_err(|_| Incomplete::Unreadable)?;
    may_sign(whole.document(), *today).map_err(Incomplete::Fields)
}

fn sign(draft: &Segments<DirHead>, (by, at): &(WorkerId, Timestamp)) -> Result<DirHead, Error> {
    Ok(draft.head.signed_by(by.clone(), *at))
}

/// Marks what the signed record replaces, in the same change.
fn supersede(
    tx: &mut Snapshot<'_>,
    permit: &Permit<DirSign>,
    changes: &mut Changes,
    target: &Target,
    record: RecordId,
) -> Result<(), Rejection> {
    let old = tx.segments_read::<_, DirHead>(permit, &target.custodian, record, SegmentSet::EMPTY)?;
    old.judge(&(), may_be_superseded)
        .map_err(|WrongState| Problem::because(ProblemType::InvalidTransition, "superseded-not-signed"))?;
    let head = old.revise(&(), |old, ()| Ok::<_, Error>(old.head.superseded()))?;
    let version = next_version(tx, target, record)?;
    changes.document_put(tx, &version, &head)?;
    changes.segments_carry(tx, &version)?;
    Ok(())
}
