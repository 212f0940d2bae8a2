//! Scripts of two who turn out to be one, or of one who turns out to be two: the agencies that prescribe beside each other learn of it with
//! the change that makes it so.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use super::board::Board;
use super::conflict::ConflictRecord;
use super::overlap::{Overlap, Papers, agreed_until, as_if_running, found, live_conflict, overlap};
use super::script::ScriptRecord;
use super::telling::{Side, Written};
use crate::calendar::Calendar;
use crate::id::{AgencyId, PersonId, RecordId, WorkerId};
use crate::journal::sealed::Sealed;
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::store::change::{Changes, NewVersion};
use crate::store::record::{Document, Kind};
use crate::store::version::HeldVersion;
use crate::store::{Error, Snapshot};

/// The papers of two people who are not yet one in what is read.
type Both = (Papers, Papers);

/// A script of each of the two.
struct Beside {
    opener: RecordId,
    other: RecordId,
    /// The id of a conflict that begins.
    new: RecordId,
    at: Timestamp,
    today: Date,
}

/// Begins a conflict between each two scripts that run beside each other now that these two are one, and tells both sides. One that was
/// settled because they were two is open again.
///
/// # Errors
/// When the store fails.
pub fn tell_of_scripts_after_link<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    changes: &mut Changes,
    (one, other): (PersonId, PersonId),
    calendar: &Calendar,
) -> Result<(), Error> {
    let (at, today) = (changes.now(), calendar.date_of(changes.now()));
    let (ones, others) = (Board::read(tx, permit, one)?, Board::read(tx, permit, other)?);
    let papers = ones.papers.with(others.papers);
    let conflicts: Vec<&HeldVersion> = ones.conflicts.iter().chain(&others.conflicts).collect();
    let pairs = ones.scripts.iter().flat_map(|one| others.scripts.iter().map(move |other| (one, other)));
    for (one, other) in pairs {
        let of = |opener: &HeldVersion, other: &HeldVersion| {
            let new = RecordId::random();
            Beside { opener: opener.record, other: other.record, new, at, today }
        };
        // Whoever began later is the one whose step it would have been.
        let is_turned = papers.judge(&of(one, other), began_later).is_err();
        let (opener, other) = if is_turned { (other, one) } else { (one, other) };
        let beside = of(opener, other);
        let Ok(conflict) = papers.revise(&beside, after_link) else { continue };
        let settled =
            conflicts.iter().find(|held| papers.judge(&(&beside, held.record), was_settled).is_ok());
        let version = match settled {
            Some(held) => held.next(),
            None => NewVersion {
                record: beside.new,
                ..NewVersion::first(Kind::Conflict, opener.person, &opener.custodian)
            },
        };
        changes.document_put(tx, &version, &conflict)?;
        let sides = [(&opener.custodian, opener.person), (&other.custodian, other.person)];
        let written = Written {
            record: version.record,
            conflict: &conflict,
            is_new: settled.is_none(),
            was_open: false,
            sides: &sides,
            mover: None,
            calendar,
        };
        written.tell(tx, changes)?;
    }
    Ok(())
}

/// Opens again what both sides settled because they were two, between each two of whom it is now answered that they are one, though somebody
/// doubted it.
///
/// # Errors
/// When the store fails.
pub fn reopen_scripts_after_doubt<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    changes: &mut Changes,
    person: PersonId,
    is_answered: &dyn Fn(PersonId, PersonId) -> bool,
    calendar: &Calendar,
) -> Result<(), Error> {
    let board = Board::read(tx, permit, person)?;
    for held in &board.conflicts {
        let Some(sides) = sides_of(&board, held) else { continue };
        let [(_, one), (_, other)] = sides;
        if !is_answered(one, other) {
            continue;
        }
        if let Ok(next) = board.papers.revise(&held.record, after_doubt) {
            write(tx, changes, (held, &sides), &next, calendar)?;
        }
    }
    Ok(())
}

/// Settles each conflict between a script of the one part and a script of the other: these are two people's. Both sides are told, and have
/// nothing to do about it any more.
///
/// # Errors
/// When the store fails.
pub fn settle_scripts_after_parting<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    changes: &mut Changes,
    parts: &[BTreeSet<PersonId>; 2],
    by: &(AgencyId, WorkerId),
    calendar: &Calendar,
) -> Result<(), Error> {
    let [low, high] = parts;
    let Some(&person) = low.first() else { return Ok(()) };
    let board = Board::read(tx, permit, person)?;
    for held in &board.conflicts {
        let Some(sides) = sides_of(&board, held) else { continue };
        let [(_, one), (_, other)] = sides;
        let are_apart =
            low.contains(&one) && high.contains(&other) || low.contains(&other) && high.contains(&one);
        if !are_apart {
            continue;
        }
        if let Ok(next) = board.papers.revise(&(held.record, by.clone(), changes.now()), after_parting) {
            write(tx, changes, (held, &sides), &next, calendar)?;
        }
    }
    Ok(())
}

