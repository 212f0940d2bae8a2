//! The matching model as a whole: who links, and who must not.

use std::sync::LazyLock;

use super::blocking::keys;
use super::details::{Details, RecordedSex};
use super::identifiers::IdentifierKind;
use super::index::{Index, MOST_CANDIDATES};
use super::model::Model;
use super::profile::{Profile, Profiler};
use super::score::{Score, score};
use super::train::{Effort, to_toml, train};
use super::verdict::{Decision, Finding};
use super::weights::Weights;

pub(super) const NHS: (IdentifierKind, &str) = (IdentifierKind::NhsNumber, "9434765919");
pub(super) const OTHER_NHS: (IdentifierKind, &str) = (IdentifierKind::NhsNumber, "9434765870");

pub(super) fn person(forename: &str, surname: &str, birth: &str, postcode: &str) -> Details {
    let list = |value: &str| if value.is_empty() { Vec::new() } else { vec![value.to_owned()] };
    Details {
        forenames: list(forename),
        surnames: list(surname),
        births: list(birth),
        postcodes: list(postcode),
        sex: Some(RecordedSex::Female),
        ..Details::default()
    }
}

fn testa() -> Details {
    person("Testa", "Alder", "1990-05-17", "NM1 4AQ")
}

pub(super) fn with(details: Details, (kind, value): (IdentifierKind, &str)) -> Details {
    Details { identifiers: vec![(kind, value.to_owned())], ..details }
}

/// A town of people who are nobody of these stories, so that names have frequencies.
fn town(people: u32) -> Vec<Details> {
    let forenames = ["Fixture", "Sample", "Mocka", "Dummie", "Placida", "Testina", "Examplia"];
    let surnames =
        ["Birch", "Cedar", "Damson", "Elmtree", "Figwood", "Gorse", "Hawthorn", "Ivywell", "Junipe"];
    (0..people)
        .map(|number| {
            let postcode = format!("EV{} {}XZ", 1 + chance(number, 1) % 20, chance(number, 2) % 10);
            let forename = forenames[usize::try_from(chance(number, 3)).unwrap() % forenames.len()];
            let surname = surnames[usize::try_from(chance(number, 4)).unwrap() % surnames.len()];
            person(forename, surname, &birth(number), &postcode)
        })
        .collect()
}

/// A number that looks like chance, the same in every run.
fn chance(number: u32, salt: u32) -> u32 {
    (number.wrapping_mul(2_654_435_761) ^ salt.wrapping_mul(0x9E37_79B9)).wrapping_mul(0x85EB_CA6B) >> 15
}

fn birth(number: u32) -> String {
    let (year, month, day) = (chance(number, 5) % 41, chance(number, 6) % 12, chance(number, 7) % 28);
    format!("{}-{:02}-{:02}", 1960 + year, 1 + month, 1 + day)
}

fn index_of(known: &[Details]) -> Index {
    let profiler = Profiler::default();
    Index::new(known.iter().cloned().chain(town(2_000)).map(|details| profiler.profile(&details)))
}

fn weights(index: &Index) -> Weights {
    Weights::new(&Model::stock().unwrap(), index.people())
}

fn findings(presented: &Details, known: &[Details]) -> Vec<Finding> {
    let index = index_of(known);
    index.present(&mut Profiler::default().profile(presented), &weights(&index))
}

/// What is decided about the first of the known people.
fn decided(presented: &Details, known: &[Details]) -> Option<Decision> {
    findings(presented, known)
        .into_iter()
        .find(|finding| finding.candidate == 0)
        .map(|finding| finding.decision)
}

pub(super) fn scored(one: &Details, other: &Details) -> Score {
    static TOWN: LazyLock<(Index, Weights)> = LazyLock::new(|| {
        let index = index_of(&[]);
        let weights = weights(&index);
        (index, weights)
    });
    let (index, weights) = &*TOWN;
    let profile = |details| -> Profile {
        let mut profile = Profiler::default().profile(details);
        profile.rate(index.frequencies());
        profile
    };
    score(&profile(one), &profile(other), weights)
}

