//! The database contradicts what was signed: the gateway freezes before it discloses anything, and says so.

use throughgate::journal::health::State;

use crate::support::frozen::{assert_freezes, some_history};
use crate::support::{World, on_both_stores};

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
