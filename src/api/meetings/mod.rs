//! `/v1/meeting-pages`: the pack of a multi-agency meeting, page by page.

pub mod list;
mod print;
pub mod read;
pub mod write;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

const fn reads(id: &'static str) -> Operation {
    Operation { id, kind: EntryKind::Disclosure }
}

pub(super) fn routes(config: &mut ServiceConfig) {
    let none = || web::route().to(no_such_method);
    let writes = Operation { id: "write_meeting_page", kind: EntryKind::ReferralTransition };
    config
        .service(
            web::resource("/v1/clients/{ref}/meeting-pages")
                .route(guarded(Method::POST, writes, write::write_meeting_page))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/meeting-pages")
                .route(guarded(Method::GET, reads("list_meeting_pages"), list::list_meeting_pages))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/meeting-pages/{id}")
                .route(guarded(Method::GET, reads("read_meeting_page"), read::read_meeting_page))
                .default_service(none()),
        );
}
