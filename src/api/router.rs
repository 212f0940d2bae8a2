//! How a request gets to its handler: identified, read whole, bounded; and how the handler's answer gets out.

use std::future::Future;
use std::time::Duration;

use actix_web::http::Method;
use actix_web::http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use actix_web::web::{Bytes, Data, Payload};
use actix_web::{HttpRequest, HttpResponse, Route, web};
use ring::rand::{SecureRandom as _, SystemRandom};

use super::context::Context;
use super::reply::{Reply, unidentified};
use super::request::Request;
use crate::identity::NotIdentified;
use crate::journal::call::{Call, Caller, request_sha256};
use crate::journal::outcome::{Stop, Unavailable};
use crate::problem::{Problem, ProblemType};
use crate::transport::peer;
use crate::vocabulary::EntryKind;

/// Within what time a body must be there. The largest one takes less over any line that a service would work on.
const BODY_WITHIN: Duration = Duration::from_secs(10);

/// An operation of the interface.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// Its id in `openapi.yaml`: `verb_resource`.
    pub id: &'static str,
    /// The kind of its entries in the log.
    pub kind: EntryKind,
}

/// A route whose handler can answer only with what may leave.
pub fn guarded<F, Fut, R>(method: Method, operation: Operation, handler: F) -> Route
where
    F: Fn(Request) -> Fut + Clone + 'static,
    Fut: Future<Output = R> + 'static,
    R: Reply + 'static,
{
    web::route().method(method).to(move |http: HttpRequest, payload: Payload, context: Data<Context>| {
        let handler = handler.clone();
        async move {
            let (help_line, path) = (context.help_line.clone(), http.path().to_owned());
            match accept(http, payload, context, operation).await {
                Ok(request) => handler(request).await.into_response(&help_line, &path),
                Err(response) => response,
            }
        }
    })
}

/// What is answered where there is no such route: to the identified the one 404, on record.
pub async fn no_such_route(http: HttpRequest, payload: Payload, context: Data<Context>) -> HttpResponse {
    refuse_route(http, payload, context, ProblemType::NotFoundOrNotPermitted).await
}

/// What is answered where the route does not know the method.
pub async fn no_such_method(http: HttpRequest, payload: Payload, context: Data<Context>) -> HttpResponse {
    refuse_route(http, payload, context, ProblemType::MethodNotAllowed).await
}

async fn refuse_route(
    http: HttpRequest,
    payload: Payload,
    context: Data<Context>,
    problem: ProblemType,
) -> HttpResponse {
    const NOWHERE: Operation = Operation { id: "nowhere", kind: EntryKind::System };
    let (help_line, path) = (context.help_line.clone(), http.path().to_owned());
    match identify(http, payload, context, NOWHERE).await {
        Ok(request) => request.refuse(Problem::new(problem)).await.into_response(&help_line, &path),
        Err(response) => response,
    }
}

/// Identifies the caller, reads the body, and checks what holds for every operation.
async fn accept(
    http: HttpRequest,
    payload: Payload,
    context: Data<Context>,
    operation: Operation,
) -> Result<Request, HttpResponse> {
    let request = identify(http, payload, context, operation).await?;
    match form_of(&request) {
        Ok(()) => Ok(request),
        Err(problem) => {
            let (help_line, path) = (request.context().help_line.clone(), request.http.path().to_owned());
            Err(request.refuse(problem).await.into_response(&help_line, &path))
        }
    }
}

async fn identify(
    http: HttpRequest,
    payload: Payload,
    context: Data<Context>,
    operation: Operation,
) -> Result<Request, HttpResponse> {
    let arrived = tokio::time::Instant::now();
    let trace_id = trace_id();
    let body = read_body(&http, payload, context.body_limit).await;
    let caller = match caller(&http, &context).await {
        Ok(caller) => caller,
        Err(Left::Agency(caller, problem)) => {
            let call = call(&http, &body.clone().unwrap_or_default(), operation, caller, trace_id, arrived);
            let stop = context.journal.refuse(call, EntryKind::System, problem).await;
            return Err(stop.into_response(&context.help_line, http.path()));
        }
        Err(Left::Nobody(code)) => {
            context.summary.count(code);
            let problem = Problem::new(ProblemType::InvalidToken);
            return Err(unidentified(&problem, &trace_id, &context.help_line));
        }
        Err(Left::Unavailable(unavailable)) => {
            return Err(unavailable.into_response(&context.help_line, http.path()));
        }
    };
    let (body, too_large) = match body {
        Ok(body) => (body, None),
        Err(problem) => (Bytes::new(), Some(problem)),
    };
    let call = call(&http, &body, operation, caller, trace_id, arrived);
    let request = Request { context, call, kind: operation.kind, http, body };
    match too_large {
        None => Ok(request),
        Some(problem) => {
            let (help_line, path) = (request.context().help_line.clone(), request.http.path().to_owned());
            Err(request.refuse(problem).await.into_response(&help_line, &path))
        }
    }
}

