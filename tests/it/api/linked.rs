//! People who were found to be one: whatever is asked of one of them is answered of all, until they are found to be two.

use std::collections::BTreeSet;
use std::process::ExitCode;

use serde_json::{Value, json};
use throughgate::crypto::KeyRing;
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::{Handle, PersonId};
use throughgate::store::identity::identity_seal;
use throughgate::vocabulary::Purpose;

use super::caseload::{check, open_episode};
use super::caseload_possible::pair;
use super::custody::{Desk as Custody, proactive};
use super::erasure::{Officer, left_of};
use super::release::{Team, document, referred};
use super::release_plan::{client as written_down, day, plan_for, planned};
use super::safeguarding::{Side as Concern, concern};
use crate::invariants::invariant_06::verify_store;
use crate::support::{Backend, World, on_both_stores, rows};

#[derive(diesel::QueryableByName)]
struct Person {
    #[diesel(sql_type = diesel::sql_types::Binary)]
    person: Vec<u8>,
}

pub fn bytes(world: &World, bytes: &[u8]) -> String {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    if world.backend == Backend::Sqlite { format!("x'{hex}'") } else { format!("'\\x{hex}'") }
}

/// Whom an agency's reference leads to.
pub fn person(world: &World, client_ref: Handle) -> PersonId {
    let sql = format!("SELECT person FROM handle WHERE handle = {}", bytes(world, client_ref.as_bytes()));
    let found = rows::<Person>(&mut world.connection(), &sql).remove(0).person;
    PersonId::from_bytes(found.try_into().unwrap())
}

/// Whether two references lead to one person.
pub fn are_one(world: &World, one: Handle, other: Handle) -> bool {
    let (one, other) = (person(world, one), person(world, other));
    world.store().snapshot(|tx| tx.are_one(one, other)).unwrap()
}

/// Puts each of these into a cluster, as a decision of the desk would.
pub fn put(world: &World, version: i64, clusters: &[(Handle, u8)]) {
    let keys = ring(world);
    for (client_ref, cluster) in clusters {
        let person = *person(world, *client_ref).as_bytes();
        let seal = identity_seal(&keys, &person, version, &[*cluster; 16], &[0; 16]);
        put_by_hand(world, version, person, *cluster, &seal);
    }
}

/// The keys of the gateway, which the database does not have.
pub fn ring(world: &World) -> KeyRing {
    KeyRing::load(&world.dir.join("keys/ring.toml")).unwrap()
}

pub fn put_by_hand(world: &World, version: i64, person: [u8; 16], cluster: u8, seal: &[u8]) {
    let [person, cluster, nobodys, seal] =
        [person.as_slice(), &[cluster; 16], &[0; 16], seal].map(|value| bytes(world, value));
    world.tamper(&format!(
        "INSERT INTO person_identity VALUES ({person}, {version}, {cluster}, {nobodys}, {seal})"
    ));
}

/// Somebody who is like nobody else in these stories.
pub async fn stranger(worker: &Actor, forename: &str, surname: &str, born: &str) -> Handle {
    let person = json!({"person": {
        "names": [{"kind": "legal", "forename": forename, "surname": surname}], "date_of_birth": born, "sex": "male",
    }});
    let answer = worker.post("/v1/clients", person).send().await.unwrap();
    assert_eq!(answer.status, 201, "{}", answer.json);
    answer.handle("client_ref").unwrap()
}

async fn read(worker: &Actor, path: &str, about: Handle) -> Answer {
    worker.get(path).about(about).send().await.unwrap()
}

