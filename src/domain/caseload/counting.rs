//! What of an episode can be counted: when it was closed, and whether it was on the caseload on a day.

use jiff::civil::Date;

use super::model::{EpisodeRecord, EpisodeState, EpisodeTransition};

impl EpisodeRecord {
    /// The day on which it was closed, if it was.
    pub fn closed_on(&self) -> Option<Date> {
        self.noted(EpisodeTransition::Close).find_map(|taken| taken.on)
    }

    /// Whether the person was on the caseload at the end of a day, as it stands entered now; not while it was suspended.
    pub fn was_on_caseload(&self, day: Date) -> bool {
        let is_closed = match self.closed_on() {
            Some(closed) => closed <= day,
            // Closed long ago, without a day.
            None => self.state == EpisodeState::Closed,
        };
        self.admitted_on <= day && !is_closed && !self.was_suspended(day)
    }

    fn was_suspended(&self, day: Date) -> bool {
        let by_then = |on: Option<Date>| on.is_none_or(|on| on <= day);
        let turns = self.steps.iter().rev().filter(|(_, taken)| by_then(taken.on));
        let turn = |step: EpisodeTransition| match step {
            EpisodeTransition::Suspend => Some(true),
            EpisodeTransition::Resume => Some(false),
            _ => None,
        };
        turns.map(|(step, _)| *step).find_map(turn).unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::caseload::model::{Part, StepTaken};
    use crate::id::{PersonId, RecordId};

    fn episode(steps: &[(EpisodeTransition, Date)]) -> EpisodeRecord {
        let taken = |(step, on): &(EpisodeTransition, Date)| {
            (*step, StepTaken { on: Some(*on), ..StepTaken::default() })
        };
        EpisodeRecord {
            id: RecordId::random(),
            version: 1,
            person: PersonId::random(),
            agency: "northmoor-cjit".parse().unwrap(),
            opened_by: "testa-rowan".parse().unwrap(),
            recorded_at: "2026-01-05T10:00:00Z".parse().unwrap(),
            admitted_on: date(2026, 1, 5),
            review_due: None,
            part: Part::Lead,
            case_manager: None,
            provisional: false,
            state: EpisodeState::Active,
            suspensions: Vec::new(),
            close_code: None,
            stay: None,
            disengaged: None,
            plan: None,
            reviews: Vec::new(),
            treated_since: None,
            bail: None,
            stage: None,
            steps: steps.iter().map(taken).collect(),
        }
    }

    #[test]
    fn a_case_counts_from_its_admission_until_it_is_closed_and_not_while_it_is_suspended() {
        use EpisodeTransition::{Close, Resume, Suspend};
        let case =
            episode(&[(Suspend, date(2026, 2, 1)), (Resume, date(2026, 2, 20)), (Close, date(2026, 3, 31))]);
        let on = |month, day| case.was_on_caseload(date(2026, month, day));
        assert!(!on(1, 4) && on(1, 5) && on(1, 31));
        assert!(!on(2, 1) && !on(2, 19) && on(2, 20));
        assert!(
            on(3, 30) && !on(3, 31),
            "at the end of the day on which it was closed it is not there any more"
        );
        assert_eq!(case.closed_on(), Some(date(2026, 3, 31)));
        let long_ago = EpisodeRecord { state: EpisodeState::Closed, ..episode(&[]) };
        assert!(!long_ago.was_on_caseload(date(2026, 1, 6)));
    }
}
