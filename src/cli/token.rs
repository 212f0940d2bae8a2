//! `throughgate token`: a worker's token from an agency's own files, for demos and tests.
#![allow(clippy::print_stdout, reason = "the command line speaks to a terminal")]

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::Args;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::directory::{CertificateSha256, TokenAlgorithm};
use crate::id::{AgencyId, Handle, WorkerId};
use crate::identity::TokenFault;
use crate::identity::principal::Scope;
use crate::identity::token::{
    Claims, Confirmation, RequestingDevice, RequestingOrganization, RequestingPractitioner, TokenSigningKey,
    sign,
};
use crate::transport::files::{self, FileError};
use crate::vocabulary::{AgencyType, Purpose, Role};

/// The longest life of a token, and the usual one, in seconds.
const TTL_SECONDS: i64 = 300;

/// Print a worker's access token, bound to the agency's certificate in the directory.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  throughgate token --dir var/demo --agency northmoor-cjit --worker testa-alder --purpose continuity-of-care --scope client.read"
)]
pub struct TokenArgs {
    /// The demo or test directory; holds `agencies/<id>/{agency.toml,client.pem,token.key}`.
    #[arg(long)]
    dir: PathBuf,
    /// The agency.
    #[arg(long)]
    agency: AgencyId,
    /// The worker; one that agency.toml lists.
    #[arg(long)]
    worker: WorkerId,
    /// The purpose of use.
    #[arg(long)]
    purpose: Purpose,
    /// The agency's own reference of the client that the request is about.
    #[arg(long)]
    subject: Option<Handle>,
    /// A scope; may be repeated or separated by commas. All scopes when none is given.
    #[arg(long, value_delimiter = ',')]
    scope: Vec<Scope>,
    /// Say that the worker has just shown a second factor, as breaking glass needs it.
    #[arg(long)]
    stepped_up: bool,
    /// How long the token lasts, in seconds, at most 300.
    #[arg(long, default_value_t = TTL_SECONDS, value_parser = clap::value_parser!(i64).range(1..=TTL_SECONDS))]
    ttl: i64,
}

/// What an agency's own system knows of itself: `agency.toml` beside its certificate and key.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgencyFile {
    /// The agency.
    pub id: AgencyId,
    /// Its type, as enrolled.
    pub agency_type: AgencyType,
    /// Its `iss`.
    pub issuer: String,
    /// The gateway's base URI, the `aud`.
    pub audience: String,
    /// The name of the key in `token.key`.
    pub kid: String,
    /// The algorithm of that key.
    pub alg: TokenAlgorithm,
    /// Its workers.
    #[serde(rename = "worker")]
    pub workers: Vec<AgencyFileWorker>,
}

/// A worker in [`AgencyFile`].
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgencyFileWorker {
    /// The worker's id.
    pub id: WorkerId,
    /// The worker's name.
    pub name: String,
    /// The role in which the worker acts.
    pub role: Role,
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// A key or certificate file.
    #[error(transparent)]
    File(#[from] FileError),
    /// `agency.toml` cannot be read or written.
    #[error("{path} cannot be read or written")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// `agency.toml` does not have its form.
    #[error("{path} is not well-formed")]
    Malformed {
        /// The file.
        path: PathBuf,
    },
    /// The worker is not in `agency.toml`.
    #[error("the worker is not listed in agency.toml")]
    UnknownWorker,
    /// The key cannot sign.
    #[error("the token cannot be signed")]
    Signing(#[from] TokenFault),
}

/// Prints the token.
///
/// # Errors
/// When a file is missing or not well-formed, or the worker is not listed.
pub fn run(args: &TokenArgs, clock: &dyn Clock) -> Result<(), TokenError> {
    println!("{}", make(args, clock)?);
    Ok(())
}

impl AgencyFile {
    /// Writes `agency.toml` into an agency's directory.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, agency_dir: &Path) -> Result<(), TokenError> {
        let path = agency_dir.join("agency.toml");
        let text = toml::to_string(self).map_err(|_| TokenError::Malformed { path: path.clone() })?;
        std::fs::write(&path, text).map_err(|source| TokenError::Io { path, source })
    }

    /// Reads `agency.toml` of an agency's directory.
    ///
    /// # Errors
    /// When the file cannot be read or is not well-formed.
    pub fn read(agency_dir: &Path) -> Result<Self, TokenError> {
        let path = agency_dir.join("agency.toml");
        match std::fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text).map_err(|_| TokenError::Malformed { path }),
            Err(source) => Err(TokenError::Io { path, source }),
        }
    }

    /// The claims of a token for one of its workers, valid from now for so many seconds.
    ///
    /// # Errors
    /// When the worker is not listed.
    pub fn claims(
        &self,
        worker: &WorkerId,
        purpose: Purpose,
        certificate: &CertificateSha256,
        clock: &dyn Clock,
        ttl: i64,
    ) -> Result<Claims, TokenError> {
        let listed = self.workers.iter().find(|listed| listed.id == *worker);
        let listed = listed.ok_or(TokenError::UnknownWorker)?;
        let now = clock.now().as_second();
        let all_scopes: Vec<_> = Scope::ALL.iter().map(|scope| scope.code()).collect();
        Ok(Claims {
            iss: self.issuer.clone(),
            client_id: self.id.clone(),
            sub: listed.id.clone(),
            aud: self.audience.clone(),
            iat: now,
            nbf: now,
            exp: now.saturating_add(ttl),
            jti: uuid::Uuid::new_v4().to_string(),
            cnf: Confirmation { x5t_s256: URL_SAFE_NO_PAD.encode(certificate.as_bytes()) },
            scope: all_scopes.join(" "),
            reason_for_request: purpose,
            requesting_organization: RequestingOrganization {
                id: self.id.clone(),
                agency_type: self.agency_type,
                ods: None,
            },
            requesting_practitioner: RequestingPractitioner {
                id: listed.id.clone(),
                name: listed.name.clone(),
                role: listed.role,
                registration: None,
            },
            requesting_device: RequestingDevice {
                system: env!("CARGO_PKG_NAME").to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            requested_record: None,
            authorised_by: None,
            act: None,
            acr: None,
            auth_time: None,
        })
    }
}

