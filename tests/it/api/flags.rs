//! Contact flags: the agency that set one learns the same day that she has come up again, and nobody else that there is one.

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use throughgate::clock::Clock as _;
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::erasure::LANTERN;
use super::events::{listen, next};
use super::release::referred;
use crate::support::{Process, World, invented, on_both_stores};

const CJIT: &str = "northmoor-cjit";

pub fn today(world: &World) -> Date {
    world.clock.now().to_zoned(TimeZone::get("Europe/London").unwrap()).date()
}

fn flag(world: &World, more: &Value) -> Value {
    let mut flag = json!({
        "type": "contact-project-first", "reason": "ring the drop-in before anybody visits",
        "review_on": today(world) + 20.days(), "expires_on": today(world) + 60.days(),
    });
    for (member, value) in more.as_object().unwrap() {
        flag[member] = value.clone();
    }
    flag
}

pub async fn set(world: &World, actor: &Actor, client_ref: Handle, more: Value) -> Answer {
    let path = format!("/v1/clients/{client_ref}/flags");
    actor.post(path, flag(world, &more)).about(client_ref).send().await.unwrap()
}

async fn read(actor: &Actor, client_ref: Handle, id: Handle) -> Answer {
    actor.get(format!("/v1/flags/{id}")).about(client_ref).send().await.unwrap()
}

async fn step(actor: &Actor, client_ref: Handle, id: Handle, name: &str, body: Value) -> Answer {
    let etag = read(actor, client_ref, id).await.etag().to_owned();
    actor.post(format!("/v1/flags/{id}/{name}"), body).about(client_ref).if_match(etag).send().await.unwrap()
}

pub async fn open_tasks(actor: &Actor) -> Vec<Value> {
    let answer = actor.get("/v1/tasks?view=agency").purpose(Purpose::DuplicateCheck).send().await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.json);
    answer.json["tasks"].as_array().unwrap().clone()
}

async fn check(actor: &Actor, client_ref: Handle) -> Answer {
    let ask = actor
        .post("/v1/caseload-checks", json!({"client_ref": client_ref, "reason": "new-case"}))
        .about(client_ref);
    ask.purpose(Purpose::DuplicateCheck).send().await.unwrap()
}

async fn open_episode(world: &World, actor: &Actor, client_ref: Handle) -> Answer {
    let path = format!("/v1/clients/{client_ref}/caseload-episodes");
    actor.post(path, json!({"admitted_on": today(world)})).about(client_ref).send().await.unwrap()
}

/// The members of an answer and the names of its headers, and how long it is: what could tell something.
pub fn shape(answer: &Answer) -> (u16, Vec<String>, Vec<String>, usize) {
    let members = answer.json.as_object().unwrap().keys().cloned().collect();
    let headers = answer.headers.keys().map(ToString::to_string).collect();
    (answer.status.as_u16(), members, headers, answer.bytes.len())
}

