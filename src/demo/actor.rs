//! A worker at an agency's own system: real mutual TLS, a fresh token for each request, and every receipt checked.

use std::path::Path;
use std::sync::Arc;

use reqwest::{Client, Method, StatusCode};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;

use super::time::StoryTime;
use crate::cli::token::AgencyFile;
use crate::clock::SharedClock;
use crate::directory::CertificateSha256;
use crate::id::{Handle, WorkerId};
use crate::identity::principal::Scope;
use crate::identity::token::{TokenSigningKey, sign};
use crate::ledger::Hash;
use crate::ledger::entry::{Field, Leaf, Opening};
use crate::ledger::note::VerifierKey;
use crate::ledger::receipt::Receipt;
use crate::vocabulary::Purpose;

/// Why an actor cannot act.
#[derive(Debug, thiserror::Error)]
pub enum ActorError {
    /// A file of the partnership.
    #[error("the partnership's files cannot be used: {0}")]
    Files(String),
    /// The connection.
    #[error("the gateway did not answer")]
    Http(#[from] reqwest::Error),
    /// An answer whose proof does not hold: it must not be used.
    #[error("the answer's receipt does not verify: {0}")]
    Receipt(String),
}

/// An agency's system with one of its workers at it.
#[derive(Clone)]
pub struct Actor {
    base: String,
    client: Client,
    agency: AgencyFile,
    certificate: CertificateSha256,
    key: Arc<TokenSigningKey>,
    log_keys: Arc<Vec<VerifierKey>>,
    worker: WorkerId,
    clock: SharedClock,
}

/// One request in the making.
pub struct Ask<'a> {
    actor: &'a Actor,
    method: Method,
    path: String,
    purpose: Purpose,
    about: Option<Handle>,
    scopes: Option<Vec<Scope>>,
    if_match: Option<String>,
    idempotency_key: Option<String>,
    body: Option<Value>,
    token: Option<String>,
    stepped_up: Option<jiff::Timestamp>,
    headers: Vec<(&'static str, String)>,
}

/// What came back, its receipt checked.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The body, where it is JSON.
    pub json: Value,
    /// The body as it came.
    pub bytes: Vec<u8>,
    /// The headers.
    pub headers: reqwest::header::HeaderMap,
    /// The proof, where there is one.
    pub receipt: Option<Receipt>,
}

impl Actor {
    /// A worker of an agency of a partnership on disk.
    ///
    /// # Errors
    /// When a file of the partnership is missing or malformed.
    pub fn new(
        dir: &Path,
        base: String,
        agency: &str,
        worker: &str,
        clock: SharedClock,
    ) -> Result<Self, ActorError> {
        let files = |what: &str| ActorError::Files(what.to_owned());
        let home = dir.join("agencies").join(agency);
        let file = AgencyFile::read(&home).map_err(|error| files(&error.to_string()))?;
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(home.join("client.pem"))
            .and_then(Iterator::collect)
            .map_err(|_| files("client.pem"))?;
        let key = PrivateKeyDer::from_pem_file(home.join("client.key")).map_err(|_| files("client.key"))?;
        let certificate = CertificateSha256::of(chain.first().ok_or_else(|| files("client.pem"))?);
        let token_pem = std::fs::read_to_string(home.join("token.key")).map_err(|_| files("token.key"))?;
        let token_key =
            TokenSigningKey::from_pem(&file.kid, file.alg, &token_pem).map_err(|_| files("token.key"))?;
        let vkeys = std::fs::read_to_string(dir.join("log.vkey")).map_err(|_| files("log.vkey"))?;
        Ok(Self {
            client: client(dir, chain, key, clock.clone())?,
            base,
            agency: file,
            certificate,
            key: Arc::new(token_key),
            log_keys: Arc::new(VerifierKey::parse_file(&vkeys).map_err(|_| files("log.vkey"))?),
            worker: worker.parse().map_err(|_| files("worker id"))?,
            clock,
        })
    }

    /// The agency's id.
    pub fn agency(&self) -> &str {
        self.agency.id.as_str()
    }

