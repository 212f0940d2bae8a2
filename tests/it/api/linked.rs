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
use super::erasure::{Officer, left_of};
use super::release::{Team, document, referred};
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
