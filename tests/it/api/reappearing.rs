//! What tells the owner of a flag that she has come up again: custody, and each way of sending her on.

use jiff::ToSpan as _;
use serde_json::{Value, json};
use throughgate::demo::actor::Actor;
use throughgate::id::Handle;

use super::court::{self, Court, remanded};
use super::custody::{Desk, enforced, proactive};
use super::erasure::LANTERN;
use super::events::{listen, next};
use super::flags::{kinds, open_tasks, set, shape, today};
use super::joint::consents;
use super::results::Probation;
use super::{housing, inbound};
use crate::support::{World, on_both_stores};

const PERSON: (&str, &str) = ("Demo", "Elder");

/// Lantern sets a flag on somebody.
async fn flagged(world: &World, person: (&str, &str)) -> (Actor, Handle) {
    let lantern = world.worker(LANTERN, "ms-placeholder");
    let hers = world.client(&lantern, person.0, person.1).await;
    // Not to be looked at before she comes up again.
    let set = set(world, &lantern, hers, json!({"review_on": today(world) + 50.days()})).await;
    assert_eq!(set.status, 201, "{}", set.json);
    (lantern, hers)
}

on_both_stores! {
    async fn police_who_kept_her_reference_tell_lantern_the_same_day_and_learn_nothing(world: World) {
        let mut world = world;
        // Police presented both women in spring, before there was a flag.
        let elder = Desk::police(&world, PERSON).await.client_ref;
        let damson = Desk::police(&world, ("Sample", "Damson")).await.client_ref;
        let (_, hers) = flagged(&world, PERSON).await;
        world.later(42).await;
        let lantern = world.worker(LANTERN, "ms-placeholder");
        let mut listener = listen(&lantern, None).await.unwrap();
        let worker = world.worker("northmoor-police", "proxy-thorn");
        let mut answers = Vec::new();
        for client_ref in [elder, damson] {
            let desk = Desk { worker: worker.clone(), client_ref };
            answers.push(shape(&desk.open(enforced(&world)).await));
        }
        assert_eq!((answers[0].0, &answers[0]), (201, &answers[1]));

        assert_eq!(next(&mut listener).await["type"], "flag.reappeared");
        assert_eq!(kinds(&lantern, hers).await, ["custody"]);
        let tasks = open_tasks(&lantern).await;
        let contact: Vec<&Value> = tasks.iter().filter(|task| task["kind"] == "contact-after-reappearance").collect();
        assert_eq!(contact.len(), 1, "{tasks:?}");
    }
}

on_both_stores! {
    async fn a_team_that_is_told_of_a_slot_alone_does_not_learn_by_its_own_flag_who_takes_it(world: World) {
        let (lantern, hers) = flagged(&world, PERSON).await;
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let ours = world.client(&cjit, PERSON.0, PERSON.1).await;
        assert_eq!(set(&world, &cjit, ours, json!({})).await.status, 201);
        let police = Desk::police(&world, PERSON).await;
        let mut voluntary = proactive(&world);
        voluntary["assessor"] = json!("northmoor-cjit");
        police.opens(voluntary).await;
        assert_eq!(kinds(&cjit, ours).await, ["presented"]);
        assert_eq!(kinds(&lantern, hers).await, ["presented", "presented", "custody"]);
        // Whom the law requires to come the team is told of anyhow.
        police.opens(enforced(&world)).await;
        assert_eq!(kinds(&cjit, ours).await, ["presented", "custody"]);
    }
}

on_both_stores! {
    async fn whoever_is_sent_in_by_police_comes_up_again(world: World) {
        let police = inbound::police(&world).await;
        let probation = Probation::of(&world, inbound::PERSON).await;
        let what = ("referral", json!(["identity", "contact"]));
        consents(&world, (&probation.worker, probation.client), ("northmoor-police", "northmoor-cjit"), what).await;
        let (lantern, hers) = flagged(&world, inbound::PERSON).await;
        assert_eq!(inbound::sends(&police, inbound::sent("northmoor-cjit")).await.status, 201);
        assert_eq!(kinds(&lantern, hers).await, ["referred"]);
    }
}

on_both_stores! {
    async fn whoever_is_told_of_from_court_comes_up_again_and_a_flag_does_not_say_what_was_decided(world: World) {
        let court = Court::cjit(&world).await;
        court.agrees(&world, "fallowgate-carat").await;
        let (lantern, hers) = flagged(&world, court::PERSON).await;
        assert_eq!(court.tells(remanded(&world, "fallowgate-carat")).await.status, 201);
        assert_eq!(kinds(&lantern, hers).await, ["referred"]);
    }
}

on_both_stores! {
    async fn whoever_is_referred_to_a_landlord_comes_up_again(world: World) {
        let (lantern, hers) = flagged(&world, housing::PERSON).await;
        housing::referred(&world).await;
        assert_eq!(kinds(&lantern, hers).await, ["presented", "referred"]);
    }
}
