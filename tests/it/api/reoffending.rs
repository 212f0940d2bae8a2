//! Row 31: twenty leavers of a quarter, drawn by lot; what police tell of people whom they know; and the one figure that an area reads of it.

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::caseload::step;
use super::meetings::day;
use super::national::on_the_caseload;
use crate::support::{World, invented, on_both_stores, on_both_stores_at};

const MONITORING: Purpose = Purpose::ServiceMonitoring;

fn surname(number: usize) -> String {
    let letter = |place: usize| char::from(b'a' + u8::try_from(number / place % 26).unwrap());
    format!("Kale{}{}{}", letter(1), letter(26), letter(7))
}

/// Somebody whom a team had on its caseload, and whose case it closed in March.
async fn left_in_march(world: &World, team: &Actor, person: &str) {
    let client = on_the_caseload(world, team, ("Proxy", person), "2026-01-12").await;
    let prison = json!({"received_on": "2026-03-02", "release_expected_on": "2026-06-01"});
    let closed =
        step(team, client, "close", json!({"close_code": "C2", "on": "2026-03-10", "custody": prison})).await;
    assert_eq!(closed.status, 200, "{}", closed.json);
}

/// What the police call somebody.
async fn known_to(police: &Actor, person: &str) -> Handle {
    let known = police.post("/v1/clients", invented("Proxy", person)).purpose(Purpose::CourtOrStatutory);
    known.send().await.unwrap().handle("client_ref").unwrap()
}

async fn tells(worker: &Actor, client: Handle, body: Value) -> Answer {
    let path = format!("/v1/clients/{client}/offence-counts");
    worker.post(path, body).about(client).purpose(MONITORING).send().await.unwrap()
}

async fn told(police: &Actor, person: &str, months: [(&str, u32); 3]) {
    let client = known_to(police, person).await;
    for (month, offences) in months {
        let noted = tells(police, client, json!({"month": month, "offences": offences})).await;
        assert_eq!(noted.status, 201, "{}", noted.json);
    }
}

const NONE: [(&str, u32); 3] = [("2026-04", 0), ("2026-05", 0), ("2026-06", 0)];
const AGAIN: [(&str, u32); 3] = [("2026-04", 0), ("2026-05", 2), ("2026-06", 0)];

async fn hands_in(manager: &Actor) {
    let ask = manager.post("/v1/scorecard/submissions", json!({"quarter": "2026-Q2"})).purpose(MONITORING);
    let handed_in = ask.send().await.unwrap();
    assert_eq!(handed_in.status, 201, "{}", handed_in.json);
}

async fn reoffending(reader: &Actor, path: &str) -> Value {
    let read = reader.get(path).purpose(MONITORING).send().await.unwrap();
    assert_eq!(read.status, 200, "{}", read.json);
    let measures = read.json["measures"].as_array().unwrap();
    measures.iter().find(|measure| measure["id"] == "reoffending").unwrap().clone()
}

fn cells(measure: &Value, by: &str) -> Vec<(String, Option<u32>)> {
    let division =
        measure["divisions"].as_array().unwrap().iter().find(|division| division["by"] == by).unwrap();
    let cell = |cell: &Value| {
        let figure = cell["figure"].as_str().map(|figure| figure.parse().unwrap());
        (cell["cell"].as_str().unwrap().to_owned(), figure)
    };
    division["cells"].as_array().unwrap().iter().map(cell).collect()
}

const AREA: &str = "/v1/scorecard/area?quarter=2026-Q2";

on_both_stores_at! {
    "2026-07-02T10:00:00Z"
    async fn twenty_leavers_are_drawn_by_lot_and_counted_for_the_area_alone(world: World) {
        let mut world = world;
        let (cjit, police) = (world.worker("northmoor-cjit", "testa-rowan"), world.worker("northmoor-police", "proxy-thorn"));
        // Twenty-three left; police know and tell of twenty-one, of the next they lack a month, and the last they do not know.
        for number in 0..23 {
            left_in_march(&world, &cjit, &surname(number)).await;
        }
        for number in 0..21 {
            told(&police, &surname(number), if number < 8 { AGAIN } else { NONE }).await;
        }
        let lacking = known_to(&police, &surname(21)).await;
        for (month, offences) in &NONE[..2] {
            assert_eq!(tells(&police, lacking, json!({"month": month, "offences": offences})).await.status, 201);
        }
        // They tell of others just the same, and are answered the same.
        let stranger = known_to(&police, "Nobody").await;
        let of_a_stranger = tells(&police, stranger, json!({"month": "2026-05", "offences": 9})).await;
        let of_a_leaver = tells(&police, lacking, json!({"month": "2026-05", "offences": 0})).await;
        assert_eq!((of_a_stranger.status, &of_a_stranger.json, of_a_stranger.bytes.len()), (of_a_leaver.status, &of_a_leaver.json, of_a_leaver.bytes.len()));

        let manager = world.worker("northmoor-cjit", "mocky-aspen");
        hands_in(&manager).await;
        // The team's own figures hold nothing of it: who knows the twenty would learn of a few of them.
        let own = reoffending(&manager, "/v1/scorecard?from=2026-Q1&to=2026-Q2").await;
        assert_eq!((&own["standing"], &own["figure"], &own["divisions"]), (&json!("not-held"), &Value::Null, &json!([])));

        world.later(24).await;
        let analyst = world.worker("northmoor-commissioner", "mock-bilberry");
        let read = reoffending(&analyst, AREA).await;
        assert_eq!((&read["figure"], &read["standing"]), (&json!("20"), &json!("counted")), "{read}");
        let divided = cells(&read, "reoffending");
        let numbers: Vec<u32> = divided.iter().map(|(_, figure)| figure.unwrap()).collect();
        assert_eq!(divided.iter().map(|(cell, _)| cell.as_str()).collect::<Vec<_>>(), ["none", "again"]);
        assert!([[13, 7], [12, 8]].contains(&[numbers[0], numbers[1]]), "{numbers:?}");
        // What is told later changes nothing.
        told(&world.worker("northmoor-police", "proxy-thorn"), &surname(9), AGAIN).await;
        assert_eq!(reoffending(&analyst, AREA).await, read);
    }
}

