//! `/v1/hospital-notices`: a hospital and whoever holds the person, through a relay that is the same for everybody.

pub mod answer;
pub mod read;
pub mod tell;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::context::Context;
use super::router::{Operation, guarded, no_such_method};
use crate::domain::hospital::Setting;
use crate::vocabulary::EntryKind;

pub(super) fn routes(config: &mut ServiceConfig) {
    let none = || web::route().to(no_such_method);
    let operation = |id| Operation { id, kind: EntryKind::ScriptChange };
    config
        .service(
            web::resource("/v1/clients/{ref}/hospital-notices")
                .route(guarded(Method::POST, operation("tell_holders"), tell::tell_holders))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/hospital-notices/{id}")
                .route(guarded(Method::GET, operation("read_hospital_notice"), read::read_hospital_notice))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/hospital-notices/{id}/answer")
                .route(guarded(
                    Method::POST,
                    operation("answer_hospital_notice"),
                    answer::answer_hospital_notice,
                ))
                .default_service(none()),
        );
}

fn setting(context: &Context) -> Setting {
    Setting {
        journal: context.journal.clone(),
        calendar: context.calendar.clone(),
        help_line: context.help_line.clone(),
    }
}
