//! `audit reconcile`

#![allow(clippy::print_stdout, reason = "an auditor reads it on a terminal")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use serde_json::{Value, json};

use super::print::{print_report_findings, report_json};
use super::receipt::refusal_text;
use super::server::ServerArgs;
use super::source::{Source, SourceError};
use super::trust::{Trust, TrustArgs};
use super::verify::verify_log;
use super::{Failure, Judgement, parse_receipt, read_text, unreadable};
use crate::id::AgencyId;
use crate::ledger::Hash;
use crate::ledger::entry::{Field, Leaf, Opening};
use crate::ledger::tree::leaf_hash;
use crate::ledger::verify::{Report, Verdict, entry_at};
use crate::vocabulary::{EntryKind, Outcome};

/// `audit reconcile`
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  throughgate audit reconcile --receipts var/demo/receipts --log var/demo/log --log-key northmoor.vkey\n\n\
    Verifies the log, and that it extends the tree of every receipt and has its entry at its index. With --openings (the\n\
    answers of GET /v1/audit/entries/{id}, as files) and --agency, also that this agency has a receipt for each disclosure\n\
    that the log says it was given.\n\n\
    Exit: 0 all well, 2 wrong use, 10 the log or a receipt is tampered with, 20 too few cosignatures, 30 fork: a receipt's\n\
    signed tree is not one that the log extends, 40 the log ends before a receipt, or a disclosure has no receipt,\n\
    50 late or back-dated."
)]
pub struct ReconcileArgs {
    /// The folder of the receipts that were kept (*.tlog-proof)
    #[arg(long, value_name = "DIR")]
    pub receipts: PathBuf,
    /// The log
    #[arg(long, value_name = "DIR|URL")]
    pub log: String,
    /// A file with an opened entry, or a folder of such files (*.json)
    #[arg(long, value_name = "FILE|DIR", requires = "agency")]
    pub openings: Option<PathBuf>,
    /// The agency whose receipts these are
    #[arg(long, value_name = "ID", requires = "openings")]
    pub agency: Option<AgencyId>,
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

/// Checkpoints, each with the name of the file that it is from.
type Notes = Vec<(String, String)>;

/// A receipt that holds by itself.
struct Kept {
    name: String,
    index: u64,
    leaf_hash: Hash,
}

/// Something that does not fit.
struct Misfit {
    verdict: Verdict,
    place: String,
    says: String,
}

impl Misfit {
    fn new(verdict: Verdict, place: &str, says: impl Into<String>) -> Self {
        Self { verdict, place: place.to_owned(), says: says.into() }
    }
}

pub(super) fn run(args: &ReconcileArgs) -> Judgement {
    let source = Source::open(&args.log, &args.server)?;
    let trust = args.trust.read(Some(&args.log))?;
    let mut misfits = Vec::new();
    let (mut kept, notes) = read_receipts(&args.receipts, &trust, &mut misfits)?;
    let report = verify_log(&source, &trust, &notes, |_| {})?;
    let size = report.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.size);
    kept.sort_by_key(|kept| kept.index);
    let incomplete = |error: SourceError| Failure::incomplete(&error);
    let mut in_log = 0;
    for kept in &kept {
        match misfit(&source, kept, size, &report).map_err(incomplete)? {
            Some(misfit) => misfits.push(misfit),
            None => in_log += 1,
        }
    }
    if let (Some(openings), Some(agency)) = (&args.openings, &args.agency) {
        let known: BTreeSet<Hash> = kept.iter().map(|kept| kept.leaf_hash).collect();
        for file in files(openings, "json")? {
            let found = unreceipted(&source, &file, agency, size, &known).map_err(incomplete)?;
            misfits.extend(found.map(|(verdict, says)| Misfit::new(verdict, &name_of(&file), says)));
        }
    }
    let verdict = misfits.iter().map(|misfit| misfit.verdict).max().max(report.verdict());
    print(args.json, &kept, in_log, &misfits, &report, verdict);
    Ok(verdict)
}

/// The receipts that hold, and each of their checkpoints once, under the name of the first receipt that has it.
fn read_receipts(
    folder: &Path,
    trust: &Trust,
    misfits: &mut Vec<Misfit>,
) -> Result<(Vec<Kept>, Notes), Failure> {
    let (mut kept, mut notes) = (Vec::new(), BTreeMap::new());
    for file in files(folder, "tlog-proof")? {
        let name = name_of(&file);
        let checked = parse_receipt(&read_text(&file)?)
            .and_then(|receipt| receipt.verify(&trust.keys).map(|verified| (receipt, verified)));
        match checked {
            Ok((receipt, verified)) => {
                kept.push(Kept {
                    name: name.clone(),
                    index: verified.index,
                    leaf_hash: leaf_hash(&receipt.leaf),
                });
                notes.entry(receipt.checkpoint).or_insert(name);
            }
            Err(error) => misfits.push(Misfit::new(Verdict::Tampered, &name, refusal_text(&error))),
        }
    }
    if kept.is_empty() && misfits.is_empty() {
        return Err(Failure::usage(format!("{} has no *.tlog-proof files", folder.display())));
    }
    Ok((kept, notes.into_iter().map(|(note, name)| (name, note)).collect()))
}

