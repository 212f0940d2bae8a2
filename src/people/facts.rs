//! What matching knows of a person: the facts that can tell two people apart, and nothing else. A leaf.

use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::Date;

use super::identifiers::{IdentifierKind, canonical};
use super::normalise::comparison_form;

crate::code_list! {
    /// Sex as services record it to tell people apart. Where it was not stated there is none.
    pub enum RecordedSex {
        Female = "female",
        Male = "male",
    }
}

/// A name in comparison form. Holds no spelling that could be shown.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ComparableName {
    given: String,
    family: String,
}

impl ComparableName {
    /// From all given names and the family name; `None` if either part has no letter.
    pub fn new(given: &str, family: &str) -> Option<Self> {
        let name = Self { given: comparison_form(given), family: comparison_form(family) };
        (!name.given.is_empty() && !name.family.is_empty()).then_some(name)
    }

    /// All given names, in comparison form.
    pub fn given(&self) -> &str {
        &self.given
    }

    /// The family name, in comparison form.
    pub fn family(&self) -> &str {
        &self.family
    }
}

/// The facts of one person, as presented or as known. Every name that was ever recorded counts, whatever its kind.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PersonFacts {
    /// All names in comparison form.
    pub names: BTreeSet<ComparableName>,
    /// The date of birth, where known.
    pub date_of_birth: Option<Date>,
    /// The recorded sex, where stated.
    pub sex: Option<RecordedSex>,
    pub(super) identifiers: BTreeSet<(IdentifierKind, String)>,
}

impl PersonFacts {
    /// Facts without names and identifiers as yet.
    pub fn new(date_of_birth: Option<Date>, sex: Option<RecordedSex>) -> Self {
        Self { date_of_birth, sex, ..Self::default() }
    }

    /// Adds a name, unless either part is empty.
    pub fn add_name(&mut self, given: &str, family: &str) {
        self.names.extend(ComparableName::new(given, family));
    }

    /// Adds an identifier in its canonical form. One that is not well-formed is left out: it must not link anybody.
    pub fn add_identifier(&mut self, kind: IdentifierKind, written: &str) {
        if let Some(value) = canonical(kind, written) {
            self.identifiers.insert((kind, value));
        }
    }

    /// The identifiers in canonical form.
    pub fn identifiers(&self) -> impl Iterator<Item = (IdentifierKind, &str)> {
        self.identifiers.iter().map(|(kind, value)| (*kind, value.as_str()))
    }

    /// The identifiers of one kind.
    pub fn identifiers_of(&self, kind: IdentifierKind) -> impl Iterator<Item = &str> {
        self.identifiers().filter(move |(of, _)| *of == kind).map(|(_, value)| value)
    }
}

/// Counts only: a person's facts must not reach a log by way of `{:?}`.
impl fmt::Debug for PersonFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonFacts({} names, {} identifiers)", self.names.len(), self.identifiers.len())
    }
}

/// No spelling: a person's facts must not reach a log by way of `{:?}`.
impl fmt::Debug for ComparableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ComparableName(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_shows_nobody() {
        let mut facts = PersonFacts::default();
        facts.add_name("Testa", "Alder");
        facts.add_identifier(IdentifierKind::NhsNumber, "943 476 5919");
        let shown = format!("{facts:?} {:?}", facts.names);
        assert!(!shown.to_lowercase().contains("alder") && !shown.contains("943"), "{shown}");
    }

    #[test]
    fn a_malformed_identifier_is_left_out() {
        let mut facts = PersonFacts::default();
        facts.add_identifier(IdentifierKind::NhsNumber, "1234567890");
        assert_eq!(facts.identifiers().count(), 0);
    }
}
