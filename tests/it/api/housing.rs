//! Housing: the six items and nothing else, risks before a move, and an eviction that is held back.

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::joint::{consents, tasks};
use crate::support::{World, on_both_stores};

pub const HOUSING: Purpose = Purpose::HousingSupport;
pub const PERSON: (&str, &str) = ("Trial", "Juniper");

/// What a landlord may be told.
pub fn six_items(world: &World) -> Value {
    let today = world.journal.now().strftime("%Y-%m-%d").to_string();
    json!({
        "housing_history": "Two years in a shared house.", "independent_living_skills": "Cooks and budgets.",
        "vacancy_suitability": "Near the clinic.", "support_needs": {"needs": "A weekly visit.", "from_day_one": true},
        "team_support": "A case manager, seen weekly.", "risks": {"risks": "Debt to a former landlord.", "agreed_on": today},
    })
}

/// A worker with the handle under which the token is issued.
#[derive(Clone)]
pub struct Desk {
    pub worker: Actor,
    pub about: Handle,
    pub path: String,
}

impl Desk {
    /// The CJIT, with a client of its own.
    pub async fn cjit(world: &World) -> Self {
        let worker = world.worker("northmoor-cjit", "testa-rowan");
        let about = world.client(&worker, PERSON.0, PERSON.1).await;
        Self { worker, about, path: format!("/v1/clients/{about}") }
    }

    /// The landlord, who knows of what it was told by the name in its task or its event.
    pub fn testhomes(world: &World, path: &str) -> Self {
        let about = path.rsplit('/').next().unwrap().parse().unwrap();
        Self { worker: world.worker("testhomes", "example-beech"), about, path: path.to_owned() }
    }

    pub async fn agrees(&self, world: &World, segments: Value) -> Handle {
        let terms = ("housing-support", segments);
        consents(world, (&self.worker, self.about), ("northmoor-cjit", "testhomes"), terms).await
    }

    pub async fn get(&self) -> Answer {
        self.worker.get(&self.path).purpose(HOUSING).about(self.about).send().await.unwrap()
    }

    pub async fn read(&self) -> Value {
        let answer = self.get().await;
        assert_eq!(answer.status, 200, "{}", answer.json);
        answer.json
    }

    pub async fn post(&self, what: &str, body: Value) -> Answer {
        let ask = self.worker.post(format!("{}/{what}", self.path), body).purpose(HOUSING);
        ask.about(self.about).send().await.unwrap()
    }

    /// Does it on the version that is there.
    pub async fn act(&self, what: &str, body: Value) -> Answer {
        let etag = self.read().await["etag"].as_str().unwrap().to_owned();
        let ask = self.worker.post(format!("{}/{what}", self.path), body).purpose(HOUSING);
        ask.about(self.about).if_match(etag).send().await.unwrap()
    }

    pub async fn acts(&self, what: &str, body: Value) {
        let answer = self.act(what, body).await;
        assert_eq!(answer.status, 200, "{what}: {}", answer.json);
    }

    /// Makes something new under the client, and answers the desk at it.
    pub async fn makes(&self, what: &str, body: Value) -> Self {
        let answer = self.post(what, body).await;
        assert_eq!(answer.status, 201, "{}", answer.json);
        Self { path: answer.header("location").to_owned(), ..self.clone() }
    }

    /// The CJIT takes all consents of the person back, as she says by voice.
    pub async fn takes_back(&self) {
        let path = format!("/v1/clients/{}/withdrawal", self.about);
        let said = json!({"channel": "voice", "urgent_effects_confirmed": true});
        let answer = self.worker.post(path, said).about(self.about).send().await.unwrap();
        assert!(answer.status.is_success(), "{}", answer.json);
    }
}

/// Both sides of a referral to Testhomes.
pub async fn referred(world: &World) -> (Desk, Desk) {
    let cjit = Desk::cjit(world).await;
    cjit.agrees(world, json!(["housing", "risk"])).await;
    let body = json!({"provider": "testhomes", "items": six_items(world)});
    let sent = cjit.makes("housing-referrals", body).await;
    let landlord = world.worker("testhomes", "example-beech");
    let (kind, path) = tasks(&landlord, HOUSING).await.pop().unwrap();
    assert_eq!(kind, "answer-housing-referral");
    (sent, Desk::testhomes(world, &path))
}

