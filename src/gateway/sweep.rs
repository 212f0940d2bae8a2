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
use crate::journal::command::Command;

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
        // One that fails keeps none of the others from being done.
        let done = [
            ask_for_contacts(&journal, &mut asked).await,
            ask_for_scorecards(&journal, &calendar, &mut reported).await,
            ask_for_returns(&journal, &calendar, &mut returned).await,
            bring_cases(&journal, &mut brought).await,
            while_any(&journal, "expire_referral", || journal.referral_waits(), &expiry).await,
            while_any(&journal, "sweep_break_glass", || journal.glass_waits(), &glass).await,
            while_any(&journal, "sweep_operations_days", || days.are_due(&journal), &days).await,
            while_any(&journal, "sweep_tasks", || journal.tasks_wait(), &SweepTasks).await,
        ];
        if done.iter().all(|done| *done) {
            journal.swept();
        }
    }
}

/// Takes a step as long as anything waits for it. Answers whether nothing does any more.
async fn while_any<C, W>(
    journal: &Journal,
    operation: &'static str,
    waits: impl Fn() -> W,
    command: &C,
) -> bool
where
    C: Command + Clone + 'static,
    W: Future<Output = Option<bool>>,
{
    while let Some(waits) = waits().await {
        if !waits {
            return true;
        }
        let call = Call::system(operation, journal.directory().epoch());
        if journal.record(call, command.clone()).await.is_err() {
            break;
        }
    }
    false
}

/// Brings cases that others keep before the matching desk, until there is none. Which these are changes with the directory alone, so that
/// they are looked for again when that has changed. Answers whether there is none.
async fn bring_cases(journal: &Journal, brought: &mut Option<i64>) -> bool {
    let directory = journal.directory();
    if *brought == Some(directory.epoch()) {
        return true;
    }
    // Whoever keeps cases now: if the desk goes meanwhile, nobody does, and none is left.
    let is_kept = || async { journal.case_is_kept(keepers(&journal.directory()).ok()?).await };
    let is_done = while_any(journal, "bring_match", is_kept, &BringCase(journal.clone())).await;
    if is_done {
        *brought = Some(directory.epoch());
    }
    is_done
}

/// Asks each agency for its contact when it is time, once for each time that it was confirmed. After a start it is asked again, and
/// finds the same task. Answers whether nobody has yet to be asked.
async fn ask_for_contacts(journal: &Journal, asked: &mut BTreeSet<(AgencyId, Option<Timestamp>)>) -> bool {
    let mut are_all = true;
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
        } else {
            are_all = false;
        }
    }
    are_all
}

/// Asks each agency that has something to count for the scorecard of the quarter that is over, once. After a start it is looked whether it
/// was asked or has handed it in. Answers as [`ask_for_contacts`].
async fn ask_for_scorecards(
    journal: &Journal,
    calendar: &Arc<Calendar>,
    asked: &mut BTreeSet<(AgencyId, Quarter)>,
) -> bool {
    let mut are_all = true;
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
        } else {
            are_all = false;
        }
    }
    are_all
}

/// Asks each team that somebody ticked the box for to make the national return of the month that is over. What was entered late is looked for
/// once a day. Answers as [`ask_for_contacts`].
async fn ask_for_returns(
    journal: &Journal,
    calendar: &Arc<Calendar>,
    asked: &mut BTreeSet<(AgencyId, Month, Date)>,
) -> bool {
    let mut are_all = true;
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
        } else {
            are_all = false;
        }
    }
    are_all
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
