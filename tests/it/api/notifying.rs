//! What any command may leave for an agency, in one transaction with its entry: events in the order of the log, and tasks.

use jiff::{Timestamp, ToSpan as _};
use serde::Serialize;
use throughgate::id::{AgencyId, Handle, PersonId, RecordId};
use throughgate::journal::call::Call;
use throughgate::journal::command::{Accepted, Command};
use throughgate::journal::disclosure::Rejection;
use throughgate::policy::action::SystemSweep;
use throughgate::policy::permit::Permit;
use throughgate::problem::{Problem, ProblemType};
use throughgate::store::Snapshot;
use throughgate::store::change::Changes;
use throughgate::store::facts::Subject;
use throughgate::store::task::{NewTask, Reassigned};
use throughgate::vocabulary::{DutyRole, EventType, TaskKind, TaskLevel};

use super::erasure::{LANTERN, Officer};
use crate::support::{World, on_both_stores, rows};

/// A command that leaves whatever the story says.
struct Leaves<F>(F);

#[derive(Serialize)]
struct Left {}

impl<F> Command for Leaves<F>
where
    F: Fn(&mut Snapshot<'_>, &mut Changes) -> Result<(), Rejection> + Send + Sync + 'static,
{
    type Action = SystemSweep;
    type Acknowledgement = Left;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        _call: &Call,
        _permit: &Permit<SystemSweep>,
        changes: &mut Changes,
    ) -> Result<Accepted<Left>, Rejection> {
        (self.0)(tx, changes)?;
        Ok(Accepted { status: 200, location: None, etag: None, acknowledgement: Left {} })
    }
}

/// Records a command that leaves this; its index in the log, if it was permitted.
pub async fn leave<F>(world: &World, what: F) -> Option<u64>
where
    F: Fn(&mut Snapshot<'_>, &mut Changes) -> Result<(), Rejection> + Send + Sync + 'static,
{
    let call = Call::system("leave", world.journal.directory().epoch());
    let recorded = world.journal.record(call, Leaves(what)).await;
    recorded.ok().map(|disclosed| disclosed.into_parts().receipt.index())
}

pub fn agency(id: &str) -> AgencyId {
    id.parse().unwrap()
}

/// A task of this agency about nobody in particular.
pub fn task(whose: &str, kind: TaskKind, record: RecordId, now: Timestamp) -> NewTask {
    NewTask {
        agency: agency(whose),
        duty: DutyRole::Spoc,
        holder: None,
        kind,
        person: PersonId::random(),
        record,
        subject: format!("/v1/caseload-checks/{}/answer", Handle::random()),
        remind_at: now + 1.hour(),
        due_at: now + 2.hours(),
    }
}

#[derive(diesel::QueryableByName, Debug, PartialEq)]
struct Event {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    place: i64,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    ordinal: i64,
    #[diesel(sql_type = diesel::sql_types::Text)]
    kind: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    subject: String,
}

on_both_stores! {
    async fn an_event_stands_where_its_entry_stands_and_never_without_it(world: World) {
        let first = leave(&world, |_, changes| {
            changes.notify(&agency(LANTERN), EventType::CaseloadCheckAsked, "/v1/caseload-checks/one".to_owned());
            changes.notify(&agency(LANTERN), EventType::ReferralChanged, "/v1/referrals/two".to_owned());
            Ok(())
        }).await.unwrap();
        let refused = leave(&world, |_, changes| {
            changes.notify(&agency(LANTERN), EventType::MatchWaiting, "/v1/matches/never".to_owned());
            Err(Problem::new(ProblemType::InvalidTransition).into())
        }).await;
        assert_eq!(refused, None);
        let second = leave(&world, |_, changes| {
            changes.notify(&agency(LANTERN), EventType::CaseloadCheckAnswered, "/v1/caseload-checks/three".to_owned());
            Ok(())
        }).await.unwrap();

        let stored: Vec<Event> = rows(
            &mut world.connection(),
            "SELECT place, ordinal, kind, subject FROM event WHERE agency = 'lantern' ORDER BY place, ordinal",
        );
        let event = |index: u64, ordinal, kind: &str, subject: &str| Event {
            place: i64::try_from(index).unwrap(), ordinal, kind: kind.to_owned(), subject: subject.to_owned(),
        };
        assert_eq!(stored, [
            event(first, 0, "caseload-check.asked", "/v1/caseload-checks/one"),
            event(first, 1, "referral.changed", "/v1/referrals/two"),
            event(second, 0, "caseload-check.answered", "/v1/caseload-checks/three"),
        ]);
        assert!(second > first + 1, "the refusal has its own entry, and no event");
    }
}

on_both_stores! {
    async fn what_is_asked_a_second_time_waits_in_the_first_until_that_is_done(world: World) {
        let (record, now) = (RecordId::random(), world.journal.now());
        let ask = move |_: &mut Snapshot<'_>, changes: &mut Changes| {
            changes.task_put(task(LANTERN, TaskKind::AnswerCaseloadCheck, record, now));
            Ok(())
        };
        let open = || world.number("SELECT count(*) AS number FROM task WHERE state = 'open'");
        leave(&world, ask).await.unwrap();
        leave(&world, ask).await.unwrap();
        assert_eq!(open(), 1);
        leave(&world, move |_, changes| {
            // Another agency's, another kind's and another record's stay as they are.
            changes.task_done(&agency("eastvale-cjit"), TaskKind::AnswerCaseloadCheck, record);
            changes.task_done(&agency(LANTERN), TaskKind::ResolveConflict, record);
            changes.task_done(&agency(LANTERN), TaskKind::AnswerCaseloadCheck, RecordId::random());
            Ok(())
        }).await.unwrap();
        assert_eq!(open(), 1);
        leave(&world, move |_, changes| {
            changes.task_done(&agency(LANTERN), TaskKind::AnswerCaseloadCheck, record);
            Ok(())
        }).await.unwrap();
        assert_eq!(open(), 0);
        leave(&world, ask).await.unwrap();
        assert_eq!((open(), world.number("SELECT count(*) AS number FROM task")), (1, 2));
    }
}

