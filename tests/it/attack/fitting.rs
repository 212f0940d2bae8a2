//! What a write takes where its example fits nothing that is settled here: another day, another agency, what goes with another step.

use serde_json::{Value, json};
use throughgate::id::Handle;

use crate::api::custody::{initial, minute, ra1};
use crate::api::housing::six_items;
use crate::api::meetings::day;
use crate::api::release::document;
use crate::api::visits::visit;
use crate::api::{court, release_plan};
use crate::support::World;

/// Who does something, and to whom.
pub struct Doing<'w> {
    pub world: &'w World,
    pub worker: &'static str,
    /// The agency's own reference for the person.
    pub about: Handle,
    /// Somebody else of the agency's clients.
    pub other: Option<Handle>,
}

/// What goes with a step of an operation, where that is not its example.
pub fn fitting(id: &str, step: &str, doing: &Doing<'_>) -> Option<Value> {
    let Doing { world, worker, about, other } = doing;
    let now = || world.journal.now().to_string();
    let names_client = |mut body: Value| {
        body["client_ref"] = json!(about);
        body
    };
    let fits = match (id, step) {
        ("ask_caseload_check", _) => names_client(json!({"reason": "new-case"})),
        ("draft_referral", _) => names_client(
            json!({"recipient": "lantern", "route": "cjit-to-project", "urgency": "routine", "need": "support"}),
        ),
        ("join_outreach_contacts", _) => {
            json!({"to": other, "agreed": "in-person", "agreed_on": day(world, 0)})
        }
        ("link_partner", _) => json!({"partner_ref": other}),
        ("propose_deferral", _) => json!({"ground": "crime", "reason": "operation zzyzx",
            "purposes": ["offender-management"], "since": day(world, 0), "until": day(world, 9)}),
        ("amend_dir", _) => json!({"document": document()}),
        ("record_agreement", _) => json!({"agreed": true}),
        // Today, at almost any hour: who comes before the day of the appointment has not come to it.
        ("book_appointment", _) => initial(&minute(world, 5)),
        ("serve_notice", _) => ra1(world),
        ("record_attendance", _) => json!({"appointment": "initial", "outcome": "attended-and-remained",
            "at": minute(world, 0), "follow_up": "needed"}),
        ("record_release", _) => json!({"at": minute(world, 0), "disposal": "released-on-bail"}),
        ("step_caseload_episode" | "step_script", _) => json!({}),
        ("review_concern", _) => json!({"finding": "appropriate", "reason": "The least was told."}),
        ("reassign_flag", _) => json!({"to": worker, "reason": "holidays"}),
        ("reassign_task", _) => json!({"to": worker, "everything_of_holder": false, "reason": "holidays"}),
        ("write_assessment_part", _) => {
            json!({"text": "Needs support with the mornings.", "key_worker": worker})
        }
        ("refer_to_housing", _) => json!({"provider": "testhomes", "items": six_items(world)}),
        ("write_meeting_page", _) => json!({"meeting": "Northmoor offender management", "on": day(world, 7),
            "attending": ["northmoor-cjit"], "says": {"offending": "On licence until spring."}}),
        ("propose_joint_visit", _) => visit(),
        ("tell_destination", _) => court::remanded(world, "fallowgate-carat"),
        ("hold_back_eviction", _) => json!({"provider": "testhomes", "attending": "yes"}),
        ("attest_attendance", _) => json!({"attending": "yes"}),
        ("tell_attendance", _) => {
            json!({"agency": "northmoor-cjit", "appointment_at": "2026-01-05T10:30", "kept": "missed"})
        }
        ("send_test_result", _) => {
            json!({"class_a": "negative", "cannabis": "positive", "tested_on": day(world, 0),
            "agency": "northmoor-resettlement", "worker": "trial-cherry"})
        }
        ("tell_holders", _) => {
            json!({"event": "overdose", "happened_at": "2026-01-05T10:30", "ring": "01632 960222"})
        }
        ("record_consent", _) => crate::api::joint::consent(
            world,
            ("northmoor-cjit", "lantern"),
            ("continuity-of-care", json!(["attendance"])),
        ),
        ("withdraw_consent", _) => json!({"channel": "voice", "urgent_effects_confirmed": true}),
        ("end_consent", _) => json!({"because": "event-has-come", "urgent_effects_confirmed": true}),
        ("ask_pick_up", _) => release_plan::pick_up(),
        ("plan_release" | "revise_release_plan", _) => release_plan::planned(release_plan::day(world, 21)),
        ("answer_hospital_notice", _) => {
            json!({"prescribes": true, "drug": "methadone", "last_collected_on": day(world, 0)})
        }
        ("tell_follow_up_attendance", _) => json!({"attendance": "left-early", "at": minute(world, 0)}),
        ("open_script", _) => crate::api::scripts::methadone(world),
        ("tag_cohort", _) => {
            json!({"cohort": "drr", "since": day(world, -1), "review_on": day(world, 60)})
        }
        ("begin_pathway_action", _) => {
            json!({"pathway": "health", "what": "see a dentist", "due_on": day(world, 3)})
        }
        ("set_flag", _) => {
            json!({"type": "contact-project-first", "reason": "ring the drop-in before anybody visits",
            "review_on": day(world, 20), "expires_on": day(world, 60)})
        }
        ("review_flag", _) => json!({"review_on": day(world, 30), "note": "rang, she is well"}),
        ("step_housing_referral", "agree-placement") => json!({"move_in_on": day(world, 20)}),
        ("step_housing_referral", "tell-risk") => {
            json!({"risk": {"risk": "Relapse.", "management_plan": "Daily calls."}})
        }
        ("step_housing_referral", "decline" | "withdraw") => json!({}),
        ("take_referral_step", "accept") => json!({"named_worker": worker}),
        ("take_referral_step", "start") => json!({"first_contact_at": now()}),
        ("take_referral_step", "hold") => {
            json!({"reason": "Away for a month.", "review_due": day(world, 20)})
        }
        ("take_referral_step", "reject") => json!({"rejection_reason": "no-capacity"}),
        ("take_referral_step", "return" | "reroute") => {
            json!({"return_reason": "out-of-area", "recipient": "eastvale-cjit"})
        }
        ("take_referral_step", "complete" | "fail") => json!({"outcome": "engaged"}),
        ("take_referral_step", "cancel") => json!({"reason": "No longer needed."}),
        ("take_referral_step", _) => json!({}),
        ("step_pick_up", "decline") => json!({"reason": "No worker on that day."}),
        ("step_pick_up", _) => json!({}),
        ("step_release_plan", "cancel") => json!({}),
        ("step_release_plan", _) => json!({"on": release_plan::day(world, 0)}),
        _ => return None,
    };
    Some(fits)
}
