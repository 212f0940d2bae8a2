//! The database is gone, hangs, is full, read-only or locked: nothing but 503 and soon, not one byte about anybody, and back by
//! itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::campaign::{Stage, tell};
use crate::support::load::{Told, invented, write_and_read};
use crate::support::shim::{Blow, Strike, calls};
use crate::support::{Backend, Proxy, StoredLog, World, rounds};

/// How often a connection is cut, usually.
const CUTS: usize = 20;
const CANARY: &str = "Zzyzx";
/// No answer may take longer: a worker at a gate must know soon that she has to telephone.
const AT_MOST: Duration = Duration::from_secs(6);

/// Sixteen workers at work while `fault` happens; what they were told, once it is over and the gateway is back.
async fn at_work_while<F>(world: &World, fault: F) -> Told
where
    F: AsyncFnOnce(&World),
{
    let stop = Arc::new(AtomicBool::new(false));
    let at_work: Vec<_> = (0..16)
        .map(|_| {
            let actor = world.worker("fallowgate-carat", "fixture-oak");
            actix_web::rt::spawn(write_and_read(actor, CANARY, stop.clone()))
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(700)).await;
    fault(world).await;
    world.ready().await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    stop.store(true, Ordering::SeqCst);
    let mut all = Vec::new();
    for one in at_work {
        all.push(one.await.unwrap());
    }
    Told::together(all)
}

/// While the fault lasts: every answer is the one constant 503, soon, and readiness is red with a reason.
async fn assert_refuses_everything(world: &World) {
    let actor = world.worker("fallowgate-carat", "fixture-oak");
    let unknown = throughgate::id::Handle::random();
    let until = Instant::now() + Duration::from_secs(3);
    let mut seen_red = false;
    while Instant::now() < until {
        let began = Instant::now();
        let written = actor.post("/v1/clients", invented(CANARY)).send().await.unwrap();
        let read = actor.get(format!("/v1/clients/{unknown}")).about(unknown).send().await.unwrap();
        let nowhere = actor.get("/nowhere").send().await.unwrap();
        assert!(began.elapsed() < AT_MOST * 3);
        for answer in [written, read, nowhere] {
            assert_eq!(answer.status, 503, "{}", answer.json);
            assert_eq!(answer.problem(), "audit-unavailable");
        }
        let (status, text) = world.admin("/readyz").await;
        seen_red |= status == 503 && text.starts_with("unavailable: ");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(seen_red, "readiness stayed green");
}

/// For how many seconds the gateway has not done what it does by itself.
async fn sweep_age(world: &World) -> u64 {
    let metrics = world.admin("/metrics").await.1;
    let age = metrics.lines().find_map(|line| line.strip_prefix("throughgate_sweep_age_seconds "));
    age.unwrap_or_else(|| panic!("not swept yet: {metrics}")).parse().unwrap()
}

fn assert_nothing_was_lost_or_told(world: &World, told: &Told) {
    assert!(told.written > 0, "nobody wrote anything");
    assert!(!told.unavailable.is_empty(), "the fault was not felt");
    assert_eq!(told.unanswered, 0);
    assert!(told.slowest < AT_MOST, "an answer took {:?}", told.slowest);
    let first = &told.unavailable[0];
    for answer in &told.unavailable {
        assert_eq!(answer.bytes, first.bytes, "the body of a 503 is constant");
        assert!(!String::from_utf8_lossy(&answer.bytes).contains(CANARY));
        assert_eq!(answer.header("retry-after"), "1");
        assert_eq!(answer.json["help_line"], "01632 960100");
        assert!(answer.receipt.is_none());
    }
    let log = StoredLog::read(world);
    assert_eq!(log.assert_holds_all(&told.recorded), told.recorded.len());
    log.assert_changes_match_entries(world);
    let stored =
        usize::try_from(world.number("SELECT count(*) AS number FROM record WHERE kind = 'client'")).unwrap();
    assert!(
        (told.written..=told.written + told.unknown).contains(&stored),
        "{} acknowledged, {} unknown, {stored} stored",
        told.written,
        told.unknown
    );
}

#[test]
fn postgresql_stops_in_the_middle_and_comes_back() {
    World::tell_on_own_cluster(async |world| {
        let told = at_work_while(&world, async |world| {
            let cluster = world.cluster.clone().unwrap();
            let stopping = cluster.clone();
            tokio::task::spawn_blocking(move || stopping.stop()).await.unwrap();
            assert_refuses_everything(world).await;
            assert!(sweep_age(world).await >= 2, "what is late was swept without a database");
            tokio::task::spawn_blocking(move || cluster.resume()).await.unwrap();
        })
        .await;
        assert_nothing_was_lost_or_told(&world, &told);
        while sweep_age(&world).await >= 2 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(world.admin("/readyz").await.0, 200);
    });
}

#[test]
fn postgresql_hangs_and_goes_on() {
    World::tell_on_own_cluster(async |world| {
        let told = at_work_while(&world, async |world| {
            let cluster = world.cluster.clone().unwrap();
            cluster.freeze(true);
            assert_refuses_everything(world).await;
            cluster.freeze(false);
        })
        .await;
        assert_nothing_was_lost_or_told(&world, &told);
        assert_eq!(world.admin("/readyz").await.0, 200);
    });
}

#[test]
fn the_connection_is_cut_when_commit_was_sent_again_and_again() {
    World::tell(Backend::Postgres, async |mut world| {
        let proxy = Proxy::before(world.socket().as_ref());
        world.behind(&proxy);
        world.restart().await;
        let told = at_work_while(&world, async |world| {
            for _ in 0..rounds(CUTS) {
                proxy.cut().await;
                world.ready().await;
            }
        })
        .await;
        assert_nothing_was_lost_or_told(&world, &told);
        // What was committed and never acknowledged is there, once, and its caller was told that nothing is known.
        assert!(told.unknown > 0);
        tell("cut when COMMIT was sent", None, &[("cut when COMMIT was sent", rounds(CUTS))].into());
    });
}

#[test]
fn sqlite_is_locked_by_another_process_and_let_go() {
    World::tell(Backend::Sqlite, async |world| {
        let told = at_work_while(&world, async |world| {
            use diesel::connection::SimpleConnection as _;
            let mut other = world.connection();
            other.batch_execute("BEGIN IMMEDIATE").unwrap();
            // The busy timeout of the writer is two seconds: until then it waits, and so do its callers.
            tokio::time::sleep(Duration::from_millis(2_500)).await;
            assert_refuses_everything(world).await;
            other.batch_execute("ROLLBACK").unwrap();
        })
        .await;
        assert_nothing_was_lost_or_told(&world, &told);
        assert_eq!(world.admin("/readyz").await.0, 200);
    });
}

#[test]
fn postgresql_becomes_read_only_and_takes_writes_again() {
    World::tell_on_own_cluster(async |world| {
        let told = at_work_while(&world, async |world| {
            for setting in ["on", "off"] {
                let cluster = world.cluster.clone().unwrap();
                tokio::task::spawn_blocking(move || cluster.set("default_transaction_read_only", setting))
                    .await
                    .unwrap();
                if setting == "on" {
                    assert_refuses_everything(world).await;
                }
            }
        })
        .await;
        assert_nothing_was_lost_or_told(&world, &told);
        assert_eq!(world.admin("/readyz").await.0, 200);
    });
}

/// What lasts below SQLite and the gateway's own files, until it is lifted: every answer is a 503 meanwhile.
async fn refuses_while(stage: &mut Stage, strike: &Strike<'_>) {
    let worker = stage.workers().remove(0);
    let ask = async || {
        let began = Instant::now();
        let answer = worker.post("/v1/clients", invented(CANARY)).send().await.unwrap();
        assert!(began.elapsed() < AT_MOST, "an answer took {:?}", began.elapsed());
        answer
    };
    let client_ref = ask().await.handle("client_ref").unwrap();
    stage.shim.strike(strike);
    let (until, mut seen_red) = (Instant::now() + Duration::from_secs(2), false);
    while Instant::now() < until {
        let read = worker.get(format!("/v1/clients/{client_ref}")).about(client_ref).send().await.unwrap();
        for answer in [ask().await, read] {
            assert_eq!((answer.status.as_u16(), answer.problem()), (503, "audit-unavailable"), "{strike:?}");
            assert!(!String::from_utf8_lossy(&answer.bytes).contains(CANARY));
        }
        seen_red |= stage.readiness(0).await.is_some_and(|(status, _)| status == 503);
    }
    assert!(stage.shim.hits() > 0 && seen_red, "{strike:?}: readiness stayed green");
    stage.shim.lift();
    let (until, mut answered) = (Instant::now() + Duration::from_secs(3), ask().await);
    while answered.status == 503 && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(50)).await;
        answered = ask().await;
    }
    assert_eq!(answered.status, 201, "{strike:?}: it did not recover by itself: {}", answered.json);
}

