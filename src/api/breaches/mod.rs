//! `/v1/breaches`: required assessments that were missed without good cause, and how they are pursued.

pub mod export;
pub mod list;
pub mod open;
pub mod read;
pub mod step;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

const fn operation(id: &'static str) -> Operation {
    Operation { id, kind: EntryKind::Breach }
}

pub(super) fn routes(config: &mut ServiceConfig) {
    let none = || web::route().to(no_such_method);
    config
        .service(
            web::resource("/v1/assessments/{id}/breaches")
                .route(guarded(Method::POST, operation("open_breach"), open::open_breach))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/breaches")
                .route(guarded(Method::GET, operation("list_breaches"), list::list_breaches))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/breaches/{id}")
                .route(guarded(Method::GET, operation("read_breach"), read::read_breach))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/breaches/{id}/task")
                .route(guarded(Method::GET, operation("export_breach_task"), export::export_breach_task))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/breaches/{id}/{transition}")
                .route(guarded(Method::POST, operation("step_breach"), step::step_breach))
                .default_service(none()),
        );
}
