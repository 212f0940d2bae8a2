//! One name, or one word of a name, in all the forms that a comparison needs, and how alike two of them are. A leaf.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use rapidfuzz::distance::{jaro_winkler, osa};

use super::form::Form;
use super::likeness::Likeness;
use super::meaning::{Meaning, short_hash};
use super::nicknames::{self, MAX_ROOTS, MAX_SIBLINGS};
use super::sound::Sounds;
use super::words::{family_words, without_particles, words};

/// From this Jaro-Winkler similarity on, two names are alike.
const SIMILAR: f64 = 0.88;
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

/// A spelling, prepared.
#[derive(Clone)]
pub(super) struct Spelling {
    /// The comparison form, never empty.
    pub form: Form,
    /// How much of the written name this is.
    pub extent: Extent,
    /// Whether it is of a further name, not of the first one given nor a form of that: Jack, where the first is John.
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
    /// How many letters occur.
    letter_count: u8,
    sound_hash: u32,
    /// A bit for each group, several of which share one: no bit in common, no group in common.
    group_bits: u32,
    groups: [u16; MAX_ROOTS],
    siblings: [u16; MAX_SIBLINGS],
    is_root: bool,
    meaning: Meaning,
}

impl Spelling {
    fn new(form: String, extent: Extent, sounds: &Sounds) -> Self {
        let sound = sounds.key(&form);
        let mut groups = [0; MAX_ROOTS];
        for (place, group) in groups.iter_mut().zip(nicknames::groups(&form)) {
            *place = *group;
        }
        let mut siblings = [0; MAX_SIBLINGS];
        for (place, line) in siblings.iter_mut().zip(nicknames::sibling_lines(&form)) {
            *place = *line;
        }
        let letters = letters(&form);
        Self {
            number: hash(&form),
            letters,
            letter_count: u8::try_from(letters.count_ones()).unwrap_or(u8::MAX),
            group_bits: groups
                .iter()
                .filter(|group| **group != 0)
                .fold(0, |bits, group| bits | 1 << (group % 32)),
            sound_hash: sound.as_ref().map_or(0, |sound| short_hash(sound)),
            is_root: nicknames::is_root(&form),
            meaning: Meaning::of_family(&form),
            form: Form::new(&form),
            sound: sound.map(String::into_boxed_str),
            extent,
            is_alias: false,
            groups,
            siblings,
            rarity: 0.0,
            is_usual: false,
        }
    }

    fn bytes(&self) -> impl DoubleEndedIterator<Item = u8> + ExactSizeIterator + Clone {
        self.form.bytes().iter().copied()
    }

    /// Reads a little of it: see [`Profile::touch`](super::profile::Profile::touch).
    #[inline]
    pub(super) fn touch(&self) -> usize {
        usize::from(self.letter_count)
    }

    /// The first letter.
    pub(super) fn initial(&self) -> Option<char> {
        self.form.text().chars().next()
    }

    /// How alike two spellings are. Symmetric; allocates nothing for names up to 64 letters.
    #[inline]
    pub(super) fn likeness(&self, other: &Self) -> Likeness {
        if self.is_plainly_unlike(other) { Likeness::Unlike } else { self.looked_at(other) }
    }

    /// Most candidates share a birthday and nothing of the name: which letters occur tells so without a look at the letters. Whatever
    /// this says yes to, [`Self::looked_at`] finds unlike.
    #[inline]
    fn is_plainly_unlike(&self, other: &Self) -> bool {
        let (one, two) = (self.letters, other.letters);
        let has_all_letters = one & !two == 0 || two & !one == 0;
        let most = self.letter_count.max(other.letter_count);
        let sounds_alike = self.sound_hash != 0 && self.sound_hash == other.sound_hash;
        !has_all_letters
            && self.group_bits & other.group_bits == 0
            && !sounds_alike
            && (one & two).count_ones() * 2 < u32::from(most)
    }

    fn looked_at(&self, other: &Self) -> Likeness {
        if self.number == other.number {
            return Likeness::Same;
        }
        let is_spoken_alike = self.meaning.is_spoken_as(&other.meaning);
        if self.shares_group(other) {
            let are_two = (self.is_root && other.is_root) || share(&self.siblings, &other.siblings);
            let are_two = are_two && !is_spoken_alike;
            return if are_two { Likeness::Neighbour } else { Likeness::Variant };
        }
        let likeness = self.closeness(other);
        let is_guess =
            matches!(likeness, Likeness::Slip | Likeness::Sound | Likeness::Similar | Likeness::Contained);
        if !is_guess {
            return likeness;
        }
        if self.is_a_name() && other.is_a_name() {
            return if is_spoken_alike { Likeness::Sound } else { Likeness::Neighbour };
        }
        let is_another = self.meaning.is_another_than(&other.meaning, &other.groups)
            || other.meaning.is_another_than(&self.meaning, &self.groups);
        // One letter off two names is a slip of either.
        if is_another && likeness != Likeness::Slip { Likeness::Neighbour } else { likeness }
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
        // Which letters occur spares the distances, and the very letters.
        let shared = (self.letters & other.letters).count_ones();
        if shared * 2 < shorter.letters.count_ones().max(longer.letters.count_ones()) && !sounds_alike {
            let is_part = has_all_letters && contains(longer, shorter);
            return if is_part { Likeness::Contained } else { Likeness::Unlike };
        }
        // An edit changes two of the letters that occur at most, and letters that only one has match nothing.
        let changed = (self.letters ^ other.letters).count_ones();
        let most_changed = if length >= LETTERS_FOR_TWO_EDITS { 4 } else { 2 };
        if longer.form.len() - length <= 2 && changed <= most_changed {
            let edits = osa::distance(self.bytes(), other.bytes());
            let is_slip = (edits == 1 && length >= LETTERS_FOR_ONE_EDIT)
                || (edits == 2 && length >= LETTERS_FOR_TWO_EDITS);
            if is_slip {
                return Likeness::Slip;
            }
            if edits == 1 {
                return Likeness::Similar;
            }
        }
        if sounds_alike && self.is_mostly(other) {
            return Likeness::Sound;
        }
        if shorter.may_be_similar(longer) && jaro_winkler::similarity(self.bytes(), other.bytes()) >= SIMILAR
        {
            return Likeness::Similar;
        }
        if contains(longer, shorter) { Likeness::Contained } else { Likeness::Unlike }
    }

