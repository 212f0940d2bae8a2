//! Safeguarding: a concern goes to children's services without consent, as little as it takes; somebody else reviews it; nobody else learns of it.

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer, Ask};
use throughgate::id::Handle;
use throughgate::ledger::entry::Field;
use throughgate::vocabulary::Purpose;

use super::custody::{Desk as Custody, codes, enforced};
use super::erasure::{CARAT, LANTERN, opened, read, text};
use super::housing::open_matters;
use super::joint::tasks;
use super::subject_access::{CJIT, Desk as Account, in_days};
use crate::support::{World, invented, on_both_stores};

pub const SAFEGUARDING: Purpose = Purpose::Safeguarding;
const PERSON: (&str, &str) = ("Trial", "Juniper");
/// What the concern says, and stands nowhere else.
const WORRY: &str = "CANARY two children of about four and six are alone at night.";

/// A worker with the handle under which the token is issued, at a client or a concern.
#[derive(Clone)]
pub struct Side {
    pub worker: Actor,
    pub about: Handle,
    pub path: String,
}

impl Side {
    pub async fn at(world: &World, agency: &str, worker: &str) -> Self {
        let worker = world.worker(agency, worker);
        let about = world.client(&worker, PERSON.0, PERSON.1).await;
        Self { worker, about, path: format!("/v1/clients/{about}") }
    }

    /// Children's services, at what they were told of last.
    pub async fn told(world: &World) -> Self {
        let worker = world.worker("northmoor-childrens", "demo-hawthorn");
        let (kind, path) = tasks(&worker, SAFEGUARDING).await.pop().unwrap();
        assert_eq!(kind, "receive-concern");
        let about = path.rsplit('/').next().unwrap().parse().unwrap();
        Self { worker, about, path }
    }

    /// Another worker of the agency, who holds a token for the same person.
    pub fn colleague(&self, world: &World, worker: &str) -> Self {
        Self { worker: world.worker(self.worker.agency(), worker), ..self.clone() }
    }

    fn ask<'a>(&self, ask: Ask<'a>) -> Ask<'a> {
        ask.purpose(SAFEGUARDING).about(self.about)
    }

    pub async fn raise(&self, raised: Value) -> Answer {
        let path = format!("/v1/clients/{}/concerns", self.about);
        self.ask(self.worker.post(path, raised)).send().await.unwrap()
    }

    /// Raises it, and answers who raised it at the concern.
    pub async fn raises(&self, raised: Value) -> Self {
        let answer = self.raise(raised).await;
        assert_eq!(answer.status, 201, "{}", answer.json);
        Self { path: answer.header("location").to_owned(), ..self.clone() }
    }

    pub async fn get(&self) -> Answer {
        self.ask(self.worker.get(&self.path)).send().await.unwrap()
    }

    pub async fn read(&self) -> Value {
        let answer = self.get().await;
        assert_eq!(answer.status, 200, "{}", answer.json);
        answer.json
    }

    /// Does it on the version that is there.
    pub async fn act(&self, what: &str, body: Value) -> Answer {
        let etag = self.read().await["etag"].as_str().unwrap().to_owned();
        self.ask(self.worker.post(format!("{}/{what}", self.path), body)).if_match(etag).send().await.unwrap()
    }

    pub async fn acts(&self, what: &str, body: Value) {
        let answer = self.act(what, body).await;
        assert_eq!(answer.status, 200, "{what}: {}", answer.json);
    }

    /// Does it, and expects that this stands against it.
    pub async fn blocked(&self, what: &str, body: Value, code: &str) {
        let answer = self.act(what, body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.problem()),
            (409, "invalid-transition"),
            "{}",
            answer.json
        );
        assert_eq!(answer.json["errors"][0]["code"], code, "{}", answer.json);
    }
}

/// A concern of which she was told.
pub fn concern() -> Value {
    json!({"recipient": "northmoor-childrens", "ground": "child-at-risk", "concern": WORRY,
        "reason": "The children are at risk tonight; to ask first would cost time.", "telling": "told"})
}

