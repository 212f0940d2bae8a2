//! What the parties and the police do to a joint decision, each on the version that it read.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::agreement::{Moment, Papers, is_agreed_to, lets_pass, papers_read};
use super::codes::{Closing, Vote};
use super::model::DecisionRecord;
use super::propose::Setting;
use super::read::for_police;
use super::states::{Act, By, InvalidAct, apply};
use super::telling::{Told, ask_to_vote, tell};
use crate::domain::agreed::consent_required;
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::sealed::Sealed;
use crate::journal::worker;
use crate::policy::action::{Action, DecisionPropose, DecisionVote};
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::Kind;
use crate::store::{Error, Snapshot};
use crate::vocabulary::{AgencyType, Segment};

/// What a party says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VoteCast {
    /// Whether it agrees.
    pub vote: Vote,
}

/// Whom the team brings in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BroughtIn {
    /// The project that works with the person, and that she named.
    #[schema(value_type = String)]
    pub agency: AgencyId,
}

/// It is done.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionMoved {
    /// What the agency calls the decision.
    #[schema(value_type = String)]
    pub id: Handle,
}

/// What a party does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// It votes.
    Vote(VoteCast),
    /// It brings somebody in.
    BringIn(BroughtIn),
}

/// `POST /joint-decisions/{id}/votes` and `POST /joint-decisions/{id}/parties`.
pub struct VoteOrBringIn {
    /// What the agency calls the decision.
    pub id: Handle,
    /// What it does.
    pub asked: Asked,
    /// What there is besides.
    pub setting: Setting,
}

/// `POST /joint-decisions/{id}/{transition}`.
pub struct CloseDecision {
    /// What the police call the decision.
    pub id: Handle,
    /// How it is closed.
    pub how: Closing,
    /// What there is besides.
    pub setting: Setting,
}

impl Command for VoteOrBringIn {
    type Action = DecisionVote;
    type Acknowledgement = DecisionMoved;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::JointDecision, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<DecisionVote>,
        changes: &mut Changes,
    ) -> Result<Accepted<DecisionMoved>, Rejection> {
        let agency = &worker(call)?.agency;
        let target = target_of(permit)?;
        let record = target.record.ok_or(Error::Corrupt("a decision without a record"))?;
        let papers = papers_read(tx, permit, agency, (record, target.person))?;
        require_version(call, &papers)?;
        let act = match &self.asked {
            Asked::Vote(cast) => Act::Vote(cast.vote),
            Asked::BringIn(BroughtIn { agency }) => {
                if !self.setting.takes_part(agency, AgencyType::SpecialistProject) {
                    let message = "must be an active project";
                    let problem = ProblemType::UnprocessableDocument;
                    return Err(Problem::field(problem, "agency", "unknown-agency", message).into());
                }
                Act::BringIn(agency.clone())
            }
        };
        let taking = Taking { act, setting: &self.setting };
        let etag = taking.take(tx, call, permit, changes, &papers)?;
        Ok(accepted(self.id, Some(etag)))
    }
}

impl Command for CloseDecision {
    type Action = DecisionPropose;
    type Acknowledgement = DecisionMoved;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::JointDecision, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<DecisionPropose>,
        changes: &mut Changes,
    ) -> Result<Accepted<DecisionMoved>, Rejection> {
        let agency = &worker(call)?.agency;
        let target = target_of(permit)?;
        let record = target.record.ok_or(Error::Corrupt("a decision without a record"))?;
        let papers = papers_read(tx, permit, agency, (record, target.person))?;
        let at = self.setting.moment(changes.now());
        require_version(call, &for_police(tx, agency, record, &papers, at))?;
        let taking = Taking { act: Act::Close(self.how), setting: &self.setting };
        taking.take(tx, call, permit, changes, &papers)?;
        Ok(accepted(self.id, None))
    }
}

fn accepted(id: Handle, etag: Option<String>) -> Accepted<DecisionMoved> {
    Accepted { status: 200, location: None, etag, acknowledgement: DecisionMoved { id } }
}

/// An act about to be taken.
struct Taking<'t> {
    act: Act,
    setting: &'t Setting,
}

impl Taking<'_> {
    /// Takes it, tells whom it concerns, and answers the version's `ETag`, which is for parties alone.
    fn take<A: Action>(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<A>,
        changes: &mut Changes,
        papers: &Sealed<Papers>,
    ) -> Result<String, Rejection> {
        let (principal, target) = (worker(call)?, target_of(permit)?);
        let at = self.setting.moment(changes.now());
        let by = By {
            agency: principal.agency.clone(),
            worker: principal.worker.clone(),
            at: changes.now(),
            agreed_to: papers.judge(&at, is_agreed_to).is_ok(),
        };
        let next = papers
            .revise(&(self.act.clone(), by), after)
            .map_err(|invalid| against(invalid.code(), &invalid.to_string()))?;
        if let Act::BringIn(project) = &self.act {
            let between = (principal.agency.clone(), project.clone(), at);
            papers.judge(&between, may_be_brought_in).map_err(|()| consent_required("agency"))?;
        }
        let record = target.record.ok_or(Error::Corrupt("a decision without a record"))?;
        let version = tx.next_version(record, Kind::JointDecision, target.person, &target.custodian)?;
        changes.document_put(tx, &version, &next)?;
        let told = Told { version: &version, mover: &principal.agency, setting: self.setting };
        match &self.act {
            Act::BringIn(project) => ask_to_vote(tx, changes, &version, project, &self.setting.calendar)?,
            act => tell(tx, changes, &told, &next, act)?,
        }
        Ok(tx.etag(&principal.agency, record, version.version))
    }
}

fn after((document, _): &Papers, (act, by): &(Act, By)) -> Result<DecisionRecord, InvalidAct> {
    apply(&document.value, act, by)
}

fn may_be_brought_in(
    (_, consents): &Papers,
    (team, project, at): &(AgencyId, AgencyId, Moment),
) -> Result<(), ()> {
    if lets_pass(consents, (team, project), Segment::Offending, *at) { Ok(()) } else { Err(()) }
}

/// What stands against it, as the caller is told.
pub(super) fn against(code: &'static str, message: &str) -> Problem {
    let errors = vec![FieldProblem::new("decision", code, message)];
    Problem { errors, ..Problem::because(ProblemType::InvalidTransition, code) }
}
