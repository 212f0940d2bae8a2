//! What the auditor's tools say: for people line by line, for scripts one JSON object.

#![allow(clippy::print_stdout, reason = "an auditor reads it on a terminal")]

use serde_json::{Value, json};

use super::Against;
use crate::ledger::note::Checkpoint;
use crate::ledger::receipt::{ReceiptError, VerifiedReceipt};
use crate::ledger::verify::{Finding, Report, Verdict};

/// Prints what a verification of a directory saw.
pub(super) fn print_report(report: &Report, as_json: bool) {
    if as_json {
        println!("{}", report_json(report));
        return;
    }
    print_checkpoint(report.checkpoint.as_ref());
    println!("entries:  {}", report.entries);
    for ((kind, outcome), count) in &report.kinds {
        println!("          {count:>8}  {kind} ({outcome})");
    }
    if let (Some(first), Some(last)) = (report.first_ts, report.last_ts) {
        println!("recorded: {first} to {last}");
    }
    print_findings(report);
    let window = u64::try_from(report.ids_window).unwrap_or(u64::MAX);
    if report.entries > window {
        println!("note:     each entry id was compared with those of the {window} entries before it");
    }
    println!("verdict:  {}", word(report.verdict()));
}

/// Prints a receipt that holds, and what the log says to it.
pub(super) fn print_receipt(receipt: &VerifiedReceipt, against: &Against, as_json: bool) {
    let leaf = &receipt.leaf;
    if as_json {
        let log = match against {
            Against::NotAsked => Value::Null,
            Against::Holds { size } => json!({"verdict": "ok", "size": size}),
            Against::Flawed(report) => report_json(report),
            Against::TooShort { size } => json!({"verdict": "incomplete", "size": size}),
            Against::Fork => json!({"verdict": "fork"}),
        };
        let checkpoint = checkpoint_json(Some(&receipt.checkpoint));
        let receipt = json!({
            "verdict": word(against.verdict()), "index": receipt.index, "id": leaf.id.to_string(),
            "ts": leaf.ts.to_string(), "kind": leaf.kind, "outcome": leaf.outcome, "replica": leaf.replica,
            "policy_sha256": leaf.policy_sha256.to_string(), "details": leaf.details.to_string(),
            "checkpoint": checkpoint, "log": log,
        });
        println!("{receipt}");
        return;
    }
    print_checkpoint(Some(&receipt.checkpoint));
    println!("entry:    {} at index {}", leaf.id, receipt.index);
    println!("what:     {} ({}), recorded {}", leaf.kind, leaf.outcome, leaf.ts);
    println!("policies: {}", leaf.policy_sha256);
    match against {
        Against::NotAsked => {}
        Against::Holds { size } => println!("log:      whole, {size} entries, extends the receipt's tree"),
        Against::Flawed(report) => print_findings(report),
        Against::TooShort { size } => println!("log:      ends at {size} entries, before the receipt's tree"),
        Against::Fork => println!(
            "log:      FORK: the directory's signed tree does not extend the receipt's signed tree; keep both as evidence"
        ),
    }
    println!("verdict:  {}", word(against.verdict()));
}

/// Prints why a receipt does not hold.
pub(super) fn print_refusal(error: &ReceiptError, as_json: bool) {
    // The cause says which link of the chain broke.
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}"));
    let message = format!("{error}{}", cause.unwrap_or_default());
    let verdict = word(Some(Verdict::Tampered));
    if as_json {
        println!("{}", json!({"verdict": verdict, "finding": message}));
    } else {
        println!("finding:  {message}\nverdict:  {verdict}");
    }
}

fn print_checkpoint(checkpoint: Option<&Checkpoint>) {
    if let Some(Checkpoint { origin, size, root }) = checkpoint {
        println!("log:      {origin}\ntree:     {size} entries, root {root}");
    }
}

fn print_findings(report: &Report) {
    for finding in &report.findings {
        println!("finding:  {finding}");
    }
    if report.more_findings > 0 {
        println!("          and {} more", report.more_findings);
    }
}

fn report_json(report: &Report) -> Value {
    let kinds: Vec<_> = report
        .kinds
        .iter()
        .map(|((kind, outcome), count)| json!({"kind": kind, "outcome": outcome, "count": count}))
        .collect();
    json!({
        "verdict": word(report.verdict()),
        "checkpoint": checkpoint_json(report.checkpoint.as_ref()),
        "entries": report.entries,
        "kinds": kinds,
        "first_ts": report.first_ts.map(|ts| ts.to_string()),
        "last_ts": report.last_ts.map(|ts| ts.to_string()),
        "ids_window": report.ids_window,
        "findings": report.findings.iter().map(finding_json).collect::<Vec<_>>(),
        "more_findings": report.more_findings,
    })
}

fn finding_json(finding: &Finding) -> Value {
    let place = &finding.place;
    json!({
        "verdict": finding.problem.verdict().word(),
        "problem": finding.problem.to_string(),
        "file": place.file,
        "entry": place.entry,
        "bytes": place.bytes.as_ref().map(|bytes| [bytes.start, bytes.end]),
    })
}

fn checkpoint_json(checkpoint: Option<&Checkpoint>) -> Value {
    checkpoint.map_or(
        Value::Null,
        |Checkpoint { origin, size, root }| json!({"origin": origin, "size": size, "root": root.to_string()}),
    )
}

fn word(verdict: Option<Verdict>) -> &'static str {
    verdict.map_or("ok", Verdict::word)
}
