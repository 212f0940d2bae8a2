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
