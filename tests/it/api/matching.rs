//! Who is presented: linked in silence where the gateway is sure, settled by the matching desk where it is not.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::{Handle, PersonId};
use throughgate::vocabulary::Purpose;

use super::caseload::{check, open_episode};
use super::erasure::Officer;
use super::linked::{are_one, person};
use super::release::Team;
use crate::support::{BY_ITSELF, World, on_both_stores};

pub fn somebody(forename: &str, surname: &str, born: &str) -> Value {
    json!({"person": {
        "names": [{"kind": "legal", "forename": forename, "surname": surname}],
        "date_of_birth": born, "sex": "female",
        "addresses": [{"kind": "current", "lines": ["1 Test Row"], "postcode": "ZZ1 1ZZ"}],
    }})
}

/// The same with an alias.
pub fn named(forename: &str, surname: &str, born: &str, alias: (&str, &str)) -> Value {
    let mut body = somebody(forename, surname, born);
    let alias = json!({"kind": "alias", "forename": alias.0, "surname": alias.1});
    body["person"]["names"].as_array_mut().unwrap().push(alias);
    body
}

/// Gives a client this name and no other, and answers with what status.
pub async fn renamed(worker: &Actor, client_ref: Handle, name: (&str, &str)) -> u16 {
    let path = format!("/v1/clients/{client_ref}");
    let read = worker.get(&path).about(client_ref).send().await.unwrap();
    let names = json!([{"kind": "legal", "forename": name.0, "surname": name.1}]);
    let patch =
        worker.patch(path, json!({"person": {"names": names}})).about(client_ref).if_match(read.etag());
    patch.send().await.unwrap().status.as_u16()
}

async fn present(worker: &Actor, body: Value) -> Answer {
    let answer = worker.post("/v1/clients", body).send().await.unwrap();
    assert_eq!(answer.status, 201, "{}", answer.json);
    answer
}

pub async fn presented(worker: &Actor, body: Value) -> Handle {
    present(worker, body).await.handle("client_ref").unwrap()
}

/// The handle of a case, from its path.
fn case(path: &str) -> Option<Handle> {
    path.trim_end_matches("/decision").rsplit('/').next().unwrap().parse().ok()
}

/// The matching officer.
pub struct Desk(Actor);

impl Desk {
    pub fn of(world: &World) -> Self {
        Self(world.worker("northmoor-desk", "sorter-alder"))
    }

    /// A token is for one case, or for the list.
    pub async fn get(&self, path: &str) -> Answer {
        let ask = self.0.get(path).purpose(Purpose::DuplicateCheck);
        let ask = match case(path) {
            Some(case) => ask.about(case),
            None => ask,
        };
        ask.send().await.unwrap()
    }

    pub async fn open(&self) -> Vec<String> {
        let listed = self.get("/v1/matches").await;
        assert_eq!(listed.status, 200, "{}", listed.json);
        let matches = listed.json["matches"].as_array().unwrap().clone();
        matches.iter().map(|case| format!("/v1/matches/{}", case["id"].as_str().unwrap())).collect()
    }

    pub async fn decides(&self, case: &str, decision: &str) -> Answer {
        let etag = self.get(case).await.etag().to_owned();
        let given = json!({"decision": decision, "reason": "compared at the desk, form 7"});
        let about = self::case(case).unwrap();
        let post = self.0.post(format!("{case}/decision"), given).about(about).if_match(etag);
        post.purpose(Purpose::DuplicateCheck).send().await.unwrap()
    }
}

on_both_stores! {
    async fn a_slip_an_alias_or_a_new_address_links_in_silence(world: World) {
        let oak = world.worker("fallowgate-carat", "fixture-oak");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let lantern = world.worker("lantern", "ms-placeholder");
        let first = present(&oak, somebody("Fixture", "Cedarwood", "1988-02-28")).await;
        let slip = present(&cjit, somebody("Fixtrue", "Cedarwood", "1988-02-28")).await;
        let mut by_alias = somebody("Samplea", "Cedarwood", "1988-02-28");
        let alias = json!({"kind": "alias", "forename": "Fixture", "surname": "Cedarwood"});
        by_alias["person"]["names"].as_array_mut().unwrap().push(alias);
        by_alias["person"]["addresses"] = json!([{"kind": "no-fixed-abode"}]);
        let alias = present(&lantern, by_alias).await;
        let [known, ..] = [&first, &slip, &alias].map(|answer| answer.handle("client_ref").unwrap());
        for linked in [&slip, &alias] {
            assert!(are_one(&world, known, linked.handle("client_ref").unwrap()));
        }
        assert_eq!((first.bytes.len(), slip.bytes.len()), (alias.bytes.len(), alias.bytes.len()));
        assert!(Desk::of(&world).open().await.is_empty());
        let again = presented(&oak, somebody("Fixture", "Cedarwood", "1988-02-28")).await;
        assert_eq!(again, first.handle("client_ref").unwrap(), "the same reference as before");
    }
}

