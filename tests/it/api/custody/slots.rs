//! Slots that teams offer, taken by whoever books in custody: at any hour, from any area, and each once.

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};

use super::{Desk, STATUTORY, codes, enforced, minute};
use crate::api::caseload::all_at_once;
use crate::support::{World, on_both_stores};

async fn offer(world: &World, agency: &str, worker: &str, hours: i64, kind: &str) -> String {
    let offered = json!({"appointment": kind, "at": minute(world, hours * 60), "place": "1 Mill Lane"});
    let answer = world.worker(agency, worker).post("/v1/appointment-slots", offered).send().await.unwrap();
    assert_eq!(answer.status, 201, "{}", answer.json);
    answer.json["id"].as_str().unwrap().to_owned()
}

async fn free(worker: &Actor, query: &str) -> Vec<Value> {
    let answer = worker.get(format!("/v1/appointment-slots{query}")).purpose(STATUTORY).send().await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.json);
    answer.json["slots"].as_array().unwrap().clone()
}

fn taking(slot: &str) -> Value {
    json!({"appointment": "initial", "slot": slot})
}

on_both_stores! {
    async fn police_take_a_slot_of_another_area_at_night_and_only_once(world: World) {
        let near = offer(&world, "northmoor-cjit", "testa-rowan", 9, "initial").await;
        let far = offer(&world, "eastvale-cjit", "sample-linden", 10, "initial").await;
        offer(&world, "eastvale-cjit", "sample-linden", 11, "follow-up").await;
        let police = Desk::police(&world, ("Testa", "Alder")).await;
        assert_eq!(free(&police.worker, "").await.len(), 3);
        let listed = free(&police.worker, "?area=Eastvale&appointment=initial").await;
        assert_eq!((listed.len(), &listed[0]["id"], &listed[0]["agency"]), (1, &json!(far), &json!("eastvale-cjit")));

        let case = police.opens(enforced(&world)).await;
        let both = json!({"appointment": "initial", "slot": far, "place": "elsewhere"});
        case.wrong("appointments", both, "slot").await;
        case.wrong("appointments", json!({"appointment": "initial", "at": minute(&world, 60)}), "slot").await;
        case.acts("appointments", taking(&far)).await;
        let booked = case.read().await["appointments"][0].clone();
        assert_eq!((&booked["agency"], &booked["place"]), (&json!("eastvale-cjit"), &json!("1 Mill Lane")));
        // Taken: for nobody else, and not withdrawn any more; and nothing says by whom.
        let other = Desk::police(&world, ("Dummy", "Ivy")).await.opens(enforced(&world)).await;
        other.blocked("appointments", taking(&far), &["slot-taken"]).await;
        assert_eq!(free(&police.worker, "?area=Eastvale&appointment=initial").await, Vec::<Value>::new());
        let eastvale = world.worker("eastvale-cjit", "sample-linden");
        let read = eastvale.get(format!("/v1/appointment-slots/{far}")).send().await.unwrap();
        assert_eq!(read.json, json!({"id": far, "agency": "eastvale-cjit", "appointment": "initial", "at": booked["at"], "place": "1 Mill Lane", "free": false}));
        let kept = eastvale.post(format!("/v1/appointment-slots/{far}/withdrawal"), json!({})).send().await.unwrap();
        assert_eq!((kept.status.as_u16(), kept.problem()), (409, "invalid-transition"));

        // One of its own that is free goes; another's is nobody's.
        let foreign = eastvale.post(format!("/v1/appointment-slots/{near}/withdrawal"), json!({})).send().await.unwrap();
        assert_eq!(foreign.status, 404);
        let own = world.worker("northmoor-cjit", "testa-rowan");
        assert_eq!(own.post(format!("/v1/appointment-slots/{near}/withdrawal"), json!({})).send().await.unwrap().status, 200);
        other.blocked("appointments", taking(&near), &["slot-taken"]).await;
    }
}

