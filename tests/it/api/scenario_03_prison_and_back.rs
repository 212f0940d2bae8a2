//! Scenario 3: prison and back, and nothing asked twice. Fixture Cedar goes into HMP Fallowgate for twenty days; her case is suspended, her
//! record goes ahead of her, and at the gate somebody is there, or a letter is.

use jiff::ToSpan as _;
use serde_json::json;
use throughgate::demo::actor::Actor;
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::caseload::{episode, step};
use super::caseload_life::{admit, kinds, named, tasks};
use super::release::{Team, contact, created, document};
use super::release_plan::{awaited, client, consents, day, look, pick_up, plan_for, planned, take};
use crate::support::{World, on_both_stores};

const CJIT: &str = "northmoor-cjit";
const CARAT: &str = "fallowgate-carat";

/// Her record goes to the prison on the day of reception.
async fn refers(world: &World, worker: &Actor, client: Handle) -> Handle {
    let team = Team { actor: worker.clone(), client_ref: client };
    let dirs = format!("/v1/clients/{client}/dirs");
    let dir = created(&team.post(dirs, json!({"document": document()})).await, "dir");
    assert_eq!(team.act(&format!("/v1/dirs/{dir}"), "signature", json!({})).await.status, 200);
    let now = world.journal.now();
    let consent = json!({
        "decision": "given", "given_by": "client", "capacity_confirmed": true, "obtained_at": now.to_string(),
        "method": "written", "evidence_hash": "0".repeat(64), "form_version_uri": "urn:example:consent-form:3",
        "language": "en-GB", "interpreter_used": false, "disclosing_agencies": [CJIT], "recipients": [CARAT],
        "purposes": ["continuity-of-care", "referral"],
        "segments": ["identity", "contact", "drug-use", "prescribing", "care-plan", "housing", "risk"],
        "not_before": now.to_string(), "expires_at": (now + (24 * 90).hours()).to_string(),
        "seen_alone": true, "refusal_explained": true, "redisclosure": "prohibited",
    });
    assert_eq!(team.post(format!("/v1/clients/{client}/consents"), consent).await.status, 201);
    let check = json!({"client_ref": client, "reason": "release-planning"});
    let asked = worker
        .post("/v1/caseload-checks", check)
        .purpose(Purpose::DuplicateCheck)
        .about(client)
        .send()
        .await
        .unwrap();
    assert_eq!(asked.status, 201, "{}", asked.json);
    let referral = json!({
        "client_ref": client, "recipient": CARAT, "route": "cjit-to-carat", "urgency": "urgent", "need": "treatment",
        "dirs": [dir], "release": {"prison": "HMP Fallowgate"},
    });
    let drafted = created(&team.post("/v1/referrals".to_owned(), referral).await, "referral");
    let sent = team.act(&format!("/v1/referrals/{drafted}"), "send", json!({})).await;
    assert_eq!(sent.status, 200, "{}", sent.json);
    dir
}

