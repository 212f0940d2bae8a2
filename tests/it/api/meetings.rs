//! Cohort tags, and the pack of a meeting: each who attends reads what the person agreed that it may, and the others learn nothing.

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::joint::consents;
use super::results::Probation;
use crate::support::{World, on_both_stores};

const OM: Purpose = Purpose::OffenderManagement;
const PERSON: (&str, &str) = ("Demo", "Elder");

pub fn day(world: &World, days: i64) -> String {
    (world.journal.now() + jiff::SignedDuration::from_hours(24 * days)).strftime("%Y-%m-%d").to_string()
}

pub async fn post(worker: &Actor, about: Handle, what: &str, body: Value) -> Answer {
    worker.post(format!("/v1/clients/{about}/{what}"), body).about(about).purpose(OM).send().await.unwrap()
}

pub async fn tags(world: &World, of: &Probation, cohort: &str) -> Answer {
    let tag = json!({"cohort": cohort, "since": day(world, -1), "review_on": day(world, 60)});
    post(&of.worker, of.client, "cohort-tags", tag).await
}

/// The agency's pack for the day: what it calls each page and whom it is about.
async fn pack(worker: &Actor, on: &str) -> Vec<(String, Handle)> {
    let listed = worker.get(format!("/v1/meeting-pages?on={on}")).purpose(OM).send().await.unwrap();
    assert_eq!(listed.status, 200, "{}", listed.json);
    let line = |page: &Value| {
        let text = |member: &str| page[member].as_str().unwrap().to_owned();
        (format!("/v1/meeting-pages/{}", text("id")), text("client_ref").parse().unwrap())
    };
    listed.json["pages"].as_array().unwrap().iter().map(line).collect()
}

async fn read(worker: &Actor, (path, about): &(String, Handle)) -> Answer {
    worker.get(path).about(*about).purpose(OM).send().await.unwrap()
}

on_both_stores! {
    async fn who_is_tagged_is_for_its_own_agency_to_know(world: World) {
        let probation = Probation::of(&world, PERSON).await;
        assert_eq!(tags(&world, &probation, "priority-prolific").await.status, 201);
        let again = tags(&world, &probation, "priority-prolific").await;
        assert_eq!((again.status.as_u16(), again.problem()), (409, "invalid-transition"));
        let path = format!("/v1/clients/{}/cohort-tags", probation.client);
        let listed = probation.worker.get(&path).about(probation.client).purpose(OM).send().await.unwrap();
        assert_eq!((&listed.json["tags"][0]["cohort"], &listed.json["tags"][0]["live"]), (&json!("priority-prolific"), &json!(true)));

        // Police say who is a PPO, and not who is under an order; what probation said they do not see.
        let police = world.worker("northmoor-police", "proxy-thorn");
        let known = police.post("/v1/clients", crate::support::invented(PERSON.0, PERSON.1)).purpose(Purpose::CourtOrStatutory);
        let theirs = known.send().await.unwrap().handle("client_ref").unwrap();
        let path = format!("/v1/clients/{theirs}/cohort-tags");
        let seen = police.get(&path).about(theirs).purpose(OM).send().await.unwrap();
        assert_eq!((seen.status.as_u16(), &seen.json["tags"]), (200, &json!([])));
        let order = json!({"cohort": "drr", "since": day(&world, -1), "review_on": day(&world, 60)});
        let refused = post(&police, theirs, "cohort-tags", order).await;
        assert_eq!((refused.status.as_u16(), &refused.json["errors"][0]["path"]), (422, &json!("cohort")));
        // A treatment team tags nobody, and looks nobody up.
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let ours = world.client(&cjit, PERSON.0, PERSON.1).await;
        let tag = json!({"cohort": "priority-prolific", "since": day(&world, -1), "review_on": day(&world, 60)});
        assert_eq!(post(&cjit, ours, "cohort-tags", tag).await.status, 403);
        let asked = cjit.get(format!("/v1/clients/{ours}/cohort-tags")).about(ours).purpose(OM).send().await.unwrap();
        assert_eq!(asked.status, 403);

        let tag = &listed.json["tags"][0];
        let ending = format!("/v1/cohort-tags/{}/ending", tag["id"].as_str().unwrap());
        let end = async || {
            let ask = probation.worker.post(&ending, json!({})).about(probation.client).purpose(OM);
            ask.if_match(tag["etag"].as_str().unwrap()).send().await.unwrap().status.as_u16()
        };
        assert_eq!((end().await, end().await), (200, 412));
        assert_eq!(tags(&world, &probation, "priority-prolific").await.status, 201, "and may be said anew");
    }
}

