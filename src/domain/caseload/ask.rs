//! Asking whether somebody is on another caseload: alike in form, size and cost whatever is found.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::budget::DayBudget;
use super::check::{CheckOutcome, CheckRecord, CheckRequest};
use super::elsewhere::Elsewhere;
use super::naming::{Moment, Naming, is_consented};
use super::result::CheckView;
use super::times::{Times, asked_live, contact_by, times_of};
use crate::calendar::Calendar;
use crate::directory::Directory;
use crate::domain::consent::model::ConsentRecord;
use crate::domain::flag::{Reappeared, tell_reappearance};
use crate::domain::prescribing::elsewhere::is_prescribed_elsewhere;
use crate::id::{AgencyId, Handle};
use crate::identity::principal::Principal;
use crate::journal::Journal;
use crate::journal::call::{Call, Caller};
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::policy::action::CaseloadCheck;
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::Kind;
use crate::store::task::NewTask;
use crate::store::{Error, Snapshot};
use crate::vocabulary::{DutyRole, EventType, TaskKind};

/// `POST /caseload-checks`.
pub struct AskCheck {
    /// About whom, and why.
    pub request: CheckRequest,
    /// When an answer is due.
    pub calendar: Arc<Calendar>,
    /// How many checks a worker and an agency may ask in a day.
    pub budget: DayBudget,
    /// Whose directory says who may be asked, and what a name tells.
    pub journal: Journal,
}

/// The check is made. The same members, whatever was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Asked {
    /// What the asker calls the check.
    pub id: Handle,
    /// What was found, in the form in which it can be read again.
    #[serde(flatten)]
    pub check: CheckView,
}

impl Command for AskCheck {
    type Action = CaseloadCheck;
    type Acknowledgement = Asked;
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Client(self.request.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<CaseloadCheck>,
        changes: &mut Changes,
    ) -> Result<Accepted<Asked>, Rejection> {
        let Caller::Worker(principal) = &call.caller else {
            return Err(Error::Corrupt("only a worker can ask").into());
        };
        let (agency, now) = (&principal.agency, changes.now());
        // Of several who are one she is asked about of whom the agency wrote: its words go with the check, also if these turn out to be two.
        let written = tx.client_written(agency, target_of(permit)?.person)?;
        let Some((_, person)) = written else { return Err(not_presented().into()) };
        self.budget.spend_check(tx, changes, principal, &self.calendar)?;
        let elsewhere = Elsewhere::of(tx, permit, agency, person)?;
        let consents = tx.documents_of_person::<_, ConsentRecord>(permit, person, Kind::Consent)?;
        let clinical_hold = is_prescribed_elsewhere(tx, permit, agency, person)?.judge(&(), is_so).is_ok();

        let directory = self.journal.directory();
        let version = NewVersion::first(Kind::Check, person, agency);
        let check = self.check(&version, principal, elsewhere, &directory, now);
        changes.document_put_sent(tx, &version, &check)?;
        tell_reappearance(tx, permit, changes, person, Reappeared::Checked, agency, None)?;
        let id = changes.handle_new(agency, &version);
        for (asked, times) in &check.times {
            let theirs = changes.handle_new(asked, &version);
            put_question(changes, &version, (asked, theirs), *times);
        }
        // Where nobody was found as much is written as where one was.
        let at_least = check.live.len().saturating_add(1);
        changes.decoys(&version, at_least.saturating_sub(check.times.len()));
        let at = Moment { directory, today: self.calendar.date_of(now), now };
        let view = check.view(id, now, clinical_hold, |holder| {
            let naming = Naming { named: holder.clone(), to: agency.clone(), at: at.clone() };
            consents.judge(&naming, is_consented).is_ok()
        })?;
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/caseload-checks/{id}")),
            // A version would change when somebody answers, who may be one of whom the asker is not to know.
            etag: None,
            acknowledgement: Asked { id, check: view },
        })
    }
}

fn is_so(fact: &bool, (): &()) -> Result<(), ()> {
    if *fact { Ok(()) } else { Err(()) }
}

/// Puts the question to the duty role of one who is asked: an event, and a task that goes on to its deputy and its team manager.
pub(super) fn put_question(
    changes: &mut Changes,
    version: &NewVersion,
    (asked, id): (&AgencyId, Handle),
    times: Times,
) {
    let subject = format!("/v1/caseload-checks/{id}/answer");
    changes.notify(asked, EventType::CaseloadCheckAsked, subject.clone());
    changes.task_put(NewTask {
        agency: asked.clone(),
        duty: DutyRole::Spoc,
        holder: None,
        kind: TaskKind::AnswerCaseloadCheck,
        person: version.person,
        record: version.record,
        subject,
        remind_at: times.remind_at,
        due_at: times.due,
    });
}

impl AskCheck {
    fn check(
        &self,
        version: &NewVersion,
        principal: &Principal,
        elsewhere: Elsewhere,
        directory: &Directory,
        now: jiff::Timestamp,
    ) -> CheckRecord {
        let agency = &principal.agency;
        let holders: Vec<AgencyId> = elsewhere.holders.into_iter().collect();
        // Whoever answers live is asked as such even where it has her on a caseload: else this check alone would begin as `held`.
        let live = asked_live(directory, agency);
        let answer_due = contact_by(directory, agency, now, &self.calendar);
        // A holder whom the directory does not know any more has the time of all; it is asked in any case.
        let times_of = |id: &AgencyId| {
            let known = directory.agency(id).map(|holder| times_of(holder, now, &self.calendar));
            known.unwrap_or(Times { remind_at: answer_due, due: answer_due })
        };
        let asked: BTreeSet<&AgencyId> = holders.iter().chain(&live).collect();
        let times = asked.into_iter().map(|id| (id.clone(), times_of(id))).collect();
        CheckRecord {
            id: version.record,
            version: 1,
            person: version.person,
            asked_by: (agency.clone(), principal.worker.clone()),
            asked_at: now,
            reason: Some(self.request.reason),
            asker_named: self.request.may_name_us,
            outcome: CheckOutcome::from_findings(!holders.is_empty(), elsewhere.undecided),
            undecided: elsewhere.undecided,
            holders,
            live,
            times,
            answer_due,
            answers: Vec::new(),
            parted: false,
        }
    }
}

/// Who was only referred is not asked about: the agency must have written down itself whom it asks about. It is told of its own
/// records and of nobody's else.
fn not_presented() -> Problem {
    let code = "presentation-required";
    let message = "this agency must have presented the person itself";
    let errors = vec![FieldProblem::new("client_ref", code, message)];
    Problem { errors, ..Problem::because(ProblemType::InvalidTransition, code) }
}
