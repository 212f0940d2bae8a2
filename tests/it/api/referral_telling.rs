//! A referral moves: the other side is told, the next step waits with whoever must take it, and what nobody moves expires.

use diesel::QueryableByName;
use diesel::sql_types::Text;
use serde_json::json;
use throughgate::demo::actor::Answer;

use super::release::{Referred, Team, referred};
use crate::support::{World, on_both_stores, rows};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn lines(world: &World, sql: &str) -> Vec<String> {
    rows::<Line>(&mut world.connection(), sql).into_iter().map(|row| row.line).collect()
}

/// What waits about the referral, and with whom.
fn waiting(world: &World) -> Vec<String> {
    lines(
        world,
        "SELECT agency || ' ' || kind AS line FROM task WHERE state = 'open' \
         AND kind IN ('answer-referral', 'chase-referral') ORDER BY kind, agency",
    )
}

/// Whom the referral's moves were told, in order.
fn told(world: &World) -> Vec<String> {
    lines(world, "SELECT agency AS line FROM event WHERE kind = 'referral.changed' ORDER BY place, ordinal")
}

async fn step(team: &Team, referral: &str, step: &str, body: serde_json::Value) -> Answer {
    let taken = team.act(referral, step, body).await;
    assert_eq!(taken.status, 200, "{step}: {}", taken.json);
    taken
}

const CARAT_CHASES: &str = "fallowgate-carat chase-referral";
const CJIT_ANSWERS: &str = "northmoor-cjit answer-referral";

on_both_stores! {
    async fn each_step_tells_the_other_side_and_moves_the_task(world: World) {
        let Referred { carat, cjit, referral, .. } = referred(&world).await;
        assert_eq!(waiting(&world), [CJIT_ANSWERS, CARAT_CHASES]);
        assert_eq!(told(&world), ["northmoor-cjit"], "who sends it knows");

        step(&cjit, &referral, "acknowledge", json!({})).await;
        step(&cjit, &referral, "return", json!({"return_reason": "more-information", "information_requested": "Which pharmacy?"})).await;
        assert_eq!(waiting(&world), ["fallowgate-carat answer-referral"], "the sender must answer, and chases nobody");
        let theirs = lines(&world, "SELECT subject AS line FROM task WHERE state = 'open' AND kind = 'answer-referral'");
        step(&carat, &theirs[0], "resend", json!({})).await;
        assert_eq!(waiting(&world), [CJIT_ANSWERS, CARAT_CHASES]);

        step(&cjit, &referral, "acknowledge", json!({})).await;
        step(&cjit, &referral, "accept", json!({"named_worker": "testa-rowan"})).await;
        assert_eq!(waiting(&world), [CJIT_ANSWERS, CARAT_CHASES], "the first contact is still to come");
        step(&cjit, &referral, "start", json!({"first_contact_at": world.journal.now().to_string()})).await;
        assert!(waiting(&world).is_empty(), "{:?}", waiting(&world));
        let (to_carat, to_cjit): (Vec<_>, Vec<_>) = told(&world).into_iter().partition(|agency| agency == "fallowgate-carat");
        assert_eq!((to_carat.len(), to_cjit.len()), (5, 2), "each step by the other side, and no more");
    }
}

on_both_stores! {
    async fn a_referral_that_nobody_moves_expires_by_itself_and_both_hear(world: World) {
        let Referred { carat, referral, .. } = referred(&world).await;
        let theirs = lines(&world, "SELECT subject AS line FROM task WHERE kind = 'chase-referral'").remove(0);
        let before = told(&world).len();
        // Two open hours to acknowledge it, and five working days of grace.
        world.clock.advance(14 * 86_400);
        for _ in 0..100 {
            if told(&world).len() == before + 2 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        assert_eq!(told(&world).len(), before + 2, "both sides");
        assert!(waiting(&world).is_empty());
        assert_eq!(
            lines(&world, "SELECT kind AS line FROM event WHERE agency = 'fallowgate-carat' AND kind LIKE 'task.%'"),
            ["task.due"],
            "the deputy was told to ring before it was too late"
        );
        let world = {
            let mut world = world;
            world.later(0).await;
            world
        };
        let carat = Team { actor: world.worker("fallowgate-carat", "fixture-oak"), client_ref: carat.client_ref };
        assert_eq!(carat.get(theirs).await.json["state"], "expired");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let listed = cjit.get("/v1/referrals?box=in").send().await.unwrap();
        let lines = listed.json["referrals"].as_array().unwrap();
        assert!(lines.iter().any(|line| referral.ends_with(line["referral"].as_str().unwrap()) && line["state"] == "expired"));
    }
}

on_both_stores! {
    async fn a_withdrawal_cancels_it_and_tells_everybody_whom_it_touches(world: World) {
        let Referred { carat, cjit, .. } = referred(&world).await;
        let before = told(&world).len();
        cjit.withdraws().await;
        assert_eq!(told(&world).len(), before + 2, "both sides hear that it was cancelled");
        assert!(waiting(&world).is_empty());
        let heard = "SELECT agency AS line FROM event WHERE kind = 'consent.withdrawn' ORDER BY agency";
        assert_eq!(lines(&world, heard), ["fallowgate-carat"], "who recorded it knows");
        let path = lines(&world, "SELECT subject AS line FROM event WHERE kind = 'consent.withdrawn'").remove(0);
        assert_eq!(carat.get(path).await.json["status"], "withdrawn", "it opens what it is told of");
    }
}
