//! Once she has taken back everything, what rests on consent is done no more: whoever could do a write of the interface's description
//! before tries it again on the same thing, and is refused as for nobody, or as for somebody who never agreed to anything; nothing is
//! stored, and it stands in the log.
//!
//! What rests on consent is found and not said: everything is tried in a world and in its twin, in which she took nothing back. What is
//! done all the same, what may tell its own agency that it is over, and what is not tried is listed with the reason. A new operation
//! cannot escape it, and a list can only shrink.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Weekday;
use throughgate::clock::Clock as _;
use throughgate::demo::actor::Answer;
use throughgate::demo::cast::{MEMBERS, Member};
use throughgate::id::Handle;
use throughgate::ledger::entry::Leaf;
use throughgate::vocabulary::{AgencyType, Outcome};

use super::begun::settle_begun;
use super::existence::{ABOUT_NOBODY, kinds_by_collection};
use super::operations::{Operation, operations};
use super::readers::Asker;
use super::refusals::{NO_PURPOSE, NOT_FOUND, Refusals, Tried, said};
use super::resting::{ABOUT_NO_PERSON, After, GOES_ON, Met, NOT_TRIED, SAID_TO_BE_OVER, differences, listed};
use super::settlement::{Name, names, settle, withdraw_all};
use super::trial::{Trial, Way};
use crate::api::linked::bytes;
use crate::support::{World, invented, on_both_stores};

/// Writes about somebody whose path names nobody: the body says who it is.
const NAMED_WITHIN: [&str; 2] = ["ask_caseload_check", "draft_referral"];

/// What leaves less to try other things on, so that it comes last: where one starts so, the later ones come later.
const LAST: [&str; 7] = ["give_back", "end_", "cancel", "close", "lift", "call_off", "withdraw"];

/// On how many things of a kind, and for how many clients, each agency tries a write, and as how many of its workers.
const THINGS: usize = 6;
const CLIENTS: usize = 10;
const ASKERS: usize = 6;

/// After how many refusals that nothing in its state explains somebody does not try a write on more.
const ENOUGH: u32 = 3;

/// How many of an agency's workers are told of the state of one thing.
const TWICE: u32 = 2;

fn member(id: &str) -> &'static Member {
    MEMBERS.iter().find(|member| member.id == id).unwrap()
}

fn is_about_somebody(operation: &Operation) -> bool {
    let names = operation.names_something() && !ABOUT_NOBODY.contains(&operation.collection());
    names || NAMED_WITHIN.contains(&operation.id.as_str())
}

/// Every write about somebody, with the kind of what it names; what ends something last.
fn writes() -> Vec<(Operation, String)> {
    let kinds = kinds_by_collection();
    let not_tried = listed(&NOT_TRIED);
    let tried = operations().into_iter().filter(|operation| {
        operation.writes() && is_about_somebody(operation) && !not_tried.contains(operation.id.as_str())
    });
    let mut writes: Vec<(Operation, String)> = tried
        .map(|operation| {
            let kind = kinds.get(operation.collection()).cloned();
            let kind =
                if NAMED_WITHIN.contains(&operation.id.as_str()) { Some("client".into()) } else { kind };
            let kind = kind.unwrap_or_else(|| panic!("what does {} name? Say it in CALLED", operation.id));
            (operation, kind)
        })
        .collect();
    let last = |id: &str| LAST.iter().rposition(|start| id.starts_with(start)).map_or(0, |at| at + 1);
    writes.sort_by_key(|(operation, _)| last(&operation.id));
    writes
}

/// Each worker for one purpose, before anybody for another.
fn askers(operation: &Operation, member: &'static Member) -> Vec<Asker> {
    let mut askers = operation.asked_at(member);
    let mut seen = BTreeMap::new();
    askers.sort_by_cached_key(|asker| {
        let turn = seen.entry(asker.worker).or_insert(0);
        *turn += 1;
        *turn
    });
    askers.truncate(ASKERS);
    askers
}

