//! `audit range`

use std::io::{Write as _, stdout};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use serde_json::json;

use super::print::print_findings;
use super::server::ServerArgs;
use super::source::Source;
use super::trust::TrustArgs;
use super::{Failure, Judgement};
use crate::ledger::verify::{Bracket, Rules, Shown, verify_range};

/// `audit range`
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  throughgate audit range var/demo/log 100 199 --log-key northmoor.vkey --json\n\n\
    Prints the entries of both indices and all between, each proved to be under the signed root, without reading the rest\n\
    of the log. With --witness-policy, also between which moments witnesses say that it came into the log.\n\n\
    Exit: 0 all well, 2 wrong use, 10 tampered, 20 too few cosignatures, 40 incomplete."
)]
pub struct RangeArgs {
    /// The log: its directory, or where a server has it
    #[arg(value_name = "DIR|URL")]
    pub log: String,
    /// The index of the first entry, from 0
    pub from: u64,
    /// The index of the last entry
    pub to: u64,
    /// Whom to believe
    #[command(flatten)]
    pub trust: TrustArgs,
    /// Print one JSON object a line and entry, with the leaf's bytes in base64
    #[arg(long)]
    pub json: bool,
    /// For a log on a server
    #[command(flatten)]
    pub server: ServerArgs,
}

pub(super) fn run(args: &RangeArgs) -> Judgement {
    if args.from > args.to {
        return Err(Failure::usage("FROM lies after TO"));
    }
    let source = Source::open(&args.log, &args.server)?;
    let trust = args.trust.read(Some(&args.log))?;
    let rules = Rules { policy: trust.policy.as_ref(), ..Rules::new(&trust.keys) };
    let mut out = stdout().lock();
    let mut show = |shown: Shown, brackets: &[Bracket]| {
        let line = if args.json { as_json(&shown, brackets) } else { as_text(&shown, brackets) };
        // Whoever closed the pipe has seen enough; the verdict is still given.
        let _ = writeln!(out, "{line}");
    };
    let report = verify_range(&source, &rules, args.from..=args.to, &mut show)
        .map_err(|error| Failure::incomplete(&error))?;
    drop(out);
    print_findings(&report, args.json);
    Ok(report.verdict())
}

fn as_text(shown: &Shown, brackets: &[Bracket]) -> String {
    let leaf = &shown.leaf;
    let (unseen, seen) = shown.bracket(brackets);
    let mut line = format!("{:>8}  {}  {}  {} ({})", shown.index, leaf.ts, leaf.id, leaf.kind, leaf.outcome);
    if let Some(unseen) = unseen {
        line.push_str(&format!("; not witnessed by {unseen}"));
    }
    if let Some(seen) = seen {
        line.push_str(&format!("; existed by {seen}"));
    }
    line
}

fn as_json(shown: &Shown, brackets: &[Bracket]) -> String {
    let leaf = &shown.leaf;
    let (unseen, seen) = shown.bracket(brackets);
    json!({
        "index": shown.index, "id": leaf.id.to_string(), "ts": leaf.ts.to_string(), "kind": leaf.kind,
        "outcome": leaf.outcome, "replica": leaf.replica, "policy_sha256": leaf.policy_sha256.to_string(),
        "details": leaf.details.to_string(), "leaf": STANDARD.encode(&shown.bytes),
        "not_witnessed_by": unseen.map(|unseen| unseen.to_string()),
        "existed_by": seen.map(|seen| seen.to_string()),
    })
    .to_string()
}
