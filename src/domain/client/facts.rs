//! What is known of people as keyed tokens, which change when the facts do: whether the desk was asked on the same ones.

use super::matcher::{Company, Known, Matcher};
use crate::crypto::{KeyRing, Token};
use crate::id::PersonId;
use crate::people::blocking::keys;
use crate::people::details::Details;
use crate::people::profile::Profile;

/// What is known of two sides, as one keyed token: it changes when the facts do.
pub fn facts_of_both(
    keys: &KeyRing,
    (one, of_one): (PersonId, i64),
    (other, of_other): (PersonId, i64),
) -> Token {
    let (low, high) = if one < other { (of_one, of_other) } else { (of_other, of_one) };
    keys.index().token("match/pair", &[&low.to_be_bytes(), &high.to_be_bytes()])
}

/// A keyed token of the facts of each who is known.
#[allow(clippy::ptr_arg, reason = "`Sealed::tokens` takes a function of the very type that is sealed")]
pub fn facts_of_each(known: &Vec<Known>, ring: &KeyRing) -> Vec<i64> {
    known.iter().map(|known| facts_of(&known.profile, ring)).collect()
}

/// Of whose facts the presented one's are a part.
pub struct Together<'a> {
    /// The keys.
    pub ring: &'a KeyRing,
    /// With which the details are read.
    pub matcher: &'a Matcher,
    /// Which of the known the presented one is.
    pub is: Option<usize>,
}

/// A keyed token of the facts of each who is known; and, as the last, of what was presented together with what is known of that person.
pub fn facts_of_company(company: &Company, of: &Together<'_>) -> Vec<i64> {
    let mut facts = facts_of_each(&company.known, of.ring);
    let is = of.is.and_then(|at| company.known.get(at));
    let mut together = is.map_or_else(Details::default, |known| known.details.clone());
    together.absorb(&company.presented.details);
    facts.push(facts_of(&of.matcher.profile(&together), of.ring));
    together.wipe();
    facts
}

fn facts_of(profile: &Profile, ring: &KeyRing) -> i64 {
    let mut written = Vec::new();
    for key in keys(profile) {
        written.extend_from_slice(key.rule.code().as_bytes());
        written.extend_from_slice(key.text.as_bytes());
        written.push(0);
    }
    ring.index().number("match/facts", &[&written])
}
