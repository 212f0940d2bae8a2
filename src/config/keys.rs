//! Where the keys are. Each file must be readable by its owner alone.

use std::path::PathBuf;

use serde::Deserialize;

/// The gateway's keys, besides that of its certificate.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeysConfig {
    /// The key ring: key-encryption keys and the index key.
    pub ring: PathBuf,
    /// The key that signs the log's checkpoints.
    pub signing: PathBuf,
}
