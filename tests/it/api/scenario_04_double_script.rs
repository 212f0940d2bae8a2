//! Scenario 4: double script. Sample Damson collects methadone that Lantern prescribes when the CJIT's prescriber opens another; who is
//! told what, how one ends and one goes on; and whom the matching desk must decide about first, of whom nothing is told. Each step's
//! other ways: stories of their own in `scripts`.

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::erasure::Officer;
use super::matching::{Desk as MatchingDesk, presented, somebody};
use super::scripts::{Desk, in_days, methadone, today};
use crate::support::{World, on_both_stores};

async fn scripts(worker: &Actor, client_ref: Handle, purpose: Purpose) -> Answer {
    let ask = worker.get(format!("/v1/clients/{client_ref}/scripts")).purpose(purpose).about(client_ref);
    ask.send().await.unwrap()
}

async fn desk(world: &World, agency: &str, clinician: &str, born: &str) -> Desk {
    let clinician = world.worker(agency, clinician);
    let client_ref = presented(&clinician, somebody("Sample", "Damson", born)).await;
    Desk { clinician, client_ref }
}

/// What a clinician is told of scripts elsewhere, but whom to ask, which is the same for everybody.
fn told(answer: &Answer) -> Value {
    let mut told = answer.json["elsewhere"].clone();
    told.as_object_mut().unwrap().remove("contact").unwrap();
    told
}

fn nothing() -> Value {
    json!({"hold": false, "drug": null, "last_collected_on": null})
}

on_both_stores! {
    async fn sample_damson(world: World) {
        let lantern = desk(&world, "lantern", "dr-sample-sorrel", "1988-02-28").await;
        let hers = lantern.opens(methadone(&world), "active").await;
        hers.steps("collect", json!({}), "active").await;

        // The CJIT's prescriber opens one. It is held, and she is told what to ask, and where.
        let cjit = desk(&world, "northmoor-cjit", "dr-fixture-rowe", "1988-02-28").await;
        let ours = cjit.opens(methadone(&world), "held").await;
        assert_eq!(told(&ours.opened), json!({"hold": true, "drug": "methadone", "last_collected_on": today(&world)}));
        let conflict = cjit.conflict().await;
        let reference = conflict.path.rsplit('/').next().unwrap();
        assert_eq!(ours.opened.json["elsewhere"]["contact"], json!({"telephone": "01632 960100", "reference": reference}));
        let text = ours.opened.json.to_string();
        assert!(!text.contains("antern") && !text.contains("sorrel"), "{text}");
        let refused = ours.step("start", json!({})).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (409, "prescribing-conflict"));

        // A worker at the same desk who is no clinician is told one word, and may not read what they settle.
        let worker = world.worker("northmoor-cjit", "testa-rowan");
        for purpose in [Purpose::ContinuityOfCare, Purpose::PrescribingSafety] {
            let answer = scripts(&worker, cjit.client_ref, purpose).await;
            assert_eq!((answer.status.as_u16(), &answer.json["elsewhere"]), (200, &json!({"clinical_hold": true})), "{purpose}");
        }
        let about = worker.get(&conflict.path).purpose(Purpose::PrescribingSafety).about(cjit.client_ref);
        assert_eq!(about.send().await.unwrap().status, 403);

        // Police are told nothing, and the same nothing whoever they ask about.
        let police = world.worker("northmoor-police", "proxy-thorn");
        for about in [cjit.client_ref, lantern.client_ref, Handle::random()] {
            for purpose in [Purpose::PrescribingSafety, Purpose::CourtOrStatutory] {
                let refused = scripts(&police, about, purpose).await;
                assert_eq!((refused.status.as_u16(), refused.problem()), (403, "purpose-not-permitted"));
                assert!(refused.receipt.is_some());
            }
        }

        // They speak. Lantern's ends and the CJIT's goes on, in one act of both.
        let theirs = lantern.conflict().await;
        let transfer = json!({"outcome": "transferred", "keeps": "ours", "reason_code": "spoken-to"});
        conflict.steps("propose", transfer, "open").await;
        assert_eq!((hers.state().await, ours.state().await), ("active".to_owned(), "held".to_owned()));
        theirs.steps("agree", json!({}), "resolved").await;
        assert_eq!((hers.state().await, ours.state().await), ("ended".to_owned(), "active".to_owned()));
        assert!(lantern.conflicts().await.is_empty() && cjit.conflicts().await.is_empty());
        assert_eq!(told(&cjit.scripts().await), nothing());
        let answer = scripts(&worker, cjit.client_ref, Purpose::PrescribingSafety).await;
        assert_eq!(answer.json["elsewhere"], json!({"clinical_hold": false}));
    }
}

