//! The checkpoints that witnesses cosigned, held against the tree, the log's key, the witnesses' keys, and the files that keep them.

use std::collections::VecDeque;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use diesel::sql_types::{BigInt, Text};

use super::{PAGE, Problem, Report, Rules};
use crate::ledger::Hash;
use crate::ledger::note::{Checkpoint, WitnessKey, cosigned_by};
use crate::ledger::witness::WitnessPolicy;
use crate::store::backend::Bind;
use crate::store::{Error, Snapshot};

/// The rows of `audit_checkpoint`, by rising size, as the walk over the entries reaches them.
pub(super) struct Cosigned<'r> {
    rules: &'r Rules<'r>,
    next: VecDeque<(i64, String)>,
    /// The size of the last row that was read.
    after: i64,
    is_at_end: bool,
    /// How many rows of `audit_cosig` belong to the checkpoints so far.
    lines: u64,
    /// How many of the checkpoints kept outside were met.
    kept: usize,
    /// The largest signed tree that the database had.
    held: Option<u64>,
    /// What says that the database had another tree, and whether the log's key signed it.
    contradicted: Vec<(String, u64, bool)>,
}

impl<'r> Cosigned<'r> {
    pub(super) fn new(rules: &'r Rules<'r>) -> Self {
        Self {
            rules,
            next: VecDeque::new(),
            after: i64::MIN,
            is_at_end: false,
            lines: 0,
            kept: 0,
            held: None,
            contradicted: Vec::new(),
        }
    }

    /// A head kept outside is of a tree that the database had.
    pub(super) fn held(&mut self, size: u64, is_signed: bool) {
        if is_signed {
            self.held = self.held.max(Some(size));
        }
    }

    /// A head kept outside is of another.
    pub(super) fn contradicts(&mut self, name: &str, size: u64, is_signed: bool) {
        if self.contradicted.len() < 100 {
            self.contradicted.push((name.to_owned(), size, is_signed));
        }
    }

    /// Checks the checkpoints up to this size; `root` is that of the tree of exactly this size.
    pub(super) fn reached(
        &mut self,
        tx: &mut Snapshot<'_>,
        size: u64,
        root: Hash,
        report: &mut Report,
    ) -> Result<(), Error> {
        while let Some((row, _)) = self.peek(tx)? {
            let row = *row;
            if u64::try_from(row).is_ok_and(|row| row > size) {
                break;
            }
            let Some((_, note)) = self.next.pop_front() else { break };
            let is_here = u64::try_from(row) == Ok(size);
            self.checkpoint(tx, row, &note, is_here.then_some(root), report)?;
        }
        Ok(())
    }

    fn peek(&mut self, tx: &mut Snapshot<'_>) -> Result<Option<&(i64, String)>, Error> {
        if self.next.is_empty() && !self.is_at_end {
            let rows = tx.connection.rows::<(BigInt, Text), (i64, String)>(
                "SELECT size, note FROM audit_checkpoint WHERE size > ? ORDER BY size LIMIT ?",
                &[Bind::Int(self.after), Bind::Int(PAGE)],
            )?;
            match rows.last() {
                Some((last, _)) => self.after = *last,
                None => self.is_at_end = true,
            }
            self.next.extend(rows);
        }
        Ok(self.next.front())
    }

    fn checkpoint(
        &mut self,
        tx: &mut Snapshot<'_>,
        row: i64,
        note: &str,
        root: Option<Hash>,
        report: &mut Report,
    ) -> Result<(), Error> {
        let place = format!("audit_checkpoint {row}");
        report.checkpoints += 1;
        match Checkpoint::open(note, self.rules.keys) {
            Err(error) => report.find(&place, Problem::Checkpoint(error)),
            Ok(opened) if opened.origin != self.rules.origin => report.find(&place, Problem::OtherLog),
            Ok(opened) if i64::try_from(opened.size) != Ok(row) => {
                report.find(&place, Problem::CheckpointSize);
            }
            Ok(opened) => match root {
                Some(root) if root == opened.root => self.held(opened.size, true),
                Some(_) => self.contradicts(&place, opened.size, true),
                // A tree that lacks a leaf tells nothing; that it does is a finding already.
                None if opened.size <= report.entries => {}
                None => report.find(&place, Problem::TooShort { size: opened.size, found: report.entries }),
            },
        }
        let lines = tx.connection.rows::<(Text, Text), (String, String)>(
            "SELECT witness, line FROM audit_cosig WHERE size = ? ORDER BY witness",
            &[Bind::Int(row)],
        )?;
        if lines.is_empty() {
            report.find(&place, Problem::NoCosignature);
        }
        for (witness, line) in &lines {
            self.lines += 1;
            self.cosignature(row, note, witness, line, report);
        }
        self.hold_against_kept(row, note, &lines, report);
        Ok(())
    }

