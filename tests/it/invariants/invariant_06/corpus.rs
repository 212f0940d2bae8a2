//! Every column of every table of the log changed in every way, one at a time: all of it found; and clean logs without an alarm.

use std::process::ExitCode;

use throughgate::cli::audit::FileDirectory;
use throughgate::journal::follower::LogDirectory as Follow;
use throughgate::ledger::verify::{Rules, Unwatched, verify_by};
use throughgate::ledger::witness::WitnessPolicy;

use super::tables::{Column, Kind, Row, Table, Value, read_all};
use super::{Dice, all_cosigned, erase, history, read, stop, summaries, verify_store, witnessed};
use crate::support::{Backend, World, on_both_stores, rounds};

/// What finds a change, besides `throughgate verify-store`, which finds each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    /// `verify-store` alone: what auditors are given does not hold it.
    StoreAlone,
    /// Also whoever verifies the static directory as the follower builds it from the tables.
    Directory,
}

/// Each column, and what finds a change of it. A new column is a failure until it has its place here.
///
/// The gateway's start and its next batch find more of these: head, and whatever of leaves and tiles the head's root is computed
/// from at the right edge of the tree; see `faults::frozen`.
const COLUMNS: [(&str, &str, By); 33] = [
    ("audit_checkpoint", "note", By::StoreAlone),
    ("audit_checkpoint", "size", By::StoreAlone),
    ("audit_cosig", "line", By::StoreAlone),
    ("audit_cosig", "size", By::StoreAlone),
    ("audit_cosig", "witness", By::StoreAlone),
    ("audit_head", "frontier", By::StoreAlone),
    ("audit_head", "log", By::StoreAlone),
    ("audit_head", "number", By::StoreAlone),
    ("audit_head", "origin", By::StoreAlone),
    ("audit_head", "root", By::StoreAlone),
    ("audit_head", "size", By::StoreAlone),
    ("audit_index", "idx", By::StoreAlone),
    ("audit_index", "token", By::StoreAlone),
    ("audit_leaf", "entry_id", By::StoreAlone),
    ("audit_leaf", "idx", By::Directory),
    ("audit_leaf", "leaf", By::Directory),
    // Below a full tile nothing else reads it.
    ("audit_leaf", "leaf_hash", By::StoreAlone),
    ("audit_private", "erased_by", By::StoreAlone),
    ("audit_private", "idx", By::StoreAlone),
    ("audit_private", "person_key", By::StoreAlone),
    ("audit_private", "person_part", By::StoreAlone),
    ("audit_private", "rest_key", By::StoreAlone),
    ("audit_private", "rest_part", By::StoreAlone),
    ("audit_recovery", "number", By::StoreAlone),
    ("audit_recovery", "statement", By::StoreAlone),
    ("audit_tile", "hashes", By::Directory),
    ("audit_tile", "level", By::Directory),
    ("audit_tile", "n", By::Directory),
    ("data_key", "custodian", By::StoreAlone),
    ("data_key", "id", By::StoreAlone),
    ("data_key", "kek", By::StoreAlone),
    ("data_key", "owner", By::StoreAlone),
    ("data_key", "wrapped", By::StoreAlone),
];

/// A change of one column's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OfValue {
    Flip,
    Cut,
    Extend,
    OfAnotherRow,
    Swap,
    Lose,
}

const OF_VALUES: [OfValue; 6] =
    [OfValue::Flip, OfValue::Cut, OfValue::Extend, OfValue::OfAnotherRow, OfValue::Swap, OfValue::Lose];

/// A change of a table's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OfRows {
    Delete,
    Truncate,
    Empty,
    Insert,
    SwapAllButKeys,
}

const OF_ROWS: [OfRows; 5] =
    [OfRows::Delete, OfRows::Truncate, OfRows::Empty, OfRows::Insert, OfRows::SwapAllButKeys];

/// The rows of a table as somebody leaves them who changes a column; `None` where that changes nothing.
fn change_values(
    dice: &mut Dice,
    table: &Table,
    eligible: &[usize],
    column: &Column,
    how: OfValue,
) -> Option<Vec<Row>> {
    let (at, place) = (*eligible.get(dice.below(eligible.len()))?, table.place(&column.name));
    let mut rows = table.rows.clone();
    let other = dice.below(rows.len());
    match how {
        OfValue::Flip => rows[at][place] = flipped(dice, &rows[at][place], column.kind),
        OfValue::Cut => rows[at][place] = cut(&rows[at][place]),
        OfValue::Extend => rows[at][place] = extended(&rows[at][place]),
        OfValue::OfAnotherRow => rows[at][place] = rows[other][place].clone(),
        OfValue::Swap => {
            let value = rows[at][place].clone();
            rows[at][place] = std::mem::replace(&mut rows[other][place], value);
        }
        OfValue::Lose => {
            rows[at][place] = match column.kind {
                _ if column.name == "erased_by" => Value::Null,
                Kind::Int => Value::Int(0),
                Kind::Bytes => Value::Bytes(Vec::new()),
                Kind::Text => Value::Text(String::new()),
            };
        }
    }
    (sorted(&rows) != sorted(&table.rows)).then_some(rows)
}