/// A concern of which it would be unsafe to tell her.
pub fn untold() -> Value {
    let mut concern = concern();
    concern["telling"] = json!("unsafe-to-tell");
    concern["why_unsafe"] = json!("A partner reads what she is sent.");
    concern
}

fn review(finding: &str) -> Value {
    json!({"finding": finding, "reason": "Read with the key worker's note."})
}

fn refused(answer: &Answer) -> (u16, &str, Option<&str>) {
    (answer.status.as_u16(), answer.problem(), answer.json["errors"][0]["code"].as_str())
}

/// The kinds of an agency's open tasks.
async fn kinds(worker: &Actor, purpose: Purpose) -> Vec<String> {
    tasks(worker, purpose).await.into_iter().map(|(kind, _)| kind).collect()
}

on_both_stores! {
    async fn who_it_is_and_the_concern_and_nothing_else(world: World) {
        let cjit = world.worker(CJIT, "testa-rowan");
        let mut person = invented(PERSON.0, PERSON.1);
        person["person"]["nhs_number"] = json!("9990001006");
        person["person"]["crn"] = json!("X000123");
        person["person"]["names"].as_array_mut().unwrap().extend([
            json!({"kind": "alias", "forename": "Alias", "surname": "Canary"}),
            json!({"kind": "working", "forename": "Working", "surname": "Canary"}),
        ]);
        person["person"]["addresses"] = json!([{"kind": "current", "lines": ["1 Canary Row"], "postcode": "QQ1 1QQ"}]);
        let presented = cjit.post("/v1/clients", person).send().await.unwrap();
        let about = presented.handle("client_ref").unwrap();
        let cjit = Side { worker: cjit, about, path: String::new() };

        // There is no place for anything else, and what was sent is not repeated.
        for (member, path) in [("drug_use", "drug_use"), ("prescribing", "prescribing"), ("risk", "risk")] {
            let mut more = concern();
            more[member] = json!("CANARY heroin daily");
            let answer = cjit.raise(more).await;
            assert_eq!((refused(&answer), &answer.json["errors"][0]["path"]), ((400, "malformed-request", Some("unknown-member")), &json!(path)));
            assert!(!String::from_utf8_lossy(&answer.bytes).contains("CANARY"));
        }
        let with = |member: &str, value: Value| {
            let mut changed = concern();
            changed[member] = value;
            changed
        };
        for (member, value, status) in [
            ("reason", json!("too short"), 400),
            ("concern", json!(" "), 400),
            ("telling", json!("perhaps"), 400),
            ("recipient", json!("lantern"), 422),
            ("recipient", json!("nobody-there"), 422),
            ("telling", json!("unsafe-to-tell"), 422),
            ("why_unsafe", json!("She may be hurt."), 422),
        ] {
            let answer = cjit.raise(with(member, value)).await;
            assert_eq!(answer.status.as_u16(), status, "{member}: {}", answer.json);
        }

        let sent = cjit.raise(concern()).await;
        assert_eq!(sent.status, 201, "{}", sent.json);
        assert_eq!((&sent.json["telephone_office"], &sent.json["telephone_out_of_hours"]), (&json!("01632 960211"), &json!("01632 960212")));
        let (_, openings) = opened(&world, &sent).await;
        for (field, expected) in [
            (Field::Sch1Condition, "p18-safeguarding"), (Field::Confidentiality, "overriding-public-interest"),
            (Field::Art9, "substantial-public-interest"), (Field::Purpose, "safeguarding"), (Field::Worker, "testa-rowan"),
            (Field::Obligations, "MINEC\nNOTIFY-PRIVACY-OFFICER\nREVIEW-1WD"),
            (Field::ReasonText, "The children are at risk tonight; to ask first would cost time."),
        ] {
            assert_eq!(text(&openings, field), expected, "{field:?}");
        }

        let theirs = Side::told(&world).await;
        let answer = theirs.get().await;
        let seen = &answer.json;
        let names = json!([{"kind": "legal", "forename": "Trial", "surname": "Juniper"}]);
        let born = invented(PERSON.0, PERSON.1)["person"]["date_of_birth"].clone();
        assert_eq!(seen["person"], json!({"names": names, "date_of_birth": born}), "name and date of birth, and nothing else");
        assert_eq!((&seen["concern"], &seen["from"], &seen["ring"]), (&json!(WORRY), &json!(CJIT), &json!("01632 960101")));
        assert_eq!((&seen["telling"], seen.get("decision")), (&json!("told"), None));
        assert_ne!(seen["id"], sent.json["id"]);
        let (_, openings) = opened(&world, &answer).await;
        assert_eq!(text(&openings, Field::SegmentsReleased), "identity\nsafeguarding");
        assert_eq!(text(&openings, Field::SegmentsWithheld).lines().find(|line| *line == "safeguarding"), None);
    }
}

