//! Scenario 10, the caseload's half: Proxy Kale's review is due, comes early, and leads out of the case; a colleague disengages, and is
//! not closed without a warning; a third dies, and whatever was to be done about him ends.

use serde_json::json;

use super::caseload::{episode, step};
use super::caseload_life::{admit, kinds, named, record, review, tasks};
use crate::support::{World, on_both_stores};

on_both_stores! {
    async fn proxy_kale_and_two_others(world: World) {
        let worker = world.worker("northmoor-cjit", "testa-rowan");

        // SYN-011. Admitted on Monday 5 January 2026: the review is due on 27 April.
        let kale = world.client(&worker, "Proxy", "Kale").await;
        assert_eq!(admit(&worker, kale).await.status, 201);
        assert_eq!(episode(&worker, kale).await["review_due"], "2026-04-27");
        assert_eq!(tasks(&worker, "agency").await[0]["due"], "2026-04-27T22:59:00Z");
        // A job on 3 March brings it forward.
        let job = json!({"on": "2026-03-03", "event": "employment-training-education"});
        assert_eq!(step(&worker, kale, "note-event", job).await.status, 200);
        assert_eq!(episode(&worker, kale).await["review_due"], "2026-03-10");
        assert_eq!(tasks(&worker, "agency").await[0]["due"], "2026-03-10T23:59:00Z", "the task moves with it");
        assert_eq!(kinds(&worker).await, ["review-care-plan"]);
        // To leave by C7 needs a review that says so.
        let c7 = || step(&worker, kale, "close", json!({"close_code": "C7"}));
        let unreviewed = c7().await;
        assert_eq!((unreviewed.status.as_u16(), named(&unreviewed)), (422, vec!["review"]));
        let offends = record(&worker, kale, "reviews", review(true, true)).await;
        assert_eq!(offends.json["outcome"], "stay", "{}", offends.json);
        assert_eq!(named(&c7().await), ["review"]);
        let found = json!({"trigger": "significant-event", "event": "employment-training-education",
            "class_a": true, "offending": false, "prison": false, "person_took_part": true});
        let found = record(&worker, kale, "reviews", found).await;
        assert_eq!((found.status.as_u16(), &found.json["outcome"]), (201, &json!("exit-to-class-a-treatment")));
        assert_eq!(c7().await.status, 200);
        let closed = episode(&worker, kale).await;
        assert_eq!((&closed["state"], &closed["close_code"]), (&json!("closed"), &json!("C7")));
        assert!(closed["code_words"].as_str().unwrap().ends_with("because the service user is no longer offending"));
        assert_eq!(kinds(&worker).await, [""; 0]);

        // A colleague of his stays away: somebody goes after her within 24 hours, and C9 waits for each of what goes before it.
        let sorrel = world.client(&worker, "Specimen", "Sorrel").await;
        admit(&worker, sorrel).await;
        let c9 = || step(&worker, sorrel, "close", json!({"close_code": "C9"}));
        assert_eq!(named(&c9().await), ["disengagement"]);
        let told = json!({"on": "2026-01-05"});
        assert_eq!(step(&worker, sorrel, "set-expectations", told).await.status, 200);
        let before = world.journal.now();
        let away = json!({"offending_stopped": false});
        assert_eq!(step(&worker, sorrel, "note-disengagement", away).await.status, 200);
        let listed = tasks(&worker, "agency").await;
        let outreach = listed.iter().find(|task| task["kind"] == "reach-out").unwrap();
        let due: jiff::Timestamp = outreach["due"].as_str().unwrap().parse().unwrap();
        let hours = due.duration_since(before).as_secs_f64() / 3600.0;
        assert!((23.9..=24.1).contains(&hours), "{hours}");
        assert_eq!(named(&c9().await), ["reach_out"]);
        assert_eq!(step(&worker, sorrel, "reach-out", json!({"reached": false})).await.status, 200);
        assert!(!kinds(&worker).await.contains(&"reach-out".to_owned()));
        assert_eq!(named(&c9().await), ["warning"], "without a warning it is blocked");
        assert_eq!(step(&worker, sorrel, "warn", json!({})).await.status, 200);
        assert_eq!(c9().await.status, 200);

        // SYN-012 dies: every reminder ends, those of other resources too.
        let thistle = world.client(&worker, "Demo", "Thistle").await;
        admit(&worker, thistle).await;
        let day = |days: i64| (world.journal.now() + jiff::SignedDuration::from_hours(24 * days)).to_string()[..10].to_owned();
        let flag = json!({"type": "urgent-need", "reason": "Needs a bed.", "review_on": day(30), "expires_on": day(60)});
        let flag = worker.post(format!("/v1/clients/{thistle}/flags"), flag).about(thistle).send().await.unwrap();
        assert_eq!(flag.status, 201, "{}", flag.json);
        step(&worker, thistle, "note-disengagement", json!({"offending_stopped": false})).await;
        assert_eq!(kinds(&worker).await, ["re-engage", "reach-out", "review-care-plan", "review-flag"]);
        assert_eq!(step(&worker, thistle, "close", json!({"close_code": "C6"})).await.status, 200);
        assert_eq!(kinds(&worker).await, [""; 0]);
        let open = world.number("SELECT count(*) AS number FROM task WHERE state = 'open'");
        assert_eq!(open, 0);
    }
}
