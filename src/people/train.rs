//! Fits a model to a deployment's own people, without anybody telling who is who: expectation and maximisation. A leaf.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::compare::Comparison;
use super::index::Index;
use super::levels::{Field, Level};
use super::model::{Chances, Model};
use super::profile::Profile;
use super::weights::Weights;

/// How much the given model counts beside what is observed: as much as so many pairs.
const GIVEN_PAIRS: f64 = 50.0;
/// A chance that was never observed is still not nothing.
const LEAST_CHANCE: f64 = 1e-7;
/// The multiplier and the increment of a full-period linear congruential sequence: the pairs are the same in every run.
const SEQUENCE: (u64, u64) = (6_364_136_223_846_793_005, 1_442_695_040_888_963_407);

/// How much work to do.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// How many pairs taken at random tell how often different people agree.
    pub random_pairs: u32,
    /// How many people are looked up among all.
    pub people: u32,
    /// How many rounds.
    pub rounds: u32,
}

impl Default for Effort {
    fn default() -> Self {
        Self { random_pairs: 400_000, people: 50_000, rounds: 6 }
    }
}

/// A fitted model.
#[derive(Debug)]
pub struct Trained {
    /// The model, with its priors, guards and thresholds as they were given.
    pub model: Model,
    /// How many pairs of one person the fit rests on, as expected. Below a few hundred the given model hardly moves.
    pub pairs_of_one: f64,
}

/// How often each level was seen.
type Tally = BTreeMap<(Field, Level), f64>;

/// Fits `m` and `u` of a model to the people of an index. `told` hears after each round how many are done.
///
/// `u` comes from pairs taken at random, `m` from candidates, each counted by the probability that it is of one person, which the
/// model of the round before gives. Of identifiers only `m` is fitted: how often people give somebody else's number cannot be seen so.
pub fn train(index: &Index, given: &Model, effort: Effort, told: impl Fn(u32)) -> Trained {
    let mut model = given.clone();
    let by_chance = random_pairs(index, &model, effort.random_pairs);
    fit(&mut model, &by_chance, |chances| &mut chances.u, |field| !field.is_identifier());
    let mut pairs_of_one = 0.0;
    for round in 1..=effort.rounds {
        let tally;
        (tally, pairs_of_one) = pairs_of_one_person(index, &model, effort.people);
        // Every round starts from the model that was given, so that no round's noise is smoothed into the next.
        let mut next = given.clone();
        fit(&mut next, &tally, |chances| &mut chances.m, |_| true);
        for (field, levels) in &mut model.fields {
            for (level, chances) in levels {
                if let Some(fitted) = next.fields.get(field).and_then(|levels| levels.get(level)) {
                    chances.m = fitted.m;
                }
            }
        }
        told(round);
    }
    Trained { model, pairs_of_one }
}

fn random_pairs(index: &Index, model: &Model, pairs: u32) -> Tally {
    let weights = Weights::new(model, index.people());
    let mut tally = Tally::new();
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(SEQUENCE.0).wrapping_add(SEQUENCE.1);
        (state >> 32) % u64::from(index.people().max(1))
    };
    for _ in 0..pairs {
        let (one, other) = (next(), next());
        if one != other
            && let (Some(one), Some(other)) = (profile(index, one), profile(index, other))
        {
            count(&mut tally, &Comparison::new(one, other, &weights), 1.0);
        }
    }
    tally
}

fn pairs_of_one_person(index: &Index, model: &Model, people: u32) -> (Tally, f64) {
    let weights = Weights::new(model, index.people());
    let (mut tally, mut pairs) = (Tally::new(), 0.0);
    let stride = (index.people() / people.max(1)).max(1);
    for place in (0..index.people()).step_by(usize::try_from(stride).unwrap_or(1)) {
        let Ok(place) = usize::try_from(place) else { break };
        let Some(one) = index.profile(place) else { continue };
        // All candidates at once, as in a decision: whoever many resemble cannot be all of them.
        for finding in index.others_like(place, &weights) {
            let Some(other) = index.profile(finding.candidate) else { continue };
            let share = finding.probability();
            pairs += share;
            count(&mut tally, &Comparison::new(one, other, &weights), share);
        }
    }
    (tally, pairs)
}

fn profile(index: &Index, place: u64) -> Option<&Profile> {
    index.profile(usize::try_from(place).ok()?)
}

fn count(tally: &mut Tally, comparison: &Comparison, share: f64) {
    for (field, agreement) in comparison.fields() {
        if agreement.level != Level::Missing {
            *tally.entry((field, agreement.level)).or_default() += share;
        }
    }
}

/// Sets one of the two chances of every level to its share, what was given counting as [`GIVEN_PAIRS`].
fn fit(model: &mut Model, tally: &Tally, chance: fn(&mut Chances) -> &mut f64, is_fitted: fn(Field) -> bool) {
    for (&field, levels) in model.fields.iter_mut().filter(|(field, _)| is_fitted(**field)) {
        let seen = |level: Level| tally.get(&(field, level)).copied().unwrap_or(0.0);
        let all: f64 = levels.keys().map(|level| seen(*level)).sum();
        let given: f64 = levels.values_mut().map(|chances| *chance(chances)).sum();
        for (&level, chances) in levels.iter_mut() {
            let place = chance(chances);
            let share = (seen(level) + GIVEN_PAIRS * *place / given) / (all + GIVEN_PAIRS);
            *place = share.clamp(LEAST_CHANCE, 1.0);
        }
    }
}

/// A model as the TOML that [`Model::parse`] reads.
pub fn to_toml(model: &Model) -> String {
    let mut text = String::from(
        "# A matching model fitted by `throughgate match train`. `m` is how often records of one person agree on a level, `u` how often\n\
         # records of different people do; `rarity` is how much of a value's own rarity counts. Weights are log2(m / u) bits.\n",
    );
    let (prior, guards, thresholds) = (model.prior, model.guards, model.thresholds);
    let _ = write!(
        text,
        "\n[prior]\nknown = {}\n\n[guards]\ntwin = {:?}\ngeneration = {:?}\nnamesake = {:?}\nstranger = {:?}\n\n[thresholds]\nlink = {:?}\nlink_unwitnessed = {:?}\npossible = {:?}\nmost_possible = {}\n",
        prior.known,
        guards.twin,
        guards.generation,
        guards.namesake,
        guards.stranger,
        thresholds.link,
        thresholds.link_unwitnessed,
        thresholds.possible,
        thresholds.most_possible,
    );
    for (field, levels) in &model.fields {
        let _ = write!(text, "\n[fields.{}]\n", field.code());
        for (level, chances) in levels {
            let Chances { m, u, rarity } = chances;
            let _ = writeln!(text, "{} = {{ m = {m:.7}, u = {u:.9}, rarity = {rarity:?} }}", level.code());
        }
    }
    text
}
