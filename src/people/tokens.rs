//! Which keys of the blind index a set of facts gives: one rule each, so that no key alone is a name. A leaf.
//!
//! The store turns each key into an HMAC under the key of its rule; nothing here is stored as it is.

use std::collections::BTreeSet;

use super::facts::PersonFacts;
use super::identifiers::IdentifierKind;

/// Between the parts of a compound key: cannot occur in any part.
const SEPARATOR: char = '\u{1f}';

crate::code_list! {
    /// A way to find candidates; each has its own key in the blind index.
    pub enum Rule {
        /// The NHS number.
        NhsNumber = "nhs-number",
        /// The PNC id.
        PncId = "pnc-id",
        /// The prison number.
        PrisonNumber = "prison-number",
        /// The probation case reference number.
        Crn = "crn",
        /// A whole name, the date of birth and the sex together, all exact.
        NameBirthSex = "name-birth-sex",
    }
}

impl From<IdentifierKind> for Rule {
    fn from(kind: IdentifierKind) -> Self {
        match kind {
            IdentifierKind::NhsNumber => Self::NhsNumber,
            IdentifierKind::PncId => Self::PncId,
            IdentifierKind::PrisonNumber => Self::PrisonNumber,
            IdentifierKind::Crn => Self::Crn,
        }
    }
}

/// Every key under which a person of these facts is to be found, each once, in a fixed order.
///
/// A rule whose facts are incomplete gives no key: "unknown" must not match "unknown".
pub fn tokens(facts: &PersonFacts) -> Vec<(Rule, String)> {
    let by_identifier = facts.identifiers().map(|(kind, value)| (Rule::from(kind), value.to_owned()));
    let by_name = facts.names.iter().filter_map(|name| {
        let (born, sex) = (facts.date_of_birth?, facts.sex?);
        let parts =
            [name.family().to_owned(), name.given().to_owned(), born.to_string(), sex.code().to_owned()];
        Some((Rule::NameBirthSex, parts.join(&SEPARATOR.to_string())))
    });
    by_identifier.chain(by_name).collect::<BTreeSet<_>>().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::people::facts::RecordedSex;

    fn testa() -> PersonFacts {
        let mut facts = PersonFacts {
            date_of_birth: Some(date(1990, 5, 17)),
            sex: Some(RecordedSex::Female),
            ..PersonFacts::default()
        };
        facts.add_name("Testa", "O'Alder");
        facts
    }

    #[test]
    fn each_name_and_each_identifier_gives_one_key() {
        let mut facts = testa();
        facts.add_name("Tess", "Alder");
        facts.add_identifier(IdentifierKind::NhsNumber, "9434765919");
        facts.add_identifier(IdentifierKind::Crn, "X123456");
        let rules: Vec<Rule> = tokens(&facts).into_iter().map(|(rule, _)| rule).collect();
        assert_eq!(rules, [Rule::NhsNumber, Rule::Crn, Rule::NameBirthSex, Rule::NameBirthSex]);
    }

    #[test]
    fn spelling_does_not_change_the_keys() {
        let mut other = PersonFacts { names: BTreeSet::new(), ..testa() };
        other.add_name("TESTA", "O’ALDER");
        assert_eq!(tokens(&other), tokens(&testa()));
    }

    #[test]
    fn unknown_facts_give_no_key() {
        assert!(tokens(&PersonFacts { sex: None, ..testa() }).is_empty());
        assert!(tokens(&PersonFacts { date_of_birth: None, ..testa() }).is_empty());
        assert!(tokens(&PersonFacts::default()).is_empty());
    }

    #[test]
    fn parts_cannot_run_into_each_other() {
        let mut left = PersonFacts { names: BTreeSet::new(), ..testa() };
        left.add_name("Ann", "Alder\u{1f}x");
        let mut right = PersonFacts { names: BTreeSet::new(), ..testa() };
        right.add_name("xAnn", "Alder");
        assert_ne!(tokens(&left), tokens(&right));
    }
}
