//! What police send in, one way, and the days that they announce.

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::joint::{consents, tasks};
use super::results::Probation;
use crate::support::{World, invented, on_both_stores};

const STATUTORY: Purpose = Purpose::CourtOrStatutory;
pub const PERSON: (&str, &str) = ("Mockley", "Birch");

pub async fn police(world: &World) -> (Actor, Handle) {
    let worker = world.worker("northmoor-police", "proxy-thorn");
    let known =
        worker.post("/v1/clients", invented(PERSON.0, PERSON.1)).purpose(STATUTORY).send().await.unwrap();
    let client = known.handle("client_ref").unwrap();
    (worker, client)
}

pub async fn sends((worker, client): &(Actor, Handle), body: Value) -> Answer {
    let path = format!("/v1/clients/{client}/inbound-referrals");
    worker.post(path, body).about(*client).purpose(STATUTORY).send().await.unwrap()
}

pub fn sent(service: &str) -> Value {
    json!({"service": service, "led": "intelligence-led", "name": "Mockley Birch", "reach": "by text message"})
}

on_both_stores! {
    async fn police_send_somebody_in_and_read_nothing_back(world: World) {
        let police = police(&world).await;
        let without = sends(&police, sent("northmoor-cjit")).await;
        assert_eq!((without.status.as_u16(), &without.json["errors"][0]["code"]), (409, &json!("consent-required")));
        // He agreed at probation, without police there.
        let probation = Probation::of(&world, PERSON).await;
        let between = ("northmoor-police", "northmoor-cjit");
        let what = ("referral", json!(["identity", "contact"]));
        let path = (&probation.worker, probation.client);
        consents(&world, path, between, what).await;
        for (body, status, member) in [
            (sent("lantern"), 422, "service"),
            (sent("testhomes"), 422, "service"),
            (json!({"service": "northmoor-cjit", "led": "intelligence-led", "name": "x", "offences": "y"}), 400, "offences"),
        ] {
            let refused = sends(&police, body).await;
            assert_eq!((refused.status.as_u16(), &refused.json["errors"][0]["path"]), (status, &json!(member)));
        }
        let answer = sends(&police, sent("northmoor-cjit")).await;
        assert_eq!((answer.status.as_u16(), &answer.json), (201, &json!({"service": "northmoor-cjit"})), "no name to ask by");
        assert!(answer.headers.get("location").is_none());
        assert_eq!(world.number("SELECT count(*) AS number FROM handle WHERE kind = 'inbound-referral' AND agency <> 'northmoor-cjit'"), 0);

        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let (kind, path) = tasks(&cjit, Purpose::Referral).await.pop().unwrap();
        assert_eq!(kind, "answer-inbound-referral");
        let about: Handle = path.rsplit('/').next().unwrap().parse().unwrap();
        let get = async |worker: &Actor, purpose| worker.get(&path).about(about).purpose(purpose).send().await.unwrap();
        let came = get(&cjit, Purpose::Referral).await;
        assert_eq!((&came.json["name"], &came.json["from"], &came.json["outcome"]), (&json!("Mockley Birch"), &json!("northmoor-police"), &Value::Null));
        // Not by the service's name for it, nor for any purpose.
        for purpose in [STATUTORY, Purpose::OffenderManagement, Purpose::Referral] {
            assert_eq!(get(&police.0, purpose).await.status, 403);
        }
        let answers = async |outcome: &str| {
            let etag = get(&cjit, Purpose::Referral).await.etag().to_owned();
            let body = json!({"outcome": outcome});
            cjit.post(format!("{path}/answer"), body).about(about).purpose(Purpose::Referral).if_match(etag).send().await.unwrap()
        };
        let told = || world.number("SELECT count(*) AS number FROM event WHERE agency = 'northmoor-police'");
        let before = told();
        assert_eq!(answers("not-reached").await.status, 200);
        assert_eq!(answers("taken-up").await.status, 200, "he was reached later");
        assert_eq!(answers("declined").await.status, 409);
        assert_eq!(told(), before, "police are told nothing");
        assert!(tasks(&cjit, Purpose::Referral).await.is_empty());
        // Sent again, and taken back before anybody reached him: there is nothing left to do, or to reach him by.
        assert_eq!(sends(&police, sent("northmoor-cjit")).await.status, 201);
        let (_, queued) = tasks(&cjit, Purpose::Referral).await.pop().unwrap();
        let said = json!({"channel": "voice", "urgent_effects_confirmed": true});
        let back = probation.worker.post(format!("/v1/clients/{}/withdrawal", probation.client), said);
        let back = back.about(probation.client).purpose(Purpose::OffenderManagement).send().await.unwrap();
        assert!(back.status.is_success(), "{}", back.json);
        assert!(tasks(&cjit, Purpose::Referral).await.is_empty());
        let itself: Handle = queued.rsplit('/').next().unwrap().parse().unwrap();
        let seen = cjit.get(&queued).about(itself).purpose(Purpose::Referral).send().await.unwrap();
        assert_eq!((&seen.json["name"], &seen.json["reach"], &seen.json["withdrawn"]), (&Value::Null, &Value::Null, &json!(true)), "{}", seen.json);
        let other = world.worker("eastvale-cjit", "sample-linden");
        assert_eq!(get(&other, Purpose::Referral).await.status, 404);
    }
}

