//! A task that goes with a version of a record, whose deputy is told when half of its time has passed: our default wherever the field
//! names no other hour.

use jiff::Timestamp;

use crate::id::AgencyId;
use crate::store::change::{Changes, NewVersion};
use crate::store::task::{Holder, NewTask};
use crate::vocabulary::{DutyRole, TaskKind};

/// What there is to do, and for whom.
pub(in crate::domain) struct Halfway<'t> {
    /// Whose it is, and which duty of that agency's it belongs to.
    pub(in crate::domain) lies_with: (&'t AgencyId, DutyRole),
    /// The worker who holds it, where it lies with one.
    pub(in crate::domain) holder: Option<Holder>,
    /// What there is to do.
    pub(in crate::domain) kind: TaskKind,
    /// The path of the agency's own resource, where it is done.
    pub(in crate::domain) subject: String,
    /// By when.
    pub(in crate::domain) due_at: Timestamp,
}

impl Halfway<'_> {
    /// Puts it, with the version and never without it.
    pub(in crate::domain) fn put(self, changes: &mut Changes, version: &NewVersion) {
        let Self { lies_with: (agency, duty), holder, kind, subject, due_at } = self;
        let remind_at = half_way(changes.now(), due_at);
        changes.task_put(NewTask {
            agency: agency.clone(),
            duty,
            holder,
            kind,
            person: version.person,
            record: version.record,
            subject,
            remind_at,
            due_at,
        });
    }
}

/// The middle of the time that is left; of what is late already, the hour at which it was due.
pub(in crate::domain) fn half_way(now: Timestamp, due_at: Timestamp) -> Timestamp {
    now.saturating_add(due_at.duration_since(now) / 2).unwrap_or(due_at).min(due_at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deputy_hears_in_the_middle_and_never_after_the_end() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let now = at("2026-06-12T10:00:00Z");
        assert_eq!(half_way(now, at("2026-06-12T14:00:00Z")), at("2026-06-12T12:00:00Z"));
        assert_eq!(half_way(now, at("2026-06-12T08:00:00Z")), at("2026-06-12T08:00:00Z"));
    }
}
