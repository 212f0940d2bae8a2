//! `/v1/referrals`: referrals of CJIT and CARAT teams, each side by its own handles.

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

pub mod card;
pub mod draft;
pub mod list;
mod print;
pub mod read;
pub mod summary;
pub mod take_step;

const fn operation(id: &'static str, kind: EntryKind) -> Operation {
    Operation { id, kind }
}

pub(super) fn routes(config: &mut ServiceConfig) {
    let draft = operation("draft_referral", EntryKind::ReferralTransition);
    let step = operation("take_referral_step", EntryKind::ReferralTransition);
    let list = operation("list_referrals", EntryKind::Disclosure);
    let read = operation("read_referral", EntryKind::Disclosure);
    let card = operation("read_referral_card", EntryKind::Disclosure);
    let summary = operation("read_referral_summary", EntryKind::Disclosure);
    config
        .service(
            web::resource("/v1/referrals")
                .route(guarded(Method::POST, draft, draft::draft_referral))
                .route(guarded(Method::GET, list, list::list_referrals))
                .default_service(web::route().to(no_such_method)),
        )
        .service(
            web::resource("/v1/referrals/{id}")
                .route(guarded(Method::GET, read, read::read_referral))
                .default_service(web::route().to(no_such_method)),
        )
        .service(
            web::resource("/v1/referrals/{id}/card")
                .route(guarded(Method::GET, card, card::read_referral_card))
                .default_service(web::route().to(no_such_method)),
        )
        .service(
            web::resource("/v1/referrals/{id}/summary")
                .route(guarded(Method::GET, summary, summary::read_referral_summary))
                .default_service(web::route().to(no_such_method)),
        )
        .service(
            web::resource("/v1/referrals/{id}/{transition}")
                .route(guarded(Method::POST, step, take_step::take_referral_step))
                .default_service(web::route().to(no_such_method)),
        );
}