on_both_stores! {
    async fn who_may_be_sample_damson_is_the_desks_to_decide_about(world: World) {
        let lantern = desk(&world, "lantern", "dr-sample-sorrel", "1988-02-28").await;
        lantern.opens(methadone(&world), "active").await;

        // Another date of birth. The desk is asked, and meanwhile nobody is told anything.
        let treatment = desk(&world, "eastvale-treatment", "dr-test-teasel", "1988-07-15").await;
        let matching = MatchingDesk::of(&world);
        let cases = matching.open().await;
        assert_eq!(cases.len(), 1, "{cases:?}");
        let script = treatment.opens(methadone(&world), "active").await;
        assert_eq!(told(&script.opened), nothing());
        assert_eq!(told(&lantern.scripts().await), nothing());
        let worker = world.worker("eastvale-treatment", "dummy-fennel");
        let answer = scripts(&worker, treatment.client_ref, Purpose::PrescribingSafety).await;
        assert_eq!(answer.json["elsewhere"], json!({"clinical_hold": false}));
        assert!(treatment.conflicts().await.is_empty() && lantern.conflicts().await.is_empty());

        // They are one: with that decision both clinicians are told, and have a task, as of any other conflict.
        assert_eq!(matching.decides(&cases[0], "same").await.status, 200);
        for desk in [&treatment, &lantern] {
            assert_eq!(told(&desk.scripts().await), json!({"hold": true, "drug": "methadone", "last_collected_on": null}));
        }
        let count = |of: &str| world.number(&format!("SELECT count(*) AS number FROM {of}"));
        let tasks = || count("task WHERE kind = 'resolve-conflict' AND state = 'open'");
        assert_eq!((count("event WHERE kind = 'script.conflict'"), tasks()), (2, 2));
        let proposal = json!({"outcome": "transferred", "keeps": "theirs", "reason_code": "spoken-to"});
        treatment.conflict().await.steps("propose", proposal, "open").await;
        lantern.conflict().await.steps("agree", json!({}), "resolved").await;
        assert_eq!((script.state().await, tasks()), ("ended".to_owned(), 0));
    }
}

on_both_stores! {
    async fn a_conflict_that_was_none_because_they_were_two_is_open_again_when_they_are_one(world: World) {
        let lantern = desk(&world, "lantern", "dr-sample-sorrel", "1988-02-28").await;
        let cjit = desk(&world, "northmoor-cjit", "dr-fixture-rowe", "1988-07-15").await;
        let matching = MatchingDesk::of(&world);
        let case = matching.open().await.remove(0);
        lantern.opens(methadone(&world), "active").await;
        let ours = cjit.opens(methadone(&world), "active").await;
        assert_eq!(matching.decides(&case, "same").await.status, 200);
        let proposal = json!({"outcome": "false-match", "reason_code": "not-this-person"});
        cjit.conflict().await.steps("propose", proposal, "open").await;
        lantern.conflict().await.steps("agree", json!({}), "resolved").await;
        assert!(lantern.conflicts().await.is_empty());

        // The desk parts them, and finds out that it was wrong.
        assert_eq!(matching.decides(&case, "different").await.status, 200);
        assert_eq!(matching.decides(&case, "same").await.status, 200);
        for desk in [&cjit, &lantern] {
            assert_eq!(told(&desk.scripts().await)["hold"], true);
        }
        let proposal = json!({"outcome": "ended", "keeps": "theirs", "reason_code": "spoken-to"});
        cjit.conflict().await.steps("propose", proposal, "resolved").await;
        assert_eq!(ours.state().await, "ended", "its own script a side ends without anybody's leave");
    }
}

on_both_stores! {
    async fn a_conflict_of_two_who_were_taken_for_one_goes_with_the_agency_that_erases_its_own(world: World) {
        let lantern = desk(&world, "lantern", "dr-sample-sorrel", "1988-02-28").await;
        let cjit = desk(&world, "northmoor-cjit", "dr-fixture-rowe", "1988-07-15").await;
        let matching = MatchingDesk::of(&world);
        let case = matching.open().await.remove(0);
        assert_eq!(matching.decides(&case, "same").await.status, 200);
        lantern.opens(methadone(&world), "active").await;
        let ours = cjit.opens(methadone(&world), "held").await;
        let theirs = lantern.conflict().await;
        let proposal = json!({"outcome": "false-match", "reason_code": "not-this-person"});
        cjit.conflict().await.steps("propose", proposal, "open").await;
        theirs.steps("agree", json!({}), "resolved").await;
        assert_eq!(matching.decides(&case, "different").await.status, 200);
        ours.steps("end", json!({"end_reason": "completed"}), "ended").await;

        let erased = Officer::of(&world, "northmoor-cjit", cjit.client_ref).erases().await;
        assert_eq!(erased.status, 200, "{}", erased.json);
        assert!(lantern.conflicts().await.is_empty());
        assert_eq!(lantern.get(&theirs.path).await.status, 404);
    }
}

on_both_stores! {
    async fn a_bridge_that_was_agreed_on_of_two_is_one_of_her_until_its_day(world: World) {
        let lantern = desk(&world, "lantern", "dr-sample-sorrel", "1988-02-28").await;
        let cjit = desk(&world, "northmoor-cjit", "dr-fixture-rowe", "1988-07-15").await;
        let matching = MatchingDesk::of(&world);
        let case = matching.open().await.remove(0);
        let hers = lantern.opens(methadone(&world), "active").await;
        let bridging = hers.steps("agree-bridge", json!({"until": in_days(&world, 3)}), "bridging").await;
        let mut script = methadone(&world);
        script["bridge_reference"] = bridging.json["bridge_reference"].clone();
        cjit.opens(script, "active").await;

        assert_eq!(matching.decides(&case, "same").await.status, 200);
        assert!(lantern.conflicts().await.is_empty() && cjit.conflicts().await.is_empty());
        assert_eq!(world.number("SELECT count(*) AS number FROM event WHERE kind = 'script.conflict'"), 0);
        world.clock.advance(4 * 86_400);
        assert_eq!((lantern.conflicts().await.len(), cjit.conflicts().await.len()), (1, 1), "its day has passed");
    }
}
