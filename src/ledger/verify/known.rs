//! The checkpoints that are known of a log besides its latest: what its tree must have been, and when witnesses saw it.

use super::directory::LogDirectory;
use super::{Bracket, Place, Problem, Report, Rules, listing};
use crate::ledger::Hash;
use crate::ledger::note::Checkpoint;
use crate::ledger::tiles::CHECKPOINT_PATH;

/// A checkpoint that opened.
pub(super) struct Known {
    name: String,
    pub(super) checkpoint: Checkpoint,
}

/// Opens the checkpoints that the rules give and those that the directory keeps, and asks the policy of each of them and of the
/// latest one who has cosigned it.
pub(super) fn open_all<D: LogDirectory>(
    directory: &D,
    rules: &Rules<'_>,
    latest_note: &str,
    latest: &Checkpoint,
    report: &mut Report,
) -> Result<Vec<Known>, D::Error> {
    let mut known = Vec::new();
    for (name, note) in rules.checkpoints {
        known.extend(open(name.clone(), note, rules, latest, report));
    }
    for path in listing::kept_checkpoints(directory)? {
        if let Some(note) = directory.read(&path)? {
            let note = String::from_utf8(note).unwrap_or_default();
            known.extend(open(path, &note, rules, latest, report));
        }
    }
    if let Some(policy) = rules.policy {
        let place = Place::file(CHECKPOINT_PATH.to_owned());
        let found = see(CHECKPOINT_PATH, latest_note, latest, rules, report);
        // Another copy of the latest one may have the lines that this one has not got yet.
        let is_witnessed = report.brackets.iter().any(|bracket| bracket.size == latest.size);
        if !is_witnessed {
            report.find(place, Problem::TooFewCosignatures { found, wanted: policy.quorum() });
        }
    }
    report.brackets.sort_by_key(|bracket| (bracket.size, bracket.seen_by));
    Ok(known)
}

fn open(
    name: String,
    note: &str,
    rules: &Rules<'_>,
    latest: &Checkpoint,
    report: &mut Report,
) -> Option<Known> {
    let place = || Place::file(name.clone());
    match Checkpoint::open(note, rules.keys) {
        Ok(opened) if opened.origin == latest.origin => {
            // What contradicts the latest brackets nothing of its tree.
            if opened.size < latest.size || opened == *latest {
                see(&name, note, &opened, rules, report);
            }
            Some(Known { name, checkpoint: opened })
        }
        Ok(_) => {
            report.find(place(), Problem::OtherLog);
            None
        }
        Err(error) => {
            report.find(place(), Problem::Checkpoint(error));
            None
        }
    }
}

/// Asks the policy's witnesses; answers how many have cosigned.
fn see(name: &str, note: &str, checkpoint: &Checkpoint, rules: &Rules<'_>, report: &mut Report) -> usize {
    let witnessed = match rules.policy.map(|policy| policy.witnessed(note, rules.keys)) {
        None => return 0,
        Some(Ok(witnessed)) => witnessed,
        Some(Err(error)) => {
            report.find(Place::file(name.to_owned()), Problem::Checkpoint(error));
            return 0;
        }
    };
    if let (Some(unseen_at), Some(seen_by)) = (witnessed.largest_at(), witnessed.existed_by()) {
        report.brackets.push(Bracket { size: checkpoint.size, unseen_at, seen_by });
    }
    witnessed.by.len()
}

impl Known {
    /// Holds it against the tree. A fork is said only where what was signed contradicts what was signed: a directory that does
    /// not lead to its own signed root (`holds`) is tampered with, whatever else was signed.
    pub(super) fn hold_against(
        &self,
        report: &mut Report,
        latest: &Checkpoint,
        holds: bool,
        root: Option<&Hash>,
    ) {
        let place = Place::file(self.name.clone());
        let size = self.checkpoint.size;
        if size == latest.size && self.checkpoint.root != latest.root {
            report.find(place, Problem::Fork { size });
            return;
        }
        match root {
            Some(root) if *root == self.checkpoint.root => report.extends += 1,
            Some(_) if holds => report.find(place, Problem::Fork { size }),
            Some(_) => {}
            None => report.find(place, Problem::OutOfReach { size }),
        }
    }
}
