//! What must hold after every sequence, in the words of the invariants: what everybody holds against what is stored.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary};
use throughgate::cli::audit::FileDirectory;
use throughgate::ledger::Hash;
use throughgate::ledger::entry::Leaf;
use throughgate::ledger::note::{Checkpoint, claimed_head};
use throughgate::ledger::tree::{Tree, leaf_hash};
use throughgate::ledger::verify::{Rules, Unwatched, verify_by};
use throughgate::vocabulary::{EntryKind, Outcome};

use super::held::Held;
use super::stage::Stage;
use crate::support::{StoredLog, World, rows};

/// How long after the last entry the static directories may be behind.
const FOLLOWS_WITHIN: Duration = Duration::from_secs(15);

#[derive(QueryableByName)]
struct Bytes {
    #[diesel(sql_type = Binary)]
    bytes: Vec<u8>,
}

#[derive(QueryableByName)]
struct Tile {
    #[diesel(sql_type = BigInt)]
    level: i64,
    #[diesel(sql_type = BigInt)]
    n: i64,
    #[diesel(sql_type = Binary)]
    hashes: Vec<u8>,
}

/// Holds everything against everything. No gateway runs.
pub fn check(stage: &Stage) {
    let (world, held) = (&stage.world, stage.held.borrow());
    let log = StoredLog::read(world);
    the_log_is_whole(world, &log);
    every_receipt_holds(&log, &held);
    every_signed_tree_was_committed(stage, &log, &held);
    changes_are_what_the_log_says(world, &log, &held);
    for directory in stage.directories() {
        if directory.join("checkpoint").exists() {
            let keys = world.log_keys();
            let report = verify_by(&FileDirectory::new(&directory), &Rules::new(&keys), &Unwatched).unwrap();
            assert_eq!(report.verdict(), None, "the directory of a killed gateway: {:?}", report.findings);
        }
    }
}

/// 2: `idx` contiguous from 0 (checked as it is read), count = size, each tile and the root what the leaves make them.
fn the_log_is_whole(world: &World, log: &StoredLog) {
    assert_eq!(log.leaves.len(), log.size, "the head does not count all entries");
    let mut tree = Tree::new();
    let mut expected = BTreeMap::new();
    for leaf in &log.leaves {
        for tile in tree.append(&[leaf_hash(leaf)]).tiles {
            expected.insert((i64::from(tile.level), i64::try_from(tile.index).unwrap()), tile.hashes);
        }
    }
    let tiles = rows::<Tile>(&mut world.connection(), "SELECT level, n, hashes FROM audit_tile");
    let tiles: BTreeMap<_, _> = tiles.into_iter().map(|tile| ((tile.level, tile.n), tile.hashes)).collect();
    assert_eq!(tiles, expected, "the tiles are not those of the leaves");
    let private = world.number("SELECT count(*) AS number FROM audit_private");
    assert_eq!(
        usize::try_from(private).unwrap(),
        log.size,
        "an entry without its fields, or fields without an entry"
    );
    let strays =
        world.number(&format!("SELECT count(*) AS number FROM audit_index WHERE idx >= {}", log.size));
    assert_eq!(strays, 0, "the index knows entries that are not there");
}

/// 1: every delivered body has its leaf.
fn every_receipt_holds(log: &StoredLog, held: &Held) {
    held.receipts.iter().for_each(|receipt| log.assert_holds(receipt));
}

/// 3 and 5: every tree that anybody saw signed, and every one that a gateway keeps as signed, is one that the log had.
fn every_signed_tree_was_committed(stage: &Stage, log: &StoredLog, held: &Held) {
    for (size, root) in &held.trees {
        assert_eq!(log.root_at(*size), Some(*root), "a tree of {size} was signed that the log never was");
    }
    let mut kept = BTreeSet::new();
    for file in stage.head_files() {
        for (size, root) in kept_by(&file) {
            assert_eq!(log.root_at(size), Some(root), "{} keeps what the log never was", file.display());
            kept.insert(size);
        }
    }
    // What is shown is kept before: a database that falls behind it is known for an old one.
    let shown = held.trees.keys().max().copied().unwrap_or(0);
    assert!(kept.iter().max().copied().unwrap_or(0) >= shown, "{shown} was signed, and {kept:?} is kept");
}

