//! The auditor's tools: they need the log's public key and its static files, no gateway and no database.

#![allow(clippy::print_stderr, reason = "an auditor reads it on a terminal")]

use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use clap::Subcommand;

use crate::ledger::receipt::{Receipt, ReceiptError};
use crate::ledger::verify::Verdict;

mod consistency;
mod diff;
mod export;
mod opening;
mod print;
pub(super) mod progress;
mod range;
mod receipt;
mod reconcile;
mod server;
mod source;
mod trust;
mod verify;
mod verify_export;

pub use server::ServerArgs;
pub use source::FileDirectory;
pub use trust::TrustArgs;

const USAGE: u8 = 2;

/// What can be checked.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Verify a whole log: every entry, every tile, the signed root, the times
    Verify(verify::VerifyArgs),
    /// Verify a receipt that a gateway gave
    VerifyReceipt(receipt::VerifyReceiptArgs),
    /// Show some entries of a log, each with the proof that it is in it
    Range(range::RangeArgs),
    /// Prove from a log's tiles that one checkpoint extends another
    Consistency(consistency::ConsistencyArgs),
    /// Compare two checkpoints of one log, and keep the evidence if they are a fork
    Diff(diff::DiffArgs),
    /// Hold the receipts that a recipient kept against the log
    Reconcile(reconcile::ReconcileArgs),
    /// Check what a leaf commits to, and print the fields that hold
    Opening(opening::OpeningArgs),
    /// Write entries of a gateway's log for other programs: JSON lines, FHIR AuditEvent, CEF
    Export(export::ExportArgs),
    /// Verify exported JSON lines: each is an entry of the log, and says what that entry commits to
    VerifyExport(verify_export::VerifyExportArgs),
}

/// Runs one of them.
pub fn run(command: &AuditCommand) -> ExitCode {
    let done = match command {
        AuditCommand::Verify(args) => verify::run(args),
        AuditCommand::VerifyReceipt(args) => receipt::run(args),
        AuditCommand::Range(args) => range::run(args),
        AuditCommand::Consistency(args) => consistency::run(args),
        AuditCommand::Diff(args) => diff::run(args),
        AuditCommand::Reconcile(args) => reconcile::run(args),
        AuditCommand::Opening(args) => opening::run(args),
        AuditCommand::Export(args) => export::run(args),
        AuditCommand::VerifyExport(args) => verify_export::run(args),
    };
    match done {
        Ok(verdict) => ExitCode::from(verdict.map_or(0, Verdict::exit_code)),
        Err(failure) => {
            eprintln!("throughgate audit: {}", failure.message);
            ExitCode::from(failure.code)
        }
    }
}

/// The worst that was found; none if all is well.
type Judgement = Result<Option<Verdict>, Failure>;

/// Why a command ended before it could judge.
struct Failure {
    code: u8,
    message: String,
}

impl Failure {
    /// It was called in a way that leads nowhere.
    fn usage(message: impl Into<String>) -> Self {
        Self { code: USAGE, message: message.into() }
    }

    /// The log could not be read to its end.
    fn incomplete(error: &dyn std::error::Error) -> Self {
        Self { code: Verdict::Incomplete.exit_code(), message: error.to_string() }
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::usage(format!("{}: {error}", path.display()))
}

fn read_text(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| unreadable(path, &error))
}

/// A receipt: the text of a `.tlog-proof` file, or the value of the header `Audit-Receipt`.
fn parse_receipt(text: &str) -> Result<Receipt, ReceiptError> {
    if text.starts_with("c2sp.org/") { Receipt::parse(text) } else { Receipt::parse_header(text) }
}

/// The text of a checkpoint: a file of its own, or the one in a receipt.
fn read_note(path: &Path) -> Result<String, Failure> {
    let text = read_text(path)?;
    if text.starts_with("c2sp.org/") || text.starts_with(':') {
        let receipt = parse_receipt(&text);
        let wrong = |error| Failure::usage(format!("{}: {error}", path.display()));
        return Ok(receipt.map_err(wrong)?.checkpoint);
    }
    Ok(text)
}

#[cfg(test)]
mod tests;
