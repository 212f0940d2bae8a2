//! The record goes ahead of the person: where another team is to hold the follow-up, the one that assesses has it there before.

use serde_json::{Value, json};
use throughgate::demo::actor::Actor;

use super::{Case, Desk, initial, minute, required};
use crate::api::caseload::ask;
use crate::api::release::Team;
use crate::support::{World, on_both_stores};

const PERSON: (&str, &str) = ("Testa", "Alder");

/// What a team is to do about its records that go ahead: where, by when, and how far it has gone up.
async fn awaited(worker: &Actor) -> Vec<Value> {
    let answer = worker.get("/v1/tasks?view=agency").send().await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.json);
    let tasks = answer.json["tasks"].as_array().unwrap().clone();
    tasks.into_iter().filter(|task| task["kind"] == "send-record-ahead").collect()
}

fn follow_up(world: &World, minutes: i64, team: &str) -> Value {
    json!({"appointment": "follow-up", "at": minute(world, minutes), "place": "9 Weir Street, Eastvale", "agency": team})
}

/// She must come, and her follow-up is to be in Eastvale in two hours; with her record, signed, and all that she agrees to.
async fn sent_elsewhere(world: &World) -> (Case, Team, String) {
    let (_, team) = required(world, PERSON, &minute(world, 10)).await;
    let ours = Team { actor: team.desk.worker.clone(), client_ref: team.desk.client_ref };
    let dir = ours.signed_dir().await;
    ask(&ours.actor, json!({"client_ref": ours.client_ref, "reason": "custody-reception"}), ours.client_ref)
        .await;
    let both = ["northmoor-cjit", "eastvale-cjit"];
    for purpose in ["referral", "continuity-of-care"] {
        let segments = json!(["identity", "contact", "attendance", "drug-use", "care-plan"]);
        team.desk.consents(world, &both, &both, purpose, segments).await;
    }
    let referral = json!({"client_ref": ours.client_ref, "recipient": "eastvale-cjit", "route": "cjit-to-cjit",
        "urgency": "urgent", "need": "throughcare", "dirs": [dir]});
    let drafted = ours.post("/v1/referrals".into(), referral).await;
    assert_eq!(drafted.status, 201, "{}", drafted.json);
    let referral = format!("/v1/referrals/{}", drafted.json["referral"].as_str().unwrap());
    (team, ours, referral)
}

/// The one referral that Eastvale received, as its case manager has it.
async fn received(world: &World) -> (Team, String) {
    let desk = Desk::at(world, "eastvale-cjit", "sample-linden", PERSON).await;
    let theirs = Team { actor: desk.worker.clone(), client_ref: desk.client_ref };
    let inbox = theirs.actor.get("/v1/referrals?box=in").send().await.unwrap();
    let referral = format!("/v1/referrals/{}", inbox.json["referrals"][0]["referral"].as_str().unwrap());
    (theirs, referral)
}

on_both_stores! {
    async fn the_task_opens_with_the_booking_and_is_done_when_the_record_is_there(world: World) {
        let (team, ours, referral) = sent_elsewhere(&world).await;
        let own = initial(&minute(&world, 60));
        let own = json!({"appointment": "follow-up", "at": own["at"], "place": own["place"]});
        team.acts("appointments", own).await;
        assert_eq!(awaited(&ours.actor).await, Vec::<Value>::new(), "the team holds it itself");

        team.acts("appointments", follow_up(&world, 120, "eastvale-cjit")).await;
        let tasks = awaited(&ours.actor).await;
        assert_eq!(tasks.len(), 1, "{tasks:?}");
        assert_eq!((&tasks[0]["duty"], &tasks[0]["subject"]), (&json!("referrals"), &json!(team.path)));
        assert!(awaited(&world.worker("eastvale-cjit", "sample-linden")).await.is_empty());
        // At another time: by then.
        team.acts("appointments", follow_up(&world, 180, "eastvale-cjit")).await;
        let later = awaited(&ours.actor).await;
        assert_eq!(later.len(), 1);
        assert!(tasks[0]["due"].as_str() < later[0]["due"].as_str(), "{later:?}");

        // Sent is not there.
        assert_eq!(ours.act(&referral, "send", json!({})).await.status, 200);
        assert_eq!(awaited(&ours.actor).await.len(), 1);
        let (theirs, received) = received(&world).await;
        assert_eq!(theirs.act(&received, "acknowledge", json!({})).await.status, 200);
        assert_eq!(awaited(&ours.actor).await, Vec::<Value>::new());
        let done = "SELECT count(*) AS number FROM task WHERE kind = 'send-record-ahead' AND state = 'done'";
        assert_eq!(world.number(done), 1);

        // It comes to nothing: the record is to be sent another way.
        let rejected = theirs.act(&received, "reject", json!({"rejection_reason": "wrong-service"})).await;
        assert_eq!(rejected.status, 200, "{}", rejected.json);
        assert_eq!(awaited(&ours.actor).await.len(), 1);
        // No follow-up elsewhere, no task.
        team.acts("cancellations", json!({"appointment": "follow-up", "reason": "cancelled-by-service"})).await;
        assert_eq!(awaited(&ours.actor).await, Vec::<Value>::new());
    }
}

on_both_stores! {
    async fn what_is_there_already_is_not_asked_for_and_what_is_late_goes_up(world: World) {
        let (team, ours, referral) = sent_elsewhere(&world).await;
        team.acts("appointments", follow_up(&world, 120, "eastvale-cjit")).await;
        // Nobody sends it: the deputy hears of it half-way, the manager at the time of the follow-up.
        for (minutes, level) in [(70, "deputy"), (60, "escalated")] {
            world.clock.advance(minutes * 60);
            let call = throughgate::journal::call::Call::system("sweep_tasks", world.journal.directory().epoch());
            world.journal.record(call, throughgate::domain::task::SweepTasks).await.unwrap();
            assert_eq!(awaited(&ours.actor).await[0]["level"], level);
        }
        assert_eq!(ours.act(&referral, "send", json!({})).await.status, 200);
        let (theirs, received) = received(&world).await;
        assert_eq!(theirs.act(&received, "acknowledge", json!({})).await.status, 200);
        assert_eq!(awaited(&ours.actor).await, Vec::<Value>::new());
        team.acts("appointments", follow_up(&world, 300, "eastvale-cjit")).await;
        assert_eq!(awaited(&ours.actor).await, Vec::<Value>::new(), "it is there");

        // She takes her consent back, and with it the referral is cancelled.
        ours.withdraws().await;
        assert_eq!(awaited(&ours.actor).await.len(), 1);
        team.acts("ending", json!({"reason": "restriction-on-bail"})).await;
        assert_eq!(awaited(&ours.actor).await, Vec::<Value>::new());
    }
}
