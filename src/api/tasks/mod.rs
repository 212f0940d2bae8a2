//! `/v1/tasks`: what awaits an agency's duty roles.

pub mod assign;
pub mod list;
pub mod read;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

const LIST: Operation = Operation { id: "list_tasks", kind: EntryKind::Disclosure };
const READ: Operation = Operation { id: "read_task", kind: EntryKind::Disclosure };
const REASSIGN: Operation = Operation { id: "reassign_task", kind: EntryKind::EpisodeChange };

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(
            web::resource("/v1/tasks")
                .route(guarded(Method::GET, LIST, list::list_tasks))
                .default_service(web::route().to(no_such_method)),
        )
        .service(
            web::resource("/v1/tasks/{id}")
                .route(guarded(Method::GET, READ, read::read_task))
                .default_service(web::route().to(no_such_method)),
        )
        .service(
            web::resource("/v1/tasks/{id}/reassignment")
                .route(guarded(Method::POST, REASSIGN, assign::reassign_task))
                .default_service(web::route().to(no_such_method)),
        );
}
