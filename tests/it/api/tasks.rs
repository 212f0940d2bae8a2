//! What awaits a duty role: who sees it, to whom it goes, and how it goes up when nobody does it.

use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::{Handle, RecordId};
use throughgate::store::backend::AnyConnection;
use throughgate::store::break_glass::{TO_CLOSE, UNREVIEWED};
use throughgate::store::task::NewTask;
use throughgate::store::task_read::{
    AGENCY_LIST, ESCALATED_LIST, HOLDER_LIST, HOLDERS_LIST, TO_ESCALATE, TO_EXPIRE, TO_REMIND,
};
use throughgate::vocabulary::{DutyRole, Purpose, TaskKind};

use super::erasure::LANTERN;
use super::events::{listen, next};
use super::notifying::{agency, leave, task};
use super::subject_access::next_of;
use crate::support::{Process, World, on_both_stores, rows};

const CJIT: &str = "northmoor-cjit";

async fn tasks(actor: &Actor, query: &str) -> Answer {
    actor.get(format!("/v1/tasks?{query}")).purpose(Purpose::DuplicateCheck).send().await.unwrap()
}

fn listed(answer: &Answer) -> &Vec<Value> {
    assert_eq!(answer.status, 200, "{}", answer.json);
    answer.json["tasks"].as_array().unwrap()
}

fn subjects(answer: &Answer) -> Vec<&str> {
    listed(answer).iter().map(|task| task["subject"].as_str().unwrap()).collect()
}

async fn read(actor: &Actor, id: &str) -> Answer {
    actor.get(format!("/v1/tasks/{id}")).purpose(Purpose::DuplicateCheck).send().await.unwrap()
}

async fn give(actor: &Actor, id: &str, body: Value) -> Answer {
    let path = format!("/v1/tasks/{id}/reassignment");
    actor.post(path, body).purpose(Purpose::DuplicateCheck).send().await.unwrap()
}

/// Leaves a task with a duty, or with one worker, due so many hours from now.
async fn leave_one(
    world: &World,
    whose: &'static str,
    subject: &'static str,
    duty: DutyRole,
    worker: Option<&'static str>,
    hours: i64,
) {
    let now: Timestamp = world.journal.now();
    leave(world, move |tx, changes| {
        let holder = worker.map(|worker| tx.task_holder(&agency(whose), &worker.parse().unwrap()));
        changes.task_put(NewTask {
            duty,
            holder,
            subject: subject.to_owned(),
            remind_at: now + hours.hours() - 30.minutes(),
            due_at: now + hours.hours(),
            ..task(whose, TaskKind::AnswerCaseloadCheck, RecordId::random(), now)
        });
        Ok(())
    })
    .await
    .unwrap();
}

