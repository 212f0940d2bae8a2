//! The look-up of a 24-hour line: outside of office hours, bounded, on record, and the same whoever holds somebody.

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::caseload::check;
use super::joint::consents;
use super::scripts::{Desk, methadone, today};
use crate::support::{World, on_both_stores_at};

const CARE: Purpose = Purpose::ContinuityOfCare;
/// Whom [`Desk`] is about.
const PERSON: (&str, &str) = ("Sample", "Damson");

/// A worker of the CJIT's line, and somebody who rings.
struct Line {
    worker: Actor,
    client: Handle,
}

impl Line {
    async fn of(world: &World, person: (&str, &str)) -> Self {
        let worker = world.worker("northmoor-cjit", "testa-rowan");
        let client = world.client(&worker, person.0, person.1).await;
        Self { worker, client }
    }

    async fn looks_up(&self) -> Answer {
        looks_up(&self.worker, self.client).await
    }

    /// The reference is new each time.
    async fn finds(&self) -> Value {
        let answer = self.looks_up().await;
        assert_eq!(answer.status, 201, "{}", answer.json);
        let mut found = answer.json.clone();
        found["relay"]["reference"] = Value::Null;
        found
    }
}

pub async fn looks_up(worker: &Actor, client: Handle) -> Answer {
    let path = format!("/v1/clients/{client}/crisis-look-ups");
    worker.post(path, json!({"reason": "released-late"})).purpose(CARE).about(client).send().await.unwrap()
}

/// Lantern prescribes for her.
async fn at_lantern(world: &World) -> Desk {
    let desk = Desk::lantern(world).await;
    let opened = desk.post(&format!("/v1/clients/{}/scripts", desk.client_ref), "", methadone(world)).await;
    assert_eq!(opened.status, 201, "{}", opened.json);
    desk
}

fn code(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.json["errors"][0]["code"].as_str().unwrap_or_default())
}

on_both_stores_at! {
    "2026-06-05T22:00:00Z"
    async fn the_line_learns_whether_there_is_somebody_to_ring_and_nothing_of_whom(world: World) {
        // A Friday, eleven at night in London.
        let lantern = at_lantern(&world).await;
        let (line, stranger) = (Line::of(&world, PERSON).await, Line::of(&world, ("Placeholder", "Quince")).await);
        let (held, nobody) = (line.looks_up().await, stranger.looks_up().await);
        assert_eq!((held.status.as_u16(), nobody.status.as_u16()), (201, 201), "{}", held.json);
        assert_eq!(held.bytes.len(), nobody.bytes.len(), "one size");
        assert_eq!((held.etag(), held.header("location")), ("", ""));
        for (answer, outcome) in [(&held, "service-to-ring"), (&nobody, "no-participating-service")] {
            assert_eq!(answer.json["outcome"], json!(outcome));
            assert_eq!(answer.json["relay"]["telephone"], json!("01632 960100"));
        }
        assert!(!held.json.to_string().contains("antern"));

        // Whatever she agrees to, it is the service's to say who it is: at the number, and on record there.
        let (at, between) = ((&lantern.clinician, lantern.client_ref), ("lantern", "northmoor-cjit"));
        let before = line.finds().await;
        consents(&world, at, between, ("continuity-of-care", json!(["contact", "sex-work"]))).await;
        assert_eq!(line.finds().await, before);
    }
}

on_both_stores_at! {
    "2026-06-05T22:00:00Z"
    async fn it_is_for_a_line_at_night_and_has_the_budget_of_checks(world: World) {
        let mut world = world;
        world.bound_checks(2, 0);
        world.restart().await;
        let line = Line::of(&world, PERSON).await;
        // An agency without a number for the night has no line; police and probation may not even ask.
        let eastvale = world.worker("eastvale-cjit", "sample-linden");
        let theirs = world.client(&eastvale, PERSON.0, PERSON.1).await;
        assert_eq!(code(&looks_up(&eastvale, theirs).await), (403, "no-line"));
        for (agency, worker) in [("northmoor-police", "proxy-thorn"), ("northmoor-probation", "trial-elm"), ("northmoor-infirmary", "testa-yarrow")] {
            assert_eq!(looks_up(&world.worker(agency, worker), line.client).await.status, 403, "{agency}");
        }
        let unknown = Handle::random();
        assert_eq!(looks_up(&line.worker, unknown).await.status, 404);

        assert_eq!(line.looks_up().await.status, 201);
        let check = check(&line.worker, line.client).await;
        assert_eq!(check.status, 201, "{}", check.json);
        let spent = line.looks_up().await;
        assert_eq!((spent.status.as_u16(), spent.problem()), (429, "too-many-requests"), "a look-up is one of the day's checks");
        assert!(spent.receipt.is_some());

        // Who answers for how it is used sees each.
        let day = today(&world);
        let report = async |worker: &str| {
            let path = format!("/v1/crisis-look-ups/report?from={day}&to={day}");
            world.worker("northmoor-cjit", worker).get(path).purpose(Purpose::AuditReview).send().await.unwrap()
        };
        let seen = report("sample-juniper").await;
        let line_of = &seen.json["look_ups"];
        assert_eq!(line_of.as_array().map(Vec::len), Some(1), "{}", seen.json);
        assert_eq!(
            (&line_of[0]["worker"], &line_of[0]["reason"], &line_of[0]["outcome"], &line_of[0]["led_to_contact"]),
            (&json!("testa-rowan"), &json!("released-late"), &json!("no-participating-service"), &json!(false)),
        );
        assert_eq!(report("testa-rowan").await.status, 403);

        // On Monday at ten the office is open: there is the caseload check.
        world.clock.advance(59 * 3_600);
        assert_eq!(code(&line.looks_up().await), (409, "office-hours"));
    }
}
