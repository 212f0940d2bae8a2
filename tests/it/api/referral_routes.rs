//! The routes to those who do a part of the work: each carries what its rule says, to whom the person named, and no more.

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::vocabulary::Purpose;

use super::release::{Team, consent, created};
use super::release_plan;
use crate::support::{World, on_both_stores};

const CARAT: &str = "fallowgate-carat";
const CJIT: &str = "northmoor-cjit";
const EVERYTHING: [&str; 12] = [
    "identity",
    "contact",
    "attendance",
    "housing",
    "employment-finance",
    "drug-use",
    "physical-health",
    "care-plan",
    "prescribing",
    "risk",
    "offending",
    "release-plan",
];

async fn sender(world: &World, agency: &str) -> Team {
    let worker = if agency == CARAT { "fixture-oak" } else { "testa-rowan" };
    let actor = world.worker(agency, worker);
    let client_ref = world.client(&actor, "Fixture", "Cedar").await;
    Team { actor, client_ref }
}

/// The person agrees that this agency gives to that one whatever a rule lets pass.
pub async fn agrees(world: &World, team: &Team, recipient: &str, method: &str, purpose: &str) {
    let mut body = consent(world.journal.now());
    body["disclosing_agencies"] = json!([team.actor.agency()]);
    body["recipients"] = json!([recipient]);
    body["method"] = json!(method);
    body["purposes"] = json!([purpose]);
    body["segments"] = json!(EVERYTHING);
    if method == "verbal-witnessed" {
        body["witness"] = json!("sample-witness");
    }
    let path = format!("/v1/clients/{}/consents", team.client_ref);
    created(&team.post(path, body).await, "consent_id");
}

pub async fn drafts(team: &Team, referral: Value) -> Answer {
    let mut body = json!({"client_ref": team.client_ref, "urgency": "routine", "need": "support"});
    body.as_object_mut().unwrap().extend(referral.as_object().unwrap().clone());
    team.post("/v1/referrals".to_owned(), body).await
}

pub async fn sends(team: &Team, referral: Value) -> Answer {
    let drafted = drafts(team, referral).await;
    let path = format!("/v1/referrals/{}", created(&drafted, "referral"));
    team.act(&path, "send", json!({})).await
}

/// What the recipient sees of the one referral that was sent to it.
async fn received(actor: &Actor, purpose: Purpose) -> Answer {
    let listed = actor.get("/v1/referrals?box=in").purpose(purpose).send().await.unwrap();
    assert_eq!(listed.status, 200, "{}", listed.json);
    let lines = listed.json["referrals"].as_array().unwrap();
    assert_eq!(lines.len(), 1, "{}", listed.json);
    let about = lines[0]["client_ref"].as_str().unwrap().parse().unwrap();
    let path = format!("/v1/referrals/{}", lines[0]["referral"].as_str().unwrap());
    actor.get(path).about(about).purpose(purpose).send().await.unwrap()
}

/// What the referral tells its recipient by itself.
async fn summary_of(actor: &Actor, purpose: Purpose, view: &Answer) -> Answer {
    let path = format!("/v1/referrals/{}/summary", view.json["referral"].as_str().unwrap());
    let about = view.json["client_ref"].as_str().unwrap().parse().unwrap();
    actor.get(path).about(about).purpose(purpose).send().await.unwrap()
}

async fn record_of(actor: &Actor, view: &Answer) -> Answer {
    let path = format!("/v1/dirs/{}", view.json["dirs"][0].as_str().unwrap());
    let about = view.json["client_ref"].as_str().unwrap().parse().unwrap();
    actor.get(path).about(about).send().await.unwrap()
}

fn refused_fields(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 400, "{}", answer.json);
    let errors = answer.json["errors"].as_array().unwrap();
    errors.iter().map(|error| error["path"].as_str().unwrap().to_owned()).collect()
}

