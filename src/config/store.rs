//! The database.

use std::fmt;
use std::path::Path;

use serde::Deserialize;

/// Where the database is: `sqlite:PATH` or `postgresql://…`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreConfig {
    /// The URL. May hold a password, so it is never printed.
    pub url: String,
}

impl StoreConfig {
    pub(super) fn relative_to(&mut self, folder: &Path) {
        if let Some(path) = self.url.strip_prefix("sqlite:") {
            self.url = format!("sqlite:{}", folder.join(path).display());
        }
    }
}

impl fmt::Debug for StoreConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.url.split(':').next().unwrap_or_default();
        write!(f, "StoreConfig({kind}:…)")
    }
}
