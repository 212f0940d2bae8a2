//! How a conflict is settled: one side proposes and the other agrees, and what was agreed is done to both scripts at once.

use serde_json::{Value, json};
use throughgate::directory::AgencyStatus;
use throughgate::domain::operator::SetAgencyStatus;
use throughgate::journal::call::Call;
use throughgate::vocabulary::Purpose;

use super::{Conflict, Desk, held_beside_lantern, in_days, methadone};
use crate::support::{World, on_both_stores, rows};

fn proposal(outcome: &str, keeps: Option<&str>) -> Value {
    json!({"outcome": outcome, "keeps": keeps, "reason_code": "spoken-to"})
}

async fn states(lantern: &Desk, cjit: &Desk) -> (String, String) {
    (lantern.script().await.state().await, cjit.script().await.state().await)
}

fn two(lantern: &str, cjit: &str) -> (String, String) {
    (lantern.to_owned(), cjit.to_owned())
}

async fn assert_settled(lantern: &Desk, cjit: &Desk) {
    assert!(lantern.conflicts().await.is_empty() && cjit.conflicts().await.is_empty());
}

on_both_stores! {
    async fn a_transfer_ends_one_and_starts_the_other_in_one_act(world: World) {
        let (lantern, cjit) = held_beside_lantern(&world).await;
        let (ours, theirs) = (cjit.conflict().await, lantern.conflict().await);
        ours.steps("propose", proposal("transferred", Some("ours")), "open").await;
        assert_eq!(states(&lantern, &cjit).await, two("active", "held"), "until the other side agrees");
        let alone = ours.step("agree", json!({})).await;
        assert_eq!((alone.status.as_u16(), alone.problem()), (409, "invalid-transition"));
        assert_eq!(alone.json["errors"][0]["code"], "withdraw");
        assert_eq!(lantern.conflicts().await[0]["answer_awaited"], true);
        let view = theirs.read().await;
        assert_eq!(view["proposal"], json!({
            "by": "theirs", "outcome": "transferred", "keeps": "theirs", "until": null, "reason": "spoken-to",
        }));
        assert_eq!(view["possible"], json!(["agree", "decline"]));

        theirs.steps("agree", json!({"reason": "Spoke on the telephone at noon."}), "resolved").await;
        assert_eq!(states(&lantern, &cjit).await, two("ended", "active"));
        assert_eq!(lantern.script().await.read().await.json["end_reason"], "transferred");
        assert_settled(&lantern, &cjit).await;
        assert_eq!(cjit.scripts().await.json["elsewhere"]["hold"], false);
        assert_eq!(ours.read().await["resolution"]["outcome"], "transferred");
    }
}

on_both_stores! {
    async fn one_ends_and_the_other_goes_on(world: World) {
        let (lantern, cjit) = held_beside_lantern(&world).await;
        let ours = cjit.conflict().await;
        // Its own script a side ends without anybody's leave.
        ours.steps("propose", proposal("ended", Some("theirs")), "resolved").await;
        assert_eq!(states(&lantern, &cjit).await, two("active", "ended"));
        assert_eq!(cjit.script().await.read().await.json["end_reason"], "duplicate");
        assert_settled(&lantern, &cjit).await;
    }
}

on_both_stores! {
    async fn nobody_ends_the_others_script_but_by_its_leave(world: World) {
        let (lantern, cjit) = held_beside_lantern(&world).await;
        let (ours, theirs) = (cjit.conflict().await, lantern.conflict().await);
        ours.steps("propose", proposal("ended", Some("ours")), "open").await;
        theirs.steps("decline", json!({}), "open").await;
        ours.steps("propose", proposal("ended", Some("ours")), "open").await;
        ours.steps("withdraw", json!({}), "open").await;
        assert_eq!(states(&lantern, &cjit).await, two("active", "held"));
        ours.steps("propose", proposal("ended", Some("ours")), "open").await;
        theirs.steps("agree", json!({}), "resolved").await;
        assert_eq!(states(&lantern, &cjit).await, two("ended", "held"), "the other is started by its clinician");
        cjit.script().await.steps("start", json!({}), "active").await;
        assert_settled(&lantern, &cjit).await;
    }
}

