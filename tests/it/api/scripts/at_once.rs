//! Who opens a script beside another agency's is told at once, and both are party to a conflict.

use serde_json::{Value, json};
use throughgate::demo::actor::Actor;
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::{Desk, held_beside_lantern, in_days, methadone, today};
use crate::api::caseload::{check, result};
use crate::api::linked::put;
use crate::support::{World, on_both_stores};

async fn read(worker: &Actor, client_ref: Handle, purpose: Purpose) -> (u16, Value) {
    let ask = worker.get(format!("/v1/clients/{client_ref}/scripts")).purpose(purpose).about(client_ref);
    let answer = ask.send().await.unwrap();
    (answer.status.as_u16(), answer.json)
}

on_both_stores! {
    async fn the_clinician_is_told_hold_drug_last_collection_and_a_neutral_contact(world: World) {
        let (lantern, cjit) = (Desk::lantern(&world).await, Desk::cjit(&world).await);
        let hers = lantern.opens(methadone(&world), "active").await;
        assert_eq!(hers.opened.json["elsewhere"]["hold"], false);
        hers.steps("collect", json!({}), "active").await;

        let held = cjit.opens(methadone(&world), "held").await;
        let told = &held.opened.json;
        let conflict = told["conflict"].as_str().expect("its own handle of the conflict");
        assert_eq!(told["elsewhere"], json!({
            "hold": true, "drug": "methadone", "last_collected_on": today(&world),
            "contact": {"telephone": "01632 960100", "reference": conflict},
        }));
        assert_eq!(cjit.scripts().await.json["elsewhere"], told["elsewhere"], "the same when it is read");
        let text = told.to_string();
        for word in ["lantern", "Lantern", "specialist", "960151", "sorrel"] {
            assert!(!text.contains(word), "{word}: {text}");
        }

        // Both are party, each under a handle of its own.
        let (ours, theirs) = (cjit.conflict().await, lantern.conflict().await);
        assert_eq!(ours.path, format!("/v1/conflicts/{conflict}"));
        assert_ne!(ours.path, theirs.path);
        let view = theirs.read().await;
        assert_eq!((&view["state"], &view["other"]["hold"]), (&json!("open"), &json!(false)), "ours is held: nothing is given");
        assert_eq!(view["contact"]["relay"]["reference"], theirs.path.rsplit('/').next().unwrap());
        assert_eq!(view["contact"]["named"], Value::Null);
        assert!(!view.to_string().contains("northmoor"), "{view}");
    }
}

on_both_stores! {
    async fn others_at_the_same_desk_are_told_one_word_and_police_nothing_whoever_it_is_about(world: World) {
        let (_, cjit) = held_beside_lantern(&world).await;
        let manager = world.worker("northmoor-cjit", "testa-rowan");
        let other = world.client(&manager, "Fixture", "Cedar").await;
        for purpose in [Purpose::ContinuityOfCare, Purpose::PrescribingSafety, Purpose::VitalInterests] {
            let (status, told) = read(&manager, cjit.client_ref, purpose).await;
            assert_eq!((status, &told["elsewhere"]), (200, &json!({"clinical_hold": true})), "{purpose}");
            assert_eq!(told["scripts"][0]["state"], "held", "its own agency's, by rule 0");
            let (_, clear) = read(&manager, other, purpose).await;
            assert_eq!(clear["elsewhere"], json!({"clinical_hold": false}), "{purpose}");
        }
        // A clinician who asks for anything but safety is told no more than they are.
        let (_, told) = read(&cjit.clinician, cjit.client_ref, Purpose::Treatment).await;
        assert_eq!(told["elsewhere"], json!({"clinical_hold": true}));

        let conflict = cjit.conflict().await.path;
        let refused = manager.get(&conflict).purpose(Purpose::PrescribingSafety).about(cjit.client_ref).send().await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.problem()), (403, "purpose-not-permitted"));
        let refused = manager.post(format!("/v1/clients/{}/scripts", cjit.client_ref), methadone(&world))
            .purpose(Purpose::PrescribingSafety).about(cjit.client_ref).send().await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.problem()), (403, "purpose-not-permitted"));

        for (agency, worker) in [
            ("northmoor-police", "proxy-thorn"), ("northmoor-probation", "trial-elm"), ("testhomes", "example-beech"),
        ] {
            let outsider = world.worker(agency, worker);
            for about in [cjit.client_ref, other, Handle::random()] {
                for purpose in [Purpose::PrescribingSafety, Purpose::VitalInterests, Purpose::CourtOrStatutory] {
                    let ask = outsider.get(format!("/v1/clients/{about}/scripts")).purpose(purpose).about(about);
                    let refused = ask.send().await.unwrap();
                    assert_eq!((refused.status.as_u16(), refused.problem()), (403, "purpose-not-permitted"), "{agency}");
                    assert!(refused.receipt.is_some());
                }
            }
            let refused = outsider.get("/v1/conflicts").purpose(Purpose::PrescribingSafety).send().await.unwrap();
            assert_eq!(refused.status, 403);
        }
    }
}

