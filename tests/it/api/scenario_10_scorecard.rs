//! Scenario 10, the scorecard's half: what the seed printed is looked through; a quarter is counted, handed in, and read by the area with small
//! numbers left out; and an analyst's request for a row is refused.

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::caseload::step;
use super::caseload_life::{record, review};
use crate::support::{World, on_both_stores, on_both_stores_at};

const CJIT: &str = "northmoor-cjit";

fn analyst(world: &World) -> Actor {
    world.worker("northmoor-commissioner", "mock-bilberry")
}

async fn monitors(worker: &Actor, path: &str) -> Answer {
    worker.get(path).purpose(Purpose::ServiceMonitoring).send().await.unwrap()
}

async fn reads(worker: &Actor, quarter: &str) -> Value {
    let read = monitors(worker, &format!("/v1/scorecard?from={quarter}&to={quarter}")).await;
    assert_eq!(read.status, 200, "{}", read.json);
    read.json
}

async fn area(worker: &Actor, quarter: &str) -> Answer {
    monitors(worker, &format!("/v1/scorecard/area?quarter={quarter}")).await
}

async fn hands_in(worker: &Actor, quarter: &str) -> Answer {
    let body = json!({"quarter": quarter});
    worker.post("/v1/scorecard/submissions", body).purpose(Purpose::ServiceMonitoring).send().await.unwrap()
}

async fn looks_through(worker: &Actor, figures: Value) -> Answer {
    let ask = worker.post("/v1/scorecard/reconciliation", figures);
    ask.purpose(Purpose::ServiceMonitoring).send().await.unwrap()
}

fn measure<'v>(scorecard: &'v Value, id: &str) -> &'v Value {
    let measures = scorecard["measures"].as_array().unwrap();
    measures
        .iter()
        .find(|measure| measure["id"] == id)
        .unwrap_or_else(|| panic!("{id} is not in the scorecard"))
}

fn cells<'v>(measure: &'v Value, by: &str) -> Vec<&'v Value> {
    let divisions = measure["divisions"].as_array().unwrap();
    let division = divisions.iter().find(|division| division["by"] == by).unwrap();
    division["cells"].as_array().unwrap().iter().collect()
}

fn cell<'v>(measure: &'v Value, by: &str, named: &str) -> &'v Value {
    cells(measure, by).into_iter().find(|cell| cell["cell"] == named).unwrap()
}

/// Somebody who comes onto the caseload on a day.
async fn admitted(world: &World, worker: &Actor, surname: &str, on: &str) -> Handle {
    let client = world.client(worker, "Proxy", surname).await;
    let opened = json!({"admitted_on": on, "state": "active"});
    let path = format!("/v1/clients/{client}/caseload-episodes");
    let answer = worker.post(path, opened).about(client).send().await.unwrap();
    assert_eq!(answer.status, 201, "{}", answer.json);
    client
}

const SURNAMES: [&str; 14] = [
    "Alder", "Bramble", "Cedar", "Damson", "Elder", "Foxglove", "Gorse", "Hornbeam", "Ivory", "Juniper",
    "Kale", "Larch", "Myrtle", "Nettle",
];

