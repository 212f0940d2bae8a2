//! Looking whether anybody else prescribes is bounded as checks are: it is free who has asked or works with the person, it ends for
//! everybody else, and where it may not end, somebody looks at who looked.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use throughgate::clock::Clock as _;
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::caseload::{all_at_once, allocate, check, open_episode, result};
use super::caseload_fishing::report;
use super::scripts::{Desk, methadone, today};
use crate::support::{Statements, World, on_both_stores};

const CJIT: &str = "northmoor-cjit";
/// The threads that read for a request, and the one that writes.
const READER: &str = "store-reader";
const WRITER: &str = "journal-writer";

async fn look_for(worker: &Actor, client_ref: Handle, purpose: Purpose) -> Answer {
    let ask = worker.get(format!("/v1/clients/{client_ref}/scripts")).purpose(purpose).about(client_ref);
    ask.send().await.unwrap()
}

/// A look of who is told one word.
async fn look(worker: &Actor, client_ref: Handle) -> Answer {
    look_for(worker, client_ref, Purpose::ContinuityOfCare).await
}

fn looks(world: &World) -> i64 {
    world.number("SELECT count(*) AS number FROM record WHERE kind = 'look'")
}

async fn presented(world: &World, worker: &Actor, surnames: &[&str]) -> Vec<Handle> {
    let mut clients = Vec::new();
    for surname in surnames {
        clients.push(world.client(worker, "Demo", surname).await);
    }
    clients
}

/// What a report says of one worker's looks: how many there were, how many led to nothing, and of how many it cannot be known yet.
fn counted(report: &Answer, worker: &str) -> [u64; 3] {
    assert_eq!(report.status, 200, "{}", report.json);
    let agencies = report.json["agencies"].as_array().unwrap().iter();
    let mut workers = agencies.flat_map(|agency| agency["workers"].as_array().unwrap());
    let counts = workers.find(|counts| counts["worker"] == worker).unwrap();
    ["looks", "looks_no_contact", "looks_too_recent"].map(|count| counts[count].as_u64().unwrap())
}

on_both_stores! {
    async fn who_looks_at_strangers_comes_to_an_end_and_is_seen(world: World) {
        let mut world = world;
        world.bound_looks(3, 4);
        world.restart().await;
        let [rowan, spoc] = ["testa-rowan", "duty-spoc"].map(|worker| world.worker(CJIT, worker));
        let began = world.clock.now();
        let strangers = presented(&world, &rowan, &["Alder", "Birch", "Cedar", "Damson", "Elder"]).await;
        for stranger in &strangers[..2] {
            assert_eq!(look(&rowan, *stranger).await.status, 200);
        }
        world.restart().await;
        let [rowan, spoc] = [rowan, spoc].map(|worker| world.worker(worker.agency(), worker.worker()));
        assert_eq!(look(&rowan, strangers[2]).await.status, 200);

        let worker_spent = look(&rowan, strangers[3]).await;
        assert_eq!((worker_spent.status.as_u16(), worker_spent.problem()), (429, "too-many-requests"));
        let seconds: i64 = worker_spent.header("retry-after").parse().unwrap();
        assert!((1..=25 * 3_600).contains(&seconds));
        assert!(worker_spent.receipt.is_some(), "the refusal is on record");
        assert_eq!(look(&rowan, strangers[0]).await.status, 200, "at whom one has looked today one looks again");

        assert_eq!(look(&spoc, strangers[0]).await.status, 200, "a colleague has a budget of her own");
        assert_eq!(look(&spoc, strangers[4]).await.status, 429, "and the agency has one");
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let theirs = world.client(&carat, "Demo", "Elder").await;
        assert_eq!(look(&carat, theirs).await.status, 200, "which is not another agency's");
        assert_eq!(looks(&world), 5);

        let auditor = world.worker("audit-office", "checker-willow");
        let log = auditor.get("/v1/audit/entries?agency=northmoor-cjit&kind=disclosure&outcome=refused")
            .purpose(Purpose::AuditReview).send().await.unwrap();
        let reasons: Vec<_> =
            log.json["entries"].as_array().unwrap().iter().map(|entry| entry["fields"]["reason_code"].clone()).collect();
        assert_eq!(reasons, ["look-budget-of-worker", "look-budget-of-agency"]);

        // Of one something comes.
        assert_eq!(open_episode(&rowan, strangers[1]).await.status, 201);
        let officer = world.worker(CJIT, "sample-juniper");
        assert_eq!(counted(&report(&officer, began, began).await, "testa-rowan"), [3, 0, 2]);
        world.clock.advance(seconds + 60);
        assert_eq!(look(&rowan, strangers[3]).await.status, 200, "the next day begins anew");
        world.later(15).await;
        let [officer, auditor] = [(CJIT, "sample-juniper"), ("audit-office", "checker-willow")]
            .map(|(agency, worker)| world.worker(agency, worker));
        for reader in [&officer, &auditor] {
            let report = report(reader, began, began).await;
            assert_eq!((counted(&report, "testa-rowan"), counted(&report, "duty-spoc")), ([3, 2, 0], [1, 1, 0]));
        }
    }
}

