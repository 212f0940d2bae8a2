//! Two who prescribe at the same instant: one script runs, the other is held, and there is one conflict.

use serde_json::json;
use throughgate::demo::actor::Actor;
use throughgate::id::Handle;

use crate::api::scripts::{Desk, methadone};
use crate::support::{Process, World, invented, on_both_stores, rounds};

/// A person whom nobody else is like, as the client of each of these.
async fn client_of_each(actors: [Actor; 3], round: usize) -> [Desk; 3] {
    let mut desks = Vec::new();
    for clinician in actors {
        let person = invented(&format!("Sample{}", letters(round)), &format!("Damson{}", letters(round)));
        let answer = clinician.post("/v1/clients", person).send().await.unwrap();
        assert_eq!(answer.status, 201, "{}", answer.json);
        let client_ref: Handle = answer.handle("client_ref").unwrap();
        desks.push(Desk { clinician, client_ref });
    }
    desks.try_into().unwrap_or_else(|_| panic!("three desks"))
}

fn letters(number: usize) -> String {
    number.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect()
}

/// How many of each state there are.
fn counted(states: &[String], state: &str) -> usize {
    states.iter().filter(|each| *each == state).count()
}

on_both_stores! {
    async fn of_those_who_open_or_start_at_one_instant_at_two_gateways_exactly_one_runs(world: World) {
        let second = world.one_more(2);
        let gateway = Process::start(&world, &second);
        gateway.ready(&world).await;
        for round in 0..rounds(8) {
            let [lantern, cjit, treatment] = client_of_each([
                world.worker("lantern", "dr-sample-sorrel"),
                gateway.worker(&world, "northmoor-cjit", "dr-fixture-rowe"),
                world.worker("eastvale-treatment", "dr-test-teasel"),
            ], round).await;

            // Two open one at the same instant.
            let (one, other) = tokio::join!(lantern.open(methadone(&world)), cjit.open(methadone(&world)));
            assert_eq!((one.status.as_u16(), other.status.as_u16()), (201, 201), "{} {}", one.json, other.json);
            let states = [&one, &other].map(|answer| answer.json["state"].as_str().unwrap().to_owned());
            assert_eq!((counted(&states, "active"), counted(&states, "held")), (1, 1), "{states:?}");
            let told = [&one, &other].map(|answer| answer.json["elsewhere"]["hold"].as_bool().unwrap());
            assert_eq!(told.map(|told| if told { "held" } else { "active" }.to_owned()), states);
            assert_eq!((own_conflicts(&lantern).await, own_conflicts(&cjit).await), (1, 1));

            // A third joins while the first ends, and the held one is started: never two, whoever comes first.
            let (first, held) = if states[0] == "active" { (&lantern, &cjit) } else { (&cjit, &lantern) };
            let (running, waiting) = (first.script().await, held.script().await);
            running.steps("end", json!({"end_reason": "completed"}), "ended").await;
            let (started, opened) = tokio::join!(waiting.step("start", json!({})), treatment.open(methadone(&world)));
            assert_eq!(opened.status, 201, "{}", opened.json);
            assert_eq!(started.status, 200, "{}", started.json);
            let states = [&started, &opened].map(|answer| answer.json["state"].as_str().unwrap().to_owned());
            assert_eq!((counted(&states, "active"), counted(&states, "held")), (1, 1), "{states:?}");
            assert_eq!((own_conflicts(held).await, own_conflicts(&treatment).await), (1, 1));
            assert_eq!(own_conflicts(first).await, 0);
        }
    }
}

/// The open conflicts about the desk's own client.
async fn own_conflicts(desk: &Desk) -> usize {
    let own = desk.client_ref.to_string();
    desk.conflicts().await.iter().filter(|conflict| conflict["client_ref"] == own).count()
}
