//! `/v1/release-plans` and `/v1/pick-ups`: leaving prison, and who is at the gate.

pub mod ask_pick_up;
pub mod letter;
pub mod list;
pub mod plan;
mod print;
pub mod read;
pub mod read_pick_up;
pub mod revise;
pub mod step;
pub mod step_pick_up;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

const fn reads(id: &'static str) -> Operation {
    Operation { id, kind: EntryKind::Disclosure }
}

const fn writes(id: &'static str) -> Operation {
    Operation { id, kind: EntryKind::EpisodeChange }
}

pub(super) fn routes(config: &mut ServiceConfig) {
    let none = || web::route().to(no_such_method);
    config
        .service(
            web::resource("/v1/clients/{ref}/release-plans")
                .route(guarded(Method::GET, reads("list_release_plans"), list::list_release_plans))
                .route(guarded(Method::POST, writes("plan_release"), plan::plan_release))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/release-plans/{id}")
                .route(guarded(Method::GET, reads("read_release_plan"), read::read_release_plan))
                .route(guarded(Method::PUT, writes("revise_release_plan"), revise::revise_release_plan))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/release-plans/{id}/letter")
                .route(guarded(Method::GET, reads("read_release_letter"), letter::read_release_letter))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/release-plans/{id}/pick-ups")
                .route(guarded(Method::POST, writes("ask_pick_up"), ask_pick_up::ask_pick_up))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/release-plans/{id}/{step}")
                .route(guarded(Method::POST, writes("step_release_plan"), step::step_release_plan))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/pick-ups/{id}")
                .route(guarded(Method::GET, reads("read_pick_up"), read_pick_up::read_pick_up))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/pick-ups/{id}/{step}")
                .route(guarded(Method::POST, writes("step_pick_up"), step_pick_up::step_pick_up))
                .default_service(none()),
        );
}
