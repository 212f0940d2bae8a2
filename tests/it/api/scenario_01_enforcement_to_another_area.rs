//! Scenario 1: enforcement, to another area. Testa Alder tests positive in Northmoor late on the Thursday before Easter and lives in
//! Eastvale. No release before the notice; a follow-up within five working days; the record goes ahead of her; police learn that she came.

use serde_json::{Value, json};
use throughgate::demo::actor::Answer;

use super::caseload::ask;
use super::custody::{Desk, initial, notice, ra1};
use super::release::Team;
use crate::support::{World, on_both_stores_at};

const PERSON: (&str, &str) = ("Testa", "Alder");

fn created(answer: &Answer, member: &str) -> String {
    assert_eq!(answer.status, 201, "{}", answer.json);
    answer.json[member].as_str().unwrap().to_owned()
}

/// Her record as it was written in the custody suite.
fn record() -> Value {
    serde_json::from_str(include_str!("../../fixtures/dir-testa-alder.json")).unwrap()
}

/// The kinds of the activity entries that a team sees on its own handle of the record.
async fn entries(team: &Team, dir: &str) -> Vec<String> {
    let answer = team.get(format!("/v1/dirs/{dir}/activities")).await;
    assert_eq!(answer.status, 200, "{}", answer.json);
    let entries = answer.json["activities"].as_array().unwrap();
    entries.iter().map(|entry| entry["kind"].as_str().unwrap().to_owned()).collect()
}