on_both_stores! {
    async fn a_task_is_raised_once_and_told_once_however_often_that_is_tried(world: World) {
        let (record, now) = (RecordId::random(), world.journal.now());
        let id = std::sync::Arc::new(std::sync::OnceLock::new());
        let keep = id.clone();
        leave(&world, move |_, changes| {
            let _ = keep.set(changes.task_put(task(LANTERN, TaskKind::AnswerCaseloadCheck, record, now)));
            Ok(())
        }).await.unwrap();
        let id = *id.get().unwrap();
        let raise = |from, to| leave(&world, move |_, changes| {
            changes.tasks_raise((from, to), [(id, agency(LANTERN))]);
            Ok(())
        });
        let told = |kind: &str| world.number(&format!("SELECT count(*) AS number FROM event WHERE kind = '{kind}'"));
        // Neither before its turn, nor twice, nor once it is done.
        raise(TaskLevel::Deputy, TaskLevel::Escalated).await.unwrap();
        assert_eq!((told("task.due"), told("task.escalated")), (0, 0));
        for _ in 0..2 {
            raise(TaskLevel::Open, TaskLevel::Deputy).await.unwrap();
        }
        assert_eq!((told("task.due"), told("task.escalated")), (1, 0));
        for _ in 0..2 {
            raise(TaskLevel::Deputy, TaskLevel::Escalated).await.unwrap();
        }
        assert_eq!((told("task.due"), told("task.escalated")), (1, 1));
        assert_eq!(world.number("SELECT level AS number FROM task"), 2);
    }
}

