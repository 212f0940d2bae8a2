//! The offline auditor's tools: they need the log's public key and files, no gateway and no database.

#![allow(clippy::print_stderr, reason = "an auditor reads it on a terminal")]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::ledger::note::VerifierKey;
use crate::ledger::proof;
use crate::ledger::receipt::{Receipt, VerifiedReceipt};
use crate::ledger::verify::{DirectoryNodes, LogDirectory, Report, Verdict, verify};

mod print;

use print::{print_receipt, print_refusal, print_report};

const USAGE: u8 = 2;

/// What can be checked.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Verify a static log directory: every entry, every tile, the signed root
    Verify(VerifyArgs),
    /// Verify a receipt that a gateway gave
    VerifyReceipt(VerifyReceiptArgs),
}

/// `audit verify`
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  throughgate audit verify var/demo/log --log-key northmoor.vkey\n\n\
    Exit: 0 all well, 2 wrong use, 10 tampered, 40 incomplete.")]
pub struct VerifyArgs {
    /// The log's directory (tlog-tiles layout, `checkpoint` at its root)
    pub dir: PathBuf,
    /// File of the log's public keys, one a line; may be repeated [default: DIR/../log.vkey]
    #[arg(long = "log-key", value_name = "KEYFILE")]
    pub log_key: Vec<PathBuf>,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

/// `audit verify-receipt`
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  throughgate audit verify-receipt 0001.tlog-proof --log-key northmoor.vkey --log var/demo/log\n\n\
    Exit: 0 all well, 2 wrong use, 10 tampered, 30 the log's keys signed two histories, 40 incomplete."
)]
pub struct VerifyReceiptArgs {
    /// The receipt: a .tlog-proof text, or the value of the header Audit-Receipt
    pub file: PathBuf,
    /// File of the log's public keys, one a line; may be repeated
    #[arg(long = "log-key", value_name = "KEYFILE", required = true)]
    pub log_key: Vec<PathBuf>,
    /// Also verify this log directory, and that it still holds what the receipt promised
    #[arg(long, value_name = "DIR")]
    pub log: Option<PathBuf>,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

/// Runs one of them.
pub fn run(command: &AuditCommand) -> ExitCode {
    let done = match command {
        AuditCommand::Verify(args) => run_verify(args),
        AuditCommand::VerifyReceipt(args) => run_verify_receipt(args),
    };
    done.unwrap_or_else(|failure| {
        eprintln!("throughgate audit: {}", failure.message);
        ExitCode::from(failure.code)
    })
}

/// Why a command ended before it could judge.
struct Failure {
    code: u8,
    message: String,
}

fn run_verify(args: &VerifyArgs) -> Result<ExitCode, Failure> {
    let keys = if args.log_key.is_empty() {
        let beside = key_beside(&args.dir)?;
        // What lies beside a log shows that the log is whole, not whose it is.
        eprintln!(
            "throughgate audit: key from {}; an auditor brings their own with --log-key",
            beside.display()
        );
        read_keys(&[beside])?
    } else {
        read_keys(&args.log_key)?
    };
    let report = verify_directory(&args.dir, &keys)?;
    print_report(&report, args.json);
    Ok(exit_code(report.verdict()))
}

fn run_verify_receipt(args: &VerifyReceiptArgs) -> Result<ExitCode, Failure> {
    let keys = read_keys(&args.log_key)?;
    let text = fs::read_to_string(&args.file).map_err(|error| unreadable(&args.file, &error, USAGE))?;
    let receipt =
        if text.starts_with("c2sp.org/") { Receipt::parse(&text) } else { Receipt::parse_header(&text) };
    let checked = receipt.and_then(|receipt| receipt.verify(&keys));
    let verified = match checked {
        Ok(verified) => verified,
        Err(error) => {
            print_refusal(&error, args.json);
            return Ok(exit_code(Some(Verdict::Tampered)));
        }
    };
    let against = match &args.log {
        Some(directory) => compare_with_log(&verified, directory, &keys)?,
        None => Against::NotAsked,
    };
    print_receipt(&verified, &against, args.json);
    Ok(exit_code(against.verdict()))
}

/// What the log directory says to a receipt.
enum Against {
    NotAsked,
    /// The log is whole and extends the tree that the receipt was given for.
    Holds {
        size: u64,
    },
    /// The directory itself has findings.
    Flawed(Box<Report>),
    /// The directory is whole but ends before the receipt.
    TooShort {
        size: u64,
    },
    /// Both are signed and one does not extend the other.
    Fork,
}

impl Against {
    fn verdict(&self) -> Option<Verdict> {
        match self {
            Self::NotAsked | Self::Holds { .. } => None,
            Self::Flawed(report) => report.verdict(),
            Self::TooShort { .. } => Some(Verdict::Incomplete),
            Self::Fork => Some(Verdict::Fork),
        }
    }
}

fn compare_with_log(
    receipt: &VerifiedReceipt,
    directory: &Path,
    keys: &[VerifierKey],
) -> Result<Against, Failure> {
    let report = verify_directory(directory, keys)?;
    let (None, Some(log)) = (report.verdict(), report.checkpoint.clone()) else {
        return Ok(Against::Flawed(Box::new(report)));
    };
    let promised = &receipt.checkpoint;
    if log.origin != promised.origin {
        return Err(Failure {
            code: USAGE,
            message: "the receipt and the directory are of different logs".to_owned(),
        });
    }
    if log.size < promised.size {
        return Ok(Against::TooShort { size: log.size });
    }
    // The directory verifies, so a proof out of it that fails is the fault of what was signed.
    let files = FileDirectory(directory);
    let proof = proof::consistency(promised.size, log.size, &DirectoryNodes::new(&files, log.size))
        .map_err(|error| Failure { code: Verdict::Incomplete.exit_code(), message: error.to_string() })?;
    let extends = proof::verify_consistency(promised.size, &promised.root, log.size, &log.root, &proof);
    Ok(if extends.is_ok() { Against::Holds { size: log.size } } else { Against::Fork })
}

/// A log in a directory on disk.
pub struct FileDirectory<'d>(&'d Path);