on_both_stores! {
    async fn lantern_learns_the_same_day_and_whoever_brings_her_up_learns_nothing(world: World) {
        let lantern = world.worker(LANTERN, "ms-placeholder");
        let cjit = world.worker(CJIT, "testa-rowan");
        let hers = world.client(&lantern, "Demo", "Elder").await;
        let theirs = world.client(&lantern, "Sample", "Damson").await;
        let set_one = set(&world, &lantern, hers, json!({})).await;
        assert_eq!(set_one.status, 201, "{}", set_one.json);
        let id = set_one.handle("id").unwrap();
        let mut listener = listen(&lantern, None).await.unwrap();

        // Two women, both known to Lantern, one with a flag: the same answers to whoever presents and asks.
        let mut answers = Vec::new();
        for (forename, surname) in [("Demo", "Elder"), ("Sample", "Damson")] {
            let presented = cjit.post("/v1/clients", invented(forename, surname)).send().await.unwrap();
            let client_ref = presented.handle("client_ref").unwrap();
            let checked = check(&cjit, client_ref).await;
            let opened = open_episode(&world, &cjit, client_ref).await;
            let read = cjit.get(format!("/v1/clients/{client_ref}")).about(client_ref).send().await.unwrap();
            assert_eq!(opened.status, 201, "{}", opened.json);
            assert_eq!(checked.json["outcome"], "clear");
            answers.push([presented, checked, opened, read].map(|answer| shape(&answer)));
        }
        let of_damson = answers.pop().unwrap();
        let of_elder = answers.pop().unwrap();
        for (flagged, other) in of_elder.iter().zip(&of_damson) {
            assert_eq!((flagged.0, &flagged.1, &flagged.2), (other.0, &other.1, &other.2));
            // The two women's names differ in length, in what reads them back.
            assert!(flagged.3.abs_diff(other.3) <= 4, "{flagged:?} {other:?}");
        }

        for kind in ["presented", "checked", "episode-opened"] {
            let event = next(&mut listener).await;
            assert_eq!((&event["type"], &event["subject"]), (&json!("flag.reappeared"), &json!(format!("/v1/flags/{id}"))), "{kind}");
        }
        let view = read(&lantern, hers, id).await;
        let kinds: Vec<&str> = view.json["reappearances"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["presented", "checked", "episode-opened"]);
        assert!(!view.json.to_string().contains("cjit") && !view.json.to_string().contains("northmoor"), "{}", view.json);
        assert!(view.json["reappearances"][0]["at"].as_str().unwrap().ends_with(":00Z"));

        let tasks = open_tasks(&lantern).await;
        let contact: Vec<&Value> = tasks.iter().filter(|task| task["kind"] == "contact-after-reappearance").collect();
        assert_eq!(contact.len(), 1, "three times, and one thing to do");
        let due: jiff::Timestamp = contact[0]["due"].as_str().unwrap().parse().unwrap();
        let end = (today(&world) + 1.day()).to_zoned(TimeZone::get("Europe/London").unwrap()).unwrap().timestamp();
        assert_eq!((due, &contact[0]["subject"]), (end, &json!(format!("/v1/flags/{id}"))));
        // Nobody else has an event, or a task that comes of it, and nobody else may ask.
        let own: Vec<Value> = open_tasks(&cjit).await.into_iter().map(|task| task["kind"].clone()).collect();
        assert_eq!(own, ["review-care-plan", "review-care-plan"], "of its two new cases, and no more");
        assert_eq!(world.number("SELECT count(*) AS number FROM event WHERE agency <> 'lantern'"), 0);
        let none = cjit.get(format!("/v1/flags/{id}")).send().await.unwrap();
        assert_eq!((none.status.as_u16(), none.problem()), (404, "not-found-or-not-permitted"));
        let listed = lantern.get(format!("/v1/clients/{theirs}/flags")).about(theirs).send().await.unwrap();
        assert_eq!(listed.json["flags"], json!([]));

        // She was rung: what there was to do is done, and the flag lives on.
        let reviewed = step(&lantern, hers, id, "review", json!({"review_on": today(&world) + 30.days(), "note": "rang, she is well"})).await;
        assert_eq!(reviewed.status, 200, "{}", reviewed.json);
        let kinds: Vec<Value> = open_tasks(&lantern).await.into_iter().map(|task| task["kind"].clone()).collect();
        assert_eq!(kinds, ["review-flag"]);
    }
}

on_both_stores! {
    async fn police_are_answered_alike_whether_there_is_a_flag_or_nobody(world: World) {
        let lantern = world.worker(LANTERN, "ms-placeholder");
        let police = world.worker("northmoor-police", "proxy-briar");
        let tries = async |(forename, surname): (&str, &str), theirs: Handle| {
            let purpose = Purpose::CourtOrStatutory;
            let presented = police.post("/v1/clients", invented(forename, surname)).purpose(purpose).send().await.unwrap();
            assert_eq!(presented.status, 201, "{}", presented.json);
            let ours = presented.handle("client_ref").unwrap();
            let flags = |client_ref: Handle| police.get(format!("/v1/clients/{client_ref}/flags")).about(client_ref).purpose(purpose).send();
            [
                presented,
                flags(ours).await.unwrap(),
                flags(theirs).await.unwrap(),
                check(&police, ours).await,
                police.get("/v1/tasks?view=mine").send().await.unwrap(),
            ]
            .map(|answer| (answer.status.as_u16(), answer.problem().to_owned(), answer.bytes.len()))
        };
        let hers = world.client(&lantern, "Demo", "Elder").await;
        assert_eq!(set(&world, &lantern, hers, json!({})).await.status, 201);
        let of_nobody = tries(("Meda", "Tiber"), Handle::random()).await;
        assert_eq!(world.number("SELECT count(*) AS number FROM event"), 0);
        assert_eq!(tries(("Demo", "Elder"), hers).await, of_nobody);
        assert!(of_nobody[1..].iter().all(|(status, ..)| [403, 404].contains(status)), "{of_nobody:?}");
        assert_eq!(world.number("SELECT count(*) AS number FROM event WHERE agency <> 'lantern'"), 0);
        assert_eq!(world.number("SELECT count(*) AS number FROM event WHERE kind = 'flag.reappeared'"), 1, "Lantern hears of it");
    }
}

