//! Key-encryption keys rotate beside a gateway at work, whenever the command is killed, and leave no way back.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{Binary, Text};
use serde_json::Value;
use throughgate::crypto::KeyRing;
use throughgate::demo::actor::Actor;
use throughgate::id::Handle;
use throughgate::store::backend::AnyConnection;
use throughgate::vocabulary::Purpose;

use crate::support::load::{Told, invented, write_and_read};
use crate::support::{StoredLog, World, on_both_stores};

/// Kills at random moments on each store.
const KILLS: usize = 8;

fn ring(world: &World) -> PathBuf {
    world.dir.join("keys/ring.toml")
}

fn rotate(world: &World) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_throughgate"));
    command.args(["keys", "rotate", "--json", "--config"]).arg(world.dir.join("gateway.toml"));
    command
}

/// Runs the command to its end.
async fn rotated(world: &World) -> Output {
    let mut command = rotate(world);
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

fn summary(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[derive(QueryableByName)]
struct Wrapped {
    #[diesel(sql_type = Binary)]
    owner: Vec<u8>,
    #[diesel(sql_type = Text)]
    custodian: String,
    #[diesel(sql_type = Text)]
    kek: String,
    #[diesel(sql_type = Binary)]
    wrapped: Vec<u8>,
}

impl Wrapped {
    fn all(world: &World) -> Vec<Self> {
        let sql = "SELECT owner, custodian, kek, wrapped FROM data_key ORDER BY id";
        match &mut world.connection() {
            AnyConnection::Postgres(c) => diesel::sql_query(sql).load(c).unwrap(),
            AnyConnection::Sqlite(c) => diesel::sql_query(sql).load(c).unwrap(),
        }
    }

    fn opens_with(&self, ring: &KeyRing) -> bool {
        let owner = [self.owner.as_slice(), b"/", self.custodian.as_bytes()].concat();
        ring.unwrap_key(&owner, &self.kek, &self.wrapped).is_ok()
    }
}

async fn assert_reads(worker: &Actor, clients: &[Handle]) {
    for client_ref in clients {
        let read = worker.get(format!("/v1/clients/{client_ref}")).about(*client_ref).send().await.unwrap();
        assert_eq!(read.status, 200, "{}", read.json);
    }
}

async fn clients(world: &World, worker: &Actor) -> Vec<Handle> {
    let mut clients = Vec::new();
    for surname in ["Alder", "Birch", "Cedar"] {
        clients.push(world.client(worker, "Testa", surname).await);
    }
    clients
}

on_both_stores! {
    async fn keys_rotate_under_work_and_what_was_under_the_old_one_is_lost_for_good(world: World) {
        let mut world = world;
        let oak = world.worker("fallowgate-carat", "fixture-oak");
        let clients = clients(&world, &oak).await;
        let backup = Wrapped::all(&world);
        assert!(backup.iter().all(|key| key.kek == "kek-1" && key.opens_with(&KeyRing::load(&ring(&world)).unwrap())));

        let stop = Arc::new(AtomicBool::new(false));
        let at_work: Vec<_> =
            (0..2).map(|_| actix_web::rt::spawn(write_and_read(oak.clone(), "Elm", stop.clone()))).collect();
        tokio::time::sleep(Duration::from_millis(200)).await;
        let output = rotated(&world).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        stop.store(true, Ordering::SeqCst);
        let mut all = Vec::new();
        for one in at_work {
            all.push(one.await.unwrap());
        }
        let told = Told::together(all);
        let summary = summary(&output);
        let primary = summary["primary"].as_str().unwrap().to_owned();
        assert_eq!(summary["destroyed"], serde_json::json!(["kek-1"]));
        assert!(summary["rewrapped"].as_u64().unwrap() >= u64::try_from(backup.len()).unwrap());

        // The running gateway reads what was written before and writes anew; so does one that starts now.
        assert_reads(&oak, &clients).await;
        let since = world.client(&oak, "Testa", "Damson").await;
        let after = KeyRing::load(&ring(&world)).unwrap();
        assert_eq!(after.kek_ids(), std::slice::from_ref(&primary));
        assert!(Wrapped::all(&world).iter().all(|key| key.kek == primary && key.opens_with(&after)));
        assert!(!backup.iter().any(|key| key.opens_with(&after)), "a backup's keys open with nothing that is left");
        let log = StoredLog::read(&world);
        log.assert_holds_all(&told.recorded);
        log.assert_changes_match_entries(&world);
        world.restart().await;
        let oak = world.worker("fallowgate-carat", "fixture-oak");
        assert_reads(&oak, &clients).await;
        assert_reads(&oak, &[since]).await;

        let auditor = world.worker("audit-office", "checker-willow");
        let entries = auditor.get("/v1/audit/entries?kind=key-change").purpose(Purpose::AuditReview).send().await.unwrap();
        let reasons: Vec<&str> = entries.json["entries"].as_array().unwrap().iter()
            .map(|entry| entry["fields"]["reason_text"].as_str().unwrap()).collect();
        assert_eq!(reasons.len(), 2, "{reasons:?}");
        assert_eq!(reasons[0], format!("{primary} is primary"));
        assert!(reasons[1].starts_with(&format!("{primary} alone is left; ")));
    }
}

on_both_stores! {
    async fn a_rotation_that_was_killed_is_taken_up_where_it_stopped(world: World) {
        let oak = world.worker("fallowgate-carat", "fixture-oak");
        let clients = clients(&world, &oak).await;
        for _ in 0..KILLS {
            let mut child = rotate(&world).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            let random = u64::from(uuid::Uuid::new_v4().as_bytes()[0]);
            tokio::time::sleep(Duration::from_millis(2 * random)).await;
            child.kill().unwrap();
            child.wait().unwrap();
            let left = KeyRing::load(&ring(&world)).unwrap();
            assert!(left.kek_ids().len() <= 2, "a run begins nothing new before the last one is finished");
            assert!(Wrapped::all(&world).iter().all(|key| key.opens_with(&left)));
            assert_reads(&oak, &clients).await;
        }
        // Killed between the ring and its entry.
        if KeyRing::load(&ring(&world)).unwrap().kek_ids().len() == 1 {
            KeyRing::add_primary(&ring(&world), "kek-cut-short").unwrap();
        }
        let expected = KeyRing::load(&ring(&world)).unwrap().kek_ids().remove(0);
        let summary = summary(&rotated(&world).await);
        assert_eq!(summary["primary"], expected);
        let left = KeyRing::load(&ring(&world)).unwrap();
        assert_eq!(left.kek_ids(), std::slice::from_ref(&expected));
        assert!(Wrapped::all(&world).iter().all(|key| key.kek == expected && key.opens_with(&left)));
        assert_reads(&oak, &clients).await;
    }
}

on_both_stores! {
    async fn a_host_whose_ring_was_left_behind_refuses_and_recovers_with_the_ring(world: World) {
        let oak = world.worker("fallowgate-carat", "fixture-oak");
        let client_ref = world.client(&oak, "Testa", "Alder").await;
        // Another host rotates: it has its own copy of the ring.
        let config = std::fs::read_to_string(world.dir.join("gateway.toml")).unwrap();
        let other_host = world.dir.join("other-host.toml");
        std::fs::write(&other_host, config.replace("keys/ring.toml", "keys/other-ring.toml")).unwrap();
        let other_ring = world.dir.join("keys/other-ring.toml");
        std::fs::copy(ring(&world), &other_ring).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_throughgate"));
        command.args(["keys", "rotate", "--json", "--config"]).arg(other_host);
        let primary = summary(&tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap())["primary"].clone();

        let before = Wrapped::all(&world).len();
        let read = async || oak.get(format!("/v1/clients/{client_ref}")).about(client_ref).send().await.unwrap();
        let present = async || oak.post("/v1/clients", invented("Elm")).send().await.unwrap();
        assert_eq!((read().await.status.as_u16(), present().await.status.as_u16()), (503, 503));
        let keys = Wrapped::all(&world);
        assert_eq!(keys.len(), before, "no key is made that the other hosts could not read");
        assert!(keys.iter().all(|key| key.kek == primary.as_str().unwrap()));
        let old = std::fs::read(ring(&world)).unwrap();
        assert!(!rotated(&world).await.status.success(), "nor is anything rotated here");
        assert_eq!(std::fs::read(ring(&world)).unwrap(), old);

        std::fs::copy(&other_ring, ring(&world)).unwrap();
        assert_eq!((read().await.status.as_u16(), present().await.status.as_u16()), (200, 201));
    }
}
