//! A follow-up that a project holds for the team on which the duty lies: by her consent, with nothing but attendance back, and without a
//! trace for the police or for another team.

use serde_json::{Value, json};
use throughgate::demo::actor::Answer;

use super::{Case, Desk, STATUTORY, codes, minute, notice, required};
use crate::api::caseload_life::{kinds, tasks};
use crate::api::joint::Side;
use crate::support::{World, on_both_stores};

const PERSON: (&str, &str) = ("Demo", "Elder");
const DROP_IN: &str = "3 Lantern Yard, Northmoor";
const BOTH: [&str; 2] = ["northmoor-cjit", "lantern"];

/// One side of the delegated follow-up, for the purpose of her care.
#[derive(Clone)]
struct Party(Side);

impl Party {
    async fn get(&self) -> Answer {
        self.0.worker.get(&self.0.path).about(self.0.about).send().await.unwrap()
    }

    async fn act(&self, what: &str, body: Value) -> Answer {
        let etag = self.get().await.json["etag"].as_str().unwrap_or("\"none\"").to_owned();
        let ask = self.0.worker.post(format!("{}/{what}", self.0.path), body).about(self.0.about);
        ask.if_match(etag).send().await.unwrap()
    }
}

fn follow_up(world: &World, minutes: i64) -> Value {
    json!({"appointment": "follow-up", "at": minute(world, minutes), "place": DROP_IN})
}

/// She was assessed, and is to come to a follow-up at the drop-in in an hour: the police's side and the team's.
pub async fn follow_up_booked(world: &World) -> (Case, Case) {
    follow_up_booked_for(world, PERSON).await
}

/// The same of somebody else.
pub async fn follow_up_booked_for(world: &World, person: (&str, &str)) -> (Case, Case) {
    let (police, team) = required(world, person, &minute(world, 10)).await;
    world.clock.advance(20 * 60);
    team.acts("appointments", follow_up(world, 60)).await;
    team.acts("notices", notice(world, "follow-up")).await;
    let attended = json!({"appointment": "initial", "outcome": "attended-and-remained", "at": minute(world, 0), "follow_up": "needed"});
    team.acts("outcomes", attended).await;
    (police, team)
}

pub async fn delegate(team: &Case, project: &str) -> Answer {
    let etag = team.read().await["etag"].as_str().unwrap().to_owned();
    let ask = team.desk.worker.post(format!("{}/delegations", team.path), json!({"project": project}));
    ask.about(team.desk.client_ref).if_match(etag).send().await.unwrap()
}

/// She names Lantern and agrees, and the team delegates: the team's side and Lantern's, which knows it by the name in its task.
async fn delegated(world: &World, team: &Case) -> (Party, Party) {
    team.desk
        .consents(world, &BOTH, &BOTH, "continuity-of-care", json!(["identity", "contact", "attendance"]))
        .await;
    let answer = delegate(team, "lantern").await;
    assert_eq!(answer.status, 201, "{}", answer.json);
    let path = answer.header("location").to_owned();
    let ours = Side { worker: team.desk.worker.clone(), about: team.desk.client_ref, path };
    let worker = world.worker("lantern", "ms-placeholder");
    let task = tasks(&worker, "agency").await.pop().unwrap();
    assert_eq!(task["kind"], "hold-follow-up");
    let path = task["subject"].as_str().unwrap().to_owned();
    let about = path.rsplit('/').next().unwrap().parse().unwrap();
    (Party(ours), Party(Side { worker, about, path }))
}

fn told(world: &World, attendance: &str) -> Value {
    json!({"attendance": attendance, "at": minute(world, 0)})
}

