//! Recording a breach: what was missed without good cause, of what the law required and notice was served.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::codes::BreachState;
use super::model::BreachRecord;
use super::states::missed;
use crate::domain::assessment::Setting;
use crate::domain::assessment::codes::AppointmentKind;
use crate::domain::assessment::model::AssessmentRecord;
use crate::id::{AgencyId, Handle, PersonId, RecordId, WorkerId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::BreachWrite;
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::TaskKind;

/// A breach as an officer records it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BreachOpened {
    /// Which appointment was missed.
    pub appointment: AppointmentKind,
    /// Whether the officer asked the team, and there is no good cause.
    pub no_good_cause: bool,
}

/// `POST /assessments/{id}/breaches`.
pub struct OpenBreach {
    /// What the agency calls the assessment.
    pub assessment: Handle,
    /// The breach.
    pub opened: BreachOpened,
    /// What there is besides.
    pub setting: Setting,
}

/// The breach is recorded, or a step of it is taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct BreachMoved {
    /// What the agency calls the breach.
    #[schema(value_type = String)]
    pub id: Handle,
    /// Where it stands.
    pub state: BreachState,
}

/// What a breach is made of.
struct Making {
    id: RecordId,
    person: PersonId,
    agency: AgencyId,
    by: WorkerId,
    now: jiff::Timestamp,
    appointment: AppointmentKind,
}

impl Command for OpenBreach {
    type Action = BreachWrite;
    type Acknowledgement = BreachMoved;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Assessment, self.assessment)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<BreachWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<BreachMoved>, Rejection> {
        let (principal, target) = (worker(call)?, target_of(permit)?);
        let agency = &principal.agency;
        let record = target.record.ok_or(Error::Corrupt("an assessment without a record"))?;
        if !self.opened.no_good_cause {
            let message = "must be true: ask the team first";
            let field = "no_good_cause";
            return Err(Problem::field(ProblemType::UnprocessableDocument, field, "rule", message).into());
        }
        let assessment = tx.document_read::<_, AssessmentRecord>(permit, agency, record)?;
        let version = NewVersion::first(Kind::Breach, target.person, agency);
        let making = Making {
            id: version.record,
            person: target.person,
            agency: agency.clone(),
            by: principal.worker.clone(),
            now: changes.now(),
            appointment: self.opened.appointment,
        };
        let breach = assessment.revise(&making, made).map_err(|against| is_none(&against))?;
        let others = tx.documents_of_person::<_, BreachRecord>(permit, target.person, Kind::Breach)?;
        others
            .with(assessment)
            .judge(&self.opened.appointment, is_new)
            .map_err(|()| is_none(&["breach-recorded"]))?;
        changes.document_put(tx, &version, &breach)?;
        let id = changes.own_handle(tx, &version)?;
        // The task to decide stands where the failure was told, and goes on there until somebody has decided.
        changes.task_done(agency, TaskKind::DecideBreach, record);
        let path = format!("/v1/breaches/{id}");
        super::step::put_decision_task(changes, &version, path.clone());
        Ok(Accepted {
            status: 201,
            location: Some(path),
            etag: Some(tx.etag(agency, version.record, 1)),
            acknowledgement: BreachMoved { id, state: BreachState::Undecided },
        })
    }
}

fn made(document: &Document<AssessmentRecord>, making: &Making) -> Result<BreachRecord, Vec<&'static str>> {
    let (statute, failed_at) = missed(&document.value, making.appointment)?;
    Ok(BreachRecord {
        id: making.id,
        version: 1,
        person: making.person,
        agency: making.agency.clone(),
        assessment: document.record,
        appointment: making.appointment,
        statute,
        failed_at,
        opened_by: making.by.clone(),
        opened_at: making.now,
        state: BreachState::Undecided,
        decisions: Vec::new(),
        put_out_at: None,
        arrested_at: None,
        withdrawn_because: None,
        task_reference: None,
    })
}

type Beside = (Vec<Document<BreachRecord>>, Document<AssessmentRecord>);

/// Whether this failure is in no register yet: what was missed at one time is one breach, pursued or withdrawn.
fn is_new((breaches, assessment): &Beside, appointment: &AppointmentKind) -> Result<(), ()> {
    let failed_at = missed(&assessment.value, *appointment).map(|(_, failed_at)| failed_at);
    let is_recorded = breaches.iter().any(|breach| {
        breach.value.assessment == assessment.record
            && breach.value.appointment == *appointment
            && failed_at.as_ref() == Ok(&breach.value.failed_at)
    });
    if is_recorded { Err(()) } else { Ok(()) }
}

/// Why there is no breach, or no step of it.
pub(super) fn is_none(against: &[&'static str]) -> Problem {
    let errors =
        against.iter().map(|code| FieldProblem::new("breach", code, "stands against a breach")).collect();
    let reason = against.first().copied().unwrap_or("invalid-transition");
    Problem { errors, ..Problem::because(ProblemType::InvalidTransition, reason) }
}
