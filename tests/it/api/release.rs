//! Over the prison gate: a record is drafted, signed, referred, read by segment, followed by both, and closed by withdrawal.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use throughgate::clock::Clock as _;
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use crate::support::{World, on_both_stores};

const CARAT: &str = "fallowgate-carat";
const CJIT: &str = "northmoor-cjit";

/// The invented record of somebody who leaves prison, without handles that nobody has.
pub fn document() -> Value {
    let mut document: Value =
        serde_json::from_str(include_str!("../../fixtures/dir-fixture-cedar.json")).unwrap();
    document["consent"].as_object_mut().unwrap().remove("consent");
    document["prescribing"].as_object_mut().unwrap().remove("scripts");
    document
}

pub fn consent(now: Timestamp) -> Value {
    json!({
        "decision": "given", "given_by": "client", "capacity_confirmed": true,
        "obtained_at": (now - SignedDuration::from_hours(1)).to_string(),
        "method": "electronic", "evidence_hash": "a".repeat(64),
        "form_version_uri": "urn:example:form:1", "language": "en", "interpreter_used": false,
        "disclosing_agencies": [CARAT, CJIT], "recipients": [CARAT, CJIT],
        "purposes": ["continuity-of-care", "referral"],
        "segments": ["identity", "contact", "attendance", "drug-use", "care-plan", "prescribing", "release-plan"],
        "not_before": (now - SignedDuration::from_hours(1)).to_string(),
        "expires_at": (now + SignedDuration::from_hours(24 * 90)).to_string(),
        "seen_alone": true, "refusal_explained": true, "redisclosure": "prohibited",
    })
}

pub fn contact(tag: &str, text: &str) -> Value {
    json!({"kind": "contact", "occurred_at": "2026-06-03T10:30", "tags": [tag], "text": text})
}

pub fn created(answer: &Answer, member: &str) -> Handle {
    assert_eq!(answer.status, 201, "{}", answer.json);
    answer.handle(member).unwrap()
}

/// One side's way to ask about its client.
pub struct Team {
    pub actor: Actor,
    pub client_ref: Handle,
}

impl Team {
    pub async fn get(&self, path: String) -> Answer {
        self.actor.get(path).about(self.client_ref).send().await.unwrap()
    }

    pub async fn post(&self, path: String, body: Value) -> Answer {
        self.actor.post(path, body).about(self.client_ref).send().await.unwrap()
    }

    /// A POST on the version that stands now.
    pub async fn act(&self, resource: &str, step: &str, body: Value) -> Answer {
        let etag = self.get(resource.to_owned()).await.etag().to_owned();
        let path = format!("{resource}/{step}");
        self.actor.post(path, body).about(self.client_ref).if_match(etag).send().await.unwrap()
    }

    pub async fn signed_dir(&self) -> Handle {
        let path = format!("/v1/clients/{}/dirs", self.client_ref);
        let dir = created(&self.post(path, json!({"document": document()})).await, "dir");
        let signed = self.act(&format!("/v1/dirs/{dir}"), "signature", json!({})).await;
        assert_eq!(signed.status, 200, "{}", signed.json);
        dir
    }

    pub async fn consents(&self, world: &World) {
        let path = format!("/v1/clients/{}/consents", self.client_ref);
        created(&self.post(path, consent(world.clock.now())).await, "consent_id");
    }

    pub async fn withdraws(&self) {
        let path = format!("/v1/clients/{}/withdrawal", self.client_ref);
        let withdrawal = json!({"channel": "voice", "urgent_effects_confirmed": true});
        let withdrawn = self.post(path, withdrawal).await;
        assert!(withdrawn.status.is_success(), "{}", withdrawn.json);
    }

    pub async fn checks(&self) {
        let asked = self
            .actor
            .post("/v1/caseload-checks", json!({"client_ref": self.client_ref, "reason": "release-planning"}))
            .purpose(Purpose::DuplicateCheck)
            .about(self.client_ref)
            .send()
            .await
            .unwrap();
        assert_eq!(asked.status, 201, "{}", asked.json);
    }

    async fn drafts_referral(&self, dir: Handle) -> String {
        let referral = json!({
            "client_ref": self.client_ref, "recipient": CJIT, "route": "carat-to-cjit",
            "urgency": "release-critical", "need": "throughcare", "dirs": [dir],
            "release": {"date": "2026-06-03", "time": "09:15:00", "prison": "HMP Fallowgate"},
        });
        let drafted = self.post("/v1/referrals".to_owned(), referral).await;
        format!("/v1/referrals/{}", created(&drafted, "referral"))
    }
}

async fn carat(world: &World) -> Team {
    let actor = world.worker(CARAT, "fixture-oak");
    let client_ref = world.client(&actor, "Fixture", "Cedar").await;
    Team { actor, client_ref }
}