    fn cosignature(&self, row: i64, note: &str, witness: &str, line: &str, report: &mut Report) {
        let place = || format!("audit_cosig {row}, witness {witness}");
        let of_policy = self.rules.policy.and_then(|policy| {
            policy.witnesses().iter().find(|known| stored_name(&known.key) == witness).map(|known| &known.key)
        });
        match of_policy {
            Some(key) => {
                let is_one_line = line.ends_with('\n') && line.matches('\n').count() == 1;
                let by = cosigned_by(&format!("{note}{line}"), std::slice::from_ref(key));
                if is_one_line && by.is_ok_and(|by| by.iter().any(|by| by.line == line)) {
                    report.cosignatures += 1;
                } else {
                    report.find(place(), Problem::Cosignature);
                }
            }
            None => {
                // A witness that left: name and id, at least, must be those of the line.
                if line_name(line).as_deref() == Some(witness) {
                    report.unknown_witnesses += 1;
                } else {
                    report.find(place(), Problem::Cosignature);
                }
            }
        }
    }

    /// What the static directory keeps it has from here.
    fn hold_against_kept(&mut self, row: i64, note: &str, lines: &[(String, String)], report: &mut Report) {
        let kept = self.rules.kept;
        while let Some(size) = kept.sizes.get(self.kept) {
            let is_before = i64::try_from(*size).is_ok_and(|size| size <= row);
            if !is_before {
                return;
            }
            self.kept += 1;
            let file = (kept.note)(*size).filter(|_| i64::try_from(*size) == Ok(row));
            if file.is_some_and(|file| self.is_as_here(&file, note, lines)) {
                report.anchors += 1;
            } else {
                report.find(format!("checkpoints/{size}"), Problem::NotKept);
            }
        }
    }

    /// Whether a file has the note and lines that are here; a line that came later may be missing, beyond a quorum.
    fn is_as_here(&self, file: &str, note: &str, lines: &[(String, String)]) -> bool {
        let Some(rest) = file.strip_prefix(note) else { return false };
        let quorum = self.rules.policy.map_or(0, WitnessPolicy::quorum);
        let count = rest.split_inclusive('\n').count();
        let is_known = |line: &str| lines.iter().any(|(_, known)| known == line);
        count >= quorum.min(lines.len()) && rest.split_inclusive('\n').all(is_known)
    }

    /// What lies beyond the last entry, and what belongs to nothing.
    pub(super) fn finish(mut self, tx: &mut Snapshot<'_>, report: &mut Report) -> Result<(), Error> {
        while self.peek(tx)?.is_some() {
            let Some((row, note)) = self.next.pop_front() else { break };
            self.checkpoint(tx, row, &note, None, report)?;
        }
        let kept = self.rules.kept.sizes.iter().skip(self.kept);
        for size in kept {
            report.find(format!("checkpoints/{size}"), Problem::NotKept);
        }
        self.orphans(tx, report)?;
        for (place, size, is_signed) in std::mem::take(&mut self.contradicted) {
            // Both histories are signed only where a signed tree extends the database's at that size.
            let is_fork = is_signed && self.held >= Some(size);
            report.find(place, if is_fork { Problem::Fork { size } } else { Problem::Contradicts { size } });
        }
        Ok(())
    }

    fn orphans(&self, tx: &mut Snapshot<'_>, report: &mut Report) -> Result<(), Error> {
        let (mut size, mut witness, mut found) = (i64::MIN, String::new(), 0_u64);
        loop {
            let rows = tx.connection.rows::<(BigInt, Text), (i64, String)>(
                "SELECT size, witness FROM audit_cosig WHERE (size, witness) > (?, ?) ORDER BY size, witness LIMIT ?",
                &[Bind::Int(size), Bind::Text(&witness), Bind::Int(PAGE)],
            )?;
            found += u64::try_from(rows.len()).unwrap_or(u64::MAX);
            match rows.into_iter().next_back() {
                Some(last) => (size, witness) = last,
                None => break,
            }
        }
        if found > self.lines {
            report.find("audit_cosig", Problem::Orphans { count: found - self.lines });
        }
        Ok(())
    }
}

/// What `audit_cosig` must call the witness of a line: a line carries the name, and the id before the signature.
fn line_name(line: &str) -> Option<String> {
    let (name, encoded) = line.strip_prefix("— ")?.strip_suffix('\n')?.split_once(' ')?;
    let bytes = STANDARD.decode(encoded).ok()?;
    let id = u32::from_be_bytes(*bytes.first_chunk::<4>()?);
    Some(format!("{name}+{id:08x}"))
}

/// What `audit_cosig` calls a witness.
fn stored_name(key: &WitnessKey) -> String {
    format!("{}+{:08x}", key.name(), key.id())
}
