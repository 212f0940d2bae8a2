//! What holds people together, and what is taken apart when they are parted: nobody's erasure parts others, nothing that was settled or agreed
//! because two were taken for one goes on, and no doubt is lost.

use std::time::Duration;

use serde_json::{Value, json};
use throughgate::directory::AgencyStatus;
use throughgate::domain::operator::SetAgencyStatus;
use throughgate::id::Handle;
use throughgate::journal::call::Call;
use throughgate::store::identity::identity_seal;

use super::caseload::{answer, check, episode, open_episode, questions, result};
use super::caseload_possible::pair;
use super::doubted::are_two;
use super::erasure::Officer;
use super::flags::set;
use super::linked::{are_one, bytes, person, put, put_by_hand, ring, stranger};
use super::matching::{Desk as MatchingDesk, presented, somebody};
use super::release::{inbox, referred};
use super::scripts::{Desk, methadone};
use crate::support::{World, on_both_stores};

fn count(world: &World, of: &str) -> i64 {
    world.number(&format!("SELECT count(*) AS number FROM {of}"))
}

fn elder() -> Value {
    somebody("Demoline", "Elderberry", "1988-02-28")
}

/// Somebody whom the gateway takes for her as little as for another.
fn maybe_elder() -> Value {
    somebody("Demoline", "Elderberry", "1988-07-15")
}

/// How many references for clients an agency has.
fn references(world: &World, agency: &str) -> i64 {
    count(world, &format!("handle WHERE agency = '{agency}' AND kind = 'client'"))
}

on_both_stores! {
    async fn what_one_agency_erases_parts_nobody_else(world: World) {
        let lantern = world.worker("lantern", "ms-placeholder");
        let oak = world.worker("fallowgate-carat", "fixture-oak");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let first = presented(&lantern, elder()).await;
        let (second, third) = (presented(&oak, elder()).await, presented(&cjit, elder()).await);
        assert!(are_one(&world, first, second) && are_one(&world, second, third));

        // Whom the others were found to be is gone, and they are one as they were.
        assert_eq!(Officer::of(&world, "lantern", first).erases().await.status, 200);
        assert!(are_one(&world, second, third), "by what they were found to be");
        assert_eq!((count(&world, "match_pair"), count(&world, "record WHERE kind = 'match'")), (2, 2));

        // So that they can be parted: by just what joins them, shown by what is known of each side.
        assert_eq!(open_episode(&cjit, third).await.status, 201);
        assert_eq!(check(&oak, second).await.json["outcome"], "held");
        assert_eq!(answer(&cjit, json!({"answer": "not-ours"})).await.status, 200);
        let matching = MatchingDesk::of(&world);
        let cases = matching.open().await;
        assert_eq!(cases.len(), 2);
        for case in &cases {
            let read = matching.get(case).await;
            let names = |at: usize| read.json["people"][at]["names"].as_array().unwrap().len();
            assert_eq!((names(0), names(1)), (1, 1), "{}", read.json);
        }
        assert_eq!(matching.decides(&cases[0], "different").await.status, 200);
        assert!(!are_one(&world, second, third));
    }
}

on_both_stores! {
    async fn with_the_last_who_presents_her_all_of_it_goes(world: World) {
        let lantern = world.worker("lantern", "ms-placeholder");
        let oak = world.worker("fallowgate-carat", "fixture-oak");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let first = presented(&lantern, elder()).await;
        let (second, third) = (presented(&oak, elder()).await, presented(&cjit, elder()).await);
        for (agency, client_ref, people) in [("lantern", first, 3), ("fallowgate-carat", second, 3), ("northmoor-cjit", third, 0)] {
            assert_eq!(Officer::of(&world, agency, client_ref).erases().await.status, 200);
            for of in ["person", "person_identity"] {
                assert_eq!(count(&world, of), people, "{agency}: {of}");
            }
        }
        for left in ["match_pair", "record", "handle", "task", "event", "match_token"] {
            assert_eq!(count(&world, left), 0, "{left}");
        }
    }
}

