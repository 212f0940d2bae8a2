//! Random walks through an assessment: whatever is tried in whatever order, it is never in a state that cannot be.

use jiff::civil::DateTime;
use jiff::{Span, ToSpan as _};
use proptest::prelude::*;

use super::*;
use crate::calendar::Exceptions;
use crate::domain::assessment::codes::{
    CancelReason, Disposal, EndReason, Engagement, GoodCause, Residence, WarningText,
};
use crate::domain::assessment::model::{DrugTest, Requirement};
use crate::domain::dir::contact_codes::{AssessmentTrigger, TestResult, TestType};
use crate::id::{PersonId, RecordId};

fn calendar() -> Arc<Calendar> {
    Arc::new(Calendar::england_and_wales(Exceptions::default()).unwrap())
}

fn minute(text: &str) -> Minute {
    text.parse().unwrap()
}

/// So many hours after the person was identified.
fn after(hours: i64) -> Minute {
    let start: DateTime = minute("2026-04-02T22:30").as_datetime();
    Minute::of(start.checked_add(Span::new().hours(hours)).unwrap())
}

fn assessment(requirement: Requirement) -> AssessmentRecord {
    let enforced = requirement != Requirement::Voluntary;
    AssessmentRecord {
        id: RecordId::random(),
        version: 1,
        person: PersonId::random(),
        police: enforced.then(|| "northmoor-police".parse().unwrap()),
        assessor: "northmoor-cjit".parse().unwrap(),
        opened_by: ("northmoor-police".parse().unwrap(), "worker-one".parse().unwrap()),
        recorded_at: "2026-04-02T21:31:00Z".parse().unwrap(),
        pathway: if enforced { Pathway::Enforcement } else { Pathway::ProactiveEngagement },
        trigger: AssessmentTrigger::InitialAssessment,
        criteria: Vec::new(),
        test: Some(DrugTest { r#type: TestType::TriggerOffence, result: TestResult::PositiveOpiates }),
        identified_at: after(0),
        residence: Residence::Resident,
        first_appointment_by: jiff::civil::date(2026, 4, 7),
        requirement,
        consent: None,
        appointments: Vec::new(),
        notices: Vec::new(),
        release: None,
        ending: None,
    }
}

fn taking(side: Side, now: Minute) -> Taking {
    let agency = match side {
        Side::Police => "northmoor-police",
        Side::Team => "northmoor-cjit",
    };
    let civil = now.as_datetime();
    Taking {
        now: calendar().moment(civil.date(), civil.time()),
        minute: now,
        by: (agency.parse().unwrap(), "worker-one".parse().unwrap()),
        side,
        calendar: calendar(),
        on_caseload: false,
    }
}

fn kinds() -> impl Strategy<Value = AppointmentKind> {
    prop::sample::select(AppointmentKind::ALL)
}

fn acts() -> impl Strategy<Value = Act> {
    let hours = -30_i64..400;
    let booking = (kinds(), hours.clone()).prop_map(|(appointment, at)| {
        Act::Book(Booking {
            appointment,
            at: after(at),
            place: "1 Mill Lane".into(),
            agency: None,
            slot: None,
        })
    });
    let serving = (
        prop::sample::select(NoticeKind::ALL),
        prop::option::of(kinds()),
        hours.clone(),
        any::<(bool, bool, bool)>(),
    )
        .prop_map(|(notice, appointment, at, (orally, in_writing, noted))| {
            let served_at = after(at);
            Act::Serve(NoticeServed {
                notice,
                appointment,
                text: WarningText::DrugsAct2005,
                served_at,
                orally: orally || at % 4 > 0,
                in_writing: in_writing || at % 4 > 0,
                dt1_at: (noted || at % 4 > 0).then_some(served_at),
            })
        });
    let attending = (
        kinds(),
        prop::sample::select(AttendanceOutcome::ALL),
        hours.clone(),
        prop::option::of(prop::sample::select(FollowUpDecision::ALL)),
        any::<(bool, bool)>(),
    )
        .prop_map(|(appointment, outcome, at, follow_up, (tried, caused))| {
            Act::Attend(Attended {
                appointment,
                outcome,
                at: after(at),
                engagement: (tried == outcome.is_failure()).then_some(Engagement::Call),
                good_cause: (caused == (outcome == AttendanceOutcome::GoodCause))
                    .then_some(GoodCause::Illness),
                follow_up,
            })
        });
    let other = (kinds(), hours, any::<bool>(), prop::sample::select(EndReason::ALL)).prop_map(
        |(appointment, at, yes, reason)| match at.rem_euclid(9) {
            0 => Act::End(EndedEarly { reason }),
            1 | 2 => Act::Ask(ConsentAsked { agreed: yes, warned_at: yes.then(|| after(at)) }),
            3 | 4 => Act::Cancel(Cancelled { appointment, reason: CancelReason::CancelledByService }),
            _ => Act::Release(Released { at: after(at), disposal: Disposal::Charged }),
        },
    );
    prop_oneof![3 => booking, 3 => serving, 4 => attending, 1 => other]
}

/// What must be so in whatever state, whatever led there.
fn assert_possible(record: &AssessmentRecord) {
    for kind in AppointmentKind::ALL {
        let of_kind = || record.appointments.iter().filter(|it| it.kind == *kind);
        assert!(of_kind().filter(|it| it.is_booked()).count() <= 1, "two are booked: {record:?}");
        assert!(of_kind().filter(|it| it.is_attended()).count() <= 1, "attended twice: {record:?}");
        let in_force = |it: &&Notice| it.of == *kind && !it.superseded;
        assert!(record.notices.iter().filter(in_force).count() <= 1, "two notices are in force: {record:?}");
    }
    let foreign = match record.pathway {
        Pathway::Enforcement => AppointmentKind::Additional,
        Pathway::ProactiveEngagement => AppointmentKind::FollowUp,
    };
    assert!(record.appointments.iter().all(|it| it.kind != foreign), "{record:?}");
    assert!(
        record.is_required() || record.notices.is_empty(),
        "a notice of what is not required: {record:?}"
    );
    for kept in record.appointments.iter().filter_map(Appointment::kept) {
        assert_eq!(kept.outcome.is_failure(), kept.engagement.is_some(), "{record:?}");
        assert_eq!(kept.outcome == AttendanceOutcome::GoodCause, kept.good_cause.is_some(), "{record:?}");
        assert_ne!(kept.follow_up, Some(FollowUpDecision::CarePlanReviewed), "nobody is on the caseload");
    }
    if let (true, Some(release)) = (record.is_required(), &record.release) {
        let told = record.notices.iter().any(|it| it.kind == NoticeKind::Ra1 && it.served_at <= release.at);
        assert!(told, "released without the notice: {record:?}");
    }
    let decided = record.latest(AppointmentKind::Initial).and_then(Appointment::kept);
    if record.is_required() && decided.is_some_and(|kept| kept.follow_up == Some(FollowUpDecision::Needed)) {
        assert!(record.latest(AppointmentKind::FollowUp).is_some(), "needed and not booked: {record:?}");
    }
    let declined = record.consent.as_ref().is_some_and(|consent| !consent.agreed);
    assert!(!declined || record.is_declined_after_warning(), "{record:?}");
    if declined || matches!(record.requirement, Requirement::NotImposed { .. }) {
        assert!(
            record.appointments.iter().all(|it| !it.is_booked()),
            "somebody waits for nobody: {record:?}"
        );
    }
}

fn requirements() -> impl Strategy<Value = Requirement> {
    let not = Requirement::NotImposed { authority: "insp-one".parse().unwrap(), reasons: "Ill.".into() };
    prop_oneof![4 => Just(Requirement::Imposed), 2 => Just(Requirement::Voluntary), 1 => Just(not)]
}

crate::domain::walks!(Assessment);

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn no_walk_leads_to_a_state_that_cannot_be(
        requirement in requirements(),
        steps in prop::collection::vec((acts(), any::<bool>(), 0_i64..40), 1..60),
    ) {
        let mut record = assessment(requirement);
        let mut hours = 0;
        for (act, by_police, pause) in steps {
            hours += pause / 8;
            let side = if by_police { Side::Police } else { Side::Team };
            let before = record.clone();
            match apply(&record, &act, &taking(side, after(hours))) {
                Ok(next) => {
                    prop_assert_eq!(next.version, before.version + 1);
                    prop_assert_eq!((next.id, next.person), (before.id, before.person));
                    // What was recorded stays: nothing is taken out, and an outcome changes only where it is excused.
                    prop_assert!(next.appointments.len() >= before.appointments.len());
                    prop_assert!(next.notices.len() >= before.notices.len());
                    for (was, is) in before.appointments.iter().zip(&next.appointments) {
                        if let Some(kept) = was.kept() {
                            let excused = is.kept().map(|kept| kept.outcome) == Some(AttendanceOutcome::GoodCause);
                            prop_assert!(was == is || kept.outcome.is_failure() && excused);
                        }
                    }
                    assert_possible(&next);
                    record = next;
                }
                Err(_) => prop_assert_eq!(&record, &before),
            }
        }
    }

    #[test]
    fn a_follow_up_lies_within_five_working_days(days in -3_i32..20) {
        let record = assessment(Requirement::Imposed);
        let booked = apply(&record, &Act::Book(Booking {
            appointment: AppointmentKind::Initial, at: after(1), place: "A".into(), agency: None, slot: None,
        }), &taking(Side::Team, after(0))).unwrap();
        let at = Minute::of(after(1).as_datetime().checked_add(days.days()).unwrap());
        let follow_up = Act::Book(Booking {
            appointment: AppointmentKind::FollowUp, at, place: "A".into(), agency: None, slot: None,
        });
        let taken = apply(&booked, &follow_up, &taking(Side::Team, after(0)));
        // Thursday 2 April 2026 at night: Good Friday and Easter Monday do not count, so the fifth day is Monday 13.
        prop_assert_eq!(taken.is_ok(), (0..=11).contains(&days), "{:?}", at.to_string());
    }
}

#[test]
fn who_refused_to_engage_cannot_be_found_to_need_nothing() {
    let record = assessment(Requirement::Imposed);
    let book = |kind, hours| {
        Act::Book(Booking {
            appointment: kind,
            at: after(hours),
            place: "A".into(),
            agency: None,
            slot: None,
        })
    };
    let booked = apply(&record, &book(AppointmentKind::Initial, 1), &taking(Side::Police, after(0))).unwrap();
    let refused = |follow_up| {
        Act::Attend(Attended {
            appointment: AppointmentKind::Initial,
            outcome: AttendanceOutcome::RefusedToEngage,
            at: after(1),
            engagement: Some(Engagement::DutyRestated),
            good_cause: None,
            follow_up,
        })
    };
    let needs_nothing = refused(Some(FollowUpDecision::NoFurtherIntervention));
    let team = taking(Side::Team, after(2));
    let InvalidAct::Guard(fault) = apply(&booked, &needs_nothing, &team).unwrap_err() else { panic!() };
    assert_eq!(fault.field, "follow_up");
    let InvalidAct::NotNow(codes) = apply(&booked, &refused(None), &team).unwrap_err() else { panic!() };
    assert_eq!(codes, ["follow-up-not-booked", "follow-up-notice-not-served"]);
}
