//! `throughgate verify-store`: whether the database still holds what the log says, for the operator and whoever audits them on site.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks to its terminal")]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use serde_json::json;

use super::audit::progress::Progress;
use crate::config::Config;
use crate::crypto::KeyRing;
use crate::journal::kept_head;
use crate::ledger::note::{Checkpoint, SigningKey, VerifierKey};
use crate::ledger::tiles::CHECKPOINT_PATH;
use crate::ledger::verify::Verdict;
use crate::ledger::witness::WitnessPolicy;
use crate::store::Store;
use crate::store::backend::DatabaseUrl;
use crate::store::check::{Anchor, Finding, Kept, Problem, Report, Rules};
use crate::transport::files;

/// What the operator's commands keep their own head under, beside the gateway's.
const COMMANDS: &str = "-cli";

/// Check that the database still holds what the log says: every row of every table of the log
#[derive(Debug, Args)]
#[command(after_help = "Example: throughgate verify-store --config /etc/throughgate/gateway.toml\n\n\
    Reads all tables of the log once, on one snapshot, beside a gateway at work or without one, and writes nothing. Every entry\n\
    is decrypted and held against its leaf, the rows that lead to it against its fields, the tree over all against its tiles,\n\
    its head, the head file, the static log directory and what witnesses cosigned. What is decrypted is shown to nobody.\n\n\
    An auditor needs no database: `throughgate audit verify` checks what was signed. This tells whether the rest is as it was.\n\n\
    Exit: 0 all well, 2 wrong use, 10 tampered, 30 fork, 40 the database could not be read to its end.")]
pub struct VerifyStoreArgs {
    /// The configuration
    #[arg(long)]
    pub config: PathBuf,
    /// File of further public keys of the log, where several gateways sign it; may be repeated [default: log.vkey beside the
    /// log's directory]
    #[arg(long = "log-key", value_name = "KEYFILE")]
    pub log_key: Vec<PathBuf>,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

/// Runs it.
pub fn run(args: &VerifyStoreArgs) -> ExitCode {
    let scene = match Scene::open(args) {
        Ok(scene) => scene,
        Err(message) => {
            eprintln!("throughgate verify-store: {message}");
            return ExitCode::from(2);
        }
    };
    let progress = Progress::start();
    let checked = scene.check(&progress);
    drop(progress);
    match checked {
        Ok(report) => {
            print(&report, args.json);
            ExitCode::from(report.verdict().map_or(0, Verdict::exit_code))
        }
        Err(error) => {
            super::complain(&error);
            ExitCode::from(Verdict::Incomplete.exit_code())
        }
    }
}

/// Everything that the configuration names, read.
struct Scene {
    store: Store,
    origin: String,
    keys: Vec<VerifierKey>,
    policy: Option<WitnessPolicy>,
    anchors: Vec<Anchor>,
    /// What is wrong with what is kept outside, by itself.
    findings: Vec<Finding>,
    directory: PathBuf,
    kept: Vec<u64>,
}

impl Scene {
    fn open(args: &VerifyStoreArgs) -> Result<Self, String> {
        let config = Config::load(&args.config).map_err(|error| error.to_string())?;
        let ring = KeyRing::load(&config.keys.ring).map_err(|error| error.to_string())?;
        let signing = files::secret(&config.keys.signing).map_err(|error| error.to_string())?;
        let own = SigningKey::parse(&signing).map_err(|error| error.to_string())?.verifier();
        let url = DatabaseUrl::parse(&config.store.url).map_err(|error| error.to_string())?;
        if let DatabaseUrl::Sqlite(path) = &url
            && !Path::new(path).is_file()
        {
            // SQLite would make an empty one.
            return Err(format!("{path}: there is no database"));
        }
        let policy = match &config.witnessing {
            Some(witnessing) => Some(
                text(&witnessing.policy)?
                    .parse::<WitnessPolicy>()
                    .map_err(|error| format!("{}: {error}", witnessing.policy.display()))?,
            ),
            None => None,
        };
        let directory = config.log.directory.clone();
        let mut scene = Self {
            store: Store::new(url, Arc::new(ring), 1),
            origin: own.name().to_owned(),
            keys: vec![own],
            policy,
            anchors: Vec::new(),
            findings: Vec::new(),
            kept: sizes_kept(&directory.join("checkpoints")).map_err(|error| error.to_string())?,
            directory,
        };
        scene.read_keys(args)?;
        scene.read_heads(&config.log.head_file)?;
        scene.read_checkpoint()?;
        Ok(scene)
    }

