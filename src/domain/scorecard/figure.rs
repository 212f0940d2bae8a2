//! A number of at most two decimals, exact, and how one follows from others: no rounding before the last step. A leaf.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::codes::Rounding;
use crate::id::Malformed;

/// The largest figure, in hundredths.
const LARGEST: u64 = 999_999_999;

/// A number that is not negative, as it is printed: its value in hundredths, and how many decimals are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    hundredths: u64,
    decimals: u8,
}

impl Figure {
    /// A whole number; the largest figure if it is beyond that.
    pub fn whole(number: u64) -> Self {
        Self { hundredths: number.saturating_mul(100).min(LARGEST), decimals: 0 }
    }

    /// How many decimals it is printed with.
    pub const fn decimals(self) -> u8 {
        self.decimals
    }

    /// Whether two figures are the same number, however they are printed.
    pub const fn is(self, other: Self) -> bool {
        self.hundredths == other.hundredths
    }

    /// Whether it is the larger number, however they are printed.
    pub const fn is_more_than(self, other: Self) -> bool {
        self.hundredths > other.hundredths
    }

    /// The sum.
    pub fn sum(figures: impl IntoIterator<Item = Self>) -> Self {
        let none = Self { hundredths: 0, decimals: 0 };
        figures.into_iter().fold(none, |sum, each| Self {
            hundredths: sum.hundredths.saturating_add(each.hundredths),
            decimals: sum.decimals.max(each.decimals),
        })
    }

    /// What is left when another is taken away; `None` if that is the larger one.
    pub fn less(self, other: Self) -> Option<Self> {
        let hundredths = self.hundredths.checked_sub(other.hundredths)?;
        Some(Self { hundredths, decimals: self.decimals.max(other.decimals) })
    }

    /// How many percent of a whole it is; `None` of nothing.
    pub fn percent_of(self, whole: Self, decimals: u8) -> Option<Self> {
        let hundred_times = u128::from(self.hundredths).saturating_mul(100);
        rounded(hundred_times, u128::from(whole.hundredths), decimals)
    }

    /// Whether it is more than so many percent of a whole, without rounding.
    pub fn is_over(self, percent: Self, whole: Self) -> bool {
        let left = u128::from(self.hundredths).saturating_mul(10_000);
        left > u128::from(percent.hundredths).saturating_mul(u128::from(whole.hundredths))
    }

    /// So many times the figure, divided by a number; `None` by nothing.
    pub fn times_over(self, times: u64, by: u64, decimals: u8) -> Option<Self> {
        let numerator = u128::from(self.hundredths).saturating_mul(u128::from(times));
        rounded(numerator, u128::from(by).saturating_mul(100), decimals)
    }

    /// The mean; `None` of nothing.
    pub fn mean(figures: &[Self], rounding: Rounding) -> Option<Self> {
        let count = u64::try_from(figures.len()).ok()?;
        Self::sum(figures.iter().copied()).times_over(1, count, rounding.decimals())
    }
}

/// A quotient, halves up.
fn rounded(numerator: u128, denominator: u128, decimals: u8) -> Option<Figure> {
    let decimals = decimals.min(2);
    let unit = 10_u128.pow(u32::from(decimals));
    let doubled = numerator.checked_mul(unit)?.checked_mul(2)?.checked_add(denominator)?;
    let units = doubled.checked_div(denominator.checked_mul(2)?)?;
    let hundredths = units.checked_mul(100 / unit)?;
    Some(Figure { hundredths: u64::try_from(hundredths).ok()?, decimals })
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, hundredths) = (self.hundredths / 100, self.hundredths % 100);
        match self.decimals {
            0 => write!(f, "{whole}"),
            1 => write!(f, "{whole}.{}", hundredths / 10),
            _ => write!(f, "{whole}.{hundredths:02}"),
        }
    }
}

