//! What policies can tell apart: which codes they name together, and which facts they look at.
//!
//! A policy here compares an attribute only with codes that it writes out, alone or in a list (loading refuses one that compares
//! two attributes). So two codes that stand in exactly the same comparisons cannot be told apart: exchanging one for the other
//! changes no decision, and one of them may stand for both. That is what makes it possible to lay out *every* decision as a
//! table, and to find out whether any facts at all could permit a request.

use std::collections::{BTreeMap, BTreeSet};

use cedar_policy::{Effect, Policy};
use serde_json::Value;

use super::entities::{Coded, Fact};

/// The comparisons that policies make: each a set of codes, as (entity type, code).
#[derive(Debug, Clone, Default)]
pub(super) struct Atoms {
    groups: BTreeSet<BTreeSet<(String, String)>>,
    /// Every word of the policies: whatever attribute they look at is among them.
    words: BTreeSet<String>,
    /// Whether a fact that holds could turn a permit into a refusal.
    negates: bool,
}

/// How Cedar's exchange form writes what can turn true into false.
const NEGATIONS: [&str; 4] = ["!", "!=", "unless", "if-then-else"];

/// Why a policy cannot be laid out as a table.
#[derive(Debug, thiserror::Error)]
pub enum Unreducible {
    /// It compares one attribute with another.
    #[error("compares two attributes with each other; compare each with the codes that are meant")]
    ComparesAttributes,
    /// Cedar could not write it in its own exchange form.
    #[error("cannot be analysed: {0}")]
    NoJson(String),
}

/// A policy in Cedar's exchange form.
pub(super) fn exchange_form(policy: &Policy) -> Result<Value, Unreducible> {
    policy.to_json().map_err(|error| Unreducible::NoJson(error.to_string()))
}

impl Atoms {
    /// What this policy tells apart; `tree` is its exchange form.
    pub(super) fn of(policy: &Policy, tree: &Value) -> Result<Self, Unreducible> {
        let mut atoms = Self::default();
        atoms.walk(tree)?;
        let forbids_by_fact =
            policy.effect() == Effect::Forbid && Fact::ALL.iter().any(|fact| atoms.mention(*fact));
        atoms.negates |= forbids_by_fact || NEGATIONS.iter().any(|word| atoms.words.contains(*word));
        Ok(atoms)
    }

    pub(super) fn extend(&mut self, other: &Self) {
        self.groups.extend(other.groups.iter().cloned());
        self.words.extend(other.words.iter().cloned());
        self.negates |= other.negates;
    }

    /// Whether any policy looks at the fact. May say so of one that none does (its name in an annotation), never the reverse.
    pub(super) fn mention(&self, fact: Fact) -> bool {
        self.words.contains(fact.code())
    }

    /// Whether any policy looks at an attribute of this name; as cautious as [`Self::mention`].
    pub(super) fn mention_attribute(&self, name: &str) -> bool {
        self.words.contains(name)
    }

    /// Whether more facts that hold can only ever permit more, so that what is denied when all hold is denied always. May say no
    /// where it is so, never the reverse.
    pub(super) fn more_facts_permit_more(&self) -> bool {
        !self.negates
    }

    /// The codes of a list in classes of which policies see no difference; the first of each may stand for it.
    pub(super) fn classes<C: Coded>(&self) -> Vec<Vec<C>> {
        let mut classes: BTreeMap<Vec<bool>, Vec<C>> = BTreeMap::new();
        for code in C::ALL {
            let named = (C::ENTITY.to_owned(), code.code().to_owned());
            let signature = self.groups.iter().map(|group| group.contains(&named)).collect();
            classes.entry(signature).or_default().push(*code);
        }
        let mut classes: Vec<_> = classes.into_values().collect();
        classes.sort_unstable();
        classes
    }

    fn walk(&mut self, node: &Value) -> Result<(), Unreducible> {
        if let Some(code) = literal(node) {
            self.groups.insert(BTreeSet::from([code]));
            return Ok(());
        }
        match node {
            Value::Array(items) => {
                let codes: Option<BTreeSet<_>> = items.iter().map(literal).collect();
                match codes {
                    Some(codes) if !codes.is_empty() => {
                        self.groups.insert(codes);
                    }
                    _ => items.iter().try_for_each(|item| self.walk(item))?,
                }
            }
            Value::Object(fields) => {
                for (name, inner) in fields {
                    self.words.insert(name.clone());
                    let joins = matches!(name.as_str(), "&&" | "||");
                    if !joins && compares_attributes(inner) {
                        return Err(Unreducible::ComparesAttributes);
                    }
                    self.walk(inner)?;
                }
            }
            Value::String(word) => {
                self.words.insert(word.clone());
            }
            Value::Bool(false) => self.negates = true,
            Value::Null | Value::Bool(true) | Value::Number(_) => {}
        }
        Ok(())
    }
}

/// The code that a literal of Cedar's exchange form names.
pub(super) fn literal(node: &Value) -> Option<(String, String)> {
    let entity = node.get("Value").unwrap_or(node).get("__entity")?;
    let text = |field| entity.get(field).and_then(Value::as_str).map(str::to_owned);
    Some((text("type")?, text("id")?))
}

/// Whether an operator has something of the request on both its sides.
fn compares_attributes(operator: &Value) -> bool {
    let varies = |side| operator.get(side).is_some_and(has_variable);
    varies("left") && varies("right")
}

fn has_variable(node: &Value) -> bool {
    match node {
        Value::Object(fields) => fields.contains_key("Var") || fields.values().any(has_variable),
        Value::Array(items) => items.iter().any(has_variable),
        _ => false,
    }
}
