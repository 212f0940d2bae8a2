//! Notices on paper: what is handed over, in plain words, by who may serve it; and nothing of a test.

use serde_json::json;
use throughgate::demo::actor::Answer;

use super::{Case, Desk, STATUTORY, enforced, initial, minute, notice, ra1, required};
use crate::support::{World, on_both_stores};

const PERSON: (&str, &str) = ("Testa", "Alder");

async fn printed(case: &Case, what: &str) -> Answer {
    let ask = case.desk.worker.get(format!("{}/notices/{what}", case.path)).purpose(STATUTORY);
    ask.about(case.desk.client_ref).with("Accept", "text/html").send().await.unwrap()
}

fn page(answer: &Answer) -> String {
    let text = String::from_utf8(answer.bytes.clone()).unwrap();
    assert_eq!(answer.status, 200, "{text}");
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.receipt.is_some(), "each page is on record");
    for word in ["opiate", "cocaine", "positive", "test result", "trigger", "Lantern"] {
        assert!(!text.contains(word), "{word}");
    }
    text
}

fn code(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.json["errors"][0]["code"].as_str().unwrap_or_else(|| answer.problem()))
}

on_both_stores! {
    async fn the_first_notice_is_printed_before_it_is_served_and_again_while_it_holds(world: World) {
        let police = Desk::police(&world, PERSON).await.opens(enforced(&world)).await;
        assert_eq!(code(&printed(&police, "ra1").await), (409, "no-appointment-booked"));
        let at = minute(&world, 60);
        police.acts("appointments", initial(&at)).await;
        let text = page(&printed(&police, "ra1").await);
        for said in ["You must come to an appointment", "Testa Alder", "1 Mill Lane, Northmoor", &at[11..], "stay until it ends",
            "you can be taken to court", "01632 960101", "At night and at weekends: 01632 960102", "Form RA1. DIP Operational Handbook 4.6, IE1."] {
            assert!(text.contains(said), "{said}: {text}");
        }
        // As data, for who prints it with a form of their own.
        let data = police.desk.get(&format!("{}/notices/ra1", police.path)).await;
        assert_eq!((&data.json["notice"], &data.json["at"]), (&json!("ra1"), &json!(at)));
        assert_eq!(code(&printed(&police, "ra2").await), (409, "no-earlier-notice"));
        police.acts("notices", ra1(&world)).await;
        page(&printed(&police, "ra1").await);

        // Moved: only the second notice tells the truth.
        let moved = minute(&world, 90);
        police.acts("appointments", initial(&moved)).await;
        assert_eq!(code(&printed(&police, "ra1").await), (409, "already-served"));
        let text = page(&printed(&police, "ra2").await);
        assert!(text.contains("Your appointment has changed") && text.contains(&moved[11..]) && text.contains("Form RA2."));
        police.acts("notices", notice(&world, "ra2")).await;
        page(&printed(&police, "ra2").await);
        assert_eq!(printed(&police, "ra3").await.status, 404);
        assert_eq!(printed(&police, "ra2?of=initial").await.status, 400);
    }
}

on_both_stores! {
    async fn the_follow_up_is_for_the_team_and_the_police_are_told_nothing_of_it(world: World) {
        let (police, team) = required(&world, PERSON, &minute(&world, 10)).await;
        world.clock.advance(20 * 60);
        let mut next = initial(&minute(&world, 120));
        next["appointment"] = json!("follow-up");
        next["place"] = json!("7 Quay Street, Northmoor");
        team.acts("appointments", next).await;
        let text = page(&printed(&team, "follow-up").await);
        assert!(text.contains("You must come to a second appointment") && text.contains("7 Quay Street"), "{text}");
        assert!(!text.contains("Alder"), "who asks for what the law requires reads no client record of the team's");
        // In her care the team reads how it wrote her name down itself.
        let ask = team.desk.worker.get(format!("{}/notices/follow-up", team.path)).about(team.desk.client_ref);
        assert_eq!(ask.send().await.unwrap().json["name"], "Testa Alder");
        for what in ["follow-up", "ra2?appointment=follow-up"] {
            assert_eq!(code(&printed(&police, what).await), (409, "for-the-team"), "{what}");
        }
        assert_eq!(code(&printed(&team, "ra1").await), (409, "for-the-police"));

        // Another role, and another agency.
        let breach_officer = police.desk.colleague(&world, "proxy-rowan");
        let refused = breach_officer.get(&format!("{}/notices/ra1", police.path)).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (403, "purpose-not-permitted"));
        let eastvale = Desk::at(&world, "eastvale-cjit", "sample-linden", PERSON).await;
        let refused = eastvale.get(&format!("{}/notices/follow-up", team.path)).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (404, "not-found-or-not-permitted"));

        team.acts("ending", json!({"reason": "restriction-on-bail"})).await;
        assert_eq!(code(&printed(&team, "follow-up").await), (409, "no-appointment-booked"));
    }
}