on_both_stores! {
    async fn a_guest_dose_goes_on_beside_the_other_until_its_day(world: World) {
        let (lantern, cjit) = held_beside_lantern(&world).await;
        let (ours, theirs) = (cjit.conflict().await, lantern.conflict().await);
        let mut guest = proposal("guest-dose", Some("theirs"));
        guest["until"] = json!(in_days(&world, 2));
        ours.steps("propose", guest, "open").await;
        theirs.steps("agree", json!({}), "resolved").await;
        assert_eq!(states(&lantern, &cjit).await, two("active", "bridging"));
        assert_settled(&lantern, &cjit).await;
        world.clock.advance(3 * 86_400);
        assert_eq!((lantern.conflicts().await.len(), cjit.conflicts().await.len()), (1, 1), "its day has passed");
        cjit.script().await.steps("end", json!({"end_reason": "completed"}), "ended").await;
        assert_settled(&lantern, &cjit).await;
        assert_eq!(theirs.read().await["resolution"]["outcome"], "guest-dose");
    }
}

/// Lantern and the CJIT agree on this while the treatment agency's script runs, too. Lantern's stands there then, and the CJIT's waits.
async fn agree_beside_a_third<'d>(
    (lantern, cjit, treatment): (&Desk, &'d Desk, &Desk),
    agreed: Value,
    stands: &str,
) -> Conflict<'d> {
    let (ours, theirs) = (cjit.conflict().await, lantern.conflict().await);
    let why = json!({"clinical_reason": "given-together", "reason": "Agreed with the consultant."});
    let diazepam = json!({"drug": "diazepam", "dose_band": "low", "collection": "weekly", "supervised": false,
        "started_on": Value::Null});
    treatment.opens(diazepam, "proposed").await.steps("start", why, "active").await;
    assert_eq!(cjit.conflicts().await.len(), 1, "nothing is given on the CJIT's");
    ours.steps("propose", agreed, "open").await;
    theirs.steps("agree", json!({}), "resolved").await;
    assert_eq!(states(lantern, cjit).await, two(stands, "held"), "nobody asked the third");
    assert_ne!(cjit.conflict().await.path, ours.path, "the one with the third");
    let refused = cjit.script().await.step("start", json!({})).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (409, "prescribing-conflict"));
    ours
}

fn told_of_a_conflict(world: &World, agency: &str) -> i64 {
    let events = "SELECT count(*) AS number FROM event WHERE kind = 'script.conflict'";
    world.number(&format!("{events} AND agency = '{agency}'"))
}

on_both_stores! {
    async fn a_transfer_starts_nothing_beside_a_third(world: World) {
        let (lantern, cjit) = held_beside_lantern(&world).await;
        let treatment = Desk::treatment(&world).await;
        agree_beside_a_third((&lantern, &cjit, &treatment), proposal("transferred", Some("ours")), "ended").await;
        assert_eq!(treatment.conflicts().await.len(), 1, "Lantern's has ended");
        // It was told of the one that ended, and of the one that began.
        assert_eq!(told_of_a_conflict(&world, "eastvale-treatment"), 3);
        let why = json!({"clinical_reason": "given-together", "reason": "Spoke to the third at noon."});
        cjit.script().await.steps("start", why, "active").await;
        let theirs = treatment.conflict().await.read().await;
        assert_eq!(theirs["started_despite"], json!([{"by": "theirs", "reason": "given-together"}]));
    }
}

on_both_stores! {
    async fn a_guest_dose_starts_nothing_beside_a_third(world: World) {
        let (lantern, cjit) = held_beside_lantern(&world).await;
        let treatment = Desk::treatment(&world).await;
        let mut guest = proposal("guest-dose", Some("theirs"));
        guest["until"] = json!(in_days(&world, 2));
        let ours = agree_beside_a_third((&lantern, &cjit, &treatment), guest, "active").await;
        assert_eq!((treatment.conflicts().await.len(), told_of_a_conflict(&world, "eastvale-treatment")), (2, 2));
        lantern.script().await.steps("collect", json!({}), "active").await;
        assert_eq!(ours.read().await["state"], "resolved", "what was agreed stands while nothing is given");
        let why = json!({"clinical_reason": "given-together", "reason": "Spoke to the third at noon."});
        cjit.script().await.steps("start", why, "active").await;
        assert_eq!(ours.read().await["state"], "open", "it runs without an end");
    }
}

