//! Erasing a person at one agency: what goes, what stands, what stops it, and that every proof holds all the while.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use diesel::prelude::*;
use diesel::sql_types::Binary;
use serde_json::{Value, json};
use throughgate::clock::Clock as _;
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::ledger::entry::{Field, Leaf, Opening, Part};
use throughgate::store::backend::AnyConnection;
use throughgate::vocabulary::{EntryKind, Outcome, Purpose};

use super::release::{Referred, Team, consent, referred};
use crate::support::{Backend, StoredLog, World, on_both_stores};

const CARAT: &str = "fallowgate-carat";
const LANTERN: &str = "lantern";

/// The privacy officer of an agency, at work on one client.
struct Officer {
    actor: Actor,
    client_ref: Handle,
}

impl Officer {
    fn of(world: &World, agency: &str, client_ref: Handle) -> Self {
        let id = match agency {
            CARAT => "fixture-maple",
            LANTERN => "test-myrtle",
            _ => "sample-juniper",
        };
        Self { actor: world.worker(agency, id), client_ref }
    }

    fn path(&self, what: &str) -> String {
        format!("/v1/clients/{}/{what}", self.client_ref)
    }

    async fn holds(&self) -> Answer {
        let ask = self.actor.get(self.path("holds")).about(self.client_ref);
        ask.purpose(Purpose::SubjectAccess).send().await.unwrap()
    }

    async fn post(&self, path: String, body: Value, etag: Option<&str>) -> Answer {
        let ask = self.actor.post(path, body).about(self.client_ref).purpose(Purpose::SubjectAccess);
        let ask = match etag {
            Some(etag) => ask.if_match(etag),
            None => ask,
        };
        ask.send().await.unwrap()
    }

    /// The order, on the version that stands now.
    async fn erases(&self) -> Answer {
        let etag = self.holds().await.etag().to_owned();
        self.post(self.path("erasure"), order(), Some(&etag)).await
    }

    /// The codes of what stands against it.
    async fn is_stopped_by(&self) -> Vec<String> {
        let stopped = self.erases().await;
        assert_eq!((stopped.status.as_u16(), stopped.problem()), (409, "erasure-held"), "{}", stopped.json);
        assert!(stopped.receipt.is_some(), "a refusal is on record");
        let errors = stopped.json["errors"].as_array().unwrap();
        errors.iter().map(|error| error["code"].as_str().unwrap().to_owned()).collect()
    }
}

fn order() -> Value {
    json!({"authority": "consent-withdrawn", "reason": "asked for at the office, form 12"})
}

async fn read(worker: &Actor, client_ref: Handle) -> Answer {
    worker.get(format!("/v1/clients/{client_ref}")).about(client_ref).send().await.unwrap()
}

async fn auditor_sees(world: &World, path: &str) -> Answer {
    let auditor = world.worker("audit-office", "checker-willow");
    let seen = auditor.get(path).purpose(Purpose::AuditReview).send().await.unwrap();
    assert_eq!(seen.status, 200, "{}", seen.json);
    seen
}

/// What an auditor gets to see of the entry behind a receipt: every opening verified against the leaf.
async fn opened(world: &World, answer: &Answer) -> (Value, Vec<Opening>) {
    let leaf = Leaf::parse(&answer.receipt.as_ref().unwrap().leaf).unwrap();
    let seen = auditor_sees(world, &format!("/v1/audit/entries/{}", leaf.id)).await;
    assert_eq!(STANDARD.decode(seen.json["leaf"].as_str().unwrap()).unwrap(), leaf.to_bytes());
    let openings = Opening::parse_header(seen.json["openings"].as_str().unwrap()).unwrap();
    assert!(openings.iter().all(|opening| opening.verify(&leaf.details)));
    (seen.json, openings)
}

