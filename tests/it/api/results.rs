//! Test results: communicated to one named worker, and read by nobody else.

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::joint::{consents, tasks};
use crate::support::{World, invented, on_both_stores};

/// Probation, with a person whom it supervises.
pub struct Probation {
    pub worker: Actor,
    pub client: Handle,
}

impl Probation {
    pub async fn of(world: &World, person: (&str, &str)) -> Self {
        let worker = world.worker("northmoor-probation", "trial-elm");
        let ask =
            worker.post("/v1/clients", invented(person.0, person.1)).purpose(Purpose::OffenderManagement);
        let answer = ask.send().await.unwrap();
        assert_eq!(answer.status, 201, "{}", answer.json);
        Self { client: answer.handle("client_ref").unwrap(), worker }
    }

    /// Cannabis was found, Class A was not; for this worker.
    pub async fn tells(&self, world: &World, named: &str) -> Answer {
        let day = world.journal.now().strftime("%Y-%m-%d").to_string();
        let result = json!({"class_a": "negative", "cannabis": "positive", "tested_on": day,
            "agency": "northmoor-resettlement", "worker": named});
        self.sends(result).await
    }

    pub async fn sends(&self, result: Value) -> Answer {
        let path = format!("/v1/clients/{}/test-results", self.client);
        self.worker.post(path, result).purpose(Purpose::Treatment).about(self.client).send().await.unwrap()
    }
}

/// She agrees that probation tells the resettlement service, as she says at the CJIT.
pub async fn agreed(world: &World, person: (&str, &str)) -> (Actor, Handle) {
    let cjit = world.worker("northmoor-cjit", "testa-rowan");
    let client = world.client(&cjit, person.0, person.1).await;
    let between = ("northmoor-probation", "northmoor-resettlement");
    consents(world, (&cjit, client), between, ("treatment", json!(["drug-test"]))).await;
    (cjit, client)
}

pub async fn get(worker: &Actor, path: &str) -> Answer {
    let about = path.rsplit('/').next().unwrap().parse().unwrap();
    worker.get(path).purpose(Purpose::Treatment).about(about).send().await.unwrap()
}

const PERSON: (&str, &str) = ("Trial", "Juniper");

on_both_stores! {
    async fn only_the_worker_who_is_named_reads_it(world: World) {
        let probation = Probation::of(&world, PERSON).await;
        let without = probation.tells(&world, "trial-cherry").await;
        assert_eq!((without.status.as_u16(), without.json["errors"][0]["code"].as_str()), (409, Some("consent-required")));
        let (cjit, client) = agreed(&world, PERSON).await;
        let sent = probation.tells(&world, "trial-cherry").await;
        assert_eq!(sent.status, 201, "{}", sent.json);

        let (named, colleague) = (world.worker("northmoor-resettlement", "trial-cherry"), world.worker("northmoor-resettlement", "trial-plum"));
        let mine = named.get("/v1/tasks?view=mine").purpose(Purpose::Treatment).send().await.unwrap();
        let path = mine.json["tasks"][0]["subject"].as_str().unwrap().to_owned();
        let read = get(&named, &path).await;
        assert_eq!((&read.json["class_a"], &read.json["cannabis"], &read.json["from"]), (&json!("negative"), &json!("positive"), &json!("northmoor-probation")));
        let refused = get(&colleague, &path).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (404, "not-found-or-not-permitted"));
        // Who sent it reads it, under a name of its own.
        let own = get(&probation.worker, sent.header("location")).await;
        assert_eq!((own.status.as_u16(), own.json["id"] == read.json["id"]), (200, false));
        // It is not for the sender to note that it was read.
        let (sent_as, by_itself) = (own.json["id"].as_str().unwrap().parse().unwrap(), format!("{}/acknowledgement", sent.header("location")));
        let itself = probation.worker.post(by_itself, json!({})).purpose(Purpose::Treatment).about(sent_as).send().await.unwrap();
        assert_eq!((itself.status.as_u16(), itself.problem()), (409, "invalid-transition"));
        // Of others, who have no such name, nobody may even ask but these two kinds of agency.
        assert_eq!(get(&cjit, &path).await.status, 403);

        let noted = named.post(format!("{path}/acknowledgement"), json!({})).purpose(Purpose::Treatment);
        let about = path.rsplit('/').next().unwrap().parse().unwrap();
        assert_eq!(noted.about(about).send().await.unwrap().status, 200);
        assert!(tasks(&named, Purpose::Treatment).await.is_empty());

        let said = json!({"channel": "voice", "urgent_effects_confirmed": true});
        let back = cjit.post(format!("/v1/clients/{client}/withdrawal"), said).about(client).send().await.unwrap();
        assert!(back.status.is_success(), "{}", back.json);
        assert_eq!(get(&named, &path).await.status, 404, "she has taken her consent back");
    }
}

on_both_stores! {
    async fn it_is_for_a_worker_who_is_there_and_says_whether_and_when(world: World) {
        let probation = Probation::of(&world, PERSON).await;
        agreed(&world, PERSON).await;
        for (field, worker) in [("worker", "nobody-here"), ("worker", "trial-elm")] {
            let answer = probation.tells(&world, worker).await;
            assert_eq!((answer.status.as_u16(), answer.json["errors"][0]["path"].as_str()), (422, Some(field)));
        }
        let good = json!({"class_a": "positive", "cannabis": "not-tested", "tested_on": "2026-01-05",
            "agency": "northmoor-resettlement", "worker": "trial-cherry"});
        let with = |member: &str, value: Value| {
            let mut changed = good.clone();
            changed[member] = value;
            changed
        };
        for (member, value, status) in [
            ("agency", json!("testhomes"), 422),
            ("tested_on", json!("2199-01-01"), 422),
            ("class_a", json!("not-tested"), 422),
            ("oasys_score", json!(12), 400),
            ("class_a", json!("heroin, 300 ng/ml"), 400),
        ] {
            let answer = probation.sends(with(member, value)).await;
            assert_eq!(answer.status.as_u16(), status, "{member} {}", answer.json);
        }
        assert_eq!(probation.sends(good).await.status, 201);
    }
}
