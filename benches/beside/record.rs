//! Puts one person's whole record into a running gateway, referred to and consented for the team that `./dev bench` reads as.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::{Value, json};
use throughgate::clock::{SharedClock, SystemClock};
use throughgate::demo::actor::{Actor, Answer, Ask};
use throughgate::vocabulary::{Purpose, Segment};

const RECORD: &str = include_str!("../../tests/fixtures/dir-fixture-cedar.json");
const SENDER: (&str, &str) = ("fallowgate-carat", "fixture-oak");
const READER: (&str, &str) = ("northmoor-cjit", "testa-rowan");

/// Record, consent, check and referral, over the gateway's own interface.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The partnership's folder.
    #[arg(long)]
    dir: PathBuf,
    /// The gateway's base URI.
    #[arg(long)]
    base: String,
}

pub(crate) fn run(args: Args) -> Result<(), Box<dyn Error>> {
    actix_web::rt::System::new().block_on(async {
        println!("{}", refer(&args).await?);
        Ok(())
    })
}

/// Refers the record, and answers where its recipient reads it.
async fn refer(args: &Args) -> Result<Value, Box<dyn Error>> {
    let clock: SharedClock = Arc::new(SystemClock);
    let actor = |(agency, worker)| Actor::new(&args.dir, args.base.clone(), agency, worker, clock.clone());
    let (sender, reader) = (actor(SENDER)?, actor(READER)?);

    let person = json!({"person": {
        "names": [{"kind": "legal", "forename": "Fixture", "surname": "Cedar"}],
        "date_of_birth": "1988-02-29", "sex": "female",
    }});
    let presented = done(sender.post("/v1/clients", person)).await?;
    let client = presented.handle("client_ref").ok_or("no client_ref")?;
    let consents = format!("/v1/clients/{client}/consents");
    done(sender.post(consents, consent(&clock)).about(client)).await?;
    let check = json!({"client_ref": client, "reason": "release-planning"});
    let check = sender.post("/v1/caseload-checks", check).about(client);
    done(check.purpose(Purpose::DuplicateCheck)).await?;

    let dirs = format!("/v1/clients/{client}/dirs");
    let drafted = done(sender.post(dirs, json!({"document": document()?})).about(client)).await?;
    let dir = drafted.handle("dir").ok_or("no dir")?;
    let shown = done(sender.get(format!("/v1/dirs/{dir}")).about(client)).await?;
    let sign = sender.post(format!("/v1/dirs/{dir}/signature"), json!({}));
    done(sign.about(client).if_match(shown.etag())).await?;

    let referral = json!({
        "client_ref": client, "recipient": READER.0, "route": "carat-to-cjit", "urgency": "release-critical",
        "need": "throughcare", "dirs": [dir],
        "release": {"date": "2026-12-04", "time": "16:50:00", "prison": "HMP Fallowgate"},
    });
    let drafted = done(sender.post("/v1/referrals", referral).about(client)).await?;
    let referral = format!("/v1/referrals/{}", drafted.handle("referral").ok_or("no referral")?);
    let shown = done(sender.get(referral.clone()).about(client)).await?;
    let send = sender.post(format!("{referral}/send"), json!({}));
    done(send.about(client).if_match(shown.etag())).await?;

    let inbox = done(reader.get("/v1/referrals?box=in")).await?;
    let at = |pointer: &str| inbox.json.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let received = at("/referrals/0/referral").ok_or("an empty inbox")?;
    let client = at("/referrals/0/client_ref").ok_or("no client_ref")?.parse()?;
    let shown = done(reader.get(format!("/v1/referrals/{received}")).about(client)).await?;
    let dir = shown.json.pointer("/dirs/0").and_then(Value::as_str).ok_or("no dir")?;
    let path = format!("/v1/dirs/{dir}");
    let read = done(reader.get(&path).about(client)).await?;
    Ok(json!({
        "path": path, "client_ref": client, "agency": READER.0, "worker": READER.1,
        "purpose": Purpose::ContinuityOfCare.code(), "body_bytes": read.bytes.len(),
    }))
}

async fn done(ask: Ask<'_>) -> Result<Answer, Box<dyn Error>> {
    let answer = ask.send().await?;
    if answer.status.is_success() {
        Ok(answer)
    } else {
        Err(format!("{}: {}", answer.status, answer.problem()).into())
    }
}

/// The invented record, without handles that no gateway gave out.
fn document() -> Result<Value, serde_json::Error> {
    let mut document: Value = serde_json::from_str(RECORD)?;
    for (part, member) in [("consent", "consent"), ("prescribing", "scripts")] {
        if let Some(part) = document.get_mut(part).and_then(Value::as_object_mut) {
            part.remove(member);
        }
    }
    Ok(document)
}

/// To every segment that there is, so that the whole record is read.
fn consent(clock: &SharedClock) -> Value {
    let (from, until) =
        (clock.now() - SignedDuration::from_hours(1), clock.now() + SignedDuration::from_hours(24 * 90));
    json!({
        "decision": "given", "given_by": "client", "capacity_confirmed": true, "obtained_at": from,
        "method": "electronic", "evidence_hash": "a".repeat(64), "form_version_uri": "urn:example:form:1",
        "language": "en", "interpreter_used": false,
        "disclosing_agencies": [SENDER.0], "recipients": [READER.0],
        "purposes": ["continuity-of-care", "referral"],
        "segments": Segment::ALL.iter().map(|segment| segment.code()).collect::<Vec<_>>(),
        "not_before": from, "expires_at": until,
        "seen_alone": true, "refusal_explained": true, "redisclosure": "prohibited",
    })
}