on_both_stores! {
    async fn a_flag_that_is_over_or_ones_own_tells_nobody(world: World) {
        let lantern = world.worker(LANTERN, "ms-placeholder");
        let cjit = world.worker(CJIT, "testa-rowan");
        let hers = world.client(&lantern, "Demo", "Elder").await;
        let id = set(&world, &lantern, hers, json!({})).await.handle("id").unwrap();
        let short = set(&world, &lantern, hers, json!({"review_on": today(&world) + 1.day(), "expires_on": today(&world) + 1.day()})).await;
        assert_eq!(short.status, 201, "{}", short.json);
        let told = || world.number("SELECT count(*) AS number FROM event WHERE kind = 'flag.reappeared'");
        assert_eq!(open_episode(&world, &lantern, hers).await.status, 201);
        assert_eq!(told(), 0, "its own doings are no re-appearance");
        let ours = world.client(&cjit, "Demo", "Elder").await;
        assert_eq!(told(), 2);
        world.clock.advance(2 * 86_400);
        check(&cjit, ours).await;
        assert_eq!(told(), 3, "the short one is over");
        let ended = step(&lantern, hers, id, "ending", json!({"reason": "she asked for it"})).await;
        assert_eq!(ended.status, 200, "{}", ended.json);
        check(&cjit, ours).await;
        assert_eq!(told(), 3);
        let again = step(&lantern, hers, id, "ending", json!({"reason": "twice"})).await;
        assert_eq!((again.status.as_u16(), again.problem()), (409, "invalid-transition"));
        let view = read(&lantern, hers, id).await;
        assert_eq!((&view.json["live"], &view.json["held_by"], &view.json["ended_because"]), (&json!(false), &Value::Null, &json!("she asked for it")));
    }
}

on_both_stores! {
    async fn a_flag_whose_last_day_is_over_is_ended_with_what_is_left_to_do_about_it(world: World) {
        let lantern = world.worker(LANTERN, "ms-placeholder");
        let hers = world.client(&lantern, "Demo", "Elder").await;
        let tomorrow = today(&world) + 1.day();
        let id = set(&world, &lantern, hers, json!({"review_on": tomorrow, "expires_on": tomorrow})).await.handle("id").unwrap();
        world.client(&world.worker(CJIT, "testa-rowan"), "Demo", "Elder").await;
        world.clock.advance(2 * 86_400);
        let task_kinds = async || open_tasks(&lantern).await.into_iter().map(|task| task["kind"].clone()).collect::<Vec<_>>();
        assert_eq!(task_kinds().await, ["contact-after-reappearance", "review-flag"], "nobody was in touch: it is not forgotten");
        let late = step(&lantern, hers, id, "review", json!({"review_on": today(&world) + 1.day(), "note": "rang"})).await;
        assert_eq!((late.status.as_u16(), late.problem()), (409, "invalid-transition"), "it does not live on");
        let ended = step(&lantern, hers, id, "ending", json!({"reason": "rang, she is well"})).await;
        assert_eq!(ended.status, 200, "{}", ended.json);
        assert_eq!(task_kinds().await, Vec::<Value>::new());
        let view = read(&lantern, hers, id).await.json;
        assert_eq!((&view["live"], &view["ended_because"]), (&json!(false), &json!("rang, she is well")));
        assert_eq!(view["reappearances"].as_array().unwrap().len(), 1);
        assert_eq!(step(&lantern, hers, id, "ending", json!({"reason": "twice"})).await.status, 409);
    }
}