on_both_stores! {
    async fn what_a_route_may_not_carry_is_refused_by_field(world: World) {
        let cjit = sender(&world, CJIT).await;
        let release = json!({"date": "2026-12-18", "prison": "HMP Fallowgate"});
        let probation = drafts(&cjit, json!({
            "recipient": "northmoor-probation", "route": "cjit-to-probation", "release": release, "pick_up_wanted": true,
        })).await;
        assert_eq!(refused_fields(&probation), ["release", "pick_up_wanted", "summary.assessment", "supervision"]);
        let treatment = drafts(&cjit, json!({
            "recipient": "eastvale-treatment", "route": "cjit-to-treatment", "supervision": "drr",
            "summary": {"main_drug": "heroin", "assessment": "follow-up-needed"},
        })).await;
        assert_eq!(refused_fields(&treatment), ["supervision", "summary.main_drug", "summary.assessment"]);
        let elsewhere = drafts(&cjit, json!({"recipient": "northmoor-works", "route": "cjit-to-treatment"})).await;
        assert_eq!(refused_fields(&elsewhere), ["recipient"]);
        let carat = sender(&world, CARAT).await;
        let undated = drafts(&carat, json!({"recipient": "northmoor-resettlement", "route": "carat-to-resettlement"})).await;
        assert_eq!(refused_fields(&undated), ["release"]);
    }
}

on_both_stores! {
    async fn probation_hears_of_an_assessment_only_with_a_signed_consent(world: World) {
        let cjit = sender(&world, CJIT).await;
        cjit.checks().await;
        let outcome = json!({
            "recipient": "northmoor-probation", "route": "cjit-to-probation", "supervision": "drr",
            "summary": {"assessment": "no-further-intervention", "main_drug": "heroin"},
        });
        let path = format!("/v1/referrals/{}", created(&drafts(&cjit, outcome).await, "referral"));
        agrees(&world, &cjit, "northmoor-probation", "electronic", "offender-management").await;
        let unsigned = cjit.act(&path, "send", json!({})).await;
        assert_eq!((unsigned.status.as_u16(), unsigned.problem()), (409, "consent-not-effective"));
        agrees(&world, &cjit, "northmoor-probation", "written", "offender-management").await;
        let sent = cjit.act(&path, "send", json!({})).await;
        assert_eq!(sent.status, 200, "{}", sent.json);
        let officer = world.worker("northmoor-probation", "trial-elm");
        let view = received(&officer, Purpose::OffenderManagement).await;
        assert_eq!((&view.json["supervision"], &view.json["summary"], &view.json["dirs"]), (&Value::Null, &Value::Null, &json!([])));
        let told = summary_of(&officer, Purpose::OffenderManagement, &view).await;
        assert_eq!(told.json, json!({
            "referral": view.json["referral"], "main_drug": "heroin", "care_plan": null,
            "assessment": "no-further-intervention", "release": null, "pick_up_wanted": null,
        }));
        assert_eq!(summary_of(&officer, Purpose::Referral, &view).await.status, 404, "for the order, and for nothing else");
        assert_eq!(cjit.get(format!("{path}/summary")).await.status, 403, "a team has it in its own view");
        cjit.withdraws().await;
        assert_eq!(received(&officer, Purpose::OffenderManagement).await.json["state"], "cancelled");
        assert_eq!(summary_of(&officer, Purpose::OffenderManagement, &view).await.status, 404);
    }
}

