//! Settings of the whole deployment that live in the database: which policy set is active.

use std::fmt;

use diesel::sql_types::Text;

use super::backend::{AnyConnection, Bind};
use super::{Error, Snapshot};

/// The name of the setting that holds the active policy set's hash.
pub const ACTIVE_POLICY_SET: &str = "active-policy-set";

/// The name of the setting that holds the version and the hash of the newest signed policy set that was ever active.
pub const SIGNED_POLICY_SET: &str = "signed-policy-set";

/// A signed policy set that was made active.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedPolicySet {
    /// Its version.
    pub version: u64,
    /// Its hash.
    pub hash: String,
}

impl SignedPolicySet {
    /// Whether a set may come after this one: a newer version, or this very set again.
    pub fn admits(&self, version: u64, hash: &str) -> bool {
        version > self.version || (version == self.version && hash == self.hash)
    }
}

impl fmt::Display for SignedPolicySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.version, self.hash)
    }
}

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
    /// The newest signed policy set that was ever active, if one was.
    ///
    /// # Errors
    /// When the database fails.
    pub fn signed_policy_set(&mut self) -> Result<Option<SignedPolicySet>, Error> {
        let Some(value) = self.setting(SIGNED_POLICY_SET)? else { return Ok(None) };
        let (version, hash) = value.split_once(' ').ok_or(Error::Corrupt("a policy set without a hash"))?;
        let version = version.parse().map_err(|_| Error::Corrupt("a policy set without a version"))?;
        Ok(Some(SignedPolicySet { version, hash: hash.to_owned() }))
    }

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
