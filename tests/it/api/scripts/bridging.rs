//! A bridge from one prescriber to the next: no conflict while both agreed on it, and one when its day has passed.

use serde_json::{Value, json};

use super::{Desk, in_days, methadone};
use crate::support::{World, on_both_stores};

async fn bridged(world: &World) -> (Desk, Desk) {
    let (treatment, cjit) = (Desk::treatment(world).await, Desk::cjit(world).await);
    treatment.opens(methadone(world), "active").await;
    let until = json!({"until": in_days(world, 3)});
    let bridging = treatment.script().await.steps("agree-bridge", until, "bridging").await;
    let mut script = methadone(world);
    script["bridge_reference"] = bridging.json["bridge_reference"].clone();
    let taken = cjit.opens(script, "active").await;
    assert_eq!(taken.opened.json["conflict"], Value::Null, "none that is open");
    (treatment, cjit)
}

on_both_stores! {
    async fn a_bridge_that_both_agreed_on_is_no_conflict(world: World) {
        let (treatment, cjit) = bridged(&world).await;
        assert!(treatment.conflicts().await.is_empty() && cjit.conflicts().await.is_empty());
        assert_eq!(cjit.scripts().await.json["elsewhere"]["hold"], false);
        let lantern = Desk::lantern(&world).await;
        assert_eq!(lantern.scripts().await.json["elsewhere"]["hold"], true, "it concerns everybody else");
        world.clock.advance(3 * 86_400);
        assert!(cjit.conflicts().await.is_empty(), "its last day");
        treatment.script().await.steps("end", json!({"end_reason": "transferred"}), "ended").await;
        world.clock.advance(86_400);
        assert!(treatment.conflicts().await.is_empty() && cjit.conflicts().await.is_empty());
    }
}

on_both_stores! {
    async fn when_its_day_has_passed_it_is_a_conflict(world: World) {
        let (treatment, cjit) = bridged(&world).await;
        world.clock.advance(4 * 86_400);
        assert_eq!((treatment.conflicts().await.len(), cjit.conflicts().await.len()), (1, 1));
        assert_eq!(cjit.scripts().await.json["elsewhere"]["hold"], true);
        let view = cjit.conflict().await.read().await;
        assert_eq!((&view["state"], &view["other"]["hold"]), (&json!("open"), &json!(true)));
    }
}

on_both_stores! {
    async fn one_side_alone_agrees_on_nothing(world: World) {
        let (treatment, cjit) = (Desk::treatment(&world).await, Desk::cjit(&world).await);
        treatment.opens(methadone(&world), "active").await;
        let bridging = treatment.script().await.steps("agree-bridge", json!({"until": in_days(&world, 3)}), "bridging").await;
        let held = cjit.opens(methadone(&world), "held").await;
        assert_eq!(cjit.conflicts().await.len(), 1);
        let wrong = held.step("start", json!({"bridge_reference": "2222-2222"})).await;
        assert_eq!((wrong.status.as_u16(), wrong.problem()), (409, "prescribing-conflict"));
        // They have spoken, and the reference was told.
        let started = held.steps("start", json!({"bridge_reference": bridging.json["bridge_reference"]}), "active").await;
        assert_eq!((&started.json["conflict"], &started.json["elsewhere"]["hold"]), (&Value::Null, &json!(false)));
        assert!(treatment.conflicts().await.is_empty() && cjit.conflicts().await.is_empty());
    }
}

on_both_stores! {
    async fn a_bridge_that_does_not_come_about_is_a_conflict_at_once(world: World) {
        let (treatment, cjit) = bridged(&world).await;
        let resumed = treatment.script().await.steps("resume", json!({}), "active").await;
        let open = treatment.conflict().await.path;
        assert_eq!(open, format!("/v1/conflicts/{}", resumed.json["conflict"].as_str().unwrap()), "told at once");
        assert_eq!(cjit.conflicts().await.len(), 1);
        assert_eq!(cjit.scripts().await.json["elsewhere"]["hold"], true);
    }
}
