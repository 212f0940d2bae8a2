//! Looking whether anybody else prescribes for a person. It costs nothing who has asked by a check, or works with her; anybody else it
//! costs a look, once a day. Which it is follows from the agency's own records alone, so that neither a refusal nor a count tells
//! anything of others.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::allocating::Checks;
use super::budget::{Counted, Day, DayBudget};
use super::check::CheckRecord;
use super::model::EpisodeRecord;
use crate::calendar::Calendar;
use crate::domain::task::half_way;
use crate::id::{AgencyId, PersonId, WorkerId};
use crate::identity::principal::Principal;
use crate::journal::disclosure::Rejection;
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::store::change::{Changes, NewVersion};
use crate::store::record::{Document, Kind};
use crate::store::task::NewTask;
use crate::store::{Error, Snapshot};
use crate::vocabulary::{DutyRole, TaskKind};

/// Within how many working days it is reviewed that somebody looked beyond the budget.
const REVIEW_WORKING_DAYS: u32 = 1;

const LOOKS: Counted = Counted {
    of_worker: ("budget/look-of-worker", "look-budget-of-worker"),
    of_agency: ("budget/look-of-agency", "look-budget-of-agency"),
};

/// A look as stored. It is written once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LookRecord {
    /// Who looked.
    pub(super) by: WorkerId,
    /// When.
    pub(super) at: Timestamp,
}

/// A look at one person.
pub(in crate::domain) struct Look<'l> {
    /// Who looks.
    pub(in crate::domain) principal: &'l Principal,
    /// At whom.
    pub(in crate::domain) person: PersonId,
    /// Whether a script of the agency's own runs, or is held.
    pub(in crate::domain) prescribes: bool,
    /// Whether it can wait until the next day. A clinician's cannot: a second script of which nobody knew may kill.
    pub(in crate::domain) can_wait: bool,
}

impl DayBudget {
    /// Lets a worker look, and counts it unless it is free. Before it says anything it asks the store the same questions of everybody.
    ///
    /// # Errors
    /// `too-many-requests` where a budget is spent and the look can wait, until the day is over; or when the store fails.
    pub(in crate::domain) fn take_look<A: Action>(
        self,
        tx: &mut Snapshot<'_>,
        permit: &Permit<A>,
        changes: &mut Changes,
        calendar: &Calendar,
        look: &Look<'_>,
    ) -> Result<(), Rejection> {
        let Look { principal, person, prescribes, can_wait } = *look;
        let (agency, now) = (&principal.agency, changes.now());
        let checks = tx.documents_of_person::<_, CheckRecord>(permit, person, Kind::Check)?;
        let episodes = tx.documents_of_person::<_, EpisodeRecord>(permit, person, Kind::Episode)?;
        let has_asked = checks.judge(&(agency.clone(), now), has_asked).is_ok();
        let works_with = episodes.judge(agency, works_with).is_ok();
        let day = Day::of(principal, calendar, now);
        let is_free = prescribes || has_asked || works_with;
        if is_free || !day.is_first(tx, changes, ("budget/look", person.as_bytes()))? {
            return Ok(());
        }
        match day.spend(tx, changes, &LOOKS, self)? {
            Ok(()) => {}
            Err(spent) if can_wait => return Err(spent.into()),
            Err(_) => have_reviewed(tx, changes, calendar, (agency, &day))?,
        }
        let version = NewVersion::first(Kind::Look, person, agency);
        changes.document_put_sent(tx, &version, &LookRecord { by: principal.worker.clone(), at: now })?;
        changes.handle_new(agency, &version);
        Ok(())
    }
}

/// Whoever answers for how the agency uses what it knows is to look at this day of this worker's, once.
fn have_reviewed(
    tx: &mut Snapshot<'_>,
    changes: &mut Changes,
    calendar: &Calendar,
    (agency, day): (&AgencyId, &Day<'_>),
) -> Result<(), Error> {
    if !day.is_first(tx, changes, ("budget/look-reviewed", &[]))? {
        return Ok(());
    }
    let (record, person) = tx.looks_of(agency, day.date);
    let due_at = calendar.end_of(calendar.add_working_days(day.date, REVIEW_WORKING_DAYS));
    changes.task_put(NewTask {
        agency: agency.clone(),
        duty: DutyRole::Privacy,
        holder: None,
        kind: TaskKind::ReviewLooks,
        person,
        record,
        subject: format!("/v1/caseload-checks/report?from={date}&to={date}", date = day.date),
        remind_at: half_way(changes.now(), due_at),
        due_at,
    });
    Ok(())
}

/// Whether a check of the agency's own still counts.
#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
fn has_asked(checks: &Checks, (agency, now): &(AgencyId, Timestamp)) -> Result<(), ()> {
    let mut own = checks.iter().filter(|check| check.custodian == *agency);
    if own.any(|check| check.value.counts_at(*now)) { Ok(()) } else { Err(()) }
}

/// Whether the agency has the person on its caseload with a case manager, for whom a check was needed. An episode alone needs none, and so
/// does not count.
#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
fn works_with(episodes: &Vec<Document<EpisodeRecord>>, agency: &AgencyId) -> Result<(), ()> {
    let mut own = episodes.iter().filter(|episode| episode.custodian == *agency);
    let allocated = own.any(|episode| episode.value.is_open() && episode.value.case_manager.is_some());
    if allocated { Ok(()) } else { Err(()) }
}
