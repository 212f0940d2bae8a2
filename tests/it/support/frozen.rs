//! A gateway that finds another log than the one that it signed.

use std::time::Duration;

use throughgate::journal::health::{State, WHAT_TO_DO};

use super::World;

/// Starts the gateway on what is there, and makes sure that it freezes and answers nobody.
pub async fn assert_freezes(world: &mut World, because: &str) {
    world.start_anyhow();
    let mut state = world.journal.health().state();
    for _ in 0..250 {
        if !matches!(state, State::Starting) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        state = world.journal.health().state();
    }
    assert!(matches!(state, State::Frozen(_)), "{state:?}");
    let (status, text) = world.admin("/readyz").await;
    let what_to_do = format!("what to do: {WHAT_TO_DO}\n");
    assert_eq!((status, text), (503, format!("frozen: {because}\n{what_to_do}")));
    let actor = world.worker("fallowgate-carat", "fixture-oak");
    for _ in 0..3 {
        let answer = actor.get("/v1/clients/whoever").send().await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.problem()), (503, "audit-unavailable"));
    }
    // Frozen is for good: an operator must look, whatever the database says later.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert!(matches!(world.journal.health().state(), State::Frozen(_)));
}

pub async fn some_history(world: &World) {
    let carat = world.worker("fallowgate-carat", "fixture-oak");
    for surname in ["Alder", "Cedar", "Hazel"] {
        world.client(&carat, "Testa", surname).await;
    }
}
