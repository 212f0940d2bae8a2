//! Drafting a referral: which its recipient does not see until it is sent.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Origin, ReferralRequest, ReferralState, Route};
use crate::directory::{AgencyStatus, Directory};
use crate::domain::dir::{DirHead, DirState, own_dir};
use crate::id::{AgencyId, Handle};
use crate::identity::principal::Principal;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::ReferralSend;
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Kind, Segments};
use crate::vocabulary::{AgencyType, SegmentSet};

/// `POST /referrals`.
pub struct DraftReferral(pub ReferralRequest);

/// A referral as its side is told where it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReferralMoved {
    /// What the agency calls the referral.
    #[schema(value_type = String)]
    pub referral: Handle,
    /// Where it stands.
    pub state: ReferralState,
}

impl Route {
    /// The types of the agencies at its two ends.
    pub const fn ends(self) -> (AgencyType, AgencyType) {
        match self {
            Self::CjitToCarat => (AgencyType::Cjit, AgencyType::Carat),
            Self::CaratToCjit => (AgencyType::Carat, AgencyType::Cjit),
            Self::CjitToCjit => (AgencyType::Cjit, AgencyType::Cjit),
            Self::CaratToResettlement => (AgencyType::Carat, AgencyType::Resettlement),
            Self::CjitToProbation => (AgencyType::Cjit, AgencyType::Probation),
            Self::CaratToProbation => (AgencyType::Carat, AgencyType::Probation),
            Self::CjitToProject => (AgencyType::Cjit, AgencyType::SpecialistProject),
            Self::CaratToProject => (AgencyType::Carat, AgencyType::SpecialistProject),
            Self::CjitToTreatment => (AgencyType::Cjit, AgencyType::Treatment),
            Self::CjitToEte => (AgencyType::Cjit, AgencyType::Ete),
            Self::CaratToEte => (AgencyType::Carat, AgencyType::Ete),
        }
    }
}

impl ReferralRequest {
    /// What the request and the directory alone decide: the form, and whether the agencies fit the route.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn check_with(&self, sender: &Principal, directory: &Directory) -> Result<(), Vec<FieldProblem>> {
        let mut problems: Vec<FieldProblem> = match self.check(&sender.agency) {
            Ok(()) => Vec::new(),
            Err(faults) => {
                faults.into_iter().map(|fault| FieldProblem::new(fault.field, "rule", fault.rule)).collect()
            }
        };
        let (from, to) = self.route.ends();
        if sender.agency_type != from {
            problems.push(FieldProblem::new(
                "route",
                "wrong-agency-type",
                "must begin at an agency of your type",
            ));
        }
        if !takes_part(directory, &self.recipient, to) {
            problems.push(FieldProblem::new(
                "recipient",
                "unknown-agency",
                "must be an active agency of the type to which the route leads",
            ));
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

/// Whether the agency is of this type and takes part at present.
pub(super) fn takes_part(directory: &Directory, agency: &AgencyId, agency_type: AgencyType) -> bool {
    directory
        .agency(agency)
        .is_some_and(|agency| agency.status == AgencyStatus::Active && agency.agency_type == agency_type)
}

impl Command for DraftReferral {
    type Action = ReferralSend;
    type Acknowledgement = ReferralMoved;

    fn subject(&self) -> Subject {
        Subject::Client(self.0.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ReferralSend>,
        changes: &mut Changes,
    ) -> Result<Accepted<ReferralMoved>, Rejection> {
        let principal = worker(call)?;
        let target = target_of(permit)?;
        let dirs = self
            .0
            .dirs
            .iter()
            .map(|handle| own_dir(tx, call, *handle, target.person))
            .collect::<Result<Vec<_>, _>>()?;
        for dir in &dirs {
            tx.segments_read::<_, DirHead>(permit, &principal.agency, *dir, SegmentSet::EMPTY)?
                .judge(&(), is_signed)
                .map_err(|NotSigned| Problem::because(ProblemType::InvalidTransition, "dir-not-signed"))?;
        }

        let version = NewVersion::first(Kind::Referral, target.person, &principal.agency);
        let draft = self.0.clone().into_draft(Origin {
            id: version.record,
            person: target.person,
            sender: principal.agency.clone(),
            author: principal.worker.clone(),
            created_at: changes.now(),
            dirs,
        });
        changes.document_put_sent(tx, &version, &draft)?;
        let referral = changes.own_handle(tx, &version)?;
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/referrals/{referral}")),
            etag: Some(tx.etag(&principal.agency, version.record, version.version)),
            acknowledgement: ReferralMoved { referral, state: ReferralState::Draft },
        })
    }
}

/// Only a signed record goes with a referral.
struct NotSigned;

fn is_signed(dir: &Segments<DirHead>, _: &()) -> Result<(), NotSigned> {
    if dir.head.state == DirState::Signed { Ok(()) } else { Err(NotSigned) }
}
