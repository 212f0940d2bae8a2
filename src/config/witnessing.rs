//! Who witnesses the log, how they are reached, and how long the gateway goes on without them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use crate::transport::ClientFiles;

/// The witnesses of the log. Without this section nobody witnesses it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WitnessingConfig {
    /// The witness policy (C2SP `tlog-policy`): keys, addresses, how many make a quorum. Auditors get the same file.
    pub policy: PathBuf,
    /// How often a log that has grown is shown to the witnesses, in seconds.
    #[serde(default = "five")]
    pub interval_seconds: u64,
    /// For how long, in seconds, the gateway goes on without a quorum. Left out, it goes on and raises an alarm: care does
    /// not wait for a witness.
    pub max_unwitnessed_age_seconds: Option<u64>,
    /// How each witness is reached, by its name in the policy.
    pub tls: BTreeMap<String, WitnessTls>,
}

/// What the gateway needs to reach a witness; its operator hands it over.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WitnessTls {
    /// The gateway's client certificate there, PEM.
    pub certificate: PathBuf,
    /// Its key, PEM, mode 0600.
    pub key: PathBuf,
    /// The CA of the witness's own certificate, PEM.
    pub ca: PathBuf,
}

impl WitnessingConfig {
    /// How often a log that has grown is shown to the witnesses.
    pub const fn interval(&self) -> Duration {
        // A tick of no length would never end.
        Duration::from_secs(if self.interval_seconds == 0 { 1 } else { self.interval_seconds })
    }

    /// For how long the gateway goes on without a quorum, if not for ever.
    pub fn max_unwitnessed_age(&self) -> Option<Duration> {
        self.max_unwitnessed_age_seconds.map(Duration::from_secs)
    }

    pub(super) fn relative_to(&mut self, folder: &Path) {
        let tls = self.tls.values_mut().flat_map(|tls| [&mut tls.certificate, &mut tls.key, &mut tls.ca]);
        for path in tls.chain([&mut self.policy]) {
            *path = folder.join(&*path);
        }
    }
}

impl WitnessTls {
    /// The same, as the transport takes it.
    pub fn files(&self) -> ClientFiles {
        ClientFiles { ca: self.ca.clone(), certificate: self.certificate.clone(), key: self.key.clone() }
    }
}

const fn five() -> u64 {
    5
}
