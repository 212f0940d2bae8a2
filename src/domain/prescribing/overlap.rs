//! Whether two scripts of two agencies stand in each other's way, and what is to be recorded of it: pure rules over a person's papers.

use jiff::Timestamp;
use jiff::civil::Date;

use super::codes::{ConflictState, ScriptState};
use super::conflict::{ConflictRecord, ConflictSide, Despite, Party};
use super::script::ScriptRecord;
use crate::id::{AgencyId, RecordId};
use crate::store::record::Document;

/// All scripts of a person, at whichever agency, and all conflicts between them.
pub(super) type Papers = (Vec<Document<ScriptRecord>>, Vec<Document<ConflictRecord>>);

/// How two scripts of one person at two agencies stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overlap {
    /// Not both of them run.
    None,
    /// Both run, and both sides agreed that they do until a day which has not passed.
    Agreed,
    /// Both run.
    Open,
}

/// How they stand on this day.
pub(super) fn overlap(one: &ScriptRecord, another: &ScriptRecord, today: Date) -> Overlap {
    if !(one.is_running() && another.is_running()) || one.agency == another.agency {
        return Overlap::None;
    }
    match agreed_until(one, another) {
        Some(until) if today <= until => Overlap::Agreed,
        Some(_) | None => Overlap::Open,
    }
}

/// The last day of the bridge from one of them to the other, where both sides agreed on it: one bridges under a reference, and
/// the other was started with it.
pub(super) fn agreed_until(one: &ScriptRecord, another: &ScriptRecord) -> Option<Date> {
    let from = |bridge: &ScriptRecord, next: &ScriptRecord| {
        let is_agreed = bridge.bridge_offered.is_some() && bridge.bridge_offered == next.bridge_taken;
        bridge.bridging_until.filter(|_| is_agreed)
    };
    from(one, another).or_else(|| from(another, one))
}

/// The script as it would be if it ran.
pub(super) fn as_if_running(script: &ScriptRecord) -> ScriptRecord {
    let state = match script.state {
        ScriptState::Proposed | ScriptState::Held => ScriptState::Active,
        state => state,
    };
    ScriptRecord { state, ..script.clone() }
}

/// The conflict between two scripts that is not settled for good.
pub(super) fn live_conflict(
    conflicts: &[Document<ConflictRecord>],
    one: RecordId,
    another: RecordId,
) -> Option<&Document<ConflictRecord>> {
    conflicts.iter().find(|conflict| conflict.value.is_between(one, another) && !conflict.value.is_over())
}

/// Whether both sides said that the two scripts are two people's.
pub(super) fn is_false_match(
    conflicts: &[Document<ConflictRecord>],
    one: RecordId,
    another: RecordId,
) -> bool {
    conflicts
        .iter()
        .any(|conflict| conflict.value.is_between(one, another) && conflict.value.is_false_match())
}

/// A step of a script beside one other script, and who takes it.
pub(super) struct Step<'s> {
    /// The script as it is after the step.
    pub(super) mine: &'s ScriptRecord,
    /// Whether the step tried to let it run, and it is held instead.
    pub(super) was_held: bool,
    /// Who took it.
    pub(super) party: &'s Party,
    /// The id of a conflict that is found by it.
    pub(super) new: RecordId,
}

/// What is to be recorded of the conflict between the script of a step and another: its first or its next version, if any.
pub(super) fn conflict_after(
    conflict: Option<&ConflictRecord>,
    other: &ScriptRecord,
    step: &Step<'_>,
) -> Option<ConflictRecord> {
    let today = step.party.today;
    let mine = if step.was_held { as_if_running(step.mine) } else { step.mine.clone() };
    let found = overlap(&mine, other, today);
    let until = agreed_until(&mine, other);
    let Some(conflict) = conflict else {
        // What is held instead of being started is in conflict with what stands in its way, and with nothing else.
        let is_new = if step.was_held { found == Overlap::Open } else { found != Overlap::None };
        return is_new.then(|| first(&mine, other, until, step));
    };
    if !step.mine.is_open() {
        return Some(conflict.ended(&step.mine.agency, step.party));
    }
    let mut next = conflict.next();
    let is_beside = overlap(step.mine, other, today) != Overlap::None;
    match &conflict.resolution {
        // Both agreed on a guest dose. It stands while the two scripts do what was agreed, and also while one of them waits; not when
        // one is resumed, or bridges to somebody else.
        Some(agreed) if conflict.is_over() || until == agreed.until || !is_beside => {}
        Some(_) | None => (next.resolution, next.bridged_until) = (None, until),
    }
    if let Some(despite) = despite(step) {
        next.started_despite.push(despite);
    }
    let is_changed = next.bridged_until != conflict.bridged_until
        || next.resolution != conflict.resolution
        || next.started_despite != conflict.started_despite;
    is_changed.then_some(next)
}

