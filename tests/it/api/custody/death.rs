//! Somebody died, and one place records it: nobody of that agency is reminded of anything any more, and nobody pursues her.

use serde_json::json;
use throughgate::vocabulary::Purpose;

use super::breaches::a_breach;
use super::{Case, Desk, STATUTORY, minute, proactive, required};
use crate::api::caseload::step;
use crate::api::caseload_life::admit;
use crate::api::joint::tasks;
use crate::support::{World, on_both_stores};

const PERSON: (&str, &str) = ("Specimen", "Hazel");
const CARE: Purpose = Purpose::ContinuityOfCare;

async fn left(world: &World) -> (usize, usize) {
    let (cjit, police) =
        (world.worker("northmoor-cjit", "duty-spoc"), world.worker("northmoor-police", "proxy-briar"));
    (tasks(&cjit, CARE).await.len(), tasks(&police, STATUTORY).await.len())
}

on_both_stores! {
    async fn a_closure_by_death_ends_the_required_assessment_and_the_pursuit(world: World) {
        let (police, team, _) = a_breach(&world, PERSON).await;
        assert_eq!(admit(&team.desk.worker, team.desk.client_ref).await.status, 201);
        let own = team.desk.opens(proactive(&world)).await;
        let before = left(&world).await;
        assert!(before.0 == 2 && before.1 == 1, "{before:?}");

        let closed = step(&team.desk.worker, team.desk.client_ref, "close", json!({"close_code": "C6"})).await;
        assert_eq!(closed.status, 200, "{}", closed.json);
        assert_eq!(left(&world).await, (0, 0));
        for case in [&police, &team, &own] {
            assert_eq!(case.read().await["occasion"]["ended"], "died");
        }
        assert_eq!(world.number("SELECT count(*) AS number FROM event WHERE kind = 'assessment.changed' AND agency = 'northmoor-police'"), 1);
    }
}

on_both_stores! {
    async fn a_death_that_ends_an_assessment_ends_the_reminders_of_the_case(world: World) {
        let (_, team) = required(&world, PERSON, &minute(&world, 10)).await;
        assert_eq!(admit(&team.desk.worker, team.desk.client_ref).await.status, 201);
        let own: Case = team.desk.opens(proactive(&world)).await;
        // Somebody else's reminders stay.
        let other = Desk::cjit(&world, ("Proxy", "Kale")).await;
        assert_eq!(admit(&other.worker, other.client_ref).await.status, 201);
        assert_eq!(left(&world).await.0, 4);
        team.acts("ending", json!({"reason": "died"})).await;
        assert_eq!(left(&world).await.0, 1);
        assert_eq!(own.read().await["occasion"]["ended"], "died");
    }
}

on_both_stores! {
    async fn whatever_ends_the_requirement_ends_the_pursuit_and_its_clock(world: World) {
        for (surname, reason) in [("Hazel", "restriction-on-bail"), ("Hawthorn", "withdrawn")] {
            let (_, team, _) = a_breach(&world, ("Specimen", surname)).await;
            assert_eq!(left(&world).await.1, 1);
            team.acts("ending", json!({"reason": reason})).await;
            assert_eq!(left(&world).await.1, 0, "{reason}");
        }
    }
}
