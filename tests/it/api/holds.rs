//! What stops an erasure, and who may order one: holds, open matters, exclusions, the version that was read.

use serde_json::{Value, json};
use throughgate::clock::Clock as _;
use throughgate::ledger::entry::Field;
use throughgate::vocabulary::Purpose;

use super::erasure::{CARAT, LANTERN, Officer, counts, left_of, opened, order, text};
use super::release::{Referred, Team, consent, referred};
use crate::support::{World, on_both_stores};

on_both_stores! {
    async fn only_the_privacy_officer_erases_on_the_version_that_was_read_and_only_her_own(world: World) {
        let oak = world.worker(CARAT, "fixture-oak");
        let client_ref = world.client(&oak, "Fixture", "Cedar").await;
        let officer = Officer::of(&world, CARAT, client_ref);
        let etag = officer.holds().await.etag().to_owned();
        let before = counts(&world);

        for purpose in [Purpose::SubjectAccess, Purpose::ContinuityOfCare] {
            let refused = oak.post(officer.path("erasure"), order()).about(client_ref).if_match(&etag).purpose(purpose).send().await.unwrap();
            assert_eq!((refused.status.as_u16(), refused.problem()), (403, "purpose-not-permitted"));
        }
        let elsewhere = Officer { actor: world.worker(LANTERN, "test-myrtle"), client_ref };
        assert_eq!(elsewhere.post(officer.path("erasure"), order(), Some(&etag)).await.status, 404);
        assert_eq!(officer.post(officer.path("erasure"), order(), None).await.problem(), "precondition-required");
        assert_eq!(officer.post(officer.path("erasure"), order(), Some("\"other\"")).await.problem(), "version-conflict");
        for body in [json!({"reason": "x"}), json!({"authority": "whim", "reason": "x"}), json!({"authority": "objection", "reason": ""})] {
            assert_eq!(officer.post(officer.path("erasure"), body, Some(&etag)).await.status, 400);
        }
        assert_eq!(counts(&world)[..6], before[..6]);

        // Another record of hers was written since: what was read is not what would go.
        let team = Team { actor: oak.clone(), client_ref };
        team.signed_dir().await;
        assert_eq!(officer.post(officer.path("erasure"), order(), Some(&etag)).await.problem(), "version-conflict");
        let etag = officer.holds().await.etag().to_owned();
        assert_eq!(officer.post(officer.path("erasure"), order(), Some(&etag)).await.status, 200);
    }
}

on_both_stores! {
    async fn a_repetition_is_told_that_it_was_done(world: World) {
        let oak = world.worker(CARAT, "fixture-oak");
        let client_ref = world.client(&oak, "Fixture", "Cedar").await;
        let officer = Officer::of(&world, CARAT, client_ref);
        let etag = officer.holds().await.etag().to_owned();
        let send = async |key: &str, body: Value| {
            officer.actor.post(officer.path("erasure"), body).about(client_ref).purpose(Purpose::SubjectAccess)
                .if_match(&etag).idempotency_key(key).send().await.unwrap()
        };
        let first = send("erasure-of-cedar", order()).await;
        assert_eq!(first.status, 200, "{}", first.json);
        let after = counts(&world);
        let again = send("erasure-of-cedar", order()).await;
        assert_eq!((again.status.as_u16(), &again.json), (200, &json!({})));
        assert_eq!(counts(&world)[..6], after[..6]);
        let other = send("another-key-for-it", order()).await;
        let changed = send("erasure-of-cedar", json!({"authority": "objection", "reason": "another"})).await;
        assert_eq!((other.status.as_u16(), changed.status.as_u16()), (404, 404));
        let (_, openings) = opened(&world, &again).await;
        assert_eq!(text(&openings, Field::ReasonCode), "replayed");
    }
}

