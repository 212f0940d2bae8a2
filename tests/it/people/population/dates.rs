//! Dates of birth, and how they come out wrong.

use std::fmt;

use super::dice::Dice;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    pub year: i32,
    pub month: i32,
    pub day: i32,
}

/// The year in which everybody's age is told.
pub const THIS_YEAR: i32 = 2026;

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Date {
    pub fn in_year(year: i32, dice: &mut Dice) -> Self {
        let month = dice.between(1, 12);
        Self { year, month, day: dice.between(1, days(year, month)) }
    }

    /// Most clients are between their late twenties and their fifties.
    pub fn of_a_client(dice: &mut Dice) -> Self {
        let age = (0..3).map(|_| dice.between(6, 20)).sum::<i32>();
        Self::in_year(THIS_YEAR - age.max(16), dice)
    }

    pub fn is_real(self) -> bool {
        (1..=12).contains(&self.month) && (1..=days(self.year, self.month)).contains(&self.day)
    }

    /// Only where both readings are dates and differ.
    pub fn swapped(self) -> Option<Self> {
        let swapped = Self { year: self.year, month: self.day, day: self.month };
        (swapped.is_real() && swapped != self).then_some(swapped)
    }

    pub fn years_off(self, dice: &mut Dice) -> Self {
        let years = *dice.pick(&[&-1, &-1, &1, &1, &-2, &2, &10, &-10]);
        self.with((self.year + years).clamp(1930, THIS_YEAR - 14), self.month, self.day)
    }

    pub fn days_off(self, dice: &mut Dice) -> Self {
        let days_off = *dice.pick(&[&-1, &1]);
        let moved = Self { day: self.day + days_off, ..self };
        if moved.is_real() { moved } else { Self { day: self.day - days_off, ..self } }
    }

    /// One digit of the day, the month or the year's last two.
    pub fn one_digit_off(self, dice: &mut Dice) -> Self {
        loop {
            let mut digits: Vec<char> = self.to_string().chars().collect();
            let at = *dice.pick(&[&2, &3, &5, &6, &8, &9]);
            digits[at] = dice.digit();
            let text: String = digits.into_iter().collect();
            let part = |range: std::ops::Range<usize>| text[range].parse().unwrap();
            let wrong = Self { year: part(0..4), month: part(5..7), day: part(8..10) };
            if wrong.is_real() && wrong != self && (1930..=THIS_YEAR - 14).contains(&wrong.year) {
                return wrong;
            }
        }
    }

    /// The first of January, of about the right year.
    pub fn placeholder(self, dice: &mut Dice) -> Self {
        let year = if dice.chance(0.7) { self.year } else { self.year + dice.between(-2, 2) };
        Self { year, month: 1, day: 1 }
    }

    pub fn with(self, year: i32, month: i32, day: i32) -> Self {
        Self { year, month, day: day.min(days(year, month)) }
    }
}

fn days(year: i32, month: i32) -> i32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}
