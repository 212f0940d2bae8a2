//! The weight of a pair, and whether the pair may be linked without a person's confirmation. A leaf.

use super::compare::Comparison;
use super::levels::{Field, Level};
use super::profile::Profile;
use super::weights::Weights;

/// What speaks for and against two profiles being one person.
#[derive(Debug, Clone, Copy)]
pub struct Score {
    /// The logarithm of the odds, in bits, prior and guards included, other candidates not.
    pub weight: f64,
    /// Whether an identifier is shared.
    pub shares_identifier: bool,
    /// Whether nothing forbids acting on the weight alone.
    pub may_link: bool,
    /// Whether the date of birth agrees only nearly, and nothing beside the name bears it out: then the weight must be greater.
    pub is_unwitnessed: bool,
    /// Whether both have an identifier of one kind, and another one.
    pub is_contradicted: bool,
}

impl Score {
    /// Whether the gateway may act on the pair, given this weight.
    pub(super) fn links_at(&self, weight: f64, weights: &Weights) -> bool {
        let thresholds = weights.thresholds;
        let least = if self.is_unwitnessed { thresholds.link_unwitnessed } else { thresholds.link };
        self.may_link && weight >= least
    }
}

/// Scores two rated profiles. Symmetric; allocates nothing.
pub fn score(one: &Profile, other: &Profile, weights: &Weights) -> Score {
    judge(&Comparison::new(one, other, weights), weights)
}

/// The score of a comparison.
pub(super) fn judge(comparison: &Comparison, weights: &Weights) -> Score {
    let evidence = Evidence::of(comparison);
    let agreement: f64 = comparison.fields.iter().map(|agreement| agreement.bits).sum();
    let weight = weights.prior + agreement + evidence.guards(weights, comparison.name_bits());
    Score {
        weight,
        shares_identifier: evidence.shares_identifier,
        may_link: evidence.may_link(),
        is_unwitnessed: evidence.is_unwitnessed(),
        is_contradicted: evidence.contradictions > 0,
    }
}

/// What the guards look at.
#[derive(Debug, Clone, Copy)]
struct Evidence {
    forename: Level,
    forename_is_alias: bool,
    forename_is_ambiguous: bool,
    surname: Level,
    surname_is_alias: bool,
    middle: Level,
    birth: Level,
    sex: Level,
    postcode: Level,
    shares_identifier: bool,
    /// Whether a number with a check character is one slip off the other's, which spoils the check: no number of somebody else's is.
    nears_identifier: bool,
    /// Of how many kinds both have an identifier, and another one.
    contradictions: usize,
}

impl Evidence {
    fn of(comparison: &Comparison) -> Self {
        let [.., nhs_number, pnc_id, prison_number, crn] = comparison.fields.map(|agreement| agreement.level);
        let identifiers = [nhs_number, pnc_id, prison_number, crn];
        Self {
            forename: comparison.level(Field::Forename),
            forename_is_alias: comparison.is_alias(Field::Forename),
            forename_is_ambiguous: comparison.is_ambiguous(Field::Forename),
            surname: comparison.level(Field::Surname),
            surname_is_alias: comparison.is_alias(Field::Surname),
            middle: comparison.level(Field::Middle),
            birth: comparison.level(Field::Birth),
            sex: comparison.level(Field::Sex),
            postcode: comparison.level(Field::Postcode),
            shares_identifier: identifiers.contains(&Level::Same),
            nears_identifier: nhs_number == Level::Slip || pnc_id == Level::Slip,
            contradictions: identifiers.into_iter().filter(|level| *level == Level::Unlike).count(),
        }
    }

    /// Patterns that the fields, taken as independent, get wrong.
    fn guards(&self, weights: &Weights, name: f64) -> f64 {
        let guards = weights.guards;
        let mut bits = 0.0;
        if self.is_stranger() {
            bits += guards.stranger;
        }
        if self.shares_identifier {
            return bits;
        }
        bits -= (weights.prior + name - guards.namesake).max(0.0);
        let is_other_forename = matches!(self.forename, Level::Unlike | Level::Neighbour);
        if self.is_born_the_same_day() && self.surname_agrees() && is_other_forename {
            bits += guards.twin;
        }
        if self.birth == Level::Generation && self.surname_agrees() && self.forename_agrees() {
            bits += guards.generation;
        }
        bits
    }

