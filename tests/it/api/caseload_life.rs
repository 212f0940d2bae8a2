//! The life of an episode: its reviews and tasks, what a closure rests on, and who may take part.

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::caseload::{all_at_once, allocate, check, episode, step};
use crate::support::{World, on_both_stores};

const CJIT: &str = "northmoor-cjit";

/// Takes the client onto the caseload as somebody who is active already.
pub async fn admit(worker: &Actor, client_ref: Handle) -> Answer {
    let opened = json!({"admitted_on": "2026-01-05", "state": "active"});
    let path = format!("/v1/clients/{client_ref}/caseload-episodes");
    worker.post(path, opened).about(client_ref).send().await.unwrap()
}

/// Records a review or a plan of the client's episode, on the version that stands now.
pub async fn record(worker: &Actor, client_ref: Handle, what: &str, body: Value) -> Answer {
    step(worker, client_ref, what, body).await
}

pub fn review(class_a: bool, offending: bool) -> Value {
    json!({"trigger": "sixteen-weeks", "class_a": class_a, "offending": offending, "prison": false, "person_took_part": true})
}

pub fn plan(agreed: bool) -> Value {
    json!({
        "dated_on": "2026-01-12", "summary": "Steady first, then a room.",
        "items": [
            {"domain": "drug-and-alcohol", "need": "Steady on a script."},
            {"domain": "social-functioning", "wraparound": "housing", "need": "A room of her own.", "owner": "Testa Rowan"},
        ],
        "no_need_in": ["health", "offending"],
        "agreement": {"agreed": agreed, "on": "2026-01-12", "copy_given": true, "words": "That is what I want."},
    })
}

/// What the agency has to do, kind by kind in the order of the list, as its worker sees it.
pub async fn tasks(worker: &Actor, view: &str) -> Vec<Value> {
    let path = format!("/v1/tasks?view={view}");
    let listed = worker.get(path).purpose(Purpose::ContinuityOfCare).send().await.unwrap();
    assert_eq!(listed.status, 200, "{}", listed.json);
    listed.json["tasks"].as_array().unwrap().clone()
}

pub async fn kinds(worker: &Actor) -> Vec<String> {
    let mut kinds: Vec<String> =
        tasks(worker, "agency").await.iter().map(|task| task["kind"].as_str().unwrap().to_owned()).collect();
    kinds.sort();
    kinds
}

/// The fields that an answer names.
pub fn named(answer: &Answer) -> Vec<&str> {
    answer.json["errors"]
        .as_array()
        .map_or(Vec::new(), |errors| errors.iter().filter_map(|error| error["path"].as_str()).collect())
}

/// The steps that an answer names as possible.
pub fn possible(answer: &Answer) -> Vec<&str> {
    assert_eq!((answer.status.as_u16(), answer.problem()), (409, "invalid-transition"), "{}", answer.json);
    answer.json["errors"]
        .as_array()
        .map_or(Vec::new(), |errors| errors.iter().filter_map(|error| error["code"].as_str()).collect())
}

