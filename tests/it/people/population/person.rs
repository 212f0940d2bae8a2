//! The people as they truly are, with all the names that they use.

use super::dates::{Date, THIS_YEAR};
use super::dice::Dice;
use super::identifiers::Register;
use super::names::nicknames::nickname;
use super::names::{Culture, Custom, Name};
use super::places::{Places, postcode};

#[derive(Clone)]
pub struct Person {
    pub culture: &'static Culture,
    pub female: bool,
    pub forename: Name,
    pub middle_names: Vec<Name>,
    pub surname: Name,
    /// Before or after a marriage.
    pub other_surname: Option<Name>,
    pub nickname: Option<String>,
    /// A whole other name that she goes by.
    pub alias: Option<(Name, Name)>,
    pub date_of_birth: Date,
    /// A birth date that she has given before.
    pub alias_date_of_birth: Option<Date>,
    pub home: Option<String>,
    pub previous_homes: Vec<String>,
    pub identifiers: Identifiers,
}

/// Those that somebody has; a record tells some of them.
#[derive(Clone, Default)]
pub struct Identifiers {
    pub nhs_number: Option<String>,
    pub pnc_id: Option<String>,
    pub prison_number: Option<String>,
    pub crn: Option<String>,
}

/// Where people come from.
pub struct Birthplace<'a> {
    pub places: &'a Places,
    pub register: &'a mut Register,
}

impl Person {
    pub fn born(from: &mut Birthplace<'_>, dice: &mut Dice) -> Self {
        let culture = Culture::drawn(dice);
        let female = dice.chance(0.29);
        let mut forename = culture.forename(female, dice);
        let mut middle_names =
            if dice.chance(0.45) { vec![culture.forename(female, dice)] } else { Vec::new() };
        let mut surname = culture.surname(female, dice);
        custom(culture, female, &mut forename, &mut middle_names, &mut surname, dice);
        let date_of_birth = Date::of_a_client(dice);
        let marries = female && date_of_birth.year < THIS_YEAR - 24 && dice.chance(0.35);
        let alias = dice
            .chance(0.14)
            .then(|| (alias_forename(culture, female, &forename, dice), culture.surname(female, dice)));
        Self {
            nickname: nickname(&forename.spellings[0], dice).or_else(|| nickname(&forename.written, dice)),
            other_surname: marries.then(|| Culture::drawn(dice).surname(female, dice)),
            alias,
            alias_date_of_birth: dice.chance(0.07).then(|| false_date(date_of_birth, dice)),
            home: from.places.home(dice),
            previous_homes: (0..dice.below(4)).map(|_| postcode(dice)).collect(),
            identifiers: Identifiers::given(date_of_birth.year, from.register, dice),
            culture,
            female,
            forename,
            middle_names,
            surname,
            date_of_birth,
        }
    }

    /// Somebody of the same family, of whom only the name's pool and the home are known.
    pub fn relative(&self, from: &mut Birthplace<'_>, dice: &mut Dice) -> Self {
        let mut relative = Self::born(from, dice);
        relative.culture = self.culture;
        relative.female = dice.chance(0.35);
        relative.surname = self.surname.clone();
        relative.forename = self.culture.forename(relative.female, dice);
        while relative.forename.spellings[0] == self.forename.spellings[0] {
            relative.forename = self.culture.forename(relative.female, dice);
        }
        relative.middle_names =
            if dice.chance(0.45) { vec![self.culture.forename(relative.female, dice)] } else { Vec::new() };
        relative.other_surname = None;
        relative.alias = None;
        relative.nickname = nickname(&relative.forename.spellings[0], dice);
        relative
    }
}

/// Half of those who go by another name keep their own forename, or a short form of it.
fn alias_forename(culture: &Culture, female: bool, forename: &Name, dice: &mut Dice) -> Name {
    if dice.chance(0.4) { forename.clone() } else { culture.forename(female, dice) }
}

fn false_date(truth: Date, dice: &mut Dice) -> Date {
    if dice.chance(0.5) { truth.years_off(dice) } else { truth.one_digit_off(dice) }
}

/// What the culture makes of the names that were drawn.
fn custom(
    culture: &Culture,
    female: bool,
    forename: &mut Name,
    middle_names: &mut Vec<Name>,
    surname: &mut Name,
    dice: &mut Dice,
) {
    let word = |text: &str| Name { written: text.to_owned(), spellings: vec![text.to_owned()] };
    match culture.custom {
        Custom::SinghKaur if middle_names.is_empty() && dice.chance(0.4) => {
            *middle_names = vec![word(if female { "Kaur" } else { "Singh" })];
        }
        Custom::SecondName if female && dice.chance(0.35) => {
            *surname = word(dice.pick(&["Begum", "Bibi", "Akhtar", "Khatun", "Begum"]));
        }
        // Many men bear Mohammed first, and are called by the second name.
        Custom::SecondName if !female && dice.chance(0.3) => {
            *middle_names = vec![forename.clone()];
            let first = ["Mohammed", "Muhammad", "Mohammad", "Md", "Mohd", "Mohamed"];
            *forename = Name {
                written: (*dice.pick(&first)).to_owned(),
                spellings: first.map(str::to_owned).to_vec(),
            };
        }
        Custom::Chain => *middle_names = vec![culture.forename(false, dice)],
        Custom::TwoSurnames if dice.chance(0.45) => {
            let mothers = culture.surname(female, dice);
            if mothers.written != surname.written {
                let both = format!("{} {}", mothers.written, surname.written);
                *surname = Name {
                    spellings: vec![both.clone(), surname.written.clone(), mothers.written],
                    written: both,
                };
            }
        }
        Custom::Plain if dice.chance(0.035) => {
            let second = culture.surname(female, dice);
            let both = format!("{}-{}", surname.written, second.written);
            *surname = Name { spellings: vec![both.clone()], written: both };
        }
        _ => {}
    }
}

impl Identifiers {
    fn given(born: i32, register: &mut Register, dice: &mut Dice) -> Self {
        let arrested = dice.chance(0.8);
        let imprisoned = arrested && dice.chance(0.5);
        Self {
            nhs_number: dice.chance(0.97).then(|| register.nhs_number()),
            pnc_id: arrested.then(|| register.pnc_id(born)),
            prison_number: imprisoned.then(|| register.prison_number()),
            crn: (arrested && dice.chance(0.6)).then(|| register.crn()),
        }
    }
}