on_both_stores! {
    async fn what_the_seed_printed_is_noted_where_it_does_not_follow(world: World) {
        let figures = json!({
            "breakdowns": [
                {"measure": "referrals", "total": 592, "parts": [
                    {"part": "police", "count": 127, "percent": "21"}, {"part": "probation", "count": 85, "percent": "14"},
                    {"part": "prison", "count": 295, "percent": "50"}, {"part": "court", "count": 1, "percent": "0"},
                    {"part": "self", "count": 84, "percent": "15"}]},
                {"measure": "substances", "total": 617, "parts": [
                    {"part": "heroin", "count": 416, "percent": "67.42"}, {"part": "cocaine", "count": 56}, {"part": "amphetamines", "count": 26},
                    {"part": "cannabis", "count": 24}, {"part": "unknown", "count": 21}, {"part": "mephedrone", "count": 18},
                    {"part": "alcohol", "count": 18}, {"part": "subutex-illicit", "count": 15}, {"part": "crack", "count": 5},
                    {"part": "methadone-illicit", "count": 4}, {"part": "methadone-script", "count": 3}, {"part": "benzodiazepines", "count": 2},
                    {"part": "dihydrocodeine", "count": 2}, {"part": "synthetic-cannabinoids", "count": 2}, {"part": "other-at-risk", "count": 2},
                    {"part": "solvents", "count": 1}, {"part": "alcohol-unspecified", "count": 1}, {"part": "ketamine", "count": 0},
                    {"part": "methamphetamine", "count": 0}, {"part": "chemical-highs", "count": 11, "percent": "0.16"}]},
            ],
        });
        let noted = looks_through(&analyst(&world), figures.clone()).await;
        assert_eq!(noted.status, 200, "{}", noted.json);
        let notes = noted.json["notes"].as_array().unwrap();
        let told: Vec<_> = notes.iter().map(|note| (note["code"].as_str().unwrap(), &note["published"], &note["computed"])).collect();
        assert_eq!(told, [
            ("percent-differs", &json!("15"), &json!("14.2")),
            ("parts-do-not-add", &json!("617"), &json!("627")),
            ("fits-only-if", &json!("11"), &json!("1")),
            ("percent-differs", &json!("0.16"), &json!("1.8")),
        ]);
        assert_eq!(notes[0]["words"], "self is 84 of 592, which is 14.2 percent; printed is 15");

        // A manager may have figures looked through; whoever works with people may not, and nobody sends words.
        let manager = world.worker(CJIT, "mocky-aspen");
        assert_eq!(looks_through(&manager, figures.clone()).await.json["notes"], noted.json["notes"]);
        assert_eq!(looks_through(&world.worker(CJIT, "testa-rowan"), figures.clone()).await.status, 403);
        let one = |part: Value| json!({"breakdowns": [{"measure": "referrals", "total": "9", "parts": [part]}]});
        for wrong in [
            json!({}),
            one(json!({"part": "Testa Alder", "count": "9"})),
            one(json!({"part": "self", "count": "nine"})),
            one(json!({"part": "self", "count": 9.5})),
            one(json!({"part": "self", "count": -9})),
            one(json!({"part": "self", "count": "9", "name": "Testa Alder"})),
            json!({"rates": [{"measure": "referrals", "total": "9", "months": 0, "over": "1", "every": "month"}]}),
        ] {
            let refused = looks_through(&manager, wrong).await;
            assert_eq!((refused.status.as_u16(), refused.problem()), (400, "malformed-request"), "{}", refused.json);
            assert!(!refused.json.to_string().contains("Alder"));
        }
    }
}

/// What happens in Northmoor in the first quarter of 2026, by the middle of March.
async fn a_quarter(world: &World) {
    let cjit = world.worker(CJIT, "testa-rowan");
    // Twelve come onto the team's caseload; one of them in December.
    for surname in &SURNAMES[..11] {
        admitted(world, &cjit, surname, "2026-01-12").await;
    }
    let early = admitted(world, &cjit, SURNAMES[11], "2025-12-29").await;
    // One is reviewed and leaves; another is closed because she has died; a third is suspended.
    let kale = world.client(&cjit, "Proxy", "Kale").await;
    assert_eq!(record(&cjit, kale, "reviews", review(true, false)).await.status, 201);
    assert_eq!(step(&cjit, kale, "close", json!({"close_code": "C7"})).await.status, 200);
    assert_eq!(step(&cjit, early, "close", json!({"close_code": "C6"})).await.status, 200);
    let cedar = world.client(&cjit, "Proxy", "Cedar").await;
    let order = json!({"suspend_code": "S2", "requirement_made_on": "2026-03-10", "on": "2026-03-10"});
    let suspended = step(&cjit, cedar, "suspend", order).await;
    assert_eq!(suspended.status, 200, "{}", suspended.json);
    // Lantern has two.
    let lantern = world.worker("lantern", "ms-placeholder");
    for surname in &SURNAMES[12..] {
        admitted(world, &lantern, surname, "2026-02-02").await;
    }
}

