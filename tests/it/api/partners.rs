//! Partners: separate records, separate workers, and nothing shown but that linked support exists.

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;

use super::caseload::{allocate, check, open_episode, step};
use crate::support::{World, on_both_stores};

pub async fn link(worker: &Actor, client: Handle, partner: Handle) -> Answer {
    let path = format!("/v1/clients/{client}/linked-support");
    worker.post(path, json!({"partner_ref": partner})).about(client).send().await.unwrap()
}

pub async fn linked(worker: &Actor, client: Handle) -> Value {
    let answer =
        worker.get(format!("/v1/clients/{client}/linked-support")).about(client).send().await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.json);
    answer.json
}

/// Takes somebody on, so that a case manager can be allocated.
pub async fn taken_on(world: &World, cjit: &Actor, person: (&str, &str)) -> Handle {
    let client = world.client(cjit, person.0, person.1).await;
    assert_eq!(open_episode(cjit, client).await.status, 201);
    assert!(check(cjit, client).await.status.is_success());
    client
}

fn refused(answer: &Answer) {
    assert_eq!((answer.status.as_u16(), answer.problem()), (409, "invalid-transition"), "{}", answer.json);
    assert_eq!(answer.json["errors"][0]["code"], "linked-support", "{}", answer.json);
}

on_both_stores! {
    async fn who_manages_the_one_does_not_manage_the_other(world: World) {
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let hers = taken_on(&world, &cjit, ("Example", "Fir")).await;
        let his = taken_on(&world, &cjit, ("Sample", "Gorse")).await;
        assert_eq!(allocate(&cjit, hers).await.status, 200);
        assert_eq!(linked(&cjit, hers).await, json!({"linked_support": false}));
        let made = link(&cjit, hers, his).await;
        assert_eq!((made.status.as_u16(), &made.json), (201, &json!({"linked_support": true})));
        assert_eq!(link(&cjit, his, hers).await.json["errors"][0]["code"], "linked-already");

        // All that either's plan shows.
        for client in [hers, his] {
            assert_eq!(linked(&cjit, client).await, json!({"linked_support": true}));
        }
        refused(&allocate(&cjit, his).await);
        let another = json!({"case_manager": "mocky-aspen"});
        assert_eq!(step(&cjit, his, "allocate", another.clone()).await.status, 200);
        refused(&step(&cjit, hers, "allocate", another.clone()).await);

        // Once they are no partners, anybody may.
        let path = format!("/v1/clients/{his}/linked-support/ending");
        let ended = cjit.post(path, json!({})).about(his).send().await.unwrap();
        assert_eq!((ended.status.as_u16(), &ended.json["linked_support"]), (200, &json!(false)), "{}", ended.json);
        assert_eq!(linked(&cjit, hers).await, json!({"linked_support": false}));
        assert_eq!(step(&cjit, hers, "allocate", another).await.status, 200);
    }
}

on_both_stores! {
    async fn one_worker_of_both_comes_before_no_link(world: World) {
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let hers = taken_on(&world, &cjit, ("Example", "Fir")).await;
        let his = taken_on(&world, &cjit, ("Sample", "Gorse")).await;
        assert_eq!(allocate(&cjit, hers).await.status, 200);
        assert_eq!(allocate(&cjit, his).await.status, 200);
        refused(&link(&cjit, hers, his).await);
        assert_eq!(linked(&cjit, his).await, json!({"linked_support": false}));
        assert_eq!(link(&cjit, hers, hers).await.status, 422, "nobody is her own partner");
    }
}

on_both_stores! {
    async fn a_link_reaches_nobody_elses_client(world: World) {
        let (cjit, other) = (world.worker("northmoor-cjit", "testa-rowan"), world.worker("eastvale-cjit", "sample-linden"));
        let hers = world.client(&cjit, "Example", "Fir").await;
        let theirs = world.client(&other, "Sample", "Gorse").await;
        for partner in [theirs, Handle::random()] {
            let answer = link(&cjit, hers, partner).await;
            assert_eq!((answer.status.as_u16(), answer.problem()), (404, "not-found-or-not-permitted"));
        }
        // What one agency keeps apart, another is told nothing of.
        let his = world.client(&cjit, "Sample", "Gorse").await;
        assert_eq!(link(&cjit, hers, his).await.status, 201);
        assert_eq!(linked(&other, theirs).await, json!({"linked_support": false}));
    }
}
