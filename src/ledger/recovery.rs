//! How a log says that it came after another one: a statement that its first entry commits to, and the file that opens it.
//!
//! A log that was lost, or that contradicts what was signed, is not continued: its successor has a name of its own, and its first
//! entry, of kind `recovered`, commits in `envelope_sha256` to the statement below. The static log directory has both together in
//! the file `recovered`: a line `openings ` with the opening of that field, then the statement, which is about nobody.
//!
//! ```text
//! throughgate-recovery/v1
//! log northmoor.example/log/2
//! before northmoor.example/log
//! found 41 <root, base64>             what the head in the database said when the old log was closed
//! signed 57 <root, base64>            the largest head that is known to have been signed; left out if none is
//!
//! <the last checkpoint of the old log that is known, as it was signed and cosigned; nothing if none is>
//! ```

use std::fmt;
use std::str::FromStr;

use super::Hash;
use super::entry::{Field, Leaf, Opening};
use super::note::{ClaimedHead, claimed_head, claimed_origin, parse_decimal};
use crate::vocabulary::{EntryKind, Outcome};

/// The path of the file in a log's directory.
pub const RECOVERED_PATH: &str = "recovered";
const FORMAT: &str = "throughgate-recovery/v1";
const OPENINGS: &str = "openings ";

/// What a new log says of the one before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The name of the new log.
    pub log: String,
    /// The name of the log before it.
    pub before: String,
    /// The head of that log as its database stated it when it was closed.
    pub found: ClaimedHead,
    /// The largest head of it that is known to have been signed, with or without the signature at hand.
    pub signed: Option<ClaimedHead>,
    /// The last checkpoint of it that is known, as it was signed and cosigned.
    pub checkpoint: Option<String>,
}

impl Statement {
    /// What `envelope_sha256` of the entry says: SHA-256 over the SHA-256 of the one thing that was written.
    pub fn commitment(text: &str) -> String {
        Hash::sha256(Hash::sha256(text.as_bytes()).as_ref()).to_string()
    }

    /// The largest head of the log before that it names.
    pub fn named(&self) -> Option<ClaimedHead> {
        let checkpoint = self.checkpoint.as_deref().and_then(claimed_head);
        [self.signed, checkpoint].into_iter().flatten().max_by_key(|head| head.size)
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { log, before, found, signed, checkpoint } = self;
        writeln!(f, "{FORMAT}\nlog {log}\nbefore {before}")?;
        let heads = std::iter::once(("found", found)).chain(signed.iter().map(|head| ("signed", head)));
        for (word, ClaimedHead { size, root }) in heads {
            writeln!(f, "{word} {size} {}", root.to_base64())?;
        }
        write!(f, "\n{}", checkpoint.as_deref().unwrap_or_default())
    }
}

impl FromStr for Statement {
    type Err = RecoveryError;

    fn from_str(text: &str) -> Result<Self, RecoveryError> {
        let parsed = parse(text).ok_or(RecoveryError::Malformed)?;
        // One spelling for one statement.
        if parsed.to_string() == text { Ok(parsed) } else { Err(RecoveryError::Malformed) }
    }
}

fn parse(text: &str) -> Option<Statement> {
    let (header, checkpoint) = text.split_once("\n\n")?;
    let mut lines = header.lines();
    (lines.next()? == FORMAT).then_some(())?;
    let log = lines.next()?.strip_prefix("log ")?.to_owned();
    let before = lines.next()?.strip_prefix("before ")?.to_owned();
    let found = head(lines.next()?.strip_prefix("found ")?)?;
    let signed = match lines.next() {
        Some(line) => Some(head(line.strip_prefix("signed ")?)?),
        None => None,
    };
    let checkpoint = (!checkpoint.is_empty()).then(|| checkpoint.to_owned());
    // The signature is for whoever has the keys; here it must be of that log at all.
    if checkpoint.as_deref().is_some_and(|note| claimed_origin(note).as_ref() != Some(&before)) {
        return None;
    }
    Some(Statement { log, before, found, signed, checkpoint })
}

fn head(text: &str) -> Option<ClaimedHead> {
    let (size, root) = text.split_once(' ')?;
    Some(ClaimedHead { size: parse_decimal(size)?, root: Hash::from_base64(root).ok()? })
}

/// The statement with what proves that the log's first entry commits to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveredFile {
    /// The opening of `envelope_sha256`.
    pub opening: Opening,
    /// The statement, as it was committed to.
    pub statement: String,
}

impl fmt::Display for RecoveredFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let opening = Opening::print_header(std::slice::from_ref(&self.opening));
        write!(f, "{OPENINGS}{opening}\n{}", self.statement)
    }
}

impl FromStr for RecoveredFile {
    type Err = RecoveryError;

    fn from_str(text: &str) -> Result<Self, RecoveryError> {
        let (first, statement) = text.split_once('\n').ok_or(RecoveryError::Malformed)?;
        let header = first.strip_prefix(OPENINGS).ok_or(RecoveryError::Malformed)?;
        let openings = Opening::parse_header(header).map_err(|_| RecoveryError::Malformed)?;
        let [opening] = <[Opening; 1]>::try_from(openings).map_err(|_| RecoveryError::Malformed)?;
        Ok(Self { opening, statement: statement.to_owned() })
    }
}

