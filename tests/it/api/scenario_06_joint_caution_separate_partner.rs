//! Scenario 6: joint caution, separate partner. Police propose a three-session caution for Example Fir; the CJIT agrees, Lantern declines:
//! it cannot be issued. Her partner has a record and a worker of his own, and nobody reads it for her.

use serde_json::json;

use super::caseload::{allocate, check, open_episode, step};
use super::joint::{STATUTORY, consents, proposed, with_lantern};
use super::partners::{link, linked, taken_on};
use crate::support::{World, on_both_stores};

on_both_stores! {
    async fn example_fir(world: World) {
        // Lantern works with her, and so does the CJIT.
        let lantern_worker = world.worker("lantern", "ms-placeholder");
        let at_lantern = world.client(&lantern_worker, "Example", "Fir").await;
        let (police, team) = proposed(&world, ("Example", "Fir")).await;
        let cjit = team.worker.clone();
        let seen = police.read().await;
        assert_eq!((&seen["standing"], &seen["condition"]), (&json!("pending"), &json!("three-sessions")));
        police.blocked("issue", json!({}), "not-agreed").await;

        // Without her consent Lantern cannot be brought in; with it, it can, and knows her by its own name.
        team.blocked("parties", json!({"agency": "lantern"}), "consent-required").await;
        let lantern = with_lantern(&world, &team).await;
        assert_eq!(lantern.read().await["client_ref"], json!(at_lantern));
        team.votes("agree").await;
        assert_eq!(police.read().await["standing"], "pending");
        lantern.votes("decline").await;

        // It cannot be issued. Police do not see whether anybody besides the team was asked.
        let decided = police.read().await;
        assert_eq!(decided["standing"], "may-not-issue");
        assert!(!decided.to_string().contains("lantern"));
        police.blocked("issue", json!({}), "not-agreed").await;
        lantern.blocked("votes", json!({"vote": "agree"}), "decision-stands").await;
        police.acts("withdraw", json!({})).await;

        // Her partner comes to the CJIT, too. They are linked, and he is given another worker.
        let hers = team.about;
        assert_eq!(open_episode(&cjit, hers).await.status, 201);
        assert!(check(&cjit, hers).await.status.is_success());
        assert_eq!(allocate(&cjit, hers).await.status, 200);
        let his = taken_on(&world, &cjit, ("Sample", "Gorse")).await;
        assert_eq!(link(&cjit, hers, his).await.status, 201);
        let same = allocate(&cjit, his).await;
        assert_eq!((same.status.as_u16(), same.json["errors"][0]["code"].as_str()), (409, Some("linked-support")));
        assert_eq!(step(&cjit, his, "allocate", json!({"case_manager": "mocky-aspen"})).await.status, 200);
        assert_eq!(linked(&cjit, hers).await, json!({"linked_support": true}), "and nothing else of him");

        // Lantern's worker asks for his record, even with her consent to everything.
        let everything = json!(["identity", "contact", "care-plan", "drug-use", "prescribing", "risk"]);
        consents(&world, (&cjit, hers), ("northmoor-cjit", "lantern"), ("continuity-of-care", everything)).await;
        for about in [at_lantern, his] {
            for path in [
                format!("/v1/clients/{his}"),
                format!("/v1/clients/{his}/caseload-episodes"),
                format!("/v1/clients/{his}/dirs"),
                format!("/v1/clients/{his}/linked-support"),
                format!("/v1/clients/{at_lantern}/linked-support"),
            ] {
                let answer = lantern_worker.get(&path).about(about).send().await.unwrap();
                let refused = (answer.status.as_u16(), answer.problem());
                // For links a project may not ask at all; of a person, there is the one 404.
                let expected = if path.ends_with("linked-support") {
                    (403, "purpose-not-permitted")
                } else {
                    (404, "not-found-or-not-permitted")
                };
                assert_eq!(refused, expected, "{path}");
            }
        }
        // Nor is there anything under the name that Lantern itself would give him.
        let at_lantern_too = world.client(&lantern_worker, "Sample", "Gorse").await;
        let path = format!("/v1/clients/{at_lantern_too}/caseload-episodes");
        let listed = lantern_worker.get(path).about(at_lantern_too).send().await.unwrap();
        assert_eq!((listed.status.as_u16(), &listed.json["episodes"]), (200, &json!([])));
        let police_search = police.worker.get(format!("/v1/clients/{his}")).purpose(STATUTORY).about(police.about);
        assert_eq!(police_search.send().await.unwrap().status, 404);
    }
}
