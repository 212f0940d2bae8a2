//! `/v1/outreach-contacts`: contacts of outreach, with somebody who may give no name.

pub mod join;
pub mod list;
pub mod meet;
pub mod meet_again;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

const fn notes(id: &'static str) -> Operation {
    Operation { id, kind: EntryKind::ClientChange }
}

pub(super) fn routes(config: &mut ServiceConfig) {
    let none = || web::route().to(no_such_method);
    let lists = Operation { id: "list_outreach_contacts", kind: EntryKind::Disclosure };
    config
        .service(
            web::resource("/v1/outreach-contacts")
                .route(guarded(Method::POST, notes("note_unnamed_contact"), meet::note_unnamed_contact))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/clients/{ref}/outreach-contacts")
                .route(guarded(Method::GET, lists, list::list_outreach_contacts))
                .route(guarded(
                    Method::POST,
                    notes("note_outreach_contact"),
                    meet_again::note_outreach_contact,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/clients/{ref}/joining")
                .route(guarded(Method::POST, notes("join_outreach_contacts"), join::join_outreach_contacts))
                .default_service(none()),
        );
}
