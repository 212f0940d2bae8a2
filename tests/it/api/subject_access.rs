//! A person asks who has used what is held about her: how her request is taken, and what she is told.

use serde_json::{Value, json};
use throughgate::clock::Clock as _;
use throughgate::demo::actor::{Actor, Answer, Ask};
use throughgate::id::Handle;
use throughgate::ledger::entry::{Field, Leaf};
use throughgate::vocabulary::{EntryKind, Outcome, Purpose};

use super::erasure::{CARAT, LANTERN, Officer, opened, read, text};
use super::release::{Referred, Team, referred};
use crate::support::{World, on_both_stores};

pub const CJIT: &str = "northmoor-cjit";

/// An agency at which a person asks: who serves her, and who answers.
pub struct Desk {
    pub worker: Actor,
    pub officer: Actor,
    pub client_ref: Handle,
}

impl Desk {
    pub fn of(world: &World, agency: &str, client_ref: Handle) -> Self {
        let (worker, officer) = match agency {
            CARAT => ("fixture-oak", "fixture-maple"),
            LANTERN => ("ms-placeholder", "test-myrtle"),
            CJIT => ("testa-rowan", "sample-juniper"),
            _ => ("trial-elm", "trial-hornbeam"),
        };
        Self { worker: world.worker(agency, worker), officer: world.worker(agency, officer), client_ref }
    }

    pub fn get<'a>(&self, actor: &'a Actor, path: String) -> Ask<'a> {
        actor.get(path).about(self.client_ref).purpose(Purpose::SubjectAccess)
    }

    pub fn post<'a>(&self, actor: &'a Actor, path: String, body: Value) -> Ask<'a> {
        actor.post(path, body).about(self.client_ref).purpose(Purpose::SubjectAccess)
    }

    /// A request that was received today.
    pub async fn receives(&self, world: &World, body: Value) -> Answer {
        let mut request = json!({"received_on": today(world), "asked_by": "person"});
        request.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        let path = format!("/v1/clients/{}/subject-access", self.client_ref);
        self.post(&self.worker, path, request).send().await.unwrap()
    }

    /// Her request, under which she was identified.
    pub async fn identifies(&self, world: &World) -> Handle {
        let received = self.receives(world, json!({"identity": identity()})).await;
        assert_eq!(
            (received.status.as_u16(), &received.json["state"]),
            (201, &json!("identity-checked")),
            "{}",
            received.json
        );
        received.handle("id").unwrap()
    }

    pub async fn sees(&self, request: Handle) -> Answer {
        self.get(&self.worker, format!("/v1/subject-access/{request}")).send().await.unwrap()
    }

    /// A step on the version that stands now.
    pub async fn takes(&self, actor: &Actor, request: Handle, step: &str, body: Value) -> Answer {
        let etag = self.sees(request).await.etag().to_owned();
        let path = format!("/v1/subject-access/{request}/{step}");
        self.post(actor, path, body).if_match(etag).send().await.unwrap()
    }

    pub async fn account(&self, request: Handle) -> Answer {
        self.get(&self.officer, account_of(request)).send().await.unwrap()
    }

    /// The lines of her whole account, under a request of its own, from all its pages.
    pub async fn tells(&self, world: &World) -> Vec<Value> {
        let request = self.identifies(world).await;
        let mut path = account_of(request);
        let mut lines = Vec::new();
        loop {
            let page = self.get(&self.officer, path).send().await.unwrap();
            assert_eq!(page.status, 200, "{}", page.json);
            lines.extend(page.json["disclosures"].as_array().unwrap().clone());
            match next_of(&page) {
                Some(next) => path = next,
                None => return lines,
            }
        }
    }
}

pub fn identity() -> Value {
    json!({"means": "photo-document", "seen_alone": true})
}

pub fn account_of(request: Handle) -> String {
    format!("/v1/subject-access/{request}/account")
}

pub fn next_of(page: &Answer) -> Option<String> {
    let link = page.header("link");
    let next = link.trim_start_matches('<').split('>').next().unwrap();
    (!next.is_empty()).then(|| next.to_owned())
}

