//! Closing a log that was lost or contradicts what was signed, and beginning the next one, offline and on record.
//!
//! One transaction closes the old log and appends the first entry of the new one; then each host puts aside what it has of the old
//! log. A run that was cut short is taken up by the next, and so do the other hosts of the same database follow.

mod files;
mod known;

use std::path::PathBuf;
use std::sync::Arc;

use crate::clock::SharedClock;
use crate::config::Config;
use crate::crypto::{KeyRing, KeyRingError};
use crate::domain::operator::RecoverLog;
use crate::gateway::{Alone, Core, StartError, signing_key};
use crate::id::WorkerId;
use crate::journal::call::{Call, Caller};
use crate::journal::diagnose;
use crate::ledger::note::{ClaimedHead, SigningKey, VerifierKey};
use crate::ledger::recovery::Statement;
use crate::store::backend::DatabaseUrl;
use crate::store::head::HeldLog;
use crate::store::recovery::Recovery;
use crate::store::{self, Store};
use known::Known;

/// What the names of files end with that are for the next log and not yet in their place.
const SUFFIX: &str = ".next";

/// What is to be done.
#[derive(Debug)]
pub struct Plan {
    /// The configuration of this host's gateway.
    pub config: Config,
    /// Why, in words that the log keeps.
    pub reason: Option<String>,
    /// Who authorised it.
    pub authorised_by: Option<WorkerId>,
    /// The name of the next log; the first log's with `/2`, `/3`… if none is given.
    pub origin: Option<String>,
    /// Whether the next log gets another key, and not the same one under its own name.
    pub new_key: bool,
    /// Files with checkpoints of the old log: notes, receipts, what witnesses remember.
    pub checkpoints: Vec<PathBuf>,
    /// Further keys of the old log, those of other gateways.
    pub log_keys: Vec<VerifierKey>,
    /// Whether to go on though nothing is found to be wrong.
    pub although_well: bool,
}

/// What was done.
#[derive(Debug)]
pub struct Done {
    /// What was wrong; `None` where the log had been closed before, and this host followed.
    pub because: Option<&'static str>,
    /// The name of the closed log.
    pub closed: String,
    /// Its head in the database.
    pub found: ClaimedHead,
    /// The largest head of it that is known to have been signed.
    pub signed: Option<ClaimedHead>,
    /// The size of the checkpoint that the new log's first entry commits to.
    pub last_checkpoint: Option<u64>,
    /// The key of the new log on this host.
    pub key: VerifierKey,
    /// Where what this host had of the closed log is now.
    pub aside: Vec<PathBuf>,
}

/// Why it was not done, or not to its end. It can be run again.
#[derive(Debug, thiserror::Error)]
pub enum RecoverError {
    /// Keys, store or journal.
    #[error(transparent)]
    Start(StartError),
    /// The key ring.
    #[error(transparent)]
    KeyRing(#[from] KeyRingError),
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Gateways still use the database.
    #[error(
        "{0} connections of gateways or commands to this database are open: stop every gateway of this log on every host first"
    )]
    Connected(u64),
    /// Nothing is wrong.
    #[error(
        "the log in the database continues everything that is known to be signed: nothing is to be recovered. If a witness or \
         the holder of a receipt knows more, name what they have with --checkpoint. A restored backup can only be seen by what \
         is known outside of it"
    )]
    NothingWrong,
    /// The reason or who authorised it is missing.
    #[error("--reason and --authorised-by are needed: the new log's first entry keeps them")]
    Unexplained,
    /// The signing key is of no log of the database.
    #[error(
        "the signing key is of the log {key}, and the database has {found}: one of them is another deployment's"
    )]
    OtherLog {
        /// The key's name.
        key: String,
        /// The name of the log that is written to.
        found: String,
    },
    /// A name for the next log that cannot be.
    #[error("the next log cannot be called {name}: it must be a name of its own, without spaces and `+`")]
    Name {
        /// What was asked for.
        name: String,
    },
    /// A file that is no checkpoint.
    #[error(
        "{path} holds no checkpoint of this log that one of its keys signed; further keys can be named with --log-key"
    )]
    NotACheckpoint {
        /// The file.
        path: PathBuf,
    },
    /// A new key.
    #[error("{path}: the new key cannot be written")]
    Key {
        /// The file.
        path: PathBuf,
    },
    /// A file or folder.
    #[error("{path} cannot be read, written or put aside")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The entry was not recorded, as far as is known.
    #[error("the recovery could not be recorded; see the technical log for the reason, and run it again")]
    NotRecorded,
}

