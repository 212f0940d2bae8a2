//! Outreach: somebody who gives no name is looked after and known to nobody else; what was noted she may let be joined to her.

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::caseload::check;
use super::erasure::Officer;
use super::joint::tasks;
use super::scripts::{Desk, methadone};
use crate::support::{World, on_both_stores};

fn contact(note: &str) -> Value {
    json!({"at": "2026-06-03T22:30", "setting": "street", "given": ["condoms"], "called": "Bird", "note": note})
}

pub async fn meets(worker: &Actor, note: &str) -> Handle {
    let met = worker.post("/v1/outreach-contacts", contact(note)).send().await.unwrap();
    assert_eq!(met.status, 201, "{}", met.json);
    met.handle("client_ref").unwrap()
}

async fn contacts(worker: &Actor, client: Handle) -> Answer {
    worker.get(format!("/v1/clients/{client}/outreach-contacts")).about(client).send().await.unwrap()
}

async fn notes(worker: &Actor, client: Handle) -> Vec<String> {
    let answer = contacts(worker, client).await;
    assert_eq!(answer.status, 200, "{}", answer.json);
    let listed = answer.json["contacts"].as_array().unwrap();
    listed.iter().map(|contact| contact["note"].as_str().unwrap().to_owned()).collect()
}

async fn joins(worker: &Actor, client: Handle, to: Handle, day: &str) -> Answer {
    let agreed = json!({"to": to, "agreed": "in-person", "agreed_on": day});
    worker.post(format!("/v1/clients/{client}/joining"), agreed).about(client).send().await.unwrap()
}

fn refusal(answer: &Answer) -> (u16, String) {
    let reason = answer.receipt.as_ref().map(|_| answer.problem().to_owned()).unwrap();
    (answer.status.as_u16(), reason)
}

on_both_stores! {
    async fn who_gives_no_name_is_known_to_nobody_else(world: World) {
        let lantern = world.worker("lantern", "ms-placeholder");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let elders = world.client(&cjit, "Demo", "Elder").await;
        let others = || world.number("SELECT count(*) AS number FROM handle WHERE agency <> 'lantern'")
            + world.number("SELECT count(*) AS number FROM match_token")
            + world.number("SELECT count(*) AS number FROM event");
        let before = others();
        let bird = meets(&lantern, "would like a warm coat").await;
        let again = lantern.post(format!("/v1/clients/{bird}/outreach-contacts"), contact("has one now"));
        assert_eq!(again.about(bird).send().await.unwrap().status, 201);
        assert_eq!(notes(&lantern, bird).await, ["would like a warm coat", "has one now"]);
        assert_eq!(others(), before, "nothing was written for anybody else, and nothing that can be matched");

        // What one agency calls somebody means nothing at another, and a landlord may not even ask.
        assert_eq!(contacts(&cjit, bird).await.status, 404);
        let housing = world.worker("testhomes", "example-beech");
        let asks = housing.post("/v1/outreach-contacts", contact("")).purpose(Purpose::HousingSupport);
        assert_eq!(refusal(&asks.send().await.unwrap()), (400, "malformed-request".to_owned()));
        let asks = housing.post("/v1/outreach-contacts", contact("x")).purpose(Purpose::HousingSupport);
        assert_eq!(refusal(&asks.send().await.unwrap()), (403, "purpose-not-permitted".to_owned()));

        // A name has no place in it, and a contact is noted after it took place.
        let mut named = contact("x");
        named["surname"] = json!("Elder");
        assert_eq!(lantern.post("/v1/outreach-contacts", named).send().await.unwrap().status, 400);
        let mut ahead = contact("x");
        ahead["at"] = json!("2190-01-01T10:00");
        let ahead = lantern.post("/v1/outreach-contacts", ahead).send().await.unwrap();
        assert_eq!((ahead.status.as_u16(), &ahead.json["errors"][0]["path"]), (422, &json!("at")));

        assert_eq!(check(&cjit, elders).await.json["outcome"], "clear");
        assert!(tasks(&lantern, Purpose::ContinuityOfCare).await.is_empty());
    }
}

