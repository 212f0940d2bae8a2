//! Joint decisions: a conditional caution that is issued only if all who work with the person agree, and of which police learn no more.

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::housing::open_matters;
use crate::support::{World, invented, on_both_stores};

pub const STATUTORY: Purpose = Purpose::CourtOrStatutory;
const PERSON: (&str, &str) = ("Example", "Fir");

/// A worker with the handle under which the token is issued: the person's, or before that is known the decision's.
#[derive(Clone)]
pub struct Side {
    pub worker: Actor,
    pub about: Handle,
    pub path: String,
}

impl Side {
    pub async fn get(&self) -> Answer {
        self.worker.get(&self.path).purpose(STATUTORY).about(self.about).send().await.unwrap()
    }

    pub async fn read(&self) -> Value {
        let answer = self.get().await;
        assert_eq!(answer.status, 200, "{}", answer.json);
        answer.json
    }

    pub async fn post(&self, what: &str, body: Value, etag: &str) -> Answer {
        let ask = self.worker.post(format!("{}/{what}", self.path), body).purpose(STATUTORY);
        ask.about(self.about).if_match(etag).send().await.unwrap()
    }

    /// Does it on the version that is there.
    pub async fn act(&self, what: &str, body: Value) -> Answer {
        let etag = self.read().await["etag"].as_str().unwrap().to_owned();
        self.post(what, body, &etag).await
    }

    pub async fn acts(&self, what: &str, body: Value) {
        let answer = self.act(what, body).await;
        assert_eq!(answer.status, 200, "{what}: {}", answer.json);
    }

    pub async fn votes(&self, vote: &str) {
        self.acts("votes", json!({"vote": vote})).await;
    }

    /// Does it, and expects that this stands against it.
    pub async fn blocked(&self, what: &str, body: Value, code: &str) {
        let answer = self.act(what, body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.problem()),
            (409, "invalid-transition"),
            "{}",
            answer.json
        );
        assert_eq!(answer.json["errors"][0]["code"], code, "{}", answer.json);
    }
}

/// The person agrees, at this worker's agency, that one agency tells another these segments.
pub async fn consents(
    world: &World,
    (worker, client): (&Actor, Handle),
    between: (&str, &str),
    what: (&str, Value),
) -> Handle {
    let path = format!("/v1/clients/{client}/consents");
    let recorded = worker.post(path, consent(world, between, what)).about(client).send().await.unwrap();
    assert_eq!(recorded.status, 201, "{}", recorded.json);
    recorded.handle("consent_id").unwrap()
}

/// A consent on paper by which one agency tells another these segments.
pub fn consent(world: &World, (from, to): (&str, &str), (purpose, segments): (&str, Value)) -> Value {
    let now = world.journal.now();
    json!({
        "decision": "given", "given_by": "client", "capacity_confirmed": true, "obtained_at": now.to_string(),
        "method": "written", "evidence_hash": "a".repeat(64), "form_version_uri": "urn:example:form:1",
        "language": "en", "interpreter_used": false, "disclosing_agencies": [from],
        "recipients": [to], "purposes": [purpose], "segments": segments, "not_before": now.to_string(),
        "expires_at": (now + jiff::SignedDuration::from_hours(24 * 90)).to_string(),
        "seen_alone": true, "refusal_explained": true, "redisclosure": "prohibited",
    })
}

/// What a worker's agency has open to do: what, and where.
pub async fn tasks(worker: &Actor, purpose: Purpose) -> Vec<(String, String)> {
    let answer = worker.get("/v1/tasks?view=agency").purpose(purpose).send().await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.json);
    let text = |task: &Value, member: &str| task[member].as_str().unwrap().to_owned();
    let listed = answer.json["tasks"].as_array().unwrap();
    listed.iter().map(|task| (text(task, "kind"), text(task, "subject"))).collect()
}

/// A caution proposed to the CJIT for a person of its own, who agreed that police are told: the police's side, and the team's.
pub async fn proposed(world: &World, person: (&str, &str)) -> (Side, Side) {
    let officer = world.worker("northmoor-police", "proxy-thorn");
    let cjit = world.worker("northmoor-cjit", "testa-rowan");
    let known =
        officer.post("/v1/clients", invented(person.0, person.1)).purpose(STATUTORY).send().await.unwrap();
    assert_eq!(known.status, 201, "{}", known.json);
    let about = known.handle("client_ref").unwrap();
    let ours = world.client(&cjit, person.0, person.1).await;
    let between = ("northmoor-cjit", "northmoor-police");
    consents(world, (&cjit, ours), between, ("court-or-statutory", json!(["attendance"]))).await;

    let caution =
        json!({"team": "northmoor-cjit", "condition": "three-sessions", "custody_reference": "NM/26/0417"});
    let path = format!("/v1/clients/{about}/joint-decisions");
    let answer = officer.post(path, caution).purpose(STATUTORY).about(about).send().await.unwrap();
    assert_eq!(answer.status, 201, "{}", answer.json);
    let police = Side { worker: officer, about, path: answer.header("location").to_owned() };
    let (_, path) = tasks(&cjit, Purpose::ContinuityOfCare).await.pop().unwrap();
    (police, Side { worker: cjit, about: ours, path })
}

