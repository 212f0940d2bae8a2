//! Whether the database still holds what the log says: every audit table read through, on one snapshot, each column held against
//! what binds it. It discloses nothing: what is decrypted is compared and dropped, and findings name rows, never what is in them.
//!
//! | Table | Column | Held against |
//! |---|---|---|
//! | `audit_head` | `log`, `number`, `origin` | the one log that the database holds |
//! | | `size`, `root`, `frontier` | the tree over the leaves, and that against heads kept outside: see [`Anchor`] |
//! | `audit_recovery` | all | no row: only a log that a recovery began has one |
//! | `audit_leaf` | `idx` | rises by one from 0 to the head's size |
//! | | `entry_id` | the id in the leaf |
//! | | `leaf_hash` | the hash of the leaf |
//! | | `leaf` | the tree's nodes and root; and it is a leaf of this log |
//! | `audit_tile` | all | the nodes of the tree over the leaves, full tiles and no others |
//! | `audit_private` | `idx` | one row an entry |
//! | | `person_key`, `rest_key` | the key opens the part |
//! | | `person_part`, `rest_part` | authenticated encryption for this entry; the 32 commitments lead to the leaf's `details` |
//! | | `erased_by` | there is an entry of an erasure by that id, and the person's part is gone |
//! | `audit_index` | all | exactly the tokens of what the fields of the entry say |
//! | `audit_checkpoint` | `size`, `note` | signed by the log, of the tree that the leaves had at that size |
//! | `audit_cosig` | all | signed by that witness of the policy; at least one a checkpoint, and those that the static directory keeps |
//! | `data_key` | all | unwraps under that key-encryption key for that owner and custodian |
//! | `person_identity`, `match_pair` | all | the seal of a gateway over all that the row says |
//!
//! A database that holds several logs, after a recovery, it does not judge: [`Error::SeveralLogs`].
//!
//! What it cannot find: that the latest decisions on who is one were taken out of `person_identity` or `match_pair` (their entries stand in
//! the log). And, because nothing is lost that anybody could not destroy by other means: a cosignature that was deleted
//! while others stay and no file has it (the next checkpoint covers the same entries), and that an entry was emptied in the name
//! of an erasure that was about somebody else (its leaf, and whatever its recipients hold, stand).

mod cosigned;
mod fields;
mod finding;
mod index;
mod seals;
mod walk;

use super::{Error, Snapshot, Store};
use crate::ledger::Hash;
use crate::ledger::note::VerifierKey;
use crate::ledger::verify::Watch;
use crate::ledger::witness::WitnessPolicy;
use cosigned::Cosigned;
pub use finding::{Finding, Problem, Report};
use index::Sums;
use walk::Walk;

/// A head of the log that is kept outside the database. The database must have had it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// Where it is kept.
    pub name: String,
    /// How many entries.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// Whether the log's key signed it: then to contradict it is to fork the log.
    pub is_signed: bool,
}

/// The checkpoints that the static directory keeps; they come from the database.
#[derive(Clone, Copy)]
pub struct Kept<'k> {
    /// Their sizes, rising.
    pub sizes: &'k [u64],
    /// Reads one; `None` if it cannot be read.
    pub note: &'k dyn Fn(u64) -> Option<String>,
}

/// What the database is held against.
pub struct Rules<'r> {
    /// The log's name.
    pub origin: &'r str,
    /// The keys of the log, one a replica.
    pub keys: &'r [VerifierKey],
    /// The witnesses whose cosignatures can be checked.
    pub policy: Option<&'r WitnessPolicy>,
    /// Heads that are kept outside.
    pub anchors: &'r [Anchor],
    /// Checkpoints that are kept outside.
    pub kept: Kept<'r>,
}

impl Store {
    /// Reads all that the log has in the database, on one snapshot, and holds it against itself and what is kept outside. Takes
    /// as long as opening every entry does; nobody waits for it. What is kept outside must have been read before.
    ///
    /// # Errors
    /// When the database cannot be read to the end. What is wrong with what was read is in the report.
    pub fn check(&self, rules: &Rules<'_>, watch: &dyn Watch) -> Result<Report, Error> {
        self.snapshot(|tx| {
            // Two heads and a statement for the later log: what a recovery leaves. Anything else that is wrong with the heads shows.
            let later = tx.count(
                "SELECT count(*) FROM audit_recovery r JOIN audit_head h ON h.number = r.number",
                &[],
            )?;
            if later > 0 && tx.count("SELECT count(*) FROM audit_head", &[])? > 1 {
                return Err(Error::SeveralLogs);
            }
            let mut report = Report::default();
            let mut sums = Sums::new()?;
            let mut cosigned = Cosigned::new(rules);
            let walk = Walk::new(rules, &mut report, &mut sums, &mut cosigned).run(tx, watch);
            of_table(walk, "audit_leaf", &mut report)?;
            if watch.go_on() {
                of_table(cosigned.finish(tx, &mut report), "audit_checkpoint", &mut report)?;
                of_table(sums.compare(tx, &mut report), "audit_index", &mut report)?;
                of_table(fields::keys_unwrap(tx, &mut report), "data_key", &mut report)?;
                of_table(seals::identities(tx, &mut report), "person_identity", &mut report)?;
                of_table(seals::pairs(tx, &mut report), "match_pair", &mut report)?;
            }
            Ok(report)
        })
    }
}

/// A row that does not even have the form of one is a finding, not a failure.
fn of_table(done: Result<(), Error>, table: &'static str, report: &mut Report) -> Result<(), Error> {
    match done {
        Err(Error::Query(diesel::result::Error::DeserializationError(_)) | Error::Corrupt(_)) => {
            report.find(table, Problem::Foreign);
            Ok(())
        }
        other => other,
    }
}

/// How many rows are read at once.
const PAGE: i64 = 512;

impl Snapshot<'_> {
    /// A number that a statement counts.
    fn count(&mut self, sql: &'static str, binds: &[super::backend::Bind<'_>]) -> Result<u64, Error> {
        let row = self.connection.rows::<(diesel::sql_types::BigInt,), (i64,)>(sql, binds)?.pop();
        row.map_or(Ok(0), |(count,)| super::log::unsigned(count))
    }
}
