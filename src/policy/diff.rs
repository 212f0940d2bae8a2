//! What a new policy set would change: who gains and who loses what for which purpose, asked of both sets cell by cell, and never read off
//! their text.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};

use serde::Serialize;

use super::action::ActionName;
use super::annotations::Annotated;
use super::engine::Engine;
use super::entities::Question;
use super::matrix::{Block, Row, cell, merge};
use super::shape::Shape;

/// What differs between two policy sets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What is permitted by the new set and was not by the old.
    pub gains: Vec<Differs>,
    /// What was permitted by the old set and is not by the new.
    pub losses: Vec<Differs>,
    /// Policies that are in one set alone, or say something else of themselves.
    pub policies: Vec<PolicyDiffers>,
}

/// Cells of one action that differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Differs {
    /// The action.
    pub action: &'static str,
    /// Who, for what, and when.
    #[serde(flatten)]
    pub row: Row,
}

/// How a policy differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicyDiffers {
    /// Its `@id`.
    pub id: String,
    /// The rule that it makes real.
    pub rule: String,
    /// `added`, `removed`, or what it says otherwise of itself: `rule`, `basis`, `obligations`.
    pub what: Vec<&'static str>,
}

impl Difference {
    /// Between these two.
    pub fn between(old: &Engine, new: &Engine) -> Self {
        let mut difference = Self { policies: policies(old, new), ..Self::default() };
        for action in ActionName::ALL {
            let Some(shape) = joint(*action, old, new) else { continue };
            let (before, after) = (permitted(old, *action, &shape), permitted(new, *action, &shape));
            let rows = |cells: BTreeSet<Block>| -> Vec<Differs> {
                let rows = merge(cells).into_iter().map(|block| Row::of(*action, &shape, &block));
                rows.map(|row| Differs { action: action.code(), row }).collect()
            };
            difference.gains.extend(rows(after.difference(&before).cloned().collect()));
            difference.losses.extend(rows(before.difference(&after).cloned().collect()));
        }
        difference
    }

    /// Whether nobody gains or loses anything, and no policy differs.
    pub fn is_empty(&self) -> bool {
        self.gains.is_empty() && self.losses.is_empty() && self.policies.is_empty()
    }
}

/// As a table, in the words of the matrix.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return writeln!(f, "Nobody gains or loses anything.");
        }
        let mut text = String::new();
        for (title, rows) in [("Gains", &self.gains), ("Losses", &self.losses)] {
            writeln!(
                text,
                "# {title}: {}\n",
                if rows.is_empty() { "none".to_owned() } else { rows.len().to_string() }
            )?;
            let mut action = "";
            for differs in rows {
                if action != differs.action {
                    action = differs.action;
                    writeln!(text, "## {action}\n")?;
                }
                differs.row.write(&mut text)?;
                writeln!(text)?;
            }
        }
        if !self.policies.is_empty() {
            writeln!(text, "# Policies\n")?;
        }
        for policy in &self.policies {
            writeln!(text, "rule {}, {}: {}", policy.rule, policy.id, policy.what.join(", "))?;
        }
        f.write_str(&text)
    }
}

/// What decisions on an action can depend on under either set: classes that neither tells apart.
fn joint(action: ActionName, old: &Engine, new: &Engine) -> Option<Shape> {
    let of = |engine: &Engine| engine.bundle().by_action.get(&action).map(|policies| policies.atoms.clone());
    let mut atoms = of(old)?;
    atoms.extend(&of(new)?);
    Some(Shape::of(action, &atoms))
}

fn permitted(engine: &Engine, action: ActionName, shape: &Shape) -> BTreeSet<Block> {
    let under_all_facts =
        |question: Question| engine.ask_under_all_facts(shape, question).collect::<Vec<_>>();
    shape.questions(action).flat_map(under_all_facts).map(|(question, _)| cell(shape, &question)).collect()
}

