//! The checkpoints that are known of a log besides its latest: what its tree must have been, and when witnesses saw it.
//!
//! A log keeps one a minute for as long as it lives. They are opened in the order of their sizes, as the walk comes to them, and
//! let go of when it has passed: what is held in memory of all of them is their sizes.

use std::collections::VecDeque;
use std::ops::RangeInclusive;

use super::directory::LogDirectory;
use super::listing::{kept_path, kept_sizes};
use super::{Bracket, MAX_FINDINGS, Place, Problem, Report, Rules};
use crate::ledger::Hash;
use crate::ledger::note::Checkpoint;
use crate::ledger::tiles::CHECKPOINT_PATH;

/// All of them, on the way through.
pub(super) struct Known<'v, D> {
    directory: &'v D,
    rules: &'v Rules<'v>,
    latest: Checkpoint,
    latest_bracket: Option<Bracket>,
    /// Those that the rules give, and when witnesses saw each.
    given: Vec<Option<(Opened, Option<Bracket>)>>,
    /// Where each is, by rising size.
    order: Vec<(u64, Where)>,
    /// How many of the order have been opened.
    next: usize,
    /// Opened, and not yet held against the tree.
    opened: VecDeque<Opened>,
    /// Opened, and not yet asked for.
    brackets: VecDeque<Bracket>,
    /// What the tree contradicts; whether that is a fork, its end tells.
    contradicting: Vec<Opened>,
    more_contradicting: u64,
}

#[derive(Clone, Copy)]
enum Where {
    /// Among those that the rules give.
    Given(usize),
    /// Kept by the directory, under its size.
    Kept,
    /// The latest itself, for its bracket.
    Latest,
}

/// A checkpoint that opened.
struct Opened {
    name: String,
    size: u64,
    root: Hash,
}

impl<'v, D: LogDirectory> Known<'v, D> {
    /// Opens those that the rules give, lists those that the directory keeps, and asks the policy who has cosigned the latest one.
    pub(super) fn new(
        directory: &'v D,
        rules: &'v Rules<'v>,
        latest_note: &str,
        latest: &Checkpoint,
        report: &mut Report,
    ) -> Result<Self, D::Error> {
        let mut known = Self {
            directory,
            rules,
            latest: latest.clone(),
            latest_bracket: None,
            given: Vec::new(),
            order: Vec::new(),
            next: 0,
            opened: VecDeque::new(),
            brackets: VecDeque::new(),
            contradicting: Vec::new(),
            more_contradicting: 0,
        };
        for (name, note) in rules.checkpoints {
            if let Some(opened) = known.open(name.clone(), note, report) {
                known.order.push((opened.0.size, Where::Given(known.given.len())));
                known.given.push(Some(opened));
            }
        }
        known.order.extend(kept_sizes(directory)?.into_iter().map(|size| (size, Where::Kept)));
        if let Some(policy) = rules.policy {
            let (found, bracket) = known.see(CHECKPOINT_PATH, latest_note, latest.size, report);
            known.latest_bracket = bracket;
            known.order.push((latest.size, Where::Latest));
            // Another copy of the latest one may have the lines that this one has not got yet.
            if bracket.is_none() && !known.has_a_witnessed_copy()? {
                let place = Place::file(CHECKPOINT_PATH.to_owned());
                report.find(place, Problem::TooFewCosignatures { found, wanted: policy.quorum() });
            }
        }
        known.order.sort_by_key(|(size, _)| *size);
        Ok(known)
    }

    /// The sizes at which the root of the tree is wanted: theirs and that of the latest, each once.
    pub(super) fn sizes(&self) -> Vec<u64> {
        let mut sizes: Vec<_> = self.order.iter().map(|(size, _)| *size).chain([self.latest.size]).collect();
        sizes.sort_unstable();
        sizes.dedup();
        sizes
    }

    /// When witnesses saw the next larger tree that enough of them cosigned.
    pub(super) fn next_bracket(&mut self, report: &mut Report) -> Result<Option<Bracket>, D::Error> {
        while self.brackets.is_empty() && self.rules.policy.is_some() && self.open_next_size(report)? {}
        let bracket = self.brackets.pop_front();
        if let Some(bracket) = bracket {
            report.witnessed.count(bracket);
        }
        Ok(bracket)
    }

    /// When witnesses saw the trees around these entries: from the last one without the first of them to the first one with the last.
    pub(super) fn brackets_around(
        &mut self,
        entries: &RangeInclusive<u64>,
        report: &mut Report,
    ) -> Result<Vec<Bracket>, D::Error> {
        let mut around = Vec::new();
        let behind = self.order.partition_point(|(size, _)| size <= entries.start());
        let mut end = behind;
        while let Some((size, _)) = end.checked_sub(1).and_then(|last| self.order.get(last)).copied() {
            end = self.order.partition_point(|(other, _)| *other < size);
            self.next = end;
            self.open_next_size(report)?;
            if let Some(bracket) = self.brackets.pop_front() {
                report.witnessed.count(bracket);
                around.push(bracket);
                break;
            }
        }
        self.next = behind;
        while around.last().is_none_or(|bracket| bracket.size <= *entries.end()) {
            match self.next_bracket(report)? {
                Some(bracket) => around.push(bracket),
                None => break,
            }
        }
        Ok(around)
    }

    /// Holds those of this size against the root that the tree had there. Sizes come by rising size; those that were passed over
    /// have no root.
    pub(super) fn hold_against(
        &mut self,
        size: u64,
        root: Hash,
        report: &mut Report,
    ) -> Result<(), D::Error> {
        while self.order.get(self.next).is_some_and(|(next, _)| *next <= size) {
            self.open_next_size(report)?;
        }
        while let Some(opened) = self.opened.pop_front_if(|opened| opened.size <= size) {
            let root = (opened.size == size).then_some(root);
            self.judge(opened, root, report);
        }
        Ok(())
    }