fn make(args: &TokenArgs, clock: &dyn Clock) -> Result<String, TokenError> {
    let dir = args.dir.join("agencies").join(args.agency.as_str());
    let agency = AgencyFile::read(&dir)?;
    let pem = dir.join("client.pem");
    let certificate = CertificateDer::from_pem_file(&pem)
        .map_err(|_| FileError::Content { path: pem, what: "certificate" })?;
    let key = files::secret(&dir.join("token.key"))?;
    let key = TokenSigningKey::from_pem(&agency.kid, agency.alg, &key)?;
    let mut claims =
        agency.claims(&args.worker, args.purpose, &CertificateSha256::of(&certificate), clock, args.ttl)?;
    claims.requested_record = args.subject;
    if args.stepped_up {
        claims.step_up(clock.now());
    }
    if !args.scope.is_empty() {
        let scopes: Vec<_> = args.scope.iter().map(|scope| scope.code()).collect();
        claims.scope = scopes.join(" ");
    }
    Ok(sign(&claims, &key)?)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::certificates::{Authority, Subject, write_new_secret};
    use crate::clock::ManualClock;
    use crate::directory::Directory;
    use crate::identity::{Identifier, Peer};

    #[test]
    fn the_printed_token_identifies_the_worker_over_the_agencys_certificate() {
        let dir = tempfile::tempdir().unwrap();
        let agency_dir = dir.path().join("agencies/northmoor-cjit");
        let clock = Arc::new(ManualClock::at("2026-03-02T09:00:00Z".parse().unwrap()));
        let agency: AgencyId = "northmoor-cjit".parse().unwrap();
        let mut ca = Authority::create(&dir.path().join("ca"), "Fixture CA", clock.now()).unwrap();
        let issued = ca.issue(&Subject::Agency(agency.clone()), clock.now()).unwrap();
        issued.write(&agency_dir.join("client.pem"), &agency_dir.join("client.key")).unwrap();
        let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
        write_new_secret(&agency_dir.join("token.key"), &key.serialize_pem()).unwrap();
        let worker = AgencyFileWorker {
            id: "testa-alder".parse().unwrap(),
            name: "Testa Alder".into(),
            role: Role::CaseManager,
        };
        let file = AgencyFile {
            id: agency.clone(),
            agency_type: AgencyType::Cjit,
            issuer: "https://tokens.northmoor.example".into(),
            audience: "https://gateway.example".into(),
            kid: "k1".into(),
            alg: TokenAlgorithm::EdDsa,
            workers: vec![worker],
        };
        file.write(&agency_dir).unwrap();
        let subject = Handle::random();
        let mut args = TokenArgs {
            dir: dir.path().to_owned(),
            agency,
            worker: "testa-alder".parse().unwrap(),
            purpose: Purpose::Treatment,
            subject: Some(subject),
            scope: vec![Scope::ClientRead],
            stepped_up: true,
            ttl: 60,
        };
        let authorization = format!("Bearer {}", make(&args, &*clock).unwrap());

        let enrolled = serde_json::from_value(serde_json::json!({
            "id": "northmoor-cjit", "name": "Northmoor Team", "agency_type": "cjit", "area": "Northmoor",
            "status": "active", "issuer": file.issuer, "roles": ["case-manager"],
            "certificates": [issued.sha256],
            "token_keys": [{"kid": "k1", "alg": "EdDSA", "public_key": key.public_key_pem()}],
            "contact": {"telephone_office": "01632 960001", "spoc": "duty", "spoc_deputy": "manager", "hours": []},
        }));
        let directory = Directory::new(1, [enrolled.unwrap()]).unwrap();
        let der = CertificateDer::from_pem_slice(issued.certificate_pem.as_bytes()).unwrap();
        let peer = Peer::new(vec![der.to_vec()], None).unwrap();
        let identifier = Identifier::new(file.audience.clone(), clock.clone());
        let principal = identifier.identify(&peer, Some(&authorization), None, None, &directory).unwrap();
        assert_eq!(principal.worker.as_str(), "testa-alder");
        assert_eq!(principal.requested_record, Some(subject));
        assert_eq!(principal.stepped_up_at, Some(clock.now()));
        assert!(principal.scopes.allow(Scope::ClientRead) && !principal.scopes.allow(Scope::ClientWrite));

        args.worker = "fixture-cedar".parse().unwrap();
        assert!(matches!(make(&args, &*clock), Err(TokenError::UnknownWorker)));
    }
}
