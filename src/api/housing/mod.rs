//! `/v1/housing-referrals` and `/v1/eviction-holds`: what landlords and councils are told, each by the person's consent.

pub mod agree_plan;
pub mod assess_jointly;
pub mod attest;
pub mod end_hold;
pub mod hold_back;
pub mod read;
pub mod read_hold;
pub mod read_joint;
pub mod refer;
pub mod step;
pub mod write_part;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::context::Context;
use super::router::{Operation, guarded, no_such_method};
use crate::domain::housing::Setting;
use crate::vocabulary::EntryKind;

const fn reads(id: &'static str) -> Operation {
    Operation { id, kind: EntryKind::Disclosure }
}

const fn refers(id: &'static str) -> Operation {
    Operation { id, kind: EntryKind::ReferralTransition }
}

const fn holds(id: &'static str) -> Operation {
    Operation { id, kind: EntryKind::Appointment }
}

/// What each request about housing needs to know.
fn setting(context: &Context) -> Setting {
    Setting { journal: context.journal.clone(), calendar: context.calendar.clone() }
}

pub(super) fn routes(config: &mut ServiceConfig) {
    let none = || web::route().to(no_such_method);
    config
        .service(
            web::resource("/v1/clients/{ref}/housing-referrals")
                .route(guarded(Method::POST, refers("refer_to_housing"), refer::refer_to_housing))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/housing-referrals/{id}")
                .route(guarded(Method::GET, reads("read_housing_referral"), read::read_housing_referral))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/housing-referrals/{id}/{transition}")
                .route(guarded(Method::POST, refers("step_housing_referral"), step::step_housing_referral))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/clients/{ref}/joint-assessments")
                .route(guarded(Method::POST, refers("assess_jointly"), assess_jointly::assess_jointly))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/joint-assessments/{id}")
                .route(guarded(
                    Method::GET,
                    reads("read_joint_assessment"),
                    read_joint::read_joint_assessment,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/joint-assessments/{id}/part")
                .route(guarded(
                    Method::POST,
                    refers("write_assessment_part"),
                    write_part::write_assessment_part,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/joint-assessments/{id}/plan")
                .route(guarded(Method::POST, refers("agree_joint_plan"), agree_plan::agree_joint_plan))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/clients/{ref}/eviction-holds")
                .route(guarded(Method::POST, holds("hold_back_eviction"), hold_back::hold_back_eviction))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/eviction-holds/{id}")
                .route(guarded(Method::GET, reads("read_eviction_hold"), read_hold::read_eviction_hold))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/eviction-holds/{id}/attestations")
                .route(guarded(Method::POST, holds("attest_attendance"), attest::attest_attendance))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/eviction-holds/{id}/ending")
                .route(guarded(Method::POST, holds("end_eviction_hold"), end_hold::end_eviction_hold))
                .default_service(none()),
        );
}
