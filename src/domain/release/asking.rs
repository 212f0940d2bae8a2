//! Asking a host team and a prison to see to a pick-up: at the person's request, with the person's consent, before release.

use std::sync::Arc;

use jiff::civil::Date;

use super::answering::{Parties, PickUpMoved};
use super::pick_up::{PickUpAsked, PickUpRecord, PickUpState, When, gate_moment, suffices};
use super::plan::{ReleasePlanRecord, ReleaseState};
use super::planning::unprocessable;
use crate::calendar::Calendar;
use crate::directory::{AgencyStatus, Directory};
use crate::domain::consent::coverage::{Question, covers};
use crate::domain::consent::model::ConsentRecord;
use crate::domain::fault::FieldFault;
use crate::id::{AgencyId, Handle, RecordId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::{Journal, worker};
use crate::policy::action::PickUpWrite;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{AgencyType, Due, EventType, Purpose, Segment, TaskKind};

/// Within how many working days the two answer, unless the release is sooner.
const ANSWER_WORKING_DAYS: u32 = 1;

/// `POST /release-plans/{id}/pick-ups`.
pub struct AskPickUp {
    /// What the agency calls the release plan.
    pub id: Handle,
    /// What is asked for.
    pub asked: PickUpAsked,
    /// Working days and civil time.
    pub calendar: Arc<Calendar>,
    /// Whose directory says who takes part.
    pub journal: Journal,
}

/// What it is judged by whether the pick-up may be asked for.
struct Asking {
    home: AgencyId,
    asked: PickUpAsked,
    now: jiff::Timestamp,
    today: Date,
    calendar: Arc<Calendar>,
}

type Evidence = (Document<ReleasePlanRecord>, (Vec<Document<ConsentRecord>>, Vec<Document<PickUpRecord>>));

impl Command for AskPickUp {
    type Action = PickUpWrite;
    type Acknowledgement = PickUpMoved;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::ReleasePlan, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<PickUpWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<PickUpMoved>, Rejection> {
        let principal = worker(call)?;
        let (agency, target) = (&principal.agency, target_of(permit)?);
        let plan = target.record.ok_or(Error::Corrupt("a release plan without a record"))?;
        let current = tx.document_read::<_, ReleasePlanRecord>(permit, agency, plan)?;
        require_version(call, &current)?;
        self.parties_fit(agency, &self.journal.directory())?;
        let asking = Asking {
            home: agency.clone(),
            asked: self.asked.clone(),
            now: changes.now(),
            today: self.calendar.date_of(changes.now()),
            calendar: self.calendar.clone(),
        };
        let consents = tx.documents_of_person(permit, target.person, Kind::Consent)?;
        let pick_ups = tx.documents_of_person(permit, target.person, Kind::PickUp)?;
        let evidence = current.with(consents.with(pick_ups));
        evidence.judge(&asking, may_ask)?;

        let version = NewVersion::first(Kind::PickUp, target.person, agency);
        let record = PickUpRecord {
            plan,
            home: agency.clone(),
            host: self.asked.host.clone(),
            prison_team: self.asked.prison_team.clone(),
            by: principal.worker.clone(),
            at: changes.now(),
            state: PickUpState::Asked,
            agreed: Vec::new(),
            reason: None,
        };
        changes.document_put_sent(tx, &version, &record)?;
        let segments = self.asked.segments().map_err(|_| Error::Corrupt("a pick-up does not serialise"))?;
        for (segment, json) in &segments {
            changes.segment_put_sent(tx, &version, *segment, json)?;
        }
        let when = evidence.revise(&asking, when_of)?;
        changes.segment_put(tx, &version, Segment::Attendance, &when)?;

        let id = changes.own_handle(tx, &version)?;
        let mut parties = Parties::of_new(agency, id, &version);
        for asked in [&self.asked.host, &self.asked.prison_team] {
            parties.others.push((asked.clone(), changes.handle_new(asked, &version)));
        }
        let dues = evidence.dues(&asking, to_answer);
        parties.tell_others(changes, EventType::PickUpAsked);
        parties.tasks_of_others(changes, &dues);
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/pick-ups/{id}")),
            etag: Some(tx.etag(agency, version.record, 1)),
            acknowledgement: PickUpMoved { id, state: PickUpState::Asked },
        })
    }
}

