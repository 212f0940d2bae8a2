//! Postcodes, and how near two of them lie. A leaf.

/// Postcodes that say "no fixed abode", "abroad" or "unknown".
const NO_ABODE: [&str; 3] = ["NF11NF", "NF11FA", "NFA"];
/// Pseudo postcodes of the health service begin so.
const PSEUDO: &str = "ZZ99";
const LONGEST: usize = 8;

/// A postcode, or its outward half if that is all that is known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Postcode {
    /// Upper case, left-aligned, padded with zeros.
    letters: [u8; LONGEST],
    length: u8,
    /// How many of the letters are the outward half.
    outward: u8,
    /// How many of them it begins with are no digits.
    area: u8,
}

/// How near two postcodes lie, nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Nearness {
    /// One postcode.
    Same,
    /// One character is wrong, or two neighbours are swapped.
    Slip,
    /// All but the last two letters.
    Sector,
    /// The outward half.
    District,
    /// The letters that it begins with.
    Area,
    /// None of these.
    Unlike,
}

impl Postcode {
    /// From however it was written. `None` for no fixed abode, for pseudo postcodes and for what is none.
    pub fn parse(written: &str) -> Option<Self> {
        let text: String =
            written.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
        let is_none = NO_ABODE.contains(&text.as_str()) || text.starts_with(PSEUDO);
        if is_none || !(2..=LONGEST).contains(&text.len()) || !text.bytes().any(|byte| byte.is_ascii_digit())
        {
            return None;
        }
        let inward = text.len().checked_sub(3).and_then(|at| text.get(at..));
        let has_inward = text.len() >= 5
            && inward.is_some_and(|inward| match *inward.as_bytes() {
                [digit, one, two] => {
                    digit.is_ascii_digit() && one.is_ascii_uppercase() && two.is_ascii_uppercase()
                }
                _ => false,
            });
        let begins_as_ours = text.starts_with(|c: char| c.is_ascii_uppercase());
        // Of a postcode of another country all but the last character is its district.
        let outward = match (has_inward, begins_as_ours) {
            (true, _) => text.len() - 3,
            (false, true) => text.len(),
            (false, false) => text.len() - 1,
        };
        let mut letters = [0; LONGEST];
        for (place, byte) in letters.iter_mut().zip(text.bytes()) {
            *place = byte;
        }
        let area = text.bytes().take_while(u8::is_ascii_uppercase).count();
        let small = |count: usize| u8::try_from(count).ok();
        Some(Self { letters, length: small(text.len())?, outward: small(outward)?, area: small(area)? })
    }

    /// Whether more than its outward half is known.
    pub(super) const fn is_full(&self) -> bool {
        self.length > self.outward
    }

    pub(super) fn text(&self) -> &str {
        self.part(self.length)
    }

    pub(super) fn district(&self) -> &str {
        self.part(self.outward)
    }

    /// How near two postcodes lie. Symmetric.
    pub(super) fn nearness(&self, other: &Self) -> Nearness {
        if !self.may_be_near(other) {
            return Nearness::Unlike;
        }
        if self.number() == other.number() {
            return if self.is_full() { Nearness::Same } else { Nearness::District };
        }
        if self.is_full() && other.is_full() {
            if self.is_one_slip_from(other) {
                return Nearness::Slip;
            }
            if self.outward == other.outward && self.length >= 5 && self.begins_as(other, self.outward + 1) {
                return Nearness::Sector;
            }
        }
        if self.outward == other.outward && self.begins_as(other, self.outward) {
            return Nearness::District;
        }
        let is_of_one_area = self.area == other.area && self.area > 0 && self.begins_as(other, self.area);
        if is_of_one_area { Nearness::Area } else { Nearness::Unlike }
    }

    /// Most pairs are not: their first letters differ, and more than the second beside.
    const fn may_be_near(&self, other: &Self) -> bool {
        let differing = self.number() ^ other.number();
        differing.leading_zeros() >= 8 || differing.trailing_zeros() >= 48
    }

    /// Whether so many letters from the first on are equal.
    fn begins_as(&self, other: &Self, letters: u8) -> bool {
        (self.number() ^ other.number()).leading_zeros() >= u32::from(letters) * 8
    }

    const fn number(&self) -> u64 {
        u64::from_be_bytes(self.letters)
    }

    fn is_one_slip_from(&self, other: &Self) -> bool {
        if self.length != other.length {
            return false;
        }
        let first = (self.number() ^ other.number()).leading_zeros() / 8;
        let last = 7 - (self.number() ^ other.number()).trailing_zeros() / 8;
        if last > first + 1 {
            return false;
        }
        // The two that differ, side by side: the same two the other way round?
        let two = |postcode: &Self| postcode.number().rotate_left((first + 2) * 8) & 0xFFFF;
        first == last || two(self) == (two(other) >> 8 | (two(other) & 0xFF) << 8)
    }

    fn part(&self, end: u8) -> &str {
        self.letters
            .get(..usize::from(end))
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn nearness(one: &str, other: &str) -> Nearness {
        Postcode::parse(one).unwrap().nearness(&Postcode::parse(other).unwrap())
    }

    #[test]
    fn no_fixed_abode_is_no_postcode() {
        for written in ["", "NF1 1NF", "nf11fa", "NFA", "ZZ99 3VZ", "No fixed abode", "none", "N"] {
            assert!(Postcode::parse(written).is_none(), "{written}");
        }
    }

    #[test]
    fn postcodes_are_near_by_their_parts() {
        for (other, near) in [
            ("nm1 4aq", Nearness::Same),
            ("NM14AQ", Nearness::Same),
            ("NM1 4AR", Nearness::Slip),
            ("MN1 4AQ", Nearness::Slip),
            ("NM1 4XY", Nearness::Sector),
            ("NM1 7XY", Nearness::District),
            ("NM1", Nearness::District),
            ("NM22 7XY", Nearness::Area),
            ("EV3 7XY", Nearness::Unlike),
        ] {
            assert_eq!(nearness("NM1 4AQ", other), near, "{other}");
        }
    }

    #[test]
    fn a_postcode_of_another_country_has_a_district_too() {
        assert_eq!(nearness("4223", "4226"), Nearness::Slip);
        assert_eq!(nearness("4223", "4223"), Nearness::Same);
        assert_eq!(nearness("4223", "9871"), Nearness::Unlike);
    }

    proptest! {
        /// As somebody would say it, letter by letter.
        #[test]
        fn a_slip_is_one_letter_off_or_two_swapped(one in "[AB][1-2][AB]? ?[1-2][AB]{2}", other in "[AB][1-2][AB]? ?[1-2][AB]{2}") {
            let (one, other) = (Postcode::parse(&one).unwrap(), Postcode::parse(&other).unwrap());
            prop_assume!(one.length == other.length && one != other);
            let differing: Vec<usize> =
                (0..LONGEST).filter(|at| one.letters[*at] != other.letters[*at]).collect();
            let swapped = |at: usize| {
                one.letters[at] == other.letters[at + 1] && one.letters[at + 1] == other.letters[at]
            };
            let is_slip = match differing[..] {
                [_] => true,
                [first, second] => second == first + 1 && swapped(first),
                _ => false,
            };
            prop_assert_eq!(one.is_one_slip_from(&other), is_slip);
        }

        #[test]
        fn nearness_is_symmetric(one in "[A-C]{1,2}[1-3]{1,2} ?[1-3][A-C]{2}", other in "[A-C]{1,2}[1-3]{1,2} ?[1-3][A-C]{2}") {
            prop_assert_eq!(nearness(&one, &other), nearness(&other, &one));
        }
    }
}
