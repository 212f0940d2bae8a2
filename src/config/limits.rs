//! What the gateway bears.

use serde::Deserialize;

/// Bounds. What goes beyond them is refused at once rather than slowly.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// The largest body, in bytes.
    pub body_bytes: usize,
    /// Threads that speak HTTP; 0 for one a core.
    pub http_workers: usize,
    /// Database connections for reading.
    pub readers: u32,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self { body_bytes: 1 << 20, http_workers: 0, readers: 8 }
    }
}