on_both_stores! {
    async fn whom_no_pair_holds_stays_with_who_was_known_first(world: World) {
        let lantern = world.worker("lantern", "ms-placeholder");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let matching = MatchingDesk::of(&world);
        let first = presented(&lantern, elder()).await;
        let second = presented(&cjit, maybe_elder()).await;
        let older = stranger(&lantern, "Sample", "Whitebeam", "1961-11-23").await;
        let case = matching.open().await.remove(0);
        assert_eq!(matching.decides(&case, "same").await.status, 200);
        put(&world, 2, &[(first, 7), (second, 7)]);
        put(&world, 1, &[(older, 7)]);
        assert!(are_one(&world, second, older));
        assert_eq!(matching.decides(&case, "different").await.status, 200);
        assert!(!are_one(&world, first, second) && !are_one(&world, second, older));
        assert!(are_one(&world, first, older), "nobody said anything of these two");
    }
}

on_both_stores! {
    async fn what_was_referred_is_reached_by_the_own_reference_and_stays_within_reach_when_they_are_two(world: World) {
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let own = world.client(&cjit, "Fixture", "Cedar").await;
        let story = referred(&world).await;
        assert_eq!(story.cjit.client_ref, own, "the reference that it has");
        assert_eq!(references(&world, "northmoor-cjit"), 1);
        let dir = format!("/v1/dirs/{}", story.ours);
        let reads = async |about: Handle| cjit.get(&dir).about(about).send().await.unwrap().status.as_u16();
        assert_eq!(reads(own).await, 200);
        assert_eq!(open_episode(&cjit, own).await.status, 201);
        assert_eq!(check(&story.carat.actor, story.carat.client_ref).await.json["outcome"], "held");
        assert_eq!(answer(&cjit, json!({"answer": "not-ours"})).await.status, 200);
        let matching = MatchingDesk::of(&world);
        let case = matching.open().await.remove(0);
        assert_eq!(matching.decides(&case, "different").await.status, 200);

        assert_eq!(reads(own).await, 404, "it is about somebody else");
        let theirs = bytes(&world, person(&world, story.carat.client_ref).as_bytes());
        let given = format!("handle WHERE agency = 'northmoor-cjit' AND kind = 'client' AND target = {theirs}");
        assert_eq!((references(&world, "northmoor-cjit"), count(&world, &given)), (2, 1));
        let lines = inbox(&cjit).await;
        let reference: Handle = lines[0]["client_ref"].as_str().unwrap().parse().unwrap();
        assert_ne!(reference, own);
        assert_eq!(reads(reference).await, 200, "what was referred is still the recipient's to read");
    }
}

on_both_stores! {
    async fn what_was_settled_because_they_were_thought_two_is_open_again_when_they_are_one(world: World) {
        let (lantern, cjit) = (Desk::lantern(&world).await, Desk::cjit(&world).await);
        let matching = MatchingDesk::of(&world);
        lantern.opens(methadone(&world), "active").await;
        let ours = cjit.opens(methadone(&world), "held").await;
        are_two(&cjit, &lantern).await;
        let case = matching.open().await.remove(0);
        assert!(lantern.conflicts().await.is_empty());
        assert_eq!(matching.decides(&case, "same").await.status, 200);

        // A start that waited must not go on because of what is not so.
        assert_eq!((lantern.conflicts().await.len(), cjit.conflicts().await.len()), (1, 1));
        let tasks = "task WHERE kind = 'resolve-conflict' AND state = 'open'";
        assert_eq!(count(&world, tasks), 2);
        let start = ours.step("start", json!({})).await;
        assert_ne!((start.status.as_u16(), &start.json["state"]), (200, &json!("active")), "{}", start.json);
    }
}

