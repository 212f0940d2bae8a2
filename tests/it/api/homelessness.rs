//! The duty to refer who is homeless: prisons and probation tell the council that the person chose, by her consent, and no more.

use serde_json::{Value, json};
use throughgate::vocabulary::Purpose;

use super::housing::{Desk, HOUSING, six_items};
use super::joint::{consents, tasks};
use super::results::Probation;
use crate::support::{World, on_both_stores};

const PERSON: (&str, &str) = ("Trial", "Juniper");

/// What a council is told of somebody who leaves prison in so many days.
fn homeless_in(world: &World, days: i64) -> Value {
    let from = world.journal.now() + jiff::SignedDuration::from_hours(24 * days);
    json!({"provider": "testhomes", "homelessness": {
        "name_to_use": "Juniper", "reach": "Through the officer, by telephone.", "from": from.strftime("%Y-%m-%d").to_string(),
        "because": "leaving-custody", "council_chosen": true,
    }})
}

/// Probation, with a person who agreed to it at the CJIT, and the CJIT.
async fn supervised(world: &World, segments: Value) -> (Desk, Desk) {
    let probation = Probation::of(world, PERSON).await;
    let path = format!("/v1/clients/{}", probation.client);
    let officer = Desk { worker: probation.worker, about: probation.client, path };
    let cjit = Desk::cjit(world).await;
    let between = ("northmoor-probation", "testhomes");
    consents(world, (&cjit.worker, cjit.about), between, ("housing-support", segments)).await;
    (officer, cjit)
}

on_both_stores! {
    async fn a_council_is_told_who_and_from_when_while_she_agrees(world: World) {
        let (officer, cjit) = supervised(&world, json!(["identity", "contact", "housing"])).await;
        let sent = officer.makes("housing-referrals", homeless_in(&world, 56)).await;
        let landlord = world.worker("testhomes", "example-beech");
        let (kind, path) = tasks(&landlord, HOUSING).await.pop().unwrap();
        assert_eq!(kind, "answer-housing-referral");
        let council = Desk::testhomes(&world, &path);
        let seen = council.read().await;
        assert_eq!((&seen["name_to_use"], &seen["homeless_because"]), (&json!("Juniper"), &json!("leaving-custody")));
        assert_eq!((&seen["housing_history"], &seen["risks"]), (&Value::Null, &Value::Null));
        council.acts("agree-placement", json!({"move_in_on": seen["homeless_from"]})).await;
        let own = sent.read().await;
        assert_eq!((&own["state"], &own["reach"]), (&json!("placement-agreed"), &seen["reach"]));
        assert!(!own["possible"].to_string().contains("tell-risk"), "of risks nothing was agreed: {}", own["possible"]);
        cjit.takes_back().await;
        assert_eq!(council.get().await.status, 404, "she has taken her consent back");
    }
}

on_both_stores! {
    async fn nobody_is_referred_too_early_unchosen_without_consent_or_with_more(world: World) {
        let (officer, cjit) = supervised(&world, json!(["identity", "housing"])).await;
        let short = officer.post("housing-referrals", homeless_in(&world, 20)).await;
        assert_eq!((short.status.as_u16(), &short.json["errors"][0]["code"]), (409, &json!("consent-required")), "how she is reached is hers, too");
        let with = |member: &str, value: Value| {
            let mut changed = homeless_in(&world, 20);
            changed["homelessness"][member] = value;
            changed
        };
        let items = json!({"provider": "testhomes", "items": six_items(&world)});
        for (body, status, field) in [
            (homeless_in(&world, 58), 422, "homelessness.from"),
            (with("council_chosen", json!(false)), 422, "homelessness.council_chosen"),
            (items, 422, "homelessness"),
            (json!({"provider": "testhomes"}), 422, "homelessness"),
            (with("offence", json!("CANARY burglary")), 400, "homelessness.offence"),
        ] {
            let refused = officer.post("housing-referrals", body).await;
            assert_eq!((refused.status.as_u16(), refused.json["errors"][0]["path"].as_str().unwrap()), (status, field));
        }
        assert_eq!(cjit.post("housing-referrals", homeless_in(&world, 20)).await.status, 422, "a team sends the six items");
        let officer = world.worker("northmoor-police", "proxy-thorn");
        let ask = officer.post(format!("/v1/clients/{}/housing-referrals", cjit.about), homeless_in(&world, 20));
        assert_eq!(ask.purpose(HOUSING).about(cjit.about).send().await.unwrap().status, 403, "police are not under the duty");
        assert!(tasks(&world.worker("testhomes", "example-beech"), Purpose::HousingSupport).await.is_empty());
    }
}