fn policies(old: &Engine, new: &Engine) -> Vec<PolicyDiffers> {
    let (before, after) = (&old.bundle().policies, &new.bundle().policies);
    let ids: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    ids.into_iter()
        .filter_map(|id| {
            let (one, what) = match (before.get(id), after.get(id)) {
                (Some(old), Some(new)) => (new, says_otherwise(old, new)),
                (Some(old), None) => (old, vec!["removed"]),
                (None, Some(new)) => (new, vec!["added"]),
                (None, None) => return None,
            };
            let differs = || PolicyDiffers { id: id.clone(), rule: one.rule.clone(), what: what.clone() };
            (!what.is_empty()).then(differs)
        })
        .collect()
}

fn says_otherwise(old: &Annotated, new: &Annotated) -> Vec<&'static str> {
    let differs = [
        ("rule", old.rule != new.rule),
        ("basis", old.basis != new.basis),
        ("obligations", old.obligations != new.obligations),
    ];
    differs.into_iter().filter(|(_, differs)| *differs).map(|(what, _)| what).collect()
}

#[cfg(test)]
mod tests {
    use super::super::bundle::{Bundle, SCHEMA};
    use super::*;

    const RESULTS: &str = include_str!("../../policies/results.cedar");

    fn engine(text: &str) -> Engine {
        Engine::new(Bundle::parse(SCHEMA, &[("results.cedar", text)]).unwrap())
    }

    fn without_policy(id: &str) -> String {
        let head = format!("@id(\"{id}\")");
        let (before, rest) = RESULTS.split_once(&head).unwrap();
        let (_, after) = rest.split_once("};").unwrap();
        format!("{before}{after}")
    }

    #[test]
    fn a_set_does_not_differ_from_itself() {
        let difference = Difference::between(&engine(RESULTS), &engine(RESULTS));
        assert!(difference.is_empty());
        assert_eq!(difference.to_string(), "Nobody gains or loses anything.\n");
    }

    #[test]
    fn a_policy_that_goes_is_what_its_readers_lose_and_its_coming_what_they_gain() {
        let (whole, less) = (engine(RESULTS), engine(&without_policy("results.named")));
        let difference = Difference::between(&whole, &less);
        assert_eq!(difference.gains, []);
        let [lost] = difference.losses.as_slice() else { panic!("{difference}") };
        assert_eq!((lost.action, &lost.row.who), ("result.read", &vec!["resettlement".to_owned()]));
        assert_eq!(lost.row.r#for, ["treatment"]);
        assert_eq!(lost.row.sees.as_deref(), Some(["drug-test".to_owned()].as_slice()));
        assert_eq!(
            difference.policies.iter().map(|policy| policy.what.clone()).collect::<Vec<_>>(),
            [["removed"]]
        );
        let back = Difference::between(&less, &whole);
        assert_eq!((back.losses.len(), back.gains.first()), (0, Some(lost)));
        let text = back.to_string();
        assert!(text.contains("# Gains: 1") && text.contains("rule 14, results.named: added"), "{text}");
    }

    #[test]
    fn one_segment_more_is_all_that_is_gained() {
        let more = RESULTS.replace(
            "resource.segment == Segment::\"drug-test\" &&\n    context.consented",
            "resource.segment in [Segment::\"drug-test\", Segment::\"mental-health\"] &&\n    context.consented",
        );
        assert_ne!(more, RESULTS);
        let difference = Difference::between(&engine(RESULTS), &engine(&more));
        assert!(difference.losses.is_empty() && difference.policies.is_empty());
        let [gained] = difference.gains.as_slice() else { panic!("{difference}") };
        assert_eq!(gained.row.sees.as_deref(), Some(["mental-health".to_owned()].as_slice()));
        assert_eq!(gained.row.who, ["resettlement"]);
    }

    #[test]
    fn another_basis_or_obligation_is_told_though_nobody_gains_by_it() {
        let otherwise = RESULTS.replacen("@obligations(\"MINEC,NORDSCLCD\")", "@obligations(\"MINEC\")", 1);
        assert_ne!(otherwise, RESULTS);
        let difference = Difference::between(&engine(RESULTS), &engine(&otherwise));
        assert!(difference.gains.is_empty() && difference.losses.is_empty() && !difference.is_empty());
        assert_eq!(difference.policies.first().unwrap().what, ["obligations"]);
    }
}
