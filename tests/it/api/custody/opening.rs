//! Who can be required, who cannot, and what the other side learns of it.

use serde_json::{Value, json};
use throughgate::demo::actor::Answer;
use throughgate::vocabulary::Purpose;

use super::{Desk, STATUTORY, codes, enforced, initial, minute, proactive, ra1, required};
use crate::support::{World, on_both_stores};

const PERSON: (&str, &str) = ("Testa", "Alder");

fn field(answer: &Answer) -> (u16, Value) {
    (answer.status.as_u16(), answer.json["errors"][0]["path"].clone())
}

on_both_stores! {
    async fn a_requirement_needs_a_positive_test_an_adult_and_a_team(world: World) {
        let police = Desk::police(&world, PERSON).await;
        let with = |member: &str, value: Value| {
            let mut opened = enforced(&world);
            opened[member] = value;
            opened
        };
        let negative = json!({"type": "trigger-offence", "result": "negative"});
        for (member, value, wrong) in [
            ("test", negative, "test"),
            ("test", Value::Null, "test"),
            ("assessor", Value::Null, "assessor"),
            ("assessor", json!("lantern"), "assessor"),
            ("police", json!("northmoor-police"), "police"),
            ("identified_at", json!(minute(&world, 60)), "identified_at"),
            ("criteria", json!(["previous-test", "previous-misuse"]), "criteria"),
        ] {
            let answer = police.open(with(member, value)).await;
            assert_eq!(field(&answer), (422, json!(wrong)), "{member}: {}", answer.json);
        }

        // Seventeen: not required, and not taken into the programme. Without a date of birth nobody can say.
        let young = json!({"person": {"names": [{"kind": "legal", "forename": "Mini", "surname": "Sapling"}],
            "date_of_birth": "2015-01-01", "sex": "male"}});
        let unknown = json!({"person": {"names": [{"kind": "legal", "forename": "Nobody", "surname": "Knows"}]}});
        for (person, code) in [(young, "under-18-tell-childrens-services"), (unknown, "date-of-birth-required")] {
            let presented = police.worker.post("/v1/clients", person).purpose(STATUTORY).send().await.unwrap();
            let desk = Desk { client_ref: presented.handle("client_ref").unwrap(), ..police.clone() };
            let answer = desk.open(enforced(&world)).await;
            assert_eq!((answer.status.as_u16(), answer.problem()), (409, "invalid-transition"));
            assert_eq!(codes(&answer), [code]);
        }
        assert_eq!(police.open(enforced(&world)).await.status, 201);
    }
}

on_both_stores! {
    async fn not_to_require_it_takes_an_inspector_with_reasons(world: World) {
        let police = Desk::police(&world, PERSON).await;
        let mut opened = enforced(&world);
        opened["not_required"] = json!({"authority": "insp-proxy-oak", "inspector_or_above": false, "reasons": "In hospital."});
        assert_eq!(field(&police.open(opened.clone()).await), (422, json!("not_required.inspector_or_above")));
        opened["not_required"]["inspector_or_above"] = json!(true);
        let case = police.opens(opened).await;
        let read = case.read().await;
        assert_eq!(read["occasion"]["required"], false);
        assert_eq!(read["occasion"]["not_required_by"], "insp-proxy-oak");
        assert_eq!(read["occasion"]["not_required_because"], "In hospital.");
        case.blocked("appointments", initial(&minute(&world, 60)), &["not-imposed"]).await;
        // Nobody is kept in custody for a notice that there is not, and the team has nothing to do.
        case.acts("release", json!({"at": minute(&world, 0), "disposal": "charged"})).await;
        let team = Desk::cjit(&world, PERSON).await;
        let listed = team.get(&format!("/v1/clients/{}/assessments", team.client_ref)).await;
        assert_eq!(listed.json["assessments"], json!([]));
    }
}