on_both_stores! {
    async fn to_police_it_is_told_by_no_message(world: World) {
        let cjit = Side::at(&world, CJIT, "testa-rowan").await;
        let mut intelligence = concern();
        intelligence["recipient"] = json!("northmoor-police");
        let answer = cjit.raise(intelligence).await;
        assert_eq!(refused(&answer), (403, "purpose-not-permitted", Some("police-intelligence")));
        let (_, openings) = opened(&world, &answer).await;
        assert_eq!(text(&openings, Field::ReasonCode), "police-intelligence");
        let concern = cjit.raises(concern()).await;
        let officer = world.worker("northmoor-police", "proxy-thorn");
        for path in [&concern.path, &Side::told(&world).await.path] {
            for purpose in [SAFEGUARDING, Purpose::CourtOrStatutory] {
                let asked = officer.get(path).purpose(purpose).about(concern.about).send().await.unwrap();
                assert_eq!((asked.status.as_u16(), asked.problem()), (403, "purpose-not-permitted"));
            }
        }
    }
}

on_both_stores! {
    async fn children_s_services_say_that_it_came_in_or_somebody_rings(world: World) {
        let cjit = Side::at(&world, CJIT, "testa-rowan").await;
        let concern = cjit.raises(concern()).await;
        let theirs = Side::told(&world).await;
        let officer = concern.colleague(&world, "sample-juniper");
        assert_eq!(kinds(&officer.worker, SAFEGUARDING).await, ["chase-concern", "review-concern"]);
        let mine = cjit.worker.get("/v1/tasks?view=mine").send().await.unwrap();
        assert_eq!((&mine.json["tasks"][0]["kind"], &mine.json["tasks"][0]["held_by"]), (&json!("chase-concern"), &json!("you")));

        // Nobody looks for two hours: it goes up there, and here the one who raised it is told to ring.
        world.clock.advance(3 * 3600);
        for _ in 0..2 {
            world.journal.record(
                throughgate::journal::call::Call::system("sweep_tasks", world.journal.directory().epoch()),
                throughgate::domain::task::SweepTasks,
            ).await.unwrap();
        }
        let late = theirs.worker.get("/v1/tasks?view=overdue").purpose(SAFEGUARDING).send().await.unwrap();
        assert_eq!(late.json["tasks"][0]["level"], "escalated", "{}", late.json);
        let late = cjit.worker.get("/v1/tasks?view=overdue").send().await.unwrap();
        assert_eq!(late.json["tasks"][0]["kind"], "chase-concern", "{}", late.json);

        // It came in: on the version that was read, and once.
        let receipt = format!("{}/receipt", theirs.path);
        let unversioned = theirs.ask(theirs.worker.post(receipt.clone(), json!({}))).send().await.unwrap();
        assert_eq!((unversioned.status.as_u16(), unversioned.problem()), (428, "precondition-required"));
        let stale = theirs.ask(theirs.worker.post(receipt, json!({}))).if_match("\"stale\"").send().await.unwrap();
        assert_eq!(stale.status, 412);
        theirs.acts("receipt", json!({})).await;
        theirs.blocked("receipt", json!({}), "concern-received").await;
        assert!(kinds(&theirs.worker, SAFEGUARDING).await.is_empty());
        assert_eq!(kinds(&officer.worker, SAFEGUARDING).await, ["review-concern"]);
        assert!(concern.read().await["received_at"].is_string());
        let own = concern.ask(concern.worker.post(format!("{}/receipt", concern.path), json!({}))).send().await.unwrap();
        assert_eq!((own.status.as_u16(), own.problem()), (403, "purpose-not-permitted"), "who raised it does not say that it came in");
    }
}

