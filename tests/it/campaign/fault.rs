//! The kinds of faults, how each is drawn and how it happens.

use std::time::{Duration, Instant};

use super::Random;
use super::stage::{Stage, blocking};
use crate::support::shim::{Blow, Shim, Strike, calls};

/// How long a fault may wait for somebody to feel it.
const PATIENCE: Duration = Duration::from_millis(700);
/// How long what lasts goes on once it was felt.
const LASTS: Duration = Duration::from_millis(300);
const LOOK: Duration = Duration::from_millis(5);

/// Files of the gateways, by what their paths have in them; all of them under SQLite.
const OWN_FILES: [&str; 5] = ["", "gateway.db", "gateway.db-wal", "/head", "/log"];
/// Files of PostgreSQL.
const SERVER_FILES: [&str; 4] = ["", "/base/", "/pg_wal/", "/pg_xact/"];

/// One fault.
#[derive(Debug, Clone, Copy)]
pub enum Fault {
    /// `kill -9` of a gateway at any moment.
    Kill,
    /// A gateway stops where it stands, whatever it holds, and goes on later.
    Stall,
    /// Calls of the gateways on their own files fail, are cut short, or are a gateway's last.
    Own(Strike<'static>),
    /// The same below PostgreSQL.
    Server(Strike<'static>),
    /// The connection ends when COMMIT was sent.
    CutAtCommit,
    /// `kill -9` of a process of PostgreSQL, which then restarts all the others.
    KillBackend,
    /// PostgreSQL ends at once, and is started again.
    Crash,
    /// PostgreSQL hangs, and goes on.
    Hang,
    /// PostgreSQL takes no writes for a while.
    ReadOnly,
    /// The machine loses its power: what was not synced is gone, or a part of it.
    PowerLoss,
}

impl Fault {
    /// What it is counted as.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Kill => "kill -9",
            Self::Stall => "gateway stalled",
            Self::Own(strike) => {
                kind_of(strike, ["died at a call", "disk full", "I/O error", "read-only", "short write"])
            }
            Self::Server(strike) => kind_of(
                strike,
                [
                    "PostgreSQL died at a call",
                    "disk full below PostgreSQL",
                    "I/O error below PostgreSQL",
                    "read-only below PostgreSQL",
                    "short write below PostgreSQL",
                ],
            ),
            Self::CutAtCommit => "cut when COMMIT was sent",
            Self::KillBackend => "kill -9 of a backend",
            Self::Crash => "PostgreSQL ended",
            Self::Hang => "PostgreSQL hung",
            Self::ReadOnly => "PostgreSQL read-only",
            Self::PowerLoss => "power lost",
        }
    }

    /// Something below a gateway and its files.
    pub fn below(random: &mut Random) -> Self {
        Self::Own(strike(random, &OWN_FILES))
    }

    /// A gateway dies at a call on one of its files.
    pub fn crash_point(random: &mut Random) -> Self {
        Self::Own(death(random, &OWN_FILES))
    }

    /// A gateway dies when a sync has failed; what the system still shows of it is not on the disk, and never will be.
    pub fn failed_sync(random: &mut Random) -> Self {
        let part = random.of(&["gateway.db", "gateway.db-wal", "gateway.db-wal", "/head"]);
        let skip = random.below(6);
        Self::Own(Strike { blow: Blow::DieUnsynced, calls: calls::SYNC, part, skip, times: Some(1) })
    }

    /// Something below PostgreSQL.
    pub fn below_the_server(random: &mut Random) -> Self {
        if random.below(4) == 0 {
            return Self::Server(death(random, &SERVER_FILES));
        }
        let mut strike = strike(random, &SERVER_FILES);
        if strike.calls & calls::READ != 0 {
            // PostgreSQL takes a part of its own log that it cannot read for the end of it, and forgets what it had confirmed.
            strike.part = "/base/";
        }
        Self::Server(strike)
    }