on_both_stores! {
    async fn the_team_learns_who_it_is_when_notice_is_served_and_the_police_never_what_it_decides(world: World) {
        let police = Desk::police(&world, PERSON).await.opens(enforced(&world)).await;
        police.acts("appointments", initial(&minute(&world, 30))).await;
        let team = Desk::cjit(&world, PERSON).await.case().await;
        let before = team.read().await;
        assert_eq!((before.get("person"), before.get("test")), (None, None));
        assert_eq!(before["appointments"][0]["place"], "1 Mill Lane, Northmoor");
        assert_eq!(before["occasion"]["required"], true);
        assert_eq!(before["state"], "awaited");

        police.acts("notices", ra1(&world)).await;
        let after = team.read().await;
        assert_eq!(after["person"]["names"][0]["surname"], "Alder");
        assert_eq!(after["test"]["result"], "positive-opiates");

        world.clock.advance(40 * 60);
        team.acts("outcomes", json!({"appointment": "initial", "outcome": "good-cause", "at": minute(&world, 0), "good_cause": "in-hospital"})).await;
        assert_eq!(team.read().await["appointments"][0]["good_cause"], "in-hospital");
        let theirs = police.read().await;
        for told in ["good", "hospital", "outcome", "state", "follow_up"] {
            assert!(!theirs.to_string().contains(told), "{told}: {theirs}");
        }
        assert_eq!(police.attended().await, [("initial".to_owned(), "excused".to_owned())]);
    }
}

on_both_stores! {
    async fn of_who_need_not_come_the_team_is_told_nothing(world: World) {
        let police = Desk::police(&world, PERSON).await;
        let mut opened = proactive(&world);
        opened["assessor"] = json!("northmoor-cjit");
        for criteria in [json!([]), json!(["previous-misuse"])] {
            opened["criteria"] = criteria;
            assert_eq!(field(&police.open(opened.clone()).await), (422, json!("criteria")));
        }
        opened["criteria"] = json!(["previous-misuse", "paraphernalia"]);
        let case = police.opens(opened).await;
        case.acts("appointments", initial(&minute(&world, 30))).await;
        case.blocked("notices", ra1(&world), &["not-required-by-law"]).await;
        let team = Desk::cjit(&world, PERSON).await;
        let listed = team.get(&format!("/v1/clients/{}/assessments", team.client_ref)).await;
        assert_eq!(listed.json["assessments"], json!([]));
    }
}

on_both_stores! {
    async fn an_assessment_that_is_not_over_stands_against_an_erasure(world: World) {
        let (_, team) = required(&world, PERSON, &minute(&world, 30)).await;
        let privacy = Desk { worker: world.worker("northmoor-cjit", "sample-juniper"), ..team.desk.clone() };
        let path = format!("/v1/clients/{}/holds", team.desk.client_ref);
        let matters = async || {
            let answer = privacy.worker.get(path.as_str()).purpose(Purpose::SubjectAccess).about(privacy.client_ref).send().await.unwrap();
            assert_eq!(answer.status, 200, "{}", answer.json);
            answer.json["open_matters"].clone()
        };
        assert_eq!(matters().await, json!(["assessment-open"]));
        team.acts("ending", json!({"reason": "withdrawn"})).await;
        assert_eq!(matters().await, json!([]));
    }
}

on_both_stores! {
    async fn of_who_need_not_come_no_other_team_is_told(world: World) {
        let team = Desk::cjit(&world, PERSON).await.opens(proactive(&world)).await;
        let mut elsewhere = initial(&minute(&world, 30));
        elsewhere["agency"] = json!("eastvale-cjit");
        team.wrong("appointments", elsewhere, "agency").await;
        team.acts("appointments", initial(&minute(&world, 30))).await;
    }
}

on_both_stores! {
    async fn whose_it_is_not_finds_what_nobody_finds(world: World) {
        let police = Desk::police(&world, PERSON).await.opens(enforced(&world)).await;
        let nobody = format!("/v1/assessments/{}", throughgate::id::Handle::random());
        let outsiders = [
            Desk::at(&world, "eastvale-cjit", "sample-linden", PERSON).await,
            // A police officer with another client of the same force.
            Desk::police(&world, ("Dummy", "Ivy")).await,
        ];
        for outsider in outsiders {
            for path in [&police.path, &nobody] {
                let answer = outsider.get(path).await;
                assert_eq!((answer.status.as_u16(), answer.problem()), (404, "not-found-or-not-permitted"));
                let answer = outsider.post(&format!("{path}/release"), json!({"at": minute(&world, 0), "disposal": "charged"})).await;
                assert_eq!(answer.status, 404, "{}", answer.json);
            }
        }
        // Housing, probation and the project may not ask at all, whoever it is about.
        for (agency, worker) in [("testhomes", "example-beech"), ("lantern", "ms-placeholder"), ("northmoor-probation", "trial-elm")] {
            let outsider = world.worker(agency, worker);
            for path in [&police.path, &nobody] {
                let answer = outsider.get(path.as_str()).purpose(STATUTORY).send().await.unwrap();
                assert_eq!((answer.status.as_u16(), answer.problem()), (403, "purpose-not-permitted"));
            }
        }
    }
}
