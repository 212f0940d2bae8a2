//! Holding a line back from a person's account: by two workers, for a bounded time, and never for good.

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::ledger::entry::Field;
use throughgate::vocabulary::Purpose;

use super::erasure::{opened, read, text};
use super::subject_access::{CJIT, Desk, in_days, today, told};
use crate::support::{World, invented, on_both_stores};

const PROBATION: &str = "northmoor-probation";
const DAY: i64 = 24 * 3_600;

/// Probation, which looks into something about its client.
struct Probation {
    elm: Actor,
    officer: Actor,
    guardian: Actor,
    client_ref: Handle,
}

impl Probation {
    async fn of(world: &World, surname: &str) -> Self {
        let elm = world.worker(PROBATION, "trial-elm");
        let person = invented("Demo", surname);
        let presented =
            elm.post("/v1/clients", person).purpose(Purpose::OffenderManagement).send().await.unwrap();
        assert_eq!(presented.status, 201, "{}", presented.json);
        Self {
            client_ref: presented.handle("client_ref").unwrap(),
            elm,
            officer: world.worker(PROBATION, "trial-hornbeam"),
            guardian: world.worker(PROBATION, "trial-spindle"),
        }
    }

    async fn looks(&self) -> Answer {
        let path = format!("/v1/clients/{}", self.client_ref);
        let looked = self
            .elm
            .get(path)
            .about(self.client_ref)
            .purpose(Purpose::OffenderManagement)
            .send()
            .await
            .unwrap();
        assert_eq!(looked.status, 200, "{}", looked.json);
        looked
    }

    fn path(&self) -> String {
        format!("/v1/clients/{}/deferrals", self.client_ref)
    }

    async fn post(&self, actor: &Actor, path: String, body: Value, etag: Option<&str>) -> Answer {
        let ask = actor.post(path, body).about(self.client_ref).purpose(Purpose::CourtOrStatutory);
        match etag {
            Some(etag) => ask.if_match(etag).send().await.unwrap(),
            None => ask.send().await.unwrap(),
        }
    }

    async fn proposes(&self, world: &World, until_days: i64) -> Answer {
        let proposal = proposal(world, until_days);
        self.post(&self.officer, self.path(), proposal, None).await
    }

    async fn list(&self) -> Answer {
        let ask = self.officer.get(self.path()).about(self.client_ref);
        ask.purpose(Purpose::CourtOrStatutory).send().await.unwrap()
    }

    /// A step of a deferral, on the version that stands now.
    async fn acts(&self, actor: &Actor, deferral: &Answer, step: &str, body: Value) -> Answer {
        let id = deferral.handle("id").unwrap();
        let etag = self.list().await.etag().to_owned();
        self.post(actor, format!("/v1/deferrals/{id}/{step}"), body, Some(&etag)).await
    }

    async fn defers(&self, world: &World, until_days: i64) -> Answer {
        let proposed = self.proposes(world, until_days).await;
        assert_eq!(proposed.status, 201, "{}", proposed.json);
        let approved = self.acts(&self.guardian, &proposed, "approval", json!({})).await;
        assert_eq!(approved.status, 200, "{}", approved.json);
        proposed
    }
}

fn proposal(world: &World, until_days: i64) -> Value {
    json!({
        "ground": "crime", "reason": "operation zzyzx", "purposes": ["offender-management"],
        "since": today(world), "until": in_days(world, until_days),
    })
}

/// How many lines of probation she is told of at her team, and at probation itself.
async fn lines_of_probation(world: &World, desk: &Desk, probation: &Probation) -> (usize, usize) {
    let count =
        |lines: &[Value]| told(lines).iter().filter(|(agency, ..)| agency == "Northmoor Probation").count();
    let lines = desk.tells(world).await;
    assert!(!Value::from(lines.clone()).to_string().contains("zzyzx"), "the reason is the log's");
    let path = format!("/v1/clients/{}/disclosures", probation.client_ref);
    let own = probation
        .elm
        .get(path)
        .about(probation.client_ref)
        .purpose(Purpose::OffenderManagement)
        .send()
        .await
        .unwrap();
    assert_eq!(own.status, 200, "{}", own.json);
    (count(&lines), own.json["disclosures"].as_array().unwrap().len())
}

