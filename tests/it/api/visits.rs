//! Joint visits with the police's liaison officer: consent first, one person at a time, and nothing of why.

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::erasure::Officer;
use super::joint::{consents, tasks};
use crate::support::{World, on_both_stores};

const STATUTORY: Purpose = Purpose::CourtOrStatutory;
const CARE: Purpose = Purpose::ContinuityOfCare;
const PERSON: (&str, &str) = ("Demo", "Elder");

/// A case manager, with somebody who may agree to a visit.
pub struct Team {
    worker: Actor,
    client: Handle,
}

impl Team {
    pub async fn of(world: &World) -> Self {
        let worker = world.worker("northmoor-cjit", "testa-rowan");
        let client = world.client(&worker, PERSON.0, PERSON.1).await;
        Self { worker, client }
    }

    pub async fn agrees(&self, world: &World) -> Handle {
        self.agrees_to(world, json!(["identity", "attendance"])).await
    }

    async fn agrees_to(&self, world: &World, segments: Value) -> Handle {
        let told = ("court-or-statutory", segments);
        consents(world, (&self.worker, self.client), ("northmoor-cjit", "northmoor-police"), told).await
    }

    pub async fn proposes(&self, body: Value) -> Answer {
        let path = format!("/v1/clients/{}/joint-visits", self.client);
        self.worker.post(path, body).purpose(CARE).about(self.client).send().await.unwrap()
    }

    async fn get(&self, path: &str) -> Answer {
        self.worker.get(path).purpose(CARE).about(self.client).send().await.unwrap()
    }

    async fn calls_off(&self, path: &str) -> Answer {
        let etag = self.get(path).await.etag().to_owned();
        let ask = self.worker.post(format!("{path}/calling-off"), json!({})).purpose(CARE).about(self.client);
        ask.if_match(etag).send().await.unwrap()
    }
}

/// A visit to a landlord, together with her.
pub fn visit() -> Value {
    json!({"police": "northmoor-police", "kind": "to-housing", "name": "Demo Elder", "on": "2199-06-03T10:30",
        "meet_at": "1 Mill Lane"})
}

async fn get(worker: &Actor, path: &str, purpose: Purpose) -> Answer {
    let about = path.rsplit('/').next().unwrap().parse().unwrap();
    worker.get(path).purpose(purpose).about(about).send().await.unwrap()
}

async fn answers(worker: &Actor, path: &str, comes: bool) -> Answer {
    let about = path.rsplit('/').next().unwrap().parse().unwrap();
    let etag = get(worker, path, STATUTORY).await.etag().to_owned();
    let ask = worker.post(format!("{path}/answer"), json!({"comes": comes})).purpose(STATUTORY).about(about);
    let ask = if etag.is_empty() { ask.if_match("\"1\"") } else { ask.if_match(etag) };
    ask.send().await.unwrap()
}

on_both_stores! {
    async fn nothing_is_said_before_she_has_agreed_and_then_who_when_and_where(world: World) {
        let team = Team::of(&world).await;
        let officer = world.worker("northmoor-police", "proxy-thorn");
        let rows = || world.number("SELECT count(*) AS number FROM handle WHERE agency = 'northmoor-police'")
            + world.number("SELECT count(*) AS number FROM record WHERE kind = 'joint-visit'");
        let before = rows();
        let without = team.proposes(visit()).await;
        assert_eq!((without.status.as_u16(), &without.json["errors"][0]["code"]), (409, &json!("consent-required")));
        assert_eq!((rows(), tasks(&officer, STATUTORY).await), (before, Vec::new()), "nor is anything stored");
        team.agrees(&world).await;
        for (member, value, status) in [
            ("why", json!("works on Mill Lane"), 400),
            ("photograph", json!("data:"), 400),
            ("kind", json!("stop-check"), 400),
            ("names", json!(["Demo Elder", "Demo Alder"]), 400),
            ("police", json!("northmoor-probation"), 422),
            ("on", json!("2020-01-01T10:30"), 422),
        ] {
            let mut body = visit();
            body[member] = value;
            assert_eq!(team.proposes(body).await.status, status, "{member}");
        }
        let proposed = team.proposes(visit()).await;
        assert_eq!(proposed.status, 201, "{}", proposed.json);

        let (kind, path) = tasks(&officer, STATUTORY).await.pop().unwrap();
        assert_eq!(kind, "answer-joint-visit");
        let read = get(&officer, &path, STATUTORY).await;
        let mut view = read.json.as_object().unwrap().clone();
        assert!(view.remove("client_ref").is_some());
        assert_eq!(Value::Object(view), json!({
            "id": path.rsplit('/').next().unwrap(), "from": "northmoor-cjit", "state": "proposed", "name": "Demo Elder",
            "kind": "to-housing", "on": "2199-06-03T10:30", "meet_at": "1 Mill Lane", "withheld": [],
        }));
        for (worker, purpose) in [("proxy-briar", STATUTORY), ("proxy-rowan", STATUTORY), ("proxy-thorn", CARE)] {
            let worker = world.worker("northmoor-police", worker);
            assert_eq!(get(&worker, &path, purpose).await.status, 403, "for the liaison officer, and for that");
        }
        // Police propose nothing, and have no list to look through.
        let about: Handle = path.rsplit('/').next().unwrap().parse().unwrap();
        let own = officer.post(format!("/v1/clients/{about}/joint-visits"), visit()).purpose(STATUTORY).about(about);
        assert_eq!(own.send().await.unwrap().status, 403);
        for list in ["/v1/joint-visits", "/v1/joint-visits?kind=to-housing"] {
            assert_eq!(officer.get(list).purpose(STATUTORY).send().await.unwrap().status, 404);
        }

        assert_eq!(answers(&officer, &path, true).await.status, 200);
        assert!(tasks(&officer, STATUTORY).await.is_empty());
        let ours = proposed.header("location");
        assert_eq!(team.get(ours).await.json["state"], "agreed");
        assert_eq!(answers(&officer, &path, false).await.status, 200, "who agreed may still decline");
        assert_eq!(answers(&officer, &path, true).await.status, 409);
        assert_eq!(team.calls_off(ours).await.status, 409, "it is over");
    }
}

