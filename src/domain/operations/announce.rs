//! Announcing a day on which many will need a service at once.

use std::sync::Arc;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::calendar::Calendar;
use crate::directory::AgencyStatus;
use crate::domain::fault::Faults;
use crate::domain::validation::{no_repeats, plausible_date};
use crate::id::{AgencyId, Handle};
use crate::identity::principal::Principal;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::{Journal, worker};
use crate::policy::action::OperationAnnounce;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::change::Changes;
use crate::store::facts::Subject;
use crate::store::operations_day::DayRow;
use crate::vocabulary::{AgencyType, EventType};

/// No day is announced longer than so many days ahead.
const AHEAD_DAYS: i32 = 92;

/// A day as it is announced: no place and no name of the operation, which would tell where police will be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DayAnnounced {
    /// The day.
    #[validate(custom(function = "plausible_date"))]
    #[schema(value_type = String, format = Date)]
    pub on: Date,
    /// How many people each service should expect.
    #[validate(range(min = 1, max = 500))]
    pub expected: u16,
    /// The services that are told.
    #[validate(length(min = 1, max = 20), custom(function = "no_repeats"))]
    #[schema(value_type = Vec<String>)]
    pub services: Vec<AgencyId>,
}

/// `POST /operations-days`.
pub struct AnnounceDay {
    /// The day.
    pub announced: DayAnnounced,
    /// Knows the directory.
    pub journal: Journal,
    /// What day it is.
    pub calendar: Arc<Calendar>,
}

/// The services are told.
#[derive(Debug, Serialize, ToSchema)]
pub struct Announced {
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub on: Date,
}

impl Command for AnnounceDay {
    type Action = OperationAnnounce;
    type Acknowledgement = Announced;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        _tx: &mut Snapshot<'_>,
        call: &Call,
        _permit: &Permit<OperationAnnounce>,
        changes: &mut Changes,
    ) -> Result<Accepted<Announced>, Rejection> {
        let principal = worker(call)?;
        let DayAnnounced { on, expected, services } = &self.announced;
        self.check(principal, self.calendar.date_of(changes.now()))?;
        for service in services {
            let id = Handle::random();
            changes.operations_day_put(DayRow {
                id,
                agency: principal.agency.clone(),
                service: service.clone(),
                day: *on,
                expected: i64::from(*expected),
            });
            changes.notify(service, EventType::OperationsDayAnnounced, "/v1/operations-days".to_owned());
        }
        Ok(Accepted { status: 201, location: None, etag: None, acknowledgement: Announced { on: *on } })
    }
}

impl AnnounceDay {
    fn check(&self, announcer: &Principal, today: Date) -> Result<(), Problem> {
        let DayAnnounced { on, services, .. } = &self.announced;
        let mut faults = Faults::default();
        let latest = today.saturating_add(AHEAD_DAYS.days());
        faults.require(*on > today && *on <= latest, "on", "must lie within the next 92 days");
        let directory = self.journal.directory();
        let is_service = |id: &AgencyId| {
            directory.agency(id).is_some_and(|agency| {
                agency.status == AgencyStatus::Active
                    && agency.id != announcer.agency
                    && matches!(
                        agency.agency_type,
                        AgencyType::Cjit | AgencyType::Treatment | AgencyType::SpecialistProject
                    )
            })
        };
        let all = services.iter().all(is_service);
        faults.require(all, "services", "must be active teams, treatment services or projects");
        faults.into_result().map_err(|faults| {
            let faults = faults.into_iter().map(Into::into).collect();
            Problem::fields(ProblemType::UnprocessableDocument, faults)
        })
    }
}
