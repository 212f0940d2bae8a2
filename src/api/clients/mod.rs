//! `/v1/clients`: people whom an agency works with, under its own references.

pub mod present;
pub mod read;
pub mod update;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

const PRESENT: Operation = Operation { id: "present_client", kind: EntryKind::ClientChange };
const READ: Operation = Operation { id: "read_client", kind: EntryKind::Disclosure };
const UPDATE: Operation = Operation { id: "update_client", kind: EntryKind::ClientChange };

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(
            web::resource("/v1/clients")
                .route(guarded(Method::POST, PRESENT, present::present_client))
                .default_service(web::route().to(no_such_method)),
        )
        .service(
            web::resource("/v1/clients/{ref}")
                .route(guarded(Method::GET, READ, read::read_client))
                .route(guarded(Method::PATCH, UPDATE, update::update_client))
                .default_service(web::route().to(no_such_method)),
        );
}
