//! Every decision that can come out as a permit, laid out so that a person can read it and a change shows as a change.
//!
//! The full product (agency type × role × action × purpose × segment × custodian × relation × facts) has some 10¹⁰ cells. It is
//! reduced without loss: codes that policies cannot tell apart (see the module `atoms`) give the same decision, so one of each class is
//! asked and the answer holds for the class; a fact that no policy on the action looks at is not varied; and where no policy
//! negates a fact, what is denied when all facts hold is denied under fewer. What remains is asked of Cedar cell by cell: nothing
//! is read off the policies' text. Permitted cells are then merged where they differ in one column only.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};

use serde::Serialize;

use super::action::ActionName;
use super::annotations::Annotated;
use super::engine::Engine;
use super::entities::{Coded, Fact, Question};
use super::resource::Resource;
use super::shape::Shape;
use crate::vocabulary::Segment;

const WIDTH: usize = 120;
const INDENT: &str = "              ";

/// One column of a cell: the values for which it holds, as bits in the order of the column's classes.
pub(super) type Column = u32;

/// A set of cells that are all permitted: any of the first column's values with any of the second's, and so on.
pub(super) type Block = Vec<Column>;

/// A block in words, for those who read it, and for programs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Row {
    /// The types of agency; `any` alone for all of them, here and below.
    pub who: Vec<String>,
    /// The roles.
    pub r#as: Vec<String>,
    /// The purposes.
    pub r#for: Vec<String>,
    /// The segments, where the action is by segment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sees: Option<Vec<String>>,
    /// The other segments.
    #[serde(skip)]
    pub not: Vec<String>,
    /// The types of agency that hold the record, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custodian: Option<Vec<String>>,
    /// How the asking agency stands to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<Vec<String>>,
    /// The facts that hold, and with `not` those that do not.
    pub when: Vec<String>,
}

const TYPE: usize = 0;
const ROLE: usize = 1;
const PURPOSE: usize = 2;
const CUSTODIAN: usize = 3;
const RELATION: usize = 4;
const SEGMENT: usize = 5;
const FIRST_FACT: usize = 6;

/// The matrix of this engine's policy set, as text.
pub fn matrix(engine: &Engine) -> String {
    let mut text = String::from(
        "# What the policies permit. What is not listed is denied. Regenerate: throughgate policy matrix > policies/matrix.golden\n\n",
    );
    for action in ActionName::ALL {
        let Some(shape) = engine.shape(*action) else {
            continue;
        };
        let _infallible = write!(text, "## {action}\n\n");
        for (id, blocks) in permitted(engine, *action, shape) {
            if let Some(policy) = engine.bundle().policies().find(|policy| policy.id == id) {
                let _infallible = write_policy(&mut text, policy);
            }
            for block in blocks {
                let _infallible = write_block(&mut text, *action, shape, &block);
            }
        }
    }
    text
}

/// For each permit the cells in which it takes part in permitting the action.
fn permitted(engine: &Engine, action: ActionName, shape: &Shape) -> BTreeMap<String, BTreeSet<Block>> {
    let mut cells: BTreeMap<String, BTreeSet<Block>> = BTreeMap::new();
    for question in shape.questions(action) {
        for (question, ids) in engine.ask_under_all_facts(shape, question) {
            for id in ids {
                cells.entry(id).or_default().insert(cell(shape, &question));
            }
        }
    }
    cells.into_iter().map(|(id, cells)| (id, merge(cells))).collect()
}

/// One cell as a block.
pub(super) fn cell(shape: &Shape, question: &Question) -> Block {
    let columns = [
        bit(&shape.agency_types, question.agency_type),
        bit(&shape.roles, question.role),
        bit(&shape.purposes, question.purpose),
        bit(&shape.custodians, question.custodian),
        bit(&shape.relations, question.relation),
        bit(&shape.segments, question.segment),
    ];
    let facts = Fact::ALL.iter().map(|fact| match (shape.facts.holds(*fact), question.facts.holds(*fact)) {
        (false, _) => ANY,
        (true, true) => HOLDS,
        (true, false) => FAILS,
    });
    columns.into_iter().chain(facts).collect()
}

const HOLDS: Column = 1;
const FAILS: Column = 2;
const ANY: Column = HOLDS | FAILS;

fn bit<C: Coded>(classes: &[Vec<C>], code: C) -> Column {
    classes
        .iter()
        .zip((0_u32..).map(|place| 1 << place))
        .find(|(class, _)| class.contains(&code))
        .map_or(0, |(_, bit)| bit)
}

/// Joins blocks that differ in one column, until none do.
pub(super) fn merge(mut blocks: BTreeSet<Block>) -> BTreeSet<Block> {
    loop {
        let before = blocks.len();
        let columns = blocks.first().map_or(0, Vec::len);
        for column in 0..columns {
            let mut joined: BTreeMap<Block, Column> = BTreeMap::new();
            for mut block in blocks {
                let own = block.get_mut(column).map(std::mem::take).unwrap_or_default();
                *joined.entry(block).or_default() |= own;
            }
            blocks = joined
                .into_iter()
                .map(|(mut block, values)| {
                    if let Some(place) = block.get_mut(column) {
                        *place = values;
                    }
                    block
                })
                .collect();
        }
        if blocks.len() == before {
            return blocks;
        }
    }
}

