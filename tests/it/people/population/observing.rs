//! What somebody writes down about a person: the truth, as far as it is told, heard and typed rightly.

use super::dice::Dice;
use super::names::{Custom, Name};
use super::person::Person;
use super::places::{Places, mistyped, no_fixed_abode};
use super::rates::Rates;
use super::row::Row;
use super::spelling::{heard, joined_otherwise, scanned, spelt_otherwise, typed, without_diacritics};

/// How an office writes: in capitals, with spaces in numbers, PNC ids in the short form.
#[derive(Clone, Copy)]
pub struct Hand {
    pub agency: &'static str,
    pub capitals: bool,
    pub spaced: bool,
    pub short_pnc: bool,
}

pub const HANDS: [Hand; 6] = [
    Hand { agency: "northmoor-cjit", capitals: false, spaced: true, short_pnc: false },
    Hand { agency: "eastvale-cjit", capitals: false, spaced: false, short_pnc: false },
    Hand { agency: "northmoor-probation", capitals: false, spaced: false, short_pnc: true },
    Hand { agency: "northmoor-police", capitals: true, spaced: false, short_pnc: false },
    Hand { agency: "fallowgate-carat", capitals: true, spaced: true, short_pnc: true },
    Hand { agency: "lantern", capitals: false, spaced: false, short_pnc: false },
];

/// What was written, and what of it is not as it should be.
pub struct Observed {
    pub row: Row,
    pub corruptions: Vec<&'static str>,
}

pub struct Observer<'a> {
    pub rates: Rates,
    pub places: &'a Places,
    pub hand: Hand,
}