on_both_stores! {
    async fn another_worker_reviews_it_and_the_guardian_what_the_officer_leaves(world: World) {
        let cjit = Side::at(&world, CJIT, "testa-rowan").await;
        let concern = cjit.raises(untold()).await;
        let (officer, guardian) = (concern.colleague(&world, "sample-juniper"), concern.colleague(&world, "sample-quince"));
        let by_raiser = concern.act("review", review("appropriate")).await;
        assert_eq!((by_raiser.status.as_u16(), by_raiser.problem()), (403, "purpose-not-permitted"));
        let seen = officer.read().await;
        assert_eq!((&seen["decision"]["state"], &seen["decision"]["by"]), (&json!("awaiting-review"), &json!("testa-rowan")));
        assert_eq!((&seen["concern"], &seen["why_unsafe"]), (&json!(WORRY), &json!("A partner reads what she is sent.")));

        let mut early = review("escalated");
        early["untold_until"] = json!(in_days(&world, 10));
        assert_eq!(refused(&officer.act("review", early).await), (422, "unprocessable-document", Some("rule")));
        officer.acts("review", review("escalated")).await;
        officer.blocked("review", review("appropriate"), "guardian-reviews").await;
        assert_eq!(kinds(&guardian.worker, SAFEGUARDING).await, ["chase-concern", "review-concern"]);
        for days in [-1, 100] {
            let mut outside = review("appropriate");
            outside["untold_until"] = json!(in_days(&world, days));
            assert_eq!(guardian.act("review", outside).await.status, 422);
        }
        guardian.acts("review", review("appropriate")).await;
        guardian.blocked("review", review("inappropriate"), "concern-reviewed").await;
        let decision = guardian.read().await["decision"].clone();
        assert_eq!(decision["state"], "reviewed");
        let findings: Vec<_> = decision["reviews"].as_array().unwrap().iter().map(|review| (&review["by"], &review["finding"])).collect();
        assert_eq!(findings, [(&json!("sample-juniper"), &json!("escalated")), (&json!("sample-quince"), &json!("appropriate"))]);
        assert_eq!(kinds(&guardian.worker, SAFEGUARDING).await, ["chase-concern"]);
        let (_, openings) = opened(&world, &guardian.get().await).await;
        assert_eq!(text(&openings, Field::PolicyIds), "safeguarding.review.read");
    }
}

on_both_stores! {
    async fn what_was_wrong_to_tell_is_not_read_any_more(world: World) {
        let cjit = Side::at(&world, CJIT, "testa-rowan").await;
        let concern = cjit.raises(concern()).await;
        let theirs = Side::told(&world).await;
        theirs.read().await;
        let etag = theirs.get().await.json["etag"].as_str().unwrap().to_owned();
        concern.colleague(&world, "sample-juniper").acts("review", review("inappropriate")).await;
        assert_eq!(theirs.get().await.status, 404);
        let receipt = theirs.worker.post(format!("{}/receipt", theirs.path), json!({}));
        assert_eq!(theirs.ask(receipt).if_match(etag).send().await.unwrap().status, 404);
        assert!(kinds(&theirs.worker, SAFEGUARDING).await.is_empty());
        let events = "SELECT count(*) AS number FROM event WHERE kind = 'concern.changed' AND agency = 'northmoor-childrens'";
        assert_eq!(world.number(events), 2, "it was told, and that it should not have been");
        assert_eq!(concern.read().await["decision"]["state"], "reviewed", "who raised it reads it still");
    }
}

