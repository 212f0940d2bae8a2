//! The configuration: one TOML file, a struct for each concern, unknown keys refused, every error named with its line.

mod keys;
mod limits;
mod listen;
mod log;
mod matching;
mod store;
mod tls;
mod witnessing;

use std::path::{Path, PathBuf};

use serde::Deserialize;

pub use keys::KeysConfig;
pub use limits::LimitsConfig;
pub use listen::ListenConfig;
pub use log::LogConfig;
pub use matching::MatchingConfig;
pub use store::StoreConfig;
pub use tls::TlsConfig;
pub use witnessing::{WitnessTls, WitnessingConfig};

use crate::calendar::Exceptions;
use crate::domain::referral::deadlines::DeadlineTable;

/// Everything that a gateway is told. Paths are relative to the file's folder.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// What the gateway is called, and whom to ring.
    pub gateway: GatewayConfig,
    /// Where it listens.
    pub listen: ListenConfig,
    /// Its certificate, and whose certificates it accepts.
    pub tls: TlsConfig,
    /// Its database.
    pub store: StoreConfig,
    /// Its keys.
    pub keys: KeysConfig,
    /// Its log.
    pub log: LogConfig,
    /// What it bears.
    #[serde(default)]
    pub limits: LimitsConfig,
    /// Days that are not as computed.
    #[serde(default)]
    pub calendar: Exceptions,
    /// By when the steps of a referral are due.
    #[serde(default)]
    pub deadlines: DeadlineTable,
    /// Who is who.
    #[serde(default)]
    pub matching: MatchingConfig,
    /// Policies other than the built-in ones: a folder of `.cedar` files, signed.
    pub policies: Option<PathBuf>,
    /// The public keys, one a line, of those who may sign such policies.
    pub policies_key: Option<PathBuf>,
    /// What the codes are called at this place: the name of a pack that comes with the program, or a file that ends in `.toml`.
    #[serde(default = "dip_2010")]
    pub labels: String,
    /// Who witnesses the log; nobody if left out.
    pub witnessing: Option<WitnessingConfig>,
}

/// What the gateway is called, and whom to ring.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatewayConfig {
    /// The base URI: a token's `aud` must be exactly this.
    pub audience: String,
    /// The operator's telephone number, on every 404 and 503, so that care can go on by voice.
    pub help_line: String,
}

fn dip_2010() -> String {
    "dip-2010".to_owned()
}

/// Why a configuration was refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{path}: cannot be read")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is not a configuration; the message names the line, the key and what was expected.
    #[error("{path}: {message}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where and why.
        message: String,
    },
}

impl Config {
    /// Reads a configuration.
    ///
    /// # Errors
    /// When the file cannot be read, or holds a key that is unknown, missing or of the wrong type.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
        let config = Self::parse(&text)
            .map_err(|message| ConfigError::Malformed { path: path.to_owned(), message })?;
        Ok(config.relative_to(path.parent().unwrap_or(Path::new("."))))
    }

    fn parse(text: &str) -> Result<Self, String> {
        toml::from_str::<Self>(text).map_err(|error| error.to_string())
    }

    fn relative_to(mut self, folder: &Path) -> Self {
        let paths = [
            &mut self.tls.certificate,
            &mut self.tls.key,
            &mut self.tls.client_ca,
            &mut self.tls.revocation,
            &mut self.keys.ring,
            &mut self.keys.signing,
            &mut self.log.directory,
            &mut self.log.head_file,
        ];
        for path in paths
            .into_iter()
            .chain(self.policies.as_mut())
            .chain(self.policies_key.as_mut())
            .chain(self.matching.model.as_mut())
        {
            *path = folder.join(&*path);
        }
        if Path::new(&self.labels).extension().is_some_and(|extension| extension == "toml") {
            self.labels = folder.join(&self.labels).display().to_string();
        }
        self.store.relative_to(folder);
        if let Some(witnessing) = &mut self.witnessing {
            witnessing.relative_to(folder);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"
        [gateway]
        audience = "https://localhost:8443"
        help_line = "01632 960100"
        [listen]
        address = "127.0.0.1:8443"
        admin = "127.0.0.1:8444"
        [tls]
        certificate = "server.pem"
        key = "server.key"
        client_ca = "ca.pem"
        revocation = "crl.pem"
        [store]
        url = "sqlite:gateway.db"
        [keys]
        ring = "keys/ring.toml"
        signing = "keys/log.key"
        [log]
        replica = "gateway-1"
        directory = "log"
        head_file = "head"
    "#;

    #[test]
    fn a_whole_configuration_is_read_and_its_paths_are_beside_it() {
        let config = Config::parse(WHOLE).unwrap().relative_to(Path::new("/srv/gateway"));
        assert_eq!(config.tls.key, Path::new("/srv/gateway/server.key"));
        assert_eq!(config.store.url, "sqlite:/srv/gateway/gateway.db");
    }

    #[test]
    fn witnesses_are_reached_by_files_beside_the_configuration_every_five_seconds() {
        let section = r#"
        [witnessing]
        policy = "witness.policy"
        [witnessing.tls.police]
        certificate = "police/client.pem"
        key = "police/client.key"
        ca = "police/ca.pem"
        "#;
        let config = Config::parse(&format!("{WHOLE}{section}")).unwrap().relative_to(Path::new("/srv"));
        let witnessing = config.witnessing.unwrap();
        assert_eq!(witnessing.policy, Path::new("/srv/witness.policy"));
        assert_eq!(witnessing.tls["police"].files().key, Path::new("/srv/police/client.key"));
        assert_eq!(witnessing.interval(), std::time::Duration::from_secs(5));
        assert_eq!(witnessing.max_unwitnessed_age(), None);
        let misspelt = section.replace("[witnessing]", "[witnessing]\nmax_unwitnessed_age = 5");
        assert!(Config::parse(&format!("{WHOLE}{misspelt}")).is_err());
    }

    #[test]
    fn a_certificate_has_256_connections_unless_told_otherwise() {
        let bound = |text: &str| Config::parse(text).unwrap().limits.connections_a_certificate;
        assert_eq!(bound(WHOLE), 256);
        assert_eq!(bound(&format!("{WHOLE}\n[limits]\nconnections_a_certificate = 0\n")), 0);
    }

    #[test]
    fn a_misspelt_key_is_refused_and_named() {
        let message = Config::parse(&WHOLE.replace("help_line", "helpline")).unwrap_err();
        assert!(message.contains("helpline") && message.contains("line 4"), "{message}");
    }

    #[test]
    fn a_password_in_the_database_url_is_not_printed() {
        let text = WHOLE.replace("sqlite:gateway.db", "postgresql://user:secret@localhost/db");
        let config = Config::parse(&text).unwrap();
        assert!(!format!("{config:?}").contains("secret"));
    }
}
