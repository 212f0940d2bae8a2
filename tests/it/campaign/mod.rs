//! The crash campaign: faults of every kind below, under and beside gateways at work, and one checker after each sequence.
//!
//! A campaign goes from world to world and from sequence to sequence: gateways start, workers write and read, faults happen one
//! after the other, the workers find out what became of everything that they asked for, and then [`check`] holds what they were
//! given against what is stored. `THROUGHGATE_ROUNDS` says how many faults, `THROUGHGATE_SEED` which (each failure tells its own).

mod check;
mod clients;
mod fault;
mod held;
mod power;
mod random;
mod stage;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

pub use check::kept_by;
pub use fault::Fault;
pub use random::Random;
pub use stage::Stage;

use crate::support::{Backend, rounds};
use clients::Clients;

/// Faults of one sequence, between two checks.
const FAULTS_A_SEQUENCE: usize = 5;
/// Sequences of one world: what they leave behind is read again after each.
const SEQUENCES_A_WORLD: usize = 6;
const WORKERS: usize = 5;

/// What a campaign does.
#[derive(Debug)]
pub struct Campaign {
    pub name: &'static str,
    pub backend: Backend,
    /// How many gateways write to the one log.
    pub gateways: usize,
    /// Draws a fault.
    pub draw: fn(&mut Random) -> Fault,
    /// How many faults usually.
    pub usually: usize,
}

impl Campaign {
    /// Makes so many faults that were felt, and checks after each sequence.
    pub fn run(&self) {
        let seed = std::env::var("THROUGHGATE_SEED")
            .map_or_else(|_| Random::seed(), |text| text.parse().expect("THROUGHGATE_SEED is a number"));
        eprintln!("{}: THROUGHGATE_SEED={seed} makes the same faults again", self.name);
        actix_web::rt::System::new().block_on(self.all(seed));
    }

    async fn all(&self, seed: u64) {
        let (mut random, wanted) = (Random::new(seed), rounds(self.usually));
        let (mut felt, mut tries) = (0, 0);
        while felt < wanted {
            let mut made = BTreeMap::new();
            let mut stage = Stage::new(self.backend, self.gateways).await;
            for _ in 0..SEQUENCES_A_WORLD {
                stage.start().await;
                let clients = Clients::start(&stage, &mut random, WORKERS);
                for _ in 0..FAULTS_A_SEQUENCE.min(wanted - felt) {
                    let fault = (self.draw)(&mut random);
                    tries += 1;
                    assert!(tries < 20 * wanted + 100, "of {tries} faults {felt} were felt");
                    if fault.happen(&mut stage, &mut random).await {
                        *made.entry(fault.kind()).or_default() += 1;
                        felt += 1;
                    }
                    stage.recovers(&fault).await;
                }
                stage.held = clients.finish(&stage).await;
                stage.end();
                if felt == wanted {
                    break;
                }
            }
            stage.start().await;
            check::published(&stage).await;
            tell(self.name, Some(seed), &made);
        }
    }
}

/// Keeps what was done beside the build, for `./dev campaign` to sum up.
pub fn tell(name: &str, seed: Option<u64>, made: &BTreeMap<&'static str, usize>) {
    let line = serde_json::json!({"campaign": name, "seed": seed, "faults": made});
    eprintln!("{line}");
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("campaign.jsonl");
    let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
    writeln!(file.unwrap(), "{line}").unwrap();
}
