//! `/v1/destinations`: where somebody goes from court, as a court worker tells it the same day.

pub mod acknowledge;
pub mod read;
pub mod tell;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

pub(super) fn routes(config: &mut ServiceConfig) {
    let none = || web::route().to(no_such_method);
    let tells = Operation { id: "tell_destination", kind: EntryKind::ReferralTransition };
    let reads = Operation { id: "read_destination", kind: EntryKind::Disclosure };
    let acknowledges = Operation { id: "acknowledge_destination", kind: EntryKind::Disclosure };
    config
        .service(
            web::resource("/v1/clients/{ref}/destinations")
                .route(guarded(Method::POST, tells, tell::tell_destination))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/destinations/{id}")
                .route(guarded(Method::GET, reads, read::read_destination))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/destinations/{id}/acknowledgement")
                .route(guarded(Method::POST, acknowledges, acknowledge::acknowledge_destination))
                .default_service(none()),
        );
}
