//! From court: where somebody goes from there is told the same day, by consent or for the management of offenders, and to whom it concerns.

use jiff::Timestamp;
use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::joint::{consent, tasks};
use crate::support::{World, invented, on_both_stores, on_both_stores_at};

const STATUTORY: Purpose = Purpose::CourtOrStatutory;
const MANAGEMENT: Purpose = Purpose::OffenderManagement;
const CARE: Purpose = Purpose::ContinuityOfCare;
pub const PERSON: (&str, &str) = ("Fixture", "Cedar");

/// A court worker, beside somebody who stands before the court.
pub struct Court {
    pub worker: Actor,
    pub client: Handle,
    purpose: Purpose,
}

impl Court {
    async fn of(world: &World, agency: &str, worker: &str, purpose: Purpose) -> Self {
        let worker = world.worker(agency, worker);
        let ask = worker.post("/v1/clients", invented(PERSON.0, PERSON.1)).purpose(purpose);
        let known = ask.send().await.unwrap();
        assert_eq!(known.status, 201, "{}", known.json);
        Self { client: known.handle("client_ref").unwrap(), worker, purpose }
    }

    /// The team's.
    pub async fn cjit(world: &World) -> Self {
        Self::of(world, "northmoor-cjit", "sample-sycamore", STATUTORY).await
    }

    /// Probation's.
    async fn probation(world: &World) -> Self {
        Self::of(world, "northmoor-probation", "trial-laurel", MANAGEMENT).await
    }

    pub async fn tells(&self, given: Value) -> Answer {
        let path = format!("/v1/clients/{}/destinations", self.client);
        self.worker.post(path, given).purpose(self.purpose).about(self.client).send().await.unwrap()
    }

    /// She agrees, before the court worker, that the team tells another agency.
    pub async fn agrees(&self, world: &World, to: &str) {
        let told = ("court-or-statutory", json!(["identity", "attendance", "offending"]));
        let consent = consent(world, ("northmoor-cjit", to), told);
        let ask = self.worker.post(format!("/v1/clients/{}/consents", self.client), consent);
        let recorded = ask.purpose(STATUTORY).about(self.client).send().await.unwrap();
        assert_eq!(recorded.status, 201, "{}", recorded.json);
    }
}

/// Remanded today to HMP Fallowgate.
pub fn remanded(world: &World, agency: &str) -> Value {
    let day = |days: i64| {
        (world.journal.now() + jiff::SignedDuration::from_hours(24 * days)).strftime("%Y-%m-%d").to_string()
    };
    json!({"agency": agency, "name": "Fixture Cedar", "date_of_birth": "1990-01-31", "court_on": day(0),
        "outcome": "remanded", "prison": "HMP Fallowgate", "next_on": day(21)})
}

async fn get(worker: &Actor, path: &str, purpose: Purpose) -> Answer {
    let about = path.rsplit('/').next().unwrap().parse().unwrap();
    worker.get(path).purpose(purpose).about(about).send().await.unwrap()
}

async fn acknowledges(worker: &Actor, path: &str, purpose: Purpose) -> Answer {
    let about = path.rsplit('/').next().unwrap().parse().unwrap();
    let ask = worker.post(format!("{path}/acknowledgement"), json!({})).purpose(purpose);
    ask.about(about).send().await.unwrap()
}

async fn kinds(worker: &Actor, purpose: Purpose) -> Vec<String> {
    tasks(worker, purpose).await.into_iter().map(|(kind, _)| kind).collect()
}

fn refused_field(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.json["errors"][0]["path"].as_str().unwrap_or_default())
}

