//! `audit verify`

use std::path::PathBuf;

use clap::Args;
use jiff::SignedDuration;

use super::print::{print_report, print_succession};
use super::progress::Progress;
use super::server::ServerArgs;
use super::source::Source;
use super::trust::{Trust, TrustArgs};
use super::{Failure, Judgement, read_note};
use crate::ledger::verify::{MAX_LAG, Report, Rules, SKEW, verify_before, verify_by};

/// `audit verify`
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  throughgate audit verify var/demo/log --log-key northmoor.vkey\n  \
    throughgate audit verify https://gateway.northmoor.example:8443/v1/audit --log-key northmoor.vkey \\\n    \
    --ca ca.pem --cert client.pem --key client.key --token @token.txt --witness-policy witnesses.policy\n\n\
    It reads the log once, on every core, in constant memory. Checkpoints that the directory keeps in checkpoints/, and\n\
    those given by --checkpoint, must be of trees that the log extends; where the policy's witnesses cosigned them, they\n\
    bracket when entries came into the log.\n\n\
    A log that came after one that was lost says so in its first entry, opened in the file `recovered`. With --before, the\n\
    old log is verified too, and held against what the new one says of it; --log-key and --witness-policy are then for both.\n\n\
    Exit: 0 all well, 2 wrong use, 10 tampered, 20 too few cosignatures, 30 fork, 40 incomplete (also: pruned, stopped),\n\
    50 late or back-dated.")]
pub struct VerifyArgs {
    /// The log: its directory (tlog-tiles layout, `checkpoint` at its root), or where a server has it
    #[arg(value_name = "DIR|URL")]
    pub log: String,
    /// The log that this one came after: the directory that the operator put aside when it was lost
    #[arg(long, value_name = "DIR|URL")]
    pub before: Option<String>,
    /// Whom to believe
    #[command(flatten)]
    pub trust: TrustArgs,
    /// A checkpoint of this log that was kept, or a receipt with one; may be repeated
    #[arg(long = "checkpoint", value_name = "FILE")]
    pub checkpoint: Vec<PathBuf>,
    /// By how many seconds clocks may differ
    #[arg(long, value_name = "SECONDS", default_value_t = SKEW.as_secs(), value_parser = clap::value_parser!(i64).range(0..=86_400))]
    pub max_skew: i64,
    /// How many seconds after the time it states an entry may come into the log
    #[arg(long, value_name = "SECONDS", default_value_t = MAX_LAG.as_secs(), value_parser = clap::value_parser!(i64).range(0..=31_536_000))]
    pub max_lag: i64,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
    /// For a log on a server
    #[command(flatten)]
    pub server: ServerArgs,
}

pub(super) fn run(args: &VerifyArgs) -> Judgement {
    let source = Source::open(&args.log, &args.server)?;
    let trust = args.trust.read(Some(&args.log))?;
    let mut checkpoints = Vec::new();
    for file in &args.checkpoint {
        checkpoints.push((file.display().to_string(), read_note(file)?));
    }
    let adjust = |rules: &mut Rules<'_>| {
        rules.skew = SignedDuration::from_secs(args.max_skew);
        rules.max_lag = SignedDuration::from_secs(args.max_lag);
    };
    let report = verify_log(&source, &trust, &checkpoints, adjust)?;
    let Some(before) = &args.before else {
        print_report(&report, args.json);
        return Ok(report.verdict());
    };
    let Some(statement) = &report.recovered else {
        print_report(&report, args.json);
        // What is wrong with the log itself may be why it cannot say where it comes from.
        return report.verdict().map(Some).ok_or_else(|| {
            Failure::usage(format!("{} came after no other log, as far as it says", args.log))
        });
    };
    let before = Source::open(before, &args.server)?;
    let rules = rules(&before, &trust, &[], adjust);
    let progress = Progress::start();
    let (old, succession) =
        verify_before(&before, statement, &rules, &progress).map_err(|error| Failure::incomplete(&error))?;
    drop(progress);
    print_succession(&report, &old, succession.as_ref(), args.json);
    Ok(report.verdict().max(old.verdict()))
}

/// Verifies a whole log, with a bar for the eye if it takes long.
pub(super) fn verify_log(
    source: &Source,
    trust: &Trust,
    checkpoints: &[(String, String)],
    adjust: impl FnOnce(&mut Rules<'_>),
) -> Result<Report, Failure> {
    let rules = rules(source, trust, checkpoints, adjust);
    let progress = Progress::start();
    verify_by(source, &rules, &progress).map_err(|error| Failure::incomplete(&error))
}

fn rules<'r>(
    source: &Source,
    trust: &'r Trust,
    checkpoints: &'r [(String, String)],
    adjust: impl FnOnce(&mut Rules<'_>),
) -> Rules<'r> {
    let mut rules = Rules { checkpoints, policy: trust.policy.as_ref(), ..Rules::new(&trust.keys) };
    rules.threads = source.threads(rules.threads);
    adjust(&mut rules);
    rules
}
