//! The directory: what anybody who takes part may look up.

use serde_json::json;

use crate::support::{World, on_both_stores};

on_both_stores! {
    async fn anybody_looks_agencies_up_and_finds_services_not_people(world: World) {
        let police = world.worker("northmoor-police", "proxy-thorn");
        let all = police.get("/v1/agencies").send().await.unwrap();
        assert_eq!(all.status, 200, "{}", all.json);
        assert!(all.receipt.is_some(), "looking up is on record");
        let ids: Vec<_> = all.json["agencies"].as_array().unwrap().iter().map(|a| a["id"].as_str().unwrap()).collect();
        assert!(ids.is_sorted() && ids.contains(&"testhomes") && ids.contains(&"northmoor-cjit"), "{ids:?}");
        let text = all.json.to_string();
        for never in ["BEGIN", "certificate", "public_key", "testa-rowan", "Testa Rowan", "issuer"] {
            assert!(!text.contains(never), "{never}");
        }
        let cjits = police.get("/v1/agencies?type=cjit&area=northmoor").send().await.unwrap();
        let found = cjits.json["agencies"].as_array().unwrap();
        assert_eq!((found.len(), &found[0]["id"]), (1, &json!("northmoor-cjit")), "{}", cjits.json);
        let one = police.get("/v1/agencies/northmoor-cjit").send().await.unwrap();
        assert_eq!(one.json["id"], "northmoor-cjit");
        assert!(one.json["open_now"].is_boolean() && one.json["spoc"].is_string());
    }
}

on_both_stores! {
    async fn an_unknown_agency_is_the_same_404_and_an_unknown_filter_is_refused(world: World) {
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        for id in ["nobody-knows-us", "Not%20an%20id"] {
            let answer = carat.get(format!("/v1/agencies/{id}")).send().await.unwrap();
            assert_eq!((answer.status.as_u16(), answer.problem()), (404, "not-found-or-not-permitted"));
        }
        for query in ["type=canary", "colour=blue", "cursor=1"] {
            let answer = carat.get(format!("/v1/agencies?{query}")).send().await.unwrap();
            assert_eq!((answer.status.as_u16(), answer.problem()), (400, "malformed-request"), "{query}");
            assert!(!String::from_utf8_lossy(&answer.bytes).contains("canary"));
        }
    }
}

on_both_stores! {
    async fn an_agency_confirms_its_own_contact_each_month_and_is_asked_to(world: World) {
        let mut world = world;
        world.later(36).await;
        let cjit = world.worker("northmoor-cjit", "duty-spoc");
        let mut waiting = Vec::new();
        for _ in 0..100 {
            let listed = cjit.get("/v1/tasks?view=agency").send().await.unwrap();
            waiting = listed.json["tasks"].as_array().cloned().unwrap_or_default();
            if waiting.iter().any(|task| task["kind"] == "verify-contact") {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        let asked = waiting.iter().find(|task| task["kind"] == "verify-contact").expect("it was asked");
        assert_eq!((&asked["subject"], &asked["duty"]), (&json!("/v1/agencies/northmoor-cjit"), &json!("spoc")));
        assert_eq!(cjit.get("/v1/agencies/northmoor-cjit").send().await.unwrap().json["verification_stale"], true);

        let others = cjit.post("/v1/agencies/eastvale-cjit/verification", json!({})).send().await.unwrap();
        assert_eq!((others.status.as_u16(), others.problem()), (404, "not-found-or-not-permitted"));
        let confirmed = cjit.post("/v1/agencies/northmoor-cjit/verification", json!({})).send().await.unwrap();
        assert_eq!(confirmed.status, 200, "{}", confirmed.json);
        let entry = cjit.get("/v1/agencies/northmoor-cjit").send().await.unwrap();
        assert_eq!((&entry.json["verification_stale"], &entry.json["verified_at"]), (&json!(false), &confirmed.json["verified_at"]));
        let left = cjit.get("/v1/tasks?view=agency").send().await.unwrap();
        assert!(!left.json.to_string().contains("verify-contact"), "{}", left.json);
    }
}
