//! Erasing a person at one agency: what goes, what stands, and that every proof holds all the while.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use diesel::prelude::*;
use diesel::sql_types::Binary;
use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::ledger::entry::{Field, Leaf, Opening, Part};
use throughgate::store::backend::AnyConnection;
use throughgate::vocabulary::{EntryKind, Outcome, Purpose};

use super::linked::bytes;
use super::release::Team;
use crate::support::{Backend, StoredLog, World, on_both_stores};

pub const CARAT: &str = "fallowgate-carat";
pub const LANTERN: &str = "lantern";

/// The privacy officer of an agency, at work on one client.
pub struct Officer {
    pub actor: Actor,
    pub client_ref: Handle,
}

impl Officer {
    pub fn of(world: &World, agency: &str, client_ref: Handle) -> Self {
        let id = match agency {
            CARAT => "fixture-maple",
            LANTERN => "test-myrtle",
            _ => "sample-juniper",
        };
        Self { actor: world.worker(agency, id), client_ref }
    }

    pub fn path(&self, what: &str) -> String {
        format!("/v1/clients/{}/{what}", self.client_ref)
    }

    pub async fn holds(&self) -> Answer {
        let ask = self.actor.get(self.path("holds")).about(self.client_ref);
        ask.purpose(Purpose::SubjectAccess).send().await.unwrap()
    }

    pub async fn post(&self, path: String, body: Value, etag: Option<&str>) -> Answer {
        let ask = self.actor.post(path, body).about(self.client_ref).purpose(Purpose::SubjectAccess);
        let ask = match etag {
            Some(etag) => ask.if_match(etag),
            None => ask,
        };
        ask.send().await.unwrap()
    }

    /// The order, on the version that stands now.
    pub async fn erases(&self) -> Answer {
        let etag = self.holds().await.etag().to_owned();
        self.post(self.path("erasure"), order(), Some(&etag)).await
    }

    /// The codes of what stands against it.
    pub async fn is_stopped_by(&self) -> Vec<String> {
        let stopped = self.erases().await;
        assert_eq!((stopped.status.as_u16(), stopped.problem()), (409, "erasure-held"), "{}", stopped.json);
        assert!(stopped.receipt.is_some(), "a refusal is on record");
        let errors = stopped.json["errors"].as_array().unwrap();
        errors.iter().map(|error| error["code"].as_str().unwrap().to_owned()).collect()
    }
}

pub fn order() -> Value {
    json!({"authority": "consent-withdrawn", "reason": "asked for at the office, form 12"})
}

pub async fn read(worker: &Actor, client_ref: Handle) -> Answer {
    worker.get(format!("/v1/clients/{client_ref}")).about(client_ref).send().await.unwrap()
}

async fn auditor_sees(world: &World, path: &str) -> Answer {
    let auditor = world.worker("audit-office", "checker-willow");
    let seen = auditor.get(path).purpose(Purpose::AuditReview).send().await.unwrap();
    assert_eq!(seen.status, 200, "{}", seen.json);
    seen
}

/// What an auditor gets to see of the entry behind a receipt: every opening verified against the leaf.
pub async fn opened(world: &World, answer: &Answer) -> (Value, Vec<Opening>) {
    let leaf = Leaf::parse(&answer.receipt.as_ref().unwrap().leaf).unwrap();
    let seen = auditor_sees(world, &format!("/v1/audit/entries/{}", leaf.id)).await;
    assert_eq!(STANDARD.decode(seen.json["leaf"].as_str().unwrap()).unwrap(), leaf.to_bytes());
    let openings = Opening::parse_header(seen.json["openings"].as_str().unwrap()).unwrap();
    assert!(openings.iter().all(|opening| opening.verify(&leaf.details)));
    (seen.json, openings)
}

pub fn text(openings: &[Opening], field: Field) -> &str {
    openings.iter().find(|opening| opening.field == field).map_or("", |opening| opening.plaintext.as_str())
}

#[derive(QueryableByName)]
struct Bytes {
    #[diesel(sql_type = Binary)]
    bytes: Vec<u8>,
}

fn column(world: &World, sql: &str) -> Vec<Vec<u8>> {
    let rows: Vec<Bytes> = match &mut world.connection() {
        AnyConnection::Postgres(c) => diesel::sql_query(sql).load(c).unwrap(),
        AnyConnection::Sqlite(c) => diesel::sql_query(sql).load(c).unwrap(),
    };
    rows.into_iter().map(|row| row.bytes).collect()
}

/// Everything that is stored of people, counted.
pub fn counts(world: &World) -> Vec<i64> {
    ["record", "record_version", "handle", "match_token", "data_key", "person", "audit_leaf", "audit_index"]
        .iter()
        .map(|table| world.number(&format!("SELECT count(*) AS number FROM {table}")))
        .collect()
}