on_both_stores! {
    async fn lines_wait_while_two_workers_say_so_and_come_by_themselves(world: World) {
        let rowan = world.worker(CJIT, "testa-rowan");
        let desk = Desk::of(&world, CJIT, world.client(&rowan, "Demo", "Elder").await);
        read(&rowan, desk.client_ref).await;
        let probation = Probation::of(&world, "Elder").await;
        probation.looks().await;
        // Each look at probation's own account is a line of it, too.
        assert_eq!(lines_of_probation(&world, &desk, &probation).await, (2, 2));

        let proposed = probation.proposes(&world, 2).await;
        assert_eq!(proposed.status, 201, "{}", proposed.json);
        let (before, _) = lines_of_probation(&world, &desk, &probation).await;
        assert_eq!(before, 3, "one worker holds nothing back, and the proposal itself does not show");
        let approved = probation.acts(&probation.guardian, &proposed, "approval", json!({})).await;
        assert_eq!(approved.status, 200, "{}", approved.json);
        let looked = probation.looks().await;
        let hidden = lines_of_probation(&world, &desk, &probation).await;
        assert_eq!(hidden, (0, 0));
        assert_eq!(probation.list().await.json["deferrals"][0]["state"], "in-force");
        let team: Vec<Value> = desk.tells(&world).await;
        assert!(told(&team).iter().all(|(agency, ..)| agency == "Northmoor Criminal Justice Integrated Team"));

        // Both approvals are on record, and so is that the entry had to wait.
        let (_, openings) = opened(&world, &proposed).await;
        assert_eq!((text(&openings, Field::Worker), text(&openings, Field::ReasonText)), ("trial-hornbeam", "operation zzyzx"));
        assert_eq!((text(&openings, Field::StatuteRef), text(&openings, Field::Visibility)), ("DPA 2018 Sch. 2 para. 2", "deferred"));
        let (_, openings) = opened(&world, &approved).await;
        assert_eq!((text(&openings, Field::Worker), text(&openings, Field::Role)), ("trial-spindle", "caldicott-guardian"));
        let (_, openings) = opened(&world, &looked).await;
        assert!(text(&openings, Field::Visibility).starts_with("deferred 20"), "{}", text(&openings, Field::Visibility));

        // Its last day passes, and all of it stands there, the deferral itself included.
        world.clock.advance(3 * DAY);
        assert_eq!(probation.list().await.json["deferrals"][0]["state"], "ended");
        let lines = desk.tells(&world).await;
        let (procedure, acts): (Vec<_>, Vec<_>) = told(&lines)
            .into_iter()
            .filter(|(agency, ..)| agency == "Northmoor Probation")
            .partition(|(_, what, _)| what.contains("had to wait"));
        assert!(procedure.len() >= 5 && acts.len() >= 6, "{procedure:?} {acts:?}");

        // To go on it must be proposed and approved again.
        let again = probation.proposes(&world, 5).await;
        assert!(lines_of_probation(&world, &desk, &probation).await.0 >= 6);
        let approved = probation.acts(&probation.guardian, &again, "approval", json!({})).await;
        assert_eq!(approved.status, 200, "{}", approved.json);
        // What was done before the day that it names is not held back a second time.
        let held_again = lines_of_probation(&world, &desk, &probation).await.0;
        assert!((6..acts.len() + 1).contains(&held_again), "{held_again}");
        let lifted = probation.acts(&probation.guardian, &again, "lifting", json!({"reason": "the operation is over"})).await;
        assert_eq!(lifted.status, 200, "{}", lifted.json);
        assert!(lines_of_probation(&world, &desk, &probation).await.0 > held_again);
    }
}