#[test]
fn the_disk_is_full_read_only_or_broken_for_a_while() {
    actix_web::rt::System::new().block_on(async {
        let mut stage = Stage::new(Backend::Sqlite, 1).await;
        stage.start().await;
        // Everywhere, or below the database alone.
        for (blow, calls, part) in [
            (Blow::DiskFull, calls::ROOM, ""),
            (Blow::QuotaUsedUp, calls::ROOM, "gateway.db"),
            (Blow::ReadOnly, calls::CHANGE, ""),
            (Blow::ReadOnly, calls::CHANGE, "gateway.db"),
            (Blow::IoError, calls::SYNC, ""),
            (Blow::IoError, calls::CHANGE | calls::SYNC, "gateway.db"),
        ] {
            refuses_while(&mut stage, &Strike { blow, calls, part, skip: 0, times: None }).await;
        }
    });
}

#[test]
fn a_gateway_whose_own_log_cannot_be_written_goes_on() {
    actix_web::rt::System::new().block_on(async {
        let mut stage = Stage::new(Backend::Sqlite, 1).await;
        stage.start_unheard(0);
        let until = Instant::now() + Duration::from_secs(10);
        while stage.readiness(0).await.is_none_or(|(status, _)| status != 200) {
            assert!(Instant::now() < until, "it never recorded");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let strike = Strike { blow: Blow::DiskFull, calls: calls::ROOM, part: "", skip: 0, times: None };
        refuses_while(&mut stage, &strike).await;
    });
}
