//! Leaving prison: the plan and its warnings, the pick-up of three parties, the letter where nobody can come, and whether care went on.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan as _};
use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::caseload::{all_at_once, step};
use super::caseload_life::{admit, kinds, named, possible, tasks};
use crate::support::{World, on_both_stores};

const CJIT: &str = "northmoor-cjit";

/// The plan of the client's release.
pub struct Plan {
    pub path: String,
    pub client: Handle,
    pub answer: Answer,
}

/// A day so many days from today, in London.
pub fn day(world: &World, days: i32) -> Date {
    world.journal.now().to_zoned(TimeZone::get("Europe/London").unwrap()).date() + days.days()
}

pub fn planned(release_on: Date) -> Value {
    json!({
        "release_on": release_on, "gate_at": "10:30:00", "prison": "HMP Fallowgate", "escort": "none",
        "going_to": "Northmoor", "pick_up_wanted": true,
        "last_dose": {"what": "Methadone 45 ml", "at": format!("{release_on}T07:30")},
        "bridging_script": {"what": "Methadone 45 ml, Test Pharmacy", "until": release_on + 2.days()},
        "urgent_needs": ["naloxone", "clothes"],
        "first_appointment": {"at": format!("{}T10:00", release_on + 2.days()), "place": "1 Test Row, Northmoor"},
    })
}

pub async fn plan_for(worker: &Actor, client: Handle, body: Value) -> Plan {
    let path = format!("/v1/clients/{client}/release-plans");
    let answer = worker.post(path, body).about(client).send().await.unwrap();
    assert_eq!(answer.status, 201, "{}", answer.json);
    Plan { path: answer.header("location").to_owned(), client, answer }
}

impl Plan {
    pub async fn read(&self, worker: &Actor) -> Answer {
        worker.get(&self.path).about(self.client).send().await.unwrap()
    }

    /// On the version that stands now.
    pub async fn post(&self, worker: &Actor, what: &str, body: Value) -> Answer {
        let etag = self.read(worker).await.etag().to_owned();
        let path = format!("{}/{what}", self.path);
        worker.post(path, body).about(self.client).if_match(etag).send().await.unwrap()
    }
}

/// A client who may be written to, or not.
pub async fn client(worker: &Actor, channels: &[&str], named: bool) -> Handle {
    let person = json!({"person": {
        "names": [{"kind": "legal", "forename": "Fixture", "surname": "Cedar"},
            {"kind": "name-to-use", "forename": "Fix"}, {"kind": "working", "forename": "Placeholder Rose"}],
        "date_of_birth": "1988-02-29", "sex": "female",
        "safe_contact": {"channels": channels, "may_name_service": named},
    }});
    let answer = worker.post("/v1/clients", person).send().await.unwrap();
    assert_eq!(answer.status, 201, "{}", answer.json);
    answer.handle("client_ref").unwrap()
}

/// The person lets the home team tell the other two.
pub async fn consents(world: &World, worker: &Actor, client: Handle, recipients: &[&str]) -> Answer {
    let now = world.journal.now();
    let body = json!({
        "decision": "given", "given_by": "client", "capacity_confirmed": true, "obtained_at": now.to_string(),
        "method": "written", "evidence_hash": "0".repeat(64), "form_version_uri": "urn:example:consent-form:3",
        "language": "en-GB", "interpreter_used": false, "disclosing_agencies": [CJIT], "recipients": recipients,
        "purposes": ["continuity-of-care"], "segments": ["identity", "contact", "attendance", "risk"],
        "not_before": now.to_string(), "expires_at": (now + SignedDuration::from_hours(24 * 90)).to_string(),
        "seen_alone": true, "refusal_explained": true, "redisclosure": "prohibited",
    });
    let path = format!("/v1/clients/{client}/consents");
    let answer = worker.post(path, body).about(client).send().await.unwrap();
    assert_eq!(answer.status, 201, "{}", answer.json);
    answer
}

pub fn pick_up() -> Value {
    json!({
        "host": "eastvale-cjit", "prison_team": "fallowgate-carat", "name_to_use": "Fix",
        "onward": "The 11:40 train to Northmoor", "phone": "07700 900123", "safe_contact": "Call, no voicemail.",
        "staff_safety": "Meet in public.",
    })
}