fn first(mine: &ScriptRecord, other: &ScriptRecord, until: Option<Date>, step: &Step<'_>) -> ConflictRecord {
    ConflictRecord {
        bridged_until: until,
        started_despite: despite(step).into_iter().collect(),
        ..found(step.new, (mine, other), step.party.at)
    }
}

/// A conflict between the script whose step it was and another.
pub(super) fn found(
    id: RecordId,
    (opener, other): (&ScriptRecord, &ScriptRecord),
    at: Timestamp,
) -> ConflictRecord {
    let side = |script: &ScriptRecord| ConflictSide { agency: script.agency.clone(), script: script.id };
    ConflictRecord::found((id, opener.person), (side(opener), side(other)), at)
}

/// That this very step started the script beside another.
fn despite(step: &Step<'_>) -> Option<Despite> {
    let last = step.mine.steps.last().filter(|taken| taken.at == step.party.at)?;
    let reason = last.started_despite?;
    Some(Despite { by: step.party.by.clone(), at: step.party.at, reason })
}

/// Another agency's script that runs now, as far as it concerns a reader: the one that was collected last.
pub(super) fn elsewhere<'s>(
    papers: &'s Papers,
    reader: &AgencyId,
    moved: Option<&'s ScriptRecord>,
    today: Date,
) -> Option<&'s ScriptRecord> {
    last_collected(concerning(papers, reader, moved, today))
}

/// The one of them that was collected last.
pub(super) fn last_collected<'s>(
    scripts: impl Iterator<Item = &'s ScriptRecord>,
) -> Option<&'s ScriptRecord> {
    scripts.max_by_key(|script| script.last_collected_on.max(script.started_on))
}

/// Other agencies' scripts that run now, as far as they concern a reader. Not one beside which all that runs or is held at the reader's is
/// agreed: by a bridge, or because both sides said that it is another person's. What has ended says nothing of what comes after it.
pub(super) fn concerning<'s>(
    (scripts, conflicts): &'s Papers,
    reader: &AgencyId,
    moved: Option<&'s ScriptRecord>,
    today: Date,
) -> impl Iterator<Item = &'s ScriptRecord> {
    let reader = reader.clone();
    let own: Vec<&ScriptRecord> = scripts
        .iter()
        .map(|script| &script.value)
        .filter(|script| script.agency == reader && moved.is_none_or(|moved| moved.id != script.id))
        .chain(moved)
        .filter(|script| script.is_running() || script.state == ScriptState::Held)
        .collect();
    let concerns = move |other: &&ScriptRecord| {
        let is_agreed = |own: &&ScriptRecord| {
            overlap(own, other, today) == Overlap::Agreed || is_false_match(conflicts, own.id, other.id)
        };
        other.agency != reader && other.is_running() && (own.is_empty() || !own.iter().all(is_agreed))
    };
    scripts.iter().map(|script| &script.value).filter(concerns)
}

/// The conflict of a reader's that is open now, the newest, where `moved` is its own script as it is after what it did just now.
pub(super) fn open_conflict<'c>(
    (scripts, conflicts): &'c Papers,
    reader: &AgencyId,
    moved: Option<&ScriptRecord>,
    today: Date,
) -> Option<&'c Document<ConflictRecord>> {
    conflicts.iter().rev().find(|conflict| {
        let conflict = &conflict.value;
        [&conflict.opener.agency, &conflict.other.agency].contains(&reader)
            && conflict.state_on(today) == ConflictState::Open
            && moved.is_none_or(|moved| {
                let other = conflict.side_beside(reader).script;
                let other = scripts.iter().find(|script| script.record == other);
                !conflict.is_between(moved.id, conflict.side_beside(reader).script)
                    || other.is_some_and(|other| {
                        let (mine, other) = (as_if_running(moved), as_if_running(&other.value));
                        overlap(&mine, &other, today) == Overlap::Open
                    })
            })
    })
}

#[cfg(test)]
#[path = "overlap_tests.rs"]
mod tests;