on_both_stores! {
    async fn dosing_does_not_wait_a_clinician_starts_all_the_same_and_says_why(world: World) {
        let (lantern, cjit) = held_beside_lantern(&world).await;
        let held = cjit.script().await;
        let refused = held.step("start", json!({})).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (409, "prescribing-conflict"));
        let text = refused.json.to_string();
        assert!(!text.contains("antern") && !text.contains("eastvale"), "{text}");
        let unsaid = held.step("start", json!({"clinical_reason": "withdrawal-risk"})).await;
        assert_eq!((unsaid.status.as_u16(), &unsaid.json["errors"][0]["path"]), (422, &json!("reason")));

        let why = json!({"clinical_reason": "withdrawal-risk", "reason": "In withdrawal at the desk; nobody answers."});
        let started = held.steps("start", why, "active").await;
        assert_eq!(started.json["elsewhere"]["hold"], true, "it goes on to be told");
        let theirs = lantern.conflict().await.read().await;
        assert_eq!(theirs["started_despite"], json!([{"by": "theirs", "reason": "withdrawal-risk"}]));
        assert!(!theirs.to_string().contains("nobody answers"), "the words are the log's");
        assert_eq!(theirs["other"]["hold"], true);
        assert_eq!(cjit.conflicts().await.len(), 1, "still the one conflict");
    }
}

on_both_stores! {
    async fn what_began_on_paper_keeps_its_first_day_and_a_clinician_says_why(world: World) {
        let (lantern, cjit) = (Desk::lantern(&world).await, Desk::cjit(&world).await);
        lantern.opens(methadone(&world), "active").await;
        let began = |days: i64, code: Option<&str>, words: Option<&str>| {
            let mut script = methadone(&world);
            script["started_on"] = json!(in_days(&world, days));
            (script["clinical_reason"], script["reason"]) = (json!(code), json!(words));
            script
        };
        let (code, words) = (Some("nothing-to-go-on-with"), Some("Released on Saturday; entered on Monday."));
        for (days, code, words, field) in [
            (-2, None, None, "clinical_reason"), (-2, code, None, "reason"), (-2, None, words, "clinical_reason"),
            (0, code, words, "clinical_reason"),
        ] {
            let refused = cjit.open(began(days, code, words)).await;
            let said = (refused.status.as_u16(), refused.problem(), &refused.json["errors"][0]["path"]);
            assert_eq!(said, (422, "unprocessable-document", &json!(field)), "{days} {code:?} {words:?}");
        }
        assert!(lantern.conflicts().await.is_empty(), "nothing was written");

        let late = cjit.opens(began(-2, code, words), "active").await;
        assert_eq!(late.opened.json["elsewhere"]["hold"], true);
        assert_eq!(late.read().await.json["started_on"], in_days(&world, -2));
        let theirs = lantern.conflict().await.read().await;
        assert_eq!(theirs["other"]["hold"], true, "it is given");
        assert_eq!(theirs["started_despite"], json!([{"by": "theirs", "reason": "nothing-to-go-on-with"}]));
        assert!(!theirs.to_string().contains("Saturday"), "the words are the log's");
        late.steps("collect", json!({"on": in_days(&world, -1)}), "active").await;

        // Beside nobody's it needs no reason.
        let client_ref = world.client(&cjit.clinician, "Fixture", "Cedar").await;
        let alone = Desk { clinician: cjit.clinician.clone(), client_ref };
        alone.opens(began(-2, None, None), "active").await;
    }
}

on_both_stores! {
    async fn a_planned_script_is_nobodys_conflict_until_it_would_start(world: World) {
        let (lantern, cjit) = (Desk::lantern(&world).await, Desk::cjit(&world).await);
        let mut planned = methadone(&world);
        planned["started_on"] = Value::Null;
        let script = cjit.opens(planned, "proposed").await;
        lantern.opens(methadone(&world), "active").await;
        assert!(lantern.conflicts().await.is_empty() && cjit.conflicts().await.is_empty());
        let held = script.steps("start", json!({}), "held").await;
        assert_eq!(held.json["elsewhere"]["hold"], true);
        assert_eq!((lantern.conflicts().await.len(), cjit.conflicts().await.len()), (1, 1));

        lantern.script().await.steps("end", json!({"end_reason": "completed"}), "ended").await;
        assert!(lantern.conflicts().await.is_empty() && cjit.conflicts().await.is_empty());
        let started = script.steps("start", json!({}), "active").await;
        assert_eq!(started.json["elsewhere"]["hold"], false);
        assert_eq!(started.json["conflict"], Value::Null);
        let mut future = methadone(&world);
        future["started_on"] = json!(in_days(&world, 2));
        let refused = cjit.open(future).await;
        assert_eq!((refused.status.as_u16(), &refused.json["errors"][0]["path"]), (422, &json!("started_on")));
    }
}

