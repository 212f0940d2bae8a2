//! How long a broken glass is open and to whom, and who reviews it.

use super::*;

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn agency(id: &str) -> AgencyId {
    id.parse().unwrap()
}

fn worker(id: &str) -> WorkerId {
    id.parse().unwrap()
}

fn broken(record: RecordId) -> BreakGlassRecord {
    BreakGlassRecord {
        by: (agency("eastvale-treatment"), worker("dr-test-teasel")),
        role: Role::Prescriber,
        at: moment("2026-06-01T10:00:00Z"),
        reason: EmergencyReason::Overdose,
        words: "Found unconscious, breathing slowly.".to_owned(),
        holders: vec![Holder { agency: agency("northmoor-cjit"), records: vec![record] }],
        ended: None,
        overdue: Vec::new(),
        reviews: Vec::new(),
    }
}

fn review(by: (&str, &str), finding: BreakGlassFinding) -> Review {
    Review {
        by: (agency(by.0), worker(by.1)),
        at: moment("2026-06-02T10:00:00Z"),
        finding,
        reason: "as the note says".to_owned(),
    }
}

#[test]
fn it_is_open_for_an_hour_to_who_broke_it_and_to_nobody_else() {
    let (ours, theirs) = (RecordId::random(), RecordId::random());
    let broken = broken(ours);
    let (treatment, doctor) = broken.by.clone();
    let open = |at: &str| broken.is_open_to(&treatment, &doctor, moment(at));
    assert!(open("2026-06-01T10:00:00Z") && open("2026-06-01T10:59:59Z"));
    assert!(!open("2026-06-01T11:00:00Z"));
    let now = moment("2026-06-01T10:30:00Z");
    assert!(!broken.is_open_to(&treatment, &worker("mock-tansy"), now));
    assert!(!broken.is_open_to(&agency("northmoor-cjit"), &doctor, now));
    assert!(broken.opens(ours) && !broken.opens(theirs));
    let ended = broken.ended(now).unwrap();
    assert!(!ended.is_open_to(&treatment, &doctor, now));
    assert_eq!(ended.ended(now), Err(NotTaken::AlreadyEnded));
    let late = broken.ended(moment("2026-06-01T15:00:00Z")).unwrap();
    assert_eq!(late.ended, Some(moment("2026-06-01T11:00:00Z")), "it was over when its hour was");
}

#[test]
fn each_side_reviews_it_by_somebody_else_than_who_broke_it() {
    let broken = broken(RecordId::random());
    let (cjit, treatment) = (agency("northmoor-cjit"), agency("eastvale-treatment"));
    assert!(broken.awaits(&cjit) && broken.awaits(&treatment) && !broken.awaits(&agency("lantern")));
    let own = review(("eastvale-treatment", "dr-test-teasel"), BreakGlassFinding::Appropriate);
    assert_eq!(broken.reviewed(own, true), Err(NotTaken::OwnAct));
    let theirs = review(("northmoor-cjit", "sample-juniper"), BreakGlassFinding::Appropriate);
    let next = broken.reviewed(theirs.clone(), false).unwrap();
    assert!(!next.awaits(&cjit) && next.awaits(&treatment));
    assert_eq!(next.reviewed(theirs, false), Err(NotTaken::AlreadyReviewed));
}

#[test]
fn what_is_passed_on_or_overdue_is_the_guardians() {
    let broken = broken(RecordId::random());
    let cjit = agency("northmoor-cjit");
    let officer = |finding| review(("northmoor-cjit", "sample-juniper"), finding);
    let guardian = review(("northmoor-cjit", "sample-quince"), BreakGlassFinding::Inappropriate);
    let passed_on = broken.reviewed(officer(BreakGlassFinding::Escalated), false).unwrap();
    let overdue = broken.overdue_at(&cjit);
    assert_eq!(overdue.overdue_at(&cjit), overdue);
    for escalated in [passed_on, overdue] {
        assert_eq!(escalated.review_at(&cjit), BreakGlassReviewState::Escalated);
        let by_officer = escalated.reviewed(officer(BreakGlassFinding::Appropriate), false);
        assert_eq!(by_officer, Err(NotTaken::GuardianOnly));
        // It goes no further: passed on again and again it would never be overdue.
        let again = review(("northmoor-cjit", "sample-quince"), BreakGlassFinding::Escalated);
        assert_eq!(escalated.reviewed(again, true), Err(NotTaken::GuardianFinds));
        let closed = escalated.reviewed(guardian.clone(), true).unwrap();
        assert_eq!(closed.review_at(&cjit), BreakGlassReviewState::Reviewed);
    }
}
