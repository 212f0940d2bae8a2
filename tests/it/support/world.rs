//! One gateway with its partnership, running in the test's own process, and the workers who use it.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use throughgate::certificates::{Authority, write_new_secret};
use throughgate::clock::{Clock as _, SharedClock};
use throughgate::config::Config;
use throughgate::demo::actor::Actor;
use throughgate::demo::partnership::Plan;
use throughgate::directory::Agency;
use throughgate::domain::operator::{ActivatePolicies, EnrolAgency};
use throughgate::gateway::Gateway;
use throughgate::id::Handle;
use throughgate::journal::Journal;
use throughgate::journal::call::Call;
use throughgate::journal::health::State;
use throughgate::journal::outcome::Stop;
use throughgate::ledger::note::SigningKey;

use super::clock::ShiftedClock;
use super::postgres::Cluster;
use super::proxy::Proxy;
use super::sources::repository;
use super::template;

/// What a new world's configuration says of connections.
const UNBOUND_CONNECTIONS: &str = "connections_a_certificate = 0";

/// Which store a story is told on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// A gateway, its partnership, and time.
pub struct World {
    pub dir: PathBuf,
    pub address: SocketAddr,
    pub admin: SocketAddr,
    pub journal: Journal,
    pub clock: Arc<ShiftedClock>,
    pub database: String,
    pub backend: Backend,
    pub cluster: Option<Arc<Cluster>>,
    gateway: Option<Gateway>,
    _home: tempfile::TempDir,
}

impl World {
    /// Tells a story in a new world.
    pub fn tell<F, Fut>(backend: Backend, story: F)
    where
        F: FnOnce(World) -> Fut,
        Fut: Future<Output = ()>,
    {
        actix_web::rt::System::new().block_on(async {
            let cluster = (backend == Backend::Postgres).then(|| Arc::new(Cluster::get()));
            story(World::new(backend, cluster).await).await;
        });
    }

    /// Tells a story in a new world in which it is this moment.
    pub fn tell_at<F, Fut>(backend: Backend, moment: &str, story: F)
    where
        F: FnOnce(World) -> Fut,
        Fut: Future<Output = ()>,
    {
        actix_web::rt::System::new().block_on(async {
            let cluster = (backend == Backend::Postgres).then(|| Arc::new(Cluster::get()));
            let clock = ShiftedClock::at(moment.parse().unwrap());
            story(World::at(clock, backend, cluster).await).await;
        });
    }

    /// Tells a story on PostgreSQL with a cluster of its own, which it may stop.
    pub fn tell_on_own_cluster<F, Fut>(story: F)
    where
        F: FnOnce(World) -> Fut,
        Fut: Future<Output = ()>,
    {
        actix_web::rt::System::new().block_on(async {
            let cluster = Some(Arc::new(Cluster::start()));
            story(World::new(Backend::Postgres, cluster).await).await;
        });
    }

    /// A new world of today; on PostgreSQL, in this cluster.
    pub async fn new(backend: Backend, cluster: Option<Arc<Cluster>>) -> Self {
        let home = tempfile::tempdir().unwrap();
        let clock = Arc::new(ShiftedClock::default());
        let database = match template::copy(&place(&home), backend, cluster.as_deref()).await {
            Some(database) => database,
            None => make(&place(&home), cluster.as_deref(), clock.clone()).await,
        };
        Self::start(home, clock, backend, cluster, database).await
    }

    /// A new world in which it is another time.
    async fn at(clock: ShiftedClock, backend: Backend, cluster: Option<Arc<Cluster>>) -> Self {
        let home = tempfile::tempdir().unwrap();
        let clock = Arc::new(clock);
        let database = make(&place(&home), cluster.as_deref(), clock.clone()).await;
        Self::start(home, clock, backend, cluster, database).await
    }

    pub(super) async fn start(
        home: tempfile::TempDir,
        clock: Arc<ShiftedClock>,
        backend: Backend,
        cluster: Option<Arc<Cluster>>,
        database: String,
    ) -> Self {
        let dir = place(&home);
        set_rates(&dir, 0, 0);
        let config = Config::load(&dir.join("gateway.toml")).unwrap();
        let gateway = Gateway::start(&config, clock.clone()).unwrap();
        let world = Self {
            dir,
            address: gateway.address,
            admin: gateway.admin,
            journal: gateway.journal.clone(),
            clock,
            database,
            backend,
            cluster,
            gateway: Some(gateway),
            _home: home,
        };
        world.ready().await;
        world
    }

