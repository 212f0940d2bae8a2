//! Reoffending (row 31): of twenty leavers of a quarter, drawn by lot, how many had an offence on the police's national computer in the three
//! calendar months after the one in which their case was closed. It is counted once, when the next quarter's scorecard is handed in, and goes
//! nowhere but into the area's figures, where small numbers are left out.
//!
//! **Nobody steers the lot.** The order of the leavers is that of a keyed token of agency, quarter and case: the key was made before any of them
//! came and is in no database; the number of a case is random and was drawn when it was opened. So neither a team nor the police can
//! foresee or choose who is drawn, and the same quarter is drawn alike however often it is tried. Who was drawn is stored nowhere.
//!
//! **Nobody is told who left.** Police tell the number of whomever they know, unasked; of a leaver of whom they told nothing nothing is counted,
//! and the next in the order takes the place. Twenty are counted, or none: a number that says of how many nothing was told would be small.

use std::collections::BTreeSet;

use jiff::civil::time;

use super::codes::{Count, Division, Reoffended};
use super::counts::Counts;
use super::quarter::Quarter;
use crate::calendar::Calendar;
use crate::domain::caseload::model::{CloseCode, EpisodeRecord};
use crate::domain::month::Month;
use crate::domain::offences::model::{OffencesRecord, told_of};
use crate::id::{AgencyId, Handle, PersonId, RecordId};
use crate::journal::sealed::Sealed;
use crate::policy::action::ScorecardSubmit;
use crate::policy::permit::Permit;
use crate::store::record::{ByHandle, Document, Kind};
use crate::store::{Error, Snapshot};

/// How many are drawn (S4).
const DRAWN: u64 = 20;
/// For how many calendar months after the one of leaving it is looked at.
const MONTHS_AFTER: i32 = 3;

/// Somebody whose case was closed in the quarter: who, and in which month.
type Leaver = (PersonId, Month);

/// What is counted of twenty leavers of a quarter; nothing where there are not as many of whom police told.
pub(super) fn count_leavers(
    tx: &mut Snapshot<'_>,
    permit: &Permit<ScorecardSubmit>,
    agency: &AgencyId,
    (quarter, calendar): (Quarter, &Calendar),
) -> Result<Sealed<Counts>, Error> {
    let mut counts = Counts::default();
    let (mut seen, mut drawn) = (BTreeSet::new(), 0_u64);
    for (person, left) in in_order(tx, permit, agency, (quarter, calendar))? {
        if drawn == DRAWN {
            break;
        }
        let cluster: Vec<PersonId> = tx.cluster_of(person)?.persons().collect();
        if cluster.iter().any(|one| seen.contains(one)) {
            continue;
        }
        seen.extend(cluster);
        let told = tx.documents_of_person::<_, OffencesRecord>(permit, person, Kind::OffenceCount)?;
        if told.judge(&left, is_told).is_err() {
            continue;
        }
        let cell = if told.judge(&left, is_none).is_ok() { Reoffended::None } else { Reoffended::Again };
        counts.add(Count::Leavers, &[(Division::Reoffending, cell.code())]);
        drawn = drawn.saturating_add(1);
    }
    Ok(Sealed::new(permit, if drawn == DRAWN { counts } else { Counts::default() }))
}

/// The leavers of a quarter in the order in which they are drawn.
fn in_order(
    tx: &mut Snapshot<'_>,
    permit: &Permit<ScorecardSubmit>,
    agency: &AgencyId,
    (quarter, calendar): (Quarter, &Calendar),
) -> Result<Vec<Leaver>, Error> {
    // A case that was closed in the quarter was written on since its first day.
    let since_us = calendar.moment(quarter.first(), time(0, 0, 0, 0)).as_microsecond();
    let listed = tx.handles_written_since(agency, Kind::Episode, since_us)?;
    let cases = tx.documents_of_handles::<_, EpisodeRecord>(permit, &listed)?;
    let code = quarter.to_string();
    let mut leavers = Vec::new();
    for line in listed {
        let mut months = (0..3).map(|month| Month::of(quarter.first()).later(month));
        let left = |month: &Month| cases.judge(&(line.handle, *month), is_left).is_ok();
        if let Some(month) = months.find(left) {
            let place = tx.leaver_place(agency, &code, RecordId::from_bytes(line.target));
            leavers.push((place, (line.person, month)));
        }
    }
    leavers.sort_unstable_by_key(|(place, _)| *place);
    Ok(leavers.into_iter().map(|(_, leaver)| leaver).collect())
}

/// Whether a case was closed in a month. Who has died is nobody's to ask after.
#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
fn is_left(cases: &ByHandle<EpisodeRecord>, (case, month): &(Handle, Month)) -> Result<(), ()> {
    let case = cases.iter().find(|(of, _)| of == case).map(|(_, case)| &case.value).ok_or(())?;
    let has_died = case.close_code == Some(CloseCode::C6);
    (case.closed_on().map(Month::of) == Some(*month) && !has_died).then_some(()).ok_or(())
}

fn after_leaving(left: Month) -> impl Iterator<Item = Month> {
    (1..=MONTHS_AFTER).map(move |months| left.later(months))
}

/// Whether police told the number of each of the months after leaving.
#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
fn is_told(told: &Vec<Document<OffencesRecord>>, left: &Month) -> Result<(), ()> {
    after_leaving(*left).all(|month| told_of(told, month).is_some()).then_some(()).ok_or(())
}

/// Whether it was none in any of them.
#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
fn is_none(told: &Vec<Document<OffencesRecord>>, left: &Month) -> Result<(), ()> {
    after_leaving(*left).all(|month| told_of(told, month) == Some(0)).then_some(()).ok_or(())
}
