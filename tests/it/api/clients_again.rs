//! What an agency knew of its client stays, whoever says less of her afterwards; and she is found by all of it.

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;

use super::linked::are_one;
use super::matching::{presented, somebody};
use super::release::referred;
use crate::support::{World, on_both_stores};

/// All that Lantern was told on the night when she came.
fn all_of_it() -> Value {
    json!({"person": {
        "names": [
            {"kind": "legal", "forename": "Demoline", "surname": "Elderberry"},
            {"kind": "former", "forename": "Demoline", "surname": "Quillfeather"},
            {"kind": "working", "forename": "Zzelda"}],
        "date_of_birth": "1988-02-28", "sex": "female", "prison_number": "A0001ZZ",
        "addresses": [{"kind": "current", "lines": ["1 Refuge Row"], "postcode": "ZZ1 1ZZ", "confidential": true}],
        "phones": [{"number": "01632 960001", "note": "after four", "confidential": true}],
        "safe_contact": {"channels": ["text"], "never": ["letter"], "instructions": "Say it is the library."}
    }})
}

async fn read(worker: &Actor, client: Handle) -> Answer {
    let read = worker.get(format!("/v1/clients/{client}")).about(client).send().await.unwrap();
    assert_eq!(read.status, 200, "{}", read.json);
    read
}

async fn change(worker: &Actor, client: Handle, person: Value) -> Answer {
    let etag = read(worker, client).await.etag().to_owned();
    let body = json!({"person": person});
    worker.patch(format!("/v1/clients/{client}"), body).about(client).if_match(etag).send().await.unwrap()
}

on_both_stores! {
    async fn who_is_presented_again_by_name_and_date_alone_loses_nothing(world: World) {
        let lantern = world.worker("lantern", "ms-placeholder");
        let client = presented(&lantern, all_of_it()).await;
        let before = read(&lantern, client).await;
        let again = json!({"person": {
            "names": [{"kind": "legal", "forename": "Demoline", "surname": "Elderberry"}], "date_of_birth": "1988-02-28",
        }});
        assert_eq!(presented(&lantern, again).await, client);
        let after = read(&lantern, client).await;
        assert_eq!(after.json["person"], before.json["person"]);
        assert_ne!(after.etag(), before.etag(), "it is a version of its own");
        // And she is found by what was not said anew.
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let mut by_former_name = somebody("Demoline", "Quillfeather", "1988-02-28");
        by_former_name["person"]["prison_number"] = json!("A0001ZZ");
        assert!(are_one(&world, client, presented(&cjit, by_former_name).await));
    }
}

on_both_stores! {
    async fn what_is_said_anew_comes_first_and_a_refuge_stays_one(world: World) {
        let lantern = world.worker("lantern", "ms-placeholder");
        let client = presented(&lantern, all_of_it()).await;
        let married = json!({"person": {
            "names": [{"kind": "legal", "forename": "Demoline", "surname": "Rowanberry"}], "date_of_birth": "1988-02-28",
            "prison_number": "A0001ZZ", "addresses": [{"kind": "current", "lines": ["1 REFUGE ROW"], "postcode": "ZZ1 1ZZ"}],
        }});
        assert_eq!(presented(&lantern, married).await, client);
        let person = read(&lantern, client).await.json["person"].clone();
        let names = person["names"].as_array().unwrap().iter();
        let names: Vec<_> = names.map(|name| (name["kind"].as_str().unwrap(), name["surname"].as_str())).collect();
        let former = ("former", Some("Elderberry"));
        assert_eq!(names, [("legal", Some("Rowanberry")), former, ("former", Some("Quillfeather")), ("working", None)]);
        assert_eq!(person["addresses"].as_array().unwrap().len(), 1);
        assert_eq!(person["addresses"][0]["confidential"], true);
    }
}

on_both_stores! {
    async fn a_change_touches_what_is_sent_and_nothing_else(world: World) {
        let lantern = world.worker("lantern", "ms-placeholder");
        let client = presented(&lantern, all_of_it()).await;
        let before = read(&lantern, client).await.json["person"].clone();
        let changed = change(&lantern, client, json!({"phones": [], "prison_number": null, "crn": "X000123"})).await;
        assert_eq!(changed.status, 200, "{}", changed.json);
        let mut expected = before;
        expected.as_object_mut().unwrap().remove("phones");
        expected.as_object_mut().unwrap().remove("prison_number");
        expected["crn"] = json!("X000123");
        assert_eq!(read(&lantern, client).await.json["person"], expected);

        let nameless = change(&lantern, client, json!({"names": []})).await;
        assert_eq!((nameless.status.as_u16(), nameless.problem()), (400, "malformed-request"));
        assert_eq!(nameless.json["errors"][0]["path"], "person.names");
        let unknown = change(&lantern, client, json!({"shoe_size": 5})).await;
        assert_eq!((unknown.status.as_u16(), unknown.problem()), (400, "malformed-request"));
        assert_eq!(read(&lantern, client).await.json["person"], expected, "what is refused changes nothing");
    }
}

on_both_stores! {
    async fn who_marries_is_found_by_the_new_name_and_the_date_that_was_known(world: World) {
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let client = presented(&carat, somebody("Demoline", "Elderberry", "1988-02-28")).await;
        let names = json!([
            {"kind": "legal", "forename": "Demoline", "surname": "Rowanberry"},
            {"kind": "former", "forename": "Demoline", "surname": "Elderberry"}]);
        let changed = change(&carat, client, json!({"names": names})).await;
        assert_eq!(changed.status, 200, "{}", changed.json);
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let mut told = somebody("Demoline", "Rowanberry", "1988-02-28");
        told["person"]["addresses"] = json!([]);
        assert!(are_one(&world, client, presented(&cjit, told).await));
    }
}

on_both_stores! {
    async fn who_was_referred_is_written_of_by_name_first(world: World) {
        let cjit = referred(&world).await.cjit;
        let phone = json!([{"number": "01632 960001"}]);
        let nameless = change(&cjit.actor, cjit.client_ref, json!({"phones": phone})).await;
        assert_eq!((nameless.status.as_u16(), nameless.problem()), (400, "malformed-request"));
        assert_eq!(nameless.json["errors"][0]["path"], "person.names");
        let named = json!({"phones": phone, "names": [{"kind": "legal", "forename": "Fixture", "surname": "Cedar"}]});
        let changed = change(&cjit.actor, cjit.client_ref, named).await;
        assert_eq!(changed.status, 200, "{}", changed.json);
    }
}
