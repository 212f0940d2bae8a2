//! `/v1/operations-days`: days on which many will need a service at once.

pub mod announce;
pub mod list;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

pub(super) fn routes(config: &mut ServiceConfig) {
    let none = || web::route().to(no_such_method);
    let lists = Operation { id: "list_operations_days", kind: EntryKind::Disclosure };
    let announces = Operation { id: "announce_operations_day", kind: EntryKind::Appointment };
    config.service(
        web::resource("/v1/operations-days")
            .route(guarded(Method::GET, lists, list::list_operations_days))
            .route(guarded(Method::POST, announces, announce::announce_operations_day))
            .default_service(none()),
    );
}