fn write_policy(text: &mut String, policy: &Annotated) -> fmt::Result {
    let obligations: Vec<_> = policy.obligations.iter().map(ToString::to_string).collect();
    writeln!(text, "rule {}, {}", policy.rule, policy.id)?;
    if let Some(basis) = &policy.basis {
        write!(text, "  basis       {}, {}, {}", basis.art6, basis.art9, basis.sch1_condition)?;
        if let Some(confidentiality) = basis.confidentiality {
            write!(text, ", {confidentiality}")?;
        }
        if let Some(statute) = &basis.statute_ref {
            write!(text, ", {statute}")?;
        }
        writeln!(text)?;
    }
    if !obligations.is_empty() {
        writeln!(text, "  obliges to  {}", obligations.join(" "))?;
    }
    Ok(())
}

fn write_block(text: &mut String, action: ActionName, shape: &Shape, block: &Block) -> fmt::Result {
    Row::of(action, shape, block).write(text)?;
    writeln!(text)
}

impl Row {
    pub(super) fn of(action: ActionName, shape: &Shape, block: &Block) -> Self {
        let column = |place: usize| block.get(place).copied().unwrap_or_default();
        let resource = Resource::of(action);
        let is_about_somebody = resource != Resource::Gateway;
        let when =
            Fact::ALL.iter().zip(block.iter().skip(FIRST_FACT)).filter_map(|(fact, state)| match *state {
                HOLDS => Some(fact.code().to_owned()),
                FAILS => Some(format!("not {fact}")),
                _ => None,
            });
        Self {
            who: codes(&shape.agency_types, column(TYPE)),
            r#as: codes(&shape.roles, column(ROLE)),
            r#for: codes(&shape.purposes, column(PURPOSE)),
            sees: (resource == Resource::Slice).then(|| codes(&shape.segments, column(SEGMENT))),
            not: remaining(&shape.segments, column(SEGMENT)),
            custodian: is_about_somebody.then(|| codes(&shape.custodians, column(CUSTODIAN))),
            relation: is_about_somebody.then(|| codes(&shape.relations, column(RELATION))),
            when: when.collect(),
        }
    }

    /// Writes it as lines of a table.
    pub(super) fn write(&self, text: &mut String) -> fmt::Result {
        line(text, "who", &self.who)?;
        line(text, "as", &self.r#as)?;
        line(text, "for", &self.r#for)?;
        if let Some(sees) = &self.sees {
            line(text, "sees", sees)?;
            line(text, "not", &self.not)?;
        }
        if let (Some(custodian), Some(relation)) = (&self.custodian, &self.relation) {
            line(text, "custodian", custodian)?;
            line(text, "relation", relation)?;
        }
        if !self.when.is_empty() {
            line(text, "when", &self.when)?;
        }
        Ok(())
    }
}

/// The codes of the classes in a column; `any` if it is all of them.
fn codes<C: Coded>(classes: &[Vec<C>], column: Column) -> Vec<String> {
    let chosen = members(classes, |bit| column & bit != 0);
    if chosen.len() == C::ALL.len() {
        return vec!["any".to_owned()];
    }
    chosen.into_iter().map(|code| code.code().to_owned()).collect()
}

fn remaining(classes: &[Vec<Segment>], column: Column) -> Vec<String> {
    let mut out: Vec<_> = members(classes, |bit| column & bit == 0).iter().map(ToString::to_string).collect();
    if out.is_empty() {
        out.push("-".to_owned());
    }
    out
}

fn members<C: Coded>(classes: &[Vec<C>], chosen: impl Fn(Column) -> bool) -> Vec<C> {
    let mut members: Vec<C> = classes
        .iter()
        .zip((0_u32..).map(|place| 1 << place))
        .filter(|(_, bit)| chosen(*bit))
        .flat_map(|(class, _)| class.iter().copied())
        .collect();
    members.sort_unstable();
    members
}

fn line(text: &mut String, label: &str, words: &[String]) -> fmt::Result {
    let mut line = format!("  {label:<12}");
    for (place, word) in words.iter().enumerate() {
        if place > 0 && line.len() + word.len() + 1 > WIDTH {
            writeln!(text, "{}", line.trim_end())?;
            line = INDENT.to_owned();
        }
        write!(line, "{word} ")?;
    }
    writeln!(text, "{}", line.trim_end())
}

#[cfg(test)]
mod tests {
    use super::super::bundle::Bundle;
    use super::*;

    #[test]
    fn the_matrix_is_the_one_that_was_agreed() {
        let now = matrix(&Engine::new(Bundle::embedded().unwrap()));
        let agreed = include_str!("../../policies/matrix.golden");
        assert!(
            now == agreed,
            "policies/matrix.golden is stale; if the change is meant: throughgate policy matrix > policies/matrix.golden\n{}",
            now.lines().filter(|line| !agreed.contains(line)).collect::<Vec<_>>().join("\n"),
        );
    }

    #[test]
    fn blocks_that_differ_in_one_column_become_one() {
        let blocks = BTreeSet::from([vec![1, 1], vec![1, 2], vec![2, 1], vec![2, 2]]);
        assert_eq!(merge(blocks), BTreeSet::from([vec![3, 3]]));
    }

    #[test]
    fn blocks_that_differ_in_two_columns_stay_apart() {
        let blocks = BTreeSet::from([vec![1, 1], vec![2, 2]]);
        assert_eq!(merge(blocks.clone()), blocks);
    }
}