on_both_stores! {
    async fn a_withdrawal_at_one_of_them_stops_the_reads_of_the_other(world: World) {
        let story = referred(&world).await;
        let dir = format!("/v1/dirs/{}", story.ours);
        let elsewhere = world.worker("eastvale-cjit", "sample-linden");
        let client_ref = stranger(&elsewhere, "Sample", "Whitebeam", "1961-11-23").await;
        let away = Team { actor: elsewhere, client_ref };

        away.withdraws().await;
        assert_eq!(story.cjit.get(dir.clone()).await.status, 200, "somebody else's withdrawal");
        put(&world, 1, &[(story.carat.client_ref, 1), (client_ref, 1)]);
        assert_eq!(story.cjit.get(dir.clone()).await.status, 200);
        away.withdraws().await;
        assert_eq!(story.cjit.get(dir).await.status, 404);
    }
}

on_both_stores! {
    async fn a_check_finds_who_is_on_a_caseload_under_another_name_until_they_are_two(world: World) {
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let lantern = world.worker("lantern", "ms-placeholder");
        let hers = world.client(&lantern, "Demo", "Elder").await;
        assert_eq!(open_episode(&lantern, hers).await.status, 201);
        let ours = stranger(&cjit, "Sample", "Whitebeam", "1961-11-23").await;
        assert_eq!(check(&cjit, ours).await.json["outcome"], "clear");

        put(&world, 1, &[(hers, 1), (ours, 1)]);
        let held = check(&cjit, ours).await;
        assert_eq!(held.json["outcome"], "held", "{}", held.json);
        let inbox = async || lantern.get("/v1/caseload-checks?box=in").purpose(Purpose::DuplicateCheck).send().await.unwrap();
        let asked = inbox().await;
        assert_eq!(asked.json["questions"][0]["client_ref"], hers.to_string(), "by the holder's own reference");
        let question = format!("/v1/caseload-checks/{}/answer", asked.json["questions"][0]["id"].as_str().unwrap());
        let reads = async || lantern.get(&question).purpose(Purpose::DuplicateCheck).about(hers).send().await.unwrap();
        assert_eq!(reads().await.status, 200);

        put(&world, 2, &[(hers, 2), (ours, 3)]);
        assert_eq!(check(&cjit, ours).await.json["outcome"], "clear");
        assert_eq!(inbox().await.json["questions"], json!([]), "it was about somebody else");
        assert_eq!(reads().await.status, 404);
    }
}

on_both_stores! {
    async fn an_agency_that_presented_her_twice_reaches_her_by_both_references(world: World) {
        let oak = world.worker("fallowgate-carat", "fixture-oak");
        let first = Team { client_ref: world.client(&oak, "Fixture", "Cedar").await, actor: oak.clone() };
        let dir = first.signed_dir().await;
        let second = stranger(&oak, "Sample", "Whitebeam", "1961-11-23").await;
        let path = format!("/v1/dirs/{dir}");
        let listed = async || read(&oak, &format!("/v1/clients/{second}/dirs"), second).await.json["dirs"].as_array().unwrap().len();
        assert_eq!((read(&oak, &path, second).await.status.as_u16(), listed().await), (404, 0));

        put(&world, 1, &[(first.client_ref, 1), (second, 1)]);
        assert_eq!((read(&oak, &path, second).await.status.as_u16(), listed().await), (200, 1));
        assert_eq!(read(&oak, &path, first.client_ref).await.status, 200);
        let account = read(&oak, &format!("/v1/clients/{second}/disclosures"), second).await;
        assert!(account.json["disclosures"].as_array().unwrap().len() >= 8, "{}", account.json);

        put(&world, 2, &[(first.client_ref, 2), (second, 3)]);
        assert_eq!((read(&oak, &path, second).await.status.as_u16(), listed().await), (404, 0));
    }
}