on_both_stores! {
    async fn with_three_each_two_are_in_conflict_and_each_sees_its_own(world: World) {
        let (lantern, cjit) = held_beside_lantern(&world).await;
        let treatment = Desk::treatment(&world).await;
        let mut diazepam = methadone(&world);
        diazepam["drug"] = json!("diazepam");
        treatment.opens(diazepam, "held").await;
        // Nothing is given on the CJIT's: it is in nobody's way.
        assert_eq!((treatment.conflicts().await.len(), cjit.conflicts().await.len()), (1, 1));
        assert_eq!(lantern.conflicts().await.len(), 2);
        let why = json!({"clinical_reason": "given-together", "reason": "Agreed with the consultant."});
        cjit.script().await.steps("start", why.clone(), "active").await;
        treatment.script().await.steps("start", why, "active").await;
        assert_eq!(cjit.conflicts().await.len(), 2);
        lantern.script().await.steps("end", json!({"end_reason": "duplicate"}), "ended").await;
        assert!(lantern.conflicts().await.is_empty());
        assert_eq!((treatment.conflicts().await.len(), cjit.conflicts().await.len()), (1, 1));
    }
}

on_both_stores! {
    async fn who_turns_out_to_be_one_with_her_is_held_too_until_they_are_two(world: World) {
        let lantern = Desk::lantern(&world).await;
        lantern.opens(methadone(&world), "active").await;
        let clinician = world.worker("northmoor-cjit", "dr-fixture-rowe");
        let client_ref = world.client(&clinician, "Fixture", "Cedar").await;
        let cjit = Desk { clinician, client_ref };
        assert_eq!(cjit.scripts().await.json["elsewhere"]["hold"], false, "somebody else");
        put(&world, 1, &[(lantern.client_ref, 1), (cjit.client_ref, 1)]);
        cjit.opens(methadone(&world), "held").await;
        let (ours, theirs) = (cjit.conflict().await, lantern.conflict().await);
        let transfer = json!({"outcome": "transferred", "keeps": "ours", "reason_code": "moved"});
        ours.steps("propose", transfer.clone(), "open").await;
        theirs.steps("decline", json!({}), "open").await;

        put(&world, 2, &[(lantern.client_ref, 1), (cjit.client_ref, 2)]);
        assert_eq!(cjit.scripts().await.json["elsewhere"]["hold"], false);
        assert_eq!(ours.read().await["other"], json!({"hold": false, "drug": null, "last_collected_on": null}));
        put(&world, 3, &[(lantern.client_ref, 1), (cjit.client_ref, 1)]);
        ours.steps("propose", transfer, "open").await;
        theirs.steps("agree", json!({}), "resolved").await;
        assert_eq!((lantern.script().await.state().await, cjit.script().await.state().await), ("ended".to_owned(), "active".to_owned()));
    }
}

on_both_stores! {
    async fn a_caseload_check_says_that_somebody_prescribes_and_no_more(world: World) {
        let lantern = Desk::lantern(&world).await;
        let worker = world.worker("northmoor-cjit", "testa-rowan");
        let client = world.client(&worker, "Sample", "Damson").await;
        let before = check(&worker, client).await;
        let script = lantern.opens(methadone(&world), "active").await;
        let meanwhile = check(&worker, client).await;
        let id = meanwhile.handle("id").unwrap();
        for (answer, hold) in [(&before, false), (&meanwhile, true), (&result(&worker, id, client).await, true)] {
            assert_eq!((&answer.json["outcome"], &answer.json["clinical_hold"]), (&json!("clear"), &json!(hold)));
            assert!(!answer.json.to_string().contains("methadone"), "{}", answer.json);
        }
        assert_eq!(before.bytes.len(), meanwhile.bytes.len());
        // Who prescribes is no holder, and is not asked; its own check holds up nobody.
        assert_eq!(check(&lantern.clinician, lantern.client_ref).await.json["clinical_hold"], json!(false));
        drop(script);
    }
}
