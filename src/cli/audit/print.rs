//! What the auditor's tools say of logs and receipts: for people line by line, for scripts one JSON object.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an auditor reads it on a terminal")]

use serde_json::{Value, json};

use super::receipt::{Judged, refusal_text};
use crate::ledger::note::Checkpoint;
use crate::ledger::receipt::ReceiptError;
use crate::ledger::recovery::Statement;
use crate::ledger::verify::{Bracket, Finding, Report, Succession, Verdict};
use crate::ledger::witness::Witnessed;

/// Prints what a verification of a log saw.
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
    if let Some(Bracket { size, seen_by, .. }) = report.witnessed.last {
        println!("witness:  {size} entries existed by {seen_by}, as enough witnesses say");
    }
    if report.witnessed.count > 1 {
        println!(
            "          {} cosigned checkpoints bracket the times of the entries",
            report.witnessed.count
        );
    }
    if report.extends > 0 {
        println!("earlier:  {} further checkpoints, all of trees that this one extends", report.extends);
    }
    if let Some(statement) = &report.recovered {
        print_statement(statement);
    }
    print_report_findings(report);
    if report.beyond > 0 {
        println!(
            "note:     {} files are of a larger tree than the checkpoint's: the log grows",
            report.beyond
        );
    }
    if !report.is_listed {
        println!("note:     a server does not tell which files it has: files too many were not looked for");
    }
    let window = u64::try_from(report.ids_window).unwrap_or(u64::MAX);
    if report.entries > window {
        println!("note:     each entry id was compared with those of the {window} entries before it");
    }
    println!("verdict:  {}", word(report.verdict()));
}

/// Prints what the verification of two logs saw of which the one came after the other.
pub(super) fn print_succession(
    report: &Report,
    before: &Report,
    succession: Option<&Succession>,
    as_json: bool,
) {
    if as_json {
        let mut json = report_json(report);
        if let Some(fields) = json.as_object_mut() {
            fields.insert("before".to_owned(), report_json(before));
            fields.insert("succession".to_owned(), succession.map_or(Value::Null, succession_json));
            let verdict = report.verdict().max(before.verdict());
            fields.insert("verdict".to_owned(), word(verdict).into());
        }
        println!("{json}");
        return;
    }
    print_report(report, false);
    println!("\nThe log before it");
    print_report(before, false);
    let Some(Succession { statement, was_a_copy, only_in_the_old }) = succession else { return };
    println!("\nBetween them");
    let size = statement.found.size;
    match was_a_copy {
        Some(true) => println!("found:    the database was a copy of the old log up to its entry {size}"),
        Some(false) => {
            println!("found:    the database of {size} entries held another history than the old log")
        }
        None => println!("found:    the old log does not reach the {size} entries that the database had"),
    }
    if *only_in_the_old > 0 && *was_a_copy == Some(true) {
        println!(
            "lost:     {only_in_the_old} entries are in the old log and in no database: what they did is not known"
        );
    }
}

fn print_statement(statement: &Statement) {
    println!("after:    {}, closed at {} entries", statement.before, statement.found.size);
    match statement.named() {
        Some(head) => println!("          {} entries of it were known to be signed", head.size),
        None => println!("          nothing signed of it was known"),
    }
}

fn succession_json(succession: &Succession) -> Value {
    let Succession { statement, was_a_copy, only_in_the_old } = succession;
    json!({
        "before": statement.before, "found": statement.found.size, "was_a_copy": was_a_copy,
        "only_in_the_old": only_in_the_old,
    })
}

fn statement_json(statement: &Statement) -> Value {
    json!({
        "before": statement.before, "found": statement.found.size,
        "signed": statement.named().map(|head| head.size), "checkpoint": statement.checkpoint,
    })
}