    /// The worker's id.
    pub fn worker(&self) -> &str {
        self.worker.as_str()
    }

    /// The base URI of the gateway.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The agency's HTTP client, with its certificate.
    pub fn http(&self) -> &Client {
        &self.client
    }

    /// A GET.
    pub fn get(&self, path: impl Into<String>) -> Ask<'_> {
        self.ask(Method::GET, path)
    }

    /// A POST, with a new `Idempotency-Key`.
    pub fn post(&self, path: impl Into<String>, body: Value) -> Ask<'_> {
        let mut ask = self.ask(Method::POST, path).json(body);
        ask.idempotency_key = Some(Handle::random().to_string());
        ask
    }

    /// A PUT.
    pub fn put(&self, path: impl Into<String>, body: Value) -> Ask<'_> {
        self.ask(Method::PUT, path).json(body)
    }

    /// A PATCH.
    pub fn patch(&self, path: impl Into<String>, body: Value) -> Ask<'_> {
        self.ask(Method::PATCH, path).json(body)
    }

    /// Any request.
    pub fn ask(&self, method: Method, path: impl Into<String>) -> Ask<'_> {
        Ask {
            actor: self,
            method,
            path: path.into(),
            purpose: Purpose::ContinuityOfCare,
            about: None,
            scopes: None,
            if_match: None,
            idempotency_key: None,
            body: None,
            token: None,
            stepped_up: None,
            headers: Vec::new(),
        }
    }

    /// A token of this worker, bound to the agency's certificate.
    ///
    /// # Errors
    /// When the key does not sign.
    pub fn token(
        &self,
        purpose: Purpose,
        about: Option<Handle>,
        scopes: Option<&[Scope]>,
    ) -> Result<String, ActorError> {
        self.token_after(purpose, about, scopes, None)
    }

    /// The same, after the worker showed more than one factor at that moment.
    fn token_after(
        &self,
        purpose: Purpose,
        about: Option<Handle>,
        scopes: Option<&[Scope]>,
        stepped_up: Option<jiff::Timestamp>,
    ) -> Result<String, ActorError> {
        let files = |error: String| ActorError::Files(error);
        let claims = self.agency.claims(&self.worker, purpose, &self.certificate, self.clock.as_ref(), 300);
        let mut claims = claims.map_err(|error| files(error.to_string()))?;
        claims.requested_record = about;
        if let Some(scopes) = scopes {
            claims.scope = scopes.iter().map(|scope| scope.code()).collect::<Vec<_>>().join(" ");
        }
        stepped_up.into_iter().for_each(|at| claims.step_up(at));
        sign(&claims, &self.key).map_err(|_| files("the token key does not sign".to_owned()))
    }

    pub(super) fn check(
        &self,
        headers: &reqwest::header::HeaderMap,
        body: &[u8],
    ) -> Result<Option<Receipt>, ActorError> {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let Some(text) = header("audit-receipt") else {
            return Ok(None);
        };
        let wrong = |what: String| ActorError::Receipt(what);
        let receipt = Receipt::parse_header(text).map_err(|error| wrong(error.to_string()))?;
        let verified = receipt.verify(&self.log_keys).map_err(|error| wrong(error.to_string()))?;
        if let Some(openings) = header("audit-openings") {
            check_openings(openings, &verified.leaf, body).map_err(wrong)?;
        }
        Ok(Some(receipt))
    }
}

/// Opens what the body itself states, and compares: the log commits to the very bytes that were received.
fn check_openings(header: &str, leaf: &Leaf, body: &[u8]) -> Result<(), String> {
    let openings = Opening::parse_header(header).map_err(|error| error.to_string())?;
    if openings.iter().any(|opening| !opening.verify(&leaf.details)) {
        return Err("an opening does not fit the leaf".to_owned());
    }
    let response = openings.iter().find(|opening| opening.field == Field::ResponseSha256);
    match response {
        Some(opening) if opening.plaintext == Hash::sha256(body).to_string() => Ok(()),
        _ => Err("the log commits to another body".to_owned()),
    }
}

