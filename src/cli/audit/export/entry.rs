//! An entry as `GET /v1/audit/entries` gives it, with its leaf read.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::ledger::entry::{Field, Leaf};

/// An entry of a page. Of its members only those that an export needs are named; the leaf has the others.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(super) struct Entry {
    pub(super) index: u64,
    /// The very bytes of the leaf, base64.
    pub(super) leaf: String,
    /// The opened fields by name, those that are empty left out.
    pub(super) fields: BTreeMap<String, String>,
    /// Whether the fields about a person can still be opened.
    pub(super) person_fields: bool,
    /// What proves the fields, where it was asked for.
    #[serde(default)]
    pub(super) openings: Option<String>,
}

/// A page of entries.
#[derive(Debug, Deserialize)]
pub(super) struct Page {
    pub(super) entries: Vec<Entry>,
    pub(super) next: Option<String>,
}

/// The gateway sent what is no entry. Holds nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "what the gateway sent for the entry at {index} is not a leaf of the log, or not what that leaf commits to"
)]
pub(super) struct NoLeaf {
    pub(super) index: u64,
}

impl Entry {
    /// The leaf, read.
    pub(super) fn leaf(&self) -> Result<Leaf, NoLeaf> {
        let bytes = STANDARD.decode(&self.leaf).map_err(|_| NoLeaf { index: self.index })?;
        Leaf::parse(&bytes).map_err(|_| NoLeaf { index: self.index })
    }

    /// What a field says; empty if it is absent or was not shown.
    pub(super) fn get(&self, field: Field) -> &str {
        self.fields.get(field.name()).map_or("", String::as_str)
    }

    /// A field that holds a list.
    pub(super) fn list(&self, field: Field) -> impl Iterator<Item = &str> {
        self.get(field).lines().filter(|item| !item.is_empty())
    }
}