fn sorted(rows: &[Row]) -> Vec<String> {
    let mut all: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
    all.sort();
    all
}

fn flipped(dice: &mut Dice, value: &Value, kind: Kind) -> Value {
    match (value, kind) {
        (Value::Int(number), _) => Value::Int(number ^ 1 << dice.below(63)),
        (Value::Bytes(bytes), _) if !bytes.is_empty() => {
            let mut bytes = bytes.clone();
            let at = dice.below(bytes.len());
            bytes[at] ^= 1 << dice.below(8);
            Value::Bytes(bytes)
        }
        (Value::Text(text), _) if !text.is_empty() => {
            let mut characters: Vec<char> = text.chars().collect();
            let at = dice.below(characters.len());
            // What stays one character of ASCII, and no control.
            let changed = u32::from(characters[at]) ^ 1 << dice.below(5);
            characters[at] = char::from_u32(changed).filter(|c| !c.is_control()).unwrap_or('~');
            Value::Text(characters.into_iter().collect())
        }
        (_, Kind::Text) => Value::Text("x".to_owned()),
        // A time-ordered id of nobody's.
        _ => Value::Bytes(dice.roll().to_be_bytes().repeat(2)),
    }
}

fn cut(value: &Value) -> Value {
    match value {
        Value::Int(number) => Value::Int(number - 1),
        Value::Bytes(bytes) => Value::Bytes(bytes[..bytes.len().saturating_sub(1)].to_vec()),
        Value::Text(text) => {
            let mut text = text.clone();
            text.pop();
            Value::Text(text)
        }
        Value::Null => Value::Null,
    }
}

fn extended(value: &Value) -> Value {
    match value {
        Value::Int(number) => Value::Int(number + 1),
        Value::Bytes(bytes) => Value::Bytes([bytes.as_slice(), &[0]].concat()),
        Value::Text(text) => Value::Text(format!("{text}x")),
        Value::Null => Value::Bytes(vec![7; 16]),
    }
}

fn change_rows(dice: &mut Dice, table: &Table, eligible: &[usize], how: OfRows) -> Option<Vec<Row>> {
    let at = *eligible.get(dice.below(eligible.len()))?;
    let mut rows = table.rows.clone();
    match how {
        OfRows::Truncate if eligible.len() < rows.len() => drop(rows.remove(at)),
        OfRows::Delete => drop(rows.remove(at)),
        OfRows::Truncate => rows.truncate(rows.len() - 1 - dice.below(rows.len().min(5))),
        OfRows::Empty => rows.clear(),
        OfRows::Insert => {
            let mut row = rows[at].clone();
            // Under a key of its own: another value in each column of the key.
            for column in table.columns.iter().filter(|column| column.is_key) {
                let place = table.place(&column.name);
                row[place] = match (&row[place], dice.below(2)) {
                    (Value::Int(_), 0) => Value::Int(i64::try_from(rows.len()).unwrap()),
                    (value, _) => flipped(dice, value, column.kind),
                };
            }
            rows.push(row);
        }
        OfRows::SwapAllButKeys => {
            let other = dice.below(rows.len());
            for column in table.columns.iter().filter(|column| !column.is_key) {
                let place = table.place(&column.name);
                let value = rows[at][place].clone();
                rows[at][place] = std::mem::replace(&mut rows[other][place], value);
            }
        }
    }
    (sorted(&rows) != sorted(&table.rows)).then_some(rows)
}

/// The rows whose changes count: of the keys, those that the log is under. Others are what the records are under.
fn eligible(tables: &[Table], table: &Table) -> Vec<usize> {
    let all = 0..table.rows.len();
    if table.name != "data_key" {
        return all.collect();
    }
    let private = tables.iter().find(|table| table.name == "audit_private").unwrap();
    let cited: Vec<&Value> = private
        .rows
        .iter()
        .flat_map(|row| [&row[private.place("person_key")], &row[private.place("rest_key")]])
        .collect();
    all.filter(|at| cited.contains(&&table.rows[*at][table.place("id")])).collect()
}