on_both_stores! {
    async fn nobody_else_learns_that_there_is_one(world: World) {
        let cjit = Side::at(&world, CJIT, "testa-rowan").await;
        let carat = Side::at(&world, CARAT, "fixture-oak").await;
        let before = (read(&cjit.worker, cjit.about).await, read(&carat.worker, carat.about).await);
        let concern = cjit.raises(untold()).await;
        let theirs = Side::told(&world).await;
        let nobodys = Side { path: format!("/v1/concerns/{}", Handle::random()), ..concern.clone() }.get().await;
        assert_eq!((nobodys.status.as_u16(), nobodys.problem()), (404, "not-found-or-not-permitted"));

        // A colleague of who raised it, another agency that holds her, and children's services under the sender's name.
        let foreign = Side { path: concern.path.clone(), ..theirs.clone() };
        let elsewhere = Side { path: concern.path.clone(), ..carat.clone() };
        for who in [&concern.colleague(&world, "mocky-aspen"), &elsewhere, &foreign] {
            let answer = who.get().await;
            assert_eq!((answer.status.as_u16(), answer.bytes.len()), (404, nobodys.bytes.len()), "{}", who.worker.worker());
        }
        // For another purpose nobody may even ask, whoever it is about.
        for path in [&concern.path, &nobodys_path()] {
            let asked = cjit.worker.get(path).purpose(Purpose::Treatment).about(cjit.about).send().await.unwrap();
            assert_eq!((asked.status.as_u16(), asked.problem()), (403, "purpose-not-permitted"));
        }
        // There is no list, and no other read says anything of it.
        let list = cjit.ask(cjit.worker.get(format!("/v1/clients/{}/concerns", cjit.about))).send().await.unwrap();
        assert_eq!(list.status, 405);
        let after = (read(&cjit.worker, cjit.about).await, read(&carat.worker, carat.about).await);
        assert_eq!((&before.0.bytes, before.0.etag()), (&after.0.bytes, after.0.etag()));
        assert_eq!((&before.1.bytes, before.1.etag()), (&after.1.bytes, after.1.etag()));
        for side in [&cjit, &carat] {
            for what in ["", "/caseload-episodes", "/dirs", "/consents", "/flags", "/disclosures"] {
                let answer = side.worker.get(format!("/v1/clients/{}{what}", side.about)).about(side.about).send().await.unwrap();
                assert_eq!(answer.status, 200, "{what}: {}", answer.json);
                let shown = answer.json.to_string().to_lowercase();
                for word in ["canary", "safeguarding", "concern", "harm", "worry", "children's"] {
                    assert!(!shown.contains(word), "{word} in {what}: {shown}");
                }
            }
        }
        assert_eq!(world.number("SELECT count(*) AS number FROM event WHERE kind = 'concern.changed' AND agency <> 'northmoor-childrens'"), 0);
    }
}

fn nobodys_path() -> String {
    format!("/v1/concerns/{}", Handle::random())
}

on_both_stores! {
    async fn her_account_tells_it_at_the_agency_that_raised_it_where_she_was_told(world: World) {
        let cjit = Side::at(&world, CJIT, "testa-rowan").await;
        let carat = Side::at(&world, CARAT, "fixture-oak").await;
        let concern = cjit.raises(concern()).await;
        Side::told(&world).await.read().await;
        concern.colleague(&world, "sample-juniper").acts("review", review("appropriate")).await;
        let of = |lines: &[Value]| -> Vec<(String, String)> {
            let lines = lines.iter().filter(|line| line["purpose"] == "protecting somebody from harm");
            lines.map(|line| (line["agency"].as_str().unwrap().to_owned(), line["what"].as_str().unwrap().to_owned())).collect()
        };
        let told = of(&Account::of(&world, CJIT, cjit.about).tells(&world).await);
        let own = "Northmoor Criminal Justice Integrated Team";
        assert_eq!(told[0], (own.to_owned(), "passed on a worry about somebody\u{2019}s safety, or took it in".to_owned()));
        assert!(told.iter().any(|(agency, _)| agency == "Northmoor Children's Services"), "{told:?}");
        assert!(told.iter().any(|(_, what)| what == "looked whether passing on such a worry was right"), "{told:?}");
        let elsewhere = Account::of(&world, CARAT, carat.about).tells(&world).await;
        assert_eq!(of(&elsewhere), [], "at another service nothing of it stands");
        assert!(!Value::from(elsewhere).to_string().contains("Children"));
    }
}

