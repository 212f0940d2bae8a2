//! Which methods a resource has, as its own routes tell: whoever comes by another one is answered these (RFC 9110, 15.5.6).

use actix_web::guard::{Guard, GuardContext};
use actix_web::http::header::{ALLOW, Allow, TryIntoHeaderValue as _};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, Route, web};

/// A route for this method. With a request by another one it leaves what it would have taken.
pub(super) fn by_method(method: Method) -> Route {
    web::route().guard(ByMethod(method))
}

struct ByMethod(Method);

/// The methods of the routes that a request did not fit, in their order.
#[derive(Default)]
pub(super) struct Offered(Vec<Method>);

impl Offered {
    /// What the resource's routes left with a request that none of them took.
    pub(super) fn of(http: &HttpRequest) -> Self {
        http.extensions_mut().remove().unwrap_or_default()
    }

    /// Tells the caller, where the answer is that the method is none of them.
    pub(super) fn mark(self, response: &mut HttpResponse) {
        if response.status() != StatusCode::METHOD_NOT_ALLOWED {
            return;
        }
        if let Ok(methods) = Allow(self.0).try_into_value() {
            response.headers_mut().insert(ALLOW, methods);
        }
    }
}

impl Guard for ByMethod {
    fn check(&self, asked: &GuardContext<'_>) -> bool {
        let Self(method) = self;
        let fits = asked.head().method == *method;
        if !fits {
            asked.req_data_mut().get_or_insert_with(Offered::default).0.push(method.clone());
        }
        fits
    }
}
