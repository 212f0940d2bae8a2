//! Counting what an agency holds: a walk through each kind of its records, a page at a time, on the snapshot of the request itself.

use std::collections::BTreeMap;

use jiff::civil::time;
use serde::de::DeserializeOwned;

use super::codes::Sender;
use super::quarter::Quarter;
use super::tally::{
    OF_A_RECORD, Tally, assessments, breaches, care_plans, contacts, episodes, inbounds, records, referrals,
    scripts,
};
use crate::calendar::Calendar;
use crate::directory::Directory;
use crate::identity::principal::Principal;
use crate::journal::disclosure::Rejection;
use crate::journal::sealed::Sealed;
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::record::{Document, Kind};
use crate::store::tally::{BEGINNING, Walk, WalkPage, WalkPlace, Whose};

/// How many pages of one kind a report looks through: beyond it nobody would wait for the answer, and half of a count is none.
const PAGES: usize = 250;

/// Counts what the asking agency holds, for each of these quarters.
///
/// # Errors
/// When the database fails, or the agency has more records than one report looks through.
pub(super) fn count<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    principal: &Principal,
    (directory, calendar): (&Directory, &Calendar),
    (first, last): (Quarter, Quarter),
) -> Result<Sealed<Tally>, Rejection> {
    let agency = &principal.agency;
    let senders: BTreeMap<_, _> =
        directory.iter().map(|agency| (agency.id.clone(), Sender::of(agency.agency_type))).collect();
    let holder = (agency, principal.agency_type);
    let tally = Tally::new(holder, senders, calendar.clone(), first.until(last));
    // What was not written on since the first day has nothing of these quarters in it, but for a case that is still there.
    let since_us = calendar.moment(first.first(), time(0, 0, 0, 0)).as_microsecond();
    let of = |kind, whose| Walk { agency, kind, whose, since_us };
    let cases = Walk { since_us: i64::MIN, ..of(Kind::Episode, Whose::Own) };
    let mut tally = Sealed::new(permit, tally);
    tally = walked(tx, permit, cases, tally, episodes)?;
    tally = walked(tx, permit, of(Kind::CarePlan, Whose::Own), tally, care_plans)?;
    tally = walked(tx, permit, of(Kind::Referral, Whose::Received), tally, referrals)?;
    tally = walked(tx, permit, of(Kind::InboundReferral, Whose::Own), tally, inbounds)?;
    tally = walked(tx, permit, of(Kind::Assessment, Whose::Any), tally, assessments)?;
    tally = walked(tx, permit, of(Kind::Script, Whose::Own), tally, scripts)?;
    tally = walked(tx, permit, of(Kind::OutreachContact, Whose::Own), tally, contacts)?;
    tally = walked(tx, permit, of(Kind::Breach, Whose::Own), tally, breaches)?;
    let (looked_at, dirs) = (OF_A_RECORD.into_iter().collect(), of(Kind::Dir, Whose::Own));
    by_page(tx, tally, records, |tx, after| tx.walk_segments(permit, dirs, after, looked_at))
}

fn walked<A: Action, T: DeserializeOwned>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    walk: Walk<'_>,
    tally: Sealed<Tally>,
    counted: fn((Tally, Vec<Document<T>>)) -> Tally,
) -> Result<Sealed<Tally>, Rejection> {
    by_page(tx, tally, counted, |tx, after| tx.walk_documents(permit, walk, after))
}

fn by_page<T>(
    tx: &mut Snapshot<'_>,
    mut tally: Sealed<Tally>,
    counted: fn((Tally, Vec<T>)) -> Tally,
    page: impl Fn(&mut Snapshot<'_>, WalkPlace) -> Result<WalkPage<T>, crate::store::Error>,
) -> Result<Sealed<Tally>, Rejection> {
    let mut after = BEGINNING;
    for _ in 0..PAGES {
        let (records, next) = page(tx, after)?;
        tally = tally.with(records).map(counted);
        match next {
            Some(next) => after = next,
            None => return Ok(tally),
        }
    }
    Err(Problem::because(ProblemType::UnprocessableDocument, "too-many-records").into())
}