impl Observer<'_> {
    pub fn observe(&self, id: String, person: &Person, dice: &mut Dice) -> Observed {
        let mut seen = Observed { row: Row { id, ..Row::default() }, corruptions: Vec::new() };
        self.names(person, &mut seen, dice);
        self.known_beside(person, &mut seen, dice);
        self.date_of_birth(person, &mut seen, dice);
        self.home(person, &mut seen, dice);
        self.sex(person, &mut seen, dice);
        self.identifiers(person, &mut seen, dice);
        self.hand(&mut seen.row);
        seen
    }

    fn names(&self, person: &Person, seen: &mut Observed, dice: &mut Dice) {
        let rates = &self.rates;
        let (mut forename, mut surname) = (person.forename.clone(), person.surname.clone());
        let mut note = |corruption| seen.corruptions.push(corruption);
        match &person.alias {
            Some(alias) if dice.chance(rates.full_alias) => {
                (forename, surname) = alias.clone();
                note("full_alias");
            }
            Some(alias) if dice.chance(rates.alias_surname) => {
                surname = alias.1.clone();
                note("alias_surname");
            }
            Some(alias) if dice.chance(rates.alias_forename) => {
                forename = alias.0.clone();
                note("alias_forename");
            }
            _ => {
                if let Some(other) = &person.other_surname
                    && dice.chance(rates.other_surname)
                {
                    surname = other.clone();
                    note("other_surname");
                }
                if let Some(nickname) = &person.nickname
                    && dice.chance(rates.nickname)
                {
                    forename = Name { written: nickname.clone(), spellings: Vec::new() };
                    note("nickname");
                }
            }
        }
        let mut middle_names: Vec<String> =
            person.middle_names.iter().map(|name| name.written.clone()).collect();
        let custom = person.culture.custom;
        if !middle_names.is_empty() {
            // Only the father's name, or not the Mohammed before one's own, or Singh for a surname.
            let middle = &person.middle_names[0];
            if custom == Custom::Chain && dice.chance(rates.custom) {
                surname = middle.clone();
                middle_names.clear();
                note("custom");
            } else if custom == Custom::SecondName
                && forename.written.starts_with('M')
                && dice.chance(rates.custom)
            {
                forename = middle.clone();
                middle_names.clear();
                note("custom");
            } else if custom == Custom::SinghKaur
                && ["Singh", "Kaur"].contains(&&*middle.written)
                && dice.chance(rates.custom)
            {
                surname = middle.clone();
                middle_names.clear();
                note("custom");
            } else if dice.chance(rates.middle_name_first) {
                middle_names[0] = std::mem::replace(&mut forename, middle.clone()).written;
                note("middle_name_first");
            }
        }
        let mut given = self.spelt(&forename, seen, dice);
        let mut family = self.spelt(&surname, seen, dice);
        if dice.chance(rates.initial_only) {
            given = given.chars().take(1).collect();
            seen.corruptions.push("initial_only");
        }
        let often = if custom == Custom::SurnameFirst { 5.0 } else { 1.0 };
        if dice.chance(rates.transposed * often) {
            std::mem::swap(&mut given, &mut family);
            seen.corruptions.push("transposed");
        }
        seen.row.forename = given;
        seen.row.surname = family;
        if dice.chance(rates.middle_told) {
            seen.row.middle_names = without_diacritics(&middle_names.join(" "));
            if dice.chance(0.25) {
                seen.row.middle_names = seen.row.middle_names.chars().take(1).collect();
            }
        }
    }

    fn spelt(&self, name: &Name, seen: &mut Observed, dice: &mut Dice) -> String {
        let rates = &self.rates;
        let mut text = name.written.clone();
        let mut note = |corruption| seen.corruptions.push(corruption);
        if let Some(other) = spelt_otherwise(name, dice)
            && dice.chance(rates.respelt)
        {
            text = other;
            note("respelt");
        } else if dice.chance(rates.heard) {
            text = heard(name, dice);
            note("heard");
        }
        if dice.chance(rates.plain_letters) {
            text = without_diacritics(&text);
        }
        if let Some(other) = joined_otherwise(&text, dice)
            && dice.chance(rates.joined)
        {
            text = other;
            note("joined");
        }
        if dice.chance(rates.typed) {
            text = typed(&text, dice);
            note("typed");
        } else if dice.chance(rates.scanned) {
            text = scanned(&text, dice);
            note("scanned");
        }
        text
    }

    fn known_beside(&self, person: &Person, seen: &mut Observed, dice: &mut Dice) {
        let rates = &self.rates;
        let row = &mut seen.row;
        if let Some((forename, surname)) = &person.alias
            && dice.chance(rates.known_alias)
        {
            let alias = format!("{} {}", forename.written, surname.written);
            match dice.below(5) {
                0 => row.alias_surnames.push(surname.written.clone()),
                1 => row.alias_forenames.push(forename.written.clone()),
                _ => row.aliases.push(alias),
            }
        }
        if let Some(nickname) = &person.nickname
            && dice.chance(rates.known_nickname)
        {
            row.alias_forenames.push(nickname.clone());
        }
        if let Some(other) = &person.other_surname
            && dice.chance(rates.known_surname)
        {
            row.alias_surnames.push(other.written.clone());
        }
        if let Some(date) = person.alias_date_of_birth
            && dice.chance(rates.known_date)
        {
            row.alias_dobs.push(date.to_string());
        }
        for home in &person.previous_homes {
            if dice.chance(rates.known_home) {
                row.previous_postcodes.push(home.clone());
            }
        }
    }

    fn date_of_birth(&self, person: &Person, seen: &mut Observed, dice: &mut Dice) {
        let (rates, truth) = (&self.rates, person.date_of_birth);
        let alias = person.alias_date_of_birth.filter(|_| dice.chance(rates.date_alias));
        let swapped = truth.swapped().filter(|_| dice.chance(rates.date_swapped));
        let (date, corruption) = match (alias, swapped) {
            (Some(alias), _) => (alias, "date_alias"),
            (_, Some(swapped)) => (swapped, "date_swapped"),
            _ => {
                let mut left = dice.unit();
                let mut falls = |rate: f64| {
                    left -= rate;
                    left < 0.0
                };
                if falls(rates.date_missing) {
                    seen.corruptions.push("date_missing");
                    return;
                } else if falls(rates.date_years) {
                    (truth.years_off(dice), "date_years")
                } else if falls(rates.date_digit) {
                    (truth.one_digit_off(dice), "date_digit")
                } else if falls(rates.date_days) {
                    (truth.days_off(dice), "date_days")
                } else if falls(rates.date_placeholder) {
                    (truth.placeholder(dice), "date_placeholder")
                } else {
                    (truth, "")
                }
            }
        };
        if date != truth {
            seen.corruptions.push(corruption);
        }
        seen.row.date_of_birth = date.to_string();
    }

    fn home(&self, person: &Person, seen: &mut Observed, dice: &mut Dice) {
        let rates = &self.rates;
        if dice.chance(rates.postcode_missing) {
            seen.corruptions.push("postcode_missing");
            return;
        }
        let mut home = person.home.clone();
        if dice.chance(rates.moved) {
            if let Some(old) = &home
                && dice.chance(rates.known_home)
            {
                seen.row.previous_postcodes.push(old.clone());
            }
            // Back to where she was, or somewhere else.
            home = match person.previous_homes.first() {
                Some(previous) if dice.chance(0.3) => Some(previous.clone()),
                _ => self.places.home(dice),
            };
            seen.corruptions.push("moved");
        }
        seen.row.postcode = home.unwrap_or_else(|| no_fixed_abode(dice));
        if !seen.row.postcode.is_empty() && dice.chance(rates.postcode_mistyped) {
            seen.row.postcode = mistyped(&seen.row.postcode, dice);
            seen.corruptions.push("postcode_mistyped");
        }
    }

    fn sex(&self, person: &Person, seen: &mut Observed, dice: &mut Dice) {
        let wrong = dice.chance(self.rates.sex_wrong);
        if wrong {
            seen.corruptions.push("sex_wrong");
        }
        let told = if person.female == wrong { "M" } else { "F" };
        let unknown = dice.chance(self.rates.sex_missing);
        seen.row.sex = if unknown { (*dice.pick(&["U", ""])).to_owned() } else { told.to_owned() };
    }

    fn identifiers(&self, person: &Person, seen: &mut Observed, dice: &mut Dice) {
        let rates = &self.rates;
        let has = &person.identifiers;
        let mut told = |identifier: &Option<String>, rate: f64| {
            let text = identifier.clone().filter(|_| dice.chance(rate)).unwrap_or_default();
            if text.is_empty() || !dice.chance(rates.identifier_wrong) {
                return text;
            }
            seen.corruptions.push("identifier_wrong");
            one_digit_wrong(&text, dice)
        };
        let nhs_number = told(&has.nhs_number, rates.nhs_told);
        let pnc_id = told(&has.pnc_id, rates.pnc_told);
        let prison_number = told(&has.prison_number, rates.prison_told);
        let crn = told(&has.crn, rates.crn_told);
        seen.row = Row { nhs_number, pnc_id, prison_number, crn, ..std::mem::take(&mut seen.row) };
    }

    fn hand(&self, row: &mut Row) {
        row.agency = self.hand.agency.to_owned();
        if self.hand.capitals {
            for name in [&mut row.forename, &mut row.middle_names, &mut row.surname] {
                *name = name.to_uppercase();
            }
        }
        if self.hand.spaced && row.nhs_number.len() == 10 {
            row.nhs_number.insert(6, ' ');
            row.nhs_number.insert(3, ' ');
        }
        if self.hand.short_pnc && row.pnc_id.len() > 10 {
            row.pnc_id.drain(..2);
        }
        if !self.hand.spaced {
            row.postcode.retain(|character| character != ' ');
        }
    }
}

fn one_digit_wrong(text: &str, dice: &mut Dice) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let digits: Vec<usize> = (0..characters.len()).filter(|at| characters[*at].is_ascii_digit()).collect();
    let at = digits[dice.below(digits.len())];
    let before = characters[at];
    while characters[at] == before {
        characters[at] = dice.digit();
    }
    characters.into_iter().collect()
}
