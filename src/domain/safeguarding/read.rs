//! Reading a concern: who raised it, who reviews it, and children's services. Nobody else learns that there is one.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::codes::{ConcernFinding, ConcernGround, ConcernState, Telling};
use super::model::{ConcernRecord, Review};
use super::raise::Said;
use crate::directory::Directory;
use crate::domain::dir::Person;
use crate::domain::fault::to_the_minute;
use crate::id::{AgencyId, Handle, WorkerId};
use crate::identity::principal::Principal;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::journal::{Journal, worker};
use crate::policy::action::ConcernRead;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Kind, Segments};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Role, Segment};

/// `GET /concerns/{id}`.
pub struct ReadConcern {
    /// What the agency calls the concern.
    pub id: Handle,
    /// Knows the directory.
    pub journal: Journal,
    /// Whom to ring where the sender's own name would tell something.
    pub help_line: String,
}

/// A concern for somebody's safety.
#[derive(Serialize, ToSchema)]
pub struct ConcernView {
    /// What the reader calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What to send as `If-Match` with the next step.
    pub etag: String,
    /// What the reader calls the person.
    #[schema(value_type = Option<String>)]
    pub client_ref: Option<Handle>,
    /// Who raised it; nobody where that name would tell by itself what the person goes there for.
    #[schema(value_type = Option<String>)]
    pub from: Option<AgencyId>,
    /// The telephone number at which to ask about it, quoting `id`.
    pub ring: String,
    /// Children's services.
    #[schema(value_type = String)]
    pub to: AgencyId,
    /// When it was raised, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub raised_at: Timestamp,
    /// What the concern is.
    pub ground: ConcernGround,
    /// Who it is about; of somebody under 18 also how to reach the person.
    pub person: Person,
    /// The concern.
    pub concern: String,
    /// Whether the person was told.
    pub telling: Telling,
    /// Why that would be unsafe.
    pub why_unsafe: Option<String>,
    /// When children's services said that it came in, to the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub received_at: Option<Timestamp>,
    /// How it was decided, for the agency that raised it alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<ConcernDecisionView>,
}

/// How it was decided to tell a concern without consent, and what the review found.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConcernDecisionView {
    /// Who raised it.
    pub by: WorkerId,
    /// Why it was told without consent.
    pub reason: String,
    /// Where the review stands.
    pub state: ConcernState,
    /// What the reviewers found, oldest first.
    pub reviews: Vec<ConcernReviewView>,
    /// Until when the person's account does not show it, to the minute; nothing where she was told.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub untold_until: Option<Timestamp>,
}

/// What a reviewer found.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConcernReviewView {
    /// Who.
    pub by: WorkerId,
    /// When, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What.
    pub finding: ConcernFinding,
    /// Why.
    pub reason: String,
}

/// What stands beside a concern that is no secret.
struct Reader {
    id: Handle,
    etag: String,
    client_ref: Option<Handle>,
    agency: AgencyId,
    directory: Arc<Directory>,
    help_line: String,
}

impl Disclosure for ReadConcern {
    type Action = ConcernRead;
    type View = ConcernView;
    const READ_FIRST: usize = 1;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Concern, self.id)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ConcernRead>,
    ) -> Result<Sealed<ConcernView>, Rejection> {
        let principal: &Principal = worker(call)?;
        let target = target_of(permit)?;
        let record = target.record.ok_or(Error::Corrupt("a concern without a record"))?;
        let concern =
            tx.segments_read::<_, ConcernRecord>(permit, &principal.agency, record, permit.released())?;
        concern.judge(principal, may_read)?;
        let reader = Reader {
            id: self.id,
            etag: concern.etag().unwrap_or_default().to_owned(),
            client_ref: target.client_ref,
            agency: principal.agency.clone(),
            directory: self.journal.directory(),
            help_line: self.help_line.clone(),
        };
        Ok(concern.beside(reader).try_view(shown)?)
    }
}

/// At the agency that raised it, who did and who reviews it; at children's services everybody on the duty, unless it was found wrong to
/// tell them. A colleague is told what everybody is who may not: that there is nothing.
fn may_read(concern: &Segments<ConcernRecord>, principal: &Principal) -> Result<(), Problem> {
    let (concern, reviews) =
        (&concern.head, matches!(principal.role, Role::PrivacyOfficer | Role::CaldicottGuardian));
    let (agency, raiser) = &concern.raised_by;
    let may = if principal.agency == *agency {
        reviews || principal.worker == *raiser
    } else {
        !concern.was_wrong()
    };
    if may { Ok(()) } else { Err(Problem::because(ProblemType::NotFoundOrNotPermitted, "not-named")) }
}

fn shown((stored, reader): &(Segments<ConcernRecord>, Reader)) -> Result<ConcernView, Error> {
    let concern = &stored.head;
    let is_own = concern.raised_by.0 == reader.agency;
    let sender = reader.directory.agency(&concern.raised_by.0);
    let named = sender.filter(|sender| is_own || sender.agency_type.tells().is_none());
    let Said { concern: text } =
        stored.part(Segment::Safeguarding)?.ok_or(Error::Corrupt("a concern that says nothing"))?;
    Ok(ConcernView {
        id: reader.id,
        etag: reader.etag.clone(),
        client_ref: reader.client_ref,
        from: named.map(|sender| sender.id.clone()),
        ring: named
            .map_or_else(|| reader.help_line.clone(), |sender| sender.contact.telephone_office.clone()),
        to: concern.recipient.clone(),
        raised_at: to_the_minute(concern.at),
        ground: concern.ground,
        person: person(stored)?,
        concern: text,
        telling: concern.telling,
        why_unsafe: concern.why_unsafe.clone(),
        received_at: concern.received.as_ref().map(|received| to_the_minute(received.at)),
        decision: is_own.then(|| decision(concern)),
    })
}

fn decision(concern: &ConcernRecord) -> ConcernDecisionView {
    let review = |review: &Review| ConcernReviewView {
        by: review.by.clone(),
        at: to_the_minute(review.at),
        finding: review.finding,
        reason: review.reason.clone(),
    };
    ConcernDecisionView {
        by: concern.raised_by.1.clone(),
        reason: concern.reason.clone(),
        state: concern.state(),
        reviews: concern.reviews.iter().map(review).collect(),
        untold_until: concern.untold_until().map(to_the_minute),
    }
}

/// Who it is about, from the parts that the reader may see.
fn person(stored: &Segments<ConcernRecord>) -> Result<Person, Error> {
    let identity: Person = stored.part(Segment::Identity)?.unwrap_or_default();
    let contact: Person = stored.part(Segment::Contact)?.unwrap_or_default();
    let Person { addresses, phones, safe_contact, partnership_of_residence, .. } = contact;
    Ok(Person { addresses, phones, safe_contact, partnership_of_residence, ..identity })
}
