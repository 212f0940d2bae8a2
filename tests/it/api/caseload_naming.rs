//! Who is named in a check: nobody, but by the person's consent or the agency's own word.

use jiff::SignedDuration;
use serde_json::{Value, json};
use throughgate::clock::Clock as _;
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::caseload::{answer, ask, check, named_check, open_episode, questions, result};
use super::release::{Referred, referred};
use crate::support::{World, on_both_stores};

/// A consent by which one agency may be known to another.
async fn consents(
    world: &World,
    worker: &Actor,
    client: Handle,
    (from, to): (&str, &str),
    segments: &[&str],
) {
    let now = world.clock.now();
    let at = |hours: i64| (now + SignedDuration::from_hours(hours)).to_string();
    let consent = json!({
        "decision": "given", "given_by": "client", "capacity_confirmed": true, "obtained_at": at(-1),
        "method": "electronic", "evidence_hash": "a".repeat(64), "form_version_uri": "urn:example:form:1",
        "language": "en", "interpreter_used": false, "disclosing_agencies": [from], "recipients": [to],
        "purposes": ["duplicate-check"], "segments": segments, "not_before": at(-1), "expires_at": at(24 * 90),
        "seen_alone": true, "refusal_explained": true, "redisclosure": "prohibited",
    });
    let path = format!("/v1/clients/{client}/consents");
    let recorded = worker.post(path, consent).about(client).send().await.unwrap();
    assert_eq!(recorded.status, 201, "{}", recorded.json);
}

async fn question(worker: &Actor, client: Handle) -> Answer {
    let id = questions(worker).await[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/caseload-checks/{id}/answer");
    worker.get(path).purpose(Purpose::DuplicateCheck).about(client).send().await.unwrap()
}

on_both_stores! {
    async fn a_project_is_named_to_the_asker_only_by_a_consent_that_covers_what_its_name_tells(world: World) {
        let (cjit, lantern) = (world.worker("northmoor-cjit", "testa-rowan"), world.worker("lantern", "ms-placeholder"));
        let hers = world.client(&lantern, "Demo", "Elder").await;
        open_episode(&lantern, hers).await;
        let ours = world.client(&cjit, "Demo", "Elder").await;
        assert_eq!(check(&cjit, ours).await.json["holders"], json!([]));
        let towards = ("lantern", "northmoor-cjit");
        consents(&world, &lantern, hers, towards, &["identity", "attendance"]).await;
        assert_eq!(check(&cjit, ours).await.json["holders"], json!([]), "its name tells more than she consented to");
        consents(&world, &lantern, hers, towards, &["identity", "sex-work"]).await;
        let named = check(&cjit, ours).await;
        assert_eq!(named.json["holders"], json!(["lantern"]));
        let unnamed_size = check(&cjit, world.client(&cjit, "Testa", "Alder").await).await.bytes.len();
        assert_eq!(named.bytes.len(), unnamed_size);
    }
}

on_both_stores! {
    async fn a_holder_that_says_so_is_named_with_its_answer(world: World) {
        let (cjit, lantern) = (world.worker("northmoor-cjit", "testa-rowan"), world.worker("lantern", "ms-placeholder"));
        let hers = world.client(&lantern, "Demo", "Elder").await;
        open_episode(&lantern, hers).await;
        let ours = world.client(&cjit, "Demo", "Elder").await;
        let id = check(&cjit, ours).await.handle("id").unwrap();
        let given = json!({"answer": "lead", "speak_to": "Ms Placeholder", "may_name_us": true});
        assert_eq!(answer(&lantern, given).await.status, 200);
        let read = result(&cjit, id, ours).await;
        assert_eq!(read.json["answers"], json!([{"answer": "lead", "speak_to": "Ms Placeholder", "by": "lantern"}]));
        assert_eq!(read.json["holders"], json!(["lantern"]));
    }
}

on_both_stores! {
    async fn the_question_does_not_tell_to_whom_she_turned(world: World) {
        let (cjit, lantern) = (world.worker("northmoor-cjit", "testa-rowan"), world.worker("lantern", "ms-placeholder"));
        let ours = world.client(&cjit, "Demo", "Elder").await;
        open_episode(&cjit, ours).await;
        let hers = world.client(&lantern, "Demo", "Elder").await;
        // A project cannot let itself be named in a question: its name tells by itself. Only she can.
        named_check(&lantern, hers).await;
        assert_eq!(questions(&cjit).await[0]["asked_by"], Value::Null);
        assert_eq!(question(&cjit, ours).await.json["asked_by"], Value::Null);
        consents(&world, &lantern, hers, ("lantern", "northmoor-cjit"), &["identity", "sex-work"]).await;
        assert_eq!(question(&cjit, ours).await.json["asked_by"], "lantern");
    }
}

on_both_stores! {
    async fn who_was_only_referred_is_not_asked_about_and_every_question_has_its_reason(world: World) {
        let Referred { cjit, carat, .. } = referred(&world).await;
        let refused = check(&cjit.actor, cjit.client_ref).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (409, "invalid-transition"));
        assert_eq!(refused.json["errors"][0]["code"], "presentation-required");
        assert!(refused.receipt.is_some());
        // Presented by itself, the same person can be asked about.
        assert_eq!(check(&carat.actor, carat.client_ref).await.status, 201);

        let without = ask(&carat.actor, json!({"client_ref": carat.client_ref}), carat.client_ref).await;
        assert_eq!((without.status.as_u16(), without.problem()), (400, "malformed-request"));
        let why = json!({"client_ref": carat.client_ref, "reason": "curiosity"});
        assert_eq!(ask(&carat.actor, why, carat.client_ref).await.status, 400);
        let auditor = world.worker("audit-office", "checker-willow");
        let log = auditor.get("/v1/audit/entries?agency=fallowgate-carat&kind=caseload-check&outcome=permitted")
            .purpose(Purpose::AuditReview).send().await.unwrap();
        let last = log.json["entries"].as_array().unwrap().last().unwrap();
        assert_eq!(last["fields"]["reason_text"], "new-case");
    }
}
