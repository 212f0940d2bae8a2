//! What an attacker may try at every operation of the interface's description, from every type of agency: a new route cannot escape it.
//!
//! Each attack is refused with its one status, the refusal says the same wherever it is met, and it stands in the log. Lists of
//! operations at which an attack means nothing can only shrink: one that is listed and refuses all the same is an error too. What a
//! token is worth does not depend on the store, so those attacks are tried on one.

mod attacker;
mod operations;

use std::collections::{BTreeMap, BTreeSet};

use diesel::sql_types::{Binary, Text};
use futures_util::future::join_all;
use serde_json::Value;
use throughgate::demo::actor::Answer;
use throughgate::demo::cast::{MEMBERS, Member};
use throughgate::demo::story::{Stage, tell_of_people};
use throughgate::demo::telling::Teller;
use throughgate::id::Handle;
use throughgate::identity::principal::Scope;
use throughgate::identity::token::Claims;
use throughgate::ledger::entry::Leaf;
use throughgate::vocabulary::{AgencyType, Outcome, Purpose};

use self::attacker::{Attacker, said};
use self::operations::{Operation, operations};
use crate::support::{Backend, World, on_both_stores, rows};

/// What any token is good for: the log's public face.
const NEEDS_NO_SCOPE: [&str; 2] = ["read_audit_checkpoint", "read_audit_recovered"];

/// What the request and the directory decide before anybody's right is looked at: its example is for one type of sender.
const FITS_ONE_SENDER: [(&str, AgencyType); 1] = [("draft_referral", AgencyType::Carat)];

/// One agency of each type.
fn one_of_each_type() -> impl Iterator<Item = &'static Member> {
    let mut seen = BTreeSet::new();
    MEMBERS.iter().filter(move |member| seen.insert(member.agency_type))
}

/// What each problem said where it was met first, and what went otherwise.
#[derive(Default)]
struct Refusals {
    first: BTreeMap<Met, Value>,
    wrong: Vec<String>,
}

impl Refusals {
    /// Refused so, on record, and in the words in which it is refused everywhere.
    fn take(&mut self, at: &str, answer: &Answer, expected: &[Met]) {
        let problem = answer.problem();
        let Some(met) = expected.iter().find(|met| **met == (answer.status.as_u16(), problem)) else {
            self.wrong.push(format!("{at}: {} {}", answer.status, said(answer)));
            return;
        };
        let leaf = answer.receipt.as_ref().map(|receipt| Leaf::parse(&receipt.leaf).unwrap());
        if leaf.is_none_or(|leaf| leaf.outcome != Outcome::Refused) {
            self.wrong.push(format!("{at}: it is not on record as refused"));
        }
        let first = self.first.entry(*met).or_insert_with(|| said(answer));
        if *first != said(answer) {
            self.wrong.push(format!("{at}: it says more than elsewhere: {}", said(answer)));
        }
    }

    fn all_as_expected(self) {
        assert!(!self.first.is_empty(), "nobody was refused anything");
        assert!(self.wrong.is_empty(), "{} went otherwise:\n{}", self.wrong.len(), self.wrong.join("\n"));
    }
}

