//! Whether somebody came: told to the team that placed the appointment as long as she agrees, and to probation for an order.

use diesel::QueryableByName;
use diesel::sql_types::Text;
use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::joint::{consents, tasks};
use super::results::Probation;
use crate::support::{World, on_both_stores, rows};

const PERSON: (&str, &str) = ("Trial", "Juniper");
const CARE: Purpose = Purpose::ContinuityOfCare;
const ORDER: Purpose = Purpose::OffenderManagement;

/// A treatment service, with a person who is its client.
struct Treatment {
    worker: Actor,
    client: Handle,
}

impl Treatment {
    async fn of(world: &World) -> Self {
        let worker = world.worker("eastvale-treatment", "dummy-fennel");
        let client = world.client(&worker, PERSON.0, PERSON.1).await;
        Self { worker, client }
    }

    async fn tells(&self, told: Value) -> Answer {
        let path = format!("/v1/clients/{}/attendance", self.client);
        self.worker.post(path, told).purpose(CARE).about(self.client).send().await.unwrap()
    }
}

async fn get(worker: &Actor, path: &str, purpose: Purpose) -> Answer {
    let about = path.rsplit('/').next().unwrap().parse().unwrap();
    worker.get(path).purpose(purpose).about(about).send().await.unwrap()
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// What an agency was told of attendance: the path of each.
fn heard(world: &World, agency: &str) -> Vec<String> {
    let sql = format!(
        "SELECT subject AS line FROM event WHERE kind = 'attendance.told' AND agency = '{agency}' ORDER BY place, ordinal"
    );
    rows::<Line>(&mut world.connection(), &sql).into_iter().map(|row| row.line).collect()
}

fn refused_field(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.json["errors"][0]["path"].as_str().unwrap_or_default())
}

on_both_stores! {
    async fn the_team_that_placed_it_hears_of_a_missed_appointment_while_she_agrees(world: World) {
        let treatment = Treatment::of(&world).await;
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let client = world.client(&cjit, PERSON.0, PERSON.1).await;
        let missed = json!({"agency": "northmoor-cjit", "appointment_at": "2026-01-05T10:30", "kept": "missed"});
        let without = treatment.tells(missed.clone()).await;
        assert_eq!((without.status.as_u16(), &without.json["errors"][0]["code"]), (409, &json!("consent-required")));
        let between = ("eastvale-treatment", "northmoor-cjit");
        consents(&world, (&cjit, client), between, ("continuity-of-care", json!(["attendance"]))).await;
        let told = treatment.tells(missed).await;
        assert_eq!(told.status, 201, "{}", told.json);

        let (kind, path) = tasks(&cjit, CARE).await.pop().unwrap();
        assert_eq!(kind, "see-to-missed-appointment");
        let read = get(&cjit, &path, CARE).await;
        let mut view = read.json.as_object().unwrap().clone();
        assert!(view.remove("told_at").is_some());
        assert_eq!(Value::Object(view), json!({
            "id": path.rsplit('/').next().unwrap(), "client_ref": client, "appointment_at": "2026-01-05T10:30",
            "kept": "missed", "from": "eastvale-treatment",
        }));
        let own = get(&treatment.worker, told.header("location"), CARE).await;
        assert_eq!((own.status.as_u16(), own.json["id"] == read.json["id"]), (200, false));
        // Who told it has nothing to see to.
        let (told_as, by_itself) = (own.json["id"].as_str().unwrap().parse().unwrap(), format!("{}/acknowledgement", told.header("location")));
        let itself = treatment.worker.post(by_itself, json!({})).purpose(CARE).about(told_as).send().await.unwrap();
        assert_eq!((itself.status.as_u16(), itself.problem(), tasks(&cjit, CARE).await.len()), (409, "invalid-transition", 1));
        let about = path.rsplit('/').next().unwrap().parse().unwrap();
        let seen = cjit.post(format!("{path}/acknowledgement"), json!({})).purpose(CARE).about(about).send().await.unwrap();
        assert_eq!(seen.status, 200, "{}", seen.json);
        assert!(tasks(&cjit, CARE).await.is_empty());

        // Whoever came leaves nothing to do.
        let kept = json!({"agency": "northmoor-cjit", "appointment_at": "2026-01-05T14:00", "kept": "kept"});
        assert_eq!(treatment.tells(kept).await.status, 201);
        assert_eq!((heard(&world, "northmoor-cjit").len(), tasks(&cjit, CARE).await.len()), (2, 0));

        // What she takes back leaves nobody with a task that leads nowhere.
        let early = json!({"agency": "northmoor-cjit", "appointment_at": "2026-01-06T10:30", "kept": "left-early"});
        assert_eq!(treatment.tells(early).await.status, 201);
        assert_eq!(tasks(&cjit, CARE).await.len(), 1);
        let said = json!({"channel": "voice", "urgent_effects_confirmed": true});
        let back = cjit.post(format!("/v1/clients/{client}/withdrawal"), said).about(client).send().await.unwrap();
        assert!(back.status.is_success(), "{}", back.json);
        assert_eq!(get(&cjit, &path, CARE).await.status, 404, "she has taken her consent back");
        assert!(tasks(&cjit, CARE).await.is_empty());
    }
}

on_both_stores! {
    async fn probation_hears_for_an_order_and_nobody_for_less(world: World) {
        let treatment = Treatment::of(&world).await;
        let probation = Probation::of(&world, PERSON).await;
        let missed = |agency: &str, order: Value| {
            json!({"agency": agency, "appointment_at": "2026-01-05T10:30", "kept": "left-early", "order": order})
        };
        for (agency, order, field) in [
            ("northmoor-probation", Value::Null, "order"),
            ("northmoor-cjit", json!("drr"), "order"),
            ("testhomes", Value::Null, "agency"),
            ("northmoor-police", json!("drr"), "agency"),
        ] {
            assert_eq!(refused_field(&treatment.tells(missed(agency, order)).await), (422, field), "{agency}");
        }
        let mut later = missed("northmoor-probation", json!("drr"));
        later["appointment_at"] = json!("2199-01-01T10:30");
        assert_eq!(refused_field(&treatment.tells(later).await), (422, "appointment_at"));
        let mut more = missed("northmoor-probation", json!("drr"));
        more["note"] = json!("Came drunk.");
        assert_eq!(treatment.tells(more).await.status, 400, "there is no place for words");

        assert_eq!(treatment.tells(missed("northmoor-probation", json!("drr"))).await.status, 201);
        let path = heard(&world, "northmoor-probation").pop().unwrap();
        let read = get(&probation.worker, &path, ORDER).await;
        assert_eq!((&read.json["kept"], &read.json["client_ref"]), (&json!("left-early"), &json!(probation.client)));
        assert_eq!(get(&probation.worker, &path, Purpose::Referral).await.status, 403, "for the order alone");
        assert!(tasks(&probation.worker, ORDER).await.is_empty());
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        assert_eq!(get(&cjit, &path, CARE).await.status, 404, "another's handle is nobody's");
    }
}
