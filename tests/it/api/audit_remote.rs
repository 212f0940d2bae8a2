//! The auditor verifies a running gateway's log over the wire, tile by tile, and the log says so once an hour.

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use throughgate::api::summary::WriteSummary;
use throughgate::cli::audit::{AuditCommand, run};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::journal::call::Call;
use throughgate::ledger::tiles::{bundle_prefix, decode_bundle};
use throughgate::vocabulary::Purpose;

use crate::support::{World, on_both_stores};

#[derive(Parser)]
struct Line {
    #[command(subcommand)]
    command: AuditCommand,
}

async fn look(auditor: &Actor, path: &str) -> Answer {
    auditor.get(path).purpose(Purpose::AuditReview).send().await.unwrap()
}

/// Runs a command of the auditor's, with the certificate of the audit office and a token of its worker.
async fn audit(world: &World, auditor: &Actor, line: &str) -> ExitCode {
    let dir = world.dir().display().to_string();
    let token = auditor.token(Purpose::AuditReview, None, None).unwrap();
    let home = format!("{dir}/agencies/audit-office");
    let line = format!(
        "audit {line} --log-key {dir}/log.vkey --ca {dir}/ca.pem --cert {home}/client.pem --key {home}/client.key --token {token}"
    );
    let line = line.replace("URL", &format!("{}/v1/audit", world.base()));
    let command =
        Line::try_parse_from(line.split_whitespace()).unwrap_or_else(|error| panic!("{error}")).command;
    tokio::task::spawn_blocking(move || run(&command)).await.unwrap()
}

async fn summaries(world: &World, count: usize) {
    for _ in 0..count {
        let call = Call::system("write_summary", world.journal.directory().epoch());
        assert!(world.journal.record(call, WriteSummary).await.is_ok());
    }
}

/// Goes to the beginning of an hour, so that none ends within the story.
fn begin_an_hour(world: &World) {
    let into = throughgate::clock::Clock::now(&*world.clock).as_second().rem_euclid(3600);
    world.clock.advance(3600 - into);
}

/// How many entries of the log are looks into it.
async fn looks(auditor: &Actor) -> usize {
    let list = look(auditor, "/v1/audit/entries?kind=log-access&limit=200").await;
    list.json["entries"].as_array().unwrap().len()
}

on_both_stores! {
    async fn a_running_gateways_log_is_verified_over_the_wire(world: World) {
        begin_an_hour(&world);
        let auditor = world.worker("audit-office", "checker-willow");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let client_ref = world.client(&cjit, "Fixture", "Cedar").await;
        let read = cjit.get(format!("/v1/clients/{client_ref}")).about(client_ref).send().await.unwrap();
        let receipt = read.receipt.unwrap();
        let kept = world.dir().join("kept");
        std::fs::create_dir(&kept).unwrap();
        std::fs::write(kept.join("0001.tlog-proof"), receipt.print()).unwrap();
        summaries(&world, 300).await;
        let before = looks(&auditor).await;

        assert_eq!(audit(&world, &auditor, "verify URL --json").await, ExitCode::SUCCESS);
        let range = format!("range URL {0} {0}", receipt.index);
        assert_eq!(audit(&world, &auditor, &range).await, ExitCode::SUCCESS);
        let receipts = format!("reconcile --receipts {} --log URL", kept.display());
        assert_eq!(audit(&world, &auditor, &receipts).await, ExitCode::SUCCESS);
        // The first list, and one entry for all tiles and bundles of the three.
        assert_eq!(looks(&auditor).await, before + 2);

        // The same key signed another history, it seems: what the gateway serves is not what the receipt promised.
        let forged = Some(receipt).map(|receipt| throughgate::ledger::receipt::Receipt { index: receipt.index + 1, ..receipt });
        std::fs::write(kept.join("0002.tlog-proof"), forged.unwrap().print()).unwrap();
        assert_eq!(audit(&world, &auditor, &receipts).await, ExitCode::from(10));
    }
}