/// A token that is bent, and how it is met.
type Bent = (&'static str, fn(&mut Claims), Met);
type Met = (u16, &'static str);
const NO_TOKEN: Met = (401, "invalid-token");
const NO_SCOPE: Met = (403, "insufficient-scope");
const NO_PURPOSE: Met = (403, "purpose-not-permitted");
const NOT_FOUND: Met = (404, "not-found-or-not-permitted");

const BENT: [Bent; 3] = [
    (
        "expired",
        |claims| {
            claims.iat -= 600;
            claims.nbf -= 600;
            claims.exp -= 600;
        },
        NO_TOKEN,
    ),
    ("unbound", |claims| claims.cnf.x5t_s256 = "A".repeat(43), (401, "token-binding-mismatch")),
    ("for another gateway", |claims| claims.aud.push_str(".elsewhere"), NO_TOKEN),
];

#[test]
fn a_bent_token_counts_nowhere() {
    World::tell(Backend::Sqlite, async |world: World| {
        let mut refusals = Refusals::default();
        let operations = operations();
        for member in one_of_each_type() {
            let attacker = Attacker::at(&world, member.id);
            let other = one_of_each_type().find(|other| other.id != member.id).unwrap();
            let other = Attacker::at(&world, other.id);
            for operation in &operations {
                let handle = Handle::random();
                let token =
                    |bend: fn(&mut Claims)| attacker.token(Purpose::ContinuityOfCare, Some(handle), bend);
                let at = |attack: &str| format!("{}, {}, {attack}", member.id, operation.id);
                for (attack, bend, expected) in BENT {
                    let answer = attacker.ask(operation, handle).token(token(bend)).send().await.unwrap();
                    refusals.take(&at(attack), &answer, &[expected]);
                }
                let answer = other.ask(operation, handle).token(token(|_| ())).send().await.unwrap();
                refusals.take(&at("over another agency's connection"), &answer, &[NO_TOKEN]);
            }
        }
        refusals.all_as_expected();
    });
}

#[test]
fn a_token_opens_only_what_its_scope_and_purpose_are_for() {
    World::tell(Backend::Sqlite, async |world: World| {
        let mut refusals = Refusals::default();
        let operations = operations();
        for member in one_of_each_type() {
            let attacker = Attacker::at(&world, member.id);
            for operation in &operations {
                let handle = Handle::random();
                let at = |attack: &str| format!("{}, {}, {attack}", member.id, operation.id);
                let fits = FITS_ONE_SENDER.iter().find(|(id, _)| operation.id == *id);
                if fits.is_some_and(|(_, sender)| *sender != member.agency_type) {
                    continue;
                }
                match operation.scope {
                    Some(scope) => {
                        assert!(
                            !NEEDS_NO_SCOPE.contains(&operation.id.as_str()),
                            "{}: take it off the list",
                            operation.id
                        );
                        let others: Vec<Scope> =
                            Scope::ALL.iter().copied().filter(|other| *other != scope).collect();
                        let ask = attacker.ask(operation, handle).about(handle).scopes(&others);
                        refusals.take(&at("wrong scope"), &ask.send().await.unwrap(), &[NO_SCOPE]);
                    }
                    None => assert!(NEEDS_NO_SCOPE.contains(&operation.id.as_str()), "{}", operation.id),
                }
                if let Some(purpose) = operation.wrong_purpose() {
                    let answer =
                        attacker.ask(operation, handle).about(handle).purpose(purpose).send().await.unwrap();
                    // Where a name is all that there is to know, whether it is known is not told.
                    let expected = if operation.names_something() {
                        &[NO_PURPOSE, NOT_FOUND][..]
                    } else {
                        &[NO_PURPOSE]
                    };
                    refusals.take(&at("wrong purpose"), &answer, expected);
                }
            }
        }
        refusals.all_as_expected();
    });
}

on_both_stores! {
    async fn a_write_is_not_replayed(world: World) {
        let mut refusals = Refusals::default();
        let operations = operations();
        for member in one_of_each_type() {
            let attacker = Attacker::at(&world, member.id);
            for operation in operations.iter().filter(|operation| operation.writes()) {
                let handle = Handle::random();
                let token = attacker.token(Purpose::ContinuityOfCare, Some(handle), |_| ());
                attacker.ask(operation, handle).token(token.clone()).send().await.unwrap();
                let again = attacker.ask(operation, handle).token(token).send().await.unwrap();
                let at = format!("{}, {}, replayed", member.id, operation.id);
                refusals.take(&at, &again, &[NO_TOKEN]);
            }
        }
        refusals.all_as_expected();
    }
}

/// A name that an agency has for something.
#[derive(diesel::QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    agency: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Binary)]
    handle: Vec<u8>,
}

on_both_stores! {
    async fn what_others_call_something_opens_no_more_than_a_guess(world: World) {
        let stage = Stage { dir: world.dir.clone(), base: world.base(), clock: world.clock.clone() };
        tell_of_people(&stage, &mut Teller::new(true, world.dir.join("receipts"))).await.unwrap();
        let named: Vec<Named> = rows(&mut world.connection(), "SELECT agency, kind, handle FROM handle");
        let kinds: BTreeSet<&str> = named.iter().map(|named| named.kind.as_str()).collect();
        assert!(kinds.len() >= 10, "the stories leave records of many kinds: {kinds:?}");
        let operations: Vec<Operation> = operations().into_iter().filter(Operation::names_something).collect();
        let mut refusals = Refusals::default();
        for (turn, member) in one_of_each_type().enumerate() {
            let attacker = Attacker::at(&world, member.id);
            let others: Vec<&Named> = kinds
                .iter()
                .filter_map(|kind| named.iter().find(|named| named.kind == *kind && named.agency != member.id))
                .collect();
            // Each type of agency tries other names at an operation, so that between them nearly all are tried.
            let attempts = operations.iter().enumerate().map(async |(at, operation)| {
                let named = others[(turn + at) % others.len()];
                let handle = Handle::from_bytes(named.handle.as_slice().try_into().unwrap());
                let met = attempt(&attacker, operation, handle).await;
                (operation, named, met, attempt(&attacker, operation, Handle::random()).await)
            });
            for (operation, named, met, guessed) in join_all(attempts).await {
                let at = format!("{}, {}, {} of others", member.id, operation.id, named.kind);
                if said(&met) != said(&guessed) {
                    refusals.wrong.push(format!("{at}: it tells that there is something"));
                }
                refusals.take(&at, &met, &[NOT_FOUND, NO_PURPOSE]);
            }
        }
        refusals.all_as_expected();
    }
}

async fn attempt(attacker: &Attacker<'_>, operation: &Operation, handle: Handle) -> Answer {
    attacker.ask(operation, handle).about(handle).purpose(operation.right_purpose()).send().await.unwrap()
}

on_both_stores! {
    async fn without_a_certificate_nobody_gets_to_ask(world: World) {
        let attacker = Attacker::at(&world, "northmoor-police");
        let requests: Vec<(String, String)> = operations().iter().map(|operation| {
            let handle = Handle::random();
            let token = attacker.token(Purpose::ContinuityOfCare, Some(handle), |_| ());
            let line = format!("{} {} HTTP/1.1", operation.method, operation.path_of(handle));
            (operation.id.clone(), format!("{line}\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"))
        }).collect();
        let before = world.number("SELECT count(*) AS number FROM audit_leaf");
        world.wire().on_its_own_thread(move |wire| {
            for (id, request) in requests {
                let mut nobody = wire.connect(None, &rustls::version::TLS13).unwrap();
                let heard = nobody.send(request).and_then(|()| nobody.hear_head());
                assert!(heard.is_err(), "{id}: {heard:?}");
            }
        }).await;
        let after = world.number("SELECT count(*) AS number FROM audit_leaf");
        assert_eq!(after, before, "nobody is known of whom there would be something to write down");
    }
}
