//! Which agencies' requests a policy can decide on at all: its first condition may rule out all but some types.
//!
//! Cedar evaluates a condition from the left and stops at the first part that is false. So a policy whose first part names types of
//! agency is without effect for every other type, and cannot err for it either: to leave it out changes no decision.

use serde_json::Value;

use super::atoms::literal;
use super::entities::Coded as _;
use crate::vocabulary::AgencyType;

/// The types of agency of which a request can be decided by a policy, in Cedar's exchange form: those that its first condition names, or all
/// of them.
pub(super) fn askers(tree: &Value) -> Vec<AgencyType> {
    let named = first_condition(tree).and_then(types_named);
    let is_named =
        |of: &AgencyType| named.as_ref().is_none_or(|codes| codes.iter().any(|code| code == of.code()));
    AgencyType::ALL.iter().copied().filter(is_named).collect()
}

/// The leftmost part of what must hold, in Cedar's exchange form.
fn first_condition(policy: &Value) -> Option<&Value> {
    let first = policy.get("conditions")?.get(0)?;
    let mut part = if first.get("kind")? == "when" { first.get("body")? } else { return None };
    while let Some(both) = part.get("&&") {
        part = both.get("left")?;
    }
    Some(part)
}

/// The codes with which a condition compares the type of the asking agency. `None` if that is not what it does.
fn types_named(condition: &Value) -> Option<Vec<String>> {
    let comparison = condition.get("==").or_else(|| condition.get("in"))?;
    let attribute = comparison.get("left")?.get(".")?;
    if attribute.get("left")?.get("Var")? != "principal" || attribute.get("attr")? != "agency_type" {
        return None;
    }
    let right = comparison.get("right")?;
    let listed =
        right.get("Set").and_then(Value::as_array).map_or_else(|| std::slice::from_ref(right), Vec::as_slice);
    listed
        .iter()
        .map(|node| literal(node).filter(|(of, _)| of == AgencyType::ENTITY).map(|(_, code)| code))
        .collect()
}

#[cfg(test)]
#[path = "asker_tests.rs"]
mod tests;
