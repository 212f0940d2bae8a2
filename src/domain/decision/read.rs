//! Reading a joint decision, from one's own side of it.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::agreement::{Moment, Papers, holds, papers_read};
use super::codes::{Closing, Condition, Standing, Vote};
use super::propose::Setting;
use super::states::standing;
use crate::domain::fault::to_the_minute;
use crate::id::{AgencyId, Handle, RecordId};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::{Sealed, Version};
use crate::journal::worker;
use crate::policy::action::DecisionRead;
use crate::policy::permit::Permit;
use crate::store::facts::{Subject, target_of};
use crate::store::record::Kind;
use crate::store::{Error, Snapshot};
use crate::vocabulary::AgencyType;

/// `GET /joint-decisions/{id}`.
pub struct ReadDecision {
    /// What the agency calls the decision.
    pub id: Handle,
    /// What there is besides.
    pub setting: Setting,
}

/// A joint decision as its reader sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JointDecisionView)]
pub struct DecisionView {
    /// What the reader calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What to send as `If-Match` with the next step. The police's changes only with `standing`.
    pub etag: String,
    /// What the reader calls the person.
    #[schema(value_type = Option<String>)]
    pub client_ref: Option<Handle>,
    /// What the caution would ask for.
    pub condition: Condition,
    /// When it was proposed, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub proposed_at: Timestamp,
    /// Where it stands.
    pub standing: Standing,
    /// How the reader can close it: the police alone.
    pub closings: Vec<Closing>,
    /// The number of the custody record: for the police and the team.
    pub custody_reference: Option<String>,
    /// What only a party sees, of its own; never the police.
    pub own: Option<OwnSide>,
}

/// A party's own side.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnSide {
    /// The police who proposed it.
    #[schema(value_type = String)]
    pub proposed_by: AgencyId,
    /// The team that was asked first.
    #[schema(value_type = String)]
    pub team: AgencyId,
    /// What this agency said.
    pub vote: Option<Vote>,
    /// Whom this agency brought in: the team alone.
    #[schema(value_type = Vec<String>)]
    pub brought_in: Vec<AgencyId>,
}

/// What stands beside a decision that is no secret.
struct Reader {
    id: Handle,
    etag: String,
    client_ref: Option<Handle>,
    agency: AgencyId,
    at: Moment,
}

impl Disclosure for ReadDecision {
    type Action = DecisionRead;
    type View = DecisionView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::JointDecision, self.id)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<DecisionRead>,
    ) -> Result<Sealed<DecisionView>, Rejection> {
        let (principal, target) = (worker(call)?, target_of(permit)?);
        let agency = principal.agency.clone();
        let record = target.record.ok_or(Error::Corrupt("a decision without a record"))?;
        let papers = papers_read(tx, permit, &agency, (record, target.person))?;
        let at = self.setting.moment(self.setting.journal.now());
        let is_police = principal.agency_type == AgencyType::Police;
        let version = if is_police { Some(for_police(tx, &agency, record, &papers, at)) } else { None };
        let etag =
            version.as_ref().map_or_else(|| papers.etag(), Sealed::etag).unwrap_or_default().to_owned();
        let reader = Reader { id: self.id, etag, client_ref: target.client_ref, agency, at };
        if let Some(version) = version {
            // Made anew, without the record's version: that moves with each vote.
            return Ok(version.with(papers.beside(reader)).view(|((), papers)| police_view(papers)));
        }
        Ok(papers.beside(reader).view(party_view))
    }
}

/// The version that the police read: it moves when their answer does, and not with each vote.
pub(super) fn for_police(
    tx: &Snapshot<'_>,
    police: &AgencyId,
    record: RecordId,
    papers: &Sealed<Papers>,
    at: Moment,
) -> Sealed<()> {
    let stands = papers.pick(&at, |papers, at| {
        let standing = standing(&papers.0.value, holds(papers, *at));
        Standing::ALL.iter().position(|other| *other == standing)
    });
    let number = stands.and_then(|at| i64::try_from(at).ok()).unwrap_or_default();
    let nothing = papers.revise(&(), |_, ()| Ok::<_, std::convert::Infallible>(()));
    let etag = tx.etag(police, record, number);
    let Ok(nothing) = nothing;
    nothing.at_version(Version { etag, label: None })
}

fn police_view((papers, reader): &(Papers, Reader)) -> DecisionView {
    view_of(papers, reader)
}

/// What every side sees.
fn view_of(papers: &Papers, reader: &Reader) -> DecisionView {
    let decision = &papers.0.value;
    let standing = standing(decision, holds(papers, reader.at));
    DecisionView {
        id: reader.id,
        etag: reader.etag.clone(),
        client_ref: reader.client_ref,
        condition: decision.condition,
        proposed_at: to_the_minute(decision.proposed_at),
        standing,
        closings: standing.closings().to_vec(),
        custody_reference: decision.custody_reference.clone(),
        own: None,
    }
}

fn party_view((papers, reader): &(Papers, Reader)) -> DecisionView {
    let decision = &papers.0.value;
    let is_lead = decision.lead.agency == reader.agency;
    let brought_in = decision.joined.iter().map(|party| party.agency.clone());
    DecisionView {
        closings: Vec::new(),
        custody_reference: decision.custody_reference.clone().filter(|_| is_lead),
        own: Some(OwnSide {
            proposed_by: decision.police.0.clone(),
            team: decision.lead.agency.clone(),
            vote: decision.party(&reader.agency).and_then(super::model::Party::vote),
            brought_in: if is_lead { brought_in.collect() } else { Vec::new() },
        }),
        ..view_of(papers, reader)
    }
}
