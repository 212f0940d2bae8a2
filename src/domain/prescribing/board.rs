//! All that is prescribed to a person, closed under a permit, and what a step of one script changes on it: one transaction.

use std::sync::Arc;

use jiff::civil::Date;

use super::telling::{Written, is_open_on};
use crate::calendar::Calendar;
use crate::directory::{AgencyStatus, Directory};
use crate::domain::fault::FieldFault;
use crate::id::{AgencyId, Handle, PersonId, RecordId};
use crate::journal::sealed::Sealed;
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::store::change::{Changes, NewVersion};
use crate::store::record::{Document, Kind};
use crate::store::version::HeldVersion;
use crate::store::{Error, Snapshot};

use super::codes::{ConflictOutcome, ConflictTransition, EndReason, ScriptState, ScriptTransition};
use super::conflict::{ConflictRecord, ConflictStep, InvalidConflictStep, Party};
use super::overlap::{Overlap, Papers, Step, conflict_after, is_false_match, live_conflict, overlap};
use super::script::{ScriptOpened, ScriptOrigin, ScriptRecord, ScriptStep};
use super::states::{Effect, InvalidScriptStep, Taking, apply, settle};

/// What was dispensed already is not held up, and nobody is to believe that it was not: a clinician says why.
const UNSAID: FieldFault = FieldFault {
    field: "clinical_reason",
    rule: "required, with a reason: another script runs, and the first day has passed",
};

/// The scripts of a person at all agencies, and the conflicts between them.
pub(super) struct Board {
    /// The scripts, oldest first.
    pub(super) scripts: Vec<HeldVersion>,
    /// The conflicts, oldest first.
    pub(super) conflicts: Vec<HeldVersion>,
    /// What they say.
    pub(super) papers: Sealed<Papers>,
}

/// What happens to one script.
#[derive(Clone)]
pub(super) enum Move {
    /// It is opened.
    Open(ScriptOpened, ScriptOrigin),
    /// A step of it is taken.
    Step(RecordId, ScriptTransition, ScriptStep),
    /// A conflict of it is settled.
    Settle(RecordId, Settling),
}

/// The step by which a conflict is settled.
#[derive(Clone)]
pub(super) struct Settling {
    pub(super) conflict: RecordId,
    pub(super) transition: ConflictTransition,
    pub(super) step: ConflictStep,
    /// Says whether the other side still takes part.
    pub(super) directory: Arc<Directory>,
}

impl Settling {
    /// The conflict as it is after the step.
    pub(super) fn take(
        &self,
        conflict: &ConflictRecord,
        party: &Party,
    ) -> Result<ConflictRecord, InvalidConflictStep> {
        let other = self.directory.agency(&conflict.side_beside(&party.by.0).agency);
        if other.is_some_and(|other| other.status == AgencyStatus::Active) {
            conflict.step(self.transition, &self.step, party)
        } else {
            conflict.step_alone(self.transition, &self.step, party)
        }
    }
}

/// A move, who makes it, and whether it would let the script run beside another.
pub(super) struct Making {
    pub(super) of: Move,
    pub(super) party: Party,
    pub(super) taking: Taking,
}

/// What came of a move.
pub(super) struct Made {
    /// What the mover calls the conflict that the move brought about or opened again, if it did.
    pub(super) conflict: Option<Handle>,
    /// The script as it is now.
    pub(super) script: Sealed<ScriptRecord>,
}

/// One of the other scripts beside a move, with the id of the conflict that may be found.
struct Beside<'m> {
    making: &'m Making,
    other: RecordId,
    conflict: Option<RecordId>,
    new: RecordId,
}

impl Board {
    /// Reads it: as many statements, whatever there is.
    pub(super) fn read<A: Action>(
        tx: &mut Snapshot<'_>,
        permit: &Permit<A>,
        person: PersonId,
    ) -> Result<Self, Error> {
        let scripts = tx.versions_of_person(person, Kind::Script)?;
        let conflicts = tx.versions_of_person(person, Kind::Conflict)?;
        let papers = tx.documents_of_person(permit, person, Kind::Script)?.with(tx.documents_of_person(
            permit,
            person,
            Kind::Conflict,
        )?);
        Ok(Self { scripts, conflicts, papers })
    }