/// The heads that a file keeps as signed.
pub fn kept_by(file: &Path) -> Vec<(u64, Hash)> {
    std::fs::read(file).unwrap_or_default().chunks(256).filter_map(head_in).collect()
}

/// A head as a gateway keeps it, where the slot is whole.
fn head_in(slot: &[u8]) -> Option<(u64, Hash)> {
    let line = std::str::from_utf8(slot).ok()?.lines().next()?;
    let (text, sum) = line.rsplit_once(' ')?;
    let (size, root) = text.split_once(' ')?;
    (Hash::sha256(text.as_bytes()).to_string() == sum).then(|| (size.parse().unwrap(), root.parse().unwrap()))
}

/// 4, and that the log equals the changes: none without its entry, none twice, and no entry of one without it.
fn changes_are_what_the_log_says(world: &World, log: &StoredLog, held: &Held) {
    let leaves: Vec<Leaf> = log.leaves.iter().map(|leaf| Leaf::parse(leaf).unwrap()).collect();
    let ids: BTreeSet<Vec<u8>> = leaves.iter().map(|leaf| leaf.id.as_bytes().to_vec()).collect();
    assert_eq!(ids.len(), leaves.len(), "an entry id stands twice");
    let permitted: BTreeSet<Vec<u8>> = leaves
        .iter()
        .filter(|leaf| leaf.kind == EntryKind::ClientChange && leaf.outcome == Outcome::Permitted)
        .map(|leaf| leaf.id.as_bytes().to_vec())
        .collect();
    let mut connection = world.connection();
    for table in ["record_version", "agency_version", "setting"] {
        let sql = format!("SELECT entry_id AS bytes FROM {table}");
        let changed: Vec<_> = rows::<Bytes>(&mut connection, &sql).into_iter().map(|row| row.bytes).collect();
        assert!(changed.iter().all(|id| ids.contains(id)), "a change in {table} without its entry");
    }
    let sql = "SELECT v.entry_id AS bytes FROM record_version v JOIN record r ON r.id = v.record WHERE r.kind = 'client'";
    let versions: Vec<_> = rows::<Bytes>(&mut connection, sql).into_iter().map(|row| row.bytes).collect();
    let changed: BTreeSet<_> = versions.iter().cloned().collect();
    assert_eq!(changed.len(), versions.len(), "two versions under one entry");
    assert!(changed.is_subset(&permitted), "a change that was not permitted");
    assert!(held.written.iter().all(|id| changed.contains(id.as_slice())), "an acknowledged change is lost");
    // A write that was sent again may have an entry that says so, and no change.
    let without = permitted.difference(&changed).count();
    assert!(without <= held.retries, "{without} entries without their change, {} retries", held.retries);

    let people = world.number("SELECT count(*) AS number FROM person");
    let records = world.number("SELECT count(*) AS number FROM record WHERE kind = 'client'");
    let known = i64::try_from(held.clients.len()).unwrap();
    assert_eq!((people, records), (known, known), "each key had one effect");
    let written: u64 = held.clients.values().map(|versions| versions.known).sum();
    let unknown: u64 = held.clients.values().map(|versions| versions.unknown).sum();
    let stored = u64::try_from(versions.len()).unwrap();
    assert!(
        (written..=written + unknown).contains(&stored),
        "{written} written, {unknown} unknown, {stored} stored"
    );
}

/// The static directories catch up, and the auditor's own command finds nothing.
pub async fn published(stage: &Stage) {
    let until = Instant::now() + FOLLOWS_WITHIN;
    for directory in stage.directories() {
        loop {
            let size = u64::try_from(StoredLog::read(&stage.world).size).unwrap();
            let note = std::fs::read_to_string(directory.join("checkpoint")).unwrap_or_default();
            if claimed_head(&note).is_some_and(|head| head.size == size) {
                Checkpoint::open(&note, &stage.world.log_keys()).unwrap();
                break;
            }
            assert!(Instant::now() < until, "{} does not follow", directory.display());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let mut verify = Command::new(env!("CARGO_BIN_EXE_throughgate"));
        verify
            .args(["audit", "verify"])
            .arg(&directory)
            .arg("--log-key")
            .arg(stage.world.dir.join("log.vkey"));
        let output = tokio::task::spawn_blocking(move || verify.output().unwrap()).await.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
}
