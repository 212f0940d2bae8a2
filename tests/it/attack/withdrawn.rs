//! Once she has taken back everything, what rests on consent is done no more: every write of the interface's description, tried by every
//! type of agency, is refused as for nobody, or as for somebody who never agreed to anything; nothing is stored, and an entry is written.
//!
//! Which writes rest on consent is found and not said: those that somebody can do before, and nobody after. What can still be done, and
//! what could not be done before either, is listed with the reason; a list can only shrink.

use std::collections::{BTreeMap, BTreeSet};

use diesel::sql_types::{BigInt, Text};
use serde_json::{Value, json};
use throughgate::clock::Clock as _;
use throughgate::demo::actor::{Actor, Answer, Ask};
use throughgate::demo::cast::{MEMBERS, Member};
use throughgate::id::Handle;
use throughgate::ledger::entry::Leaf;
use throughgate::vocabulary::{AgencyType, Outcome};

use super::attacker::Attacker;
use super::existence::kinds_by_collection;
use super::one_of_each_type;
use super::operations::{Operation, operations};
use super::readers::Asker;
use super::refusals::{NO_PURPOSE, NOT_FOUND, Refusals, Tried, said};
use super::settlement::{Name, names, settle};
use crate::support::{Backend, World, invented, on_both_stores, rows};

/// What is not tried: one gives a consent anew, the other leaves nobody to try anything on.
const LEFT_OUT: [&str; 2] = ["erase_client", "record_consent"];

/// What is done all the same, and on what it rests.
const GOES_ON: [(&str, &str); 0] = [];

/// What nobody did before either: what its example needs is not settled.
const NEVER_DONE: [&str; 0] = [];

/// How many things of a kind each agency tries a write on.
const THINGS: usize = 3;

/// How many askers try each.
const ASKERS: usize = 6;

/// Everybody takes all consents back, at each agency whose client she is.
pub async fn withdraw_all(world: &World) {
    let operations = operations();
    let withdraw = operations.iter().find(|operation| operation.id == "withdraw_all_consents").unwrap();
    let mut taken = 0;
    for name in names(world).iter().filter(|name| name.kind == "client") {
        let Some(asker) = withdraw.asked_at(member(&name.agency)).into_iter().next() else { continue };
        let worker = world.worker(&name.agency, asker.worker);
        let path = format!("/v1/clients/{}/withdrawal", name.handle());
        let said = json!({"channel": "voice", "urgent_effects_confirmed": true});
        let ask = worker.post(path, said).purpose(asker.purpose).about(name.handle());
        taken += u32::from(ask.send().await.unwrap().status.is_success());
    }
    assert!(taken > 4, "hardly anybody had agreed to anything");
}

fn member(id: &str) -> &'static Member {
    MEMBERS.iter().find(|member| member.id == id).unwrap()
}

/// Every write that names something which is about somebody, with what it names.
fn writes() -> Vec<(Operation, String)> {
    let kinds = kinds_by_collection();
    let named = operations().into_iter().filter(|operation| {
        operation.writes() && operation.names_something() && !LEFT_OUT.contains(&operation.id.as_str())
    });
    named
        .filter_map(|operation| {
            let kind = kinds.get(operation.collection())?.clone();
            Some((operation, kind))
        })
        .collect()
}

/// The rows of every table, by its name.
type Counts = BTreeMap<String, i64>;

#[derive(diesel::QueryableByName)]
struct Table {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// The log, and what a refusal leaves so that it is not tried again.
fn is_written_by_a_refusal(table: &str) -> bool {
    table.starts_with("audit_") || table == "replay_guard"
}

/// Counts the rows of all tables that there are, so that a new one is counted too.
struct Counter {
    sql: String,
}

impl Counter {
    fn of(world: &World) -> Self {
        let sql = match world.backend {
            Backend::Sqlite => {
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            }
            Backend::Postgres => {
                "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema()"
            }
        };
        let tables: Vec<Table> = rows(&mut world.connection(), sql);
        assert!(tables.len() > 20, "the tables were not found");
        let counted = tables
            .iter()
            .map(|Table { name }| format!("SELECT '{name}' AS name, count(*) AS number FROM {name}"));
        Self { sql: counted.collect::<Vec<_>>().join(" UNION ALL ") }
    }

    fn count(&self, world: &World) -> Counts {
        let counted: Vec<Count> = rows(&mut world.connection(), &self.sql);
        counted.into_iter().map(|count| (count.name, count.number)).collect()
    }
}

/// A write, the type of agency that tries it, and which of its steps.
type Attempted = (String, AgencyType, usize);

/// A world in which everything is tried once, before or after everything was taken back.
struct Trial<'w> {
    world: &'w World,
    actors: BTreeMap<(&'static str, &'static str), Actor>,
    /// What was done.
    done: BTreeSet<Attempted>,
    /// How many requests were sent since the rows were counted last.
    asked: i64,
}