#[test]
fn a_person_links_through_what_services_get_wrong() {
    for (what, presented) in [
        ("nothing", testa()),
        ("case and diacritics", person("TÉSTA", "álder", "1990-05-17", "NM1 4AQ")),
        ("a slip in each name", person("Tseta", "Aldre", "1990-05-17", "NM1 4AQ")),
        ("transposed names", person("Alder", "Testa", "1990-05-17", "NM1 4AQ")),
        ("a double name", person("Testa", "Alder-Cedar", "1990-05-17", "NM1 4AQ")),
        (
            "day and month swapped",
            Details { births: vec!["1990-07-05".into()], ..person("Testa", "Alder", "", "NM1 4AQ") },
        ),
        ("a year off", person("Testa", "Alder", "1991-05-17", "NM1 4AQ")),
        ("a digit off", person("Testa", "Alder", "1990-05-18", "NM1 4AQ")),
        ("the first of January", person("Testa", "Alder", "1990-01-01", "NM1 4AQ")),
        ("married", person("Testa", "Quince", "1990-05-17", "NM1 4AQ")),
        ("moved", person("Testa", "Alder", "1990-05-17", "EV9 9ZZ")),
        ("of no fixed abode", person("Testa", "Alder", "1990-05-17", "NF1 1NF")),
    ] {
        let known = Details { births: vec!["1990-05-17".into(), "1990-05-07".into()], ..testa() };
        assert_eq!(decided(&presented, &[known]), Some(Decision::Link), "{what}");
    }
}

#[test]
fn what_was_ever_recorded_counts() {
    let known = Details {
        forenames: vec!["Testa".into(), "Tessalia".into()],
        aliases: vec!["Mocka Quince".into()],
        postcodes: vec!["NM1 4AQ".into(), "EV3 5TT".into()],
        births: vec!["1990-05-17".into(), "1988-02-03".into()],
        ..testa()
    };
    let presented = person("Mocka", "Quince", "1988-02-03", "EV3 5TT");
    assert_eq!(decided(&presented, &[known]), Some(Decision::Link));
}

#[test]
fn a_nickname_is_the_name() {
    let known = person("Margaret", "Alder", "1990-05-17", "NM1 4AQ");
    assert_eq!(decided(&person("Peggy", "Alder", "1990-05-17", "EV9 9ZZ"), &[known]), Some(Decision::Link));
}

#[test]
fn an_absent_twin_never_links_without_an_identifier() {
    for forename in ["Fixture", "Quilla", "T", "", "Testa-Marie"] {
        let twin = person(forename, "Alder", "1990-05-17", "NM1 4AQ");
        assert_ne!(decided(&twin, &[testa()]), Some(Decision::Link), "{forename}");
    }
    let twin = person("Tesra", "Quince", "1990-05-17", "NM1 4AQ");
    assert!(!scored(&testa(), &twin).may_link, "a name that is only alike, and another family's");
    let alias = Details { forenames: vec!["Testa".into(), "Fixture".into()], ..testa() };
    let twin = person("Fixture", "Alder", "1990-05-17", "NM1 4AQ");
    assert_ne!(decided(&twin, &[alias]), Some(Decision::Link), "by a further forename");
}

#[test]
fn twins_whose_names_are_alike_never_link_without_an_identifier() {
    for (one, other) in [
        ("Paul", "Saul"),
        ("Jack", "Zack"),
        ("Maria", "Marie"),
        ("Kevin", "Kelvin"),
        ("Hasan", "Husain"),
        ("Christine", "Christina"),
        ("Bethan", "Bethany"),
        ("Joanna", "Joanne"),
        ("Stefan", "Stephen"),
        ("Simon", "Simone"),
        ("Michael", "Miley"),
        ("Aysa", "Yyaz"),
    ] {
        let (known, twin) =
            (person(one, "Alder", "1990-05-17", "NM1 4AQ"), person(other, "Alder", "1990-05-17", "NM1 4AQ"));
        assert!(!scored(&known, &twin).may_link, "{one} {other}");
    }
    let brother =
        Details { sex: Some(RecordedSex::Male), ..person("Ryan", "Alder", "1990-05-17", "NM1 4AQ") };
    let sister = person("Rhian", "Alder", "1990-05-17", "NM1 4AQ");
    assert!(!scored(&sister, &brother).may_link, "one sound, two sexes");
}

