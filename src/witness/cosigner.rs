//! The heart of a witness: check, keep, cosign, one request a log at a time.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::config::EnrolledLog;
use super::memory::{Memory, MemoryError};
use crate::clock::SharedClock;
use crate::ledger::note::{CosigningKey, NoteError, VerifierKey, claimed_origin};
use crate::ledger::witness::{AddCheckpoint, Refusal, Seen, examine};

/// Holds the key, the enrolled logs, and what was cosigned of each.
pub struct Cosigner {
    key: CosigningKey,
    logs: BTreeMap<String, Log>,
    memory: Memory,
    clock: SharedClock,
}

struct Log {
    keys: Vec<VerifierKey>,
    /// What is kept on disk, under the lock that makes checking and keeping one step. `None` when a failure left it unclear.
    seen: Mutex<Option<Seen>>,
}

/// Why there is no cosignature.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// 400: not of the form of a request.
    #[error("not a well-formed add-checkpoint request")]
    Malformed,
    /// 404: a log that is not enrolled.
    #[error("the log is not enrolled with this witness")]
    UnknownLog,
    /// By the rules.
    #[error(transparent)]
    Refusal(#[from] Refusal),
    /// 500: the memory failed, so nothing is signed.
    #[error(transparent)]
    Memory(#[from] MemoryError),
    /// 500: the time cannot be stated: never in practice.
    #[error("no cosignature could be made")]
    Time(#[from] NoteError),
}

impl Cosigner {
    /// A witness of these logs. Everything that it remembers is read, so that damage shows at the start.
    ///
    /// # Errors
    /// When what was cosigned of one of the logs cannot be read.
    pub fn new(
        key: CosigningKey,
        logs: Vec<EnrolledLog>,
        memory: Memory,
        clock: SharedClock,
    ) -> Result<Self, MemoryError> {
        let mut enrolled = BTreeMap::new();
        for EnrolledLog { origin, keys } in logs {
            let seen = memory.seen(&origin)?;
            tracing::info!(origin, size = seen.size, "witnessing");
            enrolled.insert(origin, Log { keys, seen: Mutex::new(Some(seen)) });
        }
        Ok(Self { key, logs: enrolled, memory, clock })
    }

    /// The key of its cosignatures.
    pub const fn key(&self) -> &CosigningKey {
        &self.key
    }

    /// Answers a request by the line of the cosignature. Blocking: what is cosigned is on disk before the line exists.
    ///
    /// # Errors
    /// When the checkpoint must not be cosigned, or could not be kept.
    pub fn add_checkpoint(&self, body: &str) -> Result<String, Refused> {
        let request = AddCheckpoint::parse(body).ok_or(Refused::Malformed)?;
        let origin = claimed_origin(&request.checkpoint).ok_or(Refused::Malformed)?;
        let log = self.logs.get(&origin).ok_or(Refused::UnknownLog)?;
        // Held until the checkpoint is kept: between the check and that, no other request may be judged (or the later of
        // two could roll the earlier back).
        let mut held = log.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = match *held {
            Some(seen) => seen,
            None => *held.insert(self.memory.seen(&origin)?),
        };
        let accepted = match examine(&request, &log.keys, &seen) {
            Ok(accepted) => accepted,
            Err(refusal) => {
                if let Refusal::Fork { seen } = refusal {
                    self.fork(&origin, seen, &request.checkpoint);
                }
                return Err(refusal.into());
            }
        };
        if accepted.seen() != seen {
            // Whatever fails from here on, the disk alone knows what is kept.
            *held = None;
            self.memory.keep(&origin, &request.checkpoint)?;
            *held = Some(accepted.seen());
        }
        Ok(self.key.cosign(&request.checkpoint, self.clock.now())?)
    }

    /// The log signed two histories: that is proof against its operator, and worth more than a refusal.
    fn fork(&self, origin: &str, size: u64, checkpoint: &str) {
        match self.memory.keep_proof(origin, checkpoint) {
            Ok(path) => tracing::error!(
                origin,
                size,
                proof = %path.display(),
                "the log signed two histories; the two checkpoints are kept"
            ),
            Err(error) => {
                let error: &dyn std::error::Error = &error;
                tracing::error!(origin, size, error, checkpoint, "the log signed two histories");
            }
        }
    }
}

#[cfg(test)]
#[path = "cosigner_tests.rs"]
mod tests;