/// An attempt that was refused.
struct Refused {
    at: String,
    answer: Answer,
    asker: Asker,
    name: Name,
}

impl<'w> Trial<'w> {
    fn of(world: &'w World) -> Self {
        Self { world, actors: BTreeMap::new(), done: BTreeSet::new(), asked: 0 }
    }

    fn actor(&mut self, asker: &Asker) -> Actor {
        let key = (asker.member.id, asker.worker);
        self.actors.entry(key).or_insert_with(|| self.world.worker(key.0, key.1)).clone()
    }

    async fn send(&mut self, ask: Ask<'_>) -> Answer {
        self.asked += 1;
        ask.send().await.unwrap()
    }

    /// Asks it as its description says, on the version that stands.
    async fn tries(
        &mut self,
        (operation, turn): (&Operation, usize),
        asker: &Asker,
        (about, handle): (Handle, Handle),
    ) -> Answer {
        let actor = self.actor(asker);
        let path = operation.path_by_turns(handle, turn);
        let mut ask = actor.ask(operation.method.clone(), path).purpose(asker.purpose).about(about);
        ask = ask.stepped_up_at(self.world.clock.now());
        if let Some(body) = &operation.body {
            ask = ask.json(body.clone());
        }
        if operation.takes_key {
            ask = ask.idempotency_key(Handle::random().to_string());
        }
        if operation.takes_version {
            let place = format!("/v1/{}/{handle}", operation.collection());
            let read = self.send(actor.get(place).purpose(asker.purpose).about(about)).await;
            let stands = if read.etag().is_empty() { "\"1\"" } else { read.etag() };
            ask = ask.if_match(stands);
        }
        self.send(ask).await
    }

    /// Lets those of a type of agency try a step of a write on what they have names for, until somebody does it. Answers who was refused.
    async fn tried_by(
        &mut self,
        (operation, kind): &(Operation, String),
        agency_type: AgencyType,
        turn: usize,
        names: &[Name],
    ) -> Vec<Refused> {
        let mut refused = Vec::new();
        let of_type = |name: &&Name| name.kind == *kind && member(&name.agency).agency_type == agency_type;
        let mut seen = BTreeMap::new();
        for name in names.iter().filter(of_type) {
            let seen = seen.entry(&name.agency).or_insert(0);
            *seen += 1;
            if *seen > THINGS {
                continue;
            }
            let hers = names.iter().find(|other| {
                other.kind == "client" && other.agency == name.agency && other.person == name.person
            });
            let handle = name.handle();
            let about = if name.kind == "client" { handle } else { hers.map_or(handle, Name::handle) };
            for asker in operation.asked_at(member(&name.agency)).into_iter().take(ASKERS) {
                let answer = self.tries((operation, turn), &asker, (about, handle)).await;
                let at = format!("{} {turn} by {asker:?}", operation.id);
                assert!(answer.status.as_u16() < 500, "{at}: {}", answer.json);
                if answer.status.is_success() {
                    self.done.insert((operation.id.clone(), agency_type, turn));
                    return refused;
                }
                refused.push(Refused { at, answer, asker, name: name.clone() });
            }
        }
        refused
    }
}

/// Everything that can be done before.
async fn done_before(world: &World) -> BTreeSet<Attempted> {
    settle(world).await;
    let mut trial = Trial::of(world);
    for write in &writes() {
        for member in one_of_each_type() {
            for turn in 0..write.0.steps() {
                let names = names(world);
                trial.tried_by(write, member.agency_type, turn, &names).await;
            }
        }
    }
    trial.done
}

/// What is said to somebody who asks the same of one who never agreed to anything.
async fn said_of_a_stranger(
    trial: &mut Trial<'_>,
    strangers: &mut BTreeMap<&'static str, Handle>,
    operation: &Operation,
    turn: usize,
    asker: &Asker,
) -> Option<Value> {
    let known = strangers.get(asker.member.id).copied();
    let stranger = match known {
        Some(known) => known,
        None => {
            let operations = operations();
            let present = operations.iter().find(|operation| operation.id == "present_client").unwrap();
            let presenter = present.asked_at(asker.member).into_iter().next()?;
            let ask = trial.actor(&presenter);
            let ask =
                ask.post("/v1/clients", invented("Mockabella", "Zzyzxfield")).purpose(presenter.purpose);
            let stranger = trial.send(ask).await.handle("client_ref").unwrap();
            strangers.insert(asker.member.id, stranger);
            stranger
        }
    };
    let answer = trial.tries((operation, turn), asker, (stranger, stranger)).await;
    Some(said(&answer))
}

