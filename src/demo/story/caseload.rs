//! Story two: Lantern asks whether a woman is on another caseload before it allocates a worker; the holder answers, and the lead is
//! agreed. Police ask the same and are refused.

use serde_json::{Value, json};

use super::Stage;
use crate::demo::actor::{Actor, Answer, Ask};
use crate::demo::telling::{Otherwise, Teller};
use crate::id::Handle;
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
    let today = stage.clock.now().to_string();
    let opened = json!({"admitted_on": today.get(..10).unwrap_or_default()});

    let answer =
        teller.step("Northmoor takes Demo Elder on", cjit.post("/v1/clients", person.clone()), 201).await?;
    let theirs = handle(&answer, "client_ref")?;
    let ask = open(&cjit, theirs, &opened);
    teller.step("and opens a caseload episode: first, so it leads for the time being", ask, 201).await?;

    let answer =
        teller.step("A woman comes to Lantern's drop-in", lantern.post("/v1/clients", person), 201).await?;
    let ours = handle(&answer, "client_ref")?;
    let answer = teller
        .step("Lantern takes her on; that waits for nothing", open(&lantern, ours, &opened), 201)
        .await?;
    let episode = (answer.header("location").to_owned(), answer.etag().to_owned());
    let ask = allocate(&lantern, ours, &episode);
    teller.step("To allocate a worker to her is blocked: a check must be run first", ask, 409).await?;

    let question = json!({"client_ref": ours, "reason": "new-case"});
    let ask =
        lantern.post("/v1/caseload-checks", question.clone()).about(ours).purpose(Purpose::DuplicateCheck);
    let answer = teller.step("Lantern asks whether she is on another caseload", ask, 201).await?;
    expect(teller, &answer, "outcome", "held")?;
    teller.remark("The answer is `held`, and no more: not who, not what kind of service, not why.");
    let check = handle(&answer, "id")?;

    let inbox = cjit.get("/v1/caseload-checks?box=in").purpose(Purpose::DuplicateCheck);
    let answer =
        teller.step("Northmoor's duty role finds the question: not who asks, nor why", inbox, 200).await?;
    let asked = answer.json.pointer("/questions/0/id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let given = json!({"answer": "keep-informed", "speak_to": "the duty worker", "may_name_us": true});
    let ask = cjit.post(format!("/v1/caseload-checks/{asked}/answer"), given);
    let ask = ask.about(theirs).purpose(Purpose::DuplicateCheck);
    teller.step("It answers that Lantern may lead, and whom to keep informed", ask, 200).await?;

    let ask =
        lantern.get(format!("/v1/caseload-checks/{check}")).about(ours).purpose(Purpose::DuplicateCheck);
    let answer =
        teller.step("Lantern reads the answer, with the name that Northmoor let it have", ask, 200).await?;
    expect(teller, &answer, "allocation", "free")?;
    let answer =
        teller.step("The lead is agreed, not raced", lantern.get(&episode.0).about(ours), 200).await?;
    expect(teller, &answer, "part", "lead")?;
    let ask = allocate(&lantern, ours, &(episode.0.clone(), answer.etag().to_owned()));
    teller.step("and now Lantern allocates its worker", ask, 200).await?;

    let ask = police.post("/v1/caseload-checks", question).about(ours).purpose(Purpose::DuplicateCheck);
    teller.step("Police custody asks the same, and is refused", ask, 403).await?;
    Ok(())
}

fn open<'a>(worker: &'a Actor, client: Handle, opened: &Value) -> Ask<'a> {
    worker.post(format!("/v1/clients/{client}/caseload-episodes"), opened.clone()).about(client)
}

fn allocate<'a>(worker: &'a Actor, client: Handle, (path, etag): &(String, String)) -> Ask<'a> {
    let step = json!({"case_manager": worker.worker()});
    worker.post(format!("{path}/allocate"), step).about(client).if_match(etag)
}

fn handle(answer: &Answer, member: &str) -> Result<Handle, Otherwise> {
    answer
        .handle(member)
        .ok_or_else(|| Otherwise::Step { step: 0, what: format!("the answer has no {member}") })
}

fn expect(teller: &Teller, answer: &Answer, member: &str, value: &str) -> Result<(), Otherwise> {
    if answer.json.get(member).and_then(Value::as_str) == Some(value) {
        return Ok(());
    }
    Err(teller.otherwise(format!("{member} was expected to be `{value}`")))
}
