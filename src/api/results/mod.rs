//! `/v1/test-results`: test results that were communicated to a named worker.

pub mod acknowledge;
pub mod read;
pub mod send;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

pub(super) fn routes(config: &mut ServiceConfig) {
    let none = || web::route().to(no_such_method);
    let sends = Operation { id: "send_test_result", kind: EntryKind::ReferralTransition };
    let reads = Operation { id: "read_test_result", kind: EntryKind::Disclosure };
    let acknowledges = Operation { id: "acknowledge_test_result", kind: EntryKind::Disclosure };
    config
        .service(
            web::resource("/v1/clients/{ref}/test-results")
                .route(guarded(Method::POST, sends, send::send_test_result))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/test-results/{id}")
                .route(guarded(Method::GET, reads, read::read_test_result))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/test-results/{id}/acknowledgement")
                .route(guarded(Method::POST, acknowledges, acknowledge::acknowledge_test_result))
                .default_service(none()),
        );
}