#[test]
fn a_misspelt_or_short_form_of_the_name_links() {
    for (known, presented) in
        [("Curtis", "Kurtis"), ("Paramjit", "Paramjeet"), ("Craig", "Craigy"), ("Janusz", "Janush")]
    {
        let (known, told) = (
            person(known, "Alder", "1990-05-17", "NM1 4AQ"),
            person(presented, "Alder", "1990-05-17", "NM1 4AQ"),
        );
        let Score { may_link, weight, .. } = scored(&known, &told);
        assert!(may_link && weight > 10.0, "{presented}");
    }
}

#[test]
fn a_date_that_agrees_nearly_needs_a_witness_or_a_name_that_few_bear() {
    for near in ["1991-05-17", "1990-05-18", "1990-01-01"] {
        let told = |forename: &str, surname: &str, postcode: &str| person(forename, surname, near, postcode);
        let (rare, usual) = (testa(), person("Fixture", "Cedar", "1990-05-17", "NM1 4AQ"));
        let found = |told: &Details, known: &Details| decided(told, std::slice::from_ref(known));
        assert_eq!(found(&told("Testa", "Alder", "NM1 4AQ"), &rare), Some(Decision::Link), "{near}");
        assert_eq!(found(&told("Fixture", "Cedar", "NM1 4AQ"), &usual), Some(Decision::Link), "{near}");
        assert_ne!(found(&told("Fixture", "Cedar", "EV9 9ZZ"), &usual), Some(Decision::Link), "{near}");
        let elsewhere = scored(&rare, &told("Testa", "Alder", "EV9 9ZZ"));
        assert!(elsewhere.may_link && elsewhere.is_unwitnessed, "{near}");
        let twin = told("Quilla", "Alder", "EV9 9ZZ");
        assert!(!scored(&rare, &twin).may_link, "{near}: another forename");
    }
}

#[test]
fn two_names_that_agree_are_no_alias() {
    let known = Details {
        forenames: vec!["Darren".into(), "Daz".into()],
        ..person("", "Alder", "1990-05-17", "NM1 4AQ")
    };
    let told = person("Dazza", "Alder", "1990-05-17", "NM1 4AQ");
    assert!(scored(&known, &told).may_link);
}

#[test]
fn what_somebody_is_called_for_short_is_no_alias() {
    for (name, short) in [("John", "Jack"), ("Margaret", "Peggy"), ("Balwinder", "Bal")] {
        let alias = |alias: &str| Details {
            forenames: vec![name.into(), alias.into()],
            ..person("", "Alder", "1990-05-17", "NM1 4AQ")
        };
        let told = person(short, "Alder", "1990-05-17", "NM1 4AQ");
        assert!(scored(&alias(short), &told).may_link, "{name}, called {short}");
        let twin = person("Quilla", "Alder", "1990-05-17", "NM1 4AQ");
        assert!(!scored(&alias("Quilla"), &twin).may_link, "another's name");
    }
    let known = Details {
        forenames: vec!["Joanna".into(), "Joanne".into()],
        ..person("", "Alder", "1990-05-17", "NM1 4AQ")
    };
    let twin = person("Joanne", "Alder", "1990-05-17", "NM1 4AQ");
    assert!(!scored(&known, &twin).may_link, "a family gives two children both");
}