on_both_stores! {
    async fn the_prison_s_team_is_told_with_her_consent_and_says_that_it_has_come_in(world: World) {
        let court = Court::cjit(&world).await;
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let without = court.tells(remanded(&world, "fallowgate-carat")).await;
        assert_eq!((without.status.as_u16(), &without.json["errors"][0]["code"]), (409, &json!("consent-required")));
        court.agrees(&world, "fallowgate-carat").await;
        let told = court.tells(remanded(&world, "fallowgate-carat")).await;
        assert_eq!(told.status, 201, "{}", told.json);
        assert_eq!(told.json["receiver"]["telephone"], "01632 960121", "whom to ring stands beside it");

        let (kind, path) = tasks(&carat, CARE).await.pop().unwrap();
        assert_eq!(kind, "receive-from-court");
        let read = get(&carat, &path, STATUTORY).await;
        let mut view = read.json.as_object().unwrap().clone();
        for moment in ["told_at", "court_on", "next_on", "client_ref"] {
            assert!(view.remove(moment).is_some_and(|value| !value.is_null()), "{moment}");
        }
        assert_eq!(Value::Object(view), json!({
            "id": path.rsplit('/').next().unwrap(), "name": "Fixture Cedar", "date_of_birth": "1990-01-31",
            "outcome": "remanded", "responsible": "carat", "prison": "HMP Fallowgate", "from": "northmoor-cjit", "withheld": [],
        }));
        assert_eq!(get(&carat, &path, CARE).await.status, 403, "for what a court decided, and for nothing else");

        // The court worker rings while nobody has said so, and cannot say so for others.
        let own = told.header("location");
        assert_eq!(kinds(&court.worker, STATUTORY).await, ["chase-destination"]);
        let for_others = acknowledges(&court.worker, own, STATUTORY).await;
        assert_eq!((for_others.status.as_u16(), &for_others.json["errors"][0]["code"]), (409, &json!("not-told")));
        assert_eq!(acknowledges(&carat, &path, STATUTORY).await.status, 200);
        assert!(tasks(&carat, CARE).await.is_empty() && tasks(&court.worker, STATUTORY).await.is_empty());

        // What she takes back is read no more, and nobody has a task that leads nowhere.
        assert_eq!(court.tells(remanded(&world, "fallowgate-carat")).await.status, 201);
        let (_, again) = tasks(&carat, CARE).await.pop().unwrap();
        let said = json!({"channel": "voice", "urgent_effects_confirmed": true});
        let back = court.worker.post(format!("/v1/clients/{}/withdrawal", court.client), said);
        let back = back.purpose(STATUTORY).about(court.client).send().await.unwrap();
        assert!(back.status.is_success(), "{}", back.json);
        assert_eq!(get(&carat, &again, STATUTORY).await.status, 404);
        assert!(tasks(&carat, CARE).await.is_empty() && tasks(&court.worker, STATUTORY).await.is_empty());
        assert_eq!(get(&court.worker, own, STATUTORY).await.status, 200, "who told it has it still");
    }
}

on_both_stores! {
    async fn the_team_s_own_court_worker_tells_the_team_without_a_consent(world: World) {
        let court = Court::cjit(&world).await;
        let mut freed = remanded(&world, "northmoor-cjit");
        for (member, value) in [("outcome", json!("free")), ("prison", Value::Null), ("next_on", Value::Null)] {
            freed[member] = value;
        }
        let told = court.tells(freed).await;
        assert_eq!(told.status, 201, "{}", told.json);
        let team = world.worker("northmoor-cjit", "testa-rowan");
        let path = told.header("location");
        let found = tasks(&team, CARE).await;
        assert!(found.iter().any(|(kind, at)| kind == "receive-from-court" && at == path), "{found:?}");
        let read = get(&team, path, STATUTORY).await;
        assert_eq!((&read.json["outcome"], &read.json["responsible"]), (&json!("free"), &json!("cjit")));
        assert_eq!(acknowledges(&team, path, STATUTORY).await.status, 200);
        assert!(tasks(&team, CARE).await.is_empty());
        let elsewhere = world.worker("eastvale-cjit", "sample-linden");
        assert_eq!(get(&elsewhere, path, STATUTORY).await.status, 404);
    }
}

