//! Breaking glass: what an emergency opens and for how long, every limit of it, who is told, who reviews it, and how the power is lost.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use throughgate::clock::Clock as _;
use throughgate::demo::actor::{Actor, Answer, Ask};
use throughgate::domain::break_glass::SetAgencyPower;
use throughgate::id::Handle;
use throughgate::identity::principal::Scope;
use throughgate::journal::call::Call;
use throughgate::ledger::entry::{Field, Leaf, Opening};
use throughgate::vocabulary::{EntryKind, Outcome, Purpose};

use super::caseload::step;
use super::caseload_life::admit;
use super::erasure::{CARAT, LANTERN, opened, text};
use super::housing::open_matters;
use super::joint::tasks;
use super::release::{Team, document};
use super::scripts::{Desk, methadone};
use super::subject_access::{CJIT, Desk as Account};
use crate::support::{World, on_both_stores};

const LIFE: Purpose = Purpose::VitalInterests;
const REVIEW: Purpose = Purpose::AuditReview;
const TREATMENT: &str = "eastvale-treatment";
const PERSON: (&str, &str) = ("Fixture", "Cedar");
const WORDS: &str = "Found unconscious in the waiting room, breathing slowly.";

/// What the eight segments hold, and what no emergency opens, as the record says it.
const OPENED: [&str; 5] =
    ["Asthma", "Methadone 1 mg/ml", "Penicillin", "heroin", "Overdose risk in the first two weeks"];
const CLOSED: [&str; 10] = [
    "Specimen Quill",
    "Placeholder Rose",
    "Sofosbuvir",
    "Safehaven",
    "antern",
    "Sertraline",
    "Shoplifting",
    "Universal Cred",
    "daughter",
    "hairdressing",
];

/// A clinician at the side of somebody.
#[derive(Clone)]
pub struct Clinician {
    pub worker: Actor,
    pub about: Handle,
}

impl Clinician {
    async fn at(world: &World, agency: &str, worker: &str) -> Self {
        let worker = world.worker(agency, worker);
        let about = world.client(&worker, PERSON.0, PERSON.1).await;
        Self { worker, about }
    }

    /// The CJIT's, where nobody has written anything of the person yet.
    pub async fn cjit(world: &World) -> Self {
        Self::at(world, CJIT, "dr-fixture-rowe").await
    }

    async fn treatment(world: &World) -> Self {
        Self::at(world, TREATMENT, "dr-test-teasel").await
    }

    fn asks(&self, given: Value) -> Ask<'_> {
        let path = format!("/v1/clients/{}/break-glass", self.about);
        self.worker.post(path, given).purpose(LIFE).about(self.about)
    }

    /// Breaks the glass, a second factor shown just now.
    async fn breaks(&self, world: &World) -> Answer {
        self.asks(given()).stepped_up_at(world.clock.now()).send().await.unwrap()
    }

    /// Breaks it, and answers where what lies behind it is read.
    pub async fn opens(&self, world: &World) -> String {
        let answer = self.breaks(world).await;
        assert_eq!(answer.status, 201, "{}", answer.json);
        answer.header("location").to_owned()
    }

    async fn get(&self, path: &str) -> Answer {
        self.worker.get(path).purpose(LIFE).about(self.about).send().await.unwrap()
    }

    pub async fn reads(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{}", answer.json);
        answer.json
    }

    /// The records that were opened.
    async fn records(&self, path: &str) -> Vec<String> {
        let seen = self.reads(path).await;
        let named = |record: &Value| format!("/v1/opened-records/{}", record.as_str().unwrap());
        seen["records"].as_array().unwrap().iter().map(named).collect()
    }

    pub async fn ends(&self, path: &str) -> Answer {
        let etag = self.reads(path).await["etag"].as_str().unwrap().to_owned();
        let ask = self.worker.post(format!("{path}/end"), json!({})).purpose(LIFE).about(self.about);
        ask.if_match(etag).send().await.unwrap()
    }
}

/// A reviewer, at what awaits the agency's review.
pub struct Reviewer {
    worker: Actor,
    path: String,
}