on_both_stores! {
    async fn a_project_holds_the_follow_up_and_only_attendance_comes_back(world: World) {
        let (police, team) = follow_up_booked(&world).await;
        let spoc = world.worker("northmoor-cjit", "duty-spoc");
        let before = (police.read().await, police.attended().await);
        // Without her consent, to both of them, nobody is told.
        let unagreed = delegate(&team, "lantern").await;
        assert_eq!((unagreed.status.as_u16(), codes(&unagreed)), (409, vec!["consent-required".to_owned()]));
        let one_way = json!(["identity", "contact", "attendance"]);
        team.desk.consents(&world, &BOTH[..1], &BOTH[1..], "continuity-of-care", one_way).await;
        let unagreed = delegate(&team, "lantern").await;
        assert_eq!(codes(&unagreed), ["consent-required"]);
        let no_project = delegate(&team, "eastvale-treatment").await;
        assert_eq!((no_project.status.as_u16(), &no_project.json["errors"][0]["path"]), (422, &json!("project")));

        let (ours, theirs) = delegated(&world, &team).await;
        let twice = delegate(&team, "lantern").await;
        assert_eq!(codes(&twice), ["already-delegated"]);
        let shown = theirs.get().await;
        assert_eq!(shown.status, 200, "{}", shown.json);
        assert_eq!(shown.json["person"]["names"][0]["surname"], "Elder");
        assert_eq!((&shown.json["place"], &shown.json["state"]), (&json!(DROP_IN), &json!("awaited")));
        assert_eq!(ours.get().await.json["state"], "awaited");
        assert_eq!(kinds(&spoc).await, ["hold-follow-up"], "the duty stays the team's");

        let early = theirs.act("attendance", json!({"attendance": "did-not-attend", "at": minute(&world, 0)})).await;
        assert_eq!((early.status.as_u16(), &early.json["errors"][0]["path"]), (422, &json!("at")));
        world.clock.advance(90 * 60);
        let answer = theirs.act("attendance", told(&world, "left-early")).await;
        assert_eq!(answer.status, 200, "{}", answer.json);
        assert_eq!(kinds(&theirs.0.worker).await, [""; 0]);
        assert_eq!(codes(&theirs.act("attendance", told(&world, "attended-and-remained")).await), ["told"]);
        let back = ours.get().await.json;
        assert_eq!((&back["state"], &back["attendance"]), (&json!("told"), &json!("left-early")));
        assert_eq!(back.get("person"), None, "the team knows who she is");
        assert_eq!(kinds(&spoc).await, ["hold-follow-up", "record-attendance"]);

        // So far the police have heard of nothing; not even their version has moved.
        assert_eq!((police.read().await, police.attended().await), before);
        // The team tries to engage her, and records it: that is its duty, and what police are told.
        team.acts("outcomes", json!({"appointment": "follow-up", "outcome": "left-early", "at": minute(&world, 0), "engagement": "call"})).await;
        assert_eq!(kinds(&spoc).await, [""; 0]);
        assert_eq!(police.attended().await[1], ("follow-up".to_owned(), "failed-to-remain".to_owned()));
    }
}

on_both_stores! {
    async fn neither_the_police_nor_another_team_find_a_trace_of_it(world: World) {
        let (police, team) = follow_up_booked(&world).await;
        // Another team was to hold it before, and is a side of the assessment since.
        let mut elsewhere = follow_up(&world, 60);
        (elsewhere["agency"], elsewhere["place"]) = (json!("eastvale-cjit"), json!("9 Weir Street, Eastvale"));
        team.acts("appointments", elsewhere).await;
        let eastvale = Desk::at(&world, "eastvale-cjit", "sample-linden", PERSON).await.case().await;
        assert_eq!(eastvale.read().await["appointments"][2]["place"], "9 Weir Street, Eastvale");
        team.acts("appointments", follow_up(&world, 90)).await;
        let moved = eastvale.read().await;
        let (ours, theirs) = delegated(&world, &team).await;
        assert_eq!(eastvale.read().await, moved, "delegated or not, it looks the same");

        let events = |agency: &str| world.number(&format!(
            "SELECT count(*) AS number FROM event WHERE agency = '{agency}' AND kind = 'delegation.changed'"));
        for case in [&police, &eastvale] {
            let seen = [case.read().await.to_string(), case.attendance().await.json.to_string()].concat();
            for word in ["antern", "delegat", DROP_IN] {
                assert!(!seen.contains(word), "{word}: {seen}");
            }
            for path in [&ours.0.path, &theirs.0.path] {
                let answer = case.desk.worker.get(path).about(case.desk.client_ref).send().await.unwrap();
                let expected = if case.desk.worker.agency() == "northmoor-police" { 403 } else { 404 };
                assert_eq!(answer.status, expected, "{}", answer.json);
            }
            let handed = delegate(case, "lantern").await;
            let expected = if case.desk.worker.agency() == "northmoor-police" { 403 } else { 409 };
            assert_eq!(handed.status, expected, "{}", handed.json);
            assert_eq!(events(case.desk.worker.agency()), 0);
        }
        // The team sees where its own follow-up is, and so does who looks at her paper.
        assert_eq!(team.read().await["appointments"][3]["place"], DROP_IN);
        let paper = team.desk.get(&format!("{}/notices/ra2?appointment=follow-up", team.path)).await;
        assert_eq!((&paper.json["place"], &paper.json["telephone"]), (&json!(DROP_IN), &json!("01632 960101")));
        let listed = team.desk.worker.get(format!("/v1/clients/{}/delegations", team.desk.client_ref)).about(team.desk.client_ref).send().await.unwrap();
        assert_eq!(listed.json["delegations"].as_array().unwrap().len(), 1);
        assert_eq!(events("lantern"), 1);
    }
}

