//! Presenting a person, and reading back what one's own agency wrote.

use std::collections::BTreeSet;

use serde_json::json;
use throughgate::demo::actor::Answer;
use throughgate::id::Handle;

use super::linked::are_one;
use super::matching::{Desk, presented, somebody};
use crate::support::{World, on_both_stores};

on_both_stores! {
    async fn a_worker_presents_a_person_and_reads_her_back(world: World) {
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let presented = carat
            .post("/v1/clients", json!({"person": {
                "names": [{"kind": "legal", "forename": "Fixture", "surname": "Cedar"}],
                "date_of_birth": "1988-02-29", "sex": "female",
            }}))
            .send().await.unwrap();
        assert_eq!(presented.status, 201, "{}", presented.json);
        assert!(presented.receipt.is_some());
        let client_ref = presented.handle("client_ref").unwrap();
        assert_eq!(presented.header("location"), format!("/v1/clients/{client_ref}"));

        let read = carat.get(format!("/v1/clients/{client_ref}")).about(client_ref).send().await.unwrap();
        assert_eq!(read.status, 200, "{}", read.json);
        assert_eq!(read.json["person"]["names"][0]["surname"], "Cedar");
        assert_eq!(read.header("cache-control"), "no-store");
    }
}

on_both_stores! {
    async fn nobody_learns_whether_a_person_is_known(world: World) {
        let person = json!({"person": {
            "names": [{"kind": "legal", "forename": "Testa", "surname": "Alder"}],
            "date_of_birth": "1990-01-31", "sex": "female",
        }});
        let first = world.worker("lantern", "ms-placeholder").post("/v1/clients", person.clone()).send().await.unwrap();
        let second = world.worker("northmoor-cjit", "testa-rowan").post("/v1/clients", person).send().await.unwrap();
        assert_eq!((first.status, second.status), (201.try_into().unwrap(), 201.try_into().unwrap()));
        assert_eq!(first.bytes.len(), second.bytes.len());
        assert_ne!(first.handle("client_ref"), second.handle("client_ref"), "each agency has its own reference");
    }
}

on_both_stores! {
    async fn an_alias_that_only_another_agency_was_told_leads_to_no_reference_of_ones_own(world: World) {
        let (cjit, lantern) = (world.worker("northmoor-cjit", "testa-rowan"), world.worker("lantern", "ms-placeholder"));
        let ours = presented(&cjit, somebody("Demoline", "Elderberry", "1988-02-28")).await;
        let mut with_alias = somebody("Demoline", "Elderberry", "1988-02-28");
        let working_name = json!({"kind": "alias", "forename": "Zzelda", "surname": "Mockingbird"});
        with_alias["person"]["names"].as_array_mut().unwrap().push(working_name);
        let hers = presented(&lantern, with_alias).await;
        assert!(are_one(&world, ours, hers));

        // A guess at it, and one that is wrong: each is somebody whom the agency has not presented before.
        for surname in ["Mockingbird", "Whitethorn"] {
            let mut guess = somebody("Zzelda", surname, "1988-02-28");
            guess["person"]["addresses"] = json!([{"kind": "no-fixed-abode"}]);
            let guessed = presented(&cjit, guess).await;
            assert_ne!(guessed, ours);
            assert!(!are_one(&world, guessed, ours), "{surname}");
        }
        assert!(!Desk::of(&world).open().await.is_empty(), "the desk is asked");
        assert_eq!(presented(&cjit, somebody("Demoline", "Elderberry", "1988-02-28")).await, ours);
    }
}

on_both_stores! {
    async fn the_same_404_for_another_agencys_client_and_for_nobodys(world: World) {
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let client_ref = world.client(&carat, "Fixture", "Cedar").await;
        let theirs = cjit.get(format!("/v1/clients/{client_ref}")).about(client_ref).send().await.unwrap();
        let unknown = Handle::random();
        let nobodys = cjit.get(format!("/v1/clients/{unknown}")).about(unknown).send().await.unwrap();
        let wrong_subject = carat.get(format!("/v1/clients/{client_ref}")).about(unknown).send().await.unwrap();
        for answer in [&theirs, &nobodys, &wrong_subject] {
            assert_eq!(answer.status, 404);
            assert_eq!(answer.problem(), "not-found-or-not-permitted");
            assert_eq!(answer.bytes.len(), theirs.bytes.len());
            assert!(answer.receipt.is_some(), "a refusal is on record");
            assert!(answer.json["help_line"].is_string());
            let names = |answer: &Answer| answer.headers.keys().map(ToString::to_string).collect::<BTreeSet<_>>();
            assert_eq!(names(answer), names(&theirs));
        }
    }
}

on_both_stores! {
    async fn a_malformed_presentation_is_told_by_field_and_never_by_value(world: World) {
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let answer = carat
            .post("/v1/clients", json!({"person": {
                "names": [{"kind": "legal", "forename": "Canary\u{7}Zzyzx", "surname": "Cedar"}],
            }}))
            .send().await.unwrap();
        assert_eq!(answer.status, 400);
        assert_eq!(answer.json["errors"][0]["path"], "person.names[0].forename");
        assert!(!String::from_utf8_lossy(&answer.bytes).contains("Zzyzx"));
    }
}