on_both_stores! {
    async fn each_sees_the_tasks_of_the_duty_and_the_manager_sees_what_is_late(world: World) {
        let [manager, spoc, case_manager] =
            ["mocky-aspen", "duty-spoc", "testa-rowan"].map(|worker| world.worker(CJIT, worker));
        leave_one(&world, CJIT, "/second", DutyRole::Spoc, None, 5).await;
        leave_one(&world, CJIT, "/first", DutyRole::Spoc, None, 4).await;
        leave_one(&world, CJIT, "/hers", DutyRole::FlagOwner, Some("testa-rowan"), 6).await;
        leave_one(&world, CJIT, "/clinical", DutyRole::Prescriber, None, 3).await;
        leave_one(&world, LANTERN, "/elsewhere", DutyRole::Spoc, None, 3).await;

        assert_eq!(subjects(&tasks(&spoc, "view=mine").await), ["/first", "/second"]);
        let mine = tasks(&case_manager, "view=mine").await;
        assert_eq!(subjects(&mine), ["/first", "/second", "/hers"]);
        assert_eq!(listed(&mine)[2]["held_by"], "you");
        let all = tasks(&manager, "view=agency").await;
        assert_eq!(subjects(&all), ["/clinical", "/first", "/second", "/hers"]);
        assert_eq!(listed(&all)[3]["held_by"], "colleague");
        assert_eq!(subjects(&tasks(&manager, "view=agency&of=testa-rowan").await), ["/hers"]);
        assert_eq!(subjects(&tasks(&manager, "view=overdue").await), Vec::<&str>::new());
        assert!(!all.json.to_string().contains("person") && !all.json.to_string().contains("testa-rowan"));

        let one = &listed(&all)[1];
        assert_eq!((&one["kind"], &one["level"], &one["post"]), (&"answer-caseload-check".into(), &"open".into(), &"duty-worker".into()));
        assert!(one["due"].as_str().unwrap().ends_with(":00Z"), "to the minute");
        let id = one["id"].as_str().unwrap();
        assert_eq!(&read(&manager, id).await.json, one);
        let lantern = world.worker(LANTERN, "ms-placeholder");
        for answer in [read(&lantern, id).await, read(&manager, &Handle::random().to_string()).await] {
            assert_eq!((answer.status.as_u16(), answer.problem()), (404, "not-found-or-not-permitted"));
        }
        let police = world.worker("northmoor-police", "proxy-thorn");
        assert_eq!(tasks(&police, "view=mine").await.status, 403);

        world.clock.advance(4 * 3600 + 60);
        assert_eq!(subjects(&tasks(&manager, "view=overdue").await), ["/clinical", "/first"]);
    }
}

on_both_stores! {
    async fn a_long_list_is_read_page_by_page_without_gap_or_repeat(world: World) {
        let now = world.journal.now();
        leave(&world, move |_, changes| {
            for nth in 0..120 {
                // Many are due at the same moment.
                let due_at = now + (1 + nth / 40).hours();
                changes.task_put(NewTask { due_at, ..task(CJIT, TaskKind::AnswerCaseloadCheck, RecordId::random(), now) });
            }
            Ok(())
        }).await.unwrap();
        let spoc = world.worker(CJIT, "duty-spoc");
        for view in ["mine", "agency"] {
            let mut seen = Vec::new();
            let mut path = format!("/v1/tasks?view={view}");
            for expected in [50, 50, 20] {
                let page = spoc.get(&path).purpose(Purpose::DuplicateCheck).send().await.unwrap();
                assert_eq!(listed(&page).len(), expected);
                seen.extend(listed(&page).iter().map(|task| task["id"].as_str().unwrap().to_owned()));
                let following = next_of(&page);
                assert_eq!(following.is_none(), expected == 20, "{following:?}");
                path = following.unwrap_or_default();
            }
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), 120);
        }
        assert_eq!(tasks(&spoc, "view=mine&cursor=bent").await.status, 400);
        assert_eq!(tasks(&spoc, "view=everything").await.status, 400);
    }
}

