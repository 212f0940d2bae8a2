//! Who is presented: weighed by the matching model against everybody who shares a key, over keyed tokens alone.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::details::{details_in, details_of};
use crate::crypto::{BlindIndex, MatchKeys, UseKey};
use crate::domain::dir::Person;
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

/// Somebody known, or presented.
pub struct Known {
    pub(super) details: Details,
    pub(super) profile: Profile,
    /// By what the presenting agency wrote itself, where it wrote anything.
    own: Option<Profile>,
}

impl Known {
    /// Somebody of whom this is said.
    pub fn of(person: &Person, matcher: &Matcher) -> Self {
        let details = details_of(person);
        Self { profile: matcher.profile(&details), details, own: None }
    }
}

/// Who is presented, and who may be that person.
pub struct Company {
    /// Those who share keys.
    pub known: Vec<Known>,
    /// Who is presented.
    pub presented: Known,
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
    /// What is known of them, in that order, and of who is presented.
    pub company: Sealed<Company>,
    /// Who of them is worth a look, best first.
    pub weighed: Vec<Weighed>,
    /// The places of those who are linked by what the presenting agency wrote itself, too.
    pub by_own: BTreeSet<usize>,
    /// The keys of the index.
    pub generations: Generations,
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

/// The keys of an index: of one generation, or of two while it is re-keyed.
pub type Generations = Vec<Arc<MatchKeys>>;

/// The tokens of a record and what it is counted under, for the keys of an index.
pub fn indexed(
    matcher: &Matcher,
    keys_of: &[Arc<MatchKeys>],
    details: &Details,
) -> (BTreeSet<i64>, Vec<i64>) {
    let profile = matcher.profile(details);
    (tokens_of(&profile, keys_of).collect(), terms_of(&profile, keys_of).collect())
}

fn tokens_of(profile: &Profile, keys_of: &[Arc<MatchKeys>]) -> impl Iterator<Item = i64> {
    let blocking = keys(profile);
    keys_of.iter().flat_map(move |keys| IndexUse::new(keys).tokens(&blocking))
}

fn terms_of(profile: &Profile, keys_of: &[Arc<MatchKeys>]) -> impl Iterator<Item = i64> {
    keys_of.iter().flat_map(|keys| IndexUse::new(keys).counted(profile))
}

/// The tokens under which somebody is found.
#[allow(clippy::ptr_arg, reason = "`Sealed::tokens` takes a function of the very type that is sealed")]
pub fn tokens(presented: &Known, keys_of: &Generations) -> Vec<i64> {
    tokens_of(&presented.profile, keys_of).collect()
}

/// What somebody is counted under.
#[allow(clippy::ptr_arg, reason = "`Sealed::tokens` takes a function of the very type that is sealed")]
pub fn terms(presented: &Known, keys_of: &Generations) -> Vec<i64> {
    terms_of(&presented.profile, keys_of).collect()
}

/// Looks for whoever may be the presented person; `except` is somebody who is known to be.
pub fn look<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    matcher: &Arc<Matcher>,
    agency: &AgencyId,
    presented: Sealed<Known>,
    except: Option<PersonId>,
) -> Result<Found, Error> {
    let IndexKeys { keys: of_index, epoch: index_epoch, .. } = tx.index_keys()?;
    let asked: BTreeSet<i64> = presented.tokens(&of_index, tokens).into_iter().collect();
    let index = IndexUse::new(of_index.first().ok_or(Error::Corrupt("the matching index has no key"))?);
    let counted = tx.frequencies(&[index.people()])?;
    let people = counted.get(&index.people()).map_or(0, |level| count_at(*level)).max(LEAST_PEOPLE);
    let asked: Vec<i64> = asked.into_iter().collect();
    let candidates = tx.candidates_read(permit, agency, &asked, people)?;
    let own = candidates.people.iter().map(|candidate| candidate.own_records.clone()).collect();
    let known = candidates.records.beside(Reading { matcher: matcher.clone(), own }).view(known);
    let company = known.with(presented).map(|(known, presented)| Company { known, presented });
    let mut compared = company.tokens(&index, compared);
    compared.sort_unstable();
    compared.dedup();
    let levels = tx.frequencies(&compared)?;
    let is_excepted =
        |candidate: &Candidate| except.is_some_and(|person| candidate.persons.contains(&person));
    let weighing = Weighing {
        weights: Weights::new(&matcher.model, people),
        except: candidates.people.iter().position(is_excepted),
        people,
        index,
        levels,
    };
    let weighed = company.weigh(&weighing, weighed);
    let is_by_own = |at: &usize| company.judge(&(*at, &weighing), links_by_own).is_ok();
    let linked = weighed.iter().filter(|weighed| weighed.finding.decision == Decision::Link);
    let by_own = linked.map(|weighed| weighed.finding.candidate).filter(is_by_own).collect();
    Ok(Found { people: candidates.people, company, weighed, by_own, generations: of_index, index_epoch })
}

