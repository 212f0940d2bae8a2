//! `kill -9` in the middle of work, again and again: nothing that anybody has a receipt for is ever lost.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use throughgate::demo::actor::Actor;

use crate::support::load::{Told, write_and_read};
use crate::support::{StoredLog, World, on_both_stores};

/// Kills at random moments on each store.
const ROUNDS: usize = 10;

/// The gateway as a process of its own.
struct Process {
    child: Child,
    base: String,
}

impl Process {
    /// Starts it and waits until it serves; its port is told by its first lines.
    fn start(world: &World) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_throughgate"))
            .args(["serve", "--config"])
            .arg(world.dir.join("gateway.toml"))
            .env("THROUGHGATE_LOG", "info")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = loop {
            let line = lines.next().expect("the gateway ended at its start").unwrap();
            let said: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
            if said["fields"]["message"] == "serving" {
                break said["fields"]["address"].as_str().unwrap().to_owned();
            }
        };
        // What it says must be taken, or its pipe would fill up.
        std::thread::spawn(move || lines.for_each(drop));
        let port = address.rsplit_once(':').unwrap().1;
        Self { child, base: format!("https://localhost:{port}") }
    }

    fn actor(&self, world: &World) -> Actor {
        Actor::new(world.dir(), self.base.clone(), "fallowgate-carat", "fixture-oak", world.clock.clone())
            .unwrap()
    }

    /// Waits until it records.
    async fn ready(&self, world: &World) {
        let actor = self.actor(world);
        for _ in 0..500 {
            if actor.get("/nowhere").send().await.is_ok_and(|answer| answer.status == 404) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the gateway did not become ready after a kill");
    }
}

impl Drop for Process {
    /// `kill -9`.
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// A moment within half a second.
fn some_time() -> Duration {
    let random = uuid::Uuid::new_v4();
    let [a, b, ..] = *random.as_bytes();
    Duration::from_millis(u64::from(u16::from_be_bytes([a, b])) % 500)
}

on_both_stores! {
    async fn every_receipt_holds_whenever_the_gateway_is_killed(world: World) {
        let mut world = world;
        world.stop().await;
        let mut all = Told::default();
        for _ in 0..ROUNDS {
            let gateway = Process::start(&world);
            gateway.ready(&world).await;
            let stop = Arc::new(AtomicBool::new(false));
            let at_work: Vec<_> = (0..4)
                .map(|_| actix_web::rt::spawn(write_and_read(gateway.actor(&world), "Alder", stop.clone())))
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
        let gateway = Process::start(&world);
        gateway.ready(&world).await;
        let log = StoredLog::read(&world);
        assert_eq!(log.assert_holds_all(&all.recorded), all.recorded.len());
        log.assert_changes_match_entries(&world);
        let stored = usize::try_from(world.number("SELECT count(*) AS number FROM record WHERE kind = 'client'")).unwrap();
        assert!((all.written..=all.written + all.unknown).contains(&stored));
        assert!(all.written > ROUNDS, "only {} writes in {ROUNDS} rounds", all.written);
        assert!(all.unanswered > 0, "no kill met a request");
    }
}
