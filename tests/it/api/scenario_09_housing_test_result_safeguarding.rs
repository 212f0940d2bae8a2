//! Scenario 9: housing, test result, safeguarding. Trial Juniper's six items go to Testhomes and nothing else does; the eviction that Testhomes
//! holds back is answered yes or no; probation sends a cannabis-positive to one named resettlement worker, who has no way to the test system;
//! her key worker tells children's services of a child at risk, without consent and reviewed, and tells police nothing.

use serde_json::json;
use throughgate::vocabulary::Purpose;

use super::housing::{Desk, at_the_landlord, referred, six_items};
use super::results::{Probation, agreed, get};
use super::safeguarding::{Side, concern};
use crate::support::{World, on_both_stores};

const PERSON: (&str, &str) = ("Trial", "Juniper");

on_both_stores! {
    async fn trial_juniper(world: World) {
        // Six items pass. A detail of drug use is refused by the name of its field, and stands in no answer.
        let (sent, testhomes) = referred(&world).await;
        let seen = testhomes.read().await;
        for item in ["housing_history", "independent_living_skills", "vacancy_suitability", "support_needs", "team_support", "risks"] {
            assert!(!seen[item].is_null(), "{item}");
        }
        let cjit = Desk { path: format!("/v1/clients/{}", sent.about), ..sent.clone() };
        let mut more = six_items(&world);
        more["main_drug"] = json!("CANARY");
        let refused = cjit.post("housing-referrals", json!({"provider": "testhomes", "items": more})).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (400, "malformed-request"));
        assert_eq!(refused.json["errors"][0]["path"], "items.main_drug");
        assert!(!String::from_utf8_lossy(&refused.bytes).contains("CANARY"));

        // The eviction hold: attending, yes or no.
        cjit.agrees(&world, json!(["attendance"])).await;
        let hold = cjit.makes("eviction-holds", json!({"provider": "testhomes", "attending": "yes"})).await;
        let landlord = at_the_landlord(&world).await;
        assert_eq!(landlord.read().await["attending"], "yes");
        hold.acts("attestations", json!({"attending": "no"})).await;
        assert_eq!(landlord.read().await["attending"], "no");

        // Probation tells the named worker.
        let probation = Probation::of(&world, PERSON).await;
        agreed(&world, PERSON).await;
        let told = probation.tells(&world, "trial-cherry").await;
        assert_eq!(told.status, 201, "{}", told.json);
        let named = world.worker("northmoor-resettlement", "trial-cherry");
        let mine = named.get("/v1/tasks?view=mine").purpose(Purpose::Treatment).send().await.unwrap();
        let path = mine.json["tasks"][0]["subject"].as_str().unwrap().to_owned();
        let result = get(&named, &path).await;
        assert_eq!((&result.json["cannabis"], &result.json["class_a"]), (&json!("positive"), &json!("negative")));
        assert_eq!(get(&world.worker("northmoor-resettlement", "trial-plum"), &path).await.status, 404);

        // Opening the test system is refused: the sender's name for the result leads the worker nowhere, and there is no list.
        let theirs = told.header("location").to_owned();
        assert_eq!(get(&named, &theirs).await.status, 404);
        let client = result.json["client_ref"].as_str().unwrap();
        let results = named.get(format!("/v1/clients/{client}/test-results")).purpose(Purpose::Treatment);
        let results = results.about(client.parse().unwrap()).send().await.unwrap();
        assert_eq!(results.status, 405);
        let sends = json!({"class_a": "negative", "cannabis": "negative", "tested_on": "2026-01-05", "agency": "northmoor-resettlement", "worker": "trial-cherry"});
        let sends = named.post(format!("/v1/clients/{client}/test-results"), sends).purpose(Purpose::Treatment);
        let sends = sends.about(client.parse().unwrap()).send().await.unwrap();
        assert_eq!((sends.status.as_u16(), sends.problem()), (403, "purpose-not-permitted"));
        // The landlord is told nothing of it either.
        let landlord_asks = landlord.worker.get(&path).purpose(Purpose::Treatment).about(landlord.about);
        assert_eq!(landlord_asks.send().await.unwrap().status, 403);

        // Her key worker learns that a child is at risk, and tells children's services without consent: who she is, and the concern.
        let worker = Side { worker: sent.worker.clone(), about: sent.about, path: String::new() };
        let raised = worker.raises(concern()).await;
        let childrens = Side::told(&world).await;
        let seen = childrens.read().await;
        assert_eq!(seen["person"]["names"][0]["surname"], "Juniper");
        let members: Vec<_> = seen["person"].as_object().unwrap().keys().cloned().collect();
        assert_eq!(members, ["names", "date_of_birth"], "the least");
        for word in ["heroin", "housing", "debt", "cannabis", "testhomes"] {
            assert!(!seen.to_string().to_lowercase().contains(word), "{word}: {seen}");
        }
        childrens.acts("receipt", json!({})).await;

        // The reason is on record, and the Caldicott guardian reviews it.
        let guardian = raised.colleague(&world, "sample-quince");
        let decision = guardian.read().await["decision"].clone();
        assert!(decision["reason"].as_str().unwrap().starts_with("The children are at risk"), "{decision}");
        guardian.acts("review", json!({"finding": "appropriate", "reason": "The least, to those who had to know."})).await;
        assert_eq!(guardian.read().await["decision"]["state"], "reviewed");

        // The same message to police, as intelligence, is refused.
        let mut intelligence = concern();
        intelligence["recipient"] = json!("northmoor-police");
        let refused = worker.raise(intelligence).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (403, "purpose-not-permitted"));
        assert_eq!(refused.json["errors"][0]["code"], "police-intelligence");
        assert!(refused.receipt.is_some(), "on record");
    }
}
