//! Hospital and holder: clinicians of whoever holds somebody are told at once; the hospital learns what is prescribed, and not by whom.

use jiff::Timestamp;
use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::caseload::open_episode;
use super::joint::{consents, tasks};
use super::scripts::{Desk, methadone, today};
use crate::support::{World, invented, on_both_stores};

const LIFE: Purpose = Purpose::VitalInterests;
const SAFETY: Purpose = Purpose::PrescribingSafety;
const HOSPITAL: &str = "northmoor-infirmary";
const PERSON: (&str, &str) = ("Sample", "Damson");

/// A clinician of the emergency department, beside somebody.
pub struct Ward {
    pub clinician: Actor,
    pub client: Handle,
}

impl Ward {
    pub async fn of(world: &World, person: (&str, &str)) -> Self {
        let clinician = world.worker(HOSPITAL, "dr-mocky-hyssop");
        let ask = clinician.post("/v1/clients", invented(person.0, person.1)).purpose(LIFE);
        let known = ask.send().await.unwrap();
        assert_eq!(known.status, 201, "{}", known.json);
        Self { client: known.handle("client_ref").unwrap(), clinician }
    }

    pub async fn tells(&self, event: &str, purpose: Purpose) -> Answer {
        let path = format!("/v1/clients/{}/hospital-notices", self.client);
        let given = json!({"event": event, "happened_at": "2026-01-05T10:30", "ring": "01632 960222"});
        self.clinician.post(path, given).purpose(purpose).about(self.client).send().await.unwrap()
    }

    async fn reads(&self, told: &Answer, purpose: Purpose) -> Value {
        let ask = self.clinician.get(told.header("location")).purpose(purpose).about(self.client);
        let answer = ask.send().await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.json);
        assert_eq!(answer.etag(), "", "a version would tell that somebody answered");
        answer.json
    }
}

/// The notice that awaits an agency's clinicians.
async fn awaited(clinician: &Actor) -> Option<String> {
    let waiting = tasks(clinician, SAFETY).await;
    waiting.into_iter().find(|(kind, _)| kind == "answer-hospital").map(|(_, path)| path)
}

async fn get(worker: &Actor, path: &str, purpose: Purpose) -> Answer {
    let about = path.rsplit('/').next().unwrap().parse().unwrap();
    worker.get(path).purpose(purpose).about(about).send().await.unwrap()
}

async fn answers(worker: &Actor, path: &str, purpose: Purpose, given: Value) -> Answer {
    let about = path.rsplit('/').next().unwrap().parse().unwrap();
    worker.post(format!("{path}/answer"), given).purpose(purpose).about(about).send().await.unwrap()
}

fn collected(world: &World) -> Value {
    json!({"prescribes": true, "drug": "methadone", "last_collected_on": today(world)})
}

/// Lantern prescribes for her.
async fn at_lantern(world: &World, person: (&str, &str)) -> Desk {
    let clinician = world.worker("lantern", "dr-sample-sorrel");
    let client_ref = world.client(&clinician, person.0, person.1).await;
    let desk = Desk { clinician, client_ref };
    let path = format!("/v1/clients/{}/scripts", desk.client_ref);
    let ask = desk.clinician.post(path, methadone(world)).purpose(SAFETY).about(desk.client_ref);
    let opened = ask.send().await.unwrap();
    assert_eq!(opened.status, 201, "{}", opened.json);
    desk
}

/// She lets Lantern know, and the hospital learn what Lantern prescribes.
async fn agrees(world: &World, lantern: &Desk, segments: Value) {
    let at = (&lantern.clinician, lantern.client_ref);
    consents(world, at, (HOSPITAL, "lantern"), ("prescribing-safety", json!(["physical-health"]))).await;
    consents(world, at, ("lantern", HOSPITAL), ("prescribing-safety", segments)).await;
}