/// Where a party finds a pick-up that awaits it, by its task of this kind.
pub async fn awaited(worker: &Actor, kind: &str) -> String {
    let listed = tasks(worker, "agency").await;
    let task =
        listed.iter().find(|task| task["kind"] == kind).unwrap_or_else(|| panic!("no {kind}: {listed:?}"));
    task["subject"].as_str().unwrap().to_owned()
}

/// What a party sees of a pick-up: its token names the pick-up, for it need not know the person.
pub async fn look(worker: &Actor, path: &str) -> Answer {
    let id: Handle = path.rsplit('/').next().unwrap().parse().unwrap();
    worker.get(path).about(id).send().await.unwrap()
}

pub async fn take(worker: &Actor, path: &str, step: &str, body: Value) -> Answer {
    let (id, etag): (Handle, _) =
        (path.rsplit('/').next().unwrap().parse().unwrap(), look(worker, path).await.etag().to_owned());
    worker.post(format!("{path}/{step}"), body).about(id).if_match(etag).send().await.unwrap()
}

on_both_stores! {
    async fn a_plan_says_at_once_what_may_go_wrong_and_is_changed_on_the_version_that_was_read(world: World) {
        let worker = world.worker(CJIT, "testa-rowan");
        let client = client(&worker, &["letter"], true).await;
        // A Friday three weeks ahead, or some days more.
        let friday = (21..28).map(|days| day(&world, days)).find(|day| day.weekday() == jiff::civil::Weekday::Friday).unwrap();
        let mut late = planned(friday);
        late["gate_at"] = json!("17:30:00");
        late["first_appointment"] = Value::Null;
        let plan = plan_for(&worker, client, late).await;
        let warned = plan.answer.json["warnings"].as_array().unwrap();
        for warning in ["receiver-closed", "before-closed-days", "no-first-appointment", "pick-up-not-agreed"] {
            assert!(warned.contains(&json!(warning)), "{warned:?}");
        }
        let receiver = &plan.answer.json["receiver"];
        assert_eq!((&receiver["open_at_release"], &receiver["on_duty"]), (&json!(false), &json!("duty-worker")));
        assert_eq!(receiver["telephone_out_of_hours"], "01632 960102");
        assert_eq!(kinds(&worker).await, ["prepare-release", "see-after-release"]);
        let second = worker.post(format!("/v1/clients/{client}/release-plans"), planned(friday)).about(client).send().await.unwrap();
        assert_eq!((second.status.as_u16(), second.problem()), (409, "duplicate-caseload"));

        let put = |etag: Option<String>, body: Value| {
            let ask = worker.put(&plan.path, body).about(client);
            match etag { Some(etag) => ask.if_match(etag), None => ask }.send()
        };
        assert_eq!(put(None, planned(friday)).await.unwrap().status, 428);
        assert_eq!(put(Some("\"old\"".to_owned()), planned(friday)).await.unwrap().status, 412);
        let etag = plan.answer.etag().to_owned();
        let mut before = planned(friday);
        before["first_appointment"]["at"] = json!(format!("{}T10:00", friday - 1.day()));
        let wrong = put(Some(etag.clone()), before).await.unwrap();
        assert_eq!((wrong.status.as_u16(), named(&wrong)), (422, vec!["first_appointment"]));
        let mut nobody = planned(friday);
        nobody["receiver"] = json!("nowhere-cjit");
        assert_eq!(named(&put(Some(etag.clone()), nobody).await.unwrap()), ["receiver"]);
        let wednesday = friday - 2.days();
        let changed = put(Some(etag), planned(wednesday)).await.unwrap();
        assert_eq!(changed.status, 200, "{}", changed.json);
        let read = plan.read(&worker).await;
        assert_eq!(read.json["continuity_until"], (wednesday + 3.weeks()).to_string());
        assert_eq!((&read.json["continuity"], &read.json["etag"]), (&json!("awaited"), &json!(changed.etag())));
        assert_eq!(read.json["planned"]["last_dose"]["what"], "Methadone 45 ml");

        let early = plan.post(&worker, "note-attended", json!({})).await;
        assert_eq!(possible(&early), ["note-release", "cancel"]);
        let eastvale = world.worker("eastvale-cjit", "sample-linden");
        assert_eq!(plan.read(&eastvale).await.status, 404);
        let police = world.worker("northmoor-police", "proxy-thorn");
        assert_eq!(plan.read(&police).await.status, 403);
        assert_eq!(plan.post(&worker, "cancel", json!({"reason": "The sentence was changed."})).await.status, 200);
        assert_eq!(kinds(&worker).await, [""; 0]);
        assert_eq!(plan.read(&worker).await.json["continuity"], Value::Null);
    }
}

