//! Story five: the audit office reads the log, verifies every receipt, and finds the one byte that was changed in a copy.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use super::Stage;
use crate::cli::audit::FileDirectory;
use crate::demo::telling::{Otherwise, Teller};
use crate::demo::witnesses::POLICY;
use crate::ledger::note::VerifierKey;
use crate::ledger::tiles::CHECKPOINT_PATH;
use crate::ledger::verify::{Rules, Unwatched, verify, verify_by};
use crate::ledger::witness::WitnessPolicy;
use crate::vocabulary::Purpose;

const AUDITOR: &str = "Checker Willow (auditor), at her own desk";

/// Tells it.
///
/// # Errors
/// At the first step that goes otherwise than told.
pub(super) async fn tell(stage: &Stage, teller: &mut Teller) -> Result<(), Otherwise> {
    teller.chapter("Story 5. The audit office trusts nobody, and need not");
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
    let policy = read_policy(stage, teller)?;
    let reached = receipts.iter().map(|receipt| receipt.index).max().unwrap_or(0);
    let seen = wait_for_log(&log, &keys, &policy, reached).await;
    let command = format!(
        "throughgate audit verify {log} --log-key {dir}/log.vkey --witness-policy {dir}/{POLICY}",
        log = log.display(),
        dir = stage.dir.display()
    );
    teller.desk(
        "So does the whole log, from the static files that anybody may be given",
        AUDITOR,
        &command,
        seen.is_some(),
    )?;
    if let Some(Seen { size, by }) = seen {
        teller.remark(&format!(
            "{size} entries. {} of its partners have put their names to it, of whom two must:",
            by.len()
        ));
        teller.remark(&format!("{}. Each saw its size and one hash, and nobody's data.", by.join(", ")));
        teller.remark("Whoever runs the gateway can show nobody another history without them.");
    }

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

/// Who the audit office lets vouch for the log, beside its operator.
fn read_policy(stage: &Stage, teller: &Teller) -> Result<WitnessPolicy, Otherwise> {
    let path = stage.dir.join(POLICY);
    let text = std::fs::read_to_string(&path).map_err(|source| Otherwise::Io { path, source })?;
    text.parse().map_err(|_| teller.otherwise("the witness policy does not parse".into()))
}

/// A log that is whole, and cosigned by as many as the policy asks for.
struct Seen {
    size: u64,
    /// The names of those who cosigned.
    by: Vec<String>,
}

/// The witnesses cosign, and the follower writes the directory, a moment after the entries are durable.
async fn wait_for_log(
    log: &Path,
    keys: &[VerifierKey],
    policy: &WitnessPolicy,
    reached: u64,
) -> Option<Seen> {
    for _ in 0..100 {
        if let Some(seen) = look_at_log(log, keys, policy).filter(|seen| seen.size > reached) {
            return Some(seen);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    None
}

fn look_at_log(log: &Path, keys: &[VerifierKey], policy: &WitnessPolicy) -> Option<Seen> {
    let rules = Rules { policy: Some(policy), ..Rules::new(keys) };
    let report = verify_by(&FileDirectory::new(log), &rules, &Unwatched).ok()?;
    let size = report.checkpoint.as_ref().filter(|_| report.verdict().is_none())?.size;
    let note = std::fs::read_to_string(log.join(CHECKPOINT_PATH)).ok()?;
    let by = policy.witnessed(&note, keys).ok()?.by;
    Some(Seen { size, by: by.iter().map(|cosigned| partner(cosigned.witness.name())).collect() })
}

/// `northmoor-probation` of `northmoor-probation.example/witness`.
fn partner(witness: &str) -> String {
    witness.split('.').next().unwrap_or(witness).to_owned()
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
