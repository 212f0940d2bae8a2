//! Every delivered body has a durable leaf: whatever ends the gateway, each receipt that a client holds verifies against the
//! recovered log.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::campaign::{Campaign, Fault, tell};
use crate::support::load::{Told, some_time, write_and_read};
use crate::support::{Backend, Process, StoredLog, World, on_both_stores, rounds};

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
        assert!(4 * all.written > rounds, "only {} writes in {rounds} rounds", all.written);
        assert!(all.unanswered > 0, "no kill met a request");
        tell("killed at any moment", None, &[("kill -9", rounds)].into());
    }
}

#[test]
fn every_receipt_holds_whenever_the_machine_loses_its_power() {
    Campaign {
        name: "power lost, SQLite",
        backend: Backend::Sqlite,
        gateways: 1,
        draw: |random| match random.below(6) {
            0 => Fault::crash_point(random),
            1 => Fault::failed_sync(random),
            2 => Fault::below(random),
            _ => Fault::PowerLoss,
        },
        usually: 15,
    }
    .run();
}
