//! A gateway as a process of its own, which can be killed.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use throughgate::demo::actor::Actor;

use super::World;

/// The gateway as a process of its own.
pub struct Process {
    child: Child,
    /// Where its TLS port is.
    pub address: SocketAddr,
    /// Where its admin port is.
    pub admin: SocketAddr,
}

impl Process {
    /// Starts it and waits until it serves; its port is told by its first lines.
    pub fn start(world: &World, config: &str) -> Self {
        Self::try_start(world.dir(), config, &[]).expect("the gateway ended at its start")
    }

    /// Starts one of a partnership's folder with more in its environment, which may end it before it serves.
    pub fn try_start(dir: &Path, config: &str, environment: &[(&str, PathBuf)]) -> Option<Self> {
        let mut child = serve(dir, config, environment).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let serving = loop {
            let Some(line) = lines.next() else {
                child.wait().unwrap();
                return None;
            };
            let line = line.unwrap();
            let said: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
            if said["fields"]["message"] == "serving" {
                break said["fields"].clone();
            }
        };
        // What it says must be taken, or its pipe would fill up.
        std::thread::spawn(move || lines.for_each(drop));
        let port = |name: &str| serving[name].as_str().unwrap().parse().unwrap();
        Some(Self { child, address: port("address"), admin: port("admin") })
    }

    /// Starts one whose technical log goes to a full disk. Where it serves is known from its configuration alone.
    pub fn start_unheard(
        dir: &Path,
        config: &str,
        environment: &[(&str, PathBuf)],
        [address, admin]: [SocketAddr; 2],
    ) -> Self {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let child = serve(dir, config, environment).stderr(full).spawn().unwrap();
        Self { child, address, admin }
    }

    /// Makes this the gateway that the world's workers ask.
    pub fn serves(&self, world: &mut World) {
        (world.address, world.admin) = (self.address, self.admin);
    }

    /// Sends it a signal, by its name without `SIG`.
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &pid]).status().unwrap().success());
    }

    /// Stops it where it stands, as a machine that hangs would; `false` lets it go on.
    pub fn stall(&self, stalled: bool) {
        self.signal(if stalled { "STOP" } else { "CONT" });
    }

    /// Waits until it has ended by itself, ten seconds at most.
    pub async fn wait(mut self) -> ExitStatus {
        for _ in 0..400 {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("the gateway did not end");
    }

    /// Whether it is gone.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// A worker who asks this gateway.
    pub fn worker(&self, world: &World, agency: &str, worker: &str) -> Actor {
        let base = format!("https://localhost:{}", self.address.port());
        Actor::new(world.dir(), base, agency, worker, world.clock.clone()).unwrap()
    }

    /// Waits until it records.
    pub async fn ready(&self, world: &World) {
        let actor = self.worker(world, "fallowgate-carat", "fixture-oak");
        for _ in 0..500 {
            if actor.get("/nowhere").send().await.is_ok_and(|answer| answer.status == 404) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the gateway did not become ready after a kill");
    }
}

fn serve(dir: &Path, config: &str, environment: &[(&str, PathBuf)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_throughgate"));
    command.args(["serve", "--config"]).arg(dir.join(config)).env("THROUGHGATE_LOG", "info");
    command.envs(environment.iter().map(|(name, value)| (*name, value)));
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command
}

impl Drop for Process {
    /// `kill -9`.
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}
