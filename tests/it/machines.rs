//! Everything that moves through states: a random walk through each kind of record, most of which show that they take every step and do
//! not only try it (`domain::walks!`), and one through the interface on both stores, which does all that moves the other kinds, and in
//! which no change is without its entry and no refusal changes anything.

use std::collections::{BTreeMap, BTreeSet};

use diesel::sql_types::{Binary, Text};
use throughgate::demo::cast::{MEMBERS, Member};
use throughgate::ledger::entry::Leaf;
use throughgate::store::record::Kind;
use throughgate::vocabulary::Outcome;

use crate::attack::begun::settle_begun;
use crate::attack::operations::{Operation, operations};
use crate::attack::settlement::{Name, names, settle};
use crate::attack::trial::{Trial, Way};
use crate::campaign::Random;
use crate::support::sources::sources;
use crate::support::{World, on_both_stores, rounds, rows};

/// What is written once and never changes.
const STILL: [Kind; 10] = [
    Kind::Activity,
    Kind::CarePlan,
    Kind::TestResult,
    Kind::Attendance,
    Kind::MeetingPage,
    Kind::OpenedRecord,
    Kind::Destination,
    Kind::CrisisLookUp,
    Kind::Look,
    Kind::OffenceCount,
];

/// What moves by commands that look into the store, so that a walk goes through the interface: the operations that move each, all of which
/// it must do.
const THROUGH_THE_INTERFACE: [(Kind, &[&str]); 14] = [
    (Kind::Client, &["update_client"]),
    (Kind::Dir, &["draft_dir", "amend_dir", "add_activity", "sign_dir"]),
    (Kind::Check, &["answer_caseload_check"]),
    (Kind::PartnerLink, &["link_partner", "end_partner_link"]),
    (Kind::EvictionHold, &["hold_back_eviction", "attest_attendance", "end_eviction_hold"]),
    (
        Kind::Delegation,
        &["tell_follow_up_attendance", "give_back_follow_up", "withdraw_delegation", "delegate_follow_up"],
    ),
    (Kind::BreakGlass, &["break_glass", "end_break_glass", "review_break_glass"]),
    (Kind::OutreachContact, &["note_outreach_contact", "join_outreach_contacts"]),
    (Kind::PathwayAction, &["begin_pathway_action", "end_pathway_action"]),
    (Kind::CohortTag, &["tag_cohort", "end_cohort_tag"]),
    (Kind::InboundReferral, &["send_in", "answer_inbound_referral"]),
    (Kind::JointAssessment, &["assess_jointly", "write_assessment_part", "agree_joint_plan"]),
    (Kind::ReturnConsent, &["agree_to_return", "withdraw_return_consents"]),
    (Kind::Match, &["decide_match"]),
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
    for (kind, moved_by) in THROUGH_THE_INTERFACE {
        assert!(moved_by.iter().all(|id| ids.contains(*id)), "{kind}: not all of {moved_by:?} are there");
    }
}

/// How many acts a walk tries at least, beside those that it owes.
const TRIED: usize = 240;

/// On how many things of a kind an agency tries what is owed.
const EACH: usize = 10;

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

struct Walk<'w> {
    trial: Trial<'w>,
    random: Random,
    seed: u64,
    names: Vec<Name>,
    kinds: BTreeMap<String, String>,
    done: BTreeSet<String>,
    /// What was done and left no version of a record.
    unwritten: BTreeSet<String>,
}

fn member(name: &Name) -> &'static Member {
    MEMBERS.iter().find(|member| member.id == name.agency).unwrap()
}

