//! What somebody may not know is as if it were not there: not consented to, not yours or withdrawn, at every read of the
//! interface's description, one answer to the byte, and on record, and refused by the same work as what is nobody's.
//!
//! A new route cannot escape it: one that names something must say what it names ([`CALLED`]), and somebody must be able to read it.
//! What is not asked further is listed by the operation, with the reason why ([`STAYS_OPEN`], [`PARTS`], [`OTHER_WORK`]); a list can
//! only shrink.

use std::collections::{BTreeMap, BTreeSet};

use throughgate::demo::cast::{MEMBERS, Member};
use throughgate::id::Handle;

use super::operations::{Operation, operations};
use super::readers::{Asker, Readers, Seen};
use super::refusals::{NOT_FOUND, Refusals, Tried};
use super::settlement::{Name, WELL_KNOWN, names, settle, withdraw_all};
use crate::support::{Statements, World, invented, on_both_stores};

/// What the names are of that stand under each collection of the interface.
const CALLED: [(&str, &str); 36] = [
    ("assessments", "assessment"),
    ("attendance", "attendance"),
    ("breaches", "breach"),
    ("break-glass", "break-glass"),
    ("caseload-checks", "check"),
    ("caseload-episodes", "episode"),
    ("clients", "client"),
    ("cohort-tags", "cohort-tag"),
    ("concerns", "concern"),
    ("conflicts", "conflict"),
    ("consents", "consent"),
    ("deferrals", "deferral"),
    ("delegations", "delegation"),
    ("destinations", "destination"),
    ("dirs", "dir"),
    ("eviction-holds", "eviction-hold"),
    ("flags", "flag"),
    ("holds", "hold"),
    ("hospital-notices", "hospital-notice"),
    ("housing-referrals", "housing-referral"),
    ("inbound-referrals", "inbound-referral"),
    ("joint-assessments", "joint-assessment"),
    ("joint-decisions", "joint-decision"),
    ("joint-visits", "joint-visit"),
    ("matches", "match"),
    ("meeting-pages", "meeting-page"),
    ("opened-records", "opened-record"),
    ("pathway-actions", "pathway-action"),
    ("pick-ups", "pick-up"),
    ("referrals", "referral"),
    ("release-plans", "release-plan"),
    ("return-consents", "return-consent"),
    ("scripts", "script"),
    ("subject-access", "subject-access"),
    ("tasks", "task"),
    ("test-results", "test-result"),
];

/// Collections that are about nobody.
pub const ABOUT_NOBODY: [&str; 3] = ["agencies", "appointment-slots", "audit"];

/// What an agency reads of another's by her consent alone: nothing of it is left once she took it back.
const CLOSED_BY_WITHDRAWAL: [&str; 9] = [
    "attendance",
    "destination",
    "dir",
    "eviction-hold",
    "hospital-notice",
    "housing-referral",
    "joint-visit",
    "meeting-page",
    "test-result",
];

/// What an agency still reads of another's, though she took back everything, and why.
const STAYS_OPEN: [(&str, &str); 11] = [
    ("preview_consent", "a party to a consent may see what it said"),
    ("read_assessment", "a required assessment is the law's, not hers to take back"),
    ("read_break_glass_review", "whether an emergency was one is asked whatever she agrees to"),
    ("read_caseload_asked_about", "a check rests on no consent"),
    ("read_caseload_question", "a check rests on no consent"),
    ("read_concern", "that somebody is at risk rests on no consent"),
    ("read_conflict", "two scripts at once are a danger to her life"),
    ("read_consent", "a party to a consent must see that it was taken back"),
    ("read_joint_decision", "police read of what they proposed whether they may, and nothing else"),
    ("read_opened_record", "an emergency has its hour, whatever she agrees to"),
    ("read_referral", "its recipient sees that it was called off, and nothing that it carried"),
];

/// What is a part of something that somebody else at the agency reads as a whole, so that it is no secret there that it is.
const PARTS: [&str; 7] = [
    "list_activities",
    "read_caseload_asked_about",
    "read_caseload_question",
    "read_notice",
    "read_referral_card",
    "read_referral_summary",
    "read_release_letter",
];

