//! One name, or one word of a name, in all the forms that a comparison needs, and how alike two of them are. A leaf.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use rapidfuzz::distance::{jaro_winkler, osa};

use super::forenames::{self, MOST_READINGS};
use super::nicknames::{self, MAX_ROOTS};
use super::sound::{Sounds, spoken};
use super::words::{family_words, without_particles, words};

/// From this Jaro-Winkler similarity on, two names are alike.
const SIMILAR: f64 = 0.88;
/// Two names of which more letters occur in one only are never so alike.
const MOST_CHANGED: u32 = 6;
/// Names of fewer letters differ too easily by one.
const LETTERS_FOR_ONE_EDIT: usize = 4;
/// From this length on two edits are a slip as well.
const LETTERS_FOR_TWO_EDITS: usize = 8;
/// A name that begins or ends another must have as many letters.
const LETTERS_TO_BE_CONTAINED: usize = 3;

/// How much of what was written this spelling is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// All of it.
    Whole,
    /// The first of several forenames, which may be a middle name written in the wrong box, or half a name.
    First,
    /// One word of several.
    Part,
}

/// How alike two spellings are, most alike first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// Equal in comparison form.
    Same,
    /// Forms of one name.
    Variant,
    /// A slip of the pen or the keyboard.
    Slip,
    /// Heard alike.
    Sound,
    /// Alike, yet each is a usual name of its own: Maria and Marie.
    Neighbour,
    /// Alike.
    Similar,
    /// One begins or ends the other.
    Contained,
    /// One is the first letter of the other.
    Initial,
    /// None of these.
    Unlike,
}

/// A spelling, prepared.
#[derive(Clone)]
pub(super) struct Spelling {
    /// The comparison form, never empty.
    pub form: Box<str>,
    /// How much of the written name this is.
    pub extent: Extent,
    /// Whether it is of a further name, not of the first one given.
    pub is_alias: bool,
    /// The key of its sound, if it has one.
    pub sound: Option<Box<str>>,
    /// How rare it is, in bits: the negative logarithm of the share of people who bear it. Set from the frequencies.
    pub rarity: f64,
    /// Whether enough people bear it that it is a name rather than a slip. Set from the frequencies.
    pub is_usual: bool,
    /// A number for the form: two of them are compared without a look at the letters.
    number: u64,
    letters: u32,
    sound_hash: u32,
    groups: [u16; MAX_ROOTS],
    is_root: bool,
    meaning: Meaning,
}

/// What the tables of forenames know about a spelling.
#[derive(Clone, Copy, Default)]
struct Meaning {
    /// Whether this is a forename.
    is_forename: bool,
    /// As it is spoken.
    spoken: u32,
    /// The number of the name that it is; 0: none.
    name: u16,
    /// If it is none: the numbers of the names for which it may have been meant, and of their groups.
    names: [u16; MOST_READINGS],
    groups: [u16; MOST_READINGS],
}

impl Meaning {
    fn of(form: &str) -> Self {
        let (mut names, mut groups) = ([0; MOST_READINGS], [0; MOST_READINGS]);
        let readings = forenames::readings(form);
        for (place, (number, _)) in names.iter_mut().zip(&readings) {
            *place = *number;
        }
        let of_readings = readings.iter().flat_map(|(_, name)| nicknames::groups(name));
        for (place, group) in groups.iter_mut().zip(of_readings) {
            *place = *group;
        }
        let is_forename = true;
        Self {
            is_forename,
            spoken: spoken(form).map_or(0, |text| short_hash(&text)),
            name: forenames::number(form),
            names,
            groups,
        }
    }

    /// Of a family name: whether it is somebody's forename, which matters where the two have changed places.
    fn of_family(form: &str) -> Self {
        Self { name: forenames::number(form), ..Self::default() }
    }

    const fn is_misspelt(&self) -> bool {
        self.names[0] != 0
    }
}

impl Spelling {
    fn new(form: String, extent: Extent, sounds: &Sounds) -> Self {
        let sound = sounds.key(&form);
        let mut groups = [0; MAX_ROOTS];
        for (place, group) in groups.iter_mut().zip(nicknames::groups(&form)) {
            *place = *group;
        }
        Self {
            number: hash(&form),
            letters: letters(&form),
            sound_hash: sound.as_ref().map_or(0, |sound| short_hash(sound)),
            is_root: nicknames::is_root(&form),
            meaning: Meaning::of_family(&form),
            form: form.into_boxed_str(),
            sound: sound.map(String::into_boxed_str),
            extent,
            is_alias: false,
            groups,
            rarity: 0.0,
            is_usual: false,
        }
    }

    /// The first letter.
    pub(super) fn initial(&self) -> Option<char> {
        self.form.chars().next()
    }