on_both_stores! {
    async fn what_is_unsafe_to_tell_waits_for_a_second_worker_and_has_an_end(world: World) {
        let mut world = world;
        let cjit = Side::at(&world, CJIT, "testa-rowan").await;
        let raised = cjit.raise(untold()).await;
        let (_, openings) = opened(&world, &raised).await;
        assert!(text(&openings, Field::Visibility).starts_with("deferred "), "{}", text(&openings, Field::Visibility));
        let concern = Side { path: raised.header("location").to_owned(), ..cjit.clone() };
        Side::told(&world).await.read().await;
        let lines = async |world: &World, about| {
            let lines = Account::of(world, CJIT, about).tells(world).await;
            lines.iter().filter(|line| line["purpose"] == "protecting somebody from harm").count()
        };
        assert_eq!(lines(&world, cjit.about).await, 0, "nor what children's services did with it");
        let mut agreed = review("appropriate");
        agreed["untold_until"] = json!(in_days(&world, 20));
        concern.colleague(&world, "sample-juniper").acts("review", agreed).await;
        world.later(8).await;
        assert_eq!(lines(&world, cjit.about).await, 0, "two found that it is unsafe");
        world.later(14).await;
        assert_eq!(lines(&world, cjit.about).await, 4, "raised, read there, read and reviewed here: its day is over");
    }
}

on_both_stores! {
    async fn one_worker_s_word_keeps_nothing_back_for_longer_than_a_week(world: World) {
        let mut world = world;
        let cjit = Side::at(&world, CJIT, "testa-rowan").await;
        cjit.raises(untold()).await;
        let told = async |world: &World, about| {
            Value::from(Account::of(world, CJIT, about).tells(world).await).to_string().contains("from harm")
        };
        assert!(!told(&world, cjit.about).await);
        world.later(8).await;
        assert!(told(&world, cjit.about).await);
    }
}

on_both_stores! {
    async fn a_project_is_not_named_by_what_it_is_worried_about(world: World) {
        let lantern = Side::at(&world, LANTERN, "ms-placeholder").await;
        let concern = lantern.raises(concern()).await;
        let seen = Side::told(&world).await.get().await;
        assert_eq!((&seen.json["from"], &seen.json["ring"]), (&Value::Null, &json!("01632 960100")), "the operator puts the call through");
        assert!(!String::from_utf8_lossy(&seen.bytes).to_lowercase().contains("lantern"));
        assert_eq!(concern.read().await["from"], LANTERN);
    }
}

on_both_stores! {
    async fn until_it_is_reviewed_and_came_in_it_stands_against_an_erasure(world: World) {
        let cjit = Side::at(&world, CJIT, "testa-rowan").await;
        let concern = cjit.raises(concern()).await;
        assert_eq!(open_matters(&world, cjit.about).await, json!(["safeguarding-concern-open"]));
        Side::told(&world).await.acts("receipt", json!({})).await;
        assert_eq!(open_matters(&world, cjit.about).await, json!(["safeguarding-concern-open"]));
        concern.colleague(&world, "sample-juniper").acts("review", review("appropriate")).await;
        assert_eq!(open_matters(&world, cjit.about).await, json!([]));
    }
}

