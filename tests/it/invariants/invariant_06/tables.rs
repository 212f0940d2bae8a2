//! The rows of the log's tables, read and written whole, past the gateway, on either store.

use std::fmt::Write as _;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use throughgate::store::backend::AnyConnection;

use crate::support::World;

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Null,
    Int(i64),
    Bytes(Vec<u8>),
    Text(String),
}

pub type Row = Vec<Value>;

/// A column as the database describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
    pub is_key: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Int,
    Bytes,
    Text,
}

/// A table with all its rows.
#[derive(Debug, Clone)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
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
    key_place: i64,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Between two values of a row; in no value.
const SEPARATOR: char = '\u{1f}';

fn rows<T>(connection: &mut AnyConnection, sql: &str) -> Vec<T>
where
    T: diesel::deserialize::QueryableByName<diesel::pg::Pg>
        + diesel::deserialize::QueryableByName<diesel::sqlite::Sqlite>
        + 'static,
{
    match connection {
        AnyConnection::Postgres(c) => diesel::sql_query(sql).load(c).unwrap(),
        AnyConnection::Sqlite(c) => diesel::sql_query(sql).load(c).unwrap(),
    }
}

/// Every table of the log and of its witnesses, and the keys that it is under, as the live database has them.
pub fn read_all(world: &World) -> Vec<Table> {
    read_tables(world, |name| name.starts_with("audit_") || name.starts_with("witness") || name == "data_key")
}

/// These tables as the live database has them.
pub fn read_tables(world: &World, is_wanted: impl Fn(&str) -> bool) -> Vec<Table> {
    let mut connection = world.connection();
    let is_sqlite = matches!(connection, AnyConnection::Sqlite(_));
    let described: Vec<Described> = rows(
        &mut connection,
        if is_sqlite {
            "SELECT t.name AS of_table, c.name AS of_column, lower(c.type) AS of_type, c.pk AS key_place \
             FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY t.name, c.cid"
        } else {
            "SELECT c.table_name::text AS of_table, c.column_name::text AS of_column, c.data_type::text AS of_type, \
             coalesce(k.ordinal_position, 0)::bigint AS key_place FROM information_schema.columns c \
             LEFT JOIN information_schema.table_constraints p ON p.table_schema = c.table_schema \
                AND p.table_name = c.table_name AND p.constraint_type = 'PRIMARY KEY' \
             LEFT JOIN information_schema.key_column_usage k ON k.constraint_name = p.constraint_name \
                AND k.column_name = c.column_name \
             WHERE c.table_schema = 'public' ORDER BY c.table_name, c.ordinal_position"
        },
    );
    let mut tables: Vec<Table> = Vec::new();
    let is_ours =
        |name: &str| !name.starts_with("__diesel") && !name.starts_with("sqlite_") && is_wanted(name);
    for column in described.into_iter().filter(|column| is_ours(&column.of_table)) {
        let kind = match column.of_type.as_str() {
            "bigint" => Kind::Int,
            "blob" | "bytea" => Kind::Bytes,
            "text" => Kind::Text,
            other => panic!("{}.{} is {other}", column.of_table, column.of_column),
        };
        let described = Column { name: column.of_column, kind, is_key: column.key_place > 0 };
        match tables.last_mut().filter(|table| table.name == column.of_table) {
            Some(table) => table.columns.push(described),
            None => tables.push(Table { name: column.of_table, columns: vec![described], rows: Vec::new() }),
        }
    }
    for table in &mut tables {
        let quote = |column: &Column| match is_sqlite {
            true => format!("quote({})", column.name),
            false => format!("quote_nullable({}::text)", column.name),
        };
        let quoted: Vec<String> = table.columns.iter().map(quote).collect();
        let separator = if is_sqlite { " || char(31) || " } else { " || chr(31) || " };
        let keys: Vec<&str> =
            table.columns.iter().filter(|column| column.is_key).map(|column| column.name.as_str()).collect();
        let sql = format!(
            "SELECT {} AS line FROM {} ORDER BY {}",
            quoted.join(separator),
            table.name,
            keys.join(", ")
        );
        for Line { line } in rows(&mut connection, &sql) {
            let values: Row = line
                .split(SEPARATOR)
                .zip(&table.columns)
                .map(|(text, column)| value(text, column.kind))
                .collect();
            assert_eq!(values.len(), table.columns.len());
            table.rows.push(values);
        }
    }
    tables
}

/// A value as the database quotes it.
fn value(quoted: &str, kind: Kind) -> Value {
    if quoted == "NULL" {
        return Value::Null;
    }
    let is_escaped = quoted.starts_with('E') || quoted.starts_with(" E");
    let is_hex = quoted.starts_with("X'");
    let inner = quoted.trim_start_matches([' ', 'E', 'X']).trim_matches('\'').replace("''", "'");
    let inner = if is_escaped { inner.replace("\\\\", "\\") } else { inner };
    match kind {
        Kind::Int => Value::Int(inner.parse().unwrap()),
        Kind::Text => Value::Text(inner),
        Kind::Bytes => {
            let hex = if is_hex { inner.as_str() } else { inner.strip_prefix("\\x").unwrap() };
            let pairs = hex.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
            Value::Bytes(pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect())
        }
    }
}

fn literal(value: &Value, is_sqlite: bool) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
        Value::Bytes(bytes) => {
            let hex = bytes.iter().fold(String::new(), |mut hex, byte| {
                let _ = write!(hex, "{byte:02x}");
                hex
            });
            if is_sqlite { format!("x'{hex}'") } else { format!("'\\x{hex}'::bytea") }
        }
    }
}

impl Table {
    /// Puts these rows in the place of whatever the table has, as somebody can who holds the database. An error where the database
    /// itself refuses such rows: two of one key.
    pub fn write(&self, world: &World, rows: &[Row]) -> Result<(), String> {
        let mut connection = world.connection();
        let is_sqlite = matches!(connection, AnyConnection::Sqlite(_));
        let lax =
            if is_sqlite { "PRAGMA foreign_keys = OFF" } else { "SET session_replication_role = replica" };
        connection.batch_execute(lax).unwrap();
        let mut sql = format!("BEGIN; DELETE FROM {};", self.name);
        let names: Vec<&str> = self.columns.iter().map(|column| column.name.as_str()).collect();
        for rows in rows.chunks(100) {
            let rows: Vec<String> = rows
                .iter()
                .map(|row| {
                    let values: Vec<String> = row.iter().map(|value| literal(value, is_sqlite)).collect();
                    format!("({})", values.join(", "))
                })
                .collect();
            let _ =
                write!(sql, "INSERT INTO {} ({}) VALUES {};", self.name, names.join(", "), rows.join(", "));
        }
        sql.push_str("COMMIT");
        // A connection that failed ends here, and its transaction with it.
        connection.batch_execute(&sql).map_err(|error| error.to_string())
    }

    pub fn place(&self, column: &str) -> usize {
        self.columns.iter().position(|known| known.name == column).unwrap()
    }
}