on_both_stores! {
    async fn a_legal_hold_stops_it_until_it_is_lifted_or_its_last_day_is_over(world: World) {
        let oak = world.worker(CARAT, "fixture-oak");
        let client_ref = world.client(&oak, "Fixture", "Cedar").await;
        let officer = Officer::of(&world, CARAT, client_ref);
        let in_days = |days: i64| {
            (world.clock.now() + jiff::SignedDuration::from_hours(24 * days)).to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
        };
        let hold = |until: String| json!({"ground": "legal-claim", "reason": "letter of claim", "until": until});
        let late = officer.post(officer.path("holds"), hold(in_days(-2)), None).await;
        assert_eq!((late.status.as_u16(), &late.json["errors"][0]["path"]), (422, &json!("until")));
        let by_a_worker = oak.post(officer.path("holds"), hold(in_days(9))).about(client_ref).send().await.unwrap();
        assert_eq!(by_a_worker.status, 403);

        let placed = officer.post(officer.path("holds"), hold(in_days(300)), None).await;
        assert_eq!(placed.status, 201, "{}", placed.json);
        let brief = officer.post(officer.path("holds"), hold(in_days(2)), None).await;
        assert_eq!(brief.status, 201, "{}", brief.json);
        let before = counts(&world);
        assert_eq!(officer.is_stopped_by().await, ["legal-hold"]);
        assert_eq!(counts(&world)[..6], before[..6]);

        let seen = officer.holds().await;
        assert_eq!(seen.json["holds"].as_array().unwrap().len(), 2);
        assert_eq!((&seen.json["holds"][0]["ground"], &seen.json["holds"][0]["in_force"]), (&json!("legal-claim"), &json!(true)));
        let lifting = format!("/v1/holds/{}/lifting", placed.json["id"].as_str().unwrap());
        let why = json!({"reason": "the claim is settled"});
        assert_eq!(officer.post(lifting.clone(), why.clone(), None).await.status, 428);
        let lifted = officer.post(lifting.clone(), why.clone(), Some(seen.etag())).await;
        assert_eq!(lifted.status, 200, "{}", lifted.json);
        assert_eq!(officer.post(lifting.clone(), why.clone(), Some(seen.etag())).await.status, 412);
        let etag = officer.holds().await.etag().to_owned();
        assert_eq!(officer.post(lifting, why, Some(&etag)).await.problem(), "invalid-transition");
        assert_eq!(officer.is_stopped_by().await, ["legal-hold"], "the other one is in force");

        world.clock.advance(4 * 24 * 3_600);
        let erased = officer.erases().await;
        assert_eq!(erased.status, 200, "{}", erased.json);
        assert_eq!(left_of(&world, CARAT), [0; 4], "the holds went with the rest");
    }
}

on_both_stores! {
    async fn open_matters_of_the_agency_stop_it_and_those_of_others_do_not(world: World) {
        let Referred { carat, cjit, referral, .. } = referred(&world).await;
        let opened = cjit.post(format!("/v1/clients/{}/caseload-episodes", cjit.client_ref), json!({"admitted_on": "2026-01-05"})).await;
        assert_eq!(opened.status, 201, "{}", opened.json);
        let (sender, recipient) = (Officer::of(&world, CARAT, carat.client_ref), Officer::of(&world, "northmoor-cjit", cjit.client_ref));
        assert_eq!(sender.is_stopped_by().await, ["referral-sent"]);
        assert_eq!(recipient.is_stopped_by().await, ["referral-received", "caseload-episode-open"]);
        assert_eq!(sender.holds().await.json["open_matters"], json!(["referral-sent"]));

        // The prison team asks again; the community team, which holds her, may answer.
        let asked = carat.actor.post("/v1/caseload-checks", json!({"client_ref": carat.client_ref, "reason": "release-planning"}))
            .purpose(Purpose::DuplicateCheck).about(carat.client_ref).send().await.unwrap();
        assert_eq!(asked.json["outcome"], "held", "{}", asked.json);
        assert_eq!(sender.is_stopped_by().await, ["caseload-check-pending", "referral-sent"]);
        assert_eq!(recipient.is_stopped_by().await, ["caseload-answer-awaited", "referral-received", "caseload-episode-open"]);

        // A specialist project that knows her too, with nothing open of its own, is stopped by none of it.
        let hers = world.client(&world.worker(LANTERN, "ms-placeholder"), "Fixture", "Cedar").await;
        assert_eq!(Officer::of(&world, LANTERN, hers).erases().await.status, 200);

        // The referral ends; six days later nobody waits for an answer any more.
        for (step, body) in [("acknowledge", json!({})), ("reject", json!({"rejection_reason": "no-capacity"}))] {
            let moved = cjit.act(&referral, step, body).await;
            assert_eq!(moved.status, 200, "{}", moved.json);
        }
        world.clock.advance(6 * 24 * 3_600);
        assert_eq!(recipient.is_stopped_by().await, ["caseload-episode-open"]);
        assert_eq!(sender.erases().await.status, 200);
        assert_eq!(left_of(&world, CARAT), [0; 4]);

        // What the recipient wrote itself stands; what it was sent is gone with its sender's record.
        assert_eq!(cjit.get(referral).await.status, 404);
        let inbox = cjit.actor.get("/v1/referrals?box=in").send().await.unwrap();
        assert_eq!((inbox.status.as_u16(), &inbox.json["referrals"]), (200, &json!([])));
        let questions = cjit.actor.get("/v1/caseload-checks?box=in").purpose(Purpose::DuplicateCheck).send().await.unwrap();
        assert_eq!((questions.status.as_u16(), &questions.json["questions"]), (200, &json!([])));
        for path in ["caseload-episodes", "dirs", "consents", "disclosures"] {
            let listed = cjit.get(format!("/v1/clients/{}/{path}", cjit.client_ref)).await;
            assert_eq!(listed.status, 200, "{path}: {}", listed.json);
        }
        let episodes = cjit.get(format!("/v1/clients/{}/caseload-episodes", cjit.client_ref)).await;
        assert!(episodes.json.to_string().contains(opened.json["id"].as_str().unwrap()));
    }
}