fn conflict(answer: &Answer) -> (u16, &str, Option<&str>) {
    (answer.status.as_u16(), answer.problem(), answer.json["errors"][0]["code"].as_str())
}

on_both_stores! {
    async fn the_six_items_and_nothing_else(world: World) {
        let cjit = Desk::cjit(&world).await;
        let body = json!({"provider": "testhomes", "items": six_items(&world)});
        let without = cjit.post("housing-referrals", body.clone()).await;
        assert_eq!(conflict(&without), (409, "invalid-transition", Some("consent-required")));
        // Consent for the housing part alone is not consent for the risks.
        cjit.agrees(&world, json!(["housing"])).await;
        assert_eq!(cjit.post("housing-referrals", body.clone()).await.status, 409);
        cjit.agrees(&world, json!(["risk"])).await;
        for place in ["", "/items", "/items/support_needs", "/items/risks"] {
            let mut more = body.clone();
            more.pointer_mut(place).unwrap()["drug_use"] = json!("CANARY heroin daily");
            let refused = cjit.post("housing-referrals", more).await;
            assert_eq!((refused.status.as_u16(), refused.problem()), (400, "malformed-request"), "{place}");
            assert_eq!(refused.json["errors"][0]["code"], "unknown-member");
            assert!(!String::from_utf8_lossy(&refused.bytes).contains("CANARY"), "what was sent is not repeated");
        }
        let mut less = body.clone();
        less["items"].as_object_mut().unwrap().remove("team_support");
        assert_eq!(cjit.post("housing-referrals", less).await.json["errors"][0]["code"], "missing");
        let elsewhere = json!({"provider": "eastvale-treatment", "items": six_items(&world)});
        assert_eq!(cjit.post("housing-referrals", elsewhere).await.status, 422);
        assert_eq!(cjit.post("housing-referrals", body).await.status, 201);
    }
}

on_both_stores! {
    async fn the_landlord_reads_them_while_she_agrees_and_risks_pass_before_the_move(world: World) {
        let (cjit, testhomes) = referred(&world).await;
        let seen = testhomes.read().await;
        assert_eq!((&seen["housing_history"], &seen["risks"]["risks"]), (&json!("Two years in a shared house."), &json!("Debt to a former landlord.")));
        assert_eq!(seen["possible"], json!(["agree-placement", "decline"]));
        assert_ne!(seen["id"], cjit.read().await["id"]);

        // Before a placement is agreed nobody tells of risks; after that both do, until the move.
        let risk = json!({"risk": {"risk": "The neighbour deals.", "management_plan": "Another floor."}});
        assert_eq!(testhomes.act("tell-risk", risk.clone()).await.status, 409);
        let past = testhomes.act("agree-placement", json!({"move_in_on": "2001-01-01"})).await;
        assert_eq!(conflict(&past), (422, "unprocessable-document", Some("rule")));
        assert_eq!(cjit.act("agree-placement", json!({"move_in_on": "2099-01-05"})).await.status, 409, "not for the sender to say");
        let move_in = (world.journal.now() + jiff::SignedDuration::from_hours(48)).strftime("%Y-%m-%d").to_string();
        testhomes.acts("agree-placement", json!({"move_in_on": move_in})).await;
        testhomes.acts("tell-risk", risk.clone()).await;
        cjit.acts("tell-risk", json!({"risk": {"risk": "Relapse.", "management_plan": "Daily calls."}})).await;
        let told = cjit.read().await["told_before_move"].clone();
        assert_eq!(told[0]["from"], "testhomes");
        assert_eq!(told[1], json!({"from": "northmoor-cjit", "told": {"risk": "Relapse.", "management_plan": "Daily calls."}}));
        assert!(tasks(&testhomes.worker, HOUSING).await.is_empty(), "it has answered");
        world.clock.advance(4 * 86_400);
        assert_eq!(cjit.act("tell-risk", risk).await.status, 409, "she has moved in");

        // She takes her consent back: the landlord reads nothing any more, the team still its own.
        Desk { ..cjit.clone() }.takes_back().await;
        assert_eq!(testhomes.get().await.status, 404);
        assert_eq!(cjit.get().await.status, 200);
    }
}