on_both_stores! {
    async fn what_an_agency_wrote_under_one_reference_counts_under_the_other(world: World) {
        let story = referred(&world).await;
        let cjit = story.cjit;
        let draft = async || {
            let path = format!("/v1/clients/{}/dirs", cjit.client_ref);
            let again = json!({"document": document(), "start_afresh_because": {"reason": "wrong-person", "text": "It came under another name."}});
            cjit.post(path, again).await
        };
        let boy = stranger(&cjit.actor, "Sample", "Whitebeam", "2012-11-23").await;
        let asked = check(&cjit.actor, cjit.client_ref).await;
        assert_eq!((asked.status.as_u16(), asked.problem()), (409, "invalid-transition"), "it has written nothing of her");
        let drafted = draft().await;
        assert_eq!(drafted.status, 201, "{}", drafted.json);

        put(&world, 1, &[(cjit.client_ref, 1), (boy, 1)]);
        assert_eq!(check(&cjit.actor, cjit.client_ref).await.status, 201);
        let refused = draft().await;
        let code = &refused.json["errors"][0]["code"];
        assert_eq!((refused.status.as_u16(), code), (409, &json!("under-18-tell-childrens-services")), "{}", refused.json);
    }
}

on_both_stores! {
    async fn a_guard_goes_by_each_record_that_an_agency_has_of_her(world: World) {
        let oak = world.worker("fallowgate-carat", "fixture-oak");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let draft = async |worker: &Actor, client: Handle| {
            let path = format!("/v1/clients/{client}/dirs");
            worker.post(path, json!({"document": document()})).about(client).send().await.unwrap()
        };
        let code = |answer: &Answer| answer.json["errors"][0]["code"].as_str().unwrap_or_default().to_owned();
        let under_18 = "under-18-tell-childrens-services";

        // Both her records are the agency's own, and it is the other one that says how old she is.
        let (grown, young) = (world.client(&oak, "Fixture", "Cedar").await, stranger(&oak, "Sample", "Whitebeam", "2012-11-23").await);
        let (adult, child) = (world.client(&cjit, "Fixture", "Cedar").await, stranger(&cjit, "Sample", "Whitebeam", "2012-11-23").await);
        assert_eq!(draft(&oak, grown).await.status, 201);
        put(&world, 2, &[(grown, 1), (young, 1), (adult, 1), (child, 1)]);
        for client in [grown, young] {
            let refused = draft(&oak, client).await;
            assert_eq!((refused.status.as_u16(), code(&refused).as_str()), (409, under_18), "{}", refused.json);
        }
        let came = |client| Custody { worker: cjit.clone(), client_ref: client };
        for client in [adult, child] {
            let opened = came(client).open(proactive(&world)).await;
            assert_eq!((opened.status.as_u16(), code(&opened).as_str()), (409, under_18), "{}", opened.json);
        }
        // Under each of them children's services can be told, and get the record that says so.
        let tells = async |client| {
            let side = Concern { worker: cjit.clone(), about: client, path: String::new() };
            let mut under_age = concern();
            under_age["ground"] = json!("under-18");
            side.raise(under_age).await
        };
        for client in [adult, child] {
            let raised = tells(client).await;
            assert_eq!(raised.status, 201, "{}", raised.json);
            let told = Concern::told(&world).await.read().await;
            assert_eq!(told["person"]["date_of_birth"], "2012-11-23", "{told}");
        }
        put(&world, 3, &[(grown, 2), (adult, 2), (young, 3), (child, 3)]);
        let opened = came(adult).open(proactive(&world)).await;
        assert_eq!(opened.status, 201, "they are two after all: {}", opened.json);
        let raised = tells(adult).await;
        assert_eq!((raised.status.as_u16(), code(&raised).as_str()), (409, "not-under-18"), "{}", raised.json);
    }
}

