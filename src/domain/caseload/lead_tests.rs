//! However the answers fall, one agency leads at most, and an agreed lead stands.

use jiff::civil::date;
use proptest::prelude::*;

use super::super::model::EpisodeState;
use super::*;
use crate::id::{PersonId, RecordId};

fn episode(agency: &str, part: Part) -> EpisodeRecord {
    EpisodeRecord {
        id: RecordId::random(),
        version: 1,
        person: PersonId::random(),
        agency: agency.parse().unwrap(),
        opened_by: "worker-one".parse().unwrap(),
        recorded_at: "2026-01-05T10:00:00Z".parse().unwrap(),
        admitted_on: date(2026, 1, 5),
        review_due: None,
        part,
        case_manager: None,
        provisional: false,
        state: EpisodeState::Active,
        suspensions: Vec::new(),
        close_code: None,
        stay: None,
        disengaged: None,
        plan: None,
        reviews: Vec::new(),
        treated_since: None,
        bail: None,
        stage: None,
        steps: Vec::new(),
    }
}

fn settle(episodes: &mut [EpisodeRecord], asker: &str, holder: &str, answer: CheckAnswer) {
    let (asker, holder): (AgencyId, AgencyId) = (asker.parse().unwrap(), holder.parse().unwrap());
    let third_leads = episodes.iter().any(|episode| {
        episode.agency != asker && episode.agency != holder && episode.part == Part::Lead && episode.is_open()
    });
    let new_lead = if answer.holder_leads() == Some(true) { &holder } else { &asker };
    let new_lead_is_open =
        !third_leads && episodes.iter().any(|episode| episode.agency == *new_lead && episode.is_open());
    let answering =
        Answering { asker: &asker, holder: &holder, answer, third_leads, new_lead_is_open, is_last: true };
    for episode in episodes {
        if let Some(next) = answering.after(episode) {
            *episode = next;
        }
    }
}

fn parts(episodes: &[EpisodeRecord]) -> Vec<Part> {
    episodes.iter().map(|episode| episode.part).collect()
}

#[test]
fn each_answer_moves_both_sides() {
    use CheckAnswer::{KeepInformed, Lead, NotOurs, ReferBack, Share};
    use Part::{Contributor, ProvisionalLead};
    for (answer, expected) in [
        (Lead, [Contributor, Part::Lead]),
        (ReferBack, [Contributor, Part::Lead]),
        (Share, [Contributor, Part::Lead]),
        (KeepInformed, [Part::Lead, Contributor]),
        (NotOurs, [Contributor, ProvisionalLead]),
    ] {
        let mut both = [episode("northmoor-cjit", Contributor), episode("lantern", ProvisionalLead)];
        settle(&mut both, "northmoor-cjit", "lantern", answer);
        assert_eq!(parts(&both), expected, "{answer}");
    }
}

#[test]
fn a_lead_that_was_agreed_with_a_third_stands_and_a_provisional_one_yields() {
    let others = |part| {
        [
            episode("northmoor-cjit", Part::Contributor),
            episode("lantern", Part::Contributor),
            episode("fallowgate-carat", part),
        ]
    };
    let mut agreed = others(Part::Lead);
    settle(&mut agreed, "northmoor-cjit", "lantern", CheckAnswer::Lead);
    assert_eq!(parts(&agreed), [Part::Contributor, Part::Contributor, Part::Lead]);
    let mut provisional = others(Part::ProvisionalLead);
    settle(&mut provisional, "northmoor-cjit", "lantern", CheckAnswer::Lead);
    assert_eq!(parts(&provisional), [Part::Contributor, Part::Lead, Part::Contributor]);
}

#[test]
fn the_last_answer_makes_an_allocation_that_was_provisional_a_settled_one() {
    let mut ours = [EpisodeRecord { provisional: true, ..episode("northmoor-cjit", Part::ProvisionalLead) }];
    settle(&mut ours, "northmoor-cjit", "lantern", CheckAnswer::NotOurs);
    assert!(!ours[0].provisional);
}

#[test]
fn who_opens_second_contributes_and_what_was_agreed_before_counts() {
    assert_eq!(on_opening(false, None), Part::ProvisionalLead);
    assert_eq!(on_opening(true, None), Part::Contributor);
    assert_eq!(on_opening(false, Some(true)), Part::Contributor, "who answers live leads without a record");
    assert_eq!(on_opening(false, Some(false)), Part::Lead);
    assert_eq!(on_opening(true, Some(false)), Part::Contributor);
}

proptest! {
    #[test]
    fn never_two_leads(
        first in 0usize..4,
        agreed in any::<bool>(),
        answers in prop::collection::vec((0usize..4, 0usize..5, prop::sample::select(CheckAnswer::ALL)), 1..12),
    ) {
        const AGENCIES: [&str; 5] = ["northmoor-cjit", "lantern", "fallowgate-carat", "eastvale-cjit", "answers-live"];
        let mut episodes: Vec<EpisodeRecord> =
            AGENCIES[..4].iter().map(|agency| episode(agency, Part::Contributor)).collect();
        episodes[first].part = if agreed { Part::Lead } else { Part::ProvisionalLead };
        for (asker, holder, answer) in answers {
            if asker != holder {
                settle(&mut episodes, AGENCIES[asker], AGENCIES[holder], answer);
            }
            prop_assert!(episodes.iter().filter(|episode| episode.leads()).count() <= 1);
        }
    }
}