/// What is left in the database of what an agency held.
pub fn left_of(world: &World, agency: &str) -> [i64; 4] {
    [
        format!("record WHERE custodian = '{agency}'"),
        format!("handle WHERE agency = '{agency}'"),
        format!("data_key WHERE custodian = '{agency}'"),
        format!("record_version v JOIN record r ON r.id = v.record WHERE r.custodian = '{agency}'"),
    ]
    .map(|from| world.number(&format!("SELECT count(*) AS number FROM {from}")))
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

on_both_stores! {
    async fn what_an_agency_held_is_gone_and_everything_else_stands(world: World) {
        let oak = world.worker(CARAT, "fixture-oak");
        let hazel = world.worker(LANTERN, "ms-placeholder");
        let at_carat = world.client(&oak, "Fixture", "Cedar").await;
        let at_lantern = world.client(&hazel, "Fixture", "Cedar").await;
        let other = world.client(&oak, "Dummy", "Ivy").await;
        let team = Team { actor: oak.clone(), client_ref: at_carat };
        let dir = team.signed_dir().await;
        team.consents(&world).await;
        let before = [
            read(&oak, at_carat).await,
            team.get(format!("/v1/dirs/{dir}")).await,
            oak.get(format!("/v1/clients/{at_carat}/disclosures")).about(at_carat).send().await.unwrap(),
        ];
        let (theirs, others) = (read(&hazel, at_lantern).await, read(&oak, other).await);
        let log_before = StoredLog::read(&world);
        let key = column(&world, &format!(
            "SELECT k.wrapped AS bytes FROM data_key k JOIN record r ON r.person = k.owner AND r.custodian = k.custodian \
             WHERE k.custodian = '{CARAT}' AND r.kind = 'dir'"
        )).remove(0);
        let index = before[0].receipt.as_ref().unwrap().index;
        let part = column(&world, &format!("SELECT person_part AS bytes FROM audit_private WHERE idx = {index}")).remove(0);

        let officer = Officer::of(&world, CARAT, at_carat);
        let held = officer.holds().await;
        assert_eq!(held.status, 200, "{}", held.json);
        assert_eq!(held.json["records"], json!([
            {"kind": "client", "count": 1}, {"kind": "consent", "count": 1}, {"kind": "dir", "count": 1},
        ]));
        let erased = officer.erases().await;
        assert_eq!((erased.status.as_u16(), &erased.json["client_ref"]), (200, &json!(at_carat)), "{}", erased.json);
        let leaf = Leaf::parse(&erased.receipt.as_ref().unwrap().leaf).unwrap();
        assert_eq!((leaf.kind, leaf.outcome), (EntryKind::Erased, Outcome::Permitted));
        let erasure = erased.receipt.as_ref().unwrap().index;

        // Gone: only what the agency holds of another client is left.
        assert_eq!(left_of(&world, CARAT), [1, 1, 1, 1]);
        let tables = ["data_key WHERE wrapped", "audit_private WHERE person_part"].map(|at| {
            let value = if at.contains("wrapped") { &key } else { &part };
            let hex: String = value.iter().map(|byte| format!("{byte:02x}")).collect();
            let literal = if world.backend == Backend::Sqlite { format!("x'{hex}'") } else { format!("'\\x{hex}'") };
            world.number(&format!("SELECT count(*) AS number FROM {at} = {literal}"))
        });
        assert_eq!(tables, [0, 0]);
        assert_eq!(world.number("SELECT count(*) AS number FROM audit_private WHERE length(person_part) = 0 AND length(person_key) > 0"), 0);

        // Stands: every leaf, every receipt, what others hold, and what the agency holds of others.
        let log = StoredLog::read(&world);
        assert_eq!(log.leaves[..log_before.leaves.len()], log_before.leaves);
        log.assert_holds_all(before.iter().chain([&theirs, &others, &held, &erased]));
        assert_eq!(read(&hazel, at_lantern).await.json["person"], theirs.json["person"]);
        assert_eq!(read(&oak, other).await.json["person"], others.json["person"]);
        let (_, openings) = opened(&world, &theirs).await;
        assert_eq!(openings.len(), 32, "her entries at another agency can be opened whole");

        // An auditor still opens what is about workers and reasons, and is told why there is no more.
        for answer in &before {
            let (seen, openings) = opened(&world, answer).await;
            assert_eq!(seen["erased_by"], erasure);
            assert!(openings.len() == 23 && openings.iter().all(|opening| opening.field.part() == Part::Rest));
            assert_eq!(text(&openings, Field::Worker), "fixture-oak");
        }
        let (seen, openings) = opened(&world, &erased).await;
        assert_eq!(seen["erased_by"], erasure, "whom it was about is committed to, and can be opened by nobody");
        assert_eq!(text(&openings, Field::Worker), "fixture-maple");
        assert_eq!(text(&openings, Field::ReasonText), "asked for at the office, form 12");
        assert_eq!(text(&openings, Field::StatuteRef), "UK GDPR Art. 17(1)(b)");
        let list = auditor_sees(&world, &format!("/v1/audit/entries?agency={CARAT}&kind=disclosure")).await;
        let listed = list.json["entries"].as_array().unwrap().iter().find(|entry| entry["index"] == index).unwrap();
        assert_eq!((&listed["person_fields"], &listed["erased_by"]), (&json!(false), &json!(erasure)));

        // The old references lead nowhere, as any that nobody has.
        let nobodys = read(&oak, Handle::random()).await;
        for gone in [read(&oak, at_carat).await, team.get(format!("/v1/dirs/{dir}")).await, officer.holds().await, officer.erases().await] {
            assert_eq!((gone.status.as_u16(), gone.problem()), (404, "not-found-or-not-permitted"));
            assert_eq!(gone.bytes.len(), nobodys.bytes.len());
        }
        assert!(!team.get("/v1/referrals?box=out".to_owned()).await.json.to_string().contains(&dir.to_string()));

        // Presented again, she is somebody new to this agency.
        let again = world.client(&oak, "Fixture", "Cedar").await;
        assert_ne!(again, at_carat);
        let dirs = oak.get(format!("/v1/clients/{again}/dirs")).about(again).send().await.unwrap();
        assert_eq!((dirs.status.as_u16(), &dirs.json["dirs"]), (200, &json!([])));
        let account = oak.get(format!("/v1/clients/{again}/disclosures")).about(again).send().await.unwrap();
        assert_eq!(account.json["disclosures"].as_array().unwrap().len(), 2, "{}", account.json);
        StoredLog::read(&world).assert_holds_all(&before);

        if world.backend == Backend::Sqlite {
            let mut world = world;
            world.stop().await;
            world.tamper("PRAGMA wal_checkpoint(TRUNCATE)");
            let file = std::fs::read(world.dir.join("gateway.db")).unwrap();
            assert!(contains(&file, &log.leaves[0]), "the search finds what is there");
            assert!(!contains(&file, &key) && !contains(&file, &part), "nothing is left in the file's free pages");
        }
    }
}

on_both_stores! {
    async fn nothing_is_left_of_somebody_whom_nobody_else_knows(world: World) {
        let oak = world.worker(CARAT, "fixture-oak");
        let before = counts(&world);
        // But for the meeting places of presentations and the scope of all that closes anything, which all people share: they are nobody's.
        let shared = bytes(&world, b"closings");
        let epochs = || world.number(&format!("SELECT count(*) AS number FROM epoch WHERE length(scope) <> 9 AND scope <> {shared}"));
        let epochs_before = epochs();
        let client_ref = world.client(&oak, "Testa", "Alder").await;
        read(&oak, client_ref).await;
        assert_eq!(Officer::of(&world, CARAT, client_ref).erases().await.status, 200);
        let after = counts(&world);
        assert_eq!(after[..6], before[..6], "records, keys, references, tokens and the person itself");
        // Two counters of a random id are kept, so that nothing prepared before can be applied after; none of a token of hers.
        assert_eq!(epochs(), epochs_before + 2);
        // Of each entry only that the agency and its worker made it; the entry of the presentation, too.
        assert_eq!(after[7] - before[7], 2 * (after[6] - before[6]));
    }
}

on_both_stores! {
    async fn a_database_that_refuses_in_the_middle_has_erased_nothing(world: World) {
        let oak = world.worker(CARAT, "fixture-oak");
        let client_ref = world.client(&oak, "Fixture", "Cedar").await;
        let officer = Officer::of(&world, CARAT, client_ref);
        let etag = officer.holds().await.etag().to_owned();
        let before = counts(&world);
        world.tamper(match world.backend {
            Backend::Sqlite => "CREATE TRIGGER refuses BEFORE DELETE ON data_key BEGIN SELECT RAISE(ABORT, 'refused'); END",
            Backend::Postgres => {
                "CREATE FUNCTION refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$; \
                 CREATE TRIGGER refuses BEFORE DELETE ON data_key FOR EACH ROW EXECUTE FUNCTION refuses()"
            }
        });
        let failed = officer.post(officer.path("erasure"), order(), Some(&etag)).await;
        assert_eq!((failed.status.as_u16(), failed.problem()), (503, "audit-unavailable"), "{}", failed.json);
        assert_eq!(counts(&world), before, "no entry without its change, and no change without its entry");
        assert_eq!(world.number("SELECT count(*) AS number FROM audit_private WHERE erased_by IS NOT NULL"), 0);
        world.tamper(match world.backend {
            Backend::Sqlite => "DROP TRIGGER refuses",
            Backend::Postgres => "DROP TRIGGER refuses ON data_key",
        });
        world.ready().await;
        assert_eq!(read(&oak, client_ref).await.status, 200);
        assert_eq!(officer.erases().await.status, 200);
        assert_eq!(left_of(&world, CARAT), [0; 4]);
    }
}

on_both_stores! {
    async fn whoever_is_erased_in_whatever_order_every_leaf_and_proof_stays_as_it_was(world: World) {
        let oak = world.worker(CARAT, "fixture-oak");
        let hazel = world.worker(LANTERN, "ms-placeholder");
        let mut answers = Vec::new();
        let mut known = Vec::new();
        for surname in ["Alder", "Birch", "Cedar", "Damson"] {
            for (agency, worker) in [(CARAT, &oak), (LANTERN, &hazel)] {
                let client_ref = world.client(worker, "Testa", surname).await;
                answers.push(read(worker, client_ref).await);
                known.push((agency, worker, client_ref, answers.len() - 1));
            }
        }
        // References are random, so each run takes another order.
        known.sort_by_key(|(_, _, client_ref, _)| client_ref.to_string());
        let order: Vec<usize> = known.iter().map(|(.., at)| *at).collect();
        while let Some((agency, _, client_ref, _)) = known.pop() {
            let before = StoredLog::read(&world);
            let hashes = column(&world, "SELECT leaf_hash AS bytes FROM audit_leaf ORDER BY idx");
            let erased = Officer::of(&world, agency, client_ref).erases().await;
            assert_eq!(erased.status, 200, "in the order {order:?}: {}", erased.json);
            answers.push(erased);
            let log = StoredLog::read(&world);
            assert_eq!(log.leaves[..before.leaves.len()], before.leaves, "in the order {order:?}");
            assert_eq!(column(&world, "SELECT leaf_hash AS bytes FROM audit_leaf ORDER BY idx")[..hashes.len()], hashes);
            log.assert_holds_all(&answers);
            for (_, worker, client_ref, at) in &known {
                assert_eq!(read(worker, *client_ref).await.json, answers[*at].json);
                assert_eq!(opened(&world, &answers[*at]).await.1.len(), 32);
            }
        }
        assert_eq!([left_of(&world, CARAT), left_of(&world, LANTERN)], [[0; 4]; 2]);
    }
}

on_both_stores! {
    async fn nothing_that_is_recorded_meanwhile_keeps_a_lead_to_her(world: World) {
        let oak = world.worker(CARAT, "fixture-oak");
        let client_ref = world.client(&oak, "Fixture", "Cedar").await;
        let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let at_work: Vec<_> = (0..6)
            .map(|_| {
                let (officer, stop) = (Officer::of(&world, CARAT, client_ref), stop.clone());
                let oak = oak.clone();
                actix_web::rt::spawn(async move {
                    while !stop.load(std::sync::atomic::Ordering::SeqCst) {
                        read(&oak, client_ref).await;
                        // A refusal about her.
                        officer.post(officer.path("erasure"), order(), Some("\"other\"")).await;
                    }
                })
            })
            .collect();
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let erased = Officer::of(&world, CARAT, client_ref).erases().await;
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        stop.store(true, std::sync::atomic::Ordering::SeqCst);
        for one in at_work {
            one.await.unwrap();
        }
        assert_eq!(erased.status, 200, "{}", erased.json);
        assert!(world.number("SELECT count(*) AS number FROM audit_private WHERE erased_by IS NOT NULL") > 10);
        assert_eq!(world.number(
            "SELECT count(*) AS number FROM audit_private p WHERE length(p.person_key) > 0 \
             AND NOT EXISTS (SELECT 1 FROM data_key k WHERE k.id = p.person_key)"
        ), 0, "an entry under a key that is gone");
        assert_eq!(world.number(
            "SELECT count(*) AS number FROM audit_index i JOIN audit_private p ON p.idx = i.idx WHERE p.erased_by IS NOT NULL"
        ), 2 * world.number("SELECT count(*) AS number FROM audit_private WHERE erased_by IS NOT NULL"), "agency and worker alone");
        StoredLog::read(&world).assert_holds(erased.receipt.as_ref().unwrap());
    }
}