on_both_stores! {
    async fn a_plan_is_agreed_then_the_person_is_care_planned_and_the_person_reads_it_back(world: World) {
        let worker = world.worker(CJIT, "testa-rowan");
        let client = world.client(&worker, "Proxy", "Kale").await;
        let opened = json!({"admitted_on": "2026-01-05", "state": "assessed"});
        let path = format!("/v1/clients/{client}/caseload-episodes");
        assert_eq!(worker.post(path, opened).about(client).send().await.unwrap().status, 201);

        let early = step(&worker, client, "plan", json!({})).await;
        assert_eq!((early.status.as_u16(), named(&early)), (422, vec!["care_plan"]));
        let two_domains = json!({"dated_on": "2026-01-12", "items": [{"domain": "health", "need": "A dentist."}],
            "no_need_in": ["offending"], "agreement": {"agreed": true, "on": "2026-01-12", "copy_given": true}});
        let half = record(&worker, client, "care-plans", two_domains).await;
        assert_eq!((half.status.as_u16(), named(&half)), (422, vec!["items"]));
        let refused = record(&worker, client, "care-plans", plan(false)).await;
        assert_eq!(refused.status, 201, "{}", refused.json);
        assert_eq!(named(&step(&worker, client, "plan", json!({})).await), ["care_plan"], "it was not agreed to");
        assert_eq!(record(&worker, client, "care-plans", plan(true)).await.status, 201);
        assert_eq!(step(&worker, client, "plan", json!({})).await.json["state"], "care-planned");

        let now = episode(&worker, client).await;
        assert_eq!(now["care_plan"], json!({"number": 2, "dated_on": "2026-01-12", "agreed": true}));
        let plans = format!("/v1/caseload-episodes/{}/care-plans", now["id"].as_str().unwrap());
        let listed = worker.get(&plans).about(client).send().await.unwrap();
        let agreed: Vec<&Value> =
            listed.json["care_plans"].as_array().unwrap().iter().map(|plan| &plan["agreement"]["agreed"]).collect();
        assert_eq!(agreed, [&json!(false), &json!(true)]);
        assert_eq!(listed.json["care_plans"][1]["items"][1]["need"], "A room of her own.");

        let unread = worker.post(&plans, plan(true)).about(client).send().await.unwrap();
        assert_eq!(unread.status, 428);
        let stale = worker.post(&plans, plan(true)).about(client).if_match("\"old\"").send().await.unwrap();
        assert_eq!(stale.status, 412);
        let eastvale = world.worker("eastvale-cjit", "sample-linden");
        let elsewhere = eastvale.get(&plans).about(client).send().await.unwrap();
        assert_eq!((elsewhere.status.as_u16(), elsewhere.problem()), (404, "not-found-or-not-permitted"));
        let spoc = world.worker(CJIT, "duty-spoc");
        let other_role = spoc.post(&plans, plan(true)).about(client).if_match(now["etag"].as_str().unwrap()).send().await.unwrap();
        assert_eq!((other_role.status.as_u16(), other_role.problem()), (403, "purpose-not-permitted"));
    }
}

on_both_stores! {
    async fn a_review_says_what_follows_and_another_outcome_says_why(world: World) {
        let worker = world.worker(CJIT, "testa-rowan");
        let client = world.client(&worker, "Proxy", "Kale").await;
        assert_eq!(admit(&worker, client).await.status, 201);
        assert_eq!(tasks(&worker, "agency").await[0]["due"], "2026-04-27T22:59:00Z", "sixteen weeks, in London");

        let other = json!({"on": "2026-03-05", "trigger": "sixteen-weeks", "class_a": true, "offending": false, "prison": false,
            "person_took_part": true, "outcome": "stay"});
        let unreasoned = record(&worker, client, "reviews", other.clone()).await;
        assert_eq!((unreasoned.status.as_u16(), named(&unreasoned)), (422, vec!["outcome_reason"]));
        let mut reasoned = other;
        reasoned["outcome_reason"] = json!("She starts at the new service next month.");
        let reviewed = record(&worker, client, "reviews", reasoned).await;
        assert_eq!(reviewed.status, 201, "{}", reviewed.json);
        assert_eq!((&reviewed.json["outcome"], &reviewed.json["derived"]), (&json!("stay"), &json!("exit-to-class-a-treatment")));
        let now = episode(&worker, client).await;
        assert_eq!((&now["review_due"], &now["reviews"][0]["outcome"]), (&json!("2026-06-25"), &json!("stay")));
        assert_eq!(tasks(&worker, "agency").await[0]["due"], "2026-06-25T22:59:00Z");
        let backwards = json!({"on": "2026-03-04", "trigger": "sixteen-weeks", "class_a": true, "offending": true, "prison": false,
            "person_took_part": false});
        assert_eq!(named(&record(&worker, client, "reviews", backwards).await), ["on"]);
    }
}

