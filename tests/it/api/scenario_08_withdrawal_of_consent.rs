//! Scenario 8: withdrawal of consent. Dummy Ivy lets the CJIT tell the prison's team and Testhomes. At ten she takes housing back: what was on
//! its way is refused, what was read stays on record, the prison goes on, and so does what the law requires, as she is told.

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::ledger::entry::Field;
use throughgate::vocabulary::Purpose;

use super::custody::{Case, Desk as Custody, initial, ra1};
use super::erasure::{opened, text};
use super::housing::{Desk as Landlord, HOUSING, at_the_landlord, six_items};
use super::joint::tasks;
use super::release::{Team, created, document};
use super::subject_access::Desk as Account;
use crate::support::{World, invented, on_both_stores_at};

const CJIT: &str = "northmoor-cjit";
const CARAT: &str = "fallowgate-carat";
const IVY: (&str, &str) = ("Dummy", "Ivy");

/// She agrees, on one form, that the prison's team and Testhomes are told, each for its own purpose.
async fn agrees(world: &World, team: &Team) -> Answer {
    let now = world.journal.now();
    let consent = json!({
        "decision": "given", "given_by": "client", "capacity_confirmed": true, "obtained_at": now.to_string(),
        "method": "written", "evidence_hash": "a".repeat(64), "form_version_uri": "urn:example:form:1",
        "language": "en", "interpreter_used": false, "disclosing_agencies": [CJIT],
        "recipients": [CARAT, "testhomes"], "purposes": ["continuity-of-care", "referral", "housing-support"],
        "segments": ["identity", "contact", "attendance", "drug-use", "care-plan", "prescribing", "housing", "risk"],
        "not_before": now.to_string(), "expires_at": (now + jiff::SignedDuration::from_hours(24 * 90)).to_string(),
        "seen_alone": true, "refusal_explained": true, "redisclosure": "prohibited",
    });
    let recorded = team.post(format!("/v1/clients/{}/consents", team.client_ref), consent).await;
    assert_eq!(recorded.status, 201, "{}", recorded.json);
    recorded
}

/// Her record goes to the prison's team, which accepts it: the record by the name that the team has for it.
async fn referred_to_prison(world: &World, team: &Team) -> (Team, String) {
    let mut hers = document();
    hers["person"] = invented(IVY.0, IVY.1)["person"].clone();
    let path = format!("/v1/clients/{}/dirs", team.client_ref);
    let dir = created(&team.post(path, json!({"document": hers})).await, "dir");
    assert_eq!(team.act(&format!("/v1/dirs/{dir}"), "signature", json!({})).await.status, 200);
    let check = json!({"client_ref": team.client_ref, "reason": "release-planning"});
    let ask = team.actor.post("/v1/caseload-checks", check).purpose(Purpose::DuplicateCheck);
    assert_eq!(ask.about(team.client_ref).send().await.unwrap().status, 201);
    let referral = json!({"client_ref": team.client_ref, "recipient": CARAT, "route": "cjit-to-carat",
        "urgency": "routine", "need": "treatment", "dirs": [dir], "release": {"prison": "HMP Fallowgate"}});
    let drafted = created(&team.post("/v1/referrals".to_owned(), referral).await, "referral");
    let sent = team.act(&format!("/v1/referrals/{drafted}"), "send", json!({})).await;
    assert_eq!(sent.status, 200, "{}", sent.json);

    let actor = world.worker(CARAT, "fixture-oak");
    let line = actor.get("/v1/referrals?box=in").send().await.unwrap().json["referrals"][0].clone();
    let client_ref = line["client_ref"].as_str().unwrap().parse().unwrap();
    let prison = Team { actor, client_ref };
    let path = format!("/v1/referrals/{}", line["referral"].as_str().unwrap());
    for (step, body) in [("acknowledge", json!({})), ("accept", json!({"named_worker": "fixture-oak"}))] {
        let taken = prison.act(&path, step, body).await;
        assert_eq!(taken.status, 200, "{step}: {}", taken.json);
    }
    let dir = prison.get(path).await.json["dirs"][0].as_str().unwrap().to_owned();
    (prison, format!("/v1/dirs/{dir}"))
}

