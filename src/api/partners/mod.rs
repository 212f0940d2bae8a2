//! `/v1/clients/{ref}/linked-support`: that a partner has support of their own, and that nobody works with both.

pub mod end;
pub mod link;
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
    let (reads, writes) = (EntryKind::Disclosure, EntryKind::EpisodeChange);
    config
        .service(
            web::resource("/v1/clients/{ref}/linked-support")
                .route(guarded(
                    Method::GET,
                    operation("read_linked_support", reads),
                    read::read_linked_support,
                ))
                .route(guarded(Method::POST, operation("link_partner", writes), link::link_partner))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/clients/{ref}/linked-support/ending")
                .route(guarded(Method::POST, operation("end_partner_link", writes), end::end_partner_link))
                .default_service(none()),
        );
}