#[test]
fn a_number_that_is_one_slip_off_makes_up_for_what_is_not_known() {
    let slipped = (IdentifierKind::NhsNumber, "9434765910");
    let known = with(testa(), NHS);
    for (what, told) in [
        ("no date of birth", person("Testa", "Alder", "", "NM1 4AQ")),
        ("an initial", person("T", "Alder", "1990-05-17", "NM1 4AQ")),
        ("a digit of the date, moved", person("Testa", "Alder", "1990-05-18", "EV9 9ZZ")),
    ] {
        let known = std::slice::from_ref(&known);
        assert_eq!(decided(&with(told.clone(), OTHER_NHS), known), Some(Decision::Possible), "{what}");
        assert_eq!(decided(&with(told, slipped), known), Some(Decision::Link), "{what}");
    }
    for (what, other) in [
        ("a twin", person("Quilla", "Alder", "1990-05-17", "NM1 4AQ")),
        ("a parent", person("Testa", "Alder", "1965-05-17", "NM1 4AQ")),
        ("somebody else", person("Testa", "Quince", "1990-05-17", "EV9 9ZZ")),
    ] {
        assert!(!scored(&known, &with(other, slipped)).may_link, "{what}");
    }
}

#[test]
fn parent_and_child_never_link_without_an_identifier() {
    for birth in ["1965-05-17", "1965-01-30", "1977-05-17", ""] {
        let parent = person("Testa", "Alder", birth, "NM1 4AQ");
        assert_ne!(decided(&parent, &[testa()]), Some(Decision::Link), "{birth}");
        let known = with(testa(), NHS);
        assert_eq!(
            decided(&with(parent, NHS), &[known]),
            Some(Decision::Link),
            "{birth} with a shared number"
        );
    }
}

#[test]
fn siblings_and_namesakes_never_link_without_an_identifier() {
    for (what, other) in [
        ("sibling", person("Fixture", "Alder", "1992-08-03", "NM1 4AQ")),
        ("namesake of another day", person("Testa", "Alder", "1990-11-02", "EV9 9ZZ")),
        ("namesake of another day, nearby", person("Testa", "Alder", "1990-11-02", "NM1 7XY")),
        ("namesake of a near year", person("Testa", "Alder", "1988-09-30", "EV9 9ZZ")),
    ] {
        assert_ne!(decided(&other, &[testa()]), Some(Decision::Link), "{what}");
    }
}

#[test]
fn a_shared_number_links_and_another_number_does_not() {
    let changed = person("Testa", "Quince", "1991-02-03", "EV9 9ZZ");
    assert_eq!(decided(&with(changed, NHS), &[with(testa(), NHS)]), Some(Decision::Link));
    let moved = person("Testa", "Alder", "1990-05-17", "EV9 9ZZ");
    assert_eq!(decided(&with(moved, OTHER_NHS), &[with(testa(), NHS)]), Some(Decision::Possible));
    let numbers = |nhs: (IdentifierKind, &str), crn: &str| Details {
        identifiers: vec![(nhs.0, nhs.1.into()), (IdentifierKind::Crn, crn.into())],
        ..testa()
    };
    let (known, one, two) = (numbers(NHS, "X123456"), numbers(NHS, "E654321"), numbers(OTHER_NHS, "E654321"));
    assert_eq!(decided(&one, std::slice::from_ref(&known)), Some(Decision::Link), "one number is wrong");
    assert_eq!(decided(&two, &[known]), Some(Decision::Possible), "two numbers differ");
    let borrower = person("Fixture", "Quince", "1975-02-03", "EV9 9ZZ");
    assert_eq!(decided(&with(borrower, NHS), &[with(testa(), NHS)]), Some(Decision::Possible));
}

