//! An assessment in two parts, with two key workers and one plan: a landlord never reads what the person needs of treatment.

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::joint::{consents, tasks};
use crate::support::{World, on_both_stores};

const HOUSING: Purpose = Purpose::HousingSupport;

/// One side of a joint assessment.
struct Side {
    worker: Actor,
    about: Handle,
    path: String,
}

impl Side {
    async fn get(&self) -> Answer {
        self.worker.get(&self.path).about(self.about).purpose(HOUSING).send().await.unwrap()
    }

    async fn act(&self, what: &str, body: Value) -> Answer {
        let etag = self.get().await.etag().to_owned();
        let path = format!("{}/{what}", self.path);
        self.worker.post(path, body).about(self.about).purpose(HOUSING).if_match(etag).send().await.unwrap()
    }
}

pub async fn begins(worker: &Actor, client: Handle, provider: &str) -> Answer {
    let path = format!("/v1/clients/{client}/joint-assessments");
    worker.post(path, json!({"provider": provider})).about(client).purpose(HOUSING).send().await.unwrap()
}

fn part(text: &str, worker: &str) -> Value {
    json!({"text": text, "key_worker": worker})
}

on_both_stores! {
    async fn two_write_one_assessment_and_each_reads_its_own_of_it(world: World) {
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let client = world.client(&cjit, "Trial", "Juniper").await;
        let refused = begins(&cjit, client, "testhomes").await;
        assert_eq!((refused.status.as_u16(), &refused.json["errors"][0]["code"]), (409, &json!("consent-required")));
        assert_eq!(begins(&cjit, client, "lantern").await.status, 422);
        let between = ("northmoor-cjit", "testhomes");
        consents(&world, (&cjit, client), between, ("housing-support", json!(["housing"]))).await;
        let begun = begins(&cjit, client, "testhomes").await;
        assert_eq!(begun.status, 201, "{}", begun.json);
        let service = Side { worker: cjit, about: client, path: begun.header("location").to_owned() };
        let landlord = world.worker("testhomes", "example-beech");
        let (kind, path) = tasks(&landlord, HOUSING).await.pop().unwrap();
        assert_eq!((kind.as_str(), path == service.path), ("write-assessment-part", false));
        let landlord = Side { worker: landlord, about: path.rsplit('/').next().unwrap().parse().unwrap(), path };

        let plan = json!({"lines": [{"about": "housing", "goal": "keep the tenancy"}, {"about": "health", "goal": "see the nurse"}],
            "agreed_on": world.journal.now().strftime("%Y-%m-%d").to_string()});
        assert_eq!(service.act("plan", plan.clone()).await.status, 409, "the parts come first");
        let stranger = service.act("part", part("Uses crack on most days.", "example-beech")).await;
        assert_eq!((stranger.status.as_u16(), &stranger.json["errors"][0]["path"]), (422, &json!("key_worker")));
        assert_eq!(service.act("part", part("Uses crack on most days.", "testa-rowan")).await.status, 200);
        assert_eq!(service.act("part", part("again", "testa-rowan")).await.status, 409);
        assert_eq!(landlord.act("part", part("Pays by standing order.", "example-beech")).await.status, 200);
        assert!(tasks(&landlord.worker, HOUSING).await.is_empty());
        assert_eq!(landlord.act("plan", plan.clone()).await.status, 409, "the service keeps the plan");
        assert_eq!(service.act("plan", plan).await.status, 200);

        let seen = landlord.get().await;
        assert_eq!((&seen.json["need"], &seen.json["tenancy"]), (&Value::Null, &json!("Pays by standing order.")));
        assert_eq!(seen.json["plan"], json!([{"about": "housing", "goal": "keep the tenancy"}]));
        assert_eq!((&seen.json["state"], &seen.json["service_key_worker"]), (&json!("planned"), &json!("testa-rowan")));
        let whole = service.get().await;
        assert_eq!((&whole.json["need"], whole.json["plan"].as_array().unwrap().len()), (&json!("Uses crack on most days."), 2));
        assert_eq!(service.worker.get(&landlord.path).about(client).purpose(HOUSING).send().await.unwrap().status, 404);
    }
}

on_both_stores! {
    async fn what_she_takes_back_ends_it_for_the_landlord_and_leaves_no_task(world: World) {
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let client = world.client(&cjit, "Trial", "Juniper").await;
        let between = ("northmoor-cjit", "testhomes");
        consents(&world, (&cjit, client), between, ("housing-support", json!(["housing"]))).await;
        assert_eq!(begins(&cjit, client, "testhomes").await.status, 201);
        let landlord = world.worker("testhomes", "example-beech");
        let (_, path) = tasks(&landlord, HOUSING).await.pop().unwrap();
        let about = path.rsplit('/').next().unwrap().parse().unwrap();
        let said = json!({"channel": "voice", "urgent_effects_confirmed": true});
        let back = cjit.post(format!("/v1/clients/{client}/withdrawal"), said).about(client).send().await.unwrap();
        assert!(back.status.is_success(), "{}", back.json);
        assert!(tasks(&landlord, HOUSING).await.is_empty());
        assert_eq!(landlord.get(&path).about(about).purpose(HOUSING).send().await.unwrap().status, 404);
    }
}
