//! Two people compared, field by field: of several values the best agreeing pair counts. Allocates nothing. A leaf.

use super::birth::Difference;
use super::identifiers::IdentifierKind;
use super::levels::{Field, Level};
use super::likeness::Likeness;
use super::postcode::Nearness;
use super::profile::{Identifier, Profile};
use super::spelling::{Extent, Spelling};
use super::weights::Weights;

/// How one field of two people agrees.
#[derive(Debug, Clone, Copy)]
pub struct Agreement {
    /// The level.
    pub level: Level,
    /// Whether it rests on a further name of either, not on the first of both.
    pub is_alias: bool,
    /// Whether it rests on a short form of several names: Dani, for Daniel and Danielle.
    pub is_ambiguous: bool,
    /// What it adds to the weight, in bits.
    pub bits: f64,
}

impl Agreement {
    const MISSING: Self = Self::at(Level::Missing, 0.0);

    const fn at(level: Level, bits: f64) -> Self {
        Self { level, is_alias: false, is_ambiguous: false, bits }
    }

    fn better(self, other: Self) -> Self {
        if self.level == Level::Missing || other.bits > self.bits { other } else { self }
    }
}

/// The agreement of every field, in the order of [`Field::ALL`].
#[derive(Debug, Clone, Copy)]
pub struct Comparison {
    pub(super) fields: [Agreement; Field::ALL.len()],
}

impl Comparison {
    /// Compares two rated profiles. Symmetric.
    pub fn new(one: &Profile, other: &Profile, weights: &Weights) -> Self {
        let (forename, surname) = names(one, other, weights);
        let [nhs_number, pnc_id, prison_number, crn] = identifiers(one, other, weights);
        Self {
            fields: [
                forename,
                surname,
                middle(one, other, weights),
                birth(one, other, weights),
                sex(one, other, weights),
                postcode(one, other, weights),
                address(one, other, weights),
                nhs_number,
                pnc_id,
                prison_number,
                crn,
            ],
        }
    }

    /// The level of one field.
    pub fn level(&self, field: Field) -> Level {
        self.fields.get(field.place()).map_or(Level::Missing, |agreement| agreement.level)
    }

    /// Whether a field agrees by a further name only.
    pub(super) fn is_alias(&self, field: Field) -> bool {
        self.fields.get(field.place()).is_some_and(|agreement| agreement.is_alias)
    }

    /// Whether a field agrees by a short form of several names.
    pub(super) fn is_ambiguous(&self, field: Field) -> bool {
        self.fields.get(field.place()).is_some_and(|agreement| agreement.is_ambiguous)
    }

    /// What forename and family name add to the weight together.
    pub(super) fn name_bits(&self) -> f64 {
        let [forename, surname, ..] = &self.fields;
        forename.bits + surname.bits
    }

    /// All fields with their levels and bits.
    pub fn fields(&self) -> impl Iterator<Item = (Field, Agreement)> {
        Field::ALL.into_iter().zip(self.fields)
    }
}

fn names(one: &Profile, other: &Profile, weights: &Weights) -> (Agreement, Agreement) {
    let forename = forename(one, other, weights);
    let surname = surname(one, other, weights);
    let agrees = |agreement: Agreement| agreement.bits > 0.0;
    if agrees(forename) || agrees(surname) {
        return (forename, surname);
    }
    let (Some(given), Some(family)) =
        (crossed(&one.given, &other.family), crossed(&other.given, &one.family))
    else {
        return (forename, surname);
    };
    // Each rarity is that of the rarer reading: as a forename or as a family name.
    let at = |field, rarity| Agreement::at(Level::Crossed, weights.bits(field, Level::Crossed, rarity, 1));
    (at(Field::Forename, given), at(Field::Surname, family))
}

/// The rarity of the name that is a forename here and a family name there.
fn crossed(given: &[Spelling], family: &[Spelling]) -> Option<f64> {
    pairs(given, family)
        .filter(|(given, family)| given.extent != Extent::Part && family.extent != Extent::Part)
        .filter(|(given, family)| {
            let likeness = given.likeness(family);
            (likeness <= Likeness::Slip || likeness == Likeness::Sound) && !given.is_another_name_than(family)
        })
        .map(|(given, family)| given.rarity.min(family.rarity))
        .max_by(f64::total_cmp)
}

fn forename(one: &Profile, other: &Profile, weights: &Weights) -> Agreement {
    if one.given.is_empty() || other.given.is_empty() {
        return Agreement::MISSING;
    }
    let tried = u32::from(one.given_values) * u32::from(other.given_values);
    let as_names = pairs(&one.given, &other.given).map(|(a, b)| (whole_or_part(a, b), a, b));
    let mut agreement = best(Field::Forename, as_names, tried, weights);
    if !one.middle.is_empty() || !other.middle.is_empty() {
        let is_middle = |one, other| as_middle(one, other).next().is_some();
        let (there, back) = (is_middle(one, other), is_middle(other, one));
        if there || back {
            let level = if there && back { Level::Crossed } else { Level::Middle };
            let found = as_middle(one, other).chain(as_middle(other, one));
            let found = found.map(|(given, middle)| (level, given, middle));
            agreement = agreement.better(best(Field::Forename, found, tried, weights));
        }
    }
    Agreement { is_alias: agreement.is_alias && !first_names_agree(one, other), ..agreement }
}