/// One way of an agency of each type to do a write, on what is its own and on what is another's.
async fn ways(
    trial: &mut Trial<'_>,
    (operation, kind): &(Operation, String),
    names: &[Name],
    why: &mut BTreeMap<String, String>,
) -> Vec<Way> {
    let mut found: BTreeMap<(AgencyType, bool), Way> = BTreeMap::new();
    let mut things: Vec<&Name> = names.iter().filter(|name| name.kind == *kind).collect();
    // Of what the stories began they ended the first; of whom much is known they told at once.
    if kind != "client" {
        things.reverse();
    }
    let mut refused = BTreeMap::new();
    for turn in 0..operation.steps().len() {
        let mut seen = BTreeMap::new();
        for name in &things {
            let member = member(&name.agency);
            let key = (member.agency_type, name.is_of_others());
            let seen = seen.entry((&name.agency, key.1)).or_insert(0);
            *seen += 1;
            if found.contains_key(&key) || *seen > if kind == "client" { CLIENTS } else { THINGS } {
                continue;
            }
            let mut against = 0;
            for asker in askers(operation, member) {
                // Who may not do it at all is not asked on everything.
                let refused = refused.entry((turn, asker.worker, asker.purpose)).or_insert(0);
                if *refused == ENOUGH {
                    continue;
                }
                let way = Way::of(operation, turn, asker, name, names);
                let answer = trial.tries(&way).await;
                assert!(answer.status.as_u16() < 500, "{} by {asker:?}: {}", operation.id, answer.json);
                if answer.status.is_success() {
                    found.insert(key, way);
                    break;
                }
                let is_of_its_state = answer.status.as_u16() == 409;
                *refused += u32::from(!is_of_its_state);
                against += u32::from(is_of_its_state);
                let met = format!("{} {}: {}", operation.id, operation.steps()[turn], said(&answer));
                why.entry(met).or_insert_with(|| format!("{asker:?}"));
                // What stands against it stands against it whoever asks.
                if against == TWICE {
                    break;
                }
            }
        }
    }
    found.into_values().collect()
}

/// The world after the withdrawal, in which what could be done is tried.
struct Scene<'w> {
    trial: Trial<'w>,
    /// Somebody who never agreed to anything, at each agency that can present her.
    strangers: BTreeMap<&'static str, Option<Handle>>,
    refusals: Refusals,
    wrong: Vec<String>,
}

impl Scene<'_> {
    async fn stranger(&mut self, member: &'static Member) -> Option<Handle> {
        if let Some(known) = self.strangers.get(member.id) {
            return *known;
        }
        let present = operations().into_iter().find(|operation| operation.id == "present_client").unwrap();
        let mut stranger = None;
        if let Some(presenter) = present.asked_at(member).into_iter().next() {
            let actor = self.trial.actor(&presenter);
            let ask =
                actor.post("/v1/clients", invented("Mockabella", "Zzyzxfield")).purpose(presenter.purpose);
            stranger = ask.send().await.unwrap().handle("client_ref");
        }
        self.strangers.insert(member.id, stranger);
        stranger
    }

    /// It is on record as refused, and nothing else was written.
    fn is_on_record(&mut self, at: &str, answer: &Answer) {
        let leaf = answer.receipt.as_ref().map(|receipt| Leaf::parse(&receipt.leaf).unwrap());
        let Some(leaf) = leaf.filter(|leaf| leaf.outcome == Outcome::Refused) else {
            self.wrong.push(format!("{at}: it is not on record as refused"));
            return;
        };
        let entry = bytes(self.trial.world, leaf.id.as_bytes());
        let sql = format!("SELECT count(*) AS number FROM record_version WHERE entry_id = {entry}");
        if self.trial.world.number(&sql) != 0 {
            self.wrong.push(format!("{at}: a refusal stored something"));
        }
    }

    /// Tries again what was done before.
    async fn after(&mut self, way: &Way) -> After {
        let answer = self.trial.tries(way).await;
        let at = format!("{} {} by {:?}", way.operation.id, way.turn, way.asker);
        if answer.status.is_success() {
            return After::GoesOn;
        }
        self.is_on_record(&at, &answer);
        if answer.status.as_u16() == 404 {
            let nobody = Handle::random();
            let about = if way.name.kind == "client" { nobody } else { way.about };
            let of_nobody = self.trial.tries_on(way, about, nobody).await;
            if said(&of_nobody) != said(&answer) {
                self.wrong.push(format!("{at}: {} and of nobody {}", said(&answer), said(&of_nobody)));
            }
            self.refusals.take(&at, &Tried { attack: "withdrawn", answer, expected: &[NOT_FOUND] });
            self.as_closed_at_every_step(way).await;
            return After::Closed;
        }
        if way.name.kind == "client"
            && let Some(stranger) = self.stranger(way.asker.member).await
        {
            let of_stranger = self.trial.tries_on(way, stranger, stranger).await;
            if said(&of_stranger) == said(&answer) {
                return After::Closed;
            }
        }
        After::SaidToBeOver
    }

    /// What is as nobody's for one step is so for all of them, those of another action included.
    async fn as_closed_at_every_step(&mut self, way: &Way) {
        for turn in (0..way.operation.steps().len()).filter(|turn| *turn != way.turn) {
            let other = Way { turn, ..way.clone() };
            let answer = self.trial.tries(&other).await;
            let of_nobody = self.trial.tries_on(&other, way.about, Handle::random()).await;
            let at = format!("{} {turn} by {:?}", way.operation.id, way.asker);
            if said(&of_nobody) != said(&answer) {
                self.wrong.push(format!("{at}: {} and of nobody {}", said(&answer), said(&of_nobody)));
            }
            self.is_on_record(&at, &answer);
            let expected = &[NOT_FOUND, NO_PURPOSE];
            self.refusals.take(&at, &Tried { attack: "withdrawn", answer, expected });
        }
    }
}