on_both_stores! {
    async fn a_letter_is_safe_only_if_no_record_that_the_agency_has_of_her_says_otherwise(world: World) {
        let home = world.worker("northmoor-cjit", "testa-rowan");
        let safe = written_down(&home, &["letter", "call"], true).await;
        let path = format!("{}/letter", plan_for(&home, safe, planned(day(&world, 20))).await.path);
        let letter = async || read(&home, &path, safe).await;
        assert!(letter().await.json["service"].is_string());
        let other = |safe: Value| json!({"person": {
            "names": [{"kind": "legal", "forename": "Sample", "surname": "Whitebeam"}], "date_of_birth": "1961-11-23", "sex": "male",
            "safe_contact": safe,
        }});
        let presents = async |person: Value| {
            let answer = home.post("/v1/clients", person).send().await.unwrap();
            assert_eq!(answer.status, 201, "{}", answer.json);
            answer.handle("client_ref").unwrap()
        };
        let silent = stranger(&home, "Specimen", "Sorb", "1979-03-05").await;
        let forbids = presents(other(json!({"channels": ["call"], "never": ["letter"]}))).await;
        put(&world, 1, &[(safe, 1), (silent, 1), (forbids, 3)]);
        assert!(letter().await.json["service"].is_string(), "where she said nothing, nothing stands against it");
        put(&world, 2, &[(safe, 2), (silent, 2), (forbids, 2)]);
        let refused = letter().await;
        let code = &refused.json["errors"][0]["code"];
        assert_eq!((refused.status.as_u16(), code), (409, &json!("letter-not-safe")), "{}", refused.json);
        put(&world, 3, &[(safe, 3), (silent, 4), (forbids, 5)]);
        assert_eq!(letter().await.status, 200);
        // Nor is a service named in it that she asked under the other not to name.
        let unnamed = json!({"person": {
            "names": [{"kind": "legal", "forename": "Dummy", "surname": "Rowanberry"}], "date_of_birth": "1971-04-09", "sex": "female",
            "safe_contact": {"channels": ["letter"], "may_name_service": false},
        }});
        let unnamed = presents(unnamed).await;
        put(&world, 4, &[(safe, 4), (silent, 5), (forbids, 6)]);
        put(&world, 1, &[(unnamed, 4)]);
        let said = letter().await;
        assert_eq!((said.status.as_u16(), &said.json["service"]), (200, &Value::Null), "{}", said.json);
    }
}

on_both_stores! {
    async fn an_erasure_takes_all_that_the_agency_holds_of_her_under_whatever_reference(world: World) {
        let oak = world.worker("fallowgate-carat", "fixture-oak");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let first = world.client(&oak, "Fixture", "Cedar").await;
        let second = stranger(&oak, "Sample", "Whitebeam", "1961-11-23").await;
        let theirs = stranger(&cjit, "Specimen", "Sorb", "1979-03-05").await;
        put(&world, 1, &[(first, 1), (second, 1), (theirs, 1)]);

        let erased = Officer::of(&world, "fallowgate-carat", first).erases().await;
        assert_eq!(erased.status, 200, "{}", erased.json);
        assert_eq!(left_of(&world, "fallowgate-carat"), [0, 0, 0, 0]);
        assert_eq!(world.number("SELECT count(*) AS number FROM person"), 1, "an id with nothing behind it is kept for nobody");
        assert_eq!(world.number("SELECT count(*) AS number FROM person_identity"), 1);
        assert_eq!(read(&oak, &format!("/v1/clients/{second}"), second).await.status, 404);
        assert_eq!(read(&cjit, &format!("/v1/clients/{theirs}"), theirs).await.status, 200);
    }
}

on_both_stores! {
    async fn what_is_decided_of_one_rests_on_all_who_are_one(world: World) {
        let oak = world.worker("fallowgate-carat", "fixture-oak");
        let one = world.client(&oak, "Fixture", "Cedar").await;
        let other = stranger(&oak, "Sample", "Whitebeam", "1961-11-23").await;
        let alone = stranger(&oak, "Specimen", "Sorb", "1979-03-05").await;
        put(&world, 1, &[(one, 1), (other, 1)]);
        let of = |client_ref| {
            let person = person(&world, client_ref);
            world.store().snapshot(|tx| tx.cluster_of(person)).unwrap()
        };
        let (mut both, mut again) = (of(one).epochs().collect::<Vec<_>>(), of(other).epochs().collect::<Vec<_>>());
        both.sort();
        again.sort();
        assert_eq!((both.len(), &both), (2, &again));
        assert!(both.iter().all(|epoch| epoch.value > 0));
        assert_eq!(of(alone).persons().collect::<Vec<_>>(), [person(&world, alone)]);
    }
}