/// A day so many from now, in London.
pub fn in_days(world: &World, days: i64) -> String {
    let moment = world.clock.now() + jiff::SignedDuration::from_hours(24 * days);
    moment.in_tz("Europe/London").unwrap().date().to_string()
}

pub fn today(world: &World) -> String {
    in_days(world, 0)
}

/// Who did what, without the minute.
pub fn told(lines: &[Value]) -> Vec<(String, String, String)> {
    let text = |line: &Value, member: &str| line[member].as_str().unwrap_or_default().to_owned();
    lines
        .iter()
        .map(|line| (text(line, "agency"), text(line, "what"), line["segments"].to_string()))
        .collect()
}

on_both_stores! {
    async fn she_is_told_at_her_team_what_every_service_did_and_her_request_is_on_record(world: World) {
        let Referred { cjit, ours, .. } = referred(&world).await;
        assert_eq!(cjit.get(format!("/v1/dirs/{ours}")).await.status, 200);
        let desk = Desk::of(&world, CJIT, cjit.client_ref);

        // Her letter came three days ago; she was not seen yet.
        let path = format!("/v1/clients/{}/subject-access", cjit.client_ref);
        let received = desk
            .post(&desk.worker, path.clone(), json!({"received_on": in_days(&world, -3), "asked_by": "person"}))
            .send().await.unwrap();
        assert_eq!((received.status.as_u16(), &received.json["state"]), (201, &json!("received")), "{}", received.json);
        let request = received.handle("id").unwrap();
        assert_eq!(received.header("location"), format!("/v1/subject-access/{request}"));
        let (_, openings) = opened(&world, &received).await;
        assert_eq!(text(&openings, Field::Worker), "testa-rowan");
        assert_eq!(text(&openings, Field::StatuteRef), "UK GDPR Art. 15");
        let occurred: jiff::Timestamp = text(&openings, Field::OccurredAt).parse().unwrap();
        assert!(world.clock.now().duration_since(occurred).as_hours() >= 48, "late, not tampered with");
        let checked = desk.takes(&desk.worker, request, "identity-check", json!({"identity": identity()})).await;
        assert_eq!((checked.status.as_u16(), &checked.json["state"]), (200, &json!("identity-checked")), "{}", checked.json);

        let account = desk.account(request).await;
        assert_eq!(account.status, 200, "{}", account.json);
        let leaf = Leaf::parse(&account.receipt.as_ref().unwrap().leaf).unwrap();
        assert_eq!((leaf.kind, leaf.outcome), (EntryKind::SubjectAccess, Outcome::Permitted));
        assert_eq!(account.json["asked_at"], "Northmoor Criminal Justice Integrated Team");
        let lines = account.json["disclosures"].as_array().unwrap();
        let by = |agency: &str| lines.iter().filter(|line| line["agency"].as_str().unwrap().contains(agency)).count();
        assert!(by("CARAT") >= 5 && by("Northmoor") >= 4 && by("CARAT") + by("Northmoor") == lines.len(), "{}", account.json);
        let passed: Vec<&Value> = lines
            .iter()
            .filter(|line| line["agency"] == account.json["asked_at"] && line["segments"].to_string().contains("prescribing"))
            .collect();
        assert_eq!(passed.len(), 1, "her record went from the prison to the team once: {}", account.json);
        let line = passed[0];
        assert_eq!(line["role"], "a case manager");
        assert_eq!(line["purpose"], "keeping your care going from one service to the next");
        assert_eq!(line["basis"], "it is part of the care that you agreed to");
        assert_eq!((&line["outcome"], &line["contact"]["telephone"]), (&json!("permitted"), &json!("01632 960101")));
        assert!(line["recorded_at"].as_str().unwrap().ends_with(":00Z"));

        // The reading is itself a line of the next.
        let again = desk.account(request).await;
        let more = again.json["disclosures"].as_array().unwrap();
        assert_eq!((&more[..lines.len()], more.len()), (&lines[..], lines.len() + 1));
        assert_eq!(more.last().unwrap()["what"], "dealt with your request for this list");
        assert_eq!(more.last().unwrap()["role"], "a privacy officer");

        // Nobody else's name, and no word of what workers wrote.
        let shown = again.json.to_string().to_lowercase();
        for word in ["rowan", "juniper", "oak", "cedar", "fixture", "rose", "lantern", "refuge", "safehaven", "hepatitis", "sex-work"] {
            assert!(!shown.contains(word), "{word} in {shown}");
        }

        let answered = desk.takes(&desk.officer, request, "answer", json!({"manner": "in-person"})).await;
        assert_eq!((answered.status.as_u16(), &answered.json["state"]), (200, &json!("answered")), "{}", answered.json);
        assert_eq!(desk.account(request).await.status, 404, "what was answered is over");
        let listed = desk.get(&desk.worker, path).send().await.unwrap();
        let listed = &listed.json["requests"];
        assert_eq!((listed.as_array().unwrap().len(), &listed[0]["answered"]), (1, &json!("in-person")), "{listed}");
    }
}

