//! `/v1/assessments`: who must come to an assessment or agreed to, what notice was served, and whether they came.

pub mod agree;
pub mod attendance;
pub mod book;
pub mod cancel;
pub mod end;
pub mod list;
pub mod open;
mod print;
pub mod read;
pub mod read_notice;
pub mod record_attendance;
pub mod release;
pub mod serve;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::context::Context;
use super::router::{Operation, guarded, no_such_method};
use crate::domain::assessment::Setting;
use crate::vocabulary::EntryKind;

const fn operation(id: &'static str, kind: EntryKind) -> Operation {
    Operation { id, kind }
}

/// What each request about assessments needs to know.
pub(super) fn setting(context: &Context) -> Setting {
    Setting { journal: context.journal.clone(), calendar: context.calendar.clone() }
}

pub(super) fn routes(config: &mut ServiceConfig) {
    let none = || web::route().to(no_such_method);
    config
        .service(
            web::resource("/v1/clients/{ref}/assessments")
                .route(guarded(
                    Method::GET,
                    operation("list_assessments", EntryKind::Disclosure),
                    list::list_assessments,
                ))
                .route(guarded(
                    Method::POST,
                    operation("open_assessment", EntryKind::Appointment),
                    open::open_assessment,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/assessments/{id}")
                .route(guarded(
                    Method::GET,
                    operation("read_assessment", EntryKind::Disclosure),
                    read::read_assessment,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/assessments/{id}/agreement")
                .route(guarded(
                    Method::POST,
                    operation("record_agreement", EntryKind::Appointment),
                    agree::record_agreement,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/assessments/{id}/appointments")
                .route(guarded(
                    Method::POST,
                    operation("book_appointment", EntryKind::Appointment),
                    book::book_appointment,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/assessments/{id}/cancellations")
                .route(guarded(
                    Method::POST,
                    operation("cancel_appointment", EntryKind::Appointment),
                    cancel::cancel_appointment,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/assessments/{id}/outcomes")
                .route(guarded(
                    Method::POST,
                    operation("record_attendance", EntryKind::Appointment),
                    record_attendance::record_attendance,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/assessments/{id}/notices")
                .route(guarded(
                    Method::POST,
                    operation("serve_notice", EntryKind::Notice),
                    serve::serve_notice,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/assessments/{id}/notices/{notice}")
                .route(guarded(
                    Method::GET,
                    operation("read_notice", EntryKind::Disclosure),
                    read_notice::read_notice,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/assessments/{id}/release")
                .route(guarded(
                    Method::POST,
                    operation("record_release", EntryKind::Appointment),
                    release::record_release,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/assessments/{id}/ending")
                .route(guarded(
                    Method::POST,
                    operation("end_assessment", EntryKind::Appointment),
                    end::end_assessment,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/assessments/{id}/attendance")
                .route(guarded(
                    Method::GET,
                    operation("read_attendance", EntryKind::Disclosure),
                    attendance::read_attendance,
                ))
                .default_service(none()),
        );
}