    /// How alike two spellings are. Symmetric; allocates nothing for names up to 64 letters.
    pub(super) fn likeness(&self, other: &Self) -> Likeness {
        if self.number == other.number {
            return Likeness::Same;
        }
        let is_spoken_alike = self.meaning.spoken != 0 && self.meaning.spoken == other.meaning.spoken;
        if self.shares_group(other) {
            let are_two = self.is_root && other.is_root && !is_spoken_alike;
            return if are_two { Likeness::Neighbour } else { Likeness::Variant };
        }
        let likeness = self.closeness(other);
        let is_misspelt = self.meaning.is_misspelt() || other.meaning.is_misspelt();
        if likeness == Likeness::Initial || (likeness == Likeness::Unlike && !is_misspelt) {
            return likeness;
        }
        let is_guess =
            matches!(likeness, Likeness::Slip | Likeness::Sound | Likeness::Similar | Likeness::Contained);
        if is_guess && self.is_a_name() && other.is_a_name() {
            return if is_spoken_alike { Likeness::Sound } else { Likeness::Neighbour };
        }
        match (self.meant(other), other.meant(self)) {
            (Some(Meant::Variant), _) | (_, Some(Meant::Variant)) if likeness > Likeness::Similar => {
                Likeness::Similar
            }
            (Some(Meant::Another), _) | (_, Some(Meant::Another)) if is_guess => Likeness::Neighbour,
            _ => likeness,
        }
    }

    /// What this one, if it is no name, may have been meant for beside another that is one.
    fn meant(&self, name: &Self) -> Option<Meant> {
        if name.meaning.name == 0 || !self.meaning.is_misspelt() {
            return None;
        }
        if self.meaning.names.contains(&name.meaning.name) {
            return Some(Meant::Name);
        }
        let shares_group = self.meaning.groups.iter().any(|group| *group != 0 && name.groups.contains(group));
        Some(if shares_group { Meant::Variant } else { Meant::Another })
    }

    fn closeness(&self, other: &Self) -> Likeness {
        let (shorter, longer) =
            if self.form.len() <= other.form.len() { (self, other) } else { (other, self) };
        let length = shorter.form.len();
        let has_all_letters = shorter.letters & !longer.letters == 0;
        if length == 1 {
            let is_initial = has_all_letters && shorter.initial() == longer.initial();
            return if is_initial { Likeness::Initial } else { Likeness::Unlike };
        }
        let sounds_alike = self.sound_hash != 0 && self.sound_hash == other.sound_hash;
        // Most candidates share a birthday and nothing of the name: which letters occur spares the distances, and the very letters.
        let shared = (self.letters & other.letters).count_ones();
        if shared * 2 < shorter.letters.count_ones().max(longer.letters.count_ones()) && !sounds_alike {
            let is_part = has_all_letters && contains(longer, shorter);
            return if is_part { Likeness::Contained } else { Likeness::Unlike };
        }
        // An edit changes two of the letters that occur at most.
        let changed = (self.letters ^ other.letters).count_ones();
        if longer.form.len() - length <= 2 && changed <= 4 {
            let edits = osa::distance(self.form.bytes(), other.form.bytes());
            let is_slip = (edits == 1 && length >= LETTERS_FOR_ONE_EDIT)
                || (edits == 2 && length >= LETTERS_FOR_TWO_EDITS);
            if is_slip {
                return Likeness::Slip;
            }
            if edits == 1 {
                return Likeness::Similar;
            }
        }
        if sounds_alike {
            return Likeness::Sound;
        }
        if changed <= MOST_CHANGED
            && jaro_winkler::similarity(self.form.bytes(), other.form.bytes()) >= SIMILAR
        {
            return Likeness::Similar;
        }
        if contains(longer, shorter) { Likeness::Contained } else { Likeness::Unlike }
    }

    /// Whether both are forenames, and not one.
    pub(super) fn is_another_name_than(&self, other: &Self) -> bool {
        let (one, two) = (self.meaning.name, other.meaning.name);
        one != 0 && two != 0 && one != two && !self.shares_group(other)
    }

    /// Known to be a name, by the tables of forenames or by the people who bear it; but a form that several bear and that is one
    /// letter off a name of the tables is a pet form of it, or a slip that many make.
    fn is_a_name(&self) -> bool {
        let is_named = self.meaning.is_forename && self.meaning.name != 0;
        let is_known = is_named || self.groups.iter().any(|group| *group != 0);
        is_known || (self.is_usual && !self.meaning.is_misspelt())
    }

    fn shares_group(&self, other: &Self) -> bool {
        self.groups[0] != 0
            && other.groups[0] != 0
            && self.groups.iter().any(|group| *group != 0 && other.groups.contains(group))
    }
}

/// What a spelling that is no name may have been meant for, beside a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meant {
    /// That name.
    Name,
    /// A form of that name.
    Variant,
    /// Another.
    Another,
}

