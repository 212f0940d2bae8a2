//! The gateways of one world, each a process of its own that is started again when it ends, with faults below and beside them.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use throughgate::demo::actor::Actor;

use super::held::Held;
use super::power::Disk;
use super::{Fault, check};
use crate::support::shim::Shim;
use crate::support::{Backend, Cluster, Process, Proxy, World, ask_admin, free_address};

/// How soon a gateway records again once nothing stands in its way, whatever happened before.
const READY_WITHIN: Duration = Duration::from_secs(20);

/// A world whose gateways are processes.
pub struct Stage {
    /// First, so that the gateways end before their files go.
    seats: Vec<Seat>,
    pub world: World,
    /// Below the gateways.
    pub shim: Shim,
    /// Between them and PostgreSQL.
    pub proxy: Option<Proxy>,
    /// What a loss of power would leave of their files.
    pub disk: Disk,
    /// What the workers of all sequences were given.
    pub held: RefCell<Held>,
    _place: tempfile::TempDir,
}

/// A gateway's place: it is found here however often it is started anew.
struct Seat {
    config: String,
    address: SocketAddr,
    admin: SocketAddr,
    process: Option<Process>,
}

impl Stage {
    /// A new world with so many gateways, none of which runs yet.
    pub async fn new(backend: Backend, gateways: usize) -> Self {
        let cluster = match backend {
            Backend::Postgres => Some(Arc::new(blocking(Cluster::start_with_faults).await)),
            Backend::Sqlite => None,
        };
        let mut world = World::new(backend, cluster).await;
        let proxy = (backend == Backend::Postgres).then(|| Proxy::before(world.socket().as_ref()));
        proxy.iter().for_each(|proxy| world.behind(proxy));
        world.stop().await;
        let mut seats = Vec::new();
        for number in 1..=gateways {
            let config = if number == 1 { "gateway.toml".to_owned() } else { world.one_more(number) };
            seats.push(Seat { config, address: free_address(), admin: free_address(), process: None });
        }
        for Seat { config, address, admin, .. } in &seats {
            let file = world.dir.join(config);
            let text = std::fs::read_to_string(&file).unwrap();
            let text = text.replacen("127.0.0.1:0", &address.to_string(), 1);
            std::fs::write(&file, text.replacen("127.0.0.1:0", &admin.to_string(), 1)).unwrap();
        }
        let place = tempfile::tempdir().unwrap();
        let mut shim = Shim::new(&world.dir, place.path());
        if backend == Backend::Sqlite {
            shim = shim.with_journal();
        }
        // The world's own gateway has ended; its last thread lets go of the files a moment later.
        tokio::time::sleep(Duration::from_millis(200)).await;
        let disk = Disk::as_it_is(&world.dir);
        Self { world, shim, proxy, disk, held: RefCell::default(), seats, _place: place }
    }