on_both_stores! {
    async fn a_deferral_needs_two_workers_in_two_roles_an_end_and_a_purpose_that_is_not_care(world: World) {
        let probation = Probation::of(&world, "Elder").await;
        let refused = async |change: fn(&mut Value)| {
            let mut body = proposal(&world, 10);
            change(&mut body);
            let answer = probation.post(&probation.officer, probation.path(), body, None).await;
            (answer.status.as_u16(), answer.json["errors"][0]["path"].as_str().unwrap_or_default().to_owned())
        };
        assert_eq!(refused(|body| { body.as_object_mut().unwrap().remove("until"); }).await, (400, "until".into()));
        assert_eq!(refused(|body| body["until"] = json!("2099-01-01")).await, (422, "until".into()));
        assert_eq!(refused(|body| body["since"] = json!("2020-01-01")).await, (422, "since".into()));
        assert_eq!(refused(|body| body["purposes"] = json!(["treatment"])).await, (400, "purposes".into()));
        assert_eq!(refused(|body| body["ground"] = json!("embarrassing")).await, (400, "ground".into()));

        for actor in [&probation.elm, &probation.guardian] {
            let answer = probation.post(actor, probation.path(), proposal(&world, 10), None).await;
            assert_eq!((answer.status.as_u16(), answer.problem()), (403, "purpose-not-permitted"));
        }
        let proposed = probation.proposes(&world, 10).await;
        let id = proposed.handle("id").unwrap();
        let approval = format!("/v1/deferrals/{id}/approval");
        assert_eq!(probation.acts(&probation.officer, &proposed, "approval", json!({})).await.status, 403);
        assert_eq!(probation.post(&probation.guardian, approval.clone(), json!({}), None).await.problem(), "precondition-required");
        assert_eq!(probation.post(&probation.guardian, approval, json!({}), Some("\"other\"")).await.problem(), "version-conflict");

        // The officer herself, with the guardian's role on her token.
        let file = world.dir.join("agencies").join(PROBATION).join("agency.toml");
        let roles = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, roles.replace("privacy-officer", "caldicott-guardian")).unwrap();
        let both = world.worker(PROBATION, "trial-hornbeam");
        std::fs::write(&file, roles).unwrap();
        let alone = probation.acts(&both, &proposed, "approval", json!({})).await;
        assert_eq!((alone.status.as_u16(), alone.problem()), (409, "invalid-transition"), "{}", alone.json);
        assert_eq!(alone.json["errors"][0]["code"], "second-approver");
        assert_eq!(probation.acts(&probation.guardian, &proposed, "approval", json!({})).await.status, 200);
        let twice = probation.acts(&probation.guardian, &proposed, "approval", json!({})).await;
        assert_eq!((twice.status.as_u16(), twice.problem()), (409, "invalid-transition"));

        // A proposal that nobody approves in time is none.
        let forgotten = probation.proposes(&world, 1).await;
        world.clock.advance(3 * DAY);
        assert_eq!(probation.acts(&probation.guardian, &forgotten, "approval", json!({})).await.problem(), "invalid-transition");
        let states: Vec<String> = probation.list().await.json["deferrals"].as_array().unwrap()
            .iter().map(|each| each["state"].as_str().unwrap().to_owned()).collect();
        assert_eq!(states, ["in-force", "lapsed"]);
    }
}

on_both_stores! {
    async fn nobody_else_learns_that_there_is_a_deferral_and_none_covers_what_others_did(world: World) {
        let rowan = world.worker(CJIT, "testa-rowan");
        let desk = Desk::of(&world, CJIT, world.client(&rowan, "Demo", "Elder").await);
        let before = told(&desk.tells(&world).await);
        let probation = Probation::of(&world, "Elder").await;
        let deferral = probation.defers(&world, 10).await;
        probation.looks().await;
        let after = told(&desk.tells(&world).await);
        assert_eq!(after[..before.len()], before[..]);
        // The first reading and the second request: nothing of probation, whose presentation was deferred with the rest.
        assert_eq!(after.len(), before.len() + 2, "{after:?}");

        let id = deferral.handle("id").unwrap();
        let juniper = world.worker(CJIT, "sample-juniper");
        let theirs = juniper.post(format!("/v1/deferrals/{id}/lifting"), json!({"reason": "x"})).about(desk.client_ref)
            .purpose(Purpose::CourtOrStatutory).if_match("\"x\"").send().await.unwrap();
        assert_eq!((theirs.status.as_u16(), theirs.problem()), (404, "not-found-or-not-permitted"));
        let listed = juniper.get(format!("/v1/clients/{}/deferrals", desk.client_ref)).about(desk.client_ref)
            .purpose(Purpose::CourtOrStatutory).send().await.unwrap();
        assert_eq!((listed.status.as_u16(), &listed.json["deferrals"]), (200, &json!([])));
    }
}
