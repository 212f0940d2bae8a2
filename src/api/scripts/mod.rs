//! `/v1/scripts` and `/v1/conflicts`: what is prescribed, and what happens where two prescribe for one person.

pub mod list;
pub mod list_conflicts;
pub mod open;
pub mod read;
pub mod read_conflict;
pub mod step;
pub mod step_conflict;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::context::Context;
use super::router::{Operation, guarded, no_such_method};
use crate::domain::prescribing::Setting;
use crate::vocabulary::EntryKind;

const fn operation(id: &'static str, kind: EntryKind) -> Operation {
    Operation { id, kind }
}

/// What each request about scripts needs to know.
fn setting(context: &Context) -> Setting {
    Setting {
        journal: context.journal.clone(),
        calendar: context.calendar.clone(),
        help_line: context.help_line.clone(),
        looks: context.look_budget,
    }
}

pub(super) fn routes(config: &mut ServiceConfig) {
    let none = || web::route().to(no_such_method);
    config
        .service(
            web::resource("/v1/clients/{ref}/scripts")
                .route(guarded(
                    Method::GET,
                    operation("list_scripts", EntryKind::Disclosure),
                    list::list_scripts,
                ))
                .route(guarded(
                    Method::POST,
                    operation("open_script", EntryKind::ScriptChange),
                    open::open_script,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/scripts/{id}")
                .route(guarded(
                    Method::GET,
                    operation("read_script", EntryKind::Disclosure),
                    read::read_script,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/scripts/{id}/{transition}")
                .route(guarded(
                    Method::POST,
                    operation("step_script", EntryKind::ScriptChange),
                    step::step_script,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/conflicts")
                .route(guarded(
                    Method::GET,
                    operation("list_conflicts", EntryKind::ScriptChange),
                    list_conflicts::list_conflicts,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/conflicts/{id}")
                .route(guarded(
                    Method::GET,
                    operation("read_conflict", EntryKind::ScriptChange),
                    read_conflict::read_conflict,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/conflicts/{id}/{transition}")
                .route(guarded(
                    Method::POST,
                    operation("step_conflict", EntryKind::ScriptChange),
                    step_conflict::step_conflict,
                ))
                .default_service(none()),
        );
}
