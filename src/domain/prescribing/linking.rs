//! Scripts of two who turn out to be one: the agencies that prescribe for her beside each other learn of it with the change that makes her
//! one.

use jiff::Timestamp;
use jiff::civil::Date;

use super::board::Board;
use super::conflict::ConflictRecord;
use super::overlap::{Overlap, Papers, agreed_until, found, live_conflict, overlap};
use super::script::ScriptRecord;
use super::telling::Written;
use crate::calendar::Calendar;
use crate::id::{PersonId, RecordId};
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
            sides: &sides,
            mover: None,
            calendar,
        };
        written.tell(tx, changes)?;
    }
    Ok(())
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
    if is_known || overlap(opener, other, beside.today) == Overlap::None {
        return Err(());
    }
    let conflict = match was_two_people(papers, beside) {
        Some(settled) => settled.value.reopened(),
        None => found(beside.new, (opener, other), beside.at),
    };
    // A bridge may have been agreed on by voice, of two who were thought to be two.
    Ok(ConflictRecord { bridged_until: agreed_until(opener, other), ..conflict })
}
