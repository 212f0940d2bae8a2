//! What the policies would decide, for those who answer for it: by the interface and by the command, in the same words.

use std::process::Command;

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::vocabulary::Purpose;

use crate::support::{World, on_both_stores};

fn supposed() -> Value {
    json!({"agency_type": "cjit", "role": "case-manager", "purpose": "continuity-of-care", "action": "dir.read",
        "custodian": "carat", "relation": "addressed", "consented": ["identity", "prescribing"], "facts": ["signed", "referral_live"]})
}

async fn explained(worker: &Actor, purpose: Purpose, supposed: Value) -> Answer {
    worker.post("/v1/policy/explain", supposed).purpose(purpose).send().await.unwrap()
}

on_both_stores! {
    async fn an_officer_learns_what_would_be_decided_why_and_what_would_change_it(world: World) {
        let officer = world.worker("northmoor-cjit", "sample-juniper");
        let answer = explained(&officer, Purpose::AuditReview, supposed()).await;
        assert_eq!(answer.status, 200, "{}", answer.json);
        assert_eq!((&answer.json["outcome"], &answer.json["policies"], &answer.json["released"]), (&json!("refused"), &json!([]), &json!([])));
        assert_eq!(answer.json["policy_set"], world.journal.policies().hash());
        let dated = answer.json["would_change"].as_array().unwrap().iter().find(|change| change["fact"] == "release_date_set").unwrap();
        assert_eq!(dated, &json!({"fact": "release_date_set", "holds": true, "outcome": "permitted", "gains": ["identity", "prescribing"], "losses": []}));

        let mut with_date = supposed();
        with_date["facts"] = json!(["signed", "referral_live", "release_date_set"]);
        let answer = explained(&officer, Purpose::AuditReview, with_date).await;
        let policy = &answer.json["policies"][0];
        assert_eq!((&answer.json["outcome"], &policy["id"], &policy["rule"]), (&json!("permitted"), &json!("dirs.release.read"), &json!("9")));
        assert_eq!((&policy["confidentiality"], &policy["permits"]), (&json!("client-consent"), &json!(true)));

        // A misspelt code is named; who does not answer for it does not ask.
        let mut misspelt = supposed();
        misspelt["relation"] = json!("adressed");
        assert_eq!(explained(&officer, Purpose::AuditReview, misspelt).await.status, 400);
        for (agency, worker, purpose) in [
            ("northmoor-cjit", "testa-rowan", Purpose::AuditReview), ("northmoor-police", "proxy-thorn", Purpose::AuditReview),
            ("northmoor-cjit", "sample-juniper", Purpose::SubjectAccess),
        ] {
            let answer = explained(&world.worker(agency, worker), purpose, supposed()).await;
            assert_eq!((answer.status.as_u16(), answer.problem()), (403, "purpose-not-permitted"), "{worker}");
        }
        let auditor = explained(&world.worker("audit-office", "checker-willow"), Purpose::AuditReview, supposed()).await;
        assert_eq!(auditor.status, 200, "{}", auditor.json);

        // The command says the same, without a gateway.
        let command = |more: &[&str]| {
            let output = Command::new(env!("CARGO_BIN_EXE_throughgate"))
                .args(["policy", "explain", "--agency-type", "cjit", "--role", "case-manager", "--purpose", "continuity-of-care"])
                .args(["--action", "dir.read", "--custodian", "carat", "--relation", "addressed"])
                .args(["--consented", "identity,prescribing", "--fact", "signed,referral_live"])
                .args(more)
                .output()
                .unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap()
        };
        assert_eq!(serde_json::from_str::<Value>(&command(&["--json"])).unwrap(), auditor.json);
        let text = command(&[]);
        assert!(text.starts_with("refused\n") && text.contains("  release_date_set: permitted; sees identity prescribing"), "{text}");
    }
}
