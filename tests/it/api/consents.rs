//! Consents: what is recorded, what each party sees of it, and how it is taken back.

use jiff::ToSpan as _;
use serde_json::{Value, json};
use throughgate::clock::Clock as _;
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use crate::support::{World, on_both_stores};

/// Dummy Ivy, alike wherever she is presented.
pub async fn dummy_ivy(worker: &Actor, purpose: Purpose) -> Handle {
    let person = json!({"person": {
        "names": [{"kind": "legal", "forename": "Dummy", "surname": "Ivy"}],
        "date_of_birth": "1991-07-14", "sex": "female", "nhs_number": "9990001006",
    }});
    let answer = worker.post("/v1/clients", person).purpose(purpose).send().await.unwrap();
    assert_eq!(answer.status, 201, "{}", answer.json);
    answer.handle("client_ref").unwrap()
}

/// CARAT may tell the CJIT and the landlord.
pub fn terms(world: &World) -> Value {
    let now = world.clock.now();
    json!({
        "decision": "given", "given_by": "client", "capacity_confirmed": true,
        "obtained_at": now, "method": "written", "evidence_hash": "0f".repeat(32),
        "form_version_uri": "urn:northmoor:consent-form:3", "language": "en", "interpreter_used": false,
        "disclosing_agencies": ["fallowgate-carat"], "recipients": ["northmoor-cjit", "testhomes"],
        "purposes": ["continuity-of-care", "housing-support"],
        "segments": ["identity", "contact", "drug-use", "sex-work"],
        "not_before": now, "expires_at": now + (24 * 90).hours(),
        "seen_alone": true, "refusal_explained": true, "redisclosure": "prohibited",
    })
}

pub async fn record(world: &World, carat: &Actor, client: Handle) -> Answer {
    let answer = carat
        .post(format!("/v1/clients/{client}/consents"), terms(world))
        .about(client)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status, 201, "{}", answer.json);
    answer
}

async fn listed(worker: &Actor, client: Handle) -> Vec<Value> {
    let answer = worker.get(format!("/v1/clients/{client}/consents")).about(client).send().await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.json);
    answer.json["consents"].as_array().unwrap().clone()
}

pub fn id(consent: &Value) -> Handle {
    consent["consent_id"].as_str().unwrap().parse().unwrap()
}

on_both_stores! {
    async fn each_party_sees_its_own_slice_under_its_own_handle(world: World) {
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let lantern = world.worker("lantern", "ms-placeholder");
        let care = Purpose::ContinuityOfCare;
        let (at_carat, at_cjit, at_lantern) =
            (dummy_ivy(&carat, care).await, dummy_ivy(&cjit, care).await, dummy_ivy(&lantern, care).await);
        let recorded = record(&world, &carat, at_carat).await;
        let consent = recorded.handle("consent_id").unwrap();
        assert_eq!(recorded.header("location"), format!("/v1/consents/{consent}"));

        let read = carat.get(recorded.header("location")).about(at_carat).send().await.unwrap();
        assert_eq!((read.status.as_u16(), read.etag()), (200, recorded.etag()));
        assert_eq!(read.json["terms"]["recipients"], json!(["northmoor-cjit", "testhomes"]));

        let theirs = listed(&cjit, at_cjit).await;
        assert_eq!(theirs.len(), 1);
        assert_eq!(theirs[0]["may_receive"], true);
        assert_eq!(theirs[0]["client_ref"], at_cjit.to_string());
        assert_ne!(id(&theirs[0]), consent);
        let text = theirs[0].to_string();
        for other in ["testhomes", "fallowgate", "fixture-oak"] {
            assert!(!text.contains(other), "{other} in {text}");
        }
        assert_eq!(listed(&lantern, at_lantern).await, Vec::<Value>::new());

        let strangers = lantern.get(format!("/v1/consents/{consent}")).about(at_lantern).send().await.unwrap();
        assert_eq!((strangers.status.as_u16(), strangers.problem()), (404, "not-found-or-not-permitted"));
    }
}

