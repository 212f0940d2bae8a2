//! A partnership on disk: a CA, a gateway's configuration and keys, and invented agencies with workers, all enrolled.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::time;

use super::cast::{self, Member};
use crate::certificates::{Authority, CertificatesError, Subject, write_new_secret};
use crate::cli::token::{AgencyFile, AgencyFileWorker, TokenError};
use crate::clock::SharedClock;
use crate::config::Config;
use crate::crypto::KeyRing;
use crate::directory::{
    Adviser, Agency, AgencyStatus, CertificateSha256, Contact, Day, OpeningHours, TokenAlgorithm, TokenKey,
    Worker,
};
use crate::domain::operator::{ActivatePolicies, EnrolAgency};
use crate::gateway::{Core, StartError};
use crate::journal::call::Call;
use crate::ledger::note::SigningKey;
use crate::vocabulary::AgencyType;

/// The origin of the demonstration's log.
const ORIGIN: &str = "throughgate.example/demo";
/// The name of the one token key of each agency.
const KID: &str = "demo-1";

/// How a partnership is to be made.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The folder; made if missing, and must be empty.
    pub dir: PathBuf,
    /// The TLS port; 0 for any free one.
    pub address: SocketAddr,
    /// The admin port; 0 for any free one.
    pub admin: SocketAddr,
    /// The database; SQLite in the folder if none.
    pub database: Option<String>,
}

/// A partnership on disk.
#[derive(Debug, Clone)]
pub struct Partnership {
    /// The folder.
    pub dir: PathBuf,
    /// The gateway's configuration.
    pub config: PathBuf,
}

