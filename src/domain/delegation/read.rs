//! Reading a delegated follow-up, as the team or as the project: each as far as the person agrees.

use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Papers, papers_read, state_of};
use super::codes::{Came, DelegationState};
use crate::domain::client::{ClientHead, person_in};
use crate::domain::dir::Person;
use crate::domain::minute::Minute;
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::journal::worker;
use crate::policy::action::DelegationRead;
use crate::policy::permit::Permit;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Kind, Segments};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Segment, SegmentSet};

/// `GET /delegations/{id}`.
pub struct ReadDelegation(pub Handle);

/// A delegated follow-up as one of its two sides sees it.
#[derive(Serialize, ToSchema)]
pub struct DelegationView {
    /// What the reader calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What to send as `If-Match` with the next step.
    pub etag: String,
    /// What the reader calls the person.
    #[schema(value_type = Option<String>)]
    pub client_ref: Option<Handle>,
    /// The team on which the duty lies.
    pub team: AgencyId,
    /// The project that holds it.
    pub project: AgencyId,
    /// Who the person is and how to reach her, as the team wrote it down; for the project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Minute>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Where it stands.
    pub state: DelegationState,
    /// Whether the person came, once the project has said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attendance: Option<Came>,
    /// When it ended, or was given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Minute>,
}

/// Who reads, and what is no secret beside it.
struct Reader {
    id: Handle,
    etag: String,
    client_ref: Option<Handle>,
    released: SegmentSet,
    who: SegmentSet,
}

impl Disclosure for ReadDelegation {
    type Action = DelegationRead;
    type View = DelegationView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Delegation, self.0)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<DelegationRead>,
    ) -> Result<Sealed<DelegationView>, Rejection> {
        let (principal, target) = (worker(call)?, target_of(permit)?);
        let (agency, team) = (&principal.agency, &target.custodian);
        let record = target.record.ok_or(Error::Corrupt("a delegation without a record"))?;
        let papers = papers_read(tx, permit, agency, (record, target.person))?;
        let names = SegmentSet::EMPTY.with(Segment::Identity).with(Segment::Contact);
        let who = permit.released().intersection(names);
        let details = match tx.client_known(team, target.person)? {
            Some(client) if team != agency && !who.is_empty() => {
                tx.segments_read::<_, ClientHead>(permit, agency, client, who)?
            }
            _ => tx.segments_unwritten(permit, agency, target.person, ClientHead {}),
        };
        let reader = Reader {
            id: self.0,
            etag: papers.etag().unwrap_or_default().to_owned(),
            client_ref: target.client_ref,
            released: permit.released(),
            who,
        };
        Ok(papers.with(details).beside(reader).try_view(shown)?)
    }
}

fn shown(
    ((papers, details), reader): &((Papers, Segments<ClientHead>), Reader),
) -> Result<DelegationView, Error> {
    let delegation = &papers.0.value;
    let person = match details.version {
        0 => None,
        _ => Some(person_in(reader.who, &details.segments)?),
    };
    let is_told = reader.released.contains(Segment::Attendance);
    let told = delegation.told.as_ref().filter(|_| is_told);
    Ok(DelegationView {
        id: reader.id,
        etag: reader.etag.clone(),
        client_ref: reader.client_ref,
        team: delegation.team.clone(),
        project: delegation.project.clone(),
        person,
        at: is_told.then_some(delegation.at),
        place: is_told.then(|| delegation.place.clone()),
        state: state_of(papers),
        attendance: told.map(|told| told.came),
        ended_at: told.map(|told| told.at),
    })
}