on_both_stores! {
    async fn fixture_cedar(world: World) {
        let home = world.worker(CJIT, "testa-rowan");
        let carat = world.worker(CARAT, "fixture-oak");
        let host = world.worker("eastvale-cjit", "sample-linden");
        let hers = client(&home, &["letter", "call"], false).await;
        assert_eq!(admit(&home, hers).await.status, 201);

        // Into HMP Fallowgate for twenty days: S1, which is for no more than a month.
        let (today, release_on) = (day(&world, 0), day(&world, 20));
        let stay = |until: jiff::civil::Date| json!({"received_on": today, "release_expected_on": until, "prison": "HMP Fallowgate"});
        let month = today + 1.month();
        let too_long = step(&home, hers, "suspend", json!({"suspend_code": "S1", "custody": stay(month + 1.day())})).await;
        assert_eq!((too_long.status.as_u16(), named(&too_long)), (422, vec!["custody"]));
        let suspended = step(&home, hers, "suspend", json!({"suspend_code": "S1", "custody": stay(release_on)})).await;
        assert_eq!((suspended.status.as_u16(), &suspended.json["state"]), (200, &json!("suspended")), "{}", suspended.json);
        let now = episode(&home, hers).await;
        assert_eq!((&now["custody"]["longer_than_a_month"], &now["review_due"]), (&json!(false), &json!(null)));
        assert!(now["code_words"].as_str().unwrap().contains("no more than 1 month"));
        assert_eq!(kinds(&home).await, ["custody-month", "re-engage"]);

        // The prison's team has her record the same day, and does not take it again.
        let sent = refers(&world, &home, hers).await;
        let inbox = carat.get("/v1/referrals?box=in").send().await.unwrap();
        let line = inbox.json["referrals"][0].clone();
        let theirs: Handle = line["client_ref"].as_str().unwrap().parse().unwrap();
        let referral = format!("/v1/referrals/{}", line["referral"].as_str().unwrap());
        let view = carat.get(&referral).about(theirs).send().await.unwrap();
        let first_contact = json!({"first_contact_at": world.journal.now().to_string()});
        for (taken, body) in [("acknowledge", json!({})), ("accept", json!({"named_worker": "fixture-oak"})), ("start", first_contact)] {
            let etag = carat.get(&referral).about(theirs).send().await.unwrap().etag().to_owned();
            let step = carat.post(format!("{referral}/{taken}"), body).about(theirs).if_match(etag).send().await.unwrap();
            assert_eq!(step.status, 200, "{taken}: {}", step.json);
        }
        let received = view.json["dirs"][0].as_str().unwrap().to_owned();
        assert_ne!(received, sent.to_string());
        let read = carat.get(format!("/v1/dirs/{received}")).about(theirs).send().await.unwrap();
        assert_eq!(read.status, 200, "{}", read.json);
        let again = json!({"document": {"substance_use": {"class_a_dependency": true}}});
        let blocked = carat.post(format!("/v1/clients/{theirs}/dirs"), again).about(theirs).send().await.unwrap();
        assert_eq!((blocked.status.as_u16(), blocked.problem()), (409, "dir-already-received"));
        let update = contact("prescribing", "Methadone continued on reception.");
        let added = carat.post(format!("/v1/dirs/{received}/activities"), update).about(theirs).send().await.unwrap();
        assert_eq!(added.status, 201, "{}", added.json);

        // Release: home and host agree to be at the gate, with the prison's team; her last dose and her bridging script are in the plan.
        let plan = plan_for(&home, hers, planned(release_on)).await;
        consents(&world, &home, hers, &["eastvale-cjit", CARAT]).await;
        let asked = plan.post(&home, "pick-ups", pick_up()).await;
        assert_eq!(asked.status, 201, "{}", asked.json);
        let (at_host, inside) = (awaited(&host, "answer-pick-up").await, awaited(&carat, "answer-pick-up").await);
        assert_eq!(take(&host, &at_host, "agree", json!({})).await.status, 200);
        assert_eq!(take(&carat, &inside, "agree", json!({})).await.json["state"], "agreed");
        let seen = look(&host, &at_host).await;
        assert_eq!((&seen.json["release_on"], &seen.json["onward"]), (&json!(release_on), &json!("The 11:40 train to Northmoor")));
        assert!(!seen.json.to_string().contains("Methadone"), "what she takes is not the driver's to know");
        let letter = home.get(format!("{}/letter", plan.path)).about(hers).send().await.unwrap();
        assert_eq!((letter.status.as_u16(), &letter.json["place"]), (200, &json!("1 Test Row, Northmoor")), "in case nobody can come");

        // She leaves early, is met, and keeps an appointment: care went on.
        assert_eq!(take(&host, &at_host, "note-met", json!({})).await.json["state"], "met");
        assert_eq!(plan.post(&home, "note-release", json!({})).await.status, 200);
        assert_eq!(plan.post(&home, "note-attended", json!({})).await.status, 200);
        let kept = plan.read(&home).await;
        assert_eq!((&kept.json["continuity"], &kept.json["state"]), (&json!("within-three-weeks"), &json!("seen")));
        assert_eq!(step(&home, hers, "resume", json!({})).await.json["state"], "active");
        assert_eq!(kinds(&home).await, ["review-care-plan"]);
    }
}

