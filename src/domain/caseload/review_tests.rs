//! What follows from a review, and what another outcome needs.

use jiff::civil::date;

use super::*;

fn made(class_a: bool, offending: bool, prison: bool) -> ReviewMade {
    ReviewMade {
        on: None,
        trigger: ReviewTrigger::SixteenWeeks,
        event: None,
        class_a,
        offending,
        prison,
        outcome: None,
        outcome_reason: None,
        person_took_part: true,
    }
}

fn faults(made: &ReviewMade) -> Vec<&'static str> {
    made.check().err().unwrap_or_default().iter().map(|fault| fault.field).collect()
}

#[test]
fn the_handbooks_table_decides() {
    use ReviewOutcome::{ClassATreatment, IntensiveProgramme, OtherSupport, PlanRelease, Stay};
    for (found, outcome) in [
        ((true, true, false), Stay),
        ((true, false, false), ClassATreatment),
        ((false, true, false), IntensiveProgramme),
        ((false, false, false), OtherSupport),
        ((true, true, true), PlanRelease),
        ((true, false, true), PlanRelease),
    ] {
        assert_eq!(made(found.0, found.1, found.2).derived(), outcome, "{found:?}");
    }
}

#[test]
fn another_outcome_needs_a_reason_and_the_one_that_follows_takes_none() {
    let reason = Some("She starts at the new service on Monday.".to_owned());
    let other = ReviewMade { outcome: Some(ReviewOutcome::Stay), ..made(true, false, false) };
    assert_eq!(faults(&other), ["outcome_reason"]);
    assert_eq!(faults(&ReviewMade { outcome_reason: reason.clone(), ..other }), [""; 0]);
    let same = ReviewMade { outcome: Some(ReviewOutcome::Stay), ..made(true, true, false) };
    assert_eq!(faults(&same), [""; 0]);
    assert_eq!(faults(&ReviewMade { outcome_reason: reason, ..same }), ["outcome_reason"]);
}

#[test]
fn an_event_goes_with_the_trigger_that_is_one() {
    let event = Some(SignificantEvent::Arrest);
    assert_eq!(faults(&ReviewMade { event, ..made(true, true, false) }), ["event"]);
    let trigger = ReviewTrigger::SignificantEvent;
    assert_eq!(faults(&ReviewMade { trigger, ..made(true, true, false) }), ["event"]);
    assert_eq!(faults(&ReviewMade { trigger, event, ..made(true, true, false) }), [""; 0]);
    assert_eq!(review_due(date(2026, 3, 5)), date(2026, 6, 25));
}
