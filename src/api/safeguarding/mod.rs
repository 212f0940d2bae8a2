//! `/v1/concerns`: concerns for somebody's safety, told to children's services without consent. There is no list of them.

pub mod raise;
pub mod read;
pub mod receive;
pub mod review;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::context::Context;
use super::router::{Operation, guarded, no_such_method};
use crate::domain::safeguarding::Setting;
use crate::vocabulary::EntryKind;

const RAISE: Operation = Operation { id: "raise_concern", kind: EntryKind::ReferralTransition };
const READ: Operation = Operation { id: "read_concern", kind: EntryKind::Disclosure };
const RECEIVE: Operation = Operation { id: "receive_concern", kind: EntryKind::ReferralTransition };
const REVIEW: Operation = Operation { id: "review_concern", kind: EntryKind::Review };

/// What each request about concerns needs to know.
fn setting(context: &Context) -> Setting {
    Setting { journal: context.journal.clone(), calendar: context.calendar.clone() }
}

pub(super) fn routes(config: &mut ServiceConfig) {
    let none = || web::route().to(no_such_method);
    config
        .service(
            web::resource("/v1/clients/{ref}/concerns")
                .route(guarded(Method::POST, RAISE, raise::raise_concern))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/concerns/{id}")
                .route(guarded(Method::GET, READ, read::read_concern))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/concerns/{id}/receipt")
                .route(guarded(Method::POST, RECEIVE, receive::receive_concern))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/concerns/{id}/review")
                .route(guarded(Method::POST, REVIEW, review::review_concern))
                .default_service(none()),
        );
}