/// What nothing finds, and why that harms nobody: see `store::check`.
///
/// A cosignature that is deleted while another of the same checkpoint stays, unless the static directory keeps it. The next
/// checkpoint is cosigned over the same entries, so that none of them can be changed for it.
fn is_harmless(table: &Table, rows: &[Row]) -> bool {
    if table.name != "audit_cosig" {
        return false;
    }
    let size = table.place("size");
    let only_less = rows.iter().all(|row| table.rows.contains(row));
    let sizes = |rows: &[Row]| -> std::collections::BTreeSet<String> {
        rows.iter().map(|row| format!("{:?}", row[size])).collect()
    };
    only_less && sizes(rows) == sizes(&table.rows)
}

/// The static directory as a new follower builds it, and what an auditor says to it; an error is the follower's own refusal.
fn directory_verdict(world: &World, policy: &WitnessPolicy, note: &str) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let built = Follow::new(folder.path().to_owned()).follow(&world.store(), note);
    if let Err(error) = built {
        return Some(format!("the follower: {error}"));
    }
    let keys = world.log_keys();
    let rules = Rules { policy: Some(policy), threads: 1, ..Rules::new(&keys) };
    let report = verify_by(&FileDirectory::new(folder.path()), &rules, &Unwatched).unwrap();
    report.verdict().map(|verdict| verdict.word().to_owned())
}

/// The ways that one run takes: the first of them always, of the others one on SQLite, and in further rounds all. Each change of a row is a
/// whole check of the store, so that a usual run takes no more; many runs, and `THROUGHGATE_ROUNDS`, go through all of them.
fn some_of<W: Copy + PartialEq>(dice: &mut Dice, world: &World, ways: &[W], round: usize) -> Vec<W> {
    if round > 0 {
        return ways.to_vec();
    }
    let more = (world.backend == Backend::Sqlite).then(|| ways[1 + dice.below(ways.len() - 1)]);
    std::iter::once(ways[0]).chain(more).collect()
}

struct Scene<'w> {
    world: &'w World,
    policy: WitnessPolicy,
    note: String,
    changes: usize,
    refused: usize,
}

impl Scene<'_> {
    /// Puts the changed rows in place, asks whoever must find them, and puts the true ones back.
    fn try_change(&mut self, table: &Table, rows: &[Row], by: By, what: &str) {
        if let Err(refusal) = table.write(self.world, rows) {
            // Two rows of one key, or nothing where something must be: the database itself does not take it.
            assert!(
                ["UNIQUE", "unique", "NOT NULL", "null value"].iter().any(|word| refusal.contains(word)),
                "{what}: {refusal}"
            );
            self.refused += 1;
            return;
        }
        self.changes += 1;
        let verdict = verify_store(self.world);
        let found = verdict == ExitCode::from(10) || verdict == ExitCode::from(30);
        assert!(found || is_harmless(table, rows), "{what}: verify-store says {verdict:?}");
        if by == By::Directory {
            let says = directory_verdict(self.world, &self.policy, &self.note);
            assert!(says.is_some(), "{what}: the directory verifies");
        }
        table.write(self.world, &table.rows).unwrap();
    }
}

on_both_stores! {
    async fn invariant_06_any_change_of_any_column_of_any_table_of_the_log_is_found(world: World) {
        let mut world = world;
        let mut partners = witnessed(&mut world).await;
        history(&world).await;
        stop(&mut world, &mut partners).await;
        let policy: WitnessPolicy =
            std::fs::read_to_string(world.dir.join("witness.policy")).unwrap().parse().unwrap();
        let tables = read_all(&world);
        let mut columns: Vec<(&str, &str)> = Vec::new();
        for table in &tables {
            columns.extend(table.columns.iter().map(|column| (table.name.as_str(), column.name.as_str())));
        }
        columns.sort_unstable();
        let known: Vec<(&str, &str)> = COLUMNS.iter().map(|(table, column, _)| (*table, *column)).collect();
        assert_eq!(columns, known, "left: the database; right: the corpus. A new column needs what finds its changes");
        let mut empty = tables.iter().filter(|table| table.rows.is_empty());
        // A log that no recovery began has no statement; that one was put there is found.
        let recovery = empty.next().unwrap();
        assert!(recovery.name == "audit_recovery" && empty.next().is_none(), "a table without rows shows nothing");
        recovery.write(&world, &[vec![Value::Int(1), Value::Text("{}".to_owned())]]).unwrap();
        assert_eq!(verify_store(&world), ExitCode::from(10));
        recovery.write(&world, &[]).unwrap();
        assert_eq!(verify_store(&world), ExitCode::SUCCESS);
        let note = std::fs::read_to_string(world.dir.join("log/checkpoint")).unwrap();
        assert_eq!(directory_verdict(&world, &policy, &note), None);

        let mut dice = Dice::new("the tables");
        let mut scene = Scene { world: &world, policy, note, changes: 0, refused: 0 };
        for round in 0..rounds(1) {
            for table in &tables {
                let eligible = eligible(&tables, table);
                for column in &table.columns {
                    let by = COLUMNS.iter().find(|(of, name, _)| *of == table.name && *name == column.name).unwrap().2;
                    for how in some_of(&mut dice, &world, &OF_VALUES, round) {
                        if let Some(rows) = change_values(&mut dice, table, &eligible, column, how) {
                            let what = format!("{how:?} of {}.{}", table.name, column.name);
                            scene.try_change(table, &rows, by, &what);
                        }
                    }
                }
                for how in some_of(&mut dice, &world, &OF_ROWS, round) {
                    if let Some(rows) = change_rows(&mut dice, table, &eligible, how) {
                        scene.try_change(table, &rows, By::StoreAlone, &format!("{how:?} in {}", table.name));
                    }
                }
            }
        }
        eprintln!("{} changes found, {} refused by the database", scene.changes, scene.refused);
        assert!(scene.changes > 30, "only {} changes were made", scene.changes);
        assert_eq!(verify_store(&world), ExitCode::SUCCESS, "put back, it is as it was");
    }
}

