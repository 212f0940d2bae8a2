//! A log that was lost is closed and goes on as the next one: on record, linked for auditors, whenever the command is killed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use throughgate::demo::actor::{Actor, Answer};
use throughgate::ledger::Hash;
use throughgate::ledger::note::claimed_head;
use throughgate::ledger::receipt::Receipt;
use throughgate::vocabulary::Purpose;

use crate::api::release::referred;
use crate::support::{Backend, Partner, Process, World, on_both_stores, rounds};

const FIRST: &str = "throughgate.example/demo";
const SECOND: &str = "throughgate.example/demo/2";
/// What the names of the closed log's files end with.
const ASIDE: &str = ".throughgate.example_demo";
const WHY: [&str; 4] = ["--reason", "The disk died.", "--authorised-by", "sys-admin-3"];
/// How often the command is killed on each store, usually.
const KILLS: usize = 4;

fn throughgate(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_throughgate"));
    command.args(args);
    command
}

async fn run(mut command: Command) -> Output {
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

fn recover(world: &World, config: &str, more: &[&str]) -> Command {
    let config = world.dir.join(config).display().to_string();
    let mut command = throughgate(&["recover", "--json", "--config", &config]);
    command.args(more);
    command
}

/// Recovers, and makes the new key known to the world's workers and auditors.
async fn recovered(world: &World, config: &str, more: &[&str]) -> Value {
    let output = run(recover(world, config, more)).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let done: Value = serde_json::from_slice(&output.stdout).unwrap();
    let vkeys = world.dir.join("log.vkey");
    let known = std::fs::read_to_string(&vkeys).unwrap();
    std::fs::write(vkeys, format!("{known}{}\n", done["log_key"].as_str().unwrap())).unwrap();
    done
}

/// Makes sure that it refuses, and says this.
async fn refuses(world: &World, config: &str, more: &[&str], because: &str) {
    let output = run(recover(world, config, more)).await;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains(because), "{said}");
}

/// The auditor at her desk: `throughgate audit …` with the world's keys.
async fn audit(world: &World, args: &[&str]) -> (i32, String) {
    let keys = world.dir.join("log.vkey").display().to_string();
    let mut command = throughgate(&["audit"]);
    command.args(args).args(["--log-key", &keys]);
    let output = run(command).await;
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

fn path(world: &World, name: &str) -> String {
    world.dir.join(name).display().to_string()
}

async fn verifies(world: &World, receipt: &Receipt, name: &str) {
    std::fs::write(world.dir.join(name), receipt.print()).unwrap();
    let (code, said) = audit(world, &["verify-receipt", &path(world, name)]).await;
    assert_eq!(code, 0, "{said}");
}

/// Every file below a folder, by its path, as the hash of what it holds.
fn files(folder: &Path) -> BTreeMap<PathBuf, Hash> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let (path, name) = (entry.path(), PathBuf::from(entry.file_name()));
        if path.is_dir() {
            found.extend(files(&path).into_iter().map(|(below, hash)| (name.join(below), hash)));
        } else {
            found.insert(name, Hash::sha256(&std::fs::read(&path).unwrap()));
        }
    }
    found
}

/// What the log's directory was published with.
fn published(world: &World, folder: &str) -> u64 {
    claimed_head(&std::fs::read_to_string(world.dir.join(folder).join("checkpoint")).unwrap()).unwrap().size
}

