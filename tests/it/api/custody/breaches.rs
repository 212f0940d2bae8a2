//! The register of breaches: what is one and what is not, how it goes on, and who sees it.

use serde_json::{Value, json};
use throughgate::demo::actor::Answer;

use super::{Case, Desk, STATUTORY, codes, initial, minute, missed, notice, required};
use crate::support::{World, on_both_stores};

pub const PERSON: (&str, &str) = ("Specimen", "Hazel");

/// What the officer in charge of breaches says of an initial assessment.
pub fn breached(appointment: &str) -> Value {
    json!({"appointment": appointment, "no_good_cause": true})
}

/// A breach in the register.
pub struct Breach {
    pub desk: Desk,
    pub path: String,
}

impl Breach {
    pub async fn open(world: &World, case: &Case, appointment: &str) -> Self {
        let desk = case.desk.colleague(world, "proxy-rowan");
        let answer = desk.post(&format!("{}/breaches", case.path), breached(appointment)).await;
        assert_eq!(answer.status, 201, "{}", answer.json);
        Self { desk, path: answer.header("location").to_owned() }
    }

    pub async fn read(&self) -> Value {
        let answer = self.desk.get(&self.path).await;
        assert_eq!(answer.status, 200, "{}", answer.json);
        answer.json
    }

    pub async fn step(&self, step: &str, body: Value) -> Answer {
        let etag = self.read().await["etag"].as_str().unwrap().to_owned();
        let ask = self.desk.worker.post(format!("{}/{step}", self.path), body).purpose(STATUTORY);
        ask.about(self.desk.client_ref).if_match(etag).send().await.unwrap()
    }

    pub async fn steps(&self, step: &str, body: Value, state: &str) {
        let answer = self.step(step, body).await;
        assert_eq!((answer.status.as_u16(), &answer.json["state"]), (200, &json!(state)), "{}", answer.json);
    }

    pub async fn decides(&self, colour: &str) {
        let body = json!({"colour": colour, "risk_to_self": "Uses alone.", "risk_to_others": "None known."});
        let answer = self.step("decide", body).await;
        assert_eq!(answer.status, 200, "{}", answer.json);
    }
}

/// A breach of the initial assessment of this person.
pub async fn a_breach(world: &World, person: (&str, &str)) -> (Case, Case, Breach) {
    let (police, team) = required(world, person, &minute(world, 0)).await;
    world.clock.advance(60);
    team.acts("outcomes", missed(world, "initial")).await;
    let breach = Breach::open(world, &police, "initial").await;
    (police, team, breach)
}

/// Tries to record a breach, and is told what stands against it.
pub async fn refused(world: &World, case: &Case, appointment: &str, against: &[&str]) {
    let desk = case.desk.colleague(world, "proxy-rowan");
    let answer = desk.post(&format!("{}/breaches", case.path), breached(appointment)).await;
    assert_eq!((answer.status.as_u16(), answer.problem()), (409, "invalid-transition"), "{}", answer.json);
    assert_eq!(codes(&answer), against, "{}", answer.json);
}

on_both_stores! {
    async fn a_breach_goes_from_the_decision_to_the_outcome(world: World) {
        let (police, team, breach) = a_breach(&world, PERSON).await;
        assert_eq!(breach.read().await["statute"], "drugs-act-2005-s12-3");
        refused(&world, &police, "initial", &["breach-recorded"]).await;
        let early = breach.step("arrest", json!({"at": minute(&world, 0)})).await;
        assert_eq!(codes(&early), ["decide", "withdraw"]);
        let no_task = breach.desk.get(&format!("{}/task", breach.path)).await;
        assert_eq!(codes(&no_task), ["no-colour-decided"]);
        let unreasoned = breach.step("decide", json!({"colour": "red"})).await;
        assert_eq!((unreasoned.status.as_u16(), &unreasoned.json["errors"][0]["path"]), (422, &json!("risk_to_self")));

        breach.decides("amber").await;
        let read = breach.read().await;
        assert_eq!((&read["state"], &read["colour"], &read["decided_by"]), (&json!("decided"), &json!("amber"), &json!("proxy-rowan")));
        let task = breach.desk.get(&format!("{}/task", breach.path)).await;
        assert_eq!(task.status, 200, "{}", task.json);
        assert_eq!(task.json["person"]["names"][0]["surname"], "Hazel");
        assert_eq!((&task.json["colour"], &task.json["due"]), (&json!("amber"), &read["due"]));
        for told in ["risk", "Uses alone", "call", "opiates", "northmoor-cjit"] {
            assert!(!task.json.to_string().contains(told), "{told}");
        }
        let misfit = breach.step("charge", json!({"colour": "red"})).await;
        assert_eq!(misfit.status, 409, "{}", misfit.json);
        breach.steps("put-out", json!({"at": minute(&world, 0), "task_reference": "NICHE-0001"}), "put-out").await;
        breach.decides("red").await;
        assert_eq!(breach.read().await["state"], "put-out");
        breach.steps("arrest", json!({"at": minute(&world, 0)}), "arrested").await;
        breach.steps("charge", json!({}), "charged").await;
        breach.steps("drug-rehabilitation-requirement", json!({}), "drug-rehabilitation-requirement").await;
        assert_eq!(breach.step("withdraw", json!({"reason": "entered-in-error"})).await.status, 409);

        // The team reads nothing of it, and whoever may not write it may not.
        for desk in [&team.desk, &police.desk.colleague(&world, "proxy-briar")] {
            assert_eq!(desk.get(&breach.path).await.status, 403);
            assert_eq!(desk.post(&format!("{}/breaches", police.path), breached("initial")).await.status, 403);
        }
    }
}