impl Reviewer {
    /// At the one review that awaits the agency.
    pub async fn at(world: &World, agency: &str, worker: &str) -> Self {
        let worker = world.worker(agency, worker);
        let mut waiting = tasks(&worker, REVIEW).await;
        waiting.retain(|(kind, _)| kind == "review-break-glass");
        assert_eq!(waiting.len(), 1, "{waiting:?}");
        Self { path: waiting.pop().unwrap().1, worker }
    }

    fn about(&self) -> Handle {
        self.path.split('/').nth(3).unwrap().parse().unwrap()
    }

    async fn get(&self) -> Answer {
        self.worker.get(&self.path).purpose(REVIEW).about(self.about()).send().await.unwrap()
    }

    async fn finds(&self, finding: &str) -> Answer {
        let seen = self.get().await;
        assert_eq!(seen.status, 200, "{}", seen.json);
        let body = json!({"finding": finding, "reason": "Read beside the ambulance's sheet."});
        let ask = self.worker.post(&self.path, body).purpose(REVIEW).about(self.about());
        ask.if_match(seen.json["etag"].as_str().unwrap()).send().await.unwrap()
    }

    pub async fn closes(&self, finding: &str) {
        let answer = self.finds(finding).await;
        assert_eq!(answer.status, 200, "{finding}: {}", answer.json);
    }

    async fn is_refused(&self, finding: &str, code: &str) {
        let answer = self.finds(finding).await;
        assert_eq!(refused(&answer), (409, "invalid-transition", Some(code)));
    }
}

fn given() -> Value {
    json!({"reason": "overdose", "words": WORDS})
}

fn refused(answer: &Answer) -> (u16, &str, Option<&str>) {
    (answer.status.as_u16(), answer.problem(), answer.json["errors"][0]["code"].as_str())
}

fn leaf(answer: &Answer) -> (EntryKind, Outcome) {
    let leaf = Leaf::parse(&answer.receipt.as_ref().unwrap().leaf).unwrap();
    (leaf.kind, leaf.outcome)
}

/// A signed record of the person at an agency.
async fn signed(world: &World, agency: &str, worker: &str) -> (Team, Handle) {
    let actor = world.worker(agency, worker);
    let client_ref = world.client(&actor, PERSON.0, PERSON.1).await;
    let team = Team { actor, client_ref };
    let dir = team.signed_dir().await;
    (team, dir)
}

pub async fn at_carat(world: &World) -> (Team, Handle) {
    signed(world, CARAT, "fixture-oak").await
}

