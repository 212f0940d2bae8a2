//! Random walks through a referral to housing: whatever is tried by whom, it is never where it cannot be.

use jiff::ToSpan as _;
use jiff::civil::date;
use proptest::prelude::*;

use super::*;

const SENDER: &str = "northmoor-cjit";
const PROVIDER: &str = "testhomes";

fn agency(id: &str) -> AgencyId {
    id.parse().unwrap()
}

fn sent(with_items: bool) -> HousingRecord {
    let items = serde_json::json!({
        "housing_history": "A shared house.", "independent_living_skills": "Cooks.", "vacancy_suitability": "Near.",
        "support_needs": {"needs": "A weekly visit.", "from_day_one": true}, "team_support": "Seen weekly.",
        "risks": {"risks": "Debt.", "agreed_on": "2026-06-01"},
    });
    HousingRecord {
        version: 1,
        sender: (agency(SENDER), "worker-one".parse().unwrap()),
        provider: agency(PROVIDER),
        sent_at: "2026-06-01T10:00:00Z".parse().unwrap(),
        items: with_items.then(|| serde_json::from_value(items).unwrap()),
        homelessness: None,
        state: HousingState::Sent,
        move_in_on: None,
        declined_because: None,
        risks: Vec::new(),
    }
}

fn steps() -> impl Strategy<Value = (HousingTransition, HousingStep)> {
    let reason = prop::sample::select(DeclineReason::ALL);
    (prop::sample::select(HousingTransition::ALL), reason, -3_i32..20, 0_u8..10).prop_map(
        |(transition, reason, days, odd)| {
            // One in ten has what belongs to another step, one lacks what belongs to its own.
            let has = |of: HousingTransition, other| transition == of && odd != 0 || odd == other;
            let risk = MoveRisk { risk: "Debt.".to_owned(), management_plan: "A weekly visit.".to_owned() };
            let step = HousingStep {
                move_in_on: has(HousingTransition::AgreePlacement, 1).then(|| date(2026, 6, 5) + days.days()),
                reason_code: has(HousingTransition::Decline, 2).then_some(reason),
                risk: has(HousingTransition::TellRisk, 3).then_some(risk),
            };
            (transition, step)
        },
    )
}

/// Each step from each state that allows it, by each side that may take it.
const ALL: [&str; 7] = [
    "sent agree-placement by the provider",
    "sent decline by the provider",
    "placement-agreed decline by the provider",
    "sent withdraw by the sender",
    "placement-agreed withdraw by the sender",
    "placement-agreed tell-risk by the provider",
    "placement-agreed tell-risk by the sender",
];

crate::domain::walks!(
    HousingReferral,
    no_walk_leads_to_a_placement_that_nobody_agreed_to,
    ALL.map(str::to_owned)
);

proptest! {
    #[test]
    fn no_walk_leads_to_a_placement_that_nobody_agreed_to(
        with_items in any::<bool>(),
        walk in prop::collection::vec((steps(), 0_usize..3, 0_i32..6), 1..30),
    ) {
        let (mut referral, mut today) = (sent(with_items), date(2026, 6, 1));
        let sides = [SENDER, PROVIDER, "lantern"];
        for ((transition, step), side, days) in walk {
            today = today.saturating_add(days.days());
            let (before, by) = (referral.clone(), agency(sides[side]));
            let at = "2026-06-02T10:00:00Z".parse().unwrap();
            let mover = Mover { by: (by.clone(), "worker-one".parse().unwrap()), at, today };
            match before.step(transition, &step, &mover) {
                Ok(next) => {
                    prop_assert!(side < 2, "who is no party takes no step");
                    let who = ["the sender", "the provider"][side];
                    crate::domain::walked::took(format_args!("{} {transition} by {who}", before.state));
                    prop_assert!(before.possible(&by, today).contains(&transition));
                    prop_assert_eq!(next.version, before.version + 1);
                    prop_assert!(next.risks.len() >= before.risks.len(), "what was told stays");
                    referral = next;
                }
                Err(InvalidHousingStep::NotFromHere) => {
                    prop_assert!(!before.possible(&by, today).contains(&transition));
                }
                Err(InvalidHousingStep::Guard(_)) => prop_assert!(before.possible(&by, today).contains(&transition)),
            }
            let over = matches!(referral.state, HousingState::Declined | HousingState::Withdrawn);
            prop_assert_eq!(referral.declined_because.is_some(), referral.state == HousingState::Declined);
            prop_assert!(referral.state != HousingState::PlacementAgreed || referral.move_in_on.is_some());
            prop_assert!(referral.state != HousingState::Sent || referral.move_in_on.is_none());
            prop_assert!(with_items || referral.risks.is_empty(), "no risk is told where no items were");
            prop_assert!(referral.risks.is_empty() || referral.move_in_on.is_some(), "and none before a placement");
            for id in sides {
                prop_assert!(!over || referral.possible(&agency(id), today).is_empty(), "nothing leaves what is over");
            }
            prop_assert!(!referral.is_ahead(today) || !over);
        }
    }
}
