//! Who answers a hospital, how often, and what makes no sense as an answer.

use proptest::prelude::*;

use super::*;

crate::domain::walks!(HospitalNotice);

fn agency(id: &str) -> AgencyId {
    id.parse().unwrap()
}

fn notice(told: &[&str]) -> HospitalRecord {
    HospitalRecord {
        by: (agency("northmoor-infirmary"), "dr-mocky-hyssop".parse().unwrap()),
        at: "2026-06-01T10:00:00Z".parse().unwrap(),
        ground: Ground::VitalInterests,
        event: HospitalEvent::Overdose,
        happened_at: "2026-06-01T10:30".parse().unwrap(),
        ring: "01632 960222".to_owned(),
        told: told.iter().map(|id| agency(id)).collect(),
        answers: Vec::new(),
    }
}

fn no() -> HospitalAnswerGiven {
    HospitalAnswerGiven { prescribes: false, drug: None, last_dose_on: None, last_collected_on: None }
}

proptest! {
    #[test]
    fn only_who_was_told_answers_and_each_once(
        told in prop::sample::subsequence(vec!["lantern", "northmoor-cjit", "eastvale-treatment"], 0..=3),
        walk in prop::collection::vec(prop::sample::select(vec!["lantern", "northmoor-cjit", "eastvale-treatment"]), 0..8),
    ) {
        let mut standing = notice(&told);
        for by in walk {
            let said = Answered { by: (agency(by), "test-worker".parse().unwrap()), at: standing.at, given: no() };
            let was_awaited = standing.awaits(&agency(by));
            match standing.answered(said) {
                Ok(next) => {
                    prop_assert!(was_awaited && told.contains(&by));
                    prop_assert!(!next.awaits(&agency(by)));
                    prop_assert_eq!(&next.told, &standing.told, "whom it was told never changes");
                    standing = next;
                }
                Err(NotAwaited::NotTold) => prop_assert!(!told.contains(&by)),
                Err(NotAwaited::AnsweredAlready) => prop_assert!(standing.is_answered_by(&agency(by))),
            }
            prop_assert!(standing.answers.len() <= standing.told.len());
        }
    }
}

#[test]
fn an_answer_says_what_is_prescribed_or_that_nothing_is() {
    let today: Date = "2026-06-01".parse().unwrap();
    let yes = HospitalAnswerGiven { prescribes: true, drug: Some(Drug::Methadone), ..no() };
    assert_eq!((no().check(today), yes.check(today)), (Ok(()), Ok(())));
    let fields = |given: HospitalAnswerGiven| {
        given.check(today).unwrap_err().into_iter().map(|fault| fault.field).collect::<Vec<_>>()
    };
    assert_eq!(fields(HospitalAnswerGiven { drug: None, ..yes.clone() }), ["drug"]);
    assert_eq!(fields(HospitalAnswerGiven { drug: Some(Drug::Methadone), ..no() }), ["drug"]);
    let tomorrow = Some("2026-06-02".parse().unwrap());
    assert_eq!(fields(HospitalAnswerGiven { last_dose_on: tomorrow, ..yes.clone() }), ["last_dose_on"]);
    assert_eq!(fields(HospitalAnswerGiven { last_collected_on: Some(today), ..no() }), ["last_collected_on"]);
}
