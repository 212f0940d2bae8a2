//! A worker who asks without end is held back, and nobody else is; what ties requests together comes back.

use throughgate::ledger::entry::Leaf;
use throughgate::vocabulary::EntryKind;

use crate::support::{StoredLog, World, on_both_stores};

on_both_stores! {
    async fn who_asks_too_much_waits_and_nobody_else_does(world: World) {
        let mut world = world;
        world.bound(5, 0);
        world.restart().await;
        let wild = world.worker("northmoor-cjit", "testa-rowan");
        for left in (0..5).rev() {
            let answer = wild.get("/v1/agencies").send().await.unwrap();
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("ratelimit-policy"), "\"worker\";q=5;w=60");
            assert!(answer.header("ratelimit").starts_with(&format!("\"worker\";r={left};t=")), "{left}");
        }
        let before = StoredLog::read(&world).leaves.len();

        let held_back = wild.get("/v1/agencies").send().await.unwrap();

        assert_eq!((held_back.status.as_u16(), held_back.problem()), (429, "too-many-requests"));
        assert!((1..=12).contains(&held_back.header("retry-after").parse::<u64>().unwrap()));
        let colleague = world.worker("northmoor-cjit", "mocky-aspen").get("/v1/agencies").send().await.unwrap();
        assert_eq!(colleague.status, 200, "a colleague of the same agency goes on");
        // Held back is counted, not recorded one by one: else the log could be flooded by who is held back.
        assert_eq!(StoredLog::read(&world).leaves.len(), before + 1);
        world.stop().await;
        let last = StoredLog::read(&world).leaves.pop().unwrap();
        assert_eq!(Leaf::parse(&last).unwrap().kind, EntryKind::Summary);
    }
}

on_both_stores! {
    async fn what_ties_requests_together_comes_back_and_stands_in_the_log(world: World) {
        let worker = world.worker("northmoor-cjit", "testa-rowan");
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";

        let refused = worker
            .get("/v1/dirs/AAAAAAAAAAAAAAAAAAAAAA")
            .with("traceparent", format!("00-{trace}-00f067aa0ba902b7-01"))
            .with("x-request-id", "60e0b220-8136-4ca5-ae46-1d97ef59d068")
            .with("x-correlation-id", "11c46f5f-cdef-4865-94b2-0ee0edcc26da")
            .send()
            .await
            .unwrap();

        assert_eq!(refused.status, 404);
        assert_eq!(refused.json["trace_id"], trace);
        assert_eq!(refused.header("x-request-id"), "60e0b220-8136-4ca5-ae46-1d97ef59d068");
        assert_eq!(refused.header("x-correlation-id"), "11c46f5f-cdef-4865-94b2-0ee0edcc26da");
        let unnamed = worker.get("/v1/dirs/AAAAAAAAAAAAAAAAAAAAAA").send().await.unwrap();
        assert_eq!(unnamed.header("x-request-id"), unnamed.json["trace_id"].as_str().unwrap());
    }
}
