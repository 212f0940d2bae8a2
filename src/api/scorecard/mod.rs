//! `/v1/scorecard`: the quarter's figures, counted by the gateway, and notes on those that somebody published.

pub mod area;
pub mod read;
pub mod reconcile;
pub mod submit;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

const fn reads(id: &'static str) -> Operation {
    Operation { id, kind: EntryKind::Disclosure }
}

pub(super) fn routes(config: &mut ServiceConfig) {
    let none = || web::route().to(no_such_method);
    let submits = Operation { id: "submit_scorecard", kind: EntryKind::Disclosure };
    config
        .service(
            web::resource("/v1/scorecard")
                .route(guarded(Method::GET, reads("read_scorecard"), read::read_scorecard))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/scorecard/submissions")
                .route(guarded(Method::POST, submits, submit::submit_scorecard))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/scorecard/area")
                .route(guarded(Method::GET, reads("read_area_scorecard"), area::read_area_scorecard))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/scorecard/reconciliation")
                .route(guarded(Method::POST, reads("reconcile_figures"), reconcile::reconcile_figures))
                .default_service(none()),
        );
}
