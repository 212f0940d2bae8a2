//! Which keys find the candidates for a presented person: each an equality of several facts, never of a lone name. A leaf.
//!
//! Whoever shares a key with the presented person is a candidate. A key is a rule and a text; a store keeps an HMAC of the text under
//! the rule's own key and nothing else. Texts depend on nothing but the facts, so that they stay what they are from build to build
//! (but for changes of the nickname table, the sound keys or the comparison form, after which people must be keyed anew).

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::birth::Birth;
use super::nicknames::roots;
use super::profile::Profile;
use super::sound::Sounds;
use super::spelling::{Extent, Spelling};

crate::code_list! {
    /// A way to find candidates.
    pub enum BlockingRule {
        /// An identifier of one kind.
        Identifier = "identifier",
        /// The date of birth and the first letter of any name.
        BirthInitial = "birth-initial",
        /// The date of birth and the root of a forename or middle name.
        BirthGiven = "birth-given",
        /// The date of birth and the postcode's district.
        BirthDistrict = "birth-district",
        /// Forename root and sound of the family name, in either order.
        Names = "names",
        /// The same with the year of birth.
        NamesYear = "names-year",
        /// The same with day and month of birth, in either order.
        NamesDay = "names-day",
        /// The same with the postcode's district.
        NamesDistrict = "names-district",
        /// First letter of the forename, sound of the family name, year of birth.
        InitialSurnameYear = "initial-surname-year",
        /// First letter of the forename, sound of the family name, day and month.
        InitialSurnameDay = "initial-surname-day",
        /// Forename root, first letters of the family name.
        ForenameStem = "forename-stem",
        /// The same with the year of birth.
        ForenameStemYear = "forename-stem-year",
        /// The same with day and month.
        ForenameStemDay = "forename-stem-day",
        /// Forename root, postcode.
        ForenamePostcode = "forename-postcode",
        /// Sound of the family name, postcode.
        SurnamePostcode = "surname-postcode",
        /// The characters of the postcode in any order, first letter of any name.
        PostcodeInitial = "postcode-initial",
        /// Postcode, year of birth.
        PostcodeYear = "postcode-year",
        /// Forename root, year of birth, postcode's district.
        ForenameYearDistrict = "forename-year-district",
        /// Forename root, day and month, postcode's district.
        ForenameDayDistrict = "forename-day-district",
    }
}

/// A key of the blocking index.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockingKey {
    /// The rule, which separates the texts of one rule from those of another.
    pub rule: BlockingRule,
    /// The normalised facts, with a separator between them.
    pub text: String,
}

/// More keys than this no person has: whoever has more names than fit is found by the first of them.
pub const MOST_KEYS: usize = 96;
/// Between the facts of a key: cannot occur in any of them.
const SEPARATOR: char = '\u{1f}';
/// How many letters of a family name are its stem.
const STEM: usize = 3;

/// Every key under which a person of this profile is found, each once.
pub fn keys(profile: &Profile) -> Vec<BlockingKey> {
    let mut keys = Keys(BTreeSet::new());
    let names = Names::of(profile);
    for identifier in profile.identifiers.iter().filter(|identifier| identifier.is_well_formed) {
        keys.add(BlockingRule::Identifier, &[identifier.kind.code(), identifier.form.text()]);
    }
    let districts: BTreeSet<&str> =
        profile.postcodes.iter().map(|postcode| postcode.value.district()).collect();
    let postcodes: BTreeSet<&str> = profile
        .postcodes
        .iter()
        .filter(|postcode| postcode.value.is_full())
        .map(|postcode| postcode.value.text())
        .collect();
    let births: Vec<BirthTexts> = profile.births.iter().map(|birth| BirthTexts::of(birth.value)).collect();
    for birth in &births {
        for initial in &names.initials {
            keys.add(BlockingRule::BirthInitial, &[&birth.date, initial]);
        }
        for root in &names.all_given {
            keys.add(BlockingRule::BirthGiven, &[&birth.date, root]);
        }
        for district in &districts {
            keys.add(BlockingRule::BirthDistrict, &[&birth.date, district]);
        }
        for postcode in &postcodes {
            keys.add(BlockingRule::PostcodeYear, &[postcode, &birth.year]);
        }
    }
    for pair in names.pairs() {
        let [one, other] = &pair;
        keys.add(BlockingRule::Names, &[one, other]);
        for birth in &births {
            keys.add(BlockingRule::NamesYear, &[one, other, &birth.year]);
            keys.add(BlockingRule::NamesDay, &[one, other, &birth.day]);
        }
        for district in &districts {
            keys.add(BlockingRule::NamesDistrict, &[one, other, district]);
        }
    }
    for root in &names.given {
        for stem in &names.stems {
            keys.add(BlockingRule::ForenameStem, &[root, stem]);
        }
    }
    for birth in &births {
        for sound in &names.family {
            for initial in &names.given_initials {
                keys.add(BlockingRule::InitialSurnameYear, &[initial, sound, &birth.year]);
                keys.add(BlockingRule::InitialSurnameDay, &[initial, sound, &birth.day]);
            }
        }
        for root in &names.given {
            for stem in &names.stems {
                keys.add(BlockingRule::ForenameStemYear, &[root, stem, &birth.year]);
                keys.add(BlockingRule::ForenameStemDay, &[root, stem, &birth.day]);
            }
            for district in &districts {
                keys.add(BlockingRule::ForenameYearDistrict, &[root, district, &birth.year]);
                keys.add(BlockingRule::ForenameDayDistrict, &[root, district, &birth.day]);
            }
        }
    }
    for postcode in &postcodes {
        let mut characters: Vec<char> = postcode.chars().collect();
        characters.sort_unstable();
        let any_order: String = characters.into_iter().collect();
        for initial in &names.initials {
            keys.add(BlockingRule::PostcodeInitial, &[&any_order, initial]);
        }
        for root in &names.given {
            keys.add(BlockingRule::ForenamePostcode, &[root, postcode]);
        }
        for sound in &names.family {
            keys.add(BlockingRule::SurnamePostcode, &[sound, postcode]);
        }
    }
    keys.0.into_iter().take(MOST_KEYS).collect()
}

