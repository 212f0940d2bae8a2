//! Forenames in their own right, and which of them a misspelt one may have been meant for. The tables are `forenames.txt` and
//! `nicknames.txt`. A leaf.

use std::sync::LazyLock;

use rapidfuzz::distance::osa;

use super::nicknames;
use super::spelling::hash;

/// Names beside those that have nicknames.
const TABLE: &str = include_str!("forenames.txt");
/// Shorter forms are one letter off too many names.
const SHORTEST: usize = 4;
/// Up to this length only names of the same first letter are meant: nobody misses the first letter of a short name.
const SAME_INITIAL: usize = 5;
/// A form that may be meant for more names than this says too little.
pub(super) const MOST_READINGS: usize = 4;

/// Sorted, so that a name's place gives its number, from 1 on.
static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    let mut names: Vec<&str> =
        lines.flat_map(str::split_ascii_whitespace).chain(nicknames::forms()).collect();
    names.sort_unstable();
    names.dedup();
    names
});

/// Every name and every name less a letter, by a number for the text: two texts one edit apart share one of these.
static SHORTENED: LazyLock<Vec<(u64, u16)>> = LazyLock::new(|| {
    let numbered = (1_u16..).zip(NAMES.iter()).filter(|(_, name)| name.len() >= SHORTEST - 1);
    let mut shortened: Vec<(u64, u16)> = numbered
        .flat_map(|(number, name)| self::shortened(name).map(move |text| (hash(&text), number)))
        .collect();
    shortened.sort_unstable();
    shortened.dedup();
    shortened
});

/// The number of a name that is in the tables, or 0: good within one build, never to be stored.
pub(super) fn number(form: &str) -> u16 {
    NAMES.binary_search(&form).ok().and_then(|place| u16::try_from(place + 1).ok()).unwrap_or(0)
}

/// The names for which a form that is none itself may have been meant: one letter missing, too many, wrong, or swapped with the next.
pub(super) fn readings(form: &str) -> Vec<(u16, &'static str)> {
    if form.len() < SHORTEST || !form.is_ascii() || number(form) != 0 {
        return Vec::new();
    }
    let mut found: Vec<u16> = shortened(form).flat_map(|text| named(hash(&text))).collect();
    found.sort_unstable();
    found.dedup();
    let is_meant = |name: &str| {
        let same_initial = name.bytes().next() == form.bytes().next();
        (same_initial || form.len() > SAME_INITIAL) && osa::distance(name.bytes(), form.bytes()) <= 1
    };
    let names = found
        .into_iter()
        .filter_map(|number| Some((number, *NAMES.get(usize::from(number).checked_sub(1)?)?)));
    names.filter(|(_, name)| is_meant(name)).take(MOST_READINGS).collect()
}

fn named(number: u64) -> impl Iterator<Item = u16> {
    let begin = SHORTENED.partition_point(|(text, _)| *text < number);
    let rest = SHORTENED.get(begin..).unwrap_or_default();
    rest.iter().take_while(move |(text, _)| *text == number).map(|(_, name)| *name)
}

/// A text, and the same less each of its letters.
fn shortened(text: &str) -> impl Iterator<Item = String> {
    let without =
        |at| text.chars().enumerate().filter(move |(place, _)| *place != at).map(|(_, c)| c).collect();
    std::iter::once(text.to_owned()).chain((0..text.chars().count()).map(without))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::normalise::comparison_form;

    fn meant(form: &str) -> Vec<&'static str> {
        readings(form).into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn a_misspelt_name_is_read_as_a_name() {
        for (form, name) in [
            ("chrys", "chris"),
            ("betthany", "bethany"),
            ("margraet", "margaret"),
            ("gaey", "gary"),
            ("oseph", "joseph"),
        ] {
            assert_eq!(meant(form).contains(&name), form != "oseph", "{form}");
        }
    }

    #[test]
    fn a_name_is_meant_for_itself_and_a_short_form_for_nobody() {
        assert!(number("paul") != 0 && number("saul") != 0 && meant("saul").is_empty());
        assert!(meant("jm").is_empty() && meant("zzzzzz").is_empty());
    }

    #[test]
    fn the_table_is_in_comparison_form() {
        assert!(NAMES.iter().all(|name| comparison_form(name) == **name));
        assert!(NAMES.len() > 3_000);
    }
}
