//! A referral that came to the wrong agency: it goes on where the person let it, and else goes back; both sides hear of it.

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;

use super::release::{Team, consent, created};
use crate::support::{World, on_both_stores};

const CARAT: &str = "fallowgate-carat";
const CJIT: &str = "northmoor-cjit";
const ELSEWHERE: &str = "eastvale-cjit";

/// The prison's team, which sent a record to the team of the wrong area, which acknowledged it.
struct Misdirected {
    carat: Team,
    theirs: String,
    cjit: Team,
    ours: String,
    dir: String,
}

async fn misdirected(world: &World, redisclosure: &str) -> Misdirected {
    let actor = world.worker(CARAT, "fixture-oak");
    let client_ref = world.client(&actor, "Fixture", "Cedar").await;
    let carat = Team { actor, client_ref };
    carat.checks().await;
    let dir = carat.signed_dir().await;
    let mut agreed = consent(world.journal.now());
    agreed["disclosing_agencies"] = json!([CARAT]);
    agreed["recipients"] = json!([CJIT, ELSEWHERE]);
    agreed["redisclosure"] = json!(redisclosure);
    created(&carat.post(format!("/v1/clients/{client_ref}/consents"), agreed).await, "consent_id");
    let referral = json!({
        "client_ref": client_ref, "recipient": CJIT, "route": "carat-to-cjit", "urgency": "routine",
        "need": "throughcare", "dirs": [dir], "slot": {"at": "2026-12-01T10:00:00Z", "place": "1 Test Row"},
        "release": {"date": "2026-12-18", "prison": "HMP Fallowgate"},
    });
    let theirs = format!(
        "/v1/referrals/{}",
        created(&carat.post("/v1/referrals".to_owned(), referral).await, "referral")
    );
    assert_eq!(carat.act(&theirs, "send", json!({})).await.status, 200);

    let actor = world.worker(CJIT, "testa-rowan");
    let line = inbox(&actor).await.remove(0);
    let client_ref = line["client_ref"].as_str().unwrap().parse::<Handle>().unwrap();
    let cjit = Team { actor, client_ref };
    let ours = format!("/v1/referrals/{}", line["referral"].as_str().unwrap());
    let read = cjit.get(ours.clone()).await;
    let dir = format!("/v1/dirs/{}", read.json["dirs"][0].as_str().unwrap());
    assert_eq!(cjit.act(&ours, "acknowledge", json!({})).await.status, 200);
    Misdirected { carat, theirs, cjit, ours, dir }
}

async fn inbox(actor: &Actor) -> Vec<Value> {
    let listed = actor.get("/v1/referrals?box=in").send().await.unwrap();
    assert_eq!(listed.status, 200, "{}", listed.json);
    listed.json["referrals"].as_array().unwrap().clone()
}

/// What waits for an agency about its referrals.
async fn waiting(actor: &Actor) -> Vec<(String, String)> {
    let listed = actor.get("/v1/tasks?view=agency").send().await.unwrap();
    let text = |task: &Value, member: &str| task[member].as_str().unwrap().to_owned();
    let tasks = listed.json["tasks"].as_array().unwrap().iter();
    let about = tasks.filter(|task| text(task, "kind").ends_with("referral"));
    about.map(|task| (text(task, "kind"), text(task, "subject"))).collect()
}

async fn sends_on(team: &Team, referral: &str, reason: &str, recipient: &str) -> Answer {
    team.act(referral, "reroute", json!({"return_reason": reason, "recipient": recipient})).await
}

on_both_stores! {
    async fn it_goes_on_as_a_referral_of_its_own_to_whom_the_same_consent_names(world: World) {
        let Misdirected { carat, theirs, cjit, ours, dir } = misdirected(&world, "named-recipients").await;
        assert_eq!(cjit.get(dir.clone()).await.status, 200);
        let sent_on = sends_on(&cjit, &ours, "out-of-area", ELSEWHERE).await;
        assert_eq!((sent_on.status.as_u16(), &sent_on.json["state"]), (200, &json!("rerouted")), "{}", sent_on.json);

        // The sender hears where it went, and chases whoever has it now.
        let seen = carat.get(theirs.clone()).await.json;
        assert_eq!((&seen["state"], &seen["findings"]["belongs_with"], &seen["findings"]["return_reason"]),
            (&json!("rerouted"), &json!(ELSEWHERE), &json!("out-of-area")));
        let onward = format!("/v1/referrals/{}", seen["continued_as"].as_str().unwrap());
        assert_eq!(waiting(&carat.actor).await, [("chase-referral".to_owned(), onward.clone())]);
        let went = carat.get(onward).await.json;
        assert_eq!((&went["state"], &went["recipient"], &went["side"]), (&json!("requested"), &json!(ELSEWHERE), &json!("sender")));
        assert_eq!((&went["slot"], &went["release"]["date"]), (&Value::Null, &json!("2026-12-18")), "the slot was at the other's");

        // Where it belongs it is a referral like any other.
        let there = world.worker(ELSEWHERE, "sample-linden");
        let lines = inbox(&there).await;
        assert_eq!((lines.len(), &lines[0]["state"]), (1, &json!("requested")));
        let client_ref = lines[0]["client_ref"].as_str().unwrap().parse().unwrap();
        let there = Team { actor: there, client_ref };
        let received = format!("/v1/referrals/{}", lines[0]["referral"].as_str().unwrap());
        assert_eq!(waiting(&there.actor).await, [("answer-referral".to_owned(), received.clone())]);
        let view = there.get(received.clone()).await;
        let carried = format!("/v1/dirs/{}", view.json["dirs"][0].as_str().unwrap());
        assert_eq!(there.get(carried).await.status, 200);
        assert_eq!(there.act(&received, "acknowledge", json!({})).await.status, 200);

        // Whoever sent it on has nothing of it left, and no step back.
        assert!(waiting(&cjit.actor).await.is_empty());
        let left = cjit.get(ours.clone()).await.json;
        assert_eq!((&left["state"], &left["continued_as"]), (&json!("rerouted"), &Value::Null));
        assert_eq!(cjit.get(dir).await.status, 404);
        let shown = cjit.get(ours.clone()).await;
        assert_eq!((&shown.json["release"], &shown.json["dirs"]), (&Value::Null, &json!([])), "{}", shown.json);
        assert_eq!(sends_on(&cjit, &ours, "out-of-area", ELSEWHERE).await.status, 409);
    }
}

