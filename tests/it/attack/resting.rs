//! What rests on a person's consent and what does not: the writes that go on when she took back everything, with the reason.

use std::collections::{BTreeMap, BTreeSet};

use throughgate::vocabulary::AgencyType;

/// The reason, and the operations for which it is the reason. With `/own` or `/others`, only on what is the agency's own or another's; after an
/// `@`, only for a type of agency.
pub type Listed = (&'static str, &'static [&'static str]);

/// Writes that are not tried, since nobody's consent could bear on them.
pub const ABOUT_NO_PERSON: [Listed; 4] = [
    (
        "says something of an agency, a worker, a day or a place, and of nobody who is helped",
        &[
            "announce_operations_day",
            "offer_appointment_slot",
            "set_break_glass_power",
            "verify_agency_contact",
            "withdraw_appointment_slot",
        ],
    ),
    (
        "figures, in which nobody can be told from another",
        &["hand_in_national_return", "reconcile_figures", "submit_scorecard"],
    ),
    ("asks what the policies say, whoever it would be about", &["explain_policy"]),
    (
        "it begins with somebody whom the agency did not know, so that there was nothing to take back",
        &["note_unnamed_contact", "present_client"],
    ),
];

/// Writes about somebody that are not tried.
pub const NOT_TRIED: [Listed; 1] =
    [("it leaves nobody to try anything on, and needs no consent: she may ask for it", &["erase_client"])];

/// What is done all the same.
pub const GOES_ON: [Listed; 9] = [
    (
        "what an agency writes of its own client for itself rests on no consent, and nobody else is told of it",
        &[
            "add_activity/own",
            "amend_dir",
            "begin_pathway_action",
            "draft_dir",
            "draft_referral",
            "end_cohort_tag",
            "end_flag",
            "end_partner_link",
            "end_pathway_action",
            "join_outreach_contacts",
            "link_partner",
            "note_outreach_contact",
            "open_caseload_episode",
            "plan_release",
            "reassign_flag",
            "reassign_task",
            "record_review",
            "review_flag",
            "revise_release_plan",
            "set_flag",
            "sign_dir",
            "step_caseload_episode",
            "step_release_plan",
            "tag_cohort",
            "update_client",
            "write_care_plan",
        ],
    ),
    (
        "a required assessment is the law's, not hers to take back",
        &[
            "book_appointment",
            "cancel_appointment",
            "end_assessment",
            "open_assessment",
            "open_breach",
            "record_agreement",
            "record_attendance",
            "record_release",
            "serve_notice",
            "step_breach",
        ],
    ),
    (
        "whether another has her on its caseload or prescribes is asked whatever she agrees to",
        &[
            "answer_caseload_check",
            "ask_caseload_check",
            "decide_match",
            "open_script",
            "step_conflict",
            "step_script",
        ],
    ),
    (
        "a life or a child at risk does not wait for consent",
        &[
            "break_glass",
            "end_break_glass",
            "raise_concern",
            "receive_concern",
            "review_break_glass",
            "review_concern",
        ],
    ),
    (
        "it is taken in of everybody, and who is told of it is found for each agency: that is tried where they read it",
        &["count_offences", "look_up_in_crisis", "propose_caution", "tell_holders"],
    ),
    ("who told others something may call it back", &["close_joint_decision", "withdraw_delegation"]),
    (
        "where probation manages an order, its court worker tells where she goes by that",
        &["tell_destination@probation"],
    ),
    (
        "her rights, and the gateway's duty to account for what was done",
        &[
            "approve_deferral",
            "lift_deferral",
            "lift_hold",
            "place_hold",
            "propose_deferral",
            "receive_subject_access",
            "take_subject_access_step",
        ],
    ),
    (
        "she may agree again, and may say once more that she takes everything back",
        &["agree_to_return", "record_consent", "withdraw_all_consents", "withdraw_return_consents"],
    ),
];

/// What is refused in other words than for nobody: that there was something is no secret to whoever is told so.
pub const SAID_TO_BE_OVER: [Listed; 4] = [
    (
        "its own agency wrote it, and sees that it was called off or can be passed to nobody",
        &[
            "agree_joint_plan/own",
            "answer_inbound_referral",
            "ask_pick_up",
            "attest_attendance",
            "call_off_joint_visit",
            "end_eviction_hold",
            "step_housing_referral/own",
            "take_referral_step/own",
            "write_assessment_part/own",
        ],
    ),
    (
        "its recipient sees that it was called off, and nothing that it carried",
        &["take_referral_step/others"],
    ),
    ("a party to a consent must see that it was taken back", &["end_consent", "withdraw_consent"]),
    (
        "the team on which the duty to assess her lies is told that nobody else may hold it",
        &["delegate_follow_up"],
    ),
];

/// What became of a write that was done before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum After {
    /// As for nobody, or as for who never agreed.
    Closed,
    GoesOn,
    SaidToBeOver,
}

/// An operation, whether what it was done on is another agency's, and the type of agency that did it.
pub type Done = (String, bool, AgencyType);

/// What became of each.
pub type Met = BTreeMap<After, BTreeSet<Done>>;

/// All that are on a list.
pub fn listed(list: &[Listed]) -> BTreeSet<&'static str> {
    list.iter().flat_map(|(_, ids)| ids.iter().copied()).collect()
}

/// Whether it is what an entry of a list says.
fn fits(entry: &str, (id, is_of_others, agency_type): &Done) -> bool {
    let (rest, of_type) = entry.split_once('@').map_or((entry, None), |(rest, code)| (rest, Some(code)));
    let (listed, whose) = rest.split_once('/').map_or((rest, None), |(id, whose)| (id, Some(whose)));
    listed == id
        && whose.is_none_or(|whose| (whose == "others") == *is_of_others)
        && of_type.is_none_or(|code| code == agency_type.code())
}

/// What is listed and was not met so, and what was met so and is not listed.
pub fn differences(met: &Met, after: After, list: &[Listed]) -> Vec<String> {
    let listed = listed(list);
    let (met_so, otherwise): (Vec<_>, Vec<_>) = met.iter().partition(|(each, _)| **each == after);
    let met_so: Vec<&Done> = met_so.into_iter().flat_map(|(_, all)| all).collect();
    let otherwise: Vec<&Done> = otherwise.into_iter().flat_map(|(_, all)| all).collect();
    let unlisted = met_so.iter().filter(|done| !listed.iter().any(|entry| fits(entry, done)));
    let mut wrong: Vec<String> = unlisted.map(|done| format!("{done:?} is {after:?}")).collect();
    for entry in listed {
        let is_met = |all: &[&Done]| all.iter().any(|done| fits(entry, done));
        if !is_met(&met_so) || is_met(&otherwise) {
            wrong.push(format!("{entry} is not, or not always, {after:?}"));
        }
    }
    wrong
}