on_both_stores! {
    async fn it_is_called_off_by_the_team_or_with_her_consent(world: World) {
        let team = Team::of(&world).await;
        team.agrees(&world).await;
        let officer = world.worker("northmoor-police", "proxy-thorn");
        let first = team.proposes(visit()).await;
        let (_, path) = tasks(&officer, STATUTORY).await.pop().unwrap();
        assert_eq!(team.calls_off(first.header("location")).await.status, 200);
        assert!(tasks(&officer, STATUTORY).await.is_empty());
        assert_eq!(get(&officer, &path, STATUTORY).await.json["state"], "called-off");

        let second = team.proposes(visit()).await;
        let (_, path) = tasks(&officer, STATUTORY).await.pop().unwrap();
        let told = || world.number("SELECT count(*) AS number FROM event WHERE agency = 'northmoor-police' AND kind = 'joint-visit.changed'");
        let before = told();
        let said = json!({"channel": "voice", "urgent_effects_confirmed": true});
        let back = team.worker.post(format!("/v1/clients/{}/withdrawal", team.client), said);
        assert!(back.about(team.client).send().await.unwrap().status.is_success());
        assert_eq!(told(), before + 1, "so that nobody waits there");
        assert!(tasks(&officer, STATUTORY).await.is_empty());
        assert_eq!(get(&officer, &path, STATUTORY).await.status, 404, "and who it was is told no more");
        assert_eq!(answers(&officer, &path, true).await.status, 404);
        let ours = team.get(second.header("location")).await;
        assert_eq!((&ours.json["state"], &ours.json["name"]), (&json!("called-off"), &json!("Demo Elder")));
    }
}

on_both_stores! {
    async fn it_is_off_when_the_officer_may_not_know_any_more_whom_it_is_about(world: World) {
        let team = Team::of(&world).await;
        let consent = team.agrees(&world).await;
        team.agrees_to(&world, json!(["attendance"])).await;
        let officer = world.worker("northmoor-police", "proxy-thorn");
        let proposed = team.proposes(visit()).await;
        assert_eq!(proposed.status, 201, "{}", proposed.json);
        // The team cannot forget her over it, and the officer wait in vain.
        let erased = Officer::of(&world, "northmoor-cjit", team.client).erases().await;
        let matters = erased.json["errors"].as_array().unwrap();
        assert!(matters.iter().any(|matter| matter["code"] == "joint-visit-ahead"), "{}", erased.json);

        let path = format!("/v1/consents/{consent}");
        let etag = team.worker.get(&path).about(team.client).send().await.unwrap().etag().to_owned();
        let said = json!({"channel": "voice", "urgent_effects_confirmed": true});
        let back = team.worker.post(format!("{path}/withdrawal"), said).about(team.client).if_match(etag);
        let back = back.send().await.unwrap();
        assert!(back.status.is_success(), "{}", back.json);
        assert!(tasks(&officer, STATUTORY).await.is_empty());
        assert_eq!(team.get(proposed.header("location")).await.json["state"], "called-off");
    }
}
