//! The fields that are compared and the levels on which their values may agree. A leaf.

use serde::Deserialize;

/// A field of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// The forename.
    Forename,
    /// The family name.
    Surname,
    /// Middle names.
    Middle,
    /// The date of birth.
    Birth,
    /// The recorded sex.
    Sex,
    /// The postcode.
    Postcode,
    /// The address without its postcode.
    Address,
    /// The NHS number.
    NhsNumber,
    /// The PNC id.
    PncId,
    /// The prison number.
    PrisonNumber,
    /// The probation case reference number.
    Crn,
}

impl Field {
    /// Every field, in the order of a comparison.
    pub const ALL: [Self; 11] = [
        Self::Forename,
        Self::Surname,
        Self::Middle,
        Self::Birth,
        Self::Sex,
        Self::Postcode,
        Self::Address,
        Self::NhsNumber,
        Self::PncId,
        Self::PrisonNumber,
        Self::Crn,
    ];

    /// Its place in [`Self::ALL`].
    pub(super) const fn place(self) -> usize {
        match self {
            Self::Forename => 0,
            Self::Surname => 1,
            Self::Middle => 2,
            Self::Birth => 3,
            Self::Sex => 4,
            Self::Postcode => 5,
            Self::Address => 6,
            Self::NhsNumber => 7,
            Self::PncId => 8,
            Self::PrisonNumber => 9,
            Self::Crn => 10,
        }
    }

    /// Its word in a model's file.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Forename => "forename",
            Self::Surname => "surname",
            Self::Middle => "middle",
            Self::Birth => "birth",
            Self::Sex => "sex",
            Self::Postcode => "postcode",
            Self::Address => "address",
            Self::NhsNumber => "nhs-number",
            Self::PncId => "pnc-id",
            Self::PrisonNumber => "prison-number",
            Self::Crn => "crn",
        }
    }

    /// Whether it is an identifier that belongs to one person.
    pub const fn is_identifier(self) -> bool {
        matches!(self, Self::NhsNumber | Self::PncId | Self::PrisonNumber | Self::Crn)
    }
}

/// A level on which two values agree; which of them a field has, the model's file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Unknown on one side: says nothing.
    Missing,
    /// Equal.
    Same,
    /// Forms of one name.
    Variant,
    /// One or two letters or characters off.
    Slip,
    /// Heard alike.
    Sound,
    /// Alike, yet each a usual name of its own.
    Neighbour,
    /// Alike; of addresses: much in common.
    Similar,
    /// One word of several agrees, or one name begins or ends the other.
    Part,
    /// Forename and family name have changed places.
    Crossed,
    /// The forename is the other's middle name.
    Middle,
    /// The first letter is all that is known, and agrees.
    Initial,
    /// Day and month have changed places.
    Swapped,
    /// Equal, and a first of January.
    Estimated,
    /// One digit off.
    Digit,
    /// The same day of another year, one or two or one digit off.
    YearOff,
    /// One is the first of January of the other's year.
    Placeholder,
    /// Nearly the year, and one is a first of January.
    Around,
    /// The year agrees.
    Year,
    /// Postcodes of one sector.
    Sector,
    /// Postcodes of one district.
    District,
    /// Postcodes of one area; addresses with something in common.
    Area,
    /// None of these.
    Unlike,
    /// Thirteen years or more apart.
    Generation,
}

impl Level {
    /// Every level.
    pub const ALL: [Self; 23] = [
        Self::Missing,
        Self::Same,
        Self::Variant,
        Self::Slip,
        Self::Sound,
        Self::Neighbour,
        Self::Similar,
        Self::Part,
        Self::Crossed,
        Self::Middle,
        Self::Initial,
        Self::Swapped,
        Self::Estimated,
        Self::Digit,
        Self::YearOff,
        Self::Placeholder,
        Self::Around,
        Self::Year,
        Self::Sector,
        Self::District,
        Self::Area,
        Self::Unlike,
        Self::Generation,
    ];

    /// Its place in [`Self::ALL`].
    pub(super) const fn place(self) -> usize {
        match self {
            Self::Missing => 0,
            Self::Same => 1,
            Self::Variant => 2,
            Self::Slip => 3,
            Self::Sound => 4,
            Self::Neighbour => 5,
            Self::Similar => 6,
            Self::Part => 7,
            Self::Crossed => 8,
            Self::Middle => 9,
            Self::Initial => 10,
            Self::Swapped => 11,
            Self::Estimated => 12,
            Self::Digit => 13,
            Self::YearOff => 14,
            Self::Placeholder => 15,
            Self::Around => 16,
            Self::Year => 17,
            Self::Sector => 18,
            Self::District => 19,
            Self::Area => 20,
            Self::Unlike => 21,
            Self::Generation => 22,
        }
    }

    /// Its word in a model's file.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Same => "same",
            Self::Variant => "variant",
            Self::Slip => "slip",
            Self::Sound => "sound",
            Self::Neighbour => "neighbour",
            Self::Similar => "similar",
            Self::Part => "part",
            Self::Crossed => "crossed",
            Self::Middle => "middle",
            Self::Initial => "initial",
            Self::Swapped => "swapped",
            Self::Estimated => "estimated",
            Self::Digit => "digit",
            Self::YearOff => "year-off",
            Self::Placeholder => "placeholder",
            Self::Around => "around",
            Self::Year => "year",
            Self::Sector => "sector",
            Self::District => "district",
            Self::Area => "area",
            Self::Unlike => "unlike",
            Self::Generation => "generation",
        }
    }
}