on_both_stores_at! {
    "2026-03-16T10:00:00Z"
    async fn a_quarter_is_counted_handed_in_and_read_by_the_area_without_its_small_numbers(world: World) {
        a_quarter(&world).await;
        let mut world = world;
        let manager = world.worker(CJIT, "mocky-aspen");
        let own = reads(&manager, "2026-Q1").await;
        assert_eq!((&own["ended"], &own["handed_in_at"]), (&json!(false), &Value::Null));
        assert_eq!(own["due"], "2026-04-23T22:59:00Z", "fifteen working days, over Easter");
        let figure = |id: &str| measure(&own, id)["figure"].clone();
        assert_eq!(figure("assessments"), "11", "one was admitted before");
        assert_eq!((figure("closures"), figure("reviews")), (json!("2"), json!("1")));
        let caseload = measure(&own, "caseload");
        assert_eq!(caseload["figure"], "9.00", "twelve came, two left, one is suspended");
        assert_eq!((&caseload["averaging"], &caseload["rounding"]), (&json!("mean-of-quarters"), &json!("two-decimals")));
        // Nothing is left out for the agency itself.
        let closures = measure(&own, "closures");
        assert_eq!(cell(closures, "ending", "died")["figure"], "1");
        assert_eq!(cell(closures, "ending", "moved-on")["percent"], "50.0");
        let retained: u64 = cells(closures, "retention").iter().map(|cell| cell["figure"].as_str().unwrap().parse::<u64>().unwrap()).sum();
        assert_eq!(retained, 2, "a division makes up the whole");
        // Each states what it is made of; what nobody recorded is not 0.
        let completed = measure(&own, "completions-of-closures");
        assert_eq!((&completed["numerator"], &completed["denominator"]), (&json!("closures, ending completed"), &json!("closures")));
        assert_eq!((&completed["figure"], &completed["rounding"]), (&json!("0.0"), &json!("one-decimal")));
        for id in ["trigger-tests", "modalities", "treatment-tests", "iom", "reoffending", "breaches"] {
            let held = measure(&own, id);
            assert_eq!((&held["standing"], &held["figure"]), (&json!("not-held"), &Value::Null), "{id}");
            assert!(!held["because"].as_str().unwrap().is_empty());
        }
        assert!(measure(&own, "trigger-tests")["words"].as_str().unwrap().contains("tests, not people"));
        assert_eq!(measure(&own, "assessments-of-referrals")["standing"], "no-denominator", "nobody was referred in");
        let quarters = monitors(&manager, "/v1/scorecard?from=2025-Q4&to=2026-Q1").await.json;
        assert_eq!(measure(&quarters, "assessments")["quarters"], json!(["1", "11"]));
        assert_eq!(measure(&quarters, "caseload")["figure"], "5.00", "the mean of one and nine");

        // Not before it is over, and no longer than a year.
        let early = hands_in(&manager, "2026-Q1").await;
        assert_eq!((early.status.as_u16(), &early.json["errors"][0]["path"]), (422, &json!("quarter")));
        for wrong in ["from=2026-Q1&to=2026-Q2", "from=2025-Q1&to=2026-Q1", "from=2026-Q1&to=2025-Q4", "from=2026-1&to=2026-1"] {
            assert_eq!(monitors(&manager, &format!("/v1/scorecard?{wrong}")).await.status, 400, "{wrong}");
        }

        // Early in April the manager is asked, by a task that is about nobody.
        world.later(18).await;
        let manager = world.worker(CJIT, "mocky-aspen");
        let mut asked = Vec::new();
        for _ in 0..100 {
            let listed = manager.get("/v1/tasks?view=mine").send().await.unwrap();
            asked = listed.json["tasks"].as_array().unwrap().clone();
            asked.retain(|task| task["kind"] == "hand-in-scorecard");
            if !asked.is_empty() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        assert_eq!(asked.len(), 1, "once");
        assert_eq!((&asked[0]["duty"], &asked[0]["due"]), (&json!("management"), &json!("2026-04-23T22:59:00Z")));
        let subject = asked[0]["subject"].as_str().unwrap();
        assert_eq!(monitors(&manager, subject).await.status, 200, "the task leads to where it is done");
        let handed_in = hands_in(&manager, "2026-Q1").await;
        assert_eq!((handed_in.status.as_u16(), &handed_in.json["in_time"]), (201, &json!(true)), "{}", handed_in.json);
        assert!(handed_in.receipt.is_some(), "it is an entry of the log");
        let after = manager.get("/v1/tasks?view=mine").send().await.unwrap();
        assert!(!after.json.to_string().contains("hand-in-scorecard"));
        let again = hands_in(&manager, "2026-Q1").await;
        assert_eq!((again.status.as_u16(), again.problem()), (409, "invalid-transition"), "it is not changed");
        assert_eq!(hands_in(&world.worker("lantern", "demo-hazel"), "2026-Q1").await.status, 201);
        assert_eq!(hands_in(&world.worker("northmoor-police", "proxy-rowan"), "2026-Q1").await.status, 201);

        // The area reads nothing before the day on which it was due.
        let too_early = area(&analyst(&world), "2026-Q1").await;
        assert_eq!((too_early.status.as_u16(), &too_early.json["errors"][0]["path"]), (400, &json!("quarter")));
        world.later(24).await;
        let commissioner = analyst(&world);
        let read = area(&commissioner, "2026-Q1").await;
        assert_eq!(read.status, 200, "{}", read.json);
        assert_eq!(read.json["area"], "Northmoor");
        assert_eq!(read.json["agencies"], json!(["lantern", "northmoor-cjit", "northmoor-police"]));
        assert_eq!(measure(&read.json, "assessments")["figure"], "13");
        // Lantern's two could be computed from the others' eleven: so neither is told.
        let by_agency = cells(measure(&read.json, "assessments"), "agency");
        assert_eq!(by_agency.len(), 2, "police hold no caseload");
        for cell in by_agency {
            assert_eq!((&cell["standing"], &cell["figure"], &cell["percent"]), (&json!("suppressed"), &Value::Null, &Value::Null), "{cell}");
        }
        let closures = measure(&read.json, "closures");
        assert_eq!((&closures["standing"], &closures["figure"]), (&json!("suppressed"), &Value::Null), "two are too few");
        assert!(closures["divisions"].as_array().unwrap().iter().all(|division| {
            division["cells"].as_array().unwrap().iter().all(|cell| cell["figure"] == Value::Null)
        }));
        assert_eq!(measure(&read.json, "completions-of-closures")["standing"], "suppressed");
        assert_eq!(measure(&read.json, "breaches")["standing"], "suppressed", "that there were none is told of nobody");
        assert!(!read.json.to_string().contains("\"entries\""), "what would bound another is not told");

        // It is the same each time: what is entered or handed in later changes nothing, and nothing can be subtracted.
        let cjit = world.worker(CJIT, "testa-rowan");
        admitted(&world, &cjit, "Poplar", "2026-02-16").await;
        let own = reads(&world.worker(CJIT, "mocky-aspen"), "2026-Q1").await;
        assert_eq!(measure(&own, "assessments")["figure"], "12", "late paper is counted at home");
        assert_eq!(own["handed_in_at"].as_str().map(|at| &at[..10]), Some("2026-04-03"));
        let late = hands_in(&world.worker("northmoor-police", "proxy-thorn"), "2026-Q1").await;
        assert_eq!(late.status, 409);
        assert_eq!(area(&commissioner, "2026-Q1").await.json, read.json);
    }
}

on_both_stores_at! {
    "2026-03-16T10:00:00Z"
    async fn what_comes_too_late_is_not_in_it_and_other_areas_are_not_seen(world: World) {
        let mut world = world;
        let eastvale = world.worker("eastvale-cjit", "sample-linden");
        for surname in &SURNAMES[..6] {
            admitted(&world, &eastvale, surname, "2026-01-12").await;
        }
        world.later(45).await;
        let late = hands_in(&world.worker("eastvale-cjit", "dummy-larch"), "2026-Q1").await;
        assert_eq!((late.status.as_u16(), &late.json["in_time"]), (201, &json!(false)));
        // Enrolled for the other area, the commissioner reads that, and still not what came too late.
        for area_of in ["Northmoor", "Eastvale"] {
            world.enrol_again("northmoor-commissioner", |board| board.area = area_of.to_owned()).await;
            let read = area(&analyst(&world), "2026-Q1").await;
            assert_eq!(read.status, 200, "{}", read.json);
            assert_eq!((&read.json["area"], &read.json["agencies"]), (&json!(area_of), &json!([])));
            assert_eq!(measure(&read.json, "assessments")["standing"], "not-held", "nobody said");
        }
        // Of two who hand in at once one does.
        let manager = world.worker(CJIT, "mocky-aspen");
        let spoc = world.worker(CJIT, "duty-spoc");
        let both = futures_util::future::join(hands_in(&manager, "2026-Q1"), hands_in(&spoc, "2026-Q1")).await;
        let mut statuses = [both.0.status.as_u16(), both.1.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409]);
        assert_eq!(world.number("SELECT count(*) AS number FROM scorecard WHERE agency = 'northmoor-cjit'"), 1);
    }
}