/// The agency's inbox: the lines of its first page.
pub async fn inbox(actor: &Actor) -> Vec<Value> {
    let listed = actor.get("/v1/referrals?box=in").send().await.unwrap();
    assert_eq!(listed.status, 200, "{}", listed.json);
    listed.json["referrals"].as_array().unwrap().clone()
}

/// A record that was referred: both sides, and what each calls the record.
pub struct Referred {
    pub carat: Team,
    pub cjit: Team,
    pub theirs: Handle,
    pub ours: Handle,
    pub referral: String,
}

pub async fn referred(world: &World) -> Referred {
    let carat = carat(world).await;
    let theirs = carat.signed_dir().await;
    let referral = carat.drafts_referral(theirs).await;
    carat.checks().await;
    carat.consents(world).await;
    let sent = carat.act(&referral, "send", json!({})).await;
    assert_eq!(sent.status, 200, "{}", sent.json);

    let actor = world.worker(CJIT, "testa-rowan");
    let lines = inbox(&actor).await;
    let open: Vec<&Value> = lines.iter().filter(|line| line["state"] == "requested").collect();
    assert_eq!(open.len(), 1);
    let path = format!("/v1/referrals/{}", open[0]["referral"].as_str().unwrap());
    let for_nobody = actor.get(&path).send().await.unwrap();
    assert_eq!(for_nobody.status, 404, "a token must name the person");
    let client_ref = open[0]["client_ref"].as_str().unwrap().parse().unwrap();
    let cjit = Team { actor, client_ref };
    let view = cjit.get(path.clone()).await;
    assert_eq!(view.status, 200, "{}", view.json);
    assert_ne!(path, referral, "each side has its own handles");
    let ours = view.json["dirs"][0].as_str().unwrap().parse().unwrap();
    Referred { carat, cjit, theirs, ours, referral: path }
}

on_both_stores! {
    async fn a_referral_is_sent_only_after_a_check_and_with_a_consent(world: World) {
        let carat = carat(&world).await;
        let dir = carat.signed_dir().await;
        let referral = carat.drafts_referral(dir).await;
        assert!(inbox(&world.worker(CJIT, "testa-rowan")).await.is_empty(), "a draft is its sender's");

        let unchecked = carat.act(&referral, "send", json!({})).await;
        assert_eq!((unchecked.status.as_u16(), unchecked.problem()), (409, "invalid-transition"));
        carat.checks().await;
        let without_consent = carat.act(&referral, "send", json!({})).await;
        assert_eq!((without_consent.status.as_u16(), without_consent.problem()), (409, "consent-not-effective"));
        assert!(inbox(&world.worker(CJIT, "testa-rowan")).await.is_empty());

        carat.consents(&world).await;
        let sent = carat.act(&referral, "send", json!({})).await;
        assert_eq!((sent.status.as_u16(), &sent.json["state"]), (200, &json!("requested")));
        let lines = inbox(&world.worker(CJIT, "testa-rowan")).await;
        assert_eq!((lines.len(), &lines[0]["state"]), (1, &json!("requested")));
    }
}

on_both_stores! {
    async fn the_recipient_reads_the_consented_segments_and_never_learns_of_silent_ones(world: World) {
        let Referred { cjit, ours, theirs, .. } = referred(&world).await;
        let read = cjit.get(format!("/v1/dirs/{ours}")).await;
        assert_eq!(read.status, 200, "{}", read.json);
        assert_eq!(read.json["state"], "signed");
        assert_eq!(read.json["custodian"], CARAT);
        assert_eq!(read.json["document"]["prescribing"]["dose"], "45 ml once daily");
        let text = String::from_utf8_lossy(&read.bytes);
        for word in ["Lantern", "Placeholder Rose", "hepatitis", "Sofosbuvir", "Magistrates", "Low mood", "sex-work",
            "safeguarding", "blood-borne-virus", "Safehaven", &theirs.to_string()]
        {
            assert!(!text.contains(word), "{word} was not consented to");
        }
        let withheld = read.json["withheld"].as_array().unwrap();
        assert!(withheld.contains(&json!("offending")) && !withheld.contains(&json!("drug-use")));

        let path = format!("/v1/dirs/{theirs}");
        assert_eq!(cjit.get(path).await.status, 404, "another agency's handle is nobody's");
        let client = cjit.get(format!("/v1/clients/{}", cjit.client_ref)).await;
        assert_eq!((client.status.as_u16(), &client.json["recorded_at"]), (200, &Value::Null));
        let edit = cjit.actor.put(format!("/v1/dirs/{ours}"), json!({"document": {}}))
            .about(cjit.client_ref).if_match(read.etag()).send().await.unwrap();
        assert_eq!(edit.status, 404, "only its custodian writes it");
    }
}