on_both_stores! {
    async fn a_guest_dose_that_is_resumed_is_a_conflict_at_once_and_both_are_told(world: World) {
        let (lantern, cjit) = held_beside_lantern(&world).await;
        let mut guest = proposal("guest-dose", Some("theirs"));
        guest["until"] = json!(in_days(&world, 2));
        cjit.conflict().await.steps("propose", guest, "open").await;
        lantern.conflict().await.steps("agree", json!({}), "resolved").await;
        let events = || told_of_a_conflict(&world, "lantern");
        // What is due, from now: at once, or only when the dose is over.
        let due = || world.number("SELECT max(remind_us) AS number FROM task WHERE kind = 'resolve-conflict' AND state = 'open'");
        let (told, at_its_end) = (events(), due());

        let resumed = cjit.script().await.steps("resume", json!({}), "active").await;
        let ours = cjit.conflict().await;
        let reference = &resumed.json["elsewhere"]["contact"]["reference"];
        assert_eq!((&resumed.json["elsewhere"]["hold"], reference), (&json!(true), &resumed.json["conflict"]));
        assert_eq!(ours.path, format!("/v1/conflicts/{}", resumed.json["conflict"].as_str().unwrap()));
        assert_eq!((lantern.conflicts().await.len(), events()), (1, told + 1));
        assert!(due() < at_its_end, "there is something to do now");
        assert_eq!(ours.read().await["resolution"], Value::Null);
    }
}

on_both_stores! {
    async fn two_people_are_for_the_matching_desk_and_hold_nobody_up(world: World) {
        let (lantern, cjit) = held_beside_lantern(&world).await;
        let (ours, theirs) = (cjit.conflict().await, lantern.conflict().await);
        theirs.steps("propose", json!({"outcome": "false-match", "reason_code": "not-this-person"}), "open").await;
        assert_eq!(cjit.scripts().await.json["elsewhere"]["hold"], true, "one side alone says nothing");
        assert_eq!(ours.read().await["other"]["drug"], "methadone");
        ours.steps("agree", json!({}), "resolved").await;
        for side in [&ours, &theirs] {
            let other = side.read().await["other"].clone();
            assert_eq!(other, json!({"hold": false, "drug": null, "last_collected_on": null}), "somebody else's");
        }
        assert_eq!(cjit.scripts().await.json["elsewhere"]["hold"], false);
        cjit.script().await.steps("start", json!({}), "active").await;
        assert_settled(&lantern, &cjit).await;
    }
}

on_both_stores! {
    async fn only_its_two_sides_know_of_a_conflict_and_each_step_is_on_the_version_that_was_read(world: World) {
        let (_, cjit) = held_beside_lantern(&world).await;
        let treatment = Desk::treatment(&world).await;
        let ours = cjit.conflict().await;
        assert_eq!(treatment.get(&ours.path).await.status, 404);
        assert_eq!(treatment.post(&format!("{}/propose", ours.path), "\"x\"", json!({})).await.status, 404);
        let propose = proposal("transferred", Some("ours"));
        let path = format!("{}/propose", ours.path);
        assert_eq!(cjit.post(&path, "", propose.clone()).await.status, 428);
        let etag = ours.read().await["etag"].as_str().unwrap().to_owned();
        assert_eq!(cjit.post(&path, &etag, propose.clone()).await.status, 200);
        let stale = cjit.post(&path, &etag, propose).await;
        assert_eq!((stale.status.as_u16(), stale.problem()), (412, "version-conflict"));
        let nurse = world.worker("eastvale-treatment", "mock-tansy");
        let refused = nurse.post(path, json!({})).purpose(Purpose::PrescribingSafety).if_match(etag)
            .about(treatment.client_ref).send().await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.problem()), (403, "purpose-not-permitted"));
    }
}

