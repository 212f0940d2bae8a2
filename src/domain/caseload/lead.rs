//! Who leads: agreed by an answer, never raced. There is at most one lead a person, who holds her one file.

use super::check::CheckAnswer;
use super::model::{EpisodeRecord, Part};
use crate::id::AgencyId;

/// How an open episode stands to an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Its agency asked.
    Asker,
    /// Its agency answered.
    Holder,
    /// Its agency has nothing to do with this answer.
    Third,
}

/// What an answer brings to every open episode of the person.
pub(super) struct Answering<'a> {
    pub(super) asker: &'a AgencyId,
    pub(super) holder: &'a AgencyId,
    pub(super) answer: CheckAnswer,
    /// Whether a third agency's lead was agreed before: it stands, whoever else agrees on what.
    pub(super) third_leads: bool,
    /// Whether who is to lead has an open episode to lead by.
    pub(super) new_lead_is_open: bool,
    /// Whether with this answer all have answered.
    pub(super) is_last: bool,
}

impl Answering<'_> {
    fn side_of(&self, agency: &AgencyId) -> Side {
        match agency {
            agency if agency == self.asker => Side::Asker,
            agency if agency == self.holder => Side::Holder,
            _ => Side::Third,
        }
    }

    /// The part of an open episode after the answer.
    fn part(&self, side: Side, current: Part) -> Part {
        let Some(holder_leads) = self.answer.holder_leads() else {
            return current;
        };
        let is_to_lead = match side {
            Side::Asker => !holder_leads,
            // Whoever leaves it to the asker keeps it until the asker has an episode to lead by: somebody must.
            Side::Holder if !holder_leads && !self.third_leads && !self.new_lead_is_open => return current,
            Side::Holder => holder_leads,
            // A provisional lead yields to an agreed one, as soon as there is one on record.
            Side::Third if current == Part::ProvisionalLead && self.new_lead_is_open => {
                return Part::Contributor;
            }
            Side::Third => return current,
        };
        if is_to_lead && !self.third_leads { Part::Lead } else { Part::Contributor }
    }

    /// The episode after the answer; `None` if it stays as it is.
    pub(super) fn after(&self, episode: &EpisodeRecord) -> Option<EpisodeRecord> {
        if !episode.is_open() {
            return None;
        }
        let side = self.side_of(&episode.agency);
        let mut next = episode.clone();
        next.part = self.part(side, episode.part);
        // The case manager was allocated before all had answered, and now they have.
        next.provisional &= !(side == Side::Asker && self.is_last);
        if next == *episode {
            return None;
        }
        next.version = next.version.saturating_add(1);
        Some(next)
    }
}

/// The part of a new episode: a contribution where another agency leads that has not left it to this one, or said that it does; the lead
/// where all left it to this one, and else the provisional one.
pub(super) const fn on_opening(another_leads: bool, holder_leads: Option<bool>) -> Part {
    match (another_leads, holder_leads) {
        (true, _) | (false, Some(true)) => Part::Contributor,
        (false, Some(false)) => Part::Lead,
        (false, None) => Part::ProvisionalLead,
    }
}

#[cfg(test)]
#[path = "lead_tests.rs"]
mod tests;
