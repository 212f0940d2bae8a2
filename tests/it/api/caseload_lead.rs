//! Who leads is agreed and never raced, and of all that is done for a person only the allocation of a case manager waits.

use serde_json::{Value, json};
use throughgate::clock::{Clock as _, SystemClock};
use throughgate::demo::actor::Answer;

use super::caseload::{all_at_once, allocate, answer, check, episode, open_episode, questions, step};
use crate::support::{World, on_both_stores, rounds};

fn waits_with(answer: &Answer) -> (u16, &str, &Value) {
    (answer.status.as_u16(), answer.problem(), &answer.json["errors"][0]["code"])
}

on_both_stores! {
    async fn only_the_allocation_of_a_case_manager_waits_for_a_check(world: World) {
        let (cjit, lantern) = (world.worker("northmoor-cjit", "testa-rowan"), world.worker("lantern", "ms-placeholder"));
        let hers = world.client(&lantern, "Demo", "Elder").await;
        open_episode(&lantern, hers).await;
        let ours = world.client(&cjit, "Demo", "Elder").await;
        let opened = json!({"admitted_on": "2026-01-05", "case_manager": "testa-rowan"});
        let path = format!("/v1/clients/{ours}/caseload-episodes");
        let with_manager = cjit.post(path, opened).about(ours).send().await.unwrap();
        assert_eq!(waits_with(&with_manager), (409, "invalid-transition", &json!("caseload-check-required")));
        assert_eq!(open_episode(&cjit, ours).await.status, 201, "the opening itself waits for nothing");

        // Without any check, and while one is awaited, everything but the allocation goes on.
        assert_eq!(waits_with(&allocate(&cjit, ours).await), (409, "invalid-transition", &json!("caseload-check-required")));
        assert_eq!(step(&cjit, ours, "assess", json!({})).await.status, 200);
        let checked = check(&cjit, ours).await;
        assert_eq!(checked.json["allocation"], "wait");
        assert_eq!(waits_with(&allocate(&cjit, ours).await), (409, "invalid-transition", &json!("caseload-check-awaited")));
        let today = SystemClock.now().to_string()[..10].to_owned();
        let agreed = json!({"dated_on": today, "items": [{"domain": "health", "need": "A dentist."}],
            "no_need_in": ["drug-and-alcohol", "offending", "social-functioning"],
            "agreement": {"agreed": true, "on": today, "copy_given": true}});
        assert_eq!(step(&cjit, ours, "care-plans", agreed).await.status, 201);
        assert_eq!(step(&cjit, ours, "plan", json!({})).await.status, 200);
        assert_eq!(step(&cjit, ours, "activate", json!({})).await.status, 200);
        let custody = json!({"suspend_code": "S1", "custody": {"received_on": today, "release_expected_on": today}});
        assert_eq!(step(&cjit, ours, "suspend", custody).await.status, 200);
        assert_eq!(step(&cjit, ours, "resume", json!({})).await.status, 200);

        assert_eq!(answer(&lantern, json!({"answer": "share"})).await.status, 200);
        let allocated = allocate(&cjit, ours).await;
        assert_eq!(allocated.status, 200, "{}", allocated.json);
        let ours_now = episode(&cjit, ours).await;
        assert_eq!((&ours_now["case_manager"], &ours_now["provisional"]), (&json!("testa-rowan"), &json!(false)));
        assert_eq!(ours_now["state"], "active", "an allocation moves no state");
    }
}