/// The CJIT brings Lantern in, with her consent: Lantern's side, which knows the decision by the name in its task.
pub async fn with_lantern(world: &World, team: &Side) -> Side {
    let between = ("northmoor-cjit", "lantern");
    let terms = ("court-or-statutory", json!(["offending"]));
    consents(world, (&team.worker, team.about), between, terms).await;
    team.acts("parties", json!({"agency": "lantern"})).await;
    let lantern = world.worker("lantern", "ms-placeholder");
    let (kind, path) = tasks(&lantern, Purpose::ContinuityOfCare).await.pop().unwrap();
    assert_eq!(kind, "vote-on-joint-decision");
    let about = path.rsplit('/').next().unwrap().parse().unwrap();
    Side { worker: lantern, about, path }
}

on_both_stores! {
    async fn police_learn_whether_and_nothing_else(world: World) {
        let (police, team) = proposed(&world, PERSON).await;
        let alone = police.get().await;
        let lantern = with_lantern(&world, &team).await;
        let asked_both = police.get().await;
        assert_eq!(alone.bytes, asked_both.bytes, "that one more is asked shows in nothing, not even in the version");
        assert_eq!((&alone.json["standing"], &alone.json["own"]), (&json!("pending"), &Value::Null));

        team.votes("agree").await;
        let one_agreed = police.get().await;
        assert_eq!(alone.bytes, one_agreed.bytes, "nor that one has voted");
        lantern.votes("agree").await;
        let agreed = police.read().await;
        assert_eq!((&agreed["standing"], &agreed["closings"]), (&json!("may-issue"), &json!(["issue", "withdraw"])));
        assert!(!agreed.to_string().contains("lantern") && !agreed.to_string().contains("cjit"));

        police.acts("issue", json!({})).await;
        assert_eq!(police.read().await["standing"], "issued");
        police.blocked("withdraw", json!({}), "decision-closed").await;
        lantern.blocked("votes", json!({"vote": "decline"}), "decision-closed").await;
    }
}

on_both_stores! {
    async fn a_decline_has_the_size_of_any_other_however_many_were_asked(world: World) {
        let (one, team) = proposed(&world, PERSON).await;
        team.votes("decline").await;
        let alone = one.get().await;
        let (both, team) = proposed(&world, ("Specimen", "Hornbeam")).await;
        let lantern = with_lantern(&world, &team).await;
        team.votes("agree").await;
        lantern.votes("decline").await;
        let of_two = both.get().await;
        for answer in [&alone, &of_two] {
            assert_eq!(answer.json["standing"], "may-not-issue");
            assert_eq!(answer.json["closings"], json!(["withdraw"]));
        }
        assert_eq!(alone.bytes.len(), of_two.bytes.len());
        both.blocked("issue", json!({}), "not-agreed").await;
        // What is decided stands.
        lantern.blocked("votes", json!({"vote": "agree"}), "decision-stands").await;
        team.blocked("votes", json!({"vote": "decline"}), "decision-stands").await;
        both.acts("withdraw", json!({})).await;
        assert_eq!(both.read().await["standing"], "withdrawn");
        assert_eq!(team.read().await["standing"], "withdrawn");
    }
}

on_both_stores! {
    async fn each_party_sees_its_own_side_under_its_own_names(world: World) {
        let (police, team) = proposed(&world, PERSON).await;
        let lantern = with_lantern(&world, &team).await;
        team.votes("agree").await;
        let (theirs, hers) = (team.read().await, lantern.read().await);
        assert_eq!(theirs["own"], json!({"proposed_by": "northmoor-police", "team": "northmoor-cjit", "vote": "agree", "brought_in": ["lantern"]}));
        assert_eq!(hers["own"], json!({"proposed_by": "northmoor-police", "team": "northmoor-cjit", "vote": null, "brought_in": []}));
        assert_eq!((&theirs["custody_reference"], &hers["custody_reference"]), (&json!("NM/26/0417"), &Value::Null));
        for member in ["id", "client_ref", "etag"] {
            assert_ne!(theirs[member], hers[member], "{member}");
            assert_ne!(theirs[member], police.read().await[member], "{member}");
        }
        // Nobody brings in but the team, and nobody twice.
        lantern.blocked("parties", json!({"agency": "lantern"}), "not-this-side").await;
        team.blocked("parties", json!({"agency": "lantern"}), "party-already").await;
        let unknown = team.act("parties", json!({"agency": "testhomes"})).await;
        assert_eq!((unknown.status.as_u16(), unknown.json["errors"][0]["code"].as_str()), (422, Some("unknown-agency")));
    }
}

