//! `/v1/crisis-look-ups`: what the staff of a 24-hour line may know of somebody in a crisis.

pub mod look_up;
pub mod report;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

pub(super) fn routes(config: &mut ServiceConfig) {
    let none = || web::route().to(no_such_method);
    let looks = Operation { id: "look_up_in_crisis", kind: EntryKind::CaseloadCheck };
    let reads = Operation { id: "read_crisis_report", kind: EntryKind::Disclosure };
    config
        .service(
            web::resource("/v1/clients/{ref}/crisis-look-ups")
                .route(guarded(Method::POST, looks, look_up::look_up_in_crisis))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/crisis-look-ups/report")
                .route(guarded(Method::GET, reads, report::read_crisis_report))
                .default_service(none()),
        );
}
