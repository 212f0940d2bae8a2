//! `/v1/policy`: what the policies would decide, about nobody.

pub mod explain;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

const EXPLAIN: Operation = Operation { id: "explain_policy", kind: EntryKind::Disclosure };

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(
        web::resource("/v1/policy/explain")
            .route(guarded(Method::POST, EXPLAIN, explain::explain_policy))
            .default_service(web::route().to(no_such_method)),
    );
}
