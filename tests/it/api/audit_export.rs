//! Entries for other programs: lines that hold the very leaves, events that FHIR's own model accepts, and CEF about nobody.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use throughgate::demo::actor::Actor;
use throughgate::ledger::entry::Leaf;
use throughgate::vocabulary::Purpose;

use crate::api::audit_remote::command;
use crate::api::release::{Referred, referred};
use crate::support::sources::repository;
use crate::support::{StoredLog, World, on_both_stores};

/// Reads events, one a line, with the model of FHIR R4B; says what is wrong with the first that does not fit.
const VALIDATE: &str = "
import sys
from fhir.resources.R4B.auditevent import AuditEvent
count = 0
for line in open(sys.argv[1]):
    AuditEvent.model_validate_json(line)
    count += 1
print(count)
";

/// Python with the package `fhir.resources`.
fn python() -> PathBuf {
    let python = repository("target/fhir/bin/python");
    assert!(python.exists(), "`fhir.resources` is not installed: run `./dev test`, which installs it");
    python
}

/// What an export wrote.
async fn export(world: &World, auditor: &Actor, name: &str, wanted: &str) -> Vec<String> {
    let out = world.dir().join(name);
    let line = format!("export {} {wanted} --out {}", world.base(), out.display());
    assert_eq!(command(world, auditor, &line).await, ExitCode::SUCCESS);
    std::fs::read_to_string(out).unwrap().lines().map(str::to_owned).collect()
}

on_both_stores! {
    async fn an_export_has_every_entry_in_the_form_that_is_asked_for(world: World) {
        let auditor = world.worker("audit-office", "checker-willow");
        let Referred { cjit, ours, .. } = referred(&world).await;
        assert_eq!(cjit.get(format!("/v1/dirs/{ours}")).await.status, 200);
        assert_eq!(cjit.get("/v1/dirs/AAAAAAAAAAAAAAAAAAAAAA".to_owned()).await.status, 404);
        let before = StoredLog::read(&world).leaves;

        let lines = export(&world, &auditor, "all.jsonl", "--format jsonl").await;
        assert!(lines.len() >= before.len());
        for (line, leaf) in lines.iter().zip(&before) {
            let line: Value = serde_json::from_str(line).unwrap();
            assert_eq!(STANDARD.decode(line["leaf"].as_str().unwrap()).unwrap(), *leaf);
            assert_eq!(line["view"]["kind"], Leaf::parse(leaf).unwrap().kind.code());
        }

        let events = export(&world, &auditor, "all.ndjson", "--format fhir").await;
        let checked = Command::new(python())
            .args(["-c", VALIDATE])
            .arg(world.dir().join("all.ndjson"))
            .output()
            .unwrap();
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
        assert_eq!(String::from_utf8(checked.stdout).unwrap().trim(), events.len().to_string());

        let wanted = "--format cef --agency northmoor-cjit --kind disclosure --purpose continuity-of-care";
        let refused = export(&world, &auditor, "refused.cef", &format!("{wanted} --outcome refused")).await;
        assert!(refused.iter().all(|line| line.contains(" outcome=refused ")), "{refused:?}");
        let all = export(&world, &auditor, "all.cef", "--format cef").await;
        assert!(!refused.is_empty() && refused.len() < all.len());
        for personal in ["testa-rowan", "fixture-oak", "Cedar", "127.0.0.1", cjit.client_ref.to_string().as_str()] {
            assert!(!all.iter().any(|line| line.contains(personal)), "{personal} is in a CEF line");
        }
        // Each page that was asked for is on record.
        let looks = auditor
            .get("/v1/audit/entries?kind=log-access")
            .purpose(Purpose::AuditReview)
            .send()
            .await
            .unwrap();
        assert!(looks.json["entries"].as_array().unwrap().len() >= 4);
    }
}
