//! For tests: that the random walks through a machine take every step that it has, and do not only try it.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Display;

/// How often the walks begin anew, at most, as long as a step was not taken.
const ROUNDS: usize = 40;

thread_local! {
    static TAKEN: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// Notes that a walk has taken a step.
pub(crate) fn took(step: impl Display) {
    TAKEN.with_borrow_mut(|taken| taken.insert(step.to_string()));
}

/// Walks until every step was taken but those of which it is known that, and why, no walk comes by: a list that can only shrink.
pub(crate) fn every_step_is_taken(walk: fn(), all: impl IntoIterator<Item = String>, never: &[(&str, &str)]) {
    let all: BTreeSet<String> = all.into_iter().collect();
    let never: BTreeSet<String> = never.iter().map(|(step, _why)| (*step).to_owned()).collect();
    let left = || TAKEN.with_borrow(|taken| all.difference(taken).cloned().collect::<BTreeSet<_>>());
    for _ in 0..ROUNDS {
        walk();
        if left().is_subset(&never) {
            break;
        }
    }
    let unknown: Vec<String> = TAKEN.with_borrow(|taken| taken.difference(&all).cloned().collect());
    assert_eq!(unknown, [""; 0], "a walk took what is no step of the machine");
    assert_eq!(left(), never, "left: never taken; right: known not to be");
}