on_both_stores! {
    async fn twins_parent_and_child_and_namesakes_stay_apart(world: World) {
        let oak = world.worker("fallowgate-carat", "fixture-oak");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let known = person(&world, presented(&oak, somebody("Fixture", "Cedarwood", "1988-02-28")).await);
        for (forename, surname, born) in [
            ("Dummilla", "Cedarwood", "1988-02-28"),
            ("Fixture", "Cedarwood", "1962-07-03"),
            ("Fixture", "Cedarwood", "1991-10-17"),
            ("Sample", "Whitebeam", "1988-02-28"),
        ] {
            let other = presented(&cjit, somebody(forename, surname, born)).await;
            assert_ne!(person(&world, other), known, "{forename} {surname} {born}");
        }
        assert!(!Desk::of(&world).open().await.is_empty(), "a twin is for the desk to tell");
    }
}

on_both_stores! {
    async fn the_desk_joins_and_parts_and_a_check_says_so(world: World) {
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let lantern = world.worker("lantern", "ms-placeholder");
        let desk = Desk::of(&world);
        let hers = presented(&lantern, somebody("Demoline", "Elderberry", "1988-02-28")).await;
        assert_eq!(open_episode(&lantern, hers).await.status, 201);
        let ours = presented(&cjit, somebody("Demoline", "Elderberry", "1988-07-15")).await;
        let (one, other): (PersonId, PersonId) = (person(&world, hers), person(&world, ours));
        assert_ne!(one, other);
        let possibly = || world.store().snapshot(|tx| tx.possibly_same(other)).unwrap();
        assert_eq!(possibly(), [one]);
        assert_eq!(world.number("SELECT count(*) AS number FROM task WHERE kind = 'match-decision' AND state = 'open'"), 1);
        assert_eq!(world.number("SELECT count(*) AS number FROM event WHERE kind = 'match.waiting'"), 1);

        let open = desk.open().await;
        assert_eq!(open.len(), 1);
        let case = open[0].as_str();
        let read = desk.get(case).await;
        assert_eq!((read.status.as_u16(), &read.json["state"]), (200, &json!("open")), "{}", read.json);
        assert_eq!(read.json["people"][0]["dates_of_birth"], json!(["1988-07-15"]));
        assert_eq!(read.json["people"][1]["dates_of_birth"], json!(["1988-02-28"]));
        assert_eq!(read.json["people"][1]["names"][0]["surname"], "Elderberry");
        assert_eq!(read.json["levels"]["surname"], "same");
        let text = read.json.to_string();
        for untold in ["lantern", "northmoor-cjit", "Test Row", "ZZ1", "legal", "specialist"] {
            assert!(!text.contains(untold), "{untold}: {text}");
        }

        assert_eq!(desk.decides(case, "same").await.status, 200);
        assert_eq!(check(&cjit, ours).await.json["outcome"], "held");
        assert!(possibly().is_empty() && desk.open().await.is_empty());
        assert_eq!(world.number("SELECT count(*) AS number FROM task WHERE kind = 'match-decision' AND state = 'open'"), 0);
        let again = desk.decides(case, "same").await;
        assert_eq!((again.status.as_u16(), again.problem()), (409, "invalid-transition"));

        let parted = desk.decides(case, "different").await;
        assert_eq!(parted.status, 200, "{}", parted.json);
        assert_eq!(check(&cjit, ours).await.json["outcome"], "clear");
        let read = desk.get(case).await;
        let decisions: Vec<&Value> = read.json["decisions"].as_array().unwrap().iter().map(|one| &one["decision"]).collect();
        assert_eq!(decisions, ["same", "different"], "the history is kept");

        // Never asked again while the facts are the same; asked again when they are not.
        presented(&cjit, somebody("Demoline", "Elderberry", "1988-07-15")).await;
        assert!(desk.open().await.is_empty() && possibly().is_empty());
        let mut more = somebody("Demoline", "Elderberry", "1988-07-15");
        more["person"]["names"].as_array_mut().unwrap().push(json!({"kind": "former", "forename": "Demoline", "surname": "Sorbus"}));
        presented(&cjit, more).await;
        assert_eq!((desk.open().await.len(), possibly()), (1, vec![one]));
    }
}

