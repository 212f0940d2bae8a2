//! What a decision of the matching desk brings for checks that waited for it: whoever holds the person by that is asked now.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::ask::put_question;
use super::check::{CheckOutcome, CheckRecord};
use super::elsewhere::{Elsewhere, has_open};
use super::model::EpisodeRecord;
use super::times::{Times, contact_by, times_of};
use crate::calendar::Calendar;
use crate::directory::Directory;
use crate::id::{AgencyId, PersonId};
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::store::change::{Changes, NewVersion};
use crate::store::record::{Document, Kind};
use crate::store::version::HeldVersion;
use crate::store::{Error, Snapshot};

/// Two people who are one from this change on.
pub struct Linked<'a> {
    /// The two.
    pub people: (PersonId, PersonId),
    /// When an answer is due.
    pub calendar: &'a Calendar,
    /// Who takes part.
    pub directory: &'a Directory,
}

/// Who is asked late, and by when they answer.
struct AskedLate {
    holders: Vec<(AgencyId, Times)>,
    answer_due: Timestamp,
}

/// Puts each check that found the match of these two uncertain, or that was about one of them when they were found to be two, to those who have the other one on their caseload, with the change
/// that makes them one. Where they are found to be two, nothing is written: the next read of the check says what is left.
///
/// # Errors
/// When the store fails.
pub fn ask_after_link<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    changes: &mut Changes,
    linked: &Linked<'_>,
) -> Result<(), Error> {
    let now = changes.now();
    let (one, other) = linked.people;
    for (asked_about, held_as) in [(one, other), (other, one)] {
        for (record, asker) in tx.custodians_of_person(permit, asked_about, Kind::Check)? {
            let holders = Elsewhere::of(tx, permit, &asker, held_as)?.holders;
            let check = tx.document_read::<_, CheckRecord>(permit, &asker, record)?;
            let late = linked.late(
                holders.iter().filter(|holder| check.judge(*holder, was_found).is_err()),
                &asker,
                now,
            );
            if let Ok(next) = check.revise(&late, asked_late) {
                let version = tx.next_version(record, Kind::Check, asked_about, &asker)?;
                changes.document_put(tx, &version, &next)?;
                put_late(tx, changes, &version, &late)?;
            }
        }
    }
    Ok(())
}

/// Asks a holder again who answered that somebody is not its client, where it is answered that she is one with who is: the desk found that
/// they are one, though that was doubted.
///
/// # Errors
/// When the store fails.
pub fn ask_again_after_doubt<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    changes: &mut Changes,
    linked: &Linked<'_>,
    is_answered: &dyn Fn(PersonId, PersonId) -> bool,
) -> Result<(), Error> {
    let (person, _) = linked.people;
    let held = tx.versions_of_person(person, Kind::Episode)?;
    let episodes = tx.documents_of_person::<_, EpisodeRecord>(permit, person, Kind::Episode)?;
    // Of an agency's checks the latest counts.
    let checks: BTreeMap<AgencyId, HeldVersion> = tx
        .versions_of_person(person, Kind::Check)?
        .into_iter()
        .map(|check| (check.custodian.clone(), check))
        .collect();
    for (asker, held_check) in &checks {
        let is_theirs = |held: &&HeldVersion| {
            held.custodian != *asker
                && is_answered(held_check.person, held.person)
                && episodes.judge(&held.record, has_open).is_ok()
        };
        let holders: BTreeSet<&AgencyId> =
            held.iter().filter(is_theirs).map(|held| &held.custodian).collect();
        let check = tx.document_read::<_, CheckRecord>(permit, asker, held_check.record)?;
        let denied = holders.into_iter().filter(|holder| check.judge(*holder, has_denied).is_ok());
        let late = linked.late(denied, asker, changes.now());
        if let Ok(next) = check.revise(&late, asked_again) {
            let version = held_check.next();
            changes.document_put(tx, &version, &next)?;
            put_late(tx, changes, &version, &late)?;
        }
    }
    Ok(())
}

impl Linked<'_> {
    fn late<'h>(
        &self,
        holders: impl IntoIterator<Item = &'h AgencyId>,
        asker: &AgencyId,
        now: Timestamp,
    ) -> AskedLate {
        let times_of = |id: &AgencyId| {
            let known = self.directory.agency(id);
            known.map(|holder| (id.clone(), times_of(holder, now, self.calendar)))
        };
        AskedLate {
            holders: holders.into_iter().filter_map(times_of).collect(),
            answer_due: contact_by(self.directory, asker, now, self.calendar),
        }
    }
}

fn put_late(
    tx: &mut Snapshot<'_>,
    changes: &mut Changes,
    version: &NewVersion,
    late: &AskedLate,
) -> Result<(), Error> {
    for (holder, times) in &late.holders {
        let id = changes.handle_for(tx, holder, Kind::Check, version.record.as_bytes(), version.person)?;
        put_question(changes, version, (holder, id), *times);
    }
    Ok(())
}

fn was_found(check: &Document<CheckRecord>, holder: &AgencyId) -> Result<(), ()> {
    if check.value.holders.contains(holder) { Ok(()) } else { Err(()) }
}

fn has_denied(check: &Document<CheckRecord>, holder: &AgencyId) -> Result<(), ()> {
    if check.value.answer_of(holder).is_some_and(|given| !given.answer.holds()) { Ok(()) } else { Err(()) }
}

/// What they answered stays in the version before.
fn asked_again(check: &Document<CheckRecord>, late: &AskedLate) -> Result<CheckRecord, ()> {
    if late.holders.is_empty() {
        return Err(());
    }
    let mut next = check.value.clone();
    let is_late = |id: &AgencyId| late.holders.iter().any(|(holder, _)| holder == id);
    next.answers.retain(|answered| !is_late(&answered.by.0));
    next.live.retain(|live| !is_late(live));
    next.times.retain(|(of, _)| !is_late(of));
    next.times.extend(late.holders.iter().cloned());
    next.holders.retain(|holder| !is_late(holder));
    next.holders.extend(late.holders.iter().map(|(holder, _)| holder.clone()));
    next.outcome = CheckOutcome::Held;
    next.answer_due = next.answer_due.max(late.answer_due);
    next.version = next.version.saturating_add(1);
    Ok(next)
}

fn asked_late(check: &Document<CheckRecord>, late: &AskedLate) -> Result<CheckRecord, ()> {
    let waits = check.value.outcome == CheckOutcome::Possible || check.value.parted;
    if !waits || late.holders.is_empty() {
        return Err(());
    }
    let mut next = check.value.clone();
    next.version = next.version.saturating_add(1);
    next.outcome = CheckOutcome::Held;
    next.parted = false;
    next.live.retain(|live| late.holders.iter().all(|(holder, _)| holder != live));
    next.times.retain(|(of, _)| late.holders.iter().all(|(holder, _)| holder != of));
    next.times.extend(late.holders.iter().cloned());
    next.holders.extend(late.holders.iter().map(|(holder, _)| holder.clone()));
    next.answer_due = next.answer_due.max(late.answer_due);
    Ok(next)
}
