//! `/v1/national-returns`: the monthly national return, and the consent of its own on which each of its lines rests.

pub mod agree;
pub mod contents;
pub mod hand_in;
pub mod line;
pub mod standing;
pub mod withdraw;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

const fn reads(id: &'static str) -> Operation {
    Operation { id, kind: EntryKind::Disclosure }
}

const fn consents(id: &'static str) -> Operation {
    Operation { id, kind: EntryKind::ConsentChange }
}

pub(super) fn routes(config: &mut ServiceConfig) {
    let none = || web::route().to(no_such_method);
    config
        .service(
            web::resource("/v1/clients/{ref}/return-consents")
                .route(guarded(Method::GET, reads("list_return_consents"), standing::list_return_consents))
                .route(guarded(Method::POST, consents("agree_to_return"), agree::agree_to_return))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/clients/{ref}/return-consents/withdrawal")
                .route(guarded(
                    Method::POST,
                    consents("withdraw_return_consents"),
                    withdraw::withdraw_return_consents,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/return-consents/{id}/line")
                .route(guarded(Method::GET, reads("read_return_line"), line::read_return_line))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/national-returns")
                .route(guarded(Method::GET, reads("read_national_return"), contents::read_national_return))
                .route(guarded(
                    Method::POST,
                    reads("hand_in_national_return"),
                    hand_in::hand_in_national_return,
                ))
                .default_service(none()),
        );
}