impl<'d> FileDirectory<'d> {
    /// The log in this folder.
    pub const fn new(folder: &'d Path) -> Self {
        Self(folder)
    }
}

impl LogDirectory for FileDirectory<'_> {
    type Error = (PathBuf, io::Error);

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Self::Error> {
        let path = self.0.join(path);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                Ok(None)
            }
            Err(error) => Err((path, error)),
        }
    }
}

fn verify_directory(directory: &Path, keys: &[VerifierKey]) -> Result<Report, Failure> {
    if !directory.is_dir() {
        return Err(Failure { code: USAGE, message: format!("{} is not a directory", directory.display()) });
    }
    verify(&FileDirectory(directory), keys)
        .map_err(|(path, error)| unreadable(&path, &error, Verdict::Incomplete.exit_code()))
}

fn key_beside(directory: &Path) -> Result<PathBuf, Failure> {
    let whole = directory.canonicalize().map_err(|error| unreadable(directory, &error, USAGE))?;
    let key = whole.parent().unwrap_or(&whole).join("log.vkey");
    if key.is_file() {
        Ok(key)
    } else {
        Err(Failure { code: USAGE, message: format!("no --log-key given and none at {}", key.display()) })
    }
}

fn read_keys(files: &[PathBuf]) -> Result<Vec<VerifierKey>, Failure> {
    let mut keys = Vec::new();
    for file in files {
        let text = fs::read_to_string(file).map_err(|error| unreadable(file, &error, USAGE))?;
        let read = VerifierKey::parse_file(&text)
            .map_err(|error| Failure { code: USAGE, message: format!("{}: {error}", file.display()) })?;
        keys.extend(read);
    }
    Ok(keys)
}

fn unreadable(path: &Path, error: &io::Error, code: u8) -> Failure {
    Failure { code, message: format!("{}: {error}", path.display()) }
}

fn exit_code(verdict: Option<Verdict>) -> ExitCode {
    ExitCode::from(verdict.map_or(0, Verdict::exit_code))
}

#[cfg(test)]
mod tests;
