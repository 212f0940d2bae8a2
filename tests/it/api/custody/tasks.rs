//! What awaits whom by when: the first appointment, the follow-up, and what was missed.

use serde_json::{Value, json};
use throughgate::demo::actor::Actor;
use throughgate::vocabulary::Purpose;

use super::{Desk, STATUTORY, enforced, initial, minute, missed, notice, proactive, ra1, required};
use crate::support::{World, on_both_stores, on_both_stores_at};

const PERSON: (&str, &str) = ("Specimen", "Hazel");

/// The open tasks that a worker has: what, where, and by when.
async fn tasks(worker: &Actor, purpose: Purpose) -> Vec<(String, String, String)> {
    let answer = worker.get("/v1/tasks?view=agency").purpose(purpose).send().await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.json);
    let text = |task: &Value, member: &str| task[member].as_str().unwrap().to_owned();
    let listed = answer.json["tasks"].as_array().unwrap();
    listed.iter().map(|task| (text(task, "kind"), text(task, "subject"), text(task, "due"))).collect()
}

async fn kinds(worker: &Actor, purpose: Purpose) -> Vec<String> {
    tasks(worker, purpose).await.into_iter().map(|(kind, ..)| kind).collect()
}

on_both_stores_at! {
    // The Thursday before Easter, in the evening.
    "2026-04-02T21:31:00Z"
    async fn the_first_appointment_is_due_on_the_next_working_day(world: World) {
        let cjit = world.worker("northmoor-cjit", "duty-spoc");
        for residence in ["resident", "non-resident"] {
            let mut opened = enforced(&world);
            opened["residence"] = json!(residence);
            let police = Desk::police(&world, ("Testa", if residence == "resident" { "Alder" } else { "Aspen" })).await.opens(opened).await;
            // Good Friday, the weekend and Easter Monday are no working days.
            assert_eq!(police.read().await["first_appointment_by"], "2026-04-07");
        }
        let open = tasks(&cjit, Purpose::ContinuityOfCare).await;
        assert_eq!(open.len(), 2);
        for (kind, subject, due) in open {
            assert_eq!((kind.as_str(), due.as_str()), ("hold-first-appointment", "2026-04-07T22:59:00Z"));
            assert!(subject.starts_with("/v1/assessments/"));
        }
        // Nobody held it in time: the deputy hears of it, then the team manager.
        world.clock.advance(6 * 86_400);
        world.journal.record(
            throughgate::journal::call::Call::system("sweep_tasks", world.journal.directory().epoch()),
            throughgate::domain::task::SweepTasks,
        ).await.unwrap();
        let answer = cjit.get("/v1/tasks?view=overdue").send().await.unwrap();
        assert_eq!(answer.json["tasks"].as_array().unwrap().len(), 2, "{}", answer.json);
        assert_ne!(answer.json["tasks"][0]["level"], "open");
    }
}

on_both_stores! {
    async fn each_task_ends_with_what_it_was_for(world: World) {
        let (police, team) = required(&world, PERSON, &minute(&world, 10)).await;
        let (spoc, officer) = (world.worker("northmoor-cjit", "duty-spoc"), world.worker("northmoor-police", "proxy-briar"));
        assert_eq!(kinds(&spoc, Purpose::ContinuityOfCare).await, ["hold-first-appointment"]);
        assert_eq!(kinds(&officer, STATUTORY).await, Vec::<String>::new());
        world.clock.advance(20 * 60);
        let mut next = initial(&minute(&world, 60));
        next["appointment"] = json!("follow-up");
        team.acts("appointments", next).await;
        team.acts("notices", notice(&world, "follow-up")).await;
        team.acts("outcomes", json!({"appointment": "initial", "outcome": "attended-and-remained", "at": minute(&world, 0), "follow_up": "needed"})).await;
        assert_eq!(kinds(&spoc, Purpose::ContinuityOfCare).await, ["hold-follow-up"]);

        world.clock.advance(2 * 3600);
        team.acts("outcomes", missed(&world, "follow-up")).await;
        assert_eq!(kinds(&spoc, Purpose::ContinuityOfCare).await, Vec::<String>::new());
        let told = tasks(&officer, STATUTORY).await;
        assert_eq!(told[0].0, "decide-breach");
        // What the task leads to is what the officer may read.
        let led = officer.get(told[0].1.as_str()).purpose(STATUTORY).about(police.desk.client_ref).send().await.unwrap();
        assert_eq!(led.json["appointments"][1]["attendance"], "failed-to-attend");
        // A colleague at the CJIT sees nothing of the police's, and the other way round.
        assert_eq!(officer.get("/v1/tasks?view=agency").send().await.unwrap().status, 403);

        team.acts("ending", json!({"reason": "died"})).await;
        assert_eq!(kinds(&officer, STATUTORY).await, Vec::<String>::new());
    }
}

on_both_stores! {
    async fn who_says_no_leaves_nothing_to_do(world: World) {
        let team = Desk::cjit(&world, PERSON).await.opens(proactive(&world)).await;
        let spoc = world.worker("northmoor-cjit", "duty-spoc");
        assert_eq!(kinds(&spoc, Purpose::ContinuityOfCare).await, ["hold-first-appointment"]);
        team.wrong("agreement", json!({"agreed": false}), "warned_at").await;
        team.acts("agreement", json!({"agreed": false, "warned_at": minute(&world, 0)})).await;
        assert_eq!(kinds(&spoc, Purpose::ContinuityOfCare).await, Vec::<String>::new());
        assert_eq!(team.read().await["state"], "declined");
        team.blocked("appointments", initial(&minute(&world, 60)), &["declined"]).await;
        let police = Desk::police(&world, PERSON).await.opens(enforced(&world)).await;
        police.acts("appointments", initial(&minute(&world, 60))).await;
        police.acts("notices", ra1(&world)).await;
    }
}
