//! The invented people: always the same for a seed, with true check digits, a truth that holds, and as hard to know as they should be.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;

use proptest::prelude::*;

use super::population::identifiers::{nhs_check_digit, pnc_check_letter};
use super::population::{Kind, Population, Profile, Row, Settings};

const SETTINGS: Settings = Settings { seed: 7, people: 4000, presentations: 3000, profile: Profile::Usual };

static USUAL: LazyLock<Population> = LazyLock::new(|| Population::new(SETTINGS));
static RECORDS: LazyLock<HashMap<&str, &Row>> =
    LazyLock::new(|| USUAL.index.iter().map(|row| (&*row.id, row)).collect());

/// The identifiers that a row tells, in one form.
fn numbers(row: &Row) -> Vec<(&'static str, String)> {
    let pnc = row.pnc_id.split_once('/').map(|(year, rest)| format!("{}/{rest}", &year[year.len() - 2..]));
    let all = [
        ("nhs", row.nhs_number.replace(' ', "")),
        ("pnc", pnc.unwrap_or_default()),
        ("prison", row.prison_number.clone()),
        ("crn", row.crn.clone()),
    ];
    all.into_iter().filter(|(_, number)| !number.is_empty()).collect()
}

fn has_valid_nhs_number(row: &Row) -> bool {
    let digits = row.nhs_number.replace(' ', "");
    digits.starts_with("999") && nhs_check_digit(&digits[..9]) == digits[9..].parse().ok()
}

fn exact(row: &Row) -> (String, String, String) {
    (row.forename.to_lowercase(), row.surname.to_lowercase(), row.date_of_birth.clone())
}

#[test]
fn a_seed_always_makes_the_same_people() {
    let small = |seed| Population::new(Settings { seed, people: 300, presentations: 200, ..SETTINGS });
    let (once, again, other) = (small(1), small(1), small(2));
    assert_eq!(once.index, again.index);
    assert_eq!(once.presentations, again.presentations);
    assert_eq!(once.truth, again.truth);
    assert_ne!(once.index, other.index);
    assert_ne!(once.presentations, other.presentations);
    // The first record for ever, on every machine: figures of different days are about the same people.
    let first = &once.index[0];
    insta::assert_snapshot!(format!("{} {} {} {}", first.forename, first.surname, first.date_of_birth, first.postcode), @"Anthony Taylor 1995-09-12 NM144YH");
}

#[test]
fn published_examples_have_their_check_digits() {
    assert_eq!(nhs_check_digit("943476591"), Some(9));
    assert_eq!(pnc_check_letter(2003, "0062845"), 'E');
}

proptest! {
    /// Modulus 11 sees every digit that is wrong.
    #[test]
    fn no_single_wrong_digit_passes_for_an_nhs_number(nine in "[0-9]{9}", at in 0..9_usize, by in 1..10_u8) {
        let mut wrong = nine.clone().into_bytes();
        wrong[at] = b'0' + (wrong[at] - b'0' + by) % 10;
        let wrong = String::from_utf8(wrong).unwrap();
        if let Some(check) = nhs_check_digit(&nine) {
            prop_assert!(check < 10);
            prop_assert_ne!(nhs_check_digit(&wrong), Some(check));
        }
    }
}

#[test]
fn nearly_all_numbers_on_file_are_valid_and_none_was_ever_issued() {
    let with: Vec<&Row> = USUAL.index.iter().filter(|row| !row.nhs_number.is_empty()).collect();
    let valid = with.iter().filter(|row| has_valid_nhs_number(row)).count();
    assert!(with.len() > 1000);
    assert!(valid < with.len() && valid * 100 > with.len() * 96, "{valid} of {}", with.len());
    let ids: Vec<&Row> = USUAL.index.iter().filter(|row| !row.pnc_id.is_empty()).collect();
    let right = ids.iter().filter(|row| {
        let (year, rest) = row.pnc_id.split_once('/').unwrap();
        let year: i32 = year.parse().unwrap();
        rest[..7].starts_with('9') && rest.ends_with(pnc_check_letter(year, &rest[..7]))
    });
    assert!(right.count() * 100 > ids.len() * 96);
}

#[test]
fn people_have_numbers_of_their_own() {
    let mut owners: HashMap<(&str, String), BTreeSet<&str>> = HashMap::new();
    let mut person_of: HashMap<&str, &str> = USUAL.index.iter().map(|row| (&*row.id, &*row.id)).collect();
    for truth in &USUAL.truth {
        for record in &truth.records {
            person_of.insert(record, &truth.records[0]);
        }
    }
    for row in &USUAL.index {
        for number in numbers(row) {
            owners.entry(number).or_default().insert(person_of[&*row.id]);
        }
    }
    // Two records of one person who did not present herself count as two here, so a few share.
    let shared = owners.values().filter(|owners| owners.len() > 1).count();
    assert!(shared * 100 < owners.len() * 6, "{shared} of {} numbers have two owners", owners.len());
}