on_both_stores! {
    async fn an_anonymous_slot_neither_stops_it_nor_goes_so_that_neither_tells_whom_it_is_about(world: World) {
        let oak = world.worker(CARAT, "fixture-oak");
        let carat = Team { actor: oak.clone(), client_ref: world.client(&oak, "Fixture", "Cedar").await };
        let rowan = world.worker("northmoor-cjit", "testa-rowan");
        let known = world.client(&rowan, "Fixture", "Cedar").await;
        let asked = oak.post("/v1/caseload-checks", json!({"client_ref": carat.client_ref, "reason": "release-planning"}))
            .purpose(Purpose::DuplicateCheck).about(carat.client_ref).send().await.unwrap();
        assert_eq!(asked.status, 201);
        let slot = json!({
            "client_ref": carat.client_ref, "recipient": "northmoor-cjit", "route": "carat-to-cjit", "urgency": "urgent",
            "need": "assessment", "anonymous": true, "slot": {"at": "2026-12-01T10:00:00Z", "place": "1 Test Row"},
        });
        let drafted = carat.post("/v1/referrals".to_owned(), slot).await;
        let sent = carat.act(&format!("/v1/referrals/{}", drafted.json["referral"].as_str().unwrap()), "send", json!({})).await;
        assert_eq!(sent.status, 200, "{}", sent.json);

        let officer = Officer::of(&world, "northmoor-cjit", known);
        assert_eq!(officer.erases().await.status, 200);
        let inbox = rowan.get("/v1/referrals?box=in").send().await.unwrap();
        let ours = inbox.json["referrals"][0]["referral"].as_str().unwrap();
        let view = rowan.get(format!("/v1/referrals/{ours}")).send().await.unwrap();
        assert_eq!((view.status.as_u16(), &view.json["slot"]["place"]), (200, &json!("1 Test Row")));
    }
}

on_both_stores! {
    async fn what_she_forbade_through_the_agency_lapses_only_once_that_is_confirmed(world: World) {
        let oak = world.worker(CARAT, "fixture-oak");
        let team = Team { actor: oak.clone(), client_ref: world.client(&oak, "Fixture", "Cedar").await };
        let mut forbids = consent(world.clock.now());
        forbids["exclusions"] = json!(["testhomes"]);
        let recorded = team.post(format!("/v1/clients/{}/consents", team.client_ref), forbids).await;
        assert_eq!(recorded.status, 201, "{}", recorded.json);
        let officer = Officer::of(&world, CARAT, team.client_ref);
        assert_eq!(officer.is_stopped_by().await, ["lifts-exclusion"]);
        let seen = officer.holds().await;
        assert_eq!(seen.json["exclusions_in_force"], true);
        let mut order = order();
        order["exclusions_lapse_confirmed"] = json!(true);
        let erased = officer.post(officer.path("erasure"), order, Some(seen.etag())).await;
        assert_eq!(erased.status, 200, "{}", erased.json);
    }
}
