//! Everything that moves through states: a random walk through each kind of record, most of which show that they take every step and do
//! not only try it (`domain::walks!`), and one through the interface on both stores, in which no change is without its entry and no
//! refusal changes anything.

use std::collections::{BTreeMap, BTreeSet};

use diesel::sql_types::{Binary, Text};
use throughgate::demo::actor::Actor;
use throughgate::demo::cast::MEMBERS;
use throughgate::id::Handle;
use throughgate::ledger::entry::Leaf;
use throughgate::store::record::Kind;
use throughgate::vocabulary::Outcome;

use crate::attack::operations::{Operation, operations};
use crate::attack::settlement::{Name, names, settle};
use crate::campaign::Random;
use crate::support::sources::sources;
use crate::support::{World, on_both_stores, rounds, rows};

/// What is written once and never changes.
const STILL: [Kind; 9] = [
    Kind::Activity,
    Kind::CarePlan,
    Kind::TestResult,
    Kind::Attendance,
    Kind::MeetingPage,
    Kind::OpenedRecord,
    Kind::Destination,
    Kind::CrisisLookUp,
    Kind::OffenceCount,
];

/// What moves by commands that look into the store, so that a walk goes through the interface: an operation that moves each.
const THROUGH_THE_INTERFACE: [(Kind, &str); 14] = [
    (Kind::Client, "update_client"),
    (Kind::Dir, "sign_dir"),
    (Kind::Check, "answer_caseload_check"),
    (Kind::PartnerLink, "end_partner_link"),
    (Kind::EvictionHold, "attest_attendance"),
    (Kind::Delegation, "tell_follow_up_attendance"),
    (Kind::BreakGlass, "end_break_glass"),
    (Kind::OutreachContact, "join_outreach_contacts"),
    (Kind::PathwayAction, "end_pathway_action"),
    (Kind::CohortTag, "end_cohort_tag"),
    (Kind::InboundReferral, "answer_inbound_referral"),
    (Kind::JointAssessment, "write_assessment_part"),
    (Kind::ReturnConsent, "withdraw_return_consents"),
    (Kind::Match, "decide_match"),
];

#[test]
fn there_is_a_walk_through_every_kind_of_record() {
    let marks = |text: &str| -> Vec<String> {
        let after = text.split("crate::domain::walks!(").skip(1);
        after.map(|rest| rest.split([',', ')']).next().unwrap().trim().to_owned()).collect()
    };
    let walked: BTreeSet<String> = sources().iter().flat_map(|source| marks(&source.text)).collect();
    let mut homeless = Vec::new();
    for kind in Kind::ALL {
        let places = [
            walked.contains(&format!("{kind:?}")),
            STILL.contains(kind),
            THROUGH_THE_INTERFACE.iter().any(|(of, _)| of == kind),
        ];
        if places.iter().filter(|is_there| **is_there).count() != 1 {
            homeless.push(format!("{kind:?}: {places:?}"));
        }
    }
    assert_eq!(
        homeless, [""; 0],
        "each kind has one place: a pure walk, stillness, or the walk through the interface"
    );
    let ids: BTreeSet<String> = operations().into_iter().map(|operation| operation.id).collect();
    for (kind, id) in THROUGH_THE_INTERFACE {
        assert!(ids.contains(id), "{kind}: there is no {id}");
    }
}

/// How many acts a walk tries at least, beside those that it owes.
const TRIED: usize = 240;

/// What a walk leaves out: it would walk among nobody.
const LEFT_OUT: [&str; 1] = ["erase_client"];

/// What may leave no version of a record: it changes who holds a task, says that something was taken note of, or finds nothing to take
/// back.
const NO_RECORD: [&str; 7] = [
    "acknowledge_attendance",
    "acknowledge_destination",
    "acknowledge_test_result",
    "reassign_flag",
    "reassign_task",
    "withdraw_all_consents",
    "withdraw_return_consents",
];

#[derive(diesel::QueryableByName)]
struct Version {
    #[diesel(sql_type = Binary)]
    entry_id: Vec<u8>,
    #[diesel(sql_type = Text)]
    kind: String,
}

/// The entries under which versions of records were written, and of which kind they are.
fn versions(world: &World) -> Vec<Version> {
    let sql = "SELECT v.entry_id, r.kind FROM record_version v JOIN record r ON r.id = v.record";
    rows(&mut world.connection(), sql)
}

/// Where what the operation names is read: its version stands there.
fn place_of(operation: &Operation, handle: Handle) -> String {
    format!("/v1/{}/{handle}", operation.collection())
}

struct Walk<'w> {
    world: &'w World,
    random: Random,
    seed: u64,
    names: Vec<Name>,
    actors: BTreeMap<(&'static str, &'static str), Actor>,
    done: BTreeSet<String>,
    /// What was done and left no version of a record.
    unwritten: BTreeSet<String>,
}

