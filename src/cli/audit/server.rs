//! A log's static files from a server over mutual TLS, tile by tile: a gateway's own, or any that serves tlog-tiles.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use clap::Args;
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use rustls::{ClientConfig, RootCertStore};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

use crate::transport::files::{self, FileError};

/// The longest file: 256 entries of 65,535 bytes, each behind its length.
const LONGEST: usize = 256 * 65_537;
/// How often a server that cannot answer is asked again.
const ATTEMPTS: u32 = 6;
/// The longest that a server may ask to be left alone.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
const TIMEOUT: Duration = Duration::from_secs(30);

/// How to get at a log on a server
#[derive(Debug, Args)]
#[command(next_help_heading = "For a log on a server (https://…)")]
pub struct ServerArgs {
    /// The certificate authority that the server's certificate is from (PEM)
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// Your client certificate (PEM, with those that lead to its authority)
    #[arg(long, value_name = "FILE", requires = "key")]
    pub cert: Option<PathBuf>,
    /// The key of your client certificate (PEM, mode 0600)
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub key: Option<PathBuf>,
    /// Your access token, or @FILE, which is read again when the token is no longer accepted
    #[arg(long, value_name = "TOKEN|@FILE", env = "THROUGHGATE_TOKEN", hide_env_values = true)]
    pub token: Option<SecretString>,
}

/// Why a server's log cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum ServerError {
    /// The address.
    #[error("a log on a server has an address that begins with https://")]
    Address,
    /// There is no authority to check the server with.
    #[error("--ca FILE is missing: without it nobody knows whose server answers")]
    NoAuthority,
    /// A file of the caller's.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file of the token.
    #[error("the token cannot be read from {}", .0.display())]
    Token(PathBuf, #[source] std::io::Error),
    /// TLS cannot be set up with these files.
    #[error("certificate and key cannot be used")]
    Tls,
    /// The system.
    #[error("the system refused a thread")]
    System(#[source] std::io::Error),
    /// The connection.
    #[error("{path}: the server does not answer: {}", innermost(.source))]
    Connection {
        /// What was asked for.
        path: String,
        /// Why.
        source: reqwest::Error,
    },
    /// An answer that is neither the file nor that there is none.
    #[error("{path}: the server answers {status}{}", hint(*.status))]
    Status {
        /// What was asked for.
        path: String,
        /// The answer's status.
        status: StatusCode,
    },
    /// More than any file of a log has.
    #[error("{path}: the server sends more than a file of a log can have")]
    TooLong {
        /// What was asked for.
        path: String,
    },
}

fn hint(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => ": it wants a token that is valid now (--token)",
        StatusCode::FORBIDDEN => ": an auditor's token for audit-review is needed",
        _ => "",
    }
}

fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

/// A log on a server. Several threads may read it at once; they share its connections.
pub(super) struct ServerLog {
    base: String,
    client: Client,
    token: Mutex<Option<SecretString>>,
    token_file: Option<PathBuf>,
    background: Background,
}

impl ServerLog {
    /// Gets ready to read; nothing is asked of the server yet.
    pub(super) fn open(address: &str, args: &ServerArgs) -> Result<Self, ServerError> {
        if !address.starts_with("https://") {
            return Err(ServerError::Address);
        }
        let given = args.token.as_ref().map(SecretString::expose_secret);
        let token_file = given.and_then(|given| given.strip_prefix('@')).map(PathBuf::from);
        let token = match &token_file {
            Some(file) => Some(read_token(file)?),
            None => args.token.clone(),
        };
        Ok(Self {
            base: address.trim_end_matches('/').to_owned(),
            client: client(args)?,
            token: Mutex::new(token),
            token_file,
            background: Background::start()?,
        })
    }

    /// A file of the log; `None` if the server says that there is none.
    pub(super) fn read(&self, path: &str) -> Result<Option<Vec<u8>>, ServerError> {
        self.background.handle.block_on(self.fetch(path))
    }