on_both_stores! {
    async fn who_answered_that_she_is_not_theirs_is_asked_again_when_the_desk_finds_that_she_is(world: World) {
        let lantern = world.worker("lantern", "ms-placeholder");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let matching = MatchingDesk::of(&world);
        let hers = presented(&lantern, elder()).await;
        assert_eq!(open_episode(&lantern, hers).await.status, 201);
        let ours = presented(&cjit, elder()).await;
        let asked = check(&cjit, ours).await.handle("id").unwrap();
        assert_eq!(answer(&lantern, json!({"answer": "not-ours"})).await.status, 200);
        assert!(questions(&lantern).await.is_empty());
        assert_eq!(result(&cjit, asked, ours).await.json["allocation"], "free");
        let case = matching.open().await.remove(0);
        assert_eq!(matching.decides(&case, "same").await.status, 200);
        assert_eq!(questions(&lantern).await.len(), 1, "it is asked again");
        let waits = result(&cjit, asked, ours).await;
        assert_eq!((&waits.json["outcome"], &waits.json["allocation"]), (&json!("held"), &json!("wait")));
        assert_eq!(answer(&lantern, json!({"answer": "share"})).await.status, 200);

        // Parted and joined again: what was answered of the other counts for nothing, and is asked anew.
        assert_eq!(matching.decides(&case, "different").await.status, 200);
        let parted = result(&cjit, asked, ours).await;
        assert_eq!((&parted.json["outcome"], &parted.json["answers"]), (&json!("clear"), &json!([])));
        assert_eq!(references(&world, "lantern"), 1, "who was asked by a check is not told about whom it was");
        assert_eq!(matching.decides(&case, "same").await.status, 200);
        assert_eq!(questions(&lantern).await.len(), 1);
    }
}

on_both_stores! {
    async fn the_desk_is_not_asked_again_whoever_of_those_who_are_one_is_presented(world: World) {
        let lantern = world.worker("lantern", "ms-placeholder");
        let oak = world.worker("fallowgate-carat", "fixture-oak");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let matching = MatchingDesk::of(&world);
        // Which id is the lesser is left to chance, so that it is tried with several.
        for ending in ["wood", "hurst", "field", "brook", "mead", "holt"] {
            let surname = format!("Elder{ending}");
            let (her, other) = (somebody("Demoline", &surname, "1988-02-28"), somebody("Demoline", &surname, "1988-07-15"));
            presented(&lantern, her.clone()).await;
            presented(&oak, her.clone()).await;
            presented(&cjit, other.clone()).await;
            let case = matching.open().await.remove(0);
            assert_eq!(matching.decides(&case, "same").await.status, 200);
            assert_eq!(matching.decides(&case, "different").await.status, 200);
            for (worker, body) in [(&oak, &her), (&lantern, &her), (&cjit, &other)] {
                presented(worker, body.clone()).await;
                assert!(matching.open().await.is_empty(), "{ending}: the facts are the same");
            }
        }
    }
}

on_both_stores! {
    async fn a_woman_whom_many_know_takes_nobody_elses_place_among_those_who_are_weighed(world: World) {
        let lantern = world.worker("lantern", "ms-placeholder");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let (mut stranger, mut both) = (somebody("Sampleton", "Whitebeam", "1961-11-23"), elder());
        for body in [&mut stranger, &mut both] {
            body["person"]["nhs_number"] = json!("9990001006");
        }
        presented(&lantern, stranger).await;
        let her = person(&world, presented(&lantern, elder()).await);
        // Sixty agencies more that know her, each by a person of its own.
        let keys = ring(&world);
        for ghost in 0..60 {
            let id = [200 - ghost; 16];
            let [ghost, known] = [bytes(&world, &id), bytes(&world, her.as_bytes())];
            world.tamper(&format!("INSERT INTO person VALUES ({ghost}, 0)"));
            put_by_hand(&world, 1, id, 9, &identity_seal(&keys, &id, 1, &[9; 16], &[0; 16]));
            world.tamper(&format!(
                "INSERT INTO match_token (token, record, person) SELECT token, {ghost}, {ghost} FROM match_token WHERE person = {known}"
            ));
        }
        put_by_hand(&world, 1, *her.as_bytes(), 9, &identity_seal(&keys, her.as_bytes(), 1, &[9; 16], &[0; 16]));
        presented(&cjit, both).await;
        let matching = MatchingDesk::of(&world);
        let mut asked = String::new();
        for case in matching.open().await {
            asked += &matching.get(&case).await.json.to_string();
        }
        assert!(asked.contains("Whitebeam"), "whose number it is was weighed as well: {asked}");
    }
}

