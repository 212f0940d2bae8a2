//! `/v1/clients/{ref}/disclosures`: what was done with what is held about a person.

pub mod read;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::domain::account::OPERATION;
use crate::vocabulary::EntryKind;

const READ: Operation = Operation { id: OPERATION, kind: EntryKind::Disclosure };

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(
        web::resource("/v1/clients/{ref}/disclosures")
            .route(guarded(Method::GET, READ, read::read_disclosures))
            .default_service(web::route().to(no_such_method)),
    );
}