on_both_stores_at! {
    "2026-07-02T10:00:00Z"
    async fn few_who_came_back_are_not_told_and_of_fewer_than_twenty_nothing_is_counted(world: World) {
        let mut world = world;
        let (cjit, police) = (world.worker("northmoor-cjit", "testa-rowan"), world.worker("northmoor-police", "proxy-thorn"));
        let eastvale = world.worker("eastvale-cjit", "sample-linden");
        for number in 0..20 {
            left_in_march(&world, &cjit, &surname(number)).await;
            told(&police, &surname(number), if number < 3 { AGAIN } else { NONE }).await;
        }
        for number in 30..49 {
            left_in_march(&world, &eastvale, &surname(number)).await;
            told(&police, &surname(number), NONE).await;
        }
        // One more is told of, and died: she is not asked after.
        let client = on_the_caseload(&world, &eastvale, ("Proxy", "Elder"), "2026-01-12").await;
        assert_eq!(step(&eastvale, client, "close", json!({"close_code": "C6", "on": "2026-03-10"})).await.status, 200);
        told(&police, "Elder", NONE).await;
        hands_in(&world.worker("northmoor-cjit", "mocky-aspen")).await;
        hands_in(&world.worker("eastvale-cjit", "dummy-larch")).await;

        world.later(24).await;
        let read = reoffending(&world.worker("northmoor-commissioner", "mock-bilberry"), AREA).await;
        assert_eq!(read["figure"], "20");
        assert!(cells(&read, "reoffending").iter().all(|(_, figure)| figure.is_none()), "three are too few, and would follow from seventeen: {read}");
        world.enrol_again("northmoor-commissioner", |board| board.area = "Eastvale".to_owned()).await;
        let read = reoffending(&world.worker("northmoor-commissioner", "mock-bilberry"), AREA).await;
        assert_eq!((&read["standing"], &read["figure"]), (&json!("not-held"), &Value::Null), "nineteen are not twenty");
    }
}

on_both_stores! {
    async fn police_tell_a_number_of_whom_they_know_and_nobody_reads_it(world: World) {
        let police = world.worker("northmoor-police", "proxy-thorn");
        let client = known_to(&police, "Kale").await;
        let last_month = &day(&world, -40)[..7];
        let this_month = &day(&world, 0)[..7];
        for (month, path) in [(this_month, "month"), ("2019-01", "month")] {
            let refused = tells(&police, client, json!({"month": month, "offences": 1})).await;
            assert_eq!((refused.status.as_u16(), &refused.json["errors"][0]["path"]), (422, &json!(path)), "{month}");
        }
        for wrong in [
            json!({"month": last_month, "offences": -1}),
            json!({"month": last_month, "offences": 1_000}),
            json!({"month": last_month, "offences": 1, "offence": "theft from a shop"}),
            json!({"month": "last", "offences": 1}),
        ] {
            let refused = tells(&police, client, wrong).await;
            assert_eq!(refused.status, 400, "{}", refused.json);
            assert!(!refused.json.to_string().contains("theft"));
        }
        assert_eq!(tells(&police, client, json!({"month": last_month, "offences": 1})).await.status, 201);
        let path = format!("/v1/clients/{client}/offence-counts");
        assert_eq!(police.get(&path).about(client).purpose(MONITORING).send().await.unwrap().status, 405, "it is not read back");
        // Nobody else tells any, nor of somebody whom they do not know.
        let cjit = world.worker("northmoor-cjit", "mocky-aspen");
        let ours = world.client(&cjit, "Proxy", "Kale").await;
        assert_eq!(tells(&cjit, ours, json!({"month": last_month, "offences": 1})).await.status, 403);
        assert_eq!(tells(&police, ours, json!({"month": last_month, "offences": 1})).await.status, 404);
        let custody = world.worker("northmoor-police", "proxy-briar");
        assert_eq!(tells(&custody, client, json!({"month": last_month, "offences": 1})).await.status, 403);
    }
}
