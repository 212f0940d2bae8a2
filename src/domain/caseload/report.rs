//! How caseload checks and looks at others' scripts are used: for each worker how many, what came of them, and how many led to nothing
//! with the person.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::check::{CheckOutcome, CheckRecord};
use super::look::LookRecord;
use crate::calendar::Calendar;
use crate::domain::days::Days;
use crate::id::{AgencyId, Handle, WorkerId};
use crate::identity::principal::Principal;
use crate::journal::call::Call;
use crate::journal::command::Accepted;
use crate::journal::disclosure::Rejection;
use crate::journal::exchange::Exchange;
use crate::journal::sealed::Sealed;
use crate::journal::{Journal, worker};
use crate::policy::action::CheckReport as CheckReportAction;
use crate::policy::permit::Permit;
use crate::store::change::Changes;
use crate::store::facts::Subject;
use crate::store::record::Kind;
use crate::store::review::Made;
use crate::store::{Error, Snapshot};
use crate::vocabulary::{AgencyType, DutyRole, Role, TaskKind};

/// Within how many days something should come of a check or a look.
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

/// The checks and looks of a period: the reader's own agency's, or all agencies' for an auditor.
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

/// One agency's checks and looks.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AgencyChecks {
    /// The agency.
    pub agency: AgencyId,
    /// The workers who asked or looked.
    pub workers: Vec<WorkerChecks>,
}

/// One worker's checks and looks.
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

/// How many checks and looks there were.
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
    /// How often the worker looked whether others prescribe for somebody whom the agency neither checked nor works with: each person
    /// once a day.
    pub looks: u64,
    /// How many of them led to no contact.
    pub looks_no_contact: u64,
    /// How many of them led to none so far, and are less than fourteen days old.
    pub looks_too_recent: u64,
}

/// What stands beside an agency's checks that is no secret.
struct Context {
    agency: AgencyId,
    now: Timestamp,
    shows_handles: bool,
}

impl Context {
    /// Whether something may still come of what was asked then.
    fn is_recent(&self, asked_at: Timestamp) -> bool {
        self.now.duration_since(asked_at) < contact_within()
    }
}

impl Exchange for ReadCheckReport {
    type Action = CheckReportAction;
    type View = CheckReport;

    fn subject(&self) -> Subject {
        Subject::Many
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<CheckReportAction>,
        changes: &mut Changes,
    ) -> Result<Accepted<Sealed<CheckReport>>, Rejection> {
        let principal = worker(call)?;
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
            let checks = tx.made_by_agency(permit, &agency, Kind::Check, stretch, within_us)?;
            let looks = tx.made_by_agency(permit, &agency, Kind::Look, stretch, within_us)?;
            let context = Context { agency, now: changes.now(), shows_handles: !is_auditor };
            reports = reports.with(checks.with(looks).beside(context).try_view(of_agency)?).view(one_more);
        }
        if DutyRole::Privacy.roles().contains(&principal.role) {
            self.have_reviewed(tx, changes, principal)?;
        }
        let acknowledgement = reports.beside(self.days).view(report);
        Ok(Accepted { status: 200, location: None, etag: None, acknowledgement })
    }
}

impl ReadCheckReport {
    /// Whoever answers for it has read of these days: what there was to review of them is done.
    fn have_reviewed(
        &self,
        tx: &mut Snapshot<'_>,
        changes: &mut Changes,
        principal: &Principal,
    ) -> Result<(), Error> {
        let (agency, kind) = (&principal.agency, TaskKind::ReviewLooks);
        for day in self.days.each() {
            let (record, _) = tx.looks_of(agency, day);
            if tx.task_lies_with(agency, kind, record)?.is_some() {
                changes.task_done(agency, kind, record);
            }
        }
        Ok(())
    }
}

/// What was made, and by whom: checks and looks.
type MadeOfBoth = (Vec<Made<CheckRecord>>, Vec<Made<LookRecord>>);

/// The checks and looks of one agency, counted for each worker, the checks as they stand now and as the asker itself is shown them.
fn of_agency(((checks, looks), context): &(MadeOfBoth, Context)) -> Result<AgencyChecks, Error> {
    let mut workers: BTreeMap<WorkerId, (CheckCounts, Vec<Handle>)> = BTreeMap::new();
    for Made { handle, led_to_contact, document } in checks {
        let check = &document.value;
        let (counts, without) = workers.entry(check.asked_by.1.clone()).or_default();
        counts.checks += 1;
        *match check.view(*handle, context.now, false, |_| false)?.outcome {
            CheckOutcome::Clear => &mut counts.clear,
            CheckOutcome::Held => &mut counts.held,
            CheckOutcome::Possible => &mut counts.possible,
        } += 1;
        match (led_to_contact, context.is_recent(check.asked_at)) {
            (true, _) => {}
            (false, true) => counts.too_recent += 1,
            (false, false) => {
                counts.no_contact += 1;
                without.push(*handle);
            }
        }
    }
    for Made { led_to_contact, document, .. } in looks {
        let look = &document.value;
        let (counts, _) = workers.entry(look.by.clone()).or_default();
        counts.looks += 1;
        match (led_to_contact, context.is_recent(look.at)) {
            (true, _) => {}
            (false, true) => counts.looks_too_recent += 1,
            (false, false) => counts.looks_no_contact += 1,
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
