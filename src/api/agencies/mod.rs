//! `/v1/agencies`: who takes part, what each can do, and whom to ring.

pub mod family;
pub mod list;
mod print;
pub mod read;
pub mod verify;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::domain::agency::LIST_OPERATION;
use crate::vocabulary::EntryKind;

const LIST: Operation = Operation { id: LIST_OPERATION, kind: EntryKind::Disclosure };
const READ: Operation = Operation { id: "read_agency", kind: EntryKind::Disclosure };
const FAMILY: Operation = Operation { id: "read_family_information", kind: EntryKind::Disclosure };
const VERIFY: Operation = Operation { id: "verify_agency_contact", kind: EntryKind::DirectoryChange };

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(
            web::resource("/v1/agencies")
                .route(guarded(Method::GET, LIST, list::list_agencies))
                .default_service(web::route().to(no_such_method)),
        )
        .service(
            web::resource("/v1/family-information")
                .route(guarded(Method::GET, FAMILY, family::read_family_information))
                .default_service(web::route().to(no_such_method)),
        )
        .service(
            web::resource("/v1/agencies/{id}")
                .route(guarded(Method::GET, READ, read::read_agency))
                .default_service(web::route().to(no_such_method)),
        )
        .service(
            web::resource("/v1/agencies/{id}/verification")
                .route(guarded(Method::POST, VERIFY, verify::verify_agency_contact))
                .default_service(web::route().to(no_such_method)),
        );
}