on_both_stores! {
    async fn a_workers_tasks_go_to_another_and_nobody_elses(world: World) {
        let now = world.journal.now();
        leave(&world, move |tx, changes| {
            for worker in ["ms-placeholder", "demo-hazel"] {
                let holder = tx.task_holder(&agency(LANTERN), &worker.parse().unwrap());
                for _ in 0..2 {
                    let new = task(LANTERN, TaskKind::AnswerCaseloadCheck, RecordId::random(), now);
                    changes.task_put(NewTask { holder: Some(holder), ..new });
                }
            }
            // The same worker id at another agency is somebody else.
            let holder = tx.task_holder(&agency("eastvale-cjit"), &"ms-placeholder".parse().unwrap());
            let new = task("eastvale-cjit", TaskKind::AnswerCaseloadCheck, RecordId::random(), now);
            changes.task_put(NewTask { holder: Some(holder), ..new });
            Ok(())
        }).await.unwrap();
        let leaves = |to: Option<&'static str>| leave(&world, move |tx, changes| {
            let from = tx.task_holder(&agency(LANTERN), &"ms-placeholder".parse().unwrap());
            let to = to.map(|worker| tx.task_holder(&agency(LANTERN), &worker.parse().unwrap()));
            changes.task_reassign(&agency(LANTERN), Reassigned::HeldBy(from), to);
            Ok(())
        });
        let held = || (
            world.number("SELECT count(DISTINCT worker) AS number FROM task WHERE agency = 'lantern'"),
            world.number("SELECT count(*) AS number FROM task WHERE length(worker) = 0"),
        );
        assert_eq!(held(), (2, 0));
        leaves(Some("demo-hazel")).await.unwrap();
        assert_eq!(held(), (1, 0));
        leaves(None).await.unwrap();
        assert_eq!(held(), (1, 0), "nothing is left of hers");
    }
}

#[derive(diesel::QueryableByName)]
struct Id {
    #[diesel(sql_type = diesel::sql_types::Binary)]
    bytes: Vec<u8>,
}

on_both_stores! {
    async fn an_erasure_takes_what_was_left_about_her_along(world: World) {
        let hazel = world.worker(LANTERN, "ms-placeholder");
        let at_lantern = world.client(&hazel, "Fixture", "Cedar").await;
        let elsewhere = world.client(&world.worker("eastvale-cjit", "sample-linden"), "Fixture", "Cedar").await;
        let ids = |sql: &str| -> Vec<[u8; 16]> {
            rows::<Id>(&mut world.connection(), sql).into_iter().map(|id| id.bytes.try_into().unwrap()).collect()
        };
        let person = PersonId::from_bytes(ids("SELECT id AS bytes FROM person")[0]);
        let record = RecordId::from_bytes(ids("SELECT id AS bytes FROM record WHERE custodian = 'lantern'")[0]);
        let now = world.journal.now();
        leave(&world, move |_, changes| {
            for whose in [LANTERN, "eastvale-cjit"] {
                let about = |record| NewTask { person, ..task(whose, TaskKind::ContactAfterReappearance, record, now) };
                changes.task_put(about(RecordId::random()));
                changes.task_put(about(record));
            }
            changes.task_put(task(LANTERN, TaskKind::MatchDecision, RecordId::random(), now));
            changes.notify(&agency(LANTERN), EventType::FlagReappeared, format!("/v1/clients/{at_lantern}/flags"));
            changes.notify(&agency("eastvale-cjit"), EventType::FlagReappeared, format!("/v1/clients/{elsewhere}/flags"));
            changes.notify(&agency(LANTERN), EventType::TaskDue, "/v1/tasks".to_owned());
            Ok(())
        }).await.unwrap();
        let count = |from: &str| world.number(&format!("SELECT count(*) AS number FROM {from}"));
        assert_eq!((count("task"), count("event")), (5, 3));

        let officer = Officer::of(&world, LANTERN, at_lantern);
        let erased = officer.erases().await;
        assert_eq!(erased.status, 200, "{}", erased.json);

        // What others hold of her stays, but not what there was to do about a record that is gone.
        assert_eq!((count("task WHERE agency = 'lantern'"), count("event WHERE agency = 'lantern'")), (1, 1));
        assert_eq!((count("task WHERE agency = 'eastvale-cjit'"), count("event WHERE agency = 'eastvale-cjit'")), (1, 1));
    }
}
