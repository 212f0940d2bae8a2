//! That the national return of a month was handed over; and asking an agency for it when the month is over. It is about nobody.

use std::sync::Arc;

use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::calendar::Calendar;
use crate::directory::AgencyStatus;
use crate::domain::fault::to_the_minute;
use crate::domain::month::Month;
use crate::domain::task::Owed;
use crate::id::{AgencyId, PersonId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::ReturnHandIn;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::Subject;
use crate::store::task::NewTask;
use crate::store::{Error, Snapshot};
use crate::vocabulary::TaskKind;

/// By which day of the next month a return is due (V4: the 10th).
const DUE_DAY: i32 = 10;
/// On which day of it the deputy is told (our default).
const DEPUTY_DAY: i32 = 7;

/// What is said of it: the month. Neither a number nor a name.
#[derive(Debug, Clone, Copy, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnHandedIn {
    /// The month, which must be over.
    #[schema(value_type = String, example = "2026-05")]
    pub month: Month,
}

/// `POST /national-returns`.
pub struct HandInReturn {
    /// What was handed over.
    pub handed_in: ReturnHandedIn,
    /// What day it is.
    pub calendar: Arc<Calendar>,
}

/// It is noted.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnSent {
    /// The month.
    #[schema(value_type = String)]
    pub month: Month,
    /// When that was noted, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

impl Command for HandInReturn {
    type Action = ReturnHandIn;
    type Acknowledgement = ReturnSent;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        _permit: &Permit<ReturnHandIn>,
        changes: &mut Changes,
    ) -> Result<Accepted<ReturnSent>, Rejection> {
        let (agency, month, now) = (&worker(call)?.agency, self.handed_in.month, changes.now());
        if now < month.ends_at(&self.calendar) {
            let message = "must be over";
            return Err(Problem::field(ProblemType::UnprocessableDocument, "month", "rule", message).into());
        }
        let record = tx.national_return_of(agency, &month.to_string());
        changes.task_done(agency, TaskKind::MakeNationalReturn, record);
        Ok(Accepted {
            status: 200,
            location: None,
            etag: None,
            acknowledgement: ReturnSent { month, at: to_the_minute(now) },
        })
    }
}

/// The return of a month that is over, which a team owes as a task of whoever manages it.
pub struct OwedReturn {
    /// The agency.
    pub agency: AgencyId,
    /// The month.
    pub month: Month,
    /// By when it is due.
    pub calendar: Arc<Calendar>,
}

impl Owed for OwedReturn {
    fn task(&self, tx: &mut Snapshot<'_>, changes: &mut Changes) -> Result<Option<NewTask>, Error> {
        let Self { agency, month, calendar } = self;
        let code = month.to_string();
        let directory = tx.directory_read()?;
        let entry = directory.agency(agency).filter(|entry| entry.status == AgencyStatus::Active);
        let waits = month.ends_at(calendar) <= changes.now() && tx.national_return_waits(agency, &code)?;
        let duty = entry.and_then(|entry| entry.agency_type.makes_national_return()).filter(|_| waits);
        let record = tx.national_return_of(agency, &code);
        let end_of = |day: i32| calendar.end_of(month.later(1).first().saturating_add((day - 1).days()));
        Ok(duty.map(|duty| NewTask {
            agency: agency.clone(),
            duty,
            holder: None,
            kind: TaskKind::MakeNationalReturn,
            person: PersonId::from_bytes(*record.as_bytes()),
            record,
            subject: format!("/v1/national-returns?month={code}"),
            remind_at: end_of(DEPUTY_DAY),
            due_at: end_of(DUE_DAY),
        }))
    }
}
