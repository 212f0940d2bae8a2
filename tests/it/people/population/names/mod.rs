//! The names that people of England and Wales bear, by where they or their families come from, the commonest first.

mod african;
mod asian;
mod british;
mod european;
pub mod nicknames;

use std::sync::LazyLock;

use super::dice::Dice;

/// A culture's names, as lists of words, ranked: `|` parts the spellings of one name, `_` stands for a space.
pub struct Names {
    /// Of a hundred people.
    share: f64,
    male: &'static str,
    female: &'static str,
    surnames: &'static str,
    /// The rarer surnames, put together from a beginning and an end.
    rare: (&'static str, &'static str),
    /// How many of all bear one of the rarer.
    rare_share: f64,
    /// How flat the ranks of surnames are: the lower, the more bear the first.
    flatness: f64,
    custom: Custom,
}

/// Names that are given and passed on alike.
pub struct Culture {
    pub custom: Custom,
    share: f64,
    male: Vec<Name>,
    female: Vec<Name>,
    surnames: Vec<Name>,
    rare: (Vec<&'static str>, Vec<&'static str>),
    rare_share: f64,
    flatness: f64,
}

/// How a culture forms a person's whole name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Custom {
    /// Forename, perhaps a middle name, surname.
    Plain,
    /// A surname has a woman's form: Nowakowski, Nowakowska.
    WomensForm,
    /// Singh or Kaur stands between, or is the surname.
    SinghKaur,
    /// A woman's second name (Bibi, Begum) is often taken for a surname.
    SecondName,
    /// The father's and grandfather's forenames follow one's own; no family name.
    Chain,
    /// The mother's surname and the father's, with particles.
    TwoSurnames,
    /// The surname is said first.
    SurnameFirst,
}

pub static CULTURES: LazyLock<Vec<Culture>> = LazyLock::new(|| {
    let all = [
        british::ENGLISH,
        british::WELSH,
        british::IRISH,
        british::SCOTTISH,
        european::POLISH,
        european::ROMANIAN,
        european::PORTUGUESE,
        asian::SOUTH_ASIAN_MUSLIM,
        asian::PUNJABI_AND_HINDU,
        asian::CHINESE_AND_VIETNAMESE,
        african::WEST_AFRICAN,
        african::SOMALI_AND_ARAB,
    ];
    all.iter().map(Culture::of).collect()
});

/// A name and how else it is spelt.
#[derive(Clone, Debug)]
pub struct Name {
    pub written: String,
    pub spellings: Vec<String>,
}

impl Name {
    fn of(word: &str) -> Self {
        let spellings: Vec<String> = word.split('|').map(|spelling| spelling.replace('_', " ")).collect();
        Self { written: spellings[0].clone(), spellings }
    }

    /// Whether both may be written alike.
    pub fn shares_a_spelling(&self, other: &Self) -> bool {
        self.spellings.iter().any(|spelling| other.spellings.contains(spelling))
    }

    /// As one of its bearers writes it.
    fn drawn(&self, dice: &mut Dice) -> Self {
        let written = if dice.chance(0.6) { 0 } else { dice.below(self.spellings.len()) };
        Self { written: self.spellings[written].clone(), spellings: self.spellings.clone() }
    }
}

impl Culture {
    fn of(names: &Names) -> Self {
        let parsed = |list: &'static str| list.split_whitespace().map(Name::of).collect();
        let words = |list: &'static str| list.split_whitespace().collect();
        Self {
            custom: names.custom,
            share: names.share,
            male: parsed(names.male),
            female: parsed(names.female),
            surnames: parsed(names.surnames),
            rare: (words(names.rare.0), words(names.rare.1)),
            rare_share: names.rare_share,
            flatness: names.flatness,
        }
    }

    pub fn drawn(dice: &mut Dice) -> &'static Self {
        let weights: Vec<_> = CULTURES.iter().map(|culture| (culture, culture.share)).collect();
        dice.weighted(&weights)
    }

    pub fn forename(&self, female: bool, dice: &mut Dice) -> Name {
        let names = if female { &self.female } else { &self.male };
        names[dice.ranked(names.len(), 12.0)].drawn(dice)
    }

    pub fn surname(&self, female: bool, dice: &mut Dice) -> Name {
        let mut name = if dice.chance(self.rare_share) {
            let end = dice.pick(&self.rare.1).trim_matches('_');
            Name::of(&format!("{}{end}", dice.pick(&self.rare.0))).drawn(dice)
        } else {
            self.surnames[dice.ranked(self.surnames.len(), self.flatness)].drawn(dice)
        };
        if female && self.custom == Custom::WomensForm {
            // Some write the man's form for her.
            let mans = std::mem::take(&mut name.written);
            name.written = womens_form(&mans);
            name.spellings = vec![name.written.clone(), mans];
        }
        name
    }
}

/// The form that a woman of the family bears.
pub fn womens_form(surname: &str) -> String {
    for (mans, womans) in [("ski", "ska"), ("cki", "cka"), ("dzki", "dzka")] {
        if let Some(stem) = surname.strip_suffix(mans) {
            return format!("{stem}{womans}");
        }
    }
    surname.to_owned()
}
