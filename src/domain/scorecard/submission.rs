//! Handing in the scorecard of a quarter: the gateway counts it, once; and asking an agency for it when the quarter is over (D15).

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::counts::Counts;
use super::leavers::count_leavers;
use super::quarter::Quarter;
use super::reckon::count;
use super::tally::Tally;
use crate::calendar::Calendar;
use crate::directory::AgencyStatus;
use crate::domain::fault::to_the_minute;
use crate::domain::task::Owed;
use crate::id::{AgencyId, PersonId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::sealed::Sealed;
use crate::journal::{Journal, worker};
use crate::policy::action::ScorecardSubmit;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::Subject;
use crate::store::task::NewTask;
use crate::store::{Error, Snapshot};
use crate::vocabulary::{AgencyType, TaskKind};

/// What is handed in: the gateway counts, nobody types a figure.
#[derive(Debug, Clone, Copy, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScorecardHandedIn {
    /// The quarter, which must be over.
    #[schema(value_type = String, example = "2026-Q1")]
    pub quarter: Quarter,
}

/// A scorecard as stored. It is written once: what is read of it later is what was read before.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Submission {
    /// The area that the agency served then.
    pub area: String,
    /// When it was handed in.
    pub at: Timestamp,
    /// The counts.
    pub counts: Counts,
}

/// `POST /scorecard/submissions`.
pub struct SubmitScorecard {
    /// What is handed in.
    pub handed_in: ScorecardHandedIn,
    /// What day it is.
    pub calendar: Arc<Calendar>,
    /// Knows the directory.
    pub journal: Journal,
}

/// It is handed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScorecardSubmitted {
    /// The quarter.
    #[schema(value_type = String)]
    pub quarter: Quarter,
    /// When, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Whether it came in time, and so counts for the area.
    pub in_time: bool,
}

impl Command for SubmitScorecard {
    type Action = ScorecardSubmit;
    type Acknowledgement = ScorecardSubmitted;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ScorecardSubmit>,
        changes: &mut Changes,
    ) -> Result<Accepted<ScorecardSubmitted>, Rejection> {
        let (principal, now, calendar) = (worker(call)?, changes.now(), self.calendar.as_ref());
        let quarter = self.handed_in.quarter;
        if now < quarter.ends_at(calendar) {
            let message = "must be over";
            return Err(Problem::field(ProblemType::UnprocessableDocument, "quarter", "rule", message).into());
        }
        let (agency, code) = (&principal.agency, quarter.to_string());
        if tx.scorecard_read::<_, Submission>(permit, agency, &code)?.is_some() {
            return Err(Problem::because(ProblemType::InvalidTransition, "handed-in-already").into());
        }
        let directory = self.journal.directory();
        let entry = directory.agency(agency).ok_or(Error::Corrupt("a caller who is not in the directory"))?;
        let tally = count(tx, permit, principal, (&directory, calendar), (quarter, quarter))?;
        // A team's leavers alone: that somebody left a project or a prison's team is for nobody to hold against what police know.
        let leavers = match entry.agency_type {
            AgencyType::Cjit => count_leavers(tx, permit, agency, (quarter.before(), calendar))?,
            _ => Sealed::new(permit, Counts::default()),
        };
        let submission = tally.with(leavers).beside((entry.area.clone(), now)).view(submission);
        changes.scorecard_put(tx, (agency, code.as_str()), &entry.area, &submission)?;
        changes.task_done(agency, TaskKind::HandInScorecard, tx.scorecard_of(agency, &code));
        let acknowledgement =
            ScorecardSubmitted { quarter, at: to_the_minute(now), in_time: now <= quarter.due_at(calendar) };
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/scorecard?from={code}&to={code}")),
            etag: None,
            acknowledgement,
        })
    }
}

fn submission(((tally, leavers), (area, at)): &((Tally, Counts), (String, Timestamp))) -> Submission {
    let mut counts = tally.quarters().first().map(|(_, counts)| counts.clone()).unwrap_or_default();
    counts.absorb(leavers);
    Submission { area: area.clone(), at: *at, counts }
}

/// The scorecard of a quarter that is over, which an agency owes as a task of whoever manages it. It is about nobody.
pub struct OwedScorecard {
    /// The agency.
    pub agency: AgencyId,
    /// The quarter.
    pub quarter: Quarter,
    /// By when it is due.
    pub calendar: Arc<Calendar>,
}

impl Owed for OwedScorecard {
    fn task(&self, tx: &mut Snapshot<'_>, changes: &mut Changes) -> Result<Option<NewTask>, Error> {
        let Self { agency, quarter, calendar } = self;
        let code = quarter.to_string();
        let directory = tx.directory_read()?;
        let entry = directory.agency(agency).filter(|entry| entry.status == AgencyStatus::Active);
        let ended = quarter.ends_at(calendar);
        let waits = ended <= changes.now() && tx.scorecard_waits(agency, &code, ended.as_microsecond())?;
        let duty = entry.and_then(|entry| entry.agency_type.hands_in_scorecard()).filter(|_| waits);
        if duty.is_some() {
            changes.rest_on(tx.epochs(&[&crate::store::epoch::scorecard(agency, &code)])?);
        }
        let record = tx.scorecard_of(agency, &code);
        Ok(duty.map(|duty| NewTask {
            agency: agency.clone(),
            duty,
            holder: None,
            kind: TaskKind::HandInScorecard,
            person: PersonId::from_bytes(*record.as_bytes()),
            record,
            subject: format!("/v1/scorecard?from={code}&to={code}"),
            remind_at: quarter.remind_at(calendar),
            due_at: quarter.due_at(calendar),
        }))
    }
}
