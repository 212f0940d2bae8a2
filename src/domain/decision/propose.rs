//! Proposing a conditional caution to the team that would hold its sessions.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::act::{DecisionMoved, against};
use super::agreement::Moment;
use super::codes::Condition;
use super::model::{DecisionRecord, Party};
use super::telling::ask_to_vote;
use crate::calendar::Calendar;
use crate::directory::AgencyStatus;
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::{Journal, worker};
use crate::policy::action::DecisionPropose;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::vocabulary::AgencyType;

/// What each request about joint decisions needs to know.
#[derive(Clone)]
pub struct Setting {
    /// Knows the time and the directory.
    pub journal: Journal,
    /// The working days.
    pub calendar: Arc<Calendar>,
}

impl Setting {
    /// The present moment, and its day.
    pub(super) fn moment(&self, now: Timestamp) -> Moment {
        Moment { now, today: self.calendar.date_of(now) }
    }

    /// Whether an agency of this type takes part under this id.
    pub(super) fn takes_part(&self, agency: &AgencyId, of: AgencyType) -> bool {
        let directory = self.journal.directory();
        directory
            .agency(agency)
            .is_some_and(|agency| agency.status == AgencyStatus::Active && agency.agency_type == of)
    }
}

/// A caution as an officer proposes it. It carries no name: the team meets the person, or asks for the custody record by its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CautionProposed {
    /// The team that would hold the sessions.
    #[schema(value_type = String)]
    pub team: AgencyId,
    /// What the caution would ask for.
    pub condition: Condition,
    /// The number of the custody record, by which officer and team speak of it.
    #[validate(length(min = 1, max = 40), non_control_character)]
    pub custody_reference: Option<String>,
}

/// `POST /clients/{ref}/joint-decisions`.
pub struct ProposeCaution {
    /// The police's own reference for the person.
    pub client_ref: Handle,
    /// The caution.
    pub proposed: CautionProposed,
    /// What there is besides.
    pub setting: Setting,
}

impl Command for ProposeCaution {
    type Action = DecisionPropose;
    type Acknowledgement = DecisionMoved;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<DecisionPropose>,
        changes: &mut Changes,
    ) -> Result<Accepted<DecisionMoved>, Rejection> {
        let (principal, person) = (worker(call)?, target_of(permit)?.person);
        let (police, team) = (&principal.agency, &self.proposed.team);
        if !self.setting.takes_part(team, AgencyType::Cjit) {
            let message = "must be an active team that holds such sessions";
            return Err(Problem::field(
                ProblemType::UnprocessableDocument,
                "team",
                "unknown-agency",
                message,
            )
            .into());
        }
        tx.documents_of_person::<_, DecisionRecord>(permit, person, Kind::JointDecision)?
            .judge(police, none_is_open)
            .map_err(|()| against("decision-open", "another proposal of this agency is open"))?;
        let version = NewVersion::first(Kind::JointDecision, person, team);
        let now = changes.now();
        let decision = DecisionRecord {
            id: version.record,
            version: 1,
            person,
            police: (police.clone(), principal.worker.clone()),
            condition: self.proposed.condition,
            custody_reference: self.proposed.custody_reference.clone(),
            proposed_at: now,
            lead: Party::new(team.clone(), None, now),
            joined: Vec::new(),
            closed: None,
        };
        changes.document_put_sent(tx, &version, &decision)?;
        let id = changes.handle_new(police, &version);
        ask_to_vote(tx, changes, &version, team, &self.setting.calendar)?;
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/joint-decisions/{id}")),
            etag: None,
            acknowledgement: DecisionMoved { id },
        })
    }
}

/// Whether this police force has nothing else proposed about the person.
#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
fn none_is_open(decisions: &Vec<Document<DecisionRecord>>, police: &AgencyId) -> Result<(), ()> {
    let open = |decision: &DecisionRecord| decision.police.0 == *police && decision.closed.is_none();
    if decisions.iter().any(|decision| open(&decision.value)) { Err(()) } else { Ok(()) }
}
