//! Any two checkpoints that any replica ever emitted are consistent, and of one size there is one root.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use throughgate::ledger::entry::Leaf;

use crate::campaign::{Campaign, Fault, tell};
use crate::support::load::{Told, some_time, write_and_read};
use crate::support::{Backend, Process, StoredLog, World, on_both_stores, rounds};

/// How often one of the three is killed under load, on each store, usually.
const KILLS: usize = 5;

on_both_stores! {
    async fn three_gateways_write_one_log_while_one_after_the_other_is_killed(world: World) {
        let mut world = world;
        let configs = ["gateway.toml".to_owned(), world.one_more(2), world.one_more(3)];
        world.stop().await;
        let mut gateways: Vec<Process> = configs.iter().map(|config| Process::start(&world, config)).collect();
        let (kills, mut all) = (rounds(KILLS), Told::default());
        for round in 0..kills {
            let stop = Arc::new(AtomicBool::new(false));
            let mut at_work = Vec::new();
            for gateway in &gateways {
                gateway.ready(&world).await;
            }
            for gateway in gateways.iter().chain(&gateways) {
                let worker = gateway.worker(&world, "fallowgate-carat", "fixture-oak");
                at_work.push(actix_web::rt::spawn(write_and_read(worker, "Alder", stop.clone())));
            }
            tokio::time::sleep(Duration::from_millis(200) + some_time()).await;
            let killed = round % gateways.len();
            drop(gateways.remove(killed));
            // The others go on.
            tokio::time::sleep(Duration::from_millis(200)).await;
            stop.store(true, Ordering::SeqCst);
            let mut told = vec![all];
            for one in at_work {
                told.push(one.await.unwrap());
            }
            all = Told::together(told);
            gateways.insert(killed, Process::start(&world, &configs[killed]));
        }
        for gateway in &gateways {
            gateway.ready(&world).await;
        }
        let log = StoredLog::read(&world);
        assert_eq!(log.assert_holds_all(&all.recorded), all.recorded.len());
        log.assert_changes_match_entries(&world);
        let wrote: BTreeSet<String> = log.leaves.iter().map(|leaf| Leaf::parse(leaf).unwrap().replica).collect();
        assert!(["gateway-1", "gateway-2", "gateway-3"].iter().all(|replica| wrote.contains(*replica)), "{wrote:?}");
        assert!(all.written > 3 * kills, "only {} writes", all.written);
        assert!(all.unanswered > 0, "no kill met a request");
        tell("one of three killed", None, &[("kill -9", kills)].into());
    }
}

#[test]
fn of_three_gateways_over_one_sqlite_that_die_or_fail_under_each_other() {
    Campaign {
        name: "three gateways, SQLite",
        backend: Backend::Sqlite,
        gateways: 3,
        draw: |random| match random.below(8) {
            0..=1 => Fault::below(random),
            2..=3 => Fault::crash_point(random),
            4 => Fault::PowerLoss,
            5 => Fault::Stall,
            _ => Fault::Kill,
        },
        usually: 15,
    }
    .run();
}

#[test]
fn of_three_gateways_over_one_postgresql_that_die_or_fail_with_it() {
    Campaign {
        name: "three gateways, PostgreSQL",
        backend: Backend::Postgres,
        gateways: 3,
        draw: |random| match random.below(10) {
            0 => Fault::below(random),
            1 => Fault::crash_point(random),
            2 => Fault::below_the_server(random),
            3 => Fault::KillBackend,
            4 => Fault::Crash,
            5 => Fault::Hang,
            6 => Fault::ReadOnly,
            7 => Fault::CutAtCommit,
            8 => Fault::Stall,
            _ => Fault::Kill,
        },
        usually: 15,
    }
    .run();
}
