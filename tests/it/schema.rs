//! The schema itself: both stores have the same tables and columns, and the code sees them as they are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use throughgate::crypto::KeyRing;
use throughgate::store::Store;
use throughgate::store::backend::{AnyConnection, DatabaseUrl, Duty};

use crate::support::Cluster;
use crate::support::sources::repository;

/// What Diesel calls a column's type, whether it may be null, and its place in the primary key, from 1.
type Column = (String, bool, Option<usize>);

/// Tables, their columns, what each column is.
type Schema = BTreeMap<String, BTreeMap<String, Column>>;

#[test]
fn both_stores_have_the_same_tables_and_columns() {
    let cluster = Cluster::get();
    let postgresql = of_postgresql(&cluster);
    let sqlite = of_sqlite();
    assert!(postgresql.len() >= 20, "the schema was not understood");
    assert_eq!(sqlite, postgresql, "left: sqlite; right: postgresql");
}

#[test]
fn the_code_sees_the_tables_as_they_are() {
    assert_eq!(of_the_code(), of_sqlite(), "left: src/store/schema.rs; right: the migrations");
}

#[test]
fn both_stores_have_migrations_of_the_same_names() {
    let names = |store: &str| -> BTreeSet<String> {
        std::fs::read_dir(repository("migrations").join(store))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    };
    let sqlite = names("sqlite");
    assert!(!sqlite.is_empty());
    assert_eq!(sqlite, names("postgresql"));
}

/// A database with every migration applied.
fn migrated(url: &str) -> AnyConnection {
    let dir = tempfile::tempdir().unwrap();
    let ring = dir.path().join("ring.toml");
    KeyRing::create(&ring, "kek-1").unwrap();
    let url = DatabaseUrl::parse(url).unwrap();
    let keys = Arc::new(KeyRing::load(&ring).unwrap());
    Store::new(url.clone(), keys, 1).migrate().unwrap();
    url.connect(Duty::Write).unwrap()
}

#[derive(QueryableByName)]
struct Described {
    #[diesel(sql_type = Text)]
    of_table: String,
    #[diesel(sql_type = Text)]
    of_column: String,
    #[diesel(sql_type = Text)]
    of_type: String,
    #[diesel(sql_type = BigInt)]
    is_nullable: i64,
    #[diesel(sql_type = BigInt)]
    key_place: i64,
}

fn of_sqlite() -> Schema {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", dir.path().join("schema.db").display());
    let AnyConnection::Sqlite(mut connection) = migrated(&url) else {
        panic!("a sqlite URL opened another store")
    };
    // https://www.sqlite.org/pragma.html#pragma_table_info
    let columns = diesel::sql_query(
        "SELECT t.name AS of_table, c.name AS of_column, c.type AS of_type, 1 - c.\"notnull\" AS is_nullable, c.pk AS key_place \
         FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'",
    );
    schema(columns.load::<Described>(&mut connection).unwrap())
}

fn of_postgresql(cluster: &Cluster) -> Schema {
    let AnyConnection::Postgres(mut connection) = migrated(&cluster.database()) else {
        panic!("a postgresql URL opened another store")
    };
    let columns = diesel::sql_query(
        "SELECT c.table_name::text AS of_table, c.column_name::text AS of_column, c.data_type::text AS of_type, \
         (c.is_nullable = 'YES')::int::bigint AS is_nullable, coalesce(k.ordinal_position, 0)::bigint AS key_place \
         FROM information_schema.columns c \
         LEFT JOIN information_schema.table_constraints p ON p.table_schema = c.table_schema \
            AND p.table_name = c.table_name AND p.constraint_type = 'PRIMARY KEY' \
         LEFT JOIN information_schema.key_column_usage k ON k.constraint_schema = p.constraint_schema \
            AND k.constraint_name = p.constraint_name AND k.column_name = c.column_name \
         WHERE c.table_schema = 'public'",
    );
    schema(columns.load::<Described>(&mut connection).unwrap())
}

fn schema(columns: Vec<Described>) -> Schema {
    let mut schema = Schema::new();
    for column in columns {
        // Diesel's own bookkeeping, whose types differ between the two.
        if column.of_table == "__diesel_schema_migrations" {
            continue;
        }
        let of_type = match column.of_type.to_lowercase().as_str() {
            "text" => "Text",
            "bigint" => "BigInt",
            "blob" | "bytea" => "Binary",
            other => panic!(
                "{}.{} is {other}: a type that only one store knows",
                column.of_table, column.of_column
            ),
        };
        let place = usize::try_from(column.key_place).unwrap();
        let described = (of_type.to_owned(), column.is_nullable == 1, (place > 0).then_some(place));
        schema.entry(column.of_table).or_default().insert(column.of_column, described);
    }
    schema
}

/// The tables as `diesel::table!` states them.
fn of_the_code() -> Schema {
    let text = std::fs::read_to_string(repository("src/store/schema.rs")).unwrap();
    let mut schema = Schema::new();
    for table in text.split("table! {").skip(1) {
        let (head, columns) = table.split_once(") {").unwrap();
        let (name, key) = head.trim().split_once('(').unwrap();
        let key: Vec<&str> = key.split(',').map(str::trim).collect();
        let mut described = BTreeMap::new();
        // A column that is called otherwise in the code than in the database.
        let mut sql_name = None;
        for line in columns.split('}').next().unwrap().lines().map(str::trim) {
            if let Some(renamed) = line.strip_prefix("#[sql_name = \"") {
                sql_name = Some(renamed.trim_end_matches("\"]"));
            } else if let Some((column, of_type)) = line.split_once(" -> ") {
                let of_type = of_type.trim_end_matches(',');
                let inner = of_type.strip_prefix("Nullable<").and_then(|inner| inner.strip_suffix('>'));
                let place = key.iter().position(|part| *part == column).map(|at| at + 1);
                let of_column = (inner.unwrap_or(of_type).to_owned(), inner.is_some(), place);
                described.insert(sql_name.take().unwrap_or(column).to_owned(), of_column);
            }
        }
        schema.insert(name.trim().to_owned(), described);
    }
    schema
}