/// Each of the landlord's referrals by its path, oldest first.
async fn awaiting_answer(world: &World) -> Vec<String> {
    let landlord = world.worker("testhomes", "example-beech");
    let tasks = tasks(&landlord, HOUSING).await.into_iter();
    tasks.filter(|(kind, _)| kind == "answer-housing-referral").map(|(_, path)| path).collect()
}

/// How often an agency was told of this.
fn told(world: &World, kind: &str, agency: &str) -> i64 {
    world.number(&format!(
        "SELECT count(*) AS number FROM event WHERE kind = '{kind}' AND agency = '{agency}'"
    ))
}

/// Both sides of the assessment that the law requires of her.
async fn required(world: &World) -> (Case, Case) {
    let police = Custody::police(world, IVY).await;
    let police = police.opens(json!({"pathway": "enforcement", "trigger": "initial-assessment",
        "test": {"type": "trigger-offence", "result": "positive-opiates"}, "identified_at": "2026-06-10T08:00",
        "residence": "resident", "assessor": CJIT})).await;
    police.acts("appointments", initial("2026-06-10T09:00")).await;
    police.acts("notices", ra1(world)).await;
    (police, Custody::cjit(world, IVY).await.case().await)
}

async fn withdraws(team: &Team, consent: &str, etag: &str, confirmed: bool) -> Answer {
    let said = json!({"channel": "in-person", "only_recipients": ["testhomes"], "urgent_effects_confirmed": confirmed});
    let ask = team.actor.post(format!("{consent}/withdrawal"), said).about(team.client_ref);
    ask.if_match(etag).send().await.unwrap()
}

/// Whether she is told that an agency got this, and nothing else, at least once.
fn got(lines: &[Value], agency: &str, segments: &Value) -> bool {
    lines.iter().any(|line| {
        let by = line["agency"].as_str().unwrap().contains(agency);
        by && line["segments"] == *segments && line["outcome"] == "permitted"
    })
}

