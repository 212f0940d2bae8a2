//! `/v1/delegations`: follow-ups that a specialist project holds for the team on which the duty lies.

pub mod attend;
pub mod delegate;
pub mod give_back;
pub mod list;
pub mod read;
pub mod withdraw;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

const fn reads(id: &'static str) -> Operation {
    Operation { id, kind: EntryKind::Disclosure }
}

const fn writes(id: &'static str) -> Operation {
    Operation { id, kind: EntryKind::Appointment }
}

pub(super) fn routes(config: &mut ServiceConfig) {
    let none = || web::route().to(no_such_method);
    config
        .service(
            web::resource("/v1/assessments/{id}/delegations")
                .route(guarded(Method::POST, writes("delegate_follow_up"), delegate::delegate_follow_up))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/clients/{ref}/delegations")
                .route(guarded(Method::GET, reads("list_delegations"), list::list_delegations))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/delegations/{id}")
                .route(guarded(Method::GET, reads("read_delegation"), read::read_delegation))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/delegations/{id}/attendance")
                .route(guarded(
                    Method::POST,
                    writes("tell_follow_up_attendance"),
                    attend::tell_follow_up_attendance,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/delegations/{id}/return")
                .route(guarded(Method::POST, writes("give_back_follow_up"), give_back::give_back_follow_up))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/delegations/{id}/withdrawal")
                .route(guarded(Method::POST, writes("withdraw_delegation"), withdraw::withdraw_delegation))
                .default_service(none()),
        );
}
