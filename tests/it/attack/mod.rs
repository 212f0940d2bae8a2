//! What an attacker may try at every operation of the interface's description, from every type of agency: a new route cannot escape it.
//!
//! Each attack is refused with its one status, the refusal says the same wherever it is met, and it stands in the log. Lists of
//! operations at which an attack means nothing can only shrink: one that is listed and refuses all the same is an error too.

mod attacker;
mod operations;

use std::collections::{BTreeMap, BTreeSet};

use diesel::sql_types::{Binary, Text};
use serde_json::Value;
use throughgate::demo::actor::Answer;
use throughgate::demo::cast::{MEMBERS, Member};
use throughgate::demo::story::{Stage, tell_of_people};
use throughgate::demo::telling::Teller;
use throughgate::id::Handle;
use throughgate::identity::principal::Scope;
use throughgate::identity::token::Claims;
use throughgate::ledger::entry::Leaf;
use throughgate::vocabulary::{Outcome, Purpose};

use self::attacker::{Attacker, said};
use self::operations::{Operation, operations};
use crate::support::{World, on_both_stores, rows};

/// What any token is good for: the log's public face.
const NEEDS_NO_SCOPE: [&str; 2] = ["read_audit_checkpoint", "read_audit_recovered"];

/// One agency of each type.
fn one_of_each_type() -> impl Iterator<Item = &'static Member> {
    let mut seen = BTreeSet::new();
    MEMBERS.iter().filter(move |member| seen.insert(member.agency_type))
}

/// What each problem said where it was met first.
#[derive(Default)]
struct Refusals(BTreeMap<(u16, String), Value>);

impl Refusals {
    /// Refused so, on record, and in the words in which it is refused everywhere.
    fn take(&mut self, at: &str, answer: &Answer, expected: &[(u16, &str)]) {
        let found = (answer.status.as_u16(), answer.problem());
        assert!(expected.contains(&found), "{at}: {found:?}: {}", answer.json);
        let receipt = answer.receipt.as_ref().unwrap_or_else(|| panic!("{at}: it is not on record"));
        assert_eq!(Leaf::parse(&receipt.leaf).unwrap().outcome, Outcome::Refused, "{at}");
        let first = self.0.entry((found.0, found.1.to_owned())).or_insert_with(|| said(answer));
        assert_eq!(&said(answer), first, "{at}: a refusal says no more in one place than in another");
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

on_both_stores! {
    async fn a_bent_token_counts_nowhere(world: World) {
        let mut refusals = Refusals::default();
        let operations = operations();
        for member in one_of_each_type() {
            let attacker = Attacker::at(&world, member.id);
            let other = one_of_each_type().find(|other| other.id != member.id).unwrap();
            let other = Attacker::at(&world, other.id);
            for operation in &operations {
                let handle = Handle::random();
                let token = |bend: fn(&mut Claims)| attacker.token(Purpose::ContinuityOfCare, Some(handle), bend);
                let at = |attack: &str| format!("{}, {}, {attack}", member.id, operation.id);
                for (attack, bend, expected) in BENT {
                    let answer = attacker.ask(operation, handle).token(token(bend)).send().await.unwrap();
                    refusals.take(&at(attack), &answer, &[expected]);
                }
                let answer = other.ask(operation, handle).token(token(|_| ())).send().await.unwrap();
                refusals.take(&at("over another agency's connection"), &answer, &[NO_TOKEN]);
            }
        }
    }
}

on_both_stores! {
    async fn a_token_opens_only_what_its_scope_and_purpose_are_for(world: World) {
        let mut refusals = Refusals::default();
        for member in one_of_each_type() {
            let attacker = Attacker::at(&world, member.id);
            for operation in operations() {
                let handle = Handle::random();
                let at = |attack: &str| format!("{}, {}, {attack}", member.id, operation.id);
                match operation.scope {
                    Some(scope) => {
                        let others: Vec<Scope> =
                            Scope::ALL.iter().copied().filter(|other| *other != scope).collect();
                        let ask = attacker.ask(&operation, handle).about(handle).scopes(&others);
                        refusals.take(&at("wrong scope"), &ask.send().await.unwrap(), &[NO_SCOPE]);
                    }
                    None => assert!(NEEDS_NO_SCOPE.contains(&operation.id.as_str()), "{}", operation.id),
                }
                if let Some(purpose) = operation.wrong_purpose() {
                    let answer = attacker.ask(&operation, handle).about(handle).purpose(purpose).send().await.unwrap();
                    // Where a name is all that there is to know, whether it is known is not told.
                    let expected = if operation.names_something() { &[NO_PURPOSE, NOT_FOUND][..] } else { &[NO_PURPOSE] };
                    refusals.take(&at("wrong purpose"), &answer, expected);
                }
            }
        }
    }
}

on_both_stores! {
    async fn a_write_is_not_replayed(world: World) {
        let mut refusals = Refusals::default();
        for member in one_of_each_type() {
            let attacker = Attacker::at(&world, member.id);
            for operation in operations().iter().filter(|operation| operation.writes()) {
                let handle = Handle::random();
                let token = attacker.token(Purpose::ContinuityOfCare, Some(handle), |_| ());
                attacker.ask(operation, handle).token(token.clone()).send().await.unwrap();
                let again = attacker.ask(operation, handle).token(token).send().await.unwrap();
                let at = format!("{}, {}, replayed", member.id, operation.id);
                refusals.take(&at, &again, &[NO_TOKEN]);
            }
        }
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
        let mut refusals = Refusals::default();
        for member in one_of_each_type() {
            let attacker = Attacker::at(&world, member.id);
            for operation in operations().iter().filter(|operation| operation.names_something()) {
                let mut met = Vec::new();
                for kind in kinds.iter().copied() {
                    let others = named.iter().find(|named| named.kind == kind && named.agency != member.id);
                    let Some(others) = others else { continue };
                    let handle = Handle::from_bytes(others.handle.as_slice().try_into().unwrap());
                    met.push((kind, attempt(&attacker, operation, handle).await));
                }
                let guessed = attempt(&attacker, operation, Handle::random()).await;
                for (kind, answer) in met.iter().chain([&("a guess", guessed.clone())]) {
                    let at = format!("{}, {}, {kind} of others", member.id, operation.id);
                    assert_eq!(said(answer), said(&guessed), "{at}: it tells that there is something");
                    refusals.take(&at, answer, &[NOT_FOUND, NO_PURPOSE]);
                }
            }
        }
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
