//! `/v1/matches`: the matching desk, where the operator decides whether two persons are one.

pub mod decide;
pub mod list;
pub mod read;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

const fn operation(id: &'static str, kind: EntryKind) -> Operation {
    Operation { id, kind }
}

pub(super) fn routes(config: &mut ServiceConfig) {
    let none = || web::route().to(no_such_method);
    config
        .service(
            web::resource("/v1/matches")
                .route(guarded(
                    Method::GET,
                    operation("list_matches", EntryKind::Disclosure),
                    list::list_matches,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/matches/{id}")
                .route(guarded(Method::GET, operation("read_match", EntryKind::Disclosure), read::read_match))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/matches/{id}/decision")
                .route(guarded(
                    Method::POST,
                    operation("decide_match", EntryKind::ClientChange),
                    decide::decide_match,
                ))
                .default_service(none()),
        );
}
