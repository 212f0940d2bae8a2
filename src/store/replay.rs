//! Guards against replay: a token's `jti` serves one write, an `Idempotency-Key` one effect, across restarts and replicas.

use diesel::sql_types::{BigInt, Binary, Text};

use super::backend::{AnyConnection, Bind};
use super::{Error, Snapshot};
use crate::crypto::Token;

/// A guard as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardRow {
    pub(crate) guard: Vec<u8>,
    pub(crate) expires_us: i64,
    /// HMAC over worker, purpose, route and body; empty for a `jti`.
    pub(crate) request: Vec<u8>,
    pub(crate) status: i64,
    pub(crate) location: String,
}

/// The answer that an `Idempotency-Key` once had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// HMAC over worker, purpose, route and body of the first request.
    pub request: Vec<u8>,
    /// Its status.
    pub status: u16,
    /// Its `Location`.
    pub location: Option<String>,
}

/// Which of these guards are taken.
pub(crate) fn taken(
    connection: &mut AnyConnection,
    guards: &[Token],
    now_us: i64,
) -> Result<Vec<Vec<u8>>, Error> {
    let is_postgres = connection.is_postgres();
    let mut found = Vec::new();
    let mut look = |sql: &'static str, guard: Bind<'_>| -> Result<(), Error> {
        let rows = connection.rows::<(Binary,), (Vec<u8>,)>(sql, &[guard, Bind::Int(now_us)])?;
        found.extend(rows.into_iter().map(|(guard,)| guard));
        Ok(())
    };
    if is_postgres {
        let guards: Vec<&[u8]> = guards.iter().map(Token::as_slice).collect();
        look(
            "SELECT guard FROM replay_guard WHERE guard = ANY(?) AND expires_us > ?",
            Bind::BytesArray(&guards),
        )?;
    } else {
        for guard in guards {
            look("SELECT guard FROM replay_guard WHERE guard = ? AND expires_us > ?", Bind::Bytes(guard))?;
        }
    }
    Ok(found)
}

/// Takes a guard that is free. One that expired and was not yet swept is taken over.
pub(crate) fn take(connection: &mut AnyConnection, row: &GuardRow, now_us: i64) -> Result<(), Error> {
    let taken = connection.run(
        "INSERT INTO replay_guard (guard, expires_us, request, status, location) VALUES (?, ?, ?, ?, ?) \
         ON CONFLICT (guard) DO UPDATE SET expires_us = excluded.expires_us, request = excluded.request, \
         status = excluded.status, location = excluded.location WHERE replay_guard.expires_us <= ?",
        &[
            Bind::Bytes(&row.guard),
            Bind::Int(row.expires_us),
            Bind::Bytes(&row.request),
            Bind::Int(row.status),
            Bind::Text(&row.location),
            Bind::Int(now_us),
        ],
    )?;
    if taken == 1 { Ok(()) } else { Err(Error::Corrupt("a guard that was free is taken")) }
}

/// Leaves a row that means nothing and goes with the next sweep, for a COMMIT that must be one.
pub(crate) fn mark(connection: &mut AnyConnection) -> Result<(), Error> {
    let guard = uuid::Uuid::new_v4();
    connection.run(
        "INSERT INTO replay_guard (guard, expires_us, request, status, location) VALUES (?, 0, ?, 0, '')",
        &[Bind::Bytes(guard.as_bytes()), Bind::Bytes(&[])],
    )?;
    Ok(())
}

/// Removes what has expired.
pub(crate) fn sweep(connection: &mut AnyConnection, now_us: i64) -> Result<(), Error> {
    connection.run("DELETE FROM replay_guard WHERE expires_us <= ?", &[Bind::Int(now_us)])?;
    Ok(())
}

impl Snapshot<'_> {
    /// What was answered under this guard before, if it still counts.
    ///
    /// # Errors
    /// When the database fails.
    pub fn answered(&mut self, guard: &Token, now_us: i64) -> Result<Option<Answered>, Error> {
        let row = self
            .connection
            .rows::<(Binary, BigInt, Text), (Vec<u8>, i64, String)>(
                "SELECT request, status, location FROM replay_guard WHERE guard = ? AND expires_us > ?",
                &[Bind::Bytes(guard), Bind::Int(now_us)],
            )?
            .pop();
        row.map(|(request, status, location)| {
            let status = u16::try_from(status).map_err(|_| Error::Corrupt("a status is out of range"))?;
            Ok(Answered { request, status, location: Some(location).filter(|l| !l.is_empty()) })
        })
        .transpose()
    }
}