on_both_stores! {
    async fn a_pick_up_needs_her_own_wish_and_her_consent_and_each_party_is_told_its_part(world: World) {
        let home = world.worker(CJIT, "testa-rowan");
        let host = world.worker("eastvale-cjit", "sample-linden");
        let prison = world.worker("fallowgate-carat", "fixture-oak");
        let client = client(&home, &["call"], false).await;
        let mut unwanted = planned(day(&world, 20));
        unwanted["pick_up_wanted"] = json!(false);
        let plan = plan_for(&home, client, unwanted).await;
        let ask = || plan.post(&home, "pick-ups", pick_up());
        assert_eq!(named(&ask().await), ["pick_up_wanted"]);
        let wanted = planned(day(&world, 20));
        let changed = home.put(&plan.path, wanted).about(client).if_match(plan.answer.etag()).send().await.unwrap();
        assert_eq!(changed.status, 200);
        assert_eq!(ask().await.problem(), "consent-not-effective");
        consents(&world, &home, client, &["eastvale-cjit"]).await;
        assert_eq!(ask().await.problem(), "consent-not-effective", "the prison must be told, too");
        let consent = consents(&world, &home, client, &["eastvale-cjit", "fallowgate-carat"]).await;
        let mut swapped = pick_up();
        swapped["host"] = json!("fallowgate-carat");
        swapped["prison_team"] = json!("eastvale-cjit");
        assert_eq!(named(&plan.post(&home, "pick-ups", swapped).await), ["host", "prison_team"]);
        let asked = ask().await;
        assert_eq!((asked.status.as_u16(), &asked.json["state"]), (201, &json!("asked")), "{}", asked.json);
        let ours = asked.header("location").to_owned();
        assert_eq!(ask().await.problem(), "duplicate-caseload");

        // Each finds it by its own task and handle, and sees what it needs.
        let (theirs, inside) = (awaited(&host, "answer-pick-up").await, awaited(&prison, "answer-pick-up").await);
        assert!(ours != theirs && theirs != inside && ours != inside);
        let seen = look(&host, &theirs).await;
        assert_eq!(seen.status, 200, "{}", seen.json);
        assert_eq!((&seen.json["name_to_use"], &seen.json["phone"]), (&json!("Fix"), &json!("07700 900123")));
        assert_eq!((&seen.json["staff_safety"], &seen.json["side"]), (&json!("Meet in public."), &json!("host")));
        let seen = look(&prison, &inside).await;
        assert_eq!((&seen.json["name_to_use"], &seen.json["gate_at"]), (&json!("Fix"), &json!("10:30:00")));
        assert_eq!((&seen.json["phone"], &seen.json["staff_safety"]), (&Value::Null, &Value::Null));
        for text in ["Methadone", "naloxone", "Cedar", "Placeholder Rose", &client.to_string()] {
            assert!(!seen.json.to_string().contains(text), "{text}");
        }
        assert_eq!(look(&host, &ours).await.status, 404, "another agency's handle is nobody's");
        let lantern = world.worker("lantern", "ms-placeholder");
        assert_eq!(look(&lantern, &theirs).await.status, 403, "a project is no party to any");
        let for_nobody = host.get(&theirs).send().await.unwrap();
        assert_eq!(for_nobody.status, 404, "a token must name the pick-up");

        // One after the other they agree; then all three are to be at the gate.
        let wrong_side = take(&host, &theirs, "cancel", json!({"reason": "x"})).await;
        assert_eq!(wrong_side.status, 404, "only who asked calls it off");
        assert_eq!(take(&host, &theirs, "agree", json!({})).await.json["state"], "asked");
        assert_eq!(possible(&take(&host, &theirs, "agree", json!({})).await), ["decline"]);
        assert!(plan.read(&home).await.json["warnings"].as_array().unwrap().contains(&json!("pick-up-not-agreed")));
        assert_eq!(take(&prison, &inside, "agree", json!({})).await.json["state"], "agreed");
        assert!(!plan.read(&home).await.json["warnings"].as_array().unwrap().contains(&json!("pick-up-not-agreed")));
        for party in [&home, &host, &prison] {
            assert!(kinds(party).await.contains(&"meet-at-gate".to_owned()));
            assert!(!kinds(party).await.contains(&"answer-pick-up".to_owned()));
        }

        // She takes her consent back: nobody but the home team sees it any more, and nobody waits at a gate.
        let about = consent.header("location").to_owned();
        let etag = home.get(&about).about(client).send().await.unwrap().etag().to_owned();
        let withdrawal = json!({"channel": "voice", "urgent_effects_confirmed": true});
        let withdrawn = home.post(format!("{about}/withdrawal"), withdrawal).about(client).if_match(etag).send().await.unwrap();
        assert_eq!(withdrawn.status, 200, "{}", withdrawn.json);
        assert_eq!(look(&host, &theirs).await.status, 200, "the other consent, for the host alone, stands");
        assert_eq!(look(&prison, &inside).await.status, 404);
        let still = home.get(&ours).about(client).send().await.unwrap();
        assert_eq!((still.status.as_u16(), &still.json["state"]), (200, &json!("cancelled")));
        for party in [&home, &host, &prison] {
            assert!(!kinds(party).await.contains(&"meet-at-gate".to_owned()));
        }
    }
}