    /// The keys of the other replicas.
    fn read_keys(&mut self, args: &VerifyStoreArgs) -> Result<(), String> {
        let beside = self.directory.parent().map(|folder| folder.join("log.vkey"));
        let beside = beside.filter(|file| args.log_key.is_empty() && file.is_file());
        for file in args.log_key.iter().chain(&beside) {
            let read = VerifierKey::parse_file(&text(file)?);
            self.keys.extend(read.map_err(|error| format!("{}: {error}", file.display()))?);
        }
        self.keys.extend(self.policy.iter().flat_map(WitnessPolicy::logs).cloned());
        Ok(())
    }

    fn read_heads(&mut self, head_file: &Path) -> Result<(), String> {
        let mut of_commands = head_file.to_owned().into_os_string();
        of_commands.push(COMMANDS);
        for file in [head_file.to_owned(), of_commands.into()] {
            let name = file.display().to_string();
            match kept_head(&file) {
                Ok(None) => {}
                Ok(Some(head)) => {
                    self.anchors.push(Anchor { name, size: head.size, root: head.root, is_signed: false });
                }
                Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                    self.findings.push(Finding { place: name, problem: Problem::Foreign });
                }
                Err(error) => return Err(format!("{name}: {error}")),
            }
        }
        Ok(())
    }

    /// The newest checkpoint of the static directory.
    fn read_checkpoint(&mut self) -> Result<(), String> {
        let file = self.directory.join(CHECKPOINT_PATH);
        let name = file.display().to_string();
        let note = match fs::read(&file) {
            Ok(note) => String::from_utf8(note).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(format!("{name}: {error}")),
        };
        match Checkpoint::open(&note, &self.keys) {
            Ok(Checkpoint { size, root, .. }) => {
                self.anchors.push(Anchor { name, size, root, is_signed: true });
            }
            Err(error) => self.findings.push(Finding { place: name, problem: Problem::Checkpoint(error) }),
        }
        Ok(())
    }

    fn check(&self, progress: &Progress) -> Result<Report, crate::store::Error> {
        let note = |size: u64| fs::read_to_string(self.directory.join(format!("checkpoints/{size}"))).ok();
        let rules = Rules {
            origin: &self.origin,
            keys: &self.keys,
            policy: self.policy.as_ref(),
            anchors: &self.anchors,
            kept: Kept { sizes: &self.kept, note: &note },
        };
        let mut report = self.store.check(&rules, progress)?;
        report.findings.splice(0..0, self.findings.iter().cloned());
        Ok(report)
    }
}

fn text(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}

/// The sizes of the checkpoints that the static directory keeps.
fn sizes_kept(folder: &Path) -> io::Result<Vec<u64>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut sizes = Vec::new();
    for entry in entries {
        sizes.extend(entry?.file_name().to_str().and_then(|name| name.parse::<u64>().ok()));
    }
    sizes.sort_unstable();
    Ok(sizes)
}

fn print(report: &Report, as_json: bool) {
    let word = report.verdict().map_or("ok", Verdict::word);
    if as_json {
        let findings: Vec<_> = report
            .findings
            .iter()
            .map(|Finding { place, problem }| {
                json!({"verdict": problem.verdict().word(), "place": place, "problem": problem.to_string()})
            })
            .collect();
        let document = json!({
            "verdict": word, "entries": report.entries, "opened": report.opened, "erased": report.erased,
            "index_rows": report.index_rows, "keys": report.keys, "checkpoints": report.checkpoints,
            "cosignatures": report.cosignatures, "unknown_witnesses": report.unknown_witnesses,
            "anchors": report.anchors, "findings": findings, "more_findings": report.more_findings,
        });
        println!("{document}");
        return;
    }
    println!("entries:  {}", report.entries);
    println!("opened:   {} in full, {} but for an erased person's part", report.opened, report.erased);
    println!("found by: {} rows that lead to entries", report.index_rows);
    println!("keys:     {} data keys unwrap or are named below", report.keys);
    println!("outside:  {} heads and checkpoints kept outside the database fit it", report.anchors);
    println!("witness:  {} checkpoints with {} cosignatures", report.checkpoints, report.cosignatures);
    if report.unknown_witnesses > 0 {
        println!(
            "note:     {} cosignatures are of witnesses whose keys are not in the policy",
            report.unknown_witnesses
        );
    }
    for finding in &report.findings {
        println!("finding:  {finding}");
    }
    if report.more_findings > 0 {
        println!("finding:  {} more", report.more_findings);
    }
    println!("verdict:  {word}");
}