on_both_stores! {
    async fn of_many_looks_at_once_no_more_than_the_budget_get_through(world: World) {
        let mut world = world;
        world.bound_looks(3, 0);
        world.restart().await;
        let rowan = world.worker(CJIT, "testa-rowan");
        let strangers = presented(&world, &rowan, &["Alder", "Birch", "Cedar", "Damson", "Elder", "Hazel"]).await;
        let asks = strangers.into_iter().map(|stranger| {
            let rowan = rowan.clone();
            async move { look(&rowan, stranger).await }
        });
        let answers = all_at_once(asks).await;
        let with = |status: u16| answers.iter().filter(|answer| answer.status == status).count();
        assert_eq!((with(200), with(429), looks(&world)), (3, 3, 3));
    }
}

on_both_stores! {
    async fn who_has_asked_or_works_with_her_or_prescribes_looks_for_nothing(world: World) {
        let mut world = world;
        world.bound_looks(1, 0);
        world.restart().await;
        let rowan = world.worker(CJIT, "testa-rowan");
        let clients = presented(&world, &rowan, &["Elder", "Cedar", "Alder", "Birch"]).await;
        let [checked, allocated, opened, prescribed] = clients[..] else { panic!("four clients") };
        let checks = [check(&rowan, checked).await, check(&rowan, allocated).await];
        for client in [allocated, opened] {
            assert_eq!(open_episode(&rowan, client).await.status, 201);
        }
        assert_eq!(allocate(&rowan, allocated).await.status, 200);
        for client in [checked, allocated, checked] {
            assert_eq!(look(&rowan, client).await.status, 200);
        }
        assert_eq!(looks(&world), 0);

        // A month later the check no longer counts, and no longer tells; the case manager's case goes on.
        let id = checks[0].handle("id").unwrap();
        assert_eq!(result(&rowan, id, checked).await.json["clinical_hold"], json!(false));
        world.later(29).await;
        let rowan = world.worker(CJIT, "testa-rowan");
        let old = result(&rowan, id, checked).await;
        assert_eq!((old.status.as_u16(), &old.json["clinical_hold"]), (200, &Value::Null));
        assert_eq!(old.json["outcome"], "clear", "what was found stands");
        assert_eq!((look(&rowan, allocated).await.status.as_u16(), looks(&world)), (200, 0));
        assert_eq!((look(&rowan, checked).await.status.as_u16(), looks(&world)), (200, 1));
        assert_eq!(look(&rowan, opened).await.status, 429, "to open an episode is free, and so no way round");

        // A script that is only planned tells nobody, and so is no way round either; one that runs is.
        let desk = Desk { clinician: world.worker(CJIT, "dr-fixture-rowe"), client_ref: prescribed };
        let mut planned = methadone(&world);
        planned.as_object_mut().unwrap().remove("started_on");
        let script = desk.opens(planned, "proposed").await;
        assert_eq!(looks(&world), 2, "to open one is to look");
        assert_eq!(look(&rowan, prescribed).await.status, 429);
        script.steps("start", json!({}), "active").await;
        assert_eq!((look(&rowan, prescribed).await.status.as_u16(), looks(&world)), (200, 2));
    }
}

on_both_stores! {
    async fn a_clinician_is_answered_beyond_the_budget_and_somebody_reviews_it_once_a_day(world: World) {
        let mut world = world;
        world.bound_looks(1, 0);
        world.restart().await;
        let [rowe, officer] = ["dr-fixture-rowe", "sample-juniper"].map(|worker| world.worker(CJIT, worker));
        let lantern = Desk::at(&world, "lantern", "dr-sample-sorrel").await;
        lantern.opens(methadone(&world), "active").await;
        let strangers = presented(&world, &rowe, &["Alder", "Birch", "Cedar"]).await;
        let hers = world.client(&rowe, "Sample", "Damson").await;
        for stranger in &strangers[..2] {
            let told = look_for(&rowe, *stranger, Purpose::PrescribingSafety).await;
            assert_eq!((told.status.as_u16(), &told.json["elsewhere"]["hold"]), (200, &json!(false)));
        }
        let told = look_for(&rowe, hers, Purpose::VitalInterests).await;
        assert_eq!((told.status.as_u16(), &told.json["elsewhere"]["hold"]), (200, &json!(true)), "what could kill is told");
        let for_another_purpose = look_for(&rowe, strangers[2], Purpose::Treatment).await;
        assert_eq!(for_another_purpose.status, 429, "as one of those who are told one word");
        let desk = Desk { clinician: rowe.clone(), client_ref: strangers[2] };
        desk.opens(methadone(&world), "active").await;
        assert_eq!(looks(&world), 5, "and one of Lantern's");

        let waiting = || async {
            let mine = officer.get("/v1/tasks?view=mine").purpose(Purpose::Safeguarding).send().await.unwrap();
            assert_eq!(mine.status, 200, "{}", mine.json);
            mine.json["tasks"].as_array().unwrap().clone()
        };
        let tasks = waiting().await;
        let day = today(&world);
        let subject = format!("/v1/caseload-checks/report?from={day}&to={day}");
        assert_eq!(tasks.len(), 1, "{tasks:?}");
        assert_eq!((&tasks[0]["kind"], &tasks[0]["subject"]), (&json!("review-looks"), &json!(subject)));

        // A manager reads the report too; whose duty it is has reviewed it once she has read it.
        let manager = world.worker(CJIT, "mocky-aspen");
        for (reader, left) in [(&manager, 1), (&officer, 0)] {
            let report = reader.get(&subject).purpose(Purpose::AuditReview).send().await.unwrap();
            // Of the four, one is prescribed for since.
            assert_eq!(counted(&report, "dr-fixture-rowe"), [4, 0, 3]);
            assert_eq!(waiting().await.len(), left);
        }
        let elder = world.client(&rowe, "Demo", "Elder").await;
        assert_eq!(look_for(&rowe, elder, Purpose::PrescribingSafety).await.status, 200);
        assert!(waiting().await.is_empty(), "once a day");
    }
}

