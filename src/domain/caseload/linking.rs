//! What a decision of the matching desk brings for checks that waited for it: whoever holds the person by that is asked now.

use jiff::Timestamp;

use super::ask::put_question;
use super::check::{CheckOutcome, CheckRecord};
use super::elsewhere::Elsewhere;
use super::times::{Times, contact_by, times_of};
use crate::calendar::Calendar;
use crate::directory::Directory;
use crate::id::{AgencyId, PersonId};
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::store::change::Changes;
use crate::store::record::{Document, Kind};
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

/// Puts each check that found the match of these two uncertain to those who have the other one on their caseload, with the change
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
            let times_of = |id: &AgencyId| {
                let known = linked.directory.agency(id);
                known.map(|holder| (id.clone(), times_of(holder, now, linked.calendar)))
            };
            let late = AskedLate {
                holders: holders.iter().filter_map(times_of).collect(),
                answer_due: contact_by(linked.directory, &asker, now, linked.calendar),
            };
            let check = tx.document_read::<_, CheckRecord>(permit, &asker, record)?;
            if let Ok(next) = check.revise(&late, asked_late) {
                let version = tx.next_version(record, Kind::Check, asked_about, &asker)?;
                changes.document_put(tx, &version, &next)?;
                for (holder, times) in &late.holders {
                    let id =
                        changes.handle_for(tx, holder, Kind::Check, record.as_bytes(), version.person)?;
                    put_question(changes, &version, (holder, id), *times);
                }
            }
        }
    }
    Ok(())
}

fn asked_late(check: &Document<CheckRecord>, late: &AskedLate) -> Result<CheckRecord, ()> {
    if check.value.outcome != CheckOutcome::Possible || late.holders.is_empty() {
        return Err(());
    }
    let mut next = check.value.clone();
    next.version = next.version.saturating_add(1);
    next.outcome = CheckOutcome::Held;
    next.live.retain(|live| late.holders.iter().all(|(holder, _)| holder != live));
    next.times.retain(|(of, _)| late.holders.iter().all(|(holder, _)| holder != of));
    next.times.extend(late.holders.iter().cloned());
    next.holders = late.holders.iter().map(|(holder, _)| holder.clone()).collect();
    next.answer_due = next.answer_due.max(late.answer_due);
    Ok(next)
}