impl Walk<'_> {
    /// Tries it on something of a kind that fits, as somebody who may, on the version that stands. Answers whether there was anybody.
    async fn tries(&mut self, operation: &Operation, kinds: &BTreeMap<String, String>) -> bool {
        let kind = &kinds[operation.collection()];
        let member = |name: &Name| MEMBERS.iter().find(|member| member.id == name.agency).unwrap();
        let may = |name: &&Name| name.kind == *kind && !operation.askers(member(name)).is_empty();
        let fitting: Vec<Name> = self.names.iter().filter(may).cloned().collect();
        if fitting.is_empty() {
            return false;
        }
        let name = fitting[self.random.next() as usize % fitting.len()].clone();
        let member = member(&name);
        let askers = operation.askers(member);
        let (worker, purpose) = self.random.of(&askers);
        let hers = self.names.iter().find(|other| {
            other.kind == "client" && other.agency == name.agency && other.person == name.person
        });
        let handle = name.handle();
        let about = if name.kind == "client" { handle } else { hers.map_or(handle, Name::handle) };
        let made = || self.world.worker(member.id, worker);
        let actor = self.actors.entry((member.id, worker)).or_insert_with(made).clone();

        let read = actor.get(place_of(operation, handle)).purpose(purpose).about(about).send().await.unwrap();
        let path = operation.path_by_turns(handle, self.random.next() as usize % 97);
        let mut ask = actor.ask(operation.method.clone(), path.clone()).purpose(purpose).about(about);
        if let Some(body) = &operation.body {
            ask = ask.json(body.clone());
        }
        if operation.takes_version {
            let stands = if read.etag().is_empty() { "\"1\"" } else { read.etag() };
            ask = ask.if_match(stands);
        }
        if operation.takes_key {
            ask = ask.idempotency_key(Handle::random().to_string());
        }
        let before = versions(self.world).len();
        let answer = ask.send().await.unwrap();
        let after = versions(self.world);

        let at = format!("seed {}: {} {path} at {}: {}", self.seed, operation.id, member.id, answer.json);
        assert!(answer.status.as_u16() < 500, "{at}");
        let receipt = answer.receipt.as_ref().unwrap_or_else(|| panic!("an act without its entry: {at}"));
        let leaf = Leaf::parse(&receipt.leaf).unwrap();
        let written = after.iter().filter(|version| version.entry_id == leaf.id.as_bytes()).count();
        if answer.status.is_success() {
            assert_eq!(leaf.outcome, Outcome::Permitted, "{at}");
            if written == 0 {
                self.unwritten.insert(operation.id.clone());
            }
            assert!(after.len() >= before + written, "what was written before is gone: {at}");
            self.done.insert(operation.id.clone());
            self.names = names(self.world);
        } else {
            assert_ne!(leaf.outcome, Outcome::Permitted, "{at}");
            assert_eq!(written, 0, "a refusal changed something: {at}");
        }
        true
    }
}

on_both_stores! {
    async fn a_random_walk_through_the_interface_changes_nothing_without_its_entry(world: World) {
        settle(&world).await;
        let seed = Random::seed();
        let names = names(&world);
        let mut walk = Walk { world: &world, random: Random::new(seed), seed, names, actors: BTreeMap::new(), done: BTreeSet::new(), unwritten: BTreeSet::new() };
        let kinds = crate::attack::kinds_by_collection();
        let all = operations();
        let writes: Vec<&Operation> = all.iter().filter(|operation| {
            operation.writes()
                && operation.names_something()
                && kinds.contains_key(operation.collection())
                && !LEFT_OUT.contains(&operation.id.as_str())
        }).collect();
        let mut tried = BTreeMap::new();
        for turn in 0..TRIED * rounds(1) {
            // Each once, and then whichever.
            let operation = match writes.get(turn) {
                Some(operation) => operation,
                None => writes[walk.random.next() as usize % writes.len()],
            };
            if walk.tries(operation, &kinds).await {
                *tried.entry(operation.id.as_str()).or_insert(0) += 1;
            }
        }
        for (kind, id) in THROUGH_THE_INTERFACE {
            assert!(tried.contains_key(id), "seed {seed}: no walk through {kind}");
        }
        eprintln!("seed {seed}: {} tried, done: {:?}", tried.values().sum::<i32>(), walk.done);
        let unwritten: Vec<&String> = walk.unwritten.iter().filter(|id| !NO_RECORD.contains(&id.as_str())).collect();
        assert_eq!(unwritten, [""; 0], "seed {seed}: done, and nothing was written");
        assert!(walk.done.len() > 10, "seed {seed}: only these were ever done: {:?}", walk.done);

        let entries: BTreeSet<Vec<u8>> = crate::support::StoredLog::read(&world)
            .leaves.iter().map(|leaf| Leaf::parse(leaf).unwrap().id.as_bytes().to_vec()).collect();
        let stood = versions(&world);
        assert!(stood.iter().all(|version| entries.contains(&version.entry_id)), "seed {seed}: a change without its entry");
        assert!(!stood.is_empty() && stood.iter().all(|version| version.kind.parse::<Kind>().is_ok()));
        for kind in STILL {
            let sql = format!(
                "SELECT count(*) AS number FROM record_version v JOIN record r ON r.id = v.record WHERE r.kind = '{kind}' AND v.version > 1"
            );
            assert_eq!(world.number(&sql), 0, "{kind} is written once");
        }
    }
}
