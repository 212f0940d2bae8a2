//! Lists of many people: what was decided before something closed is not recorded after it, but decided again.

use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use throughgate::calendar::{Calendar, Exceptions};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::domain::audit::{ListEntries, ListEntriesOfPerson};
use throughgate::domain::meeting::ListPages;
use throughgate::domain::national::{ReadReturn, over};
use throughgate::id::Handle;
use throughgate::identity::principal::Principal;
use throughgate::journal::call::{Call, Caller};
use throughgate::journal::disclosure::{Disclosure, Rejection};
use throughgate::journal::sealed::Sealed;
use throughgate::policy::permit::Permit;
use throughgate::store::Snapshot;
use throughgate::store::entry::EntryFilter;
use throughgate::store::facts::Subject;
use throughgate::vocabulary::{AgencyType, Purpose, Role};
use tokio::sync::oneshot;

use crate::api::erasure::{CARAT, Officer, order};
use crate::api::joint::{consent, consents};
use crate::api::linked::person;
use crate::api::meetings::{day, post, tags};
use crate::api::national::{on_the_caseload, ticks};
use crate::api::results::Probation;
use crate::support::{World, on_both_stores, on_both_stores_at};

const CJIT: &str = "northmoor-cjit";
const POLICE: &str = "northmoor-police";
const PERSON: (&str, &str) = ("Demo", "Elder");

/// A question whose first answer is held back once it is decided, until something else has happened.
struct Held<D> {
    question: D,
    first: Mutex<Option<(oneshot::Sender<()>, Receiver<()>)>>,
}

impl<D: Disclosure> Disclosure for Held<D> {
    type Action = D::Action;
    type View = D::View;

    fn subject(&self) -> Subject {
        self.question.subject()
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<Self::Action>,
    ) -> Result<Sealed<Self::View>, Rejection> {
        let answer = self.question.read(tx, call, permit)?;
        let first = self.first.lock().unwrap().take();
        if let Some((is_decided, goes_on)) = first {
            is_decided.send(()).unwrap();
            goes_on.recv_timeout(Duration::from_secs(20)).unwrap();
        }
        Ok(answer)
    }

    fn valid_until(view: &Self::View) -> Option<jiff::Timestamp> {
        D::valid_until(view)
    }
}

/// What a list says that stands in the log after `closes`, of which it knew nothing when it was first decided.
async fn raced<D: Disclosure>(
    world: &World,
    call: Call,
    question: D,
    closes: impl Future<Output = Option<Answer>>,
) -> Value {
    let (is_decided, decided) = oneshot::channel();
    let (go_on, goes_on) = channel();
    let held = Held { question, first: Mutex::new(Some((is_decided, goes_on))) };
    let journal = world.journal.clone();
    let asked = actix_web::rt::spawn(async move { journal.disclose(call, held).await });
    decided.await.expect("a list that is permitted");
    let closed = closes.await;
    go_on.send(()).unwrap();
    let Ok(listed) = asked.await.unwrap() else { panic!("the list was not recorded") };
    let listed = listed.into_parts();
    if let Some(closed) = closed {
        assert!(closed.status.is_success(), "{}", closed.json);
        assert!(
            listed.receipt.index() > closed.receipt.unwrap().index,
            "it stands before what it did not know"
        );
    }
    serde_json::from_slice(&listed.body).unwrap()
}

/// A worker's question, as it comes from the wire.
async fn call(
    world: &World,
    (agency, agency_type): (&str, AgencyType),
    (worker, role): (&str, Role),
    purpose: Purpose,
) -> Call {
    let Ok(directory) = world.journal.directory_refreshed().await else { panic!("no directory") };
    let principal = Principal {
        agency: agency.parse().unwrap(),
        agency_type,
        worker: worker.parse().unwrap(),
        role,
        purpose,
        is_system: false,
        ..Principal::system(directory.epoch()).unwrap()
    };
    let system = Call::system("list", directory.epoch());
    Call { caller: Caller::Worker(Arc::new(principal)), is_write: false, ..system }
}

fn calendar() -> Arc<Calendar> {
    Arc::new(Calendar::england_and_wales(Exceptions::default()).unwrap())
}

/// A meeting for which police have a page about somebody, who said at a team that they may.
struct Meeting {
    team: Actor,
    client: Handle,
    on: String,
}

impl Meeting {
    async fn of(world: &World) -> Self {
        let probation = Probation::of(world, PERSON).await;
        assert_eq!(tags(world, &probation, "integrated-offender-management").await.status, 201);
        let team = world.worker(CJIT, "testa-rowan");
        let client = world.client(&team, PERSON.0, PERSON.1).await;
        let what = ("offender-management", json!(["offending"]));
        consents(world, (&team, client), ("northmoor-probation", POLICE), what).await;
        let on = day(world, 7);
        let page = json!({"meeting": "Northmoor offender management", "on": on, "attending": [POLICE],
            "says": {"offending": "On licence until spring."}});
        let written = post(&probation.worker, probation.client, "meeting-pages", page).await;
        assert_eq!(
            (written.status.as_u16(), &written.json["told"]),
            (201, &json!([POLICE])),
            "{}",
            written.json
        );
        let police = world.worker(POLICE, "proxy-thorn");
        let pack = police.get(format!("/v1/meeting-pages?on={on}")).purpose(Purpose::OffenderManagement);
        let listed = pack.send().await.unwrap();
        assert_eq!(listed.json["pages"].as_array().map(Vec::len), Some(1), "{}", listed.json);
        Self { team, client, on }
    }

