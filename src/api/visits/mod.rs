//! `/v1/joint-visits`: a team and the police's liaison officer, about somebody who has agreed to it before.

pub mod answer;
pub mod call_off;
pub mod propose;
pub mod read;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

pub(super) fn routes(config: &mut ServiceConfig) {
    let none = || web::route().to(no_such_method);
    let moves = |id| Operation { id, kind: EntryKind::Appointment };
    let reads = Operation { id: "read_joint_visit", kind: EntryKind::Disclosure };
    config
        .service(
            web::resource("/v1/clients/{ref}/joint-visits")
                .route(guarded(Method::POST, moves("propose_joint_visit"), propose::propose_joint_visit))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/joint-visits/{id}")
                .route(guarded(Method::GET, reads, read::read_joint_visit))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/joint-visits/{id}/answer")
                .route(guarded(Method::POST, moves("answer_joint_visit"), answer::answer_joint_visit))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/joint-visits/{id}/calling-off")
                .route(guarded(Method::POST, moves("call_off_joint_visit"), call_off::call_off_joint_visit))
                .default_service(none()),
        );
}
