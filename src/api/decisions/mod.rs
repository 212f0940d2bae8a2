//! `/v1/joint-decisions`: conditional cautions that are issued only if all who work with the person agree.

pub mod bring_in;
pub mod close;
pub mod list;
pub mod propose;
pub mod read;
pub mod vote;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::context::Context;
use super::router::{Operation, guarded, no_such_method};
use crate::domain::decision::Setting;
use crate::vocabulary::EntryKind;

const fn reads(id: &'static str) -> Operation {
    Operation { id, kind: EntryKind::Disclosure }
}

const fn moves(id: &'static str) -> Operation {
    Operation { id, kind: EntryKind::JointDecision }
}

/// What each request about joint decisions needs to know.
fn setting(context: &Context) -> Setting {
    Setting { journal: context.journal.clone(), calendar: context.calendar.clone() }
}

pub(super) fn routes(config: &mut ServiceConfig) {
    let none = || web::route().to(no_such_method);
    config
        .service(
            web::resource("/v1/clients/{ref}/joint-decisions")
                .route(guarded(Method::GET, reads("list_joint_decisions"), list::list_joint_decisions))
                .route(guarded(Method::POST, moves("propose_caution"), propose::propose_caution))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/joint-decisions/{id}")
                .route(guarded(Method::GET, reads("read_joint_decision"), read::read_joint_decision))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/joint-decisions/{id}/votes")
                .route(guarded(Method::POST, moves("vote_on_joint_decision"), vote::vote_on_joint_decision))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/joint-decisions/{id}/parties")
                .route(guarded(
                    Method::POST,
                    moves("bring_into_joint_decision"),
                    bring_in::bring_into_joint_decision,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/joint-decisions/{id}/{transition}")
                .route(guarded(Method::POST, moves("close_joint_decision"), close::close_joint_decision))
                .default_service(none()),
        );
}
