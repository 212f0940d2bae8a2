//! A write that is tried by somebody who may, on something that the agency has a name for, with what fits it.

use std::collections::BTreeMap;

use serde_json::Value;
use throughgate::clock::Clock as _;
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;

use super::fitting::{Doing, fitting};
use super::operations::Operation;
use super::readers::Asker;
use super::settlement::Name;
use crate::support::World;

/// Who tries a write, on what, and for whom.
#[derive(Clone)]
pub struct Way {
    pub operation: Operation,
    /// Which of the operation's steps.
    pub turn: usize,
    pub asker: Asker,
    pub name: Name,
    /// The agency's own reference for the person, if it has one; what the token names.
    pub about: Handle,
    /// Somebody else of the agency's clients.
    pub other: Option<Handle>,
}

impl Way {
    pub fn of(operation: &Operation, turn: usize, asker: Asker, name: &Name, names: &[Name]) -> Self {
        let clients = || names.iter().filter(|other| other.kind == "client" && other.agency == name.agency);
        let hers = clients().find(|client| client.person == name.person);
        let about =
            if name.kind == "client" { name.handle() } else { hers.map_or(name.handle(), Name::handle) };
        let other = clients().find(|client| client.person != name.person).map(Name::handle);
        Self { operation: operation.clone(), turn, asker, name: name.clone(), about, other }
    }
}

/// A world, and the workers who try something there.
pub struct Trial<'w> {
    pub world: &'w World,
    actors: BTreeMap<(&'static str, &'static str), Actor>,
}

/// The version of what has this name, wherever in an answer it stands.
fn version_of(answer: &Value, handle: &str) -> Option<String> {
    match answer {
        Value::Object(members) => {
            let is_it = members.values().any(|value| value == handle);
            let own = members.get("etag").filter(|_| is_it).and_then(Value::as_str);
            own.map(str::to_owned).or_else(|| members.values().find_map(|value| version_of(value, handle)))
        }
        Value::Array(items) => items.iter().find_map(|item| version_of(item, handle)),
        _ => None,
    }
}

impl<'w> Trial<'w> {
    pub fn of(world: &'w World) -> Self {
        Self { world, actors: BTreeMap::new() }
    }

    pub fn actor(&mut self, asker: &Asker) -> Actor {
        let key = (asker.member.id, asker.worker);
        self.actors.entry(key).or_insert_with(|| self.world.worker(key.0, key.1)).clone()
    }

    /// Tries it.
    pub async fn tries(&mut self, way: &Way) -> Answer {
        self.tries_on(way, way.about, way.name.handle()).await
    }

    /// Tries it on something else, or for somebody else: on the version that stands, where the worker can read that.
    pub async fn tries_on(&mut self, way: &Way, about: Handle, handle: Handle) -> Answer {
        let actor = self.actor(&way.asker);
        let answer = self.sends(&actor, way, (about, handle), "\"1\"").await;
        if answer.status.as_u16() != 412 {
            return answer;
        }
        match stands(&actor, way, about, handle).await {
            Some(version) => self.sends(&actor, way, (about, handle), &version).await,
            None => answer,
        }
    }

    async fn sends(
        &self,
        actor: &Actor,
        way: &Way,
        (about, handle): (Handle, Handle),
        version: &str,
    ) -> Answer {
        let operation = &way.operation;
        let path = operation.path_by_turns(handle, way.turn);
        let mut ask = actor.ask(operation.method.clone(), path).purpose(way.asker.purpose);
        ask = ask.about(about).stepped_up_at(self.world.clock.now());
        let steps = operation.steps();
        let doing = Doing { world: self.world, worker: way.asker.worker, about, other: way.other };
        let body = fitting(&operation.id, &steps[way.turn % steps.len()], &doing);
        if let Some(body) = body.or_else(|| operation.body.clone()) {
            ask = ask.json(body);
        }
        if operation.takes_version {
            ask = ask.if_match(version);
        }
        if operation.takes_key {
            ask = ask.idempotency_key(Handle::random().to_string());
        }
        ask.send().await.unwrap()
    }
}

/// The version that stands, as the worker reads it: of the thing itself, where the write itself goes, or in the list of the client's.
async fn stands(actor: &Actor, way: &Way, about: Handle, handle: Handle) -> Option<String> {
    let collection = way.operation.collection();
    let own = way.operation.path_by_turns(handle, way.turn);
    for place in [format!("/v1/{collection}/{handle}"), own, format!("/v1/clients/{about}/{collection}")] {
        let read = actor.get(place).purpose(way.asker.purpose).about(about).send().await.unwrap();
        let listed = || version_of(&read.json, &handle.to_string());
        let found = Some(read.etag().to_owned()).filter(|etag| !etag.is_empty()).or_else(listed);
        if read.status.is_success() && found.is_some() {
            return found;
        }
    }
    None
}
