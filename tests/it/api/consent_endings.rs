//! A consent ends with what she was told would end it: her arrival, the end of treatment, a worker's word that it has come, its date.

use jiff::ToSpan as _;
use serde_json::{Value, json};
use throughgate::clock::Clock as _;
use throughgate::demo::actor::Answer;

use super::caseload::step;
use super::caseload_life::admit;
use super::release::{Referred, Team, consent, created, referred};
use crate::support::{World, on_both_stores};

const CARAT: &str = "fallowgate-carat";
const CJIT: &str = "northmoor-cjit";

fn told(world: &World, agency: &str) -> i64 {
    world.number(&format!(
        "SELECT count(*) AS number FROM event WHERE kind = 'consent.ended' AND agency = '{agency}'"
    ))
}

/// The team outside and its client, of whom nobody else knows anything yet.
async fn outside(world: &World) -> Team {
    let actor = world.worker(CJIT, "testa-rowan");
    let client_ref = world.client(&actor, "Dummy", "Ivy").await;
    Team { actor, client_ref }
}

/// The prison's team, and the same person as its client.
async fn inside(world: &World) -> Team {
    let actor = world.worker(CARAT, "fixture-oak");
    let client_ref = world.client(&actor, "Dummy", "Ivy").await;
    Team { actor, client_ref }
}

/// She agrees that the team outside tells one agency, until an event.
async fn agrees_until(world: &World, team: &Team, recipient: &str, event: &str) -> String {
    let mut body = consent(world.clock.now());
    body["disclosing_agencies"] = json!([CJIT]);
    body["recipients"] = json!([recipient]);
    body["expires_on_event"] = json!(event);
    let path = format!("/v1/clients/{}/consents", team.client_ref);
    format!("/v1/consents/{}", created(&team.post(path, body).await, "consent_id"))
}

async fn status(team: &Team, consent: &str) -> Value {
    team.get(consent.to_owned()).await.json["status"].clone()
}

/// The one consent that an agency knows of about its client, as it calls it.
async fn known_to(team: &Team) -> String {
    let listed = team.get(format!("/v1/clients/{}/consents", team.client_ref)).await;
    let consents = listed.json["consents"].as_array().unwrap();
    assert_eq!(consents.len(), 1, "{}", listed.json);
    format!("/v1/consents/{}", consents[0]["consent_id"].as_str().unwrap())
}

async fn arrives(world: &World, team: &Team, referral: &str) -> Answer {
    let contact = json!({"first_contact_at": world.journal.now().to_string()});
    for (step, body) in
        [("acknowledge", json!({})), ("accept", json!({"named_worker": "testa-rowan"})), ("start", contact)]
    {
        let taken = team.act(referral, step, body).await;
        assert_eq!(taken.status, 200, "{step}: {}", taken.json);
    }
    team.act(referral, "complete", json!({"outcome": "engaged"})).await
}

on_both_stores! {
    async fn what_passed_until_she_arrived_passes_no_more(world: World) {
        let Referred { carat, cjit, ours, theirs, referral } = referred(&world).await;
        let dir = format!("/v1/dirs/{ours}");
        assert_eq!(cjit.get(dir.clone()).await.status, 200);
        let arrived = arrives(&world, &cjit, &referral).await;
        assert_eq!((arrived.status.as_u16(), &arrived.json["state"]), (200, &json!("completed")));

        let read = cjit.get(dir).await;
        assert_eq!((read.status.as_u16(), read.problem()), (404, "not-found-or-not-permitted"));
        assert_eq!(carat.get(format!("/v1/dirs/{theirs}")).await.status, 200, "it is its author's own");
        let terms = known_to(&carat).await;
        let narrowed = carat.get(terms).await;
        assert_eq!((&narrowed.json["status"], &narrowed.json["version"]), (&json!("active"), &json!(2)));
        assert_eq!(narrowed.json["terms"]["recipients"], json!([CARAT]), "the way back was not gone");
        assert_eq!((told(&world, CJIT), told(&world, CARAT)), (0, 0), "the sender hears that the referral is completed");
    }
}