on_both_stores! {
    async fn tasks_follow_the_case_manager_and_the_day_and_none_is_left_when_a_case_is_closed(world: World) {
        let (worker, manager) = (world.worker(CJIT, "testa-rowan"), world.worker(CJIT, "mocky-aspen"));
        let client = world.client(&worker, "Proxy", "Kale").await;
        assert_eq!(admit(&worker, client).await.status, 201);
        let due = tasks(&worker, "mine").await.remove(0);
        assert_eq!((&due["kind"], &due["duty"], &due["held_by"]), (&json!("review-care-plan"), &json!("case-management"), &json!("duty-role")));
        let resource = worker.get(due["subject"].as_str().unwrap()).about(client).send().await.unwrap();
        assert_eq!(resource.json["state"], "active", "the task leads to where it is done");

        assert_eq!(check(&worker, client).await.status, 201);
        assert_eq!(allocate(&worker, client).await.status, 200);
        assert_eq!(tasks(&worker, "mine").await[0]["held_by"], "you");
        let away = step(&worker, client, "note-disengagement", json!({"offending_stopped": false})).await;
        assert_eq!(away.status, 200, "{}", away.json);
        assert_eq!(kinds(&manager).await, ["re-engage", "reach-out", "review-care-plan"]);
        assert!(tasks(&manager, "agency").await.iter().all(|task| task["held_by"] == "colleague"));
        let again = step(&worker, client, "note-disengagement", json!({"offending_stopped": false})).await;
        assert!(possible(&again).contains(&"re-engage") && !possible(&again).contains(&"note-disengagement"));
        assert_eq!(step(&worker, client, "reach-out", json!({"reached": true})).await.status, 200);
        assert_eq!(kinds(&manager).await, ["re-engage", "review-care-plan"]);
        assert_eq!(step(&worker, client, "re-engage", json!({})).await.status, 200);
        assert_eq!(kinds(&manager).await, ["review-care-plan"]);
        let states = |state: &str| world.number(&format!("SELECT count(*) AS number FROM task WHERE state = '{state}' AND kind <> 'review-care-plan'"));
        assert_eq!((states("done"), states("lapsed"), states("open")), (2, 0, 0));

        assert_eq!(step(&worker, client, "close", json!({"close_code": "C1"})).await.status, 200);
        assert_eq!(kinds(&manager).await, [""; 0]);
        let closed = step(&worker, client, "reach-out", json!({"reached": true})).await;
        assert_eq!(possible(&closed), [""; 0], "nothing is possible any more");
        let late = record(&worker, client, "reviews", review(true, true)).await;
        assert_eq!((late.status.as_u16(), late.problem()), (409, "invalid-transition"));
    }
}

on_both_stores! {
    async fn of_two_who_step_at_once_one_reads_again(world: World) {
        let worker = world.worker(CJIT, "testa-rowan");
        let client = world.client(&worker, "Proxy", "Kale").await;
        let opened = admit(&worker, client).await;
        let (path, etag) = (opened.header("location").to_owned(), opened.etag().to_owned());
        let steps = [("set-expectations", json!({})), ("close", json!({"close_code": "C6"})), ("reach-out", json!({"reached": false}))];
        let asks = steps.map(|(name, body)| {
            let (worker, path, etag) = (worker.clone(), format!("{path}/{name}"), etag.clone());
            async move { worker.post(path, body).about(client).if_match(etag).send().await.unwrap() }
        });
        let mut statuses: Vec<u16> =
            all_at_once(asks).await.iter().map(|answer| answer.status.as_u16()).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412, 412]);
        assert_eq!(episode(&worker, client).await["steps"].as_array().unwrap().len(), 1);
    }
}

on_both_stores! {
    async fn custody_that_is_noted_reaches_whoever_has_a_flag_and_the_answer_tells_nothing_of_it(world: World) {
        let (worker, lantern) = (world.worker(CJIT, "testa-rowan"), world.worker("lantern", "ms-placeholder"));
        let stay = json!({"custody": {"received_on": "2026-05-14", "release_expected_on": "2026-06-03"}});
        let mut answers = Vec::new();
        for (surname, flagged) in [("Kale", true), ("Sorrel", false)] {
            let client = world.client(&worker, "Proxy", surname).await;
            assert_eq!(admit(&worker, client).await.status, 201);
            if flagged {
                let theirs = world.client(&lantern, "Proxy", surname).await;
                let day = |days: i64| {
                    (world.journal.now() + jiff::SignedDuration::from_hours(24 * days)).to_string()[..10].to_owned()
                };
                let flag = json!({"type": "contact-project-first", "reason": "Speak with her first.",
                    "review_on": day(30), "expires_on": day(60)});
                let set = lantern.post(format!("/v1/clients/{theirs}/flags"), flag).about(theirs).send().await.unwrap();
                assert_eq!(set.status, 201, "{}", set.json);
            }
            answers.push(step(&worker, client, "note-custody", stay.clone()).await);
        }
        assert_eq!((answers[0].status.as_u16(), answers[1].status.as_u16()), (200, 200));
        assert_eq!(answers[0].bytes.len(), answers[1].bytes.len());
        assert_eq!(kinds(&lantern).await, ["contact-after-reappearance", "review-flag"]);
        assert_eq!(world.number("SELECT count(*) AS number FROM event WHERE kind = 'flag.reappeared' AND agency = 'lantern'"), 1);
    }
}
