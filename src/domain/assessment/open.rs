//! Recording that somebody was identified in custody, and telling the other side of it.

use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::codes::Warning;
use super::model::{AssessmentRecord, Requirement};
use super::opening::{AssessmentOpened, Origin, Parties};
use super::telling::{hand_over, put_task};
use crate::calendar::Calendar;
use crate::directory::{AgencyStatus, Directory};
use crate::domain::client::{Written, written_of};
use crate::domain::dir::contact_codes::Pathway;
use crate::domain::flag::{Reappeared, tell_reappearance};
use crate::domain::minute::Minute;
use crate::domain::safeguarding::minor::{UNDER_18, WHERE_TO_TURN, born, is_adult};
use crate::id::{AgencyId, Handle, PersonId};
use crate::identity::principal::Principal;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::{Journal, worker};
use crate::policy::action::AssessmentWrite;
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::Kind;
use crate::vocabulary::{AgencyType, Segment, SegmentSet, TaskKind};

/// What each request about assessments needs to know.
#[derive(Clone)]
pub struct Setting {
    /// Knows the time and the directory.
    pub journal: Journal,
    /// The working days.
    pub calendar: Arc<Calendar>,
}

/// `POST /clients/{ref}/assessments`.
pub struct OpenAssessment {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// What was found in custody.
    pub opened: AssessmentOpened,
    /// What there is besides.
    pub setting: Setting,
}

/// It is recorded.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssessmentMoved {
    /// What the agency calls the assessment.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What is allowed, and should be thought about.
    pub warnings: Vec<Warning>,
}

impl Command for OpenAssessment {
    type Action = AssessmentWrite;
    type Acknowledgement = AssessmentMoved;
    // Flags of others, of which the agency must learn nothing, make a difference in time.
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<AssessmentWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<AssessmentMoved>, Rejection> {
        let principal = worker(call)?;
        let (agency, person) = (&principal.agency, target_of(permit)?.person);
        let Setting { journal, calendar } = &self.setting;
        let now = Minute::of(calendar.civil(changes.now()));
        self.opened.check(principal.agency_type, now).map_err(|faults| unprocessable(&faults))?;
        let parties = self.parties(principal, &journal.directory())?;
        self.check_age(tx, permit, agency, person)?;

        let version = NewVersion::first(Kind::Assessment, person, agency);
        let origin = Origin {
            id: version.record,
            person,
            opened_by: (agency.clone(), principal.worker.clone()),
            recorded_at: changes.now(),
            parties,
        };
        let record = self.opened.clone().into_record(origin, calendar);
        changes.document_put_sent(tx, &version, &record)?;
        let id = changes.own_handle(tx, &version)?;
        let told = other_side(&record, agency);
        let assessor_path = match told {
            Some(other) => hand_over(tx, changes, &version, other)?,
            None => format!("/v1/assessments/{id}"),
        };
        // The team that is told of no more than a slot must not learn from a flag of its own who takes it.
        let untold = told.is_none().then_some(&record.assessor);
        tell_reappearance(tx, permit, changes, person, Reappeared::Custody, agency, untold)?;
        if let Some(path) = first_appointment_path(&record, agency, assessor_path, id) {
            let by = calendar.end_of(record.first_appointment_by);
            put_task(changes, &version, &record.assessor, TaskKind::HoldFirstAppointment, (path, by));
        }
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/assessments/{id}")),
            etag: Some(tx.etag(agency, version.record, 1)),
            acknowledgement: AssessmentMoved { id, warnings: Vec::new() },
        })
    }
}

impl OpenAssessment {
    fn parties(&self, principal: &Principal, directory: &Directory) -> Result<Parties, Problem> {
        let takes_part = |id: &AgencyId, of: AgencyType| {
            directory
                .agency(id)
                .is_some_and(|agency| agency.status == AgencyStatus::Active && agency.agency_type == of)
        };
        let own = || principal.agency.clone();
        let (field, holds, parties) = match (&self.opened.assessor, &self.opened.police) {
            (Some(assessor), _) => {
                let parties = Parties { police: Some(own()), assessor: assessor.clone() };
                ("assessor", takes_part(assessor, AgencyType::Cjit), parties)
            }
            (None, police) => {
                let holds = police.as_ref().is_none_or(|police| takes_part(police, AgencyType::Police));
                ("police", holds, Parties { police: police.clone(), assessor: own() })
            }
        };
        if holds {
            return Ok(parties);
        }
        let message = "must be an active agency of the right type";
        Err(Problem::field(ProblemType::UnprocessableDocument, field, "unknown-agency", message))
    }

    /// Only an adult can be required, and nobody under age is taken into the programme: that is for children's services.
    fn check_age(
        &self,
        tx: &mut Snapshot<'_>,
        permit: &Permit<AssessmentWrite>,
        agency: &AgencyId,
        person: PersonId,
    ) -> Result<(), Rejection> {
        let identity = SegmentSet::EMPTY.with(Segment::Identity);
        let on = self.opened.identified_at.date();
        let must_be_known = self.opened.pathway == Pathway::Enforcement;
        let written = written_of(tx, permit, (agency, person), identity)?;
        written.judge(&(on, must_be_known), may_be_assessed).map_err(|code| not_now(&[code]).into())
    }
}

/// Whoever is under 18 by any record that the agency has of her is not; a day that any of them has is known.
#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
fn may_be_assessed(written: &Written, (on, must_be_known): &(Date, bool)) -> Result<(), &'static str> {
    let mut days = written.iter().filter_map(born).peekable();
    if days.peek().is_none() && *must_be_known {
        return Err("date-of-birth-required");
    }
    if days.all(|born| is_adult(born, *on)) { Ok(()) } else { Err(UNDER_18) }
}

/// Who else is told of it: both sides of what the law requires. Of somebody who need not come the police tell the team nothing but
/// that a slot is taken, and the team nothing at all: that is for the person to agree to.
fn other_side<'r>(record: &'r AssessmentRecord, agency: &AgencyId) -> Option<&'r AgencyId> {
    if !record.is_required() {
        return None;
    }
    if record.assessor == *agency { record.police.as_ref() } else { Some(&record.assessor) }
}

/// Where the team finds what it should hold in time; nowhere if it is not told of it.
fn first_appointment_path(
    record: &AssessmentRecord,
    agency: &AgencyId,
    path_of_other: String,
    own: Handle,
) -> Option<String> {
    let is_own = record.assessor == *agency;
    match record.requirement {
        Requirement::NotImposed { .. } => None,
        _ if is_own => Some(format!("/v1/assessments/{own}")),
        Requirement::Imposed => Some(path_of_other),
        Requirement::Voluntary => None,
    }
}

/// What a document breaks, as the sender is told it.
pub(super) fn unprocessable(faults: &[crate::domain::fault::FieldFault]) -> Problem {
    Problem::fields(ProblemType::UnprocessableDocument, faults.iter().copied().map(Into::into).collect())
}

/// What must come first, as the sender is told it.
pub(super) fn not_now(codes: &[&'static str]) -> Problem {
    let words = |code| if code == UNDER_18 { WHERE_TO_TURN } else { "stands against this step" };
    let errors = codes.iter().map(|code| FieldProblem::new("assessment", code, words(*code))).collect();
    let reason = codes.first().copied().unwrap_or("invalid-transition");
    Problem { errors, ..Problem::because(ProblemType::InvalidTransition, reason) }
}
