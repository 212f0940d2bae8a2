//! Ctrl-C and a service manager's SIGTERM: what is under way is answered, what was answered is durable, and the exit code is 0.

use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use throughgate::clock::{SharedClock, SystemClock};

use crate::support::load::invented;
use crate::support::{Backend, PaperLog, Partner, Process, StoredLog, World, on_both_stores};

const SIGNALS: [&str; 2] = ["INT", "TERM"];

on_both_stores! {
    async fn a_gateway_that_is_told_to_stop_answers_what_is_under_way(world: World) {
        let mut world = world;
        world.stop().await;
        for signal in SIGNALS {
            let gateway = Process::start(&world, "gateway.toml");
            gateway.ready(&world).await;
            let carat = gateway.worker(&world, "fallowgate-carat", "fixture-oak");
            // Somebody else writes for a moment, so that the request must wait.
            let mut other = world.connection();
            other
                .batch_execute(match world.backend {
                    Backend::Sqlite => "BEGIN IMMEDIATE",
                    Backend::Postgres => "BEGIN; SELECT size FROM audit_head FOR UPDATE",
                })
                .unwrap();
            let asked = actix_web::rt::spawn(async move { carat.post("/v1/clients", invented("Elm")).send().await });
            tokio::time::sleep(Duration::from_millis(300)).await;
            gateway.signal(signal);
            tokio::time::sleep(Duration::from_millis(300)).await;
            other.batch_execute("ROLLBACK").unwrap();
            drop(other);
            let answer = asked.await.unwrap().expect("an answer to what was under way");
            assert_eq!(answer.status, 201, "{signal}: {}", answer.json);
            let ended = gateway.wait().await;
            assert_eq!(ended.code(), Some(0), "{signal}: {ended}");
            let log = StoredLog::read(&world);
            assert_eq!(log.assert_holds_all([&answer]), 1);
            log.assert_changes_match_entries(&world);
            // The static log has all of it, and nothing half-written.
            let note = std::fs::read_to_string(world.dir.join("log/checkpoint")).unwrap();
            assert_eq!(note.lines().nth(1), Some(log.leaves.len().to_string().as_str()), "{signal}");
        }
        // What it left is what the next one takes up.
        let gateway = Process::start(&world, "gateway.toml");
        gateway.ready(&world).await;
    }
}

#[test]
fn a_witness_that_is_told_to_stop_keeps_what_it_said() {
    let home = tempfile::tempdir().unwrap();
    let log = PaperLog::new(300, "true");
    let clock: SharedClock = Arc::new(SystemClock);
    let partner = Partner::new(home.path(), "probation", log.keys(), &clock);
    let system = actix_web::rt::System::new();
    let mut seen = 0;
    for signal in SIGNALS {
        let mut child = witness(&partner);
        let client = partner.client(&clock);
        let url = format!("{}/add-checkpoint", partner.url);
        system.block_on(async {
            // It serves as soon as it answers; then it is asked again while it is told to stop.
            let mut answer = None;
            for _ in 0..200 {
                answer = client.post(&url).body(log.body(seen, seen + 50)).send().await.ok();
                if answer.is_some() {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            assert_eq!(answer.expect("a witness that serves").status(), 200);
            seen += 50;
            let ask = client.post(&url).body(log.body(seen, seen + 50)).send();
            let (answer, ()) = tokio::join!(ask, async { kill(&child, signal) });
            if let Ok(answer) = answer {
                assert_eq!(answer.status(), 200, "{signal}");
                seen += 50;
            }
        });
        let ended = wait_for(&mut child);
        assert_eq!(ended.code(), Some(0), "{signal}: {ended}");
        let left: Vec<_> =
            std::fs::read_dir(partner.dir.join("state")).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| !name.to_string_lossy().ends_with("unfinished")), "{left:?}");
    }
}

fn witness(partner: &Partner) -> Child {
    Command::new(env!("CARGO_BIN_EXE_throughgate"))
        .args(["witness", "--config"])
        .arg(partner.dir.join("witness.toml"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn kill(child: &Child, signal: &str) {
    let sent = Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

fn wait_for(child: &mut Child) -> ExitStatus {
    for _ in 0..400 {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        std::thread::sleep(Duration::from_millis(25));
    }
    child.kill().unwrap();
    panic!("it did not end");
}
