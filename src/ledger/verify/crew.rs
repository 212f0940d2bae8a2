//! The threads that check bundles, a stretch of the log at a time, while the stretch before is put together.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// Does `job` for each number of a range on so many threads, and `meanwhile` on this one. Answers in the order of the numbers.
pub(super) fn work<T: Send, M>(
    threads: usize,
    range: Range<u64>,
    job: impl Fn(u64) -> T + Sync,
    meanwhile: impl FnOnce() -> M,
) -> (Vec<T>, M) {
    let next = AtomicU64::new(range.start);
    let take = || {
        let mut done = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= range.end {
                return done;
            }
            done.push((number, job(number)));
        }
    };
    let wanted = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(usize::MAX);
    if wanted <= 1 {
        let before = meanwhile();
        return (take().into_iter().map(|(_, answer)| answer).collect(), before);
    }
    let (mut done, before) = thread::scope(|scope| {
        let crew: Vec<_> = (0..threads.max(1).min(wanted)).map(|_| scope.spawn(take)).collect();
        let before = meanwhile();
        let mut done = Vec::with_capacity(wanted);
        for member in crew {
            match member.join() {
                Ok(part) => done.extend(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        (done, before)
    });
    done.sort_by_key(|(number, _)| *number);
    (done.into_iter().map(|(_, answer)| answer).collect(), before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_worked_on_once_and_answers_come_in_order() {
        for threads in [0, 1, 3, 16] {
            let (answers, before) = work(threads, 5..105, |number| number * 2, || "before");
            assert_eq!((answers, before), ((5..105).map(|number| number * 2).collect::<Vec<_>>(), "before"));
        }
        assert_eq!(work(4, 9..9, |number| number, || 1), (vec![], 1));
    }
}