    /// Starts every gateway that does not run, and waits until all record.
    pub async fn start(&mut self) {
        let until = Instant::now() + READY_WITHIN;
        for at in 0..self.seats.len() {
            loop {
                self.tend(at).await;
                let said = ask_admin(self.seats[at].admin, "/readyz").await;
                match said {
                    Some((200, _)) => break,
                    Some((_, text)) if text.starts_with("frozen") => panic!("a gateway froze: {text}"),
                    said => assert!(Instant::now() < until, "a gateway does not recover: {said:?}"),
                }
                self.tend_database().await;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }

    /// Waits until all record again after a fault, as a service manager would help them: who ended is started.
    pub async fn recovers(&mut self, fault: &Fault) {
        self.shim.lift();
        self.world.cluster.iter().for_each(|cluster| cluster.shim().lift());
        eprintln!("  {fault:?}");
        self.tend_database().await;
        self.start().await;
    }

    /// A server that could not recover, from a full disk say, ends; its operator starts it once there is room.
    async fn tend_database(&self) {
        if let Some(cluster) = self.world.cluster.clone() {
            blocking(move || {
                for _ in 0..10 {
                    if cluster.is_running() || cluster.try_resume() {
                        return;
                    }
                    // What is left of the last one must end first.
                    std::thread::sleep(Duration::from_millis(300));
                }
                panic!("PostgreSQL does not start again");
            })
            .await;
        }
    }

    async fn tend(&mut self, at: usize) {
        let seat = &mut self.seats[at];
        if seat.process.as_mut().is_some_and(|process| !process.has_ended()) {
            return;
        }
        let (dir, config, environment) =
            (self.world.dir.clone(), seat.config.clone(), self.shim.environment());
        seat.process = blocking(move || Process::try_start(&dir, &config, &environment)).await;
    }

    /// Starts a gateway whose technical log goes to a full disk.
    pub fn start_unheard(&mut self, at: usize) {
        let environment = self.shim.environment();
        let seat = &mut self.seats[at];
        let places = [seat.address, seat.admin];
        seat.process = Some(Process::start_unheard(&self.world.dir, &seat.config, &environment, places));
    }

    /// Starts a gateway once, whether or not it lives to serve.
    pub async fn try_start(&mut self, at: usize) {
        self.kill(at);
        self.tend(at).await;
    }

    /// What a gateway answers to whether it is ready.
    pub async fn readiness(&self, at: usize) -> Option<(u16, String)> {
        ask_admin(self.seats[at].admin, "/readyz").await
    }

    /// How many gateways there are.
    pub fn gateways(&self) -> usize {
        self.seats.len()
    }

    /// `kill -9`.
    pub fn kill(&mut self, at: usize) {
        self.seats[at].process = None;
    }

    /// Stops a gateway where it stands, or lets it go on.
    pub fn stall(&self, at: usize, stalled: bool) {
        self.seats[at].process.iter().for_each(|process| process.stall(stalled));
    }

    /// `kill -9` of all of them. What is stored now is what there is to go on from.
    pub fn end(&mut self) {
        self.kill_all();
        check::check(self);
        // The check was a process of its own that opened the database, and may have tidied it.
        self.disk = Disk::as_it_is(&self.world.dir);
        if let Some(journal) = self.shim.journal() {
            std::fs::write(journal, []).unwrap();
        }
    }

    /// `kill -9` of all of them.
    pub fn kill_all(&mut self) {
        self.seats.iter_mut().for_each(|seat| seat.process = None);
    }

    /// Whether a gateway ended.
    pub fn has_ended_anywhere(&mut self) -> bool {
        self.seats.iter_mut().any(|seat| seat.process.as_mut().is_none_or(Process::has_ended))
    }

    /// One worker, at each of the gateways.
    pub fn workers(&self) -> Vec<Actor> {
        let worker = |seat: &Seat| {
            let base = format!("https://localhost:{}", seat.address.port());
            Actor::new(&self.world.dir, base, "fallowgate-carat", "fixture-oak", self.world.clock.clone())
        };
        self.seats.iter().map(|seat| worker(seat).unwrap()).collect()
    }

    /// The static log directories of the gateways.
    pub fn directories(&self) -> Vec<PathBuf> {
        let name = |number| if number == 1 { "log".to_owned() } else { format!("log-{number}") };
        (1..=self.seats.len()).map(|number| self.world.dir.join(name(number))).collect()
    }

    /// The files that keep the heads that were signed.
    pub fn head_files(&self) -> Vec<PathBuf> {
        let name = |number| if number == 1 { "head".to_owned() } else { format!("head-{number}") };
        (1..=self.seats.len()).map(|number| self.world.dir.join(name(number))).collect()
    }

    /// The checkpoints that the gateways publish.
    pub fn checkpoints(&self) -> Vec<PathBuf> {
        self.directories().into_iter().map(|directory| directory.join("checkpoint")).collect()
    }

    /// What was held so far; to be put back.
    pub fn take_held(&self) -> Held {
        self.held.take()
    }

    /// What each gateway says of itself.
    pub async fn say(&self) -> String {
        let mut all = String::new();
        for seat in &self.seats {
            all.push_str(&format!("{}: {:?} ", seat.config, ask_admin(seat.admin, "/readyz").await));
        }
        all
    }
}

/// Does blocking work on another thread, so that the workers go on.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}
