//! When a record may be signed, when a fresh one may be begun, and what may follow what.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::document::DirDocument;
use super::filing::redacted;
use crate::domain::person::NameKind;
use crate::domain::validation::{FieldProblem, clean_text, field_problems};
use crate::vocabulary::{Segment, SegmentSet};

crate::code_list! {
    /// Where a record stands. A signed one is never edited; it may be superseded by another that names it.
    pub enum DirState {
        Draft = "draft",
        Signed = "signed",
        Superseded = "superseded",
    }
}

impl DirState {
    /// Whether its content may change.
    pub const fn is_editable(self) -> bool {
        matches!(self, Self::Draft)
    }

    /// Whether activity entries may follow it.
    pub const fn takes_activities(self) -> bool {
        matches!(self, Self::Signed)
    }

    /// Whether it may become this.
    pub const fn may_become(self, next: Self) -> bool {
        matches!((self, next), (Self::Draft, Self::Signed) | (Self::Signed, Self::Superseded))
    }

    /// Whether a new record may name one in this state as the one that it supersedes.
    pub const fn may_be_superseded(self) -> bool {
        self.may_become(Self::Superseded)
    }
}

/// Whether a draft may be signed on this day: it is valid, says who, when and on what occasion, and has nothing yet to come
/// that must have been.
///
/// # Errors
/// Everything that is missing or wrong, by field.
pub fn may_sign(document: &DirDocument, today: Date) -> Result<(), Vec<FieldProblem>> {
    let mut problems = document.validate().err().as_ref().map(field_problems).unwrap_or_default();
    let mut require = |present: bool, path: &str, message: &str| {
        if !present {
            problems.push(FieldProblem::new(path, "required-to-sign", message));
        }
    };
    let named = document.person.names.iter().any(|name| name.kind != NameKind::Working);
    require(named, "person.names", "needs a name that is not a working name");
    require(document.person.date_of_birth.is_some(), "person.date_of_birth", "is needed before signing");
    require(document.person.sex.is_some(), "person.sex", "is needed before signing");
    require(
        document.first_contact.contact_at.is_some(),
        "first_contact.contact_at",
        "is needed before signing",
    );
    require(document.first_contact.pathway.is_some(), "first_contact.pathway", "is needed before signing");
    require(document.first_contact.trigger.is_some(), "first_contact.trigger", "is needed before signing");
    require(
        document.consent.answer.is_some(),
        "consent.answer",
        "say whether consent was asked, and the answer",
    );

    for (path, date) in happened(document) {
        if date.is_some_and(|date| date > today) {
            problems.push(FieldProblem::new(path, "in-future", "must not be in the future"));
        }
    }
    problems.sort();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// The dates that tell of what was, and so cannot lie ahead.
fn happened(document: &DirDocument) -> [(&'static str, Option<Date>); 7] {
    [
        ("person.date_of_birth", document.person.date_of_birth),
        ("first_contact.contact_at", document.first_contact.contact_at.map(|at| at.date())),
        ("first_contact.test_on", document.first_contact.test_on),
        ("prescribing.last_confirmed_on", document.prescribing.last_confirmed_on),
        ("care_plan.agreed_on", document.care_plan.agreed_on),
        ("consent.asked_on", document.consent.asked_on),
        ("release.last_dose_at", document.release.last_dose_at.map(|at| at.date())),
    ]
}

crate::code_list! {
    /// On what occasion a record is written. Only a fresh one can repeat what another agency asked already.
    pub enum DirOccasion {
        Fresh = "fresh",
        InitialAssessment = "initial-assessment",
        FollowUpAssessment = "follow-up-assessment",
        Review = "review",
    }
}

crate::code_list! {
    /// Why a person is asked again although a record was received.
    pub enum StartAfreshReason {
        Stale = "stale",
        Partial = "partial",
        WrongPerson = "wrong-person",
    }
}

/// The reason to ask again, with what makes it true in this case.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartAfresh {
    /// The reason.
    pub reason: StartAfreshReason,
    /// What makes it true here.
    #[validate(custom(function = "clean_text"))]
    pub text: String,
}

redacted!(StartAfresh);

/// A record was received, so that the person need not tell it all again: an activity entry is to be written instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a record with these segments was received; write an activity entry, or say why to start afresh")]
pub struct AlreadyReceived {
    /// The segments that would be asked again. This agency received each of them.
    pub segments: SegmentSet,
}

/// What every record says however often it was told: who, how to reach them, and that they came.
const ALWAYS_TOLD: [Segment; 3] = [Segment::Identity, Segment::Contact, Segment::Attendance];

/// The no-repeat rule (DIR training 2009; Essex 2010): a received record blocks a fresh one, for the segments received
/// only; it never blocks an initial or follow-up assessment or a review, and gives way to a reason.
///
/// # Errors
/// The segments that both the received and the new record hold.
pub fn no_repeat(
    received: SegmentSet,
    written: SegmentSet,
    occasion: DirOccasion,
    start_afresh_because: Option<&StartAfresh>,
) -> Result<(), AlreadyReceived> {
    let segments = received.intersection(written).without(ALWAYS_TOLD.into_iter().collect());
    let asks_again = occasion == DirOccasion::Fresh && start_afresh_because.is_none();
    if asks_again && !segments.is_empty() { Err(AlreadyReceived { segments }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn set(segments: &[Segment]) -> SegmentSet {
        segments.iter().copied().collect()
    }

    #[test]
    fn a_draft_is_signed_and_a_signed_record_superseded_and_nothing_goes_back() {
        for from in DirState::ALL {
            for to in DirState::ALL {
                let expected = matches!(
                    (from, to),
                    (DirState::Draft, DirState::Signed) | (DirState::Signed, DirState::Superseded)
                );
                assert_eq!(from.may_become(*to), expected, "{from} to {to}");
            }
        }
        assert!(DirState::Draft.is_editable() && !DirState::Signed.is_editable());
        assert!(DirState::Signed.may_be_superseded() && !DirState::Draft.may_be_superseded());
    }

    #[test]
    fn an_empty_draft_is_told_every_field_that_is_missing() {
        let problems = may_sign(&DirDocument::default(), date(2026, 6, 3)).unwrap_err();
        let paths: Vec<&str> = problems.iter().map(|problem| problem.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "consent.answer",
                "first_contact.contact_at",
                "first_contact.pathway",
                "first_contact.trigger",
                "person.date_of_birth",
                "person.names",
                "person.sex"
            ]
        );
    }

    #[test]
    fn a_received_record_blocks_a_fresh_one_for_the_segments_received_only() {
        let received = set(&[Segment::Identity, Segment::DrugUse, Segment::Housing]);
        let fresh = |written: &[Segment]| no_repeat(received, set(written), DirOccasion::Fresh, None);
        assert_eq!(
            fresh(&[Segment::Identity, Segment::DrugUse, Segment::Risk]),
            Err(AlreadyReceived { segments: set(&[Segment::DrugUse]) })
        );
        assert_eq!(fresh(&[Segment::Identity, Segment::Contact, Segment::Attendance]), Ok(()));
        assert_eq!(fresh(&[Segment::Risk, Segment::MentalHealth]), Ok(()));
    }

    #[test]
    fn assessments_reviews_and_a_reason_are_never_blocked() {
        let all = SegmentSet::all();
        for occasion in [DirOccasion::InitialAssessment, DirOccasion::FollowUpAssessment, DirOccasion::Review]
        {
            assert_eq!(no_repeat(all, all, occasion, None), Ok(()));
        }
        let reason = StartAfresh { reason: StartAfreshReason::Stale, text: "two years old".to_owned() };
        assert_eq!(no_repeat(all, all, DirOccasion::Fresh, Some(&reason)), Ok(()));
        assert!(no_repeat(all, all, DirOccasion::Fresh, None).is_err());
        let empty = StartAfresh { reason: StartAfreshReason::Stale, text: " ".to_owned() };
        assert!(empty.validate().is_err(), "a reason without words is none");
    }
}
