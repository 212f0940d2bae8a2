//! What a handler may answer with: only what the journal released, or what is about nobody.

use std::marker::PhantomData;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, LINK, LOCATION, REFERRER_POLICY, RETRY_AFTER,
    WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use serde::Serialize;

use super::streamed::Streamed;
use super::{cursor, page};
use crate::journal::log_file::LogFile;
use crate::journal::outcome::{Disclosed, DisclosedParts, Media, Refused, Stop, Unavailable};
use crate::problem::{Problem, ProblemDocument, ProblemType};

/// What the recipient must keep along with what it was given: codes, as the policies state them (a list of RFC 8941).
const OBLIGATIONS: &str = "Obligations";
const EVENTS: &str = "text/event-stream";
/// How to be identified. RFC 6750, section 3, wants a parameter, and an error only where a token was sent.
const BEARER: &str = "Bearer realm=\"throughgate\"";
const TOKEN_REFUSED: &str = "Bearer error=\"invalid_token\"";
/// What a worker must show first (RFC 9470, section 3).
const STEP_UP: &str =
    "Bearer error=\"insufficient_user_authentication\", acr_values=\"aal2 aal3\", max_age=900";

mod sealed {
    pub trait Sealed {}
    impl<V> Sealed for super::Disclosed<V> {}
    impl Sealed for super::Refused {}
    impl Sealed for super::Unavailable {}
    impl Sealed for super::Stop {}
    impl Sealed for super::LogFile {}
    impl<V> Sealed for super::Public<V> {}
    impl<V> Sealed for super::Streamed<V> {}
    impl<V: Sealed, E: Sealed> Sealed for Result<V, E> {}
}

/// What may leave. Sealed: a new way out is a change of this file, and a test pins the list.
pub trait Reply: sealed::Sealed {
    /// The response to a request for this target, its path and query.
    fn into_response(self, help_line: &str, target: &str) -> HttpResponse;
}

/// Something about nobody: the OpenAPI, a checkpoint of the log.
pub struct Public<V> {
    body: Vec<u8>,
    content_type: &'static str,
    view: PhantomData<fn() -> V>,
}

impl Public<String> {
    /// A text that is about nobody.
    pub(crate) fn text(text: String, content_type: &'static str) -> Self {
        Self { body: text.into_bytes(), content_type, view: PhantomData }
    }
}

impl<V: Serialize> Reply for Disclosed<V> {
    fn into_response(self, _help_line: &str, target: &str) -> HttpResponse {
        let DisclosedParts { body, media, status, location, etag, next, receipt, openings, obligations } =
            self.into_parts();
        let mut response = HttpResponse::build(StatusCode::from_u16(status).unwrap_or(StatusCode::OK));
        match media {
            Media::Json => response.insert_header((CONTENT_TYPE, "application/json")),
            Media::Page => response
                .insert_header((CONTENT_TYPE, page::CONTENT_TYPE))
                .insert_header((CONTENT_SECURITY_POLICY, page::policy()))
                .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
                .insert_header((REFERRER_POLICY, "no-referrer")),
            Media::Events => response.insert_header((CONTENT_TYPE, EVENTS)),
        };
        response
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header(("Audit-Receipt", receipt.header()))
            .insert_header(("Audit-Openings", openings));
        if !obligations.is_empty() {
            response.insert_header((OBLIGATIONS, obligations));
        }
        if let Some(location) = location {
            response.insert_header((LOCATION, location));
        }
        if let Some(etag) = etag {
            response.insert_header((ETAG, etag));
        }
        if let Some(next) = next {
            response.insert_header((LINK, format!("<{}>; rel=\"next\"", cursor::next_page(target, &next))));
        }
        response.body(body)
    }
}

impl Reply for Refused {
    fn into_response(self, help_line: &str, _target: &str) -> HttpResponse {
        let mut response = problem(self.problem(), self.trace_id(), help_line);
        response.headers_mut().insert(
            actix_web::http::header::HeaderName::from_static("audit-receipt"),
            header_value(self.receipt().header()),
        );
        if self.problem().problem == ProblemType::InsufficientUserAuthentication {
            response.headers_mut().insert(WWW_AUTHENTICATE, header_value(STEP_UP));
        }
        if let Some(seconds) = self.problem().retry_after {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl Reply for Unavailable {
    fn into_response(self, help_line: &str, _target: &str) -> HttpResponse {
        // One constant body: whatever failed, and whoever asked about whom.
        let mut response = problem(&Problem::new(ProblemType::AuditUnavailable), "none", help_line);
        response.headers_mut().insert(RETRY_AFTER, header_value("1"));
        response
    }
}

impl Reply for Stop {
    fn into_response(self, help_line: &str, target: &str) -> HttpResponse {
        match self {
            Self::Refused(refused) => refused.into_response(help_line, target),
            Self::Unavailable(unavailable) => unavailable.into_response(help_line, target),
        }
    }
}

impl Reply for LogFile {
    fn into_response(self, _help_line: &str, _target: &str) -> HttpResponse {
        let (bytes, receipt) = self.into_parts();
        HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, "application/octet-stream"))
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header(("Audit-Receipt", receipt.header()))
            .body(bytes)
    }
}

impl<V> Reply for Public<V> {
    fn into_response(self, _help_line: &str, _target: &str) -> HttpResponse {
        HttpResponse::Ok().insert_header((CONTENT_TYPE, self.content_type)).body(self.body)
    }
}

impl<V: 'static> Reply for Streamed<V> {
    fn into_response(self, _help_line: &str, _target: &str) -> HttpResponse {
        let (receipt, openings, obligations, body) = self.into_parts();
        let mut response = HttpResponse::Ok();
        response
            .insert_header((CONTENT_TYPE, EVENTS))
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header(("Audit-Receipt", receipt.header()))
            .insert_header(("Audit-Openings", openings));
        if !obligations.is_empty() {
            response.insert_header((OBLIGATIONS, obligations));
        }
        response.body(body)
    }
}

impl<V: Reply, E: Reply> Reply for Result<V, E> {
    fn into_response(self, help_line: &str, target: &str) -> HttpResponse {
        match self {
            Ok(reply) => reply.into_response(help_line, target),
            Err(reply) => reply.into_response(help_line, target),
        }
    }
}

/// A problem document of somebody who was not identified, or who asks too much, and so has no entry but a count.
pub(super) fn unrecorded(what: &Problem, trace_id: &str, help_line: &str) -> HttpResponse {
    problem(what, trace_id, help_line)
}

/// Puts on a 401 that asks for nothing more exact the challenge that every one must carry (RFC 9110, section 11.6.1). It tells
/// the caller nothing but what the caller sent.
pub(super) fn challenge(response: &mut HttpResponse, has_token: bool) {
    if response.status() == StatusCode::UNAUTHORIZED && !response.headers().contains_key(WWW_AUTHENTICATE) {
        let challenge = if has_token { TOKEN_REFUSED } else { BEARER };
        response.headers_mut().insert(WWW_AUTHENTICATE, header_value(challenge));
    }
}

fn problem(what: &Problem, trace_id: &str, help_line: &str) -> HttpResponse {
    let status = StatusCode::from_u16(what.problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let document = ProblemDocument::of(what, trace_id, help_line);
    HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, "application/problem+json"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(serde_json::to_vec(&document).unwrap_or_default())
}

fn header_value(text: &str) -> actix_web::http::header::HeaderValue {
    actix_web::http::header::HeaderValue::from_str(text)
        .unwrap_or_else(|_| actix_web::http::header::HeaderValue::from_static(""))
}
