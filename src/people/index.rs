//! An index of known people in memory, for evaluation and training: candidates by key, rated profiles, decisions. A leaf.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::hint::black_box;

use super::blocking::keys;
use super::frequencies::Frequencies;
use super::profile::Profile;
use super::score::{Score, score};
use super::verdict::{Finding, decide};
use super::weights::Weights;

/// A key that finds more people than this says too little: it is passed over, unless no other finds anybody.
pub const MOST_BY_ONE_KEY: usize = 64;
/// So many candidates are compared at most, those who share the most telling keys.
pub const MOST_CANDIDATES: usize = 60;

/// Known people, by the keys that find them.
pub struct Index {
    profiles: Vec<Profile>,
    /// Number of a key and place of a profile, sorted.
    entries: Vec<(u64, u32)>,
    frequencies: Frequencies,
}

impl Index {
    /// Takes people in, and rates them by their own frequencies.
    pub fn new(people: impl IntoIterator<Item = Profile>) -> Self {
        let (mut profiles, mut entries) = (Vec::new(), Vec::new());
        let mut frequencies = Frequencies::default();
        for (place, profile) in (0_u32..).zip(people) {
            frequencies.count(&profile);
            entries.extend(key_numbers(&profile).into_iter().map(|number| (number, place)));
            profiles.push(profile);
        }
        entries.sort_unstable();
        entries.shrink_to_fit();
        for profile in &mut profiles {
            profile.rate(&frequencies);
        }
        Self { profiles, entries, frequencies }
    }

    /// How many people are known.
    pub const fn people(&self) -> u32 {
        self.frequencies.people()
    }

    /// How usual each value is among them.
    pub const fn frequencies(&self) -> &Frequencies {
        &self.frequencies
    }

    /// The known person at a place.
    pub fn profile(&self, place: usize) -> Option<&Profile> {
        self.profiles.get(place)
    }

    /// The places of those who share keys with a presented person, most telling keys first; at most [`MOST_CANDIDATES`].
    pub fn candidates(&self, presented: &Profile) -> Vec<usize> {
        let mut found: Vec<&[(u64, u32)]> = key_numbers(presented)
            .into_iter()
            .map(|number| self.found_by(number))
            .filter(|found| !found.is_empty())
            .collect();
        most_telling(&mut found, self.people(), |(_, place)| *place)
            .into_iter()
            .filter_map(|place| usize::try_from(place).ok())
            .collect()
    }

    /// What is to be decided about a presented person: each finding's `candidate` is a place of this index.
    pub fn present(&self, presented: &mut Profile, weights: &Weights) -> Vec<Finding> {
        presented.rate(&self.frequencies);
        self.findings(presented, weights, None)
    }

    /// What the other people of the index are to a known one, as if that one were presented.
    pub(super) fn others_like(&self, place: usize, weights: &Weights) -> Vec<Finding> {
        self.profiles.get(place).map_or_else(Vec::new, |known| self.findings(known, weights, Some(place)))
    }

    fn findings(&self, presented: &Profile, weights: &Weights, except: Option<usize>) -> Vec<Finding> {
        let candidates = self.candidates(presented).into_iter().filter(|place| Some(*place) != except);
        let known: Vec<(usize, &Profile)> =
            candidates.filter_map(|place| Some((place, self.profiles.get(place)?))).collect();
        let profiles: Vec<&Profile> = known.iter().map(|(_, profile)| *profile).collect();
        weigh(presented, &profiles, weights)
            .into_iter()
            .filter_map(|finding| {
                let (place, _) = known.get(finding.candidate)?;
                Some(Finding { candidate: *place, ..finding })
            })
            .collect()
    }

    fn found_by(&self, number: u64) -> &[(u64, u32)] {
        let begin = self.entries.partition_point(|(key, _)| *key < number);
        let rest = self.entries.get(begin..).unwrap_or_default();
        rest.get(..rest.partition_point(|(key, _)| *key == number)).unwrap_or_default()
    }
}

/// Whom the keys of a presented person find, given all that each key finds: those first who share the most telling keys, and at most
/// [`MOST_CANDIDATES`]. Of a list that is longer than [`MOST_BY_ONE_KEY`] only that much need be given, and one more.
pub fn most_telling<E, I: Copy + Ord + Hash>(
    found: &mut [&[E]],
    people: u32,
    of: impl Fn(&E) -> I,
) -> Vec<I> {
    found.sort_by_key(|found| found.len());
    let people = f64::from(people.max(2));
    let mut telling: HashMap<I, f64> = HashMap::new();
    for (at, entries) in found.iter().enumerate() {
        if entries.len() > MOST_BY_ONE_KEY && at > 0 {
            break;
        }
        let bits = (people / f64::from(u32::try_from(entries.len()).unwrap_or(u32::MAX))).log2();
        for entry in entries.iter().take(MOST_BY_ONE_KEY) {
            *telling.entry(of(entry)).or_default() += bits;
        }
    }
    let mut ranked: Vec<(I, f64)> = telling.into_iter().collect();
    ranked.sort_by(|(a, bits_a), (b, bits_b)| bits_b.total_cmp(bits_a).then(a.cmp(b)));
    ranked.into_iter().take(MOST_CANDIDATES).map(|(one, _)| one).collect()
}

/// What is to be decided about a presented person, given the candidates: each finding's `candidate` is a place among them. All must
/// be rated.
pub fn weigh(presented: &Profile, known: &[&Profile], weights: &Weights) -> Vec<Finding> {
    // All of them are fetched at once: waiting for memory one by one takes as long as comparing.
    black_box(known.iter().map(|profile| profile.touch()).sum::<usize>());
    let scores: Vec<Score> = known.iter().map(|profile| score(presented, profile, weights)).collect();
    let are_one = |one: usize, other: usize| match (known.get(one), known.get(other)) {
        (Some(one), Some(other)) => {
            let score = score(one, other, weights);
            score.weight >= weights.thresholds.link && (score.may_link || !score.is_contradicted)
        }
        _ => false,
    };
    decide(&scores, weights, are_one)
}

fn key_numbers(profile: &Profile) -> Vec<u64> {
    let number = |key| {
        let mut hasher = DefaultHasher::new();
        super::blocking::BlockingKey::hash(&key, &mut hasher);
        hasher.finish()
    };
    keys(profile).into_iter().map(number).collect()
}
