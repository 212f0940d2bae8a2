//! Story four: prison and back, and nothing asked twice. A case is suspended and not lost, the record goes ahead, three parties see to the
//! gate, and whether care went on is counted.

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::Stage;
use super::release::{RECORD, draft};
use crate::demo::actor::{Actor, Answer, Ask};
use crate::demo::telling::{Otherwise, Teller};
use crate::id::Handle;
use crate::vocabulary::Purpose;

/// What she agrees that the prison's team and the team near the prison may be told.
const AGREED: &[&str] = &[
    "identity",
    "contact",
    "attendance",
    "drug-use",
    "physical-health",
    "care-plan",
    "prescribing",
    "housing",
    "risk",
];

/// A path of the home team's, and the version that was read of it.
struct Resource {
    path: String,
    etag: String,
}

/// Tells it.
///
/// # Errors
/// At the first step that goes otherwise than told.
pub(super) async fn tell(stage: &Stage, teller: &mut Teller) -> Result<(), Otherwise> {
    teller.chapter("Story 4. Trial Juniper goes to prison for twenty days, and comes back to her case");
    let home = stage.worker("northmoor-cjit", "testa-rowan")?;
    let prison = stage.worker("fallowgate-carat", "fixture-oak")?;
    let host = stage.worker("eastvale-cjit", "sample-linden")?;
    let london = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    let today = stage.clock.now().to_zoned(london).date();
    let release_on = today.saturating_add(20.days());

    let hers = present(teller, &home).await?;
    let mut episode = suspend(teller, &home, hers, today).await?;
    let consent = consent(stage, teller, &home, hers).await?;
    refer(teller, &home, hers, consent).await?;
    carry_on(teller, &prison).await?;

    let plan = json!({"release_on": release_on, "gate_at": "10:30:00", "prison": "HMP Fallowgate", "pick_up_wanted": true,
        "last_dose": {"what": "Methadone 45 ml", "at": format!("{release_on}T07:30")},
        "bridging_script": {"what": "Methadone 45 ml, Test Pharmacy", "until": release_on.saturating_add(3.days())},
        "urgent_needs": ["naloxone"],
        "first_appointment": {"at": format!("{}T10:00", release_on.saturating_add(2.days())), "place": "1 Test Row, Northmoor"}});
    let ask = home.post(format!("/v1/clients/{hers}/release-plans"), plan).about(hers);
    let answer = teller.step("Northmoor plans her release, and is told what may go wrong", ask, 201).await?;
    let warnings = answer.json.get("warnings").map(Value::to_string).unwrap_or_default();
    teller
        .remark(&format!("Warnings: {warnings}. The receiver's duty role and telephone stand beside them."));
    let mut plan = resource(&answer);
    meet(teller, [&home, &host, &prison], hers, &plan).await?;
    let letter = home.get(format!("{}/letter", plan.path)).about(hers);
    teller
        .step("A letter is drafted all the same: when, where, whom to ring, and not why", letter, 200)
        .await?;

    for (what, step) in
        [("She has left", "note-release"), ("and keeps her first appointment", "note-attended")]
    {
        let ask = home.post(format!("{}/{step}", plan.path), json!({})).about(hers).if_match(&plan.etag);
        plan.etag = teller.step(what, ask, 200).await?.etag().to_owned();
    }
    let answer =
        teller.step("Within three weeks: care went on", home.get(&plan.path).about(hers), 200).await?;
    expect(teller, &answer, "continuity", "within-three-weeks")?;
    let ask = home.post(format!("{}/resume", episode.path), json!({})).about(hers).if_match(&episode.etag);
    let answer = teller.step("and her case goes on where it stood", ask, 200).await?;
    episode.etag = answer.etag().to_owned();
    expect(teller, &answer, "state", "active")
}

async fn present(teller: &mut Teller, home: &Actor) -> Result<Handle, Otherwise> {
    let answer =
        teller.step("Trial Juniper is on Northmoor's books", home.post("/v1/clients", person()), 201).await?;
    member(teller, &answer, "client_ref")
}

