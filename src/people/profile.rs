//! A person as the comparison sees one: everything normalised once, so that comparing two costs no allocation. A leaf.

use std::fmt;

use smallvec::SmallVec;

use super::address::Address;
use super::birth::Birth;
use super::details::{Details, RecordedSex};
use super::form::Form;
use super::frequencies::Frequencies;
use super::identifiers::{IdentifierKind, canonical};
use super::postcode::Postcode;
use super::sound::Sounds;
use super::spelling::{self, Spelling};
use super::words::{family_begins, family_words, words};

/// More values than this of one kind say no more about a person, and would slow the comparison down.
const MOST_VALUES: usize = 12;

/// A value with how rare it is, in bits. Set from the frequencies.
#[derive(Clone, Copy)]
pub(super) struct Rated<T> {
    pub value: T,
    pub rarity: f64,
}

/// An identifier as compared.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Identifier {
    pub kind: IdentifierKind,
    /// The canonical form, or letters and digits only if it is malformed.
    pub form: Form,
    /// Whether it has its kind's form and its check character holds.
    pub is_well_formed: bool,
}

impl Identifier {
    /// Its letters and digits.
    pub(super) fn bare(&self) -> impl DoubleEndedIterator<Item = u8> + Clone {
        self.form.bytes().iter().copied().filter(|byte| *byte != b'/')
    }
}

/// The normalised facts of one person. Most people's lie side by side: to fetch them from here and there would take longer than to
/// compare them.
#[derive(Clone)]
pub struct Profile {
    pub(super) given: Spellings<2>,
    pub(super) middle: Spellings<1>,
    pub(super) family: Spellings<2>,
    pub(super) given_values: u8,
    pub(super) family_values: u8,
    pub(super) births: SmallVec<[Rated<Birth>; 1]>,
    pub(super) sex: Option<RecordedSex>,
    pub(super) postcodes: SmallVec<[Rated<Postcode>; 2]>,
    pub(super) addresses: Vec<Address>,
    pub(super) identifiers: SmallVec<[Identifier; 2]>,
}

type Spellings<const N: usize> = SmallVec<[Spelling; N]>;

/// Makes profiles.
pub struct Profiler(Sounds);

impl Default for Profiler {
    fn default() -> Self {
        Self(Sounds::new())
    }
}

impl Profiler {
    /// The profile of someone of these details. What is empty or malformed is left out.
    pub fn profile(&self, details: &Details) -> Profile {
        let Self(sounds) = self;
        let mut given_names: Vec<&str> = details.forenames.iter().map(String::as_str).collect();
        let mut family_names: Vec<&str> = details.surnames.iter().map(String::as_str).collect();
        let middle_names: Vec<&str> = details.middle_names.iter().map(String::as_str).collect();
        let split: Vec<(String, String)> = details.aliases.iter().map(|alias| split_alias(alias)).collect();
        for (given, family) in &split {
            given_names.push(given);
            family_names.push(family);
        }
        let births: Vec<Birth> = details.births.iter().filter_map(|written| Birth::parse(written)).collect();
        let postcodes: Vec<Postcode> =
            details.postcodes.iter().filter_map(|written| Postcode::parse(written)).collect();
        let (given, given_values) = spellings(&given_names, |name| spelling::given(name, sounds));
        let (family, family_values) = spellings(&family_names, |name| spelling::family(name, sounds));
        Profile {
            given,
            given_values,
            family,
            family_values,
            middle: spellings(&middle_names, |name| spelling::middle(name, sounds)).0,
            births: rated(births),
            sex: details.sex,
            postcodes: rated(postcodes),
            addresses: details
                .addresses
                .iter()
                .filter_map(|written| Address::parse(written))
                .take(MOST_VALUES)
                .collect(),
            identifiers: identifiers(details),
        }
    }
}