on_both_stores! {
    async fn an_auditor_sees_the_history_of_all_who_are_one(world: World) {
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let lantern = world.worker("lantern", "ms-placeholder");
        let auditor = world.worker("audit-office", "checker-willow");
        let hers = stranger(&lantern, "Sample", "Whitebeam", "1961-11-23").await;
        let ours = world.client(&cjit, "Fixture", "Cedar").await;
        let history = async |of: PersonId| {
            let path = format!("/v1/audit/entries?limit=200&person={of}");
            let answer = auditor.get(path).purpose(Purpose::AuditReview).send().await.unwrap();
            assert_eq!(answer.status, 200, "{}", answer.json);
            let entries = answer.json["entries"].as_array().unwrap().clone();
            let about = |entry: &Value| entry["fields"]["person"].as_str().unwrap().to_owned();
            entries.iter().map(about).collect::<BTreeSet<String>>()
        };
        let (one, other) = (person(&world, hers), person(&world, ours));
        let (only_one, both) = ([one.to_string()].into(), [one.to_string(), other.to_string()].into());
        assert_eq!(history(one).await, only_one);

        put(&world, 1, &[(hers, 1), (ours, 1)]);
        assert_eq!((history(one).await, history(other).await), (BTreeSet::clone(&both), both));
        put(&world, 2, &[(hers, 2), (ours, 3)]);
        assert_eq!(history(one).await, only_one);
    }
}

on_both_stores! {
    async fn who_is_one_by_no_gateways_word_is_found(world: World) {
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let lantern = world.worker("lantern", "ms-placeholder");
        let hers = world.client(&lantern, "Demo", "Elder").await;
        assert_eq!(open_episode(&lantern, hers).await.status, 201);
        let ours = stranger(&cjit, "Sample", "Whitebeam", "1961-11-23").await;
        let theirs = stranger(&cjit, "Specimen", "Sorb", "1979-03-05").await;
        put(&world, 1, &[(hers, 1), (theirs, 1)]);
        assert_eq!(verify_store(&world), ExitCode::SUCCESS);
        let [one, other] = [hers, ours].map(|of| *person(&world, of).as_bytes());

        // By hand; with the seal of another row; and a sealed row altered.
        let seal = identity_seal(&ring(&world), &one, 1, &[1; 16], &[0; 16]);
        let altered = identity_seal(&ring(&world), &other, 1, &[2; 16], &[0; 16]);
        for seal in [[].as_slice(), &seal, &altered] {
            put_by_hand(&world, 1, other, 1, seal);
            assert_eq!(verify_store(&world), ExitCode::from(10));
            assert!(world.store().snapshot(|tx| tx.cluster_of(PersonId::from_bytes(other))).is_err());
            let refused = read(&cjit, &format!("/v1/clients/{ours}/dirs"), ours).await;
            assert!(refused.status.is_server_error() && refused.json.get("dirs").is_none(), "{}", refused.json);
            world.tamper(&format!("DELETE FROM person_identity WHERE person = {}", bytes(&world, &other)));
            assert_eq!(verify_store(&world), ExitCode::SUCCESS);
        }

        // Of two who may be one, an altered row stops the check.
        pair(&world, (hers, ours), 1, "open");
        assert_eq!(check(&cjit, ours).await.json["outcome"], "possible");
        world.tamper("UPDATE match_pair SET state = 'different'");
        let refused = check(&cjit, ours).await;
        assert!(refused.status.is_server_error() && refused.json.get("outcome").is_none(), "{}", refused.json);
        assert_eq!(verify_store(&world), ExitCode::from(10));
    }
}