/// What no rule gives to one worker rather than to a colleague, and many have.
const ALIKE_FOR_COLLEAGUES: [&str; 4] = ["client", "consent", "dir", "task"];

/// What is refused by other work than what is nobody's, and why that tells nothing.
const OTHER_WORK: [(&str, &str); 1] = [(
    "read_eviction_hold",
    "what the asker's own agency says to a landlord: it is told there in no other way, and is no secret",
)];

/// Those of the description that name something which is about somebody.
fn naming_somebody() -> Vec<(Operation, &'static str)> {
    let named = operations().into_iter().filter(|operation| operation.names_something());
    let about_somebody = named.filter(|operation| !ABOUT_NOBODY.contains(&operation.collection()));
    let known = |collection: &str| CALLED.iter().find(|(of, _)| *of == collection).map(|(_, kind)| *kind);
    let with_kind = about_somebody.map(|operation| {
        let kind = known(operation.collection());
        let kind = kind.unwrap_or_else(|| panic!("what does {} name? Say it in CALLED", operation.id));
        (operation, kind)
    });
    with_kind.collect()
}

/// What stands under each collection, as a kind of record.
pub fn kinds_by_collection() -> BTreeMap<String, String> {
    CALLED.iter().map(|(collection, kind)| ((*collection).to_owned(), (*kind).to_owned())).collect()
}

fn reads() -> Vec<(Operation, &'static str)> {
    naming_somebody().into_iter().filter(|(operation, _)| !operation.writes()).collect()
}

/// What an agency calls a person.
fn client_ref(names: &[Name], member: &Member, person: &[u8]) -> Option<Handle> {
    let is_hers = |name: &&Name| name.kind == "client" && name.agency == member.id && name.person == person;
    names.iter().find(is_hers).map(Name::handle)
}

fn member(id: &str) -> &'static Member {
    MEMBERS.iter().find(|member| member.id == id).unwrap()
}

/// A read that answered.
struct Open {
    operation: usize,
    asker: Asker,
    about: Handle,
    name: Name,
}

struct Scene<'w> {
    world: &'w World,
    readers: Readers<'w>,
    reads: Vec<(Operation, &'static str)>,
    refusals: Refusals,
    /// What was not asked further because somebody reads the whole of it.
    parts: BTreeSet<String>,
}

