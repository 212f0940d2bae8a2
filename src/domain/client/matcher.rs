//! Who is presented: weighed by the matching model against everybody who shares a key, over keyed tokens alone.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::details::details_in;
use crate::crypto::{KeyRing, MatchKeys, Token, UseKey};
use crate::id::{AgencyId, PersonId};
use crate::journal::sealed::Sealed;
use crate::people::blocking::{BlockingKey, BlockingRule, keys};
use crate::people::compare::Comparison;
use crate::people::details::Details;
use crate::people::frequencies::{Frequencies, Term};
use crate::people::index::weigh;
use crate::people::model::{Model, ModelError};
use crate::people::profile::{Profile, Profiler};
use crate::people::verdict::{Decision, Finding, Weighed};
use crate::people::weights::Weights;
use crate::policy::action::Action;
use crate::policy::facts::Epoch;
use crate::policy::permit::Permit;
use crate::store::match_frequency::{Levels, count_at};
use crate::store::match_index::{Candidate, ClientSegments, IndexKeys};
use crate::store::{Error, Snapshot, epoch};

/// An index that is small does not make the world small: a presentation is weighed as among no fewer people than this.
const LEAST_PEOPLE: u32 = 20_000;
/// At most so many meeting places are a presentation's.
const MOST_MEETINGS: usize = 12;

/// The matching model as a gateway runs it.
pub struct Matcher {
    model: Model,
    profiler: Profiler,
}

impl Matcher {
    /// With the numbers that the gateway carries.
    ///
    /// # Errors
    /// Never in a released build: a test reads them.
    pub fn stock() -> Result<Self, ModelError> {
        Ok(Self::new(Model::stock()?))
    }

    /// With these numbers.
    pub fn new(model: Model) -> Self {
        Self { model, profiler: Profiler::default() }
    }

    /// The profile of someone of these details.
    pub fn profile(&self, details: &Details) -> Profile {
        self.profiler.profile(details)
    }
}

/// Somebody known.
pub struct Known {
    details: Details,
    profile: Profile,
    /// By what the presenting agency wrote itself, where it wrote anything.
    own: Option<Profile>,
}

/// How what is written is read.
pub struct Reading {
    /// With what.
    pub matcher: Arc<Matcher>,
    /// Of each person, which records the presenting agency wrote itself.
    pub own: Vec<Vec<usize>>,
}

impl Drop for Known {
    fn drop(&mut self) {
        self.details.wipe();
    }
}

/// What is found of somebody who is presented.
pub struct Found {
    /// Who shares keys.
    pub people: Vec<Candidate>,
    /// What is known of them, in that order.
    pub known: Sealed<Vec<Known>>,
    /// Who of them is worth a look, best first.
    pub weighed: Vec<Weighed>,
    /// The places of those who are linked by what the presenting agency wrote itself, too.
    pub by_own: BTreeSet<usize>,
    /// Under which the presented record is found from now on.
    pub tokens: BTreeSet<i64>,
    /// What it is counted under.
    pub terms: Vec<i64>,
    /// How usual that is so far.
    pub levels: Levels,
    /// What the search rests on.
    pub index_epoch: Epoch,
}

/// The keys of one generation, for what is asked of an index.
struct IndexUse {
    keys: Arc<MatchKeys>,
    terms: UseKey,
}

impl IndexUse {
    fn new(keys: &Arc<MatchKeys>) -> Self {
        Self { keys: keys.clone(), terms: keys.for_use("term") }
    }

    fn tokens(&self, blocking: &[BlockingKey]) -> Vec<i64> {
        let by_rule: Vec<(BlockingRule, UseKey)> =
            BlockingRule::ALL.iter().map(|rule| (*rule, self.keys.for_use(&format!("key/{rule}")))).collect();
        let key_of = |rule| by_rule.iter().find(|(of, _)| *of == rule).map(|(_, key)| key);
        blocking.iter().filter_map(|key| Some(key_of(key.rule)?.token(key.text.as_bytes()))).collect()
    }

    fn term(&self, term: &Term) -> i64 {
        self.terms.token(format!("{}\u{1f}{}", term.kind, term.text).as_bytes())
    }

    /// What counts the people themselves.
    fn people(&self) -> i64 {
        self.terms.token(b"people")
    }

    fn counted(&self, profile: &Profile) -> Vec<i64> {
        let mut counted = vec![self.people()];
        counted.extend(Term::counted(profile).iter().map(|term| self.term(term)));
        counted
    }
}

