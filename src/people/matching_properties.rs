//! The matching model as a whole: what holds for everybody.

use proptest::prelude::*;

use super::blocking::keys;
use super::details::Details;
use super::matching_tests::{NHS, OTHER_NHS, person, scored, with};
use super::model::Model;
use super::profile::Profiler;

/// Anybody: of few values, so that they often agree.
fn anybody() -> impl Strategy<Value = Details> {
    let forename = prop::sample::select(vec!["Testa", "Tess", "Tetsa", "Fixture", "Alder", "T", ""]);
    let surname = prop::sample::select(vec!["Alder", "Aldre", "Cedar", "Alder-Cedar", "Testa", ""]);
    let birth =
        prop::sample::select(vec!["1990-05-07", "1990-07-05", "1990-05-08", "1990-01-01", "1965-05-07", ""]);
    let postcode = prop::sample::select(vec!["NM1 4AQ", "NM1 4AR", "NM1 7XY", "EV9 9ZZ", ""]);
    let number = prop::sample::select(vec![None, Some(NHS), Some(OTHER_NHS)]);
    (forename, surname, birth, postcode, number, prop::option::of(Just("Sample Cedar"))).prop_map(
        |(forename, surname, birth, postcode, number, alias)| {
            let details = person(forename, surname, birth, postcode);
            let details = Details { aliases: alias.map(str::to_owned).into_iter().collect(), ..details };
            number.map_or(details.clone(), |number| with(details, number))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn scores_are_symmetric(one in anybody(), other in anybody()) {
        let (there, back) = (scored(&one, &other), scored(&other, &one));
        prop_assert!((there.weight - back.weight).abs() < 1e-9);
        prop_assert_eq!(there.may_link, back.may_link);
    }

    #[test]
    fn nobody_scores_higher_than_the_same_facts(one in anybody(), other in anybody()) {
        let one = Details { aliases: Vec::new(), ..one };
        let other = Details { aliases: Vec::new(), ..other };
        prop_assert!(scored(&one, &one).weight + 1e-9 >= scored(&one, &other).weight);
    }

    #[test]
    fn who_may_link_shares_a_key(one in anybody(), other in anybody()) {
        let found = scored(&one, &other);
        if found.may_link && found.weight >= Model::stock().unwrap().thresholds.link {
            let profiler = Profiler::default();
            let known = keys(&profiler.profile(&other));
            prop_assert!(keys(&profiler.profile(&one)).iter().any(|key| known.contains(key)));
        }
    }

    #[test]
    fn twins_and_generations_never_link(
        one in anybody(), forename in prop::sample::select(vec!["Quilla", "Fixture", ""]), years in 13u16..60,
    ) {
        let bare = |details: Details| Details { identifiers: Vec::new(), ..details };
        let named = |details: &Details| details.forenames.first().is_some_and(|name| name.as_str() != forename);
        let twin = Details { forenames: vec![forename.to_owned()], ..bare(one.clone()) };
        // Who is known by one alias whole presents as that person; a twin does not.
        let twin = Details { aliases: Vec::new(), ..twin };
        if named(&one) {
            prop_assert!(!scored(&one, &twin).may_link);
        }
        let parent = bare(person("Testa", "Alder", "1990-05-07", "NM1 4AQ"));
        let born = format!("{}-05-07", 1990 - years);
        let child = Details { births: vec![born], ..parent.clone() };
        prop_assert!(!scored(&parent, &child).may_link);
    }
}
