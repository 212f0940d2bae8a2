//! Invariant 6: Any single-bit change, delete, swap, insert or truncation before the last cosigned size makes `verify` fail.

mod corpus;
mod exports;
pub(super) mod tables;

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use serde_json::json;
use throughgate::api::summary::WriteSummary;
use throughgate::cli::verify_store::{self, VerifyStoreArgs};
use throughgate::demo::actor::Actor;
use throughgate::id::Handle;
use throughgate::journal::call::Call;
use throughgate::ledger::note::claimed_head;
use throughgate::vocabulary::Purpose;

use crate::support::{Partner, World};

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: VerifyStoreArgs,
}

/// `throughgate verify-store` on a world.
pub fn verify_store(world: &World) -> ExitCode {
    let config = world.dir.join("gateway.toml");
    let line = Line::parse_from(["verify-store", "--config", &config.display().to_string()]);
    verify_store::run(&line.args)
}

/// A generator whose whole run follows from its seed (splitmix64).
pub(super) struct Dice(u64);

impl Dice {
    /// With the seed of `THROUGHGATE_SEED`, or another each time; it is printed, so that a run can be had again.
    pub(super) fn new(what: &str) -> Self {
        let random = || u64::from_be_bytes(uuid::Uuid::new_v4().as_bytes()[..8].try_into().unwrap());
        let seed = std::env::var("THROUGHGATE_SEED").map_or_else(|_| random(), |text| text.parse().unwrap());
        eprintln!("{what}: THROUGHGATE_SEED={seed}");
        Self(seed)
    }

    pub(super) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }
}

/// A gateway with two witnesses, both of whom a quorum needs, stopped before it did anything.
async fn witnessed(world: &mut World) -> Vec<Partner> {
    world.stop().await;
    let mut partners = world.partners(&["probation", "police"]);
    world.have_witnesses(&partners, 2, "");
    for partner in &mut partners {
        partner.start(&world.shared_clock());
    }
    world.start_anyhow();
    world.ready().await;
    partners
}

/// Waits until a quorum has cosigned everything that is recorded.
async fn all_cosigned(world: &World) {
    for _ in 0..600 {
        let size = |note: &str| claimed_head(note).unwrap().size;
        let shown = world.journal.shown_checkpoint().map(|note| size(&note));
        if shown == world.journal.checkpoint().map(|note| size(&note))
            && world.journal.unwitnessed_age().is_zero()
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("no quorum cosigned everything");
}

async fn stop(world: &mut World, partners: &mut [Partner]) {
    world.stop().await;
    for partner in partners {
        partner.stop().await;
    }
}

/// Entries about nobody, the quickest to make.
async fn summaries(world: &World, count: usize) {
    for _ in 0..count {
        let call = Call::system("write_summary", world.journal.directory().epoch());
        assert!(world.journal.record(call, WriteSummary).await.is_ok());
    }
}

async fn read(worker: &Actor, client_ref: Handle) {
    let read = worker.get(format!("/v1/clients/{client_ref}")).about(client_ref).send().await.unwrap();
    assert_eq!(read.status, 200, "{}", read.json);
}

/// Erases what the agency holds of a client.
async fn erase(world: &World, agency: &str, officer: &str, client_ref: Handle) {
    let officer = world.worker(agency, officer);
    let holds = officer.get(format!("/v1/clients/{client_ref}/holds")).about(client_ref);
    let holds = holds.purpose(Purpose::SubjectAccess).send().await.unwrap();
    let order = json!({"authority": "consent-withdrawn", "reason": "asked for at the office, form 12"});
    let erased = officer
        .post(format!("/v1/clients/{client_ref}/erasure"), order)
        .about(client_ref)
        .purpose(Purpose::SubjectAccess)
        .if_match(holds.etag())
        .send()
        .await
        .unwrap();
    assert_eq!(erased.status, 200, "{}", erased.json);
}

/// Something of everything that the log's tables can hold: people at two agencies, one of them erased at one, refusals, a full tile,
/// checkpoints of several sizes with cosignatures.
async fn history(world: &World) {
    let carat = world.worker("fallowgate-carat", "fixture-oak");
    let lantern = world.worker("lantern", "ms-placeholder");
    let stays = world.client(&carat, "Testa", "Alder").await;
    let goes = world.client(&carat, "Fixture", "Cedar").await;
    let elsewhere = world.client(&lantern, "Fixture", "Cedar").await;
    all_cosigned(world).await;
    for (worker, client_ref) in [(&carat, stays), (&carat, goes), (&lantern, elsewhere)] {
        read(worker, client_ref).await;
    }
    assert_eq!(carat.get("/nowhere").send().await.unwrap().status, 404);
    erase(world, "fallowgate-carat", "fixture-maple", goes).await;
    world.clock.advance(120);
    all_cosigned(world).await;
    summaries(world, 260).await;
    world.clock.advance(120);
    all_cosigned(world).await;
    read(&carat, stays).await;
    all_cosigned(world).await;
}

/// The files of a folder, by their paths in it.
fn files(root: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let (mut found, mut folders) = (std::collections::BTreeMap::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    found
}