on_both_stores! {
    async fn resettlement_reads_letters_of_row_10_and_the_summary_of_treatment(world: World) {
        let carat = sender(&world, CARAT).await;
        carat.checks().await;
        let dir = carat.signed_dir().await;
        agrees(&world, &carat, "northmoor-resettlement", "electronic", "referral").await;
        agrees(&world, &carat, "northmoor-resettlement", "electronic", "continuity-of-care").await;
        let sent = sends(&carat, json!({
            "recipient": "northmoor-resettlement", "route": "carat-to-resettlement", "dirs": [dir],
            "release": {"date": "2026-12-18", "prison": "HMP Fallowgate"}, "pick_up_wanted": true,
            "summary": {"main_drug": "heroin", "care_plan": "Detoxified; day programme after release."},
        })).await;
        assert_eq!(sent.status, 200, "{}", sent.json);
        let team = world.worker("northmoor-resettlement", "trial-cherry");
        let view = received(&team, Purpose::ContinuityOfCare).await;
        assert_eq!((&view.json["release"], &view.json["responsible"]), (&Value::Null, &json!("sender")));
        let told = summary_of(&team, Purpose::ContinuityOfCare, &view).await.json;
        assert_eq!((&told["main_drug"], &told["care_plan"]), (&json!("heroin"), &json!("Detoxified; day programme after release.")));
        assert_eq!((&told["release"]["date"], &told["pick_up_wanted"]), (&json!("2026-12-18"), &json!(true)));
        let read = record_of(&team, &view).await;
        assert_eq!(read.status, 200, "{}", read.json);
        let document = &read.json["document"];
        assert!(document["substance_use"].is_null() && document["prescribing"].is_null(), "{document}");
    }
}

on_both_stores! {
    async fn a_project_is_sent_a_record_only_where_the_person_named_it(world: World) {
        let cjit = sender(&world, CJIT).await;
        cjit.checks().await;
        let dir = cjit.signed_dir().await;
        agrees(&world, &cjit, "eastvale-treatment", "electronic", "continuity-of-care").await;
        let to_project = json!({"recipient": "lantern", "route": "cjit-to-project", "dirs": [dir]});
        let path = format!("/v1/referrals/{}", created(&drafts(&cjit, to_project).await, "referral"));
        let unnamed = cjit.act(&path, "send", json!({})).await;
        assert_eq!((unnamed.status.as_u16(), unnamed.problem()), (409, "consent-not-effective"));
        agrees(&world, &cjit, "lantern", "electronic", "continuity-of-care").await;
        assert_eq!(cjit.act(&path, "send", json!({})).await.status, 200);
        let worker = world.worker("lantern", "ms-placeholder");
        let view = received(&worker, Purpose::ContinuityOfCare).await;
        let read = record_of(&worker, &view).await;
        assert_eq!(read.status, 200, "{}", read.json);
        assert!(read.json["document"]["prescribing"].is_null() && !read.json["document"]["substance_use"].is_null());

        // Whoever else is sent the same record learns nothing of it.
        let treatment = sends(&cjit, json!({"recipient": "eastvale-treatment", "route": "cjit-to-treatment", "dirs": [dir]})).await;
        assert_eq!(treatment.status, 200, "{}", treatment.json);
        let nurse = world.worker("eastvale-treatment", "mock-tansy");
        let view = received(&nurse, Purpose::ContinuityOfCare).await;
        let read = record_of(&nurse, &view).await;
        assert!(!read.json["document"]["prescribing"].is_null(), "{}", read.json);
        for answer in [&view, &read] {
            let text = String::from_utf8_lossy(&answer.bytes).to_lowercase();
            for word in ["lantern", "to-project", "joint-work", "\"specialist_project\":true"] {
                assert!(!text.contains(word), "{word}: {text}");
            }
        }
    }
}