fn contains(longer: &Spelling, shorter: &Spelling) -> bool {
    shorter.form.len() >= LETTERS_TO_BE_CONTAINED
        && (longer.form.starts_with(&*shorter.form) || longer.form.ends_with(&*shorter.form))
}

/// The spellings of one written forename, which may be several words.
pub(super) fn given(written: &str, sounds: &Sounds) -> Vec<Spelling> {
    let words = words(written);
    let Some((first, rest)) = words.split_first() else {
        return Vec::new();
    };
    if rest.is_empty() {
        return vec![forename(first.clone(), Extent::Whole, sounds)];
    }
    let mut found =
        vec![forename(words.concat(), Extent::Whole, sounds), forename(first.clone(), Extent::First, sounds)];
    found.extend(rest.iter().map(|word| forename(word.clone(), Extent::Part, sounds)));
    found
}

fn forename(form: String, extent: Extent, sounds: &Sounds) -> Spelling {
    let meaning = Meaning::of(&form);
    Spelling { meaning, ..Spelling::new(form, extent, sounds) }
}

/// The spellings of one written family name: whole with and without its particles, and each word of a double one.
pub(super) fn family(written: &str, sounds: &Sounds) -> Vec<Spelling> {
    let words = family_words(written);
    let core = without_particles(&words);
    let (all, essential) = (words.concat(), core.concat());
    let mut found = Vec::new();
    if essential.is_empty() {
        return found;
    }
    if all != essential {
        found.push(Spelling::new(all, Extent::Whole, sounds));
    }
    if core.len() > 1 {
        found.extend(core.iter().map(|word| Spelling::new((*word).to_owned(), Extent::Part, sounds)));
    }
    found.insert(0, Spelling::new(essential, Extent::Whole, sounds));
    found
}

/// A spelling for each middle name.
pub(super) fn middle(written: &str, sounds: &Sounds) -> Vec<Spelling> {
    words(written).into_iter().map(|word| forename(word, Extent::Whole, sounds)).collect()
}

/// A number for a text, the same in every run of one build; never stored.
pub(super) fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// The same in half the size, for what is looked at only where more agrees.
fn short_hash(text: &str) -> u32 {
    let [.., a, b, c, d] = hash(text).to_be_bytes();
    u32::from_be_bytes([a, b, c, d])
}

/// Which letters occur, one bit each; letters outside the Latin alphabet share the bits that are left.
fn letters(form: &str) -> u32 {
    form.chars().fold(0, |set, letter| {
        let bit = match letter {
            'a'..='z' => u32::from(letter) - u32::from('a'),
            other => 26 + u32::from(other) % 6,
        };
        set | 1 << bit
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn forename(written: &str) -> Spelling {
        given(written, &Sounds::new()).remove(0)
    }

    fn usual(written: &str) -> Spelling {
        Spelling { is_usual: true, ..forename(written) }
    }

    #[test]
    fn names_are_alike_by_degrees() {
        for (one, other, likeness) in [
            ("Łucja", "lucja", Likeness::Same),
            ("William", "Billy", Likeness::Variant),
            ("Mohammed", "Muhammad", Likeness::Variant),
            ("Alderson", "Aldreson", Likeness::Slip),
            ("Fixtur", "Fixture", Likeness::Slip),
            ("Pheebe", "Feebee", Likeness::Sound),
            ("Cedarwood", "Cedar", Likeness::Similar),
            ("Fixture", "F", Likeness::Initial),
            ("Testa", "Fixture", Likeness::Unlike),
        ] {
            assert_eq!(forename(one).likeness(&forename(other)), likeness, "{one} {other}");
        }
    }

    #[test]
    fn two_usual_names_that_are_alike_are_two_names() {
        assert_eq!(usual("Marla").likeness(&usual("Marlo")), Likeness::Neighbour);
        assert_eq!(usual("Marla").likeness(&forename("Marlo")), Likeness::Slip);
        assert_eq!(forename("Mary").likeness(&forename("Maria")), Likeness::Neighbour, "each heads a group");
    }

    #[test]
    fn a_family_name_is_compared_with_and_without_its_particles() {
        let sounds = Sounds::new();
        let forms = |written| -> Vec<String> {
            family(written, &sounds).iter().map(|spelling| spelling.form.to_string()).collect()
        };
        assert_eq!(forms("Al-Alder"), ["alder", "alalder"]);
        assert_eq!(forms("Alder-Cedar"), ["aldercedar", "alder", "cedar"]);
        assert!(forms(" - ").is_empty() && given("'", &sounds).is_empty());
    }

    proptest! {
        #[test]
        fn likeness_is_symmetric(one in "[a-e]{1,9}", other in "[a-e]{1,9}") {
            let (one, other) = (forename(&one), forename(&other));
            prop_assert_eq!(one.likeness(&other), other.likeness(&one));
        }
    }
}
