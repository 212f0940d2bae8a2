//! Answering live: a project writes down nobody, is asked at every check of its area, and that it is asked tells nothing.

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::caseload::{allocate, answer, check, episode, open_episode, questions, result};
use crate::support::{World, on_both_stores, rows};

/// What the asker sees of a check, but for its own handle.
fn seen(answer: &Answer) -> [Value; 5] {
    ["outcome", "words", "holders", "answers", "allocation"].map(|member| answer.json[member].clone())
}

/// How many events of a type an agency was told.
pub fn told(world: &World, agency: &str, event: &str) -> usize {
    #[derive(diesel::QueryableByName)]
    struct Subject {
        #[diesel(sql_type = diesel::sql_types::Text)]
        subject: String,
    }
    let sql = format!("SELECT subject FROM event WHERE agency = '{agency}' AND kind = '{event}'");
    let subjects: Vec<Subject> = rows(&mut world.connection(), &sql);
    assert!(subjects.iter().all(|event| event.subject.starts_with("/v1/caseload-checks/")));
    subjects.len()
}

async fn asked_about(worker: &Actor, question: &str) -> Answer {
    let id: Handle = question.parse().unwrap();
    worker
        .get(format!("/v1/caseload-checks/{id}/person"))
        .purpose(Purpose::DuplicateCheck)
        .about(id)
        .send()
        .await
        .unwrap()
}

on_both_stores! {
    async fn a_project_that_writes_down_nobody_is_asked_about_everybody_and_answers(world: World) {
        world.enrol_again("lantern", |lantern| lantern.answers_live = true).await;
        let (cjit, carat) = (world.worker("northmoor-cjit", "testa-rowan"), world.worker("fallowgate-carat", "specimen-yew"));
        let lantern = world.worker("lantern", "ms-placeholder");
        // Known to the prison team; known to Lantern alone; known to nobody.
        let theirs = world.client(&carat, "Fixture", "Cedar").await;
        open_episode(&carat, theirs).await;
        let mut asked = Vec::new();
        for (forename, surname) in [("Fixture", "Cedar"), ("Demo", "Elder"), ("Testa", "Alder")] {
            let client = world.client(&cjit, forename, surname).await;
            let checked = check(&cjit, client).await;
            assert_eq!(checked.status, 201, "{}", checked.json);
            asked.push((client, checked));
        }
        for (_, checked) in &asked {
            assert_eq!(seen(checked), seen(&asked[0].1), "whatever was found, it begins alike");
            assert_eq!(checked.bytes.len(), asked[0].1.bytes.len());
        }
        assert_eq!((&asked[0].1.json["outcome"], &asked[0].1.json["allocation"]), (&json!("possible"), &json!("wait")));

        // Lantern is asked about all three, by no words of its own, and learns names and date of birth, and not why.
        let awaited = questions(&lantern).await;
        assert_eq!(awaited.len(), 3);
        let elder = awaited[1]["id"].as_str().unwrap();
        assert_eq!((&awaited[1]["client_ref"], &awaited[1]["asked_by"]), (&Value::Null, &Value::Null));
        assert!(!Value::from(awaited.clone()).to_string().contains("new-case"));
        let person = asked_about(&lantern, elder).await;
        assert_eq!(person.status, 200, "{}", person.json);
        let members: std::collections::BTreeSet<_> = person.json.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(members, ["date_of_birth", "id", "names"].into());
        assert_eq!(person.json["names"], json!([{"kind": "legal", "forename": "Demo", "surname": "Elder"}]));

        // That is on record as a disclosure of her identity to Lantern.
        let auditor = world.worker("audit-office", "checker-willow");
        let log = auditor.get("/v1/audit/entries?agency=lantern&kind=caseload-check&limit=200")
            .purpose(Purpose::AuditReview).send().await.unwrap();
        let entries = log.json["entries"].as_array().unwrap();
        let shown = entries.iter().find(|entry| entry["fields"]["segments_released"] == "identity");
        let fields = &shown.unwrap_or_else(|| panic!("{}", log.json))["fields"];
        assert_eq!((&fields["custodian"], &fields["policy_ids"]), (&json!("northmoor-cjit"), &json!("caseload.identify")));

        // The prison team, found as a holder, is asked in its own words, and is shown nobody.
        let found = questions(&carat).await;
        assert_eq!((found.len(), &found[0]["client_ref"]), (1, &json!(theirs.to_string())));
        let refused = carat.get(format!("/v1/caseload-checks/{}/person", found[0]["id"].as_str().unwrap()))
            .purpose(Purpose::DuplicateCheck).about(theirs).send().await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.problem()), (404, "not-found-or-not-permitted"));

        // It says that the first is not its own, leads the second, and says nothing of the third; the prison team leads the first.
        assert_eq!(answer(&lantern, json!({"answer": "not-ours"})).await.status, 200);
        let [cedar, elder, alder] = [0, 1, 2].map(|at| (asked[at].1.handle("id").unwrap(), asked[at].0));
        assert_eq!(seen(&result(&cjit, cedar.0, cedar.1).await), seen(&asked[0].1), "a first answer does not show");
        assert_eq!(told(&world, "northmoor-cjit", "caseload-check.answered"), 0, "nor is it heard of");
        assert_eq!(answer(&carat, json!({"answer": "lead"})).await.status, 200);
        assert_eq!(told(&world, "northmoor-cjit", "caseload-check.answered"), 1);
        assert_eq!(answer(&lantern, json!({"answer": "lead"})).await.status, 200);
        let (by_another, by_project) = (result(&cjit, cedar.0, cedar.1).await, result(&cjit, elder.0, elder.1).await);
        assert_eq!(by_project.json["outcome"], "held");
        assert_eq!(seen(&by_another), seen(&by_project), "who answers live cannot be told from who was found");
        assert_eq!(by_another.bytes.len(), by_project.bytes.len());
        assert_eq!((by_another.etag(), by_project.etag()), ("", ""));

        // Silence ends with the time. The allocation of the third goes on provisionally, that of the second is free.
        open_episode(&cjit, elder.1).await;
        open_episode(&cjit, alder.1).await;
        assert_eq!(allocate(&cjit, alder.1).await.json["errors"][0]["code"], "caseload-check-awaited");
        assert_eq!(allocate(&cjit, elder.1).await.status, 200);
        assert_eq!(episode(&cjit, elder.1).await["part"], "contributor", "Lantern leads, without a record of its own");
        world.clock.advance(6 * 86_400);
        let silent = result(&cjit, alder.0, alder.1).await;
        assert_eq!((&silent.json["outcome"], &silent.json["allocation"]), (&json!("clear"), &json!("provisional")));
        assert_eq!(allocate(&cjit, alder.1).await.status, 200);
        assert_eq!(episode(&cjit, alder.1).await["provisional"], true);
    }
}

