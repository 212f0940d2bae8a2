//! Nothing is signed for a head that is not committed, nor for one that is not kept outside the database.

use std::time::Duration;

use throughgate::ledger::note::claimed_head;

use crate::campaign::{Campaign, Fault, Stage, kept_by};
use crate::support::Backend;
use crate::support::load::invented;
use crate::support::shim::{Blow, Strike, calls};

#[test]
fn wherever_the_gateway_dies() {
    Campaign {
        name: "died at a call, SQLite",
        backend: Backend::Sqlite,
        gateways: 1,
        draw: Fault::crash_point,
        usually: 25,
    }
    .run();
}

fn on_one_gateway<Fut: Future<Output = ()>>(story: impl FnOnce(Stage) -> Fut) {
    actix_web::rt::System::new().block_on(async { story(Stage::new(Backend::Sqlite, 1).await).await });
}

/// The file of the last signed head, as long as it takes nothing.
fn nothing_kept(blow: Blow, calls: u64) -> Strike<'static> {
    Strike { blow, calls, part: "/head", skip: 0, times: None }
}

#[test]
fn what_cannot_be_kept_is_not_signed() {
    on_one_gateway(async |mut stage| {
        stage.start().await;
        let worker = stage.workers().remove(0);
        for (blow, calls) in
            [(Blow::DiskFull, calls::ROOM), (Blow::IoError, calls::SYNC), (Blow::ReadOnly, calls::CHANGE)]
        {
            assert_eq!(worker.post("/v1/clients", invented("Alder")).send().await.unwrap().status, 201);
            stage.shim.strike(&nothing_kept(blow, calls));
            for _ in 0..40 {
                let answer = worker.post("/v1/clients", invented("Alder")).send().await.unwrap();
                assert_eq!(answer.status, 503, "{}", answer.json);
                let shown = worker.get("/v1/audit/checkpoint").send().await.unwrap();
                let signed = claimed_head(&String::from_utf8_lossy(&shown.bytes)).unwrap();
                let kept = kept_by(&stage.head_files()[0]);
                // A sync that failed may have left the bytes to be read, but they do not count.
                let (largest, _) = kept.iter().max_by_key(|(size, _)| *size).unwrap();
                assert!(signed.size <= *largest, "{} was signed, and {largest} is kept", signed.size);
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
            assert!(stage.shim.hits() > 0);
            let size = |stage: &Stage| stage.world.number("SELECT size AS number FROM audit_head");
            let before = size(&stage);
            tokio::time::sleep(Duration::from_millis(500)).await;
            assert_eq!(size(&stage), before, "entries are appended that nobody is told of");
            let (status, text) = stage.readiness(0).await.unwrap();
            assert_eq!(
                (status, text.as_str()),
                (503, "unavailable: the file of the last signed head cannot be used\n")
            );
            stage.shim.lift();
            stage.start().await;
        }
    });
}

#[test]
fn the_first_head_of_all_is_kept_whole_or_not_at_all() {
    on_one_gateway(async |mut stage| {
        let file = stage.head_files().remove(0);
        for blow in [Blow::DieBefore, Blow::DieWithin, Blow::DieAfter, Blow::DiskFull] {
            for skip in 0..3 {
                stage.kill_all();
                std::fs::remove_file(&file).unwrap();
                let calls = calls::CHANGE | calls::SYNC;
                stage.shim.strike(&Strike { blow, calls, part: "/head", skip, times: Some(1) });
                stage.try_start(0).await;
                while stage.shim.hits() == 0 {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                // Whatever it left behind, the next one takes it up.
                stage.start().await;
                assert!(!kept_by(&file).is_empty());
            }
        }
    });
}
