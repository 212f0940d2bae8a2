//! A partnership in which there is one of everything that an agency can have a name for.

use diesel::sql_types::{Binary, Text};
use serde_json::json;
use throughgate::demo::cast::{MEMBERS, Member};
use throughgate::demo::story::{Stage, tell_of_people};
use throughgate::demo::telling::Teller;
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::further::settle_further;
use super::operations::operations;
use crate::api::caseload::check;
use crate::api::custody::{breaches, delegation, minute, required};
use crate::api::housing::{Desk as Housing, six_items};
use crate::api::joint::{Side, consents, proposed, tasks};
use crate::api::matching::{presented, somebody};
use crate::api::referral_routes::{agrees, drafts, sends};
use crate::api::release::{Team, created, referred};
use crate::api::release_plan::{awaited, client, day, plan_for, planned};
use crate::api::results::{Probation, agreed};
use crate::api::safeguarding::{Side as Concern, concern};
use crate::api::subject_access::Desk as Account;
use crate::support::{World, rows};

/// Of whom much is known, and at many agencies.
pub const WELL_KNOWN: [(&str, &str); 5] = [
    ("Trial", "Juniper"),
    ("Demo", "Elder"),
    ("Specimen", "Hazel"),
    ("Example", "Fir"),
    ("Fixture", "Cedar"),
];

/// A name that an agency has for something.
#[derive(Debug, Clone, PartialEq, Eq, diesel::QueryableByName)]
pub struct Name {
    #[diesel(sql_type = Text)]
    pub agency: String,
    /// What it is, as `store::record::Kind` says, or a task.
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Binary)]
    handle: Vec<u8>,
    /// Whom it is about.
    #[diesel(sql_type = Binary)]
    pub person: Vec<u8>,
    /// Whose it is.
    #[diesel(sql_type = Text)]
    custodian: String,
}

impl Name {
    pub fn handle(&self) -> Handle {
        Handle::from_bytes(self.handle.as_slice().try_into().unwrap())
    }

    /// Whether what it names is another agency's.
    pub fn is_of_others(&self) -> bool {
        self.custodian != self.agency
    }
}

/// All names of all agencies, the oldest first. Those who are one count as one person.
pub fn names(world: &World) -> Vec<Name> {
    let sql = "SELECT n.agency, n.kind, n.handle, n.custodian, n.created_us, coalesce((SELECT i.cluster FROM person_identity i \
        WHERE i.person = n.person ORDER BY i.version DESC LIMIT 1), n.person) AS person FROM \
        (SELECT h.agency, h.kind, h.handle, h.person, coalesce(r.custodian, h.agency) AS custodian, h.created_us \
        FROM handle h LEFT JOIN record r ON r.id = h.target UNION ALL \
        SELECT agency, 'task' AS kind, id AS handle, person, agency AS custodian, created_us FROM task) n \
        ORDER BY n.created_us, n.agency, n.kind";
    let mut names: Vec<Name> = rows(&mut world.connection(), sql);
    // The gateway itself is nobody's agency.
    names.retain(|name| MEMBERS.iter().any(|member| member.id == name.agency));
    names
}

/// Tells the stories, and adds what is in none of them.
pub async fn settle(world: &World) {
    let stage = Stage { dir: world.dir.clone(), base: world.base(), clock: world.clock.clone() };
    tell_of_people(&stage, &mut Teller::new(true, world.dir.join("receipts"))).await.unwrap();
    let cjit = world.worker("northmoor-cjit", "testa-rowan");
    let lantern = world.worker("lantern", "ms-placeholder");

    let referral = referred(world).await;
    Account::of(world, "northmoor-cjit", referral.cjit.client_ref).identifies(world).await;
    flagged(world).await;
    let (_, _, breach) = breaches::a_breach(world, breaches::PERSON).await;
    breach.decides("red").await;
    // Another is still to come, so that its notice can be printed.
    required(world, ("Dummy", "Ivy"), &minute(world, 600)).await;
    let (_, team) = delegation::follow_up_booked(world).await;
    let both = ["northmoor-cjit", "lantern"];
    let told = json!(["identity", "contact", "attendance"]);
    team.desk.consents(world, &both, &both, "continuity-of-care", told).await;
    let delegated = delegation::delegate(&team, "lantern").await;
    assert_eq!(delegated.status, 201, "{}", delegated.json);
    awaited(&lantern, "hold-follow-up").await;

    let (_, team) = proposed(world, ("Example", "Fir")).await;
    let asked = tasks(&cjit, Purpose::ContinuityOfCare).await;
    let (_, path) = asked.into_iter().find(|(kind, _)| kind == "vote-on-joint-decision").unwrap();
    let team = Side { path, ..team };
    let terms = ("court-or-statutory", json!(["offending"]));
    consents(world, (&team.worker, team.about), ("northmoor-cjit", "lantern"), terms).await;
    team.acts("parties", json!({"agency": "lantern"})).await;

    let desk = Housing::cjit(world).await;
    desk.agrees(world, json!(["housing", "risk", "attendance"])).await;
    desk.makes("housing-referrals", json!({"provider": "testhomes", "items": six_items(world)})).await;
    desk.makes("eviction-holds", json!({"provider": "testhomes", "attending": "yes"})).await;
    heard(world).await;
    Concern::at(world, "northmoor-cjit", "testa-rowan").await.raises(concern()).await;

    told_to_others(world).await;
    settle_further(world).await;
    // Lantern is asked about everybody, and of whom.
    world.enrol_again("lantern", |lantern| lantern.answers_live = true).await;
    let asked = check(&cjit, world.client(&cjit, "Trial", "Juniper").await).await;
    assert_eq!(asked.status, 201, "{}", asked.json);

    // Two who may be one: a case of the matching desk.
    presented(&lantern, somebody("Demoline", "Elderberry", "1988-02-28")).await;
    presented(&cjit, somebody("Demoline", "Elderberry", "1988-07-15")).await;
}

