//! A new witness on disk: its key, its own small CA, its configuration, and what the log's gateway needs from it.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::config::EnrolledLog;
use crate::certificates::{Authority, CertificatesError, Subject, write_new_secret};
use crate::clock::Clock;
use crate::id::AgencyId;
use crate::ledger::note::{CosigningKey, KeyError, VerifierKey, WitnessKey};

/// The folder with what the gateway's operator is handed.
pub const HAND_OVER: &str = "for-the-gateway";

/// How a witness is to be made.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The folder; made if missing, and must be empty.
    pub dir: PathBuf,
    /// The name of its key, best an address without its scheme that the witness's operator owns.
    pub name: String,
    /// The public keys of the logs to witness.
    pub log_keys: Vec<VerifierKey>,
    /// Where it listens.
    pub address: SocketAddr,
    /// The DNS names and IP addresses that its certificate names; the first is the one that the gateway is told.
    pub hosts: Vec<String>,
    /// How the gateway is called in the certificate that it gets.
    pub gateway: AgencyId,
}

/// A witness on disk.
#[derive(Debug, Clone)]
pub struct Made {
    /// Its configuration.
    pub config: PathBuf,
    /// Its public key.
    pub key: WitnessKey,
    /// Where the gateway reaches it.
    pub url: String,
}

/// Why there is no witness.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// The folder holds something already.
    #[error("{path} is not empty; a witness's key and state belong together, so it gets a folder of its own")]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// A file.
    #[error("{path}: cannot be read or written")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A log's keys.
    #[error("{path}: {source}")]
    LogKey {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: KeyError,
    },
    /// A certificate.
    #[error(transparent)]
    Certificates(#[from] CertificatesError),
}

impl Plan {
    /// Makes everything.
    ///
    /// # Errors
    /// When the folder is not empty, or anything cannot be made.
    pub fn carry_out(&self, clock: &dyn Clock) -> Result<Made, InitError> {
        let now = clock.now();
        let path = |name: &str| self.dir.join(name);
        make_empty(&self.dir)?;
        let key = CosigningKey::generate(&self.name)?;
        make_folder(&path("state"))?;
        write_new_secret(&path("witness.key"), &key.to_text())?;
        write(&path("witness.vkey"), &format!("{}\n", key.verifier()))?;

        let mut authority = Authority::create(&path("ca"), &format!("{} witness CA", self.name), now)?;
        authority
            .issue(&Subject::Server(self.hosts.clone()), now)?
            .write(&path("server.pem"), &path("server.key"))?;
        let hand_over = path(HAND_OVER);
        authority
            .issue(&Subject::Agency(self.gateway.clone()), now)?
            .write(&hand_over.join("client.pem"), &hand_over.join("client.key"))?;
        write(&hand_over.join("ca.pem"), authority.certificate_pem())?;
        write(&hand_over.join("witness.vkey"), &format!("{}\n", key.verifier()))?;
        authority.write_crl(now)?;

        let config = path("witness.toml");
        write(&config, &self.config_text())?;
        let host = self.hosts.first().map_or("localhost", String::as_str);
        let url = format!("https://{host}:{}", self.address.port());
        Ok(Made { config, key: key.verifier(), url })
    }

    fn config_text(&self) -> String {
        let mut text = format!(
            "# The configuration of a witness. Paths are relative to this file.\n\
             [witness]\nkey = \"witness.key\"\nstate = \"state\"     # never restore it from a copy; if it is lost, retire the key\n\
             authority = \"ca\"    # its own CA, whose revocation list it renews every day\n\n\
             [listen]\naddress = \"{}\"\n\n\
             [tls]\ncertificate = \"server.pem\"\nkey = \"server.key\"\nclient_ca = \"ca/ca.pem\"\nrevocation = \"ca/crl.pem\"\n",
            self.address
        );
        for log in by_origin(&self.log_keys) {
            let keys: Vec<String> = log.keys.iter().map(|key| format!("    \"{key}\",\n")).collect();
            // Writing to a string cannot fail.
            let _ = write!(text, "\n[[log]]\norigin = {:?}\nkeys = [\n{}]\n", log.origin, keys.concat());
        }
        text
    }
}

/// Reads the public keys of logs from a file as `log.vkey`.
///
/// # Errors
/// When it cannot be read, or holds something else.
pub fn read_log_keys(path: &Path) -> Result<Vec<VerifierKey>, InitError> {
    let text = fs::read_to_string(path).map_err(|source| InitError::Io { path: path.to_owned(), source })?;
    VerifierKey::parse_file(&text).map_err(|source| InitError::LogKey { path: path.to_owned(), source })
}

fn by_origin(keys: &[VerifierKey]) -> Vec<EnrolledLog> {
    let mut logs: Vec<EnrolledLog> = Vec::new();
    for key in keys {
        match logs.iter_mut().find(|log| log.origin == key.name()) {
            Some(log) => log.keys.push(key.clone()),
            None => logs.push(EnrolledLog { origin: key.name().to_owned(), keys: vec![key.clone()] }),
        }
    }
    logs
}

fn make_empty(dir: &Path) -> Result<(), InitError> {
    make_folder(dir)?;
    let mut entries = fs::read_dir(dir).map_err(|source| InitError::Io { path: dir.to_owned(), source })?;
    if entries.next().is_some() { Err(InitError::NotEmpty { path: dir.to_owned() }) } else { Ok(()) }
}

fn make_folder(path: &Path) -> Result<(), InitError> {
    fs::create_dir_all(path).map_err(|source| InitError::Io { path: path.to_owned(), source })
}

fn write(path: &Path, text: &str) -> Result<(), InitError> {
    fs::write(path, text).map_err(|source| InitError::Io { path: path.to_owned(), source })
}