/// A notice that a holder reads with her consent.
pub async fn told_by_consent(world: &World) {
    let person = ("Mockley", "Sorrel");
    let lantern = at_lantern(world, person).await;
    agrees(world, &lantern, json!(["prescribing"])).await;
    let told = Ward::of(world, person).await.tells("admission", SAFETY).await;
    assert_eq!(told.status, 201, "{}", told.json);
}

on_both_stores! {
    async fn whoever_holds_her_is_told_at_once_and_the_hospital_learns_what_and_not_by_whom(world: World) {
        let lantern = at_lantern(&world, PERSON).await;
        // She is on two caseloads besides; of one of these agencies nobody is a clinician.
        for (agency, worker) in [("northmoor-cjit", "testa-rowan"), ("eastvale-cjit", "sample-linden")] {
            let worker = world.worker(agency, worker);
            let client = world.client(&worker, PERSON.0, PERSON.1).await;
            assert_eq!(open_episode(&worker, client).await.status, 201);
        }
        let ward = Ward::of(&world, PERSON).await;
        let told = ward.tells("overdose", LIFE).await;
        assert_eq!((told.status.as_u16(), told.etag()), (201, ""), "{}", told.json);
        let nobody = Ward::of(&world, ("Placeholder", "Quince")).await.tells("overdose", LIFE).await;
        assert_eq!((nobody.status, nobody.bytes.len()), (told.status, told.bytes.len()));
        assert_eq!(nobody.json["relay"]["telephone"], told.json["relay"]["telephone"]);
        let rows = |table: &str| world.number(&format!(
            "SELECT count(*) AS number FROM {table} WHERE kind = '{}' AND agency = 'eastvale-cjit'",
            if table == "task" { "answer-hospital" } else { "hospital-notice" },
        ));
        assert_eq!((rows("task"), rows("handle")), (0, 0), "it is for clinicians");

        let path = awaited(&lantern.clinician).await.unwrap();
        let read = get(&lantern.clinician, &path, LIFE).await;
        let mut view = read.json.as_object().unwrap().clone();
        assert!(view.remove("told_at").is_some());
        let id = path.rsplit('/').next().unwrap();
        assert_eq!(Value::Object(view), json!({
            "id": id, "client_ref": lantern.client_ref, "from": HOSPITAL, "event": "overdose", "happened_at": "2026-01-05T10:30",
            "ring": "01632 960222", "answered": false, "answers": [],
            "relay": {"telephone": told.json["relay"]["telephone"], "reference": id},
        }));
        assert_eq!(get(&lantern.clinician, &path, SAFETY).await.status, 404, "she has agreed to nothing");
        let elsewhere = world.worker("eastvale-treatment", "dr-test-teasel");
        assert_eq!(get(&elsewhere, &path, LIFE).await.status, 404);
        for (agency, worker, purpose) in [
            ("lantern", "ms-placeholder", SAFETY),
            ("lantern", "ms-placeholder", LIFE),
            ("northmoor-cjit", "testa-rowan", SAFETY),
            ("northmoor-police", "proxy-thorn", LIFE),
            ("northmoor-probation", "trial-elm", LIFE),
        ] {
            let worker = world.worker(agency, worker);
            assert_eq!(get(&worker, &path, purpose).await.status, 403, "{agency}: clinicians only");
        }

        let unagreed = answers(&lantern.clinician, &path, SAFETY, collected(&world)).await;
        assert_eq!(unagreed.status, 404, "nor answered");
        // One answers; the other sees no more of it than that it has not answered itself.
        let cjit = world.worker("northmoor-cjit", "dr-fixture-rowe");
        let theirs = awaited(&cjit).await.unwrap();
        let before = get(&cjit, &theirs, LIFE).await;
        assert_eq!(ward.reads(&told, LIFE).await["answers"], json!([]));
        let answered = answers(&lantern.clinician, &path, LIFE, collected(&world)).await;
        assert_eq!((answered.status.as_u16(), answered.etag()), (200, ""), "{}", answered.json);
        assert_eq!(get(&cjit, &theirs, LIFE).await.bytes, before.bytes);
        assert_eq!(awaited(&lantern.clinician).await, None);
        let again = answers(&lantern.clinician, &path, LIFE, collected(&world)).await;
        assert_eq!((again.status.as_u16(), &again.json["errors"][0]["code"]), (409, &json!("answered-already")));
        assert_eq!(answers(&cjit, &theirs, LIFE, json!({"prescribes": false})).await.status, 200);

        let seen = ward.reads(&told, LIFE).await;
        let mut first = seen["answers"][0].as_object().unwrap().clone();
        assert!(first.remove("at").is_some());
        assert_eq!(Value::Object(first), json!({
            "prescribes": true, "drug": "methadone", "last_dose_on": null, "last_collected_on": today(&world), "by": null,
        }));
        assert_eq!(seen["answers"][1]["prescribes"], false);
        assert!(!seen.to_string().contains("antern") && !seen.to_string().contains("cjit"), "{seen}");
        assert_eq!(ward.reads(&told, SAFETY).await["answers"], json!([]), "by consent nothing may be read to which she did not agree");
        // Nor does another holder's list of disclosures tell who answered besides.
        let manager = world.worker("northmoor-cjit", "testa-rowan");
        let client = world.client(&manager, PERSON.0, PERSON.1).await;
        let list = manager.get(format!("/v1/clients/{client}/disclosures")).about(client).send().await.unwrap();
        assert_eq!(list.status, 200, "{}", list.json);
        assert!(!list.json.to_string().contains("antern"), "{}", list.json);
    }
}