/// The places where two presentations of one new person meet: what tells people apart, and nothing that many share.
pub fn meetings(tx: &mut Snapshot<'_>, presented: &Sealed<Known>) -> Result<Vec<Epoch>, Error> {
    let places = presented.tokens(tx.keys().index(), meeting_places);
    let scopes: BTreeSet<Vec<u8>> = places.into_iter().map(epoch::meeting).collect();
    let scopes: Vec<&[u8]> = scopes.iter().map(Vec::as_slice).collect();
    tx.epochs(&scopes)
}

fn meeting_places(presented: &Known, index: &BlindIndex) -> Vec<i64> {
    let blocking = keys(&presented.profile);
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
    let place =
        |key: &BlockingKey| index.number("match/meeting", &[key.rule.code().as_bytes(), key.text.as_bytes()]);
    meeting.into_iter().take(MOST_MEETINGS).map(place).collect()
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

/// What those present are compared by.
fn compared(company: &Company, index: &IndexUse) -> Vec<i64> {
    let all = company.known.iter().chain([&company.presented]);
    let terms: BTreeSet<Term> = all.flat_map(|known| Term::compared(&known.profile)).collect();
    terms.iter().map(|term| index.term(term)).collect()
}

struct Weighing {
    weights: Weights,
    except: Option<usize>,
    people: u32,
    index: IndexUse,
    levels: Levels,
}

impl Weighing {
    /// How usual each value of these people is.
    fn frequencies<'p>(&self, people: impl Iterator<Item = &'p Profile>) -> Frequencies {
        let terms: BTreeSet<Term> = people.flat_map(Term::compared).collect();
        let counts = terms.into_iter().filter_map(|term| {
            let level = self.levels.get(&self.index.term(&term))?;
            Some((term, count_at(*level)))
        });
        Frequencies::of(self.people, counts)
    }
}

fn rated(profile: &Profile, by: &Frequencies) -> Profile {
    let mut profile = profile.clone();
    profile.rate(by);
    profile
}

/// Whether somebody would be linked by what the presenting agency wrote alone.
fn links_by_own(company: &Company, (at, by): &(usize, &Weighing)) -> Result<(), ()> {
    let own = company.known.get(*at).and_then(|known| known.own.as_ref()).ok_or(())?;
    let presented = &company.presented.profile;
    let frequencies = by.frequencies([presented, own].into_iter());
    let (presented, own) = (rated(presented, &frequencies), rated(own, &frequencies));
    let is_linked = |finding: &Finding| finding.decision == Decision::Link;
    if weigh(&presented, &[&own], &by.weights).iter().any(is_linked) { Ok(()) } else { Err(()) }
}

fn weighed(company: &Company, by: &Weighing) -> Vec<Weighed> {
    let Company { known, presented } = company;
    let all = known.iter().chain([presented]);
    let frequencies = by.frequencies(all.map(|known| &known.profile));
    let presented = rated(&presented.profile, &frequencies);
    let places: Vec<usize> = (0..known.len()).filter(|at| Some(*at) != by.except).collect();
    let compared = places.iter().filter_map(|at| known.get(*at));
    let profiles: Vec<Profile> = compared.map(|known| rated(&known.profile, &frequencies)).collect();
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