on_both_stores! {
    async fn a_case_is_the_desks_alone_and_is_decided_on_the_version_that_was_read(world: World) {
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let lantern = world.worker("lantern", "ms-placeholder");
        let desk = Desk::of(&world);
        presented(&lantern, somebody("Demoline", "Elderberry", "1988-02-28")).await;
        presented(&cjit, somebody("Demoline", "Elderberry", "1988-07-15")).await;
        let case = desk.open().await.remove(0);
        let about = self::case(&case).unwrap();
        let theirs = cjit.get(&case).about(about).purpose(Purpose::DuplicateCheck).send().await.unwrap();
        assert_eq!(theirs.status, 403);
        let for_nobody = desk.0.get(&case).purpose(Purpose::DuplicateCheck).send().await.unwrap();
        assert_eq!(for_nobody.status, 404, "a token must name the case");
        assert_eq!(cjit.get("/v1/matches").purpose(Purpose::DuplicateCheck).send().await.unwrap().status, 403);
        let given = json!({"decision": "different", "reason": "two dates of birth, both checked"});
        let path = format!("{case}/decision");
        let unread = desk.0.post(&path, given.clone()).about(about).purpose(Purpose::DuplicateCheck).send().await.unwrap();
        assert_eq!(unread.status, 428);
        let stale = desk.0.post(&path, given).about(about).if_match("\"x\"").purpose(Purpose::DuplicateCheck).send().await.unwrap();
        assert_eq!(stale.status, 412);
        let nobodys = format!("/v1/matches/{}", Handle::random());
        assert_eq!(desk.get(&nobodys).await.status, 404);
        let decided = desk.decides(&case, "different").await;
        assert_eq!(decided.status, 200, "{}", decided.json);
        assert!(desk.open().await.is_empty());
    }
}

on_both_stores! {
    async fn nothing_is_disclosed_through_a_link_after_the_entry_that_parts_them(world: World) {
        let oak = world.worker("fallowgate-carat", "fixture-oak");
        let desk = Desk::of(&world);
        let first = Team { client_ref: presented(&oak, somebody("Demoline", "Elderberry", "1988-02-28")).await, actor: oak.clone() };
        let path = format!("/v1/dirs/{}", first.signed_dir().await);
        let second = presented(&oak, somebody("Demoline", "Elderberry", "1988-07-15")).await;
        let reads = async || oak.get(&path).about(second).send().await.unwrap();
        assert_eq!(reads().await.status, 404);
        let case = desk.open().await.remove(0);

        // Joined and parted again and again while she is read by the other reference: the order of the log is what happened.
        let mut crossed = 0;
        for round in 0..6 {
            for (decision, joins) in [("same", true), ("different", false)] {
                let (decided, read) = tokio::join!(desk.decides(&case, decision), async {
                    let mut read = Vec::new();
                    for _ in 0..4 {
                        let (a, b, c) = tokio::join!(reads(), reads(), reads());
                        read.extend([a, b, c]);
                    }
                    read
                });
                assert_eq!(decided.status, 200, "{}", decided.json);
                let at = decided.receipt.unwrap().index;
                let mut seen = [0; 2];
                for answer in read {
                    let index = answer.receipt.as_ref().unwrap().index;
                    // A refusal may be late, and tells nothing. What is disclosed was disclosed while they were one.
                    let may_be = answer.status == 404 || (answer.status == 200 && (index > at) == joins);
                    assert!(may_be, "round {round}, {decision}: {} in {index}, decided in {at}", answer.status);
                    seen[usize::from(index > at)] += 1;
                }
                crossed += usize::from(seen[0] > 0 && seen[1] > 0);
            }
        }
        assert!(crossed > 0, "no read was in flight while the desk decided");
    }
}

on_both_stores! {
    async fn one_new_person_at_two_agencies_at_once_is_one_person(world: World) {
        let oak = world.worker("fallowgate-carat", "fixture-oak");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        for (round, ending) in ["wood", "hurst", "field", "brook", "mead", "holt"].into_iter().enumerate() {
            let body = somebody("Fixture", &format!("Cedar{ending}"), &format!("1988-02-{}", 10 + round));
            let (one, other) = tokio::join!(presented(&oak, body.clone()), presented(&cjit, body));
            assert!(are_one(&world, one, other), "round {round}");
        }
    }
}