/// Whether the first names of both agree, though a further one may agree better.
fn first_names_agree(one: &Profile, other: &Profile) -> bool {
    let is_first = |spelling: &&Spelling| !spelling.is_alias && spelling.extent == Extent::Whole;
    one.given.iter().filter(is_first).any(|a| {
        other.given.iter().filter(is_first).any(|b| {
            let level = whole_or_part(a, b);
            matches!(level, Level::Same | Level::Variant | Level::Slip | Level::Sound)
        })
    })
}

/// The forenames of one that are middle names of the other.
fn as_middle<'a>(one: &'a Profile, other: &'a Profile) -> impl Iterator<Item = (&'a Spelling, &'a Spelling)> {
    pairs(&one.given, &other.middle)
        .filter(|(given, middle)| given.extent != Extent::Part && middle.form.len() > 1)
        .filter(|(given, middle)| given.likeness(middle) <= Likeness::Slip)
}

fn surname(one: &Profile, other: &Profile, weights: &Weights) -> Agreement {
    if one.family.is_empty() || other.family.is_empty() {
        return Agreement::MISSING;
    }
    let tried = u32::from(one.family_values) * u32::from(other.family_values);
    let found = pairs(&one.family, &other.family).map(|(a, b)| (whole_or_part(a, b), a, b));
    best(Field::Surname, found, tried, weights)
}

fn middle(one: &Profile, other: &Profile, weights: &Weights) -> Agreement {
    if one.middle.is_empty() || other.middle.is_empty() {
        return Agreement::MISSING;
    }
    let found = pairs(&one.middle, &other.middle).map(|(a, b)| {
        let level = match a.likeness(b) {
            Likeness::Same if a.form.len() > 1 => Level::Same,
            Likeness::Same | Likeness::Initial => Level::Initial,
            Likeness::Variant | Likeness::Slip | Likeness::Sound => Level::Similar,
            _ => Level::Unlike,
        };
        (level, a, b)
    });
    best(Field::Middle, found, 1, weights)
}

fn best<'a>(
    field: Field,
    found: impl Iterator<Item = (Level, &'a Spelling, &'a Spelling)>,
    tried: u32,
    weights: &Weights,
) -> Agreement {
    found.fold(Agreement::MISSING, |best, (level, a, b)| {
        let bits = weights.bits(field, level, a.rarity.min(b.rarity), tried);
        let is_ambiguous = a.is_short_for_several() || b.is_short_for_several();
        best.better(Agreement { level, is_alias: a.is_alias || b.is_alias, is_ambiguous, bits })
    })
}

/// The level of two spellings of a forename or of a family name.
fn whole_or_part(a: &Spelling, b: &Spelling) -> Level {
    let likeness = a.likeness(b);
    let is_part = a.extent == Extent::Part
        || b.extent == Extent::Part
        // Two brothers may both be Mohammed Something.
        || a.extent == Extent::First
        || b.extent == Extent::First;
    match likeness {
        Likeness::Same | Likeness::Variant | Likeness::Slip | Likeness::Sound if is_part => Level::Part,
        _ if is_part => Level::Unlike,
        Likeness::Same if a.form.len() == 1 => Level::Initial,
        Likeness::Same => Level::Same,
        Likeness::Variant => Level::Variant,
        Likeness::Slip => Level::Slip,
        Likeness::Sound => Level::Sound,
        Likeness::Neighbour => Level::Neighbour,
        Likeness::Similar | Likeness::Contained => Level::Similar,
        Likeness::Initial => Level::Initial,
        Likeness::Unlike => Level::Unlike,
    }
}

fn birth(one: &Profile, other: &Profile, weights: &Weights) -> Agreement {
    let tried = product(one.births.len(), other.births.len());
    pairs(&one.births, &other.births).fold(Agreement::MISSING, |best, (a, b)| {
        let level = match a.value.difference(b.value) {
            Difference::None => Level::Same,
            Difference::Swapped => Level::Swapped,
            Difference::Estimated => Level::Estimated,
            Difference::Digit => Level::Digit,
            Difference::YearOff => Level::YearOff,
            Difference::Placeholder => Level::Placeholder,
            Difference::Part => Level::Part,
            Difference::Around => Level::Around,
            Difference::Year => Level::Year,
            Difference::Unlike => Level::Unlike,
            Difference::Generation => Level::Generation,
        };
        let bits = weights.bits(Field::Birth, level, a.rarity.min(b.rarity), tried);
        best.better(Agreement::at(level, bits))
    })
}

