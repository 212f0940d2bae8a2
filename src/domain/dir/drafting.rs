//! Drafting a record: a new one, unless one was received that tells it already.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::filing::redacted;
use super::head::{DirHead, WrongState, may_be_superseded};
use super::received::refuse_repeat;
use super::{DirDocument, DirOccasion, DirState, StartAfresh};
use crate::calendar::Calendar;
use crate::domain::client::{Written, written_of};
use crate::domain::safeguarding::minor::{born, is_adult, tell_childrens_services};
use crate::id::{AgencyId, Handle, PersonId, RecordId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::{Journal, worker};
use crate::policy::action::{Action, DirWrite};
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::Kind;
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Segment, SegmentSet};

/// A record as a worker drafts it, whole.
#[derive(Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DirDrafted {
    /// What it says.
    #[validate(nested)]
    pub document: DirDocument,
    /// On what occasion it is written.
    #[serde(default = "fresh")]
    pub occasion: DirOccasion,
    /// A signed record of this agency that it replaces once it is signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<Handle>,
    /// Why the person is asked again although a record was received.
    #[validate(nested)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_afresh_because: Option<StartAfresh>,
}

redacted!(DirDrafted);

const fn fresh() -> DirOccasion {
    DirOccasion::Fresh
}

/// `POST /clients/{ref}/dirs`.
pub struct DraftDir {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// The draft.
    pub drafted: DirDrafted,
    /// Decides what was received, and knows the directory.
    pub journal: Journal,
    /// What day it is.
    pub calendar: Arc<Calendar>,
}

/// A record as its custodian is told that it was written.
#[derive(Debug, Serialize, ToSchema)]
pub struct DirWritten {
    /// What the agency calls the record.
    #[schema(value_type = String)]
    pub dir: Handle,
    /// Where it stands.
    pub state: DirState,
}

impl Command for DraftDir {
    type Action = DirWrite;
    type Acknowledgement = DirWritten;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<DirWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<DirWritten>, Rejection> {
        let principal = worker(call)?;
        let target = target_of(permit)?;
        let draft = Draft::of(&self.drafted, &self.journal, tx, call, target.person)?;
        draft.check(&self.drafted, &self.journal, tx, call, permit, target.person)?;
        is_of_age(
            tx,
            permit,
            (&principal.agency, target.person),
            &self.drafted,
            self.calendar.date_of(changes.now()),
        )?;

        let version = NewVersion::first(Kind::Dir, target.person, &principal.agency);
        let head = DirHead {
            state: DirState::Draft,
            author: principal.worker.clone(),
            created_at: changes.now(),
            occasion: self.drafted.occasion,
            supersedes: draft.supersedes,
            start_afresh_because: self.drafted.start_afresh_because.clone(),
            segments: draft.segments.keys().copied().collect(),
            signed: None,
        };
        changes.document_put_sent(tx, &version, &head)?;
        draft.segments_put(tx, changes, &version)?;
        let dir = changes.own_handle(tx, &version)?;
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/dirs/{dir}")),
            etag: Some(tx.etag(&principal.agency, version.record, version.version)),
            acknowledgement: DirWritten { dir, state: DirState::Draft },
        })
    }
}

/// What was sent, filed by segment, with the records that it names found.
pub(super) struct Draft {
    pub(super) segments: BTreeMap<Segment, Vec<u8>>,
    pub(super) supersedes: Option<RecordId>,
}

impl Draft {
    /// Files what was sent and finds what it names: a handle that leads to nothing of this agency's is the one 404.
    pub(super) fn of(
        drafted: &DirDrafted,
        journal: &Journal,
        tx: &mut Snapshot<'_>,
        call: &Call,
        person: PersonId,
    ) -> Result<Self, Rejection> {
        let mut document = drafted.document.clone();
        let directory = journal.directory();
        document.mark_specialist_projects(|agency| {
            directory.agency(agency).and_then(|agency| agency.agency_type.tells()) == Some(Segment::SexWork)
        });
        if let Some(consent) = document.consent.consent {
            find(tx, call, Kind::Consent, consent, person)?;
        }
        let supersedes = match drafted.supersedes {
            Some(handle) => Some(own_dir(tx, call, handle, person)?),
            None => None,
        };
        let segments = document.split().map_err(|_| Error::Corrupt("a DIR does not serialise"))?;
        Ok(Self { segments, supersedes })
    }

    /// The rules of the field: it replaces a signed record only, and does not ask again what was received.
    pub(super) fn check<A: Action>(
        &self,
        drafted: &DirDrafted,
        journal: &Journal,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<A>,
        person: PersonId,
    ) -> Result<(), Rejection> {
        if let Some(superseded) = self.supersedes {
            tx.segments_read::<_, DirHead>(permit, call.caller.agency(), superseded, SegmentSet::EMPTY)?
                .judge(&(), may_be_superseded)
                .map_err(|WrongState| {
                    Problem::because(ProblemType::InvalidTransition, "superseded-not-signed")
                })?;
        }
        let written = self.segments.keys().copied().collect();
        refuse_repeat(drafted, written, journal, tx, call, person)
    }

    /// Writes each segment that says anything.
    pub(super) fn segments_put(
        &self,
        tx: &mut Snapshot<'_>,
        changes: &mut Changes,
        version: &NewVersion,
    ) -> Result<(), Error> {
        for (segment, json) in &self.segments {
            changes.segment_put_sent(tx, version, *segment, json)?;
        }
        Ok(())
    }
}

/// Nobody under 18 gets a drug interventions record, by what it says itself or by what the agency wrote down: that is for children's
/// services.
pub(super) fn is_of_age<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    (agency, person): (&AgencyId, PersonId),
    drafted: &DirDrafted,
    today: Date,
) -> Result<(), Rejection> {
    let stated = drafted.document.person.date_of_birth;
    if stated.is_some_and(|born| !is_adult(born, today)) {
        return Err(tell_childrens_services("document.person.date_of_birth").into());
    }
    let identity = SegmentSet::EMPTY.with(Segment::Identity);
    written_of(tx, permit, (agency, person), identity)?
        .judge(&today, may_have_a_record)
        .map_err(|()| tell_childrens_services("document"))?;
    Ok(())
}

/// By no record that the agency has of the person, under whatever reference, is that person under 18.
#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
fn may_have_a_record(written: &Written, today: &Date) -> Result<(), ()> {
    let is_of_age = |client| born(client).is_none_or(|born| is_adult(born, *today));
    if written.iter().all(is_of_age) { Ok(()) } else { Err(()) }
}

/// A record of this person that the agency has a handle for.
pub(crate) fn find(
    tx: &mut Snapshot<'_>,
    call: &Call,
    kind: Kind,
    handle: Handle,
    person: PersonId,
) -> Result<RecordId, Rejection> {
    let found = tx.handle_find(call.caller.agency(), kind, handle)?.ok_or_else(unknown_handle)?;
    if !tx.are_one(person, found.person)? {
        return Err(unknown_handle());
    }
    Ok(RecordId::from_bytes(found.target))
}

/// A DIR of this person that the agency holds itself.
pub(crate) fn own_dir(
    tx: &mut Snapshot<'_>,
    call: &Call,
    handle: Handle,
    person: PersonId,
) -> Result<RecordId, Rejection> {
    let record = find(tx, call, Kind::Dir, handle, person)?;
    if tx.record_custodian(record)?.as_ref() == Some(call.caller.agency()) {
        Ok(record)
    } else {
        Err(unknown_handle())
    }
}

fn unknown_handle() -> Rejection {
    Problem::because(ProblemType::NotFoundOrNotPermitted, "unknown-handle").into()
}
