//! How a request gets to its handler: identified, read whole, bounded; and how the handler's answer gets out.

use std::future::Future;
use std::time::Duration;

use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, CONTENT_LENGTH, TRANSFER_ENCODING};
use actix_web::http::uri::PathAndQuery;
use actix_web::web::{Bytes, Data, Payload};
use actix_web::{HttpRequest, HttpResponse, Route};

use super::context::Context;
use super::methods::{Offered, by_method};
use super::rates::Allowance;
use super::reply::{Reply, challenge, unrecorded};
use super::request::Request;
use super::trace::Trace;
use crate::identity::NotIdentified;
use crate::identity::identify::bearer;
use crate::journal::call::{Before, Call, Caller, request_sha256};
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
    by_method(method).to(move |http: HttpRequest, payload: Payload, context: Data<Context>| {
        let handler = handler.clone();
        answer(
            http,
            payload,
            context,
            operation,
            async move |request: Request, help_line: &str, target: &str| match form_of(&request) {
                Ok(()) => handler(request).await.into_response(help_line, target),
                Err(problem) => request.refuse(problem).await.into_response(help_line, target),
            },
        )
    })
}

/// What is answered where there is no such route: to the identified the one 404, on record.
pub async fn no_such_route(http: HttpRequest, payload: Payload, context: Data<Context>) -> HttpResponse {
    refuse_route(http, payload, context, ProblemType::NotFoundOrNotPermitted).await
}

/// What is answered where the resource has no route for the method: those that it has.
pub async fn no_such_method(http: HttpRequest, payload: Payload, context: Data<Context>) -> HttpResponse {
    let offered = Offered::of(&http);
    let mut response = refuse_route(http, payload, context, ProblemType::MethodNotAllowed).await;
    offered.mark(&mut response);
    response
}

async fn refuse_route(
    http: HttpRequest,
    payload: Payload,
    context: Data<Context>,
    problem: ProblemType,
) -> HttpResponse {
    const NOWHERE: Operation = Operation { id: "nowhere", kind: EntryKind::System };
    answer(http, payload, context, NOWHERE, async move |request: Request, help_line: &str, target: &str| {
        request.refuse(Problem::new(problem)).await.into_response(help_line, target)
    })
    .await
}

/// Identifies the caller, lets `handle` answer, and puts on the answer what every one carries.
async fn answer(
    http: HttpRequest,
    payload: Payload,
    context: Data<Context>,
    operation: Operation,
    handle: impl AsyncFnOnce(Request, &str, &str) -> HttpResponse,
) -> HttpResponse {
    let (help_line, has_token) = (context.help_line.clone(), has_token(&http));
    let target = http.uri().path_and_query().map_or("/", PathAndQuery::as_str).to_owned();
    let mut carried = Carried { trace: Trace::of(&http), allowance: None };
    let mut response = match identify(http, payload, context, operation, &mut carried).await {
        Ok((request, None)) => handle(request, &help_line, &target).await,
        Ok((request, Some(problem))) => request.refuse(problem).await.into_response(&help_line, &target),
        Err(response) => response,
    };
    challenge(&mut response, has_token);
    if let Some(allowance) = carried.allowance {
        allowance.mark(&mut response);
    }
    carried.trace.mark(&mut response);
    response
}

/// What every answer carries, whatever it is.
struct Carried {
    trace: Trace,
    allowance: Option<Allowance>,
}

/// The request of an identified caller, with what is wrong with its body as far as that was read.
async fn identify(
    http: HttpRequest,
    payload: Payload,
    context: Data<Context>,
    operation: Operation,
    carried: &mut Carried,
) -> Result<(Request, Option<Problem>), HttpResponse> {
    let arrived = tokio::time::Instant::now();
    let trace_id = carried.trace.id.clone();
    let (body, wrong) = match read_body(&http, payload, context.body_limit).await {
        Ok(body) => (body, None),
        Err(problem) => (Bytes::new(), Some(problem)),
    };
    let (caller, refused) = match caller(&http, &context).await {
        Ok(caller) => (caller, None),
        Err(Left::Agency(caller, problem)) => (caller, Some(problem)),
        Err(Left::Nobody(code)) => {
            context.summary.count(code);
            let problem = Problem::new(ProblemType::InvalidToken);
            return Err(unrecorded(&problem, &trace_id, &context.help_line));
        }
        Err(Left::Unavailable(unavailable)) => {
            return Err(unavailable.into_response(&context.help_line, http.path()));
        }
    };
    match context.rates.spend(&caller) {
        Ok(allowance) => carried.allowance = allowance,
        Err(too_many) => {
            context.summary.count("too-many-requests");
            let problem = Problem::new(ProblemType::TooManyRequests);
            let mut response = unrecorded(&problem, &trace_id, &context.help_line);
            too_many.mark(&mut response);
            return Err(response);
        }
    }
    let call = call(&http, &body, operation, caller, trace_id, arrived);
    if let Some(problem) = refused {
        let stop = context.journal.refuse(call, EntryKind::System, problem).await;
        return Err(stop.into_response(&context.help_line, http.path()));
    }
    Ok((Request { context, call, kind: operation.kind, http, body }, wrong))
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
        is_write: !http.method().is_safe(),
        idempotency_key: text("idempotency-key"),
        if_match: text("if-match"),
        occurred_at: None,
        reason_text: None,
        statute_ref: None,
        arrived,
        before: Before::default(),
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
    // A step that says all there is to say has no body.
    if !is_json && !request.body.is_empty() {
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

/// Whether the request brings a token, whatever that is worth.
fn has_token(http: &HttpRequest) -> bool {
    let mut texts = http.headers().get_all(AUTHORIZATION).filter_map(|value| value.to_str().ok());
    texts.any(|text| bearer(text).is_some())
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

/// So that handlers can say `Result<Disclosed<_>, Stop>` and nothing else.
pub type Answer<V> = Result<crate::journal::outcome::Disclosed<V>, Stop>;