on_both_stores! {
    async fn invariant_06_no_clean_log_raises_an_alarm(world: World) {
        let mut world = world;
        let mut partners = witnessed(&mut world).await;
        let policy: WitnessPolicy =
            std::fs::read_to_string(world.dir.join("witness.policy")).unwrap().parse().unwrap();
        let mut dice = Dice::new("clean logs");
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        for round in 0..rounds(8) {
            let client_ref = world.client(&carat, "Testa", &format!("Alder{}", char::from(b'a' + u8::try_from(round % 26).unwrap()))).await;
            for _ in 0..dice.below(4) {
                read(&carat, client_ref).await;
            }
            if dice.below(2) == 0 {
                erase(&world, "fallowgate-carat", "fixture-maple", client_ref).await;
            }
            summaries(&world, dice.below(60)).await;
            if dice.below(3) == 0 {
                world.clock.advance(120);
                all_cosigned(&world).await;
            }
            // Beside the gateway at work.
            assert_eq!(verify_store(&world), ExitCode::SUCCESS, "round {round}");
        }
        all_cosigned(&world).await;
        stop(&mut world, &mut partners).await;
        assert_eq!(verify_store(&world), ExitCode::SUCCESS);
        let note = std::fs::read_to_string(world.dir.join("log/checkpoint")).unwrap();
        assert_eq!(directory_verdict(&world, &policy, &note), None);
    }
}

/// Whoever holds the database alone, and puts a whole other log of the same origin in place, consistent in itself: what is kept outside
/// tells.
#[test]
fn invariant_06_a_database_that_is_consistent_in_itself_is_held_against_what_is_kept_outside() {
    World::tell(Backend::Sqlite, async |mut world| {
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        world.client(&carat, "Testa", "Alder").await;
        world.stop().await;
        world.tamper("PRAGMA wal_checkpoint(TRUNCATE)");
        let (database, copy) = (world.dir.join("gateway.db"), world.dir.join("copy.db"));
        std::fs::copy(&database, &copy).unwrap();
        world.restart().await;
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        world.client(&carat, "Fixture", "Cedar").await;
        world.stop().await;
        assert_eq!(verify_store(&world), ExitCode::SUCCESS);
        world.tamper("PRAGMA wal_checkpoint(TRUNCATE)");
        for suffix in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(world.dir.join(format!("gateway.db{suffix}")));
        }
        std::fs::copy(&copy, &database).unwrap();
        assert_eq!(verify_store(&world), ExitCode::from(10), "an old copy is shorter than what was signed");
        // Without the head file, the static directory remembers.
        std::fs::remove_file(world.dir.join("head")).unwrap();
        assert_eq!(verify_store(&world), ExitCode::from(10));
        // Without either, only witnesses and recipients do.
        std::fs::remove_dir_all(world.dir.join("log")).unwrap();
        assert_eq!(verify_store(&world), ExitCode::SUCCESS);
        assert_eq!(verify_store_of(&world, "nowhere.toml"), ExitCode::from(2));
        for suffix in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(world.dir.join(format!("gateway.db{suffix}")));
        }
        std::fs::write(&database, b"").unwrap();
        assert_eq!(verify_store(&world), ExitCode::from(40), "a database without the tables cannot be read");
        std::fs::remove_file(&database).unwrap();
        assert_eq!(verify_store(&world), ExitCode::from(2));
        assert!(!database.exists(), "nothing is made");
    });
}

fn verify_store_of(world: &World, config: &str) -> ExitCode {
    use clap::Parser as _;
    let config = world.dir.join(config).display().to_string();
    let line = super::Line::parse_from(["verify-store", "--config", &config]);
    throughgate::cli::verify_store::run(&line.args)
}
