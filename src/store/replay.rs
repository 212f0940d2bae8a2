//! Guards against replay: a token's `jti` serves one write, an `Idempotency-Key` one effect, across restarts and replicas.

use diesel::sql_types::{BigInt, Binary, Text};

use super::backend::{AnyConnection, Bind};
use super::{Error, Snapshot};
use crate::crypto::Token;

/// So many expired guards are removed at a time.
const SWEPT: i64 = 10_000;

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

/// What a guard was taken for: for an `Idempotency-Key`, the answer that it had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The guard.
    pub guard: Vec<u8>,
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
    Ok(rows(connection, guards, now_us)?.into_iter().map(|answered| answered.guard).collect())
}

/// Whether it has expired is judged here: a statement that compared it could go by the index of what expires, over all that have not.
macro_rules! guards {
    ($these:literal) => {
        concat!("SELECT guard, request, status, location, expires_us FROM replay_guard WHERE guard ", $these)
    };
}

fn rows(connection: &mut AnyConnection, guards: &[Token], now_us: i64) -> Result<Vec<Answered>, Error> {
    type Columns = (Binary, Binary, BigInt, Text, BigInt);
    type Values = (Vec<u8>, Vec<u8>, i64, String, i64);
    let mut found: Vec<Values> = Vec::new();
    if connection.is_postgres() {
        let guards: Vec<&[u8]> = guards.iter().map(Token::as_slice).collect();
        if !guards.is_empty() {
            found = connection.rows::<Columns, _>(guards!("= ANY(?)"), &[Bind::BytesArray(&guards)])?;
        }
    } else {
        for guard in guards {
            found.extend(connection.rows::<Columns, _>(guards!("= ?"), &[Bind::Bytes(guard)])?);
        }
    }
    let counts = found.into_iter().filter(|(_, _, _, _, expires_us)| *expires_us > now_us);
    counts
        .map(|(guard, request, status, location, _)| {
            let status = u16::try_from(status).map_err(|_| Error::Corrupt("a status is out of range"))?;
            Ok(Answered { guard, request, status, location: Some(location).filter(|l| !l.is_empty()) })
        })
        .collect()
}

/// What happens to one that expired and was not yet swept: it is taken over.
macro_rules! taking_over {
    ($put:literal) => {
        concat!(
            "INSERT INTO replay_guard (guard, expires_us, request, status, location) ",
            $put,
            " ON CONFLICT (guard) DO UPDATE SET expires_us = excluded.expires_us, request = excluded.request, \
             status = excluded.status, location = excluded.location WHERE replay_guard.expires_us <= ?"
        )
    };
}

/// Takes guards that are free, each another.
pub(crate) fn take(connection: &mut AnyConnection, rows: &[&GuardRow], now_us: i64) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let taken = if connection.is_postgres() {
        let guards: Vec<&[u8]> = rows.iter().map(|row| row.guard.as_slice()).collect();
        let expire: Vec<i64> = rows.iter().map(|row| row.expires_us).collect();
        let requests: Vec<&[u8]> = rows.iter().map(|row| row.request.as_slice()).collect();
        let statuses: Vec<i64> = rows.iter().map(|row| row.status).collect();
        let locations: Vec<&str> = rows.iter().map(|row| row.location.as_str()).collect();
        connection.run(
            taking_over!("SELECT * FROM unnest(?::bytea[], ?::bigint[], ?::bytea[], ?::bigint[], ?::text[])"),
            &[
                Bind::BytesArray(&guards),
                Bind::IntArray(&expire),
                Bind::BytesArray(&requests),
                Bind::IntArray(&statuses),
                Bind::TextArray(&locations),
                Bind::Int(now_us),
            ],
        )?
    } else {
        let mut taken = 0_usize;
        for row in rows {
            let binds = [
                Bind::Bytes(&row.guard),
                Bind::Int(row.expires_us),
                Bind::Bytes(&row.request),
                Bind::Int(row.status),
                Bind::Text(&row.location),
                Bind::Int(now_us),
            ];
            taken = taken.saturating_add(connection.run(taking_over!("VALUES (?, ?, ?, ?, ?)"), &binds)?);
        }
        taken
    };
    if taken == rows.len() { Ok(()) } else { Err(Error::Corrupt("a guard that was free is taken")) }
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

/// Removes what has expired, some of it at a time: nothing is recorded meanwhile.
pub(crate) fn sweep(connection: &mut AnyConnection, now_us: i64) -> Result<(), Error> {
    connection.run(
        "DELETE FROM replay_guard WHERE guard IN \
         (SELECT guard FROM replay_guard WHERE expires_us <= ? ORDER BY expires_us LIMIT ?)",
        &[Bind::Int(now_us), Bind::Int(SWEPT)],
    )?;
    Ok(())
}

impl Snapshot<'_> {
    /// Which of these guards are taken, and for what.
    ///
    /// # Errors
    /// When the database fails.
    pub fn answered(&mut self, guards: &[Token], now_us: i64) -> Result<Vec<Answered>, Error> {
        rows(self.connection, guards, now_us)
    }
}
