//! Telling how many offences the national computer holds of somebody in a month.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::model::OffencesRecord;
use crate::calendar::Calendar;
use crate::domain::fault::Faults;
use crate::domain::month::Month;
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::OffencesTell;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::Kind;

/// How many months back it can be told of.
const MONTHS_BACK: i32 = 24;

/// A month's number. There is no place for what the offences were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OffencesCounted {
    /// The month in which they were committed, which must be over.
    #[schema(value_type = String, example = "2026-04")]
    pub month: Month,
    /// How many; 0 says that there is none.
    #[validate(range(max = 999))]
    pub offences: u16,
}

/// `POST /clients/{ref}/offence-counts`.
pub struct CountOffences {
    /// The police's own reference for the person.
    pub client_ref: Handle,
    /// What is told.
    pub counted: OffencesCounted,
    /// What day it is.
    pub calendar: Arc<Calendar>,
}

/// It is noted: the same, whoever it is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct OffencesNoted {
    /// The month.
    #[schema(value_type = String)]
    pub month: Month,
}

impl Command for CountOffences {
    type Action = OffencesTell;
    type Acknowledgement = OffencesNoted;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<OffencesTell>,
        changes: &mut Changes,
    ) -> Result<Accepted<OffencesNoted>, Rejection> {
        let principal = worker(call)?;
        let OffencesCounted { month, offences } = self.counted;
        let this_month = Month::of(self.calendar.date_of(changes.now()));
        let mut faults = Faults::default();
        faults.require(month < this_month, "month", "must be over");
        faults.require(month >= this_month.later(-MONTHS_BACK), "month", "must lie in the last two years");
        faults.into_result().map_err(|faults| {
            let faults = faults.into_iter().map(Into::into).collect();
            Problem::fields(ProblemType::UnprocessableDocument, faults)
        })?;
        let version = NewVersion::first(Kind::OffenceCount, target_of(permit)?.person, &principal.agency);
        let record = OffencesRecord { month, offences, by: (principal.worker.clone(), changes.now()) };
        changes.document_put_sent(tx, &version, &record)?;
        changes.handle_new(&principal.agency, &version);
        Ok(Accepted { status: 201, location: None, etag: None, acknowledgement: OffencesNoted { month } })
    }
}