on_both_stores! {
    async fn without_an_answer_in_time_the_allocation_goes_on_provisionally_and_says_so(world: World) {
        let (cjit, lantern) = (world.worker("northmoor-cjit", "testa-rowan"), world.worker("lantern", "ms-placeholder"));
        let hers = world.client(&lantern, "Demo", "Elder").await;
        open_episode(&lantern, hers).await;
        let ours = world.client(&cjit, "Demo", "Elder").await;
        open_episode(&cjit, ours).await;
        check(&cjit, ours).await;
        world.clock.advance(6 * 86_400);
        let question = questions(&lantern).await.remove(0);
        assert_eq!(question["stage"], "escalated");
        assert_eq!(allocate(&cjit, ours).await.status, 200);
        assert_eq!(episode(&cjit, ours).await["provisional"], true);

        // A late answer still settles it.
        assert_eq!(answer(&lantern, json!({"answer": "keep-informed"})).await.status, 200);
        let settled = episode(&cjit, ours).await;
        assert_eq!((&settled["provisional"], &settled["part"]), (&json!(false), &json!("lead")));
        assert_eq!(episode(&lantern, hers).await["part"], "contributor");

        // A check does not count for ever.
        let mut world = world;
        world.later(29).await;
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        assert_eq!(waits_with(&allocate(&cjit, ours).await), (409, "invalid-transition", &json!("caseload-check-required")));
    }
}

on_both_stores! {
    async fn an_answer_moves_the_lead_at_both_sides_at_once(world: World) {
        let (cjit, lantern) = (world.worker("northmoor-cjit", "testa-rowan"), world.worker("lantern", "ms-placeholder"));
        for (surname, given, ours_then, theirs_then) in [
            ("Elder", "lead", "contributor", "lead"),
            ("Alder", "refer-back", "contributor", "lead"),
            ("Birch", "share", "contributor", "lead"),
            ("Cedar", "keep-informed", "lead", "contributor"),
            ("Hazel", "not-ours", "contributor", "provisional-lead"),
        ] {
            let hers = world.client(&lantern, "Demo", surname).await;
            open_episode(&lantern, hers).await;
            let ours = world.client(&cjit, "Demo", surname).await;
            open_episode(&cjit, ours).await;
            assert_eq!(episode(&cjit, ours).await["part"], Value::Null, "opening tells nothing of others");
            check(&cjit, ours).await;
            assert_eq!(answer(&lantern, json!({"answer": given})).await.status, 200);
            assert_eq!(episode(&cjit, ours).await["part"], ours_then, "{given}");
            if given == "not-ours" {
                // Lantern learns its own part by a check of its own.
                check(&lantern, hers).await;
                assert_eq!(answer(&cjit, json!({"answer": "not-ours"})).await.status, 200);
            }
            assert_eq!(episode(&lantern, hers).await["part"], theirs_then, "{given}");
        }
    }
}

on_both_stores! {
    async fn what_was_agreed_before_the_asker_opens_counts_when_it_does(world: World) {
        let (cjit, lantern) = (world.worker("northmoor-cjit", "testa-rowan"), world.worker("lantern", "ms-placeholder"));
        for (surname, given, part) in [("Elder", "lead", "contributor"), ("Alder", "keep-informed", "lead")] {
            let hers = world.client(&lantern, "Demo", surname).await;
            open_episode(&lantern, hers).await;
            let ours = world.client(&cjit, "Demo", surname).await;
            check(&cjit, ours).await;
            answer(&lantern, json!({"answer": given})).await;
            let opened = json!({"admitted_on": "2026-01-05", "case_manager": "testa-rowan"});
            let path = format!("/v1/clients/{ours}/caseload-episodes");
            assert_eq!(cjit.post(path, opened).about(ours).send().await.unwrap().status, 201);
            assert_eq!(episode(&cjit, ours).await["part"], part, "{given}");
        }
    }
}

on_both_stores! {
    async fn who_leaves_the_lead_to_the_asker_keeps_it_until_the_asker_opens(world: World) {
        let (cjit, lantern) = (world.worker("northmoor-cjit", "testa-rowan"), world.worker("lantern", "ms-placeholder"));
        let carat = world.worker("fallowgate-carat", "specimen-yew");
        let hers = world.client(&lantern, "Demo", "Elder").await;
        open_episode(&lantern, hers).await;
        let ours = world.client(&cjit, "Demo", "Elder").await;
        check(&cjit, ours).await;
        assert_eq!(answer(&lantern, json!({"answer": "keep-informed"})).await.status, 200);
        assert_eq!(episode(&lantern, hers).await["part"], "provisional-lead", "nobody else works with her yet");
        // A third opens first: that was not agreed.
        let theirs = world.client(&carat, "Demo", "Elder").await;
        open_episode(&carat, theirs).await;
        open_episode(&cjit, ours).await;
        assert_eq!(episode(&cjit, ours).await["part"], "lead");
        assert_eq!(episode(&lantern, hers).await["part"], "contributor");
        check(&carat, theirs).await;
        world.clock.advance(6 * 86_400);
        assert_eq!(episode(&carat, theirs).await["part"], "contributor");
    }
}

