//! Story one: a prison referral travels with a woman to the gate, with what she consented to, until she says no.

use serde_json::{Value, json};

use super::Stage;
use crate::demo::telling::{Otherwise, Teller};
use crate::id::Handle;
use crate::vocabulary::Purpose;

/// Her record, as full as a prison worker would write it.
pub(super) const RECORD: &str = include_str!("../../../tests/fixtures/dir-fixture-cedar.json");

/// What she agreed that the community team may see. Her working name, her virus status and her refuge are not among it.
pub(super) const AGREED: &[&str] = &[
    "identity",
    "contact",
    "attendance",
    "drug-use",
    "alcohol-use",
    "physical-health",
    "care-plan",
    "prescribing",
    "housing",
    "risk",
    "release-plan",
];

/// Words of her record that must not reach the community team.
const NEVER: &[&str] = &["Placeholder Rose", "Safehaven"];

/// Tells it.
///
/// # Errors
/// At the first step that goes otherwise than told.
pub(super) async fn tell(stage: &Stage, teller: &mut Teller) -> Result<(), Otherwise> {
    teller
        .chapter("Story 1. Fixture Cedar is released from HMP Fallowgate, and her record goes ahead of her");
    let carat = stage.worker("fallowgate-carat", "fixture-oak")?;
    let cjit = stage.worker("northmoor-cjit", "testa-rowan")?;
    let spoc = stage.worker("northmoor-cjit", "duty-spoc")?;
    let record: Value =
        serde_json::from_str(RECORD).map_err(|_| teller.otherwise("the record does not parse".into()))?;
    let missing = |what: &str| Otherwise::Step { step: 0, what: format!("the answer has no {what}") };

    let person = json!({"person": record.get("person").cloned().unwrap_or_default()});
    let answer = teller
        .step(
            "She is presented, and becomes a client of the prison team",
            carat.post("/v1/clients", person),
            201,
        )
        .await?;
    let client = answer.handle("client_ref").ok_or_else(|| missing("client_ref"))?;

    let consents = format!("/v1/clients/{client}/consents");
    let ask = carat.post(consents, consent(stage)).about(client);
    let answer = teller
        .step("She consents: Northmoor may see eleven segments, by name, for her release", ask, 201)
        .await?;
    let consent = answer.header("location").to_owned();
    let consent_id: Handle = last_part(&consent).ok_or_else(|| missing("consent"))?;

    let ask = carat
        .post("/v1/caseload-checks", json!({"client_ref": client, "reason": "release-planning"}))
        .about(client)
        .purpose(Purpose::DuplicateCheck);
    teller.step("Is she on anybody's caseload? The prison team asks before it refers", ask, 201).await?;

    let dirs = format!("/v1/clients/{client}/dirs");
    let answer = teller
        .step(
            "Her Drug Interventions Record is drafted",
            carat.post(dirs, draft(&record, consent_id)).about(client),
            201,
        )
        .await?;
    let dir = answer.header("location").to_owned();
    let answer =
        teller.step("The worker reads the draft once more", carat.get(&dir).about(client), 200).await?;
    let ask = carat.post(format!("{dir}/signature"), json!({})).about(client).if_match(answer.etag());
    teller.step("and signs it: from now on it is never edited", ask, 200).await?;

    let dir_id: Handle = last_part(&dir).ok_or_else(|| missing("DIR"))?;
    let ask = carat.post("/v1/referrals", referral(client, dir_id)).about(client).purpose(Purpose::Referral);
    let answer = teller.step("A release referral to the team that will meet her", ask, 201).await?;
    let (referral, etag) = (answer.header("location").to_owned(), answer.etag().to_owned());
    let ask = carat
        .post(format!("{referral}/send"), json!({}))
        .about(client)
        .purpose(Purpose::Referral)
        .if_match(etag);
    teller.step("is sent", ask, 200).await?;

    let ask = spoc.get("/v1/referrals?box=in").purpose(Purpose::Referral);
    let answer = teller.step("Northmoor's duty worker opens the inbox", ask, 200).await?;
    let item = answer.json.pointer("/referrals/0").cloned().unwrap_or_default();
    let received = handle(&item, "referral").ok_or_else(|| missing("referral"))?;
    let theirs = handle(&item, "client_ref").ok_or_else(|| missing("client_ref"))?;
    teller.remark("Northmoor's references are its own: none of the prison team's ids is among them.");

    let path = format!("/v1/referrals/{received}");
    let ask = spoc.get(&path).about(theirs).purpose(Purpose::Referral);
    let answer = teller.step("and reads it", ask, 200).await?;
    let their_dir = answer.json.pointer("/dirs/0").and_then(Value::as_str).unwrap_or_default().to_owned();
    let ask = spoc
        .post(format!("{path}/acknowledge"), json!({}))
        .about(theirs)
        .purpose(Purpose::Referral)
        .if_match(answer.etag());
    let answer = teller.step("It is acknowledged", ask, 200).await?;
    let accept = json!({"named_worker": "testa-rowan"});
    let ask = spoc
        .post(format!("{path}/accept"), accept)
        .about(theirs)
        .purpose(Purpose::Referral)
        .if_match(answer.etag());
    teller.step("and accepted: Testa Rowan will be at the gate", ask, 200).await?;

    let their_dir = format!("/v1/dirs/{their_dir}");
    let answer = teller.step("Testa Rowan reads her record", cjit.get(&their_dir).about(theirs), 200).await?;
    let body = String::from_utf8_lossy(&answer.bytes);
    if let Some(word) = NEVER.iter().find(|word| body.contains(**word)) {
        return Err(teller.otherwise(format!("a silent segment left the gateway ({} letters)", word.len())));
    }
    let withheld = answer.json.get("withheld").map(Value::to_string).unwrap_or_default();
    teller.remark(&format!(
        "Shown: what she agreed to. Withheld and listed: {withheld}. The silent segments are not even listed."
    ));

    let answer = teller
        .step("She changes her mind, and says so in the prison", carat.get(&consent).about(client), 200)
        .await?;
    let withdrawal = json!({"channel": "in-person", "reason": "She no longer wishes it.", "urgent_effects_confirmed": true});
    let ask = carat.post(format!("{consent}/withdrawal"), withdrawal).about(client).if_match(answer.etag());
    teller.step("Her consent is withdrawn", ask, 200).await?;
    teller.step("Testa Rowan reads again, and is refused", cjit.get(&their_dir).about(theirs), 404).await?;

    let ask =
        carat.get(format!("/v1/clients/{client}/disclosures")).about(client).purpose(Purpose::SubjectAccess);
    let answer = teller.step("She asks who has seen what", ask, 200).await?;
    let rows = answer.json.pointer("/disclosures").and_then(Value::as_array).map_or(0, Vec::len);
    teller.remark(&format!("{rows} rows, refusals among them, in plain words."));
    Ok(())
}