on_both_stores! {
    async fn an_hour_of_reading_is_one_entry_and_each_file_is_decided_on(world: World) {
        begin_an_hour(&world);
        let auditor = world.worker("audit-office", "checker-willow");
        summaries(&world, 280).await;
        let before = looks(&auditor).await;
        for path in ["/v1/audit/tile/0/000", "/v1/audit/tile/entries/000", "/v1/audit/tile/0/000.p/7"] {
            let tile = look(&auditor, path).await;
            assert_eq!((tile.status.as_u16(), tile.header("content-type")), (200, "application/octet-stream"), "{path}");
            assert!(tile.receipt.is_some());
        }
        assert_eq!(looks(&auditor).await, before + 2);
        world.clock.advance(3600);
        assert_eq!(look(&auditor, "/v1/audit/tile/0/000").await.status, 200);
        assert_eq!(looks(&auditor).await, before + 4);

        // Others are refused, and so is the auditor for another purpose; each on record.
        for (agency, worker) in [("northmoor-cjit", "mocky-aspen"), ("northmoor-police", "proxy-thorn")] {
            let refused = look(&world.worker(agency, worker), "/v1/audit/tile/0/000").await;
            assert_eq!((refused.status.as_u16(), refused.problem()), (403, "purpose-not-permitted"));
        }
        let wrong_purpose = auditor.get("/v1/audit/tile/0/000").send().await.unwrap();
        assert_eq!(wrong_purpose.status, 403, "the hour's entry does not permit what is not permitted");
    }
}

on_both_stores! {
    async fn only_tiles_and_bundles_of_the_log_are_served(world: World) {
        let auditor = world.worker("audit-office", "checker-willow");
        summaries(&world, 3).await;
        for path in [
            "0/001", "entries/001", "0/0", "00/000", "0/000.p/0", "0/000.p/256", "0/000.p/07", "64/000", "0/x000/000", "",
            "entries", "0/..%2f..%2fcheckpoint", "..%2fcheckpoint", "0/000%00", "0/000/", "1/000.p/9", "2/000.p/1",
        ] {
            let missing = look(&auditor, &format!("/v1/audit/tile/{path}")).await;
            assert_eq!((missing.status.as_u16(), missing.problem()), (404, "not-found-or-not-permitted"), "{path}");
        }
    }
}

on_both_stores! {
    async fn a_partial_file_that_was_replaced_is_served_as_it_was(world: World) {
        let auditor = world.worker("audit-office", "checker-willow");
        let wait_for = async |path: &str| {
            for _ in 0..100 {
                let found = look(&auditor, path).await;
                if found.status == 200 {
                    return found.bytes;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            panic!("{path} is not served");
        };
        // The follower may be behind what is signed: what is signed is served all the same.
        summaries(&world, 1).await;
        let size = world.journal.counts().log_size;
        let narrow = wait_for(&format!("/v1/audit/tile/entries/000.p/{size}")).await;
        assert_eq!(decode_bundle(&narrow).unwrap().len(), usize::try_from(size).unwrap());
        let hashes = wait_for(&format!("/v1/audit/tile/0/000.p/{size}")).await;
        summaries(&world, 260).await;
        let full = wait_for("/v1/audit/tile/entries/000").await;
        assert_eq!(bundle_prefix(&full, usize::try_from(size).unwrap()).unwrap(), narrow);
        assert_eq!(wait_for(&format!("/v1/audit/tile/entries/000.p/{size}")).await, narrow);
        assert_eq!(wait_for(&format!("/v1/audit/tile/0/000.p/{size}")).await, hashes);
    }
}

on_both_stores! {
    async fn a_witnessed_log_is_verified_with_its_witnesses_over_the_wire(world: World) {
        let mut world = world;
        world.stop().await;
        let mut partners = world.partners(&["probation", "police", "office"]);
        let policy = world.have_witnesses(&partners, 2, "");
        partners[0].start(&world.shared_clock());
        partners[1].start(&world.shared_clock());
        world.start_anyhow();
        world.ready().await;
        let auditor = world.worker("audit-office", "checker-willow");
        summaries(&world, 5).await;
        let keys = world.log_keys();
        let mut is_witnessed = false;
        for _ in 0..600 {
            let shown = look(&auditor, "/v1/audit/checkpoint").await;
            let note = String::from_utf8(shown.bytes).unwrap();
            is_witnessed = policy.witnessed(&note, &keys).is_ok_and(|witnessed| witnessed.is_quorum());
            if is_witnessed {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        assert!(is_witnessed);
        let file = world.dir().join("witness.policy");
        let line = format!("verify URL --witness-policy {}", file.display());
        assert_eq!(audit(&world, &auditor, &line).await, ExitCode::SUCCESS);
        // All three are more than there are.
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, text.replace("group partners 2", "group partners 3")).unwrap();
        assert_eq!(audit(&world, &auditor, &line).await, ExitCode::from(20));
        for partner in &mut partners {
            partner.stop().await;
        }
    }
}
