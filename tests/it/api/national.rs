//! The monthly national return (row 33): by a consent of its own, line by line, and out of it from the moment at which she says so.

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::caseload::step;
use super::joint::consents;
use super::meetings::day;
use super::subject_access::{CJIT, Desk};
use crate::support::{World, invented, on_both_stores, on_both_stores_at};

const MONITORING: Purpose = Purpose::ServiceMonitoring;

/// Somebody whom a team took onto its caseload on a day.
pub async fn on_the_caseload(
    world: &World,
    worker: &Actor,
    (forename, surname): (&str, &str),
    on: &str,
) -> Handle {
    let client = world.client(worker, forename, surname).await;
    let opened = json!({"admitted_on": on, "state": "active"});
    let path = format!("/v1/clients/{client}/caseload-episodes");
    let answer = worker.post(path, opened).about(client).send().await.unwrap();
    assert_eq!(answer.status, 201, "{}", answer.json);
    client
}

/// She ticks the box.
pub async fn ticks(worker: &Actor, client: Handle, dataset: &str, on: &str) -> Answer {
    let ticked = json!({"dataset": dataset, "signed_on": on});
    worker.post(format!("/v1/clients/{client}/return-consents"), ticked).about(client).send().await.unwrap()
}

async fn takes_back(worker: &Actor, client: Handle, body: Value) -> Answer {
    let path = format!("/v1/clients/{client}/return-consents/withdrawal");
    worker.post(path, body).about(client).send().await.unwrap()
}

async fn contents(manager: &Actor, query: &str) -> Vec<(String, Handle)> {
    let read = manager.get(format!("/v1/national-returns{query}")).purpose(MONITORING).send().await.unwrap();
    assert_eq!(read.status, 200, "{}", read.json);
    let line = |line: &Value| {
        let text = |member: &str| line[member].as_str().unwrap().to_owned();
        (text("id"), text("client_ref").parse().unwrap())
    };
    read.json["lines"].as_array().unwrap().iter().map(line).collect()
}

async fn reads(manager: &Actor, (id, client): &(String, Handle), query: &str) -> Answer {
    let path = format!("/v1/return-consents/{id}/line{query}");
    manager.get(path).about(*client).purpose(MONITORING).send().await.unwrap()
}

