//! Caseloads: own episodes, and the check that tells in codes whether somebody else works with a person.

use serde_json::{Value, json};
use throughgate::clock::{Clock as _, SystemClock};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use crate::support::{World, on_both_stores, rows};

/// Takes the client onto the caseload today, so that no review is due.
pub async fn open_episode(worker: &Actor, client_ref: Handle) -> Answer {
    let today = SystemClock.now().to_string()[..10].to_owned();
    worker
        .post(format!("/v1/clients/{client_ref}/caseload-episodes"), json!({"admitted_on": today}))
        .about(client_ref)
        .send()
        .await
        .unwrap()
}

pub async fn check(worker: &Actor, client_ref: Handle) -> Answer {
    ask(worker, json!({"client_ref": client_ref, "reason": "new-case"}), client_ref).await
}

/// A check that lets holders know who asks.
pub async fn named_check(worker: &Actor, client_ref: Handle) -> Answer {
    let question = json!({"client_ref": client_ref, "reason": "new-case", "may_name_us": true});
    ask(worker, question, client_ref).await
}

pub async fn ask(worker: &Actor, question: Value, client_ref: Handle) -> Answer {
    worker
        .post("/v1/caseload-checks", question)
        .purpose(Purpose::DuplicateCheck)
        .about(client_ref)
        .send()
        .await
        .unwrap()
}

pub async fn result(worker: &Actor, check: Handle, client_ref: Handle) -> Answer {
    worker
        .get(format!("/v1/caseload-checks/{check}"))
        .purpose(Purpose::DuplicateCheck)
        .about(client_ref)
        .send()
        .await
        .unwrap()
}

/// The questions that await the worker's agency.
pub async fn questions(worker: &Actor) -> Vec<Value> {
    let inbox =
        worker.get("/v1/caseload-checks?box=in").purpose(Purpose::DuplicateCheck).send().await.unwrap();
    assert_eq!(inbox.status, 200, "{}", inbox.json);
    inbox.json["questions"].as_array().unwrap().clone()
}

/// Answers the oldest of them.
pub async fn answer(worker: &Actor, given: Value) -> Answer {
    let question = questions(worker).await.remove(0);
    let id = question["id"].as_str().unwrap();
    let about = question["client_ref"].as_str().unwrap_or(id).parse().unwrap();
    worker
        .post(format!("/v1/caseload-checks/{id}/answer"), given)
        .purpose(Purpose::DuplicateCheck)
        .about(about)
        .send()
        .await
        .unwrap()
}

/// The client's episode at the worker's agency, as it stands now.
pub async fn episode(worker: &Actor, client_ref: Handle) -> Value {
    let listed = worker
        .get(format!("/v1/clients/{client_ref}/caseload-episodes"))
        .about(client_ref)
        .send()
        .await
        .unwrap();
    assert_eq!(listed.status, 200, "{}", listed.json);
    listed.json["episodes"][0].clone()
}

/// Takes the client's episode a step on, on the version that stands now.
pub async fn step(worker: &Actor, client_ref: Handle, name: &str, body: Value) -> Answer {
    let episode = episode(worker, client_ref).await;
    let (id, etag) = (episode["id"].as_str().unwrap(), episode["etag"].as_str().unwrap());
    worker
        .post(format!("/v1/caseload-episodes/{id}/{name}"), body)
        .about(client_ref)
        .if_match(etag)
        .send()
        .await
        .unwrap()
}

/// Sends several requests at once.
pub async fn all_at_once<F: Future<Output = Answer> + 'static>(
    asks: impl IntoIterator<Item = F>,
) -> Vec<Answer> {
    let sent: Vec<_> = asks.into_iter().map(actix_web::rt::spawn).collect();
    let mut answers = Vec::new();
    for answer in sent {
        answers.push(answer.await.unwrap());
    }
    answers
}

/// Allocates the worker as the case manager.
pub async fn allocate(worker: &Actor, client_ref: Handle) -> Answer {
    step(worker, client_ref, "allocate", json!({"case_manager": worker.worker()})).await
}

fn members(value: &Value) -> Vec<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

