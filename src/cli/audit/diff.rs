//! `audit diff`

#![allow(clippy::print_stdout, reason = "an auditor reads it on a terminal")]

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::server::ServerArgs;
use super::source::{Source, SourceError};
use super::trust::TrustArgs;
use super::{Failure, Judgement, read_note, unreadable};
use crate::ledger::compare::{Relation, by_size_alone, by_tree, first_difference};
use crate::ledger::note::{Checkpoint, VerifierKey, claimed_head};
use crate::ledger::proof::inclusion;
use crate::ledger::receipt::Receipt;
use crate::ledger::tiles::CHECKPOINT_PATH;
use crate::ledger::tree::ReadError;
use crate::ledger::verify::{DirectoryNodes, LogDirectory as _, Verdict, entry_at};

/// `audit diff`
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  throughgate audit diff mine.checkpoint theirs.checkpoint --log-key northmoor.vkey \\\n    \
    --log my-copy/log --log their-copy/log --out fork.json\n\n\
    Two checkpoints of one size need no log. For others give the log of the larger one; with the logs of both, in their\n\
    order, a fork's evidence also has the first entry that differs, as a receipt from each history: anybody who has the\n\
    log's key can check it alone.\n\n\
    Exit: 0 the same or consistent, 2 wrong use, 10 a checkpoint or log is tampered with, 30 fork, 40 it takes the log to\n\
    tell, or more of it."
)]
pub struct DiffArgs {
    /// A checkpoint: a file of its own, or a receipt
    pub a: PathBuf,
    /// Another of the same log
    pub b: PathBuf,
    /// The log that A is from, then the one that B is from
    #[arg(long, value_name = "DIR|URL")]
    pub log: Vec<String>,
    /// File to write a fork's evidence to; must not exist
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Whom to believe
    #[command(flatten)]
    pub trust: TrustArgs,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
    /// For a log on a server
    #[command(flatten)]
    pub server: ServerArgs,
}

/// A signed checkpoint and the log that it is from.
struct Side {
    name: String,
    note: String,
    checkpoint: Checkpoint,
    log: Option<Source>,
}

pub(super) fn run(args: &DiffArgs) -> Judgement {
    if args.log.len() > 2 {
        return Err(Failure::usage("--log is for A and for B: two at most"));
    }
    let trust = args.trust.read(args.log.first().map(String::as_str))?;
    let mut sides = Vec::new();
    for (at, file) in [&args.a, &args.b].into_iter().enumerate() {
        let (name, note) = (file.display().to_string(), read_note(file)?);
        let checkpoint = match Checkpoint::open(&note, &trust.keys) {
            Ok(checkpoint) => checkpoint,
            Err(error) => {
                return Ok(print(args, Some(Verdict::Tampered), &format!("{name}: {error}"), Value::Null));
            }
        };
        let log = args.log.get(at).map(|log| Source::open(log, &args.server)).transpose()?;
        sides.push(Side { name, note, checkpoint, log });
    }
    let [a, b] = sides.as_slice() else {
        return Err(Failure::usage("two checkpoints are needed"));
    };
    if a.checkpoint.origin != b.checkpoint.origin {
        return Err(Failure::usage("the checkpoints are of different logs"));
    }
    let (verdict, says) = match relation(a, b).map_err(|error| Failure::incomplete(&error))? {
        Relation::Same => (None, "the same tree".to_owned()),
        Relation::Extends => (None, "consistent: the larger tree extends the smaller".to_owned()),
        Relation::Fork => (Some(Verdict::Fork), "FORK: the log's key signed two histories".to_owned()),
        Relation::OtherNodes => {
            let says = "the log that was given does not lead to the larger checkpoint";
            (Some(Verdict::Tampered), says.to_owned())
        }
        Relation::Unknown => {
            let says = "the sizes differ: it takes the log of the larger one (--log), whole, to tell";
            (Some(Verdict::Incomplete), says.to_owned())
        }
    };
    let mut evidence = Value::Null;
    if verdict == Some(Verdict::Fork) {
        evidence = gather(a, b, &trust.keys).map_err(|error| Failure::incomplete(&error))?;
        if let Some(file) = &args.out {
            write_new(file, &evidence)?;
        }
    }
    Ok(print(args, verdict, &says, evidence))
}

