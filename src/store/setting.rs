//! Settings of the whole deployment that live in the database: which policy set is active.

use diesel::sql_types::Text;

use super::backend::{AnyConnection, Bind};
use super::{Error, Snapshot};

/// The name of the setting that holds the active policy set's hash.
pub const ACTIVE_POLICY_SET: &str = "active-policy-set";

/// The name of the setting that holds the id of the key-encryption key under which new data keys are made.
pub const PRIMARY_KEK: &str = "primary-kek";

/// The name of the setting that says whether data keys are being re-wrapped: `under-way` or `complete`.
pub const KEK_ROTATION: &str = "kek-rotation";

/// The name of the setting that says under which keys the matching index is: see [`super::match_index::Keying`].
pub const MATCH_INDEX: &str = "match-index";

/// A setting as it is stored.
#[derive(Debug, Clone)]
pub struct SettingRow {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) entry_id: Vec<u8>,
}

/// Writes a setting.
pub(crate) fn put(connection: &mut AnyConnection, row: &SettingRow) -> Result<(), Error> {
    connection.run(
        "INSERT INTO setting (name, value, entry_id) VALUES (?, ?, ?) \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value, entry_id = excluded.entry_id",
        &[Bind::Text(&row.name), Bind::Text(&row.value), Bind::Bytes(&row.entry_id)],
    )?;
    Ok(())
}

impl Snapshot<'_> {
    /// The value of a setting, where it was ever set.
    ///
    /// # Errors
    /// When the database fails.
    pub fn setting(&mut self, name: &str) -> Result<Option<String>, Error> {
        Ok(self
            .connection
            .rows::<(Text,), (String,)>("SELECT value FROM setting WHERE name = ?", &[Bind::Text(name)])?
            .pop()
            .map(|(value,)| value))
    }
}
