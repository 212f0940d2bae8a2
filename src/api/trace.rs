//! What ties a request to the caller's own records: the trace it is part of, and the caller's names for it.

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use ring::rand::{SecureRandom as _, SystemRandom};
use uuid::Uuid;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const CORRELATION_ID: HeaderName = HeaderName::from_static("x-correlation-id");

/// The trace of a request. Whatever a caller sends is taken only in its exact form, since it is shown and recorded.
pub(super) struct Trace {
    /// The trace id, 32 hexadecimal digits: that of the caller's `traceparent` (W3C Trace Context, 3.2.2.3), else a new one.
    pub(super) id: String,
    request_id: Option<HeaderValue>,
    correlation_id: Option<HeaderValue>,
}

impl Trace {
    pub(super) fn of(http: &HttpRequest) -> Self {
        let header = |name: &str| http.headers().get(name).and_then(|value| value.to_str().ok());
        // A UUID and nothing else: what else could be sent might be a person's name, and would come back.
        let named = |name: &str| header(name)?.parse::<Uuid>().ok()?.to_string().parse().ok();
        Self {
            id: header("traceparent").and_then(trace_of_parent).unwrap_or_else(new_id),
            request_id: named("x-request-id"),
            correlation_id: named("x-correlation-id"),
        }
    }

    /// Gives the caller's names back, and ours where the caller gave none (NHS API guidance: mirrored on every answer).
    pub(super) fn mark(self, response: &mut HttpResponse) {
        let headers = response.headers_mut();
        if let Some(own) = self.request_id.or_else(|| self.id.parse().ok()) {
            headers.insert(REQUEST_ID, own);
        }
        if let Some(own) = self.correlation_id {
            headers.insert(CORRELATION_ID, own);
        }
    }
}

/// `00-<trace>-<parent>-<flags>`, all lower-case hexadecimal; neither trace nor parent is all zeros. Of a version that is not
/// known yet the first four fields count, and more may follow.
fn trace_of_parent(header: &str) -> Option<String> {
    let is_hex = |text: &str, length: usize| {
        text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let mut fields = header.split('-');
    let (version, trace, parent, flags) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    let ends_right = version != "00" || fields.next().is_none();
    let is_whole = is_hex(version, 2) && is_hex(trace, 32) && is_hex(parent, 16) && is_hex(flags, 2);
    let says_something = [trace, parent].iter().all(|id| id.bytes().any(|byte| byte != b'0'));
    (version != "ff" && ends_right && is_whole && says_something).then(|| trace.to_owned())
}

fn new_id() -> String {
    let mut bytes = [0_u8; 16];
    // A trace id is no secret: without random numbers it is all zeros, which is valid and says so.
    let _ = SystemRandom::new().fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    const REQUEST: &str = "60e0b220-8136-4ca5-ae46-1d97ef59d068";
    const VISIT: &str = "11c46f5f-cdef-4865-94b2-0ee0edcc26da";
    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn answered(headers: &[(&'static str, &'static str)]) -> (String, HttpResponse) {
        let request =
            headers.iter().fold(TestRequest::default(), |request, header| request.insert_header(*header));
        let trace = Trace::of(&request.to_http_request());
        let id = trace.id.clone();
        let mut response = HttpResponse::Ok().finish();
        trace.mark(&mut response);
        (id, response)
    }

    #[test]
    fn a_trace_goes_on_and_names_come_back() {
        let sent = [("traceparent", PARENT), ("x-request-id", REQUEST), ("x-correlation-id", VISIT)];
        let (id, response) = answered(&sent);
        assert_eq!(id, "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(response.headers().get("x-request-id").unwrap(), REQUEST);
        assert_eq!(response.headers().get("x-correlation-id").unwrap(), VISIT);
    }

    #[test]
    fn whoever_names_nothing_gets_a_name_and_no_two_get_the_same() {
        let ((one, response), (other, _)) = (answered(&[]), answered(&[]));
        assert_ne!(one, other);
        assert_eq!(response.headers().get("x-request-id").unwrap(), one.as_str());
        assert!(response.headers().get("x-correlation-id").is_none());
    }

    #[test]
    fn what_is_not_in_the_exact_form_is_not_taken() {
        for parent in [
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "Testa Alder",
        ] {
            assert_eq!(trace_of_parent(parent), None, "{parent}");
        }
        assert!(trace_of_parent(&PARENT.replacen("00", "cc", 1)).is_some(), "a later version");
        let (_, response) =
            answered(&[("x-request-id", "Testa Alder, 1990"), ("x-correlation-id", "Testa-Alder")]);
        assert_eq!(response.headers().get("x-request-id").unwrap().len(), 32);
        assert!(response.headers().get("x-correlation-id").is_none());
    }
}