fn relation(a: &Side, b: &Side) -> Result<Relation, SourceError> {
    let mut relation = by_size_alone(&a.checkpoint, &b.checkpoint);
    for log in [&a.log, &b.log].into_iter().flatten() {
        if !matches!(relation, Relation::Unknown | Relation::OtherNodes) {
            break;
        }
        let Some(size) = reach(log)? else { continue };
        // The log of the smaller one may end before the larger; then it tells nothing.
        let told = by_tree(&a.checkpoint, &b.checkpoint, &DirectoryNodes::new(log, size))?;
        if told != Relation::Unknown {
            relation = told;
        }
    }
    Ok(relation)
}

/// How many entries a log says that it has.
fn reach(log: &Source) -> Result<Option<u64>, SourceError> {
    let note = log.read(CHECKPOINT_PATH)?.and_then(|note| String::from_utf8(note).ok());
    Ok(note.and_then(|note| claimed_head(&note)).map(|head| head.size))
}

/// Both signed notes, and where the logs are there, what each history has at the first index at which they differ.
fn gather(a: &Side, b: &Side, keys: &[VerifierKey]) -> Result<Value, SourceError> {
    let mut evidence = json!({
        "format": "throughgate-fork-evidence/v1",
        "origin": a.checkpoint.origin,
        "log_keys": keys.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "a": {"file": a.name, "size": a.checkpoint.size, "checkpoint": a.note},
        "b": {"file": b.name, "size": b.checkpoint.size, "checkpoint": b.note},
    });
    let (Some(log_a), Some(log_b)) = (&a.log, &b.log) else {
        return Ok(evidence);
    };
    let (Some(size_a), Some(size_b)) = (reach(log_a)?, reach(log_b)?) else {
        return Ok(evidence);
    };
    let (nodes_a, nodes_b) = (DirectoryNodes::new(log_a, size_a), DirectoryNodes::new(log_b, size_b));
    let both = a.checkpoint.size.min(b.checkpoint.size);
    let index = match first_difference(&nodes_a, &nodes_b, both) {
        Ok(Some(index)) => index,
        Err(ReadError::Store(error)) => return Err(error),
        Ok(None) | Err(_) => return Ok(evidence),
    };
    let receipts = [receipt(a, log_a, size_a, index, keys)?, receipt(b, log_b, size_b, index, keys)?];
    let [receipt_a, receipt_b] = receipts.map(|receipt| receipt.map(|receipt| receipt.print()));
    if let Some(members) = evidence.as_object_mut() {
        members.insert(
            "first_difference".to_owned(),
            json!({"index": index, "receipt_a": receipt_a, "receipt_b": receipt_b}),
        );
    }
    Ok(evidence)
}

/// The entry of this index as a receipt under the side's checkpoint, where its log gives one that holds.
fn receipt(
    side: &Side,
    log: &Source,
    size: u64,
    index: u64,
    keys: &[VerifierKey],
) -> Result<Option<Receipt>, SourceError> {
    let proof = match inclusion(index, side.checkpoint.size, &DirectoryNodes::new(log, size)) {
        Ok(proof) => proof,
        Err(ReadError::Store(error)) => return Err(error),
        Err(_) => return Ok(None),
    };
    let receipt =
        entry_at(log, index, size)?.map(|leaf| Receipt { leaf, index, proof, checkpoint: side.note.clone() });
    Ok(receipt.filter(|receipt| receipt.verify(keys).is_ok()))
}

/// Evidence is never written over.
fn write_new(path: &Path, evidence: &Value) -> Result<(), Failure> {
    use std::io::Write as _;
    let failed = |error| unreadable(path, &error);
    let mut file = std::fs::File::create_new(path).map_err(failed)?;
    file.write_all(format!("{evidence:#}\n").as_bytes()).and_then(|()| file.sync_all()).map_err(failed)
}

fn print(args: &DiffArgs, verdict: Option<Verdict>, says: &str, evidence: Value) -> Option<Verdict> {
    let word = verdict.map_or("ok", Verdict::word);
    if args.json {
        println!("{}", json!({"verdict": word, "says": says, "evidence": evidence}));
        return verdict;
    }
    println!("finding:  {says}");
    if let Some(index) = evidence.pointer("/first_difference/index") {
        println!("from:     entry {index} on the histories differ");
    }
    match &args.out {
        Some(file) if !evidence.is_null() => println!("evidence: {}", file.display()),
        None if !evidence.is_null() => println!("evidence: --out FILE keeps it"),
        _ => {}
    }
    println!("verdict:  {word}");
    verdict
}
