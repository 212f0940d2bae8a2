//! Fishing is visible and bounded: budgets of checks that outlast a restart, and a report of checks that came to nothing.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use throughgate::clock::Clock as _;
use throughgate::demo::actor::{Actor, Answer};
use throughgate::vocabulary::Purpose;

use super::caseload::{all_at_once, check, open_episode};
use super::custody::{self, enforced, proactive};
use super::flags::set;
use super::scripts::{self, methadone};
use crate::support::{World, on_both_stores};

fn day(moment: Timestamp) -> jiff::civil::Date {
    moment.to_zoned(TimeZone::get("Europe/London").unwrap()).date()
}

pub async fn report(reader: &Actor, from: Timestamp, to: Timestamp) -> Answer {
    let path = format!("/v1/caseload-checks/report?from={}&to={}", day(from), day(to));
    reader.get(path).purpose(Purpose::AuditReview).send().await.unwrap()
}

on_both_stores! {
    async fn a_worker_and_an_agency_have_a_budget_that_a_restart_does_not_renew(world: World) {
        let mut world = world;
        world.bound_checks(2, 3);
        world.restart().await;
        let (rowan, spoc) = (world.worker("northmoor-cjit", "testa-rowan"), world.worker("northmoor-cjit", "duty-spoc"));
        let client = world.client(&rowan, "Demo", "Elder").await;
        assert_eq!(check(&rowan, client).await.status, 201);
        world.restart().await;
        let (rowan, spoc) = (world.worker(rowan.agency(), rowan.worker()), world.worker(spoc.agency(), spoc.worker()));
        assert_eq!(check(&rowan, client).await.status, 201);

        let worker_spent = check(&rowan, client).await;
        assert_eq!((worker_spent.status.as_u16(), worker_spent.problem()), (429, "too-many-requests"));
        let seconds: u64 = worker_spent.header("retry-after").parse().unwrap();
        assert!((1..=25 * 3_600).contains(&seconds));
        assert!(worker_spent.receipt.is_some(), "the refusal is on record");

        assert_eq!(check(&spoc, client).await.status, 201, "a colleague has a budget of her own");
        let agency_spent = check(&spoc, client).await;
        assert_eq!(agency_spent.status, 429, "and the agency has one");
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let theirs = world.client(&carat, "Demo", "Elder").await;
        assert_eq!(check(&carat, theirs).await.status, 201, "which is not another agency's");

        let auditor = world.worker("audit-office", "checker-willow");
        let log = auditor.get("/v1/audit/entries?agency=northmoor-cjit&kind=caseload-check&outcome=refused")
            .purpose(Purpose::AuditReview).send().await.unwrap();
        let reasons: Vec<_> =
            log.json["entries"].as_array().unwrap().iter().map(|entry| entry["fields"]["reason_code"].clone()).collect();
        assert_eq!(reasons, ["check-budget-of-worker", "check-budget-of-agency"]);

        world.clock.advance(i64::try_from(seconds).unwrap() + 60);
        assert_eq!(check(&rowan, client).await.status, 201, "the next day begins anew");
    }
}

on_both_stores! {
    async fn of_many_at_once_no_more_than_the_budget_get_through(world: World) {
        let mut world = world;
        world.bound_checks(3, 0);
        world.restart().await;
        let rowan = world.worker("northmoor-cjit", "testa-rowan");
        let mut clients = Vec::new();
        for surname in ["Alder", "Birch", "Cedar", "Damson", "Elder", "Hazel"] {
            clients.push(world.client(&rowan, "Demo", surname).await);
        }
        let asks = clients.into_iter().map(|client| {
            let rowan = rowan.clone();
            async move { check(&rowan, client).await }
        });
        let answers = all_at_once(asks).await;
        let with = |status: u16| answers.iter().filter(|answer| answer.status == status).count();
        assert_eq!((with(201), with(429)), (3, 3));
    }
}

