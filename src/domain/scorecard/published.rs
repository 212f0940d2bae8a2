//! Figures that somebody published, as they are sent to be looked through: numbers and codes, and no room for words.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::codes::Averaging;
use super::figure::Figure;
use super::measure::MeasureId;
use crate::domain::validation::no_repeats;

crate::code_list! {
    /// What a part of a published figure is (Gwent 2014/15). An area is called by its place in the list.
    pub enum PartName {
        Police = "police",
        Probation = "probation",
        Prison = "prison",
        Court = "court",
        SelfReferred = "self",
        Drugs = "drugs",
        Alcohol = "alcohol",
        Housing = "housing",
        YoungPeople = "young-people",
        AreaOne = "area-1",
        AreaTwo = "area-2",
        AreaThree = "area-3",
        AreaFour = "area-4",
        AreaFive = "area-5",
        AreaSix = "area-6",
        AreaSeven = "area-7",
        AreaEight = "area-8",
        Prescribed = "prescribed",
        NotPrescribed = "not-prescribed",
        UnderTwelveWeeks = "weeks-0-11",
        TwelveWeeks = "weeks-12-23",
        TwentyFourWeeks = "weeks-24",
        DrugAndCrimeFree = "drug-and-crime-free",
        CrimeFree = "crime-free",
        DrugFree = "drug-free",
        Heroin = "heroin",
        Cocaine = "cocaine",
        Amphetamines = "amphetamines",
        Cannabis = "cannabis",
        Unknown = "unknown",
        Mephedrone = "mephedrone",
        SubutexIllicit = "subutex-illicit",
        Crack = "crack",
        MethadoneIllicit = "methadone-illicit",
        MethadoneScript = "methadone-script",
        Benzodiazepines = "benzodiazepines",
        Dihydrocodeine = "dihydrocodeine",
        SyntheticCannabinoids = "synthetic-cannabinoids",
        OtherAtRisk = "other-at-risk",
        Solvents = "solvents",
        AlcoholUnspecified = "alcohol-unspecified",
        Ketamine = "ketamine",
        Methamphetamine = "methamphetamine",
        ChemicalHighs = "chemical-highs",
    }
}

crate::code_list! {
    /// For what stretch of time a rate is said.
    pub enum Every {
        Month = "month",
        Quarter = "quarter",
        Year = "year",
    }
}

impl Every {
    /// How many months it has.
    pub const fn months(self) -> u64 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Year => 12,
        }
    }
}

/// Published figures. At least one is sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[validate(schema(function = "something_is_said"))]
pub struct PublishedFigures {
    /// Totals with the parts that they are said to have.
    #[validate(length(max = 20), nested)]
    pub breakdowns: Vec<Breakdown>,
    /// Percentages of one figure of another.
    #[validate(length(max = 20), nested)]
    pub quotients: Vec<Quotient>,
    /// That one figure is more than so many percent of another, where it is not said of which.
    #[validate(length(max = 20), nested)]
    pub thresholds: Vec<Threshold>,
    /// That a total comes to more than so many a month, quarter or year.
    #[validate(length(max = 20), nested)]
    pub rates: Vec<Rate>,
}

/// A total with its parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Breakdown {
    /// Of which measure.
    pub measure: MeasureId,
    /// The total.
    #[schema(value_type = String, example = "592")]
    pub total: Figure,
    /// Its parts.
    #[validate(length(min = 1, max = 40), custom(function = "each_part_once"))]
    pub parts: Vec<PublishedPart>,
}

/// A part of a total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishedPart {
    /// Which.
    pub part: PartName,
    /// How much of the total it is.
    #[schema(value_type = String, example = "84")]
    pub count: Figure,
    /// How many percent of it, as that was printed.
    #[schema(value_type = Option<String>, example = "15")]
    pub percent: Option<Figure>,
}

/// A percentage of one figure of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Quotient {
    /// Of which measure.
    pub measure: MeasureId,
    /// What is divided.
    #[schema(value_type = String, example = "129")]
    pub numerator: Figure,
    /// By what.
    #[schema(value_type = String, example = "592")]
    pub denominator: Figure,
    /// The percentage, as it was printed.
    #[schema(value_type = String, example = "22.25")]
    pub percent: Figure,
    /// How it is said to be averaged.
    pub averaging: Averaging,
    /// The percentage of each quarter, where that was printed.
    #[serde(default)]
    #[validate(length(max = 4))]
    #[schema(value_type = Vec<String>)]
    pub quarters: Vec<Figure>,
}

/// That a figure is more than so many percent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// Of which measure.
    pub measure: MeasureId,
    /// The figure.
    #[schema(value_type = String, example = "82.75")]
    pub numerator: Figure,
    /// More than so many percent.
    #[schema(value_type = String, example = "80")]
    pub over: Figure,
    /// Of what it may be meant.
    #[validate(length(min = 1, max = 6))]
    #[schema(value_type = Vec<String>)]
    pub denominators: Vec<Figure>,
}

/// That a total comes to more than so many in a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Of which measure.
    pub measure: MeasureId,
    /// The total.
    #[schema(value_type = String, example = "2450")]
    pub total: Figure,
    /// In how many months.
    #[validate(range(min = 1, max = 12))]
    pub months: u8,
    /// More than so many.
    #[schema(value_type = String, example = "600")]
    pub over: Figure,
    /// In each of these.
    pub every: Every,
}

fn each_part_once(parts: &[PublishedPart]) -> Result<(), ValidationError> {
    let names: Vec<PartName> = parts.iter().map(|part| part.part).collect();
    no_repeats(&names)
}

fn something_is_said(figures: &PublishedFigures) -> Result<(), ValidationError> {
    let PublishedFigures { breakdowns, quotients, thresholds, rates } = figures;
    let nothing = breakdowns.is_empty() && quotients.is_empty() && thresholds.is_empty() && rates.is_empty();
    if nothing { Err(ValidationError::new("length")) } else { Ok(()) }
}
