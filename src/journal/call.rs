//! One request of an identified caller, as far as the journal needs to know it.

use std::sync::Arc;

use jiff::Timestamp;
use ring::digest;

pub use super::guards::Before;
use crate::id::AgencyId;
use crate::identity::principal::Principal;

/// Who asks, from where, with what bytes, and under which conditions.
#[derive(Debug, Clone)]
pub struct Call {
    /// Who asks.
    pub caller: Caller,
    /// The operation as in `openapi.yaml`, which a replay guard is bound to.
    pub operation: &'static str,
    /// SHA-256 over method, path, query and body.
    pub request_sha256: [u8; 32],
    /// The address that the connection came from.
    pub source_ip: String,
    /// The trace that the caller is told, 32 hexadecimal digits.
    pub trace_id: String,
    /// Whether it is a write, for which a token counts once.
    pub is_write: bool,
    /// `Idempotency-Key`, required on POST.
    pub idempotency_key: Option<String>,
    /// `If-Match`, required where a version is replaced.
    pub if_match: Option<String>,
    /// When what is reported happened, where that is earlier than now.
    pub occurred_at: Option<Timestamp>,
    /// The worker's reason in words, where one was given.
    pub reason_text: Option<String>,
    /// The provision that the request itself relies on, where it states one; otherwise the policies' own stands in the entry.
    pub statute_ref: Option<&'static str>,
    /// When the request arrived; some answers leave on a fixed tick after it.
    pub arrived: tokio::time::Instant,
    /// For what its guards were taken before, as the snapshot has it on which it is decided.
    pub before: Before,
}

/// Who asks, as far as that is known.
#[derive(Debug, Clone)]
pub enum Caller {
    /// A worker, identified. Only a worker can be permitted anything.
    Worker(Arc<Principal>),
    /// An agency whose certificate is registered, and whose worker's credential was not accepted.
    Agency {
        /// The agency.
        agency: AgencyId,
        /// SHA-256 of its certificate.
        cert_sha256: [u8; 32],
    },
}

impl Caller {
    /// The agency.
    pub fn agency(&self) -> &AgencyId {
        match self {
            Self::Worker(principal) => &principal.agency,
            Self::Agency { agency, .. } => agency,
        }
    }

    /// SHA-256 of the certificate that opened the connection.
    pub fn cert_sha256(&self) -> &[u8; 32] {
        match self {
            Self::Worker(principal) => &principal.cert_sha256,
            Self::Agency { cert_sha256, .. } => cert_sha256,
        }
    }
}

impl Call {
    /// Something that the gateway or its operator does by itself.
    pub fn system(operation: &'static str, directory_epoch: i64) -> Self {
        // The ids of the system principal are constants that a test of `identity` parses.
        let caller = match Principal::system(directory_epoch) {
            Ok(principal) => Caller::Worker(Arc::new(principal)),
            Err(_) => unreachable!("the system's ids are well-formed"),
        };
        Self {
            caller,
            operation,
            request_sha256: request_sha256("SYSTEM", operation, "", &[]),
            source_ip: String::new(),
            trace_id: "00000000000000000000000000000000".to_owned(),
            is_write: true,
            idempotency_key: None,
            if_match: None,
            occurred_at: None,
            reason_text: None,
            statute_ref: None,
            arrived: tokio::time::Instant::now(),
            before: Before::default(),
        }
    }
}

/// SHA-256 over the parts of a request, each preceded by its length, so that no two requests give the same bytes.
pub fn request_sha256(method: &str, path: &str, query: &str, body: &[u8]) -> [u8; 32] {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in [method.as_bytes(), path.as_bytes(), query.as_bytes(), body] {
        context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        context.update(part);
    }
    let mut out = [0; 32];
    out.copy_from_slice(context.finish().as_ref());
    out
}
