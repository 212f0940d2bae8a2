//! Scenario 7: breach. Specimen Hazel misses the initial assessment on Friday 30 January 2026 at 10:00. The clocks of red, amber and green; the
//! other offence where it is the follow-up; and what is no breach: stories of their own in `custody::breaches`.

use serde_json::{Value, json};
use throughgate::vocabulary::Purpose;

use super::custody::breaches::{Breach, PERSON, a_breach};
use super::custody::{Case, Desk, enforced, initial, minute, missed, notice, ra1};
use crate::support::{World, on_both_stores_at};

/// Both sides of what is required of a person, its notice served, for 10:00.
async fn at_ten(world: &World) -> (Case, Case) {
    let police = Desk::police(world, PERSON).await.opens(enforced(world)).await;
    police.acts("appointments", initial("2026-01-30T10:00")).await;
    police.acts("notices", ra1(world)).await;
    (police, Desk::cjit(world, PERSON).await.case().await)
}

on_both_stores_at! {
    "2026-01-30T09:00:00Z"
    async fn specimen_hazel(world: World) {
        let (police, team) = at_ten(&world).await;
        // 10:30. The team rang; nobody came. There was no good cause.
        world.clock.advance(90 * 60);
        team.acts("outcomes", json!({"appointment": "initial", "outcome": "did-not-attend", "at": "2026-01-30T10:30", "engagement": "call"})).await;
        let told = police.attendance().await;
        assert_eq!(told.json["appointments"], json!([{"appointment": "initial", "at": "2026-01-30T10:00", "attendance": "failed-to-attend"}]));

        // The clocks run from when she should have been there.
        let breach = Breach::open(&world, &police, "initial").await;
        assert_eq!(breach.read().await["failed_at"], "2026-01-30T10:00");
        assert_eq!(breach.read().await["statute"], "drugs-act-2005-s12-3");
        for (colour, due) in [("red", "2026-01-31T10:00:00Z"), ("amber", "2026-02-06T23:59:00Z"), ("green", "2026-02-28T23:59:00Z")] {
            breach.decides(colour).await;
            assert_eq!(breach.read().await["due"], due, "{colour}");
            // The task of whoever pursues it has the same time.
            let officer = world.worker("northmoor-police", "proxy-rowan");
            let tasks = officer.get("/v1/tasks?view=mine").purpose(Purpose::CourtOrStatutory).send().await.unwrap();
            let due_of = |task: &Value| (task["kind"].clone(), task["due"].clone());
            let listed: Vec<_> = tasks.json["tasks"].as_array().unwrap().iter().map(due_of).collect();
            assert_eq!(listed, [(json!("pursue-breach"), json!(due))], "{colour}");
        }

        // The follow-up that is missed is another offence.
        let (police, team) = {
            let person = ("Specimen", "Hawthorn");
            let police = Desk::police(&world, person).await.opens(enforced(&world)).await;
            police.acts("appointments", initial("2026-01-30T11:00")).await;
            police.acts("notices", ra1(&world)).await;
            (police, Desk::cjit(&world, person).await.case().await)
        };
        team.acts("appointments", json!({"appointment": "follow-up", "at": "2026-01-30T12:00", "place": "1 Mill Lane"})).await;
        team.acts("notices", notice(&world, "follow-up")).await;
        world.clock.advance(40 * 60);
        team.acts("outcomes", json!({"appointment": "initial", "outcome": "attended-and-remained", "at": minute(&world, 0), "follow_up": "needed"})).await;
        world.clock.advance(60 * 60);
        team.acts("outcomes", missed(&world, "follow-up")).await;
        assert_eq!(Breach::open(&world, &police, "follow-up").await.read().await["statute"], "drugs-act-2005-s14-3");
    }
}

/// Surnames of invented people who are unlike each other.
const SURNAMES: [&str; 29] = [
    "Alder", "Bramble", "Cedar", "Damson", "Elder", "Foxglove", "Gorse", "Hornbeam", "Ivory", "Juniper",
    "Kale", "Larch", "Myrtle", "Nettle", "Oak", "Poplar", "Quince", "Rowan", "Sorrel", "Thistle", "Umber",
    "Violet", "Willow", "Xylem", "Yarrow", "Zinnia", "Aspen", "Birch", "Chestnut",
];

on_both_stores_at! {
    "2026-01-30T09:00:00Z"
    async fn the_weekly_list_of_twenty_nine(world: World) {
        for (nth, surname) in SURNAMES.into_iter().enumerate() {
            let (_, _, breach) = a_breach(&world, ("Specimen", surname)).await;
            breach.decides(["red", "amber", "green"][nth % 3]).await;
            if nth < 23 {
                breach.steps("arrest", json!({"at": minute(&world, 0)}), "arrested").await;
            }
            match nth {
                0..15 => breach.steps("charge", json!({}), "charged").await,
                15..20 => breach.steps("drug-rehabilitation-requirement", json!({}), "drug-rehabilitation-requirement").await,
                _ => {}
            }
        }
        let officer = world.worker("northmoor-police", "proxy-rowan");
        let list = async |query: &str| {
            let ask = officer.get(format!("/v1/breaches{query}")).purpose(Purpose::CourtOrStatutory);
            let answer = ask.send().await.unwrap();
            assert_eq!(answer.status, 200, "{}", answer.json);
            answer.json
        };
        let week = list("").await;
        assert_eq!((&week["breaches"], &week["arrested"], &week["outstanding"]), (&json!(29), &json!(23), &json!(6)));
        assert_eq!(week["week_ending"], "2026-02-01");
        let lines = week["lines"].as_array().unwrap();
        let dues: Vec<&str> = lines.iter().map(|line| line["due"].as_str().unwrap()).collect();
        assert!(lines.len() == 6 && dues.is_sorted(), "the most urgent first: {dues:?}");
        assert!(lines.iter().all(|line| line["overdue"] == false));
        assert!(!week.to_string().contains("Specimen"), "a list names nobody");
        assert_eq!(list("?from=2026-02-01").await["breaches"], 0);
        // Two days on, the red ones are late.
        world.clock.advance(2 * 86_400);
        let late = list("").await;
        let late: Vec<&Value> = late["lines"].as_array().unwrap().iter().filter(|line| line["overdue"] == true).collect();
        assert!(!late.is_empty() && late.iter().all(|line| line["colour"] == "red"));
        let elsewhere = world.worker("northmoor-cjit", "testa-rowan");
        let refused = elsewhere.get("/v1/breaches").purpose(Purpose::CourtOrStatutory).send().await.unwrap();
        assert_eq!(refused.status, 403);
    }
}