impl RecoveredFile {
    /// What the log says of the one before it, if its first entry, this leaf, commits to it.
    ///
    /// # Errors
    /// When the leaf is of another kind or log, or commits to something else.
    pub fn verify(&self, leaf: &Leaf) -> Result<Statement, RecoveryError> {
        if !begins_anew(leaf) {
            return Err(RecoveryError::OtherEntry);
        }
        let Self { opening, statement } = self;
        let is_committed = opening.field == Field::EnvelopeSha256
            && opening.verify(&leaf.details)
            && opening.plaintext == Statement::commitment(statement);
        if !is_committed {
            return Err(RecoveryError::NotCommitted);
        }
        let statement: Statement = statement.parse()?;
        if statement.log == leaf.origin { Ok(statement) } else { Err(RecoveryError::OtherLog) }
    }
}

/// Whether an entry begins a log after another one.
pub fn begins_anew(leaf: &Leaf) -> bool {
    leaf.kind == EntryKind::Recovered && leaf.outcome == Outcome::Permitted
}

/// Why what a log says of the one before it is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryError {
    /// It has not the form above.
    #[error("is not a well-formed statement of a recovery")]
    Malformed,
    /// The first entry does not begin a log anew.
    #[error("the first entry of the log is not that of a recovery")]
    OtherEntry,
    /// The first entry commits to another statement, or the opening is false.
    #[error("is not what the first entry of the log commits to")]
    NotCommitted,
    /// It speaks of another log than this one.
    #[error("is about another log")]
    OtherLog,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::EntryId;
    use crate::ledger::entry::{Commitments, Fields, Seeds};
    use crate::ledger::note::SigningKey;

    fn statement() -> Statement {
        let key = SigningKey::from_seed("northmoor.example/log", &[7; 32]).unwrap();
        let signed = ClaimedHead { size: 57, root: Hash::sha256(b"57") };
        Statement {
            log: "northmoor.example/log/2".to_owned(),
            before: "northmoor.example/log".to_owned(),
            found: ClaimedHead { size: 41, root: Hash::sha256(b"41") },
            signed: Some(signed),
            checkpoint: Some(key.sign(&key.checkpoint(50, Hash::sha256(b"50")))),
        }
    }

    fn file(statement: &Statement) -> (RecoveredFile, Leaf) {
        let statement = statement.to_string();
        let mut fields = Fields::new();
        fields.set(Field::EnvelopeSha256, Statement::commitment(&statement));
        fields.set(Field::ReasonText, "the disk died");
        let commitments = Commitments::new(fields, &Seeds::from_bytes([3; 32], [4; 32]));
        let leaf = Leaf {
            id: EntryId::at("2026-11-20T16:50:00Z".parse().unwrap()),
            ts: "2026-11-20T16:50:00Z".parse().unwrap(),
            kind: EntryKind::Recovered,
            outcome: Outcome::Permitted,
            origin: "northmoor.example/log/2".to_owned(),
            replica: "gateway-1".to_owned(),
            policy_sha256: Hash::sha256(b""),
            details: commitments.root(),
        };
        (RecoveredFile { opening: commitments.open(Field::EnvelopeSha256).unwrap(), statement }, leaf)
    }

    #[test]
    fn a_statement_comes_back_as_it_was_whether_or_not_anything_signed_is_known() {
        let whole = statement();
        for known in [
            whole.clone(),
            Statement { signed: None, ..whole.clone() },
            Statement { checkpoint: None, ..whole.clone() },
            Statement { signed: None, checkpoint: None, ..whole.clone() },
        ] {
            assert_eq!(known.to_string().parse(), Ok(known));
        }
        assert_eq!(whole.named().map(|head| head.size), Some(57));
        assert_eq!(Statement { signed: None, ..whole }.named().map(|head| head.size), Some(50));
    }

    #[test]
    fn the_first_entry_vouches_for_the_file_and_for_nothing_else() {
        let (file, leaf) = file(&statement());
        let read: RecoveredFile = file.to_string().parse().unwrap();
        assert_eq!(read, file);
        assert_eq!(read.verify(&leaf), Ok(statement()));
        let other = Leaf { kind: EntryKind::System, ..leaf.clone() };
        assert_eq!(read.verify(&other), Err(RecoveryError::OtherEntry));
        let refused = Leaf { outcome: Outcome::Refused, ..leaf.clone() };
        assert_eq!(read.verify(&refused), Err(RecoveryError::OtherEntry));
        let elsewhere = Leaf { origin: "eastvale.example/log".to_owned(), ..leaf };
        assert_eq!(read.verify(&elsewhere), Err(RecoveryError::OtherLog));
    }

    #[test]
    fn a_file_with_any_bit_changed_is_not_believed() {
        let (file, leaf) = file(&statement());
        let text = file.to_string();
        for at in 0..text.len() {
            for bit in 0..7 {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                let Ok(changed) = String::from_utf8(bytes) else { continue };
                let believed = changed.parse::<RecoveredFile>().is_ok_and(|file| file.verify(&leaf).is_ok());
                assert!(!believed, "byte {at}, bit {bit}");
            }
        }
    }

    #[test]
    fn what_has_another_form_is_refused() {
        let text = statement().to_string();
        for wrong in [
            String::new(),
            text.replacen("v1", "v2", 1),
            text.replacen("found 41", "found 041", 1),
            text.replacen("\n\n", "\nmore\n\n", 1),
            text.replacen("before northmoor", "before eastvale", 1),
            format!("{text}\n"),
        ] {
            assert_eq!(wrong.parse::<Statement>(), Err(RecoveryError::Malformed), "{wrong}");
        }
    }
}