impl AskPickUp {
    fn parties_fit(&self, home: &AgencyId, directory: &Directory) -> Result<(), Problem> {
        let is = |id: &AgencyId, of: AgencyType| {
            directory
                .agency(id)
                .is_some_and(|agency| agency.agency_type == of && agency.status == AgencyStatus::Active)
        };
        let mut faults = Vec::new();
        if !is(&self.asked.host, AgencyType::Cjit) || self.asked.host == *home {
            faults.push(FieldFault { field: "host", rule: "must be another team, of the prison's area" });
        }
        if !is(&self.asked.prison_team, AgencyType::Carat) {
            faults.push(FieldFault { field: "prison_team", rule: "must be a prison's team" });
        }
        if faults.is_empty() { Ok(()) } else { Err(unprocessable(faults)) }
    }
}

/// A pick-up is the person's own request, before release, for what each of the two may be told; one at a time.
fn may_ask((plan, (consents, pick_ups)): &Evidence, asking: &Asking) -> Result<(), Problem> {
    let invalid = |reason| Err(Problem::because(ProblemType::InvalidTransition, reason));
    let release = &plan.value;
    if release.state != ReleaseState::Planned || release.planned.release_on < asking.today {
        return invalid("release-not-ahead");
    }
    if !release.planned.pick_up_wanted {
        return Err(unprocessable(vec![FieldFault {
            field: "pick_up_wanted",
            rule: "must stand in the release plan: a pick-up is the person's own request",
        }]));
    }
    if pick_ups.iter().any(|other| other.value.plan == plan.record && other.value.is_open()) {
        return Err(Problem::because(ProblemType::DuplicateCaseload, "another-pick-up-open"));
    }
    let consents: Vec<ConsentRecord> = consents.iter().map(|consent| consent.value.clone()).collect();
    let agreed_to = |recipient: &AgencyId| {
        let question = Question {
            disclosing: &asking.home,
            recipient,
            purpose: Purpose::ContinuityOfCare,
            data_date: asking.today,
        };
        suffices(covers(&consents, &question, asking.now).segments)
    };
    if agreed_to(&asking.asked.host) && agreed_to(&asking.asked.prison_team) {
        Ok(())
    } else {
        Err(Problem::new(ProblemType::ConsentNotEffective))
    }
}

fn when_of((plan, _): &Evidence, asking: &Asking) -> Result<When, Problem> {
    let planned = &plan.value.planned;
    Ok(When {
        release_on: planned.release_on,
        gate_at: planned.gate_at,
        prison: planned.prison.clone(),
        onward: asking.asked.onward.clone(),
    })
}

/// By when the two answer: in a working day, and before the gate opens.
fn to_answer((plan, _): &Evidence, asking: &Asking) -> Vec<Due> {
    let planned = &plan.value.planned;
    let gate = gate_moment(planned.release_on, planned.gate_at, &asking.calendar);
    let day = asking.calendar.add_working_days(asking.today, ANSWER_WORKING_DAYS);
    let due_at = asking.calendar.end_of(day).min(gate);
    let left = due_at.duration_since(asking.now).max(jiff::SignedDuration::ZERO);
    let remind_at = asking.now.saturating_add(left / 2).unwrap_or(due_at);
    vec![Due { kind: TaskKind::AnswerPickUp, worker: None, remind_at, due_at }]
}

/// Of which plan a pick-up is, for the plan's own view.
pub(super) fn is_agreed_for(pick_ups: &[Document<PickUpRecord>], plan: RecordId) -> bool {
    pick_ups.iter().any(|pick_up| {
        pick_up.value.plan == plan && matches!(pick_up.value.state, PickUpState::Agreed | PickUpState::Met)
    })
}
