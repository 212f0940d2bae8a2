//! Copies of requests: a token serves one write, an `Idempotency-Key` one effect, and one new person is one person.

use serde_json::{Value, json};
use throughgate::demo::actor::Actor;
use throughgate::vocabulary::Purpose;

use crate::support::load::invented;
use crate::support::{World, on_both_stores};

/// How many people they are, those counted once who are one.
const PEOPLE: &str = "SELECT count(DISTINCT coalesce((SELECT i.cluster FROM person_identity i WHERE i.person = r.person \
     ORDER BY i.version DESC LIMIT 1), r.person)) AS number FROM record r";
const VERSIONS: &str = "SELECT count(*) AS number FROM record_version";

fn fresh(actor: &Actor) -> String {
    actor.token(Purpose::ContinuityOfCare, None, None).unwrap()
}

on_both_stores! {
    async fn a_token_serves_one_write_across_restarts_and_any_number_of_reads(world: World) {
        let mut world = world;
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let client_ref = world.client(&carat, "Testa", "Alder").await;
        let token = carat.token(Purpose::ContinuityOfCare, Some(client_ref), None).unwrap();
        let path = format!("/v1/clients/{client_ref}");
        let etag = carat.get(&path).token(&token).send().await.unwrap().etag().to_owned();
        let change = json!({"person": {"names": [{"kind": "legal", "forename": "Testa", "surname": "Rowan"}]}});
        let first = carat.patch(&path, change.clone()).token(&token).if_match(&etag).send().await.unwrap();
        assert_eq!(first.status, 200, "{}", first.json);
        let versions = world.number(VERSIONS);

        for restarted in [false, true] {
            if restarted {
                world.restart().await;
            }
            // The restarted gateway has another port.
            let carat = world.worker("fallowgate-carat", "fixture-oak");
            let again = carat.patch(&path, change.clone()).token(&token).if_match(&etag).send().await.unwrap();
            assert_eq!((again.status.as_u16(), again.problem()), (401, "invalid-token"), "restarted: {restarted}");
            assert!(again.receipt.is_some(), "a replay is on record");
            // Another operation does not make the token new either.
            let other = carat.post("/v1/clients", invented("Elm")).token(&token).send().await.unwrap();
            assert_eq!((other.status.as_u16(), other.problem()), (401, "invalid-token"));
            for _ in 0..2 {
                assert_eq!(carat.get(&path).token(&token).send().await.unwrap().status, 200);
            }
        }
        assert_eq!(world.number(VERSIONS), versions);
        assert_eq!(world.number(PEOPLE), 1);
    }
}

on_both_stores! {
    async fn a_refused_write_uses_its_token_up(world: World) {
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let token = fresh(&carat);
        let refused = carat.post("/v1/clients", json!({"person": {"names": []}})).token(&token).send().await.unwrap();
        assert_eq!(refused.status, 400);
        let again = carat.post("/v1/clients", invented("Elm")).token(&token).send().await.unwrap();
        assert_eq!((again.status.as_u16(), again.problem()), (401, "invalid-token"));
    }
}

on_both_stores! {
    async fn one_token_sent_many_times_at_once_writes_once(world: World) {
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let token = fresh(&carat);
        let sent: Vec<_> = (0..20)
            .map(|_| {
                let (carat, token) = (carat.clone(), token.clone());
                actix_web::rt::spawn(async move {
                    carat.post("/v1/clients", invented("Elm")).token(token).send().await.unwrap().status.as_u16()
                })
            })
            .collect();
        let mut statuses = Vec::new();
        for one in sent {
            statuses.push(one.await.unwrap());
        }
        assert_eq!(statuses.iter().filter(|&&status| status == 201).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|&&status| status == 401).count(), 19, "{statuses:?}");
        assert_eq!(world.number(PEOPLE), 1);
    }
}

on_both_stores! {
    async fn a_retry_under_its_key_is_answered_alike_and_does_nothing(world: World) {
        let mut world = world;
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let person = invented("Elm");
        let ask = |carat: &Actor, person: &Value| {
            let (carat, person) = (carat.clone(), person.clone());
            async move { carat.post("/v1/clients", person).idempotency_key("retry-0001").send().await.unwrap() }
        };
        let first = ask(&carat, &person).await;
        assert_eq!(first.status, 201, "{}", first.json);
        let versions = world.number(VERSIONS);
        let retried = ask(&carat, &person).await;
        assert_eq!((retried.status, retried.header("location")), (first.status, first.header("location")));
        assert!(retried.receipt.is_some());
        assert_eq!(world.number(VERSIONS), versions, "a retry has no second effect");

        let other = ask(&carat, &invented("Oak")).await;
        assert_eq!((other.status.as_u16(), other.problem()), (422, "idempotency-conflict"));
        // The key is the agency's own: another may use the same.
        let lantern = world.worker("lantern", "ms-placeholder");
        let theirs = ask(&lantern, &person).await;
        assert_eq!(theirs.status, 201);
        assert_ne!(theirs.header("location"), first.header("location"));

        world.restart().await;
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let after = ask(&carat, &person).await;
        assert_eq!((after.status, after.header("location")), (first.status, first.header("location")));
        // A day later the key is forgotten, and the same request is a new one.
        assert_eq!(world.number(PEOPLE), 1);
    }
}

on_both_stores! {
    async fn a_hundred_at_once_under_one_key_have_one_effect(world: World) {
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let person = invented("Elm");
        let sent: Vec<_> = (0..100)
            .map(|_| {
                let (carat, person) = (carat.clone(), person.clone());
                actix_web::rt::spawn(async move {
                    carat.post("/v1/clients", person).idempotency_key("hundred-01").send().await.unwrap()
                })
            })
            .collect();
        let mut answers = Vec::new();
        for one in sent {
            answers.push(one.await.unwrap());
        }
        // Under overload some may be told to come back; nobody is told anything else.
        assert!(answers.iter().all(|answer| matches!(answer.status.as_u16(), 201 | 503)));
        let mut places: Vec<_> = answers
            .iter()
            .filter(|answer| answer.status == 201)
            .map(|answer| answer.header("location").to_owned())
            .collect();
        assert!(places.len() >= 50, "{} of 100 were answered", places.len());
        places.dedup();
        assert_eq!(places.len(), 1);
        assert_eq!(world.number(PEOPLE), 1);
        assert_eq!(world.number("SELECT count(*) AS number FROM record"), 1);
        assert_eq!(world.number("SELECT max(version) AS number FROM record_version"), 1);
    }
}

on_both_stores! {
    async fn two_agencies_present_one_new_person_at_once_and_it_is_one_person(world: World) {
        for round in 1..=8 {
            let person = invented("Elm");
            let sent: Vec<_> = [
                world.worker("fallowgate-carat", "fixture-oak"),
                world.worker("northmoor-cjit", "testa-rowan"),
                world.worker("lantern", "ms-placeholder"),
            ]
            .into_iter()
            .map(|actor| {
                let person = person.clone();
                actix_web::rt::spawn(async move { actor.post("/v1/clients", person).send().await.unwrap() })
            })
            .collect();
            let mut handles = std::collections::BTreeSet::new();
            for one in sent {
                let answer = one.await.unwrap();
                assert_eq!(answer.status, 201, "{}", answer.json);
                handles.insert(answer.handle("client_ref").unwrap());
            }
            assert_eq!(handles.len(), 3, "each agency has its own reference");
            assert_eq!(world.number(PEOPLE), round);
            assert_eq!(world.number("SELECT count(*) AS number FROM record WHERE kind = 'client'"), 3 * round);
        }
    }
}
