//! The numbers of the matching model, as data: what each level of agreement says, priors, guards and thresholds. A leaf.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::levels::{Field, Level};

/// The model that the gateway carries: fitted to invented people of many cultures, good until a deployment has trained its own.
const STOCK: &str = include_str!("model.toml");

/// How often one level of agreement occurs.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chances {
    /// Among records of one person.
    pub m: f64,
    /// Among records of different people; of a shared identifier: the share of people who give somebody else's.
    pub u: f64,
    /// How much of its value's rarity counts: 1 all of it, 0 nothing.
    #[serde(default)]
    pub rarity: f64,
}

/// What is known before anything is compared.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prior {
    /// The share of presented people who are already known.
    pub known: f64,
}

/// Patterns that independent fields do not see, in bits added to the weight.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guards {
    /// One family name and date of birth, and another forename: twins.
    pub twin: f64,
    /// One whole name, born a generation apart: parent and child.
    pub generation: f64,
    /// No more than this can a name, with the prior, say by itself: a namesake bears the whole of it, however rare it is.
    pub namesake: f64,
    /// Neither name nor date of birth agrees, whatever else does: a household, a hostel, a borrowed number.
    pub stranger: f64,
}

/// From which weight on a pair is more than nothing, in bits: the logarithm of the odds that it is one person.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// Act on it.
    pub link: f64,
    /// Act on it where the date of birth agrees only nearly, and nothing beside the name bears it out.
    #[serde(default = "link_unwitnessed")]
    pub link_unwitnessed: f64,
    /// Let a person confirm it.
    pub possible: f64,
    /// How many possible people to show for one presentation.
    pub most_possible: usize,
}

/// Of a model that was fitted before there was this threshold.
const fn link_unwitnessed() -> f64 {
    5.0
}

/// The whole model.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Before anything is compared.
    pub prior: Prior,
    /// Patterns over fields.
    pub guards: Guards,
    /// The two thresholds.
    pub thresholds: Thresholds,
    /// The levels of each field.
    pub fields: BTreeMap<Field, BTreeMap<Level, Chances>>,
}

/// A model that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// Not the form that is expected.
    #[error("the model is not understood")]
    Form(#[from] toml::de::Error),
    /// A chance outside 0 to 1, or a number that is none.
    #[error("the model has a number that is no chance between 0 and 1 (field {field:?}, level {level:?})")]
    Chance {
        /// Where.
        field: Field,
        /// Where in the field.
        level: Level,
    },
    /// A field without levels, or thresholds in the wrong order.
    #[error("the model is incomplete: {0}")]
    Incomplete(&'static str),
}

impl Model {
    /// The model that the gateway carries.
    ///
    /// # Errors
    /// Never in a released build: a test reads it.
    pub fn stock() -> Result<Self, ModelError> {
        Self::parse(STOCK)
    }

    /// A model from its TOML.
    ///
    /// # Errors
    /// If it has another form, a number outside its bounds, or misses a field.
    pub fn parse(text: &str) -> Result<Self, ModelError> {
        let model: Self = toml::from_str(text)?;
        for field in Field::ALL {
            let levels = model.fields.get(&field).ok_or(ModelError::Incomplete("a field has no levels"))?;
            for (&level, chances) in levels {
                let is_chance = |chance: f64| chance > 0.0 && chance <= 1.0;
                if !is_chance(chances.m) || !is_chance(chances.u) || !(0.0..=1.0).contains(&chances.rarity) {
                    return Err(ModelError::Chance { field, level });
                }
            }
        }
        if !(model.prior.known > 0.0 && model.prior.known < 1.0) {
            return Err(ModelError::Incomplete("the share of known people is not between 0 and 1"));
        }
        if model.thresholds.possible.partial_cmp(&model.thresholds.link) != Some(Ordering::Less) {
            return Err(ModelError::Incomplete("the threshold of `possible` is not below that of `link`"));
        }
        let unwitnessed = model.thresholds.link.partial_cmp(&model.thresholds.link_unwitnessed);
        if !matches!(unwitnessed, Some(Ordering::Less | Ordering::Equal)) {
            return Err(ModelError::Incomplete(
                "the threshold of `link_unwitnessed` is below that of `link`",
            ));
        }
        Ok(model)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stock_model_is_read() {
        let model = Model::stock().unwrap();
        assert_eq!(model.fields.len(), Field::ALL.len());
    }

    #[test]
    fn the_chances_of_a_field_do_not_add_up_to_more_than_one() {
        for (field, levels) in Model::stock().unwrap().fields {
            // `estimated` is `same` on a first of January, and shares its chances.
            let of = |chance: fn(&Chances) -> f64| -> f64 {
                levels
                    .iter()
                    .filter(|(level, _)| **level != Level::Estimated)
                    .map(|(_, chances)| chance(chances))
                    .sum()
            };
            assert!((0.9..1.05).contains(&of(|chances| chances.m)), "{field:?}");
            assert!((0.9..1.05).contains(&of(|chances| chances.u)), "{field:?}");
        }
    }

    #[test]
    fn a_model_that_makes_no_sense_is_refused() {
        let with = |from: &str, to: &str| {
            assert!(STOCK.contains(from), "{from}");
            Model::parse(&STOCK.replacen(from, to, 1))
        };
        assert!(matches!(
            with("m = 0.67", "m = 1.67"),
            Err(ModelError::Chance { field: Field::Forename, level: Level::Same })
        ));
        assert!(matches!(with("[fields.crn]", "[fields.unheard-of]"), Err(ModelError::Form(_))));
        assert!(matches!(with("known = 0.5", "known = 1.0"), Err(ModelError::Incomplete(_))));
        assert!(matches!(with("possible = -8.0", "possible = 12.0"), Err(ModelError::Incomplete(_))));
        assert!(matches!(with("twin = -10.0", "twins = -10.0"), Err(ModelError::Form(_))));
    }
}