    /// What is left when the walk has ended. A fork is said only where what was signed contradicts what was signed: a directory that
    /// does not lead to its own signed root (`holds`) is tampered with, whatever else was signed. After a walk that was `stopped`
    /// nothing more is opened.
    pub(super) fn finish(mut self, holds: bool, stopped: bool, report: &mut Report) -> Result<(), D::Error> {
        if stopped {
            for (size, place) in self.order.iter().skip(self.next) {
                if let Where::Kept = place {
                    report.find(Place::file(kept_path(*size)), Problem::OutOfReach { size: *size });
                }
            }
        } else {
            while self.open_next_size(report)? {}
        }
        for bracket in std::mem::take(&mut self.brackets) {
            report.witnessed.count(bracket);
        }
        while let Some(opened) = self.opened.pop_front() {
            self.judge(opened, None, report);
        }
        if holds {
            for Opened { name, size, .. } in self.contradicting {
                report.find(Place::file(name), Problem::Fork { size });
            }
            report.more_findings += self.more_contradicting;
        }
        Ok(())
    }

    fn judge(&mut self, opened: Opened, root: Option<Hash>, report: &mut Report) {
        let size = opened.size;
        match root {
            _ if size == self.latest.size && opened.root != self.latest.root => {
                report.find(Place::file(opened.name), Problem::Fork { size });
            }
            Some(root) if root == opened.root => report.extends += 1,
            Some(_) if self.contradicting.len() < MAX_FINDINGS => self.contradicting.push(opened),
            Some(_) => self.more_contradicting += 1,
            None => report.find(Place::file(opened.name), Problem::OutOfReach { size }),
        }
    }

    /// Opens all that are of the next size; `false` when there are none.
    fn open_next_size(&mut self, report: &mut Report) -> Result<bool, D::Error> {
        let Some((size, _)) = self.order.get(self.next).copied() else { return Ok(false) };
        let mut seen: Option<Bracket> = None;
        while let Some((_, place)) = self.order.get(self.next).copied().filter(|(next, _)| *next == size) {
            self.next += 1;
            let bracket = match place {
                Where::Latest => self.latest_bracket,
                Where::Given(at) => {
                    self.given.get_mut(at).and_then(Option::take).and_then(|(opened, bracket)| {
                        self.opened.push_back(opened);
                        bracket
                    })
                }
                Where::Kept => self.open_kept(size, report)?,
            };
            seen = match (seen, bracket) {
                (Some(one), Some(other)) => Some(one.and(other)),
                (one, other) => one.or(other),
            };
        }
        self.brackets.extend(seen);
        Ok(true)
    }

    fn open_kept(&mut self, size: u64, report: &mut Report) -> Result<Option<Bracket>, D::Error> {
        let path = kept_path(size);
        let Some(note) = self.directory.read(&path)? else { return Ok(None) };
        let note = String::from_utf8(note).unwrap_or_default();
        let Some((opened, bracket)) = self.open(path, &note, report) else { return Ok(None) };
        if opened.size != size {
            report.find(Place::file(opened.name), Problem::Misnamed { size: opened.size });
            return Ok(None);
        }
        self.opened.push_back(opened);
        Ok(bracket)
    }

    fn open(&self, name: String, note: &str, report: &mut Report) -> Option<(Opened, Option<Bracket>)> {
        let problem = match Checkpoint::open(note, self.rules.keys) {
            Ok(opened) if opened.origin == self.latest.origin => {
                // What contradicts the latest brackets nothing of its tree.
                let is_of_the_tree = opened.size < self.latest.size || opened == self.latest;
                let bracket = is_of_the_tree.then(|| self.see(&name, note, opened.size, report).1).flatten();
                return Some((Opened { name, size: opened.size, root: opened.root }, bracket));
            }
            Ok(_) => Problem::OtherLog,
            Err(error) => Problem::Checkpoint(error),
        };
        report.find(Place::file(name), problem);
        None
    }

    /// Asks the policy's witnesses: how many have cosigned, and when it was seen if they are enough.
    fn see(&self, name: &str, note: &str, size: u64, report: &mut Report) -> (usize, Option<Bracket>) {
        match self.rules.policy.map(|policy| policy.witnessed(note, self.rules.keys)) {
            None => (0, None),
            Some(Ok(witnessed)) => {
                let times = witnessed.largest_at().zip(witnessed.existed_by());
                let bracket = times.map(|(unseen_at, seen_by)| Bracket { size, unseen_at, seen_by });
                (witnessed.by.len(), bracket)
            }
            Some(Err(error)) => {
                report.find(Place::file(name.to_owned()), Problem::Checkpoint(error));
                (0, None)
            }
        }
    }

    /// Whether another copy of the latest checkpoint is at hand that enough witnesses cosigned.
    fn has_a_witnessed_copy(&self) -> Result<bool, D::Error> {
        let size = self.latest.size;
        if self.given.iter().flatten().any(|(_, bracket)| bracket.is_some_and(|bracket| bracket.size == size))
        {
            return Ok(true);
        }
        let note = self.directory.read(&kept_path(size))?;
        let note = note.and_then(|note| String::from_utf8(note).ok()).unwrap_or_default();
        // What is wrong with it is said when its turn comes.
        let mut unheard = Report::new();
        Ok(self
            .open(kept_path(size), &note, &mut unheard)
            .is_some_and(|(opened, bracket)| opened.size == size && bracket.is_some()))
    }
}
