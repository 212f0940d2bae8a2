//! A model made ready for an index of a given size: what each level adds to the weight of a pair, in bits. A leaf.

use super::levels::{Field, Level};
use super::model::{Chances, Guards, Model, Thresholds};

/// No single level says more than this, in bits either way: the numbers behind it are not that well known.
const MOST_BITS: f64 = 20.0;
/// What one level says.
#[derive(Debug, Clone, Copy, Default)]
struct Bits {
    /// With a value of the field's mean rarity.
    base: f64,
    /// How much of the difference of the value's rarity from the mean counts.
    rarity: f64,
    /// The mean rarity.
    mean: f64,
    is_known: bool,
    /// Whether it speaks against the pair, whatever the value.
    is_against: bool,
}

/// The model for an index of so many people.
#[derive(Debug, Clone)]
pub struct Weights {
    table: [[Bits; Level::ALL.len()]; Field::ALL.len()],
    pub(super) prior: f64,
    pub(super) guards: Guards,
    pub(super) thresholds: Thresholds,
}

impl Weights {
    /// Ties the model to the number of people in the index: among more people a chance agreement is likelier.
    pub fn new(model: &Model, people: u32) -> Self {
        let people = f64::from(people.max(2));
        let mut table = [[Bits::default(); Level::ALL.len()]; Field::ALL.len()];
        for (row, field) in table.iter_mut().zip(Field::ALL) {
            let Some(levels) = model.fields.get(&field) else { continue };
            let mean = levels.get(&Level::Same).map_or(0.0, |same| -same.u.log2());
            let same = levels.get(&Level::Same).map_or(0.0, |same| base(field, Level::Same, *same, people));
            for (bits, level) in row.iter_mut().zip(Level::ALL) {
                if let Some(chances) = levels.get(&level) {
                    let base = base(field, level, *chances, people);
                    let is_against = base <= 0.0 && same > 0.0;
                    *bits = Bits { base, rarity: chances.rarity, mean, is_known: true, is_against };
                }
            }
        }
        let known = model.prior.known;
        Self {
            table,
            prior: (known / (people * (1.0 - known))).log2(),
            guards: model.guards,
            thresholds: model.thresholds,
        }
    }

    /// The bits of a level that rests on a value of this rarity; of several values, so many pairs were tried.
    pub(super) fn bits(&self, field: Field, level: Level, rarity: f64, tried: u32) -> f64 {
        let Some(row) = self.table.get(field.place()) else { return 0.0 };
        let of = |level: Level| row.get(level.place()).filter(|bits| bits.is_known);
        let Some(bits) = of(level) else { return 0.0 };
        if bits.is_against {
            return bits.base;
        }
        // However usual a value is, that it agrees speaks for the pair; and never less than if it agreed by half.
        let at = |bits: &Bits| {
            bits.base
                + if bits.base > 0.0 { (bits.rarity * (rarity - bits.mean)).max(-bits.base) } else { 0.0 }
        };
        let rated = of(Level::Same).map_or(at(bits), |same| at(bits).min(at(same)));
        // The more pairs are tried, the likelier one agrees by chance.
        let by_chance = if rated > 0.0 && tried > 1 { (f64::from(tried).log2()).min(rated) } else { 0.0 };
        rated - by_chance
    }
}

/// A shared identifier is by chance somebody's own only if somebody gave a wrong one, and it happened to be this one.
fn base(field: Field, level: Level, chances: Chances, people: f64) -> f64 {
    let ratio = (chances.m / chances.u).log2();
    if field.is_identifier() && level == Level::Same {
        return ratio + people.log2();
    }
    ratio.clamp(-MOST_BITS, MOST_BITS)
}