fn sex(one: &Profile, other: &Profile, weights: &Weights) -> Agreement {
    let level = match (one.sex, other.sex) {
        (Some(a), Some(b)) if a == b => Level::Same,
        (Some(_), Some(_)) => Level::Unlike,
        _ => return Agreement::MISSING,
    };
    Agreement::at(level, weights.bits(Field::Sex, level, 0.0, 1))
}

fn postcode(one: &Profile, other: &Profile, weights: &Weights) -> Agreement {
    let tried = product(one.postcodes.len(), other.postcodes.len());
    pairs(&one.postcodes, &other.postcodes).fold(Agreement::MISSING, |best, (a, b)| {
        let level = match a.value.nearness(&b.value) {
            Nearness::Same => Level::Same,
            Nearness::Slip => Level::Slip,
            Nearness::Sector => Level::Sector,
            Nearness::District => Level::District,
            Nearness::Area => Level::Area,
            Nearness::Unlike => Level::Unlike,
        };
        let bits = weights.bits(Field::Postcode, level, a.rarity.min(b.rarity), tried);
        best.better(Agreement::at(level, bits))
    })
}

fn address(one: &Profile, other: &Profile, weights: &Weights) -> Agreement {
    let tried = product(one.addresses.len(), other.addresses.len());
    pairs(&one.addresses, &other.addresses).fold(Agreement::MISSING, |best, (a, b)| {
        let level = match a.likeness(b) {
            share if share >= 0.95 => Level::Same,
            share if share >= 0.8 => Level::Slip,
            share if share >= 0.6 => Level::Similar,
            share if share >= 0.4 => Level::Area,
            _ => Level::Unlike,
        };
        best.better(Agreement::at(level, weights.bits(Field::Address, level, 0.0, tried)))
    })
}

/// NHS number, PNC id, prison number, case reference number.
fn identifiers(one: &Profile, other: &Profile, weights: &Weights) -> [Agreement; 4] {
    let mut found = [Agreement::MISSING; 4];
    let [nhs_number, pnc_id, prison_number, crn] = &mut found;
    for (a, b) in pairs(&one.identifiers, &other.identifiers).filter(|(a, b)| a.kind == b.kind) {
        let (field, best) = match a.kind {
            IdentifierKind::NhsNumber => (Field::NhsNumber, &mut *nhs_number),
            IdentifierKind::PncId => (Field::PncId, &mut *pnc_id),
            IdentifierKind::PrisonNumber => (Field::PrisonNumber, &mut *prison_number),
            IdentifierKind::Crn => (Field::Crn, &mut *crn),
        };
        let level = identifier_level(a, b);
        *best = best.better(Agreement::at(level, weights.bits(field, level, 0.0, 1)));
    }
    found
}

/// A malformed identifier neither agrees nor contradicts, unless it is one slip from the other.
fn identifier_level(a: &Identifier, b: &Identifier) -> Level {
    let are_checked = matches!(a.kind, IdentifierKind::NhsNumber | IdentifierKind::PncId);
    let are_well_formed = a.is_well_formed && b.is_well_formed;
    if are_well_formed && a.form == b.form {
        return Level::Same;
    }
    // Two well-formed numbers with check characters are never one slip apart by a slip.
    let may_be_slip = !(are_checked && are_well_formed);
    if may_be_slip && is_one_slip(a.bare(), b.bare()) {
        return Level::Slip;
    }
    if are_well_formed { Level::Unlike } else { Level::Missing }
}

/// Whether one character is wrong, missing or too many, or two neighbours are swapped; or nothing at all.
fn is_one_slip<T: DoubleEndedIterator<Item = u8> + Clone>(one: T, other: T) -> bool {
    let (length, other_length) = (one.clone().count(), other.clone().count());
    if length.abs_diff(other_length) > 1 {
        return false;
    }
    let alike = |(a, b): &(u8, u8)| a == b;
    let before = one.clone().zip(other.clone()).take_while(alike).count();
    let after = one.clone().rev().zip(other.clone().rev()).take_while(alike).count();
    let left = length.max(other_length).saturating_sub(before + after);
    let swapped = || {
        let (mut one, mut other) = (one.clone().skip(before), other.clone().skip(before));
        let (two, other_two) = ((one.next(), one.next()), (other.next(), other.next()));
        two == (other_two.1, other_two.0)
    };
    left <= 1 || (left == 2 && length == other_length && swapped())
}

fn product(one: usize, other: usize) -> u32 {
    u32::try_from(one * other).unwrap_or(u32::MAX)
}

fn pairs<'a, T, U>(one: &'a [T], other: &'a [U]) -> impl Iterator<Item = (&'a T, &'a U)> {
    one.iter().flat_map(move |a| other.iter().map(move |b| (a, b)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rapidfuzz::distance::osa;

    use super::*;

    proptest! {
        #[test]
        fn a_slip_is_an_edit_or_none(one in "[A-C0-1]{0,6}", other in "[A-C0-1]{0,6}") {
            let is_edit = osa::distance(one.bytes(), other.bytes()) <= 1;
            prop_assert_eq!(is_one_slip(one.bytes(), other.bytes()), is_edit);
        }
    }
}