on_both_stores! {
    async fn a_report_shows_how_many_checks_led_to_nothing(world: World) {
        let (rowan, spoc) = (world.worker("northmoor-cjit", "testa-rowan"), world.worker("northmoor-cjit", "duty-spoc"));
        let began = world.clock.now();
        // One that leads to an episode; one that leads to nothing; and a colleague's, of somebody whom Lantern has.
        let elder = world.client(&rowan, "Demo", "Elder").await;
        check(&rowan, elder).await;
        open_episode(&rowan, elder).await;
        let alder = world.client(&rowan, "Testa", "Alder").await;
        let idle = check(&rowan, alder).await;
        let lantern = world.worker("lantern", "ms-placeholder");
        let hers = world.client(&lantern, "Sample", "Damson").await;
        open_episode(&lantern, hers).await;
        let damson = world.client(&spoc, "Sample", "Damson").await;
        check(&spoc, damson).await;

        let officer = world.worker("northmoor-cjit", "sample-juniper");
        let early = report(&officer, began, world.clock.now()).await;
        assert_eq!(early.status, 200, "{}", early.json);
        let agency = &early.json["agencies"][0];
        assert_eq!((early.json["agencies"].as_array().unwrap().len(), &agency["agency"]), (1, &json!("northmoor-cjit")));
        let rowans = &agency["workers"][1];
        assert_eq!((&rowans["worker"], &rowans["checks"], &rowans["no_contact"], &rowans["too_recent"]),
            (&json!("testa-rowan"), &json!(2), &json!(0), &json!(1)));

        let mut world = world;
        world.later(15).await;
        let [rowan, officer] = ["testa-rowan", "sample-juniper"].map(|id| world.worker("northmoor-cjit", id));
        let later = report(&officer, began, began).await;
        let workers = &later.json["agencies"][0]["workers"];
        assert_eq!(workers[0], json!({"worker": "duty-spoc", "checks": 1, "clear": 0, "held": 1, "possible": 0,
            "no_contact": 1, "too_recent": 0, "looks": 0, "looks_no_contact": 0, "looks_too_recent": 0,
            "no_contact_checks": workers[0]["no_contact_checks"]}));
        assert_eq!(workers[1], json!({"worker": "testa-rowan", "checks": 2, "clear": 2, "held": 0, "possible": 0,
            "no_contact": 1, "too_recent": 0, "looks": 0, "looks_no_contact": 0, "looks_too_recent": 0,
            "no_contact_checks": [idle.json["id"]]}));

        // An auditor sees the counts of every agency, and no handle.
        let auditor = world.worker("audit-office", "checker-willow");
        let all = report(&auditor, began, began).await;
        assert_eq!(all.status, 200, "{}", all.json);
        let of = |id: &str| all.json["agencies"].as_array().unwrap().iter().find(|agency| agency["agency"] == id).unwrap().clone();
        assert_eq!(of("northmoor-cjit")["workers"][1]["no_contact"], 1);
        assert_eq!(of("northmoor-cjit")["workers"][1]["no_contact_checks"], Value::Null);
        assert_eq!(of("lantern")["workers"], json!([]));

        // Whoever asks is not who reviews, and others' officers see their own agency.
        assert_eq!(report(&rowan, began, began).await.status, 403);
        let theirs = report(&world.worker("lantern", "test-myrtle"), began, began).await;
        assert_eq!(theirs.json["agencies"], json!([{"agency": "lantern", "workers": []}]));
        let too_long = report(&officer, began, began + jiff::SignedDuration::from_hours(32 * 24)).await;
        assert_eq!((too_long.status.as_u16(), too_long.problem()), (400, "malformed-request"));
    }
}

on_both_stores! {
    async fn whoever_prescribes_or_assesses_after_a_check_did_not_fish(world: World) {
        let began = world.clock.now();
        let prescriber = scripts::Desk::cjit(&world).await;
        assert_eq!(check(&prescriber.clinician, prescriber.client_ref).await.status, 201);
        prescriber.opens(methadone(&world), "active").await;
        let team = custody::Desk::cjit(&world, ("Demo", "Elder")).await;
        check(&team.worker, team.client_ref).await;
        team.opens(proactive(&world)).await;
        // What becomes of a flag others bring about: to set one is no contact, nor is what police assess.
        let spoc = world.worker("northmoor-cjit", "duty-spoc");
        let alder = world.client(&spoc, "Testa", "Alder").await;
        check(&spoc, alder).await;
        assert_eq!(set(&world, &spoc, alder, json!({})).await.status, 201);
        custody::Desk::police(&world, ("Testa", "Alder")).await.opens(enforced(&world)).await;

        let mut world = world;
        world.later(15).await;
        let officer = world.worker("northmoor-cjit", "sample-juniper");
        let workers = report(&officer, began, began).await.json["agencies"][0]["workers"].clone();
        let counted: Vec<_> = workers.as_array().unwrap().iter().map(|of| (of["worker"].clone(), of["no_contact"].clone())).collect();
        let expected = [("dr-fixture-rowe", 0), ("duty-spoc", 1), ("testa-rowan", 0)];
        assert_eq!(counted, expected.map(|(worker, without)| (json!(worker), json!(without))));
    }
}