    /// Waits until the gateway can record.
    pub async fn ready(&self) {
        for _ in 0..500 {
            if self.journal.health().state() == State::Ready {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the gateway did not become ready: {:?}", self.journal.health().state());
    }

    /// Bounds what a worker and an agency may ask in a minute, from the next start on. In a new world nothing is bounded.
    pub fn bound(&self, worker_a_minute: u32, agency_a_minute: u32) {
        set_rates(&self.dir, worker_a_minute, agency_a_minute);
    }

    /// Bounds how many connections a certificate may have at once, from the next start on.
    pub fn bound_connections(&self, a_certificate: usize) {
        let file = self.dir.join("gateway.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        let (before, after) = text.split_once(UNBOUND_CONNECTIONS).unwrap();
        std::fs::write(&file, format!("{before}connections_a_certificate = {a_certificate}{after}")).unwrap();
    }

    /// Bounds how many caseload checks a worker and an agency may ask in a day, from the next start on.
    pub fn bound_checks(&self, worker_a_day: u32, agency_a_day: u32) {
        // The section of the limits is the last one.
        let mut file = OpenOptions::new().append(true).open(self.dir.join("gateway.toml")).unwrap();
        writeln!(file, "checks_worker_a_day = {worker_a_day}\nchecks_agency_a_day = {agency_a_day}").unwrap();
    }

    /// Bounds at how many people a worker and an agency may look in a day, from the next start on.
    pub fn bound_looks(&self, worker_a_day: u32, agency_a_day: u32) {
        let mut file = OpenOptions::new().append(true).open(self.dir.join("gateway.toml")).unwrap();
        writeln!(file, "looks_worker_a_day = {worker_a_day}\nlooks_agency_a_day = {agency_a_day}").unwrap();
    }

    /// Lets so many days pass, over which the operator renews the revocation list. Workers are made anew: the port has changed.
    pub async fn later(&mut self, days: i64) {
        self.clock.advance(days * 86_400);
        let mut ours = Authority::load(&self.dir.join("ca")).unwrap();
        ours.write_crl(self.clock.now()).unwrap();
        self.restart().await;
    }

    /// Starts the gateway anew with its own policies and these files of `policies/` beside them, signed, and makes that set the active
    /// one, as an operator does. Workers are made anew: the port has changed.
    pub async fn with_policies(&mut self, more: &[&str]) {
        self.lay_out_policies(more);
        self.sign_policies(&[]);
        self.restart().await;
        assert!(self.activate_policies().await.is_ok());
    }

    /// Makes the set that the gateway runs the active one.
    pub async fn activate_policies(&self) -> Result<(), Stop> {
        let activate = ActivatePolicies::of(&self.journal);
        self.journal.record(activate.call(&self.journal), activate).await.map(drop)
    }

    /// Signs the policies of the world's folder, as an operator does.
    pub fn sign_policies(&self, more: &[&str]) -> String {
        let signed = Command::new(env!("CARGO_BIN_EXE_throughgate"))
            .args(["policy", "sign", "policies", "--key", "keys/policies.key"])
            .args(more)
            .current_dir(&self.dir)
            .output()
            .unwrap();
        assert!(signed.status.success(), "{}", String::from_utf8_lossy(&signed.stderr));
        String::from_utf8(signed.stdout).unwrap()
    }

    /// Puts the gateway's own policies and these files beside them into a folder of the world's, which it runs from the next start on.
    pub fn lay_out_policies(&self, more: &[&str]) {
        let (ours, theirs) = (repository("policies"), self.dir.join("policies"));
        std::fs::create_dir_all(&theirs).unwrap();
        let embedded = std::fs::read_dir(&ours).unwrap().map(|entry| entry.unwrap().path());
        let cedar = embedded.filter(|path| path.extension().is_some_and(|extension| extension == "cedar"));
        for file in cedar.chain(more.iter().map(|name| ours.join(name))) {
            std::fs::copy(&file, theirs.join(file.file_name().unwrap())).unwrap();
        }
        let file = self.dir.join("gateway.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        let named = "policies = \"policies\"\npolicies_key = \"keys/policies.key.vkey\"\n";
        std::fs::write(&file, format!("{named}{text}")).unwrap();
    }

    /// Changes what the directory says of an agency, as its operator does.
    pub async fn enrol_again(&self, agency: &str, change: impl FnOnce(&mut Agency)) {
        let directory = self.journal.directory_refreshed().await.unwrap();
        let mut agency = Agency::clone(directory.agency(&agency.parse().unwrap()).unwrap());
        change(&mut agency);
        let call = Call::system("enrol_agency", directory.epoch());
        assert!(self.journal.record(call, EnrolAgency(agency)).await.is_ok());
    }

    /// Lets the gateway reach PostgreSQL through a proxy, from the next start on.
    pub fn behind(&self, proxy: &Proxy) {
        let file = self.dir.join("gateway.toml");
        let through = self.database.replace(&self.socket(), &proxy.folder().display().to_string());
        let text = std::fs::read_to_string(&file).unwrap().replace(&self.database, &through);
        std::fs::write(&file, text).unwrap();
    }

    /// The folder of PostgreSQL's socket.
    pub fn socket(&self) -> String {
        let after = self.database.split("host=").nth(1).expect("a world on PostgreSQL");
        after.split('&').next().unwrap().to_owned()
    }

    /// Stops the gateway, and starts it again from the same files.
    pub async fn restart(&mut self) {
        self.stop().await;
        self.start_anyhow();
        self.ready().await;
    }

    /// Starts a stopped gateway, whether or not it becomes ready.
    pub fn start_anyhow(&mut self) {
        let config = Config::load(&self.dir.join("gateway.toml")).unwrap();
        let gateway = Gateway::start(&config, self.clock.clone()).unwrap();
        self.address = gateway.address;
        self.admin = gateway.admin;
        self.journal = gateway.journal.clone();
        self.gateway = Some(gateway);
    }

    /// Stops the gateway.
    pub async fn stop(&mut self) {
        if let Some(gateway) = self.gateway.take() {
            gateway.stop().await;
        }
    }

    /// A worker at an agency's own system.
    pub fn worker(&self, agency: &str, worker: &str) -> Actor {
        Actor::new(&self.dir, self.base(), agency, worker, self.clock.clone()).unwrap()
    }

    /// The gateway's base URI.
    pub fn base(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }

    /// The partnership's folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// What the admin port answers.
    pub async fn admin(&self, path: &str) -> (u16, String) {
        ask_admin(self.admin, path).await.unwrap()
    }

    /// Makes the configuration of one more gateway of the world's partnership, with a key of its own under the log's one name,
    /// and answers the name of its file.
    pub fn one_more(&self, number: usize) -> String {
        let vkeys = std::fs::read_to_string(self.dir.join("log.vkey")).unwrap();
        let key = SigningKey::generate(vkeys.split('+').next().unwrap()).unwrap();
        write_new_secret(&self.dir.join(format!("keys/log-{number}.key")), &key.to_text()).unwrap();
        let mut file = OpenOptions::new().append(true).open(self.dir.join("log.vkey")).unwrap();
        writeln!(file, "{}", key.verifier()).unwrap();
        let config = std::fs::read_to_string(self.dir.join("gateway.toml"))
            .unwrap()
            .replace("keys/log.key", &format!("keys/log-{number}.key"))
            .replace("\"gateway-1\"", &format!("\"gateway-{number}\""))
            .replace("\"log\"", &format!("\"log-{number}\""))
            .replace("\"head\"", &format!("\"head-{number}\""));
        let name = format!("gateway-{number}.toml");
        std::fs::write(self.dir.join(&name), config).unwrap();
        name
    }

    /// A person as this worker's client.
    pub async fn client(&self, worker: &Actor, forename: &str, surname: &str) -> Handle {
        let person = invented(forename, surname);
        let answer = worker.post("/v1/clients", person).send().await.unwrap();
        assert_eq!(answer.status, 201, "{}", answer.json);
        answer.handle("client_ref").unwrap()
    }
}

/// An invented person as she is presented, with a date of birth for each name: people of like names and one date of birth would be
/// one.
pub fn invented(forename: &str, surname: &str) -> Value {
    let sum = surname
        .bytes()
        .chain(forename.bytes())
        .fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    let born = format!("{}-{:02}-{:02}", 1950 + sum % 50, 1 + sum / 50 % 12, 1 + sum / 600 % 28);
    json!({"person": {
        "names": [{"kind": "legal", "forename": forename, "surname": surname}],
        "date_of_birth": born, "sex": "female",
    }})
}

/// What an admin port answers, if anybody does.
pub async fn ask_admin(address: SocketAddr, path: &str) -> Option<(u16, String)> {
    let client = reqwest::Client::builder().no_proxy().tls_backend_preconfigured(no_tls()).build().unwrap();
    let answer = client.get(format!("http://{address}{path}")).send().await.ok()?;
    Some((answer.status().as_u16(), answer.text().await.ok()?))
}

/// The admin port speaks plain HTTP; the client wants some TLS set up all the same.
fn no_tls() -> rustls::ClientConfig {
    rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth()
}

/// The partnership's folder.
pub fn place(home: &tempfile::TempDir) -> PathBuf {
    home.path().join("partnership")
}

/// Makes a partnership, and answers the URL of its database.
async fn make(dir: &Path, cluster: Option<&Cluster>, clock: SharedClock) -> String {
    let database = cluster.map_or_else(|| template::SQLITE.to_owned(), Cluster::database);
    let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
    let plan = Plan { dir: dir.to_owned(), address: any, admin: any, database: Some(database.clone()) };
    plan.carry_out(clock).await.unwrap();
    database
}

/// Writes the last section of the configuration anew.
fn set_rates(dir: &Path, worker_a_minute: u32, agency_a_minute: u32) {
    let file = dir.join("gateway.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let rest = text.split("\n[limits]").next().unwrap();
    let limits = format!(
        "\n[limits]\n{UNBOUND_CONNECTIONS}\nworker_a_minute = {worker_a_minute}\nagency_a_minute = {agency_a_minute}\n"
    );
    std::fs::write(&file, rest.to_owned() + &limits).unwrap();
}
