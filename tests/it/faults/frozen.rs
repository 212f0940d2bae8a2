//! The database contradicts what was signed: the gateway freezes before it discloses anything, and says so.

use std::time::Duration;

use throughgate::journal::health::{State, WHAT_TO_DO};

use crate::support::{Backend, World, on_both_stores};

/// Starts the gateway on what is there, and makes sure that it freezes and answers nobody.
async fn assert_freezes(world: &mut World, because: &str) {
    world.start_anyhow();
    let mut state = world.journal.health().state();
    for _ in 0..250 {
        if !matches!(state, State::Starting) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        state = world.journal.health().state();
    }
    assert!(matches!(state, State::Frozen(_)), "{state:?}");
    let (status, text) = world.admin("/readyz").await;
    let what_to_do = format!("what to do: {WHAT_TO_DO}\n");
    assert_eq!((status, text), (503, format!("frozen: {because}\n{what_to_do}")));
    let actor = world.worker("fallowgate-carat", "fixture-oak");
    for _ in 0..3 {
        let answer = actor.get("/v1/clients/whoever").send().await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.problem()), (503, "audit-unavailable"));
    }
    // Frozen is for good: an operator must look, whatever the database says later.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert!(matches!(world.journal.health().state(), State::Frozen(_)));
}

async fn some_history(world: &World) {
    let carat = world.worker("fallowgate-carat", "fixture-oak");
    for surname in ["Alder", "Cedar", "Hazel"] {
        world.client(&carat, "Testa", surname).await;
    }
}

#[test]
fn an_old_copy_of_the_database_is_put_back() {
    World::tell(Backend::Sqlite, async |mut world| {
        some_history(&world).await;
        world.stop().await;
        let database = world.dir.join("gateway.db");
        let copy = world.dir.join("copy.db");
        // The writer's connection closes with its thread a moment after the stop; the copy must have its last pages.
        world.tamper("PRAGMA wal_checkpoint(TRUNCATE)");
        std::fs::copy(&database, &copy).unwrap();
        world.restart().await;
        some_history(&world).await;
        world.stop().await;
        world.tamper("PRAGMA wal_checkpoint(TRUNCATE)");
        for suffix in ["", "-wal", "-shm"] {
            let mut path = database.clone().into_os_string();
            path.push(suffix);
            let _ = std::fs::remove_file(path);
        }
        std::fs::copy(&copy, &database).unwrap();
        assert_freezes(&mut world, "the log in the database is shorter than what was signed").await;
    });
}

on_both_stores! {
    async fn an_old_copy_is_put_back_without_the_head_file_and_the_published_log_is_left_alone(world: World) {
        let mut world = world;
        some_history(&world).await;
        world.stop().await;
        let old = world.copy_database();
        world.restart().await;
        some_history(&world).await;
        world.stop().await;
        let published = std::fs::read(world.dir.join("log/checkpoint")).unwrap();
        world.use_database(old);
        std::fs::remove_file(world.dir.join("head")).unwrap();
        assert_freezes(&mut world, "the log in the database is shorter than what was signed").await;
        world.stop().await;
        assert_eq!(std::fs::read(world.dir.join("log/checkpoint")).unwrap(), published);
    }
}

on_both_stores! {
    async fn the_last_entry_is_deleted_and_the_head_left(world: World) {
        let mut world = world;
        some_history(&world).await;
        world.stop().await;
        world.tamper(
            "DELETE FROM audit_private WHERE idx = (SELECT max(idx) FROM audit_leaf); \
             DELETE FROM audit_leaf WHERE idx = (SELECT max(idx) FROM audit_leaf)",
        );
        assert_freezes(&mut world, "the log in the database lacks some of its nodes").await;
    }
}

on_both_stores! {
    async fn an_entry_is_exchanged_for_another(world: World) {
        let mut world = world;
        some_history(&world).await;
        world.stop().await;
        world.tamper(
            "UPDATE audit_leaf SET leaf_hash = (SELECT leaf_hash FROM audit_leaf WHERE idx = 0) \
             WHERE idx = (SELECT max(idx) FROM audit_leaf) - 2",
        );
        assert_freezes(&mut world, "the log in the database contradicts its own head").await;
    }
}

on_both_stores! {
    async fn a_tile_of_the_log_is_lost(world: World) {
        let mut world = world;
        // Refusals are entries too, and the quickest to make: 256 of them fill the first tile.
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let askers: Vec<_> = (0..8)
            .map(|_| {
                let carat = carat.clone();
                actix_web::rt::spawn(async move {
                    for _ in 0..32 {
                        assert_eq!(carat.get("/nowhere").send().await.unwrap().status, 404);
                    }
                })
            })
            .collect();
        for asker in askers {
            asker.await.unwrap();
        }
        world.stop().await;
        assert_eq!(world.number("SELECT count(*) AS number FROM audit_tile"), 1);
        world.tamper("DELETE FROM audit_tile");
        assert_freezes(&mut world, "the log in the database lacks some of its nodes").await;
    }
}

on_both_stores! {
    async fn the_log_is_rewritten_under_the_running_gateway(world: World) {
        some_history(&world).await;
        world.tamper("UPDATE audit_head SET size = size - 1");
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let answer = carat.get("/nowhere").send().await.unwrap();
        assert_eq!(answer.status, 503);
        assert!(matches!(world.journal.health().state(), State::Frozen(_)));
        assert!(world.admin("/readyz").await.1.starts_with("frozen: "));
    }
}