#[test]
fn the_truth_names_records_that_are_there_and_people_who_are_not() {
    let mut seen = HashSet::new();
    assert!(USUAL.index.iter().all(|row| seen.insert(&row.id)), "a record's id is there twice");
    assert_eq!(USUAL.presentations.len(), USUAL.truth.len());
    for (row, truth) in USUAL.presentations.iter().zip(&USUAL.truth) {
        assert_eq!(row.id, truth.query_id);
        assert_eq!(truth.kind == Kind::Known, !truth.records.is_empty());
        assert_eq!(matches!(truth.kind, Kind::Known | Kind::New), truth.lookalike_of.is_empty());
        assert!(
            truth.records.iter().chain(&truth.lookalike_of).all(|record| RECORDS.contains_key(&**record))
        );
        assert!(!truth.shared_identifier || !truth.lookalike_of.is_empty());
    }
    let twice = USUAL.truth.iter().filter(|truth| truth.records.len() == 2).count();
    let known = USUAL.truth.iter().filter(|truth| truth.kind == Kind::Known).count();
    assert!((0.08..0.16).contains(&(twice as f64 / known as f64)), "{twice} of {known} have two records");
}

#[test]
fn a_known_person_tells_the_numbers_of_her_records_and_nobody_else_does() {
    let on_file: HashSet<_> = USUAL.index.iter().flat_map(numbers).collect();
    let (mut agree, mut differ) = (0, 0);
    for (row, truth) in USUAL.presentations.iter().zip(&USUAL.truth) {
        if truth.kind != Kind::Known {
            let told = numbers(row).into_iter().filter(|number| on_file.contains(number)).count();
            let wrong = truth.corruptions.contains(&"identifier_wrong");
            assert!(told == 0 || truth.shared_identifier || wrong, "{} tells a number on file", row.id);
            continue;
        }
        for (kind, number) in numbers(row) {
            for record in &truth.records {
                match numbers(RECORDS[&**record]).iter().find(|(theirs, _)| *theirs == kind) {
                    Some((_, theirs)) if *theirs == number => agree += 1,
                    Some(_) => differ += 1,
                    None => {}
                }
            }
        }
    }
    assert!(agree > 500 && differ > 5 && differ * 10 < agree, "{agree} agree, {differ} differ");
}

#[test]
fn twins_share_birth_and_surname_with_a_record_but_not_the_forename() {
    let mut same_date = 0;
    let mut same_name = 0;
    let mut twins = 0;
    for (row, truth) in USUAL.presentations.iter().zip(&USUAL.truth) {
        if truth.kind != Kind::AbsentTwin || !truth.corruptions.is_empty() {
            continue;
        }
        twins += 1;
        let other = RECORDS[&*truth.lookalike_of[0]];
        same_date += usize::from(row.date_of_birth == other.date_of_birth);
        same_name += usize::from(row.forename.eq_ignore_ascii_case(&other.forename));
    }
    assert!(twins >= 10, "{twins}");
    assert!(same_date * 10 >= twins * 8, "{same_date} of {twins}");
    assert!(same_name * 10 <= twins, "{same_name} of {twins}");
}

#[test]
fn every_kind_of_presentation_and_of_corruption_occurs_as_often_as_it_should() {
    let mut kinds: BTreeMap<Kind, usize> = BTreeMap::new();
    let mut corruptions: BTreeMap<&str, usize> = BTreeMap::new();
    for truth in &USUAL.truth {
        *kinds.entry(truth.kind).or_default() += 1;
        truth.corruptions.iter().for_each(|name| *corruptions.entry(name).or_default() += 1);
    }
    let share = |kind| kinds[&kind] as f64 / USUAL.truth.len() as f64;
    assert!(Kind::ALL.iter().all(|kind| kinds.contains_key(kind)), "{kinds:?}");
    assert!((0.62..0.68).contains(&share(Kind::Known)), "{kinds:?}");
    assert!((0.17..0.23).contains(&share(Kind::New)), "{kinds:?}");
    let expected = [
        "alias_forename",
        "alias_surname",
        "custom",
        "date_alias",
        "date_days",
        "date_digit",
        "date_missing",
        "date_placeholder",
        "date_swapped",
        "date_years",
        "full_alias",
        "heard",
        "identifier_wrong",
        "initial_only",
        "joined",
        "middle_name_first",
        "moved",
        "nickname",
        "other_surname",
        "postcode_missing",
        "postcode_mistyped",
        "respelt",
        "scanned",
        "sex_wrong",
        "transposed",
        "typed",
    ];
    assert_eq!(corruptions.keys().copied().collect::<Vec<_>>(), expected);
}