fn text(openings: &[Opening], field: Field) -> &str {
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
fn counts(world: &World) -> Vec<i64> {
    ["record", "record_version", "handle", "match_token", "data_key", "person", "audit_leaf", "audit_index"]
        .iter()
        .map(|table| world.number(&format!("SELECT count(*) AS number FROM {table}")))
        .collect()
}

/// What is left in the database of what an agency held.
fn left_of(world: &World, agency: &str) -> [i64; 4] {
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
        let epochs = || world.number("SELECT count(*) AS number FROM epoch");
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
    async fn only_the_privacy_officer_erases_on_the_version_that_was_read_and_only_her_own(world: World) {
        let oak = world.worker(CARAT, "fixture-oak");
        let client_ref = world.client(&oak, "Fixture", "Cedar").await;
        let officer = Officer::of(&world, CARAT, client_ref);
        let etag = officer.holds().await.etag().to_owned();
        let before = counts(&world);

        for purpose in [Purpose::SubjectAccess, Purpose::ContinuityOfCare] {
            let refused = oak.post(officer.path("erasure"), order()).about(client_ref).if_match(&etag).purpose(purpose).send().await.unwrap();
            assert_eq!((refused.status.as_u16(), refused.problem()), (403, "purpose-not-permitted"));
        }
        let elsewhere = Officer { actor: world.worker(LANTERN, "test-myrtle"), client_ref };
        assert_eq!(elsewhere.post(officer.path("erasure"), order(), Some(&etag)).await.status, 404);
        assert_eq!(officer.post(officer.path("erasure"), order(), None).await.problem(), "precondition-required");
        assert_eq!(officer.post(officer.path("erasure"), order(), Some("\"other\"")).await.problem(), "version-conflict");
        for body in [json!({"reason": "x"}), json!({"authority": "whim", "reason": "x"}), json!({"authority": "objection", "reason": ""})] {
            assert_eq!(officer.post(officer.path("erasure"), body, Some(&etag)).await.status, 400);
        }
        assert_eq!(counts(&world)[..6], before[..6]);

        // Another record of hers was written since: what was read is not what would go.
        let team = Team { actor: oak.clone(), client_ref };
        team.signed_dir().await;
        assert_eq!(officer.post(officer.path("erasure"), order(), Some(&etag)).await.problem(), "version-conflict");
        let etag = officer.holds().await.etag().to_owned();
        assert_eq!(officer.post(officer.path("erasure"), order(), Some(&etag)).await.status, 200);
    }
}

on_both_stores! {
    async fn a_repetition_is_told_that_it_was_done(world: World) {
        let oak = world.worker(CARAT, "fixture-oak");
        let client_ref = world.client(&oak, "Fixture", "Cedar").await;
        let officer = Officer::of(&world, CARAT, client_ref);
        let etag = officer.holds().await.etag().to_owned();
        let send = async |key: &str, body: Value| {
            officer.actor.post(officer.path("erasure"), body).about(client_ref).purpose(Purpose::SubjectAccess)
                .if_match(&etag).idempotency_key(key).send().await.unwrap()
        };
        let first = send("erasure-of-cedar", order()).await;
        assert_eq!(first.status, 200, "{}", first.json);
        let after = counts(&world);
        let again = send("erasure-of-cedar", order()).await;
        assert_eq!((again.status.as_u16(), &again.json), (200, &json!({})));
        assert_eq!(counts(&world)[..6], after[..6]);
        let other = send("another-key-for-it", order()).await;
        let changed = send("erasure-of-cedar", json!({"authority": "objection", "reason": "another"})).await;
        assert_eq!((other.status.as_u16(), changed.status.as_u16()), (404, 404));
        let (_, openings) = opened(&world, &again).await;
        assert_eq!(text(&openings, Field::ReasonCode), "replayed");
    }
}

on_both_stores! {
    async fn a_legal_hold_stops_it_until_it_is_lifted_or_its_last_day_is_over(world: World) {
        let oak = world.worker(CARAT, "fixture-oak");
        let client_ref = world.client(&oak, "Fixture", "Cedar").await;
        let officer = Officer::of(&world, CARAT, client_ref);
        let in_days = |days: i64| {
            (world.clock.now() + jiff::SignedDuration::from_hours(24 * days)).to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
        };
        let hold = |until: String| json!({"ground": "legal-claim", "reason": "letter of claim", "until": until});
        let late = officer.post(officer.path("holds"), hold(in_days(-2)), None).await;
        assert_eq!((late.status.as_u16(), &late.json["errors"][0]["path"]), (422, &json!("until")));
        let by_a_worker = oak.post(officer.path("holds"), hold(in_days(9))).about(client_ref).send().await.unwrap();
        assert_eq!(by_a_worker.status, 403);

        let placed = officer.post(officer.path("holds"), hold(in_days(300)), None).await;
        assert_eq!(placed.status, 201, "{}", placed.json);
        let brief = officer.post(officer.path("holds"), hold(in_days(2)), None).await;
        assert_eq!(brief.status, 201, "{}", brief.json);
        let before = counts(&world);
        assert_eq!(officer.is_stopped_by().await, ["legal-hold"]);
        assert_eq!(counts(&world)[..6], before[..6]);

        let seen = officer.holds().await;
        assert_eq!(seen.json["holds"].as_array().unwrap().len(), 2);
        assert_eq!((&seen.json["holds"][0]["ground"], &seen.json["holds"][0]["in_force"]), (&json!("legal-claim"), &json!(true)));
        let lifting = format!("/v1/holds/{}/lifting", placed.json["id"].as_str().unwrap());
        let why = json!({"reason": "the claim is settled"});
        assert_eq!(officer.post(lifting.clone(), why.clone(), None).await.status, 428);
        let lifted = officer.post(lifting.clone(), why.clone(), Some(seen.etag())).await;
        assert_eq!(lifted.status, 200, "{}", lifted.json);
        assert_eq!(officer.post(lifting.clone(), why.clone(), Some(seen.etag())).await.status, 412);
        let etag = officer.holds().await.etag().to_owned();
        assert_eq!(officer.post(lifting, why, Some(&etag)).await.problem(), "invalid-transition");
        assert_eq!(officer.is_stopped_by().await, ["legal-hold"], "the other one is in force");

        world.clock.advance(4 * 24 * 3_600);
        let erased = officer.erases().await;
        assert_eq!(erased.status, 200, "{}", erased.json);
        assert_eq!(left_of(&world, CARAT), [0; 4], "the holds went with the rest");
    }
}

on_both_stores! {
    async fn open_matters_of_the_agency_stop_it_and_those_of_others_do_not(world: World) {
        let Referred { carat, cjit, referral, .. } = referred(&world).await;
        let opened = cjit.post(format!("/v1/clients/{}/caseload-episodes", cjit.client_ref), json!({"admitted_on": "2026-01-05"})).await;
        assert_eq!(opened.status, 201, "{}", opened.json);
        let (sender, recipient) = (Officer::of(&world, CARAT, carat.client_ref), Officer::of(&world, "northmoor-cjit", cjit.client_ref));
        assert_eq!(sender.is_stopped_by().await, ["referral-sent"]);
        assert_eq!(recipient.is_stopped_by().await, ["referral-received", "caseload-episode-open"]);
        assert_eq!(sender.holds().await.json["open_matters"], json!(["referral-sent"]));

        // The prison team asks again; the community team, which holds her, may answer.
        let asked = carat.actor.post("/v1/caseload-checks", json!({"client_ref": carat.client_ref}))
            .purpose(Purpose::DuplicateCheck).about(carat.client_ref).send().await.unwrap();
        assert_eq!(asked.json["outcome"], "held", "{}", asked.json);
        assert_eq!(sender.is_stopped_by().await, ["caseload-check-pending", "referral-sent"]);
        assert_eq!(recipient.is_stopped_by().await, ["caseload-answer-awaited", "referral-received", "caseload-episode-open"]);

        // A specialist project that knows her too, with nothing open of its own, is stopped by none of it.
        let hers = world.client(&world.worker(LANTERN, "ms-placeholder"), "Fixture", "Cedar").await;
        assert_eq!(Officer::of(&world, LANTERN, hers).erases().await.status, 200);

        // The referral ends; six days later nobody waits for an answer any more.
        for (step, body) in [("acknowledge", json!({})), ("reject", json!({"rejection_reason": "no-capacity"}))] {
            let moved = cjit.act(&referral, step, body).await;
            assert_eq!(moved.status, 200, "{}", moved.json);
        }
        world.clock.advance(6 * 24 * 3_600);
        assert_eq!(recipient.is_stopped_by().await, ["caseload-episode-open"]);
        assert_eq!(sender.erases().await.status, 200);
        assert_eq!(left_of(&world, CARAT), [0; 4]);

        // What the recipient wrote itself stands; what it was sent is gone with its sender's record.
        assert_eq!(cjit.get(referral).await.status, 404);
        let inbox = cjit.actor.get("/v1/referrals?box=in").send().await.unwrap();
        assert_eq!((inbox.status.as_u16(), &inbox.json["referrals"]), (200, &json!([])));
        let questions = cjit.actor.get("/v1/caseload-checks?box=in").purpose(Purpose::DuplicateCheck).send().await.unwrap();
        assert_eq!((questions.status.as_u16(), &questions.json["questions"]), (200, &json!([])));
        for path in ["caseload-episodes", "dirs", "consents", "disclosures"] {
            let listed = cjit.get(format!("/v1/clients/{}/{path}", cjit.client_ref)).await;
            assert_eq!(listed.status, 200, "{path}: {}", listed.json);
        }
        let episodes = cjit.get(format!("/v1/clients/{}/caseload-episodes", cjit.client_ref)).await;
        assert!(episodes.json.to_string().contains(opened.json["id"].as_str().unwrap()));
    }
}

on_both_stores! {
    async fn an_anonymous_slot_neither_stops_it_nor_goes_so_that_neither_tells_whom_it_is_about(world: World) {
        let oak = world.worker(CARAT, "fixture-oak");
        let carat = Team { actor: oak.clone(), client_ref: world.client(&oak, "Fixture", "Cedar").await };
        let rowan = world.worker("northmoor-cjit", "testa-rowan");
        let known = world.client(&rowan, "Fixture", "Cedar").await;
        let asked = oak.post("/v1/caseload-checks", json!({"client_ref": carat.client_ref}))
            .purpose(Purpose::DuplicateCheck).about(carat.client_ref).send().await.unwrap();
        assert_eq!(asked.status, 201);
        let slot = json!({
            "client_ref": carat.client_ref, "recipient": "northmoor-cjit", "route": "carat-to-cjit", "urgency": "urgent",
            "need": "assessment", "anonymous": true, "slot": {"at": "2026-12-01T10:00:00Z", "place": "1 Test Row"},
        });
        let drafted = carat.post("/v1/referrals".to_owned(), slot).await;
        let sent = carat.act(&format!("/v1/referrals/{}", drafted.json["referral"].as_str().unwrap()), "send", json!({})).await;
        assert_eq!(sent.status, 200, "{}", sent.json);

        let officer = Officer::of(&world, "northmoor-cjit", known);
        assert_eq!(officer.erases().await.status, 200);
        let inbox = rowan.get("/v1/referrals?box=in").send().await.unwrap();
        let ours = inbox.json["referrals"][0]["referral"].as_str().unwrap();
        let view = rowan.get(format!("/v1/referrals/{ours}")).send().await.unwrap();
        assert_eq!((view.status.as_u16(), &view.json["slot"]["place"]), (200, &json!("1 Test Row")));
    }
}

on_both_stores! {
    async fn what_she_forbade_through_the_agency_lapses_only_once_that_is_confirmed(world: World) {
        let oak = world.worker(CARAT, "fixture-oak");
        let team = Team { actor: oak.clone(), client_ref: world.client(&oak, "Fixture", "Cedar").await };
        let mut forbids = consent(world.clock.now());
        forbids["exclusions"] = json!(["testhomes"]);
        let recorded = team.post(format!("/v1/clients/{}/consents", team.client_ref), forbids).await;
        assert_eq!(recorded.status, 201, "{}", recorded.json);
        let officer = Officer::of(&world, CARAT, team.client_ref);
        assert_eq!(officer.is_stopped_by().await, ["lifts-exclusion"]);
        let seen = officer.holds().await;
        assert_eq!(seen.json["exclusions_in_force"], true);
        let mut order = order();
        order["exclusions_lapse_confirmed"] = json!(true);
        let erased = officer.post(officer.path("erasure"), order, Some(seen.etag())).await;
        assert_eq!(erased.status, 200, "{}", erased.json);
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
        // References are random, so each run takes another order; it shows when the test fails.
        known.sort_by_key(|(_, _, client_ref, at)| {
            println!("{at}: {client_ref}");
            client_ref.to_string()
        });
        while let Some((agency, _, client_ref, _)) = known.pop() {
            let before = StoredLog::read(&world);
            let hashes = column(&world, "SELECT leaf_hash AS bytes FROM audit_leaf ORDER BY idx");
            let erased = Officer::of(&world, agency, client_ref).erases().await;
            assert_eq!(erased.status, 200, "{}", erased.json);
            answers.push(erased);
            let log = StoredLog::read(&world);
            assert_eq!(log.leaves[..before.leaves.len()], before.leaves);
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