    /// Without a shared identifier, only a forename *and* a date of birth that agree can tell a person from a twin, a parent,
    /// a child, or a sibling at one address. An identifier that contradicts is for a person to explain; one that a slip has spoilt is as
    /// good as a shared one where nothing contradicts it.
    fn may_link(&self) -> bool {
        if self.shares_identifier {
            return !self.is_stranger();
        }
        if self.nears_identifier && self.is_contradicted_by_nothing() {
            return true;
        }
        let birth_agrees = match self.birth {
            Level::Same | Level::Swapped => true,
            Level::YearOff | Level::Digit | Level::Placeholder => true,
            Level::Estimated => self.has_witness() || self.postcode == Level::District,
            Level::Part => self.has_witness(),
            Level::Around => self.is_of_one_address() && self.has_one_name(),
            _ => false,
        };
        // A marriage, or an alias: then the forename must be that very one, or a form of it.
        let is_renamed = match self.birth {
            Level::Same => {
                let is_one_forename = matches!(self.forename, Level::Same | Level::Variant);
                self.has_witness() && is_one_forename && self.sex != Level::Unlike
            }
            Level::Swapped | Level::YearOff => self.is_of_one_address() && self.has_one_forename(),
            _ => false,
        };
        birth_agrees
            && (self.surname_agrees() || is_renamed)
            && self.is_explained()
            && self.forename_may_link()
            && !self.may_be_twin()
    }

    /// What does not agree quite needs a witness beside the name, or a name that few bear: whoever bears somebody's name agrees in the
    /// whole of it.
    fn is_unwitnessed(&self) -> bool {
        let is_near = matches!(self.birth, Level::YearOff | Level::Digit | Level::Placeholder);
        let has_number = self.shares_identifier || self.nears_identifier;
        is_near && !has_number && !self.has_witness()
    }

    /// What is known of name, date of birth and numbers agrees as far as it goes.
    fn is_contradicted_by_nothing(&self) -> bool {
        let is_forename = self.forename_agrees()
            || matches!(self.forename, Level::Initial | Level::Middle | Level::Missing);
        let is_birth = !matches!(self.birth, Level::Unlike | Level::Generation | Level::Year | Level::Around);
        is_forename && self.surname_agrees() && is_birth && self.contradictions == 0
    }

    /// Everybody has one number of a kind, and a few are written wrong: one that differs needs all else to agree, two say no.
    fn is_explained(&self) -> bool {
        match self.contradictions {
            0 => true,
            1 => {
                let is_one_forename = self.has_one_forename() && !self.forename_is_ambiguous;
                self.birth == Level::Same && self.has_witness() && is_one_forename
            }
            _ => false,
        }
    }

    fn has_one_forename(&self) -> bool {
        self.forename == Level::Same && !self.forename_is_alias
    }

    fn has_one_name(&self) -> bool {
        self.has_one_forename() && self.surname == Level::Same && !self.surname_is_alias
    }

    /// One family name, and the forename agrees by half, or by a further name only: somebody of the same household may have taken or
    /// been given it. Whoever was born the same day and lives elsewhere is rather the same person, moved, if the name is that very one and
    /// not short for several.
    fn may_be_twin(&self) -> bool {
        let is_elsewhere = self.is_born_the_same_day() && !self.is_of_one_address();
        let is_told_in_full = self.forename == Level::Same && !self.forename_is_ambiguous;
        let by_alias = self.forename_is_alias && !self.surname_is_alias && !(is_told_in_full && is_elsewhere);
        let by_half = self.forename == Level::Part;
        // Paul and Paula, Ryan and Rhian, and two who are both called Alex.
        let by_sex = self.sex == Level::Unlike && !(self.has_one_forename() && self.has_witness());
        self.surname_agrees() && (by_alias || by_half || by_sex) && self.middle != Level::Same
    }

    /// An initial or no forename will do where a middle name agrees with all the rest.
    fn forename_may_link(&self) -> bool {
        let is_unknown = matches!(self.forename, Level::Initial | Level::Missing);
        self.forename_agrees()
            || (is_unknown
                && self.middle == Level::Same
                && self.surname_agrees()
                && self.is_born_the_same_day())
    }

    /// Something beside name and date of birth that agrees closely.
    fn has_witness(&self) -> bool {
        self.is_of_one_address() || self.postcode == Level::Sector || self.middle == Level::Same
    }

    fn is_of_one_address(&self) -> bool {
        matches!(self.postcode, Level::Same | Level::Slip)
    }

    fn is_born_the_same_day(&self) -> bool {
        matches!(self.birth, Level::Same | Level::Estimated | Level::Swapped)
    }

    fn forename_agrees(&self) -> bool {
        matches!(
            self.forename,
            Level::Same
                | Level::Variant
                | Level::Slip
                | Level::Sound
                | Level::Similar
                | Level::Part
                | Level::Crossed
        )
    }

    fn surname_agrees(&self) -> bool {
        self.surname == Level::Neighbour
            || matches!(
                self.surname,
                Level::Same
                    | Level::Variant
                    | Level::Slip
                    | Level::Sound
                    | Level::Similar
                    | Level::Part
                    | Level::Crossed
            )
    }

    fn is_stranger(&self) -> bool {
        let birth_is_other = matches!(
            self.birth,
            Level::Unlike | Level::Generation | Level::Year | Level::Around | Level::Part
        );
        birth_is_other && self.forename == Level::Unlike && self.surname == Level::Unlike
    }
}