on_both_stores! {
    async fn the_card_of_a_slot_names_nobody_and_no_service_whose_kind_tells(world: World) {
        let actor = world.worker(CJIT, "testa-rowan");
        let client_ref = release_plan::client(&actor, &["letter"], true).await;
        let cjit = Team { actor, client_ref };
        let slot = json!({"at": "2026-12-01T10:00:00Z", "place": "1 Test Row"});
        let to_project = json!({"recipient": "lantern", "route": "cjit-to-project", "anonymous": true, "slot": slot});
        let path = format!("/v1/referrals/{}", created(&drafts(&cjit, to_project).await, "referral"));
        let card = cjit.get(format!("{path}/card")).await;
        assert_eq!(card.json, json!({
            "day": "2026-12-01", "time": "10:00:00", "place": "1 Test Row", "need": "support", "service": null,
            "telephone": "01632 960151", "telephone_out_of_hours": "07700 900151", "telephone_crisis": "08081 570100",
        }));
        let page = cjit.actor.get(format!("{path}/card")).about(client_ref).with("Accept", "text/html").send().await.unwrap();
        let text = String::from_utf8_lossy(&page.bytes);
        assert!(text.contains("Tuesday 1 December 2026, 10:00") && text.contains("In a crisis: 08081 570100"), "{text}");
        assert!(!text.contains("Lantern") && !text.contains("Fix"), "{text}");

        let ete = json!({"recipient": "northmoor-works", "route": "cjit-to-ete", "anonymous": true, "slot": slot});
        let path = format!("/v1/referrals/{}", created(&drafts(&cjit, ete).await, "referral"));
        assert_eq!(cjit.get(format!("{path}/card")).await.json["service"], "Northmoor Works");
        let silent = sender(&world, CJIT).await;
        let unsafe_one = json!({"recipient": "lantern", "route": "cjit-to-project", "anonymous": true, "slot": slot});
        let path = format!("/v1/referrals/{}", created(&drafts(&silent, unsafe_one).await, "referral"));
        let refused = silent.get(format!("{path}/card")).await;
        assert_eq!((refused.status.as_u16(), &refused.json["errors"][0]["code"]), (409, &json!("letter-not-safe")));
    }
}

on_both_stores! {
    async fn a_referral_to_work_or_money_ends_with_what_came_of_it_and_another_does_not(world: World) {
        let cjit = sender(&world, CJIT).await;
        cjit.checks().await;
        let wrong = drafts(&cjit, json!({"recipient": "eastvale-treatment", "route": "cjit-to-treatment", "need": "debt-advice"})).await;
        assert_eq!(refused_fields(&wrong), ["need"]);
        let wrong = drafts(&cjit, json!({"recipient": "northmoor-works", "route": "cjit-to-ete", "need": "family-residential"})).await;
        assert_eq!(refused_fields(&wrong), ["need"]);
        let dir = cjit.signed_dir().await;
        agrees(&world, &cjit, "northmoor-works", "electronic", "continuity-of-care").await;
        agrees(&world, &cjit, "eastvale-treatment", "electronic", "continuity-of-care").await;
        for (recipient, worker, route, need, ends) in [
            ("northmoor-works", "trial-medlar", "cjit-to-ete", "benefits", 200),
            ("eastvale-treatment", "dummy-fennel", "cjit-to-treatment", "family-residential", 422),
        ] {
            let sent = sends(&cjit, json!({"recipient": recipient, "route": route, "need": need, "dirs": [dir]})).await;
            assert_eq!(sent.status, 200, "{}", sent.json);
            let actor = world.worker(recipient, worker);
            let view = received(&actor, Purpose::ContinuityOfCare).await;
            assert_eq!(view.json["need"], need);
            let theirs = Team { actor, client_ref: view.json["client_ref"].as_str().unwrap().parse().unwrap() };
            let path = format!("/v1/referrals/{}", view.json["referral"].as_str().unwrap());
            let contact = json!({"first_contact_at": world.journal.now().to_string()});
            for (step, body) in [("acknowledge", json!({})), ("accept", json!({"named_worker": worker})), ("start", contact)] {
                let taken = theirs.act(&path, step, body).await;
                assert_eq!(taken.status, 200, "{step}: {}", taken.json);
            }
            let ended = theirs.act(&path, "complete", json!({"outcome": "benefits-in-payment"})).await;
            assert_eq!(ended.status.as_u16(), ends, "{}", ended.json);
        }
        let listed = cjit.get("/v1/referrals?box=out".to_owned()).await;
        let states: Vec<&Value> = listed.json["referrals"].as_array().unwrap().iter().map(|line| &line["state"]).collect();
        assert_eq!(states, [&json!("completed"), &json!("in-progress")]);
        let path = format!("/v1/referrals/{}", listed.json["referrals"][0]["referral"].as_str().unwrap());
        assert_eq!(cjit.get(path).await.json["findings"]["outcome"], "benefits-in-payment", "the team learns what came of it");
    }
}