on_both_stores! {
    async fn a_look_is_no_write_that_a_key_or_a_token_serves_once(world: World) {
        let rowan = world.worker(CJIT, "testa-rowan");
        let client = world.client(&rowan, "Demo", "Elder").await;
        let token = rowan.token(Purpose::ContinuityOfCare, Some(client), None).unwrap();
        let path = format!("/v1/clients/{client}/scripts");
        for _ in 0..2 {
            let ask = rowan.get(&path).token(&token).idempotency_key("0123456789");
            let answer = ask.send().await.unwrap();
            assert_eq!((answer.status.as_u16(), &answer.json["elsewhere"]), (200, &json!({"clinical_hold": false})));
        }
        assert_eq!(looks(&world), 1);
        for method in [reqwest::Method::HEAD, reqwest::Method::OPTIONS] {
            let another = world.client(&rowan, "Demo", "Birch").await;
            let ask = rowan.ask(method, format!("/v1/clients/{another}/scripts")).about(another);
            assert_eq!(ask.send().await.unwrap().status, 405);
        }
        assert_eq!(looks(&world), 1);
    }
}

on_both_stores! {
    async fn whether_anybody_prescribes_shows_in_the_cost_of_no_look(world: World) {
        let mut world = world;
        world.bound_looks(6, 6);
        let statements = Statements::of(&mut world).await;
        let [rowan, spoc] = ["testa-rowan", "duty-spoc"].map(|worker| world.worker(CJIT, worker));
        let sorrel = world.worker("lantern", "dr-sample-sorrel");
        let mut clients = Vec::new();
        for (surname, holds) in
            [("Alder", true), ("Birch", false), ("Cedar", true), ("Damson", false), ("Elder", true), ("Hazel", false)]
        {
            if holds {
                let desk = Desk { clinician: sorrel.clone(), client_ref: world.client(&sorrel, "Demo", surname).await };
                desk.opens(methadone(&world), "active").await;
            }
            clients.push((world.client(&rowan, "Demo", surname).await, holds));
        }
        let mut cost = Vec::new();
        for (worker, status, first) in
            [(&rowan, 200, "paid"), (&rowan, 200, "paid for already"), (&spoc, 429, "spent"), (&spoc, 200, "free")]
        {
            if first == "free" {
                for (client, _) in &clients {
                    assert_eq!(check(&rowan, *client).await.status, 201);
                }
            }
            // The gateway also does things of its own now and then, so that the least counts.
            let mut least = BTreeMap::from([(true, (usize::MAX, usize::MAX)), (false, (usize::MAX, usize::MAX))]);
            for (client, holds) in &clients {
                let before = (statements.by(READER).await, statements.by(WRITER).await);
                let answer = look(worker, *client).await;
                let after = (statements.by(READER).await, statements.by(WRITER).await);
                assert_eq!(answer.status, status, "{first}: {}", answer.json);
                if status == 200 {
                    assert_eq!(answer.json["elsewhere"], json!({"clinical_hold": holds}), "{first}");
                }
                let least = least.get_mut(holds).unwrap();
                *least = (least.0.min(after.0 - before.0), least.1.min(after.1 - before.1));
            }
            assert_eq!(least[&true], least[&false], "{first}");
            cost.push(least[&true]);
        }
        assert!(cost.iter().all(|(read, written)| *read > 5 && *written > 0), "the statements were not counted: {cost:?}");
        assert_eq!(looks(&world), 9, "and three of Lantern's");
    }
}