on_both_stores! {
    async fn without_a_request_under_which_she_was_identified_there_is_nothing(world: World) {
        let rowan = world.worker(CJIT, "testa-rowan");
        let desk = Desk::of(&world, CJIT, world.client(&rowan, "Demo", "Elder").await);
        let other = Desk::of(&world, CJIT, world.client(&rowan, "Testa", "Alder").await);
        let theirs = Desk::of(&world, LANTERN, world.client(&world.worker(LANTERN, "ms-placeholder"), "Demo", "Elder").await);
        let request = desk.receives(&world, json!({})).await.handle("id").unwrap();
        let nobodys = desk.account(Handle::random()).await;
        assert_eq!((nobodys.status.as_u16(), nobodys.problem()), (404, "not-found-or-not-permitted"));

        let unidentified = desk.account(request).await;
        let checked = desk.takes(&desk.worker, request, "identity-check", json!({"identity": identity()})).await;
        assert_eq!(checked.status, 200, "{}", checked.json);
        assert_eq!(desk.account(request).await.status, 200);
        let elsewhere = theirs.account(request).await;
        let of_another = other.account(request).await;
        let ended = {
            let request = other.identifies(&world).await;
            let withdrawn = other.takes(&other.worker, request, "withdrawal", json!({})).await;
            assert_eq!((withdrawn.status.as_u16(), &withdrawn.json["state"]), (200, &json!("withdrawn")));
            other.account(request).await
        };
        for (what, refused) in [
            ("nobody was identified", unidentified), ("another agency's", elsewhere),
            ("for a token that names another", of_another), ("withdrawn", ended),
        ] {
            assert_eq!((refused.status.as_u16(), refused.problem()), (404, "not-found-or-not-permitted"), "{what}");
            assert_eq!(refused.bytes.len(), nobodys.bytes.len(), "{what}");
            let leaf = Leaf::parse(&refused.receipt.as_ref().unwrap().leaf).unwrap();
            assert_eq!((leaf.kind, leaf.outcome), (EntryKind::SubjectAccess, Outcome::Refused), "{what}");
        }

        // Who serves her takes her request and does not read the account; nobody does for another purpose.
        let by_a_worker = desk.get(&desk.worker, account_of(request)).send().await.unwrap();
        let for_care = desk.get(&desk.officer, account_of(request)).purpose(Purpose::ContinuityOfCare).send().await.unwrap();
        for refused in [by_a_worker, for_care] {
            assert_eq!((refused.status.as_u16(), refused.problem()), (403, "purpose-not-permitted"));
        }
        let decided = desk.takes(&desk.worker, request, "answer", json!({"manner": "in-person"})).await;
        assert_eq!((decided.status.as_u16(), decided.problem()), (403, "purpose-not-permitted"));
        let police = world.worker("northmoor-police", "proxy-thorn");
        let path = format!("/v1/clients/{}/subject-access", desk.client_ref);
        let asked = police.post(path, json!({"received_on": today(&world), "asked_by": "person"}))
            .about(desk.client_ref).purpose(Purpose::SubjectAccess).send().await.unwrap();
        assert_eq!(asked.status, 403);
    }
}