    /// Makes a move, with all conflicts that it begins, changes or ends, and tells their other sides.
    ///
    /// # Errors
    /// When the state or a guard forbids it, or the store fails.
    pub(super) fn make(
        &self,
        tx: &mut Snapshot<'_>,
        changes: &mut Changes,
        calendar: &Calendar,
        version: &NewVersion,
        making: &mut Making,
    ) -> Result<Result<Made, InvalidScriptStep>, Error> {
        let agency = version.custodian.clone();
        let others: Vec<&HeldVersion> = self.scripts.iter().filter(|held| held.custodian != agency).collect();
        for other in &others {
            let beside = Beside { making, other: other.record, conflict: None, new: version.record };
            let clashes = self.papers.judge(&beside, would_not_clash).is_err();
            let is_new = clashes && self.live(making, other.record).is_none();
            making.taking.is_beside_another |= clashes;
            making.taking.is_new_conflict |= is_new;
        }
        let script = match self.papers.revise(making, after) {
            Ok(script) => script,
            Err(invalid) => return Ok(Err(invalid)),
        };
        changes.document_put(tx, version, &script)?;
        let mut conflict = None;
        for other in others {
            let new = NewVersion::first(Kind::Conflict, version.person, &agency);
            let beside = Beside { making, other: other.record, conflict: None, new: new.record };
            let live = self.live(making, other.record);
            if self.papers.judge(&beside, is_unchanged).is_ok() {
                continue;
            }
            let next = self.papers.revise(&beside, with_conflict)?;
            let was_open = live.is_some_and(|held| {
                self.papers.judge(&(held.record, making.party.today), stands_open).is_ok()
            });
            let of_conflict = live.map_or(new, HeldVersion::next);
            changes.document_put(tx, &of_conflict, &next)?;
            let record = of_conflict.record;
            let written = Written {
                record,
                conflict: &next,
                is_new: live.is_none(),
                was_open,
                sides: &[(&agency, version.person), (&other.custodian, other.person)],
                mover: Some(&making.party.by.0),
                calendar,
            };
            written.tell(tx, changes)?;
            if written.has_opened(making.party.today) {
                let ours =
                    changes.handle_for(tx, &agency, Kind::Conflict, record.as_bytes(), version.person)?;
                conflict = conflict.or(Some(ours));
            }
        }
        Ok(Ok(Made { conflict, script }))
    }

    /// The conflict between the script of a move and another that is not settled for good.
    fn live(&self, making: &Making, other: RecordId) -> Option<&HeldVersion> {
        self.conflicts.iter().find(|held| {
            let of = Beside { making, other, conflict: Some(held.record), new: held.record };
            self.papers.judge(&of, is_live).is_ok()
        })
    }
}

/// The script of a move as it was.
fn mover<'s>(scripts: &'s [Document<ScriptRecord>], of: &Move) -> Option<&'s ScriptRecord> {
    match of {
        Move::Open(..) => None,
        Move::Step(record, ..) | Move::Settle(record, _) => found(scripts, *record),
    }
}

fn found(scripts: &[Document<ScriptRecord>], record: RecordId) -> Option<&ScriptRecord> {
    scripts.iter().find(|script| script.record == record).map(|script| &script.value)
}

/// The script as it is after the move.
fn after(papers: &Papers, making: &Making) -> Result<ScriptRecord, InvalidScriptStep> {
    let (scripts, _) = papers;
    let has_ended = InvalidScriptStep::NotFrom(ScriptState::Ended);
    match &making.of {
        Move::Open(opened, origin) => {
            let script = opened.clone().into_record(origin.clone());
            let is_beside = making.taking.is_beside_another && script.is_running();
            if !is_beside || opened.clinical_reason.is_some() {
                Ok(script)
            } else if opened.has_begun_before(making.party.today) {
                Err(InvalidScriptStep::Guard(UNSAID))
            } else {
                Ok(ScriptRecord { state: ScriptState::Held, started_on: None, ..script })
            }
        }
        Move::Step(_, transition, step) => {
            let script = mover(scripts, &making.of).ok_or(has_ended)?;
            apply(script, *transition, step, &making.taking)
        }
        Move::Settle(_, settling) => {
            let script = mover(scripts, &making.of).ok_or(has_ended)?;
            let effect = effect(papers, settling, making, &script.agency).ok_or(has_ended)?;
            settle(script, &effect, &making.taking).ok_or(has_ended)
        }
    }
}

