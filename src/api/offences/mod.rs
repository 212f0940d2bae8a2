//! `/v1/clients/{ref}/offence-counts`: numbers of the police's national computer, to be counted and read by nobody.

pub mod tell;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

pub(super) fn routes(config: &mut ServiceConfig) {
    let tells = Operation { id: "count_offences", kind: EntryKind::ClientChange };
    config.service(
        web::resource("/v1/clients/{ref}/offence-counts")
            .route(guarded(Method::POST, tells, tell::count_offences))
            .default_service(web::route().to(no_such_method)),
    );
}
