//! What is only begun in the settlement's partnership, so that each write has something that it could go on with.

use serde_json::{Value, json};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use crate::api::break_glass;
use crate::api::custody::{
    Desk, breaches, delegation, enforced, initial, minute, missed, proactive, required,
};
use crate::api::joint::{consents, proposed};
use crate::api::referral_routes::{agrees, drafts};
use crate::api::release::{Team, created, document};
use crate::api::release_plan::{self, day, pick_up, plan_for, planned};
use crate::api::results::Probation;
use crate::api::scripts::{self, methadone};
use crate::support::World;

const BOTH: [&str; 2] = ["northmoor-cjit", "lantern"];

/// One of each that the settlement only has when it is over.
pub async fn settle_begun(world: &World) {
    follow_ups(world).await;
    custody(world).await;
    let cjit = world.worker("northmoor-cjit", "testa-rowan");
    for (person, is_asked) in [(("Demo", "Hawthorn"), true), (("Demo", "Bramble"), false)] {
        let client = world.client(&cjit, person.0, person.1).await;
        release_plan::consents(world, &cjit, client, &["eastvale-cjit", "fallowgate-carat"]).await;
        let plan = plan_for(&cjit, client, planned(day(world, 21))).await;
        if is_asked {
            let asked = plan.post(&cjit, "pick-ups", pick_up()).await;
            assert_eq!(asked.status, 201, "{}", asked.json);
        }
    }

    let client_ref = world.client(&cjit, "Sample", "Yarrow").await;
    let team = Team { actor: cjit, client_ref };
    team.checks().await;
    agrees(world, &team, "northmoor-probation", "written", "offender-management").await;
    let outcome = json!({
        "recipient": "northmoor-probation", "route": "cjit-to-probation", "supervision": "drr",
        "summary": {"assessment": "no-further-intervention", "main_drug": "heroin"},
    });
    created(&drafts(&team, outcome).await, "referral");
    let carat = world.worker("fallowgate-carat", "fixture-oak");
    let carat = Team { client_ref: world.client(&carat, "Trial", "Yarrow").await, actor: carat };
    let path = format!("/v1/clients/{}/dirs", carat.client_ref);
    created(&carat.post(path, json!({"document": document()})).await, "dir");

    let (_, team) = proposed(world, ("Trial", "Bramble")).await;
    let terms = ("court-or-statutory", json!(["offending"]));
    consents(world, (&team.worker, team.about), ("northmoor-cjit", "lantern"), terms).await;

    for (agency, clinician, state) in
        [("lantern", "dr-sample-sorrel", "active"), ("northmoor-cjit", "dr-fixture-rowe", "held")]
    {
        let clinician = world.worker(agency, clinician);
        let client_ref = world.client(&clinician, "Trial", "Hawthorn").await;
        let desk = scripts::Desk { clinician, client_ref };
        desk.opens(methadone(world), state).await;
    }

    let hold = json!({"ground": "legal-claim", "reason": "letter of claim", "until": day(world, 9)});
    officer_puts(world, ("northmoor-cjit", "sample-juniper"), (client_ref, "holds"), hold).await;
    let deferral = json!({"ground": "crime", "reason": "operation zzyzx", "purposes": ["offender-management"],
        "since": day(world, 0), "until": day(world, 9)});
    let probation = Probation::of(world, ("Demo", "Elder")).await.client;
    officer_puts(world, ("northmoor-probation", "trial-hornbeam"), (probation, "deferrals"), deferral).await;
    // An emergency has its hour, and that of the settlement is over by now.
    break_glass::Clinician::cjit(world).await.opens(world).await;
}

/// What a privacy officer puts on a client's record.
async fn officer_puts(world: &World, who: (&str, &str), (client, what): (Handle, &str), body: Value) {
    let officer = world.worker(who.0, who.1);
    let ask = officer.post(format!("/v1/clients/{client}/{what}"), body).about(client);
    let put = ask.purpose(Purpose::CourtOrStatutory).send().await.unwrap();
    assert_eq!(put.status, 201, "{}", put.json);
}

/// Assessments: one that she need not come to, one of which no notice was served, and one to which she did not come.
async fn custody(world: &World) {
    Desk::cjit(world, ("Dummy", "Hawthorn")).await.opens(proactive(world)).await;
    let police = Desk::police(world, ("Dummy", "Bramble")).await.opens(enforced(world)).await;
    police.acts("appointments", initial(&minute(world, 10))).await;
    let (_, team) = required(world, ("Dummy", "Yarrow"), &minute(world, 0)).await;
    world.clock.advance(60);
    team.acts("outcomes", missed(world, "initial")).await;
    // A breach that is still to be decided.
    breaches::a_breach(world, ("Dummy", "Spindle")).await;
}

/// Three follow-ups that Lantern holds, and one that it may hold.
async fn follow_ups(world: &World) {
    let people =
        [("Example", "Spindle"), ("Example", "Hawthorn"), ("Example", "Bramble"), ("Example", "Yarrow")];
    for person in people {
        let (_, team) = delegation::follow_up_booked_for(world, person).await;
        let told = json!(["identity", "contact", "attendance"]);
        team.desk.consents(world, &BOTH, &BOTH, "continuity-of-care", told).await;
        if person.1 != "Yarrow" {
            let delegated = delegation::delegate(&team, "lantern").await;
            assert_eq!(delegated.status, 201, "{}", delegated.json);
        }
    }
}