on_both_stores! {
    async fn the_preview_shows_who_could_see_what_to_the_taker_and_to_each_party_its_own(world: World) {
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let care = Purpose::ContinuityOfCare;
        let (at_carat, at_cjit) = (dummy_ivy(&carat, care).await, dummy_ivy(&cjit, care).await);
        let consent = record(&world, &carat, at_carat).await.handle("consent_id").unwrap();
        let all = carat.get(format!("/v1/consents/{consent}/preview")).about(at_carat).send().await.unwrap();
        assert_eq!(all.status, 200, "{}", all.json);
        let lines = all.json["lines"].as_array().unwrap();
        assert_eq!(lines.len(), 4);
        let to_cjit = &lines[0];
        assert_eq!((&to_cjit["recipient"], &to_cjit["purpose"]), (&json!("northmoor-cjit"), &json!("continuity-of-care")));
        assert!(to_cjit["segments"].as_array().unwrap().contains(&json!("drug-use")), "{to_cjit}");

        let words = &all.json["recipients"][0];
        let first = words["says"][0].as_str().unwrap();
        assert!(first.starts_with("For keeping your care going") && first.contains("your drug use"), "{words}");
        assert!(all.json["conditions"].to_string().contains("It counts until"), "{}", all.json);
        assert!(all.json["taking_back"].to_string().contains("called off"), "{}", all.json);
        let page = carat.get(format!("/v1/consents/{consent}/preview")).about(at_carat).with("Accept", "text/html").send().await.unwrap();
        let text = String::from_utf8_lossy(&page.bytes).into_owned();
        assert!(page.header("content-type").starts_with("text/html") && text.contains("your drug use"), "{text}");

        let theirs = id(&listed(&cjit, at_cjit).await[0]);
        let own = cjit.get(format!("/v1/consents/{theirs}/preview")).about(at_cjit).send().await.unwrap();
        let lines = own.json["lines"].as_array().unwrap();
        assert!(!lines.is_empty() && lines.iter().all(|line| line["recipient"] == "northmoor-cjit"), "{}", own.json);
    }
}

on_both_stores! {
    async fn an_agency_that_nobody_knows_is_told_by_its_place(world: World) {
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let client = dummy_ivy(&carat, Purpose::ContinuityOfCare).await;
        let mut wrong = terms(&world);
        wrong["recipients"] = json!(["northmoor-cjit", "canary-agency"]);
        let answer = carat
            .post(format!("/v1/clients/{client}/consents"), wrong)
            .about(client).send().await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.problem()), (400, "malformed-request"));
        assert_eq!(answer.json["errors"][0]["path"], "recipients[1]");
        assert!(!String::from_utf8_lossy(&answer.bytes).contains("canary"));
        let mut watched = terms(&world);
        (watched["present"], watched["seen_alone"]) = (json!(["police"]), json!(false));
        let answer = carat
            .post(format!("/v1/clients/{client}/consents"), watched)
            .about(client).send().await.unwrap();
        assert_eq!((answer.status.as_u16(), &answer.json["errors"][0]["path"]), (400, &json!("present")));
    }
}

