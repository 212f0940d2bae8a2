//! `/v1/labels`: what the codes of the interface are called at this place.

pub mod read;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

const READ: Operation = Operation { id: "read_labels", kind: EntryKind::Disclosure };

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(
        web::resource("/v1/labels")
            .route(guarded(Method::GET, READ, read::read_labels))
            .default_service(web::route().to(no_such_method)),
    );
}
