//! Story three: the audit office reads the log, verifies every receipt, and finds the one byte that was changed in a copy.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use super::Stage;
use crate::cli::audit::FileDirectory;
use crate::demo::telling::{Otherwise, Teller};
use crate::ledger::note::VerifierKey;
use crate::ledger::verify::verify;
use crate::vocabulary::Purpose;

const AUDITOR: &str = "Checker Willow (auditor), at her own desk";

/// Tells it.
///
/// # Errors
/// At the first step that goes otherwise than told.
pub(super) async fn tell(stage: &Stage, teller: &mut Teller) -> Result<(), Otherwise> {
    teller.chapter("Story 3. The audit office trusts nobody, and need not");
    let auditor = stage.worker("audit-office", "checker-willow")?;
    let ask = auditor.get("/v1/audit/entries?limit=200").purpose(Purpose::AuditReview);
    let answer = teller.step("The auditor reads the entries", ask, 200).await?;
    let shown = answer.json.get("entries").and_then(Value::as_array).map_or(0, Vec::len);
    teller.remark(&format!(
        "{shown} entries: who, when, what, why, on whose authority. Her look is an entry too."
    ));

    let keys_file = stage.dir.join("log.vkey");
    let text =
        std::fs::read_to_string(&keys_file).map_err(|source| Otherwise::Io { path: keys_file, source })?;
    let keys =
        VerifierKey::parse_file(&text).map_err(|_| teller.otherwise("log.vkey does not parse".into()))?;

    let receipts = teller.receipts.clone();
    let held = receipts.iter().all(|receipt| receipt.verify(&keys).is_ok());
    let done = format!("verifies the {} receipts that the actors hold", receipts.len());
    teller.desk(
        "Every receipt verifies, offline, with nothing but the log's public key",
        AUDITOR,
        &done,
        held,
    )?;

    let log = stage.dir.join("log");
    let reached = receipts.iter().map(|receipt| receipt.index).max().unwrap_or(0);
    let size = wait_for_log(&log, &keys, reached).await;
    let done = format!("verifies the static log directory, {size} entries");
    teller.desk(
        "So does the whole log, from the static files that anybody may be given",
        AUDITOR,
        &done,
        size > reached,
    )?;

    let copy = stage.dir.join("log-copy");
    copy_folder(&log, &copy).map_err(|source| Otherwise::Io { path: copy.clone(), source })?;
    let place = flip_a_byte(&copy).map_err(|source| Otherwise::Io { path: copy.clone(), source })?;
    let finding = verify(&FileDirectory::new(&copy), &keys)
        .ok()
        .and_then(|report| report.findings.first().map(ToString::to_string));
    teller.desk(
        "One bit of a copy is flipped, and the verifier names the place",
        AUDITOR,
        &format!("flips a bit of {place} in a copy, and verifies it"),
        finding.is_some(),
    )?;
    teller.remark(&finding.unwrap_or_default());
    Ok(())
}

/// The follower writes the directory a moment after the entries are durable.
async fn wait_for_log(log: &Path, keys: &[VerifierKey], reached: u64) -> u64 {
    for _ in 0..100 {
        let report = verify(&FileDirectory::new(log), keys);
        if let Ok(report) = report {
            let whole = report.findings.is_empty() && report.verdict().is_none();
            if let Some(checkpoint) =
                report.checkpoint.as_ref().filter(|checkpoint| whole && checkpoint.size > reached)
            {
                return checkpoint.size;
            }
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    0
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Flips one bit in the middle of the first bundle of entries, and says where.
fn flip_a_byte(copy: &Path) -> std::io::Result<String> {
    let bundles = copy.join("tile/entries");
    let path = first_file(&bundles)?;
    let mut bytes = std::fs::read(&path)?;
    let middle = bytes.len() / 2;
    if let Some(byte) = bytes.get_mut(middle) {
        *byte ^= 1;
    }
    std::fs::write(&path, bytes)?;
    let name = path.strip_prefix(copy).unwrap_or(&path).display().to_string();
    Ok(format!("byte {middle} of {name}"))
}

fn first_file(folder: &Path) -> std::io::Result<std::path::PathBuf> {
    let mut entries: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    match entries.first() {
        Some(entry) if entry.file_type()?.is_dir() => first_file(&entry.path()),
        Some(entry) => Ok(entry.path()),
        None => Err(std::io::Error::other("the log has no bundle of entries")),
    }
}