/// The record as the draft's body, with the consent that was just recorded, and without the scripts of another time.
pub(super) fn draft(record: &Value, consent: Handle) -> Value {
    let mut record = record.clone();
    if let Some(section) = record.get_mut("consent").and_then(Value::as_object_mut) {
        section.insert("consent".to_owned(), json!(consent));
    }
    if let Some(section) = record.get_mut("prescribing").and_then(Value::as_object_mut) {
        section.remove("scripts");
    }
    json!({"document": record})
}

fn consent(stage: &Stage) -> Value {
    let now = stage.clock.now();
    let until = now.saturating_add(jiff::SignedDuration::from_hours(24 * 90)).unwrap_or(now);
    json!({
        "decision": "given",
        "given_by": "client",
        "capacity_confirmed": true,
        "obtained_at": now.to_string(),
        "method": "written",
        "evidence_hash": "0".repeat(64),
        "form_version_uri": "urn:example:consent-form:3",
        "language": "en-GB",
        "interpreter_used": false,
        "disclosing_agencies": ["fallowgate-carat"],
        "recipients": ["northmoor-cjit"],
        "purposes": ["continuity-of-care", "referral"],
        "segments": AGREED,
        "not_before": now.to_string(),
        "expires_at": until.to_string(),
        "seen_alone": true,
        "refusal_explained": true,
        "redisclosure": "prohibited",
    })
}

fn referral(client: Handle, dir: Handle) -> Value {
    json!({
        "client_ref": client,
        "recipient": "northmoor-cjit",
        "route": "carat-to-cjit",
        "urgency": "release-critical",
        "need": "throughcare",
        "dirs": [dir],
        "release": {"date": "2026-12-04", "time": "16:50:00", "prison": "HMP Fallowgate"},
        "pick_up_wanted": true,
    })
}

fn handle(value: &Value, member: &str) -> Option<Handle> {
    value.get(member)?.as_str()?.parse().ok()
}

fn last_part(path: &str) -> Option<Handle> {
    path.rsplit('/').next()?.parse().ok()
}
