//! Two people whom the gateway took for one: those who know them say so, and the desk parts them.

use serde_json::{Value, json};

use super::caseload::{answer, check, open_episode};
use super::linked::are_one;
use super::matching::{Desk as MatchingDesk, presented, somebody};
use super::scripts::{Desk, methadone};
use crate::support::{World, on_both_stores};

/// Both prescribers agree that they prescribe for two people.
pub async fn are_two(one: &Desk, other: &Desk) {
    let proposal = json!({"outcome": "false-match", "reason_code": "not-this-person"});
    one.conflict().await.steps("propose", proposal, "open").await;
    other.conflict().await.steps("agree", json!({}), "resolved").await;
}

on_both_stores! {
    async fn who_prescribe_for_two_people_say_so_and_the_desk_parts_them(world: World) {
        let (lantern, cjit) = (Desk::lantern(&world).await, Desk::cjit(&world).await);
        let matching = MatchingDesk::of(&world);
        assert!(are_one(&world, lantern.client_ref, cjit.client_ref));
        assert!(matching.open().await.is_empty(), "the gateway was sure");
        let hers = lantern.opens(methadone(&world), "active").await;
        cjit.opens(methadone(&world), "held").await;
        are_two(&cjit, &lantern).await;

        // The desk has a case, and they are one until it has decided.
        let case = matching.open().await.remove(0);
        let read = matching.get(&case).await;
        assert_eq!((&read.json["state"], &read.json["decisions"]), (&json!("doubted"), &json!([])), "{}", read.json);
        assert_eq!(read.json["doubted_at"].as_array().unwrap().len(), 1);
        assert_eq!((&read.json["levels"]["surname"], read.json["people"].as_array().unwrap().len()), (&json!("same"), 2));
        for untold in ["lantern", "northmoor", "methadone", "script", "prescri"] {
            assert!(!read.json.to_string().contains(untold), "{untold}: {}", read.json);
        }
        let tasks = || world.number("SELECT count(*) AS number FROM task WHERE kind = 'match-decision' AND state = 'open'");
        assert_eq!((tasks(), are_one(&world, lantern.client_ref, cjit.client_ref)), (1, true));

        assert_eq!(matching.decides(&case, "different").await.status, 200);
        assert_eq!((tasks(), are_one(&world, lantern.client_ref, cjit.client_ref)), (0, false));
        assert!(matching.open().await.is_empty());
        assert_eq!(hers.state().await, "active");

        // Each is found again by the agency that knows her, and nobody is asked about the two again.
        let again = Desk::cjit(&world).await;
        assert_eq!(again.client_ref, cjit.client_ref);
        assert!(matching.open().await.is_empty() && !are_one(&world, lantern.client_ref, cjit.client_ref));
    }
}

on_both_stores! {
    async fn the_desk_may_find_that_they_are_one_after_all_and_may_be_asked_again(world: World) {
        let (lantern, cjit) = (Desk::lantern(&world).await, Desk::cjit(&world).await);
        let matching = MatchingDesk::of(&world);
        lantern.opens(methadone(&world), "active").await;
        let held = cjit.opens(methadone(&world), "held").await;
        are_two(&cjit, &lantern).await;
        let case = matching.open().await.remove(0);
        assert_eq!(matching.decides(&case, "same").await.status, 200);
        assert!(are_one(&world, lantern.client_ref, cjit.client_ref) && matching.open().await.is_empty());
        let twice = matching.decides(&case, "same").await;
        assert_eq!((twice.status.as_u16(), twice.problem()), (409, "invalid-transition"));

        held.steps("end", json!({"end_reason": "completed"}), "ended").await;
        cjit.opens(methadone(&world), "held").await;
        are_two(&lantern, &cjit).await;
        assert_eq!(matching.open().await, std::slice::from_ref(&case), "it is the same case");
        let read = matching.get(&case).await;
        assert_eq!(read.json["doubted_at"].as_array().unwrap().len(), 2);
        assert_eq!(matching.decides(&case, "different").await.status, 200);
        let read = matching.get(&case).await;
        let decisions: Vec<&Value> = read.json["decisions"].as_array().unwrap().iter().map(|one| &one["decision"]).collect();
        assert_eq!(decisions, ["same", "different"], "the history is kept");
    }
}

on_both_stores! {
    async fn who_is_not_theirs_is_parted_from_theirs_and_from_nobody_else(world: World) {
        let lantern = world.worker("lantern", "ms-placeholder");
        let oak = world.worker("fallowgate-carat", "fixture-oak");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let matching = MatchingDesk::of(&world);
        let elder = || somebody("Demoline", "Elderberry", "1988-02-28");
        let hers = presented(&lantern, elder()).await;
        assert_eq!(open_episode(&lantern, hers).await.status, 201);
        let prison = presented(&oak, elder()).await;
        let ours = presented(&cjit, elder()).await;
        assert!(are_one(&world, hers, ours) && are_one(&world, prison, ours));
        assert_eq!(check(&cjit, ours).await.json["outcome"], "held");
        assert_eq!(answer(&lantern, json!({"answer": "not-ours"})).await.status, 200);

        let cases = matching.open().await;
        assert_eq!(cases.len(), 1, "what joins them, and nothing else: {cases:?}");
        assert_eq!(matching.decides(&cases[0], "different").await.status, 200);
        assert!(!are_one(&world, hers, ours));
        assert!(are_one(&world, hers, prison), "of the prison's nobody said anything");
        assert_eq!(check(&cjit, ours).await.json["outcome"], "clear");
    }
}

on_both_stores! {
    async fn who_says_that_she_is_theirs_asks_the_desk_nothing(world: World) {
        let lantern = world.worker("lantern", "ms-placeholder");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let hers = presented(&lantern, somebody("Demoline", "Elderberry", "1988-02-28")).await;
        assert_eq!(open_episode(&lantern, hers).await.status, 201);
        let ours = presented(&cjit, somebody("Demoline", "Elderberry", "1988-02-28")).await;
        assert_eq!(check(&cjit, ours).await.json["outcome"], "held");
        assert_eq!(answer(&lantern, json!({"answer": "share"})).await.status, 200);
        assert!(MatchingDesk::of(&world).open().await.is_empty() && are_one(&world, hers, ours));
    }
}
