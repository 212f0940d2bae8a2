//! Witnesses of a world's log, each with a key, a CA and a memory of its own, and a log that a test writes itself.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use throughgate::clock::SharedClock;
use throughgate::ledger::Hash;
use throughgate::ledger::note::{SigningKey, VerifierKey, WitnessKey};
use throughgate::ledger::proof;
use throughgate::ledger::tree::{Nodes, Tree, leaf_hash};
use throughgate::ledger::witness::{AddCheckpoint, WitnessPolicy};
use throughgate::transport::{ClientFiles, client_config};
use throughgate::witness::init::{HAND_OVER, Plan};
use throughgate::witness::{WitnessConfig, WitnessService};

use super::World;

/// A partner that witnesses.
pub struct Partner {
    pub name: String,
    pub dir: PathBuf,
    pub key: WitnessKey,
    pub url: String,
    service: Option<WitnessService>,
}

impl Partner {
    /// Makes a witness of these logs that does not serve yet.
    pub fn new(home: &Path, name: &str, log_keys: Vec<VerifierKey>, clock: &SharedClock) -> Self {
        let dir = home.join(name);
        let plan = Plan {
            dir: dir.clone(),
            name: format!("{name}.example/witness"),
            log_keys,
            address: free_address(),
            hosts: vec!["localhost".into()],
            gateway: "log-gateway".parse().unwrap(),
        };
        let made = plan.carry_out(clock.as_ref()).unwrap();
        Self { name: name.to_owned(), dir, key: made.key, url: made.url, service: None }
    }

    /// Starts serving, in this process.
    pub fn start(&mut self, clock: &SharedClock) {
        let config = WitnessConfig::load(&self.dir.join("witness.toml")).unwrap();
        self.service = Some(WitnessService::start(&config, clock.clone()).unwrap());
    }

    /// Stops serving.
    pub async fn stop(&mut self) {
        if let Some(service) = self.service.take() {
            service.stop().await;
        }
    }

    /// A client as the log's gateway has one.
    pub fn client(&self, clock: &SharedClock) -> reqwest::Client {
        let hand_over = self.dir.join(HAND_OVER);
        let files = ClientFiles {
            ca: hand_over.join("ca.pem"),
            certificate: hand_over.join("client.pem"),
            key: hand_over.join("client.key"),
        };
        let tls = client_config(&files, clock.clone()).unwrap();
        reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().build().unwrap()
    }

    /// The proofs of forks that it keeps.
    pub fn forks(&self) -> usize {
        std::fs::read_dir(self.dir.join("state/forks")).map_or(0, Iterator::count)
    }
}

/// An address that nobody listens on, and that the system gives to nobody who does not ask for it: who stood there must
/// find it free again when it starts anew.
pub fn free_address() -> SocketAddr {
    loop {
        let [high, low, ..] = *uuid::Uuid::new_v4().as_bytes();
        // Below the ports that connections are given by themselves (32,768 to 60,999).
        let address = SocketAddr::from(([127, 0, 0, 1], 10_000 + u16::from_be_bytes([high, low]) % 20_000));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
}

impl World {
    /// The time of this world, as its services take it.
    pub fn shared_clock(&self) -> SharedClock {
        self.clock.clone()
    }

    /// The public keys of the log.
    pub fn log_keys(&self) -> Vec<VerifierKey> {
        VerifierKey::parse_file(&std::fs::read_to_string(self.dir.join("log.vkey")).unwrap()).unwrap()
    }

    /// Partners that witness this world's log, none of whom serves yet.
    pub fn partners(&self, names: &[&str]) -> Vec<Partner> {
        let home = self.dir.join("partners");
        names.iter().map(|name| Partner::new(&home, name, self.log_keys(), &self.shared_clock())).collect()
    }

    /// Writes witness policy and configuration for the next start of the gateway: so many of these make a quorum.
    pub fn have_witnesses(&self, partners: &[Partner], quorum: usize, more: &str) -> WitnessPolicy {
        let mut policy: String = self.log_keys().iter().map(|key| format!("log {key}\n")).collect();
        let mut config = std::fs::read_to_string(self.dir.join("gateway.toml")).unwrap();
        config.push_str(&format!(
            "\n[witnessing]\npolicy = \"witness.policy\"\ninterval_seconds = 1\n{more}\n"
        ));
        let mut names = String::new();
        for Partner { name, key, url, .. } in partners {
            policy.push_str(&format!("witness {name} {key} {url}\n"));
            names.push_str(&format!(" {name}"));
            let files = format!("partners/{name}/{HAND_OVER}");
            config.push_str(&format!(
                "[witnessing.tls.{name}]\ncertificate = \"{files}/client.pem\"\nkey = \"{files}/client.key\"\n\
                 ca = \"{files}/ca.pem\"\n"
            ));
        }
        policy.push_str(&format!("group partners {quorum}{names}\nquorum partners\n"));
        std::fs::write(self.dir.join("witness.policy"), &policy).unwrap();
        std::fs::write(self.dir.join("gateway.toml"), config).unwrap();
        policy.parse().unwrap()
    }
}

/// A log in memory that a test writes, and could write otherwise.
pub struct PaperLog {
    key: SigningKey,
    leaves: Vec<Hash>,
    tiles: Vec<(u8, u64, Vec<u8>)>,
    roots: Vec<Hash>,
}

impl PaperLog {
    /// A log of this many leaves; `edition` tells one history from another. All editions have one key.
    pub fn new(size: u64, edition: &str) -> Arc<Self> {
        let key = SigningKey::from_seed("paper.example/log", &[7; 32]).unwrap();
        let leaves: Vec<Hash> = (0..size).map(|n| leaf_hash(format!("{edition}{n}").as_bytes())).collect();
        let (mut tree, mut tiles) = (Tree::new(), Vec::new());
        let mut roots = vec![tree.root()];
        for leaf in &leaves {
            let full = tree.append(&[*leaf]).tiles;
            tiles.extend(full.into_iter().map(|tile| (tile.level, tile.index, tile.hashes)));
            roots.push(tree.root());
        }
        Arc::new(Self { key, leaves, tiles, roots })
    }

    pub fn keys(&self) -> Vec<VerifierKey> {
        vec![self.key.verifier()]
    }

    pub fn root(&self, size: u64) -> Hash {
        self.roots[usize::try_from(size).unwrap()]
    }

    /// The signed checkpoint of a size.
    pub fn checkpoint(&self, size: u64) -> String {
        self.key.sign(&self.key.checkpoint(size, self.root(size)))
    }

    /// The body of a true request.
    pub fn body(&self, old: u64, size: u64) -> String {
        let proof = proof::consistency(old, size, self).unwrap();
        AddCheckpoint { old, proof, checkpoint: self.checkpoint(size) }.print()
    }
}

impl Nodes for PaperLog {
    type Error = ();

    fn full_tile(&self, level: u8, index: u64) -> Result<Vec<u8>, ()> {
        let found = self.tiles.iter().find(|(at, n, _)| (*at, *n) == (level, index));
        found.map(|(.., hashes)| hashes.clone()).ok_or(())
    }

    fn leaf_hashes(&self, range: std::ops::Range<u64>) -> Result<Vec<Hash>, ()> {
        let at = |index: u64| usize::try_from(index).unwrap();
        self.leaves.get(at(range.start)..at(range.end)).map(<[Hash]>::to_vec).ok_or(())
    }
}