#[test]
fn a_few_names_are_very_common_and_most_are_rare() {
    let mut surnames: HashMap<String, usize> = HashMap::new();
    for row in &USUAL.index {
        *surnames.entry(row.surname.to_lowercase()).or_default() += 1;
    }
    let mut ranked: Vec<_> = surnames.into_iter().collect();
    ranked.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let head: Vec<&str> = ranked[..40].iter().map(|(name, _)| &**name).collect();
    for common in ["smith", "jones", "ali", "patel"] {
        assert!(head.contains(&common), "{common} is not among {head:?}");
    }
    let once = ranked.iter().filter(|(_, count)| *count == 1).count();
    assert!(once * 2 > ranked.len(), "{once} of {} surnames occur once", ranked.len());
}

#[test]
fn the_files_have_the_columns_that_the_command_reads() {
    let folder = tempfile::tempdir().unwrap();
    USUAL.write(folder.path()).unwrap();
    let columns = "forename,middle_names,surname,aliases,alias_forenames,alias_surnames,date_of_birth,alias_dobs,sex,postcode,\
                   previous_postcodes,address,nhs_number,pnc_id,prison_number,crn,agency";
    for (file, id, rows) in
        [("index.csv", "record_id", &USUAL.index), ("presentations.csv", "query_id", &USUAL.presentations)]
    {
        let text = std::fs::read_to_string(folder.path().join(file)).unwrap();
        let mut lines = text.lines();
        assert_eq!(lines.next().unwrap(), format!("{id},{columns}"));
        assert_eq!(lines.clone().count(), rows.len());
        assert!(
            lines.all(|line| line.split(',').count() == 18),
            "no name has a comma, so no cell needs quotes"
        );
    }
    let truth = std::fs::read_to_string(folder.path().join("truth.csv")).unwrap();
    assert_eq!(truth.lines().count(), USUAL.truth.len() + 1);
}

#[test]
fn dates_are_dates_of_adults() {
    let rows = USUAL.index.iter().chain(&USUAL.presentations);
    for date in
        rows.flat_map(|row| row.alias_dobs.iter().chain([&row.date_of_birth])).filter(|date| !date.is_empty())
    {
        let date: jiff::civil::Date = date.parse().unwrap();
        assert!((1930..=2015).contains(&date.year()), "{date}");
    }
}

#[test]
fn without_identifiers_nobody_tells_one() {
    let settings = Settings { people: 500, presentations: 300, profile: Profile::NoIdentifiers, ..SETTINGS };
    let population = Population::new(settings);
    assert!(population.index.iter().chain(&population.presentations).all(|row| numbers(row).is_empty()));
}

#[test]
fn in_a_hard_population_more_is_wrong() {
    let hard = Population::new(Settings { profile: Profile::Hard, ..SETTINGS });
    let wrong =
        |population: &Population| population.truth.iter().map(|truth| truth.corruptions.len()).sum::<usize>();
    assert!(wrong(&hard) * 100 > wrong(&USUAL) * 115, "{} and {}", wrong(&hard), wrong(&USUAL));
}

/// What exact rules reach says how hard a population is, before anybody's matcher is asked.
#[test]
fn exact_rules_reach_as_few_as_they_should() {
    let mut by_name: HashMap<_, Vec<&str>> = HashMap::new();
    let mut by_number: HashMap<_, Vec<&str>> = HashMap::new();
    for row in &USUAL.index {
        by_name.entry(exact(row)).or_default().push(&row.id);
        numbers(row).into_iter().for_each(|number| by_number.entry(number).or_default().push(&row.id));
    }
    let (mut known, mut named, mut any) = (0_usize, 0, 0);
    for (row, truth) in
        USUAL.presentations.iter().zip(&USUAL.truth).filter(|(_, truth)| truth.kind == Kind::Known)
    {
        let right = |found: Option<&Vec<&str>>| {
            found.is_some_and(|ids| ids.iter().any(|id| truth.records.iter().any(|r| r == id)))
        };
        let (name, number) =
            (right(by_name.get(&exact(row))), numbers(row).iter().any(|number| right(by_number.get(number))));
        known += 1;
        named += usize::from(name);
        any += usize::from(name || number);
    }
    let share = |part: usize| part as f64 / known as f64;
    let (named, any) = (share(named), share(any));
    assert!((0.25..0.32).contains(&named), "name and date of birth: {named:.3}");
    assert!((0.58..0.67).contains(&any), "or any number: {any:.3}");
}