impl FromStr for Figure {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let malformed = || Malformed { what: "figure" };
        let (whole, decimals) =
            text.split_once('.').map_or((text, None), |(whole, rest)| (whole, Some(rest)));
        let digits = |part: &str, most: usize| {
            (1..=most).contains(&part.len()) && part.bytes().all(|digit| digit.is_ascii_digit())
        };
        if !digits(whole, 7) || decimals.is_some_and(|decimals| !digits(decimals, 2)) {
            return Err(malformed());
        }
        let number = |part: &str| part.parse::<u64>().map_err(|_| malformed());
        let (fraction, decimals) = match decimals {
            None => (0, 0),
            Some(one) if one.len() == 1 => (number(one)?.saturating_mul(10), 1),
            Some(two) => (number(two)?, 2),
        };
        Ok(Self { hundredths: number(whole)?.saturating_mul(100).saturating_add(fraction), decimals })
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A whole number, or a decimal as text: a decimal that is a JSON number would be rounded before anybody looks at it.
impl<'de> Deserialize<'de> for Figure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Printed;

        impl Visitor<'_> for Printed {
            type Value = Figure;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number, or text of at most seven digits with at most two decimals")
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Figure, E> {
                let figure = Figure::whole(number);
                if figure.is(Figure { hundredths: number.saturating_mul(100), decimals: 0 }) {
                    Ok(figure)
                } else {
                    Err(E::custom("too large"))
                }
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Figure, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_any(Printed)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn figure(text: &str) -> Figure {
        text.parse().unwrap()
    }

    #[test]
    fn a_figure_is_what_is_printed_and_nothing_else() {
        for text in ["0", "592", "14.2", "22.25", "101.75", "9999999.99", "7.00"] {
            assert_eq!(figure(text).to_string(), text);
        }
        for wrong in ["", ".5", "5.", "1.234", "-1", "+1", "1e3", "1,000", " 1", "12345678", "NaN"] {
            assert!(wrong.parse::<Figure>().is_err(), "{wrong}");
        }
        let read = |json: &str| serde_json::from_str::<Figure>(json);
        assert_eq!(read("592").unwrap(), read("\"592\"").unwrap());
        assert_eq!(read("\"14.19\"").unwrap(), figure("14.19"));
        for wrong in ["14.19", "-1", "null", "true", "[]", "10000000", "\"fourteen\""] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn percentages_are_rounded_once_and_halves_up() {
        let percent = |part: u64, whole: u64, decimals| {
            Figure::whole(part).percent_of(Figure::whole(whole), decimals).map(|figure| figure.to_string())
        };
        assert_eq!(percent(84, 592, 1).unwrap(), "14.2");
        assert_eq!(percent(84, 592, 2).unwrap(), "14.19");
        assert_eq!(percent(84, 592, 0).unwrap(), "14");
        assert_eq!(percent(1, 8, 1).unwrap(), "12.5");
        assert_eq!(percent(1, 8, 0).unwrap(), "13");
        assert_eq!(percent(1, 0, 1), None);
        // 14.49 to one decimal is 14.5 and to none 14: not 15, as it would be in two steps.
        assert_eq!(percent(1_449, 10_000, 1).unwrap(), "14.5");
        assert_eq!(percent(1_449, 10_000, 0).unwrap(), "14");
        let mean = Figure::mean(
            &[figure("110"), figure("105"), figure("101"), figure("104")],
            Rounding::TwoDecimals,
        );
        assert_eq!(mean.unwrap().to_string(), "105.00");
        assert_eq!(Figure::mean(&[], Rounding::Whole), None);
        assert!(figure("82.75").is_over(figure("80"), figure("101.75")));
        assert!(!figure("82.75").is_over(figure("80"), figure("105")));
        assert!(!figure("80").is_over(figure("80"), figure("100")), "just as much is not over");
    }

    proptest! {
        #[test]
        fn a_rounded_percentage_is_the_nearest_that_can_be_printed(part in 0_u64..5_000, whole in 1_u64..5_000, decimals in 0_u8..3) {
            let shown = Figure::whole(part).percent_of(Figure::whole(whole), decimals).unwrap();
            let unit = 10_i128.pow(u32::from(2 - decimals));
            // In hundredths of a percent: the distance is at most half of the last place.
            let exact = i128::from(part) * 10_000;
            let distance = (i128::from(shown.hundredths) * i128::from(whole) - exact).abs();
            prop_assert!(2 * distance <= unit * i128::from(whole));
            prop_assert_eq!(shown, shown.to_string().parse::<Figure>().unwrap());
        }
    }
}
