//! `/v1/subject-access`: a person's request for her own account, and the whole account under it.

pub mod account;
pub mod list;
mod print;
pub mod read;
pub mod receive;
pub mod take_step;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::domain::account::WHOLE_OPERATION;
use crate::vocabulary::EntryKind;

const ACCOUNT: Operation = Operation { id: WHOLE_OPERATION, kind: EntryKind::SubjectAccess };
const LIST: Operation = Operation { id: "list_subject_access", kind: EntryKind::SubjectAccess };
const READ: Operation = Operation { id: "read_subject_access", kind: EntryKind::SubjectAccess };
const RECEIVE: Operation = Operation { id: "receive_subject_access", kind: EntryKind::SubjectAccess };
const STEP: Operation = Operation { id: "take_subject_access_step", kind: EntryKind::SubjectAccess };

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(
            web::resource("/v1/clients/{ref}/subject-access")
                .route(guarded(Method::GET, LIST, list::list_subject_access))
                .route(guarded(Method::POST, RECEIVE, receive::receive_subject_access))
                .default_service(web::route().to(no_such_method)),
        )
        .service(
            web::resource("/v1/subject-access/{id}")
                .route(guarded(Method::GET, READ, read::read_subject_access))
                .default_service(web::route().to(no_such_method)),
        )
        .service(
            web::resource("/v1/subject-access/{id}/account")
                .route(guarded(Method::GET, ACCOUNT, account::read_subject_access_account))
                .default_service(web::route().to(no_such_method)),
        )
        .service(
            web::resource("/v1/subject-access/{id}/{step}")
                .route(guarded(Method::POST, STEP, take_step::take_subject_access_step))
                .default_service(web::route().to(no_such_method)),
        );
}