/// Why there is no partnership.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// A folder or file.
    #[error("{path}: cannot be written")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The folder holds something already.
    #[error("{path} is not empty; remove it, or name another folder with --dir")]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// A certificate.
    #[error(transparent)]
    Certificates(#[from] CertificatesError),
    /// An agency's own file.
    #[error(transparent)]
    AgencyFile(#[from] TokenError),
    /// A key.
    #[error("a key could not be made")]
    Key,
    /// The gateway's parts.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A witness that could not be made.
    #[error(transparent)]
    Witness(#[from] crate::witness::init::InitError),
    /// A witness that did not start.
    #[error(transparent)]
    WitnessStart(#[from] crate::witness::StartError),
}

impl Plan {
    /// Makes everything, and enrols the agencies on record.
    ///
    /// # Errors
    /// When the folder is not empty, or anything cannot be made.
    pub async fn carry_out(&self, clock: SharedClock) -> Result<Partnership, PlanError> {
        let now = clock.now();
        let folder = |name: &str| -> Result<PathBuf, PlanError> {
            let path = self.dir.join(name);
            fs::create_dir_all(&path).map_err(|source| PlanError::Io { path: path.clone(), source })?;
            Ok(path)
        };
        fs::create_dir_all(&self.dir).map_err(|source| PlanError::Io { path: self.dir.clone(), source })?;
        let mut entries =
            fs::read_dir(&self.dir).map_err(|source| PlanError::Io { path: self.dir.clone(), source })?;
        if entries.next().is_some() {
            return Err(PlanError::NotEmpty { path: self.dir.clone() });
        }
        let keys = folder("keys")?;
        folder("log")?;
        folder("receipts")?;
        let mut authority = Authority::create(&folder("ca")?, "throughgate demo CA", now)?;
        write(&self.dir.join("ca.pem"), authority.certificate_pem())?;
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        authority
            .issue(&Subject::Server(names), now)?
            .write(&self.dir.join("server.pem"), &self.dir.join("server.key"))?;

        KeyRing::create(&keys.join("ring.toml"), "kek-1").map_err(StartError::from)?;
        let signing = SigningKey::generate(ORIGIN).map_err(|_| PlanError::Key)?;
        write_new_secret(&keys.join("log.key"), &signing.to_text())?;
        write(&self.dir.join("log.vkey"), &format!("{}\n", signing.verifier()))?;

        let config = self.dir.join("gateway.toml");
        write(&config, &self.config_text())?;

        let mut agencies = Vec::new();
        for member in cast::MEMBERS {
            agencies.push(self.member(member, &mut authority, now)?);
        }
        authority.write_crl(now)?;
        enrol(&config, clock, agencies).await?;
        Ok(Partnership { dir: self.dir.clone(), config })
    }

    fn config_text(&self) -> String {
        let database = self.database.as_deref().unwrap_or("sqlite:gateway.db");
        let Self { address, admin, .. } = self;
        format!(
            r#"# The configuration of the demonstration's gateway. Paths are relative to this file.
[gateway]
audience = "{audience}"
help_line = "01632 960100"

[listen]
address = "{address}"
admin = "{admin}"

[tls]
certificate = "server.pem"
key = "server.key"
client_ca = "ca.pem"
revocation = "ca/crl.pem"

[store]
url = "{database}"

[keys]
ring = "keys/ring.toml"
signing = "keys/log.key"

[log]
replica = "gateway-1"
directory = "log"
head_file = "head"
"#,
            audience = cast::AUDIENCE,
        )
    }

    fn member(
        &self,
        member: &Member,
        authority: &mut Authority,
        now: Timestamp,
    ) -> Result<Agency, PlanError> {
        let id = member.id.parse().map_err(|_| PlanError::Key)?;
        let folder = self.dir.join("agencies").join(member.id);
        fs::create_dir_all(&folder).map_err(|source| PlanError::Io { path: folder.clone(), source })?;
        let own = authority.issue(&Subject::Agency(id), now)?;
        own.write(&folder.join("client.pem"), &folder.join("client.key"))?;
        let token_key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519).map_err(|_| PlanError::Key)?;
        write_new_secret(&folder.join("token.key"), &token_key.serialize_pem())?;

        let mut workers = Vec::new();
        for worker in member.workers {
            let worker_id: crate::id::WorkerId = worker.id.parse().map_err(|_| PlanError::Key)?;
            let agency_id = member.id.parse().map_err(|_| PlanError::Key)?;
            let browser = authority.issue(&Subject::Worker(agency_id, worker_id.clone()), now)?;
            let home = self.dir.join("workers").join(format!("{}.{}", member.id, worker.id));
            fs::create_dir_all(&home).map_err(|source| PlanError::Io { path: home.clone(), source })?;
            browser.write(&home.join("client.pem"), &home.join("client.key"))?;
            workers.push(Worker {
                id: worker_id,
                name: worker.name.to_owned(),
                role: worker.role,
                active: true,
                certificates: vec![browser.sha256],
            });
        }
        let issuer = format!("https://{}.example", member.id);
        AgencyFile {
            id: member.id.parse().map_err(|_| PlanError::Key)?,
            agency_type: member.agency_type,
            issuer: issuer.clone(),
            audience: cast::AUDIENCE.to_owned(),
            kid: KID.to_owned(),
            alg: TokenAlgorithm::EdDsa,
            workers: workers
                .iter()
                .map(|worker| AgencyFileWorker {
                    id: worker.id.clone(),
                    name: worker.name.clone(),
                    role: worker.role,
                })
                .collect(),
        }
        .write(&folder)?;
        Ok(agency(member, issuer, own.sha256, token_key.public_key_pem(), workers, now))
    }
}

fn agency(
    member: &Member,
    issuer: String,
    certificate: CertificateSha256,
    public_key: String,
    workers: Vec<Worker>,
    now: Timestamp,
) -> Agency {
    let mut roles: Vec<_> = member.workers.iter().map(|worker| worker.role).collect();
    roles.sort();
    roles.dedup();
    let weekdays = [Day::Monday, Day::Tuesday, Day::Wednesday, Day::Thursday, Day::Friday];
    Agency {
        // The ids of the cast are constants that a test parses; an id that is none enrols nobody.
        id: member.id.parse().unwrap_or_else(|_| unreachable!("the cast's ids are well-formed")),
        name: member.name.to_owned(),
        agency_type: member.agency_type,
        area: member.area.to_owned(),
        status: AgencyStatus::Active,
        issuer,
        roles,
        certificates: vec![certificate],
        token_keys: vec![TokenKey { kid: KID.to_owned(), alg: TokenAlgorithm::EdDsa, public_key }],
        workers,
        contact: Contact {
            telephone_office: member.telephone.to_owned(),
            telephone_out_of_hours: member.telephone_out_of_hours.map(str::to_owned),
            telephone_crisis: Some(cast::CRISIS_LINE.to_owned()),
            hours: weekdays
                .into_iter()
                .map(|day| OpeningHours { day, from: time(9, 0, 0, 0), until: time(17, 0, 0, 0) })
                .collect(),
            spoc: "duty-worker".to_owned(),
            spoc_deputy: "team-manager".to_owned(),
            adviser: (member.agency_type == AgencyType::Police).then(|| Adviser {
                post: "tactical adviser".to_owned(),
                telephone: cast::ADVISER_LINE.to_owned(),
            }),
            verified_at: Some(now),
        },
        provides: member.provides.iter().map(|text| (*text).to_owned()).collect(),
        cannot_provide: member.cannot_provide.iter().map(|text| (*text).to_owned()).collect(),
        answers_live: false,
        break_glass: crate::directory::BreakGlassPower::default(),
    }
}

/// Brings the database up, makes this build's policies the active ones and enrols the agencies, each on record.
async fn enrol(config: &Path, clock: SharedClock, agencies: Vec<Agency>) -> Result<(), PlanError> {
    let config = Config::load(config).map_err(StartError::from)?;
    let core = Core::open_migrated(&config, clock, "-cli")?;
    core.when_ready().await?;
    let activate = ActivatePolicies::of(&core.journal);
    core.journal.record(activate.call(&core.journal), activate).await.map_err(|_| StartError::NotRecorded)?;
    for agency in agencies {
        let call = Call::system("enrol_agency", core.journal.directory().epoch());
        core.journal.record(call, EnrolAgency(agency)).await.map_err(|_| StartError::NotRecorded)?;
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), PlanError> {
    fs::write(path, text).map_err(|source| PlanError::Io { path: path.to_owned(), source })
}