on_both_stores! {
    async fn who_is_erased_leaves_no_token_no_count_and_no_case(world: World) {
        let oak = world.worker("fallowgate-carat", "fixture-oak");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let goes = presented(&oak, somebody("Demoline", "Elderberry", "1988-02-28")).await;
        let counts = || ["match_token", "match_frequency", "match_pair", "record WHERE kind = 'match'", "handle WHERE kind = 'match'", "task", "event"]
            .map(|table| world.number(&format!("SELECT count(*) AS number FROM {table}")));
        let alone = counts();
        presented(&cjit, somebody("Demoline", "Elderberry", "1988-07-15")).await;
        assert_eq!(&counts()[2..], [1, 1, 1, 1, 1]);
        // Another name, and another instead of it: what is counted of a record is what it says at last.
        let ours = presented(&cjit, named("Demoline", "Elderberry", "1988-07-15", ("Samplina", "Hawthornden"))).await;
        assert_eq!(renamed(&cjit, ours, ("Testina", "Sorbus")).await, 200);
        let erased = Officer::of(&world, "northmoor-cjit", ours).erases().await;
        assert_eq!(erased.status, 200, "{}", erased.json);
        assert_eq!(counts(), alone);
        assert_eq!(Officer::of(&world, "fallowgate-carat", goes).erases().await.status, 200);
        assert_eq!(counts(), [0; 7]);
    }
}

/// What each kind of thread has asked the database.
static ASKED: Mutex<BTreeMap<String, Vec<String>>> = Mutex::new(BTreeMap::new());

struct Counter;

impl Instrumentation for Counter {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        let InstrumentationEvent::StartQuery { query, .. } = event else { return };
        let text = query.to_string();
        let is_ours =
            ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "].iter().any(|verb| text.starts_with(verb));
        if is_ours && !BY_ITSELF.iter().any(|words| text.contains(words)) {
            let thread = std::thread::current().name().unwrap_or_default().to_owned();
            ASKED.lock().unwrap().entry(thread).or_default().push(text.chars().take(90).collect());
        }
    }
}

on_both_stores! {
    async fn new_linked_or_in_doubt_is_asked_and_written_in_as_many_statements_and_answered_alike(world: World) {
        let mut world = world;
        set_default_instrumentation(|| Some(Box::new(Counter))).unwrap();
        world.restart().await;
        let oak = world.worker("fallowgate-carat", "fixture-oak");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        presented(&oak, somebody("Demoline", "Elderberry", "1988-02-28")).await;
        for round in 0..20 {
            presented(&cjit, somebody("Warm", &format!("Up{}", "abcdefghijklmnopqrst".chars().nth(round).unwrap()), "1970-05-05")).await;
        }
        let count = async |body: Value| {
            ASKED.lock().unwrap().clear();
            let answer = present(&cjit, body).await;
            tokio::time::sleep(Duration::from_millis(50)).await;
            let asked = ASKED.lock().unwrap().clone();
            let of = |thread: &str| asked.get(thread).cloned().unwrap_or_default();
            let names: BTreeMap<String, usize> = answer.headers.iter()
                .map(|(name, value)| (name.to_string(), if name == "audit-receipt" { 0 } else { value.len() })).collect();
            (of("store-reader"), of("journal-writer"), answer.status.as_u16(), answer.bytes.len(), names)
        };
        let new = count(somebody("Sampleton", "Whitebeam", "1961-11-23")).await;
        let linked = count(somebody("Demoline", "Elderberry", "1988-02-28")).await;
        let cases = world.number("SELECT count(*) AS number FROM match_pair");
        let in_doubt = count(somebody("Demoline", "Elderberry", "1988-07-15")).await;
        assert_eq!(world.number("SELECT count(*) AS number FROM match_pair"), cases + 1, "it is in doubt");
        // Whom many know, each by a person of its own.
        for (agency, worker) in [("fallowgate-carat", "fixture-oak"), ("lantern", "ms-placeholder"), ("eastvale-cjit", "sample-linden")] {
            presented(&world.worker(agency, worker), somebody("Testina", "Hawthornden", "1990-03-03")).await;
        }
        let by_many = count(somebody("Testina", "Hawthornden", "1990-03-03")).await;
        let ones = "SELECT count(*) AS number FROM person_identity GROUP BY cluster ORDER BY number DESC LIMIT 1";
        assert_eq!(world.number(ones), 4, "they are one");
        // Whom the agency has presented itself, with less than it said then, and with more.
        let mut less = somebody("Sampleton", "Whitebeam", "1961-11-23");
        less["person"].as_object_mut().unwrap().remove("addresses").unwrap();
        let again = count(less).await;
        let more = count(named("Sampleton", "Whitebeam", "1961-11-23", ("Samplina", "Sorbus"))).await;
        assert!(new.0.len() > 10 && new.1.len() > 10, "{new:?}");
        for other in [linked, in_doubt, by_many, again, more] {
            assert_eq!(new.0.len(), other.0.len(), "{:#?}\n{:#?}", new.0, other.0);
            assert_eq!(new.1.len(), other.1.len(), "{:#?}\n{:#?}", new.1, other.1);
            assert_eq!((new.2, new.3, &new.4), (other.2, other.3, &other.4));
        }
    }
}