on_both_stores! {
    async fn it_goes_back_where_the_person_did_not_let_it_pass_on(world: World) {
        let Misdirected { carat, theirs, cjit, ours, .. } = misdirected(&world, "prohibited").await;
        for (named, status, problem) in [
            (CJIT, 422, "unprocessable-document"),
            (CARAT, 409, "invalid-transition"),
            ("testhomes", 409, "invalid-transition"),
        ] {
            let refused = sends_on(&cjit, &ours, "out-of-area", named).await;
            assert_eq!((refused.status.as_u16(), refused.problem()), (status, problem), "{named}");
        }
        let back = sends_on(&cjit, &ours, "out-of-area", ELSEWHERE).await;
        assert_eq!((back.status.as_u16(), &back.json["state"]), (200, &json!("returned")), "{}", back.json);
        assert!(inbox(&world.worker(ELSEWHERE, "sample-linden")).await.is_empty());
        let seen = carat.get(theirs.clone()).await.json;
        assert_eq!((&seen["state"], &seen["findings"]["belongs_with"], &seen["continued_as"]), (&json!("returned"), &json!(ELSEWHERE), &Value::Null));
        assert_eq!(waiting(&carat.actor).await, [("answer-referral".to_owned(), theirs.clone())]);
        assert!(waiting(&cjit.actor).await.is_empty());

        // The sender takes it back and sends it where it belongs, which the person agreed to.
        assert_eq!(carat.act(&theirs, "cancel", json!({"reason": "Lives in Eastvale."})).await.status, 200);
        let again = json!({
            "client_ref": carat.client_ref, "recipient": ELSEWHERE, "route": "carat-to-cjit", "urgency": "routine",
            "need": "throughcare", "release": {"date": "2026-12-18", "prison": "HMP Fallowgate"},
        });
        let again = format!("/v1/referrals/{}", created(&carat.post("/v1/referrals".to_owned(), again).await, "referral"));
        assert_eq!(carat.act(&again, "send", json!({})).await.status, 200);
        assert_eq!(inbox(&world.worker(ELSEWHERE, "sample-linden")).await.len(), 1);
    }
}

on_both_stores! {
    async fn what_she_forbade_elsewhere_stands_against_it(world: World) {
        let Misdirected { carat, cjit, ours, .. } = misdirected(&world, "named-recipients").await;
        let mut forbidden = consent(world.journal.now());
        forbidden["disclosing_agencies"] = json!([CARAT]);
        forbidden["recipients"] = json!([CJIT]);
        forbidden["exclusions"] = json!([ELSEWHERE]);
        created(&carat.post(format!("/v1/clients/{}/consents", carat.client_ref), forbidden).await, "consent_id");
        let back = sends_on(&cjit, &ours, "out-of-area", ELSEWHERE).await;
        assert_eq!((back.status.as_u16(), &back.json["state"]), (200, &json!("returned")), "{}", back.json);
        assert!(inbox(&world.worker(ELSEWHERE, "sample-linden")).await.is_empty());
    }
}

on_both_stores! {
    async fn of_two_who_send_it_on_at_once_one_does(world: World) {
        let Misdirected { cjit, ours, .. } = misdirected(&world, "named-recipients").await;
        let colleague = Team { actor: world.worker(CJIT, "duty-spoc"), client_ref: cjit.client_ref };
        let (one, other) = tokio::join!(
            sends_on(&cjit, &ours, "out-of-area", ELSEWHERE),
            sends_on(&colleague, &ours, "out-of-area", ELSEWHERE),
        );
        let taken = [one.status.as_u16(), other.status.as_u16()];
        assert_eq!(taken.iter().filter(|status| **status == 200).count(), 1, "{taken:?}");
        assert_eq!(inbox(&world.worker(ELSEWHERE, "sample-linden")).await.len(), 1);
    }
}
