//! Delegating a follow-up to the project that the person named, by her consent in both directions.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::codes::DelegationState;
use super::model::DelegationRecord;
use super::telling::hand_over;
use crate::calendar::Calendar;
use crate::directory::AgencyStatus;
use crate::domain::agreed::{Passing, consent_required, may_pass};
use crate::domain::assessment::Setting;
use crate::domain::assessment::codes::AppointmentKind;
use crate::domain::assessment::model::AssessmentRecord;
use crate::domain::minute::Minute;
use crate::id::{AgencyId, Handle, WorkerId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::DelegationWrite;
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{AgencyType, Purpose, Segment, SegmentSet};

/// To whom a follow-up is delegated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Delegated {
    /// The project that the person named.
    #[schema(value_type = String)]
    pub project: AgencyId,
}

/// `POST /assessments/{id}/delegations`.
pub struct DelegateFollowUp {
    /// What the agency calls the assessment.
    pub assessment: Handle,
    /// To whom.
    pub delegated: Delegated,
    /// What there is besides.
    pub setting: Setting,
}

/// It is done.
#[derive(Debug, Serialize, ToSchema)]
pub struct DelegationMoved {
    /// What the agency calls the delegated follow-up.
    #[schema(value_type = String)]
    pub id: Handle,
}

/// What a delegation is made of.
struct Making {
    team: AgencyId,
    project: AgencyId,
    by: WorkerId,
    since: jiff::Timestamp,
    minute: Minute,
}

impl Command for DelegateFollowUp {
    type Action = DelegationWrite;
    type Acknowledgement = DelegationMoved;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Assessment, self.assessment)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<DelegationWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<DelegationMoved>, Rejection> {
        let (principal, target) = (worker(call)?, target_of(permit)?);
        let (team, project) = (&principal.agency, &self.delegated.project);
        let record = target.record.ok_or(Error::Corrupt("an assessment without a record"))?;
        let assessment = tx.document_read::<_, AssessmentRecord>(permit, team, record)?;
        require_version(call, &assessment)?;
        self.is_project(project)?;
        let calendar = &self.setting.calendar;
        let making = Making {
            team: team.clone(),
            project: project.clone(),
            by: principal.worker.clone(),
            since: changes.now(),
            minute: Minute::of(calendar.civil(changes.now())),
        };
        let delegation = assessment.revise(&making, made).map_err(against)?;
        let consents = tx.documents_of_person(permit, target.person, Kind::Consent)?;
        for (from, to, what) in [(team, project, told_to_project()), (project, team, told_to_team())] {
            consents
                .judge(&passing((from, to), what, changes.now(), calendar), may_pass)
                .map_err(|()| consent_required("project"))?;
        }
        let others =
            tx.documents_of_person::<_, DelegationRecord>(permit, target.person, Kind::Delegation)?;
        others
            .with(assessment)
            .judge(&(), none_is_awaited)
            .map_err(|()| against(vec!["already-delegated"]))?;

        let version = NewVersion::first(Kind::Delegation, target.person, team);
        changes.document_put(tx, &version, &delegation)?;
        let id = changes.own_handle(tx, &version)?;
        hand_over(tx, changes, (&version, &delegation), project, calendar)?;
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/delegations/{id}")),
            etag: Some(tx.etag(team, version.record, 1)),
            acknowledgement: DelegationMoved { id },
        })
    }
}

impl DelegateFollowUp {
    fn is_project(&self, id: &AgencyId) -> Result<(), Problem> {
        let directory = self.setting.journal.directory();
        let is = directory.agency(id).is_some_and(|agency| {
            agency.status == AgencyStatus::Active && agency.agency_type == AgencyType::SpecialistProject
        });
        let message = "must be an active project";
        let problem =
            || Problem::field(ProblemType::UnprocessableDocument, "project", "unknown-agency", message);
        if is { Ok(()) } else { Err(problem()) }
    }
}

/// What the project must be told to hold it: whom to expect, how to reach her, and when.
fn told_to_project() -> SegmentSet {
    SegmentSet::EMPTY.with(Segment::Identity).with(Segment::Contact).with(Segment::Attendance)
}

/// What goes back.
pub(super) fn told_to_team() -> SegmentSet {
    SegmentSet::EMPTY.with(Segment::Attendance)
}

/// The question whether one side may tell the other.
pub(super) fn passing(
    (from, to): (&AgencyId, &AgencyId),
    what: SegmentSet,
    now: jiff::Timestamp,
    calendar: &Arc<Calendar>,
) -> Passing {
    Passing {
        from: from.clone(),
        to: to.clone(),
        purpose: Purpose::ContinuityOfCare,
        what,
        now,
        today: calendar.date_of(now),
    }
}

fn made(
    document: &Document<AssessmentRecord>,
    making: &Making,
) -> Result<DelegationRecord, Vec<&'static str>> {
    let assessment = &document.value;
    if !assessment.is_required() {
        return Err(vec!["not-required-by-law"]);
    }
    let booked = assessment.booked(AppointmentKind::FollowUp).filter(|_| assessment.is_open());
    let follow_up = booked.ok_or_else(|| vec!["no-appointment-booked"])?;
    if follow_up.agency != making.team {
        return Err(vec!["held-by-another-team"]);
    }
    if follow_up.at <= making.minute {
        return Err(vec!["appointment-over"]);
    }
    Ok(DelegationRecord {
        team: making.team.clone(),
        project: making.project.clone(),
        assessment: document.record,
        at: follow_up.at,
        place: follow_up.place.clone(),
        by: making.by.clone(),
        since: making.since,
        told: None,
        ended: None,
    })
}

type Beside = (Vec<Document<DelegationRecord>>, Document<AssessmentRecord>);

/// Whether the follow-up lies with no project yet.
fn none_is_awaited((delegations, assessment): &Beside, (): &()) -> Result<(), ()> {
    let is_awaited = delegations.iter().map(|it| &it.value).any(|it| {
        it.assessment == assessment.record && it.state(&assessment.value) == DelegationState::Awaited
    });
    if is_awaited { Err(()) } else { Ok(()) }
}

/// What stands against it, as the caller is told.
pub(super) fn against(codes: Vec<&'static str>) -> Problem {
    let errors =
        codes.iter().map(|code| FieldProblem::new("delegation", code, "stands against this step")).collect();
    let reason = codes.first().copied().unwrap_or("invalid-transition");
    Problem { errors, ..Problem::because(ProblemType::InvalidTransition, reason) }
}
