//! Counters that change whenever a decision could: what a decision rested on is compared again when it takes effect.

use std::collections::BTreeMap;

use diesel::sql_types::{BigInt, Binary};

use super::backend::{AnyConnection, Bind};
use super::{Error, Snapshot, hex_list};
use crate::id::PersonId;
use crate::policy::facts::Epoch;

/// The directory of agencies: one scope for all, since it changes seldom.
pub const DIRECTORY: &[u8] = b"directory";
/// The active policy set.
pub const POLICY: &[u8] = b"policy";

/// The keys of the matching index.
pub const MATCH_INDEX: &[u8] = b"match-index";

/// The key-encryption key under which new data keys are made.
pub const KEYS: &[u8] = b"keys";

/// What may close something on anybody: a consent however it changes, an erasure, and who is one. What shows many people rests on it,
/// since whom it shows is known only when it is decided. Nothing that is about one person does: that rests on the person.
pub const CLOSINGS: &[u8] = b"closings";

/// The scope of everything about one person.
pub fn person(person: PersonId) -> Vec<u8> {
    [b"p".as_slice(), person.as_bytes()].concat()
}

/// The scope of erasures of one person: what links the person for good rests on it, whatever else changes meanwhile.
pub fn erasure(person: PersonId) -> Vec<u8> {
    [b"e".as_slice(), person.as_bytes()].concat()
}

/// The scope of one slot: of two who take it at once, one finds it taken.
pub fn slot(slot: crate::id::Handle) -> Vec<u8> {
    [b"s".as_slice(), slot.as_bytes()].concat()
}

/// The scope of an agency's scorecard of a quarter: it is handed in once.
pub fn scorecard(agency: &crate::id::AgencyId, quarter: &str) -> Vec<u8> {
    [b"q".as_slice(), agency.as_str().as_bytes(), b"/", quarter.as_bytes()].concat()
}

/// How many meeting places there are. Two presentations that meet by chance cost one of them another try.
const MEETING_PLACES: i64 = 1_024;

/// The scope of a meeting place: two presentations of one new person meet there. There is a fixed number of them, so that none
/// becomes a hot spot, and none tells that somebody is known.
pub fn meeting(token: i64) -> Vec<u8> {
    let place = token.rem_euclid(MEETING_PLACES);
    [b"m".as_slice(), &place.to_be_bytes()].concat()
}

/// The current value of each scope; a scope that never changed is at 0.
pub(crate) fn load(
    connection: &mut AnyConnection,
    scopes: &[&[u8]],
) -> Result<BTreeMap<Vec<u8>, i64>, Error> {
    // One statement, however many there are: somebody whom many know must not show in how often it is asked.
    let json = if connection.is_postgres() { String::new() } else { hex_list(scopes)? };
    let bind = if connection.is_postgres() { Bind::BytesArray(scopes) } else { Bind::Text(&json) };
    let sql = connection.either([
        "SELECT scope, value FROM epoch WHERE scope = ANY(?)",
        "SELECT e.scope, e.value FROM json_each(?) q CROSS JOIN epoch e ON e.scope = unhex(q.value)",
    ]);
    Ok(connection.rows::<(Binary, BigInt), (Vec<u8>, i64)>(sql, &[bind])?.into_iter().collect())
}

/// Moves a scope on.
pub(crate) fn bump(connection: &mut AnyConnection, scope: &[u8]) -> Result<(), Error> {
    connection.run(
        "INSERT INTO epoch (scope, value) VALUES (?, 1) ON CONFLICT (scope) DO UPDATE SET value = epoch.value + 1",
        &[Bind::Bytes(scope)],
    )?;
    Ok(())
}

impl Snapshot<'_> {
    /// Asks as often for nothing: what was not looked up must take as long as what was.
    ///
    /// # Errors
    /// When the database fails.
    pub fn look_at_nothing(&mut self, statements: usize) -> Result<(), Error> {
        for _ in 0..statements {
            self.connection.rows::<(BigInt,), (i64,)>(
                "SELECT value FROM epoch WHERE scope = ?",
                &[Bind::Bytes(PersonId::random().as_bytes())],
            )?;
        }
        Ok(())
    }

    /// The epochs of these scopes as this snapshot sees them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn epochs(&mut self, scopes: &[&[u8]]) -> Result<Vec<Epoch>, Error> {
        let values = load(self.connection, scopes)?;
        Ok(scopes
            .iter()
            .map(|scope| Epoch { scope: scope.to_vec(), value: values.get(*scope).copied().unwrap_or(0) })
            .collect())
    }
}