/// The two sides of a conflict, as long as both have their scripts still.
fn sides_of<'b>(board: &'b Board, conflict: &HeldVersion) -> Option<[Side<'b>; 2]> {
    let is_side =
        |script: &&HeldVersion| board.papers.judge(&(conflict.record, script.record), is_side_of).is_ok();
    let mut sides = board.scripts.iter().filter(is_side).map(|script| (&script.custodian, script.person));
    Some([sides.next()?, sides.next()?])
}

fn write(
    tx: &mut Snapshot<'_>,
    changes: &mut Changes,
    (held, sides): (&HeldVersion, &[Side<'_>]),
    conflict: &Sealed<ConflictRecord>,
    calendar: &Calendar,
) -> Result<(), Error> {
    changes.document_put(tx, &held.next(), conflict)?;
    let (is_new, was_open) = (false, false);
    let written = Written { record: held.record, conflict, is_new, was_open, sides, mover: None, calendar };
    written.tell(tx, changes)
}

fn conflict((_, conflicts): &Papers, record: RecordId) -> Option<&ConflictRecord> {
    conflicts.iter().find(|conflict| conflict.record == record).map(|conflict| &conflict.value)
}

fn is_side_of(papers: &Papers, (record, script): &(RecordId, RecordId)) -> Result<(), ()> {
    let conflict = conflict(papers, *record).ok_or(())?;
    if [conflict.opener.script, conflict.other.script].contains(script) { Ok(()) } else { Err(()) }
}

/// A conflict that was none because they were two, as long as neither script has ended: a start that waits counts like one that was made.
fn after_doubt(papers: &Papers, record: &RecordId) -> Result<ConflictRecord, ()> {
    let settled = conflict(papers, *record).filter(|conflict| conflict.is_false_match()).ok_or(())?;
    let script = |record| papers.0.iter().find(|script| script.record == record).map(|script| &script.value);
    let (opener, other) = script(settled.opener.script).zip(script(settled.other.script)).ok_or(())?;
    if !(opener.is_open() && other.is_open()) {
        return Err(());
    }
    Ok(ConflictRecord { bridged_until: agreed_until(opener, other), ..settled.reopened() })
}

fn after_parting(
    papers: &Papers,
    (record, by, at): &(RecordId, (AgencyId, WorkerId), Timestamp),
) -> Result<ConflictRecord, ()> {
    let conflict = conflict(papers, *record).filter(|conflict| !conflict.is_over()).ok_or(())?;
    Ok(conflict.parted(by.clone(), *at))
}

fn script(papers: &Both, record: RecordId) -> Option<&ScriptRecord> {
    let (ones, others) = papers;
    ones.0.iter().chain(&others.0).find(|script| script.record == record).map(|script| &script.value)
}

/// Whether the opener's script began no earlier than the other.
fn began_later(papers: &Both, beside: &Beside) -> Result<(), ()> {
    let began = |record| script(papers, record).and_then(|script| script.started_on);
    if began(beside.opener) >= began(beside.other) { Ok(()) } else { Err(()) }
}

/// The conflict between the two scripts that both sides settled because they were two people's.
fn was_two_people<'p>(papers: &'p Both, beside: &Beside) -> Option<&'p Document<ConflictRecord>> {
    let (ones, others) = papers;
    ones.1.iter().chain(&others.1).find(|conflict| {
        conflict.value.is_between(beside.opener, beside.other) && conflict.value.is_false_match()
    })
}

/// Whether this is that conflict.
fn was_settled(papers: &Both, (beside, record): &(&Beside, RecordId)) -> Result<(), ()> {
    let settled = was_two_people(papers, beside).map(|conflict| conflict.record);
    if settled == Some(*record) { Ok(()) } else { Err(()) }
}

/// The conflict that is to be recorded, if there is one of which nobody knows.
fn after_link(papers: &Both, beside: &Beside) -> Result<ConflictRecord, ()> {
    let opener = script(papers, beside.opener).ok_or(())?;
    let other = script(papers, beside.other).ok_or(())?;
    let is_known = [&papers.0, &papers.1]
        .iter()
        .any(|(_, conflicts)| live_conflict(conflicts, beside.opener, beside.other).is_some());
    let settled = was_two_people(papers, beside);
    // What was settled because they were two would let a start that waits go on unseen.
    let overlap = match settled {
        Some(_) => overlap(&as_if_running(opener), &as_if_running(other), beside.today),
        None => overlap(opener, other, beside.today),
    };
    if is_known || overlap == Overlap::None {
        return Err(());
    }
    let conflict = match settled {
        Some(settled) => settled.value.reopened(),
        None => found(beside.new, (opener, other), beside.at),
    };
    // A bridge may have been agreed on by voice, of two who were thought to be two.
    Ok(ConflictRecord { bridged_until: agreed_until(opener, other), ..conflict })
}
