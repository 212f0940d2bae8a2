//! Story two: Lantern asks whether a woman is on another caseload; police ask the same and are refused.

use serde_json::{Value, json};

use super::Stage;
use crate::demo::telling::{Otherwise, Teller};
use crate::vocabulary::Purpose;

/// Tells it.
///
/// # Errors
/// At the first step that goes otherwise than told.
pub(super) async fn tell(stage: &Stage, teller: &mut Teller) -> Result<(), Otherwise> {
    teller.chapter("Story 2. Is Demo Elder on somebody's caseload already?");
    let cjit = stage.worker("northmoor-cjit", "testa-rowan")?;
    let lantern = stage.worker("lantern", "ms-placeholder")?;
    let police = stage.worker("northmoor-police", "proxy-thorn")?;
    let person = json!({"person": {
        "names": [{"kind": "legal", "forename": "Demo", "surname": "Elder"}],
        "date_of_birth": "1991-07-15", "sex": "female",
    }});
    let missing = |what: &str| Otherwise::Step { step: 0, what: format!("the answer has no {what}") };

    let answer =
        teller.step("Northmoor takes Demo Elder on", cjit.post("/v1/clients", person.clone()), 201).await?;
    let theirs = answer.handle("client_ref").ok_or_else(|| missing("client_ref"))?;
    let today = stage.clock.now().to_string();
    let admitted = today.get(..10).unwrap_or_default();
    let opened = json!({"admitted_on": admitted, "case_manager": "testa-rowan"});
    let ask = cjit.post(format!("/v1/clients/{theirs}/caseload-episodes"), opened).about(theirs);
    teller.step("and opens a caseload episode", ask, 201).await?;

    let answer =
        teller.step("A woman comes to Lantern's drop-in", lantern.post("/v1/clients", person), 201).await?;
    let ours = answer.handle("client_ref").ok_or_else(|| missing("client_ref"))?;
    let question = json!({"client_ref": ours});
    let ask =
        lantern.post("/v1/caseload-checks", question.clone()).about(ours).purpose(Purpose::DuplicateCheck);
    let answer = teller.step("Lantern asks whether she is on another caseload", ask, 201).await?;
    let outcome = answer.json.get("outcome").and_then(Value::as_str).unwrap_or_default().to_owned();
    if outcome != "held" {
        return Err(teller.otherwise("the outcome was expected to be `held`".into()));
    }
    teller.remark("The answer is `held`, and no more: not who, not what kind of service, not why.");

    let ask = police.post("/v1/caseload-checks", question).about(ours).purpose(Purpose::DuplicateCheck);
    teller.step("Police custody asks the same, and is refused", ask, 403).await?;
    Ok(())
}
