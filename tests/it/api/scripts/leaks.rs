//! Nothing tells a script that a specialist project prescribes from another agency's: not the bytes, not the headers, not what the
//! database is asked.

use std::collections::BTreeMap;
use std::sync::Mutex;

use diesel::connection::{InstrumentationEvent, set_default_instrumentation};
use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::{Desk, in_days, methadone};
use crate::support::{BY_ITSELF, Backend, World, invented};

/// What the databases of this process were asked, without what it was asked about.
static ASKED: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn watch() {
    set_default_instrumentation(|| {
        Some(Box::new(|event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                let text = query.to_string();
                ASKED
                    .lock()
                    .unwrap()
                    .push(text.split("-- binds").next().unwrap_or_default().trim().to_owned());
            }
        }))
    })
    .unwrap();
}

/// What was asked about people since the last time. What the log and its static files ask goes on beside it.
fn asked() -> Vec<String> {
    let all = std::mem::take(&mut *ASKED.lock().unwrap());
    let of_people = |text: &String| {
        let reads = ["FROM record", "FROM handle", "LEFT JOIN handle", "FROM data_key", "FROM person"];
        reads.iter().any(|read| text.contains(read)) && !BY_ITSELF.iter().any(|words| text.contains(words))
    };
    let mut asked: Vec<String> = all.into_iter().filter(of_people).collect();
    asked.sort();
    asked
}

/// One person, and what the CJIT calls her: she is presented before anybody looks.
struct Case {
    client_ref: Handle,
    name: &'static str,
}

/// An answer without what differs for each reader, person and moment: handles, proofs and dates.
fn bare(answer: &Answer) -> (Value, usize, BTreeMap<String, usize>) {
    let mut body = answer.json.clone();
    blank(&mut body);
    let headers = answer
        .headers
        .iter()
        .map(|(name, value)| {
            let length =
                if ["audit-receipt", "ratelimit"].contains(&name.as_str()) { 0 } else { value.len() };
            (name.to_string(), length)
        })
        .collect();
    (body, answer.bytes.len(), headers)
}

fn blank(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                if [
                    "id",
                    "reference",
                    "client_ref",
                    "conflict",
                    "etag",
                    "script",
                    "trace_id",
                    "found_at",
                    "recorded_at",
                ]
                .contains(&name.as_str())
                {
                    *value = json!(value.as_str().map(str::len));
                } else {
                    blank(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(blank),
        _ => {}
    }
}

async fn ask(worker: &Actor, path: &str, about: Handle, purpose: Purpose) -> Answer {
    let answer = worker.get(path).purpose(purpose).about(about).send().await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.json);
    answer
}

async fn present(worker: &Actor, (forename, surname): (&str, &str)) -> Handle {
    let person = invented(forename, surname);
    worker.post("/v1/clients", person).send().await.unwrap().handle("client_ref").unwrap()
}

async fn story(world: World) {
    let cjit = world.worker("northmoor-cjit", "dr-fixture-rowe");
    let manager = world.worker("northmoor-cjit", "testa-rowan");
    let mut cases = Vec::new();
    for (name, holder) in [
        (("Sample", "Damson"), Some(("lantern", "dr-sample-sorrel"))),
        (("Testa", "Bullace"), Some(("eastvale-treatment", "dr-test-teasel"))),
        (("Mockley", "Medlar"), None),
    ] {
        cases.push(Case { client_ref: present(&cjit, name).await, name: name.1 });
        if let Some((agency, clinician)) = holder {
            let clinician = world.worker(agency, clinician);
            let desk = Desk { client_ref: present(&clinician, name).await, clinician };
            let script = desk.opens(methadone(&world), "active").await;
            script.steps("collect", json!({}), "active").await;
        }
    }

    // To look: the same bytes and headers whoever holds, one form whether or not anybody does, and always the same statements.
    for (worker, purpose) in [
        (&cjit, Purpose::PrescribingSafety),
        (&cjit, Purpose::VitalInterests),
        (&cjit, Purpose::Treatment),
        (&manager, Purpose::ContinuityOfCare),
    ] {
        let mut seen = Vec::new();
        for case in &cases {
            let path = format!("/v1/clients/{}/scripts", case.client_ref);
            ask(worker, &path, case.client_ref, purpose).await;
            asked();
            let answer = ask(worker, &path, case.client_ref, purpose).await;
            seen.push((bare(&answer), asked(), answer));
        }
        let [project, another, nobody] = &seen[..] else { panic!("three cases") };
        assert_eq!(project.0, another.0, "{purpose}");
        assert!(!project.1.is_empty(), "something was asked");
        assert_eq!(project.1, another.1, "{purpose}");
        assert_eq!(project.1, nobody.1, "{purpose}");
        let members = |answer: &Answer| {
            answer.json["elsewhere"].as_object().unwrap().keys().cloned().collect::<Vec<_>>()
        };
        assert_eq!(members(&project.2), members(&nobody.2), "{purpose}");
        assert_eq!(
            project.0.2.keys().collect::<Vec<_>>(),
            nobody.0.2.keys().collect::<Vec<_>>(),
            "{purpose}"
        );
    }

    // To open one, to read the conflict, to be refused: the same for each of the two.
    let mut seen: Vec<Vec<_>> = Vec::new();
    for case in cases.iter().take(2) {
        let desk = Desk { clinician: cjit.clone(), client_ref: case.client_ref };
        asked();
        let mut late = methadone(&world);
        late["started_on"] = json!(in_days(&world, -1));
        let unsaid = desk.open(late).await;
        assert_eq!((unsaid.status.as_u16(), unsaid.problem()), (422, "unprocessable-document"));
        let by_saying_nothing = asked();
        let opened = desk.open(methadone(&world)).await;
        assert_eq!((opened.status.as_u16(), &opened.json["state"]), (201, &json!("held")), "{}", case.name);
        let by_opening = asked();
        let conflict = format!("/v1/conflicts/{}", opened.json["conflict"].as_str().unwrap());
        let read = desk.get(&conflict).await;
        let by_reading = asked();
        assert_eq!(read.status, 200, "{}", read.json);
        let path = format!("{}/start", opened.header("location"));
        let refused = desk.post(&path, opened.etag(), json!({})).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (409, "prescribing-conflict"));
        let by_starting = asked();
        seen.push(vec![
            (bare(&unsaid), by_saying_nothing),
            (bare(&opened), by_opening),
            (bare(&read), by_reading),
            (bare(&refused), by_starting),
        ]);
    }
    let [project, another] = &seen[..] else { panic!("two cases") };
    for (project, another) in project.iter().zip(another) {
        assert_eq!(project.0, another.0);
        assert_eq!(project.1, another.1);
    }
    for word in ["antern", "eastvale", "960151", "960181", "specialist", "treatment-"] {
        assert!(!format!("{seen:?}").contains(word), "{word}");
    }
}

#[test]
fn a_project_that_prescribes_is_like_any_other_on_sqlite() {
    watch();
    World::tell(Backend::Sqlite, story);
}

#[test]
fn a_project_that_prescribes_is_like_any_other_on_postgresql() {
    watch();
    World::tell(Backend::Postgres, story);
}