on_both_stores! {
    async fn who_is_under_18_goes_to_children_s_services_and_nowhere_else(world: World) {
        let young = json!({"person": {"names": [{"kind": "legal", "forename": "Mini", "surname": "Sapling"}],
            "date_of_birth": "2015-01-01", "sex": "male", "addresses": [{"kind": "current", "lines": ["2 Test Row"], "postcode": "QQ1 1QQ"}]}});
        let officer = world.worker("northmoor-police", "proxy-thorn");
        let presented = officer.post("/v1/clients", young.clone()).purpose(Purpose::CourtOrStatutory).send().await.unwrap();
        assert_eq!(presented.status, 201, "{}", presented.json);
        let desk = Custody { worker: officer.clone(), client_ref: presented.handle("client_ref").unwrap() };

        // Never a required assessment; the refusal says where to turn.
        let answer = desk.open(enforced(&world)).await;
        assert_eq!((answer.status.as_u16(), codes(&answer)), (409, vec!["under-18-tell-childrens-services".to_owned()]));
        let words = answer.json["errors"][0]["message"].as_str().unwrap();
        assert!(words.contains("POST /v1/clients/{ref}/concerns") && words.contains("children's services"), "{words}");

        // No drug interventions record, by what the team wrote down or by what the record says itself.
        let rowan = world.worker(CJIT, "testa-rowan");
        let at_team = rowan.post("/v1/clients", young).send().await.unwrap().handle("client_ref").unwrap();
        let adult = world.client(&rowan, PERSON.0, PERSON.1).await;
        let draft = json!({"document": {"first_contact": {"contact_at": "2026-05-14T16:00"}}});
        let mut stated = draft.clone();
        stated["document"]["person"] = json!({"date_of_birth": "2015-01-01"});
        for (client, body, field) in [(at_team, draft.clone(), "document"), (adult, stated, "document.person.date_of_birth")] {
            let refused = rowan.post(format!("/v1/clients/{client}/dirs"), body).about(client).send().await.unwrap();
            assert_eq!((refused.status.as_u16(), refused.problem()), (409, "invalid-transition"), "{}", refused.json);
            assert_eq!((codes(&refused), &refused.json["errors"][0]["path"]), (vec!["under-18-tell-childrens-services".to_owned()], &json!(field)));
        }
        assert_eq!(rowan.post(format!("/v1/clients/{adult}/dirs"), draft).about(adult).send().await.unwrap().status, 201);

        // Police tell of who is under 18, with how to reach the child, and of nobody else.
        let police = Side { worker: officer.clone(), about: desk.client_ref, path: String::new() };
        let at_risk = police.raise(concern()).await;
        assert_eq!(refused(&at_risk), (403, "purpose-not-permitted", Some("police-under-18-alone")));
        let mut minor = concern();
        minor["ground"] = json!("under-18");
        let sent = police.raise(minor.clone()).await;
        assert_eq!(sent.status, 201, "{}", sent.json);
        let theirs = Side::told(&world).await;
        let answer = theirs.get().await;
        assert_eq!(answer.json["person"]["addresses"][0]["lines"], json!(["2 Test Row"]));
        assert_eq!((&answer.json["person"]["sex"], &answer.json["person"]["names"][0]["surname"]), (&json!("male"), &json!("Sapling")));
        let (_, openings) = opened(&world, &answer).await;
        assert_eq!(text(&openings, Field::SegmentsReleased), "contact\nidentity\nsafeguarding");
        let own = police.ask(officer.get(sent.header("location"))).send().await.unwrap();
        assert_eq!((own.status.as_u16(), own.problem()), (403, "purpose-not-permitted"), "police keep no copy");

        // An adult is none, and of whom nobody wrote down when she was born nobody can say.
        let cjit = Side { worker: rowan.clone(), about: adult, path: String::new() };
        assert_eq!(refused(&cjit.raise(minor.clone()).await), (409, "invalid-transition", Some("not-under-18")));
        let unknown = json!({"person": {"names": [{"kind": "legal", "forename": "Nobody", "surname": "Knows"}]}});
        let about = rowan.post("/v1/clients", unknown).send().await.unwrap().handle("client_ref").unwrap();
        let unknown = Side { about, ..cjit };
        assert_eq!(refused(&unknown.raise(minor).await), (409, "invalid-transition", Some("date-of-birth-required")));
        assert_eq!(unknown.raise(concern()).await.status, 201);
    }
}