    /// Makes it; whether anybody felt it.
    pub async fn happen(&self, stage: &mut Stage, random: &mut Random) -> bool {
        // So that it meets different moments.
        tokio::time::sleep(Duration::from_millis(u64::from(random.below(60)))).await;
        let cluster = stage.world.cluster.clone();
        let cluster = || cluster.clone().expect("a fault of PostgreSQL, on PostgreSQL");
        match self {
            Self::Kill => {
                let gateways = u32::try_from(stage.gateways()).unwrap();
                stage.kill(random.below(gateways) as usize);
                true
            }
            Self::Stall => {
                let at = random.below(u32::try_from(stage.gateways()).unwrap()) as usize;
                stage.stall(at, true);
                tokio::time::sleep(Duration::from_millis(300 + u64::from(random.below(2_200)))).await;
                stage.stall(at, false);
                true
            }
            Self::Own(strike) => {
                let felt = strikes(&stage.shim, strike).await;
                while felt && strike.blow.kills() && !stage.has_ended_anywhere() {
                    tokio::time::sleep(LOOK).await;
                }
                felt
            }
            Self::Server(strike) => strikes(cluster().shim(), strike).await,
            Self::CutAtCommit => {
                stage.proxy.as_ref().expect("a proxy before PostgreSQL").cut().await;
                true
            }
            Self::KillBackend => {
                let cluster = cluster();
                blocking(move || cluster.kill_a_backend()).await
            }
            Self::Crash => {
                let (ending, starting) = (cluster(), cluster());
                blocking(move || ending.stop()).await;
                blocking(move || starting.resume()).await;
                true
            }
            Self::Hang => {
                let cluster = cluster();
                cluster.freeze(true);
                tokio::time::sleep(Duration::from_millis(500 + u64::from(random.below(2_500)))).await;
                cluster.freeze(false);
                true
            }
            Self::ReadOnly => {
                let cluster = cluster();
                for setting in ["on", "off"] {
                    let cluster = cluster.clone();
                    blocking(move || cluster.set("default_transaction_read_only", setting)).await;
                    tokio::time::sleep(LASTS).await;
                }
                true
            }
            Self::PowerLoss => {
                stage.kill_all();
                let journal = stage.shim.journal().expect("a journal of what was synced").to_owned();
                stage.disk.lose_power(&journal, random);
                true
            }
        }
    }
}

fn kind_of(strike: &Strike<'_>, [death, full, error, read_only, short]: [&'static str; 5]) -> &'static str {
    match strike.blow {
        Blow::DieBefore | Blow::DieWithin | Blow::DieAfter | Blow::DieUnsynced => death,
        Blow::DiskFull | Blow::QuotaUsedUp => full,
        Blow::IoError | Blow::TooManyFiles => error,
        Blow::ReadOnly | Blow::Forbidden => read_only,
        Blow::Short => short,
    }
}

fn strike(random: &mut Random, files: &[&'static str]) -> Strike<'static> {
    let (blow, calls) = random.of(&[
        (Blow::DiskFull, calls::ROOM),
        (Blow::DiskFull, calls::WRITE),
        (Blow::QuotaUsedUp, calls::ROOM),
        (Blow::IoError, calls::WRITE),
        (Blow::IoError, calls::SYNC),
        (Blow::IoError, calls::SYNC),
        (Blow::IoError, calls::READ),
        (Blow::IoError, calls::CHANGE | calls::SYNC | calls::READ),
        (Blow::ReadOnly, calls::CHANGE),
        (Blow::Forbidden, calls::OPEN),
        (Blow::TooManyFiles, calls::OPEN),
        (Blow::Short, calls::WRITE),
    ]);
    let times = random.of(&[Some(1), Some(1), Some(3), None]);
    Strike { blow, calls, part: random.of(files), skip: random.below(6), times }
}

fn death(random: &mut Random, files: &[&'static str]) -> Strike<'static> {
    let blow = random.of(&[Blow::DieBefore, Blow::DieWithin, Blow::DieAfter]);
    let calls = random.of(&[calls::WRITE, calls::SYNC, calls::CHANGE | calls::SYNC]);
    Strike { blow, calls, part: random.of(files), skip: random.below(30), times: Some(1) }
}

/// Strikes until all of it was felt, or it lasted, or nobody comes; whether anybody felt it.
async fn strikes(shim: &Shim, strike: &Strike<'_>) -> bool {
    shim.strike(strike);
    let began = Instant::now();
    let mut first = None;
    while began.elapsed() < PATIENCE {
        let hits = shim.hits();
        if hits > 0 {
            let since = *first.get_or_insert_with(Instant::now);
            let all = strike.times.is_some_and(|times| hits >= u64::from(times));
            if all || since.elapsed() > LASTS {
                break;
            }
        }
        tokio::time::sleep(LOOK).await;
    }
    shim.lift();
    shim.hits() > 0
}
