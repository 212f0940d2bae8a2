//! `/v1/inbound-referrals`: whom police send in, one way.

pub mod answer;
pub mod read;
pub mod send;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

const fn moves(id: &'static str) -> Operation {
    Operation { id, kind: EntryKind::ReferralTransition }
}

pub(super) fn routes(config: &mut ServiceConfig) {
    let none = || web::route().to(no_such_method);
    let reads = Operation { id: "read_inbound_referral", kind: EntryKind::Disclosure };
    config
        .service(
            web::resource("/v1/clients/{ref}/inbound-referrals")
                .route(guarded(Method::POST, moves("send_in"), send::send_in))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/inbound-referrals/{id}")
                .route(guarded(Method::GET, reads, read::read_inbound_referral))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/inbound-referrals/{id}/answer")
                .route(guarded(
                    Method::POST,
                    moves("answer_inbound_referral"),
                    answer::answer_inbound_referral,
                ))
                .default_service(none()),
        );
}
