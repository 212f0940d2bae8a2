//! The description of the interface: generated from the handlers, served, and committed as `openapi.yaml`.

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use utoipa::{Modify, OpenApi, openapi};

use super::reply::Public;
use super::request::Request;
use super::router::{Operation, guarded, no_such_method};
use crate::vocabulary::EntryKind;

/// The interface.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "throughgate",
        description = "A mutually-authenticated gateway through which agencies share drug interventions records under \
            consent. Every request needs a client certificate (TLS 1.3) and, with an agency's certificate, an access token \
            bound to it (RFC 8705). Every answer that carries a person's data has its proof in `Audit-Receipt`, and in \
            `Obligations` what its recipient must keep along with it: `NORDSCLCD` (no redisclosure without consent), `NOPERSIST` \
            (no keeping beyond the purpose), `DELAU` (delete after use), and what the gateway itself keeps (`AOD`, `MINEC`, \
            `HUAPRV`, `NOTIFY-PRIVACY-OFFICER`, `REVIEW-1WD`). Problems \
            are `application/problem+json` (RFC 9457); every 404 and 503 carries the operator's help line. `RateLimit` says \
            what a worker or an agency may still ask this minute. `X-Request-ID` and `X-Correlation-ID` come back as they \
            were sent (UUIDs), and a `traceparent` (W3C) is carried on.",
        license(name = "MIT", identifier = "MIT"),
    ),
    paths(
        super::account::read::read_disclosures,
        super::agencies::list::list_agencies,
        super::agencies::read::read_agency,
        super::agencies::family::read_family_information,
        super::agencies::verify::verify_agency_contact,
        super::clients::present::present_client,
        super::clients::read::read_client,
        super::clients::update::update_client,
        super::caseload::list::list_caseload_episodes,
        super::caseload::open::open_caseload_episode,
        super::caseload::read::read_caseload_episode,
        super::caseload::step::step_caseload_episode,
        super::caseload::list_plans::list_care_plans,
        super::caseload::plan::write_care_plan,
        super::caseload::review::record_review,
        super::caseload::ask::ask_caseload_check,
        super::caseload::inbox::list_caseload_questions,
        super::caseload::result::read_caseload_check,
        super::caseload::report::read_caseload_check_report,
        super::caseload::person::read_caseload_asked_about,
        super::caseload::question::read_caseload_question,
        super::caseload::answer::answer_caseload_check,
        super::assessments::list::list_assessments,
        super::assessments::open::open_assessment,
        super::assessments::read::read_assessment,
        super::assessments::agree::record_agreement,
        super::assessments::book::book_appointment,
        super::assessments::cancel::cancel_appointment,
        super::assessments::record_attendance::record_attendance,
        super::assessments::serve::serve_notice,
        super::assessments::read_notice::read_notice,
        super::assessments::release::record_release,
        super::assessments::end::end_assessment,
        super::assessments::attendance::read_attendance,
        super::delegations::delegate::delegate_follow_up,
        super::delegations::list::list_delegations,
        super::delegations::read::read_delegation,
        super::delegations::attend::tell_follow_up_attendance,
        super::delegations::give_back::give_back_follow_up,
        super::delegations::withdraw::withdraw_delegation,
        super::breaches::open::open_breach,
        super::breaches::list::list_breaches,
        super::breaches::read::read_breach,
        super::breaches::export::export_breach_task,
        super::breaches::step::step_breach,
        super::slots::list::list_appointment_slots,
        super::slots::offer::offer_appointment_slot,
        super::slots::read::read_appointment_slot,
        super::slots::withdraw::withdraw_appointment_slot,
        super::matches::list::list_matches,
        super::matches::read::read_match,
        super::matches::decide::decide_match,
        super::audit::entries::list_audit_entries,
        super::audit::open::open_audit_entry,
        super::audit::receipt::read_audit_receipt,
        super::audit::checkpoint::read_audit_checkpoint,
        super::audit::tile::read_audit_tile,
        super::audit::recovered::read_audit_recovered,
        super::consents::list::list_consents,
        super::consents::preview::preview_consent,
        super::consents::read::read_consent,
        super::consents::record::record_consent,
        super::consents::end::end_consent,
        super::consents::withdraw::withdraw_consent,
        super::consents::withdraw_all::withdraw_all_consents,
        super::dirs::draft::draft_dir,
        super::dirs::list::list_dirs,
        super::dirs::read::read_dir,
        super::dirs::amend::amend_dir,
        super::dirs::sign::sign_dir,
        super::dirs::add_activity::add_activity,
        super::dirs::list_activities::list_activities,
        super::referrals::card::read_referral_card,
        super::referrals::draft::draft_referral,
        super::referrals::list::list_referrals,
        super::referrals::read::read_referral,
        super::referrals::summary::read_referral_summary,
        super::referrals::take_step::take_referral_step,
        super::releases::list::list_release_plans,
        super::releases::plan::plan_release,
        super::releases::read::read_release_plan,
        super::releases::revise::revise_release_plan,
        super::releases::step::step_release_plan,
        super::releases::letter::read_release_letter,
        super::releases::ask_pick_up::ask_pick_up,
        super::releases::read_pick_up::read_pick_up,
        super::releases::step_pick_up::step_pick_up,
        super::scripts::list::list_scripts,
        super::scripts::open::open_script,
        super::scripts::read::read_script,
        super::scripts::step::step_script,
        super::scripts::list_conflicts::list_conflicts,
        super::scripts::read_conflict::read_conflict,
        super::scripts::step_conflict::step_conflict,
        super::erasure::erase::erase_client,
        super::erasure::list_holds::list_holds,
        super::erasure::place_hold::place_hold,
        super::erasure::lift_hold::lift_hold,
        super::subject_access::receive::receive_subject_access,
        super::subject_access::list::list_subject_access,
        super::subject_access::read::read_subject_access,
        super::subject_access::take_step::take_subject_access_step,
        super::subject_access::account::read_subject_access_account,
        super::deferrals::propose::propose_deferral,
        super::deferrals::list::list_deferrals,
        super::deferrals::approve::approve_deferral,
        super::deferrals::lift::lift_deferral,
        super::tasks::list::list_tasks,
        super::tasks::read::read_task,
        super::tasks::assign::reassign_task,
        super::events::read::read_events,
        super::decisions::list::list_joint_decisions,
        super::decisions::propose::propose_caution,
        super::decisions::read::read_joint_decision,
        super::decisions::vote::vote_on_joint_decision,
        super::decisions::bring_in::bring_into_joint_decision,
        super::decisions::close::close_joint_decision,
        super::partners::read::read_linked_support,
        super::partners::link::link_partner,
        super::partners::end::end_partner_link,
        super::attendance::tell::tell_attendance,
        super::attendance::read::read_told_attendance,
        super::attendance::acknowledge::acknowledge_attendance,
        super::results::send::send_test_result,
        super::results::read::read_test_result,
        super::results::acknowledge::acknowledge_test_result,
        super::safeguarding::raise::raise_concern,
        super::safeguarding::read::read_concern,
        super::safeguarding::receive::receive_concern,
        super::safeguarding::review::review_concern,
        super::policy::explain::explain_policy,
        super::break_glass::open::break_glass,
        super::break_glass::read::read_break_glass,
        super::break_glass::record::read_opened_record,
        super::break_glass::end::end_break_glass,
        super::break_glass::review_read::read_break_glass_review,
        super::break_glass::review::review_break_glass,
        super::break_glass::power::set_break_glass_power,
        super::housing::refer::refer_to_housing,
        super::housing::read::read_housing_referral,
        super::housing::step::step_housing_referral,
        super::housing::assess_jointly::assess_jointly,
        super::housing::read_joint::read_joint_assessment,
        super::housing::write_part::write_assessment_part,
        super::housing::agree_plan::agree_joint_plan,
        super::housing::hold_back::hold_back_eviction,
        super::housing::read_hold::read_eviction_hold,
        super::housing::attest::attest_attendance,
        super::housing::end_hold::end_eviction_hold,
        super::flags::set::set_flag,
        super::flags::list::list_flags,
        super::flags::read::read_flag,
        super::flags::review::review_flag,
        super::flags::end::end_flag,
        super::flags::reassign::reassign_flag,
        super::labels::read::read_labels,
        super::outreach::meet::note_unnamed_contact,
        super::outreach::meet_again::note_outreach_contact,
        super::outreach::list::list_outreach_contacts,
        super::outreach::join::join_outreach_contacts,
        super::pathways::begin::begin_pathway_action,
        super::pathways::list::list_pathway_actions,
        super::pathways::end::end_pathway_action,
        super::pathways::report::read_pathway_report,
        super::cohorts::tag::tag_cohort,
        super::cohorts::list::list_cohort_tags,
        super::cohorts::end::end_cohort_tag,
        super::meetings::write::write_meeting_page,
        super::meetings::list::list_meeting_pages,
        super::meetings::read::read_meeting_page,
        super::inbound::send::send_in,
        super::inbound::read::read_inbound_referral,
        super::inbound::answer::answer_inbound_referral,
        super::hospital::tell::tell_holders,
        super::hospital::read::read_hospital_notice,
        super::hospital::answer::answer_hospital_notice,
        super::visits::propose::propose_joint_visit,
        super::visits::read::read_joint_visit,
        super::visits::answer::answer_joint_visit,
        super::visits::call_off::call_off_joint_visit,
        super::crisis::look_up::look_up_in_crisis,
        super::crisis::report::read_crisis_report,
        super::court::tell::tell_destination,
        super::court::read::read_destination,
        super::court::acknowledge::acknowledge_destination,
        super::operations::announce::announce_operations_day,
        super::operations::list::list_operations_days,
        super::scorecard::read::read_scorecard,
        super::scorecard::submit::submit_scorecard,
        super::scorecard::area::read_area_scorecard,
        super::scorecard::reconcile::reconcile_figures,
        super::offences::tell::count_offences,
        super::national::agree::agree_to_return,
        super::national::standing::list_return_consents,
        super::national::withdraw::withdraw_return_consents,
        super::national::contents::read_national_return,
        super::national::line::read_return_line,
        super::national::hand_in::hand_in_national_return,
    ),
    modifiers(&Everywhere),
    components(schemas(
        crate::problem::FieldProblem,
        // What is only named in a parameter.
        crate::domain::referral::ReferralBox,
        crate::domain::referral::transition::Transition,
        crate::domain::subject_access::SubjectAccessStep,
        crate::domain::task::TasksView,
    ))
)]
struct Description;

