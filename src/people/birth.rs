//! Dates of birth as they are written, and how two of them differ. A leaf.

/// A date of birth, day by day as written: a slip may have made it no date of the calendar, and still tells something.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Birth {
    year: u16,
    month: u8,
    day: u8,
}

/// Births as many years apart are of two generations, whatever a slip may explain.
const GENERATION_YEARS: u16 = 13;
/// Dates that systems write when they know none.
const PLACEHOLDERS: [(u16, u8, u8); 5] =
    [(1900, 1, 1), (1901, 1, 1), (1970, 1, 1), (1753, 1, 1), (1899, 12, 30)];

/// How two dates of birth differ, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Difference {
    /// Not at all.
    None,
    /// Day and month are swapped.
    Swapped,
    /// One digit is wrong, or two that stand side by side are swapped.
    Digit,
    /// None, but it is a first of January, which is written for many who do not know theirs.
    Estimated,
    /// The same day, the year one or two or one digit off.
    YearOff,
    /// One is the first of January of the other's year: its day was not known.
    Placeholder,
    /// Year and one of month and day agree.
    Part,
    /// Nearly the year, and one is a first of January.
    Around,
    /// The year agrees.
    Year,
    /// Less than a generation.
    Unlike,
    /// Thirteen years or more.
    Generation,
}

impl Birth {
    /// From an ISO date (`1990-05-17`, `19900517`) or day first (`17/05/1990`, `17.5.1990`). `None` for what is no date and for the
    /// placeholders of systems, such as 1900-01-01 and 1970-01-01.
    pub fn parse(written: &str) -> Option<Self> {
        let written = written.trim();
        let parts: Vec<&str> = written.split(['-', '/', '.', ' ']).filter(|part| !part.is_empty()).collect();
        let (year, month, day) = match *parts.as_slice() {
            [all] if all.len() == 8 && all.is_ascii() => (all.get(..4)?, all.get(4..6)?, all.get(6..)?),
            [year, month, day] if year.len() == 4 => (year, month, day),
            [day, month, year] if year.len() == 4 => (year, month, day),
            _ => return None,
        };
        Self::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    }

    /// From its numbers, unless they are a system's placeholder or nothing like a date.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let is_date_like = (1000..=2999).contains(&year) && month <= 99 && day <= 99;
        let is_placeholder = PLACEHOLDERS.contains(&(year, month, day));
        (is_date_like && !is_placeholder).then_some(Self { year, month, day })
    }

    pub(super) const fn year(self) -> u16 {
        self.year
    }

    /// Month and day in an order that a swap does not change.
    pub(super) fn month_and_day(self) -> (u8, u8) {
        (self.month.min(self.day), self.month.max(self.day))
    }

    /// A number for the date, for counting.
    pub(super) fn number(self) -> u32 {
        (u32::from(self.year) * 100 + u32::from(self.month)) * 100 + u32::from(self.day)
    }

    /// How two dates differ. Symmetric.
    pub(super) fn difference(self, other: Self) -> Difference {
        let is_first = |birth: Self| birth.month == 1 && birth.day == 1;
        if self == other {
            return if is_first(self) { Difference::Estimated } else { Difference::None };
        }
        let years = self.year.abs_diff(other.year);
        if years >= GENERATION_YEARS {
            return Difference::Generation;
        }
        let same_day = self.month == other.month && self.day == other.day;
        if is_first(self) && is_first(other) {
            return if years <= 2 { Difference::Around } else { Difference::Unlike };
        }
        let is_estimate = is_first(self) || is_first(other);
        if years == 0 && self.month == other.day && self.day == other.month {
            return Difference::Swapped;
        }
        let is_one_digit = self.is_one_digit_from(other);
        if same_day && (years <= 2 || is_one_digit) {
            return Difference::YearOff;
        }
        if years == 0 && is_estimate {
            return Difference::Placeholder;
        }
        if is_one_digit {
            return Difference::Digit;
        }
        if years == 0 && (self.month == other.month || self.day == other.day) {
            return Difference::Part;
        }
        if years == 0 {
            return Difference::Year;
        }
        if years <= 2 && is_estimate { Difference::Around } else { Difference::Unlike }
    }

    /// One of the eight digits differs, or two neighbours are swapped.
    fn is_one_digit_from(self, other: Self) -> bool {
        let (one, two) = (self.digits(), other.digits());
        let differing = one.iter().zip(&two).filter(|(a, b)| a != b).count();
        let swapped = one.windows(2).zip(two.windows(2)).any(|(a, b)| match (a, b) {
            ([a, b], [c, d]) => a == d && b == c && a != b,
            _ => false,
        });
        differing == 1 || (differing == 2 && swapped)
    }

    fn digits(self) -> [u32; 8] {
        let number = self.number();
        let mut digits = [0; 8];
        let mut rest = number;
        for digit in digits.iter_mut().rev() {
            *digit = rest % 10;
            rest /= 10;
        }
        digits
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn birth(written: &str) -> Birth {
        Birth::parse(written).unwrap()
    }

    #[test]
    fn a_date_is_read_however_it_is_written() {
        for written in ["1990-05-17", "19900517", "17/05/1990", "17.5.1990", " 1990-05-17 "] {
            assert!(birth(written) == birth("1990-05-17"), "{written}");
        }
        assert!(birth("1996-01-71") != birth("1996-01-17"), "a slip that is no date still tells something");
    }

    #[test]
    fn what_is_no_date_or_a_systems_placeholder_is_none() {
        for written in [
            "",
            "unknown",
            "1990",
            "1990-05",
            "17/05/90",
            "1900-01-01",
            "01/01/1970",
            "1990-05-173",
            "٣٣٣٣٣٣٣٣",
        ] {
            assert!(Birth::parse(written).is_none(), "{written}");
        }
    }

    #[test]
    fn dates_differ_by_what_a_slip_explains() {
        for (other, difference) in [
            ("1990-05-07", Difference::None),
            ("1990-07-05", Difference::Swapped),
            ("1991-05-07", Difference::YearOff),
            ("1980-05-07", Difference::YearOff),
            ("1990-05-08", Difference::Digit),
            ("1990-05-17", Difference::Digit),
            ("1990-01-01", Difference::Placeholder),
            ("1990-05-23", Difference::Part),
            ("1990-12-31", Difference::Year),
            ("1987-11-23", Difference::Unlike),
            ("1977-05-07", Difference::Generation),
            ("1965-01-30", Difference::Generation),
        ] {
            assert_eq!(birth("1990-05-07").difference(birth(other)), difference, "{other}");
        }
    }

    #[test]
    fn the_first_of_january_says_less() {
        assert_eq!(birth("1990-01-01").difference(birth("1990-01-01")), Difference::Estimated);
        assert_eq!(birth("1990-01-01").difference(birth("1991-01-01")), Difference::Around);
        assert_eq!(birth("1990-01-01").difference(birth("1996-01-01")), Difference::Unlike);
    }

    proptest! {
        #[test]
        fn differing_is_symmetric(
            one in (1930u16..2010, 1u8..=12, 1u8..=28), other in (1930u16..2010, 1u8..=12, 1u8..=28),
        ) {
            if let (Some(one), Some(other)) = (Birth::new(one.0, one.1, one.2), Birth::new(other.0, other.1, other.2)) {
                prop_assert_eq!(one.difference(other), other.difference(one));
                prop_assert_eq!(one == other, matches!(one.difference(other), Difference::None | Difference::Estimated));
            }
        }
    }
}
