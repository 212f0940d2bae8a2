//! How fast a log is verified: one is written to disk, verified from there by a process of its own, and hashed in memory beside
//! raw SHA-256 of the same bytes.
//!
//! ```text
//! cargo bench -- verify --entries 10000000
//! ```
//!
//! The log is written a batch at a time, so that neither memory nor anything else grows with it but the disk: 367 bytes an entry
//! (leaf, its length, its hash, the tiles above), 3.7 GB for ten million, in a folder of the system's temporary one (`TMPDIR`
//! moves it) that is removed at the end. `--dir DIR` keeps the log there for the next run.
//!
//! Whole verification (every byte read, parsed and hashed; root, signature, times, ids, files) runs in processes of its own, so that
//! their peak memory is the verifier's alone: first once on all cores, which fills the system's cache as far as it goes, then on one
//! thread, then on all cores. `entries_per_cpu_second` counts processor time, user and system together, of all threads: what one core
//! does in a second, however long the disk is waited for. Hash-only figures are the best of five over 200,000 leaves in memory.
//!
//! Printed as one JSON object on standard output.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use jiff::Timestamp;
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use serde_json::json;
use throughgate::cli::audit::FileDirectory;
use throughgate::id::EntryId;
use throughgate::ledger::Hash;
use throughgate::ledger::entry::Leaf;
use throughgate::ledger::note::{SigningKey, claimed_head};
use throughgate::ledger::tiles::{TileKind, changes, encode_bundle};
use throughgate::ledger::tree::{Tree, leaf_hash};
use throughgate::ledger::verify::{Rules, Unwatched, verify_by};
use throughgate::vocabulary::{EntryKind, Outcome};

const ORIGIN: &str = "northmoor.example/log";
/// How many entries are written at a time; a multiple of 256.
const BATCH: u64 = 1 << 16;
/// How many entries are hashed in memory.
const IN_MEMORY: u64 = 200_000;
const START_MS: i64 = 1_780_000_000_000;

/// Write a log of so many entries, verify it, and print the figures.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// How many entries.
    #[arg(long, default_value_t = 1_000_000)]
    entries: u64,
    /// Keep the log in this folder, and use the one that is there.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Only verify the log in `--dir`, on so many threads: what this program runs itself as, to be measured alone.
    #[arg(long, hide = true, requires = "dir")]
    verify_on: Option<usize>,
}

/// What a verification took.
#[derive(Serialize, Deserialize)]
struct Took {
    entries: u32,
    seconds: f64,
    cpu_seconds: f64,
    peak_mib: f64,
}

pub(crate) fn run(args: Args) -> Result<(), Box<dyn Error>> {
    let key = SigningKey::from_seed(ORIGIN, &[7; 32])?;
    if let (Some(threads), Some(folder)) = (args.verify_on, &args.dir) {
        println!("{}", serde_json::to_string(&verify(folder, &key, threads)?)?);
        return Ok(());
    }
    let temporary = args.dir.is_none().then(Temporary::new);
    let folder = match (&args.dir, &temporary) {
        (Some(kept), _) => kept.clone(),
        (None, Some(Temporary(place))) => place.clone(),
        (None, None) => return Err("there is nowhere to write".into()),
    };
    let checkpoint = folder.join("checkpoint");
    if checkpoint.is_file() {
        let size = claimed_head(&fs::read_to_string(&checkpoint)?).map(|head| head.size);
        if size != Some(args.entries) {
            return Err(format!("the log in {} has {size:?} entries", folder.display()).into());
        }
    } else {
        write_log(&folder, &key, args.entries)?;
    }
    let cores = Rules::new(&[key.verifier()]).threads;
    alone(&folder, cores)?; // so that as many files as can be are in memory for those that count
    let (one, all) = (alone(&folder, 1)?, alone(&folder, cores)?);
    let disk_bytes = bytes_in(&folder)?;
    drop(temporary);
    let hashing = hashing();
    let entries = f64::from(one.entries);
    let figures = json!({
        "entries": one.entries,
        "cores": cores,
        "disk_bytes": disk_bytes,
        "entries_per_second_one_thread": entries / one.seconds,
        "entries_per_second_all_cores": entries / all.seconds,
        "entries_per_cpu_second_one_thread": entries / one.cpu_seconds,
        "entries_per_cpu_second_all_cores": entries / all.cpu_seconds,
        "peak_resident_mib": one.peak_mib.max(all.peak_mib),
        "leaf_bytes": hashing.leaf_bytes,
        "hash_only_entries_per_second": hashing.tree_per_second,
        "hash_only_of_raw_sha256_same_bytes": hashing.of_same_bytes,
        "hash_only_of_raw_sha256_leaves_alone": hashing.of_leaves,
        "parse_entries_per_second": hashing.parse_per_second,
    });
    println!("{figures:#}");
    Ok(())
}

/// A folder that goes when it is done with.
struct Temporary(PathBuf);

