//! People whom the index does not know, and who look like somebody whom it knows.

use super::dates::Date;
use super::dice::Dice;
use super::names::nicknames::{is_short_for, nickname};
use super::person::{Birthplace, Person};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The person is in the index.
    Known,
    /// Nobody whom the index knows, nor like anybody.
    New,
    /// Of one birth with somebody in the index, and not in it.
    AbsentTwin,
    Sibling,
    /// Of the same name, a generation apart.
    ParentOrChild,
    /// Of the same name, and no relation.
    Namesake,
}

impl Kind {
    pub const ALL: [Self; 6] =
        [Self::Known, Self::New, Self::AbsentTwin, Self::Sibling, Self::ParentOrChild, Self::Namesake];

    pub fn name(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::New => "new",
            Self::AbsentTwin => "absent_twin",
            Self::Sibling => "sibling",
            Self::ParentOrChild => "parent_or_child",
            Self::Namesake => "namesake",
        }
    }

    /// Of a hundred presentations: 65 of people in the index, 15 of look-alikes.
    pub fn drawn(dice: &mut Dice) -> Self {
        dice.weighted(&[
            (Self::Known, 65.0),
            (Self::New, 20.0),
            (Self::AbsentTwin, 3.0),
            (Self::Sibling, 2.6),
            (Self::ParentOrChild, 3.1),
            (Self::Namesake, 6.3),
        ])
    }
}

/// Somebody new, who looks in this way like this person.
pub fn lookalike(kind: Kind, of: &Person, from: &mut Birthplace<'_>, dice: &mut Dice) -> Person {
    let mut other = of.relative(from, dice);
    let born = of.date_of_birth;
    match kind {
        Kind::AbsentTwin => {
            named_as_a_twin(&mut other, of, dice);
            other.date_of_birth = born;
            lives_with(&mut other, of, 0.6, dice);
        }
        Kind::Sibling => {
            let years = dice.between(1, 9) * if dice.chance(0.5) { 1 } else { -1 };
            other.date_of_birth = Date::in_year(born.year + years, dice);
            lives_with(&mut other, of, 0.5, dice);
        }
        Kind::ParentOrChild => {
            named_like(&mut other, of, dice);
            let years = dice.between(17, 36);
            // Whichever of the two may be a client at all.
            let year = if born.year - years < 1938 || (born.year + years < 2010 && dice.chance(0.5)) {
                born.year + years
            } else {
                born.year - years
            };
            let birthday = dice.chance(0.03);
            let any_day = Date::in_year(year, dice);
            other.date_of_birth = if birthday { born.with(year, born.month, born.day) } else { any_day };
            lives_with(&mut other, of, 0.5, dice);
        }
        Kind::Namesake => {
            named_like(&mut other, of, dice);
            other.date_of_birth = match dice.unit() {
                chance if chance < 0.05 => born,
                chance if chance < 0.09 => born.one_digit_off(dice),
                chance if chance < 0.3 => Date::in_year(born.year, dice),
                _ => Date::of_a_client(dice),
            };
            if dice.chance(0.1) {
                other.home = near(of, dice);
            }
        }
        Kind::Known | Kind::New => {}
    }
    other
}

/// Twins are mostly of one sex, and many of one initial.
fn named_as_a_twin(twin: &mut Person, of: &Person, dice: &mut Dice) {
    twin.female = if dice.chance(0.75) { of.female } else { !of.female };
    let initial = |name: &str| name.chars().next();
    let alike = dice.chance(0.22);
    for _ in 0..200 {
        twin.forename = of.culture.forename(twin.female, dice);
        // No parents call their two Ion and Ionuț, Patrick and Pádraig, or Victoria and Vicky, or one by the other's middle name: that
        // would be one name twice.
        let (one, other) = (&twin.forename.spellings[0], &of.forename.spellings[0]);
        let same_name = one.starts_with(other)
            || other.starts_with(one)
            || is_short_for(one, other)
            || twin.forename.shares_a_spelling(&of.forename)
            || of.middle_names.iter().any(|middle| twin.forename.shares_a_spelling(middle));
        if !same_name && (!alike || initial(&twin.forename.written) == initial(&of.forename.written)) {
            break;
        }
    }
    twin.nickname = nickname(&twin.forename.spellings[0], dice);
}

fn named_like(other: &mut Person, of: &Person, dice: &mut Dice) {
    other.female = of.female;
    other.forename = of.forename.clone();
    other.nickname = nickname(&of.forename.spellings[0], dice);
    other.middle_names =
        if dice.chance(0.45) { vec![of.culture.forename(of.female, dice)] } else { Vec::new() };
}

fn lives_with(other: &mut Person, of: &Person, often: f64, dice: &mut Dice) {
    if dice.chance(often) {
        other.home = of.home.clone();
    }
    // They grew up in one place.
    other.previous_homes.truncate(2);
    if let Some(first) = of.previous_homes.first()
        && dice.chance(0.4)
    {
        other.previous_homes.push(first.clone());
    }
}

/// The same district, another street.
fn near(of: &Person, dice: &mut Dice) -> Option<String> {
    let home = of.home.as_ref()?;
    let (district, _) = home.split_once(' ')?;
    let letter = |dice: &mut Dice| dice.letter("ABDEFGHJLNPQRSTUWXYZ");
    Some(format!("{district} {}{}{}", dice.between(1, 9), letter(dice), letter(dice)))
}