on_both_stores! {
    async fn without_her_consent_nobody_is_brought_in_and_nothing_is_issued(world: World) {
        let (police, team) = proposed(&world, PERSON).await;
        team.blocked("parties", json!({"agency": "lantern"}), "consent-required").await;
        let lantern = with_lantern(&world, &team).await;
        team.votes("agree").await;
        lantern.votes("agree").await;
        assert_eq!(police.read().await["standing"], "may-issue");
        let before = police.read().await["etag"].as_str().unwrap().to_owned();

        // She takes all of it back. Lantern is told nothing any more, and police cannot issue; it is not told why.
        let path = format!("/v1/clients/{}/withdrawal", team.about);
        let withdrawn = team.worker.post(path, json!({"channel": "voice", "urgent_effects_confirmed": true})).about(team.about).send().await.unwrap();
        assert!(withdrawn.status.is_success(), "{} {}", withdrawn.status, withdrawn.json);
        assert_eq!(lantern.get().await.status, 404);
        assert_eq!(police.read().await["standing"], "may-not-issue");
        assert_eq!(police.post("issue", json!({}), &before).await.status, 412);
        police.blocked("issue", json!({}), "not-agreed").await;
    }
}

on_both_stores! {
    async fn each_side_has_a_task_that_goes_up_and_ends_with_what_was_done(world: World) {
        let (police, team) = proposed(&world, PERSON).await;
        let lantern = with_lantern(&world, &team).await;
        let kinds = async |side: &Side, purpose| {
            tasks(&side.worker, purpose).await.into_iter().map(|(kind, _)| kind).collect::<Vec<_>>()
        };
        let care = Purpose::ContinuityOfCare;
        assert_eq!(kinds(&team, care).await, ["vote-on-joint-decision"]);
        assert!(kinds(&police, STATUTORY).await.is_empty(), "police wait");

        // Nobody votes for days: the deputy is told, then the team manager.
        world.clock.advance(5 * 86_400);
        for _ in 0..2 {
            world.journal.record(
                throughgate::journal::call::Call::system("sweep_tasks", world.journal.directory().epoch()),
                throughgate::domain::task::SweepTasks,
            ).await.unwrap();
        }
        let late = lantern.worker.get("/v1/tasks?view=overdue").send().await.unwrap();
        assert_eq!(late.json["tasks"][0]["level"], "escalated", "{}", late.json);

        team.votes("agree").await;
        assert!(kinds(&team, care).await.is_empty());
        assert_eq!(kinds(&lantern, care).await, ["vote-on-joint-decision"]);
        lantern.votes("decline").await;
        assert!(kinds(&lantern, care).await.is_empty());
        assert_eq!(kinds(&police, STATUTORY).await, ["close-joint-decision"]);
        police.acts("withdraw", json!({})).await;
        assert!(kinds(&police, STATUTORY).await.is_empty());
    }
}

on_both_stores! {
    async fn who_is_no_side_finds_nothing(world: World) {
        let (police, team) = proposed(&world, PERSON).await;
        // Not under its own name, nor under anybody else's.
        for (agency, worker) in [("eastvale-cjit", "sample-linden"), ("lantern", "ms-placeholder")] {
            let stranger = world.worker(agency, worker);
            let client = world.client(&stranger, PERSON.0, PERSON.1).await;
            for path in [&police.path, &team.path] {
                let answer = stranger.get(path).purpose(STATUTORY).about(client).send().await.unwrap();
                assert_eq!((answer.status.as_u16(), answer.problem()), (404, "not-found-or-not-permitted"));
            }
        }
        // Police vote on nothing, and bring nobody in.
        let etag = police.read().await["etag"].as_str().unwrap().to_owned();
        for (what, body) in [("votes", json!({"vote": "agree"})), ("parties", json!({"agency": "lantern"}))] {
            let answer = police.post(what, body, &etag).await;
            assert_eq!((answer.status.as_u16(), answer.problem()), (403, "purpose-not-permitted"), "{}", answer.json);
        }
        // One proposal at a time.
        let again = police.worker.post(format!("/v1/clients/{}/joint-decisions", police.about), json!({"team": "northmoor-cjit", "condition": "one-session"}));
        let again = again.purpose(STATUTORY).about(police.about).send().await.unwrap();
        assert_eq!((again.status.as_u16(), again.json["errors"][0]["code"].as_str()), (409, Some("decision-open")));
    }
}

on_both_stores! {
    async fn a_proposal_that_is_not_closed_stands_against_an_erasure(world: World) {
        let (police, team) = proposed(&world, PERSON).await;
        assert_eq!(open_matters(&world, team.about).await, json!(["joint-decision-open"]));
        police.acts("withdraw", json!({})).await;
        assert_eq!(open_matters(&world, team.about).await, json!([]));
    }
}