on_both_stores_at! {
    "2026-06-03T10:00:00Z"
    async fn who_ticked_its_own_box_is_in_the_return_and_nobody_else(world: World) {
        let (cjit, manager) = (world.worker(CJIT, "testa-rowan"), world.worker(CJIT, "mocky-aspen"));
        let alder = on_the_caseload(&world, &cjit, ("Testa", "Alder"), "2026-04-20").await;
        let elder = on_the_caseload(&world, &cjit, ("Demo", "Elder"), "2026-05-04").await;
        let ivy = on_the_caseload(&world, &cjit, ("Dummy", "Ivy"), "2026-06-01").await;
        let cedar = world.client(&cjit, "Fixture", "Cedar").await;

        // No other consent implies it: Elder lets the team share what it likes, and Alder alone ticked the box.
        consents(&world, (&cjit, elder), (CJIT, "eastvale-cjit"), ("continuity-of-care", json!(["identity", "attendance"]))).await;
        assert!(contents(&manager, "?dataset=ndtms").await.is_empty());
        let ticked = ticks(&cjit, alder, "ndtms", "2026-05-12").await;
        assert_eq!((ticked.status.as_u16(), &ticked.json["until"]), (201, &json!("2027-05-12")), "{}", ticked.json);
        let again = ticks(&cjit, alder, "ndtms", "2026-06-01").await;
        assert_eq!((again.status.as_u16(), again.problem()), (409, "invalid-transition"));
        for early in ["2026-06-04", "2025-06-02"] {
            let refused = ticks(&cjit, elder, "ndtms", early).await;
            assert_eq!((refused.status.as_u16(), &refused.json["errors"][0]["path"]), (422, &json!("signed_on")));
        }
        // Who came in June is not in May; who has no case at all is in none.
        for (client, on) in [(ivy, "2026-06-01"), (cedar, "2026-05-20")] {
            assert_eq!(ticks(&cjit, client, "ndtms", on).await.status, 201);
        }
        let lines = contents(&manager, "?dataset=ndtms&month=2026-05").await;
        assert_eq!(lines.iter().map(|(_, client)| *client).collect::<Vec<_>>(), [alder]);
        assert_eq!(contents(&manager, "").await, lines, "the last month, and each return, if nothing is said");
        assert!(contents(&manager, "?dataset=wndsm").await.is_empty(), "each return has its own box");
        assert!(contents(&manager, "?month=2026-04").await.is_empty(), "nor is she in it for what was before she agreed");

        let line = reads(&manager, &lines[0], "?month=2026-05").await;
        assert_eq!(line.status, 200, "{}", line.json);
        let born = &invented("Testa", "Alder")["person"]["date_of_birth"];
        assert_eq!(line.json["attributor"], json!({"initials": "TA", "date_of_birth": born, "sex": "F"}));
        assert_eq!(line.json["cases"], json!([{"admitted_on": "2026-04-20", "closed_on": null, "close_code": null}]));
        let text = line.json.to_string();
        for never in ["Testa", "Alder", "postcode", "drug"] {
            assert!(!text.contains(never), "{never}: {text}");
        }
        assert!(line.receipt.is_some() && line.header("obligations").contains("NORDSCLCD"));
        assert_eq!(reads(&manager, &lines[0], "?month=2026-04").await.status, 404);
        for unripe in ["2026-06", "2027-01", "2026-5"] {
            assert_eq!(reads(&manager, &lines[0], &format!("?month={unripe}")).await.status, 400, "{unripe}");
        }

        // What happened after the month is for the next one.
        let closed = step(&cjit, alder, "close", json!({"close_code": "C6"})).await;
        assert_eq!(closed.status, 200, "{}", closed.json);
        assert_eq!(reads(&manager, &lines[0], "").await.json["cases"][0]["close_code"], Value::Null);

        // A manager makes the return: no caseworker, no analyst, no other agency, and for no other purpose.
        for (agency, worker) in [(CJIT, "testa-rowan"), (CJIT, "sample-alder"), ("northmoor-commissioner", "mock-bilberry"), ("fallowgate-carat", "specimen-yew")] {
            let other = world.worker(agency, worker);
            let listed = other.get("/v1/national-returns").purpose(MONITORING).send().await.unwrap();
            assert_eq!((listed.status.as_u16(), reads(&other, &lines[0], "").await.status.as_u16()), (403, 403), "{worker}");
        }
        let otherwise = manager.get("/v1/national-returns").purpose(Purpose::ContinuityOfCare).send().await.unwrap();
        assert_eq!(otherwise.status, 403);
        let eastvale = world.worker("eastvale-cjit", "dummy-larch");
        assert!(contents(&eastvale, "").await.is_empty());
        assert_eq!(reads(&eastvale, &lines[0], "").await.status, 404, "another team's handle is nobody's");
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let theirs = world.client(&carat, "Testa", "Alder").await;
        assert_eq!(ticks(&carat, theirs, "ndtms", "2026-05-12").await.status, 403, "a prison's team makes no such return");

        // It is in her account, as what it is.
        let told = Desk::of(&world, CJIT, alder).tells(&world).await;
        let put: Vec<_> = told.iter().filter(|line| line.to_string().contains("national return")).collect();
        assert!(put.iter().any(|line| line.to_string().contains("you agreed to it")), "{told:?}");
    }
}

on_both_stores_at! {
    "2026-06-03T10:00:00Z"
    async fn who_takes_it_back_anywhere_is_in_no_return_from_that_moment(world: World) {
        let (cjit, manager) = (world.worker(CJIT, "testa-rowan"), world.worker(CJIT, "mocky-aspen"));
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let mut lines = Vec::new();
        for person in [("Testa", "Alder"), ("Demo", "Elder")] {
            let client = on_the_caseload(&world, &cjit, person, "2026-05-04").await;
            assert_eq!(ticks(&cjit, client, "ndtms", "2026-05-12").await.status, 201);
            lines = contents(&manager, "").await;
        }
        assert_eq!(lines.len(), 2);
        let [alder, elder] = [lines[0].clone(), lines[1].clone()];
        assert_eq!((reads(&manager, &alder, "").await.status.as_u16(), reads(&manager, &elder, "").await.status.as_u16()), (200, 200));

        // Said in the prison, by voice. The answer is what it is where there was nothing to take back.
        let there = world.client(&carat, "Testa", "Alder").await;
        let from_another = takes_back(&carat, there, json!({"channel": "voice", "dataset": "wndsm"})).await;
        assert_eq!(from_another.status, 200);
        assert_eq!(reads(&manager, &alder, "").await.status, 200, "the other return has its own box");
        let told = takes_back(&carat, there, json!({"channel": "voice"})).await;
        let nothing = world.client(&carat, "Fixture", "Cedar").await;
        let of_nothing = takes_back(&carat, nothing, json!({"channel": "voice"})).await;
        assert_eq!((told.status, told.bytes.len()), (of_nothing.status, of_nothing.bytes.len()));
        assert_eq!(reads(&manager, &alder, "").await.status, 404);
        assert_eq!(contents(&manager, "").await, std::slice::from_ref(&elder));
        let path = format!("/v1/clients/{}/return-consents", alder.1);
        let standing = cjit.get(&path).about(alder.1).send().await.unwrap();
        assert_eq!((standing.status.as_u16(), &standing.json["consents"][0]["in_force"]), (200, &json!(false)));
        // She may change her mind again, and that is a consent of its own.
        assert_eq!(ticks(&cjit, alder.1, "ndtms", "2026-06-03").await.status, 201);
        assert_eq!(contents(&manager, "").await, std::slice::from_ref(&elder), "from the month in which she agreed again");

        // Who takes back everything is out of it, too; who takes it back from one service only is not.
        let here = world.client(&carat, "Demo", "Elder").await;
        let withdraws = async |body: Value| {
            let path = format!("/v1/clients/{here}/withdrawal");
            carat.post(path, body).about(here).send().await.unwrap().status.as_u16()
        };
        assert_eq!(withdraws(json!({"channel": "voice", "only_recipients": ["testhomes"], "urgent_effects_confirmed": true})).await, 200);
        assert_eq!(reads(&manager, &elder, "").await.status, 200);
        assert_eq!(withdraws(json!({"channel": "voice", "urgent_effects_confirmed": true})).await, 200);
        assert_eq!(reads(&manager, &elder, "").await.status, 404);
        assert!(contents(&manager, "").await.is_empty());
    }
}