on_both_stores! {
    async fn whom_a_flag_is_given_to_works_there(world: World) {
        let manager = world.worker(LANTERN, "demo-hazel");
        let hers = world.client(&manager, "Demo", "Elder").await;
        // A slip of the pen, and somebody of another agency.
        for worker in ["ms-plaecholder", "testa-rowan"] {
            let wrong = set(&world, &manager, hers, json!({"worker": worker})).await;
            assert_eq!(wrong.status, 422, "{}", wrong.json);
            let fault = &wrong.json["errors"][0];
            assert_eq!((&fault["path"], &fault["code"]), (&json!("worker"), &json!("unknown-worker")));
        }
        let id = set(&world, &manager, hers, json!({"worker": "ms-placeholder"})).await.handle("id").unwrap();
        let given = step(&manager, hers, id, "reassignment", json!({"to": "demo-hzael", "reason": "holidays"})).await;
        assert_eq!((given.status.as_u16(), &given.json["errors"][0]["path"]), (422, &json!("to")));
        assert_eq!(step(&manager, hers, id, "reassignment", json!({"reason": "holidays"})).await.status, 200);
    }
}

on_both_stores! {
    async fn the_team_manager_gives_a_flag_to_another_and_nobody_else_does(world: World) {
        let (worker, manager) = (world.worker(LANTERN, "ms-placeholder"), world.worker(LANTERN, "demo-hazel"));
        let hers = world.client(&worker, "Demo", "Elder").await;
        let id = set(&world, &worker, hers, json!({"worker": "demo-hazel"})).await.handle("id").unwrap();
        let taken = step(&worker, hers, id, "reassignment", json!({"to": "ms-placeholder", "reason": "mine"})).await;
        assert_eq!((taken.status.as_u16(), taken.problem()), (403, "purpose-not-permitted"));
        let given = step(&manager, hers, id, "reassignment", json!({"to": "ms-placeholder", "reason": "holidays"})).await;
        assert_eq!(given.status, 200, "{}", given.json);
        assert_eq!(read(&worker, hers, id).await.json["held_by"], "you");
    }
}

on_both_stores! {
    async fn a_flag_is_written_on_the_version_that_was_read_and_within_its_bounds(world: World) {
        let lantern = world.worker(LANTERN, "ms-placeholder");
        let hers = world.client(&lantern, "Demo", "Elder").await;
        let late = set(&world, &lantern, hers, json!({"expires_on": today(&world) + 400.days()})).await;
        assert_eq!((late.status.as_u16(), &late.json["errors"][0]["path"]), (422, &json!("expires_on")));
        let id = set(&world, &lantern, hers, json!({})).await.handle("id").unwrap();
        let path = format!("/v1/flags/{id}/reassignment");
        let body = json!({"to": "demo-hazel", "reason": "holidays"});
        let manager = world.worker(LANTERN, "demo-hazel");
        let blind = manager.post(&path, body.clone()).about(hers).send().await.unwrap();
        assert_eq!(blind.status, 428);
        let stale = manager.post(&path, body.clone()).about(hers).if_match("\"another\"").send().await.unwrap();
        assert_eq!(stale.status, 412);
        assert_eq!(step(&manager, hers, id, "reassignment", body).await.status, 200);
        assert_eq!(read(&lantern, hers, id).await.json["held_by"], "colleague");
        let beyond = step(&lantern, hers, id, "review", json!({"review_on": today(&world) + 90.days(), "note": "later"})).await;
        assert_eq!((beyond.status.as_u16(), &beyond.json["errors"][0]["path"]), (422, &json!("review_on")));
    }
}

on_both_stores! {
    async fn a_leavers_flags_go_over_with_her_tasks_and_ping_whoever_has_them_then(world: World) {
        let lantern = world.worker(LANTERN, "ms-placeholder");
        let manager = world.worker(LANTERN, "demo-hazel");
        let hers = world.client(&lantern, "Demo", "Elder").await;
        let theirs = world.client(&lantern, "Sample", "Damson").await;
        let mut ids = Vec::new();
        for client_ref in [hers, theirs] {
            ids.push((client_ref, set(&world, &lantern, client_ref, json!({"worker": "ms-placeholder"})).await.handle("id").unwrap()));
        }
        assert_eq!(read(&lantern, hers, ids[0].1).await.json["held_by"], "you");
        let task = open_tasks(&manager).await[0]["id"].as_str().unwrap().to_owned();
        let gone = json!({"to": "demo-hazel", "everything_of_holder": true, "reason": "the worker has left"});
        let given = manager.post(format!("/v1/tasks/{task}/reassignment"), gone).purpose(Purpose::DuplicateCheck).send().await.unwrap();
        assert_eq!(given.status, 200, "{}", given.json);
        for (client_ref, id) in ids {
            assert_eq!(read(&manager, client_ref, id).await.json["held_by"], "you");
        }
        world.client(&world.worker(CJIT, "testa-rowan"), "Demo", "Elder").await;
        let mine = manager.get("/v1/tasks?view=agency&of=demo-hazel").purpose(Purpose::DuplicateCheck).send().await.unwrap();
        let kinds: Vec<&Value> = mine.json["tasks"].as_array().unwrap().iter().map(|task| &task["kind"]).collect();
        assert_eq!(kinds, ["contact-after-reappearance", "review-flag", "review-flag"]);
    }
}

