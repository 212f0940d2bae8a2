//! The witness as a server: `POST /add-checkpoint` on one TLS port that only certificates of its CA get to.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::dev::ServerHandle;
use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, PayloadConfig, ServiceConfig};

use super::config::{WitnessConfig, WitnessConfigError};
use super::cosigner::{Cosigner, Refused};
use super::memory::{Memory, MemoryError};
use crate::certificates::{Authority, CertificatesError};
use crate::clock::SharedClock;
use crate::ledger::note::CosigningKey;
use crate::ledger::witness::{Refusal, print_size};
use crate::transport::{Access, ClientGate, Connections, Limits, ServerError, TlsError, files, server};

/// The largest request: 63 hashes and a note with many signatures.
const MAX_BODY: usize = 64 * 1024;
/// How often the revocation list is looked at again.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// How often a list of its own is renewed.
const RENEW: Duration = Duration::from_secs(24 * 60 * 60);

/// Why a witness did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] WitnessConfigError),
    /// The key's file.
    #[error(transparent)]
    File(#[from] files::FileError),
    /// The key.
    #[error("the witness's key: {0}")]
    Key(#[from] crate::ledger::note::KeyError),
    /// It has the key of a log that it is to witness.
    #[error("the witness has the key of a log that it is to witness")]
    OwnLog,
    /// What it remembers.
    #[error(transparent)]
    Memory(#[from] MemoryError),
    /// The revocation list of its own CA.
    #[error(transparent)]
    Certificates(#[from] CertificatesError),
    /// TLS.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The port.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// The system.
    #[error("the system refused a socket or a signal")]
    System(#[from] std::io::Error),
}

/// A witness that serves.
pub struct WitnessService {
    /// Where its port is.
    pub address: SocketAddr,
    handle: ServerHandle,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl WitnessService {
    /// Starts serving. Must be called within an actix system.
    ///
    /// # Errors
    /// When anything that it needs is missing or unsafe, its memory first of all.
    pub fn start(config: &WitnessConfig, clock: SharedClock) -> Result<Self, StartError> {
        let key = CosigningKey::parse(&files::secret(&config.witness.key)?)?;
        let logs = config.enrolled()?;
        let public = key.verifier();
        if logs.iter().flat_map(|log| &log.keys).any(|log| log.public_key() == public.public_key()) {
            return Err(StartError::OwnLog);
        }
        let cosigner = Cosigner::new(key, logs, Memory::open(&config.witness.state)?, clock.clone())?;
        if let Some(authority) = &config.witness.authority {
            Authority::load(authority)?.write_crl(clock.now())?;
        }
        let gate = ClientGate::open(&config.tls.files(), clock.clone())?;
        let connections = Connections::new();
        let limits = Limits { workers: 2, connections_per_worker: 256, ..Limits::default() };
        let cosigner = Data::new(cosigner);
        let running = server::tls(
            config.listen.address,
            gate.server_config(&config.tls.files())?,
            connections.clone(),
            &limits,
            move |config: &mut ServiceConfig| routes(config, cosigner.clone()),
        )?;
        let address = running.addresses.first().copied();
        let address = address.ok_or_else(|| std::io::Error::other("no address was bound"))?;
        let handle = running.handle();
        let mut tasks =
            vec![tokio::spawn(serve(running.server)), tokio::spawn(look_again(gate, connections))];
        if let Some(authority) = config.witness.authority.clone() {
            tasks.push(tokio::spawn(renew(authority, clock)));
        }
        Ok(Self { address, handle, tasks })
    }

    /// Lets requests under way finish, and stops.
    pub async fn stop(self) {
        self.handle.stop(true).await;
        for task in self.tasks {
            task.abort();
        }
    }
}

fn routes(config: &mut ServiceConfig, cosigner: Data<Cosigner>) {
    config
        .app_data(cosigner)
        .app_data(PayloadConfig::new(MAX_BODY))
        .route("/add-checkpoint", web::post().to(add_checkpoint));
}

async fn add_checkpoint(cosigner: Data<Cosigner>, body: Bytes) -> HttpResponse {
    let Ok(body) = String::from_utf8(body.into()) else {
        return answer(&Refused::Malformed);
    };
    match web::block(move || cosigner.add_checkpoint(&body)).await {
        Ok(Ok(line)) => HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(line),
        Ok(Err(refused)) => answer(&refused),
        // The thread did not come back: what is kept is on disk, and no cosignature is out.
        Err(_) => HttpResponse::ServiceUnavailable().finish(),
    }
}

/// The statuses of C2SP `tlog-witness`.
fn answer(refused: &Refused) -> HttpResponse {
    tracing::info!(reason = %refused, "no cosignature");
    let status = match refused {
        Refused::Malformed | Refused::Refusal(Refusal::Backwards) => StatusCode::BAD_REQUEST,
        Refused::UnknownLog => StatusCode::NOT_FOUND,
        Refused::Refusal(Refusal::NotSigned) => StatusCode::FORBIDDEN,
        Refused::Refusal(Refusal::OldSize { seen } | Refusal::Fork { seen }) => {
            let body = print_size(*seen);
            return HttpResponse::Conflict().content_type("text/x.tlog.size").body(body);
        }
        Refused::Refusal(Refusal::Proof) => StatusCode::UNPROCESSABLE_ENTITY,
        Refused::Memory(error) => {
            let error: &dyn std::error::Error = error;
            tracing::error!(error, "the witness cannot remember, so it does not cosign");
            return HttpResponse::InternalServerError().body("the witness cannot remember\n");
        }
        Refused::Time(_) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    HttpResponse::build(status).content_type("text/plain; charset=utf-8").body(format!("{refused}\n"))
}

async fn serve(server: actix_web::dev::Server) {
    if let Err(error) = server.await {
        tracing::error!(%error, "the server ended");
    }
}

/// Takes up new revocation lists, and cuts the live connections of those who are out.
async fn look_again(gate: ClientGate, connections: Arc<Connections>) {
    let mut tick = tokio::time::interval(LOOK_AGAIN);
    loop {
        tick.tick().await;
        let (gate, connections) = (gate.clone(), connections.clone());
        let looked = tokio::task::spawn_blocking(move || {
            if let Err(error) = gate.reload() {
                let error: &dyn std::error::Error = &error;
                tracing::error!(error, "no usable revocation list: nobody new gets in");
            }
            connections.cut(|peer| gate.keeps(peer) == Access::Refused);
        });
        if looked.await.is_err() {
            tracing::error!("looking at revocation failed");
        }
    }
}

async fn renew(authority: PathBuf, clock: SharedClock) {
    let mut tick = tokio::time::interval(RENEW);
    tick.tick().await;
    loop {
        tick.tick().await;
        let (authority, clock) = (authority.clone(), clock.clone());
        let renewed =
            tokio::task::spawn_blocking(move || Authority::load(&authority)?.write_crl(clock.now())).await;
        match renewed {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                let error: &dyn std::error::Error = &error;
                tracing::error!(error, "the revocation list was not renewed");
            }
            Err(_) => tracing::error!("renewing the revocation list failed"),
        }
    }
}
