//! `/v1/events`: what an agency is told has changed, as it changes.
//!
//! Server-sent events whose data are CloudEvents 1.0. Each says that a resource of the agency's own has changed, and nothing of
//! what it says: whoever is told fetches it, and policy decides again. The types are those of [`crate::vocabulary::EventType`].

mod feed;
pub mod read;
mod streams;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

pub use streams::Streams;

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

const READ: Operation = Operation { id: "read_events", kind: EntryKind::Disclosure };

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(
        web::resource("/v1/events")
            .route(guarded(Method::GET, READ, read::read_events))
            .default_service(web::route().to(no_such_method)),
    );
}
