//! `/v1/dirs`: Drug Interventions Records, drafted, signed, read by segment, and followed by activity entries.

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

pub mod add_activity;
pub mod amend;
pub mod draft;
pub mod list;
pub mod list_activities;
pub mod read;
pub mod sign;

const fn change(id: &'static str) -> Operation {
    let kind = EntryKind::DirChange;
    Operation { id, kind }
}

const fn disclosure(id: &'static str) -> Operation {
    let kind = EntryKind::Disclosure;
    Operation { id, kind }
}

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(
            web::resource("/v1/clients/{ref}/dirs")
                .route(guarded(Method::POST, change("draft_dir"), draft::draft_dir))
                .route(guarded(Method::GET, disclosure("list_dirs"), list::list_dirs))
                .default_service(web::route().to(no_such_method)),
        )
        .service(
            web::resource("/v1/dirs/{id}")
                .route(guarded(Method::GET, disclosure("read_dir"), read::read_dir))
                .route(guarded(Method::PUT, change("amend_dir"), amend::amend_dir))
                .default_service(web::route().to(no_such_method)),
        )
        .service(
            web::resource("/v1/dirs/{id}/signature")
                .route(guarded(Method::POST, change("sign_dir"), sign::sign_dir))
                .default_service(web::route().to(no_such_method)),
        )
        .service(
            web::resource("/v1/dirs/{id}/activities")
                .route(guarded(Method::POST, change("add_activity"), add_activity::add_activity))
                .route(guarded(Method::GET, disclosure("list_activities"), list_activities::list_activities))
                .default_service(web::route().to(no_such_method)),
        );
}
