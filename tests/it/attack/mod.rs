//! What an attacker may try at every operation of the interface's description, from every type of agency: a new route cannot escape it.
//!
//! Each attack is refused with its one status, the refusal says the same wherever it is met, and it stands in the log. Lists of
//! operations at which an attack means nothing can only shrink: one that is listed and refuses all the same is an error too. What a
//! token is worth does not depend on the store, so those attacks are tried on one.

mod attacker;
pub mod begun;
mod existence;
pub mod fitting;
mod further;
pub mod operations;
pub mod readers;
mod refusals;
mod resting;
pub mod settlement;
pub mod trial;
mod withdrawn;

use std::collections::BTreeSet;

use diesel::sql_types::{Binary, Text};
use futures_util::{StreamExt as _, stream};
use throughgate::demo::cast::{MEMBERS, Member};
use throughgate::demo::story::{Stage, tell_of_people};
use throughgate::demo::telling::Teller;
use throughgate::id::Handle;
use throughgate::identity::principal::Scope;
use throughgate::identity::token::Claims;
use throughgate::vocabulary::{AgencyType, Purpose};

use self::attacker::Attacker;
pub use self::existence::kinds_by_collection;
use self::operations::{Operation, operations};
use self::refusals::{Met, NO_PURPOSE, NO_SCOPE, NO_TOKEN, NOT_FOUND, Refusals, Tried, UNBOUND, said};
use crate::support::{Backend, World, on_both_stores, rows};

/// What any token is good for: the log's public face.
const NEEDS_NO_SCOPE: [&str; 2] = ["read_audit_checkpoint", "read_audit_recovered"];

/// What the request and the directory decide before anybody's right is looked at: its example is for one type of sender.
const FITS_ONE_SENDER: [(&str, AgencyType); 1] = [("draft_referral", AgencyType::Carat)];

/// How many operations are attacked at once: more would be attacks on the machine.
const AT_ONCE: usize = 8;

/// One agency of each type.
fn one_of_each_type() -> impl Iterator<Item = &'static Member> {
    let mut seen = BTreeSet::new();
    MEMBERS.iter().filter(move |member| seen.insert(member.agency_type))
}

