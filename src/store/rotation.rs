//! Re-wrapping data keys under the primary key-encryption key of the ring, in short transactions, beside running gateways.

use diesel::sql_types::{BigInt, Binary, Nullable, Text};

use super::backend::{AnyConnection, Bind};
use super::keys::unwrap_row;
use super::{Error, Snapshot, Store, epoch, setting};
use crate::policy::facts::Epoch;

/// How many data keys are looked at in one transaction, during which others cannot write.
const AT_ONCE: i64 = 256;

crate::code_list! {
    /// Whether data keys are being re-wrapped.
    pub enum RotationState {
        UnderWay = "under-way",
        Complete = "complete",
    }
}

impl Snapshot<'_> {
    /// What a new data key rests on: that the key-encryption key under which it is made is still the deployment's primary one.
    ///
    /// # Errors
    /// When the database fails, or this process's ring has another one first.
    pub(super) fn primary_kek_epoch(&mut self) -> Result<Epoch, Error> {
        let row = self
            .connection
            .rows::<(Nullable<BigInt>, Nullable<Text>), (Option<i64>, Option<String>)>(
                "SELECT (SELECT value FROM epoch WHERE scope = ?), (SELECT value FROM setting WHERE name = ?)",
                &[Bind::Bytes(epoch::KEYS), Bind::Text(setting::PRIMARY_KEK)],
            )?
            .pop();
        let (value, primary) = row.ok_or(Error::Corrupt("a statement that always has a row had none"))?;
        if primary.is_some_and(|primary| !self.keys.is_primary(&primary)) {
            return Err(Error::OtherKeyRing);
        }
        Ok(Epoch { scope: epoch::KEYS.to_vec(), value: value.unwrap_or(0) })
    }

    /// Where the last rotation stands; `None` before the first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn rotation_state(&mut self) -> Result<Option<RotationState>, Error> {
        self.setting(setting::KEK_ROTATION)?
            .map(|code| code.parse().map_err(|_| Error::Corrupt("the state of a rotation is unknown")))
            .transpose()
    }
}

impl Store {
    /// Wraps every data key with the primary key-encryption key of the ring, and answers how many were under another. Each is
    /// changed only if it is still what was read, so that an erasure or another run beside it is not undone.
    ///
    /// # Errors
    /// When the database fails, or the ring lacks the key-encryption key of a data key. What was re-wrapped by then stays so.
    pub fn data_keys_rewrap(&self) -> Result<u64, Error> {
        let mut connection = self.writer()?;
        let primary = self.keys.kek_ids().into_iter().next().ok_or(Error::OtherKeyRing)?;
        let mut rewrapped = 0;
        while data_keys_elsewhere(&mut connection, &primary)? {
            let mut after = Vec::new();
            while let Some((last, count)) = self.rewrap_some(&mut connection, &primary, &after)? {
                (after, rewrapped) = (last, rewrapped + count);
            }
        }
        Ok(rewrapped)
    }

    /// Looks at the next data keys by id: the last of them, and how many were re-wrapped.
    fn rewrap_some(
        &self,
        connection: &mut AnyConnection,
        primary: &str,
        after: &[u8],
    ) -> Result<Option<(Vec<u8>, u64)>, Error> {
        type Columns = (Binary, Binary, Text, Text, Binary);
        connection.begin_batch()?;
        let mut work = || -> Result<Option<(Vec<u8>, u64)>, Error> {
            let rows = connection.rows::<Columns, (Vec<u8>, Vec<u8>, String, String, Vec<u8>)>(
                "SELECT id, owner, custodian, kek, wrapped FROM data_key WHERE id > ? ORDER BY id LIMIT ?",
                &[Bind::Bytes(after), Bind::Int(AT_ONCE)],
            )?;
            let Some((last, ..)) = rows.last() else {
                return Ok(None);
            };
            let (last, mut count) = (last.clone(), 0);
            for (id, owner, custodian, kek, wrapped) in rows.iter().filter(|(_, _, _, kek, _)| kek != primary)
            {
                let key = unwrap_row(&self.keys, owner, custodian, kek, wrapped)?;
                let again = self.keys.wrap(&super::keys::owner(owner, custodian), &key)?;
                let touched = connection.run(
                    "UPDATE data_key SET kek = ?, wrapped = ? WHERE id = ? AND kek = ?",
                    &[Bind::Text(&again.kek), Bind::Bytes(&again.wrapped), Bind::Bytes(id), Bind::Text(kek)],
                )?;
                count += u64::try_from(touched).unwrap_or(0);
            }
            Ok(Some((last, count)))
        };
        match work() {
            Ok(done) => {
                connection.commit()?;
                Ok(done)
            }
            Err(error) => {
                // The connection ends with the command, and its transaction with it.
                if connection.rollback().is_err() {
                    tracing::debug!("a batch of data keys could not be rolled back");
                }
                Err(error)
            }
        }
    }
}

/// Whether any data key is under another key-encryption key.
fn data_keys_elsewhere(connection: &mut AnyConnection, primary: &str) -> Result<bool, Error> {
    let rows = connection.rows::<(Binary,), (Vec<u8>,)>(
        "SELECT id FROM data_key WHERE kek <> ? LIMIT 1",
        &[Bind::Text(primary)],
    )?;
    Ok(!rows.is_empty())
}