on_both_stores! {
    async fn a_leavers_tasks_go_over_in_one_act_of_the_manager(world: World) {
        let [manager, spoc] = ["mocky-aspen", "duty-spoc"].map(|worker| world.worker(CJIT, worker));
        for subject in ["/one", "/two"] {
            leave_one(&world, CJIT, subject, DutyRole::FlagOwner, Some("testa-rowan"), 4).await;
        }
        leave_one(&world, CJIT, "/another", DutyRole::FlagOwner, Some("duty-spoc"), 4).await;
        leave_one(&world, CJIT, "/duty", DutyRole::FlagOwner, None, 4).await;
        let held = |worker: &'static str| {
            let manager = &manager;
            async move { subjects(&tasks(manager, &format!("view=agency&of={worker}")).await).len() }
        };
        let all = tasks(&manager, "view=agency").await;
        let id_of = |subject: &str| {
            listed(&all).iter().find(|task| task["subject"] == subject).unwrap()["id"].as_str().unwrap().to_owned()
        };
        let everything = |to: Value| json!({"to": to, "everything_of_holder": true, "reason": "the worker has left"});
        assert_eq!(give(&spoc, &id_of("/one"), everything("duty-spoc".into())).await.status, 403);
        let nobodys = give(&manager, &id_of("/duty"), everything("duty-spoc".into())).await;
        assert_eq!((nobodys.status.as_u16(), &nobodys.json["errors"][0]["path"]), (422, &json!("everything_of_holder")));
        assert_eq!((held("testa-rowan").await, held("duty-spoc").await), (2, 1));

        let given = give(&manager, &id_of("/one"), everything("duty-spoc".into())).await;
        assert_eq!(given.status, 200, "{}", given.json);
        assert_eq!((held("testa-rowan").await, held("duty-spoc").await), (0, 3));
        let back = give(&manager, &id_of("/two"), json!({"reason": "anybody may"})).await;
        assert_eq!(back.status, 200, "{}", back.json);
        assert_eq!(held("duty-spoc").await, 2);
        let elsewhere = world.worker("eastvale-cjit", "dummy-larch");
        let theirs = give(&elsewhere, &id_of("/one"), json!({"reason": "not theirs"})).await;
        assert_eq!((theirs.status.as_u16(), theirs.problem()), (404, "not-found-or-not-permitted"));
    }
}

on_both_stores! {
    async fn what_nobody_does_goes_to_the_deputy_and_then_to_the_manager_once(world: World) {
        let [manager, spoc] = ["mocky-aspen", "duty-spoc"].map(|worker| world.worker(CJIT, worker));
        let now = world.journal.now();
        leave(&world, move |_, changes| {
            changes.task_put(NewTask {
                subject: "/check".to_owned(), remind_at: now + 100.seconds(), due_at: now + 200.seconds(),
                ..task(CJIT, TaskKind::AnswerCaseloadCheck, RecordId::random(), now)
            });
            Ok(())
        }).await.unwrap();
        leave_one(&world, CJIT, "/clinical", DutyRole::Prescriber, None, 50).await;
        let mut listener = listen(&manager, None).await.unwrap();

        world.clock.advance(101);
        let due = next(&mut listener).await;
        assert_eq!(due["type"], "task.due");
        let mine = tasks(&spoc, "view=mine").await;
        assert_eq!((&listed(&mine)[0]["level"], &listed(&mine)[0]["post"]), (&json!("deputy"), &json!("team-manager")));
        assert_eq!(due["subject"], format!("/v1/tasks/{}", listed(&mine)[0]["id"].as_str().unwrap()));

        world.clock.advance(100);
        let escalated = next(&mut listener).await;
        assert_eq!((&escalated["type"], &escalated["subject"]), (&json!("task.escalated"), &due["subject"]));
        let shown = manager.get(escalated["subject"].as_str().unwrap()).purpose(Purpose::DuplicateCheck).send().await.unwrap();
        assert_eq!(
            (&shown.json["level"], &shown.json["overdue"], &shown.json["subject"]),
            (&json!("escalated"), &json!(true), &json!("/check"))
        );
        assert!(subjects(&tasks(&manager, "view=mine").await).contains(&"/check"), "it is the manager's now");
        tokio::time::sleep(std::time::Duration::from_millis(2500)).await;
        assert_eq!(world.number("SELECT count(*) AS number FROM event WHERE kind IN ('task.due', 'task.escalated')"), 2);
    }
}

