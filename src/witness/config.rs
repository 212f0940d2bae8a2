//! The configuration of a witness: one TOML file, unknown keys refused.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::config::TlsConfig;
use crate::ledger::note::{KeyError, VerifierKey};

/// Everything that a witness is told. Paths are relative to the file's folder.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WitnessConfig {
    /// Its key and its memory.
    pub witness: OwnConfig,
    /// Where it listens.
    pub listen: ListenConfig,
    /// Its certificate, and whose certificates it accepts.
    pub tls: TlsConfig,
    /// The logs that it cosigns.
    #[serde(rename = "log")]
    pub logs: Vec<LogConfig>,
}

/// Its key and its memory.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnConfig {
    /// The file of the key that cosigns, mode 0600. For nothing else, and never with another state than its own.
    pub key: PathBuf,
    /// The folder that keeps what was cosigned. If it is lost, the key must be retired.
    pub state: PathBuf,
    /// The folder of the CA, if it is the witness's own: its revocation list is then renewed every day.
    pub authority: Option<PathBuf>,
}

/// Where it listens.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListenConfig {
    /// The TLS port.
    pub address: SocketAddr,
}

/// A log.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogConfig {
    /// Its name, the first line of its checkpoints.
    pub origin: String,
    /// Its public keys, one a replica, in the text form of signed notes.
    pub keys: Vec<String>,
}

/// A log with its keys read.
#[derive(Debug, Clone)]
pub struct EnrolledLog {
    /// Its name.
    pub origin: String,
    /// Its keys, all under that name.
    pub keys: Vec<VerifierKey>,
}

/// Why the configuration of a witness was refused.
#[derive(Debug, thiserror::Error)]
pub enum WitnessConfigError {
    /// The file cannot be read.
    #[error("{path}: cannot be read")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It is not the configuration of a witness; the message names line and key.
    #[error("{path}: {message}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where and why.
        message: String,
    },
    /// A witness of nothing.
    #[error("no log is enrolled")]
    NoLog,
    /// A log's key.
    #[error("log {number}: a key cannot be used")]
    LogKey {
        /// Which log, from 1.
        number: usize,
        /// Why not.
        source: KeyError,
    },
    /// A key under another name than the log's: it would vouch for nothing.
    #[error("log {number} has no key, or one under another name than its origin")]
    Origin {
        /// Which log, from 1.
        number: usize,
    },
    /// The same log twice.
    #[error("log {number} is enrolled twice; put its keys together")]
    Twice {
        /// Which log, from 1.
        number: usize,
    },
}

impl WitnessConfig {
    /// Reads a configuration.
    ///
    /// # Errors
    /// When the file cannot be read, or holds a key that is unknown, missing or of the wrong type.
    pub fn load(path: &Path) -> Result<Self, WitnessConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| WitnessConfigError::Unreadable { path: path.to_owned(), source })?;
        let mut config: Self = toml::from_str(&text).map_err(|error| WitnessConfigError::Malformed {
            path: path.to_owned(),
            message: error.to_string(),
        })?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let own = [&mut config.witness.key, &mut config.witness.state];
        let tls = &mut config.tls;
        let tls = [&mut tls.certificate, &mut tls.key, &mut tls.client_ca, &mut tls.revocation];
        for path in own.into_iter().chain(tls).chain(config.witness.authority.as_mut()) {
            *path = folder.join(&*path);
        }
        Ok(config)
    }

    /// The logs with their keys.
    ///
    /// # Errors
    /// When there is none, one is there twice, or a key is not one of its log.
    pub fn enrolled(&self) -> Result<Vec<EnrolledLog>, WitnessConfigError> {
        let mut enrolled: Vec<EnrolledLog> = Vec::new();
        for (number, log) in (1..).zip(&self.logs) {
            let keys = log.keys.iter().map(|key| key.parse()).collect::<Result<Vec<VerifierKey>, _>>();
            let keys = keys.map_err(|source| WitnessConfigError::LogKey { number, source })?;
            if keys.is_empty() || keys.iter().any(|key| key.name() != log.origin) {
                return Err(WitnessConfigError::Origin { number });
            }
            if enrolled.iter().any(|other| other.origin == log.origin) {
                return Err(WitnessConfigError::Twice { number });
            }
            enrolled.push(EnrolledLog { origin: log.origin.clone(), keys });
        }
        if enrolled.is_empty() { Err(WitnessConfigError::NoLog) } else { Ok(enrolled) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::note::SigningKey;

    fn text(logs: &str) -> String {
        format!(
            "[witness]\nkey = \"witness.key\"\nstate = \"state\"\n[listen]\naddress = \"127.0.0.1:0\"\n\
             [tls]\ncertificate = \"a\"\nkey = \"b\"\nclient_ca = \"c\"\nrevocation = \"d\"\n{logs}"
        )
    }

    fn load(text: &str) -> Result<Vec<EnrolledLog>, WitnessConfigError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("witness.toml");
        std::fs::write(&path, text).unwrap();
        let config = WitnessConfig::load(&path)?;
        assert_eq!(config.witness.state, dir.path().join("state"));
        config.enrolled()
    }

    fn log(origin: &str, keys: &[String]) -> String {
        format!("[[log]]\norigin = \"{origin}\"\nkeys = {keys:?}\n")
    }

    #[test]
    fn logs_are_enrolled_by_their_own_keys_alone() {
        let key = |origin, seed| SigningKey::from_seed(origin, &[seed; 32]).unwrap().verifier().to_string();
        let (one, two, other) = (key("a.example/log", 1), key("a.example/log", 2), key("b.example/log", 3));
        let enrolled = load(&text(&log("a.example/log", &[one.clone(), two]))).unwrap();
        assert_eq!((enrolled.len(), enrolled[0].keys.len()), (1, 2));
        for (logs, what) in [
            (log("a.example/log", &[other]), "another name"),
            (log("a.example/log", &[]), "another name"),
            (log("a.example/log", &["x".to_owned()]), "cannot be used"),
            (log("a.example/log", std::slice::from_ref(&one)).repeat(2), "twice"),
            (String::new(), "log"),
            ("log = []".to_owned(), "log"),
            (log("a.example/log", &[one]).replace("keys", "kyes"), "kyes"),
        ] {
            let error = load(&text(&logs)).unwrap_err().to_string();
            assert!(error.contains(what), "{logs} gave {error}");
        }
    }
}
