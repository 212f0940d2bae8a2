//! What is said before somebody stands at the gate: late on a Friday, on a holiday's eve, with a bridge too short.

use jiff::civil::date;

use super::*;
use crate::calendar::Exceptions;
use crate::directory::{Contact, Day, OpeningHours};
use crate::vocabulary::AgencyType;

fn team() -> Agency {
    let week = [Day::Monday, Day::Tuesday, Day::Wednesday, Day::Thursday, Day::Friday];
    let hours = week.map(|day| OpeningHours { day, from: time(9, 0, 0, 0), until: time(17, 0, 0, 0) });
    Agency {
        id: "northmoor-cjit".parse().unwrap(),
        name: "Northmoor team".to_owned(),
        agency_type: AgencyType::Cjit,
        area: "Northmoor".to_owned(),
        status: AgencyStatus::Active,
        issuer: "https://northmoor-cjit.example".to_owned(),
        roles: Vec::new(),
        certificates: Vec::new(),
        token_keys: Vec::new(),
        workers: Vec::new(),
        contact: Contact {
            telephone_office: "01632 960101".to_owned(),
            telephone_out_of_hours: None,
            telephone_crisis: None,
            hours: hours.to_vec(),
            spoc: "duty-worker".to_owned(),
            spoc_deputy: "team-manager".to_owned(),
            adviser: None,
            verified_at: Some(now()),
        },
        provides: Vec::new(),
        cannot_provide: Vec::new(),
        answers_live: false,
        break_glass: crate::directory::BreakGlassPower::default(),
    }
}

fn now() -> Timestamp {
    "2026-05-20T10:00:00Z".parse().unwrap()
}

fn released(on: &str, gate: Option<&str>) -> ReleasePlanned {
    serde_json::from_value(serde_json::json!({
        "release_on": on, "gate_at": gate, "prison": "HMP Fallowgate",
        "first_appointment": {"at": format!("{on}T15:00"), "place": "1 Test Row"},
    }))
    .unwrap()
}

fn found(planned: &ReleasePlanned) -> Vec<ReleaseWarning> {
    let calendar = Calendar::england_and_wales(Exceptions::default()).unwrap();
    warnings(planned, &team(), &calendar, now(), false)
}

#[test]
fn a_friday_at_ten_to_five_is_warned_of_and_a_wednesday_morning_is_not() {
    use ReleaseWarning::{BeforeClosedDays, ReceiverClosed};
    assert_eq!(found(&released("2026-06-03", Some("10:30:00"))), []);
    assert_eq!(found(&released("2026-06-05", Some("10:30:00"))), [], "a Friday with the day ahead");
    assert_eq!(found(&released("2026-06-05", Some("16:50:00"))), [BeforeClosedDays]);
    assert_eq!(found(&released("2026-06-05", Some("17:30:00"))), [ReceiverClosed, BeforeClosedDays]);
    assert_eq!(found(&released("2026-06-05", None)), [BeforeClosedDays], "nobody knows how late");
    assert_eq!(found(&released("2026-04-02", Some("16:00:00"))), [BeforeClosedDays], "Good Friday's eve");
    assert_eq!(found(&released("2026-04-06", Some("10:30:00"))), [ReceiverClosed], "Easter Monday");
    assert_eq!(found(&released("2026-06-06", Some("10:30:00"))), [ReceiverClosed], "a Saturday");
}

#[test]
fn who_is_on_duty_stands_beside_it() {
    let calendar = Calendar::england_and_wales(Exceptions::default()).unwrap();
    let view = receiver(&released("2026-06-05", Some("17:30:00")), &team(), &calendar);
    assert!(!view.open_at_release);
    assert_eq!((view.on_duty.as_str(), view.deputy.as_str()), ("duty-worker", "team-manager"));
    assert_eq!(view.telephone_office, "01632 960101");
}

#[test]
fn what_is_missing_for_the_first_days_is_said() {
    use ReleaseWarning::{
        AppointmentTooLate, BridgeTooShort, NoBridgingScript, NoFirstAppointment, PickUpNotAgreed,
        ReceiverNotActive, ReceiverUnverified,
    };
    let of = |extra: serde_json::Value| {
        let mut plan = serde_json::json!({"release_on": "2026-06-03", "gate_at": "10:30:00", "prison": "HMP Fallowgate"});
        plan.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        found(&serde_json::from_value(plan).unwrap())
    };
    let dose = serde_json::json!({"what": "Methadone 45 ml", "at": "2026-06-03T07:30"});
    let at = |day: &str| serde_json::json!({"at": format!("{day}T10:00"), "place": "1 Test Row"});
    assert_eq!(of(serde_json::json!({"last_dose": dose})), [NoFirstAppointment, NoBridgingScript]);
    assert_eq!(of(serde_json::json!({"first_appointment": at("2026-06-24")})), []);
    assert_eq!(of(serde_json::json!({"first_appointment": at("2026-06-25")})), [AppointmentTooLate]);
    let bridge = serde_json::json!({"what": "Methadone 45 ml", "until": "2026-06-04"});
    let short = serde_json::json!({"last_dose": dose, "bridging_script": bridge, "first_appointment": at("2026-06-05")});
    assert_eq!(of(short), [BridgeTooShort]);
    let wanted = serde_json::json!({"pick_up_wanted": true, "first_appointment": at("2026-06-05")});
    assert_eq!(of(wanted), [PickUpNotAgreed]);

    let calendar = Calendar::england_and_wales(Exceptions::default()).unwrap();
    let gone = Agency { status: AgencyStatus::Suspended, ..team() };
    let plan = released("2026-06-03", Some("10:30:00"));
    let later = now() + jiff::SignedDuration::from_hours(24 * 36);
    assert!(warnings(&plan, &gone, &calendar, now(), false).contains(&ReceiverNotActive));
    assert_eq!(warnings(&plan, &team(), &calendar, later, false), [ReceiverUnverified]);
    assert_eq!(date(2026, 6, 3).weekday(), Weekday::Wednesday);
}