on_both_stores! {
    async fn who_is_struck_from_a_consent_is_refused_the_next_read(world: World) {
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let care = Purpose::ContinuityOfCare;
        let (at_carat, at_cjit) = (dummy_ivy(&carat, care).await, dummy_ivy(&cjit, care).await);
        let recorded = record(&world, &carat, at_carat).await;
        let consent = recorded.handle("consent_id").unwrap();
        let theirs = id(&listed(&cjit, at_cjit).await[0]);

        let path = format!("/v1/consents/{consent}/withdrawal");
        let body = json!({"channel": "in-person", "only_recipients": ["northmoor-cjit"], "reason": "Wished so."});
        let withdraw = || carat.post(path.clone(), body.clone()).about(at_carat);
        assert_eq!(withdraw().send().await.unwrap().status, 428);
        assert_eq!(withdraw().if_match("\"stale\"").send().await.unwrap().status, 412);
        let done = withdraw().if_match(recorded.etag()).send().await.unwrap();
        assert_eq!(done.status, 200, "{}", done.json);

        let of_kind = |agency: &str| {
            world.number(&format!(
                "SELECT count(*) AS number FROM event WHERE kind = 'consent.withdrawn' AND agency = '{agency}'"
            ))
        };
        assert_eq!([of_kind("northmoor-cjit"), of_kind("testhomes"), of_kind("fallowgate-carat")], [1, 0, 0]);
        let refused = cjit.get(format!("/v1/consents/{theirs}")).about(at_cjit).send().await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.problem()), (404, "not-found-or-not-permitted"));
        assert!(refused.receipt.is_some());
        assert_eq!(listed(&cjit, at_cjit).await, Vec::<Value>::new());
        let left = carat.get(format!("/v1/consents/{consent}")).about(at_carat).send().await.unwrap();
        assert_eq!((left.etag(), &left.json["terms"]["recipients"]), (done.etag(), &json!(["testhomes"])));
        assert_eq!(left.json["status"], "active");
    }
}

on_both_stores! {
    async fn withdrawing_at_any_agency_tells_nothing_and_ends_everything(world: World) {
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let lantern = world.worker("lantern", "ms-placeholder");
        let care = Purpose::ContinuityOfCare;
        let (at_carat, at_lantern) = (dummy_ivy(&carat, care).await, dummy_ivy(&lantern, care).await);
        let consent = record(&world, &carat, at_carat).await.handle("consent_id").unwrap();
        let nobody = world.client(&lantern, "Testa", "Alder").await;

        let withdraw = |client: Handle, confirmed: bool| {
            let body = json!({"channel": "voice", "urgent_effects_confirmed": confirmed});
            lantern.post(format!("/v1/clients/{client}/withdrawal"), body).about(client)
        };
        for client in [at_lantern, nobody] {
            let asked = withdraw(client, false).send().await.unwrap();
            assert_eq!((asked.status.as_u16(), asked.problem()), (409, "withdrawal-needs-confirmation"));
            assert_eq!(asked.json["errors"][0]["code"], "may-cancel-referrals");
        }
        let (some, none) = (
            withdraw(at_lantern, true).send().await.unwrap(),
            withdraw(nobody, true).send().await.unwrap(),
        );
        assert_eq!((some.status.as_u16(), none.status.as_u16()), (200, 200));
        assert_eq!(some.bytes.len(), none.bytes.len());

        let ended = carat.get(format!("/v1/consents/{consent}")).about(at_carat).send().await.unwrap();
        assert_eq!(ended.json["status"], "withdrawn");
        let again = carat
            .post(format!("/v1/consents/{consent}/withdrawal"), json!({"channel": "voice"}))
            .if_match(ended.etag()).about(at_carat).send().await.unwrap();
        assert_eq!((again.status.as_u16(), again.problem()), (409, "invalid-transition"));
    }
}

on_both_stores! {
    async fn a_new_consent_replaces_the_old_one_of_the_same_taker(world: World) {
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let client = dummy_ivy(&carat, Purpose::ContinuityOfCare).await;
        let old = record(&world, &carat, client).await.handle("consent_id").unwrap();
        let mut newer = terms(&world);
        newer["supersedes"] = json!(old);
        let path = format!("/v1/clients/{client}/consents");
        let answer = carat.post(path.clone(), newer.clone()).about(client).send().await.unwrap();
        assert_eq!(answer.status, 201, "{}", answer.json);
        let states: Vec<_> = listed(&carat, client).await.iter().map(|c| c["status"].clone()).collect();
        assert_eq!(states, [json!("superseded"), json!("active")]);
        for wrong in [old, Handle::random()] {
            newer["supersedes"] = json!(wrong);
            let answer = carat.post(path.clone(), newer.clone()).about(client).send().await.unwrap();
            assert_eq!((answer.status.as_u16(), &answer.json["errors"][0]["path"]), (400, &json!("supersedes")));
        }
    }
}
