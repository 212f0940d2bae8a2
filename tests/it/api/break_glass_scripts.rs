//! What breaking glass tells of scripts at other agencies: only what those were told of who are told of the opening.

use serde_json::json;
use throughgate::vocabulary::Purpose;

use super::break_glass::{Clinician, Reviewer};
use super::joint::tasks;
use super::matching::Desk as MatchingDesk;
use super::scripts::{Desk, held_beside_lantern, methadone};
use crate::support::{World, on_both_stores};

/// The CJIT's prescriber, at the side of Sample Damson.
async fn at_sample_damson(world: &World) -> Clinician {
    let Desk { clinician, client_ref } = Desk::cjit(world).await;
    Clinician { worker: clinician, about: client_ref }
}

/// Whether Lantern's privacy officer has an opening to review.
async fn lantern_reviews(world: &World) -> bool {
    let waiting = tasks(&world.worker("lantern", "test-myrtle"), Purpose::AuditReview).await;
    waiting.iter().any(|(kind, _)| kind == "review-break-glass")
}

on_both_stores! {
    async fn who_comes_to_prescribe_after_the_glass_was_broken_is_told_before_anything_of_it_is(world: World) {
        let doctor = at_sample_damson(&world).await;
        let path = doctor.opens(&world).await;
        Desk::lantern(&world).await.opens(methadone(&world), "active").await;
        assert_eq!(doctor.reads(&path).await["prescribed_elsewhere"]["hold"], json!(false));
        assert!(!lantern_reviews(&world).await, "nobody there was told");

        assert_eq!(doctor.ends(&path).await.status, 200);
        let path = doctor.opens(&world).await;
        assert_eq!(doctor.reads(&path).await["prescribed_elsewhere"]["hold"], json!(true));
        Reviewer::at(&world, "lantern", "test-myrtle").await.closes("appropriate").await;
    }
}

on_both_stores! {
    async fn whose_script_is_another_person_s_is_not_told_of_an_emergency_that_is_none_of_theirs(world: World) {
        let (lantern, cjit) = held_beside_lantern(&world).await;
        let (ours, theirs) = (cjit.conflict().await, lantern.conflict().await);
        theirs.steps("propose", json!({"outcome": "false-match", "reason_code": "not-this-person"}), "open").await;
        ours.steps("agree", json!({}), "resolved").await;
        let doctor = at_sample_damson(&world).await;
        let path = doctor.opens(&world).await;
        assert_eq!(doctor.reads(&path).await["prescribed_elsewhere"]["hold"], json!(false));
        assert!(!lantern_reviews(&world).await);
    }
}

on_both_stores! {
    async fn what_was_said_of_a_script_that_has_ended_hides_nobody_who_prescribes(world: World) {
        let (lantern, cjit) = held_beside_lantern(&world).await;
        let (ours, theirs) = (cjit.conflict().await, lantern.conflict().await);
        theirs.steps("propose", json!({"outcome": "false-match", "reason_code": "not-this-person"}), "open").await;
        ours.steps("agree", json!({}), "resolved").await;
        let ended = cjit.script().await.steps("end", json!({"end_reason": "clinical-decision"}), "ended").await;
        assert_eq!(ended.json["elsewhere"]["hold"], true);
        let matching = MatchingDesk::of(&world);
        let doubted = matching.open().await.remove(0);
        assert_eq!(matching.decides(&doubted, "same").await.status, 200);

        assert_eq!(cjit.scripts().await.json["elsewhere"]["hold"], true, "it is hers");
        let doctor = at_sample_damson(&world).await;
        let path = doctor.opens(&world).await;
        assert_eq!(doctor.reads(&path).await["prescribed_elsewhere"]["hold"], json!(true));
        Reviewer::at(&world, "lantern", "test-myrtle").await.closes("appropriate").await;
        let again = cjit.opens(methadone(&world), "held").await;
        let told = &again.opened.json["elsewhere"];
        assert_eq!((&told["hold"], &told["contact"]["reference"]), (&json!(true), &again.opened.json["conflict"]));
    }
}

on_both_stores! {
    async fn what_was_said_of_one_script_is_not_said_of_the_next_beside_it(world: World) {
        let (lantern, cjit) = held_beside_lantern(&world).await;
        let (ours, theirs) = (cjit.conflict().await, lantern.conflict().await);
        theirs.steps("propose", json!({"outcome": "false-match", "reason_code": "not-this-person"}), "open").await;
        ours.steps("agree", json!({}), "resolved").await;
        let second = cjit.opens(methadone(&world), "held").await;
        assert_eq!(second.opened.json["elsewhere"]["hold"], true, "it is held, and the reader is told beside what");
        assert_eq!(cjit.scripts().await.json["elsewhere"], second.opened.json["elsewhere"]);
    }
}
