//! One batch of the log: lock the head, compare epochs, append, commit. Either all of it is durable or none.

use std::collections::{BTreeMap, BTreeSet};

use super::road::Reply;
use crate::clock::SharedClock;
use crate::crypto::Token;
use crate::ledger::tree::{Appended, Tree};
use crate::policy::facts::Epoch;
use crate::store::backend::AnyConnection;
use crate::store::budget::Spend;
use crate::store::head::{self, Head};
use crate::store::log::{self, EntryRow, StoredNodes};
use crate::store::log_number::LogNumber;
use crate::store::recovery::Recovery;
use crate::store::replay::{self, GuardRow};
use crate::store::write::Prepared;
use crate::store::{Error, budget, epoch};

/// Why a gateway whose key is that of a closed log cannot go on.
pub(super) const CLOSED: &str = "the log of this gateway's signing key was closed by a recovery; `throughgate recover --config \
    FILE` makes this host follow";

/// An entry on its way into the log, with what must still hold when it gets there.
pub(super) struct Job {
    /// The entry.
    pub(super) entry: EntryRow,
    /// What the decision rested on; for a refusal only that the person was not erased meanwhile.
    pub(super) epochs: Vec<Epoch>,
    /// When the decision ends by itself, in microseconds since the epoch.
    pub(super) valid_until_us: Option<i64>,
    /// Guards that must be free, and are taken with the entry.
    pub(super) guards: Vec<GuardRow>,
    /// What a command writes.
    pub(super) change: Option<Prepared>,
    /// Where the verdict goes.
    pub(super) reply: Reply,
}

/// How a batch ended.
pub(super) struct Committed {
    /// The tree with the batch in it.
    pub(super) tree: Tree,
    /// The new nodes, for the proofs. `None` when no job was admitted.
    pub(super) appended: Option<Appended>,
    /// For each job, in order, its index in the log or why it is not there.
    pub(super) fates: Vec<Fate>,
}

/// What became of one job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is in the log, at this index.
    Recorded(u64),
    /// What it rested on has changed; it must be decided again.
    Stale,
    /// A guard was taken already.
    GuardTaken,
}

/// Why a batch failed.
pub(super) enum Failed {
    /// The head of the log in the database does not continue the one that was last signed.
    Diverged(&'static str),
    /// The database failed before COMMIT was sent: nothing happened.
    Before(Error),
    /// COMMIT was sent and did not answer: it may have happened.
    Unknown(Error),
    /// What is to be signed cannot be kept outside the database.
    Unkept(std::io::Error),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Before(error)
    }
}

/// Appends the jobs that still hold, in one transaction, and with them those that `joining` adds once the head is locked: another
/// process may have held it for a while.
pub(super) fn commit(
    connection: &mut AnyConnection,
    log: LogNumber,
    tree: &Tree,
    jobs: &mut Vec<Job>,
    joining: impl FnOnce(&mut Vec<Job>),
    clock: &SharedClock,
) -> Result<Committed, Failed> {
    connection.begin_batch().map_err(Error::from)?;
    let locked = head::head_lock(connection).map_err(Failed::from);
    let appended = locked.and_then(|head| {
        joining(jobs);
        // Only now: what ended while the lock was waited for has ended.
        append(connection, log, tree, head, jobs, clock.now().as_microsecond())
    });
    match appended {
        Ok(committed) => {
            connection.commit().map_err(|error| Failed::Unknown(error.into()))?;
            Ok(committed)
        }
        Err(failed) => {
            // The connection is dropped by the caller after a failure, so a failed rollback leaves nothing behind.
            if connection.rollback().is_err() {
                tracing::debug!("a batch could not be rolled back; its connection is given up");
            }
            Err(failed)
        }
    }
}