impl Ask<'_> {
    /// For this purpose; `continuity-of-care` if nothing is said.
    #[must_use]
    pub fn purpose(mut self, purpose: Purpose) -> Self {
        self.purpose = purpose;
        self
    }

    /// About this client: the token names it.
    #[must_use]
    pub fn about(mut self, client_ref: Handle) -> Self {
        self.about = Some(client_ref);
        self
    }

    /// With a token for these scopes alone.
    #[must_use]
    pub fn scopes(mut self, scopes: &[Scope]) -> Self {
        self.scopes = Some(scopes.to_vec());
        self
    }

    /// On this version.
    #[must_use]
    pub fn if_match(mut self, etag: impl Into<String>) -> Self {
        self.if_match = Some(etag.into());
        self
    }

    /// As a retry of the request that had this key.
    #[must_use]
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    /// With this body.
    #[must_use]
    pub fn json(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// With this token instead of a fresh one.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// After the worker showed more than one factor at this moment.
    #[must_use]
    pub fn stepped_up_at(mut self, at: jiff::Timestamp) -> Self {
        self.stepped_up = Some(at);
        self
    }

    /// With another header.
    #[must_use]
    pub fn with(mut self, header: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((header, value.into()));
        self
    }

    /// The worker who asks.
    pub fn actor(&self) -> &Actor {
        self.actor
    }

    /// Method and path, as they are told.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Sends it, and checks the proof of what comes back before anybody uses it.
    ///
    /// # Errors
    /// When the gateway does not answer, or the proof does not hold.
    pub async fn send(self) -> Result<Answer, ActorError> {
        let actor = self.actor;
        let response = self.respond().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.bytes().await?.to_vec();
        let receipt = actor.check(&headers, &bytes)?;
        let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Ok(Answer { status, json, bytes, headers, receipt })
    }

    /// Sends it; what comes back is not read, and its proof not checked.
    pub(super) async fn respond(self) -> Result<reqwest::Response, ActorError> {
        let actor = self.actor;
        let token = match self.token {
            Some(token) => token,
            None => actor.token_after(self.purpose, self.about, self.scopes.as_deref(), self.stepped_up)?,
        };
        let mut request = actor
            .client
            .request(self.method, format!("{}{}", actor.base, self.path))
            .header("Authorization", format!("Bearer {token}"));
        if let Some(etag) = self.if_match {
            request = request.header("If-Match", etag);
        }
        if let Some(key) = self.idempotency_key {
            request = request.header("Idempotency-Key", key);
        }
        for (header, value) in self.headers {
            request = request.header(header, value);
        }
        if let Some(body) = &self.body {
            request = request.json(body);
        }
        Ok(request.send().await?)
    }
}

impl Answer {
    /// A header as text; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The version that was shown or written.
    pub fn etag(&self) -> &str {
        self.header("etag")
    }

    /// A handle that the body states.
    pub fn handle(&self, member: &str) -> Option<Handle> {
        self.json.get(member)?.as_str()?.parse().ok()
    }

    /// The code of the problem, where it is one.
    pub fn problem(&self) -> &str {
        let kind = self.json.get("type").and_then(Value::as_str).unwrap_or_default();
        kind.strip_prefix("/problems/").unwrap_or_default()
    }
}

fn client(
    dir: &Path,
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    clock: SharedClock,
) -> Result<Client, ActorError> {
    let files = |what: &str| ActorError::Files(what.to_owned());
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(dir.join("ca.pem")).map_err(|_| files("ca.pem"))? {
        roots.add(certificate.map_err(|_| files("ca.pem"))?).map_err(|_| files("ca.pem"))?;
    }
    let crypto = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_details(crypto, Arc::new(StoryTime(clock)))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|_| files("TLS 1.3"))?
        .with_root_certificates(roots)
        .with_client_auth_cert(chain, key)
        .map_err(|_| files("client.pem and client.key"))?;
    Ok(Client::builder().tls_backend_preconfigured(config).no_proxy().build()?)
}