on_both_stores! {
    async fn a_holder_who_has_her_twice_doubts_each_pair_once(world: World) {
        let lantern = world.worker("lantern", "ms-placeholder");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let matching = MatchingDesk::of(&world);
        let first = presented(&lantern, elder()).await;
        let second = presented(&lantern, maybe_elder()).await;
        for client_ref in [first, second] {
            assert_eq!(open_episode(&lantern, client_ref).await.status, 201);
        }
        let case = matching.open().await.remove(0);
        assert_eq!(matching.decides(&case, "same").await.status, 200);
        let ours = presented(&cjit, elder()).await;
        assert_eq!(check(&cjit, ours).await.json["outcome"], "held");
        let given = answer(&lantern, json!({"answer": "not-ours"})).await;
        assert_eq!(given.status, 200, "{}", given.json);
        assert_eq!(matching.open().await.len(), 2);
        assert_eq!(count(&world, "match_pair WHERE state = 'doubted'"), 2);
    }
}

on_both_stores! {
    async fn a_parting_settles_the_conflict_and_somebody_leads_on_each_side(world: World) {
        let (lantern, cjit) = (Desk::lantern(&world).await, Desk::cjit(&world).await);
        let (theirs, ours) = (world.worker("lantern", "ms-placeholder"), world.worker("northmoor-cjit", "testa-rowan"));
        let matching = MatchingDesk::of(&world);
        assert_eq!(open_episode(&theirs, lantern.client_ref).await.status, 201);
        assert_eq!(open_episode(&ours, cjit.client_ref).await.status, 201);
        lantern.opens(methadone(&world), "active").await;
        cjit.opens(methadone(&world), "held").await;
        let conflict = cjit.conflict().await;
        check(&ours, cjit.client_ref).await;
        assert_eq!(answer(&theirs, json!({"answer": "not-ours"})).await.status, 200);
        assert_eq!(episode(&ours, cjit.client_ref).await["part"], "contributor");
        let case = matching.open().await.remove(0);
        assert_eq!(matching.decides(&case, "different").await.status, 200);

        assert!(cjit.conflicts().await.is_empty() && lantern.conflicts().await.is_empty());
        let settled = conflict.read().await;
        assert_eq!((&settled["state"], &settled["possible"]), (&json!("resolved"), &json!([])), "{settled}");
        let resolution = &settled["resolution"];
        assert_eq!((&resolution["outcome"], &resolution["reason"]), (&json!("false-match"), &json!("found-to-be-two")));
        assert_eq!(resolution["by"], Value::Null, "neither side said so");
        for open in ["resolve-conflict", "answer-caseload-check", "match-decision"] {
            assert_eq!(count(&world, &format!("task WHERE kind = '{open}' AND state = 'open'")), 0, "{open}");
        }
        assert_eq!(episode(&ours, cjit.client_ref).await["part"], "provisional-lead");
    }
}