on_both_stores! {
    async fn where_it_has_her_on_a_caseload_a_check_begins_as_every_other(world: World) {
        let (cjit, lantern) = (world.worker("northmoor-cjit", "testa-rowan"), world.worker("lantern", "ms-placeholder"));
        // From before it answered live.
        let hers = world.client(&lantern, "Demo", "Elder").await;
        assert_eq!(open_episode(&lantern, hers).await.status, 201);
        world.enrol_again("lantern", |lantern| lantern.answers_live = true).await;
        let mut asked = Vec::new();
        for (forename, surname) in [("Demo", "Elder"), ("Testa", "Alder")] {
            let client = world.client(&cjit, forename, surname).await;
            asked.push((check(&cjit, client).await, client));
        }
        assert_eq!(seen(&asked[0].0), seen(&asked[1].0));
        assert_eq!(asked[0].0.json["outcome"], "possible");
        assert_eq!(questions(&lantern).await.len(), 2, "once about each");
        assert_eq!(answer(&lantern, json!({"answer": "lead"})).await.status, 200);
        let held = result(&cjit, asked[0].0.handle("id").unwrap(), asked[0].1).await;
        assert_eq!((&held.json["outcome"], &held.json["allocation"]), (&json!("held"), &json!("free")));
    }
}

on_both_stores! {
    async fn checks_of_another_area_do_not_ask_it(world: World) {
        world.enrol_again("lantern", |lantern| lantern.answers_live = true).await;
        let (eastvale, lantern) = (world.worker("eastvale-cjit", "sample-linden"), world.worker("lantern", "ms-placeholder"));
        let client = world.client(&eastvale, "Testa", "Alder").await;
        let checked = check(&eastvale, client).await;
        assert_eq!((&checked.json["outcome"], &checked.json["allocation"]), (&json!("clear"), &json!("free")));
        assert!(questions(&lantern).await.is_empty());
    }
}

on_both_stores! {
    async fn a_token_for_another_person_opens_no_question(world: World) {
        world.enrol_again("lantern", |lantern| lantern.answers_live = true).await;
        let (cjit, lantern) = (world.worker("northmoor-cjit", "testa-rowan"), world.worker("lantern", "ms-placeholder"));
        for surname in ["Elder", "Alder"] {
            let client = world.client(&cjit, "Demo", surname).await;
            check(&cjit, client).await;
        }
        let awaited = questions(&lantern).await;
        let [first, second] = [0, 1].map(|at| awaited[at]["id"].as_str().unwrap().parse::<Handle>().unwrap());
        let other = lantern.get(format!("/v1/caseload-checks/{first}/person"))
            .purpose(Purpose::DuplicateCheck).about(second).send().await.unwrap();
        assert_eq!((other.status.as_u16(), other.problem()), (404, "not-found-or-not-permitted"));
        // Police are no party to any of it.
        let police = world.worker("northmoor-police", "proxy-thorn");
        let refused = police.get(format!("/v1/caseload-checks/{first}/person"))
            .purpose(Purpose::DuplicateCheck).about(first).send().await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.problem()), (403, "purpose-not-permitted"));
    }
}