/// Her case is active; twenty days in prison suspend it, and more than a month would not.
async fn suspend(
    teller: &mut Teller,
    home: &Actor,
    hers: Handle,
    today: Date,
) -> Result<Resource, Otherwise> {
    let opened = json!({"admitted_on": today, "state": "active"});
    let ask = home.post(format!("/v1/clients/{hers}/caseload-episodes"), opened).about(hers);
    let mut episode = resource(&teller.step("with an active case", ask, 201).await?);
    let custody = |until: Date| {
        json!({"suspend_code": "S1", "custody":
            {"received_on": today, "release_expected_on": until, "prison": "HMP Fallowgate"}})
    };
    let path = format!("{}/suspend", episode.path);
    let suspend = |until: Date| home.post(path.clone(), custody(until)).about(hers).if_match(&episode.etag);
    let long = suspend(today.saturating_add(40.days()));
    teller
        .step("She goes to prison. Were it for forty days, the case could not be suspended", long, 422)
        .await?;
    let short = suspend(today.saturating_add(20.days()));
    let answer = teller.step("It is for twenty: suspended, S1", short, 200).await?;
    teller.remark(
        "Two tasks wait for the day of her release and for the end of the month; nobody has to remember.",
    );
    episode.etag = answer.etag().to_owned();
    Ok(episode)
}

async fn consent(
    stage: &Stage,
    teller: &mut Teller,
    home: &Actor,
    hers: Handle,
) -> Result<Handle, Otherwise> {
    let now = stage.clock.now();
    let until = now.saturating_add(jiff::SignedDuration::from_hours(24 * 90)).unwrap_or(now);
    let given = json!({
        "decision": "given", "given_by": "client", "capacity_confirmed": true, "obtained_at": now.to_string(),
        "method": "written", "evidence_hash": "0".repeat(64), "form_version_uri": "urn:example:consent-form:3",
        "language": "en-GB", "interpreter_used": false, "disclosing_agencies": ["northmoor-cjit"],
        "recipients": ["fallowgate-carat", "eastvale-cjit"], "purposes": ["continuity-of-care", "referral"],
        "segments": AGREED, "not_before": now.to_string(), "expires_at": until.to_string(), "seen_alone": true,
        "refusal_explained": true, "redisclosure": "prohibited",
    });
    let ask = home.post(format!("/v1/clients/{hers}/consents"), given).about(hers);
    let answer =
        teller.step("She consents: the prison's team and the team near the prison", ask, 201).await?;
    member(teller, &answer, "consent_id")
}

/// Her record goes to the prison the same day.
async fn refer(teller: &mut Teller, home: &Actor, hers: Handle, consent: Handle) -> Result<(), Otherwise> {
    let question = json!({"client_ref": hers, "reason": "custody-reception"});
    let ask = home.post("/v1/caseload-checks", question).about(hers).purpose(Purpose::DuplicateCheck);
    teller.step("Northmoor asks whether anybody else has her on the books", ask, 201).await?;
    let mut record: Value =
        serde_json::from_str(RECORD).map_err(|_| teller.otherwise("the record does not parse".into()))?;
    if let (Some(sections), Some(person)) = (record.as_object_mut(), person().get("person")) {
        sections.insert("person".to_owned(), person.clone());
    }
    let ask = home.post(format!("/v1/clients/{hers}/dirs"), draft(&record, consent)).about(hers);
    let drafted = teller.step("Her record is written down", ask, 201).await?;
    let dir = resource(&drafted);
    let ask = home.post(format!("{}/signature", dir.path), json!({})).about(hers).if_match(&dir.etag);
    teller.step("and signed", ask, 200).await?;
    let dir: Handle = member(teller, &drafted, "dir")?;
    let referral = json!({"client_ref": hers, "recipient": "fallowgate-carat", "route": "cjit-to-carat",
        "urgency": "urgent", "need": "treatment", "dirs": [dir], "release": {"prison": "HMP Fallowgate"}});
    let ask = home.post("/v1/referrals", referral).about(hers).purpose(Purpose::Referral);
    let referral = resource(&teller.step("A referral to the prison's team", ask, 201).await?);
    let ask = home.post(format!("{}/send", referral.path), json!({})).about(hers);
    let ask = ask.purpose(Purpose::Referral).if_match(&referral.etag);
    teller.step("takes it there the same day", ask, 200).await?;
    Ok(())
}