on_both_stores! {
    async fn what_she_agreed_to_is_told_by_consent_and_ends_with_it(world: World) {
        let lantern = at_lantern(&world, PERSON).await;
        let ward = Ward::of(&world, PERSON).await;
        // Without consent nobody is told, and that does not show.
        let untold = ward.tells("admission", SAFETY).await;
        assert_eq!(untold.status, 201, "{}", untold.json);
        assert_eq!(awaited(&lantern.clinician).await, None);

        let at = (&lantern.clinician, lantern.client_ref);
        consents(&world, at, (HOSPITAL, "lantern"), ("prescribing-safety", json!(["physical-health"]))).await;
        let told = ward.tells("admission", SAFETY).await;
        assert_eq!((told.status, told.bytes.len()), (untold.status, untold.bytes.len()));
        let path = awaited(&lantern.clinician).await.unwrap();
        assert_eq!(get(&lantern.clinician, &path, SAFETY).await.json["event"], "admission");
        assert_eq!(get(&lantern.clinician, &path, LIFE).await.status, 404, "no life was said to be at risk");
        for refused in [
            json!({"prescribes": true}), json!({"prescribes": false, "drug": "methadone"}),
            json!({"prescribes": true, "drug": "methadone", "last_dose_on": "2199-01-01"}),
            json!({"prescribes": false, "words": "She works on Mill Lane."}),
        ] {
            assert_eq!(answers(&lantern.clinician, &path, SAFETY, refused).await.status, 400);
        }
        let without = answers(&lantern.clinician, &path, SAFETY, collected(&world)).await;
        assert_eq!((without.status.as_u16(), &without.json["errors"][0]["code"]), (409, &json!("consent-required")));
        let for_life = answers(&lantern.clinician, &path, LIFE, collected(&world)).await;
        assert_eq!(for_life.status, 404, "nor is it answered so");
        // What Lantern is stays untold while the consent does not say that it may be.
        consents(&world, at, ("lantern", HOSPITAL), ("prescribing-safety", json!(["prescribing"]))).await;
        assert_eq!(answers(&lantern.clinician, &path, SAFETY, collected(&world)).await.status, 200);
        let by = async || ward.reads(&told, SAFETY).await["answers"][0]["by"].clone();
        assert_eq!(by().await, Value::Null);
        consents(&world, at, ("lantern", HOSPITAL), ("prescribing-safety", json!(["prescribing", "sex-work"]))).await;
        assert_eq!(by().await, "lantern");

        // Another is still open when she takes it all back.
        assert_eq!(ward.tells("discharge", SAFETY).await.status, 201);
        assert!(awaited(&lantern.clinician).await.is_some());
        let said = json!({"channel": "voice", "urgent_effects_confirmed": true});
        let back = lantern.clinician.post(format!("/v1/clients/{}/withdrawal", lantern.client_ref), said);
        let back = back.about(lantern.client_ref).send().await.unwrap();
        assert!(back.status.is_success(), "{}", back.json);
        assert_eq!(get(&lantern.clinician, &path, SAFETY).await.status, 404);
        assert_eq!(awaited(&lantern.clinician).await, None);
        assert_eq!(ward.reads(&told, SAFETY).await["answers"], json!([]), "nor is what was answered read any more");
    }
}