on_both_stores! {
    async fn a_referral_that_fails_is_no_arrival(world: World) {
        let Referred { carat, cjit, referral, .. } = referred(&world).await;
        for (step, body) in [
            ("acknowledge", json!({})),
            ("accept", json!({"named_worker": "testa-rowan"})),
            ("start", json!({"first_contact_at": world.journal.now().to_string()})),
            ("fail", json!({"outcome": "did-not-attend"})),
        ] {
            let taken = cjit.act(&referral, step, body).await;
            assert_eq!(taken.status, 200, "{step}: {}", taken.json);
        }
        let consent = carat.get(known_to(&carat).await).await;
        assert_eq!((&consent.json["version"], &consent.json["terms"]["recipients"]), (&json!(1), &json!([CARAT, CJIT])));
        assert_eq!((told(&world, CJIT), told(&world, CARAT)), (0, 0));
    }
}

on_both_stores! {
    async fn treatment_is_over_once_nobody_of_those_named_goes_on_with_it(world: World) {
        let cjit = outside(&world).await;
        let lantern = world.worker("lantern", "ms-placeholder");
        let hers = world.client(&lantern, "Dummy", "Ivy").await;
        let with_lantern = agrees_until(&world, &cjit, "lantern", "treatment-exit").await;
        let with_homes = agrees_until(&world, &cjit, "testhomes", "treatment-exit").await;
        let on_the_way = agrees_until(&world, &cjit, "testhomes", "transfer-complete").await;
        for (worker, client) in [(&cjit.actor, cjit.client_ref), (&lantern, hers)] {
            assert_eq!(admit(worker, client).await.status, 201);
        }
        let closed = step(&cjit.actor, cjit.client_ref, "close", json!({"close_code": "C1"})).await;
        assert_eq!(closed.status, 200, "{}", closed.json);
        assert_eq!(status(&cjit, &with_homes).await, "expired");
        assert_eq!(status(&cjit, &with_lantern).await, "active", "the project goes on with it");
        assert_eq!(status(&cjit, &on_the_way).await, "active", "that names another end");
        assert_eq!((told(&world, "testhomes"), told(&world, "lantern")), (1, 0));

        assert_eq!(step(&lantern, hers, "close", json!({"close_code": "C1"})).await.status, 200);
        assert_eq!(status(&cjit, &with_lantern).await, "expired");
    }
}

on_both_stores! {
    async fn who_goes_to_prison_or_to_another_service_is_treated_there(world: World) {
        let cjit = outside(&world).await;
        let consent = agrees_until(&world, &cjit, "testhomes", "treatment-exit").await;
        assert_eq!(admit(&cjit.actor, cjit.client_ref).await.status, 201);
        let today = world.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
        let custody = json!({"custody": {"received_on": today, "release_expected_on": today.saturating_add(90.days())}});
        assert_eq!(step(&cjit.actor, cjit.client_ref, "note-custody", custody).await.status, 200);
        let closed = step(&cjit.actor, cjit.client_ref, "close", json!({"close_code": "C2"})).await;
        assert_eq!(closed.status, 200, "{}", closed.json);
        assert_eq!(status(&cjit, &consent).await, "active");
    }
}

/// A worker says that it is over.
async fn says(team: &Team, consent: &str, because: &str, confirmed: bool) -> Answer {
    team.act(consent, "ending", json!({"because": because, "urgent_effects_confirmed": confirmed})).await
}

on_both_stores! {
    async fn that_the_event_has_come_is_for_who_gives_under_it_to_say_and_not_for_who_receives(world: World) {
        let (cjit, carat) = (outside(&world).await, inside(&world).await);
        let mut body = consent(world.clock.now());
        body["disclosing_agencies"] = json!([CARAT]);
        body["recipients"] = json!(["testhomes"]);
        body["expires_on_event"] = json!("sentence-end");
        let path = format!("/v1/clients/{}/consents", cjit.client_ref);
        let taken = format!("/v1/consents/{}", created(&cjit.post(path, body).await, "consent_id"));
        let theirs = known_to(&carat).await;
        assert_eq!(carat.get(theirs.clone()).await.json["expires_on_event"], "sentence-end");

        let not_theirs = says(&carat, &theirs, "entered-in-error", true).await;
        assert_eq!((not_theirs.status.as_u16(), not_theirs.problem()), (409, "invalid-transition"));
        let unaware = says(&carat, &theirs, "event-has-come", false).await;
        assert_eq!((unaware.status.as_u16(), unaware.problem()), (409, "withdrawal-needs-confirmation"));
        let said = says(&carat, &theirs, "event-has-come", true).await;
        assert_eq!(said.status, 200, "{}", said.json);
        assert_eq!((status(&cjit, &taken).await, status(&carat, &theirs).await), (json!("expired"), json!("expired")));
        let again = says(&cjit, &taken, "event-has-come", true).await;
        assert_eq!((again.status.as_u16(), again.problem()), (409, "invalid-transition"));
        assert_eq!((told(&world, CARAT), told(&world, "testhomes")), (0, 1));
    }
}

