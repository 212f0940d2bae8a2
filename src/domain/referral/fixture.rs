//! An invented referral and the sides that move it, for the tests of this module.

use jiff::Timestamp;

use super::deadlines::DeadlineTable;
use super::model::{
    Need, Origin, ReferralOutcome, ReferralRecord, ReferralRequest, RejectionReason, Release, ReturnReason,
    Route, Urgency,
};
use super::states::{Act, Circumstances, InvalidTransition, apply};
use super::transition::{BodyField, Side, Transition, TransitionBody};
use crate::calendar::{Calendar, Exceptions, OpeningHours};
use crate::id::{AgencyId, Handle, PersonId, RecordId};

pub(super) const FAVOURABLE: Circumstances =
    Circumstances { caseload_checked: true, consent_effective: true, another_open: false };

pub(super) fn calendar() -> Calendar {
    Calendar::england_and_wales(Exceptions::default()).unwrap()
}

pub(super) fn agency(id: &str) -> AgencyId {
    id.parse().unwrap()
}

/// Friday afternoon, ten to five, in summer time.
pub(super) fn friday() -> Timestamp {
    "2026-06-12T15:50:00Z".parse().unwrap()
}

pub(super) fn request(urgency: Urgency) -> ReferralRequest {
    ReferralRequest {
        client_ref: Handle::random(),
        recipient: agency("northmoor-cjit"),
        route: Route::CaratToCjit,
        urgency,
        need: Need::Throughcare,
        anonymous: false,
        dirs: vec![Handle::random()],
        release: Some(Release {
            date: Some("2026-06-16".parse().unwrap()),
            time: Some("10:30:00".parse().unwrap()),
            prison: "HMP Fallowgate".to_owned(),
        }),
        slot: None,
        pick_up_wanted: true,
        summary: None,
        supervision: None,
    }
}

pub(super) fn draft(urgency: Urgency) -> ReferralRecord {
    request(urgency).into_draft(Origin {
        id: RecordId::random(),
        person: PersonId::random(),
        sender: agency("fallowgate-carat"),
        author: "worker-one".parse().unwrap(),
        created_at: friday(),
        dirs: vec![RecordId::random()],
    })
}

/// What the step needs, and nothing else.
pub(super) fn body_for(transition: Transition) -> TransitionBody {
    let mut body = TransitionBody::default();
    for field in transition.rule().needs {
        match field {
            BodyField::NamedWorker => body.named_worker = Some("worker-two".parse().unwrap()),
            BodyField::RejectionReason => body.rejection_reason = Some(RejectionReason::OutOfArea),
            BodyField::InformationRequested => body.information_requested = Some("last dose".to_owned()),
            BodyField::ReturnReason => body.return_reason = Some(ReturnReason::OutOfArea),
            BodyField::Recipient => body.recipient = Some(agency("eastvale-cjit")),
            BodyField::Reason => body.reason = Some("moved".to_owned()),
            BodyField::ReviewDue => body.review_due = Some("2027-01-01".parse().unwrap()),
            BodyField::FirstContactAt => body.first_contact_at = Some(friday()),
            BodyField::Outcome if transition == Transition::Complete => {
                body.outcome = Some(ReferralOutcome::Engaged)
            }
            BodyField::Outcome => body.outcome = Some(ReferralOutcome::DidNotAttend),
        }
    }
    body
}

pub(super) fn take_with(
    record: &ReferralRecord,
    transition: Transition,
    body: &TransitionBody,
    side: Side,
    now: Timestamp,
    circumstances: Circumstances,
) -> Result<ReferralRecord, InvalidTransition> {
    let act = Act {
        side,
        by: None,
        now,
        calendar: &calendar(),
        deadlines: &DeadlineTable::default(),
        recipient_hours: &OpeningHours::default(),
        circumstances,
    };
    apply(record, transition, body, &act)
}

pub(super) fn take(
    record: &ReferralRecord,
    transition: Transition,
    side: Side,
) -> Result<ReferralRecord, InvalidTransition> {
    take_with(record, transition, &body_for(transition), side, friday(), FAVOURABLE)
}

/// The draft taken along these steps, each by the side that may.
pub(super) fn along(steps: &[Transition]) -> ReferralRecord {
    steps
        .iter()
        .fold(draft(Urgency::Routine), |record, &step| take(&record, step, step.rule().sides[0]).unwrap())
}

pub(super) fn text(record: Option<Timestamp>) -> String {
    record.unwrap().to_zoned(jiff::tz::TimeZone::get("Europe/London").unwrap()).datetime().to_string()
}
