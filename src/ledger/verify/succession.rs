//! Logs that came one after the other: what a new one says of the one before it, held against both.

use super::directory::{DirectoryNodes, LogDirectory, entry_at};
use super::{Place, Problem, Report, Rules, Watch, verify_by};
use crate::ledger::entry::Leaf;
use crate::ledger::proof::root_at;
use crate::ledger::recovery::{RECOVERED_PATH, RecoveredFile, RecoveryError, Statement, begins_anew};

/// Looks at what the first entry of a log says of a log before it. Answers whether the file of that belongs to this one.
pub(super) fn look<D: LogDirectory>(directory: &D, size: u64, report: &mut Report) -> Result<bool, D::Error> {
    let first = entry_at(directory, 0, size)?.and_then(|bytes| Leaf::parse(&bytes).ok());
    // The first entry may be pruned; then nobody can say.
    let Some(first) = first else { return Ok(true) };
    if !begins_anew(&first) {
        return Ok(false);
    }
    let place = Place::file(RECOVERED_PATH.to_owned());
    let Some(bytes) = directory.read(RECOVERED_PATH)? else {
        report.find(place, Problem::Missing);
        return Ok(true);
    };
    let text = String::from_utf8(bytes).map_err(|_| RecoveryError::Malformed);
    let said = text.and_then(|text| text.parse::<RecoveredFile>()).and_then(|file| file.verify(&first));
    match said {
        Ok(statement) => report.recovered = Some(statement),
        Err(error) => report.find(place, Problem::Recovery(error)),
    }
    Ok(true)
}

/// How two logs hang together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Succession {
    /// What the new log says of the old one.
    pub statement: Statement,
    /// Whether the database was a true copy of the old log up to the size that was found; `None` where the old log's directory
    /// does not reach so far, or is not whole.
    pub was_a_copy: Option<bool>,
    /// How many entries the old log's directory has beyond what was found in the database: they are in no database any more.
    pub only_in_the_old: u64,
}

/// Verifies the old log, and holds against it what the new one says. The report is that of the old log: it also finds what the
/// statement passes over, and a checkpoint in it that contradicts the log.
pub fn verify_before<D: LogDirectory>(
    before: &D,
    statement: &Statement,
    rules: &Rules<'_>,
    watch: &dyn Watch,
) -> Result<(Report, Option<Succession>), D::Error> {
    let mut checkpoints = rules.checkpoints.to_vec();
    checkpoints.extend(statement.checkpoint.iter().map(|note| (RECOVERED_PATH.to_owned(), note.clone())));
    let mut report = verify_by(before, &Rules { checkpoints: &checkpoints, ..rules.clone() }, watch)?;
    let Some(checkpoint) = report.checkpoint.clone() else {
        return Ok((report, None));
    };
    let place = || Place::file(RECOVERED_PATH.to_owned());
    if checkpoint.origin != statement.before {
        report.find(place(), Problem::OtherLog);
        return Ok((report, None));
    }
    let named = statement.named().map_or(0, |head| head.size).max(statement.found.size);
    if checkpoint.size > named {
        report.find(place(), Problem::PassedOver { named, signed: checkpoint.size });
    }
    let nodes = DirectoryNodes::new(before, checkpoint.size);
    // A directory that is not whole tells nothing of what the database was.
    let root = |size| (size <= checkpoint.size).then(|| root_at(size, &nodes).ok()).flatten();
    let is_whole = report.verdict().is_none_or(|verdict| verdict < super::Verdict::Tampered);
    let found = statement.found;
    let was_a_copy = root(found.size).filter(|_| is_whole).map(|root| root == found.root);
    let only_in_the_old = checkpoint.size.saturating_sub(found.size);
    Ok((report, Some(Succession { statement: statement.clone(), was_a_copy, only_in_the_old })))
}
