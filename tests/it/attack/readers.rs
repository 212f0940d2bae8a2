//! Whoever may ask an operation if all else is in order, and everything by which an answer could tell something.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::demo::cast::Member;
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::operations::Operation;
use super::refusals::said;
use crate::support::{Statements, World};

/// A worker of an agency, with the purpose for which it is asked.
#[derive(Clone, Copy)]
pub struct Asker {
    pub member: &'static Member,
    pub worker: &'static str,
    pub purpose: Purpose,
}

/// What came back, and what the database was asked for it.
pub struct Seen {
    pub answer: Answer,
    asked: Vec<String>,
}

/// Everything about an answer that could tell something, but for what is random in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    status: u16,
    body: Value,
    length: usize,
    /// With the lengths of their values. The receipt is as long as the log is deep.
    headers: BTreeMap<String, usize>,
}

impl std::fmt::Debug for Asker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at {} for {}", self.worker, self.member.id, self.purpose)
    }
}

/// An operation, who asks it and what for, and whether it names a client.
type Question = (String, &'static str, Purpose, bool);

/// All askers of a world.
pub struct Readers<'w> {
    world: &'w World,
    statements: &'w Statements,
    actors: RefCell<BTreeMap<(&'static str, &'static str), Actor>>,
    /// What each asker of an operation sees of something that nobody has, and the work that it took.
    nobody: RefCell<BTreeMap<Question, (Told, Vec<String>)>>,
    /// Where something was refused as for nobody, but by other work, with an example of it.
    pub other_work: RefCell<BTreeMap<String, String>>,
}

impl Operation {
    /// Who at an agency may ask it, and for what, if all else is in order.
    pub fn asked_at(&self, member: &'static Member) -> Vec<Asker> {
        let asker = |(worker, purpose)| Asker { member, worker, purpose };
        self.askers(member).into_iter().map(asker).collect()
    }
}

impl Seen {
    pub fn status(&self) -> u16 {
        self.answer.status.as_u16()
    }

    /// As it is of a problem.
    pub fn told(&self) -> Told {
        self.but(said(&self.answer))
    }

    /// As it is of a view: without handles, moments, places in a list and names.
    pub fn told_without_names(&self) -> Told {
        let mut body = self.answer.json.clone();
        blank(&mut body);
        self.but(body)
    }

    fn but(&self, body: Value) -> Told {
        let length = |name: &str, length: usize| if name == "audit-receipt" { 0 } else { length };
        let headers = self.answer.headers.iter();
        let headers = headers.map(|(name, value)| (name.to_string(), length(name.as_str(), value.len())));
        Told { status: self.status(), body, length: self.answer.bytes.len(), headers: headers.collect() }
    }
}

impl<'w> Readers<'w> {
    pub fn of(world: &'w World, statements: &'w Statements) -> Self {
        Self {
            world,
            statements,
            actors: RefCell::default(),
            nobody: RefCell::default(),
            other_work: RefCell::default(),
        }
    }

    fn actor(&self, asker: &Asker) -> Actor {
        let mut actors = self.actors.borrow_mut();
        let at = || self.world.worker(asker.member.id, asker.worker);
        actors.entry((asker.member.id, asker.worker)).or_insert_with(at).clone()
    }

    /// Asks it as its description says, of `handle`, with a token about `about`.
    pub async fn ask(&self, operation: &Operation, asker: &Asker, about: Handle, handle: Handle) -> Seen {
        let actor = self.actor(asker);
        let mut ask = actor.ask(operation.method.clone(), operation.path_of(handle));
        ask = ask.purpose(asker.purpose).about(about);
        if let Some(body) = &operation.body {
            ask = ask.json(body.clone());
        }
        if operation.takes_version {
            ask = ask.if_match("\"1\"");
        }
        if operation.takes_key {
            ask = ask.idempotency_key(Handle::random().to_string());
        }
        self.statements.asked();
        let answer = ask.send().await.unwrap();
        Seen { answer, asked: self.statements.asked() }
    }

    /// Makes sure that what was seen is what is seen of something that nobody has: one answer. Whether it took the same work is noted.
    pub async fn is_as_nobody(
        &self,
        operation: &Operation,
        asker: &Asker,
        (about, handle): (Handle, Handle),
        seen: Seen,
    ) -> Seen {
        let mut seen = seen;
        // The gateway does things of its own now and then, so that one of three is enough for the work.
        for tried in 0..3 {
            if tried > 0 {
                seen = self.ask(operation, asker, about, handle).await;
            }
            // What is seen of nobody is always the same, so that it is asked once, and anew where there is a difference.
            let (told, asked) = self.of_nobody(operation, asker, (about, handle), tried > 0).await;
            assert_eq!(seen.told(), told, "{}, {asker:?}", operation.id);
            if seen.asked == asked {
                return seen;
            }
            let work = format!("{asker:?}: {:#?} and for nobody {asked:#?}", seen.asked);
            let mut other_work = self.other_work.borrow_mut();
            if tried == 2 {
                other_work.entry(operation.id.clone()).or_insert(work);
            }
        }
        seen
    }

    /// What is seen of something that nobody has.
    async fn of_nobody(
        &self,
        operation: &Operation,
        asker: &Asker,
        (about, handle): (Handle, Handle),
        anew: bool,
    ) -> (Told, Vec<String>) {
        // A client's name stands in the token as well.
        let is_client = about == handle;
        let key = (operation.id.clone(), asker.worker, asker.purpose, is_client);
        let known = self.nobody.borrow().get(&key).filter(|_| !anew).cloned();
        if let Some(known) = known {
            return known;
        }
        let nobody = Handle::random();
        let of = self.ask(operation, asker, if is_client { nobody } else { about }, nobody).await;
        let found = (of.told(), of.asked);
        self.nobody.borrow_mut().insert(key, found.clone());
        found
    }

    /// Asks it of two of the asker's own clients: it must be one answer, had by the same work.
    pub async fn are_alike(&self, operation: &Operation, asker: &Asker, one: Handle, other: Handle) {
        let mut last = None;
        for _ in 0..3 {
            let of_one = self.ask(operation, asker, one, one).await;
            let of_other = self.ask(operation, asker, other, other).await;
            assert_eq!(
                of_one.told_without_names(),
                of_other.told_without_names(),
                "{}, {asker:?}: {} and {}",
                operation.id,
                of_one.answer.json,
                of_other.answer.json
            );
            if of_one.asked == of_other.asked {
                return;
            }
            last = Some((of_one.asked, of_other.asked));
        }
        panic!("{}, {asker:?}: other work for who is known elsewhere: {last:#?}", operation.id);
    }
}

/// A string with a digit in it is a handle, a moment or a count; a name is one of a few members.
fn blank(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(text) if is_random(name, text) => *value = json!(text.len()),
                    _ => blank(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(blank),
        _ => {}
    }
}

fn is_random(member: &str, text: &str) -> bool {
    ["forename", "surname", "trace_id", "etag"].contains(&member)
        || text.parse::<Handle>().is_ok()
        || text.parse::<jiff::Timestamp>().is_ok()
        || text.parse::<jiff::civil::Date>().is_ok()
}
