//! `audit consistency`

#![allow(clippy::print_stdout, reason = "an auditor reads it on a terminal")]

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::server::ServerArgs;
use super::source::{Source, SourceError};
use super::trust::TrustArgs;
use super::{Failure, Judgement, read_note};
use crate::ledger::Hash;
use crate::ledger::note::{Checkpoint, VerifierKey, claimed_head};
use crate::ledger::proof::{consistency, root_at, verify_consistency};
use crate::ledger::tiles::CHECKPOINT_PATH;
use crate::ledger::tree::ReadError;
use crate::ledger::verify::{DirectoryNodes, LogDirectory as _, Verdict};

/// `audit consistency`
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  throughgate audit consistency monday.checkpoint tuesday.checkpoint --log var/demo/log --log-key northmoor.vkey\n\n\
    The proof (RFC 6962, one hash a line) is made from the log's tiles and checked against both signed roots.\n\n\
    Exit: 0 NEW extends OLD, 2 wrong use, 10 a checkpoint or the tiles are tampered with, 30 fork, 40 the tiles do not\n\
    reach NEW or are missing."
)]
pub struct ConsistencyArgs {
    /// The older checkpoint: a file of its own, or a receipt
    pub old: PathBuf,
    /// The newer checkpoint
    pub new: PathBuf,
    /// The log with the tiles
    #[arg(long, value_name = "DIR|URL")]
    pub log: String,
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

/// What came of it.
struct Outcome {
    verdict: Option<Verdict>,
    says: String,
    proof: Vec<Hash>,
}

impl Outcome {
    fn bad(verdict: Verdict, says: impl Into<String>) -> Self {
        Self { verdict: Some(verdict), says: says.into(), proof: Vec::new() }
    }
}

pub(super) fn run(args: &ConsistencyArgs) -> Judgement {
    let source = Source::open(&args.log, &args.server)?;
    let trust = args.trust.read(Some(&args.log))?;
    let mut opened = Vec::new();
    for file in [&args.old, &args.new] {
        match Checkpoint::open(&read_note(file)?, &trust.keys) {
            Ok(checkpoint) => opened.push(checkpoint),
            Err(error) => {
                let outcome = Outcome::bad(Verdict::Tampered, format!("{}: {error}", file.display()));
                return Ok(print(args, &opened, &outcome));
            }
        }
    }
    let [old, new] = opened.as_slice() else {
        return Err(Failure::usage("two checkpoints are needed"));
    };
    if old.origin != new.origin {
        return Err(Failure::usage("the checkpoints are of different logs"));
    }
    if old.size > new.size {
        return Err(Failure::usage("OLD is of a larger tree than NEW: give them the other way round"));
    }
    let outcome = prove(&source, &trust.keys, old, new).map_err(|error| Failure::incomplete(&error))?;
    Ok(print(args, &opened, &outcome))
}

fn prove(
    source: &Source,
    keys: &[VerifierKey],
    old: &Checkpoint,
    new: &Checkpoint,
) -> Result<Outcome, SourceError> {
    let note = source.read(CHECKPOINT_PATH)?.and_then(|note| String::from_utf8(note).ok());
    let Some(head) = note.as_ref().and_then(|note| claimed_head(note)) else {
        return Ok(Outcome::bad(Verdict::Incomplete, "the log has no checkpoint that tells its size"));
    };
    let size = head.size;
    if size < new.size {
        let says = format!("the log ends at {size} entries, before NEW");
        return Ok(Outcome::bad(Verdict::Incomplete, says));
    }
    let nodes = DirectoryNodes::new(source, size);
    let made =
        root_at(new.size, &nodes).and_then(|root| Ok((root, consistency(old.size, new.size, &nodes)?)));
    let (root, proof) = match made {
        Ok(made) => made,
        Err(ReadError::Store(error)) => return Err(error),
        Err(error) => return Ok(Outcome::bad(Verdict::Incomplete, error.to_string())),
    };
    if root != new.root {
        // Tiles that lead to a signed root of their own are another history; others prove nothing.
        let is_signed = note.is_some_and(|note| Checkpoint::open(&note, keys).is_ok());
        let is_a_history = is_signed && root_at(size, &nodes).is_ok_and(|root| root == head.root);
        return Ok(if is_a_history {
            Outcome::bad(
                Verdict::Fork,
                "FORK: the log leads to its own signed root, and not to NEW's; keep both as evidence",
            )
        } else if old.size == new.size && old.root != new.root {
            Outcome::bad(Verdict::Fork, "FORK: two trees of one size were signed; keep both as evidence")
        } else {
            Outcome::bad(Verdict::Tampered, "the tiles lead neither to NEW nor to a signed root of their own")
        });
    }
    Ok(match verify_consistency(old.size, &old.root, new.size, &new.root, &proof) {
        Ok(()) => Outcome { verdict: None, says: "NEW extends OLD".to_owned(), proof },
        Err(_) => Outcome::bad(
            Verdict::Fork,
            "FORK: NEW does not extend OLD, and both were signed; keep them as evidence",
        ),
    })
}

fn print(args: &ConsistencyArgs, opened: &[Checkpoint], outcome: &Outcome) -> Option<Verdict> {
    let word = outcome.verdict.map_or("ok", Verdict::word);
    let proof: Vec<_> = outcome.proof.iter().map(|hash| hash.to_base64()).collect();
    if args.json {
        let sizes: Vec<_> = opened.iter().map(|checkpoint| checkpoint.size).collect();
        println!("{}", json!({"verdict": word, "says": outcome.says, "sizes": sizes, "proof": proof}));
        return outcome.verdict;
    }
    for (name, checkpoint) in ["old", "new"].into_iter().zip(opened) {
        println!("{name}:      {} entries, root {}", checkpoint.size, checkpoint.root);
    }
    for hash in proof {
        println!("proof:    {hash}");
    }
    println!("finding:  {}\nverdict:  {word}", outcome.says);
    outcome.verdict
}