on_both_stores_at! {
    "2026-05-12T10:00:00Z"
    async fn the_return_is_a_task_of_the_manager_once_the_month_is_over(world: World) {
        let mut world = world;
        let cjit = world.worker(CJIT, "testa-rowan");
        let client = on_the_caseload(&world, &cjit, ("Testa", "Alder"), "2026-05-04").await;
        assert_eq!(ticks(&cjit, client, "ndtms", "2026-05-12").await.status, 201);
        world.later(20).await;
        let manager = world.worker(CJIT, "mocky-aspen");
        let mut asked = Vec::new();
        for _ in 0..100 {
            let listed = manager.get("/v1/tasks?view=mine").send().await.unwrap();
            asked = listed.json["tasks"].as_array().unwrap().clone();
            asked.retain(|task| task["kind"] == "make-national-return");
            if !asked.is_empty() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        assert_eq!(asked.len(), 1, "once");
        assert_eq!((&asked[0]["duty"], &asked[0]["due"]), (&json!("management"), &json!("2026-06-10T22:59:00Z")));
        let subject = asked[0]["subject"].as_str().unwrap();
        let there = manager.get(subject).purpose(MONITORING).send().await.unwrap();
        assert_eq!((there.status.as_u16(), there.json["lines"].as_array().map(Vec::len)), (200, Some(1)), "the task leads to where it is done");

        let hands_in = async |month: &str| {
            let ask = manager.post("/v1/national-returns", json!({"month": month})).purpose(MONITORING);
            ask.send().await.unwrap()
        };
        let early = hands_in("2026-06").await;
        assert_eq!((early.status.as_u16(), &early.json["errors"][0]["path"]), (422, &json!("month")));
        let done = hands_in("2026-05").await;
        assert_eq!((done.status.as_u16(), &done.json["month"]), (200, &json!("2026-05")), "{}", done.json);
        let open = async || manager.get("/v1/tasks?view=mine").send().await.unwrap().json.to_string();
        assert!(!open().await.contains("make-national-return"));
        world.later(1).await;
        let manager = world.worker(CJIT, "mocky-aspen");
        tokio::time::sleep(std::time::Duration::from_millis(2_500)).await;
        let open = manager.get("/v1/tasks?view=mine").send().await.unwrap().json.to_string();
        assert!(!open.contains("make-national-return"), "what is done is not asked for again");
        // A team at which nobody ticked the box has no return to make.
        let eastvale = world.worker("eastvale-cjit", "dummy-larch");
        let open = eastvale.get("/v1/tasks?view=mine").send().await.unwrap().json.to_string();
        assert!(!open.contains("make-national-return"));
    }
}

on_both_stores! {
    async fn nobody_else_learns_that_she_ticked_it(world: World) {
        let (cjit, carat) = (world.worker(CJIT, "testa-rowan"), world.worker("fallowgate-carat", "fixture-oak"));
        let client = world.client(&cjit, "Testa", "Alder").await;
        let today = day(&world, 0);
        assert_eq!(ticks(&cjit, client, "wndsm", &today).await.status, 201);
        let there = world.client(&carat, "Testa", "Alder").await;
        let listed = carat.get(format!("/v1/clients/{there}/return-consents")).about(there).send().await.unwrap();
        assert_eq!((listed.status.as_u16(), &listed.json["consents"]), (200, &json!([])));
        let consents = carat.get(format!("/v1/clients/{there}/consents")).about(there).send().await.unwrap();
        assert!(!consents.json.to_string().contains("wndsm"));
        let police = world.worker("northmoor-police", "proxy-thorn");
        let asked = police.get(format!("/v1/clients/{client}/return-consents")).about(client).send().await.unwrap();
        assert!(asked.status == 403 || asked.status == 404, "{}", asked.status);
    }
}
