//! `/v1/cohort-tags`: which cohort of offenders somebody belongs to, as the agency that answers for it says.

pub mod end;
pub mod list;
pub mod tag;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

const fn writes(id: &'static str) -> Operation {
    Operation { id, kind: EntryKind::EpisodeChange }
}

pub(super) fn routes(config: &mut ServiceConfig) {
    let none = || web::route().to(no_such_method);
    let lists = Operation { id: "list_cohort_tags", kind: EntryKind::Disclosure };
    config
        .service(
            web::resource("/v1/clients/{ref}/cohort-tags")
                .route(guarded(Method::GET, lists, list::list_cohort_tags))
                .route(guarded(Method::POST, writes("tag_cohort"), tag::tag_cohort))
                .default_service(none()),
        )
        .service(
            web::resource("/v1/cohort-tags/{id}/ending")
                .route(guarded(Method::POST, writes("end_cohort_tag"), end::end_cohort_tag))
                .default_service(none()),
        );
}