/// Lantern has a flag on its client.
async fn flagged(world: &World) {
    let lantern = world.worker("lantern", "ms-placeholder");
    let client = world.client(&lantern, "Trial", "Juniper").await;
    let flag = json!({"type": "contact-project-first", "reason": "ring the drop-in before anybody visits",
        "review_on": day(world, 20), "expires_on": day(world, 60)});
    let set = lantern.post(format!("/v1/clients/{client}/flags"), flag).about(client).send().await.unwrap();
    assert_eq!(set.status, 201, "{}", set.json);
}

/// A named worker was told a test result, and a team that somebody did not come.
async fn heard(world: &World) {
    let person = ("Sample", "Whitebeam");
    let probation = Probation::of(world, person).await;
    let (cjit, client) = agreed(world, person).await;
    let sent = probation.tells(world, "trial-cherry").await;
    assert_eq!(sent.status, 201, "{}", sent.json);
    let between = ("eastvale-treatment", "northmoor-cjit");
    consents(world, (&cjit, client), between, ("continuity-of-care", json!(["attendance"]))).await;
    let treatment = world.worker("eastvale-treatment", "dummy-fennel");
    let theirs = world.client(&treatment, person.0, person.1).await;
    let missed = json!({"agency": "northmoor-cjit", "appointment_at": "2026-01-05T10:30", "kept": "missed"});
    let path = format!("/v1/clients/{theirs}/attendance");
    let told = treatment.post(path, missed).about(theirs).send().await.unwrap();
    assert_eq!(told.status, 201, "{}", told.json);
}

/// Probation is told what came of an assessment, and a slot at Lantern is kept free for nobody who is named.
async fn told_to_others(world: &World) {
    let actor = world.worker("northmoor-cjit", "testa-rowan");
    let client_ref = world.client(&actor, "Example", "Fir").await;
    let team = Team { actor: actor.clone(), client_ref };
    team.checks().await;
    agrees(world, &team, "northmoor-probation", "written", "offender-management").await;
    let outcome = json!({
        "recipient": "northmoor-probation", "route": "cjit-to-probation", "supervision": "drr",
        "summary": {"assessment": "no-further-intervention", "main_drug": "heroin"},
    });
    let sent = sends(&team, outcome).await;
    assert_eq!(sent.status, 200, "{}", sent.json);
    let client_ref = client(&actor, &["letter"], true).await;
    let team = Team { client_ref, actor };
    let slot = json!({"at": "2027-12-01T10:00:00Z", "place": "1 Test Row"});
    let free = json!({"recipient": "lantern", "route": "cjit-to-project", "anonymous": true, "slot": slot});
    created(&drafts(&team, free).await, "referral");
    plan_for(&team.actor, client_ref, planned(day(world, 21))).await;
}

/// Everybody takes all consents back, at each agency whose client she is.
pub async fn withdraw_all(world: &World) {
    let operations = operations();
    let withdraw = operations.iter().find(|operation| operation.id == "withdraw_all_consents").unwrap();
    let mut taken = 0;
    for name in names(world).iter().filter(|name| name.kind == "client") {
        let Some(asker) = withdraw.asked_at(of_cast(&name.agency)).into_iter().next() else { continue };
        let worker = world.worker(&name.agency, asker.worker);
        let path = format!("/v1/clients/{}/withdrawal", name.handle());
        let said = json!({"channel": "voice", "urgent_effects_confirmed": true});
        let ask = worker.post(path, said).purpose(asker.purpose).about(name.handle());
        taken += u32::from(ask.send().await.unwrap().status.is_success());
    }
    assert!(taken > 4, "hardly anybody had agreed to anything");
}

fn of_cast(id: &str) -> &'static Member {
    MEMBERS.iter().find(|member| member.id == id).unwrap()
}
