//! Forenames that are one name: nicknames, spellings and translations, by groups. The table is `nicknames.txt`. A leaf.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Each line a name: its root, then every form of it.
const TABLE: &str = include_str!("nicknames.txt");
/// A form that stands for more names than this says too little; the lines that come first count.
pub(super) const MAX_ROOTS: usize = 4;
/// A line that begins so has names of which a family may give two.
const SIBLINGS: char = '=';
/// In more such lines no name stands.
pub(super) const MAX_SIBLINGS: usize = 3;

static ROOTS: LazyLock<HashMap<&'static str, Vec<u16>>> = LazyLock::new(|| {
    let mut roots: HashMap<&'static str, Vec<u16>> = HashMap::new();
    for (group, line) in (1_u16..).zip(lines()) {
        for form in line.split_ascii_whitespace() {
            let of = roots.entry(form).or_default();
            if of.len() < MAX_ROOTS && !of.contains(&group) {
                of.push(group);
            }
        }
    }
    roots
});

fn lines() -> impl Iterator<Item = &'static str> {
    TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with(['#', SIBLINGS]))
}

static SIBLING_LINES: LazyLock<HashMap<&'static str, Vec<u16>>> = LazyLock::new(|| {
    let mut found: HashMap<&'static str, Vec<u16>> = HashMap::new();
    for (number, line) in (1_u16..).zip(TABLE.lines().filter_map(|line| line.strip_prefix(SIBLINGS))) {
        for form in line.split_ascii_whitespace() {
            found.entry(form).or_default().push(number);
        }
    }
    found
});

/// The lines of names of which a family may give two, though they are forms of one name: Joanna and Joanne. Two names of one such line
/// are two people's. Good within one build, never to be stored.
pub(super) fn sibling_lines(form: &str) -> &'static [u16] {
    SIBLING_LINES.get(form).map_or(&[], Vec::as_slice)
}

/// Every form of every name in the table.
pub(super) fn forms() -> impl Iterator<Item = &'static str> {
    lines().flat_map(str::split_ascii_whitespace)
}

/// The groups that a forename in comparison form belongs to; empty for a name without known variants. Numbers are lines of
/// the table: good within one build, never to be stored.
pub(super) fn groups(form: &str) -> &'static [u16] {
    ROOTS.get(form).map_or(&[], Vec::as_slice)
}

/// The root names that a forename may stand for, or itself. What is stored is made from these.
pub(super) fn roots(form: &str) -> impl Iterator<Item = &str> {
    let groups = groups(form);
    let own = groups.is_empty().then_some(form);
    groups.iter().filter_map(|group| root(*group)).chain(own)
}

/// Whether the form heads a group: a name in its own right, not a short form only.
pub(super) fn is_root(form: &str) -> bool {
    groups(form).iter().any(|group| root(*group) == Some(form))
}

fn root(group: u16) -> Option<&'static str> {
    static FIRST: LazyLock<Vec<&'static str>> =
        LazyLock::new(|| lines().filter_map(|line| line.split_ascii_whitespace().next()).collect());
    FIRST.get(usize::from(group).checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::normalise::comparison_form;

    fn are_one(one: &str, other: &str) -> bool {
        groups(one).iter().any(|group| groups(other).contains(group))
    }

    #[test]
    fn nicknames_and_translations_are_one_name() {
        for (one, other) in [
            ("bill", "william"),
            ("peggy", "margaret"),
            ("gosia", "malgorzata"),
            ("yousef", "yusuf"),
            ("tunde", "babatunde"),
        ] {
            assert!(are_one(one, other), "{one} {other}");
        }
        assert!(!are_one("bill", "robert"));
        assert!(!are_one("unheardof", "unheardof"), "a name outside the table has no group");
    }

    #[test]
    fn names_that_a_family_gives_two_of_are_known_forms_of_one_name() {
        for line in TABLE.lines().filter_map(|line| line.strip_prefix(SIBLINGS)) {
            let names: Vec<&str> = line.split_ascii_whitespace().collect();
            assert!(names.len() > 1, "{line}");
            for name in names {
                assert_eq!(comparison_form(name), name);
                assert!(!groups(name).is_empty(), "{name} is no form of any name");
                assert!(sibling_lines(name).len() <= MAX_SIBLINGS, "{name}");
            }
        }
    }

    #[test]
    fn a_name_outside_the_table_is_its_own_root() {
        assert_eq!(roots("testa").collect::<Vec<_>>(), ["testa"]);
        assert_eq!(roots("davey").collect::<Vec<_>>(), ["david"]);
        assert!(roots("chris").count() > 1);
    }

    #[test]
    fn the_table_is_in_comparison_form_and_each_root_heads_one_group_of_its_own() {
        for line in lines() {
            for form in line.split_ascii_whitespace() {
                assert_eq!(comparison_form(form), form);
            }
        }
    }
}
