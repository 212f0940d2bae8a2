//! How appointments are kept, what each outcome needs, and what police learn of it.

use serde_json::json;

use super::{Desk, STATUTORY, enforced, initial, minute, missed, notice, proactive, ra1, required};
use crate::api::release::Team;
use crate::support::{World, on_both_stores};

const PERSON: (&str, &str) = ("Specimen", "Hazel");

on_both_stores! {
    async fn an_initial_assessment_ends_with_a_decision_and_a_notice(world: World) {
        let (_, team) = required(&world, PERSON, &minute(&world, 10)).await;
        world.clock.advance(20 * 60);
        let attended = |decision: &str| json!({"appointment": "initial", "outcome": "attended-and-remained", "at": minute(&world, 0), "follow_up": decision});
        let mut undecided = attended("needed");
        undecided["follow_up"] = json!(null);
        team.wrong("outcomes", undecided, "follow_up").await;
        team.blocked("outcomes", attended("care-plan-reviewed"), &["not-on-caseload-with-a-record"]).await;
        team.blocked("outcomes", attended("needed"), &["follow-up-not-booked", "follow-up-notice-not-served"]).await;
        let mut later = initial(&minute(&world, 60));
        later["appointment"] = json!("follow-up");
        team.acts("appointments", later).await;
        team.blocked("outcomes", attended("needed"), &["follow-up-notice-not-served"]).await;
        let mut unwritten = notice(&world, "follow-up");
        unwritten["in_writing"] = json!(false);
        team.wrong("notices", unwritten, "in_writing").await;
        team.acts("notices", notice(&world, "follow-up")).await;
        team.acts("outcomes", attended("needed")).await;
        assert_eq!(team.read().await["state"], "follow-up-awaited");
        team.blocked("outcomes", attended("needed"), &["no-appointment-booked"]).await;

        world.clock.advance(2 * 3600);
        let kept = json!({"appointment": "follow-up", "outcome": "attended-and-remained", "at": minute(&world, 0)});
        team.acts("outcomes", kept.clone()).await;
        assert_eq!(team.read().await["state"], "completed");
        team.blocked("outcomes", kept, &["completed"]).await;
    }
}

on_both_stores! {
    async fn a_failure_is_recorded_only_after_engagement_was_tried(world: World) {
        let (police, team) = required(&world, PERSON, &minute(&world, 10)).await;
        assert_eq!(police.attended().await, [("initial".to_owned(), "awaited".to_owned())]);
        team.wrong("outcomes", missed(&world, "initial"), "at").await;
        world.clock.advance(60 * 60);
        let mut untried = missed(&world, "initial");
        untried["engagement"] = json!(null);
        team.wrong("outcomes", untried, "engagement").await;
        let mut excused = missed(&world, "initial");
        excused["good_cause"] = json!("illness");
        team.wrong("outcomes", excused, "good_cause").await;
        // The police cannot record it, nor another team.
        police.blocked("outcomes", missed(&world, "initial"), &["for-the-team"]).await;
        team.acts("outcomes", missed(&world, "initial")).await;
        assert_eq!(police.attended().await, [("initial".to_owned(), "failed-to-attend".to_owned())]);

        // She was ill: what was recorded as a failure is excused, and she gets another appointment, with another notice.
        team.acts("outcomes", json!({"appointment": "initial", "outcome": "good-cause", "at": minute(&world, 0), "good_cause": "illness"})).await;
        assert_eq!(police.attended().await, [("initial".to_owned(), "excused".to_owned())]);
        team.acts("appointments", initial(&minute(&world, 120))).await;
        police.acts("notices", notice(&world, "ra2")).await;
        assert_eq!(police.attended().await[1], ("initial".to_owned(), "awaited".to_owned()));
    }
}

on_both_stores! {
    async fn who_refuses_to_engage_must_come_to_a_follow_up_all_the_same(world: World) {
        let (police, team) = required(&world, PERSON, &minute(&world, 10)).await;
        world.clock.advance(20 * 60);
        let refused = json!({"appointment": "initial", "outcome": "refused-to-engage", "at": minute(&world, 0), "engagement": "duty-restated"});
        team.blocked("outcomes", refused.clone(), &["follow-up-not-booked", "follow-up-notice-not-served"]).await;
        let mut next = initial(&minute(&world, 60));
        next["appointment"] = json!("follow-up");
        team.acts("appointments", next).await;
        team.acts("notices", notice(&world, "follow-up")).await;
        team.acts("outcomes", refused).await;
        assert_eq!(team.read().await["state"], "follow-up-awaited");
        let told = police.attended().await;
        assert_eq!(told[0], ("initial".to_owned(), "failed-to-remain".to_owned()));
        assert_eq!(told[1], ("follow-up".to_owned(), "awaited".to_owned()));
    }
}

