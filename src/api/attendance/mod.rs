//! `/v1/attendance`: whether somebody came to an appointment, as one service tells another.

pub mod acknowledge;
pub mod read;
pub mod tell;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

pub(super) fn routes(config: &mut ServiceConfig) {
    let none = || web::route().to(no_such_method);
    let tells = Operation { id: "tell_attendance", kind: EntryKind::Appointment };
    let reads = Operation { id: "read_told_attendance", kind: EntryKind::Disclosure };
    let acknowledges = Operation { id: "acknowledge_attendance", kind: EntryKind::Disclosure };
    config
        .service(
            web::resource("/v1/clients/{ref}/attendance")
                .route(guarded(Method::POST, tells, tell::tell_attendance))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/attendance/{id}")
                .route(guarded(Method::GET, reads, read::read_told_attendance))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/attendance/{id}/acknowledgement")
                .route(guarded(Method::POST, acknowledges, acknowledge::acknowledge_attendance))
                .default_service(none()),
        );
}