/// The tokens of a record and what it is counted under, for the keys of an index.
pub fn indexed(
    matcher: &Matcher,
    keys_of: &[Arc<MatchKeys>],
    details: &Details,
) -> (BTreeSet<i64>, Vec<i64>) {
    let profile = matcher.profile(details);
    let blocking = keys(&profile);
    let (mut tokens, mut terms) = (BTreeSet::new(), Vec::new());
    for keys in keys_of {
        let index = IndexUse::new(keys);
        tokens.extend(index.tokens(&blocking));
        terms.extend(index.counted(&profile));
    }
    (tokens, terms)
}

/// Looks for whoever may be of these details; `except` is somebody who is known to be.
pub fn look<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    matcher: &Arc<Matcher>,
    agency: &AgencyId,
    details: &Details,
    except: Option<PersonId>,
) -> Result<Found, Error> {
    let presented = matcher.profile(details);
    let IndexKeys { keys: of_index, epoch: index_epoch, .. } = tx.index_keys()?;
    let (tokens, terms) = indexed(matcher, &of_index, details);
    let index = IndexUse::new(of_index.first().ok_or(Error::Corrupt("the matching index has no key"))?);
    let counted = tx.frequencies(&[index.people()])?;
    let people = counted.get(&index.people()).map_or(0, |level| count_at(*level)).max(LEAST_PEOPLE);
    let asked: Vec<i64> = tokens.iter().copied().collect();
    let candidates = tx.candidates_read(permit, agency, &asked, people)?;
    let own = candidates.people.iter().map(|candidate| candidate.own_records.clone()).collect();
    let known = candidates.records.beside(Reading { matcher: matcher.clone(), own }).view(known);
    let mut compared = known.tokens(&index, compared);
    compared.extend(Term::compared(&presented).iter().map(|term| index.term(term)));
    compared.extend(&terms);
    compared.sort_unstable();
    compared.dedup();
    let levels = tx.frequencies(&compared)?;
    let is_excepted =
        |candidate: &Candidate| except.is_some_and(|person| candidate.persons.contains(&person));
    let weighing = Weighing {
        presented,
        weights: Weights::new(&matcher.model, people),
        except: candidates.people.iter().position(is_excepted),
        people,
        index,
        levels,
    };
    let weighed = known.weigh(&weighing, weighed);
    let is_by_own = |at: &usize| known.judge(&(*at, &weighing), links_by_own).is_ok();
    let linked = weighed.iter().filter(|weighed| weighed.finding.decision == Decision::Link);
    let by_own = linked.map(|weighed| weighed.finding.candidate).filter(is_by_own).collect();
    let levels = weighing.levels;
    Ok(Found { people: candidates.people, known, weighed, by_own, tokens, terms, levels, index_epoch })
}

/// The places where two presentations of one new person meet: what tells people apart, and nothing that many share.
pub fn meetings(tx: &mut Snapshot<'_>, matcher: &Matcher, details: &Details) -> Result<Vec<Epoch>, Error> {
    let blocking = keys(&matcher.profile(details));
    let tells = |key: &&BlockingKey| {
        matches!(
            key.rule,
            BlockingRule::Identifier
                | BlockingRule::BirthGiven
                | BlockingRule::NamesYear
                | BlockingRule::NamesDay
        )
    };
    let mut meeting: Vec<&BlockingKey> = blocking.iter().filter(tells).collect();
    if meeting.is_empty() {
        meeting = blocking.iter().collect();
    }
    let scopes: BTreeSet<Vec<u8>> = meeting
        .into_iter()
        .take(MOST_MEETINGS)
        .map(|key| {
            let [a, b, c, d, e, f, g, h, ..] =
                tx.keys().index().token("match/meeting", &[key.rule.code().as_bytes(), key.text.as_bytes()]);
            epoch::meeting(i64::from_be_bytes([a, b, c, d, e, f, g, h]))
        })
        .collect();
    let scopes: Vec<&[u8]> = scopes.iter().map(Vec::as_slice).collect();
    tx.epochs(&scopes)
}

/// What is known of two sides, as one keyed token: it changes when the facts do.
pub fn facts_of_both(
    keys: &KeyRing,
    (one, of_one): (PersonId, i64),
    (other, of_other): (PersonId, i64),
) -> Token {
    let (low, high) = if one < other { (of_one, of_other) } else { (of_other, of_one) };
    keys.index().token("match/pair", &[&low.to_be_bytes(), &high.to_be_bytes()])
}

/// Whose facts are asked for: those of all who are known, and of the presented one with the known one that it is.
pub struct FactsOf<'a> {
    /// The keys.
    pub keys: &'a KeyRing,
    /// With which the details are read.
    pub matcher: &'a Matcher,
    /// What was presented; nothing where nobody was.
    pub presented: Option<&'a Details>,
    /// Whom it was found to be.
    pub is: Option<usize>,
}