struct Keys(BTreeSet<BlockingKey>);

impl Keys {
    fn add(&mut self, rule: BlockingRule, facts: &[&str]) {
        let mut text = String::with_capacity(32);
        for (at, fact) in facts.iter().enumerate() {
            if at > 0 {
                text.push(SEPARATOR);
            }
            text.push_str(fact);
        }
        self.0.insert(BlockingKey { rule, text });
    }
}

/// A date of birth in the forms that keys take.
struct BirthTexts {
    date: String,
    year: String,
    day: String,
}

impl BirthTexts {
    fn of(birth: Birth) -> Self {
        let (low, high) = birth.month_and_day();
        let mut date = String::new();
        // A swap of day and month must not hide anybody.
        let _ = write!(date, "{:04}-{low:02}-{high:02}", birth.year());
        Self { year: birth.year().to_string(), day: format!("{low:02}-{high:02}"), date }
    }
}

/// Names in the forms that keys take.
struct Names {
    /// Roots of forenames, as they sound.
    given: BTreeSet<String>,
    /// The same with middle names.
    all_given: BTreeSet<String>,
    /// Family names, as they sound.
    family: BTreeSet<String>,
    /// First letters of forenames and of their roots.
    given_initials: BTreeSet<String>,
    /// First letters of all names.
    initials: BTreeSet<String>,
    /// First letters of family names, several.
    stems: BTreeSet<String>,
}

impl Names {
    fn of(profile: &Profile) -> Self {
        let sounds = Sounds::new();
        let essential = |spelling: &&Spelling| {
            spelling.extent != Extent::Whole || spelling.form.text().chars().count() > 1
        };
        let sounds_of = |spellings: &[Spelling]| -> BTreeSet<String> {
            spellings
                .iter()
                .filter(essential)
                .flat_map(|spelling| roots(spelling.form.text()))
                .map(|root| sounds.key(root).unwrap_or_else(|| root.to_owned()))
                .collect()
        };
        let given = sounds_of(&profile.given);
        let mut all_given = sounds_of(&profile.middle);
        all_given.extend(given.iter().cloned());
        let family: BTreeSet<String> = profile.family.iter().map(sound_or_form).collect();
        let first = |text: &str| text.chars().next().map(String::from);
        let given_initials: BTreeSet<String> = profile
            .given
            .iter()
            .flat_map(|spelling| {
                roots(spelling.form.text())
                    .filter_map(first)
                    .chain(first(spelling.form.text()))
                    .collect::<Vec<_>>()
            })
            .collect();
        let family_initials = profile.family.iter().filter_map(|spelling| first(spelling.form.text()));
        let initials = given_initials.iter().cloned().chain(family_initials).collect();
        let stems =
            profile.family.iter().map(|spelling| spelling.form.text().chars().take(STEM).collect()).collect();
        Self { given, all_given, family, given_initials, initials, stems }
    }

    /// Every forename with every family name, each pair in the order of the alphabet, so that transposed names are found.
    fn pairs(&self) -> impl Iterator<Item = [&String; 2]> {
        self.given.iter().flat_map(move |given| {
            self.family
                .iter()
                .map(move |family| if given <= family { [given, family] } else { [family, given] })
        })
    }
}

fn sound_or_form(spelling: &Spelling) -> String {
    spelling.sound.as_deref().unwrap_or(spelling.form.text()).to_owned()
}