on_both_stores! {
    async fn an_analyst_asks_for_a_row_and_is_refused_on_record(world: World) {
        let cjit = world.worker(CJIT, "testa-rowan");
        let client = admitted(&world, &cjit, "Kale", "2026-01-05").await;
        let refused_before = refusals(&world).await;
        let mut asked = 0;
        for worker in [analyst(&world), world.worker(CJIT, "sample-alder")] {
            for path in [
                format!("/v1/clients/{client}"),
                format!("/v1/clients/{client}/caseload-episodes"),
                format!("/v1/clients/{client}/dirs"),
                format!("/v1/clients/{client}/scripts"),
                format!("/v1/clients/{client}/consents"),
                format!("/v1/clients/{client}/pathway-actions"),
                format!("/v1/clients/{client}/disclosures"),
                "/v1/referrals?box=in".to_owned(),
                "/v1/caseload-checks/report?from=2026-01-01&to=2026-01-31".to_owned(),
            ] {
                for purpose in [Purpose::ServiceMonitoring, Purpose::ContinuityOfCare, Purpose::AuditReview] {
                    let answer = worker.get(&path).about(client).purpose(purpose).send().await.unwrap();
                    assert!([403, 404].contains(&answer.status.as_u16()), "{path}: {}", answer.json);
                    assert!(!answer.json.to_string().contains("Kale"));
                    assert!(answer.receipt.is_some(), "a refusal is on record");
                    asked += 1;
                }
            }
        }
        assert_eq!(refusals(&world).await, refused_before + asked);
        // Its own agency's counts an analyst may read; another's only as an area's; and a case manager neither.
        let own = world.worker(CJIT, "sample-alder");
        let quarter = own_quarter(&world);
        assert_eq!(measure(&reads(&own, &quarter).await, "closures")["figure"], "0");
        for (worker, path) in [
            (&own, "/v1/scorecard/area?quarter=2020-Q1".to_owned()),
            (&cjit, format!("/v1/scorecard?from={quarter}&to={quarter}")),
            (&analyst(&world), format!("/v1/scorecard?from={quarter}&to={quarter}")),
        ] {
            assert_eq!(monitors(worker, &path).await.status, 403, "{path}");
        }
        let for_care = own.get(format!("/v1/scorecard?from={quarter}&to={quarter}")).send().await.unwrap();
        assert_eq!((for_care.status.as_u16(), for_care.problem()), (403, "purpose-not-permitted"));
    }
}

/// The quarter that it is.
fn own_quarter(world: &World) -> String {
    let today = world.journal.now().to_string();
    let month: u32 = today[5..7].parse().unwrap();
    format!("{}-Q{}", &today[..4], month.div_ceil(3))
}

/// How many refusals the log has.
async fn refusals(world: &World) -> usize {
    let log = crate::support::StoredLog::read(world);
    let leaves = log.leaves.iter().map(|leaf| throughgate::ledger::entry::Leaf::parse(leaf).unwrap());
    leaves.filter(|leaf| leaf.outcome == throughgate::vocabulary::Outcome::Refused).count()
}