on_both_stores! {
    async fn probation_tells_without_consent_what_is_necessary_and_to_nobody_else(world: World) {
        let court = Court::probation(&world).await;
        let given = |agency: &str, member: &str, value: Value| {
            let mut given = remanded(&world, agency);
            given[member] = value;
            given
        };
        for (agency, member, value, field) in [
            ("testhomes", "name", json!("Fixture Cedar"), "agency"),
            ("lantern", "name", json!("Fixture Cedar"), "agency"),
            ("eastvale-treatment", "name", json!("Fixture Cedar"), "agency"),
            ("northmoor-probation", "name", json!("Fixture Cedar"), "agency"),
            ("fallowgate-carat", "court_on", json!("2199-01-01"), "court_on"),
            ("fallowgate-carat", "prison", Value::Null, "prison"),
            ("fallowgate-carat", "next_on", json!("1999-01-01"), "next_on"),
            // Of who does not go to prison the prison's team need not know.
            ("fallowgate-carat", "outcome", json!("bailed"), "agency"),
            ("northmoor-cjit", "outcome", json!("bailed"), "prison"),
        ] {
            let answer = court.tells(given(agency, member, value)).await;
            assert_eq!(refused_field(&answer), (422, field), "{agency} {member}: {}", answer.json);
        }
        let more = court.tells(given("fallowgate-carat", "offence", json!("Shoplifting"))).await;
        assert_eq!(more.status, 400, "there is no place for the offence");

        assert_eq!(court.tells(remanded(&world, "fallowgate-carat")).await.status, 201);
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let (_, path) = tasks(&carat, CARE).await.pop().unwrap();
        assert_eq!(get(&carat, &path, STATUTORY).await.json["prison"], "HMP Fallowgate");
        assert_eq!(kinds(&court.worker, MANAGEMENT).await, ["chase-destination"]);

        // Others of probation read it; the police, and who works in custody, may not even ask.
        let officer = world.worker("northmoor-probation", "trial-elm");
        let told = court.tells(remanded(&world, "eastvale-cjit")).await;
        assert_eq!(get(&officer, told.header("location"), MANAGEMENT).await.status, 200);
        let tells = async |agency: &str, worker: &str, purpose: Purpose| {
            let worker = world.worker(agency, worker);
            let path = format!("/v1/clients/{}/destinations", Handle::random());
            let body = remanded(&world, "fallowgate-carat");
            worker.post(path, body).purpose(purpose).about(court.client).send().await.unwrap().status
        };
        assert_eq!(tells("northmoor-probation", "trial-elm", MANAGEMENT).await, 403);
        assert_eq!(tells("northmoor-police", "proxy-briar", STATUTORY).await, 403);
        assert_eq!(tells("northmoor-cjit", "testa-rowan", STATUTORY).await, 403);
        let police = world.worker("northmoor-police", "proxy-briar");
        assert_eq!(get(&police, &path, STATUTORY).await.status, 403);
    }
}

on_both_stores_at! {
    "2026-06-05T14:00:00Z"
    async fn it_is_seen_to_on_the_same_day_or_the_deputy_hears_and_then_the_manager(world: World) {
        // A Friday, three in the afternoon in London.
        let court = Court::probation(&world).await;
        assert_eq!(court.tells(remanded(&world, "fallowgate-carat")).await.status, 201);
        let carat = world.worker("fallowgate-carat", "specimen-yew");
        let level = async || {
            let answer = carat.get("/v1/tasks?view=agency").purpose(CARE).send().await.unwrap();
            let task = answer.json["tasks"][0].clone();
            (task["due"].as_str().unwrap().parse::<Timestamp>().unwrap().to_string(), task["level"].clone())
        };
        let end_of_day = "2026-06-05T22:59:00Z".to_owned();
        assert_eq!(level().await, (end_of_day.clone(), json!("open")));
        for (seconds, expected) in [(5 * 3_600, "deputy"), (5 * 3_600, "escalated")] {
            world.clock.advance(seconds);
            for _ in 0..4 {
                let call = throughgate::journal::call::Call::system("sweep_tasks", world.journal.directory().epoch());
                world.journal.record(call, throughgate::domain::task::SweepTasks).await.unwrap();
            }
            assert_eq!(level().await, (end_of_day.clone(), json!(expected)));
        }
    }
}