on_both_stores! {
    async fn a_hold_is_answered_yes_or_no_while_it_and_her_consent_stand(world: World) {
        let cjit = Desk::cjit(&world).await;
        let held = json!({"provider": "testhomes", "attending": "yes"});
        assert_eq!(conflict(&cjit.post("eviction-holds", held.clone()).await), (409, "invalid-transition", Some("consent-required")));
        cjit.agrees(&world, json!(["attendance"])).await;
        let hold = cjit.makes("eviction-holds", held.clone()).await;
        let testhomes = at_the_landlord(&world).await;
        let answer = testhomes.read().await;
        assert_eq!(answer["attending"], "yes");
        let members: Vec<_> = answer.as_object().unwrap().keys().cloned().collect();
        assert_eq!(members, ["id", "etag", "client_ref", "attending"], "and nothing else");
        // A landlord says nothing of who attends.
        let said = testhomes.act("attestations", json!({"attending": "no"})).await;
        assert_eq!((said.status.as_u16(), said.problem()), (403, "purpose-not-permitted"));

        assert_eq!(tasks(&cjit.worker, Purpose::ContinuityOfCare).await.len(), 1, "to be said again");
        hold.acts("attestations", json!({"attending": "no"})).await;
        assert_eq!(testhomes.read().await["attending"], "no");
        assert_eq!(tasks(&cjit.worker, Purpose::ContinuityOfCare).await.len(), 1, "and again");

        hold.acts("ending", json!({})).await;
        assert_eq!((testhomes.get().await.status.as_u16(), hold.get().await.status.as_u16()), (404, 404));
        assert!(tasks(&cjit.worker, Purpose::ContinuityOfCare).await.is_empty());

        // Another one, and she takes her consent back.
        cjit.makes("eviction-holds", held).await;
        let testhomes = at_the_landlord(&world).await;
        assert_eq!(testhomes.read().await["attending"], "yes");
        cjit.takes_back().await;
        assert_eq!((testhomes.get().await.status.as_u16(), testhomes.get().await.problem()), (404, "not-found-or-not-permitted"));
    }
}

/// The landlord at the hold of which it was told last.
pub async fn at_the_landlord(world: &World) -> Desk {
    #[derive(diesel::QueryableByName)]
    struct Line {
        #[diesel(sql_type = diesel::sql_types::Text)]
        subject: String,
    }
    let told = crate::support::rows::<Line>(
        &mut world.connection(),
        "SELECT subject FROM event WHERE kind = 'eviction-hold.changed' AND agency = 'testhomes' ORDER BY place, ordinal",
    );
    Desk::testhomes(world, &told.last().unwrap().subject)
}

/// What an agency's privacy officer is told stands against erasing the person.
pub async fn open_matters(world: &World, client_ref: Handle) -> Value {
    let privacy = world.worker("northmoor-cjit", "sample-juniper");
    let ask = privacy.get(format!("/v1/clients/{client_ref}/holds")).purpose(Purpose::SubjectAccess);
    let answer = ask.about(client_ref).send().await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.json);
    answer.json["open_matters"].clone()
}

on_both_stores! {
    async fn what_a_landlord_waits_for_stands_against_an_erasure(world: World) {
        let cjit = Desk::cjit(&world).await;
        for segment in ["housing", "risk", "attendance"] {
            cjit.agrees(&world, json!([segment])).await;
        }
        assert_eq!(open_matters(&world, cjit.about).await, json!([]));
        let sent = cjit.makes("housing-referrals", json!({"provider": "testhomes", "items": six_items(&world)})).await;
        let hold = cjit.makes("eviction-holds", json!({"provider": "testhomes", "attending": "yes"})).await;
        assert_eq!(open_matters(&world, cjit.about).await, json!(["housing-referral-open", "eviction-held-back"]));
        sent.acts("withdraw", json!({})).await;
        hold.acts("ending", json!({})).await;
        assert_eq!(open_matters(&world, cjit.about).await, json!([]));
    }
}