/// An agency of each type tries an attack at every operation.
async fn tried_everywhere(world: &World, attack: impl AsyncFn(&Attacker<'_>, &Operation) -> Vec<Tried>) {
    let operations = operations();
    let mut refusals = Refusals::default();
    for member in one_of_each_type() {
        let attacker = Attacker::at(world, member);
        let attempts =
            operations.iter().map(async |operation| (operation, attack(&attacker, operation).await));
        let met: Vec<_> = stream::iter(attempts).buffered(AT_ONCE).collect().await;
        for (operation, tried) in met {
            for each in tried {
                refusals.take(&format!("{}, {}, {}", member.id, operation.id, each.attack), &each);
            }
        }
    }
    refusals.all_as_expected();
}

/// A token that is bent, and how it is met.
type Bent = (&'static str, fn(&mut Claims), &'static [Met]);

const BENT: [Bent; 3] = [
    (
        "expired",
        |claims| {
            claims.iat -= 600;
            claims.nbf -= 600;
            claims.exp -= 600;
        },
        &[NO_TOKEN],
    ),
    ("unbound", |claims| claims.cnf.x5t_s256 = "A".repeat(43), &[UNBOUND]),
    ("for another gateway", |claims| claims.aud.push_str(".elsewhere"), &[NO_TOKEN]),
];

#[test]
fn a_bent_token_counts_nowhere() {
    World::tell(Backend::Sqlite, async |world: World| {
        let others: Vec<Attacker<'_>> =
            one_of_each_type().take(2).map(|member| Attacker::at(&world, member)).collect();
        tried_everywhere(&world, async |attacker, operation| {
            let handle = Handle::random();
            let token = |bend: fn(&mut Claims)| attacker.token(Purpose::ContinuityOfCare, Some(handle), bend);
            let mut tried = Vec::new();
            for (attack, bend, expected) in BENT {
                let answer = attacker.ask(operation, handle).token(token(bend)).send().await.unwrap();
                tried.push(Tried { attack, answer, expected });
            }
            let other = others.iter().find(|other| other.member.id != attacker.member.id).unwrap();
            let answer = other.ask(operation, handle).token(token(|_| ())).send().await.unwrap();
            tried.push(Tried { attack: "over another agency's connection", answer, expected: &[NO_TOKEN] });
            tried
        })
        .await;
    });
}

#[test]
fn a_token_opens_only_what_its_scope_and_purpose_are_for() {
    World::tell(Backend::Sqlite, async |world: World| {
        tried_everywhere(&world, async |attacker, operation| {
            let fits = FITS_ONE_SENDER.iter().find(|(id, _)| operation.id == *id);
            if fits.is_some_and(|(_, sender)| *sender != attacker.member.agency_type) {
                return Vec::new();
            }
            let handle = Handle::random();
            let ask = || attacker.ask(operation, handle).about(handle);
            let mut tried = Vec::new();
            let is_listed = NEEDS_NO_SCOPE.contains(&operation.id.as_str());
            assert_eq!(
                operation.scope.is_none(),
                is_listed,
                "{}: NEEDS_NO_SCOPE says otherwise",
                operation.id
            );
            if let Some(scope) = operation.scope {
                let others: Vec<Scope> = Scope::ALL.iter().copied().filter(|other| *other != scope).collect();
                let answer = ask().scopes(&others).send().await.unwrap();
                tried.push(Tried { attack: "wrong scope", answer, expected: &[NO_SCOPE] });
            }
            if let Some(purpose) = operation.wrong_purpose() {
                let answer = ask().purpose(purpose).send().await.unwrap();
                // Where a name is all that there is to know, whether it is known is not told.
                let expected =
                    if operation.names_something() { &[NO_PURPOSE, NOT_FOUND][..] } else { &[NO_PURPOSE] };
                tried.push(Tried { attack: "wrong purpose", answer, expected });
            }
            tried
        })
        .await;
    });
}

on_both_stores! {
    async fn a_write_is_not_replayed(world: World) {
        tried_everywhere(&world, async |attacker, operation| {
            if !operation.writes() {
                return Vec::new();
            }
            let handle = Handle::random();
            let token = attacker.token(Purpose::ContinuityOfCare, Some(handle), |_| ());
            attacker.ask(operation, handle).token(token.clone()).send().await.unwrap();
            let answer = attacker.ask(operation, handle).token(token).send().await.unwrap();
            vec![Tried { attack: "replayed", answer, expected: &[NO_TOKEN] }]
        })
        .await;
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
        tried_everywhere(&world, async |attacker, operation| {
            if !operation.names_something() {
                return Vec::new();
            }
            let attempt = async |handle: Handle| {
                attacker.ask(operation, handle).about(handle).purpose(operation.right_purpose()).send().await.unwrap()
            };
            let guessed = attempt(Handle::random()).await;
            // Each type of agency tries other names at an operation, so that between them nearly all are tried.
            let turn = operation.id.len() + attacker.member.id.len();
            let others = kinds.iter().cycle().skip(turn % kinds.len()).find_map(|kind| {
                named.iter().find(|named| named.kind == *kind && named.agency != attacker.member.id)
            });
            let others = others.unwrap();
            let answer = attempt(Handle::from_bytes(others.handle.as_slice().try_into().unwrap())).await;
            assert_eq!(said(&answer), said(&guessed), "{} tells that there is a {}", operation.id, others.kind);
            vec![Tried { attack: "a name of others", answer, expected: &[NOT_FOUND, NO_PURPOSE] }]
        })
        .await;
    }
}

on_both_stores! {
    async fn without_a_certificate_nobody_gets_to_ask(world: World) {
        let attacker = Attacker::at(&world, one_of_each_type().next().unwrap());
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