on_both_stores! {
    async fn each_step_is_taken_on_the_version_that_was_read_and_only_from_where_it_can_be(world: World) {
        let rowan = world.worker(CJIT, "testa-rowan");
        let desk = Desk::of(&world, CJIT, world.client(&rowan, "Demo", "Elder").await);
        let path = format!("/v1/clients/{}/subject-access", desk.client_ref);
        let problem = async |body: Value| {
            let refused = desk.post(&desk.worker, path.clone(), body).send().await.unwrap();
            (refused.status.as_u16(), refused.json["errors"][0]["path"].as_str().unwrap_or_default().to_owned())
        };
        let day = today(&world);
        assert_eq!(problem(json!({"received_on": in_days(&world, 2), "asked_by": "person"})).await, (422, "received_on".into()));
        assert_eq!(problem(json!({"received_on": day, "asked_by": "representative"})).await, (422, "authority".into()));
        assert_eq!(problem(json!({"received_on": day, "asked_by": "partner"})).await, (400, "asked_by".into()));
        let guessed = json!({"means": "answered-questions", "seen_alone": true});
        assert_eq!(problem(json!({"received_on": day, "asked_by": "person", "identity": guessed})).await, (400, "identity.means".into()));
        assert_eq!(problem(json!({"received_on": day, "asked_by": "person", "name": "Testa"})).await, (400, "name".into()));

        let request = desk.receives(&world, json!({})).await.handle("id").unwrap();
        let step = |step: &str| format!("/v1/subject-access/{request}/{step}");
        let etag = desk.sees(request).await.etag().to_owned();
        let unversioned = desk.post(&desk.worker, step("withdrawal"), json!({})).send().await.unwrap();
        assert_eq!((unversioned.status.as_u16(), unversioned.problem()), (428, "precondition-required"));
        let out_of_place = desk.takes(&desk.officer, request, "answer", json!({"manner": "post", "reason": "x"})).await;
        assert_eq!((out_of_place.status.as_u16(), &out_of_place.json["errors"][0]["path"]), (400, &json!("reason")));
        let early = desk.takes(&desk.officer, request, "answer", json!({"manner": "post"})).await;
        assert_eq!((early.status.as_u16(), early.problem()), (409, "invalid-transition"));
        assert_eq!(desk.takes(&desk.officer, request, "nothing", json!({})).await.status, 404);

        let before = desk.sees(request).await;
        let extended = desk.takes(&desk.officer, request, "extension", json!({"reason": "many services to ask"})).await;
        assert_eq!(extended.status, 200, "{}", extended.json);
        let (_, openings) = opened(&world, &extended).await;
        assert_eq!(text(&openings, Field::ReasonText), "many services to ask");
        let after = desk.sees(request).await;
        assert!(after.json["due_on"].as_str() > before.json["due_on"].as_str() && after.json["extended"] == true, "{}", after.json);
        let stale = desk.post(&desk.officer, step("refusal"), json!({"ground": "excessive", "reason": "again"})).if_match(&etag).send().await.unwrap();
        assert_eq!((stale.status.as_u16(), stale.problem()), (412, "version-conflict"));
        let refused = desk.takes(&desk.officer, request, "refusal", json!({"ground": "identity-not-shown", "reason": "nobody came"})).await;
        assert_eq!((refused.status.as_u16(), &refused.json["state"]), (200, &json!("refused")), "{}", refused.json);
        let late = desk.takes(&desk.worker, request, "identity-check", json!({"identity": identity()})).await;
        assert_eq!((late.status.as_u16(), late.problem()), (409, "invalid-transition"));

        // What came forty days ago is overdue, and can still be answered, not extended.
        let body = json!({"received_on": in_days(&world, -40), "identity": identity()});
        let request = desk.receives(&world, body).await.handle("id").unwrap();
        assert_eq!(desk.sees(request).await.json["overdue"], true);
        let late = desk.takes(&desk.officer, request, "extension", json!({"reason": "too late"})).await;
        assert_eq!(late.problem(), "invalid-transition");
        assert_eq!(desk.account(request).await.status, 200);
    }
}