on_both_stores! {
    async fn who_said_that_it_leads_and_has_her_no_more_leads_nothing(world: World) {
        let (cjit, lantern) = (world.worker("northmoor-cjit", "testa-rowan"), world.worker("lantern", "ms-placeholder"));
        let hers = world.client(&lantern, "Demo", "Elder").await;
        open_episode(&lantern, hers).await;
        let ours = world.client(&cjit, "Demo", "Elder").await;
        check(&cjit, ours).await;
        assert_eq!(answer(&lantern, json!({"answer": "lead"})).await.status, 200);
        let closed = step(&lantern, hers, "close", json!({"close_code": "C1"})).await;
        assert_eq!(closed.status, 200, "{}", closed.json);
        open_episode(&cjit, ours).await;
        assert_eq!(episode(&cjit, ours).await["part"], "provisional-lead");
    }
}

on_both_stores! {
    async fn a_check_that_did_not_ask_who_leads_now_does_not_count(world: World) {
        let (cjit, lantern) = (world.worker("northmoor-cjit", "testa-rowan"), world.worker("lantern", "ms-placeholder"));
        let ours = world.client(&cjit, "Demo", "Elder").await;
        assert_eq!(check(&cjit, ours).await.json["outcome"], "clear");
        // Meanwhile Lantern takes her on.
        let hers = world.client(&lantern, "Demo", "Elder").await;
        open_episode(&lantern, hers).await;
        open_episode(&cjit, ours).await;
        assert_eq!(waits_with(&allocate(&cjit, ours).await), (409, "invalid-transition", &json!("caseload-check-required")));
        assert_eq!(check(&cjit, ours).await.json["outcome"], "held");
        answer(&lantern, json!({"answer": "keep-informed"})).await;
        assert_eq!(allocate(&cjit, ours).await.status, 200);
    }
}

on_both_stores! {
    async fn concurrent_openings_never_make_two_leads(world: World) {
        let workers = [
            world.worker("northmoor-cjit", "testa-rowan"),
            world.worker("lantern", "ms-placeholder"),
            world.worker("fallowgate-carat", "fixture-oak"),
        ];
        let mut people = Vec::new();
        for round in 0..rounds(20) {
            let surname = format!("Elder-{}", ["Ash", "Bay", "Fir", "Yew"][round % 4].repeat(1 + round / 4));
            let mut clients = Vec::new();
            for worker in &workers {
                clients.push(world.client(worker, "Demo", &surname).await);
            }
            let openings = workers.iter().zip(&clients).map(|(worker, client)| {
                let (worker, client) = (worker.clone(), *client);
                async move { open_episode(&worker, client).await }
            });
            for opened in all_at_once(openings).await {
                assert_eq!(opened.status, 201, "{}", opened.json);
            }
            for (worker, client) in workers.iter().zip(&clients) {
                assert_eq!(check(worker, *client).await.json["outcome"], "held");
            }
            people.push(clients);
        }
        // After the time of its own check each may know its part.
        world.clock.advance(6 * 86_400);
        for clients in people {
            let mut parts = Vec::new();
            for (worker, client) in workers.iter().zip(&clients) {
                parts.push(episode(worker, *client).await["part"].as_str().unwrap().to_owned());
            }
            parts.sort_unstable();
            assert_eq!(parts, ["contributor", "contributor", "provisional-lead"]);
        }
    }
}