on_both_stores! {
    async fn each_who_attends_reads_what_the_person_agreed_to_and_the_others_learn_of_no_page(world: World) {
        let probation = Probation::of(&world, PERSON).await;
        assert_eq!(tags(&world, &probation, "integrated-offender-management").await.status, 201);
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let ours = world.client(&cjit, PERSON.0, PERSON.1).await;
        let police = world.worker("northmoor-police", "proxy-thorn");
        let housing = world.worker("testhomes", "example-beech");
        let on = day(&world, 7);
        let page = json!({"meeting": "Northmoor offender management", "on": on,
            "attending": ["northmoor-cjit", "northmoor-police", "testhomes"],
            "says": {"offending": "On licence until spring.", "housing": "Sleeps at a friend's.", "risk": "None known."}});
        let nobody = post(&probation.worker, probation.client, "meeting-pages", page.clone()).await;
        assert_eq!((nobody.status.as_u16(), &nobody.json["errors"][0]["code"]), (409, &json!("consent-required")));

        let from = |to| ("northmoor-probation", to);
        let everything = json!(["identity", "offending", "housing", "risk", "care-plan"]);
        consents(&world, (&cjit, ours), from("northmoor-cjit"), ("offender-management", everything)).await;
        // She lets police know where she sleeps: policy does not, whatever she says.
        consents(&world, (&cjit, ours), from("northmoor-police"), ("offender-management", json!(["offending", "housing"]))).await;
        let written = post(&probation.worker, probation.client, "meeting-pages", page.clone()).await;
        assert_eq!((written.status.as_u16(), &written.json["told"]), (201, &json!(["northmoor-cjit", "northmoor-police"])), "{}", written.json);

        // Of a page that says only what is not for its kind of agency, an agency that attends is not told, whatever she agreed.
        let rough = json!({"meeting": "Northmoor offender management", "on": on, "attending": ["northmoor-police"],
            "says": {"housing": "Sleeps at a friend's."}});
        let nobody = post(&probation.worker, probation.client, "meeting-pages", rough).await;
        assert_eq!((nobody.status.as_u16(), &nobody.json["errors"][0]["code"]), (409, &json!("consent-required")));

        assert!(pack(&housing, &on).await.is_empty(), "nobody told Testhomes that she is spoken of");
        assert!(pack(&cjit, &day(&world, 8)).await.is_empty());
        let (team, officer) = (pack(&cjit, &on).await, pack(&police, &on).await);
        assert_eq!((team.len(), officer.len(), team[0].0 == officer[0].0), (1, 1, false));
        let seen = read(&cjit, &team[0]).await;
        assert_eq!((&seen.json["name"], &seen.json["cohorts"]), (&json!("Demo Elder"), &json!(["integrated-offender-management"])), "{}", seen.json);
        assert_eq!(seen.json["says"]["housing"], "Sleeps at a friend's.");
        let seen = read(&police, &officer[0]).await;
        assert_eq!((&seen.json["name"], &seen.json["says"]["offending"]), (&Value::Null, &json!("On licence until spring.")));
        assert_eq!((&seen.json["says"]["housing"], &seen.json["says"]["risk"]), (&Value::Null, &Value::Null));
        // On paper as on the screen: and each page that is read stands in the log by itself.
        let printed = police.get(&officer[0].0).about(officer[0].1).purpose(OM).with("Accept", "text/html").send().await.unwrap();
        let text = String::from_utf8(printed.bytes.clone()).unwrap();
        assert!(text.contains("On licence until spring.") && !text.contains("Sleeps") && printed.receipt.is_some());
        // Another's name for the page is nobody's, and it is read for this purpose alone.
        assert_eq!(read(&police, &(team[0].0.clone(), officer[0].1)).await.status, 404);
        let otherwise = cjit.get(&team[0].0).about(team[0].1).purpose(Purpose::ContinuityOfCare).send().await.unwrap();
        assert_eq!(otherwise.status, 403);

        let said = json!({"channel": "voice", "urgent_effects_confirmed": true});
        let back = cjit.post(format!("/v1/clients/{ours}/withdrawal"), said).about(ours).send().await.unwrap();
        assert!(back.status.is_success(), "{}", back.json);
        assert_eq!((read(&cjit, &team[0]).await.status.as_u16(), read(&police, &officer[0]).await.status.as_u16()), (404, 404));
        assert!(pack(&cjit, &on).await.is_empty() && pack(&police, &on).await.is_empty(), "nor are they in anybody's pack any more");
        let own = (written.header("location").to_owned(), probation.client);
        assert_eq!(read(&probation.worker, &own).await.json["says"]["risk"], "None known.");
    }
}

on_both_stores! {
    async fn a_page_says_what_is_for_its_agency_to_say(world: World) {
        let probation = Probation::of(&world, PERSON).await;
        let page = json!({"meeting": "Northmoor offender management", "on": day(&world, 7),
            "attending": ["northmoor-cjit"], "says": {"offending": "On licence."}});
        let with = |member: &str, value: Value| {
            let mut changed = page.clone();
            changed[member] = value;
            changed
        };
        for (body, status, path) in [
            (with("says", json!({"care_plan": "Detoxification."})), 422, "says"),
            (with("says", json!({})), 422, "says"),
            (with("says", json!({"sex_work": "x"})), 400, "says.sex_work"),
            (with("on", json!(day(&world, 40))), 422, "on"),
            (with("attending", json!(["lantern"])), 422, "attending"),
            (with("attending", json!(["northmoor-probation"])), 422, "attending"),
            (with("attending", json!([])), 400, "attending"),
        ] {
            let refused = post(&probation.worker, probation.client, "meeting-pages", body).await;
            assert_eq!((refused.status.as_u16(), &refused.json["errors"][0]["path"]), (status, &json!(path)), "{}", refused.json);
        }
        let lantern = world.worker("lantern", "ms-placeholder");
        let theirs = world.client(&lantern, PERSON.0, PERSON.1).await;
        assert_eq!(post(&lantern, theirs, "meeting-pages", page).await.status, 403, "a project has no part in it");
    }
}
