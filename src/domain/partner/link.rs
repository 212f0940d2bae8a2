//! Recording that two clients of the agency are partners, and that they are not any more. Both must be its own clients.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::guard::{are_apart, same_worker};
use super::model::PartnerLinkRecord;
use crate::domain::caseload::model::EpisodeRecord;
use crate::id::{AgencyId, Handle, PersonId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::{Journal, worker};
use crate::policy::action::PartnerWrite;
use crate::policy::facts::Target;
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// Who is linked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartnerLinked {
    /// What the agency calls the partner, who is its own client, too.
    #[schema(value_type = String)]
    pub partner_ref: Handle,
}

/// `POST /clients/{ref}/linked-support`.
pub struct LinkPartner {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// The partner.
    pub linked: PartnerLinked,
    /// Decides on the partner, too.
    pub journal: Journal,
}

/// `POST /clients/{ref}/linked-support/ending`.
pub struct EndPartnerLink {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
}

/// It is recorded: whether linked support exists now.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkMade {
    /// Whether it does.
    pub linked_support: bool,
}

impl Command for LinkPartner {
    type Action = PartnerWrite;
    type Acknowledgement = LinkMade;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<PartnerWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<LinkMade>, Rejection> {
        let principal = worker(call)?;
        let (agency, target) = (&principal.agency, target_of(permit)?);
        let of_partner = Subject::Client(self.linked.partner_ref);
        let Some(for_partner) = self.journal.also_permits::<PartnerWrite>(tx, principal, of_partner)? else {
            return Err(Problem::because(ProblemType::NotFoundOrNotPermitted, "partner-not-a-client").into());
        };
        let partner = target_of(&for_partner)?.person;
        if tx.cluster_of(target.person)?.has(partner) {
            let message = "is the same person";
            let problem = ProblemType::UnprocessableDocument;
            return Err(Problem::field(problem, "partner_ref", "rule", message).into());
        }
        changes.rest_on(tx.cluster_of(partner)?.epochs());
        if tx.partners_of(permit, agency, target.person)?.contains(&partner) {
            return Err(conflict("linked-already", "they are linked already").into());
        }
        let hers = tx.documents_of_person::<_, EpisodeRecord>(permit, target.person, Kind::Episode)?;
        let his = tx.documents_of_person::<_, EpisodeRecord>(&for_partner, partner, Kind::Episode)?;
        hers.with(his).judge(agency, are_apart).map_err(|()| same_worker())?;
        for (about, other) in [(target.person, partner), (partner, target.person)] {
            let version = NewVersion::first(Kind::PartnerLink, about, agency);
            let by = principal.worker.clone();
            let link = PartnerLinkRecord { partner: other, by, at: changes.now(), ended_at: None };
            changes.document_put_sent(tx, &version, &link)?;
        }
        // The entry is about both, and says of neither who the other is.
        changes.concerns(Target { also_about: Some(partner), ..target.clone() });
        Ok(made(201, true))
    }
}

impl Command for EndPartnerLink {
    type Action = PartnerWrite;
    type Acknowledgement = LinkMade;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<PartnerWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<LinkMade>, Rejection> {
        let (agency, target) = (call.caller.agency(), target_of(permit)?);
        let partners = tx.partners_of(permit, agency, target.person)?;
        let Some(also_about) = partners.first().copied() else {
            return Err(conflict("not-linked", "there is no link to end").into());
        };
        for partner in partners {
            changes.rest_on(tx.cluster_of(partner)?.epochs());
            for about in [target.person, partner] {
                end_of(tx, permit, changes, agency, about)?;
            }
        }
        changes.concerns(Target { also_about: Some(also_about), ..target.clone() });
        Ok(made(200, false))
    }
}

/// Ends this agency's links about one of the two.
fn end_of(
    tx: &mut Snapshot<'_>,
    permit: &Permit<PartnerWrite>,
    changes: &mut Changes,
    agency: &AgencyId,
    about: PersonId,
) -> Result<(), Error> {
    for held in tx.versions_of_person(about, Kind::PartnerLink)? {
        if held.custodian != *agency {
            continue;
        }
        let link = tx.document_read::<_, PartnerLinkRecord>(permit, agency, held.record)?;
        if let Ok(ended) = link.revise(&changes.now(), ended) {
            changes.document_put(tx, &held.next(), &ended)?;
        }
    }
    Ok(())
}

fn ended(document: &Document<PartnerLinkRecord>, at: &Timestamp) -> Result<PartnerLinkRecord, ()> {
    let link = &document.value;
    if link.ended_at.is_some() {
        Err(())
    } else {
        Ok(PartnerLinkRecord { ended_at: Some(*at), ..link.clone() })
    }
}

fn made(status: u16, linked_support: bool) -> Accepted<LinkMade> {
    Accepted { status, location: None, etag: None, acknowledgement: LinkMade { linked_support } }
}

fn conflict(code: &'static str, message: &str) -> Problem {
    let errors = vec![FieldProblem::new("partner_ref", code, message)];
    Problem { errors, ..Problem::because(ProblemType::InvalidTransition, code) }
}