/// A keyed token of the facts of each who is known, and of the presented one as the last.
#[allow(clippy::ptr_arg, reason = "`Sealed::tokens` takes a function of the very type that is sealed")]
pub fn facts_of(known: &Vec<Known>, of: &FactsOf<'_>) -> Vec<i64> {
    let token = |profile: &Profile| {
        let mut written = Vec::new();
        for key in keys(profile) {
            written.extend_from_slice(key.rule.code().as_bytes());
            written.extend_from_slice(key.text.as_bytes());
            written.push(0);
        }
        let [a, b, c, d, e, f, g, h, ..] = of.keys.index().token("match/facts", &[&written]);
        i64::from_be_bytes([a, b, c, d, e, f, g, h])
    };
    let mut facts: Vec<i64> = known.iter().map(|known| token(&known.profile)).collect();
    if let Some(presented) = of.presented {
        let mut together =
            of.is.and_then(|at| known.get(at)).map_or_else(Details::default, |known| known.details.clone());
        together.absorb(presented);
        facts.push(token(&of.matcher.profile(&together)));
    }
    facts
}

/// What is known of each, all that any agency wrote taken together.
pub fn known((people, reading): &(Vec<Vec<ClientSegments>>, Reading)) -> Vec<Known> {
    let Reading { matcher, own } = reading;
    let known = people.iter().enumerate().map(|(at, records)| {
        let (mut details, mut own_details) = (Details::default(), Details::default());
        let own: &[usize] = own.get(at).map_or(&[], Vec::as_slice);
        for (place, record) in records.iter().enumerate() {
            let written = details_in(record);
            details.absorb(&written);
            if own.contains(&place) {
                own_details.absorb(&written);
            }
        }
        let of_own = (!own.is_empty()).then(|| matcher.profile(&own_details));
        own_details.wipe();
        Known { profile: matcher.profile(&details), details, own: of_own }
    });
    known.collect()
}

#[allow(clippy::ptr_arg, reason = "`Sealed::tokens` takes a function of the very type that is sealed")]
fn compared(known: &Vec<Known>, index: &IndexUse) -> Vec<i64> {
    let terms: BTreeSet<Term> = known.iter().flat_map(|known| Term::compared(&known.profile)).collect();
    terms.iter().map(|term| index.term(term)).collect()
}

struct Weighing {
    presented: Profile,
    weights: Weights,
    except: Option<usize>,
    people: u32,
    index: IndexUse,
    levels: Levels,
}

impl Weighing {
    /// How usual each value of these people is.
    fn frequencies<'p>(&self, people: impl Iterator<Item = &'p Profile>) -> Frequencies {
        let mut terms = Term::compared(&self.presented);
        terms.extend(people.flat_map(Term::compared));
        let counts = terms.into_iter().filter_map(|term| {
            let level = self.levels.get(&self.index.term(&term))?;
            Some((term, count_at(*level)))
        });
        Frequencies::of(self.people, counts)
    }
}

/// Whether somebody would be linked by what the presenting agency wrote alone.
#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
fn links_by_own(known: &Vec<Known>, (at, by): &(usize, &Weighing)) -> Result<(), ()> {
    let mut own = known.get(*at).and_then(|known| known.own.clone()).ok_or(())?;
    let frequencies = by.frequencies(std::iter::once(&own));
    let mut presented = by.presented.clone();
    presented.rate(&frequencies);
    own.rate(&frequencies);
    let is_linked = |finding: &Finding| finding.decision == Decision::Link;
    if weigh(&presented, &[&own], &by.weights).iter().any(is_linked) { Ok(()) } else { Err(()) }
}

#[allow(clippy::ptr_arg, reason = "`Sealed::weigh` takes a function of the very type that is sealed")]
fn weighed(known: &Vec<Known>, by: &Weighing) -> Vec<Weighed> {
    let frequencies = by.frequencies(known.iter().map(|known| &known.profile));
    let rated = |profile: &Profile| {
        let mut profile = profile.clone();
        profile.rate(&frequencies);
        profile
    };
    let presented = rated(&by.presented);
    let places: Vec<usize> = (0..known.len()).filter(|at| Some(*at) != by.except).collect();
    let profiles: Vec<Profile> =
        places.iter().filter_map(|at| known.get(*at)).map(|known| rated(&known.profile)).collect();
    let compared: Vec<&Profile> = profiles.iter().collect();
    weigh(&presented, &compared, &by.weights)
        .into_iter()
        .filter_map(|mut finding| {
            let profile = profiles.get(finding.candidate)?;
            let comparison = Comparison::new(&presented, profile, &by.weights);
            finding.candidate = *places.get(finding.candidate)?;
            Some(Weighed::new(finding, &comparison))
        })
        .collect()
}
