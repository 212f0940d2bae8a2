//! Actions on the pathways out of offending, and the count that shows where they do not get on.

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::joint::tasks;
use crate::support::{World, on_both_stores};

pub async fn begins(worker: &Actor, client: Handle, pathway: &str, due_on: &str) -> Answer {
    let action = json!({"pathway": pathway, "what": "apply", "due_on": due_on});
    worker.post(format!("/v1/clients/{client}/pathway-actions"), action).about(client).send().await.unwrap()
}

async fn actions(worker: &Actor, client: Handle) -> Vec<Value> {
    let listed =
        worker.get(format!("/v1/clients/{client}/pathway-actions")).about(client).send().await.unwrap();
    assert_eq!(listed.status, 200, "{}", listed.json);
    listed.json["actions"].as_array().unwrap().clone()
}

async fn ends(worker: &Actor, client: Handle, action: &Value, ended: Value) -> Answer {
    let path = format!("/v1/pathway-actions/{}/ending", action["id"].as_str().unwrap());
    let etag = action["etag"].as_str().unwrap();
    worker.post(path, ended).about(client).if_match(etag).send().await.unwrap()
}

async fn report(worker: &Actor, from: &str, to: &str) -> Answer {
    let path = format!("/v1/pathway-actions/report?from={from}&to={to}");
    worker.get(path).purpose(Purpose::ServiceMonitoring).send().await.unwrap()
}

on_both_stores! {
    async fn the_problem_pathway_shows_in_counts_and_in_nobodys_name(world: World) {
        let worker = world.worker("northmoor-cjit", "testa-rowan");
        let client = world.client(&worker, "Demo", "Elder").await;
        let now = world.journal.now();
        let day = |days: i64| (now + jiff::SignedDuration::from_hours(24 * days)).strftime("%Y-%m-%d").to_string();
        for _ in 0..5 {
            assert_eq!(begins(&worker, client, "accommodation", &day(3)).await.status, 201);
        }
        for _ in 0..5 {
            assert_eq!(begins(&worker, client, "health", &day(3)).await.status, 201);
        }
        let past = begins(&worker, client, "health", &day(-2)).await;
        assert_eq!((past.status.as_u16(), &past.json["errors"][0]["path"]), (422, &json!("due_on")));
        assert_eq!(begins(&worker, client, "moon", &day(3)).await.status, 400);

        let listed = actions(&worker, client).await;
        let waiting = tasks(&worker, Purpose::ContinuityOfCare).await;
        assert_eq!((listed.len(), waiting.len(), waiting[0].0.as_str()), (10, 10, "take-pathway-action"));
        let blocked = json!({"outcome": "blocked", "barrier": "waiting-list"});
        let without = ends(&worker, client, &listed[0], json!({"outcome": "blocked"})).await;
        assert_eq!((without.status.as_u16(), &without.json["errors"][0]["path"]), (422, &json!("barrier")));
        assert_eq!(ends(&worker, client, &listed[0], blocked.clone()).await.status, 200);
        assert_eq!(ends(&worker, client, &listed[0], blocked.clone()).await.status, 412, "it is another version now");
        assert_eq!(ends(&worker, client, &actions(&worker, client).await[0], blocked.clone()).await.status, 409);
        assert_eq!(ends(&worker, client, &listed[1], blocked).await.status, 200);
        for action in &listed[5..9] {
            assert_eq!(ends(&worker, client, action, json!({"outcome": "done"})).await.status, 200);
        }
        assert_eq!(tasks(&worker, Purpose::ContinuityOfCare).await.len(), 4);

        let manager = world.worker("northmoor-cjit", "mocky-aspen");
        let counted = report(&manager, &day(-1), &day(1)).await;
        assert_eq!(counted.status, 200, "{}", counted.json);
        let pathways = counted.json["pathways"].as_array().unwrap();
        let of = |pathway: &str| pathways.iter().find(|line| line["pathway"] == pathway).unwrap().clone();
        assert_eq!(pathways.len(), 8);
        assert_eq!(of("accommodation"), json!({"pathway": "accommodation", "actions": 5, "done": 0, "blocked": 2, "late": 0}));
        assert_eq!(of("health"), json!({"pathway": "health", "actions": 5, "done": 4, "blocked": 0, "late": 0}));
        assert_eq!(counted.json["problem"], "accommodation");
        // Another agency's are not counted, and not read.
        let elsewhere = world.worker("eastvale-cjit", "dummy-larch");
        let theirs = report(&elsewhere, &day(-1), &day(1)).await;
        assert_eq!((&theirs.json["problem"], &theirs.json["pathways"][0]["actions"]), (&Value::Null, &json!(0)));
        let path = format!("/v1/clients/{client}/pathway-actions");
        assert_eq!(elsewhere.get(path).about(client).send().await.unwrap().status, 404);
        // A report is for who answers for the service, over a quarter at most.
        assert_eq!(report(&worker, &day(-1), &day(1)).await.status, 403);
        assert_eq!(report(&manager, &day(-200), &day(1)).await.status, 400);
    }
}