on_both_stores_at! {
    "2026-06-10T07:05:00Z"
    async fn dummy_ivy(world: World) {
        // Wednesday 10 June, 08:05. She must come to an assessment at nine; she comes, and stays.
        let (police, cjit) = required(&world).await;
        let actor: Actor = cjit.desk.worker.clone();
        let team = Team { actor, client_ref: cjit.desk.client_ref };
        world.clock.advance(85 * 60);
        cjit.acts("outcomes", json!({"appointment": "initial", "outcome": "attended-and-remained",
            "at": "2026-06-10T09:30", "follow_up": "no-further-intervention"})).await;

        // 09:30. She agrees. The prison has her record; Testhomes reads the six items, and holds back an eviction while she attends.
        let recorded = agrees(&world, &team).await;
        let (prison, dir) = referred_to_prison(&world, &team).await;
        assert_eq!(prison.get(dir.clone()).await.status, 200);
        let ours = Landlord { worker: team.actor.clone(), about: team.client_ref, path: format!("/v1/clients/{}", team.client_ref) };
        let message = || json!({"provider": "testhomes", "items": six_items(&world)});
        let first = ours.makes("housing-referrals", message()).await;
        let read = Landlord::testhomes(&world, &awaiting_answer(&world).await[0]);
        assert_eq!(read.read().await["housing_history"], "Two years in a shared house.");
        read.acts("decline", json!({"reason_code": "no-vacancy"})).await;
        ours.makes("eviction-holds", json!({"provider": "testhomes", "attending": "yes"})).await;
        let held_back = at_the_landlord(&world).await;
        assert_eq!(held_back.read().await["attending"], "yes");
        // One more message waits for the landlord, who has not looked.
        let queued = ours.makes("housing-referrals", message()).await;
        let waiting = Landlord::testhomes(&world, awaiting_answer(&world).await.last().unwrap());

        // 10:00. She takes housing back. First she is told what that ends; then she is told what goes on.
        world.clock.advance(30 * 60);
        let consent = recorded.header("location").to_owned();
        let asked = withdraws(&team, &consent, recorded.etag(), false).await;
        assert_eq!((asked.status.as_u16(), asked.problem()), (409, "withdrawal-needs-confirmation"));
        assert_eq!(asked.json["errors"][0]["code"], "ends-eviction-hold");
        let said = withdraws(&team, &consent, recorded.etag(), true).await;
        assert_eq!(said.status, 200, "{}", said.json);
        let goes_on = said.json["goes_on"].as_array().unwrap();
        assert!(goes_on[0].as_str().unwrap().contains("the police are still told whether you came and stayed"), "{goes_on:?}");
        assert!(goes_on.iter().all(|line| !line.to_string().contains("testhomes")));

        // The recipient is notified, and nobody else; what awaited it awaits nobody.
        assert_eq!([told(&world, "consent.withdrawn", "testhomes"), told(&world, "consent.withdrawn", CARAT)], [1, 0]);
        assert!(awaiting_answer(&world).await.is_empty());
        assert!(!tasks(&team.actor, Purpose::ContinuityOfCare).await.iter().any(|(kind, _)| kind == "attest-attendance"));
        assert_eq!(queued.read().await["state"], "withdrawn");
        assert_eq!(first.read().await["state"], "declined", "what was answered stays as it was answered");

        // 10:05. The queued message is refused, like one that nobody ever sent; and so is a new one, and the eviction's answer.
        world.clock.advance(5 * 60);
        for gone in [&waiting, &read, &held_back] {
            let refused = gone.get().await;
            assert_eq!((refused.status.as_u16(), refused.problem()), (404, "not-found-or-not-permitted"));
            assert!(refused.receipt.is_some(), "and is on record");
        }
        let nobodys = Landlord::testhomes(&world, &format!("/v1/housing-referrals/{}", Handle::random())).get().await;
        assert_eq!(nobodys.bytes.len(), waiting.get().await.bytes.len());
        let new = ours.post("housing-referrals", message()).await;
        assert_eq!((new.status.as_u16(), new.json["errors"][0]["code"].as_str()), (409, Some("consent-required")));
        let (_, openings) = opened(&world, &new).await;
        assert_eq!(text(&openings, Field::ReasonCode), "consent-required");

        // The prison's flow goes on: it reads on and writes on.
        assert_eq!(prison.get(dir.clone()).await.status, 200);
        let added = json!({"kind": "contact", "occurred_at": "2026-06-10T10:05", "tags": ["prescribing"], "text": "Methadone continued."});
        assert_eq!(prison.post(format!("{dir}/activities"), added).await.status, 201);

        // That she came still reaches the police: the law requires it, not her consent. And nothing else does.
        assert_eq!(police.attended().await, [("initial".to_owned(), "attended-and-remained".to_owned())]);
        let record = police.desk.get(&dir).await;
        assert_eq!((record.status.as_u16(), record.problem()), (403, "purpose-not-permitted"));

        // She asks who has seen what: the earlier copy, what was refused, and the police are all in it.
        let lines = Account::of(&world, CJIT, team.client_ref).tells(&world).await;
        assert!(got(&lines, "Testhomes", &json!(["housing", "risk"])), "the earlier copy: {lines:?}");
        assert!(got(&lines, "Northmoor Police", &json!(["attendance"])), "{lines:?}");
        let count = |agency: &str, outcome: &str| {
            lines.iter().filter(|line| line["agency"].as_str().unwrap().contains(agency) && line["outcome"] == outcome).count()
        };
        assert_eq!(count("Testhomes", "refused"), 4, "{lines:?}");
        assert_eq!(count("Northmoor Criminal", "refused"), 2, "asked before it was confirmed, and the new message");
        let withdrawn: Vec<&Value> = lines.iter().filter(|line| line["what"] == "recorded or ended a consent of yours").collect();
        assert_eq!(withdrawn.iter().map(|line| line["outcome"].as_str().unwrap()).collect::<Vec<_>>(), ["permitted", "refused", "permitted"]);
        let basis = lines.iter().find(|line| line["segments"] == json!(["attendance"]) && line["agency"] == "Northmoor Police custody");
        assert_eq!(basis.unwrap()["basis"], "the service has a duty in law to do it");
    }
}