enum Left {
    Agency(Caller, Problem),
    Nobody(&'static str),
    Unavailable(Unavailable),
}

async fn caller(http: &HttpRequest, context: &Data<Context>) -> Result<Caller, Left> {
    let Some(peer) = peer::of(http) else {
        return Err(Left::Nobody("no-peer"));
    };
    let header = |name: &str| single_header(http, name);
    let (Ok(authorization), Ok(purpose), Ok(site)) =
        (header("authorization"), header("throughgate-purpose"), header("sec-fetch-site"))
    else {
        return Err(Left::Nobody("header-twice"));
    };
    let identify = |directory: &crate::directory::Directory| {
        context.identifier.identify(peer, authorization, purpose, site, directory)
    };
    let first = identify(&context.journal.directory());
    let refused = match first {
        Ok(principal) => return Ok(Caller::Worker(std::sync::Arc::new(principal))),
        Err(refused) => refused,
    };
    // The directory may have changed since it was read: an agency enrolled a moment ago must not be turned away.
    let refused = match context.journal.directory_refreshed().await {
        Ok(directory) => match identify(&directory) {
            Ok(principal) => return Ok(Caller::Worker(std::sync::Arc::new(principal))),
            Err(refused) => refused,
        },
        Err(unavailable) if refused.agency.is_none() => return Err(Left::Unavailable(unavailable)),
        Err(_) => refused,
    };
    Err(left(&refused, *peer.certificate.as_bytes()))
}

fn left(refused: &NotIdentified, cert_sha256: [u8; 32]) -> Left {
    match &refused.agency {
        Some(agency) => {
            let caller = Caller::Agency { agency: agency.clone(), cert_sha256 };
            Left::Agency(caller, Problem::because(refused.problem(), refused.code()))
        }
        None => Left::Nobody(refused.code()),
    }
}

fn call(
    http: &HttpRequest,
    body: &[u8],
    operation: Operation,
    caller: Caller,
    trace_id: String,
    arrived: tokio::time::Instant,
) -> Call {
    let text = |name: &str| http.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    Call {
        caller,
        operation: operation.id,
        request_sha256: request_sha256(http.method().as_str(), http.path(), http.query_string(), body),
        source_ip: http.peer_addr().map(|address| address.ip().to_string()).unwrap_or_default(),
        trace_id,
        is_write: http.method() != Method::GET,
        idempotency_key: text("idempotency-key"),
        if_match: text("if-match"),
        occurred_at: None,
        reason_text: None,
        statute_ref: None,
        arrived,
    }
}

/// What every operation asks of a request's form, which the request alone decides.
fn form_of(request: &Request) -> Result<(), Problem> {
    let method = request.http.method();
    if method == Method::GET {
        return Ok(());
    }
    let content_type = request.http.headers().get("content-type").and_then(|value| value.to_str().ok());
    let is_json = content_type.is_some_and(|text| {
        text.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
    });
    if !is_json {
        return Err(Problem::new(ProblemType::UnsupportedMediaType));
    }
    if method == Method::POST {
        let well_formed =
            request.call.idempotency_key.as_deref().is_some_and(|key| {
                (8..=128).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic())
            });
        if !well_formed {
            return Err(Problem::field(
                ProblemType::MalformedRequest,
                "Idempotency-Key",
                "required",
                "is required on POST: 8 to 128 printable characters, new for each new request",
            ));
        }
    }
    Ok(())
}

/// A header that must not stand there twice.
fn single_header<'a>(http: &'a HttpRequest, name: &str) -> Result<Option<&'a str>, ()> {
    let mut values = http.headers().get_all(name);
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| ()),
        (Some(_), Some(_)) => Err(()),
    }
}

async fn read_body(http: &HttpRequest, payload: Payload, limit: usize) -> Result<Bytes, Problem> {
    let announced = http.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    match announced.and_then(|text| text.parse::<u64>().ok()) {
        // Said before it is sent, so that nobody sends it.
        Some(length) if usize::try_from(length).map_or(true, |length| length > limit) => {
            return Err(Problem::new(ProblemType::TooLarge));
        }
        // What CONNECT or an upgrade would send without end is no body.
        Some(0) => return Ok(Bytes::new()),
        None if !http.headers().contains_key(TRANSFER_ENCODING) => return Ok(Bytes::new()),
        Some(_) | None => {}
    }
    match tokio::time::timeout(BODY_WITHIN, payload.to_bytes_limited(limit)).await {
        Ok(Ok(Ok(body))) => Ok(body),
        Ok(Ok(Err(_))) => Err(Problem::because(ProblemType::MalformedRequest, "body-cut-off")),
        Ok(Err(_)) => Err(Problem::new(ProblemType::TooLarge)),
        Err(_) => Err(Problem::because(ProblemType::MalformedRequest, "body-too-slow")),
    }
}

fn trace_id() -> String {
    let mut bytes = [0_u8; 16];
    // A trace id is no secret: without random numbers it is all zeros, which is valid and says so.
    let _ = SystemRandom::new().fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// So that handlers can say `Result<Disclosed<_>, Stop>` and nothing else.
pub type Answer<V> = Result<crate::journal::outcome::Disclosed<V>, Stop>;
