//! Migrations that move what is stored: nothing is lost on the way, on either store.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Text};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use throughgate::store::backend::{AnyConnection, DatabaseUrl, Duty};

use crate::support::Cluster;
use crate::support::sources::repository;

#[derive(QueryableByName, Debug, PartialEq)]
struct Version {
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = Binary)]
    entry_id: Vec<u8>,
    #[diesel(sql_type = BigInt)]
    recorded_us: i64,
    #[diesel(sql_type = Text)]
    parts: String,
    #[diesel(sql_type = Binary)]
    envelopes: Vec<u8>,
}

#[test]
fn a_version_in_several_rows_becomes_one_with_every_byte_on_sqlite() {
    let dir = tempfile::tempdir().unwrap();
    one_row_a_version("sqlite", &format!("sqlite:{}", dir.path().join("old.db").display()), |hex| {
        format!("x'{hex}'")
    });
}

#[test]
fn a_version_in_several_rows_becomes_one_with_every_byte_on_postgresql() {
    one_row_a_version("postgresql", &Cluster::get().database(), |hex| format!("'\\x{hex}'"));
}

/// Writes two versions as the foundation's schema had them, migrates, and reads them.
fn one_row_a_version(store: &str, url: &str, bytes: impl Fn(&str) -> String) {
    let mut connection = DatabaseUrl::parse(url).unwrap().connect(Duty::Write).unwrap();
    let migrations = || FileBasedMigrations::from_path(repository("migrations").join(store)).unwrap();
    next(&mut connection, migrations());
    let (id, key, entry) = (bytes(&"00ff".repeat(8)), bytes(&"a1".repeat(16)), bytes(&"07".repeat(16)));
    let mut sql = format!(
        "INSERT INTO person VALUES ({id}, 1); INSERT INTO record VALUES ({id}, 'dir', {id}, 'northmoor-cjit', 1); \
         INSERT INTO data_key VALUES ({key}, {id}, 'northmoor-cjit', 'kek-1', {key});"
    );
    // Bytes that are no text, with zeros at both ends; an envelope that needs two bytes of length.
    let long = "00fe80".repeat(200) + "00";
    for (version, part, envelope) in
        [(1, "body", "00ff00"), (2, "identity", long.as_str()), (2, "body", "80")]
    {
        sql += &format!(
            "INSERT INTO record_part VALUES ({id}, {version}, '{part}', {entry}, {version}, {key}, {});",
            bytes(envelope)
        );
    }
    connection.batch_execute(&sql).unwrap();

    next(&mut connection, migrations());

    let found: Vec<Version> = diesel::sql_query(
        "SELECT version, entry_id, recorded_us, parts, envelopes FROM record_version ORDER BY version",
    )
    .load(&mut connection)
    .unwrap();
    let expected = |version, parts: &str, envelopes: Vec<u8>| Version {
        version,
        entry_id: vec![7; 16],
        recorded_us: version,
        parts: parts.to_owned(),
        envelopes,
    };
    let identity = [[0x00, 0xfe, 0x80].repeat(200), vec![0]].concat();
    let second = [vec![0, 0, 0, 1, 0x80], vec![0, 0, 2, 0x59], identity].concat();
    assert_eq!(
        found,
        [expected(1, "body", vec![0, 0, 0, 3, 0, 0xff, 0]), expected(2, "body identity", second)]
    );
}

fn next(connection: &mut AnyConnection, migrations: FileBasedMigrations) {
    match connection {
        AnyConnection::Postgres(c) => c.run_next_migration(migrations).map(drop),
        AnyConnection::Sqlite(c) => c.run_next_migration(migrations).map(drop),
    }
    .unwrap();
}