fn append(
    connection: &mut AnyConnection,
    log: LogNumber,
    tree: &Tree,
    mut head: Head,
    jobs: &[Job],
    now_us: i64,
) -> Result<Committed, Failed> {
    let mut tree = tree.clone();
    if let Some(recovery) = recovery_among(jobs) {
        head = recovery.apply(connection)?;
    }
    tree = catch_up(connection, log, tree, &head)?;
    // Only now, with the head locked, are the epochs read: in the locking statement they could be stale.
    let scopes: BTreeSet<&[u8]> = jobs
        .iter()
        .flat_map(|job| job.epochs.iter().chain(job.change.iter().flat_map(|change| &change.rests_on)))
        .map(|epoch| epoch.scope.as_slice())
        .collect();
    let scopes: Vec<&[u8]> = scopes.into_iter().collect();
    let mut current = epoch::load(connection, &scopes)?;
    let spends = jobs.iter().flat_map(|job| job.change.iter().flat_map(|change| &change.spends));
    let mut spent = budget::load(connection, spends)?;

    let guards: Vec<crate::crypto::Token> = jobs
        .iter()
        .flat_map(|job| &job.guards)
        .filter_map(|row| row.guard.as_slice().try_into().ok())
        .collect();
    let mut taken: BTreeSet<Vec<u8>> = if guards.is_empty() {
        BTreeSet::new()
    } else {
        replay::taken(connection, &guards, now_us)?.into_iter().collect()
    };

    // Disclosures first: within a batch, no command can forbid what stands before it.
    let (disclosures, commands): (Vec<usize>, Vec<usize>) =
        (0..jobs.len()).partition(|&at| jobs.get(at).is_some_and(|job| job.change.is_none()));
    let mut fates = vec![Fate::Stale; jobs.len()];
    let mut entries = Vec::with_capacity(jobs.len());
    let mut guarded = Vec::new();
    for at in disclosures.into_iter().chain(commands) {
        let (Some(job), Some(fate)) = (jobs.get(at), fates.get_mut(at)) else {
            continue;
        };
        *fate = admit(job, &current, &spent, &taken, now_us);
        if let Fate::Recorded(index) = fate {
            *index = head.size + u64::try_from(entries.len()).unwrap_or(u64::MAX);
            entries.push(&job.entry);
            taken.extend(job.guards.iter().map(|guard| guard.guard.clone()));
            guarded.extend(&job.guards);
            if let Some(change) = &job.change {
                change.apply(connection, log.at(*index)?)?;
                for scope in &change.bumps {
                    *current.entry(scope.clone()).or_insert(0) += 1;
                }
                for spend in &change.spends {
                    *spent.entry(spend.scope).or_insert(0) += 1;
                }
            }
        }
    }
    if entries.is_empty() {
        return Ok(Committed { tree, appended: None, fates });
    }
    replay::take(connection, &guarded, now_us)?;
    let hashes: Vec<_> = entries.iter().map(|entry| entry.leaf_hash).collect();
    let appended = tree.append(&hashes);
    log::entries_append(connection, log, head.size, &entries)?;
    let recorded = jobs.iter().zip(&fates).filter(|(_, fate)| matches!(fate, Fate::Recorded(_)));
    // Last, so that no entry of this batch keeps what is erased.
    for erasure in recorded.filter_map(|(job, _)| job.change.as_ref()?.erasure.as_ref()) {
        erasure.apply(connection)?;
    }
    log::tiles_put(connection, log, &appended.tiles)?;
    let new = Head { log, size: tree.size(), root: tree.root() };
    head::head_move(connection, head.size, &new, &tree.peaks())?;
    Ok(Committed { tree, appended: Some(appended), fates })
}

/// The end of the log that is written to, where a job brings it: it comes before anything is appended, its own entry included.
fn recovery_among(jobs: &[Job]) -> Option<&Recovery> {
    jobs.iter().find_map(|job| job.change.as_ref()?.recovery.as_ref())
}

fn admit(
    job: &Job,
    current: &BTreeMap<Vec<u8>, i64>,
    spent: &BTreeMap<Token, i64>,
    taken: &BTreeSet<Vec<u8>>,
    now_us: i64,
) -> Fate {
    if job.guards.iter().any(|guard| taken.contains(&guard.guard)) {
        return Fate::GuardTaken;
    }
    let still = |epoch: &Epoch| current.get(&epoch.scope).copied().unwrap_or(0) == epoch.value;
    let rests_on = job.change.iter().flat_map(|change| &change.rests_on);
    let is_left = |spend: &Spend| spent.get(&spend.scope).copied().unwrap_or(0) < spend.limit;
    let holds = job.epochs.iter().chain(rests_on).all(still)
        && job.change.iter().flat_map(|change| &change.spends).all(is_left)
        && job.valid_until_us.is_none_or(|until| now_us < until);
    if holds { Fate::Recorded(0) } else { Fate::Stale }
}

/// Brings our tree to the head that another process may have moved on, and makes sure that it continues ours.
pub(super) fn catch_up(
    connection: &mut AnyConnection,
    log: LogNumber,
    mut tree: Tree,
    head: &Head,
) -> Result<Tree, Failed> {
    use crate::ledger::tree::Nodes as _;

    if head.log != log {
        return Err(Failed::Diverged(CLOSED));
    }
    if head.size < tree.size() {
        return Err(Failed::Diverged("the log in the database is shorter than what was signed"));
    }
    const PAGE: u64 = 4_096;
    while tree.size() < head.size {
        let until = head.size.min(tree.size() + PAGE);
        let hashes = {
            let nodes = StoredNodes::new(&mut *connection, log);
            nodes.leaf_hashes(tree.size()..until)?
        };
        if u64::try_from(hashes.len()).ok() != Some(until - tree.size()) {
            return Err(Failed::Diverged("entries of the log are missing"));
        }
        tree.append(&hashes);
    }
    if tree.root() == head.root {
        Ok(tree)
    } else {
        Err(Failed::Diverged("the log in the database is not the one that was signed"))
    }
}
