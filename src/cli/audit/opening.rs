//! `audit opening`

#![allow(clippy::print_stdout, reason = "an auditor reads it on a terminal")]

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use serde_json::{Value, json};

use super::receipt::refusal_text;
use super::trust::TrustArgs;
use super::{Failure, Judgement, parse_receipt, read_text, unreadable};
use crate::ledger::Hash;
use crate::ledger::entry::{Field, Leaf, Opening};
use crate::ledger::verify::Verdict;

/// `audit opening`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  throughgate audit opening --receipt 0001.tlog-proof --log-key northmoor.vkey --openings 0001.openings --body 0001.json\n  \
    throughgate audit opening --openings entry.json     (what GET /v1/audit/entries/{id} answered: leaf and openings)\n\n\
    Prints a field only if its salt and plaintext lead to what the leaf commits to. That the leaf is in a log is what a\n\
    receipt shows (--receipt with --log-key), or `audit range`.\n\n\
    Exit: 0 every opening holds, 2 wrong use, 10 one does not, or the receipt does not."
)]
pub struct OpeningArgs {
    /// The leaf: its JSON or base64, or a file with either
    #[arg(conflicts_with = "receipt")]
    pub leaf: Option<String>,
    /// A receipt with the leaf; verified where --log-key is given
    #[arg(long, value_name = "FILE")]
    pub receipt: Option<PathBuf>,
    /// The value of the header Audit-Openings, a file with it, or a file with an entry as the gateway opens it to auditors
    #[arg(long, value_name = "FILE|HEADER")]
    pub openings: String,
    /// The response's body as received: must have the hash that the field response_sha256 opens to
    #[arg(long, value_name = "FILE")]
    pub body: Option<PathBuf>,
    /// Whom to believe
    #[command(flatten)]
    pub trust: TrustArgs,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

pub(super) fn run(args: &OpeningArgs) -> Judgement {
    let (header, entry_leaf) = openings(&args.openings)?;
    let openings = Opening::parse_header(header.trim()).map_err(|error| Failure::usage(error.to_string()))?;
    let mut problems = Vec::new();
    let bytes = match (&args.leaf, &args.receipt) {
        (Some(leaf), _) => leaf_bytes(leaf)?,
        (None, Some(file)) => {
            let receipt = parse_receipt(&read_text(file)?);
            let receipt = receipt.map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?;
            if !args.trust.log_key.is_empty() || args.trust.witness_policy.is_some() {
                let trust = args.trust.read(None)?;
                problems.extend(receipt.verify(&trust.keys).err().map(|error| refusal_text(&error)));
            }
            receipt.leaf
        }
        (None, None) => entry_leaf.ok_or_else(|| Failure::usage("give the LEAF, or --receipt FILE"))?,
    };
    let leaf = Leaf::parse(&bytes).map_err(|error| Failure::usage(error.to_string()))?;
    let (held, failed): (Vec<_>, Vec<_>) =
        openings.into_iter().partition(|opening| opening.verify(&leaf.details));
    problems.extend(
        failed.iter().map(|opening| format!("{}: not what the leaf commits to", opening.field.name())),
    );
    if let Some(file) = &args.body {
        problems.extend(body_problem(file, &held)?);
    }
    let verdict = (!problems.is_empty()).then_some(Verdict::Tampered);
    print(args.json, &leaf, &held, &problems, verdict);
    Ok(verdict)
}

/// The header's value, and the leaf where both came in one document.
fn openings(given: &str) -> Result<(String, Option<Vec<u8>>), Failure> {
    let text = if Path::new(given).is_file() { read_text(Path::new(given))? } else { given.to_owned() };
    let Ok(entry) = serde_json::from_str::<Value>(&text) else {
        return Ok((text, None));
    };
    let member = |name| entry.get(name).and_then(Value::as_str);
    let header = member("openings").ok_or_else(|| Failure::usage("the document has no member `openings`"))?;
    let leaf = member("leaf").and_then(|leaf| STANDARD.decode(leaf).ok());
    Ok((header.to_owned(), leaf))
}

fn leaf_bytes(given: &str) -> Result<Vec<u8>, Failure> {
    let path = Path::new(given);
    let bytes = match path.is_file() {
        true => std::fs::read(path).map_err(|error| unreadable(path, &error))?,
        false => given.as_bytes().to_vec(),
    };
    if bytes.starts_with(b"{") {
        // An editor ends a file with a newline, which is no part of a leaf.
        return Ok(bytes.strip_suffix(b"\n").unwrap_or(&bytes).to_vec());
    }
    let malformed = || Failure::usage("the leaf is neither a file, nor JSON, nor base64");
    STANDARD.decode(bytes.trim_ascii()).map_err(|_| malformed())
}

fn body_problem(file: &Path, held: &[Opening]) -> Result<Option<String>, Failure> {
    let body = std::fs::read(file).map_err(|error| unreadable(file, &error))?;
    let response = held.iter().find(|opening| opening.field == Field::ResponseSha256);
    Ok(match response {
        Some(opening) if opening.plaintext == Hash::sha256(&body).to_string() => None,
        Some(_) => Some("the body is not the one that the entry commits to".to_owned()),
        None => Some("response_sha256 is not opened, so nothing is said of the body".to_owned()),
    })
}

fn print(as_json: bool, leaf: &Leaf, held: &[Opening], problems: &[String], verdict: Option<Verdict>) {
    let word = verdict.map_or("ok", Verdict::word);
    if as_json {
        let fields: serde_json::Map<_, _> =
            held.iter().map(|opening| (opening.field.name().to_owned(), json!(opening.plaintext))).collect();
        let document = json!({
            "verdict": word, "id": leaf.id.to_string(), "ts": leaf.ts.to_string(), "kind": leaf.kind,
            "outcome": leaf.outcome, "fields": fields, "findings": problems,
        });
        println!("{document}");
        return;
    }
    println!("entry:    {} of {}", leaf.id, leaf.origin);
    println!("what:     {} ({}), recorded {}", leaf.kind, leaf.outcome, leaf.ts);
    for opening in held {
        let plaintext = match opening.plaintext.as_str() {
            "" => "(absent)".to_owned(),
            text => text.escape_debug().to_string().replace("\\n", ", "),
        };
        println!("field:    {:<18} {plaintext}", opening.field.name());
    }
    for problem in problems {
        println!("finding:  {problem}");
    }
    println!("verdict:  {word}");
}
