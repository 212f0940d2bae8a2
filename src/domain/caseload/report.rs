//! How caseload checks are used: for each worker how many, what came of them, and how many led to nothing with the person.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::check::{CheckOutcome, CheckRecord};
use crate::calendar::Calendar;
use crate::domain::days::Days;
use crate::id::{AgencyId, Handle, WorkerId};
use crate::journal::Journal;
use crate::journal::call::{Call, Caller};
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::CheckReport as CheckReportAction;
use crate::policy::permit::Permit;
use crate::store::facts::Subject;
use crate::store::record::Kind;
use crate::store::review::Made;
use crate::store::{Error, Snapshot};
use crate::vocabulary::{AgencyType, Role};

/// Within how many days something should come of a check.
const CONTACT_WITHIN_DAYS: i64 = 14;

/// `GET /caseload-checks/report`.
pub struct ReadCheckReport {
    /// Of which days.
    pub days: Days,
    /// What moment a day begins at.
    pub calendar: std::sync::Arc<Calendar>,
    /// Whose directory lists the agencies.
    pub journal: Journal,
}

/// The checks of a period: the reader's own agency's, or all agencies' for an auditor.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckReport {
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    pub to: Date,
    /// Each agency with its workers.
    pub agencies: Vec<AgencyChecks>,
}

/// One agency's checks.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AgencyChecks {
    /// The agency.
    pub agency: AgencyId,
    /// The workers who asked.
    pub workers: Vec<WorkerChecks>,
}

/// One worker's checks.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WorkerChecks {
    /// The worker.
    pub worker: WorkerId,
    /// How many, and what came of them.
    #[serde(flatten)]
    pub counts: CheckCounts,
    /// Those that led to no contact, as the agency calls them; for its own officers alone.
    pub no_contact_checks: Option<Vec<Handle>>,
}

/// How many checks there were.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct CheckCounts {
    /// In all.
    pub checks: u64,
    /// How many of them say `clear`.
    pub clear: u64,
    /// How many say `held`.
    pub held: u64,
    /// How many say `possible`.
    pub possible: u64,
    /// How many led to no contact: within fourteen days the agency wrote of the person on no caseload and in no DIR, referral,
    /// consent, activity, script or assessment.
    pub no_contact: u64,
    /// How many led to none so far, and are less than fourteen days old.
    pub too_recent: u64,
}

/// What stands beside an agency's checks that is no secret.
struct Context {
    agency: AgencyId,
    now: Timestamp,
    shows_handles: bool,
}

impl Disclosure for ReadCheckReport {
    type Action = CheckReportAction;
    type View = CheckReport;

    fn subject(&self) -> Subject {
        Subject::Many
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<CheckReportAction>,
    ) -> Result<Sealed<CheckReport>, Rejection> {
        let Caller::Worker(principal) = &call.caller else {
            return Err(Error::Corrupt("only a worker can read a report").into());
        };
        let is_auditor = principal.agency_type == AgencyType::Audit && principal.role == Role::Auditor;
        let agencies: Vec<AgencyId> = if is_auditor {
            let directory = self.journal.directory();
            let asks = directory.iter().filter(|agency| agency.agency_type.has_caseload());
            asks.map(|agency| agency.id.clone()).collect()
        } else {
            vec![principal.agency.clone()]
        };
        let (stretch, within_us) = (self.days.stretch(&self.calendar), contact_within_us());
        let mut reports = Sealed::new(permit, Vec::new());
        for agency in agencies {
            let made = tx.made_by_agency(permit, &agency, Kind::Check, stretch, within_us)?;
            let context = Context { agency, now: self.journal.now(), shows_handles: !is_auditor };
            reports = reports.with(made.beside(context).try_view(of_agency)?).view(one_more);
        }
        Ok(reports.beside(self.days).view(report))
    }
}

/// The checks of one agency, counted for each worker as they stand now and as the asker itself is shown them.
fn of_agency((made, context): &(Vec<Made<CheckRecord>>, Context)) -> Result<AgencyChecks, Error> {
    let mut workers: BTreeMap<WorkerId, (CheckCounts, Vec<Handle>)> = BTreeMap::new();
    for Made { handle, led_to_contact, document } in made {
        let check = &document.value;
        let (counts, without) = workers.entry(check.asked_by.1.clone()).or_default();
        counts.checks += 1;
        *match check.view(*handle, context.now, false, |_| false)?.outcome {
            CheckOutcome::Clear => &mut counts.clear,
            CheckOutcome::Held => &mut counts.held,
            CheckOutcome::Possible => &mut counts.possible,
        } += 1;
        match (led_to_contact, context.now.duration_since(check.asked_at) < contact_within()) {
            (true, _) => {}
            (false, true) => counts.too_recent += 1,
            (false, false) => {
                counts.no_contact += 1;
                without.push(*handle);
            }
        }
    }
    let workers = workers
        .into_iter()
        .map(|(worker, (counts, without))| WorkerChecks {
            worker,
            counts,
            no_contact_checks: context.shows_handles.then_some(without),
        })
        .collect();
    Ok(AgencyChecks { agency: context.agency.clone(), workers })
}

fn one_more((reports, next): &(Vec<AgencyChecks>, AgencyChecks)) -> Vec<AgencyChecks> {
    let mut reports = reports.clone();
    reports.push(next.clone());
    reports
}

fn report((agencies, days): &(Vec<AgencyChecks>, Days)) -> CheckReport {
    CheckReport { from: days.from, to: days.to, agencies: agencies.clone() }
}

fn contact_within() -> SignedDuration {
    SignedDuration::from_hours(CONTACT_WITHIN_DAYS * 24)
}

/// Within what time after it something should come of what was asked, in microseconds.
pub(in crate::domain) fn contact_within_us() -> i64 {
    i64::try_from(contact_within().as_micros()).unwrap_or(i64::MAX)
}