on_both_stores! {
    async fn where_nobody_can_come_a_letter_goes_with_her_if_a_letter_is_safe(world: World) {
        let home = world.worker(CJIT, "testa-rowan");
        let host = world.worker("eastvale-cjit", "sample-linden");
        let safe = client(&home, &["letter", "call"], false).await;
        let plan = plan_for(&home, safe, planned(day(&world, 20))).await;
        consents(&world, &home, safe, &["eastvale-cjit", "fallowgate-carat"]).await;
        assert_eq!(plan.post(&home, "pick-ups", pick_up()).await.status, 201);
        let theirs = awaited(&host, "answer-pick-up").await;
        let silent = take(&host, &theirs, "decline", json!({})).await;
        assert_eq!((silent.status.as_u16(), named(&silent)), (422, vec!["reason"]));
        assert_eq!(take(&host, &theirs, "decline", json!({"reason": "No worker on that day."})).await.json["state"], "declined");
        assert_eq!(kinds(&home).await, ["hand-over-letter", "prepare-release", "see-after-release"]);
        assert_eq!(kinds(&host).await, [""; 0]);
        assert_eq!(kinds(&world.worker("fallowgate-carat", "fixture-oak")).await, [""; 0]);

        let letter = home.get(format!("{}/letter", plan.path)).about(safe).send().await.unwrap();
        assert_eq!(letter.status, 200, "{}", letter.json);
        assert_eq!((&letter.json["name"], &letter.json["service"]), (&json!("Fix"), &Value::Null));
        let page = home.get(format!("{}/letter", plan.path)).about(safe).with("Accept", "text/html").send().await.unwrap();
        let text = String::from_utf8(page.bytes.clone()).unwrap();
        assert!(page.header("content-type").starts_with("text/html") && page.receipt.is_some());
        assert!(text.contains("1 Test Row, Northmoor") && text.contains("01632 960101") && text.contains("01632 960102"));
        for word in ["Methadone", "drug", "Drug", "Fallowgate", "CJIT", "Criminal", "Placeholder", "Cedar"] {
            assert!(!text.contains(word), "{word}");
        }
        assert_eq!(home.get(format!("{}/letter", plan.path)).send().await.unwrap().status, 404, "a token must name her");

        // Somebody else has not said that a letter is safe.
        let person = json!({"person": {"names": [{"kind": "legal", "forename": "Trial", "surname": "Juniper"}],
            "date_of_birth": "1979-05-06", "sex": "male", "safe_contact": {"channels": ["call"], "may_name_service": false}}});
        let other = home.post("/v1/clients", person).send().await.unwrap().handle("client_ref").unwrap();
        let unsafe_plan = plan_for(&home, other, planned(day(&world, 20))).await;
        let refused = home.get(format!("{}/letter", unsafe_plan.path)).about(other).send().await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.problem()), (409, "invalid-transition"));
        assert_eq!(refused.json["errors"][0]["code"], "letter-not-safe");
    }
}