on_both_stores! {
    async fn the_page_to_print_says_the_same_and_proves_itself(world: World) {
        let oak = world.worker(CARAT, "fixture-oak");
        let desk = Desk::of(&world, CARAT, world.client(&oak, "Fixture", "Cedar").await);
        for _ in 0..60 {
            assert_eq!(read(&oak, desk.client_ref).await.status, 200);
        }
        let lines = desk.tells(&world).await;
        assert_eq!(lines.len(), 63, "a presentation, sixty readings, the request, and the first page");
        let request = desk.identifies(&world).await;
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        let page = desk.get(&desk.officer, account_of(request)).with("Accept", browser).send().await.unwrap();
        assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html; charset=utf-8"));
        // The client checked that the entry commits to these very bytes.
        assert!(page.receipt.is_some() && !page.header("audit-openings").is_empty());
        assert!(page.header("content-security-policy").starts_with("default-src 'none'; style-src 'sha256-"));
        assert_eq!((page.header("cache-control"), page.header("x-content-type-options")), ("no-store", "nosniff"));
        let html = String::from_utf8(page.bytes.clone()).unwrap();
        assert_eq!(html.matches("<li class=\"line\">").count(), lines.len() + 2, "and what was read and asked since");
        assert!(html.starts_with("<!DOCTYPE html>\n<html lang=\"en\">") && !html.contains("<script"));
        assert!(html.contains("a drug worker in prison of HMP Fallowgate CARAT team looked at what is held about you."));
        for word in ["Cedar", "Fixture", "Oak", &desk.client_ref.to_string()] {
            assert!(!html.contains(word), "whoever finds the page does not learn whose it is: {word}");
        }
        let refused = desk.get(&desk.officer, account_of(Handle::random())).with("Accept", browser).send().await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.header("content-type")), (404, "application/problem+json"));

        // Pages of JSON lead on by cursors that serve nobody else.
        let first = desk.account(request).await;
        let next = next_of(&first).unwrap();
        assert_eq!(first.json["disclosures"].as_array().unwrap().len(), 50);
        let cursor = next.split("cursor=").nth(1).unwrap();
        let another = desk.identifies(&world).await;
        for path in [format!("{}?cursor={cursor}", account_of(another)), format!("{}?cursor=50", account_of(request))] {
            let answer = desk.get(&desk.officer, path).send().await.unwrap();
            assert_eq!((answer.status.as_u16(), answer.problem()), (400, "malformed-request"));
        }
    }
}

on_both_stores! {
    async fn what_an_agency_erased_is_gone_from_the_account_and_the_rest_stands(world: World) {
        let oak = world.worker(CARAT, "fixture-oak");
        let carat = Team { actor: oak.clone(), client_ref: world.client(&oak, "Fixture", "Cedar").await };
        carat.signed_dir().await;
        let rowan = world.worker(CJIT, "testa-rowan");
        let desk = Desk::of(&world, CJIT, world.client(&rowan, "Fixture", "Cedar").await);
        read(&rowan, desk.client_ref).await;
        let count = |lines: &[Value], agency: &str| {
            lines.iter().filter(|line| line["agency"].as_str().unwrap().contains(agency)).count()
        };
        let before = desk.tells(&world).await;
        assert!(count(&before, "CARAT") >= 3);
        assert_eq!(Officer::of(&world, CARAT, carat.client_ref).erases().await.status, 200);
        let after = desk.tells(&world).await;
        assert_eq!(count(&after, "CARAT"), 0, "{after:?}");
        // Her own team's lines, the first request and its reading, and the second request.
        assert_eq!(count(&after, "Northmoor"), count(&before, "Northmoor") + 2);

        // The team itself erases nothing while she waits for its answer.
        let officer = Officer { actor: world.worker(CJIT, "sample-juniper"), client_ref: desk.client_ref };
        assert_eq!(officer.is_stopped_by().await, ["subject-access-open"]);
    }
}
