//! Scenario 2: proactive engagement over a holiday. Mockley Birch tests negative on the same evening and volunteers that he uses. He need
//! not come; when he declines that is no offence, no breach can be recorded, and police are not told.

use serde_json::json;

use super::custody::breaches::breached;
use super::custody::{Case, Desk, initial, minute, proactive};
use crate::support::{World, on_both_stores, on_both_stores_at};

const PERSON: (&str, &str) = ("Mockley", "Birch");

on_both_stores_at! {
    "2026-04-02T21:35:00Z"
    async fn mockley_birch(world: World) {
        // Resident or not, the first appointment is due on Tuesday 7 April: 48 hours land on the Saturday.
        let police = Desk::police(&world, PERSON).await;
        let mut sent = proactive(&world);
        sent["identified_at"] = json!("2026-04-02T22:30");
        sent["assessor"] = json!("northmoor-cjit");
        // What is known from before, alone: refused.
        sent["criteria"] = json!(["previous-misuse"]);
        let refused = police.open(sent.clone()).await;
        assert_eq!((refused.status.as_u16(), &refused.json["errors"][0]["path"]), (422, &json!("criteria")));
        sent["criteria"] = json!(["volunteered", "previous-misuse"]);
        sent["residence"] = json!("non-resident");
        let police = police.opens(sent.clone()).await;
        assert_eq!(police.read().await["first_appointment_by"], "2026-04-07");

        // Booked later than that, and released with a fixed penalty: allowed, with a warning each.
        let late = police.acts("appointments", initial("2026-04-08T10:00")).await;
        assert_eq!(late.json["warnings"], json!(["first-appointment-late"]));
        let in_time = police.acts("appointments", initial("2026-04-07T10:00")).await;
        assert_eq!(in_time.json["warnings"], json!([]));
        let penalty = police.acts("release", json!({"at": "2026-04-02T22:35", "disposal": "fixed-penalty"})).await;
        assert_eq!(penalty.json["warnings"], json!(["fixed-penalty-disposal"]));

        // The team's worker meets him in the custody suite. He says no, after a warning.
        let cjit = Desk::cjit(&world, PERSON).await;
        let mut met = proactive(&world);
        met["identified_at"] = json!("2026-04-02T22:34");
        let met = cjit.opens(met).await;
        assert_eq!(met.read().await["first_appointment_by"], "2026-04-07");
        met.wrong("agreement", json!({"agreed": false}), "warned_at").await;
        met.acts("agreement", json!({"agreed": false, "warned_at": "2026-04-02T22:35"})).await;
        assert_eq!(met.read().await["state"], "declined");

        // No offence: there is nothing that could be breached, and the answer is that of everybody unknown.
        let officer = police.desk.colleague(&world, "proxy-rowan");
        let refused = officer.post(&format!("{}/breaches", police.path), breached("initial")).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (404, "not-found-or-not-permitted"));
        // And while rule 5 is off, police are not told.
        withheld(&police).await;
    }
}

async fn withheld(police: &Case) {
    let refused = police.attendance().await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (404, "not-found-or-not-permitted"));
    assert!(!police.read().await.to_string().contains("declined"));
}

on_both_stores! {
    async fn rule_5_is_switched_on_by_a_policy_and_then_tells_a_refusal_alone(world: World) {
        let mut world = world;
        let police = Desk::police(&world, PERSON).await;
        let mut sent = proactive(&world);
        sent["assessor"] = json!("northmoor-cjit");
        let police = police.opens(sent).await;
        let team = Desk::cjit(&world, PERSON).await.opens(proactive(&world)).await;
        let warned_at = minute(&world, 0);
        team.acts("agreement", json!({"agreed": false, "warned_at": warned_at})).await;
        withheld(&police).await;

        world.with_policies(&["optional/refusals.cedar"]).await;
        let police = Desk { worker: world.worker("northmoor-police", "proxy-thorn"), ..police.desk.clone() }.case().await;
        let told = police.attendance().await;
        assert_eq!(told.status, 200, "{}", told.json);
        assert_eq!((&told.json["declined"], &told.json["appointments"]), (&json!(true), &json!([])));

        // Somebody who has not declined: nothing is told, switched on or not.
        let other = Desk::police(&world, ("Sample", "Damson")).await;
        let mut sent = proactive(&world);
        sent["assessor"] = json!("northmoor-cjit");
        withheld(&other.opens(sent).await).await;
    }
}
