//! Keying the matching index anew, beside running gateways: what is still to be written under the new key, and what goes afterwards.

use std::collections::BTreeSet;

use diesel::sql_types::Binary;

use super::backend::{AnyConnection, Bind};
use super::change::Changes;
use super::match_index::{ClientSegments, Keying};
use super::{Error, Snapshot, Store, epoch, id_bytes, setting};
use crate::crypto::{Generation, MatchKeys};
use crate::id::{PersonId, RecordId};
use crate::journal::sealed::Sealed;
use crate::policy::action::KeyWrite;
use crate::policy::permit::Permit;

/// How many records are written under the new key with one entry of the log.
const AT_ONCE: i64 = 64;
/// How many rows of an old key go in one transaction, during which others cannot write.
const GO_AT_ONCE: i64 = 4_096;

/// Client records that are not yet found under a key.
pub struct Unkeyed {
    /// Which they are, and about whom.
    pub records: Vec<(RecordId, PersonId)>,
    /// What they say, in that order.
    pub segments: Sealed<Vec<ClientSegments>>,
}

impl Snapshot<'_> {
    /// The next client records after one that have no token of a generation.
    ///
    /// # Errors
    /// When the database fails.
    pub fn unkeyed(
        &mut self,
        permit: &Permit<KeyWrite>,
        generation: Generation,
        after: RecordId,
    ) -> Result<Unkeyed, Error> {
        let records = self.unkeyed_ids(generation, after)?;
        let mut segments = Vec::new();
        for (record, _) in &records {
            let parts = self.parts_to_carry(*record)?.into_iter();
            segments.push(parts.filter_map(|part| Some((part.name.parse().ok()?, part.plain))).collect());
        }
        Ok(Unkeyed { records, segments: Sealed::new(permit, segments) })
    }

    /// Which they are, and about whom.
    ///
    /// # Errors
    /// When the database fails.
    pub fn unkeyed_ids(
        &mut self,
        generation: Generation,
        after: RecordId,
    ) -> Result<Vec<(RecordId, PersonId)>, Error> {
        let (least, greatest) = MatchKeys::range(generation);
        let rows = self.connection.rows::<(Binary, Binary), (Vec<u8>, Vec<u8>)>(
            "SELECT r.id, r.person FROM record r WHERE r.kind = 'client' AND r.id > ? AND NOT EXISTS \
             (SELECT 1 FROM match_token t WHERE t.record = r.id AND t.token >= ? AND t.token <= ?) ORDER BY r.id LIMIT ?",
            &[Bind::Bytes(after.as_bytes()), Bind::Int(least), Bind::Int(greatest), Bind::Int(AT_ONCE)],
        )?;
        let ids = rows.iter();
        ids.map(|(record, person)| {
            Ok((RecordId::from_bytes(id_bytes(record)?), PersonId::from_bytes(id_bytes(person)?)))
        })
        .collect()
    }
}

impl Changes {
    /// Says under which keys the matching index is from now on.
    pub fn match_index_is(&mut self, keying: Keying) {
        self.setting_put(setting::MATCH_INDEX, &keying.code());
        self.scope_changed(epoch::MATCH_INDEX.to_vec());
    }

    /// The tokens of a record under a new key, beside those that it has.
    pub fn match_tokens_add(&mut self, of: (RecordId, PersonId), tokens: &BTreeSet<i64>) {
        self.match_tokens_put(of, &BTreeSet::new(), tokens);
    }
}

impl Store {
    /// Takes away what is not under this generation, in short transactions, and answers how many rows went.
    ///
    /// # Errors
    /// When the database fails. What went by then is gone.
    pub fn match_index_clear(&self, keep: Generation) -> Result<u64, Error> {
        let mut connection = self.writer()?;
        let (least, greatest) = MatchKeys::range(keep);
        let mut gone = 0;
        for (from, to) in [(0, least.saturating_sub(1)), (greatest.saturating_add(1), i64::MAX)] {
            for sql in GO {
                loop {
                    let went = clear_some(&mut connection, sql, from, to)?;
                    gone += went;
                    if went == 0 {
                        break;
                    }
                }
            }
        }
        Ok(gone)
    }
}

const GO: [&str; 2] = [
    "DELETE FROM match_token WHERE (token, record) IN \
     (SELECT token, record FROM match_token WHERE token >= ? AND token <= ? LIMIT ?)",
    "DELETE FROM match_frequency WHERE term IN \
     (SELECT term FROM match_frequency WHERE term >= ? AND term <= ? LIMIT ?)",
];

fn clear_some(connection: &mut AnyConnection, sql: &'static str, from: i64, to: i64) -> Result<u64, Error> {
    connection.begin_batch()?;
    match connection.run(sql, &[Bind::Int(from), Bind::Int(to), Bind::Int(GO_AT_ONCE)]) {
        Ok(went) => {
            connection.commit()?;
            Ok(u64::try_from(went).unwrap_or(0))
        }
        Err(error) => {
            // The connection ends with the command, and its transaction with it.
            if connection.rollback().is_err() {
                tracing::debug!("a batch of tokens could not be rolled back");
            }
            Err(error.into())
        }
    }
}
