//! Where people live: postcodes of two invented areas, hostels that many share, and no fixed abode.

use super::dice::Dice;

/// Districts of Northmoor and Eastvale, in which nobody lives.
const DISTRICTS: [&str; 36] = [
    "NM1", "NM2", "EV1", "NM3", "EV2", "NM4", "EV3", "NM5", "EV4", "NM6", "NM7", "EV5", "NM8", "EV6", "NM9",
    "EV7", "NM10", "EV8", "NM11", "EV9", "NM12", "EV10", "NM13", "EV11", "NM14", "EV12", "NM15", "EV13",
    "NM16", "EV14", "NM17", "EV15", "NM18", "EV16", "NM19", "EV17",
];
const UNIT_LETTERS: &str = "ABDEFGHJLNPQRSTUWXYZ";

pub struct Places {
    hostels: Vec<String>,
}

impl Places {
    pub fn new(people: usize, dice: &mut Dice) -> Self {
        Self { hostels: (0..people / 1500 + 3).map(|_| postcode(dice)).collect() }
    }

    /// Where somebody of this client group lives; nothing for no fixed abode.
    pub fn home(&self, dice: &mut Dice) -> Option<String> {
        match dice.unit() {
            chance if chance < 0.06 => Some(self.hostels[dice.ranked(self.hostels.len(), 3.0)].clone()),
            chance if chance < 0.13 => None,
            _ => Some(postcode(dice)),
        }
    }
}

/// What is written where there is no address: the pseudo-postcode of the NHS, codes of case systems, or nothing.
pub fn no_fixed_abode(dice: &mut Dice) -> String {
    (*dice.pick(&["", "", "", "ZZ99 3VZ", "ZZ99 3VZ", "NF1 1NF", "NFA"])).to_owned()
}

/// Few postcodes of a district hold most of its clients.
pub fn postcode(dice: &mut Dice) -> String {
    let district = DISTRICTS[dice.ranked(DISTRICTS.len(), 8.0)];
    let unit = dice.ranked(1600, 120.0);
    // Which units these are differs by district.
    let mixed =
        (unit * 487 + district.len() * 31 + usize::from(district.as_bytes()[district.len() - 1]) * 97) % 3600;
    let letters = UNIT_LETTERS.as_bytes();
    let (sector, first, second) = (mixed / 400 + 1, letters[mixed / 20 % 20], letters[mixed % 20]);
    format!("{district} {sector}{}{}", char::from(first), char::from(second))
}

/// One character of it wrong.
pub fn mistyped(postcode: &str, dice: &mut Dice) -> String {
    let mut characters: Vec<char> = postcode.chars().collect();
    let places: Vec<usize> = (0..characters.len()).filter(|at| characters[*at] != ' ').skip(1).collect();
    let at = places[dice.below(places.len())];
    let before = characters[at];
    while characters[at] == before {
        characters[at] = if before.is_ascii_digit() { dice.digit() } else { dice.letter(UNIT_LETTERS) };
    }
    characters.into_iter().collect()
}