/// What settling a conflict does to the script of this agency.
fn effect((_, conflicts): &Papers, settling: &Settling, making: &Making, side: &AgencyId) -> Option<Effect> {
    let conflict = conflicts.iter().find(|conflict| conflict.record == settling.conflict)?;
    let settled = settling.take(&conflict.value, &making.party).ok()?;
    let resolution = settled.resolution?;
    let goes_on = resolution.keeps.as_ref() == Some(side);
    let reference = &making.taking.new_reference;
    match (resolution.outcome, goes_on, resolution.until) {
        (ConflictOutcome::Ended, false, _) => Some(Effect::End(EndReason::Duplicate)),
        (ConflictOutcome::Transferred, false, _) => Some(Effect::End(EndReason::Transferred)),
        (ConflictOutcome::Transferred, true, _) => Some(Effect::GoOn(None)),
        (ConflictOutcome::GuestDose, false, Some(until)) => Some(Effect::Until(until, reference.clone())),
        (ConflictOutcome::GuestDose, true, _) => Some(Effect::GoOn(Some(reference.clone()))),
        (ConflictOutcome::Ended, true, _)
        | (ConflictOutcome::GuestDose, false, None)
        | (ConflictOutcome::FalseMatch, _, _) => None,
    }
}

/// Whether settling the conflict changes this script.
pub(super) fn is_settled_by(papers: &Papers, making: &Making) -> Result<(), ()> {
    let Move::Settle(script, settling) = &making.of else { return Err(()) };
    let (_, conflicts) = papers;
    let is_party = conflicts.iter().any(|conflict| {
        let sides = [&conflict.value.opener, &conflict.value.other];
        conflict.record == settling.conflict && sides.iter().any(|side| side.script == *script)
    });
    if is_party && after(papers, making).is_ok() { Ok(()) } else { Err(()) }
}

/// Whether the move leaves the script out of the way of this other one, or is none that can be made.
fn would_not_clash(papers: &Papers, beside: &Beside<'_>) -> Result<(), ()> {
    let taking = Taking { is_beside_another: false, ..beside.making.taking.clone() };
    let making = Making { of: beside.making.of.clone(), party: beside.making.party.clone(), taking };
    let (scripts, conflicts) = papers;
    let (Ok(mine), Some(other)) = (after(papers, &making), found(scripts, beside.other)) else {
        return Ok(());
    };
    if is_being_settled(papers, beside) {
        return Ok(());
    }
    let clashes = overlap(&mine, other, making.party.today) == Overlap::Open
        && !is_false_match(conflicts, mine.id, other.id);
    if clashes { Err(()) } else { Ok(()) }
}

/// Whether this conflict stands open on a day.
fn stands_open((_, conflicts): &Papers, (record, day): &(RecordId, Date)) -> Result<(), ()> {
    let conflict = conflicts.iter().find(|conflict| conflict.record == *record).ok_or(())?;
    is_open_on(&conflict.value, day)
}

/// Whether the move settles the conflict with this very script: what comes of the two was agreed, and is written with it.
fn is_being_settled((_, conflicts): &Papers, beside: &Beside<'_>) -> bool {
    let Move::Settle(_, settling) = &beside.making.of else { return false };
    let is_between = |conflict: &ConflictRecord| conflict.is_between(beside.mine(), beside.other);
    conflicts.iter().any(|conflict| conflict.record == settling.conflict && is_between(&conflict.value))
}

/// Whether this is the conflict between the two that is not settled for good.
fn is_live((_, conflicts): &Papers, beside: &Beside<'_>) -> Result<(), ()> {
    let of = beside.mine();
    let live = live_conflict(conflicts, of, beside.other).map(|conflict| conflict.record);
    if live.is_some() && live == beside.conflict { Ok(()) } else { Err(()) }
}

fn is_unchanged(papers: &Papers, beside: &Beside<'_>) -> Result<(), ()> {
    if next_conflict(papers, beside).is_none() { Ok(()) } else { Err(()) }
}

fn with_conflict(papers: &Papers, beside: &Beside<'_>) -> Result<ConflictRecord, Error> {
    next_conflict(papers, beside).ok_or(Error::Corrupt("a conflict that was to change does not"))
}

fn next_conflict(papers: &Papers, beside: &Beside<'_>) -> Option<ConflictRecord> {
    let (scripts, conflicts) = papers;
    let mine = after(papers, beside.making).ok()?;
    let other = found(scripts, beside.other)?;
    if is_false_match(conflicts, mine.id, other.id) || is_being_settled(papers, beside) {
        return None;
    }
    let tried = matches!(
        beside.making.of,
        Move::Open(..) | Move::Step(_, ScriptTransition::Start, _) | Move::Settle(..)
    );
    let was_held = tried && mine.state == ScriptState::Held;
    let step = Step { mine: &mine, was_held, party: &beside.making.party, new: beside.new };
    let live = live_conflict(conflicts, mine.id, other.id).map(|conflict| &conflict.value);
    conflict_after(live, other, &step)
}

impl Beside<'_> {
    fn mine(&self) -> RecordId {
        match &self.making.of {
            Move::Open(_, origin) => origin.id,
            Move::Step(record, ..) | Move::Settle(record, _) => *record,
        }
    }
}