/// Waits until the log's directory has an entry.
async fn published_beyond(world: &World, index: u64) {
    for _ in 0..600 {
        if world.dir.join("log/checkpoint").exists() && published(world, "log") > index {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the directory was not brought up to entry {index}");
}

async fn some_history(world: &World) -> Answer {
    let carat = world.worker("fallowgate-carat", "fixture-oak");
    for surname in ["Alder", "Cedar", "Hazel"] {
        world.client(&carat, "Testa", surname).await;
    }
    carat.get("/nowhere").send().await.unwrap()
}

async fn look(auditor: &Actor, path: &str) -> Answer {
    auditor.get(path).purpose(Purpose::AuditReview).send().await.unwrap()
}

/// Tells some history, puts a backup from its middle in place of the database, and answers a receipt from before the backup and
/// one from after it.
async fn a_backup_is_put_back(world: &mut World) -> (Receipt, Receipt) {
    let before = some_history(world).await.receipt.unwrap();
    world.stop().await;
    let backup = world.copy_database();
    world.restart().await;
    let lost = some_history(world).await.receipt.unwrap();
    world.stop().await;
    world.use_database(backup);
    (before, lost)
}

on_both_stores! {
    async fn a_restored_backup_freezes_is_recovered_and_a_referral_is_sent_again(world: World) {
        let mut world = world;
        let (before, lost) = a_backup_is_put_back(&mut world).await;
        let (old_files, signed) = (files(&world.dir.join("log")), published(&world, "log"));

        let frozen = Process::start(&world, "gateway.toml");
        frozen.serves(&mut world);
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        assert_eq!(carat.get("/nowhere").send().await.unwrap().status, 503);
        let (status, told) = world.admin("/readyz").await;
        assert!(status == 503 && told.contains("shorter than what was signed") && told.contains("throughgate recover"), "{told}");
        refuses(&world, "gateway.toml", &WHY, "held by a running gateway").await;
        drop(frozen);
        refuses(&world, "gateway.toml", &[], "--reason and --authorised-by are needed").await;

        let done = recovered(&world, "gateway.toml", &WHY).await;
        assert_eq!((&done["closed"], &done["log"]), (&FIRST.into(), &SECOND.into()));
        assert_eq!((&done["signed"], &done["last_checkpoint"]), (&signed.into(), &signed.into()));
        let found = done["found"].as_u64().unwrap();
        assert!(before.index < found && found <= lost.index);
        assert_eq!(files(&world.dir.join(format!("log{ASIDE}"))), old_files, "the old log's directory is as it was");

        let gateway = Process::start(&world, "gateway.toml");
        gateway.serves(&mut world);
        gateway.ready(&world).await;
        assert_eq!(world.admin("/readyz").await, (200, "ready\n".to_owned()));
        let sent = referred(&world).await;
        let new = sent.cjit.get(sent.referral.clone()).await;
        assert_eq!(new.status, 200, "{}", new.json);
        let new = new.receipt.unwrap();
        assert!(new.checkpoint.starts_with(&format!("{SECOND}\n")) && new.index > 0);
        for (receipt, name) in [(&before, "before"), (&lost, "lost"), (&new, "new")] {
            verifies(&world, receipt, name).await;
        }

        // The auditor reads on from the old log into the new one, and opens why.
        let auditor = world.worker("audit-office", "checker-willow");
        let whole = look(&auditor, "/v1/audit/entries?limit=200").await;
        let entries = whole.json["entries"].as_array().unwrap();
        let of = |log: &str| entries.iter().filter(|entry| entry["log"] == log).count();
        assert_eq!(of(FIRST), usize::try_from(found).unwrap());
        let first = entries.iter().find(|entry| entry["log"] == SECOND).unwrap();
        assert_eq!((&first["index"], &first["kind"]), (&0.into(), &"recovered".into()));
        assert_eq!((&first["fields"]["reason_text"], &first["fields"]["authorised_by"]), (&WHY[1].into(), &WHY[3].into()));
        // By time the old entries are found too, and by page nothing is left out between the logs.
        let from = entries[3]["ts"].as_str().unwrap();
        let later = look(&auditor, &format!("/v1/audit/entries?limit=200&from={from}")).await;
        assert_eq!(later.json["entries"].as_array().unwrap()[0]["log"], FIRST);
        let (mut next, mut paged) = (Some(String::new()), 0);
        while let Some(cursor) = next.take() {
            let page = look(&auditor, &format!("/v1/audit/entries?limit=7{cursor}")).await;
            paged += page.json["entries"].as_array().unwrap().iter().filter(|entry| entry["log"] == FIRST).count();
            next = page.json["next"].as_str().map(|cursor| format!("&cursor={cursor}"));
        }
        assert_eq!(u64::try_from(paged).unwrap(), found);
        let fresh = look(&auditor, &format!("/v1/audit/receipts/{}", first["id"].as_str().unwrap())).await;
        assert_eq!(fresh.status, 200, "{}", fresh.json);

        // Offline, both logs and how they hang together; online, what the new one says.
        let said = look(&auditor, "/v1/audit/recovered").await;
        assert_eq!(said.status, 200, "{}", said.json);
        published_beyond(&world, new.index).await;
        drop(gateway);
        assert_eq!(std::fs::read(path(&world, "log/recovered")).unwrap(), said.bytes);
        let (log, old) = (path(&world, "log"), path(&world, &format!("log{ASIDE}")));
        let (code, both) = audit(&world, &["verify", &log, "--before", &old, "--json"]).await;
        let both: Value = serde_json::from_str(&both).unwrap();
        assert_eq!((code, &both["succession"]["was_a_copy"]), (0, &true.into()), "{both}");
        assert_eq!(both["succession"]["only_in_the_old"], signed - found);
        assert_eq!(both["before"]["checkpoint"]["origin"], FIRST);
        assert_eq!(audit(&world, &["verify", &old, "--before", &log]).await.0, 2);
        refuses(&world, "gateway.toml", &WHY, "nothing is to be recovered").await;
    }
}

on_both_stores! {
    async fn an_account_goes_on_over_both_logs(world: World) {
        let mut world = world;
        let oak = world.worker("fallowgate-carat", "fixture-oak");
        let client = world.client(&oak, "Testa", "Rowan").await;
        a_backup_is_put_back(&mut world).await;
        recovered(&world, "gateway.toml", &WHY).await;
        let gateway = Process::start(&world, "gateway.toml");
        gateway.serves(&mut world);
        gateway.ready(&world).await;
        let oak = world.worker("fallowgate-carat", "fixture-oak");
        let path = format!("/v1/clients/{client}");
        assert_eq!(oak.get(&path).about(client).send().await.unwrap().status, 200);
        let account = oak.get(format!("{path}/disclosures")).about(client).purpose(Purpose::SubjectAccess).send().await.unwrap();
        assert_eq!(account.status, 200, "{}", account.json);
        // The presentation stands in the old log, the reading in the new one.
        assert_eq!(account.json["disclosures"].as_array().unwrap().len(), 2, "{}", account.json);
    }
}

on_both_stores! {
    async fn a_recovery_that_was_killed_is_finished_by_the_next_run(world: World) {
        let mut world = world;
        a_backup_is_put_back(&mut world).await;
        let old_files = files(&world.dir.join("log"));
        for _ in 0..rounds(KILLS) {
            let mut child = recover(&world, "gateway.toml", &WHY).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            let random = u64::from(uuid::Uuid::new_v4().as_bytes()[0]);
            tokio::time::sleep(Duration::from_millis(random)).await;
            child.kill().unwrap();
            child.wait().unwrap();
        }
        // Killed between the database and the files: what a host had is all still there, and the database has gone on.
        let is_committed = || world.number("SELECT count(*) AS number FROM audit_head") == 2;
        if !is_committed() {
            let output = run(recover(&world, "gateway.toml", &WHY)).await;
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        assert!(is_committed());
        if !world.dir.join("log").exists() {
            std::fs::rename(world.dir.join(format!("log{ASIDE}")), world.dir.join("log")).unwrap();
        }
        let kept_key = world.dir.join(format!("keys/log.key{ASIDE}"));
        if kept_key.exists() {
            std::fs::rename(kept_key, world.dir.join("keys/log.key")).unwrap();
        }
        let early = Process::start(&world, "gateway.toml");
        early.serves(&mut world);
        let (status, told) = world.admin("/readyz").await;
        assert!(status == 503 && told.contains("closed by a recovery"), "{told}");
        drop(early);
        let done = recovered(&world, "gateway.toml", &[]).await;
        assert_eq!((&done["because"], &done["log"]), (&Value::Null, &SECOND.into()));

        assert_eq!(files(&world.dir.join(format!("log{ASIDE}"))), old_files);
        assert_eq!(world.number("SELECT count(*) AS number FROM audit_head"), 2);
        assert_eq!(world.number("SELECT size AS number FROM audit_head WHERE log = 'disclosures'"), 1);
        assert_eq!(world.number("SELECT count(*) AS number FROM audit_recovery"), 1);
        let gateway = Process::start(&world, "gateway.toml");
        gateway.serves(&mut world);
        gateway.ready(&world).await;
        let receipt = some_history(&world).await.receipt.unwrap();
        verifies(&world, &receipt, "after").await;
    }
}

on_both_stores! {
    async fn every_host_of_the_database_follows(world: World) {
        let mut world = world;
        let second = world.one_more(2);
        let (before, _) = a_backup_is_put_back(&mut world).await;
        if world.backend == Backend::Postgres {
            // The other host's gateway never signed anything, so it knows of nothing that is wrong.
            let other = Process::start(&world, &second);
            refuses(&world, "gateway.toml", &WHY, "stop every gateway").await;
            drop(other);
        }
        recovered(&world, "gateway.toml", &WHY).await;
        let early = Process::start(&world, &second);
        early.serves(&mut world);
        let told = world.admin("/readyz").await.1;
        assert!(told.starts_with("frozen: ") && told.contains("throughgate recover --config FILE"), "{told}");
        drop(early);
        let followed = recovered(&world, &second, &["--new-key"]).await;
        assert_eq!(followed["log"], SECOND);

        let gateways = [Process::start(&world, "gateway.toml"), Process::start(&world, &second)];
        for gateway in &gateways {
            gateway.ready(&world).await;
            gateway.serves(&mut world);
            let receipt = some_history(&world).await.receipt.unwrap();
            verifies(&world, &receipt, "new").await;
        }
        verifies(&world, &before, "before").await;
    }
}

/// What a witness remembers of the log of this name.
fn remembered(partner: &Partner, origin: &str) -> Option<PathBuf> {
    let entries = std::fs::read_dir(partner.dir.join("state")).unwrap();
    entries
        .map(|entry| entry.unwrap().path())
        .find(|path| std::fs::read_to_string(path).is_ok_and(|text| text.lines().nth(1) == Some(origin)))
}

on_both_stores! {
    async fn what_a_witness_remembers_is_committed_to_and_the_new_log_is_witnessed(world: World) {
        let mut world = world;
        world.stop().await;
        let mut partners = world.partners(&["probation", "police"]);
        world.have_witnesses(&partners, 2, "");
        partners.iter_mut().for_each(|partner| partner.start(&world.shared_clock()));
        world.restart().await;
        let (before, lost) = a_backup_is_put_back(&mut world).await;
        // The whole host was restored: nothing there knows of what came after.
        world.forget_the_log();
        let head_of_commands = world.dir.join("head-cli");
        let _ = std::fs::remove_file(head_of_commands);
        refuses(&world, "gateway.toml", &WHY, "nothing is to be recovered").await;
        let memory = remembered(&partners[0], FIRST).unwrap().display().to_string();
        let mut with_memory = WHY.to_vec();
        with_memory.extend(["--checkpoint", &memory]);
        let done = recovered(&world, "gateway.toml", &with_memory).await;
        assert!(done["last_checkpoint"].as_u64().unwrap() > lost.index);

        // Each witness's operator enrols the new log, and the policy names it.
        let line = format!("log {}\n", done["log_key"].as_str().unwrap());
        let policy = world.dir.join("witness.policy");
        std::fs::write(&policy, line + &std::fs::read_to_string(&policy).unwrap()).unwrap();
        for partner in &mut partners {
            partner.stop().await;
            let file = partner.dir.join("witness.toml");
            let config = std::fs::read_to_string(&file).unwrap();
            let log = format!("\n[[log]]\norigin = \"{SECOND}\"\nkeys = [{}]\n", done["log_key"]);
            std::fs::write(&file, config + &log).unwrap();
            partner.start(&world.shared_clock());
        }
        let gateway = Process::start(&world, "gateway.toml");
        gateway.serves(&mut world);
        gateway.ready(&world).await;
        let new = some_history(&world).await.receipt.unwrap();
        let auditor = world.worker("audit-office", "checker-willow");
        // An entry of the old log still gets a receipt, with the cosignatures that were kept.
        let id = throughgate::ledger::entry::Leaf::parse(&before.leaf).unwrap().id;
        let fresh = look(&auditor, &format!("/v1/audit/receipts/{id}")).await;
        assert_eq!(fresh.status, 200, "{}", fresh.json);
        let fresh = Receipt::parse(fresh.json["receipt"].as_str().unwrap()).unwrap();
        std::fs::write(world.dir.join("fresh"), fresh.print()).unwrap();
        let policy = policy.display().to_string();
        let (code, said) = audit(&world, &["verify-receipt", &path(&world, "fresh"), "--witness-policy", &policy]).await;
        assert!(code == 0 && said.contains(FIRST), "{said}");
        // And the new one is cosigned, in its directory too.
        let log = path(&world, "log");
        published_beyond(&world, new.index).await;
        let (code, said) = audit(&world, &["verify", &log, "--witness-policy", &policy]).await;
        assert!(code == 0 && said.contains("after:"), "{said}");
        drop(gateway);
        for partner in &mut partners {
            partner.stop().await;
        }
    }
}

on_both_stores! {
    async fn a_log_that_contradicts_itself_is_closed_as_it_is_found(world: World) {
        let mut world = world;
        some_history(&world).await;
        world.stop().await;
        let copy = world.copy_database();
        world.use_database(copy);
        world.tamper(
            "DELETE FROM audit_private WHERE idx = (SELECT max(idx) FROM audit_leaf); \
             DELETE FROM audit_leaf WHERE idx = (SELECT max(idx) FROM audit_leaf)",
        );
        let done = recovered(&world, "gateway.toml", &WHY).await;
        assert_eq!(done["because"], "the log in the database lacks some of its nodes");
        let gateway = Process::start(&world, "gateway.toml");
        gateway.serves(&mut world);
        gateway.ready(&world).await;
        let auditor = world.worker("audit-office", "checker-willow");
        let whole = look(&auditor, "/v1/audit/entries?limit=200").await;
        let entries = whole.json["entries"].as_array().unwrap();
        let left = entries.iter().filter(|entry| entry["log"] == FIRST).count();
        assert_eq!(u64::try_from(left).unwrap() + 1, done["found"].as_u64().unwrap());
    }
}
