//! What the gateway does by itself while it serves: tasks that nobody did in time go up, referrals that nobody moved expire, broken glass
//! closes, days of an operation that are long past are forgotten, cases that were kept until there was a matching desk come before it, and
//! each agency is asked for its contact and its national return once a month and for its scorecard once a quarter; each step an entry of the
//! log.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::Calendar;
use crate::directory::{Agency, AgencyStatus};
use crate::domain::agency::OwedVerification;
use crate::domain::break_glass::SweepBreakGlass;
use crate::domain::matching::{BringCase, keepers};
use crate::domain::month::Month;
use crate::domain::national::OwedReturn;
use crate::domain::operations::SweepDays;
use crate::domain::referral::ExpireReferral;
use crate::domain::scorecard::{OwedScorecard, Quarter};
use crate::domain::task::{AskFor, Owed, SweepTasks};
use crate::id::AgencyId;
use crate::journal::Journal;
use crate::journal::call::Call;

/// How often tasks are looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Ends and raises what is late, a page at a time, until it is stopped. While nothing can be recorded nothing is raised, and it is tried
/// again.
pub(super) async fn sweep_regularly(
    journal: Journal,
    calendar: Arc<Calendar>,
    (expiry, glass, days): (ExpireReferral, SweepBreakGlass, SweepDays),
) {
    let mut tick = tokio::time::interval(LOOK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let (mut asked, mut reported, mut returned) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut brought = None;
    loop {
        tick.tick().await;
        ask_for_contacts(&journal, &mut asked).await;
        ask_for_scorecards(&journal, &calendar, &mut reported).await;
        ask_for_returns(&journal, &calendar, &mut returned).await;
        bring_cases(&journal, &mut brought).await;
        while journal.referral_waits().await {
            let call = Call::system("expire_referral", journal.directory().epoch());
            if journal.record(call, expiry.clone()).await.is_err() {
                break;
            }
        }
        while journal.glass_waits().await {
            let call = Call::system("sweep_break_glass", journal.directory().epoch());
            if journal.record(call, glass.clone()).await.is_err() {
                break;
            }
        }
        if days.is_due(&journal).await {
            let call = Call::system("sweep_operations_days", journal.directory().epoch());
            if journal.record(call, days.clone()).await.is_err() {
                continue;
            }
        }
        while journal.tasks_wait().await {
            let call = Call::system("sweep_tasks", journal.directory().epoch());
            if journal.record(call, SweepTasks).await.is_err() {
                break;
            }
        }
    }
}

/// Brings cases that others keep before the matching desk, until there is none. Which these are changes with the directory alone, so that
/// they are looked for again when that has changed.
async fn bring_cases(journal: &Journal, brought: &mut Option<i64>) {
    let directory = journal.directory();
    if *brought == Some(directory.epoch()) {
        return;
    }
    let Ok(keepers) = keepers(&directory) else { return };
    while let Some(is_kept) = journal.case_is_kept(keepers.clone()).await {
        if !is_kept {
            *brought = Some(directory.epoch());
            return;
        }
        let call = Call::system("bring_match", directory.epoch());
        if journal.record(call, BringCase(journal.clone())).await.is_err() {
            return;
        }
    }
}

/// Asks each agency for its contact when it is time, once for each time that it was confirmed. After a start it is asked again, and
/// finds the same task.
async fn ask_for_contacts(journal: &Journal, asked: &mut BTreeSet<(AgencyId, Option<Timestamp>)>) {
    let (directory, now) = (journal.directory(), journal.now());
    let waits = |agency: &Agency| {
        agency.status == AgencyStatus::Active
            && agency.agency_type.confirms_entry().is_some()
            && agency.spoc_verification_asked(now).is_some()
    };
    for agency in directory.iter().filter(|agency| waits(agency)) {
        let of = (agency.id.clone(), agency.contact.verified_at);
        if asked.contains(&of) {
            continue;
        }
        if ask(journal, Some(true), "ask_for_verification", OwedVerification { agency: of.0.clone() }).await {
            asked.insert(of);
        }
    }
}

/// Asks each agency that has something to count for the scorecard of the quarter that is over, once. After a start it is looked whether it
/// was asked or has handed it in.
async fn ask_for_scorecards(
    journal: &Journal,
    calendar: &Arc<Calendar>,
    asked: &mut BTreeSet<(AgencyId, Quarter)>,
) {
    let directory = journal.directory();
    let quarter = Quarter::of(calendar.date_of(journal.now())).before();
    let ended = quarter.ends_at(calendar);
    let counts = |agency: &Agency| {
        agency.status == AgencyStatus::Active && agency.agency_type.hands_in_scorecard().is_some()
    };
    for agency in directory.iter().filter(|agency| counts(agency)) {
        let of = (agency.id.clone(), quarter);
        if asked.contains(&of) {
            continue;
        }
        let waits = journal.scorecard_waits(&of.0, quarter.to_string(), ended).await;
        let owed = OwedScorecard { agency: of.0.clone(), quarter, calendar: calendar.clone() };
        if ask(journal, waits, "ask_for_scorecard", owed).await {
            asked.insert(of);
        }
    }
}

/// Asks each team that somebody ticked the box for to make the national return of the month that is over. What was entered late is looked for
/// once a day.
async fn ask_for_returns(
    journal: &Journal,
    calendar: &Arc<Calendar>,
    asked: &mut BTreeSet<(AgencyId, Month, Date)>,
) {
    let directory = journal.directory();
    let today = calendar.date_of(journal.now());
    let month = Month::of(today).later(-1);
    let makes = |agency: &Agency| {
        agency.status == AgencyStatus::Active && agency.agency_type.makes_national_return().is_some()
    };
    asked.retain(|(_, _, on)| *on == today);
    for agency in directory.iter().filter(|agency| makes(agency)) {
        let of = (agency.id.clone(), month, today);
        if asked.contains(&of) {
            continue;
        }
        let waits = journal.national_return_waits(&of.0, month.to_string()).await;
        let owed = OwedReturn { agency: of.0.clone(), month, calendar: calendar.clone() };
        if ask(journal, waits, "ask_for_return", owed).await {
            asked.insert(of);
        }
    }
}

/// Asks an agency for what it owes, where anything waits, as far as that is known. Answers whether it need not be looked at again.
async fn ask<O: Owed>(journal: &Journal, waits: Option<bool>, operation: &'static str, owed: O) -> bool {
    match waits {
        Some(true) => {
            let call = Call::system(operation, journal.directory().epoch());
            journal.record(call, AskFor(owed)).await.is_ok()
        }
        Some(false) => true,
        None => false,
    }
}