on_both_stores! {
    async fn what_was_told_too_late_taken_back_or_excused_is_no_breach(world: World) {
        // Moved, and nobody told her.
        let (police, team) = required(&world, ("Variant", "One"), &minute(&world, 5)).await;
        refused(&world, &police, "initial", &["nothing-was-missed"]).await;
        refused(&world, &police, "follow-up", &["nothing-was-missed"]).await;
        refused(&world, &police, "additional", &["not-required-by-law", "nothing-was-missed"]).await;
        team.acts("appointments", initial(&minute(&world, 10))).await;
        world.clock.advance(20 * 60);
        team.acts("outcomes", missed(&world, "initial")).await;
        refused(&world, &police, "initial", &["notice-not-served"]).await;

        // The service was closed.
        let (police, team) = required(&world, ("Variant", "Two"), &minute(&world, 5)).await;
        police.blocked("cancellations", json!({"appointment": "initial", "reason": "cancelled-by-service"}), &["for-the-team"]).await;
        team.acts("cancellations", json!({"appointment": "initial", "reason": "cancelled-by-service"})).await;
        refused(&world, &police, "initial", &["cancelled-by-service"]).await;

        // A condition of bail took the place of the requirement.
        let (police, team) = required(&world, ("Variant", "Three"), &minute(&world, 5)).await;
        world.clock.advance(10 * 60);
        team.acts("outcomes", missed(&world, "initial")).await;
        police.acts("ending", json!({"reason": "restriction-on-bail"})).await;
        refused(&world, &police, "initial", &["restriction-on-bail"]).await;

        // She was in hospital.
        let (police, team) = required(&world, ("Variant", "Four"), &minute(&world, 5)).await;
        world.clock.advance(10 * 60);
        team.acts("outcomes", json!({"appointment": "initial", "outcome": "good-cause", "at": minute(&world, 0), "good_cause": "in-hospital"})).await;
        refused(&world, &police, "initial", &["good-cause"]).await;
        let unasked = police.desk.colleague(&world, "proxy-rowan");
        let answer = unasked.post(&format!("{}/breaches", police.path), json!({"appointment": "initial", "no_good_cause": false})).await;
        assert_eq!((answer.status.as_u16(), &answer.json["errors"][0]["path"]), (422, &json!("no_good_cause")));
    }
}

on_both_stores! {
    async fn who_died_or_is_excused_since_is_not_pursued(world: World) {
        let (_, team, breach) = a_breach(&world, ("Variant", "Five")).await;
        breach.decides("red").await;
        team.acts("ending", json!({"reason": "died"})).await;
        let stopped = breach.step("put-out", json!({"at": minute(&world, 0)})).await;
        assert_eq!((stopped.status.as_u16(), codes(&stopped)), (409, vec!["died".to_owned()]));
        assert_eq!(codes(&breach.desk.get(&format!("{}/task", breach.path)).await), ["died"]);
        breach.steps("withdraw", json!({"reason": "died"}), "withdrawn").await;

        let (_, team, breach) = a_breach(&world, ("Variant", "Six")).await;
        breach.decides("green").await;
        team.acts("outcomes", json!({"appointment": "initial", "outcome": "good-cause", "at": minute(&world, 0), "good_cause": "danger"})).await;
        let stopped = breach.step("put-out", json!({"at": minute(&world, 0)})).await;
        assert_eq!(codes(&stopped), ["good-cause"]);
        breach.steps("withdraw", json!({"reason": "good-cause-found"}), "withdrawn").await;
        // The cause itself is not told.
        assert!(!breach.read().await.to_string().contains("danger"));
    }
}

on_both_stores! {
    async fn a_follow_up_is_the_other_offence(world: World) {
        let (police, team) = required(&world, PERSON, &minute(&world, 5)).await;
        let mut next = initial(&minute(&world, 30));
        next["appointment"] = json!("follow-up");
        team.acts("appointments", next).await;
        team.acts("notices", notice(&world, "follow-up")).await;
        world.clock.advance(10 * 60);
        team.acts("outcomes", json!({"appointment": "initial", "outcome": "attended-and-remained", "at": minute(&world, 0), "follow_up": "needed"})).await;
        refused(&world, &police, "initial", &["nothing-was-missed"]).await;
        world.clock.advance(60 * 60);
        team.acts("outcomes", json!({"appointment": "follow-up", "outcome": "left-early", "at": minute(&world, 0), "engagement": "duty-restated"})).await;
        let breach = Breach::open(&world, &police, "follow-up").await;
        let read = breach.read().await;
        assert_eq!(read["statute"], "drugs-act-2005-s14-3");
        // Who left failed when she left.
        assert_eq!(read["failed_at"], minute(&world, 0));
    }
}