on_both_stores! {
    async fn lantern_is_asked_and_answers_and_the_asker_learns_no_name(world: World) {
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let lantern = world.worker("lantern", "ms-placeholder");
        let hers = world.client(&lantern, "Demo", "Elder").await;
        assert_eq!(open_episode(&lantern, hers).await.status, 201);
        let asked_about = world.client(&cjit, "Demo", "Elder").await;
        let other = world.client(&cjit, "Fixture", "Cedar").await;

        let held = named_check(&cjit, asked_about).await;
        let clear = named_check(&cjit, other).await;
        assert_eq!((held.status.as_u16(), clear.status.as_u16()), (201, 201), "{}", held.json);
        assert_eq!((&held.json["outcome"], &clear.json["outcome"]), (&json!("held"), &json!("clear")));
        assert_eq!(clear.json["words"], "no participating service");
        assert_eq!(held.json["allocation"], "wait");
        assert_eq!(members(&held.json), members(&clear.json));
        assert_eq!(held.bytes.len(), clear.bytes.len(), "one size to the byte");
        assert!(!held.json.to_string().contains("lantern"));
        assert!(!held.json.to_string().contains("specialist"));

        // The duty role finds the question by its own handles.
        let inbox = lantern.get("/v1/caseload-checks?box=in").purpose(Purpose::DuplicateCheck).send().await.unwrap();
        assert_eq!(inbox.status, 200, "{}", inbox.json);
        let question = &inbox.json["questions"][0];
        assert_eq!(question["client_ref"], hers.to_string());
        assert_eq!(question["asked_by"], "northmoor-cjit");
        let theirs: Handle = question["id"].as_str().unwrap().parse().unwrap();
        let id = held.handle("id").unwrap();
        assert_ne!(theirs, id, "each side has its own handle");
        let path = format!("/v1/caseload-checks/{theirs}/answer");
        let read = lantern.get(&path).purpose(Purpose::DuplicateCheck).about(hers).send().await.unwrap();
        assert_eq!((read.status.as_u16(), read.etag()), (200, ""), "{}", read.json);

        let answer = json!({"answer": "lead", "speak_to": "Ms Placeholder", "may_name_us": false});
        let answered = lantern.post(&path, answer.clone()).purpose(Purpose::DuplicateCheck).about(hers).send().await.unwrap();
        assert_eq!(answered.status, 200, "{}", answered.json);
        let again = lantern.post(&path, answer.clone()).purpose(Purpose::DuplicateCheck).about(hers).send().await.unwrap();
        assert_eq!((again.status.as_u16(), again.problem()), (409, "invalid-transition"));
        let inbox = lantern.get("/v1/caseload-checks?box=in").purpose(Purpose::DuplicateCheck).send().await.unwrap();
        assert_eq!(inbox.json["questions"], json!([]));

        let result = result(&cjit, id, asked_about).await;
        assert_eq!(result.json["answers"], json!([{"answer": "lead", "speak_to": "Ms Placeholder", "by": null}]));
        assert_eq!(result.json["allocation"], "free");
        assert!(!result.json.to_string().contains("lantern"));
    }
}

#[derive(diesel::QueryableByName, Debug, PartialEq)]
struct Left {
    #[diesel(sql_type = diesel::sql_types::Text)]
    agency: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    what: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    subject: String,
}

on_both_stores! {
    async fn the_duty_role_is_told_and_reminded_and_the_asker_hears_of_the_answer(world: World) {
        let (cjit, lantern) = (world.worker("northmoor-cjit", "testa-rowan"), world.worker("lantern", "ms-placeholder"));
        let hers = world.client(&lantern, "Demo", "Elder").await;
        open_episode(&lantern, hers).await;
        let ours = world.client(&cjit, "Demo", "Elder").await;
        let check = check(&cjit, ours).await.handle("id").unwrap();
        let asked = format!("/v1/caseload-checks/{}/answer", questions(&lantern).await[0]["id"].as_str().unwrap());
        let left = |agency: &str, what: &str, subject: &str| Left {
            agency: agency.to_owned(), what: what.to_owned(), subject: subject.to_owned(),
        };
        let events = "SELECT agency, kind AS what, subject FROM event ORDER BY place, ordinal";
        let tasks = "SELECT agency, state AS what, subject FROM task WHERE duty = 'spoc' \
            AND created_us < remind_us AND remind_us < due_us";
        let told = left("lantern", "caseload-check.asked", &asked);
        assert_eq!(rows::<Left>(&mut world.connection(), events), [told]);
        assert_eq!(rows::<Left>(&mut world.connection(), tasks), [left("lantern", "open", &asked)]);

        answer(&lantern, json!({"answer": "share"})).await;
        let heard = left("northmoor-cjit", "caseload-check.answered", &format!("/v1/caseload-checks/{check}"));
        assert_eq!(rows::<Left>(&mut world.connection(), events).pop(), Some(heard));
        assert_eq!(rows::<Left>(&mut world.connection(), tasks), [left("lantern", "done", &asked)]);
    }
}

on_both_stores! {
    async fn each_side_of_a_check_has_its_own_half_and_others_have_none(world: World) {
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let lantern = world.worker("lantern", "ms-placeholder");
        let eastvale = world.worker("eastvale-cjit", "sample-linden");
        let hers = world.client(&lantern, "Demo", "Elder").await;
        open_episode(&lantern, hers).await;
        let ours = world.client(&cjit, "Demo", "Elder").await;
        let elsewhere = world.client(&eastvale, "Demo", "Elder").await;
        let id = check(&cjit, ours).await.handle("id").unwrap();
        let inbox = lantern.get("/v1/caseload-checks?box=in").purpose(Purpose::DuplicateCheck).send().await.unwrap();
        let theirs: Handle = inbox.json["questions"][0]["id"].as_str().unwrap().parse().unwrap();

        let bystander = result(&eastvale, id, elsewhere).await;
        let holder_reads_result = result(&lantern, theirs, hers).await;
        let question = format!("/v1/caseload-checks/{id}/answer");
        let asker_reads_question = cjit.get(&question).purpose(Purpose::DuplicateCheck).about(ours).send().await.unwrap();
        let asker_answers = cjit.post(&question, json!({"answer": "not-ours"})).purpose(Purpose::DuplicateCheck).about(ours).send().await.unwrap();
        for answer in [bystander, holder_reads_result, asker_reads_question, asker_answers] {
            assert_eq!((answer.status.as_u16(), answer.problem()), (404, "not-found-or-not-permitted"));
        }
        let empty = eastvale.get("/v1/caseload-checks?box=in").purpose(Purpose::DuplicateCheck).send().await.unwrap();
        assert_eq!(empty.json["questions"], json!([]));
    }
}