impl Walk<'_> {
    /// What an operation could be tried on by somebody who may.
    fn fitting(&self, operation: &Operation) -> Vec<Name> {
        let kind = &self.kinds[operation.collection()];
        let may = |name: &&Name| name.kind == *kind && !operation.askers(member(name)).is_empty();
        self.names.iter().filter(may).cloned().collect()
    }

    /// Tries it on something of a kind that fits, as somebody who may, on the version that stands. Answers whether there was anybody.
    async fn tries(&mut self, operation: &Operation) -> bool {
        let fitting = self.fitting(operation);
        if fitting.is_empty() {
            return false;
        }
        let name = &fitting[self.random.next() as usize % fitting.len()];
        let asker = self.random.of(&operation.asked_at(member(name)));
        let turn = self.random.next() as usize % 97;
        self.acts(&Way::of(operation, turn, asker, name, &self.names)).await;
        true
    }

    /// Lets each agency try it on one thing after the other until it has done it.
    async fn owes(&mut self, operation: &Operation) {
        let mut things = self.fitting(operation);
        // Of what the stories began they ended the first; of whom much is known they told at once.
        if operation.collection() != "clients" {
            things.reverse();
        }
        let (mut seen, mut did) = (BTreeMap::new(), BTreeSet::new());
        for name in &things {
            let seen = seen.entry(&name.agency).or_insert(0);
            *seen += 1;
            if did.contains(&name.agency) || *seen > EACH {
                continue;
            }
            for asker in operation.asked_at(member(name)) {
                if self.acts(&Way::of(operation, 0, asker, name, &self.names)).await {
                    did.insert(&name.agency);
                    break;
                }
            }
        }
    }

    /// Does it, or is refused; in either case its entry says so, and a refusal writes nothing else. Answers whether it was done.
    async fn acts(&mut self, way: &Way) -> bool {
        let before = versions(self.trial.world).len();
        let answer = self.trial.tries(way).await;
        let after = versions(self.trial.world);

        let id = &way.operation.id;
        let at = format!("seed {}: {id} {} by {:?}: {}", self.seed, way.turn, way.asker, answer.json);
        assert!(answer.status.as_u16() < 500, "{at}");
        let receipt = answer.receipt.as_ref().unwrap_or_else(|| panic!("an act without its entry: {at}"));
        let leaf = Leaf::parse(&receipt.leaf).unwrap();
        let written = after.iter().filter(|version| version.entry_id == leaf.id.as_bytes()).count();
        if answer.status.is_success() {
            assert_eq!(leaf.outcome, Outcome::Permitted, "{at}");
            if written == 0 {
                self.unwritten.insert(id.clone());
            }
            assert!(after.len() >= before + written, "what was written before is gone: {at}");
            self.done.insert(id.clone());
            self.names = names(self.trial.world);
        } else {
            assert_ne!(leaf.outcome, Outcome::Permitted, "{at}");
            assert_eq!(written, 0, "a refusal changed something: {at}");
        }
        answer.status.is_success()
    }
}

on_both_stores! {
    async fn a_random_walk_through_the_interface_changes_nothing_without_its_entry(world: World) {
        settle(&world).await;
        settle_begun(&world).await;
        let seed = Random::seed();
        let (names, kinds) = (names(&world), crate::attack::kinds_by_collection());
        let mut walk = Walk { trial: Trial::of(&world), random: Random::new(seed), seed, names, kinds, done: BTreeSet::new(), unwritten: BTreeSet::new() };
        let all = operations();
        let writes: Vec<&Operation> = all.iter().filter(|operation| {
            operation.writes()
                && operation.names_something()
                && walk.kinds.contains_key(operation.collection())
                && !LEFT_OUT.contains(&operation.id.as_str())
        }).collect();
        // What is owed comes first, while there is something of each to do it on.
        let owed: Vec<&str> = THROUGH_THE_INTERFACE.iter().flat_map(|(_, moved_by)| *moved_by).copied().collect();
        for id in &owed {
            walk.owes(all.iter().find(|operation| operation.id == *id).unwrap()).await;
        }
        let not_done: Vec<&&str> = owed.iter().filter(|id| !walk.done.contains(**id)).collect();
        assert_eq!(not_done, [&""; 0], "seed {seed}: no walk did these");
        let mut tried = BTreeMap::new();
        for turn in 0..TRIED * rounds(1) {
            // Each once, and then whichever.
            let operation = match writes.get(turn) {
                Some(operation) => operation,
                None => writes[walk.random.next() as usize % writes.len()],
            };
            if walk.tries(operation).await {
                *tried.entry(operation.id.as_str()).or_insert(0) += 1;
            }
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