on_both_stores! {
    async fn what_was_reviewed_on_the_caseload_satisfies_the_requirement(world: World) {
        let (_, team) = required(&world, PERSON, &minute(&world, 10)).await;
        let opened = crate::api::caseload::open_episode(&team.desk.worker, team.desk.client_ref).await;
        assert_eq!(opened.status, 201);
        world.clock.advance(20 * 60);
        let reviewed = json!({"appointment": "initial", "outcome": "attended-and-remained", "at": minute(&world, 0), "follow_up": "care-plan-reviewed"});
        // On the caseload, but without a signed record.
        team.blocked("outcomes", reviewed.clone(), &["not-on-caseload-with-a-record"]).await;
        Team { actor: team.desk.worker.clone(), client_ref: team.desk.client_ref }.signed_dir().await;
        team.acts("outcomes", reviewed).await;
        assert_eq!(team.read().await["state"], "completed");
    }
}

on_both_stores! {
    async fn there_is_no_release_without_the_notice_and_no_second_one(world: World) {
        let police = Desk::police(&world, PERSON).await.opens(enforced(&world)).await;
        let released = || json!({"at": minute(&world, 0), "disposal": "released-on-bail"});
        police.blocked("release", released(), &["initial-appointment-not-booked", "notice-not-served"]).await;
        police.blocked("notices", ra1(&world), &["no-appointment-booked"]).await;
        police.acts("appointments", initial(&minute(&world, 30))).await;
        police.blocked("release", released(), &["notice-not-served"]).await;
        let mut unnoted = ra1(&world);
        unnoted["dt1_at"] = json!(null);
        police.wrong("notices", unnoted, "dt1_at").await;
        police.acts("notices", ra1(&world)).await;
        world.clock.advance(60);
        // Moved, and she was not told: the notice that she holds is of another time.
        police.acts("appointments", initial(&minute(&world, 90))).await;
        police.blocked("release", released(), &["notice-not-served"]).await;
        police.blocked("notices", ra1(&world), &["already-served"]).await;
        police.acts("notices", notice(&world, "ra2")).await;
        police.blocked("notices", notice(&world, "ra2"), &["nothing-has-changed"]).await;
        let etag = police.read().await["etag"].as_str().unwrap().to_owned();
        police.acts("release", released()).await;
        police.blocked("release", released(), &["already-released"]).await;

        let ask = |etag: Option<&str>| {
            let ask = police.desk.worker.post(format!("{}/ending", police.path), json!({"reason": "withdrawn"})).purpose(STATUTORY);
            let ask = ask.about(police.desk.client_ref);
            if let Some(etag) = etag { ask.if_match(etag) } else { ask }
        };
        let stale = ask(Some(&etag)).send().await.unwrap();
        assert_eq!((stale.status.as_u16(), stale.problem()), (412, "version-conflict"));
        let blind = ask(None).send().await.unwrap();
        assert_eq!((blind.status.as_u16(), blind.problem()), (428, "precondition-required"));
        let notices = police.read().await["notices"].clone();
        assert_eq!((&notices[0]["superseded"], &notices[1]["superseded"]), (&json!(true), &json!(false)));
    }
}

on_both_stores! {
    async fn of_who_need_not_come_police_learn_only_with_consent(world: World) {
        let police = Desk::police(&world, PERSON).await;
        let mut sent = proactive(&world);
        sent["assessor"] = json!("northmoor-cjit");
        let police = police.opens(sent).await;
        let team = Desk::cjit(&world, PERSON).await.opens(proactive(&world)).await;
        team.acts("appointments", initial(&minute(&world, 10))).await;
        team.acts("agreement", json!({"agreed": true})).await;
        team.blocked("agreement", json!({"agreed": true}), &["already-asked"]).await;
        world.clock.advance(20 * 60);
        team.acts("outcomes", json!({"appointment": "initial", "outcome": "attended-and-remained", "at": minute(&world, 0), "follow_up": "needed"})).await;
        let refused = police.attendance().await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (404, "not-found-or-not-permitted"));

        // A consent that covers something else changes nothing; one that covers attendance does.
        for (segments, status) in [(json!(["identity", "housing"]), 404), (json!(["attendance"]), 200)] {
            team.desk.agrees(&world, "northmoor-police", "court-or-statutory", segments).await;
            assert_eq!(police.attendance().await.status, status);
        }
        assert_eq!(police.attended().await, [("initial".to_owned(), "attended-and-remained".to_owned())]);
    }
}