#[test]
fn every_write_is_tried_or_listed_with_the_reason() {
    let all = operations();
    let of_nobody = all.iter().filter(|operation| operation.writes() && !is_about_somebody(operation));
    let of_nobody: BTreeSet<&str> = of_nobody.map(|operation| operation.id.as_str()).collect();
    assert_eq!(of_nobody, listed(&ABOUT_NO_PERSON), "what is about nobody, and known to be");
    let somebodys: BTreeSet<&str> = all
        .iter()
        .filter(|operation| operation.writes() && is_about_somebody(operation))
        .map(|operation| operation.id.as_str())
        .collect();
    let stale: Vec<&str> = listed(&NOT_TRIED).into_iter().filter(|id| !somebodys.contains(id)).collect();
    assert_eq!(stale, [""; 0], "there are no such writes");
}

/// The line of an agency looks people up while its office is closed, so that this is told at a weekend, whenever it is told.
async fn wait_for_saturday(world: &mut World) {
    let today = world.clock.now().in_tz("Europe/London").unwrap().weekday();
    world.later(i64::from(today.until(Weekday::Saturday))).await;
}

on_both_stores! {
    async fn what_rests_on_consent_is_done_no_more_once_it_is_taken_back(world: World) {
        let mut world = world;
        wait_for_saturday(&mut world).await;
        settle(&world).await;
        settle_begun(&world).await;
        let before = world.twin().await;
        let (names, writes) = (names(&world), writes());
        let (mut trial, mut found, mut never) = (Trial::of(&before), Vec::new(), Vec::new());
        for write in &writes {
            let mut why = BTreeMap::new();
            let ways = ways(&mut trial, write, &names, &mut why).await;
            if ways.is_empty() {
                never.push(format!("{}: {why:#?}", write.0.id));
            }
            found.extend(ways);
        }
        assert!(never.is_empty(), "nobody could do these before: settle something that they fit:\n{}", never.join("\n"));

        withdraw_all(&world).await;
        let mut scene = Scene { trial: Trial::of(&world), strangers: BTreeMap::new(), refusals: Refusals::default(), wrong: Vec::new() };
        let mut met = Met::new();
        // She agrees anew last of all.
        found.sort_by_key(|way| way.operation.id == "record_consent");
        for way in &found {
            let after = scene.after(way).await;
            let done = (way.operation.id.clone(), way.name.is_of_others(), way.asker.member.agency_type);
            met.entry(after).or_default().insert(done);
        }
        let mut wrong = scene.wrong;
        wrong.extend(differences(&met, After::GoesOn, &GOES_ON));
        wrong.extend(differences(&met, After::SaidToBeOver, &SAID_TO_BE_OVER));
        assert!(wrong.is_empty(), "{} went otherwise:\n{}", wrong.len(), wrong.join("\n"));
        scene.refusals.all_as_expected();
    }
}
