//! `/v1/appointment-slots`: what teams offer for assessments, for whoever books in custody.

pub mod list;
pub mod offer;
pub mod read;
pub mod withdraw;

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
            web::resource("/v1/appointment-slots")
                .route(guarded(
                    Method::GET,
                    operation("list_appointment_slots", EntryKind::Disclosure),
                    list::list_appointment_slots,
                ))
                .route(guarded(
                    Method::POST,
                    operation("offer_appointment_slot", EntryKind::Appointment),
                    offer::offer_appointment_slot,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/appointment-slots/{id}")
                .route(guarded(
                    Method::GET,
                    operation("read_appointment_slot", EntryKind::Disclosure),
                    read::read_appointment_slot,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/appointment-slots/{id}/withdrawal")
                .route(guarded(
                    Method::POST,
                    operation("withdraw_appointment_slot", EntryKind::Appointment),
                    withdraw::withdraw_appointment_slot,
                ))
                .default_service(none()),
        );
}