/// Why a receipt does not fit the log; none if the log has its entry at its index.
fn misfit(source: &Source, kept: &Kept, size: u64, report: &Report) -> Result<Option<Misfit>, SourceError> {
    if kept.index >= size {
        let says = format!("is for entry {}, and the log ends at {size}", kept.index);
        return Ok(Some(Misfit::new(Verdict::Incomplete, &kept.name, says)));
    }
    let says = |what: &str| format!("entry {} {what}", kept.index);
    Ok(match entry_at(source, kept.index, size)? {
        Some(entry) if leaf_hash(&entry) == kept.leaf_hash => None,
        Some(_) => {
            // Both were signed only where the log leads to its own signed root.
            let is_whole = report.verdict().is_none_or(|verdict| verdict != Verdict::Tampered);
            let verdict = if is_whole { Verdict::Fork } else { Verdict::Tampered };
            Some(Misfit::new(verdict, &kept.name, says("of the log is another than the one it is for")))
        }
        None => Some(Misfit::new(Verdict::Incomplete, &kept.name, says("is not in the log's files"))),
    })
}

/// What is wrong with an opened entry, or with there being no receipt for it.
fn unreceipted(
    source: &Source,
    file: &Path,
    agency: &AgencyId,
    size: u64,
    known: &BTreeSet<Hash>,
) -> Result<Option<(Verdict, String)>, SourceError> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let Some((index, bytes, openings)) = opened_entry(&text) else {
        return Ok(Some((Verdict::Incomplete, "is not an entry as the gateway opens it".to_owned())));
    };
    if entry_at(source, index, size)?.as_ref() != Some(&bytes) {
        return Ok(Some((Verdict::Tampered, format!("is not entry {index} of the log"))));
    }
    let Ok(leaf) = Leaf::parse(&bytes) else {
        return Ok(Some((Verdict::Tampered, "does not have a leaf".to_owned())));
    };
    let Some(opened) = openings.iter().find(|opening| opening.field == Field::Agency) else {
        return Ok(Some((Verdict::Incomplete, "does not open the field agency".to_owned())));
    };
    if !opened.verify(&leaf.details) {
        return Ok(Some((
            Verdict::Tampered,
            "opens the field agency to what the leaf does not hold".to_owned(),
        )));
    }
    let is_given = leaf.kind == EntryKind::Disclosure && leaf.outcome == Outcome::Permitted;
    let is_missing = is_given && opened.plaintext == agency.as_str() && !known.contains(&leaf_hash(&bytes));
    let says = || format!("entry {index} discloses to {agency}, and no receipt for it was kept");
    Ok(is_missing.then(|| (Verdict::Incomplete, says())))
}

fn opened_entry(text: &str) -> Option<(u64, Vec<u8>, Vec<Opening>)> {
    let entry: Value = serde_json::from_str(text).ok()?;
    let leaf = STANDARD.decode(entry.get("leaf")?.as_str()?).ok()?;
    let openings = Opening::parse_header(entry.get("openings")?.as_str()?).ok()?;
    Some((entry.get("index")?.as_u64()?, leaf, openings))
}

/// The file itself, or the files of a folder with this ending, by name.
fn files(path: &Path, ending: &str) -> Result<Vec<PathBuf>, Failure> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let failed = |error| unreadable(path, &error);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        if file.extension().is_some_and(|found| found == ending) {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

fn name_of(file: &Path) -> String {
    file.file_name().map_or_else(|| file.display().to_string(), |name| name.to_string_lossy().into_owned())
}

fn print(
    as_json: bool,
    kept: &[Kept],
    in_log: usize,
    misfits: &[Misfit],
    report: &Report,
    verdict: Option<Verdict>,
) {
    let word = verdict.map_or("ok", Verdict::word);
    if as_json {
        let findings: Vec<_> = misfits
            .iter()
            .map(|misfit| json!({"verdict": misfit.verdict.word(), "file": misfit.place, "problem": misfit.says}))
            .collect();
        let document = json!({
            "verdict": word, "receipts": kept.len(), "in_log": in_log, "findings": findings,
            "log": report_json(report),
        });
        println!("{document}");
        return;
    }
    println!("receipts: {} hold by themselves, {in_log} of them are in the log", kept.len());
    print_report_findings(report);
    for Misfit { place, says, .. } in misfits {
        println!("finding:  {place}: {says}");
    }
    println!("verdict:  {word}");
}
