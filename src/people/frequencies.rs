//! How usual each name, date of birth and postcode is among the people of an index: a rare one that agrees says more. A leaf.

use std::collections::{BTreeSet, HashMap};

use super::birth::Birth;
use super::postcode::Postcode;
use super::profile::Profile;
use super::spelling::hash;

/// A share of a population that is assumed for a value until the index itself has shown enough people.
#[derive(Clone, Copy)]
struct Assumed {
    share: f64,
    /// The weight of the assumption, in people.
    people: f64,
}

const NAME: Assumed = Assumed { share: 2e-4, people: 3_000.0 };
const BIRTH: Assumed = Assumed { share: 5e-5, people: 20_000.0 };
const POSTCODE: Assumed = Assumed { share: 5e-5, people: 20_000.0 };
/// No value is taken to be rarer than this share: an index does not know everybody.
const RAREST: f64 = 4e-6;
/// A spelling borne by this share of people, and by this many, is a name of its own.
const USUAL_SHARE: f64 = 5e-5;
const USUAL_PEOPLE: u32 = 4;

crate::code_list! {
    /// Of what kind a value is whose frequency counts.
    pub enum TermKind {
        Given = "given",
        Family = "family",
        Birth = "birth",
        Postcode = "postcode",
    }
}

/// A value whose frequency counts, in the form in which it is counted. A store keeps an HMAC of it and nothing else.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// Of what kind it is.
    pub kind: TermKind,
    /// The value.
    pub text: String,
}

impl Term {
    fn new(kind: TermKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }

    /// What a person is counted under.
    pub fn counted(profile: &Profile) -> BTreeSet<Self> {
        let given = profile.given.iter().map(|spelling| Self::new(TermKind::Given, spelling.form.text()));
        let family = profile.family.iter().map(|spelling| Self::new(TermKind::Family, spelling.form.text()));
        let births =
            profile.births.iter().map(|birth| Self::new(TermKind::Birth, birth.value.number().to_string()));
        let full = profile.postcodes.iter().filter(|postcode| postcode.value.is_full());
        let postcodes = full.map(|postcode| Self::new(TermKind::Postcode, postcode.value.text()));
        given.chain(family).chain(births).chain(postcodes).collect()
    }

    /// What must be known before a person is rated.
    pub fn compared(profile: &Profile) -> BTreeSet<Self> {
        let mut terms = Self::counted(profile);
        terms.extend(profile.middle.iter().map(|spelling| Self::new(TermKind::Given, spelling.form.text())));
        terms
    }
}

/// Counts of values, by a number for each. Grows with the number of different values, not with the number of people.
#[derive(Default)]
pub struct Frequencies {
    people: u32,
    given: HashMap<u64, u32>,
    family: HashMap<u64, u32>,
    births: HashMap<u32, u32>,
    postcodes: HashMap<u64, u32>,
}

impl Frequencies {
    /// Of so many people, with the counts of the values that will be asked for.
    pub fn of(people: u32, counts: impl IntoIterator<Item = (Term, u32)>) -> Self {
        let mut known = Self { people, ..Self::default() };
        for (Term { kind, text }, count) in counts {
            match kind {
                TermKind::Given => drop(known.given.insert(hash(&text), count)),
                TermKind::Family => drop(known.family.insert(hash(&text), count)),
                TermKind::Postcode => drop(known.postcodes.insert(hash(&text), count)),
                TermKind::Birth => drop(text.parse().ok().map(|number| known.births.insert(number, count))),
            }
        }
        known
    }

    /// Counts one person.
    pub fn count(&mut self, profile: &Profile) {
        self.people = self.people.saturating_add(1);
        for spelling in &profile.given {
            *self.given.entry(hash(spelling.form.text())).or_default() += 1;
        }
        for spelling in &profile.family {
            *self.family.entry(hash(spelling.form.text())).or_default() += 1;
        }
        for birth in &profile.births {
            *self.births.entry(birth.value.number()).or_default() += 1;
        }
        for postcode in profile.postcodes.iter().filter(|postcode| postcode.value.is_full()) {
            *self.postcodes.entry(hash(postcode.value.text())).or_default() += 1;
        }
    }

    /// How many people were counted.
    pub const fn people(&self) -> u32 {
        self.people
    }

    pub(super) fn given(&self, form: &str) -> (f64, bool) {
        self.name(&self.given, form)
    }

    pub(super) fn family(&self, form: &str) -> (f64, bool) {
        self.name(&self.family, form)
    }

    pub(super) fn birth(&self, birth: Birth) -> f64 {
        self.rarity(self.births.get(&birth.number()).copied(), BIRTH)
    }

    pub(super) fn postcode(&self, postcode: &Postcode) -> f64 {
        self.rarity(self.postcodes.get(&hash(postcode.text())).copied(), POSTCODE)
    }

    fn name(&self, counts: &HashMap<u64, u32>, form: &str) -> (f64, bool) {
        let count = counts.get(&hash(form)).copied();
        let is_usual = count.is_some_and(|count| {
            count >= USUAL_PEOPLE && f64::from(count) >= USUAL_SHARE * f64::from(self.people)
        });
        (self.rarity(count, NAME), is_usual)
    }

    fn rarity(&self, count: Option<u32>, assumed: Assumed) -> f64 {
        let counted = f64::from(count.unwrap_or(0)) + assumed.share * assumed.people;
        -(counted / (f64::from(self.people) + assumed.people)).max(RAREST).log2()
    }
}