on_both_stores! {
    async fn a_day_is_announced_to_services_and_is_about_nobody(world: World) {
        let police = world.worker("northmoor-police", "proxy-thorn");
        let day = |days: i64| (world.journal.now() + jiff::SignedDuration::from_hours(24 * days)).strftime("%Y-%m-%d").to_string();
        let announce = async |body: Value| police.post("/v1/operations-days", body).purpose(STATUTORY).send().await.unwrap();
        let good = json!({"on": day(10), "expected": 30, "services": ["northmoor-cjit", "lantern"]});
        for (member, value, status) in [
            ("on", json!(day(-1)), 422),
            ("on", json!(day(200)), 422),
            ("services", json!(["testhomes"]), 422),
            ("expected", json!(0), 400),
            ("place", json!("Mill Lane"), 400),
        ] {
            let mut body = good.clone();
            body[member] = value;
            assert_eq!(announce(body).await.status, status, "{member}");
        }
        let persons = || world.number("SELECT count(*) AS number FROM person") + world.number("SELECT count(*) AS number FROM record");
        let before = persons();
        assert_eq!(announce(good).await.status, 201);
        assert_eq!(persons(), before);

        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let slot = json!({"appointment": "initial", "at": format!("{}T10:00", day(10)), "place": "1 Mill Lane"});
        assert_eq!(cjit.post("/v1/appointment-slots", slot).send().await.unwrap().status, 201);
        let days = async |worker: &Actor| worker.get("/v1/operations-days").purpose(Purpose::Referral).send().await.unwrap();
        let told = days(&cjit).await;
        let line = &told.json["days"][0];
        assert_eq!((&line["on"], &line["expected"], &line["slots_free"], &line["from"]), (&json!(day(10)), &json!(30), &json!(1), &json!("northmoor-police")));
        let lantern = days(&world.worker("lantern", "ms-placeholder")).await;
        assert_eq!((&lantern.json["days"][0]["slots_free"], lantern.json["days"][0]["id"] == line["id"]), (&json!(0), false));
        let other = days(&world.worker("eastvale-cjit", "sample-linden")).await;
        assert_eq!(other.json["days"], json!([]), "who is not told does not learn of it");
        assert_eq!(days(&police).await.status, 403);
        let refused = cjit.post("/v1/operations-days", json!({"on": day(10), "expected": 1, "services": ["lantern"]})).send().await.unwrap();
        assert_eq!(refused.status, 403);
    }
}

on_both_stores! {
    async fn a_day_that_is_long_past_is_forgotten_and_what_is_to_come_is_not(world: World) {
        let mut world = world;
        let days = || world.number("SELECT count(*) AS number FROM operations_day");
        let day = |days: i64| (world.journal.now() + jiff::SignedDuration::from_hours(24 * days)).strftime("%Y-%m-%d").to_string();
        let announced = async |on: String| {
            let police = world.worker("northmoor-police", "proxy-thorn");
            let body = json!({"on": on, "expected": 30, "services": ["northmoor-cjit", "lantern"]});
            assert_eq!(police.post("/v1/operations-days", body).purpose(STATUTORY).send().await.unwrap().status, 201);
        };
        announced(day(2)).await;
        announced(day(80)).await;
        assert_eq!(days(), 4);
        world.later(29).await;
        let days = || world.number("SELECT count(*) AS number FROM operations_day");
        assert_eq!(days(), 4, "past, and not for long");
        world.later(2).await;
        let days = || world.number("SELECT count(*) AS number FROM operations_day");
        for _ in 0..300 {
            if days() == 2 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("a day that is long past is still kept");
    }
}
