//! `/v1/deferrals`: holding back from a person's account, for a time, what the agency itself did.

pub mod approve;
pub mod lift;
pub mod list;
pub mod propose;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

const APPROVE: Operation = Operation { id: "approve_deferral", kind: EntryKind::SubjectAccess };
const LIFT: Operation = Operation { id: "lift_deferral", kind: EntryKind::SubjectAccess };
const LIST: Operation = Operation { id: "list_deferrals", kind: EntryKind::SubjectAccess };
const PROPOSE: Operation = Operation { id: "propose_deferral", kind: EntryKind::SubjectAccess };

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(
            web::resource("/v1/clients/{ref}/deferrals")
                .route(guarded(Method::GET, LIST, list::list_deferrals))
                .route(guarded(Method::POST, PROPOSE, propose::propose_deferral))
                .default_service(web::route().to(no_such_method)),
        )
        .service(
            web::resource("/v1/deferrals/{id}/approval")
                .route(guarded(Method::POST, APPROVE, approve::approve_deferral))
                .default_service(web::route().to(no_such_method)),
        )
        .service(
            web::resource("/v1/deferrals/{id}/lifting")
                .route(guarded(Method::POST, LIFT, lift::lift_deferral))
                .default_service(web::route().to(no_such_method)),
        );
}