on_both_stores! {
    async fn what_is_moved_withdrawn_or_given_back_is_not_the_projects_any_more(world: World) {
        let (_, team) = follow_up_booked(&world).await;
        let (ours, theirs) = delegated(&world, &team).await;
        team.acts("appointments", follow_up(&world, 120)).await;
        assert_eq!(theirs.get().await.json["state"], "lapsed");
        assert_eq!(kinds(&theirs.0.worker).await, [""; 0]);
        assert_eq!(codes(&theirs.act("attendance", told(&world, "attended-and-remained")).await), ["lapsed"]);
        assert_eq!(codes(&ours.act("withdrawal", json!({})).await), ["lapsed"]);

        let (ours, _) = delegated(&world, &team).await;
        assert_eq!(ours.act("withdrawal", json!({})).await.status, 200);
        assert_eq!(ours.get().await.json["state"], "withdrawn");
        assert_eq!(kinds(&theirs.0.worker).await, [""; 0]);

        let (ours, theirs) = delegated(&world, &team).await;
        assert_eq!(theirs.act("return", json!({})).await.status, 200);
        assert_eq!(ours.get().await.json["state"], "given-back");
        assert_eq!(kinds(&world.worker("northmoor-cjit", "duty-spoc")).await, ["hold-follow-up"]);

        let (ours, theirs) = delegated(&world, &team).await;
        let unread = theirs.0.worker.post(format!("{}/return", theirs.0.path), json!({})).about(theirs.0.about).send().await.unwrap();
        assert_eq!(unread.status, 428);
        // The law asks for it no more: both hear of it, and nobody waits for her.
        team.acts("ending", json!({"reason": "restriction-on-bail"})).await;
        assert_eq!(theirs.get().await.json["state"], "lapsed");
        assert_eq!(kinds(&theirs.0.worker).await, [""; 0]);
        assert_eq!(ours.get().await.json["state"], "lapsed");
    }
}

on_both_stores! {
    async fn what_she_takes_back_the_project_neither_reads_nor_tells(world: World) {
        let (_, team) = follow_up_booked(&world).await;
        let (ours, theirs) = delegated(&world, &team).await;
        let etag = theirs.get().await.json["etag"].as_str().unwrap().to_owned();
        let path = format!("/v1/clients/{}/withdrawal", team.desk.client_ref);
        let withdrawal = json!({"channel": "voice", "urgent_effects_confirmed": true});
        let taken_back = team.desk.worker.post(path, withdrawal).about(team.desk.client_ref).send().await.unwrap();
        assert!(taken_back.status.is_success(), "{}", taken_back.json);
        let refused = theirs.get().await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (404, "not-found-or-not-permitted"));
        world.clock.advance(90 * 60);
        let ask = theirs.0.worker.post(format!("{}/attendance", theirs.0.path), told(&world, "attended-and-remained"));
        let refused = ask.about(theirs.0.about).if_match(etag).send().await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.problem()), (404, "not-found-or-not-permitted"));
        // The duty is the team's, with or without the project.
        team.acts("outcomes", json!({"appointment": "follow-up", "outcome": "attended-and-remained", "at": minute(&world, 0)})).await;
        assert_eq!(ours.get().await.json["state"], "lapsed");
        // For another purpose, and for the police's, there is nothing here at all.
        let refused = theirs.0.worker.get(&theirs.0.path).purpose(STATUTORY).about(theirs.0.about).send().await.unwrap();
        assert_eq!(refused.status, 403);
    }
}
