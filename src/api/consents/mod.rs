//! `/v1/clients/{ref}/consents` and `/v1/consents`: what people agreed to, and how they take it back.

pub mod end;
pub mod list;
pub mod preview;
mod print;
pub mod read;
pub mod record;
pub mod withdraw;
pub mod withdraw_all;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::request::Request;
use super::router::{Operation, guarded, no_such_method};
use crate::domain::consent::effects::Clocks;
use crate::vocabulary::EntryKind;

const RECORD: Operation = Operation { id: "record_consent", kind: EntryKind::ConsentChange };
const LIST: Operation = Operation { id: "list_consents", kind: EntryKind::Disclosure };
const READ: Operation = Operation { id: "read_consent", kind: EntryKind::Disclosure };
const PREVIEW: Operation = Operation { id: "preview_consent", kind: EntryKind::Disclosure };
const END: Operation = Operation { id: "end_consent", kind: EntryKind::ConsentChange };
const WITHDRAW: Operation = Operation { id: "withdraw_consent", kind: EntryKind::ConsentChange };
const WITHDRAW_ALL: Operation = Operation { id: "withdraw_all_consents", kind: EntryKind::ConsentChange };

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(
            web::resource("/v1/clients/{ref}/consents")
                .route(guarded(Method::GET, LIST, list::list_consents))
                .route(guarded(Method::POST, RECORD, record::record_consent))
                .default_service(web::route().to(no_such_method)),
        )
        .service(
            web::resource("/v1/clients/{ref}/withdrawal")
                .route(guarded(Method::POST, WITHDRAW_ALL, withdraw_all::withdraw_all_consents))
                .default_service(web::route().to(no_such_method)),
        )
        .service(
            web::resource("/v1/consents/{id}")
                .route(guarded(Method::GET, READ, read::read_consent))
                .default_service(web::route().to(no_such_method)),
        )
        .service(
            web::resource("/v1/consents/{id}/ending")
                .route(guarded(Method::POST, END, end::end_consent))
                .default_service(web::route().to(no_such_method)),
        )
        .service(
            web::resource("/v1/consents/{id}/preview")
                .route(guarded(Method::GET, PREVIEW, preview::preview_consent))
                .default_service(web::route().to(no_such_method)),
        )
        .service(
            web::resource("/v1/consents/{id}/withdrawal")
                .route(guarded(Method::POST, WITHDRAW, withdraw::withdraw_consent))
                .default_service(web::route().to(no_such_method)),
        );
}

/// The clocks by which referrals are cancelled.
fn clocks(request: &Request) -> Clocks {
    Clocks { calendar: request.context().calendar.clone(), deadlines: request.context().deadlines.clone() }
}