    async fn posts(&self, what: &str, body: Value) -> Answer {
        let path = format!("/v1/clients/{}/{what}", self.client);
        self.team.post(path, body).about(self.client).send().await.unwrap()
    }

    /// The pages that police are told of after `closes`.
    async fn pages(&self, world: &World, closes: impl Future<Output = Option<Answer>>) -> Value {
        let officer = ("proxy-thorn", Role::DipOfficer);
        let call = call(world, (POLICE, AgencyType::Police), officer, Purpose::OffenderManagement).await;
        let on = self.on.parse().unwrap();
        let question = ListPages { on, calendar: calendar(), journal: world.journal.clone() };
        raced(world, call, question, closes).await["pages"].take()
    }
}

on_both_stores! {
    async fn no_pack_stands_in_the_log_after_the_withdrawal_that_takes_a_page_from_it(world: World) {
        let meeting = Meeting::of(&world).await;
        let said = json!({"channel": "voice", "urgent_effects_confirmed": true});
        let pages = meeting.pages(&world, async { Some(meeting.posts("withdrawal", said).await) }).await;
        assert_eq!(pages, json!([]));
    }
}

on_both_stores! {
    async fn no_pack_stands_in_the_log_after_the_consent_that_excludes_its_reader(world: World) {
        let meeting = Meeting::of(&world).await;
        let what = ("continuity-of-care", json!(["identity"]));
        let mut forbids = consent(&world, (CJIT, "eastvale-cjit"), what);
        forbids["exclusions"] = json!([POLICE]);
        let pages = meeting.pages(&world, async { Some(meeting.posts("consents", forbids).await) }).await;
        assert_eq!(pages, json!([]));
    }
}

on_both_stores! {
    async fn no_pack_is_recorded_when_a_consent_that_it_rests_on_has_run_out(world: World) {
        let meeting = Meeting::of(&world).await;
        // It was given for ninety days.
        let later = async {
            world.clock.advance(91 * 86_400);
            None
        };
        assert_eq!(meeting.pages(&world, later).await, json!([]));
    }
}

on_both_stores_at! {
    "2026-06-03T10:00:00Z"
    async fn no_return_stands_in_the_log_with_somebody_who_took_it_back_before(world: World) {
        let (cjit, carat) = (world.worker(CJIT, "testa-rowan"), world.worker(CARAT, "fixture-oak"));
        let client = on_the_caseload(&world, &cjit, ("Testa", "Alder"), "2026-05-04").await;
        assert_eq!(ticks(&cjit, client, "ndtms", "2026-05-12").await.status, 201);
        let there = world.client(&carat, "Testa", "Alder").await;
        let manager = world.worker(CJIT, "mocky-aspen");
        let asked = manager.get("/v1/national-returns").purpose(Purpose::ServiceMonitoring);
        let listed = asked.send().await.unwrap();
        assert_eq!(listed.json["lines"].as_array().map(Vec::len), Some(1), "{}", listed.json);

        let of_team = (CJIT, AgencyType::Cjit);
        let call = call(&world, of_team, ("mocky-aspen", Role::TeamManager), Purpose::ServiceMonitoring).await;
        let month = over(None, world.journal.now(), &calendar()).unwrap();
        let question = ReadReturn { dataset: None, month, calendar: calendar(), journal: world.journal.clone() };
        let path = format!("/v1/clients/{there}/return-consents/withdrawal");
        let taken_back = carat.post(path, json!({"channel": "voice"})).about(there);
        let listed = raced(&world, call, question, async { Some(taken_back.send().await.unwrap()) }).await;
        assert_eq!(listed["lines"], json!([]));
    }
}

on_both_stores! {
    async fn no_history_stands_in_the_log_after_the_erasure_of_whom_it_is_about(world: World) {
        let carat = world.worker(CARAT, "fixture-oak");
        let client = world.client(&carat, "Fixture", "Cedar").await;
        let officer = Officer::of(&world, CARAT, client);
        let etag = officer.holds().await.etag().to_owned();
        let whom = person(&world, client);
        let auditor = world.worker("audit-office", "checker-willow");
        let asked = auditor.get(format!("/v1/audit/entries?person={whom}")).purpose(Purpose::AuditReview);
        let before = asked.send().await.unwrap();
        assert_eq!(before.json["entries"][0]["person_fields"], json!(true), "{}", before.json);

        let of_office = ("audit-office", AgencyType::Audit);
        let call = call(&world, of_office, ("checker-willow", Role::Auditor), Purpose::AuditReview).await;
        let filter = EntryFilter { person: Some(whom), ..EntryFilter::default() };
        let question = ListEntriesOfPerson(ListEntries { filter, from: 0, limit: 50, with_openings: false });
        let erased = async { Some(officer.post(officer.path("erasure"), order(), Some(&etag)).await) };
        let after = raced(&world, call, question, erased).await;
        let entries = after["entries"].as_array().unwrap();
        assert!(entries.iter().all(|entry| entry["person_fields"] == json!(false)), "{after}");
    }
}