on_both_stores! {
    async fn with_her_consent_the_other_side_is_named_and_never_for_less(world: World) {
        let (lantern, cjit) = held_beside_lantern(&world).await;
        let named = async || cjit.conflict().await.read().await["contact"]["named"].clone();
        let consent = async |segments: Value, recipients: Value| {
            let mut terms = crate::api::consents::terms(&world);
            terms["disclosing_agencies"] = json!(["lantern"]);
            (terms["recipients"], terms["segments"]) = (recipients, segments);
            terms["purposes"] = json!(["prescribing-safety"]);
            let project = world.worker("lantern", "ms-placeholder");
            let path = format!("/v1/clients/{}/consents", lantern.client_ref);
            let answer = project.post(path, terms).about(lantern.client_ref).send().await.unwrap();
            assert_eq!(answer.status, 201, "{}", answer.json);
        };
        // What the agency's type would tell needs her leave too.
        consent(json!(["prescribing"]), json!(["northmoor-cjit"])).await;
        assert_eq!(named().await, Value::Null);
        consent(json!(["prescribing", "sex-work"]), json!(["eastvale-treatment"])).await;
        assert_eq!(named().await, Value::Null);
        consent(json!(["prescribing", "sex-work"]), json!(["northmoor-cjit"])).await;
        assert_eq!(named().await, json!({
            "agency": "Lantern", "telephone": "01632 960151", "telephone_out_of_hours": "07700 900151",
        }));
        assert_eq!(lantern.conflict().await.read().await["contact"]["named"], Value::Null, "it is for this recipient alone");
    }
}

on_both_stores! {
    async fn what_an_agency_prescribed_that_has_left_counts_until_somebody_says_why_not(world: World) {
        let (_, cjit) = held_beside_lantern(&world).await;
        let ours = cjit.conflict().await;
        let said = json!({"outcome": "transferred", "keeps": "ours", "reason_code": "moved", "reason": "Lantern has closed."});
        ours.steps("propose", said.clone(), "open").await;
        ours.steps("withdraw", json!({}), "open").await;

        let leave = SetAgencyStatus { agency: "lantern".parse().unwrap(), status: AgencyStatus::Suspended };
        let call = Call::system("set_agency_status", world.journal.directory().epoch());
        assert!(world.journal.record(call, leave).await.is_ok());
        world.journal.directory_refreshed().await.unwrap();
        let treatment = Desk::treatment(&world).await;
        treatment.opens(methadone(&world), "held").await;
        assert_eq!(treatment.scripts().await.json["elsewhere"]["hold"], true, "it may be given still");
        let unsaid = ours.step("propose", proposal("transferred", Some("ours"))).await;
        assert_eq!((unsaid.status.as_u16(), &unsaid.json["errors"][0]["path"]), (422, &json!("reason")));
        assert_eq!(cjit.script().await.state().await, "held");

        ours.steps("propose", said, "resolved").await;
        assert_eq!(cjit.script().await.state().await, "active");
        assert_eq!(cjit.scripts().await.json["elsewhere"]["hold"], false);
        assert!(cjit.conflicts().await.is_empty() && treatment.conflicts().await.is_empty(), "it has ended for everybody");
        assert_eq!(world.number("SELECT count(*) AS number FROM task WHERE kind = 'resolve-conflict' AND state = 'open'"), 0);
    }
}

#[derive(diesel::QueryableByName, Debug, PartialEq)]
struct Told {
    #[diesel(sql_type = diesel::sql_types::Text)]
    agency: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    what: String,
}

#[derive(diesel::QueryableByName, Debug, PartialEq)]
struct Due {
    #[diesel(sql_type = diesel::sql_types::Text)]
    agency: String,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    remind_us: i64,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    due_us: i64,
}

