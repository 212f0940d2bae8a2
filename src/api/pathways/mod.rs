//! `/v1/pathway-actions`: what is done on the eight pathways out of offending, and where it does not get on.

pub mod begin;
pub mod end;
pub mod list;
pub mod report;

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
            web::resource("/v1/clients/{ref}/pathway-actions")
                .route(guarded(Method::GET, reads("list_pathway_actions"), list::list_pathway_actions))
                .route(guarded(Method::POST, writes("begin_pathway_action"), begin::begin_pathway_action))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/pathway-actions/report")
                .route(guarded(Method::GET, reads("read_pathway_report"), report::read_pathway_report))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/pathway-actions/{id}/ending")
                .route(guarded(Method::POST, writes("end_pathway_action"), end::end_pathway_action))
                .default_service(none()),
        );
}