on_both_stores! {
    async fn a_recipient_learns_neither_what_ends_it_nor_what_ended_it(world: World) {
        let (cjit, carat) = (outside(&world).await, inside(&world).await);
        let taken = agrees_until(&world, &cjit, CARAT, "treatment-exit").await;
        let theirs = known_to(&carat).await;
        let seen = carat.get(theirs.clone()).await;
        assert_eq!((&seen.json["status"], &seen.json["expires_on_event"]), (&json!("active"), &Value::Null));
        let preview = carat.get(format!("{theirs}/preview")).await.json["conditions"].to_string();
        assert!(preview.contains("at the latest") && !preview.contains("treatment ends"), "{preview}");
        let refused = says(&carat, &theirs, "event-has-come", true).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (409, "invalid-transition"));
        assert_eq!(status(&cjit, &taken).await, "active");
    }
}

on_both_stores! {
    async fn what_was_recorded_in_error_is_struck_out_by_who_took_it(world: World) {
        let cjit = outside(&world).await;
        let consent = agrees_until(&world, &cjit, "testhomes", "sentence-end").await;
        assert_eq!(says(&cjit, &consent, "entered-in-error", true).await.status, 200);
        assert_eq!(status(&cjit, &consent).await, "entered-in-error");
        assert_eq!((told(&world, CJIT), told(&world, "testhomes")), (0, 1));
        let stranger = world.worker("lantern", "ms-placeholder");
        let hers = world.client(&stranger, "Dummy", "Ivy").await;
        let path = format!("{consent}/ending");
        let guess = stranger.post(path, json!({"because": "event-has-come"})).about(hers).if_match("\"x\"").send().await.unwrap();
        assert_eq!((guess.status.as_u16(), guess.problem()), (404, "not-found-or-not-permitted"));
    }
}

on_both_stores! {
    async fn an_error_found_before_a_release_is_not_struck_out_unawares(world: World) {
        let Referred { carat, cjit, ours, referral, .. } = referred(&world).await;
        let consent = known_to(&carat).await;
        let unaware = says(&carat, &consent, "entered-in-error", false).await;
        assert_eq!((unaware.status.as_u16(), unaware.problem()), (409, "withdrawal-needs-confirmation"));
        assert_eq!(cjit.get(format!("/v1/dirs/{ours}")).await.status, 200);

        assert_eq!(says(&carat, &consent, "entered-in-error", true).await.status, 200);
        assert_eq!(cjit.get(format!("/v1/dirs/{ours}")).await.status, 404);
        assert_eq!(cjit.get(referral).await.json["state"], "cancelled");
        let out = carat.get("/v1/referrals?box=out".to_owned()).await;
        assert_eq!(out.json["referrals"][0]["state"], "cancelled", "{}", out.json);
    }
}

on_both_stores! {
    async fn past_its_date_it_is_shown_as_over_to_all_its_sides(world: World) {
        let (cjit, carat) = (outside(&world).await, inside(&world).await);
        let mut body = consent(world.clock.now());
        body["expires_at"] = json!(world.clock.now() + 1.hour());
        let path = format!("/v1/clients/{}/consents", cjit.client_ref);
        created(&cjit.post(path, body).await, "consent_id");
        let (at_cjit, at_carat) = (known_to(&cjit).await, known_to(&carat).await);
        for (team, consent) in [(&cjit, &at_cjit), (&carat, &at_carat)] {
            assert_eq!(status(team, consent).await, "active");
        }
        world.clock.advance(3_600);
        for (team, consent) in [(&cjit, &at_cjit), (&carat, &at_carat)] {
            assert_eq!(status(team, consent).await, "expired");
        }
    }
}