/// Prints a receipt that holds, and what witnesses and the log say to it.
pub(super) fn print_receipt(judged: &Judged, as_json: bool) {
    let Judged { receipt, witnessed, log } = judged;
    let leaf = &receipt.leaf;
    if as_json {
        let receipt = json!({
            "verdict": word(judged.verdict()), "index": receipt.index, "id": leaf.id.to_string(),
            "ts": leaf.ts.to_string(), "kind": leaf.kind, "outcome": leaf.outcome, "replica": leaf.replica,
            "policy_sha256": leaf.policy_sha256.to_string(), "details": leaf.details.to_string(),
            "checkpoint": checkpoint_json(Some(&receipt.checkpoint)),
            "witnessed": witnessed.as_ref().map(witnessed_json),
            "log": log.as_ref().map(report_json),
        });
        println!("{receipt}");
        return;
    }
    print_checkpoint(Some(&receipt.checkpoint));
    println!("entry:    {} at index {}", leaf.id, receipt.index);
    println!("what:     {} ({}), recorded {}", leaf.kind, leaf.outcome, leaf.ts);
    println!("policies: {}", leaf.policy_sha256);
    if let Some(witnessed) = witnessed {
        println!("witness:  {} cosignatures, of {} needed", witnessed.by.len(), witnessed.needed());
    }
    if let Some(existed_by) = witnessed.as_ref().and_then(Witnessed::existed_by) {
        println!("          the entry existed by {existed_by}");
    }
    match log {
        Some(log) if log.verdict().is_none() => {
            let size = log.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.size);
            println!("log:      whole, {size} entries, extends the receipt's tree");
        }
        Some(log) => print_report_findings(log),
        None => {}
    }
    if judged.verdict() == Some(Verdict::Fork) {
        println!(
            "          keep the receipt and the log's checkpoint: both are signed, and they are the evidence"
        );
    }
    println!("verdict:  {}", word(judged.verdict()));
}

/// Prints why a receipt does not hold.
pub(super) fn print_refusal(error: &ReceiptError, as_json: bool) {
    let message = refusal_text(error);
    let verdict = word(Some(Verdict::Tampered));
    if as_json {
        println!("{}", json!({"verdict": verdict, "finding": message}));
    } else {
        println!("finding:  {message}\nverdict:  {verdict}");
    }
}

/// Says beside the entries of a range, which go to standard output, what is wrong.
pub(super) fn print_findings(report: &Report, as_json: bool) {
    if as_json {
        eprintln!("{}", report_json(report));
        return;
    }
    for finding in &report.findings {
        eprintln!("finding:  {finding}");
    }
    eprintln!("verdict:  {}, {} entries", word(report.verdict()), report.entries);
}

/// Prints what is wrong with a log.
pub(super) fn print_report_findings(report: &Report) {
    for finding in &report.findings {
        println!("finding:  {finding}");
    }
    if report.more_findings > 0 {
        println!("          and {} more", report.more_findings);
    }
}

/// A report for scripts.
pub(super) fn report_json(report: &Report) -> Value {
    let kinds: Vec<_> = report
        .kinds
        .iter()
        .map(|((kind, outcome), count)| json!({"kind": kind, "outcome": outcome, "count": count}))
        .collect();
    json!({
        "verdict": word(report.verdict()),
        "checkpoint": checkpoint_json(report.checkpoint.as_ref()),
        "size": report.checkpoint.as_ref().map(|checkpoint| checkpoint.size),
        "entries": report.entries,
        "kinds": kinds,
        "first_ts": report.first_ts.map(|ts| ts.to_string()),
        "last_ts": report.last_ts.map(|ts| ts.to_string()),
        "ids_window": report.ids_window,
        "is_listed": report.is_listed,
        "files_beyond": report.beyond,
        "recovered": report.recovered.as_ref().map(statement_json),
        "extends": report.extends,
        "witnessed": {
            "checkpoints": report.witnessed.count,
            "first": report.witnessed.first.as_ref().map(bracket_json),
            "last": report.witnessed.last.as_ref().map(bracket_json),
        },
        "findings": report.findings.iter().map(finding_json).collect::<Vec<_>>(),
        "more_findings": report.more_findings,
    })
}

fn print_checkpoint(checkpoint: Option<&Checkpoint>) {
    if let Some(Checkpoint { origin, size, root }) = checkpoint {
        println!("log:      {origin}\ntree:     {size} entries, root {root}");
    }
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

fn bracket_json(bracket: &Bracket) -> Value {
    let Bracket { size, unseen_at, seen_by } = bracket;
    json!({"size": size, "no_more_at": unseen_at.to_string(), "existed_by": seen_by.to_string()})
}

fn witnessed_json(witnessed: &Witnessed) -> Value {
    let by: Vec<_> = witnessed
        .by
        .iter()
        .map(|cosigned| json!({"witness": cosigned.witness.name(), "at": cosigned.at.to_string()}))
        .collect();
    json!({
        "needed": witnessed.needed(), "by": by,
        "existed_by": witnessed.existed_by().map(|moment| moment.to_string()),
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
