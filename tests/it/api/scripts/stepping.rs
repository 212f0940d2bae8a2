//! The steps of an own script: on the version that was read, once, and where one is not possible the caller is told which are.

use serde_json::{Value, json};
use throughgate::vocabulary::Purpose;

use super::{Desk, in_days, methadone, today};
use crate::api::erasure::Officer;
use crate::support::{World, on_both_stores};

on_both_stores! {
    async fn each_step_is_taken_once_on_the_version_that_was_read(world: World) {
        let cjit = Desk::cjit(&world).await;
        let script = cjit.opens(methadone(&world), "active").await;
        let (path, etag) = (script.opened.header("location").to_owned(), script.opened.etag().to_owned());
        let collect = |etag: &str| {
            let ask = cjit.clinician.post(format!("{path}/collect"), json!({})).purpose(Purpose::PrescribingSafety);
            let ask = ask.about(cjit.client_ref).idempotency_key("one-collection");
            if etag.is_empty() { ask } else { ask.if_match(etag) }
        };
        assert_eq!(collect("").send().await.unwrap().status, 428);
        let collected = collect(&etag).send().await.unwrap();
        assert_eq!(collected.status, 200, "{}", collected.json);
        let again = collect(&etag).send().await.unwrap();
        assert_eq!((again.status.as_u16(), again.json), (200, json!({})), "a retry has had its effect");
        let stale = cjit.post(&format!("{path}/collect"), &etag, json!({})).await;
        assert_eq!((stale.status.as_u16(), stale.problem()), (412, "version-conflict"));
        let read = script.read().await;
        assert_eq!((read.etag(), &read.json["last_collected_on"]), (collected.etag(), &json!(today(&world))));

        script.steps("change-dose-band", json!({"dose_band": "reducing"}), "active").await;
        assert_eq!(script.read().await.json["dose_band"], "reducing");
        script.steps("end", json!({"end_reason": "completed"}), "ended").await;
        let read = script.read().await.json;
        assert_eq!((&read["end_reason"], &read["possible"]), (&json!("completed"), &json!([])));
    }
}

on_both_stores! {
    async fn who_cannot_take_a_step_is_told_which_can_be_taken(world: World) {
        let cjit = Desk::cjit(&world).await;
        let script = cjit.opens(methadone(&world), "active").await;
        let refused = script.step("start", json!({})).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (409, "invalid-transition"));
        let possible: Vec<&Value> = refused.json["errors"].as_array().unwrap().iter().map(|error| &error["code"]).collect();
        assert_eq!(possible, ["collect", "change-dose-band", "agree-bridge", "end"]);
        assert_eq!(script.read().await.json["possible"], json!(possible));
        for (step, body, field) in [
            ("collect", json!({"on": in_days(&world, 1)}), "on"),
            ("collect", json!({"dose_band": "low"}), "dose_band"),
            ("end", json!({}), "end_reason"),
            ("agree-bridge", json!({"until": in_days(&world, 8)}), "until"),
        ] {
            let refused = script.step(step, body).await;
            assert_eq!((refused.status.as_u16(), &refused.json["errors"][0]["path"]), (422, &json!(field)), "{step}");
        }
        assert_eq!(script.step("dance", json!({})).await.status, 404);
        assert_eq!(script.state().await, "active");
    }
}

on_both_stores! {
    async fn an_agencys_scripts_are_its_own_and_stand_against_its_erasure(world: World) {
        let (cjit, treatment) = (Desk::cjit(&world).await, Desk::treatment(&world).await);
        let script = cjit.opens(methadone(&world), "active").await;
        let path = script.opened.header("location");
        for refused in [treatment.get(path).await, treatment.post(&format!("{path}/collect"), script.opened.etag(), json!({})).await] {
            assert_eq!((refused.status.as_u16(), refused.problem()), (404, "not-found-or-not-permitted"));
        }
        assert_eq!(treatment.scripts().await.json["scripts"], json!([]));

        let officer = Officer::of(&world, "northmoor-cjit", cjit.client_ref);
        let holds = officer.holds().await;
        assert_eq!(holds.status, 200, "{}", holds.json);
        assert!(holds.json["open_matters"].to_string().contains("script-open"), "{}", holds.json);
        script.steps("end", json!({"end_reason": "completed"}), "ended").await;
        let holds = officer.holds().await;
        assert!(!holds.json["open_matters"].to_string().contains("script-open"), "{}", holds.json);
    }
}

on_both_stores! {
    async fn two_of_one_agency_are_no_conflict(world: World) {
        let (cjit, lantern) = (Desk::cjit(&world).await, Desk::lantern(&world).await);
        cjit.opens(methadone(&world), "active").await;
        let mut diazepam = methadone(&world);
        diazepam["drug"] = json!("diazepam");
        let second = cjit.opens(diazepam, "active").await;
        assert_eq!(second.opened.json["elsewhere"]["hold"], false);
        assert!(cjit.conflicts().await.is_empty());
        assert_eq!(lantern.scripts().await.json["elsewhere"]["hold"], true);
    }
}
