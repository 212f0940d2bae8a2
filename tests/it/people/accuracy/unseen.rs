//! How well the matcher knows people whom it has not seen: `throughgate match evaluate` on an invented client group.

use super::evaluated;
use crate::people::evaluation::{Evaluation, Scored};
use crate::people::population::{Kind, Population, Profile, Settings};
use crate::support::rounds;

/// The seeds are 26 000 and those that follow; nothing was fitted to any of them.
const FIRST_SEED: u64 = 26_000;
const PEOPLE: usize = 8_000;
const PRESENTATIONS: usize = 1_500;

fn answered(seed: u64) -> (Population, Vec<Scored>) {
    let settings = Settings { seed, people: PEOPLE, presentations: PRESENTATIONS, profile: Profile::Usual };
    let population = Population::new(settings);
    let folder = tempfile::tempdir().unwrap();
    population.write(folder.path()).unwrap();
    let rows = evaluated(folder.path());
    (population, rows)
}

#[test]
fn unseen_people_are_known_and_their_lookalikes_are_not_taken_for_them() {
    let mut evaluation = Evaluation::default();
    std::thread::scope(|scope| {
        let seeds = FIRST_SEED..FIRST_SEED + rounds(3) as u64;
        let running: Vec<_> = seeds.map(|seed| scope.spawn(move || answered(seed))).collect();
        for run in running {
            let (population, rows) = run.join().unwrap();
            evaluation.add(&population.truth, &rows);
        }
    });
    let mut short = Vec::new();
    let mut bar = |holds: bool, what: &str| {
        if !holds {
            short.push(what.to_owned());
        }
    };
    bar(evaluation.link_precision() >= 0.99, "link precision at least 0.99");
    bar(evaluation.pair_precision() >= 0.99, "link precision at least 0.99, by pairs");
    bar(evaluation.link_recall() >= 0.85, "link recall at least 0.85");
    bar(evaluation.reach() >= 0.965, "link and possible recall at least 0.965");
    bar(evaluation.possible_a_query() <= 1.5, "at most 1.5 possible a query");
    bar(evaluation.mistaken(Kind::AbsentTwin) == 0, "no absent twin at link");
    bar(evaluation.mistaken(Kind::ParentOrChild) == 0, "no parent or child at link");
    assert!(short.is_empty(), "{}:\n{evaluation}", short.join("; "));
    // Seen with --no-capture.
    eprintln!("{evaluation}");
}
