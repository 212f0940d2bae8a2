//! Schemes with clocks of their own: the Wednesday list and the four weeks of extended bail, programmes in stages, and how long somebody stays.

use serde_json::{Value, json};
use throughgate::demo::actor::Actor;

use super::caseload::{episode, step};
use super::caseload_life::{admit, kinds, named, possible, tasks};
use crate::support::{World, on_both_stores_at};

/// The tasks of an agency but for the review: what, and by when.
async fn clocks(worker: &Actor) -> Vec<(String, String)> {
    let text = |task: &Value, member: &str| task[member].as_str().unwrap().to_owned();
    let all = tasks(worker, "agency").await;
    let others = all.iter().filter(|task| task["kind"] != "review-care-plan");
    others.map(|task| (text(task, "kind"), text(task, "due"))).collect()
}

fn clock(kind: &str, due: &str) -> Vec<(String, String)> {
    vec![(kind.to_owned(), due.to_owned())]
}

on_both_stores_at! {
    // A Monday; the list is on Wednesday.
    "2026-06-15T09:00:00Z"
    async fn lantern_reminds_her_of_the_list_and_sees_her_twice_within_four_weeks(world: World) {
        let lantern = world.worker("lantern", "ms-placeholder");
        let client = world.client(&lantern, "Demo", "Elder").await;
        let opened = json!({"admitted_on": "2026-06-15", "state": "active"});
        let path = format!("/v1/clients/{client}/caseload-episodes");
        assert_eq!(lantern.post(path, opened).about(client).send().await.unwrap().status, 201);
        let takes = async |what: &str, body: Value| {
            let answer = step(&lantern, client, what, body).await;
            assert_eq!(answer.status, 200, "{what}: {}", answer.json);
        };

        assert_eq!(named(&step(&lantern, client, "note-court", json!({})).await), ["court_on"]);
        assert_eq!(named(&step(&lantern, client, "note-court", json!({"court_on": "2026-06-14"})).await), ["court_on"]);
        assert!(!possible(&step(&lantern, client, "extend-bail", json!({})).await).contains(&"remind-of-court"));
        takes("note-court", json!({"court_on": "2026-06-17"})).await;
        assert_eq!(clocks(&lantern).await, clock("remind-of-court", "2026-06-16T22:59:00Z"), "before the list");
        takes("remind-of-court", json!({})).await;
        assert!(clocks(&lantern).await.is_empty());
        assert_eq!(named(&step(&lantern, client, "extend-bail", json!({})).await), ["on"], "not before the day in court");

        world.clock.advance(2 * 86_400);
        takes("extend-bail", json!({})).await;
        assert_eq!(clocks(&lantern).await, clock("keep-bail-appointments", "2026-07-15T22:59:00Z"), "four weeks");
        let early = json!({"on": "2026-06-16"});
        assert_eq!(named(&step(&lantern, client, "note-bail-appointment", early).await), ["on"]);
        takes("note-bail-appointment", json!({})).await;
        assert_eq!(clocks(&lantern).await.len(), 1, "one of two");
        world.clock.advance(86_400);
        takes("note-bail-appointment", json!({})).await;
        assert!(clocks(&lantern).await.is_empty());
        let third = step(&lantern, client, "note-bail-appointment", json!({})).await;
        assert!(!possible(&third).contains(&"note-bail-appointment"));
        let bail = episode(&lantern, client).await["bail"].clone();
        assert_eq!(bail, json!({"court_on": "2026-06-17", "reminded": true, "extended_on": "2026-06-17", "kept_on": ["2026-06-17", "2026-06-18"]}));
        let states = |state: &str| world.number(&format!("SELECT count(*) AS number FROM task WHERE state = '{state}' AND kind <> 'review-care-plan'"));
        assert_eq!((states("done"), states("lapsed")), (2, 0));
    }
}

on_both_stores_at! {
    "2026-06-01T09:00:00Z"
    async fn a_programme_goes_from_stage_to_stage_and_each_end_is_somebodys_task(world: World) {
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let client = world.client(&cjit, "Proxy", "Kale").await;
        assert_eq!(admit(&cjit, client).await.status, 201);
        let stage = |stage: &str, on: &str| json!({"stage": stage, "on": on});
        let enter = async |code: &str, on: &str| step(&cjit, client, "enter-stage", stage(code, on)).await;
        assert_eq!(named(&step(&cjit, client, "enter-stage", json!({})).await), ["stage"]);
        assert_eq!(enter("c2-custody", "2026-01-30").await.status, 200);
        assert_eq!(clocks(&cjit).await, clock("end-stage", "2026-04-30T22:59:00Z"));
        assert_eq!(named(&enter("c2-community-order", "2026-04-30").await), ["stage"]);
        assert_eq!(enter("c2-bail-assessment", "2026-04-30").await.status, 200);
        assert_eq!(clocks(&cjit).await, clock("end-stage", "2026-05-30T22:59:00Z"));
        assert_eq!(episode(&cjit, client).await["stage"], json!({"stage": "c2-bail-assessment", "since": "2026-04-30", "until": "2026-05-30"}));
        assert_eq!(step(&cjit, client, "leave-programme", json!({})).await.status, 200);
        assert!(clocks(&cjit).await.is_empty());
        assert_eq!(enter("family-residential", "2026-06-01").await.status, 200);
        assert_eq!(clocks(&cjit).await, clock("end-stage", "2026-12-01T23:59:00Z"), "six months");
        assert_eq!(named(&enter("families-first-intensive", "2026-06-01").await), ["stage"], "it has no other stage");
        assert_eq!(step(&cjit, client, "leave-programme", json!({})).await.status, 200);
        assert_eq!(enter("families-first-intensive", "2026-06-01").await.status, 200);
        assert_eq!(clocks(&cjit).await, clock("end-stage", "2026-07-27T22:59:00Z"), "eight weeks");
        assert_eq!(step(&cjit, client, "close", json!({"close_code": "C1"})).await.status, 200);
        assert_eq!(kinds(&cjit).await, [""; 0]);
    }
}

on_both_stores_at! {
    "2026-03-29T09:00:00Z"
    async fn who_stays_twelve_weeks_is_retained_and_a_closed_case_keeps_its_band(world: World) {
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let client = world.client(&cjit, "Proxy", "Kale").await;
        let opened = json!({"admitted_on": "2026-01-05", "state": "care-planned"});
        let path = format!("/v1/clients/{client}/caseload-episodes");
        assert_eq!(cjit.post(path, opened).about(client).send().await.unwrap().status, 201);
        assert_eq!(episode(&cjit, client).await["retained"], json!(null), "treatment has not begun");
        assert_eq!(step(&cjit, client, "activate", json!({"on": "2026-01-05"})).await.status, 200);
        assert_eq!(episode(&cjit, client).await["retained"], "under-12-weeks");
        world.clock.advance(86_400);
        assert_eq!(episode(&cjit, client).await["retained"], "12-to-23-weeks");
        assert_eq!(step(&cjit, client, "close", json!({"close_code": "C1", "on": "2026-03-28"})).await.status, 200);
        assert_eq!(episode(&cjit, client).await["retained"], "under-12-weeks", "it ended two days before");
    }
}
