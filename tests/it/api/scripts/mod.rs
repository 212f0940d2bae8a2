//! Scripts: what a clinician is told at once, what others are, and how two who prescribe for one person settle it.

mod at_once;
mod bridging;
mod leaks;
mod settling;
mod stepping;

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use crate::support::World;

/// A clinician with Sample Damson as a client.
pub struct Desk {
    pub clinician: Actor,
    pub client_ref: Handle,
}

/// Where the person collects, and when it began.
pub fn methadone(world: &World) -> Value {
    json!({"drug": "methadone", "dose_band": "middle", "collection": "daily", "supervised": true, "started_on": today(world)})
}

/// The day of the world's clock, in London.
pub fn today(world: &World) -> String {
    in_days(world, 0)
}

/// So many days from today.
pub fn in_days(world: &World, days: i64) -> String {
    let london = jiff::tz::TimeZone::get("Europe/London").unwrap();
    let date = world.journal.now().to_zoned(london).date();
    date.saturating_add(jiff::Span::new().days(days)).to_string()
}

impl Desk {
    pub async fn at(world: &World, agency: &str, clinician: &str) -> Self {
        let clinician = world.worker(agency, clinician);
        let client_ref = world.client(&clinician, "Sample", "Damson").await;
        Self { clinician, client_ref }
    }

    /// Lantern's prescriber.
    pub async fn lantern(world: &World) -> Self {
        Self::at(world, "lantern", "dr-sample-sorrel").await
    }

    /// The CJIT's prescriber.
    pub async fn cjit(world: &World) -> Self {
        Self::at(world, "northmoor-cjit", "dr-fixture-rowe").await
    }

    /// The treatment agency's prescriber.
    pub async fn treatment(world: &World) -> Self {
        Self::at(world, "eastvale-treatment", "dr-test-teasel").await
    }

    pub async fn get(&self, path: &str) -> Answer {
        let ask = self.clinician.get(path).purpose(Purpose::PrescribingSafety).about(self.client_ref);
        ask.send().await.unwrap()
    }

    pub async fn post(&self, path: &str, etag: &str, body: Value) -> Answer {
        let ask = self.clinician.post(path, body).purpose(Purpose::PrescribingSafety).about(self.client_ref);
        let ask = if etag.is_empty() { ask } else { ask.if_match(etag) };
        ask.send().await.unwrap()
    }

    pub async fn scripts(&self) -> Answer {
        let answer = self.get(&format!("/v1/clients/{}/scripts", self.client_ref)).await;
        assert_eq!(answer.status, 200, "{}", answer.json);
        answer
    }

    pub async fn open(&self, script: Value) -> Answer {
        self.post(&format!("/v1/clients/{}/scripts", self.client_ref), "", script).await
    }

    /// Opens one and expects this state.
    pub async fn opens(&self, script: Value, state: &str) -> Script<'_> {
        let answer = self.open(script).await;
        assert_eq!((answer.status.as_u16(), &answer.json["state"]), (201, &json!(state)), "{}", answer.json);
        Script { desk: self, path: answer.header("location").to_owned(), opened: answer }
    }

    /// The conflicts that are open.
    pub async fn conflicts(&self) -> Vec<Value> {
        let answer =
            self.clinician.get("/v1/conflicts").purpose(Purpose::PrescribingSafety).send().await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.json);
        answer.json["conflicts"].as_array().unwrap().clone()
    }

    /// The one conflict that is open.
    pub async fn conflict(&self) -> Conflict<'_> {
        let open = self.conflicts().await;
        assert_eq!(open.len(), 1, "{open:?}");
        assert_eq!(open[0]["client_ref"], self.client_ref.to_string());
        Conflict { desk: self, path: format!("/v1/conflicts/{}", open[0]["id"].as_str().unwrap()) }
    }
}

/// A script of a desk's.
pub struct Script<'d> {
    desk: &'d Desk,
    path: String,
    pub opened: Answer,
}

impl Script<'_> {
    pub async fn read(&self) -> Answer {
        let answer = self.desk.get(&self.path).await;
        assert_eq!(answer.status, 200, "{}", answer.json);
        answer
    }

    pub async fn state(&self) -> String {
        self.read().await.json["state"].as_str().unwrap().to_owned()
    }

    /// Takes a step on the version that is there.
    pub async fn step(&self, transition: &str, body: Value) -> Answer {
        let etag = self.read().await.etag().to_owned();
        self.desk.post(&format!("{}/{transition}", self.path), &etag, body).await
    }

    /// Takes it and expects this state.
    pub async fn steps(&self, transition: &str, body: Value, state: &str) -> Answer {
        let answer = self.step(transition, body).await;
        assert_eq!((answer.status.as_u16(), &answer.json["state"]), (200, &json!(state)), "{}", answer.json);
        answer
    }
}

/// A conflict as one side has it.
pub struct Conflict<'d> {
    desk: &'d Desk,
    pub path: String,
}

impl Conflict<'_> {
    pub async fn read(&self) -> Value {
        let answer = self.desk.get(&self.path).await;
        assert_eq!(answer.status, 200, "{}", answer.json);
        answer.json
    }

    pub async fn step(&self, transition: &str, body: Value) -> Answer {
        let etag = self.read().await["etag"].as_str().unwrap().to_owned();
        self.desk.post(&format!("{}/{transition}", self.path), &etag, body).await
    }

    pub async fn steps(&self, transition: &str, body: Value, state: &str) {
        let answer = self.step(transition, body).await;
        assert_eq!((answer.status.as_u16(), &answer.json["state"]), (200, &json!(state)), "{}", answer.json);
    }
}

/// Lantern prescribes, and the CJIT opened one beside it.
pub async fn held_beside_lantern(world: &World) -> (Desk, Desk) {
    let (lantern, cjit) = (Desk::lantern(world).await, Desk::cjit(world).await);
    lantern.opens(methadone(world), "active").await;
    cjit.opens(methadone(world), "held").await;
    (lantern, cjit)
}

impl Desk {
    /// The desk's one script.
    pub async fn script(&self) -> Script<'_> {
        let listed = self.scripts().await;
        let scripts = listed.json["scripts"].as_array().unwrap();
        assert_eq!(scripts.len(), 1, "{scripts:?}");
        let path = format!("/v1/scripts/{}", scripts[0]["id"].as_str().unwrap());
        Script { desk: self, path, opened: listed }
    }
}
