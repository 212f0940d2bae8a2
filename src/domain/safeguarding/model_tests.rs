//! Who reviews a concern, when it is over, and until when the person does not learn of it.

use proptest::prelude::*;

use super::*;

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn concern(telling: Telling) -> ConcernRecord {
    ConcernRecord {
        raised_by: ("northmoor-cjit".parse().unwrap(), "worker-one".parse().unwrap()),
        at: moment("2026-06-01T10:00:00Z"),
        recipient: "northmoor-childrens".parse().unwrap(),
        ground: ConcernGround::ChildAtRisk,
        reason: "a child is left alone at night".to_owned(),
        telling,
        why_unsafe: None,
        received: None,
        reviews: Vec::new(),
    }
}

fn review(by: &str, finding: ConcernFinding, untold_until: Option<&str>) -> Review {
    Review {
        by: by.parse().unwrap(),
        at: moment("2026-06-02T10:00:00Z"),
        finding,
        reason: "as the note says".to_owned(),
        untold_until: untold_until.map(moment),
    }
}

#[test]
fn who_raised_it_does_not_review_it_and_what_is_escalated_is_the_guardians() {
    let concern = concern(Telling::Told);
    let appropriate = |by| review(by, ConcernFinding::Appropriate, None);
    assert_eq!(concern.reviewed(appropriate("worker-one"), true), Err(NotTaken::OwnConcern));
    let escalated = concern.reviewed(review("officer", ConcernFinding::Escalated, None), false).unwrap();
    assert_eq!((escalated.state(), escalated.is_open()), (ConcernState::Escalated, true));
    assert_eq!(escalated.reviewed(appropriate("officer"), false), Err(NotTaken::GuardianOnly));
    let reviewed = escalated.reviewed(appropriate("guardian"), true).unwrap();
    assert_eq!(reviewed.reviews.len(), 2);
    assert_eq!(reviewed.reviewed(appropriate("guardian"), true), Err(NotTaken::AlreadyReviewed));
}

#[test]
fn it_is_over_when_it_was_reviewed_and_came_in_or_was_wrong() {
    let received = Received { by: "social-worker".parse().unwrap(), at: moment("2026-06-01T10:30:00Z") };
    let reviewed =
        |finding| concern(Telling::Told).reviewed(review("officer", finding, None), false).unwrap();
    assert!(reviewed(ConcernFinding::Appropriate).is_open(), "nobody said that it came in");
    assert!(!reviewed(ConcernFinding::Appropriate).received(received.clone()).unwrap().is_open());
    assert!(!reviewed(ConcernFinding::Inappropriate).is_open());
    let twice = concern(Telling::Told).received(received.clone()).unwrap();
    assert!(twice.is_open(), "nobody reviewed it");
    assert_eq!(twice.received(received), Err(NotTaken::AlreadyReceived));
}

#[test]
fn she_learns_of_it_unless_two_found_that_unsafe_and_then_not_for_ever() {
    let (at, soon, later) =
        (moment("2026-06-01T10:00:00Z"), moment("2026-06-03T00:00:00Z"), moment("2026-06-20T00:00:00Z"));
    let (cjit, police): (AgencyId, AgencyId) =
        ("northmoor-cjit".parse().unwrap(), "northmoor-police".parse().unwrap());
    let act = (Some(Purpose::Safeguarding), at);
    assert!(!concern(Telling::Told).keeps_back(&cjit, act, soon));
    let untold = concern(Telling::UnsafeToTell);
    assert!(untold.keeps_back(&cjit, act, soon) && untold.keeps_back(&untold.recipient, act, soon));
    assert!(!untold.keeps_back(&cjit, act, later), "one worker's word does not keep it back for longer");
    assert!(!untold.keeps_back(&police, act, soon));
    assert!(!untold.keeps_back(&cjit, (Some(Purpose::Treatment), at), soon));
    let before = moment("2026-05-31T10:00:00Z");
    assert!(!untold.keeps_back(&cjit, (Some(Purpose::Safeguarding), before), soon));

    let agreed = review("officer", ConcernFinding::Appropriate, Some("2026-07-01T00:00:00Z"));
    let agreed = untold.reviewed(agreed, false).unwrap();
    assert!(
        agreed.keeps_back(&cjit, act, later)
            && !agreed.keeps_back(&cjit, act, moment("2026-07-01T00:00:00Z"))
    );
    let open = untold.reviewed(review("officer", ConcernFinding::Appropriate, None), false).unwrap();
    assert!(!open.keeps_back(&cjit, act, soon), "the reviewer found that she can be told");
    let escalated = untold.reviewed(review("officer", ConcernFinding::Escalated, None), false).unwrap();
    assert_eq!(escalated.untold_until(), Some(moment("2026-06-09T10:00:00Z")));
}

#[test]
fn who_was_told_has_nothing_kept_back() {
    let later = review("officer", ConcernFinding::Appropriate, Some("2026-07-01T00:00:00Z"));
    assert_eq!(concern(Telling::Told).reviewed(later, false), Err(NotTaken::WasTold));
}

/// It is received, and reviewed from each state in which it can be.
fn all() -> impl Iterator<Item = String> {
    let findings =
        |state: ConcernState| ConcernFinding::ALL.iter().map(move |found| format!("{state} {found}"));
    let reviewed = findings(ConcernState::AwaitingReview).chain(findings(ConcernState::Escalated));
    reviewed.chain(["received".to_owned()])
}

crate::domain::walks!(Concern, no_walk_lets_who_raised_it_review_it_or_reviews_it_again, all());

proptest! {
    #[test]
    fn no_walk_lets_who_raised_it_review_it_or_reviews_it_again(
        told in any::<bool>(),
        walk in prop::collection::vec(
            (prop::sample::select(ConcernFinding::ALL), 0_u8..3, any::<bool>(), any::<bool>(), any::<bool>()),
            1..12,
        ),
    ) {
        let mut concern = concern(if told { Telling::Told } else { Telling::UnsafeToTell });
        for (finding, who, is_guardian, receives, keeps_back) in walk {
            let before = concern.clone();
            let by = ["worker-one", "officer", "guardian"][usize::from(who)];
            let next = if receives {
                let (by, at) = (by.parse().unwrap(), moment("2026-06-02T09:00:00Z"));
                before.received(Received { by, at })
            } else {
                let until = keeps_back.then_some("2026-07-01T00:00:00Z");
                before.reviewed(review(by, finding, until), is_guardian)
            };
            if let Ok(next) = next {
                match receives {
                    true => crate::domain::walked::took("received"),
                    false => crate::domain::walked::took(format_args!("{} {finding}", before.state())),
                }
                prop_assert!(next != before, "a change without a trace");
                prop_assert!(receives || before.state() != ConcernState::Reviewed, "its review is closed");
                prop_assert!(receives || before.state() != ConcernState::Escalated || is_guardian);
                prop_assert!(before.received.is_none() || next.received == before.received, "received once");
                prop_assert_eq!(&next.raised_by, &before.raised_by);
                concern = next;
            }
            prop_assert!(concern.reviews.iter().all(|review| review.by != concern.raised_by.1));
            prop_assert!(!told || concern.untold_until().is_none(), "she was told");
            prop_assert!(told || concern.untold_until().is_some());
            let closed = concern.reviews.iter().filter(|review| review.finding != ConcernFinding::Escalated);
            prop_assert!(closed.count() <= 1);
        }
    }
}