impl Scene<'_> {
    /// Takes down how it was refused.
    fn met(&mut self, at: &str, asker: &Asker, answer: throughgate::demo::actor::Answer) {
        let tried = Tried { attack: "as nobody", answer, expected: &[NOT_FOUND] };
        self.refusals.take(&format!("{at}, {asker:?}"), &tried);
    }

    /// Makes sure that what was seen is what is seen of nobody, and takes it down.
    async fn is_as_nobody(
        &mut self,
        at: usize,
        asker: &Asker,
        (about, handle): (Handle, Handle),
        seen: Seen,
    ) {
        let (operation, _) = &self.reads[at];
        let seen = self.readers.is_as_nobody(operation, asker, (about, handle), seen).await;
        let id = operation.id.clone();
        self.met(&id, asker, seen.answer);
    }

    /// What others call something is nothing, whether or not one knows whom it is about.
    async fn of_others(&mut self) {
        let names = names(self.world);
        for at in 0..self.reads.len() {
            // Half of the agencies at each, by turns.
            for member in MEMBERS.iter().skip(at % 2).step_by(2) {
                let (operation, kind) = &self.reads[at];
                let Some(asker) = operation.asked_at(member).into_iter().next() else { continue };
                let theirs = || names.iter().filter(|name| name.kind == *kind && name.agency != member.id);
                let known = theirs().find_map(|name| {
                    let about = client_ref(&names, member, &name.person)?;
                    Some((name, if *kind == "client" { name.handle() } else { about }))
                });
                let unknown = theirs().find(|name| client_ref(&names, member, &name.person).is_none());
                let Some((name, about)) = known.or(unknown.map(|name| (name, name.handle()))) else {
                    continue;
                };
                let (operation, _) = &self.reads[at];
                let seen = self.readers.ask(operation, &asker, about, name.handle()).await;
                self.is_as_nobody(at, &asker, (about, name.handle()), seen).await;
            }
        }
    }

    /// What each agency reads under its own names; where it reads nothing, that is as for nobody.
    async fn opened(&mut self) -> Vec<Open> {
        let names = names(self.world);
        let mut opened = Vec::new();
        for at in 0..self.reads.len() {
            let (mut seen_of, kind) = (BTreeMap::new(), self.reads[at].1);
            for name in names.iter().filter(|name| name.kind == kind) {
                // Some are many, and alike.
                let seen = seen_of.entry(&name.agency).or_insert(0);
                *seen += 1;
                if *seen > if ["client", "task", "consent", "check"].contains(&kind) { 2 } else { 8 } {
                    continue;
                }
                if let Some(open) = self.open(at, name, &names).await {
                    opened.push(open);
                }
            }
        }
        let answered: BTreeSet<usize> = opened.iter().map(|open| open.operation).collect();
        let silent = (0..self.reads.len()).filter(|at| !answered.contains(at)).map(|at| &self.reads[at].0.id);
        assert_eq!(
            silent.collect::<Vec<_>>(),
            [""; 0],
            "nobody could read these: settle something that they show"
        );
        opened
    }

    async fn open(&mut self, at: usize, name: &Name, names: &[Name]) -> Option<Open> {
        let member = member(&name.agency);
        let about = client_ref(names, member, &name.person).unwrap_or(name.handle());
        let about = if name.kind == "client" { name.handle() } else { about };
        let (mut is_no_secret, mut open): (_, Option<Open>) = (None, None);
        for asker in self.reads[at].0.asked_at(member) {
            // Once somebody has read it, only colleagues are asked: it may be for one worker alone.
            let is_asked = |open: &Open| {
                !ALIKE_FOR_COLLEAGUES.contains(&self.reads[at].1)
                    && open.asker.purpose == asker.purpose
                    && open.asker.worker != asker.worker
            };
            if !open.as_ref().is_none_or(is_asked) {
                continue;
            }
            let (operation, _) = &self.reads[at];
            let seen = self.readers.ask(operation, &asker, about, name.handle()).await;
            if seen.status() == 200 {
                let found = || Open { operation: at, asker, about, name: name.clone() };
                open.get_or_insert_with(found);
                continue;
            }
            if is_no_secret.is_none() {
                is_no_secret = Some(self.is_read_as_a_whole(at, member, about, name.handle()).await);
            }
            if is_no_secret == Some(true) {
                self.parts.insert(self.reads[at].0.id.clone());
                continue;
            }
            self.is_as_nobody(at, &asker, (about, name.handle()), seen).await;
        }
        open
    }

    /// Whether somebody at the agency reads as a whole what this reads a part of: then it is no secret there that it is.
    async fn is_read_as_a_whole(
        &self,
        at: usize,
        member: &'static Member,
        about: Handle,
        handle: Handle,
    ) -> bool {
        let part = &self.reads[at].0;
        let place = format!("/v1/{}/{{id}}", part.collection());
        let Some((whole, _)) = self.reads.iter().find(|(read, _)| read.path == place) else { return false };
        if whole.id == part.id {
            return false;
        }
        for asker in whole.asked_at(member) {
            if self.readers.ask(whole, &asker, about, handle).await.status() == 200 {
                return true;
            }
        }
        false
    }

    /// What was open and is no more: each as for nobody. Answers what still is.
    async fn closed(&mut self, opened: Vec<Open>) -> (Vec<Open>, Vec<Open>) {
        let (mut still, mut closed) = (Vec::new(), Vec::new());
        for open in opened {
            let (operation, _) = &self.reads[open.operation];
            let seen = self.readers.ask(operation, &open.asker, open.about, open.name.handle()).await;
            // Where it stands is told of what may be known.
            if seen.status() != 404 {
                still.push(open);
                continue;
            }
            self.is_as_nobody(open.operation, &open.asker, (open.about, open.name.handle()), seen).await;
            closed.push(open);
        }
        (still, closed)
    }

    /// Two clients of an agency, of whom one is known to nobody else and one to many: nothing of the agency's own reads differs.
    async fn known_to_others(&self) {
        let reads = self.reads.iter().filter(|(_, kind)| *kind == "client");
        let reads: Vec<&Operation> = reads.map(|(operation, _)| operation).collect();
        let operations = operations();
        let present = operations.iter().find(|operation| operation.id == "present_client").unwrap();
        let mut compared = BTreeSet::new();
        for member in MEMBERS {
            let Some(asker) = present.asked_at(member).into_iter().next() else { continue };
            let worker = self.world.worker(member.id, asker.worker);
            let presented = async |(forename, surname): (&str, &str)| {
                let ask = worker.post("/v1/clients", invented(forename, surname)).purpose(asker.purpose);
                ask.send().await.unwrap().handle("client_ref").unwrap()
            };
            let mut known = None;
            for (forename, surname) in WELL_KNOWN {
                let here = presented((forename, surname)).await;
                let names = names(self.world);
                let person = &names.iter().find(|name| name.handle() == here).unwrap().person;
                let knows = |name: &&Name| name.agency == member.id && name.person == *person;
                if names.iter().filter(knows).count() == 1 {
                    known = Some((here, (forename.len(), surname.len())));
                    break;
                }
            }
            let Some((known, (forename, surname))) = known else { continue };
            let alone = (&"Mockabella"[..forename], &"Zzyzxfield"[..surname]);
            let alone = presented(alone).await;
            for operation in &reads {
                let askers = operation.asked_at(member);
                // Two of them, since what is told may depend on the purpose.
                for asker in askers.first().into_iter().chain(askers.last()) {
                    if compared.insert((operation.id.clone(), asker.worker, asker.purpose)) {
                        self.readers.are_alike(operation, asker, known, alone).await;
                    }
                }
            }
        }
        let ids: BTreeSet<&str> = compared.iter().map(|(id, ..)| id.as_str()).collect();
        assert_eq!(ids.len(), reads.len(), "only these were compared: {ids:?}");
    }
}