on_both_stores_at! {
    "2026-04-02T21:35:00Z"
    async fn testa_alder(world: World) {
        let mut world = world;
        // Thursday 2 April, 22:30: a positive test in Northmoor. She lives in Eastvale.
        let police = Desk::police(&world, PERSON).await;
        let police = police.opens(json!({"pathway": "enforcement", "trigger": "initial-assessment",
            "test": {"type": "trigger-offence", "result": "positive-cocaine"}, "identified_at": "2026-04-02T22:30",
            "residence": "non-resident", "assessor": "northmoor-cjit"})).await;
        assert_eq!(police.read().await["first_appointment_by"], "2026-04-07");

        // The police try to release her before the notice.
        let released = json!({"at": "2026-04-02T22:35", "disposal": "released-on-bail"});
        police.blocked("release", released.clone(), &["initial-appointment-not-booked", "notice-not-served"]).await;
        police.acts("appointments", initial("2026-04-02T23:10")).await;
        police.blocked("release", released, &["notice-not-served"]).await;

        // The notice is served, and the time goes onto the drug test form. Only now the team learns who she is.
        let team = Desk::cjit(&world, PERSON).await.case().await;
        assert_eq!(team.read().await.get("person"), None);
        police.acts("notices", ra1(&world)).await;
        assert_eq!(team.read().await["person"]["names"][0]["surname"], "Alder");

        // She is assessed that night, and the worker decides that a follow-up is needed, with the team of where she lives.
        world.clock.advance(75 * 60);
        let attended = json!({"appointment": "initial", "outcome": "attended-and-remained", "at": "2026-04-02T23:50", "follow_up": "needed"});
        team.blocked("outcomes", attended.clone(), &["follow-up-not-booked", "follow-up-notice-not-served"]).await;
        let follow_up = |at: &str| json!({"appointment": "follow-up", "at": at, "place": "9 Weir Street, Eastvale", "agency": "eastvale-cjit"});
        team.wrong("appointments", follow_up("2026-04-14T10:00"), "at").await;
        team.acts("appointments", follow_up("2026-04-13T10:00")).await;
        team.blocked("outcomes", attended.clone(), &["follow-up-notice-not-served"]).await;
        // Before the assessment ends: a notice that is served after it is none.
        let mut served = notice(&world, "follow-up");
        served["served_at"] = json!("2026-04-02T23:45");
        team.acts("notices", served).await;
        team.acts("outcomes", attended).await;
        police.acts("release", json!({"at": "2026-04-02T23:50", "disposal": "released-on-bail"})).await;

        // She consents, and the record goes ahead of her.
        world.clock.advance(40 * 60);
        let ours = Team { actor: team.desk.worker.clone(), client_ref: team.desk.client_ref };
        let path = format!("/v1/clients/{}/dirs", ours.client_ref);
        let dir = created(&ours.post(path, json!({"document": record()})).await, "dir");
        assert_eq!(ours.act(&format!("/v1/dirs/{dir}"), "signature", json!({})).await.status, 200);
        let referral = json!({"client_ref": ours.client_ref, "recipient": "eastvale-cjit", "route": "cjit-to-cjit",
            "urgency": "urgent", "need": "throughcare", "dirs": [dir]});
        let referral = format!("/v1/referrals/{}", created(&ours.post("/v1/referrals".into(), referral).await, "referral"));
        ask(&ours.actor, json!({"client_ref": ours.client_ref, "reason": "custody-reception"}), ours.client_ref).await;
        let unagreed = ours.act(&referral, "send", json!({})).await;
        assert_eq!((unagreed.status.as_u16(), unagreed.problem()), (409, "consent-not-effective"));
        for purpose in ["referral", "continuity-of-care"] {
            let segments = json!(["identity", "contact", "attendance", "drug-use", "care-plan", "offending", "risk", "housing", "physical-health"]);
            let both = ["northmoor-cjit", "eastvale-cjit"];
            team.desk.consents(&world, &both, &both, purpose, segments).await;
        }
        assert_eq!(ours.act(&referral, "send", json!({})).await.status, 200);
        // Responsibility moves on notification; the sender goes on chasing.
        assert_eq!(ours.get(referral.clone()).await.json["responsible"], "recipient");
        let out = json!({"kind": "referral-out", "occurred_at": "2026-04-02T23:50", "tags": ["attendance"], "text": "To where she lives.", "other_agency": "eastvale-cjit"});
        created(&ours.post(format!("/v1/dirs/{dir}/activities"), out).await, "dir");

        // Eastvale accepts. It reads the record and knows of the appointment.
        let eastvale = Desk::at(&world, "eastvale-cjit", "sample-linden", PERSON).await;
        let theirs = Team { actor: eastvale.worker.clone(), client_ref: eastvale.client_ref };
        let inbox = theirs.actor.get("/v1/referrals?box=in").send().await.unwrap();
        let received = format!("/v1/referrals/{}", inbox.json["referrals"][0]["referral"].as_str().unwrap());
        assert_eq!(theirs.act(&received, "acknowledge", json!({})).await.status, 200);
        assert_eq!(theirs.act(&received, "accept", json!({"named_worker": "sample-linden"})).await.status, 200);
        let shown = theirs.get(received).await.json;
        assert_eq!(shown["responsible"], "recipient");
        let at_eastvale = shown["dirs"][0].as_str().unwrap().to_owned();
        let read = theirs.get(format!("/v1/dirs/{at_eastvale}")).await;
        assert_eq!(read.status, 200, "{}", read.json);
        let acceptance = json!({"kind": "acceptance", "occurred_at": "2026-04-02T23:50", "tags": ["attendance"], "text": "Taken on.", "other_agency": "northmoor-cjit"});
        created(&theirs.post(format!("/v1/dirs/{at_eastvale}/activities"), acceptance).await, "dir");
        for (team, dir) in [(&ours, &dir), (&theirs, &at_eastvale)] {
            assert_eq!(entries(team, dir).await, ["referral-out", "acceptance"]);
        }

        // The police open the record: refused, and on record. They see that she came, and nothing else.
        for path in [format!("/v1/dirs/{dir}"), format!("/v1/clients/{}/dirs", police.desk.client_ref)] {
            let refused = police.desk.get(&path).await;
            assert_eq!((refused.status.as_u16(), refused.problem()), (403, "purpose-not-permitted"));
            assert!(refused.receipt.is_some(), "a refusal has its entry as well");
        }
        let line = |appointment: &str, attendance: &str| (appointment.to_owned(), attendance.to_owned());
        assert_eq!(police.attended().await, [line("initial", "attended-and-remained"), line("follow-up", "awaited")]);

        // Monday 13 April: Eastvale holds the follow-up, not Northmoor.
        world.later(10).await;
        world.clock.advance(11 * 3600);
        let (northmoor, eastvale) = (Desk { worker: world.worker("northmoor-cjit", "testa-rowan"), ..team.desk.clone() }, Desk {
            worker: world.worker("eastvale-cjit", "sample-linden"), ..eastvale
        });
        let kept = json!({"appointment": "follow-up", "outcome": "attended-and-remained", "at": "2026-04-13T10:40"});
        northmoor.case().await.blocked("outcomes", kept.clone(), &["held-by-another-team"]).await;
        eastvale.case().await.acts("outcomes", kept).await;
        assert_eq!(eastvale.case().await.read().await["state"], "completed");
        let police = Desk { worker: world.worker("northmoor-police", "proxy-thorn"), ..police.desk.clone() };
        assert_eq!(police.case().await.attended().await[1], line("follow-up", "attended-and-remained"));
    }
}
