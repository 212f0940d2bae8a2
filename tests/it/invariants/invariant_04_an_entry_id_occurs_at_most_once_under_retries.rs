//! An entry id occurs at most once, and each write has one effect, also when nobody knows what became of a COMMIT.

use crate::campaign::{Campaign, Fault};
use crate::support::load::invented;
use crate::support::shim::{Blow, Strike, calls};
use crate::support::{Backend, Proxy, StoredLog, World};

#[test]
fn a_retry_after_a_commit_that_nobody_answered_finds_the_truth() {
    World::tell(Backend::Postgres, async |mut world| {
        let proxy = Proxy::before(world.socket().as_ref());
        world.behind(&proxy);
        world.restart().await;
        let actor = world.worker("fallowgate-carat", "fixture-oak");
        // Half of the commits get there, half do not: the caller cannot know, and need not.
        for already in 0..6 {
            let (key, person) = (uuid::Uuid::new_v4().to_string(), invented("Alder"));
            let ask = || actor.post("/v1/clients", person.clone()).idempotency_key(&key).send();
            let (first, ()) = tokio::join!(ask(), proxy.cut());
            assert_eq!(first.unwrap().status, 503);
            let mut retried = ask().await.unwrap();
            while retried.status == 503 {
                retried = ask().await.unwrap();
            }
            assert_eq!(retried.status, 201, "{}", retried.json);
            assert_eq!(world.number("SELECT count(*) AS number FROM person"), already + 1);
            assert_eq!(StoredLog::read(&world).assert_holds_all([&retried]), 1);
        }
    });
}

#[test]
fn a_commit_of_sqlite_that_the_disk_did_not_confirm() {
    Campaign {
        name: "COMMIT unconfirmed by the disk, SQLite",
        backend: Backend::Sqlite,
        gateways: 1,
        draw: |random| {
            // The WAL is synced by a COMMIT alone, as long as it is not taken over into the database.
            let (blow, calls) = random.of(&[
                (Blow::IoError, calls::SYNC),
                (Blow::DieBefore, calls::SYNC),
                (Blow::DieAfter, calls::SYNC),
                (Blow::DieWithin, calls::WRITE),
                (Blow::DiskFull, calls::WRITE),
            ]);
            Fault::Own(Strike { blow, calls, part: "gateway.db-wal", skip: random.below(8), times: Some(1) })
        },
        usually: 15,
    }
    .run();
}

#[test]
fn a_commit_of_postgresql_that_nobody_confirmed() {
    Campaign {
        name: "COMMIT unconfirmed, PostgreSQL",
        backend: Backend::Postgres,
        gateways: 1,
        draw: |random| {
            random.of(&[
                Fault::CutAtCommit,
                Fault::CutAtCommit,
                Fault::KillBackend,
                Fault::Crash,
                Fault::Kill,
            ])
        },
        usually: 15,
    }
    .run();
}