on_both_stores! {
    async fn an_appointment_on_24_june_counts_and_one_on_25_june_does_not(world: World) {
        let home = world.worker(CJIT, "testa-rowan");
        for (surname, kept_on, continuity) in
            [("Cedar", "2026-06-24", "within-three-weeks"), ("Juniper", "2026-06-25", "late")]
        {
            let person = world.client(&home, "Fixture", surname).await;
            let plan = plan_for(&home, person, planned("2026-06-03".parse().unwrap())).await;
            assert_eq!(plan.read(&home).await.json["continuity_until"], "2026-06-24");
            assert_eq!(plan.post(&home, "note-release", json!({"on": "2026-06-03"})).await.status, 200);
            assert_eq!(plan.post(&home, "note-missed", json!({"on": "2026-06-05"})).await.status, 200);
            assert_eq!(plan.post(&home, "note-attended", json!({"on": kept_on})).await.status, 200);
            let read = plan.read(&home).await;
            assert_eq!((&read.json["continuity"], &read.json["missed_on"]), (&json!(continuity), &json!(["2026-06-05"])));
        }
    }
}

on_both_stores! {
    async fn custody_that_becomes_longer_than_a_month_closes_the_case(world: World) {
        let home = world.worker(CJIT, "testa-rowan");
        let hers = client(&home, &["call"], false).await;
        assert_eq!(admit(&home, hers).await.status, 201);
        let today = day(&world, 0);
        let stay = |until: jiff::civil::Date| json!({"received_on": today, "release_expected_on": until});
        let s1 = json!({"suspend_code": "S1", "custody": stay(day(&world, 20))});
        assert_eq!(step(&home, hers, "suspend", s1).await.status, 200);
        assert_eq!(named(&step(&home, hers, "close", json!({"close_code": "C2"})).await), ["custody"], "it is short so far");
        assert_eq!(named(&step(&home, hers, "close", json!({"close_code": "C3"})).await), ["reach_out"]);
        let longer = json!({"custody": stay(today + 1.month() + 1.day())});
        assert_eq!(step(&home, hers, "note-custody", longer).await.status, 200);
        assert_eq!(episode(&home, hers).await["custody"]["longer_than_a_month"], true);
        let month = tasks(&home, "agency").await;
        let month = month.iter().find(|task| task["kind"] == "custody-month").unwrap().clone();
        assert!(month["due"].as_str().unwrap().starts_with(&world.journal.now().to_string()[..8]), "due now: {month}");
        assert_eq!(step(&home, hers, "close", json!({"close_code": "C2"})).await.status, 200);
        assert_eq!(kinds(&home).await, [""; 0]);
    }
}

on_both_stores! {
    async fn what_is_entered_late_is_judged_by_its_own_days(world: World) {
        let home = world.worker(CJIT, "testa-rowan");
        let hers = client(&home, &["call"], false).await;
        assert_eq!(admit(&home, hers).await.status, 201);
        // Into prison on Thursday 14 May 2026 for twenty days, out on Wednesday 3 June; all of it entered from paper.
        let custody = json!({"received_on": "2026-05-14", "release_expected_on": "2026-06-03", "prison": "HMP Fallowgate"});
        let suspended = json!({"on": "2026-05-14", "suspend_code": "S1", "custody": custody});
        assert_eq!(step(&home, hers, "suspend", suspended).await.status, 200);
        let overstayed = step(&home, hers, "resume", json!({"on": "2026-06-15"})).await;
        assert_eq!((overstayed.status.as_u16(), named(&overstayed)), (422, vec!["on"]), "after a month it is C2");
        assert_eq!(step(&home, hers, "resume", json!({"on": "2026-06-03"})).await.json["state"], "active");
        let now = episode(&home, hers).await;
        assert_eq!((&now["review_due"], &now["custody"]["released_on"]), (&json!("2026-09-23"), &json!("2026-06-03")));
        assert_eq!(now["steps"][0]["on"], "2026-05-14", "both times are on record: when it was, and when it was entered");
        assert!(now["steps"][0]["recorded_at"].as_str().unwrap() > "2026-06-03");
    }
}