on_both_stores! {
    async fn a_doubt_that_nobody_was_there_to_look_at_comes_before_the_desk_when_there_is_one(world: World) {
        let status = async |status: AgencyStatus| {
            let call = Call::system("set_agency_status", world.journal.directory().epoch());
            let agency = "northmoor-desk".parse().unwrap();
            assert!(world.journal.record(call, SetAgencyStatus { agency, status }).await.is_ok());
            world.journal.directory_refreshed().await.unwrap();
        };
        let (lantern, cjit) = (Desk::lantern(&world).await, Desk::cjit(&world).await);
        lantern.opens(methadone(&world), "active").await;
        cjit.opens(methadone(&world), "held").await;
        status(AgencyStatus::Suspended).await;
        are_two(&cjit, &lantern).await;
        let open = || count(&world, "task WHERE kind = 'match-decision' AND state = 'open'");
        assert_eq!((open(), count(&world, "match_pair WHERE state = 'doubted'")), (0, 1));

        status(AgencyStatus::Active).await;
        let matching = MatchingDesk::of(&world);
        let mut cases = Vec::new();
        for _ in 0..80 {
            cases = matching.open().await;
            if !cases.is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert_eq!((cases.len(), open()), (1, 1));
        let read = matching.get(&cases[0]).await;
        assert_eq!((&read.json["state"], &read.json["levels"]["surname"]), (&json!("doubted"), &json!("same")), "{}", read.json);
        assert_eq!(matching.decides(&cases[0], "different").await.status, 200);
        assert!(!are_one(&world, lantern.client_ref, cjit.client_ref));
    }
}

on_both_stores! {
    async fn whatever_else_holds_two_together_is_looked_at_before_they_are_parted(world: World) {
        let lantern = world.worker("lantern", "ms-placeholder");
        let oak = world.worker("fallowgate-carat", "fixture-oak");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let matching = MatchingDesk::of(&world);
        let first = presented(&lantern, elder()).await;
        let ours = presented(&cjit, maybe_elder()).await;
        let second = presented(&oak, elder()).await;
        let case = matching.open().await.remove(0);
        pair(&world, (second, ours), 1, "same");
        assert_eq!(matching.decides(&case, "same").await.status, 200);
        assert!(are_one(&world, first, second) && are_one(&world, first, ours));

        assert_eq!(matching.decides(&case, "different").await.status, 200);
        assert!(are_one(&world, first, ours), "by the other, until the desk has looked at that");
        for _ in 0..2 {
            let Some(other) = matching.open().await.pop() else { break };
            let answer = if are_one(&world, second, ours) { "different" } else { "same" };
            let sides = matching.get(&other).await;
            assert_eq!(sides.json["state"], "doubted");
            assert_eq!(matching.decides(&other, answer).await.status, 200);
        }
        assert!(!are_one(&world, first, ours) && matching.open().await.is_empty());
    }
}

on_both_stores! {
    async fn a_task_and_a_check_are_about_whom_the_agency_itself_wrote_of(world: World) {
        let lantern = world.worker("lantern", "ms-placeholder");
        let oak = world.worker("fallowgate-carat", "fixture-oak");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        presented(&oak, elder()).await;
        let hers = presented(&lantern, elder()).await;
        let flag = set(&world, &lantern, hers, json!({})).await;
        assert_eq!(flag.status, 201, "{}", flag.json);
        presented(&cjit, elder()).await;
        let theirs = bytes(&world, person(&world, hers).as_bytes());
        let tasks = format!("task WHERE kind = 'contact-after-reappearance' AND person = {theirs}");
        assert_eq!(count(&world, &tasks), 1, "so that it goes with what the agency erases");

        // By whichever reference it is asked, a check is about whom its agency wrote of.
        let story = referred(&world).await;
        let written = stranger(&cjit, "Sample", "Whitebeam", "1961-11-23").await;
        put(&world, 1, &[(story.cjit.client_ref, 5), (written, 5)]);
        let asked = check(&cjit, story.cjit.client_ref).await;
        assert_eq!(asked.status, 201, "{}", asked.json);
        let about = bytes(&world, person(&world, written).as_bytes());
        let checks = format!("record WHERE kind = 'check' AND custodian = 'northmoor-cjit' AND person = {about}");
        assert_eq!(count(&world, &checks), 1);
    }
}
