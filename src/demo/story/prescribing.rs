//! Story three: two prescribe for one woman; the second is told at once, others one word, police nothing, and one script ends.

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::Stage;
use crate::demo::actor::{Actor, Answer};
use crate::demo::telling::{Otherwise, Teller};
use crate::id::Handle;
use crate::vocabulary::Purpose;

/// Tells it.
///
/// # Errors
/// At the first step that goes otherwise than told.
pub(super) async fn tell(stage: &Stage, teller: &mut Teller) -> Result<(), Otherwise> {
    teller.chapter("Story 3. Does anybody prescribe for Sample Damson already?");
    let lantern = stage.worker("lantern", "dr-sample-sorrel")?;
    let cjit = stage.worker("northmoor-cjit", "dr-fixture-rowe")?;
    let manager = stage.worker("northmoor-cjit", "testa-rowan")?;
    let police = stage.worker("northmoor-police", "proxy-thorn")?;
    let london = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    let day = stage.clock.now().to_zoned(london).date().to_string();
    let script = json!({"drug": "methadone", "dose_band": "middle", "collection": "daily", "supervised": true,
        "started_on": day});
    let safely = Purpose::PrescribingSafety;

    let hers = present(teller, &lantern, "Sample Damson comes to Lantern's fast-track clinic").await?;
    let open =
        lantern.post(format!("/v1/clients/{hers}/scripts"), script.clone()).about(hers).purpose(safely);
    let opened = teller.step("Its prescriber starts methadone", open, 201).await?;
    let collect = lantern.post(format!("{}/collect", opened.header("location")), json!({"on": day}));
    let collect = collect.about(hers).purpose(safely).if_match(opened.etag());
    teller.step("and she takes it there today", collect, 200).await?;

    let ours = present(teller, &cjit, "The same day Northmoor's doctor sees her after an arrest").await?;
    let open = cjit.post(format!("/v1/clients/{ours}/scripts"), script).about(ours).purpose(safely);
    let held = teller.step("and would start methadone too: the script is held", open, 201).await?;
    let told = held.json.get("elsewhere").cloned().unwrap_or_default();
    let expected = json!({"hold": true, "drug": "methadone", "last_collected_on": day});
    if held.json.get("state") != Some(&json!("held")) || !includes(&told, &expected) {
        return Err(teller.otherwise("the doctor was to be told `hold`, drug and last collection".into()));
    }
    teller.remark(
        "The doctor is told `hold`, the drug, when it was last collected, and a relay to ring. Not who prescribes, nor what kind of service.",
    );

    let look = manager.get(format!("/v1/clients/{ours}/scripts")).about(ours);
    let seen = teller.step("Her case manager looks, and is told one word", look, 200).await?;
    if seen.json.get("elsewhere") != Some(&json!({"clinical_hold": true})) {
        return Err(teller.otherwise("the case manager was to be told `clinical_hold` and no more".into()));
    }
    let look = police.get(format!("/v1/clients/{ours}/scripts")).about(ours).purpose(safely);
    teller.step("Police custody asks, and is refused as for everybody", look, 403).await?;

    let conflict = member(teller, &held, "conflict")?;
    let look = cjit.get(format!("/v1/conflicts/{conflict}")).about(ours).purpose(safely);
    let read = teller
        .step("The two doctors speak through the relay; Northmoor's opens the conflict", look, 200)
        .await?;
    let propose = json!({"outcome": "ended", "keeps": "theirs", "reason_code": "spoken-to",
        "reason": "She stays where she is known."});
    let end = cjit.post(format!("/v1/conflicts/{conflict}/propose"), propose);
    let end = end.about(ours).purpose(safely).if_match(read.etag());
    let resolved = teller.step("and ends the held script: the other goes on", end, 200).await?;
    if resolved.json.get("state") != Some(&json!("resolved")) {
        return Err(teller.otherwise("the conflict was to be resolved".into()));
    }
    let look = lantern.get("/v1/conflicts").purpose(safely);
    let left = teller.step("Lantern has no open conflict any more", look, 200).await?;
    if left.json.get("conflicts") != Some(&json!([])) {
        return Err(teller.otherwise("no conflict was to be open".into()));
    }
    Ok(())
}

async fn present(teller: &mut Teller, clinician: &Actor, what: &str) -> Result<Handle, Otherwise> {
    let person = json!({"person": {
        "names": [{"kind": "legal", "forename": "Sample", "surname": "Damson"}],
        "date_of_birth": "1993-11-02", "sex": "female",
    }});
    let answer = teller.step(what, clinician.post("/v1/clients", person), 201).await?;
    member(teller, &answer, "client_ref")
}

fn member(teller: &Teller, answer: &Answer, name: &str) -> Result<Handle, Otherwise> {
    answer.handle(name).ok_or_else(|| teller.otherwise(format!("the answer has no {name}")))
}

/// Whether an object has all these members.
fn includes(told: &Value, expected: &Value) -> bool {
    expected
        .as_object()
        .is_some_and(|members| members.iter().all(|(name, value)| told.get(name) == Some(value)))
}