on_both_stores! {
    async fn two_gateways_tell_once(world: World) {
        let second = world.one_more(2);
        let gateway = Process::start(&world, &second);
        gateway.ready(&world).await;
        const MANY: i64 = 250;
        let now = world.journal.now();
        leave(&world, move |_, changes| {
            for _ in 0..MANY {
                changes.task_put(NewTask {
                    remind_at: now - 2.hours(), due_at: now - 1.hour(),
                    ..task(LANTERN, TaskKind::AnswerCaseloadCheck, RecordId::random(), now)
                });
            }
            Ok(())
        }).await.unwrap();
        let raised = || world.number("SELECT count(*) AS number FROM task WHERE level = 2");
        for _ in 0..400 {
            if raised() == MANY { break; }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        assert_eq!(raised(), MANY);
        for kind in ["task.due", "task.escalated"] {
            let told = world.number(&format!("SELECT count(*) AS number FROM event WHERE kind = '{kind}'"));
            let subjects = world.number(&format!("SELECT count(DISTINCT subject) AS number FROM event WHERE kind = '{kind}'"));
            assert_eq!((told, subjects), (MANY, MANY), "{kind}");
        }
    }
}

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = diesel::sql_types::Text)]
    line: String,
}

#[derive(diesel::QueryableByName)]
struct Detail {
    #[diesel(sql_type = diesel::sql_types::Text)]
    detail: String,
}

on_both_stores! {
    async fn the_lists_and_the_sweep_walk_along_an_index(world: World) {
        let mut connection = world.connection();
        let (none, empty) = match connection {
            AnyConnection::Postgres(_) => ("'\\x'::bytea", "EXPLAIN "),
            AnyConnection::Sqlite(_) => ("x''", "EXPLAIN QUERY PLAN "),
        };
        let filled = |sql: &str, values: &[&str]| {
            let mut pieces = sql.split('?');
            let first = pieces.next().unwrap().to_owned();
            pieces.zip(values).fold(format!("{empty}{first}"), |text, (piece, value)| text + value + piece)
        };
        let of_several = matches!(connection, AnyConnection::Postgres(_)).then(|| {
            let held = ["array['spoc']", "array['\\x'::bytea]", "'a'", "0", none, "9", "51"];
            (filled(HOLDERS_LIST, &held), "task_of_holder")
        });
        let plans = [
            (filled(AGENCY_LIST, &["'a'", "0", none, "9", "51"]), "task_of_agency"),
            (filled(HOLDER_LIST, &["'a'", "'spoc'", none, "0", none, "9", "51"]), "task_of_holder"),
            (filled(ESCALATED_LIST, &["'a'", "0", none, "9", "51"]), "task_of_agency"),
            (filled(TO_REMIND, &["9", "100"]), "task_to_remind"),
            (filled(TO_ESCALATE, &["9", "100"]), "task_to_escalate"),
            (filled(TO_EXPIRE, &["9"]), "task_to_escalate"),
            (filled(TO_CLOSE, &["9"]), "task_to_close"),
            (filled(UNREVIEWED, &["9"]), "task_unreviewed"),
        ];
        for (sql, index) in plans.into_iter().chain(of_several) {
            let plan = match &mut connection {
                AnyConnection::Postgres(_) => {
                    let sql = sql.replacen("EXPLAIN ", "EXPLAIN (COSTS OFF) ", 1);
                    explain_postgres(&world, &sql)
                }
                AnyConnection::Sqlite(_) => rows::<Detail>(&mut connection, &sql)
                    .into_iter().map(|row| row.detail).collect::<Vec<_>>().join("\n"),
            };
            assert!(plan.contains(index), "{sql}\n{plan}");
            for slow in ["SCAN task", "Seq Scan", "TEMP B-TREE", "Sort"] {
                assert!(!plan.contains(slow), "{sql}\n{plan}");
            }
        }
    }
}

/// PostgreSQL's plan: a row a line, whose column has a name that no type can have.
fn explain_postgres(world: &World, sql: &str) -> String {
    use diesel::connection::SimpleConnection as _;
    let mut connection = world.connection();
    connection
        .batch_execute(&format!(
            "CREATE OR REPLACE FUNCTION pg_temp.plan() RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE {}; END $$",
            format_args!("$plan${sql}$plan$")
        ))
        .unwrap();
    rows::<Line>(&mut connection, "SELECT plan AS line FROM pg_temp.plan() AS plan")
        .into_iter()
        .map(|row| row.line)
        .collect::<Vec<_>>()
        .join("\n")
}
