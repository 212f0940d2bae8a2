//! What a decision of the matching desk brings for checks that waited for it: whoever holds the person by that is asked now.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::ask::put_question;
use super::check::{CheckOutcome, CheckRecord};
use super::elsewhere::{Elsewhere, contributes, has_open, leads};
use super::model::{EpisodeRecord, Part};
use super::times::{Times, contact_by, times_of};
use crate::calendar::Calendar;
use crate::directory::Directory;
use crate::id::{AgencyId, PersonId, RecordId};
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::store::change::{Changes, NewVersion};
use crate::store::record::{Document, Kind};
use crate::store::version::HeldVersion;
use crate::store::{Error, Snapshot};
use crate::vocabulary::EventType;

type Episodes = Vec<Document<EpisodeRecord>>;

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
    /// Whether the check is the latest of an asker that has the person on its caseload.
    is_at_work: bool,
}

/// Puts the checks that were about one of these two to those who have the other one on their caseload, with the change that makes them one:
/// each that found the match uncertain, or was taken apart when they were found to be two, and the latest of each asker that works with the
/// person. An asker that waited and has nobody to wait for any more is told so. Of those who led, one leads from now on, until more is
/// agreed.
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
        let held = tx.custodians_of_person(permit, asked_about, Kind::Episode)?;
        let episodes = tx.documents_of_person::<_, EpisodeRecord>(permit, asked_about, Kind::Episode)?;
        let is_open = |of: &RecordId| episodes.judge(of, has_open).is_ok();
        let at_work: BTreeSet<AgencyId> =
            held.into_iter().filter(|(of, _)| is_open(of)).map(|(_, holder)| holder).collect();
        let checks = tx.versions_of_person(asked_about, Kind::Check)?;
        let latest: BTreeMap<&AgencyId, RecordId> =
            checks.iter().map(|check| (&check.custodian, check.record)).collect();
        for held_check in &checks {
            let asker = &held_check.custodian;
            let holders = Elsewhere::of(tx, permit, asker, held_as)?.holders;
            let check = tx.document_read::<_, CheckRecord>(permit, asker, held_check.record)?;
            let not_asked = holders.iter().filter(|holder| check.judge(*holder, was_asked).is_err());
            let mut late = linked.late(not_asked, asker, now);
            late.is_at_work = at_work.contains(asker) && latest.get(asker) == Some(&held_check.record);
            if let Ok(next) = check.revise(&late, asked_late) {
                let version = held_check.next();
                let is_shown = next.judge(&(), shows_what_was_found).is_ok();
                changes.document_put(tx, &version, &next)?;
                put_late(tx, changes, &version, &late)?;
                if is_shown {
                    tell_asker(tx, changes, held_check)?;
                }
            } else if check.judge(&(), was_uncertain).is_ok() {
                // Who prescribes and has nobody on a caseload is not asked: the next read says that somebody does.
                tell_asker(tx, changes, held_check)?;
            }
        }
    }
    one_leads(tx, permit, changes, linked.people)
}

/// Tells each asker whose check found the match of these two uncertain that it is so no more: the next read says what is left.
///
/// # Errors
/// When the store fails.
pub fn tell_after_difference<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    changes: &mut Changes,
    people: [PersonId; 2],
) -> Result<(), Error> {
    for person in people {
        for held in tx.versions_of_person(person, Kind::Check)? {
            let check = tx.document_read::<_, CheckRecord>(permit, &held.custodian, held.record)?;
            if check.judge(&(), was_uncertain).is_ok() {
                tell_asker(tx, changes, &held)?;
            }
        }
    }
    Ok(())
}

fn tell_asker(tx: &mut Snapshot<'_>, changes: &mut Changes, held: &HeldVersion) -> Result<(), Error> {
    if let Some(theirs) = tx.handle_of(&held.custodian, Kind::Check, held.record.as_bytes())? {
        let subject = format!("/v1/caseload-checks/{theirs}");
        changes.notify(&held.custodian, EventType::CaseloadCheckAnswered, subject);
    }
    Ok(())
}

/// Leaves one of those who led two, who are one now: whose lead was agreed before whose was not, and else whoever has had her for longest.
fn one_leads<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    changes: &mut Changes,
    (one, other): (PersonId, PersonId),
) -> Result<(), Error> {
    let of_one = tx.documents_of_person::<_, EpisodeRecord>(permit, one, Kind::Episode)?;
    let of_other = tx.documents_of_person::<_, EpisodeRecord>(permit, other, Kind::Episode)?;
    let mut leading: Vec<HeldVersion> = Vec::new();
    for (person, episodes) in [(one, &of_one), (other, &of_other)] {
        let held = tx.versions_of_person(person, Kind::Episode)?;
        leading.extend(held.into_iter().filter(|held| episodes.judge(&held.record, leads).is_ok()));
    }
    let records: Vec<RecordId> = leading.iter().map(|held| held.record).collect();
    let stays = of_one.with(of_other).pick(&records, leads_on);
    for (at, held) in leading.iter().enumerate() {
        if Some(at) != stays {
            contributes(tx, permit, changes, held)?;
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
            is_at_work: false,
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

fn was_asked(check: &Document<CheckRecord>, holder: &AgencyId) -> Result<(), ()> {
    if check.value.asked().contains(holder) { Ok(()) } else { Err(()) }
}

/// Where somebody answers live, nothing shows until all have answered or the time is over.
fn shows_what_was_found(check: &CheckRecord, (): &()) -> Result<(), ()> {
    if check.live.is_empty() { Ok(()) } else { Err(()) }
}

fn was_uncertain(check: &Document<CheckRecord>, (): &()) -> Result<(), ()> {
    if check.value.outcome == CheckOutcome::Possible {
        shows_what_was_found(&check.value, &())
    } else {
        Err(())
    }
}

/// Which of these records is that of whoever leads on.
#[allow(clippy::ptr_arg, reason = "the form of a rule on what is sealed")]
fn leads_on(episodes: &(Episodes, Episodes), records: &Vec<RecordId>) -> Option<usize> {
    let (of_one, of_other) = episodes;
    let rank = |record: &RecordId| {
        let episode = of_one.iter().chain(of_other).find(|episode| episode.record == *record)?;
        Some((episode.value.part != Part::Lead, episode.value.recorded_at))
    };
    let ranked = records.iter().enumerate().filter_map(|(at, record)| Some((rank(record)?, at)));
    ranked.min().map(|(_, at)| at)
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
    let CheckRecord { outcome, undecided, parted, .. } = check.value;
    let waits = outcome == CheckOutcome::Possible || undecided || parted || late.is_at_work;
    if !waits || late.holders.is_empty() {
        return Err(());
    }
    let mut next = check.value.clone();
    next.version = next.version.saturating_add(1);
    next.outcome = CheckOutcome::Held;
    next.undecided = false;
    next.parted = false;
    next.times.extend(late.holders.iter().cloned());
    next.holders.extend(late.holders.iter().map(|(holder, _)| holder.clone()));
    next.answer_due = next.answer_due.max(late.answer_due);
    Ok(next)
}
