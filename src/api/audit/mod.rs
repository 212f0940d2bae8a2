//! `/v1/audit`: the log, for auditors. Each look is an entry of the log itself.

pub mod checkpoint;
pub mod entries;
pub mod open;
pub mod receipt;
pub mod recovered;
pub mod tile;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

const fn operation(id: &'static str) -> Operation {
    Operation { id, kind: EntryKind::LogAccess }
}

pub(super) fn routes(config: &mut ServiceConfig) {
    let none = || web::route().to(no_such_method);
    config
        .service(
            web::resource("/v1/audit/entries")
                .route(guarded(Method::GET, operation("list_audit_entries"), entries::list_audit_entries))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/audit/entries/{id}")
                .route(guarded(Method::GET, operation("open_audit_entry"), open::open_audit_entry))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/audit/receipts/{id}")
                .route(guarded(Method::GET, operation("read_audit_receipt"), receipt::read_audit_receipt))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/audit/tile/{path:.*}")
                .route(guarded(Method::GET, operation("read_audit_tile"), tile::read_audit_tile))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/audit/checkpoint")
                .route(guarded(
                    Method::GET,
                    operation("read_audit_checkpoint"),
                    checkpoint::read_audit_checkpoint,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/audit/recovered")
                .route(guarded(
                    Method::GET,
                    operation("read_audit_recovered"),
                    recovered::read_audit_recovered,
                ))
                .default_service(none()),
        );
}
