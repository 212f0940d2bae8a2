//! The REST interface: thin handlers that parse, ask a domain service, and send what the journal released.

pub mod account;
pub mod agencies;
pub mod assessments;
pub mod attendance;
pub mod audit;
pub mod breaches;
pub mod break_glass;
pub mod caseload;
pub mod clients;
pub mod cohorts;
pub mod consents;
pub mod context;
pub mod court;
pub mod crisis;
pub mod cursor;
pub mod decisions;
pub mod deferrals;
pub mod delegations;
pub mod dirs;
pub mod erasure;
pub mod events;
pub mod flags;
pub mod hospital;
pub mod housing;
pub mod inbound;
pub mod labels;
pub mod matches;
pub mod meetings;
mod methods;
pub mod national;
pub mod offences;
pub mod openapi;
pub mod operations;
pub mod outreach;
pub mod page;
pub mod partners;
pub mod pathways;
pub mod policy;
pub mod rates;
pub mod referrals;
pub mod releases;
pub mod reply;
pub mod request;
pub mod results;
pub mod router;
pub mod safeguarding;
pub mod scorecard;
pub mod scripts;
pub mod slots;
pub mod streamed;
pub mod subject_access;
pub mod summary;
pub mod tasks;
mod trace;
pub mod visits;

use actix_web::web::{self, Data, ServiceConfig};

use context::Context;

/// All routes of the TLS port.
pub fn routes(context: Data<Context>) -> impl Fn(&mut ServiceConfig) + Clone + Send + 'static {
    move |config| {
        config
            .app_data(context.clone())
            .configure(account::routes)
            .configure(agencies::routes)
            .configure(clients::routes)
            .configure(caseload::routes)
            .configure(audit::routes)
            .configure(assessments::routes)
            .configure(breaches::routes)
            .configure(break_glass::routes)
            .configure(slots::routes)
            .configure(consents::routes)
            .configure(dirs::routes)
            .configure(referrals::routes)
            .configure(releases::routes)
            .configure(scripts::routes)
            .configure(erasure::routes)
            .configure(subject_access::routes)
            .configure(decisions::routes)
            .configure(deferrals::routes)
            .configure(delegations::routes)
            .configure(matches::routes)
            .configure(tasks::routes)
            .configure(events::routes)
            .configure(flags::routes)
            .configure(partners::routes)
            .configure(policy::routes)
            .configure(housing::routes)
            .configure(results::routes)
            .configure(attendance::routes)
            .configure(safeguarding::routes)
            .configure(outreach::routes)
            .configure(pathways::routes)
            .configure(cohorts::routes)
            .configure(meetings::routes)
            .configure(inbound::routes)
            .configure(operations::routes)
            .configure(scorecard::routes)
            .configure(national::routes)
            .configure(offences::routes)
            .configure(court::routes)
            .configure(visits::routes)
            .configure(crisis::routes)
            .configure(hospital::routes)
            .configure(labels::routes)
            .configure(openapi::routes)
            .default_service(web::route().to(router::no_such_route));
    }
}