on_both_stores! {
    async fn who_does_not_answer_within_the_hour_is_reminded_and_nobody_but_a_hospital_tells(world: World) {
        let lantern = at_lantern(&world, PERSON).await;
        let ward = Ward::of(&world, PERSON).await;
        let now = world.journal.now();
        assert_eq!(ward.tells("withdrawal", LIFE).await.status, 201);
        let listed = lantern.clinician.get("/v1/tasks?view=mine").purpose(SAFETY).send().await.unwrap();
        let task = &listed.json["tasks"].as_array().unwrap().iter().find(|task| task["kind"] == "answer-hospital").unwrap();
        let due: Timestamp = task["due"].as_str().unwrap().parse().unwrap();
        let minutes = due.duration_since(now).as_mins();
        assert!((58..=61).contains(&minutes), "{minutes}");
        assert_eq!(task["duty"], "prescriber");

        let later = json!({"event": "overdose", "happened_at": "2199-01-05T10:30", "ring": "01632 960222"});
        let path = format!("/v1/clients/{}/hospital-notices", ward.client);
        let refused = ward.clinician.post(&path, later).purpose(LIFE).about(ward.client).send().await.unwrap();
        assert_eq!((refused.status.as_u16(), &refused.json["errors"][0]["path"]), (422, &json!("happened_at")));
        let words = json!({"event": "overdose", "happened_at": "2026-01-05T10:30", "ring": "ask for the tall nurse"});
        let refused = ward.clinician.post(&path, words).purpose(LIFE).about(ward.client).send().await.unwrap();
        assert_eq!(refused.status, 400, "there is no place for words");
        let own = format!("/v1/clients/{}/hospital-notices", lantern.client_ref);
        let given = json!({"event": "overdose", "happened_at": "2026-01-05T10:30", "ring": "01632 960222"});
        let ask = lantern.clinician.post(own, given).purpose(LIFE).about(lantern.client_ref);
        assert_eq!(ask.send().await.unwrap().status, 403);
    }
}

on_both_stores! {
    async fn two_holders_who_answer_at_the_same_instant_are_both_heard(world: World) {
        let lantern = at_lantern(&world, PERSON).await;
        let manager = world.worker("northmoor-cjit", "testa-rowan");
        let client = world.client(&manager, PERSON.0, PERSON.1).await;
        assert_eq!(open_episode(&manager, client).await.status, 201);
        let cjit = world.worker("northmoor-cjit", "dr-fixture-rowe");
        for _ in 0..3 {
            let ward = Ward::of(&world, PERSON).await;
            let told = ward.tells("overdose", LIFE).await;
            let (one, other) = (awaited(&lantern.clinician).await.unwrap(), awaited(&cjit).await.unwrap());
            let (one, other) = tokio::join!(
                answers(&lantern.clinician, &one, LIFE, collected(&world)),
                answers(&cjit, &other, LIFE, json!({"prescribes": false})),
            );
            assert_eq!((one.status.as_u16(), other.status.as_u16()), (200, 200), "{} {}", one.json, other.json);
            assert_eq!(ward.reads(&told, LIFE).await["answers"].as_array().map(Vec::len), Some(2));
        }
    }
}
