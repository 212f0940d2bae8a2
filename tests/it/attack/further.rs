//! What the settlement has besides the stories: outreach, a meeting, a pathway, a national return, who was sent in, an assessment in two parts,
//! a way from court, a hospital, a joint visit, an emergency.

use serde_json::json;

use crate::api::joint::consents;
use crate::api::results::Probation;
use crate::api::{
    break_glass, court, hospital, inbound, jointly, meetings, national, outreach, pathways, visits,
};
use crate::support::World;

/// One of each.
pub async fn settle_further(world: &World) {
    let cjit = world.worker("northmoor-cjit", "testa-rowan");
    outreach::meets(&world.worker("lantern", "ms-placeholder"), "would like a warm coat").await;

    let client = world.client(&cjit, "Demo", "Elder").await;
    let begun = pathways::begins(&cjit, client, "accommodation", &meetings::day(world, 3)).await;
    assert_eq!(begun.status, 201, "{}", begun.json);

    let probation = Probation::of(world, ("Demo", "Elder")).await;
    let tagged = meetings::tags(world, &probation, "priority-prolific").await;
    assert_eq!(tagged.status, 201, "{}", tagged.json);
    let between = ("northmoor-probation", "northmoor-cjit");
    consents(world, (&cjit, client), between, ("offender-management", json!(["identity", "offending"])))
        .await;
    let page = json!({"meeting": "Northmoor offender management", "on": meetings::day(world, 7),
        "attending": ["northmoor-cjit"], "says": {"offending": "On licence until spring."}});
    let written = meetings::post(&probation.worker, probation.client, "meeting-pages", page).await;
    assert_eq!(written.status, 201, "{}", written.json);

    let before = meetings::day(world, -40);
    let counted = national::on_the_caseload(world, &cjit, ("Specimen", "Whin"), &before).await;
    let ticked = national::ticks(&cjit, counted, "ndtms", &before).await;
    assert_eq!(ticked.status, 201, "{}", ticked.json);

    let police = inbound::police(world).await;
    let probation = Probation::of(world, inbound::PERSON).await;
    let terms = ("referral", json!(["identity", "contact"]));
    consents(world, (&probation.worker, probation.client), ("northmoor-police", "northmoor-cjit"), terms)
        .await;
    let sent = inbound::sends(&police, inbound::sent("northmoor-cjit")).await;
    assert_eq!(sent.status, 201, "{}", sent.json);

    let tenant = world.client(&cjit, "Trial", "Juniper").await;
    let terms = ("housing-support", json!(["housing"]));
    consents(world, (&cjit, tenant), ("northmoor-cjit", "testhomes"), terms).await;
    let begun = jointly::begins(&cjit, tenant, "testhomes").await;
    assert_eq!(begun.status, 201, "{}", begun.json);

    let before_court = court::Court::cjit(world).await;
    before_court.agrees(world, "fallowgate-carat").await;
    let told = before_court.tells(court::remanded(world, "fallowgate-carat")).await;
    assert_eq!(told.status, 201, "{}", told.json);

    hospital::told_by_consent(world).await;
    let team = visits::Team::of(world).await;
    team.agrees(world).await;
    let proposed = team.proposes(visits::visit()).await;
    assert_eq!(proposed.status, 201, "{}", proposed.json);
    break_glass::at_carat(world).await;
    break_glass::Clinician::cjit(world).await.opens(world).await;
}