    async fn fetch(&self, path: &str) -> Result<Option<Vec<u8>>, ServerError> {
        let (mut attempt, mut token_is_fresh) = (1, false);
        loop {
            let response = self.ask(path).await?;
            let status = response.status();
            match status {
                StatusCode::OK => return body(path, response).await.map(Some),
                StatusCode::NOT_FOUND => return Ok(None),
                StatusCode::UNAUTHORIZED if !token_is_fresh && self.token_file.is_some() => {
                    token_is_fresh = true;
                    self.renew_token()?;
                }
                // A whole log is more than a worker may ask in a minute: it takes the time that it takes.
                StatusCode::TOO_MANY_REQUESTS => tokio::time::sleep(wait_asked(&response)).await,
                StatusCode::SERVICE_UNAVAILABLE if attempt < ATTEMPTS => {
                    attempt += 1;
                    tokio::time::sleep(wait_asked(&response)).await;
                }
                _ => return Err(ServerError::Status { path: path.to_owned(), status }),
            }
        }
    }

    async fn ask(&self, path: &str) -> Result<Response, ServerError> {
        let mut request = self.client.get(format!("{}/{path}", self.base)).timeout(TIMEOUT);
        if let Some(token) = self.token.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            request = request.bearer_auth(token.expose_secret());
        }
        let failed = |source| ServerError::Connection { path: path.to_owned(), source };
        request.send().await.map_err(failed)
    }

    fn renew_token(&self) -> Result<(), ServerError> {
        if let Some(file) = &self.token_file {
            *self.token.lock().unwrap_or_else(PoisonError::into_inner) = Some(read_token(file)?);
        }
        Ok(())
    }
}

fn wait_asked(response: &Response) -> Duration {
    let header = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
    let seconds =
        header.and_then(|text| text.parse().ok()).map_or(Duration::from_secs(1), Duration::from_secs);
    seconds.min(LONGEST_WAIT)
}

async fn body(path: &str, mut response: Response) -> Result<Vec<u8>, ServerError> {
    let failed = |source| ServerError::Connection { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LONGEST {
            return Err(ServerError::TooLong { path: path.to_owned() });
        }
    }
    Ok(bytes)
}

fn read_token(file: &Path) -> Result<SecretString, ServerError> {
    let text = std::fs::read_to_string(file).map_err(|error| ServerError::Token(file.to_owned(), error))?;
    Ok(SecretString::from(text.trim()))
}

fn client(args: &ServerArgs) -> Result<Client, ServerError> {
    let mut roots = RootCertStore::empty();
    for certificate in files::certificates(args.ca.as_ref().ok_or(ServerError::NoAuthority)?)? {
        roots.add(certificate).map_err(|_| ServerError::Tls)?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|_| ServerError::Tls)?
        .with_root_certificates(roots);
    let config = match (&args.cert, &args.key) {
        (Some(cert), Some(key)) => config
            .with_client_auth_cert(files::certificates(cert)?, files::private_key(key)?)
            .map_err(|_| ServerError::Tls)?,
        _ => config.with_no_client_auth(),
    };
    // Certificate and token are for this server, not for wherever it points to.
    let client = Client::builder().tls_backend_preconfigured(config).no_proxy().redirect(Policy::none());
    client.build().map_err(|_| ServerError::Tls)
}

/// A thread that drives connections while others wait for what comes over them.
struct Background {
    handle: Handle,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Background {
    fn start() -> Result<Self, ServerError> {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(ServerError::System)?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let drive = move || {
            // Ends when told, or when whoever could tell is gone.
            let _ = runtime.block_on(stopped);
        };
        let thread = std::thread::Builder::new().name("log-reader".into()).spawn(drive);
        Ok(Self { handle, stop: Some(stop), thread: Some(thread.map_err(ServerError::System)?) })
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic there has been reported there.
            let _ = thread.join();
        }
    }
}