on_both_stores! {
    async fn she_lets_it_be_joined_to_her_and_nobody_else_learns_of_it(world: World) {
        let lantern = world.worker("lantern", "ms-placeholder");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let elders = world.client(&cjit, "Demo", "Elder").await;
        let bird = meets(&lantern, "would like a warm coat").await;
        let other = meets(&lantern, "asked for naloxone").await;
        let today = world.journal.now().strftime("%Y-%m-%d").to_string();
        assert_eq!(refusal(&joins(&lantern, bird, other, &today).await), (409, "invalid-transition".to_owned()));

        let demo = world.client(&lantern, "Demo", "Elder").await;
        for (to, day, path) in [(Handle::random(), today.as_str(), "to"), (elders, &today, "to"), (demo, "2190-01-01", "agreed_on")] {
            let answer = joins(&lantern, bird, to, day).await;
            assert_eq!((answer.status.as_u16(), &answer.json["errors"][0]["path"]), (422, &json!(path)));
        }
        // The wrong way round, and by somebody who does not know this person.
        assert_eq!(joins(&lantern, demo, bird, &today).await.status, 409);
        assert_eq!(joins(&cjit, bird, elders, &today).await.status, 404);

        let others = || world.number("SELECT count(*) AS number FROM handle WHERE agency <> 'lantern'")
            + world.number("SELECT count(*) AS number FROM event WHERE agency <> 'lantern'");
        let before = others();
        let joined = joins(&lantern, bird, demo, &today).await;
        assert_eq!((joined.status.as_u16(), joined.handle("client_ref").unwrap()), (200, demo), "{}", joined.json);
        assert_eq!(others(), before);
        for reference in [bird, demo] {
            assert_eq!(notes(&lantern, reference).await, ["would like a warm coat"], "both lead to it");
        }
        assert_eq!(notes(&lantern, other).await, ["asked for naloxone"], "and to nothing of somebody else");
        assert_eq!(joins(&lantern, bird, demo, &today).await.status, 409, "once");
        // Who asks about her learns no more than before: nobody has her on a caseload.
        assert_eq!(check(&cjit, elders).await.json["outcome"], "clear");
        let theirs = contacts(&cjit, elders).await;
        assert_eq!((theirs.status.as_u16(), &theirs.json["contacts"]), (200, &json!([])));
    }
}

on_both_stores! {
    async fn what_was_joined_to_her_stays_when_another_agency_erases_her(world: World) {
        let lantern = world.worker("lantern", "ms-placeholder");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let elders = world.client(&cjit, "Demo", "Elder").await;
        let demo = world.client(&lantern, "Demo", "Elder").await;
        let bird = meets(&lantern, "would like a warm coat").await;
        let today = world.journal.now().strftime("%Y-%m-%d").to_string();
        assert_eq!(joins(&lantern, bird, demo, &today).await.status, 200);
        let erased = Officer::of(&world, "northmoor-cjit", elders).erases().await;
        assert_eq!(erased.status, 200, "{}", erased.json);
        for reference in [bird, demo] {
            assert_eq!(notes(&lantern, reference).await, ["would like a warm coat"]);
        }
        assert_eq!(world.number("SELECT count(*) AS number FROM match_pair"), 2, "and what joins them is known, whoever was erased");
        assert_eq!(Officer::of(&world, "lantern", demo).erases().await.status, 200);
        for table in ["match_pair", "person_identity", "person"] {
            assert_eq!(world.number(&format!("SELECT count(*) AS number FROM {table}")), 0, "{table}");
        }
    }
}

on_both_stores! {
    async fn what_is_prescribed_to_her_without_a_name_is_beside_what_others_prescribe_once_it_is_joined(world: World) {
        let lantern = world.worker("lantern", "ms-placeholder");
        let cjit = Desk::cjit(&world).await;
        cjit.opens(methadone(&world), "active").await;
        let sample = Desk::lantern(&world).await;
        let bird = meets(&lantern, "would like a warm coat").await;
        Desk { clinician: sample.clinician.clone(), client_ref: bird }.opens(methadone(&world), "active").await;
        assert!(cjit.conflicts().await.is_empty());
        let today = world.journal.now().strftime("%Y-%m-%d").to_string();
        assert_eq!(joins(&lantern, bird, sample.client_ref, &today).await.status, 200);
        assert_eq!((cjit.conflicts().await.len(), sample.conflicts().await.len()), (1, 1));
        assert_eq!(world.number("SELECT count(*) AS number FROM event WHERE kind = 'script.conflict'"), 2, "both are told");
    }
}
