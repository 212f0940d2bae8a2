//! The one decision whether a presented person is someone already known. A leaf.
//!
//! A wrong link shows one person's record to another's worker; a missed one costs a second record. So the rule is: link only
//! when exactly one candidate agrees and nothing contradicts it, and never on ambiguity.

use super::facts::PersonFacts;
use super::identifiers::IdentifierKind;

/// Someone already known who shares at least one key of the blind index with the presented person.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// All facts known of that person, from whatever agency.
    pub facts: PersonFacts,
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// The presented person is the candidate at this index.
    Link(usize),
    /// Nobody known, or nobody certain: a person of their own.
    New,
}

/// Decides who the presented person is.
///
/// 1. A candidate is out if both sides have identifiers of one kind and share none of them.
/// 2. Of the rest, those that share an identifier count first, unless the dates of birth differ *and* no name is shared
///    (a borrowed or mistyped number). Exactly one: link. More: new. A differing sex does not contradict an identifier.
/// 3. If none shares an identifier: those with one exact name, the date of birth and the sex all known and equal.
///    Exactly one: link. More: new.
pub fn decide(presented: &PersonFacts, candidates: &[Candidate]) -> Match {
    let strengths: Vec<Option<Strength>> =
        candidates.iter().map(|candidate| agreement(presented, &candidate.facts)).collect();
    let Some(strongest) = strengths.iter().flatten().max() else {
        return Match::New;
    };
    let mut agreeing =
        strengths.iter().enumerate().filter(|(_, strength)| strength.as_ref() == Some(strongest));
    match (agreeing.next(), agreeing.next()) {
        (Some((index, _)), None) => Match::Link(index),
        _ => Match::New,
    }
}

/// How two sets of facts agree, weaker first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    NameBirthSex,
    Identifier,
}

fn agreement(one: &PersonFacts, other: &PersonFacts) -> Option<Strength> {
    if IdentifierKind::ALL.iter().any(|&kind| conflict(one, other, kind)) {
        return None;
    }
    let shares_name = one.names.intersection(&other.names).next().is_some();
    let shares_identifier = IdentifierKind::ALL.iter().any(|&kind| share(one, other, kind));
    if shares_identifier {
        let other_birth = matches!((one.date_of_birth, other.date_of_birth), (Some(a), Some(b)) if a != b);
        return (!other_birth || shares_name).then_some(Strength::Identifier);
    }
    let same_birth = one.date_of_birth.is_some() && one.date_of_birth == other.date_of_birth;
    let same_sex = one.sex.is_some() && one.sex == other.sex;
    (shares_name && same_birth && same_sex).then_some(Strength::NameBirthSex)
}

fn share(one: &PersonFacts, other: &PersonFacts, kind: IdentifierKind) -> bool {
    one.identifiers_of(kind).any(|value| other.identifiers_of(kind).any(|known| known == value))
}