on_both_stores! {
    async fn what_was_received_is_not_asked_again(world: World) {
        let Referred { cjit, .. } = referred(&world).await;
        let path = format!("/v1/clients/{}/dirs", cjit.client_ref);
        let again = json!({"document": {
            "substance_use": {"class_a_dependency": true}, "offending": {"propensity": "None known."},
        }});
        let blocked = cjit.post(path.clone(), again.clone()).await;
        assert_eq!((blocked.status.as_u16(), blocked.problem()), (409, "dir-already-received"));
        let named: Vec<&str> = blocked.json["errors"].as_array().unwrap().iter()
            .map(|error| error["path"].as_str().unwrap()).collect();
        assert_eq!(named, ["drug-use"], "what was not received is not spoken of");

        let mut review = again.clone();
        review["occasion"] = json!("review");
        created(&cjit.post(path.clone(), review).await, "dir");
        let mut afresh = again;
        afresh["start_afresh_because"] = json!({"reason": "stale", "text": "Two years in custody since."});
        created(&cjit.post(path.clone(), afresh).await, "dir");
        let listed = cjit.get(path).await;
        let origins: Vec<&Value> = listed.json["dirs"].as_array().unwrap().iter().map(|dir| &dir["origin"]).collect();
        assert_eq!(origins, ["received", "own", "own"]);
    }
}

on_both_stores! {
    async fn both_sides_add_activity_entries_and_each_sees_what_it_may(world: World) {
        let Referred { carat, cjit, ours, theirs, .. } = referred(&world).await;
        for (tag, text) in [("prescribing", "Last dose given."), ("offending", "Licence explained.")] {
            let added = carat.post(format!("/v1/dirs/{theirs}/activities"), contact(tag, text)).await;
            assert_eq!(added.status, 201, "{}", added.json);
        }
        for (tag, text) in [("care-plan", "Met at the gate."), ("sex-work", "Spoke of Lantern.")] {
            let added = cjit.post(format!("/v1/dirs/{ours}/activities"), contact(tag, text)).await;
            assert_eq!(added.status, 201, "{}", added.json);
        }
        let texts = |answer: Answer| -> Vec<String> {
            assert_eq!(answer.status, 200, "{}", answer.json);
            let entries = answer.json["activities"].as_array().unwrap().clone();
            entries.iter().map(|entry| entry["text"].as_str().unwrap().to_owned()).collect()
        };
        let at_cjit = texts(cjit.get(format!("/v1/dirs/{ours}/activities")).await);
        assert_eq!(at_cjit, ["Last dose given.", "Met at the gate.", "Spoke of Lantern."]);
        let at_carat = texts(carat.get(format!("/v1/dirs/{theirs}/activities")).await);
        assert_eq!(at_carat, ["Last dose given.", "Licence explained.", "Met at the gate."]);
    }
}

on_both_stores! {
    async fn a_withdrawal_closes_the_record_at_once_and_its_sender_keeps_it(world: World) {
        let Referred { carat, cjit, ours, theirs, referral } = referred(&world).await;
        assert_eq!(cjit.get(format!("/v1/dirs/{ours}")).await.status, 200);
        carat.withdraws().await;
        for path in [format!("/v1/dirs/{ours}"), format!("/v1/dirs/{ours}/activities")] {
            let closed = cjit.get(path).await;
            assert_eq!((closed.status.as_u16(), closed.problem()), (404, "not-found-or-not-permitted"));
        }
        let entry = cjit.post(format!("/v1/dirs/{ours}/activities"), contact("attendance", "Came.")).await;
        assert_eq!(entry.status, 404);
        let listed = cjit.get(format!("/v1/clients/{}/dirs", cjit.client_ref)).await;
        assert_eq!(listed.json["dirs"], json!([]));
        let view = cjit.get(referral).await;
        assert_eq!((&view.json["release"], &view.json["dirs"]), (&Value::Null, &json!([])));
        assert_eq!(carat.get(format!("/v1/dirs/{theirs}")).await.status, 200);
    }
}

