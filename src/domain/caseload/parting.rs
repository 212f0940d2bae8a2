//! Two who were taken for one are two again: each of them has somebody who leads, as far as anybody works with her, and nobody waits for
//! who works with the other.

use std::collections::BTreeSet;

use super::ask::put_question;
use super::check::{CheckOutcome, CheckRecord};
use super::elsewhere::{has_open, is_undecided, leads};
use super::episode_codes::Part;
use super::model::EpisodeRecord;
use super::times::{Times, asked_live, times_of};
use crate::calendar::Calendar;
use crate::directory::Directory;
use crate::id::{AgencyId, PersonId};
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::store::change::Changes;
use crate::store::record::{Document, Kind};
use crate::store::version::HeldVersion;
use crate::store::{Error, Snapshot};
use crate::vocabulary::TaskKind;

/// Two parts of those who were one until this change.
pub struct Parted<'p> {
    /// Who are one from now on.
    pub parts: &'p [BTreeSet<PersonId>; 2],
    /// When an answer is due.
    pub calendar: &'p Calendar,
    /// Who takes part.
    pub directory: &'p Directory,
}

/// Who is left of those whom a check asked.
struct Left {
    /// Who has her on the caseload.
    holders: BTreeSet<AgencyId>,
    /// Who answers live, whoever it is about.
    live: Vec<AgencyId>,
    /// Whether it is open whether somebody else has her.
    undecided: bool,
}

/// Takes apart what the caseloads of the two had to do with each other.
///
/// # Errors
/// When the store fails.
pub fn part_caseloads<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    changes: &mut Changes,
    parted: &Parted<'_>,
) -> Result<(), Error> {
    let Some(&person) = parted.parts.iter().flatten().next() else { return Ok(()) };
    let held = tx.versions_of_person(person, Kind::Episode)?;
    let episodes = tx.documents_of_person::<_, EpisodeRecord>(permit, person, Kind::Episode)?;
    let checks = tx.versions_of_person(person, Kind::Check)?;
    for part in parted.parts {
        let is_open = |held: &&HeldVersion| episodes.judge(&held.record, has_open).is_ok();
        let open: Vec<&HeldVersion> =
            held.iter().filter(|held| part.contains(&held.person)).filter(is_open).collect();
        let is_led = open.iter().any(|held| episodes.judge(&held.record, leads).is_ok());
        if let Some(first) = open.first().filter(|_| !is_led) {
            // Who led works with the other: whoever has had her for longest leads until more is agreed.
            let episode = tx.document_read::<_, EpisodeRecord>(permit, &first.custodian, first.record)?;
            changes.document_put(tx, &first.next(), &episode.revise(&(), leads_for_now)?)?;
        }
        let holders: BTreeSet<AgencyId> = open.iter().map(|held| held.custodian.clone()).collect();
        for check in checks.iter().filter(|check| part.contains(&check.person)) {
            parted.part_check(tx, permit, changes, check, &holders)?;
        }
    }
    Ok(())
}

impl Parted<'_> {
    /// A check goes on with those who have the person on the caseload about whom it was asked.
    fn part_check<A: Action>(
        &self,
        tx: &mut Snapshot<'_>,
        permit: &Permit<A>,
        changes: &mut Changes,
        held: &HeldVersion,
        holders: &BTreeSet<AgencyId>,
    ) -> Result<(), Error> {
        let check = tx.document_read::<_, CheckRecord>(permit, &held.custodian, held.record)?;
        let left = Left {
            holders: holders.iter().filter(|holder| **holder != held.custodian).cloned().collect(),
            live: asked_live(self.directory, &held.custodian),
            undecided: is_undecided(tx, permit, &held.custodian, held.person)?,
        };
        let Ok(next) = check.revise(&left, without_the_others) else { return Ok(()) };
        let version = held.next();
        changes.document_put(tx, &version, &next)?;
        for holder in self.directory.iter().filter(|holder| check.judge(&holder.id, was_found).is_ok()) {
            if next.judge(&holder.id, was_found).is_ok() {
                continue;
            }
            if next.judge(&holder.id, awaits).is_err() {
                changes.task_lapse(&holder.id, TaskKind::AnswerCaseloadCheck, held.record);
            } else if check.judge(&holder.id, awaits).is_err() {
                let times: Times = times_of(holder, changes.now(), self.calendar);
                let id =
                    changes.handle_for(tx, &holder.id, Kind::Check, held.record.as_bytes(), held.person)?;
                put_question(changes, &version, (&holder.id, id), times);
            }
        }
        Ok(())
    }
}

fn leads_for_now(episode: &Document<EpisodeRecord>, (): &()) -> Result<EpisodeRecord, Error> {
    let version = episode.value.version.saturating_add(1);
    Ok(EpisodeRecord { version, part: Part::ProvisionalLead, ..episode.value.clone() })
}

/// What those answered who work with the other was about the other. Whoever answers live is asked about anybody, and stays asked.
fn without_the_others(check: &Document<CheckRecord>, left: &Left) -> Result<CheckRecord, ()> {
    let mut next = check.value.clone();
    let (stay, gone): (Vec<AgencyId>, Vec<AgencyId>) =
        check.value.holders.iter().cloned().partition(|holder| left.holders.contains(holder));
    if gone.is_empty() {
        return Err(());
    }
    let (live, gone): (Vec<AgencyId>, Vec<AgencyId>) =
        gone.into_iter().partition(|holder| left.live.contains(holder));
    let is_void = |by: &AgencyId, holds: bool| gone.contains(by) || (live.contains(by) && holds);
    next.answers.retain(|answered| !is_void(&answered.by.0, answered.given.answer.holds()));
    next.times.retain(|(of, _)| !gone.contains(of));
    next.holders = stay;
    next.live.extend(live.into_iter().filter(|id| !check.value.live.contains(id)));
    next.undecided |= left.undecided;
    if next.outcome == CheckOutcome::Held {
        next.outcome = CheckOutcome::from_findings(!next.holders.is_empty(), left.undecided);
    }
    next.parted = true;
    next.version = next.version.saturating_add(1);
    Ok(next)
}

fn was_found(check: &impl AsCheck, holder: &AgencyId) -> Result<(), ()> {
    if check.check().holders.contains(holder) { Ok(()) } else { Err(()) }
}

fn awaits(check: &impl AsCheck, holder: &AgencyId) -> Result<(), ()> {
    if check.check().awaits(holder) { Ok(()) } else { Err(()) }
}

/// A check, as it was read or as it is written.
trait AsCheck {
    fn check(&self) -> &CheckRecord;
}

impl AsCheck for Document<CheckRecord> {
    fn check(&self) -> &CheckRecord {
        &self.value
    }
}

impl AsCheck for CheckRecord {
    fn check(&self) -> &CheckRecord {
        self
    }
}