/// The prison's team goes on with what it received, and cannot ask it again.
async fn carry_on(teller: &mut Teller, prison: &Actor) -> Result<(), Otherwise> {
    let ask = prison.get("/v1/referrals?box=in").purpose(Purpose::Referral);
    let answer = teller.step("The prison's team opens its inbox", ask, 200).await?;
    let lines = answer.json.get("referrals").and_then(Value::as_array).cloned().unwrap_or_default();
    let line = lines.last().cloned().unwrap_or_default();
    let handle = |name: &str| -> Option<Handle> { line.get(name)?.as_str()?.parse().ok() };
    let (Some(referral), Some(theirs)) = (handle("referral"), handle("client_ref")) else {
        return Err(teller.otherwise("the referral was to be in the inbox".into()));
    };
    let ask = prison.get(format!("/v1/referrals/{referral}")).about(theirs).purpose(Purpose::Referral);
    let answer = teller.step("and reads what came", ask, 200).await?;
    let dir = answer.json.pointer("/dirs/0").and_then(Value::as_str).unwrap_or_default().to_owned();
    let ask = prison.get(format!("/v1/dirs/{dir}")).about(theirs);
    teller.step("her record, as far as she agreed", ask, 200).await?;
    let again = json!({"document": {"substance_use": {"class_a_dependency": true}}});
    let ask = prison.post(format!("/v1/clients/{theirs}/dirs"), again).about(theirs);
    let answer = teller.step("To ask her all of it again is refused", ask, 409).await?;
    if answer.problem() != "dir-already-received" {
        return Err(teller.otherwise("`dir-already-received` was expected".into()));
    }
    let update = json!({"kind": "contact", "occurred_at": "2026-06-03T10:30", "tags": ["prescribing"],
        "text": "Methadone continued on reception."});
    let ask = prison.post(format!("/v1/dirs/{dir}/activities"), update).about(theirs);
    teller.step("What is new is added to it instead", ask, 201).await?;
    Ok(())
}

/// Home, host and prison agree who is at the gate, each told its own part.
async fn meet(
    teller: &mut Teller,
    [home, host, prison]: [&Actor; 3],
    hers: Handle,
    plan: &Resource,
) -> Result<(), Otherwise> {
    let asked = json!({"host": "eastvale-cjit", "prison_team": "fallowgate-carat", "name_to_use": "Trial",
        "onward": "The 11:40 train to Northmoor", "safe_contact": "Call, no voicemail.", "staff_safety": "Meet in public."});
    let ask = home.post(format!("{}/pick-ups", plan.path), asked).about(hers).if_match(&plan.etag);
    let what =
        "She asked to be met. The prison is far off, so Northmoor asks the team near it, and the prison's";
    teller.step(what, ask, 201).await?;
    let mut at_host = None;
    for (party, what) in
        [(host, "Eastvale finds the question, who and when"), (prison, "The prison's team finds it, too")]
    {
        let answer = teller.step(what, party.get("/v1/tasks?view=agency"), 200).await?;
        let tasks = answer.json.get("tasks").and_then(Value::as_array).cloned().unwrap_or_default();
        let task = tasks.iter().find(|task| task.get("kind") == Some(&json!("answer-pick-up")));
        let path = task.and_then(|task| task.get("subject")).and_then(Value::as_str).unwrap_or_default();
        let path = path.to_owned();
        let look = named(party.get(&path), &path);
        let answer = teller.step("reads what it must know, and no more", look, 200).await?;
        let ask = named(party.post(format!("{path}/agree"), json!({})), &path).if_match(answer.etag());
        let answer = teller.step("and agrees", ask, 200).await?;
        at_host.get_or_insert(path);
        if party.agency() == prison.agency() {
            expect(teller, &answer, "state", "agreed")?;
        }
    }
    let path = at_host.unwrap_or_default();
    let answer = teller
        .step("On the day Eastvale's worker looks once more", named(host.get(&path), &path), 200)
        .await?;
    let ask = named(host.post(format!("{path}/note-met"), json!({})), &path).if_match(answer.etag());
    teller.step("and meets her at the gate", ask, 200).await?;
    Ok(())
}

/// A request whose token names the resource itself: who is asked to meet somebody need not know the person.
fn named<'a>(ask: Ask<'a>, path: &str) -> Ask<'a> {
    match path.rsplit('/').next().and_then(|last| last.parse().ok()) {
        Some(id) => ask.about(id),
        None => ask,
    }
}

fn person() -> Value {
    json!({"person": {
        "names": [{"kind": "legal", "forename": "Trial", "surname": "Juniper"}],
        "date_of_birth": "1979-05-06", "sex": "female",
        "safe_contact": {"channels": ["letter", "call"], "may_name_service": false},
    }})
}

fn resource(answer: &Answer) -> Resource {
    Resource { path: answer.header("location").to_owned(), etag: answer.etag().to_owned() }
}

fn member(teller: &Teller, answer: &Answer, name: &str) -> Result<Handle, Otherwise> {
    answer.handle(name).ok_or_else(|| teller.otherwise(format!("the answer has no {name}")))
}

fn expect(teller: &Teller, answer: &Answer, member: &str, value: &str) -> Result<(), Otherwise> {
    if answer.json.get(member).and_then(Value::as_str) == Some(value) {
        return Ok(());
    }
    Err(teller.otherwise(format!("{member} was expected to be `{value}`")))
}
