//! Scenario 5: the check before case management. Demo Elder is in custody; Northmoor may allocate nobody until the universal check
//! returns; Lantern answers whom to speak to, and later leads; police learn nothing.

use serde_json::{Value, json};
use throughgate::vocabulary::Purpose;

use super::caseload::{allocate, answer, ask, check, episode, open_episode, questions, result};
use crate::support::{World, on_both_stores};

on_both_stores! {
    async fn demo_elder(world: World) {
        let (cjit, lantern) = (world.worker("northmoor-cjit", "testa-rowan"), world.worker("lantern", "ms-placeholder"));
        let hers = world.client(&lantern, "Demo", "Elder").await;
        assert_eq!(open_episode(&lantern, hers).await.status, 201);

        // In custody. Northmoor takes her on and assesses her; to allocate a case manager it must ask first.
        let ours = world.client(&cjit, "Demo", "Elder").await;
        assert_eq!(open_episode(&cjit, ours).await.status, 201);
        let blocked = allocate(&cjit, ours).await;
        assert_eq!((blocked.status.as_u16(), blocked.problem()), (409, "invalid-transition"));
        assert_eq!(blocked.json["errors"][0]["code"], "caseload-check-required");
        let asked = ask(&cjit, json!({"client_ref": ours, "reason": "custody-reception"}), ours).await;
        assert_eq!((&asked.json["outcome"], &asked.json["allocation"]), (&json!("held"), &json!("wait")));
        assert_eq!(asked.json["reference"], asked.json["id"]);
        assert!(asked.json["contact_words"].as_str().unwrap().starts_with("the holder will contact you"));
        assert_eq!(allocate(&cjit, ours).await.json["errors"][0]["code"], "caseload-check-awaited");

        // Lantern's duty role sees no reason, and answers.
        let question = questions(&lantern).await.remove(0);
        assert!(!question.to_string().contains("custody"));
        assert_eq!(question["stage"], "duty-role");
        let given = json!({"answer": "lead", "speak_to": "Ms Placeholder"});
        assert_eq!(answer(&lantern, given).await.status, 200);
        let returned = result(&cjit, asked.handle("id").unwrap(), ours).await;
        assert_eq!(returned.json["answers"], json!([{"answer": "lead", "speak_to": "Ms Placeholder", "by": null}]));
        assert!(!returned.json.to_string().contains("lantern"));

        // The lead is agreed: Lantern holds the file, and Northmoor contributes, with its own worker for her.
        assert_eq!(allocate(&cjit, ours).await.status, 200);
        assert_eq!(episode(&lantern, hers).await["part"], "lead");
        let contributes = episode(&cjit, ours).await;
        assert_eq!((&contributes["part"], &contributes["provisional"]), (&json!("contributor"), &json!(false)));

        // Police may not ask, whoever it is about, and find nothing that they may search.
        let police = world.worker("northmoor-police", "proxy-thorn");
        let refused = check(&police, ours).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (403, "purpose-not-permitted"));
        let inbox = police.get("/v1/caseload-checks?box=in").purpose(Purpose::DuplicateCheck).send().await.unwrap();
        assert_eq!((inbox.status.as_u16(), inbox.json.get("questions").map(Value::is_null)), (403, None));
    }
}
