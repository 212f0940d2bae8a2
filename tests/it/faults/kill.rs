//! `kill -9` in the middle of work, again and again: nothing that anybody has a receipt for is ever lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::support::load::{Told, some_time, write_and_read};
use crate::support::{Process, StoredLog, World, on_both_stores, rounds};

/// Kills at random moments on each store, usually.
const ROUNDS: usize = 10;

on_both_stores! {
    async fn every_receipt_holds_whenever_the_gateway_is_killed(world: World) {
        let mut world = world;
        world.stop().await;
        let (rounds, mut all) = (rounds(ROUNDS), Told::default());
        for _ in 0..rounds {
            let gateway = Process::start(&world, "gateway.toml");
            gateway.ready(&world).await;
            let stop = Arc::new(AtomicBool::new(false));
            let at_work: Vec<_> = (0..4)
                .map(|_| actix_web::rt::spawn(write_and_read(gateway.worker(&world, "fallowgate-carat", "fixture-oak"), "Alder", stop.clone())))
                .collect();
            tokio::time::sleep(Duration::from_millis(50) + some_time()).await;
            drop(gateway);
            stop.store(true, Ordering::SeqCst);
            let mut told = vec![all];
            for one in at_work {
                told.push(one.await.unwrap());
            }
            all = Told::together(told);
            let log = StoredLog::read(&world);
            log.assert_holds_all(&all.recorded);
        }
        let gateway = Process::start(&world, "gateway.toml");
        gateway.ready(&world).await;
        let log = StoredLog::read(&world);
        assert_eq!(log.assert_holds_all(&all.recorded), all.recorded.len());
        log.assert_changes_match_entries(&world);
        let stored = usize::try_from(world.number("SELECT count(*) AS number FROM record WHERE kind = 'client'")).unwrap();
        assert!((all.written..=all.written + all.unknown).contains(&stored));
        assert!(all.written > rounds, "only {} writes in {rounds} rounds", all.written);
        assert!(all.unanswered > 0, "no kill met a request");
    }
}
