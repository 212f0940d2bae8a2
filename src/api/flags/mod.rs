//! `/v1/flags`: contact flags, which only the agency that set one ever sees.

pub mod end;
pub mod list;
pub mod read;
pub mod reassign;
pub mod review;
pub mod set;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::context::Context;
use super::router::{Operation, guarded, no_such_method};
use crate::domain::flag::Setting;
use crate::vocabulary::EntryKind;

const fn reads(id: &'static str) -> Operation {
    Operation { id, kind: EntryKind::Disclosure }
}

const fn writes(id: &'static str) -> Operation {
    Operation { id, kind: EntryKind::Flag }
}

fn setting(context: &Context) -> Setting {
    Setting { journal: context.journal.clone(), calendar: context.calendar.clone() }
}

pub(super) fn routes(config: &mut ServiceConfig) {
    let none = || web::route().to(no_such_method);
    config
        .service(
            web::resource("/v1/clients/{ref}/flags")
                .route(guarded(Method::GET, reads("list_flags"), list::list_flags))
                .route(guarded(Method::POST, writes("set_flag"), set::set_flag))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/flags/{id}")
                .route(guarded(Method::GET, reads("read_flag"), read::read_flag))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/flags/{id}/review")
                .route(guarded(Method::POST, writes("review_flag"), review::review_flag))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/flags/{id}/reassignment")
                .route(guarded(Method::POST, writes("reassign_flag"), reassign::reassign_flag))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/flags/{id}/ending")
                .route(guarded(Method::POST, writes("end_flag"), end::end_flag))
                .default_service(none()),
        );
}
