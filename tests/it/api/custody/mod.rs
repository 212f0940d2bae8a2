//! Custody: required and agreed assessments, notices, attendance, and the register of breaches, step by step.

mod ahead;
mod attendance;
pub mod breaches;
mod death;
pub mod delegation;
mod opening;
mod paper;
mod slots;
mod tasks;
mod walk;

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use crate::support::{World, invented};

/// For what everybody in custody asks.
const STATUTORY: Purpose = Purpose::CourtOrStatutory;

/// A worker with a client of the agency's.
#[derive(Clone)]
pub struct Desk {
    pub worker: Actor,
    pub client_ref: Handle,
}

impl Desk {
    /// Who is presented at an agency, in custody.
    pub async fn at(world: &World, agency: &str, worker: &str, person: (&str, &str)) -> Self {
        let worker = world.worker(agency, worker);
        let ask = worker.post("/v1/clients", invented(person.0, person.1));
        let ask = if agency.ends_with("police") { ask.purpose(STATUTORY) } else { ask };
        let answer = ask.send().await.unwrap();
        assert_eq!(answer.status, 201, "{}", answer.json);
        Self { worker, client_ref: answer.handle("client_ref").unwrap() }
    }

    /// The police's DIP officer.
    pub async fn police(world: &World, person: (&str, &str)) -> Self {
        Self::at(world, "northmoor-police", "proxy-thorn", person).await
    }

    /// The CJIT's case manager.
    pub async fn cjit(world: &World, person: (&str, &str)) -> Self {
        Self::at(world, "northmoor-cjit", "testa-rowan", person).await
    }

    /// Another worker of the agency.
    pub fn colleague(&self, world: &World, worker: &str) -> Self {
        Self { worker: world.worker(self.worker.agency(), worker), client_ref: self.client_ref }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.worker.get(path).purpose(STATUTORY).about(self.client_ref).send().await.unwrap()
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.worker.post(path, body).purpose(STATUTORY).about(self.client_ref).send().await.unwrap()
    }

    /// Records that somebody was identified.
    pub async fn open(&self, opened: Value) -> Answer {
        self.post(&format!("/v1/clients/{}/assessments", self.client_ref), opened).await
    }

    /// The same, and expects that it is taken.
    pub async fn opens(&self, opened: Value) -> Case {
        let answer = self.open(opened).await;
        assert_eq!(answer.status, 201, "{}", answer.json);
        Case { desk: self.clone(), path: answer.header("location").to_owned() }
    }

    /// The person signs a consent: this agency may tell another one these segments, for this purpose.
    pub async fn agrees(&self, world: &World, recipient: &str, purpose: &str, segments: Value) {
        self.consents(world, &[self.worker.agency()], &[recipient], purpose, segments).await;
    }

    /// The same among several agencies.
    pub async fn consents(&self, world: &World, from: &[&str], to: &[&str], purpose: &str, segments: Value) {
        let now = world.journal.now();
        let consent = json!({
            "decision": "given", "given_by": "client", "capacity_confirmed": true, "obtained_at": now.to_string(),
            "method": "written", "evidence_hash": "a".repeat(64), "form_version_uri": "urn:example:form:1",
            "language": "en", "interpreter_used": false, "disclosing_agencies": from,
            "recipients": to, "purposes": [purpose], "segments": segments, "not_before": now.to_string(),
            "expires_at": (now + jiff::SignedDuration::from_hours(24 * 90)).to_string(),
            "seen_alone": true, "refusal_explained": true, "redisclosure": "prohibited",
        });
        let path = format!("/v1/clients/{}/consents", self.client_ref);
        let recorded = self.worker.post(path, consent).about(self.client_ref).send().await.unwrap();
        assert_eq!(recorded.status, 201, "{}", recorded.json);
    }

    /// The client's one assessment.
    pub async fn case(&self) -> Case {
        let listed = self.get(&format!("/v1/clients/{}/assessments", self.client_ref)).await;
        let listed = listed.json["assessments"].as_array().unwrap().clone();
        assert_eq!(listed.len(), 1, "{listed:?}");
        Case { desk: self.clone(), path: format!("/v1/assessments/{}", listed[0]["id"].as_str().unwrap()) }
    }
}

/// An assessment as one of its parties has it.
#[derive(Clone)]
pub struct Case {
    pub desk: Desk,
    pub path: String,
}

impl Case {
    pub async fn read(&self) -> Value {
        let answer = self.desk.get(&self.path).await;
        assert_eq!(answer.status, 200, "{}", answer.json);
        answer.json
    }

