//! `audit verify-export`

#![allow(clippy::print_stdout, reason = "an auditor reads it on a terminal")]

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::export::jsonl::Line;
use super::print::{print_report_findings, report_json};
use super::server::ServerArgs;
use super::source::{Source, SourceError};
use super::trust::TrustArgs;
use super::verify::verify_log;
use super::{Failure, Judgement, unreadable};
use crate::ledger::verify::{Report, Verdict, entry_at};

/// Findings that are printed; more are counted only.
const MOST: usize = 100;

/// `audit verify-export`
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  throughgate audit verify-export june.jsonl --log var/demo/log --log-key northmoor.vkey\n\n\
    Verifies the log, and of what `audit export --format jsonl` wrote each line to the byte: that the log has its leaf at its\n\
    index, that the fields which it shows are those that the leaf commits to, and that lines stand in the order of the log.\n\
    FHIR and CEF leave the leaf out and cannot be verified; keep the JSON lines beside them.\n\n\
    Exit: 0 all well, 2 wrong use, 10 the export or the log is tampered with, 20 too few cosignatures, 30 fork, 40 the log ends\n\
    before the export, or with --complete an entry of the log is not in it, 50 late or back-dated."
)]
pub struct VerifyExportArgs {
    /// The export
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The log
    #[arg(long, value_name = "DIR|URL")]
    pub log: String,
    /// It was made without any filter: every entry of the log must be in it
    #[arg(long)]
    pub complete: bool,
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

/// What was found in an export.
#[derive(Default)]
struct Export {
    lines: u64,
    /// The index that the next line must at least have.
    next: u64,
    findings: Vec<(Verdict, String)>,
    more: u64,
}

impl Export {
    fn find(&mut self, verdict: Verdict, says: String) {
        let is_worse = self.findings.iter().all(|(known, _)| *known < verdict);
        if self.findings.len() < MOST || is_worse {
            self.findings.push((verdict, says));
        } else {
            self.more += 1;
        }
    }

    /// Entries of the log that no line is for.
    fn skipped(&mut self, until: u64, is_complete: bool) {
        if is_complete && self.next < until {
            let from = self.next;
            self.find(
                Verdict::Incomplete,
                format!("entries from {from} to before {until} are not in the export"),
            );
        }
    }

    fn line(&mut self, text: &str, source: &Source, size: u64, is_complete: bool) -> Result<(), SourceError> {
        self.lines += 1;
        let number = self.lines;
        let Some(Line { index, leaf, .. }) = Line::parse(text) else {
            self.find(Verdict::Tampered, format!("line {number} is not what an export writes for any entry"));
            return Ok(());
        };
        if index < self.next {
            self.find(
                Verdict::Tampered,
                format!("line {number}: entry {index} stands after a later one, or twice"),
            );
            return Ok(());
        }
        self.skipped(index.min(size), is_complete);
        self.next = index.saturating_add(1);
        if index >= size {
            self.find(
                Verdict::Incomplete,
                format!("line {number} is for entry {index}, and the log ends at {size}"),
            );
            return Ok(());
        }
        match entry_at(source, index, size)? {
            Some(entry) if entry == leaf => {}
            Some(_) => self.find(Verdict::Tampered, format!("line {number} is not entry {index} of the log")),
            None => self.find(Verdict::Incomplete, format!("entry {index} is not in the log's files")),
        }
        Ok(())
    }
}

pub(super) fn run(args: &VerifyExportArgs) -> Judgement {
    let source = Source::open(&args.log, &args.server)?;
    let trust = args.trust.read(Some(&args.log))?;
    let file = File::open(&args.file).map_err(|error| unreadable(&args.file, &error))?;
    let report = verify_log(&source, &trust, &[], |_| {})?;
    let size = report.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.size);
    let mut export = Export::default();
    let (mut file, mut line) = (BufReader::new(file), Vec::new());
    while file.read_until(b'\n', &mut line).map_err(|error| unreadable(&args.file, &error))? > 0 {
        // What has no end was cut off.
        let text = line.strip_suffix(b"\n").and_then(|line| str::from_utf8(line).ok()).unwrap_or_default();
        export
            .line(text, &source, size, args.complete)
            .map_err(|error: SourceError| Failure::incomplete(&error))?;
        line.clear();
    }
    export.skipped(size, args.complete);
    let verdict = export.findings.iter().map(|(verdict, _)| *verdict).max().max(report.verdict());
    print(args.json, &export, &report, verdict);
    Ok(verdict)
}

fn print(as_json: bool, export: &Export, report: &Report, verdict: Option<Verdict>) {
    let word = verdict.map_or("ok", Verdict::word);
    if as_json {
        let findings: Vec<_> = export
            .findings
            .iter()
            .map(|(verdict, says)| json!({"verdict": verdict.word(), "problem": says}))
            .collect();
        let document = json!({
            "verdict": word, "lines": export.lines, "findings": findings, "more_findings": export.more,
            "log": report_json(report),
        });
        println!("{document}");
        return;
    }
    println!("export:   {} lines", export.lines);
    print_report_findings(report);
    for (_, says) in &export.findings {
        println!("finding:  {says}");
    }
    if export.more > 0 {
        println!("finding:  {} more", export.more);
    }
    println!("verdict:  {word}");
}
