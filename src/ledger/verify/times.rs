//! The rules of time: entries in order but for what clocks differ, and each between the moments at which witnesses saw the log.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

use super::Problem;

/// By how much the clocks of a log's writers and witnesses may differ, unless the auditor says otherwise.
pub const SKEW: SignedDuration = SignedDuration::from_secs(10);
/// How long an entry may take from the time it states until it is in the log, unless the auditor says otherwise.
pub const MAX_LAG: SignedDuration = SignedDuration::from_mins(15);

/// When a tree was seen by enough witnesses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bracket {
    /// The size of the tree.
    pub size: u64,
    /// Entries that are not in it were not there at this moment.
    pub unseen_at: Timestamp,
    /// Entries that are in it existed by this moment.
    pub seen_by: Timestamp,
}

impl Bracket {
    /// What two copies of one checkpoint say together.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            size: self.size,
            unseen_at: self.unseen_at.max(other.unseen_at),
            seen_by: self.seen_by.min(other.seen_by),
        }
    }
}

/// The checkpoints that enough witnesses cosigned, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Brackets {
    /// How many.
    pub count: u64,
    /// The smallest.
    pub first: Option<Bracket>,
    /// The largest.
    pub last: Option<Bracket>,
}

impl Brackets {
    pub(super) fn count(&mut self, bracket: Bracket) {
        self.count += 1;
        self.first = self.first.or(Some(bracket));
        self.last = Some(bracket);
    }
}

/// Looks at the time of each entry in turn.
pub(super) struct Times {
    skew: SignedDuration,
    max_lag: SignedDuration,
    latest: Option<Timestamp>,
    /// Of the largest tree without the entry that is looked at.
    before: Option<Bracket>,
    /// Of larger ones, by size.
    ahead: VecDeque<Bracket>,
    /// Whether there are no more.
    ended: bool,
}

impl Times {
    pub(super) const fn new(skew: SignedDuration, max_lag: SignedDuration) -> Self {
        Self { skew, max_lag, latest: None, before: None, ahead: VecDeque::new(), ended: false }
    }

    /// Whether a larger bracket is wanted before this entry is looked at.
    pub(super) fn wants(&self, index: u64) -> bool {
        !self.ended && self.ahead.back().is_none_or(|bracket| bracket.size <= index)
    }

    /// The next larger bracket; `None` if there is none any more.
    pub(super) fn hear(&mut self, bracket: Option<Bracket>) {
        self.ended = bracket.is_none();
        self.ahead.extend(bracket);
    }

    /// What is wrong with the time of this entry. Entries come by rising index.
    pub(super) fn look(&mut self, index: u64, ts: Timestamp) -> Option<Problem> {
        let latest = self.latest.unwrap_or(ts);
        let back = latest.duration_since(ts) > self.skew;
        // One step back is one finding: what follows is held against the entry after the step.
        self.latest = Some(if back { ts } else { latest.max(ts) });
        while let Some(passed) = self.ahead.pop_front_if(|bracket| bracket.size <= index) {
            self.before = Some(passed);
        }
        if let Some(unseen) = self.before
            && unseen.unseen_at.duration_since(ts) > self.max_lag
        {
            return Some(Problem::BackDated { ts, unseen: unseen.unseen_at });
        }
        if let Some(seen) = self.ahead.front()
            && ts.duration_since(seen.seen_by) > self.skew
        {
            return Some(Problem::PostDated { ts, seen: seen.seen_by });
        }
        back.then_some(Problem::TimeBack { ts, earlier: latest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_780_000_000 + second).unwrap()
    }

    fn witnessed(size: u64, second: i64) -> Bracket {
        Bracket { size, unseen_at: at(second), seen_by: at(second) }
    }

    fn times(skew: SignedDuration, brackets: Vec<Bracket>) -> Times {
        let mut times = Times::new(skew, MAX_LAG);
        brackets.into_iter().for_each(|bracket| times.hear(Some(bracket)));
        times.hear(None);
        times
    }

    #[test]
    fn a_step_back_beyond_the_skew_is_one_finding() {
        let mut times = times(SKEW, vec![]);
        let found: Vec<_> =
            [0, 5, 1, 20, 10, 9, 8, 19].into_iter().zip(0..).map(|(s, i)| times.look(i, at(s))).collect();
        let back = Problem::TimeBack { ts: at(9), earlier: at(20) };
        assert_eq!(found, [None, None, None, None, None, Some(back), None, None]);
    }

    #[test]
    fn an_entry_later_than_the_witness_that_saw_it_is_post_dated() {
        let mut times = times(SKEW, vec![witnessed(2, 100)]);
        assert_eq!(times.look(0, at(110)), None);
        assert_eq!(times.look(1, at(111)), Some(Problem::PostDated { ts: at(111), seen: at(100) }));
        assert_eq!(times.look(2, at(5000)), None, "nobody had seen this one");
    }

    #[test]
    fn an_entry_much_older_than_a_witnessed_tree_without_it_is_back_dated() {
        let brackets = vec![witnessed(1, 2000), witnessed(3, 4000)];
        let mut times = times(SignedDuration::from_hours(9), brackets);
        assert_eq!(
            times.look(0, at(0)),
            None,
            "the first witness came late, which says nothing of this entry"
        );
        assert_eq!(times.look(1, at(1100)), None);
        assert_eq!(times.look(2, at(1099)), Some(Problem::BackDated { ts: at(1099), unseen: at(2000) }));
        assert_eq!(times.look(3, at(3100)), None);
        assert_eq!(times.look(4, at(3099)), Some(Problem::BackDated { ts: at(3099), unseen: at(4000) }));
    }
}
