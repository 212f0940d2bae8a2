//! A database that was put back from an old backup is known for one before the first disclosure, and before a command signs.

use std::process::{Command, Output};

use crate::support::frozen::{assert_freezes, some_history};
use crate::support::{World, on_both_stores};

const SHORTER: &str = "the log in the database is shorter than what was signed";

/// A copy of the database of a stopped gateway.
fn backup(world: &World) {
    match &world.cluster {
        Some(cluster) => {
            let name = name(world);
            cluster.sql("postgres", &format!("CREATE DATABASE {name}_backup TEMPLATE {name}"));
        }
        None => {
            // The writer's connection closes with its thread a moment after the stop; the copy must have its last pages.
            world.tamper("PRAGMA wal_checkpoint(TRUNCATE)");
            std::fs::copy(world.dir.join("gateway.db"), world.dir.join("copy.db")).unwrap();
        }
    }
}

/// Puts the copy into the place of the database.
fn restore(world: &World) {
    match &world.cluster {
        Some(cluster) => {
            let name = name(world);
            cluster.sql("postgres", &format!("DROP DATABASE {name} WITH (FORCE)"));
            cluster.sql("postgres", &format!("CREATE DATABASE {name} TEMPLATE {name}_backup"));
        }
        None => {
            for suffix in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(world.dir.join(format!("gateway.db{suffix}")));
            }
            std::fs::copy(world.dir.join("copy.db"), world.dir.join("gateway.db")).unwrap();
        }
    }
}

fn name(world: &World) -> String {
    let rest = world.database.strip_prefix("postgresql:///").unwrap();
    rest.split('?').next().unwrap().to_owned()
}

/// Waits until nobody holds the database any more.
async fn settle(world: &World) {
    if let Some(cluster) = &world.cluster {
        let name = name(world);
        let sql = format!("SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'");
        for _ in 0..500 {
            if cluster.sql("postgres", &sql).trim() == "0" {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("the gateway did not let go of its database");
    }
}

async fn command(world: &World, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_throughgate"));
    command.args(args).arg("--config").arg(world.dir.join("gateway.toml"));
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

const SUSPEND: [&str; 3] = ["agency", "suspend", "lantern"];

on_both_stores! {
    async fn an_old_copy_of_the_database_is_put_back(world: World) {
        let mut world = world;
        some_history(&world).await;
        world.stop().await;
        settle(&world).await;
        backup(&world);
        world.restart().await;
        some_history(&world).await;
        world.stop().await;
        settle(&world).await;
        restore(&world);
        assert_freezes(&mut world, SHORTER).await;
    }
}

on_both_stores! {
    async fn no_command_writes_to_an_old_copy(world: World) {
        let mut world = world;
        some_history(&world).await;
        world.stop().await;
        settle(&world).await;
        backup(&world);
        world.restart().await;
        some_history(&world).await;
        world.stop().await;
        settle(&world).await;
        restore(&world);
        let size = world.number("SELECT size AS number FROM audit_head");
        for args in [&["migrate"][..], &SUSPEND] {
            let output = command(&world, args).await;
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(!output.status.success() && said.contains(SHORTER), "{args:?}: {said}");
        }
        assert_eq!(world.number("SELECT size AS number FROM audit_head"), size);
        assert_freezes(&mut world, SHORTER).await;
    }
}

on_both_stores! {
    async fn what_a_command_signed_last_binds_the_gateway_too(world: World) {
        let mut world = world;
        some_history(&world).await;
        world.stop().await;
        settle(&world).await;
        backup(&world);
        let output = command(&world, &SUSPEND).await;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        settle(&world).await;
        restore(&world);
        assert_freezes(&mut world, SHORTER).await;
    }
}