/// Waits until the gateway has done by itself what it does with a broken glass.
async fn swept(world: &World, what: &str, expected: i64) {
    let count = format!("SELECT count(*) AS number FROM {what}");
    for _ in 0..300 {
        if world.number(&count) == expected {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the gateway did not see to it: {what}");
}

const TO_CLOSE: &str = "task WHERE state = 'open' AND kind = 'end-break-glass'";

fn entries(world: &World, kind: &str) -> i64 {
    let leaves = crate::support::StoredLog::read(world).leaves;
    let of_kind = leaves.iter().filter(|leaf| Leaf::parse(leaf).unwrap().kind.code() == kind);
    i64::try_from(of_kind.count()).unwrap()
}

on_both_stores! {
    async fn what_bears_on_a_life_is_opened_and_nothing_silent(world: World) {
        let (carat, dir) = at_carat(&world).await;
        let doctor = Clinician::cjit(&world).await;
        let answer = doctor.breaks(&world).await;
        assert_eq!(answer.status, 201, "{}", answer.json);
        assert_eq!(leaf(&answer), (EntryKind::BreakGlassStart, Outcome::Permitted));
        let (_, openings) = opened(&world, &answer).await;
        for (field, expected) in [
            (Field::Sch1Condition, "p30-vital-interests"), (Field::Art9, "vital-interests"), (Field::Purpose, "vital-interests"),
            (Field::Confidentiality, "overriding-public-interest"), (Field::Worker, "dr-fixture-rowe"),
            (Field::Obligations, "AOD\nMINEC\nNOTIFY-PRIVACY-OFFICER\nREVIEW-1WD"),
            (Field::ReasonText, format!("overdose: {WORDS}").as_str()), (Field::PolicyIds, "break-glass.start"),
        ] {
            assert_eq!(text(&openings, field), expected, "{field:?}");
        }
        let until: Timestamp = answer.json["until"].as_str().unwrap().parse().unwrap();
        let left = until.duration_since(world.clock.now());
        assert!(left > SignedDuration::from_mins(57) && left <= SignedDuration::from_mins(60), "{left}");

        let path = answer.header("location").to_owned();
        let behind = doctor.get(&path).await;
        assert_eq!(behind.json["prescribed_elsewhere"]["hold"], false, "{}", behind.json);
        let (_, openings) = opened(&world, &behind).await;
        assert_eq!(text(&openings, Field::SegmentsReleased), "prescribing");
        let records = doctor.records(&path).await;
        assert_eq!(records.len(), 1);
        assert!(!behind.json.to_string().contains(&dir.to_string()), "names are the reader's own");

        let read = doctor.get(&records[0]).await;
        assert_eq!((read.status.as_u16(), &read.json["custodian"]), (200, &json!(CARAT)), "{}", read.json);
        let said = read.json["document"].to_string();
        for word in OPENED {
            assert!(said.contains(word), "{word}: {said}");
        }
        for word in CLOSED {
            assert!(!said.contains(word), "{word}: {said}");
        }
        assert_eq!(leaf(&read), (EntryKind::Disclosure, Outcome::Permitted));
        assert_eq!(read.header("obligations"), "AOD, MINEC, NORDSCLCD, NOTIFY-PRIVACY-OFFICER, REVIEW-1WD");
        let told = Opening::parse_header(read.header("audit-openings")).unwrap();
        assert_eq!(text(&told, Field::Obligations).replace('\n', ", "), read.header("obligations"), "and the log proves it");
        let (_, openings) = opened(&world, &read).await;
        assert_eq!(
            text(&openings, Field::SegmentsReleased),
            "alcohol-use\ncontact\ndrug-test\ndrug-use\nidentity\nphysical-health\nprescribing\nrisk"
        );
        assert_eq!((text(&openings, Field::Custodian), text(&openings, Field::PolicyIds)), (CARAT, "break-glass.record"));
        let withheld = read.json["withheld"].to_string();
        assert!(withheld.contains("mental-health") && withheld.contains("offending"), "{withheld}");
        for silent in ["blood-borne-virus", "sex-work", "safeguarding"] {
            assert!(!withheld.contains(silent) && !text(&openings, Field::SegmentsWithheld).contains(silent));
        }
        // By its own name the record opens on no other road, nor by the holder's.
        for other in [format!("/v1/dirs/{}", records[0].rsplit('/').next().unwrap()), format!("/v1/opened-records/{dir}")] {
            assert_ne!(doctor.get(&other).await.status, 200, "{other}");
        }

        // The person is told what was done, at both agencies.
        for (agency, client_ref) in [(CARAT, carat.client_ref), (CJIT, doctor.about)] {
            let account = Account::of(&world, agency, client_ref);
            let rows = account.get(&account.officer, format!("/v1/clients/{client_ref}/disclosures")).send().await.unwrap();
            assert!(rows.json.to_string().contains("saving a life"), "{agency}: {}", rows.json);
        }
    }
}

on_both_stores! {
    async fn what_another_agency_prescribes_is_told_and_not_by_whom(world: World) {
        let lantern = Desk::lantern(&world).await;
        lantern.opens(methadone(&world), "active").await;
        let about = world.client(&world.worker(CJIT, "dr-fixture-rowe"), "Sample", "Damson").await;
        let doctor = Clinician { worker: world.worker(CJIT, "dr-fixture-rowe"), about };
        let path = doctor.opens(&world).await;
        let seen = doctor.reads(&path).await;
        assert_eq!(seen["records"], json!([]));
        let hold = &seen["prescribed_elsewhere"];
        assert_eq!((&hold["hold"], &hold["drug"]), (&json!(true), &json!("methadone")));
        assert_eq!(hold["contact"], json!({"telephone": "01632 960100", "reference": about}));
        assert!(!seen.to_string().contains("antern"), "{seen}");

        // The project is told, as every agency of which something was.
        let theirs = Reviewer::at(&world, LANTERN, "test-myrtle").await;
        let review = theirs.get().await.json;
        assert_eq!((&review["from"], &review["dirs"], &review["words"]), (&Value::Null, &json!([]), &json!(WORDS)));
        assert_eq!((review.get("by"), &review["role"]), (None, &json!("prescriber")));
    }
}

on_both_stores! {
    async fn each_limit_refuses_on_record(world: World) {
        at_carat(&world).await;
        let doctor = Clinician::treatment(&world).await;
        let now = world.clock.now();
        let fresh = |given: Value| doctor.asks(given).stepped_up_at(now);
        for (member, value) in [
            ("words", json!("too short")), ("words", json!("                              ")), ("reason", json!("curiosity")),
            ("segments", json!(["sex-work"])),
        ] {
            let mut wrong = given();
            wrong[member] = value;
            let answer = fresh(wrong).send().await.unwrap();
            assert_eq!((answer.status.as_u16(), answer.problem()), (400, "malformed-request"), "{member}: {}", answer.json);
        }
        for purpose in [Purpose::Treatment, Purpose::PrescribingSafety, Purpose::Safeguarding] {
            let answer = fresh(given()).purpose(purpose).send().await.unwrap();
            assert_eq!(refused(&answer), (403, "purpose-not-permitted", None), "{purpose}");
        }
        let answer = fresh(given()).scopes(&[Scope::DirRead]).send().await.unwrap();
        assert_eq!(refused(&answer), (403, "insufficient-scope", None));

        // A second factor, and not from before.
        for long_ago in [None, Some(now - SignedDuration::from_mins(16)), Some(now + SignedDuration::from_mins(5))] {
            let ask = doctor.asks(given());
            let ask = match long_ago {
                Some(moment) => ask.stepped_up_at(moment),
                None => ask,
            };
            let answer = ask.send().await.unwrap();
            assert_eq!(refused(&answer), (401, "insufficient-user-authentication", None), "{long_ago:?}");
            assert!(answer.header("www-authenticate").contains("max_age=900"));
            assert_eq!(leaf(&answer), (EntryKind::BreakGlassStart, Outcome::Refused));
        }

        // Not for other roles, nor for types of agency to which nothing is opened, whoever it is about.
        let police = world.worker("northmoor-police", "proxy-thorn");
        let probation = world.worker("northmoor-probation", "trial-elm");
        let manager = world.worker(TREATMENT, "dummy-fennel");
        for worker in [&police, &probation, &manager] {
            for about in [doctor.about, Handle::random()] {
                let path = format!("/v1/clients/{about}/break-glass");
                let ask = worker.post(path, given()).purpose(LIFE).about(about).stepped_up_at(now);
                assert_eq!(refused(&ask.send().await.unwrap()), (403, "purpose-not-permitted", None), "{}", worker.worker());
            }
        }
        // Of somebody who is nobody's client here nothing is opened.
        let stranger = Clinician { about: Handle::random(), ..doctor.clone() };
        assert_eq!(refused(&stranger.breaks(&world).await), (404, "not-found-or-not-permitted", None));

        // It is open to who opened it, and to no colleague.
        let path = doctor.opens(&world).await;
        let record = doctor.records(&path).await.remove(0);
        let nurse = Clinician { worker: world.worker(TREATMENT, "mock-tansy"), ..doctor.clone() };
        for path in [&path, &record] {
            assert_eq!(refused(&nurse.get(path).await), (404, "not-found-or-not-permitted", None), "{path}");
            let other = doctor.worker.get(path).purpose(Purpose::Treatment).about(doctor.about).send().await.unwrap();
            assert_eq!(refused(&other), (403, "purpose-not-permitted", None), "{path}");
        }
        let again = doctor.breaks(&world).await;
        assert_eq!(refused(&again), (409, "invalid-transition", Some("break-glass-open")));
        assert_eq!(nurse.breaks(&world).await.status, 201, "each answers for an access of one's own");
        let etag = doctor.reads(&path).await["etag"].as_str().unwrap().to_owned();
        let end = nurse.worker.post(format!("{path}/end"), json!({})).purpose(LIFE).about(nurse.about).if_match(etag);
        assert_eq!(refused(&end.send().await.unwrap()), (409, "invalid-transition", Some("another-workers")));
    }
}

on_both_stores! {
    async fn after_an_hour_it_is_closed_and_the_log_says_so(world: World) {
        at_carat(&world).await;
        let doctor = Clinician::treatment(&world).await;
        let path = doctor.opens(&world).await;
        let record = doctor.records(&path).await.remove(0);
        let waiting = tasks(&doctor.worker, LIFE).await;
        assert!(waiting.contains(&("end-break-glass".to_owned(), path.clone())), "{waiting:?}");
        world.clock.advance(59 * 60);
        assert_eq!(doctor.get(&record).await.status, 200);
        world.clock.advance(2 * 60);
        for path in [&path, &record] {
            assert_eq!(refused(&doctor.get(path).await), (404, "not-found-or-not-permitted", None), "{path}");
        }
        swept(&world, TO_CLOSE, 0).await;
        assert_eq!(entries(&world, "break-glass-end"), 1);

        // Broken again, and closed by the worker.
        let path = doctor.opens(&world).await;
        let record = doctor.records(&path).await.remove(0);
        let ended = doctor.ends(&path).await;
        assert_eq!((ended.status.as_u16(), leaf(&ended)), (200, (EntryKind::BreakGlassEnd, Outcome::Permitted)), "{}", ended.json);
        for path in [&path, &record] {
            assert_eq!(doctor.get(path).await.status, 404, "{path}");
        }
        swept(&world, TO_CLOSE, 0).await;
        assert_eq!(entries(&world, "break-glass-end"), 2);
    }
}

on_both_stores! {
    async fn both_privacy_officers_are_told_at_once_and_each_reviews_it(world: World) {
        let (carat, dir) = at_carat(&world).await;
        let doctor = Clinician::cjit(&world).await;
        doctor.opens(&world).await;
        let events = "SELECT count(*) AS number FROM event WHERE kind = 'break-glass.opened' AND agency IN ('fallowgate-carat', 'northmoor-cjit')";
        assert_eq!(world.number(events), 2);
        let holder = Reviewer::at(&world, CARAT, "fixture-maple").await;
        let own = Reviewer::at(&world, CJIT, "sample-juniper").await;
        let seen = holder.get().await.json;
        // Whoever opened it is not named elsewhere: were some, who is not named would be a project.
        assert_eq!((&seen["from"], &seen["ring"]), (&Value::Null, &json!("01632 960100")));
        assert_eq!((&seen["dirs"], &seen["reason"]), (&json!([dir]), &json!("overdose")));
        assert_eq!((&seen["client_ref"], &seen["state"]), (&json!(carat.client_ref), &json!("awaiting-review")));
        let seen = own.get().await.json;
        assert_eq!(seen["from"], CJIT);
        assert_eq!((&seen["by"], &seen["dirs"]), (&json!("dr-fixture-rowe"), &json!([])));

        // Nobody else reads it, and who did it does not review it.
        for (agency, worker) in [(CARAT, "fixture-oak"), (CJIT, "dr-fixture-rowe"), (CJIT, "testa-rowan")] {
            let colleague = Reviewer { worker: world.worker(agency, worker), path: if agency == CARAT { holder.path.clone() } else { own.path.clone() } };
            assert_eq!(refused(&colleague.get().await), (403, "purpose-not-permitted", None), "{worker}");
        }
        let elsewhere = Reviewer { worker: world.worker(LANTERN, "test-myrtle"), path: holder.path.clone() };
        assert_eq!(elsewhere.get().await.status, 404);

        // Until it is reviewed nothing of the person is erased on either side.
        assert_eq!(open_matters(&world, doctor.about).await, json!(["break-glass-unreviewed"]));
        let stale = holder.worker.post(&holder.path, json!({"finding": "appropriate", "reason": "Right."})).purpose(REVIEW);
        let stale = stale.about(holder.about()).if_match("\"stale\"").send().await.unwrap();
        assert_eq!(stale.status, 412);
        holder.closes("appropriate").await;
        holder.is_refused("appropriate", "break-glass-reviewed").await;
        own.closes("appropriate").await;
        assert_eq!(open_matters(&world, doctor.about).await, json!([]));
        for reviewer in [&holder, &own] {
            let waiting = tasks(&reviewer.worker, REVIEW).await;
            assert!(waiting.iter().all(|(kind, _)| kind != "review-break-glass"), "{waiting:?}");
        }
        assert_eq!(entries(&world, "break-glass-review"), 4, "three were written, and one refused");
        assert_eq!(doctor.breaks(&world).await.json["errors"][0]["code"], "break-glass-open", "the power stands");
    }
}

on_both_stores! {
    async fn what_was_found_wrong_takes_the_power_and_the_guardian_gives_it_back(world: World) {
        at_carat(&world).await;
        let doctor = Clinician::cjit(&world).await;
        let path = doctor.opens(&world).await;
        let record = doctor.records(&path).await.remove(0);
        Reviewer::at(&world, CARAT, "fixture-maple").await.closes("inappropriate").await;
        let suspended = (403, "purpose-not-permitted", Some("break-glass-suspended"));
        for path in [&path, &record] {
            assert_eq!(refused(&doctor.get(path).await), suspended, "what is open closes with the power: {path}");
        }
        world.clock.advance(3700);
        assert_eq!(refused(&doctor.breaks(&world).await), suspended);

        // The guardian of her own agency gives it back, with a reason; nobody else does.
        let power = |suspended: bool| json!({"worker": "dr-fixture-rowe", "suspended": suspended, "reason": "Spoken to on Monday; the rule is understood."});
        for (agency, worker) in [(CJIT, "sample-juniper"), (CJIT, "dr-fixture-rowe"), (CJIT, "mocky-aspen")] {
            let ask = world.worker(agency, worker).post("/v1/break-glass-power", power(false)).purpose(REVIEW).send().await.unwrap();
            assert_eq!(refused(&ask), (403, "purpose-not-permitted", None), "{worker}");
        }
        let guardian = world.worker(CJIT, "sample-quince");
        let her_own = json!({"worker": "sample-quince", "suspended": false, "reason": "Nobody else was on duty that day."});
        let ask = guardian.post("/v1/break-glass-power", her_own).purpose(REVIEW).send().await.unwrap();
        assert_eq!(refused(&ask), (409, "invalid-transition", Some("second-reviewer")));
        let without_reason = guardian.post("/v1/break-glass-power", json!({"worker": "dr-fixture-rowe", "suspended": false, "reason": "fine"}));
        assert_eq!(without_reason.purpose(REVIEW).send().await.unwrap().status, 400);
        let given_back = guardian.post("/v1/break-glass-power", power(false)).purpose(REVIEW).send().await.unwrap();
        assert_eq!((given_back.status.as_u16(), leaf(&given_back).0), (200, EntryKind::DirectoryChange), "{}", given_back.json);
        doctor.opens(&world).await;

        // The operator takes it from a whole agency; a new version of its file does not give it back.
        for (taken, status) in [(true, 403), (false, 201)] {
            let call = Call::system("suspend_break_glass", world.journal.directory().epoch());
            let set = SetAgencyPower { agency: CJIT.parse().unwrap(), suspended: taken };
            assert!(world.journal.record(call, set).await.is_ok());
            world.enrol_again(CJIT, |cjit| cjit.break_glass = Default::default()).await;
            world.clock.advance(3700);
            let answer = doctor.breaks(&world).await;
            assert_eq!(answer.status.as_u16(), status, "{}", answer.json);
        }
    }
}

on_both_stores! {
    async fn unreviewed_for_seven_days_it_goes_to_the_guardian_and_the_power_is_gone(world: World) {
        let mut world = world;
        signed(&world, CJIT, "testa-rowan").await;
        let doctor = Clinician::at(&world, LANTERN, "dr-sample-sorrel").await;
        let path = doctor.opens(&world).await;
        assert_eq!(doctor.records(&path).await.len(), 1);
        let officer = Reviewer::at(&world, CJIT, "sample-juniper").await;
        let seen = officer.get().await.json;
        assert_eq!((&seen["from"], &seen["ring"]), (&Value::Null, &json!("01632 960100")), "that it was a project would tell too much");
        // The project's own officer does what is asked; the holder's does not.
        Reviewer::at(&world, LANTERN, "test-myrtle").await.closes("appropriate").await;
        world.later(6).await;
        let officer = Reviewer { worker: world.worker(CJIT, "sample-juniper"), ..officer };
        assert_eq!(officer.get().await.json["state"], "awaiting-review");
        world.later(2).await;
        swept(&world, "event WHERE kind = 'break-glass.changed'", 2).await;
        let officer = Reviewer { worker: world.worker(CJIT, "sample-juniper"), ..officer };
        assert_eq!(officer.get().await.json["state"], "escalated");
        officer.is_refused("appropriate", "guardian-reviews").await;
        let doctor = Clinician { worker: world.worker(LANTERN, "dr-sample-sorrel"), ..doctor };
        let answer = doctor.breaks(&world).await;
        assert_eq!(refused(&answer), (403, "purpose-not-permitted", Some("break-glass-suspended")));
        let guardian = Reviewer::at(&world, CJIT, "sample-quince").await;
        guardian.closes("appropriate").await;
        assert!(tasks(&guardian.worker, REVIEW).await.is_empty());
    }
}

on_both_stores! {
    async fn a_death_ends_reminders_and_not_what_is_owed_of_a_broken_glass(world: World) {
        let doctor = Clinician::cjit(&world).await;
        let worker = world.worker(CJIT, "testa-rowan");
        assert_eq!(admit(&worker, doctor.about).await.status, 201);
        doctor.opens(&world).await;
        let closed = step(&worker, doctor.about, "close", json!({"close_code": "C6"})).await;
        assert_eq!(closed.status, 200, "{}", closed.json);
        assert_eq!(world.number("SELECT count(*) AS number FROM task WHERE state = 'open'"), 2, "its end, and its review");
        Reviewer::at(&world, CJIT, "sample-juniper").await.closes("appropriate").await;
    }
}

on_both_stores! {
    async fn where_nobody_holds_anything_it_looks_like_any_other_and_its_own_officer_reviews_it(world: World) {
        let doctor = Clinician::cjit(&world).await;
        let path = doctor.opens(&world).await;
        let seen = doctor.reads(&path).await;
        assert_eq!((&seen["records"], &seen["prescribed_elsewhere"]["hold"]), (&json!([]), &json!(false)));
        // A draft is nobody's record yet.
        let carat = world.worker(CARAT, "fixture-oak");
        let client_ref = world.client(&carat, PERSON.0, PERSON.1).await;
        let team = Team { actor: carat, client_ref };
        let drafted = team.post(format!("/v1/clients/{client_ref}/dirs"), json!({"document": document()})).await;
        assert_eq!(drafted.status, 201, "{}", drafted.json);
        assert_eq!(doctor.ends(&path).await.status, 200);
        let path = doctor.opens(&world).await;
        assert_eq!(doctor.reads(&path).await["records"], json!([]));
        assert!(tasks(&world.worker(CARAT, "fixture-maple"), REVIEW).await.is_empty());
        let waiting = tasks(&world.worker(CJIT, "sample-juniper"), REVIEW).await;
        let reviews = waiting.iter().filter(|(kind, _)| kind == "review-break-glass");
        assert_eq!(reviews.count(), 2);
    }
}