/// What every operation may answer, said once.
struct Everywhere;

impl Modify for Everywhere {
    fn modify(&self, description: &mut openapi::OpenApi) {
        for path in description.paths.paths.values_mut() {
            let operations =
                [&mut path.get, &mut path.put, &mut path.post, &mut path.patch, &mut path.delete];
            for operation in operations.into_iter().flatten() {
                let too_many =
                    openapi::Response::new("too-many-requests; Retry-After says when to come again");
                operation.responses.responses.insert("429".to_owned(), too_many.into());
            }
        }
    }
}

/// The description of the interface.
pub fn description() -> openapi::OpenApi {
    Description::openapi()
}

/// The same as YAML, as it is committed.
///
/// # Errors
/// Never in practice: the description is built from types.
pub fn yaml() -> Result<String, String> {
    description().to_yaml().map_err(|error| error.to_string())
}

const READ: Operation = Operation { id: "read_openapi", kind: EntryKind::System };

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(
        web::resource("/openapi.yaml")
            .route(guarded(Method::GET, READ, read_openapi))
            .default_service(web::route().to(no_such_method)),
    );
}

/// The description of the interface. About nobody, so it has no entry.
async fn read_openapi(_request: Request) -> Public<String> {
    Public::text(yaml().unwrap_or_default(), "application/yaml")
}