on_both_stores! {
    async fn what_one_may_not_know_is_as_if_it_were_not_there(world: World) {
        let mut world = world;
        settle(&world).await;
        let statements = Statements::of(&mut world).await;
        let readers = Readers::of(&world, &statements);
        let mut scene = Scene { world: &world, readers, reads: reads(), refusals: Refusals::default(), parts: BTreeSet::new() };
        scene.of_others().await;
        let other_work = scene.readers.other_work.take();
        assert!(other_work.is_empty(), "what is another's cost other work than nobody: {other_work:#?}");
        scene.known_to_others().await;
        let opened = scene.opened().await;

        withdraw_all(&world).await;
        let (still, closed) = scene.closed(opened).await;
        let other_work = scene.readers.other_work.take();
        let listed: BTreeSet<&str> = OTHER_WORK.into_iter().map(|(id, _)| id).collect();
        let found: BTreeSet<&str> = other_work.keys().map(String::as_str).collect();
        assert_eq!(found, listed, "refused by other work than nobody, and known to be: {other_work:#?}");
        let parts: BTreeSet<&str> = scene.parts.iter().map(String::as_str).collect();
        assert_eq!(parts, PARTS.into_iter().collect(), "parts of what is read as a whole, and known to be");
        let still = still.iter().filter(|open| open.name.is_of_others());
        let still: BTreeSet<&str> = still.map(|open| scene.reads[open.operation].0.id.as_str()).collect();
        let listed: BTreeSet<&str> = STAYS_OPEN.into_iter().map(|(id, _)| id).collect();
        assert_eq!(still, listed, "open after she took back everything, and known to be");
        let of_others = closed.iter().filter(|open| open.name.is_of_others());
        let kinds: BTreeSet<&str> = of_others.map(|open| open.name.kind.as_str()).collect();
        let missing: Vec<&str> = CLOSED_BY_WITHDRAWAL.into_iter().filter(|kind| !kinds.contains(kind)).collect();
        assert_eq!(missing, [""; 0], "these stayed open after she took back everything; closed were {kinds:?}");
        scene.refusals.all_as_expected();
    }
}