on_both_stores! {
    async fn a_death_ends_what_the_agency_was_to_do_about_a_release(world: World) {
        let worker = world.worker(CJIT, "testa-rowan");
        let client = client(&worker, &["letter"], true).await;
        assert_eq!(admit(&worker, client).await.status, 201);
        plan_for(&worker, client, planned(day(&world, 20))).await;
        assert_eq!(kinds(&worker).await, ["prepare-release", "review-care-plan", "see-after-release"]);
        assert_eq!(step(&worker, client, "close", json!({"close_code": "C6"})).await.status, 200);
        assert_eq!(kinds(&worker).await, [""; 0]);
        let others = worker.get("/v1/tasks?view=agency").purpose(Purpose::ContinuityOfCare).send().await.unwrap();
        assert_eq!(others.json["tasks"], json!([]));
    }
}

on_both_stores! {
    async fn who_agreed_to_a_day_is_not_left_at_the_gate_when_the_release_moves(world: World) {
        let home = world.worker(CJIT, "testa-rowan");
        let host = world.worker("eastvale-cjit", "sample-linden");
        let client = client(&home, &["call"], false).await;
        assert_eq!(admit(&home, client).await.status, 201);
        consents(&world, &home, client, &["eastvale-cjit", "fallowgate-carat"]).await;
        let plan = plan_for(&home, client, planned(day(&world, 20))).await;
        let revise = |body: Value| {
            let plan = &plan;
            let home = &home;
            async move {
                let etag = plan.read(home).await.etag().to_owned();
                let revised = home.put(&plan.path, body).about(client).if_match(etag).send().await.unwrap();
                assert_eq!(revised.status, 200, "{}", revised.json);
            }
        };
        assert_eq!(plan.post(&home, "pick-ups", pick_up()).await.status, 201);
        let first = awaited(&host, "answer-pick-up").await;
        let mut urgent = planned(day(&world, 20));
        urgent["urgent_needs"] = json!(["phone"]);
        revise(urgent).await;
        assert_eq!(take(&host, &first, "agree", json!({})).await.json["state"], "asked", "the same gate at the same hour");
        revise(planned(day(&world, 21))).await;
        let moved = look(&host, &first).await;
        assert_eq!((&moved.json["state"], &moved.json["possible"]), (&json!("cancelled"), &json!([])));
        assert_eq!(moved.json["reason"], "The release was moved; you will be asked again.");
        assert_eq!(kinds(&host).await, [""; 0]);

        // She is asked for again, and then dies: nobody waits for her.
        assert_eq!(plan.post(&home, "pick-ups", pick_up()).await.status, 201);
        let second = awaited(&host, "answer-pick-up").await;
        assert_eq!(step(&home, client, "close", json!({"close_code": "C6"})).await.status, 200);
        assert_eq!(look(&host, &second).await.json["state"], "cancelled");
        assert_eq!((kinds(&host).await, kinds(&home).await), (Vec::new(), Vec::new()));
    }
}

on_both_stores! {
    async fn of_two_who_ask_at_once_for_one_pick_up_one_does(world: World) {
        let home = world.worker(CJIT, "testa-rowan");
        let client = client(&home, &["call"], false).await;
        consents(&world, &home, client, &["eastvale-cjit", "fallowgate-carat"]).await;
        let plan = plan_for(&home, client, planned(day(&world, 20))).await;
        let asks = (0..3).map(|_| {
            let (home, path, etag) = (home.clone(), format!("{}/pick-ups", plan.path), plan.answer.etag().to_owned());
            async move { home.post(path, pick_up()).about(client).if_match(etag).send().await.unwrap() }
        });
        let mut statuses: Vec<u16> = all_at_once(asks).await.iter().map(|answer| answer.status.as_u16()).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409]);
        assert_eq!(world.number("SELECT count(*) AS number FROM record WHERE kind = 'pick-up'"), 1);
        let officer = world.worker(CJIT, "sample-juniper");
        let holds = officer.get(format!("/v1/clients/{client}/holds")).about(client).purpose(Purpose::SubjectAccess);
        let holds = holds.send().await.unwrap();
        assert_eq!(holds.status, 200, "{}", holds.json);
        assert_eq!(holds.json["open_matters"], json!(["release-planned", "pick-up-open"]), "what stands against an erasure");
    }
}