/// Closes the log and begins the next one; or, where that was done already, has this host follow.
///
/// # Errors
/// When a gateway runs, nothing is wrong, or something cannot be read or written.
pub async fn recover(plan: Plan, clock: SharedClock) -> Result<Done, RecoverError> {
    let config = &plan.config;
    let _alone = Alone::with(&config.log.head_file)?;
    let key = signing_key(&config.keys.signing)?;
    let ring = Arc::new(KeyRing::load(&config.keys.ring)?);
    let store = Store::new(DatabaseUrl::parse(&config.store.url)?, ring, 1);
    let others = store.others_connected()?;
    if others > 0 {
        return Err(RecoverError::Connected(others));
    }
    // An old backup may be of an older gateway.
    store.migrate()?;
    let current = store.log_ensure(key.name())?;
    let logs = store.snapshot(|tx| tx.logs())?;
    if current.origin == key.name() {
        return begin(plan, clock, &store, &key, &logs).await;
    }
    match logs.iter().find(|log| log.origin == key.name()) {
        Some(closed) => {
            let next = match files::next_key(config, &current.origin)? {
                Some(prepared) => prepared,
                None => make_key(&plan, &key, &current.origin)?,
            };
            finish(&plan, closed, &next, Stood::Followed)
        }
        None => Err(RecoverError::OtherLog { key: key.name().to_owned(), found: current.origin }),
    }
}

async fn begin(
    plan: Plan,
    clock: SharedClock,
    store: &Store,
    key: &SigningKey,
    logs: &[HeldLog],
) -> Result<Done, RecoverError> {
    let config = &plan.config;
    let (first, closed) =
        logs.first().zip(logs.last()).ok_or(store::Error::Corrupt("the log has no head"))?;
    let others = plan.log_keys.iter().filter(|other| other.name() == key.name()).cloned();
    let keys: Vec<VerifierKey> = others.chain([key.verifier()]).collect();
    let known = Known::gather(config, store, closed, &keys, &plan.checkpoints)?;
    let because = match diagnose(store, closed.number, &known.heads())? {
        Some(reason) => reason,
        None if plan.although_well => "nothing was found to be wrong",
        None => return Err(RecoverError::NothingWrong),
    };
    let (Some(reason), Some(authorised_by)) = (plan.reason.clone(), plan.authorised_by.clone()) else {
        return Err(RecoverError::Unexplained);
    };
    let number = closed.number.next()?.ordinal();
    let origin = plan.origin.clone().unwrap_or_else(|| format!("{}/{number}", first.origin));
    if logs.iter().any(|log| log.origin == origin) {
        return Err(RecoverError::Name { name: origin });
    }
    let next = make_key(&plan, key, &origin)?;
    let found = ClaimedHead { size: closed.size, root: closed.root };
    let last = known.last();
    let is_beyond = |head: &ClaimedHead| last.is_none_or(|last| head.size > last.head.size);
    let statement = Statement {
        log: origin.clone(),
        before: closed.origin.clone(),
        found,
        signed: known.largest().filter(is_beyond),
        checkpoint: last.map(|last| last.text.clone()),
    };
    let recovery = Recovery {
        closed: closed.clone(),
        origin,
        statement: statement.to_string(),
        checkpoints: known.that_hold(store, closed)?,
    };
    let core = Core::open_next(config, clock, SUFFIX, signing_key(&files::next_key_file(config))?)?;
    core.when_ready().await?;
    let mut call = Call::system("recover_log", core.journal.directory().epoch());
    call.reason_text = Some(reason);
    authorise(&mut call, authorised_by);
    core.journal.record(call, RecoverLog(recovery)).await.map_err(|_| RecoverError::NotRecorded)?;
    let last_checkpoint = last.map(|last| last.head.size);
    finish(&plan, closed, &next, Stood::Begun { because, signed: known.largest(), last_checkpoint })
}

/// What stood when the files of this host were put aside.
enum Stood {
    /// The log had been closed before.
    Followed,
    /// It was closed now.
    Begun { because: &'static str, signed: Option<ClaimedHead>, last_checkpoint: Option<u64> },
}

fn finish(plan: &Plan, closed: &HeldLog, next: &SigningKey, stood: Stood) -> Result<Done, RecoverError> {
    let aside = files::follow(&plan.config, &closed.origin)?;
    let (because, signed, last_checkpoint) = match stood {
        Stood::Followed => (None, None, None),
        Stood::Begun { because, signed, last_checkpoint } => (Some(because), signed, last_checkpoint),
    };
    Ok(Done {
        because,
        closed: closed.origin.clone(),
        found: ClaimedHead { size: closed.size, root: closed.root },
        signed,
        last_checkpoint,
        key: next.verifier(),
        aside,
    })
}

/// A key for the next log, durable in its file before anything is signed with it.
fn make_key(plan: &Plan, key: &SigningKey, origin: &str) -> Result<SigningKey, RecoverError> {
    let made = if plan.new_key { SigningKey::generate(origin) } else { key.renamed(origin) };
    let made = made.map_err(|_| RecoverError::Name { name: origin.to_owned() })?;
    files::prepare(&plan.config, &made)?;
    Ok(made)
}

fn authorise(call: &mut Call, by: WorkerId) {
    if let Caller::Worker(principal) = &mut call.caller {
        Arc::make_mut(principal).authorised_by = Some(by);
    }
}