    /// Takes an act on the version that is there.
    pub async fn act(&self, act: &str, body: Value) -> Answer {
        let etag = self.read().await["etag"].as_str().unwrap().to_owned();
        let ask = self.desk.worker.post(format!("{}/{act}", self.path), body).purpose(STATUTORY);
        ask.about(self.desk.client_ref).if_match(etag).send().await.unwrap()
    }

    /// Takes it, and expects that it is taken.
    pub async fn acts(&self, act: &str, body: Value) -> Answer {
        let answer = self.act(act, body).await;
        assert_eq!(answer.status, 200, "{act}: {}", answer.json);
        answer
    }

    /// Takes it, and expects that this stands against it.
    pub async fn blocked(&self, act: &str, body: Value, codes: &[&str]) {
        let answer = self.act(act, body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.problem()),
            (409, "invalid-transition"),
            "{}",
            answer.json
        );
        assert_eq!(self::codes(&answer), codes, "{}", answer.json);
    }

    /// Takes it, and expects that this field breaks a rule.
    pub async fn wrong(&self, act: &str, body: Value, field: &str) {
        let answer = self.act(act, body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.problem()),
            (422, "unprocessable-document"),
            "{}",
            answer.json
        );
        assert_eq!(answer.json["errors"][0]["path"], field, "{}", answer.json);
    }

    pub async fn attendance(&self) -> Answer {
        self.desk.get(&format!("{}/attendance", self.path)).await
    }

    /// Whether the person came, appointment by appointment.
    pub async fn attended(&self) -> Vec<(String, String)> {
        let answer = self.attendance().await;
        assert_eq!(answer.status, 200, "{}", answer.json);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let lines = answer.json["appointments"].as_array().unwrap();
        lines.iter().map(|line| (text(&line["appointment"]), text(&line["attendance"]))).collect()
    }
}

/// The codes of a refusal.
pub fn codes(answer: &Answer) -> Vec<String> {
    let errors = answer.json["errors"].as_array().unwrap();
    errors.iter().map(|error| error["code"].as_str().unwrap().to_owned()).collect()
}

/// The civil minute of the world's clock, so many minutes from now.
pub fn minute(world: &World, from_now: i64) -> String {
    let london = jiff::tz::TimeZone::get("Europe/London").unwrap();
    let moment = world.journal.now() + jiff::SignedDuration::from_mins(from_now);
    moment.to_zoned(london).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// Identified by enforcement a moment ago, after a positive test.
pub fn enforced(world: &World) -> Value {
    json!({"pathway": "enforcement", "trigger": "initial-assessment",
        "test": {"type": "trigger-offence", "result": "positive-opiates"}, "identified_at": minute(world, -1),
        "residence": "resident", "assessor": "northmoor-cjit"})
}

/// Identified proactively a moment ago: who volunteered that she uses.
pub fn proactive(world: &World) -> Value {
    json!({"pathway": "proactive-engagement", "trigger": "police-after-negative-test", "criteria": ["volunteered"],
        "test": {"type": "trigger-offence", "result": "negative"}, "identified_at": minute(world, -1),
        "residence": "resident"})
}

/// The initial assessment at this minute.
pub fn initial(at: &str) -> Value {
    json!({"appointment": "initial", "at": at, "place": "1 Mill Lane, Northmoor"})
}

/// The first notice, served now.
pub fn ra1(world: &World) -> Value {
    json!({"notice": "ra1", "text": "drugs-act-2005-v1", "served_at": minute(world, 0), "orally": true,
        "in_writing": true, "dt1_at": minute(world, 0)})
}

/// Another notice, served now.
pub fn notice(world: &World, kind: &str) -> Value {
    json!({"notice": kind, "text": "drugs-act-2005-v1", "served_at": minute(world, 0), "orally": true, "in_writing": true})
}

/// Who did not come, after a call.
pub fn missed(world: &World, appointment: &str) -> Value {
    json!({"appointment": appointment, "outcome": "did-not-attend", "at": minute(world, 0), "engagement": "call"})
}

/// Police require an assessment of this person at this minute, and serve notice: both sides of it.
pub async fn required(world: &World, person: (&str, &str), at: &str) -> (Case, Case) {
    let police = Desk::police(world, person).await.opens(enforced(world)).await;
    police.acts("appointments", initial(at)).await;
    police.acts("notices", ra1(world)).await;
    let team = Desk::cjit(world, person).await.case().await;
    (police, team)
}