impl Profile {
    /// Takes over how rare each value is among the people of an index. A profile must be rated before it is compared.
    pub fn rate(&mut self, frequencies: &Frequencies) {
        for spelling in self.given.iter_mut().chain(&mut self.middle) {
            (spelling.rarity, spelling.is_usual) = frequencies.given(spelling.form.text());
        }
        for spelling in &mut self.family {
            (spelling.rarity, spelling.is_usual) = frequencies.family(spelling.form.text());
        }
        for birth in &mut self.births {
            birth.rarity = frequencies.birth(birth.value);
        }
        for postcode in &mut self.postcodes {
            postcode.rarity = frequencies.postcode(&postcode.value);
        }
    }

    /// Reads a little of each part that lies in the profile itself, so that it is at hand when it is compared.
    #[inline]
    pub(super) fn touch(&self) -> usize {
        let first = |spellings: &[Spelling]| spellings.first().map_or(0, Spelling::touch);
        let names = first(&self.given) + first(&self.middle) + first(&self.family);
        let born = self.births.first().map_or(0, |birth| usize::from(birth.value.year()));
        let lives = self.postcodes.first().map_or(0, |postcode| usize::from(postcode.value.is_full()));
        let known = self.identifiers.first().map_or(0, |identifier| usize::from(identifier.is_well_formed));
        names + born + lives + known + usize::from(self.given_values) + self.addresses.len()
    }

    /// Whether a canonical identifier is shared.
    pub fn shares_identifier(&self, other: &Self) -> bool {
        self.identifiers.iter().any(|one| one.is_well_formed && other.identifiers.contains(one))
    }
}

/// No detail: a person's facts must not reach a log by way of `{:?}`.
impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Profile(..)")
    }
}

/// The distinct spellings of all names, and how many names there were.
fn spellings<const N: usize>(names: &[&str], spell: impl Fn(&str) -> Vec<Spelling>) -> (Spellings<N>, u8)
where
    [Spelling; N]: smallvec::Array<Item = Spelling>,
{
    let mut found: Spellings<N> = SmallVec::new();
    let mut values = 0_u8;
    for name in names.iter().take(MOST_VALUES) {
        let new = spell(name);
        let known = |spelling: &Spelling| {
            found.iter().any(|known| known.form == spelling.form && known.extent == spelling.extent)
        };
        let mut new: Vec<Spelling> = new.into_iter().filter(|spelling| !known(spelling)).collect();
        if !new.is_empty() {
            let first = found.first();
            for spelling in &mut new {
                spelling.is_alias = first.is_some_and(|first| !spelling.is_form_of(first));
            }
            values = values.saturating_add(1);
            found.extend(new);
        }
    }
    found.truncate(MOST_VALUES * 2);
    (found, values)
}

fn rated<T: PartialEq + Copy, const N: usize>(values: Vec<T>) -> SmallVec<[Rated<T>; N]>
where
    [Rated<T>; N]: smallvec::Array<Item = Rated<T>>,
{
    let mut found = SmallVec::<[Rated<T>; N]>::new();
    for value in values {
        if found.len() < MOST_VALUES && !found.iter().any(|known| known.value == value) {
            found.push(Rated { value, rarity: 0.0 });
        }
    }
    found
}

fn split_alias(alias: &str) -> (String, String) {
    let words = words(alias);
    if words.len() < 2 {
        // One word is a street name.
        return (words.concat(), String::new());
    }
    let (given, family) = words.split_at(family_begins(&words));
    (given.join(" "), family_words(&family.join(" ")).join(" "))
}

fn identifiers(details: &Details) -> SmallVec<[Identifier; 2]> {
    let mut found: SmallVec<[Identifier; 2]> = SmallVec::new();
    for (kind, written) in details.identifiers.iter().take(MOST_VALUES) {
        let bare: String =
            written.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
        let identifier = match canonical(*kind, written) {
            Some(form) => Identifier { kind: *kind, form: Form::new(&form), is_well_formed: true },
            // Still good to be compared with a well-formed one; a row of equal characters is a placeholder.
            None if bare.len() >= 5 && bare.bytes().any(|byte| Some(byte) != bare.bytes().next()) => {
                Identifier { kind: *kind, form: Form::new(&bare), is_well_formed: false }
            }
            None => continue,
        };
        if !found.contains(&identifier) {
            found.push(identifier);
        }
    }
    found
}
