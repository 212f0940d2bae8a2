//! Somebody has come up again: every agency that holds a live flag about her is told, and whoever brought her up learns nothing.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _, Zoned};

use super::model::{FlagRecord, Reappearance};
use crate::domain::fault::to_the_minute;
use crate::id::{AgencyId, PersonId};
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::store::change::Changes;
use crate::store::record::{Document, Kind};
use crate::store::task::NewTask;
use crate::store::{Error, Snapshot, epoch};
use crate::vocabulary::{DutyRole, EventType, TaskKind};

/// How long the duty role has before its deputy is told, where the day is that long.
const FIRST: SignedDuration = SignedDuration::from_hours(1);

crate::code_list! {
    /// How a person came up again.
    pub enum Reappeared {
        /// An agency presented somebody who is known.
        Presented = "presented",
        /// An agency asked whether she is on another caseload.
        Checked = "checked",
        /// An agency opened an episode.
        EpisodeOpened = "episode-opened",
        /// A referral was sent.
        Referred = "referred",
        /// She was received into custody.
        Custody = "custody",
    }
}

/// Tells the agencies that hold a live flag about a person, `by` itself aside, that she has come up: an event, and a task for the
/// same day, with whoever looks after the flag. `except` is an agency that must not learn it from this.
///
/// It goes with the command's own entry. The command must answer as if there were no flag, and on a tick, because what is written
/// here takes time.
///
/// # Errors
/// When the database or the encryption fails.
pub fn tell_reappearance<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    changes: &mut Changes,
    person: PersonId,
    how: Reappeared,
    by: &AgencyId,
    except: Option<&AgencyId>,
) -> Result<(), Error> {
    let now = changes.now().to_zoned(TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC));
    let reappearance = Reappearance { at: to_the_minute(changes.now()), kind: how };
    // A flag that is set, ended or told of meanwhile counts.
    changes.rest_on(tx.epochs(&[&epoch::person(person)])?);
    for (record, owner) in tx.custodians_of_person(permit, person, Kind::Flag)? {
        // Those of the agency itself are read too, so that they cost what others' cost.
        let flag = tx.document_read::<_, FlagRecord>(permit, by, record)?;
        let is_live = flag.judge(&now.date(), lives).is_ok();
        if !is_live || owner == *by || except == Some(&owner) {
            continue;
        }
        let id = tx
            .handle_of(&owner, Kind::Flag, record.as_bytes())?
            .ok_or(Error::Corrupt("a flag that its own agency has no handle for"))?;
        let next = flag.revise(&reappearance, after)?;
        let version = tx.next_version(record, Kind::Flag, person, &owner)?;
        changes.document_put(tx, &version, &next)?;
        changes.notify(&owner, EventType::FlagReappeared, format!("/v1/flags/{id}"));
        let (duty, holder) =
            tx.task_lies_with(&owner, TaskKind::ReviewFlag, record)?.unwrap_or((DutyRole::FlagOwner, None));
        let (remind_at, due_at) = today(&now);
        changes.task_put(NewTask {
            agency: owner,
            duty,
            holder,
            kind: TaskKind::ContactAfterReappearance,
            person: version.person,
            record,
            subject: format!("/v1/flags/{id}"),
            remind_at,
            due_at,
        });
    }
    Ok(())
}

/// When the deputy is told, and the end of the day: late in the evening the day is halved.
fn today(now: &Zoned) -> (Timestamp, Timestamp) {
    let tomorrow = now.date().saturating_add(1.day()).to_zoned(now.time_zone().clone());
    let end = tomorrow.map_or_else(|_| now.timestamp(), |midnight| midnight.timestamp());
    let left = end.duration_since(now.timestamp());
    let first = if left < FIRST * 2 { left / 2 } else { FIRST };
    (now.timestamp().saturating_add(first).unwrap_or(end), end)
}

fn lives(flag: &Document<FlagRecord>, today: &Date) -> Result<(), ()> {
    if flag.value.is_live(*today) { Ok(()) } else { Err(()) }
}

fn after(flag: &Document<FlagRecord>, reappearance: &Reappearance) -> Result<FlagRecord, Error> {
    Ok(flag.value.reappeared(*reappearance))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_task_is_for_the_same_day_in_london_however_late_it_is() {
        let of = |text: &str| {
            let (remind, due) = today(&text.parse::<Zoned>().unwrap());
            (remind.to_string(), due.to_string())
        };
        let pair = |remind: &str, due: &str| (remind.to_owned(), due.to_owned());
        assert_eq!(
            of("2026-06-12T10:00:00[Europe/London]"),
            pair("2026-06-12T10:00:00Z", "2026-06-12T23:00:00Z")
        );
        assert_eq!(
            of("2026-12-01T23:50:00[Europe/London]"),
            pair("2026-12-01T23:55:00Z", "2026-12-02T00:00:00Z")
        );
    }
}