    /// Whether at least half the letters are in their place: the sound of a short name is a consonant or two, which many names have.
    fn is_mostly(&self, other: &Self) -> bool {
        let longer = self.form.len().max(other.form.len());
        osa::distance(self.bytes(), other.bytes()) * 2 <= longer
    }

    /// Whether both are forenames, and not one.
    pub(super) fn is_another_name_than(&self, other: &Self) -> bool {
        self.meaning.is_another_name_than(&other.meaning) && !self.shares_group(other)
    }

    /// Whether the letters that occur leave room for [`SIMILAR`]: with the longest beginning that counts in common, the two shares of
    /// letters that match must still add up to 1.4.
    fn may_be_similar(&self, other: &Self) -> bool {
        let matching = |one: &Self, other: &Self| {
            let unmatched = usize::try_from((one.letters & !other.letters).count_ones()).unwrap_or_default();
            one.form.len().saturating_sub(unmatched)
        };
        let most = matching(self, other).min(matching(other, self));
        let (one, two) = (self.form.len(), other.form.len());
        most * (one + two) * 5 >= one * two * 7
    }

    /// Known to be a name, by the tables of forenames or by the people who bear it.
    fn is_a_name(&self) -> bool {
        let is_known =
            self.meaning.is_forename_in_its_own_right() || self.groups.iter().any(|group| *group != 0);
        is_known || (self.is_usual && !self.meaning.is_pet_form())
    }

    /// Whether it is a form of a name that the same person bears: a nickname, a short form, a spelling. Not where a family gives two
    /// children both: then it may be the other's.
    pub(super) fn is_form_of(&self, name: &Self) -> bool {
        let is_nickname = self.shares_group(name) && !share(&self.siblings, &name.siblings);
        self.likeness(name).is_alike() || is_nickname
    }

    fn shares_group(&self, other: &Self) -> bool {
        share(&self.groups, &other.groups)
    }

    /// Whether it is short for several names: Dani for Daniel and Danielle.
    pub(super) fn is_short_for_several(&self) -> bool {
        !self.is_root && self.groups[1] != 0
    }
}

/// Whether two lists of numbers, filled up with zeros, have one in common.
fn share<const N: usize>(one: &[u16; N], other: &[u16; N]) -> bool {
    let (Some(first), Some(others)) = (one.first(), other.first()) else { return false };
    *first != 0 && *others != 0 && one.iter().any(|number| *number != 0 && other.contains(number))
}

fn contains(longer: &Spelling, shorter: &Spelling) -> bool {
    let (all, part) = (longer.form.bytes(), shorter.form.bytes());
    part.len() >= LETTERS_TO_BE_CONTAINED && (all.starts_with(part) || all.ends_with(part))
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

    fn surname(written: &str) -> Spelling {
        family(written, &Sounds::new()).remove(0)
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
        assert_eq!(
            forename("Joanna").likeness(&forename("Joanne")),
            Likeness::Neighbour,
            "two of one family"
        );
        assert_eq!(forename("Joanna").likeness(&forename("Jo")), Likeness::Variant, "short for either");
    }

    #[test]
    fn a_family_name_is_compared_with_and_without_its_particles() {
        let sounds = Sounds::new();
        let forms = |written| -> Vec<String> {
            family(written, &sounds).iter().map(|spelling| spelling.form.text().to_owned()).collect()
        };
        assert_eq!(forms("Al-Alder"), ["alder", "alalder"]);
        assert_eq!(forms("Alder-Cedar"), ["aldercedar", "alder", "cedar"]);
        assert!(forms(" - ").is_empty() && given("'", &sounds).is_empty());
    }

    proptest! {
        /// The short way says nothing that the long one does not.
        #[test]
        fn what_is_plainly_unlike_is_unlike_when_looked_at(one in "[a-zö]{1,9}|[a-e]{1,5}", other in "[a-zö]{1,9}|[a-e]{1,5}") {
            for (one, other) in [(forename(&one), forename(&other)), (surname(&one), forename(&other))] {
                if one.is_plainly_unlike(&other) {
                    prop_assert_eq!(one.looked_at(&other), Likeness::Unlike);
                }
            }
        }

        #[test]
        fn likeness_is_symmetric(one in "[a-e]{1,9}", other in "[a-e]{1,9}") {
            let (one, other) = (forename(&one), forename(&other));
            prop_assert_eq!(one.likeness(&other), other.likeness(&one));
        }
    }
}
