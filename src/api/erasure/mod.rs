//! Erasing a person at one agency, and the legal holds that stop it.

pub mod erase;
pub mod lift_hold;
pub mod list_holds;
pub mod place_hold;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

const ERASE: Operation = Operation { id: "erase_client", kind: EntryKind::Erased };
const LIFT: Operation = Operation { id: "lift_hold", kind: EntryKind::ClientChange };
const LIST: Operation = Operation { id: "list_holds", kind: EntryKind::Disclosure };
const PLACE: Operation = Operation { id: "place_hold", kind: EntryKind::ClientChange };

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(
            web::resource("/v1/clients/{ref}/erasure")
                .route(guarded(Method::POST, ERASE, erase::erase_client))
                .default_service(web::route().to(no_such_method)),
        )
        .service(
            web::resource("/v1/clients/{ref}/holds")
                .route(guarded(Method::GET, LIST, list_holds::list_holds))
                .route(guarded(Method::POST, PLACE, place_hold::place_hold))
                .default_service(web::route().to(no_such_method)),
        )
        .service(
            web::resource("/v1/holds/{id}/lifting")
                .route(guarded(Method::POST, LIFT, lift_hold::lift_hold))
                .default_service(web::route().to(no_such_method)),
        );
}