on_both_stores! {
    async fn of_many_who_take_a_slot_at_once_one_has_it(world: World) {
        let slot = offer(&world, "northmoor-cjit", "testa-rowan", 9, "initial").await;
        let mut cases = Vec::new();
        for surname in ["Ash", "Beech", "Cedar", "Damson", "Elder", "Fir"] {
            cases.push(Desk::police(&world, ("Racer", surname)).await.opens(enforced(&world)).await);
        }
        let asks = cases.iter().cloned().map(|case| {
            let slot = slot.clone();
            async move { case.act("appointments", taking(&slot)).await }
        });
        let answers: Vec<Answer> = all_at_once(asks).await;
        let won = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(won, 1);
        for lost in answers.iter().filter(|answer| answer.status != 200) {
            assert_eq!((lost.status.as_u16(), codes(lost)), (409, vec!["slot-taken".to_owned()]));
        }
        let mut booked = 0;
        for case in &cases {
            booked += case.read().await["appointments"].as_array().unwrap().len();
        }
        assert_eq!(booked, 1);
    }
}

on_both_stores! {
    async fn what_is_moved_taken_back_or_over_is_free_again_by_itself(world: World) {
        let mut slots = Vec::new();
        for hours in [9, 10, 11] {
            slots.push(offer(&world, "northmoor-cjit", "testa-rowan", hours, "initial").await);
        }
        let police = Desk::police(&world, ("Testa", "Alder")).await;
        let case = police.opens(enforced(&world)).await;
        let left = async || {
            let listed = free(&police.worker, "?appointment=initial").await;
            listed.iter().map(|slot| slots.iter().position(|known| slot["id"] == json!(known)).unwrap()).collect::<Vec<_>>()
        };
        case.acts("appointments", taking(&slots[0])).await;
        assert_eq!(left().await, [1, 2]);
        // Moved to another one: the first is free again.
        case.acts("appointments", taking(&slots[1])).await;
        assert_eq!(left().await, [0, 2]);
        let told = "SELECT count(*) AS number FROM event WHERE kind = 'slot.given-back' AND agency = 'northmoor-cjit'";
        assert_eq!(world.number(told), 1);
        // Somebody else takes it, and keeps it.
        let other = Desk::police(&world, ("Dummy", "Ivy")).await.opens(enforced(&world)).await;
        other.acts("appointments", taking(&slots[0])).await;
        case.blocked("appointments", taking(&slots[0]), &["slot-taken"]).await;
        // Taken back.
        case.acts("cancellations", json!({"appointment": "initial", "reason": "agreed-with-person"})).await;
        assert_eq!(left().await, [1, 2]);
        // The requirement ends before she came.
        other.acts("ending", json!({"reason": "withdrawn"})).await;
        assert_eq!(left().await, [0, 1, 2]);
        // What has gone by is offered to nobody.
        case.acts("appointments", taking(&slots[2])).await;
        world.clock.advance(11 * 3600 + 60);
        case.acts("cancellations", json!({"appointment": "initial", "reason": "agreed-with-person"})).await;
        assert_eq!(world.number("SELECT count(*) AS number FROM slot WHERE state = 'taken'"), 1);
    }
}

on_both_stores! {
    async fn only_teams_offer_and_only_who_books_looks(world: World) {
        let police = world.worker("northmoor-police", "proxy-thorn");
        let offered = json!({"appointment": "initial", "at": minute(&world, 60), "place": "1 Mill Lane"});
        let refused = police.post("/v1/appointment-slots", offered.clone()).purpose(STATUTORY).send().await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.problem()), (403, "purpose-not-permitted"));
        let past = json!({"appointment": "initial", "at": minute(&world, -60), "place": "1 Mill Lane"});
        let refused = world.worker("northmoor-cjit", "testa-rowan").post("/v1/appointment-slots", past).send().await.unwrap();
        assert_eq!((refused.status.as_u16(), &refused.json["errors"][0]["path"]), (422, &json!("at")));
        let housing = world.worker("testhomes", "example-beech");
        let refused = housing.get("/v1/appointment-slots").purpose(STATUTORY).send().await.unwrap();
        assert_eq!(refused.status, 403);
    }
}