/// How the person came up again, as the flags of a client tell it.
pub async fn kinds(actor: &Actor, client_ref: Handle) -> Vec<String> {
    let listed = actor.get(format!("/v1/clients/{client_ref}/flags")).about(client_ref).send().await.unwrap();
    let reappearances = listed.json["flags"][0]["reappearances"].as_array().unwrap();
    reappearances.iter().map(|one| one["kind"].as_str().unwrap().to_owned()).collect()
}

on_both_stores! {
    async fn a_referral_that_is_sent_is_a_reappearance(world: World) {
        let lantern = world.worker(LANTERN, "ms-placeholder");
        let hers = world.client(&lantern, "Fixture", "Cedar").await;
        assert_eq!(set(&world, &lantern, hers, json!({})).await.status, 201);
        referred(&world).await;
        assert_eq!(kinds(&lantern, hers).await, ["presented", "checked", "referred"]);
    }
}

on_both_stores! {
    async fn an_anonymous_slot_does_not_tell_its_recipient_by_its_own_flag_who_she_is(world: World) {
        let (lantern, cjit) = (world.worker(LANTERN, "ms-placeholder"), world.worker(CJIT, "testa-rowan"));
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let hers = world.client(&lantern, "Fixture", "Cedar").await;
        let ours = world.client(&cjit, "Fixture", "Cedar").await;
        for (actor, client_ref) in [(&lantern, hers), (&cjit, ours)] {
            assert_eq!(set(&world, actor, client_ref, json!({})).await.status, 201);
        }
        let client_ref = world.client(&carat, "Fixture", "Cedar").await;
        assert_eq!(check(&carat, client_ref).await.status, 201);
        let slot = json!({
            "client_ref": client_ref, "recipient": CJIT, "route": "carat-to-cjit", "urgency": "urgent",
            "need": "assessment", "anonymous": true, "slot": {"at": "2026-12-01T10:00:00Z", "place": "1 Test Row"},
        });
        let drafted = carat.post("/v1/referrals", slot).about(client_ref).send().await.unwrap();
        let path = format!("/v1/referrals/{}", drafted.handle("referral").unwrap());
        let etag = carat.get(&path).about(client_ref).send().await.unwrap().etag().to_owned();
        let sent = carat.post(format!("{path}/send"), json!({})).about(client_ref).if_match(etag).send().await.unwrap();
        assert_eq!(sent.status, 200, "{}", sent.json);
        assert_eq!(kinds(&cjit, ours).await, ["presented", "checked"]);
        assert_eq!(kinds(&lantern, hers).await, ["presented", "checked", "referred"]);
    }
}

on_both_stores! {
    async fn a_kill_after_the_answer_loses_nothing_that_was_to_be_told(world: World) {
        let mut world = world;
        world.stop().await;
        let gateway = Process::start(&world, "gateway.toml");
        gateway.ready(&world).await;
        let lantern = gateway.worker(&world, LANTERN, "ms-placeholder");
        let hers = world.client(&lantern, "Demo", "Elder").await;
        let id = set(&world, &lantern, hers, json!({})).await.handle("id").unwrap();
        let cjit = gateway.worker(&world, CJIT, "testa-rowan");
        let mut listener = listen(&lantern, None).await.unwrap();
        let ours = world.client(&cjit, "Demo", "Elder").await;
        let first = next(&mut listener).await;
        drop(listener);
        assert_eq!(check(&cjit, ours).await.status, 201);
        drop(gateway);

        world.start_anyhow();
        world.ready().await;
        let lantern = world.worker(LANTERN, "ms-placeholder");
        let mut listener = listen(&lantern, first["id"].as_str()).await.unwrap();
        let event = next(&mut listener).await;
        assert_eq!((&event["type"], &event["subject"]), (&json!("flag.reappeared"), &json!(format!("/v1/flags/{id}"))));
        assert_ne!(event["id"], first["id"]);
    }
}
