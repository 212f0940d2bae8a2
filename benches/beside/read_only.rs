//! The rates that disclosures are compared with: the same library reads the same record, and records nothing.
//!
//! TLS, identification, facts, decision, decryption, view and JSON are the gateway's own, and with `--drafting` the making of
//! the entry too: then only its append is left out. What was read still does not leave: no type of the library gives it out
//! without an entry, so each answer is as many blank bytes as the record has.

use std::error::Error;
use std::hint::black_box;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use actix_web::web::{self, Bytes, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use throughgate::clock::{SharedClock, SystemClock};
use throughgate::config::Config;
use throughgate::directory::Directory;
use throughgate::domain::dir::{DirShown, ReadDir};
use throughgate::gateway::Core;
use throughgate::identity::Identifier;
use throughgate::journal::Journal;
use throughgate::journal::call::{Call, Caller, request_sha256};
use throughgate::journal::disclosure::Disclosure as _;
use throughgate::policy::action::DirRead;
use throughgate::store::{self, Snapshot};
use throughgate::transport::server::{self, Limits, told_to_stop};
use throughgate::transport::{ClientGate, Connections, peer};

/// Serve `GET /v1/dirs/{id}` without recording and without disclosing.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The gateway's configuration.
    #[arg(long)]
    config: PathBuf,
    /// Where to listen, instead of where the gateway does.
    #[arg(long)]
    address: SocketAddr,
    /// How long an answer is.
    #[arg(long)]
    body_bytes: usize,
    /// Make the entry of each disclosure too, and append it nowhere.
    #[arg(long)]
    drafting: bool,
}

struct Reader {
    journal: Journal,
    identifier: Identifier,
    directory: Arc<Directory>,
    blank: Bytes,
    is_drafting: bool,
}

/// The record could not be read.
struct NotRead;

impl From<store::Error> for NotRead {
    fn from(_: store::Error) -> Self {
        Self
    }
}

pub(crate) fn run(args: Args) -> Result<(), Box<dyn Error>> {
    actix_web::rt::System::new().block_on(serve(args))
}

async fn serve(args: Args) -> Result<(), Box<dyn Error>> {
    let clock: SharedClock = Arc::new(SystemClock);
    let config = Config::load(&args.config)?;
    let core = Core::open(&config, clock.clone(), "-read-only")?;
    core.when_ready().await?;
    let journal = core.journal;
    let reader = Data::new(Reader {
        identifier: Identifier::new(config.gateway.audience.clone(), clock.clone()),
        directory: journal.directory(),
        blank: vec![b' '; args.body_bytes].into(),
        is_drafting: args.drafting,
        journal,
    });
    let files = config.tls.files();
    let tls = ClientGate::open(&files, clock)?.server_config(&files)?;
    let routes = move |config: &mut ServiceConfig| {
        config.app_data(reader.clone()).route("/v1/dirs/{id}", web::get().to(read_dir));
    };
    let limits = Limits { connections_a_certificate: 0, ..Limits::default() };
    let running = server::tls(args.address, tls, Connections::new(), &limits, routes)?;
    let handle = running.handle();
    let server = tokio::spawn(running.server);
    told_to_stop().await?;
    handle.stop(false).await;
    server.await??;
    Ok(())
}

async fn read_dir(http: HttpRequest, id: web::Path<String>, reader: Data<Reader>) -> HttpResponse {
    match read(&http, &id, &reader).await {
        Some(()) => HttpResponse::Ok()
            .content_type("application/json")
            .insert_header(("Cache-Control", "no-store"))
            .body(reader.blank.clone()),
        None => HttpResponse::NotFound().finish(),
    }
}

async fn read(http: &HttpRequest, id: &str, reader: &Data<Reader>) -> Option<()> {
    let header = |name: &str| http.headers().get(name).and_then(|value| value.to_str().ok());
    let principal = reader
        .identifier
        .identify(
            peer::of(http)?,
            header("authorization"),
            header("throughgate-purpose"),
            header("sec-fetch-site"),
            &reader.directory,
        )
        .ok()?;
    let question = ReadDir(id.parse().ok()?);
    let call = Call {
        request_sha256: request_sha256("GET", http.path(), http.query_string(), &[]),
        caller: Caller::Worker(Arc::new(principal)),
        is_write: false,
        ..Call::system("read_dir", reader.directory.epoch())
    };
    if reader.is_drafting {
        return reader.journal.rehearse(call, question).await.ok();
    }
    let (own, agency) = (reader.clone(), call.caller.agency().clone());
    let read = reader
        .journal
        .readers()
        .read(&agency, question.subject(), move |tx| Ok(own.read(tx, &call, &question).is_ok()));
    read.await?.ok()?.then_some(())
}

impl Reader {
    fn read(&self, tx: &mut Snapshot<'_>, call: &Call, question: &ReadDir) -> Result<(), NotRead> {
        let Caller::Worker(principal) = &call.caller else {
            return Err(NotRead);
        };
        let subject = question.subject();
        let facts = tx.facts_load(principal, subject, &self.directory, self.journal.now())?;
        let permit = self.journal.policies().decide::<DirRead>(principal, facts.seal());
        let permit = permit.map_err(|_| NotRead)?;
        let view = question.read(tx, call, &permit).map_err(|_| NotRead)?;
        view.judge(&(), serialises)
    }
}

fn serialises(view: &DirShown, (): &()) -> Result<(), NotRead> {
    let bytes = serde_json::to_vec(view).map_err(|_| NotRead)?;
    black_box(bytes);
    Ok(())
}