on_both_stores! {
    async fn both_prescribers_are_told_at_once_and_have_a_task_until_it_is_settled(world: World) {
        let told = |sql: &str| -> Vec<(String, String)> {
            let found: Vec<Told> = rows(&mut world.connection(), sql);
            found.into_iter().map(|told| (told.agency, told.what)).collect()
        };
        let events = || told("SELECT agency, kind AS what FROM event ORDER BY place, ordinal");
        let tasks = || told("SELECT agency, duty AS what FROM task WHERE state = 'open' AND kind = 'resolve-conflict' ORDER BY agency");
        let (lantern, cjit) = held_beside_lantern(&world).await;
        let each = |agency: &str| (agency.to_owned(), "script.conflict".to_owned());
        assert_eq!(events(), [each("northmoor-cjit"), each("lantern")]);
        assert_eq!(tasks(), [two("lantern", "prescriber"), two("northmoor-cjit", "prescriber")]);
        let ours = cjit.conflict().await;
        ours.steps("propose", proposal("transferred", Some("theirs")), "open").await;
        assert_eq!(events().last(), Some(&each("lantern")));
        lantern.conflict().await.steps("agree", json!({}), "resolved").await;
        assert_eq!((events().len(), events().last()), (4, Some(&each("northmoor-cjit"))));
        assert!(tasks().is_empty());
    }
}

on_both_stores! {
    async fn a_step_that_settles_nothing_does_not_begin_the_time_anew(world: World) {
        let (lantern, cjit) = held_beside_lantern(&world).await;
        let dues = || -> Vec<Due> {
            let sql = "SELECT agency, remind_us, due_us FROM task WHERE state = 'open' AND kind = 'resolve-conflict' ORDER BY agency";
            rows(&mut world.connection(), sql)
        };
        let (ours, theirs) = (cjit.conflict().await, lantern.conflict().await);
        let first = dues();
        assert_eq!(first.len(), 2);
        world.clock.advance(86_400);
        ours.steps("propose", proposal("transferred", Some("ours")), "open").await;
        ours.steps("withdraw", json!({}), "open").await;
        ours.steps("propose", proposal("transferred", Some("ours")), "open").await;
        theirs.steps("decline", json!({}), "open").await;
        let why = json!({"clinical_reason": "withdrawal-risk", "reason": "In withdrawal at the desk; nobody answers."});
        cjit.script().await.steps("start", why, "active").await;
        assert_eq!(dues(), first, "else nobody else would ever be told");

        // What both agreed on until a day puts it off until then.
        let mut guest = proposal("guest-dose", Some("theirs"));
        guest["until"] = json!(in_days(&world, 2));
        ours.steps("propose", guest, "open").await;
        theirs.steps("agree", json!({}), "resolved").await;
        assert!(dues().iter().zip(&first).all(|(now, first)| now.remind_us > first.remind_us), "{:?}", dues());
        assert_eq!(dues().len(), 2);
    }
}

on_both_stores! {
    async fn no_account_tells_one_side_of_the_other(world: World) {
        let (lantern, cjit) = held_beside_lantern(&world).await;
        let treatment = Desk::treatment(&world).await;
        treatment.opens(methadone(&world), "held").await;
        treatment.conflict().await.steps("propose", proposal("transferred", Some("ours")), "open").await;
        for desk in [&lantern, &cjit, &treatment] {
            desk.conflicts().await;
            for each in desk.conflicts().await {
                desk.get(&format!("/v1/conflicts/{}", each["id"].as_str().unwrap())).await;
            }
        }
        for (desk, agency, worker) in [
            (&cjit, "northmoor-cjit", "testa-rowan"), (&lantern, "lantern", "ms-placeholder"),
            (&treatment, "eastvale-treatment", "dummy-fennel"),
        ] {
            let worker = world.worker(agency, worker);
            let path = format!("/v1/clients/{}/disclosures", desk.client_ref);
            let account = worker.get(path).purpose(Purpose::ContinuityOfCare).about(desk.client_ref).send().await.unwrap();
            assert_eq!(account.status, 200, "{}", account.json);
            let lines = account.json["disclosures"].as_array().unwrap();
            assert!(lines.iter().all(|line| line["part"] == "own" || line["part"] == "asked"), "{agency}: {}", account.json);
            assert!(lines.iter().all(|line| line["agency"] == Value::Null), "{agency}: {}", account.json);
        }
    }
}