on_both_stores! {
    async fn what_rests_on_consent_is_done_no_more_once_it_is_taken_back(world: World) {
        let before = World::new(world.backend, world.cluster.clone()).await;
        let done_before = done_before(&before).await;
        drop(before);

        settle(&world).await;
        withdraw_all(&world).await;
        let counter = Counter::of(&world);
        let mut trial = Trial::of(&world);
        let (mut refusals, mut wrong, mut strangers) = (Refusals::default(), Vec::new(), BTreeMap::new());
        let (mut steady, mut disturbed) = (0, 0);
        for write in &writes() {
            let (operation, kind) = write;
            for attacker in one_of_each_type() {
                for turn in 0..operation.steps() {
                    let names = names(&world);
                    let attempted = (operation.id.clone(), attacker.agency_type, turn);
                    let before = counter.count(&world);
                    trial.asked = 0;
                    let mut refused = trial.tried_by(write, attacker.agency_type, turn, &names).await;
                    let is_done = trial.done.contains(&attempted);
                    if refused.is_empty() && !is_done && turn == 0 {
                        // It has no name for such a thing: it tries another's.
                        let others = names.iter().find(|name| name.kind == *kind);
                        let Some(others) = others else { continue };
                        let (handle, attacker) = (others.handle(), Attacker::at(&world, attacker));
                        let ask = attacker.ask(operation, handle).about(handle).purpose(operation.right_purpose());
                        let answer = trial.send(ask).await;
                        let at = format!("{} at {}", operation.id, attacker.member.id);
                        refusals.take(&at, &Tried { attack: "another's", answer, expected: &[NOT_FOUND, NO_PURPOSE] });
                    }
                    if !is_done {
                        let after = counter.count(&world);
                        // The gateway does things of its own now and then; each leaves an entry too.
                        if after["audit_leaf"] - before["audit_leaf"] == trial.asked {
                            let rows = |counts: &Counts| {
                                counts.iter().filter(|(table, _)| !is_written_by_a_refusal(table))
                                    .map(|(table, number)| (table.clone(), *number)).collect::<Vec<_>>()
                            };
                            assert_eq!(rows(&after), rows(&before), "a refusal of {attempted:?} stored something");
                            steady += 1;
                        } else {
                            disturbed += 1;
                        }
                    }
                    for Refused { at, answer, asker, name } in refused.drain(..) {
                        let leaf = answer.receipt.as_ref().map(|receipt| Leaf::parse(&receipt.leaf).unwrap());
                        if leaf.is_none_or(|leaf| leaf.outcome != Outcome::Refused) {
                            wrong.push(format!("{at}: it is not on record as refused"));
                        }
                        // What it rests on was there before, and is not now.
                        if is_done || !done_before.contains(&attempted) {
                            continue;
                        }
                        match answer.status.as_u16() {
                            404 => refusals.take(&at, &Tried { attack: "after a withdrawal", answer, expected: &[NOT_FOUND] }),
                            409 if name.kind == "client" => {
                                let other = said_of_a_stranger(&mut trial, &mut strangers, operation, turn, &asker).await;
                                if other.as_ref() != Some(&said(&answer)) {
                                    wrong.push(format!("{at}: {} and of a stranger {other:?}", said(&answer)));
                                }
                            }
                            409 => {}
                            status => wrong.push(format!("{at}: {status} {}", said(&answer))),
                        }
                    }
                }
            }
        }
        let ids = |attempted: &BTreeSet<Attempted>| attempted.iter().map(|(id, ..)| id.clone()).collect::<BTreeSet<_>>();
        let (before, after) = (ids(&done_before), ids(&trial.done));
        let stopped: BTreeSet<&String> = before.difference(&after).collect();
        eprintln!("rest on consent: {stopped:?}; {steady} counted, {disturbed} disturbed");
        let never: BTreeSet<String> = writes().into_iter().map(|(operation, _)| operation.id)
            .filter(|id| !before.contains(id) && !after.contains(id)).collect();
        eprintln!("never: {never:#?}\nafter: {after:#?}");
        let listed = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<BTreeSet<String>>();
        assert!(wrong.is_empty(), "{} went otherwise:\n{}", wrong.len(), wrong.join("\n"));
        assert_eq!(never, listed(&NEVER_DONE), "what nobody did before, and known not to be done");
        assert_eq!(after, listed(&GOES_ON.map(|(id, _)| id)), "what is still done, and known to be");
        assert!(disturbed * 10 < steady, "the gateway was too busy to count anything");
        refusals.all_as_expected();
    }
}