impl Temporary {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("throughgate-bench-{}", std::process::id())))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // What is left of it is in the folder that the system clears.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Verifies in a process of its own, which measures itself.
fn alone(folder: &Path, threads: usize) -> Result<Took, Box<dyn Error>> {
    let output = Command::new(std::env::current_exe()?)
        .args(["verify", "--verify-on", &threads.to_string(), "--dir"])
        .arg(folder)
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err("the verification failed".into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn verify(folder: &Path, key: &SigningKey, threads: usize) -> Result<Took, Box<dyn Error>> {
    let keys = [key.verifier()];
    let rules = Rules { threads, ..Rules::new(&keys) };
    let (begun, cpu) = (Instant::now(), cpu_seconds());
    let verified = verify_by(&FileDirectory::new(folder), &rules, &Unwatched);
    let (seconds, cpu_seconds) = (begun.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    let report = verified.map_err(|(path, error)| format!("{}: {error}", path.display()))?;
    if report.verdict().is_some() {
        return Err(format!("the log does not verify: {:?}", report.findings).into());
    }
    Ok(Took { entries: u32::try_from(report.entries)?, seconds, cpu_seconds, peak_mib: peak_mib() })
}

fn bytes_in(folder: &Path) -> std::io::Result<u64> {
    let mut sum = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        sum += if metadata.is_dir() { bytes_in(&entry.path())? } else { metadata.len() };
    }
    Ok(sum)
}

fn leaf(index: u64) -> Vec<u8> {
    let ts = Timestamp::from_millisecond(START_MS + i64::try_from(index).unwrap_or_default());
    let ts = ts.unwrap_or_default();
    Leaf {
        id: EntryId::at(ts),
        ts,
        kind: EntryKind::Disclosure,
        outcome: Outcome::Permitted,
        origin: ORIGIN.to_owned(),
        replica: "a".to_owned(),
        policy_sha256: Hash::sha256(b"policies"),
        details: Hash::sha256(&index.to_be_bytes()),
    }
    .to_bytes()
}

/// Writes a log as its follower would, a batch at a time.
fn write_log(folder: &Path, key: &SigningKey, entries: u64) -> Result<(), Box<dyn Error>> {
    let mut tree = Tree::new();
    while tree.size() < entries {
        let old = tree.size();
        let size = entries.min(old + BATCH);
        let leaves: Vec<_> = (old..size).map(leaf).collect();
        let hashes: Vec<_> = leaves.iter().map(|leaf| leaf_hash(leaf)).collect();
        let full: BTreeMap<_, _> = tree
            .append(&hashes)
            .tiles
            .into_iter()
            .map(|tile| ((tile.level, tile.index), tile.hashes))
            .collect();
        let changes = changes(old, size);
        for file in changes.write {
            let bytes = match file.kind {
                TileKind::Entries => {
                    let first = usize::try_from(file.first() - old)?;
                    let width = usize::from(file.width);
                    encode_bundle(leaves.iter().skip(first).take(width).map(Vec::as_slice))
                        .ok_or("a leaf is too long")?
                }
                TileKind::Hashes(level) => match full.get(&(level, file.index)) {
                    Some(hashes) => hashes.clone(),
                    None => tree.partial_tile(level).iter().flat_map(|hash| *hash.as_bytes()).collect(),
                },
            };
            let path = folder.join(file.to_string());
            fs::create_dir_all(path.parent().ok_or("a file has a folder")?)?;
            fs::write(path, bytes)?;
        }
        for file in changes.remove {
            fs::remove_file(folder.join(file.to_string()))?;
        }
    }
    fs::write(folder.join("checkpoint"), key.sign(&key.checkpoint(tree.size(), tree.root())))?;
    Ok(())
}

struct Hashing {
    leaf_bytes: usize,
    tree_per_second: f64,
    of_same_bytes: f64,
    of_leaves: f64,
    parse_per_second: f64,
}

/// Leaves and tree in memory, beside SHA-256 of the same bytes and no tree. The best of five of each.
fn hashing() -> Hashing {
    let leaves: Vec<_> = (0..IN_MEMORY).map(leaf).collect();
    let prefixed: Vec<_> = leaves.iter().map(|leaf| [&[0], leaf.as_slice()].concat()).collect();
    let count = f64::from(u32::try_from(leaves.len()).unwrap_or(u32::MAX));
    let raw_leaves = best(|| {
        for leaf in &prefixed {
            black_box(digest(&SHA256, leaf));
        }
    });
    let node = [1_u8; 65];
    let raw_nodes = best(|| {
        for _ in 1..leaves.len() {
            black_box(digest(&SHA256, black_box(&node)));
        }
    });
    let tree = best(|| {
        let mut tree = Tree::new();
        for bundle in leaves.chunks(256) {
            let hashes: Vec<_> = bundle.iter().map(|leaf| leaf_hash(leaf)).collect();
            tree.append(&hashes);
        }
        black_box(tree.root());
    });
    let parse = best(|| {
        for leaf in &leaves {
            black_box(Leaf::parse(leaf).is_ok());
        }
    });
    Hashing {
        leaf_bytes: leaves.first().map_or(0, Vec::len),
        tree_per_second: count / tree,
        of_same_bytes: (raw_leaves + raw_nodes) / tree,
        of_leaves: raw_leaves / tree,
        parse_per_second: count / parse,
    }
}

fn best(work: impl Fn()) -> f64 {
    let run = || {
        let begun = Instant::now();
        work();
        begun.elapsed().as_secs_f64()
    };
    (0..5).map(|_| run()).fold(f64::INFINITY, f64::min)
}

/// User and system time of this process, from Linux's own account of it in hundredths of a second; 0 elsewhere.
fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2).filter_map(|text| text.parse::<u32>().ok());
    ticks.map(f64::from).sum::<f64>() / 100.0
}

/// The most memory that this process has had, in MiB.
fn peak_mib() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    let kib = line.split_whitespace().next().and_then(|text| text.parse::<u32>().ok()).unwrap_or_default();
    f64::from(kib) / 1024.0
}
