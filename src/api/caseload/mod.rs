//! `/v1/caseload-checks` and `/v1/caseload-episodes`: who works with a person, told to nobody but in codes.

pub mod answer;
pub mod ask;
pub mod inbox;
pub mod list;
pub mod list_plans;
pub mod open;
pub mod person;
pub mod plan;
pub mod question;
pub mod read;
pub mod report;
pub mod result;
pub mod review;
pub mod step;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

const fn operation(id: &'static str, kind: EntryKind) -> Operation {
    Operation { id, kind }
}

pub(super) fn routes(config: &mut ServiceConfig) {
    let none = || web::route().to(no_such_method);
    config
        .service(
            web::resource("/v1/clients/{ref}/caseload-episodes")
                .route(guarded(
                    Method::GET,
                    operation("list_caseload_episodes", EntryKind::Disclosure),
                    list::list_caseload_episodes,
                ))
                .route(guarded(
                    Method::POST,
                    operation("open_caseload_episode", EntryKind::EpisodeChange),
                    open::open_caseload_episode,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/caseload-episodes/{id}")
                .route(guarded(
                    Method::GET,
                    operation("read_caseload_episode", EntryKind::Disclosure),
                    read::read_caseload_episode,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/caseload-episodes/{id}/care-plans")
                .route(guarded(
                    Method::GET,
                    operation("list_care_plans", EntryKind::Disclosure),
                    list_plans::list_care_plans,
                ))
                .route(guarded(
                    Method::POST,
                    operation("write_care_plan", EntryKind::Review),
                    plan::write_care_plan,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/caseload-episodes/{id}/reviews")
                .route(guarded(
                    Method::POST,
                    operation("record_review", EntryKind::Review),
                    review::record_review,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/caseload-episodes/{id}/{transition}")
                .route(guarded(
                    Method::POST,
                    operation("step_caseload_episode", EntryKind::EpisodeChange),
                    step::step_caseload_episode,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/caseload-checks")
                .route(guarded(
                    Method::GET,
                    operation("list_caseload_questions", EntryKind::Disclosure),
                    inbox::list_caseload_questions,
                ))
                .route(guarded(
                    Method::POST,
                    operation("ask_caseload_check", EntryKind::CaseloadCheck),
                    ask::ask_caseload_check,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/caseload-checks/report")
                .route(guarded(
                    Method::GET,
                    operation("read_caseload_check_report", EntryKind::Disclosure),
                    report::read_caseload_check_report,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/caseload-checks/{id}")
                .route(guarded(
                    Method::GET,
                    operation("read_caseload_check", EntryKind::CaseloadCheck),
                    result::read_caseload_check,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/caseload-checks/{id}/person")
                .route(guarded(
                    Method::GET,
                    operation("read_caseload_asked_about", EntryKind::CaseloadCheck),
                    person::read_caseload_asked_about,
                ))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/caseload-checks/{id}/answer")
                .route(guarded(
                    Method::GET,
                    operation("read_caseload_question", EntryKind::CaseloadCheck),
                    question::read_caseload_question,
                ))
                .route(guarded(
                    Method::POST,
                    operation("answer_caseload_check", EntryKind::CaseloadCheck),
                    answer::answer_caseload_check,
                ))
                .default_service(none()),
        );
}
