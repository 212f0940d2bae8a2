//! The audit log of this process.

use std::path::PathBuf;

use serde::Deserialize;

/// Who signs, and where what is signed is kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogConfig {
    /// The name of this process among those that write to the log.
    pub replica: String,
    /// The static log directory that auditors are given.
    pub directory: PathBuf,
    /// The file that keeps the last signed head, outside the database; each process has its own. The operator's commands keep
    /// theirs beside it, in a file of this name and `-cli`.
    pub head_file: PathBuf,
}
