//! `/v1/break-glass`: what an emergency opens, and its review. There is no list of it: each is told to those who have to do with it.

pub mod end;
pub mod open;
pub mod power;
pub mod read;
pub mod record;
pub mod review;
pub mod review_read;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::context::Context;
use super::router::{Operation, guarded, no_such_method};
use crate::domain::break_glass::Setting;
use crate::vocabulary::EntryKind;

const OPEN: Operation = Operation { id: "break_glass", kind: EntryKind::BreakGlassStart };
const READ: Operation = Operation { id: "read_break_glass", kind: EntryKind::Disclosure };
const RECORD: Operation = Operation { id: "read_opened_record", kind: EntryKind::Disclosure };
const END: Operation = Operation { id: "end_break_glass", kind: EntryKind::BreakGlassEnd };
const SEE: Operation = Operation { id: "read_break_glass_review", kind: EntryKind::Disclosure };
const REVIEW: Operation = Operation { id: "review_break_glass", kind: EntryKind::BreakGlassReview };
const POWER: Operation = Operation { id: "set_break_glass_power", kind: EntryKind::DirectoryChange };

/// What each request about breaking glass needs to know.
fn setting(context: &Context) -> Setting {
    Setting {
        journal: context.journal.clone(),
        calendar: context.calendar.clone(),
        help_line: context.help_line.clone(),
    }
}

pub(super) fn routes(config: &mut ServiceConfig) {
    let none = || web::route().to(no_such_method);
    config
        .service(
            web::resource("/v1/clients/{ref}/break-glass")
                .route(guarded(Method::POST, OPEN, open::break_glass))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/break-glass/{id}")
                .route(guarded(Method::GET, READ, read::read_break_glass))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/break-glass/{id}/end")
                .route(guarded(Method::POST, END, end::end_break_glass))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/break-glass/{id}/review")
                .route(guarded(Method::GET, SEE, review_read::read_break_glass_review))
                .route(guarded(Method::POST, REVIEW, review::review_break_glass))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/opened-records/{id}")
                .route(guarded(Method::GET, RECORD, record::read_opened_record))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/break-glass-power")
                .route(guarded(Method::POST, POWER, power::set_break_glass_power))
                .default_service(none()),
        );
}