on_both_stores! {
    async fn police_may_not_ask_whoever_it_is_about(world: World) {
        let police = world.worker("northmoor-police", "proxy-thorn");
        let nobody = Handle::random();
        let refused = check(&police, nobody).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (403, "purpose-not-permitted"));
        assert!(refused.receipt.is_some());
        let inbox = police.get("/v1/caseload-checks?box=in").purpose(Purpose::DuplicateCheck).send().await.unwrap();
        assert_eq!(inbox.status, 403);
    }
}

on_both_stores! {
    async fn a_closed_episode_is_no_caseload_and_an_unanswered_check_goes_on(world: World) {
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let lantern = world.worker("lantern", "ms-placeholder");
        let hers = world.client(&lantern, "Demo", "Elder").await;
        let episode = open_episode(&lantern, hers).await;
        let ours = world.client(&cjit, "Demo", "Elder").await;
        let id = check(&cjit, ours).await.handle("id").unwrap();

        world.clock.advance(6 * 86_400);
        assert_eq!(result(&cjit, id, ours).await.json["allocation"], "provisional");

        let location = episode.header("location").to_owned();
        let closed = lantern.post(format!("{location}/close"), json!({"close_code": "C1"}))
            .about(hers).if_match(episode.etag()).send().await.unwrap();
        assert_eq!(closed.status, 200, "{}", closed.json);
        assert_eq!(check(&cjit, ours).await.json["outcome"], "clear");
    }
}

on_both_stores! {
    async fn one_open_episode_an_agency_and_person_and_each_step_on_the_version_that_was_read(world: World) {
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let client_ref = world.client(&cjit, "Fixture", "Cedar").await;
        let opened = open_episode(&cjit, client_ref).await;
        assert_eq!((opened.status.as_u16(), &opened.json["state"]), (201, &json!("identified")));
        let second = open_episode(&cjit, client_ref).await;
        assert_eq!((second.status.as_u16(), second.problem()), (409, "duplicate-caseload"));
        let future = cjit.post(format!("/v1/clients/{client_ref}/caseload-episodes"), json!({"admitted_on": "2099-01-05"}))
            .about(client_ref).send().await.unwrap();
        assert_eq!((future.status.as_u16(), &future.json["errors"][0]["path"]), (422, &json!("admitted_on")));

        let listed = cjit.get(format!("/v1/clients/{client_ref}/caseload-episodes")).about(client_ref).send().await.unwrap();
        let episode = &listed.json["episodes"][0];
        assert_eq!(episode["etag"], opened.etag());
        let id = episode["id"].as_str().unwrap();
        let step = |name: &str, body: Value| cjit.post(format!("/v1/caseload-episodes/{id}/{name}"), body).about(client_ref);

        assert_eq!(step("assess", json!({})).send().await.unwrap().status, 428);
        let assessed = step("assess", json!({})).if_match(opened.etag()).send().await.unwrap();
        assert_eq!((assessed.status.as_u16(), &assessed.json["state"]), (200, &json!("assessed")), "{}", assessed.json);
        let stale = step("plan", json!({})).if_match(opened.etag()).send().await.unwrap();
        assert_eq!((stale.status.as_u16(), stale.problem()), (412, "version-conflict"));
        let wrong = step("resume", json!({})).if_match(assessed.etag()).send().await.unwrap();
        assert_eq!((wrong.status.as_u16(), wrong.problem()), (409, "invalid-transition"));
        let transfer = step("close", json!({"close_code": "C5"})).if_match(assessed.etag()).send().await.unwrap();
        assert_eq!((transfer.status.as_u16(), transfer.problem()), (422, "unprocessable-document"));
        assert_eq!(step("dance", json!({})).send().await.unwrap().status, 404);
        let read = cjit.get(format!("/v1/caseload-episodes/{id}")).about(client_ref).send().await.unwrap();
        assert_eq!((read.etag(), &read.json["state"]), (assessed.etag(), &json!("assessed")));

        let lantern = world.worker("lantern", "ms-placeholder");
        let theirs = lantern.get(format!("/v1/caseload-episodes/{id}")).about(client_ref).send().await.unwrap();
        assert_eq!(theirs.status, 404);
    }
}
