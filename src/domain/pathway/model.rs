//! An action on a pathway as stored; how it ends; and which pathway is the problem: pure.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::codes::{ActionOutcome, Barrier, ReoffendingPathway};
use crate::id::WorkerId;

/// Of fewer actions than this nothing is said: one that is blocked makes no problem pathway.
const ENOUGH: u64 = 5;

/// One version of an action as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionRecord {
    /// On which pathway.
    pub pathway: ReoffendingPathway,
    /// What is done.
    pub what: String,
    /// By which day.
    pub due_on: Date,
    /// Who planned it, and when.
    pub planned: (WorkerId, Timestamp),
    /// How it ended, once it did.
    pub ended: Option<Ended>,
}

/// How an action ended, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// How.
    pub outcome: ActionOutcome,
    /// What stands in its way, if something does.
    pub barrier: Option<Barrier>,
    /// Who says so.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
}

/// Why an action does not end so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotEnded {
    /// It has ended already.
    Over,
    /// A barrier is named exactly where something stands in the way.
    Barrier,
}

impl ActionRecord {
    /// The next version, ended.
    ///
    /// # Errors
    /// When it is over, or what stands in its way is missing or does not belong there.
    pub fn end(&self, ended: Ended) -> Result<Self, NotEnded> {
        if self.ended.is_some() {
            return Err(NotEnded::Over);
        }
        if (ended.outcome == ActionOutcome::Blocked) != ended.barrier.is_some() {
            return Err(NotEnded::Barrier);
        }
        Ok(Self { ended: Some(ended), ..self.clone() })
    }

    /// Whether its day has passed with nothing said of it.
    pub fn is_late(&self, today: Date) -> bool {
        self.ended.is_none() && self.due_on < today
    }
}

/// How many actions there are on one pathway, and where they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// The pathway.
    pub pathway: ReoffendingPathway,
    /// In all.
    pub actions: u64,
    /// How many of them are done.
    pub done: u64,
    /// How many are blocked.
    pub blocked: u64,
    /// How many are late.
    pub late: u64,
}

impl Counted {
    /// How many on this pathway are blocked or late.
    pub const fn stuck(&self) -> u64 {
        self.blocked.saturating_add(self.late)
    }
}

/// The actions by pathway, each pathway in its place, those without any too.
pub fn count<'a>(actions: impl IntoIterator<Item = &'a ActionRecord>, today: Date) -> Vec<Counted> {
    let nothing = |pathway: &ReoffendingPathway| Counted {
        pathway: *pathway,
        actions: 0,
        done: 0,
        blocked: 0,
        late: 0,
    };
    let mut counted: Vec<Counted> = ReoffendingPathway::ALL.iter().map(nothing).collect();
    for action in actions {
        let Some(of) = counted.iter_mut().find(|of| of.pathway == action.pathway) else { continue };
        let outcome = action.ended.as_ref().map(|ended| ended.outcome);
        let one = |holds: bool| u64::from(holds);
        of.actions = of.actions.saturating_add(1);
        of.done = of.done.saturating_add(one(outcome == Some(ActionOutcome::Done)));
        of.blocked = of.blocked.saturating_add(one(outcome == Some(ActionOutcome::Blocked)));
        of.late = of.late.saturating_add(one(action.is_late(today)));
    }
    counted
}

/// The pathway of whose actions the largest share is blocked or late; of two with the same share, that with more of them. `None` where
/// none has enough actions to say, or nothing is stuck.
pub fn problem(counted: &[Counted]) -> Option<ReoffendingPathway> {
    let enough = counted.iter().filter(|of| of.actions >= ENOUGH && of.stuck() > 0);
    // As fractions, without dividing: a/b > c/d if ad > cb.
    let share = |one: &Counted, other: &Counted| {
        one.stuck().saturating_mul(other.actions).cmp(&other.stuck().saturating_mul(one.actions))
    };
    enough.max_by(|one, other| share(one, other).then(one.stuck().cmp(&other.stuck()))).map(|of| of.pathway)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn action(pathway: ReoffendingPathway, outcome: Option<ActionOutcome>) -> ActionRecord {
        let at: Timestamp = "2026-06-01T10:00:00Z".parse().unwrap();
        let by: WorkerId = "testa-rowan".parse().unwrap();
        let barrier = |outcome| (outcome == ActionOutcome::Blocked).then_some(Barrier::WaitingList);
        let ended = outcome.map(|outcome| Ended { outcome, barrier: barrier(outcome), by: by.clone(), at });
        ActionRecord {
            pathway,
            what: "apply".to_owned(),
            due_on: date(2026, 6, 10),
            planned: (by, at),
            ended,
        }
    }

    #[test]
    fn it_ends_once_and_names_a_barrier_exactly_where_there_is_one() {
        let open = action(ReoffendingPathway::Health, None);
        let ended = |outcome, barrier| {
            let (by, at) = open.planned.clone();
            Ended { outcome, barrier, by, at }
        };
        let done = open.end(ended(ActionOutcome::Done, None)).unwrap();
        assert_eq!(done.end(ended(ActionOutcome::Done, None)), Err(NotEnded::Over));
        assert_eq!(open.end(ended(ActionOutcome::Blocked, None)), Err(NotEnded::Barrier));
        assert_eq!(open.end(ended(ActionOutcome::Done, Some(Barrier::NoFunding))), Err(NotEnded::Barrier));
        assert!(open.end(ended(ActionOutcome::Blocked, Some(Barrier::NoFunding))).is_ok());
    }

    #[test]
    fn the_problem_is_the_pathway_with_the_largest_share_left_undone() {
        use ActionOutcome::{Blocked, Done, Dropped};
        let on = |pathway, outcomes: &[Option<ActionOutcome>]| -> Vec<ActionRecord> {
            outcomes.iter().map(|outcome| action(pathway, *outcome)).collect()
        };
        let health = on(
            ReoffendingPathway::Health,
            &[Some(Blocked), None, Some(Done), Some(Done), Some(Done), Some(Done)],
        );
        let homes = on(
            ReoffendingPathway::Accommodation,
            &[Some(Blocked), Some(Blocked), Some(Done), Some(Dropped), None],
        );
        // All are stuck, and too few to say anything.
        let money = on(ReoffendingPathway::FinanceBenefitDebt, &[Some(Blocked), Some(Blocked)]);
        let all: Vec<ActionRecord> = [health, homes, money].concat();
        let late = count(&all, date(2026, 6, 11));
        let of = |pathway| *late.iter().find(|of| of.pathway == pathway).unwrap();
        assert_eq!(late.len(), 8, "a pathway without any action is not left out");
        assert_eq!(
            (of(ReoffendingPathway::Health).late, of(ReoffendingPathway::Accommodation).stuck()),
            (1, 3)
        );
        assert_eq!(problem(&late), Some(ReoffendingPathway::Accommodation));
        let in_time = count(&all, date(2026, 6, 10));
        assert!(in_time.iter().all(|of| of.late == 0), "its own day is still in time");
        assert_eq!(problem(&count(&[], date(2026, 6, 11))), None);
    }
}