/// Both have identifiers of this kind, and none in common.
fn conflict(one: &PersonFacts, other: &PersonFacts, kind: IdentifierKind) -> bool {
    let both = one.identifiers_of(kind).next().is_some() && other.identifiers_of(kind).next().is_some();
    both && !share(one, other, kind)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};
    use proptest::prelude::*;

    use super::*;
    use crate::people::facts::RecordedSex;
    use crate::people::tokens::tokens;

    const NHS: (IdentifierKind, &str) = (IdentifierKind::NhsNumber, "9434765919");
    const OTHER_NHS: (IdentifierKind, &str) = (IdentifierKind::NhsNumber, "9434765870");
    const CRN: (IdentifierKind, &str) = (IdentifierKind::Crn, "X123456");

    fn person(given: &str, family: &str, born: Date, identifiers: &[(IdentifierKind, &str)]) -> PersonFacts {
        let mut facts = PersonFacts {
            date_of_birth: Some(born),
            sex: Some(RecordedSex::Female),
            ..PersonFacts::default()
        };
        facts.add_name(given, family);
        for (kind, value) in identifiers {
            facts.add_identifier(*kind, value);
        }
        facts
    }

    fn testa(identifiers: &[(IdentifierKind, &str)]) -> PersonFacts {
        person("Testa", "Alder", date(1990, 5, 17), identifiers)
    }

    fn against(presented: &PersonFacts, known: &[PersonFacts]) -> Match {
        let candidates: Vec<_> = known.iter().map(|facts| Candidate { facts: facts.clone() }).collect();
        decide(presented, &candidates)
    }

    #[test]
    fn an_exact_name_with_birth_and_sex_links() {
        assert_eq!(against(&testa(&[]), &[testa(&[])]), Match::Link(0));
        assert_eq!(
            against(&person("TESTA", "álder", date(1990, 5, 17), &[]), &[testa(&[CRN])]),
            Match::Link(0)
        );
    }

    #[test]
    fn twins_fathers_and_sons_do_not_link() {
        let twin = person("Tessa", "Alder", date(1990, 5, 17), &[]);
        let parent = person("Testa", "Alder", date(1965, 5, 17), &[]);
        assert_eq!(against(&testa(&[]), &[twin, parent]), Match::New);
    }

    #[test]
    fn an_unknown_sex_or_birth_is_not_an_equal_one() {
        let unknown_sex = PersonFacts { sex: None, ..testa(&[]) };
        let unknown_birth = PersonFacts { date_of_birth: None, ..testa(&[]) };
        assert_eq!(against(&unknown_sex, std::slice::from_ref(&unknown_sex)), Match::New);
        assert_eq!(against(&unknown_birth, std::slice::from_ref(&unknown_birth)), Match::New);
    }

    #[test]
    fn a_shared_identifier_links_through_a_changed_name() {
        let married = person("Testa", "Cedar", date(1990, 5, 17), &[NHS]);
        assert_eq!(against(&married, &[testa(&[]), testa(&[NHS])]), Match::Link(1));
    }

    #[test]
    fn two_numbers_of_one_kind_contradict_everything_else() {
        assert_eq!(against(&testa(&[NHS]), &[testa(&[OTHER_NHS])]), Match::New);
        assert_eq!(against(&testa(&[NHS, CRN]), &[testa(&[OTHER_NHS, CRN])]), Match::New);
    }

    #[test]
    fn a_borrowed_number_does_not_link() {
        let borrower = person("Mockley", "Birch", date(1988, 1, 2), &[NHS]);
        assert_eq!(against(&borrower, &[testa(&[NHS])]), Match::New);
    }

    #[test]
    fn ambiguity_never_links() {
        assert_eq!(against(&testa(&[]), &[testa(&[]), testa(&[CRN])]), Match::New);
        assert_eq!(against(&testa(&[NHS, CRN]), &[testa(&[NHS]), testa(&[CRN])]), Match::New);
        assert_eq!(against(&testa(&[]), &[]), Match::New);
    }

    fn any_person() -> impl Strategy<Value = PersonFacts> {
        (0usize..3, 0usize..3, any::<[bool; 5]>()).prop_map(|(name, born, has)| {
            let mut facts = PersonFacts::default();
            facts.add_name(["Testa", "Mockley", "Sample"][name], "Alder");
            facts.date_of_birth = has[0].then(|| date(1990, 5, [17, 18, 19][born]));
            facts.sex = has[1].then_some(RecordedSex::Male);
            for (there, (kind, value)) in has[2..].iter().zip([NHS, OTHER_NHS, CRN]) {
                if *there {
                    facts.add_identifier(kind, value);
                }
            }
            facts
        })
    }

    proptest! {
        #[test]
        fn a_link_never_contradicts_and_always_shares_a_key(
            presented in any_person(), known in prop::collection::vec(any_person(), 0..5),
        ) {
            if let Match::Link(index) = against(&presented, &known) {
                let linked = &known[index];
                prop_assert!(!IdentifierKind::ALL.iter().any(|&kind| conflict(&presented, linked, kind)));
                let keys = tokens(linked);
                prop_assert!(tokens(&presented).iter().any(|key| keys.contains(key)));
            }
        }

        #[test]
        fn a_second_equal_candidate_unlinks(presented in any_person(), known in any_person()) {
            prop_assert_eq!(against(&presented, &[known.clone(), known]), Match::New);
        }
    }
}