on_both_stores! {
    async fn a_signed_record_is_never_edited_and_a_draft_needs_what_signing_needs(world: World) {
        let carat = carat(&world).await;
        let path = format!("/v1/clients/{}/dirs", carat.client_ref);
        let empty = created(&carat.post(path, json!({"document": {}})).await, "dir");
        let dir = format!("/v1/dirs/{empty}");
        let unsigned = carat.act(&dir, "signature", json!({})).await;
        assert_eq!((unsigned.status.as_u16(), unsigned.problem()), (422, "unprocessable-document"));
        let early = carat.post(format!("{dir}/activities"), contact("attendance", "Came.")).await;
        assert_eq!((early.status.as_u16(), early.problem()), (409, "invalid-transition"));

        let put = |etag: Option<String>| {
            let ask = carat.actor.put(dir.clone(), json!({"document": document()})).about(carat.client_ref);
            match etag { Some(etag) => ask.if_match(etag), None => ask }.send()
        };
        assert_eq!(put(None).await.unwrap().status, 428);
        let etag = carat.get(dir.clone()).await.etag().to_owned();
        assert_eq!(put(Some(etag.clone())).await.unwrap().status, 200);
        assert_eq!(put(Some(etag)).await.unwrap().status, 412);
        assert_eq!(carat.act(&dir, "signature", json!({})).await.status, 200);
        let etag = carat.get(dir.clone()).await.etag().to_owned();
        assert_eq!(put(Some(etag)).await.unwrap().status, 409);
    }
}

on_both_stores! {
    async fn a_signed_successor_supersedes_the_record_that_it_names(world: World) {
        let carat = carat(&world).await;
        let old = carat.signed_dir().await;
        let path = format!("/v1/clients/{}/dirs", carat.client_ref);
        let successor = json!({"document": document(), "supersedes": old});
        let new = created(&carat.post(path, successor).await, "dir");
        let state = |dir: Handle| carat.get(format!("/v1/dirs/{dir}"));
        assert_eq!(state(old).await.json["state"], "signed");
        assert_eq!(carat.act(&format!("/v1/dirs/{new}"), "signature", json!({})).await.status, 200);
        assert_eq!(state(old).await.json["state"], "superseded");
        let shown = state(new).await;
        assert_eq!((&shown.json["state"], &shown.json["supersedes"]), (&json!("signed"), &json!(old)));
    }
}

on_both_stores! {
    async fn an_anonymous_slot_tells_its_recipient_nothing_of_the_person_even_if_it_knows_her(world: World) {
        let carat = carat(&world).await;
        let actor = world.worker(CJIT, "testa-rowan");
        let known = world.client(&actor, "Fixture", "Cedar").await;
        carat.checks().await;
        let slot = json!({
            "client_ref": carat.client_ref, "recipient": CJIT, "route": "carat-to-cjit", "urgency": "urgent",
            "need": "assessment", "anonymous": true,
            "slot": {"at": "2026-12-01T10:00:00Z", "place": "1 Test Row"},
        });
        let drafted = carat.post("/v1/referrals".to_owned(), slot).await;
        let theirs = format!("/v1/referrals/{}", created(&drafted, "referral"));
        let sent = carat.act(&theirs, "send", json!({})).await;
        assert_eq!(sent.status, 200, "{}", sent.json);

        let line = inbox(&actor).await.remove(0);
        assert_eq!(line["client_ref"], Value::Null);
        let ours = format!("/v1/referrals/{}", line["referral"].as_str().unwrap());
        let view = actor.get(&ours).send().await.unwrap();
        assert_eq!(view.status, 200, "{}", view.json);
        assert_eq!((&view.json["client_ref"], &view.json["release"]), (&Value::Null, &Value::Null));
        assert_eq!(view.json["slot"]["place"], "1 Test Row");
        assert!(!String::from_utf8_lossy(&view.bytes).contains(&known.to_string()));
        let acknowledged = actor.post(format!("{ours}/acknowledge"), json!({})).if_match(view.etag()).send().await.unwrap();
        assert_eq!((acknowledged.status.as_u16(), &acknowledged.json["state"]), (200, &json!("received")));
        assert_eq!(carat.get(theirs).await.json["state"], "received");
    }
}

on_both_stores! {
    async fn a_referral_needs_a_route_that_fits_and_records_of_this_person(world: World) {
        let carat = carat(&world).await;
        let dir = carat.signed_dir().await;
        let refer = |recipient: &str, route: &str, dir: Handle| carat.post("/v1/referrals".to_owned(), json!({
            "client_ref": carat.client_ref, "recipient": recipient, "route": route,
            "urgency": "routine", "need": "throughcare", "dirs": [dir],
            "release": {"date": "2026-06-03", "prison": "HMP Fallowgate"},
        }));
        let police = refer("northmoor-police", "carat-to-cjit", dir).await;
        assert_eq!((police.status.as_u16(), &police.json["errors"][0]["path"]), (400, &json!("recipient")));
        let backwards = refer(CJIT, "cjit-to-carat", dir).await;
        assert_eq!((backwards.status.as_u16(), &backwards.json["errors"][0]["path"]), (400, &json!("route")));
        assert_eq!(refer(CJIT, "carat-to-cjit", Handle::random()).await.status, 404);
    }
}