#[test]
fn where_two_fit_alike_neither_links() {
    let near = [
        person("Testa", "Alder", "1990-05-18", "NM1 4AQ"),
        person("Testa", "Alder", "1990-05-07", "NM1 4AQ"),
    ];
    let strangers = [with(near[0].clone(), NHS), with(near[1].clone(), OTHER_NHS)];
    assert!(findings(&testa(), &near[..1]).iter().any(|finding| finding.decision == Decision::Link));
    let found = findings(&person("Testa", "Alder", "1990-05-08", ""), &strangers);
    assert!(found.len() >= 2 && found.iter().all(|finding| finding.decision == Decision::Possible));
}

#[test]
fn one_person_recorded_twice_links_to_both_records() {
    let links = findings(&testa(), &[testa(), person("Testa", "Aldre", "1990-05-17", "NM1 4AQ")]);
    assert_eq!(links.iter().filter(|finding| finding.decision == Decision::Link).count(), 2);
}

#[test]
fn a_rare_name_says_more_than_a_usual_one() {
    let rare = person("Testa", "Alder", "1990-05-17", "");
    let usual = person("Fixture", "Birch", "1990-05-17", "");
    assert!(scored(&rare, &rare).weight > scored(&usual, &usual).weight + 4.0);
}

#[test]
fn a_hostels_postcode_says_little() {
    let hostel: Vec<Details> = town(1_000)
        .into_iter()
        .map(|details| Details { postcodes: vec!["NM5 5HH".into()], ..details })
        .collect();
    let bits = |postcode| {
        let index = index_of(&hostel);
        let mut one = Profiler::default().profile(&person("Testa", "Alder", "1990-05-17", postcode));
        one.rate(index.frequencies());
        score(&one, &one, &weights(&index)).weight
    };
    assert!(bits("NM1 4AQ") > bits("NM5 5HH") + 6.0);
}

#[test]
fn a_name_that_everybody_has_does_not_find_everybody() {
    let same: Vec<Details> = (0..3_000)
        .map(|number| {
            person(
                "Fixture",
                "Birch",
                &format!("{}-{:02}-{:02}", 1950 + number % 50, 1 + number % 12, 1 + number % 28),
                "NM5 5HH",
            )
        })
        .collect();
    let index = index_of(&same);
    let mut presented = Profiler::default().profile(&person("Fixture", "Birch", "1990-05-17", "NM5 5HH"));
    presented.rate(index.frequencies());
    assert!(index.candidates(&presented).len() <= MOST_CANDIDATES);
}

#[test]
fn no_key_is_a_lone_name() {
    let name_only = Details { sex: None, ..person("Testa", "", "", "") };
    assert!(keys(&Profiler::default().profile(&name_only)).is_empty());
    let surname_only = Details { sex: None, ..person("", "Alder", "", "") };
    assert!(keys(&Profiler::default().profile(&surname_only)).is_empty());
}

#[test]
fn training_moves_the_numbers_towards_what_is_seen() {
    // Everybody is recorded twice, and moved in between.
    let twice: Vec<Details> = (0..600)
        .flat_map(|number| {
            let letter = |number: u32| char::from_digit(10 + number % 26, 36).unwrap();
            let surname = format!("{0}{0}{1}lder{1}", letter(number), letter(number / 26));
            let of = |postcode| person("Testa", &surname, &birth(number), postcode);
            [of("NM1 4AQ"), of("EV9 9ZZ")]
        })
        .collect();
    let stock = Model::stock().unwrap();
    let effort = Effort { random_pairs: 20_000, people: 5_000, rounds: 2 };
    let trained = train(&index_of(&twice), &stock, effort, |_| {});
    let moved =
        |model: &Model| model.fields[&super::levels::Field::Postcode][&super::levels::Level::Unlike].m;
    assert!(trained.pairs_of_one > 300.0, "{}", trained.pairs_of_one);
    assert!(moved(&trained.model) > moved(&stock) + 0.2, "{}", moved(&trained.model));
    let read = Model::parse(&to_toml(&trained.model)).unwrap();
    assert!((moved(&read) - moved(&trained.model)).abs() < 1e-6);
    assert_eq!(Model::parse(&to_toml(&stock)).unwrap(), stock);
}
