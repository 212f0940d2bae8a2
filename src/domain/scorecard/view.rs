//! A scorecard as it is read: each measure with its words, its numerator and denominator, how it was averaged and rounded, and the figures.

use serde::Serialize;
use utoipa::ToSchema;

use super::codes::{Averaging, Count, Division, Rounding, Unit};
use super::counts::Counted;
use super::figure::Figure;
use super::measure::{MEASURES, Measure, MeasureId, Of, Term};

crate::code_list! {
    /// Whether there is a figure.
    pub enum FigureStanding {
        /// It stands beside.
        Counted = "counted",
        /// The gateway holds no records of it, or another agency does. It is not 0.
        NotHeld = "not-held",
        /// It is small, or a small one could be computed from it.
        Suppressed = "suppressed",
        /// Nothing to divide by.
        NoDenominator = "no-denominator",
    }
}

/// A measure with its figures.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeasureView {
    /// Which.
    pub id: MeasureId,
    /// What it counts, and what it does not.
    pub words: &'static str,
    /// What one of it is.
    pub unit: Unit,
    /// What is counted, or divided.
    pub numerator: Option<String>,
    /// By what it is divided.
    pub denominator: Option<String>,
    /// How the quarters' figures become one.
    pub averaging: Averaging,
    /// To what it is rounded, halves up.
    pub rounding: Rounding,
    /// Whether there is a figure.
    pub standing: FigureStanding,
    /// `not-held`: why.
    pub because: Option<&'static str>,
    /// The figure, as it is printed.
    #[schema(value_type = Option<String>)]
    pub figure: Option<Figure>,
    /// The same of each quarter, if there are several.
    #[schema(value_type = Vec<Option<String>>)]
    pub quarters: Vec<Option<Figure>>,
    /// How it is divided.
    pub divisions: Vec<DivisionView>,
}

/// A division of a measure.
#[derive(Debug, Serialize, ToSchema)]
pub struct DivisionView {
    /// Into what.
    pub by: String,
    /// Its cells, which make up the whole.
    pub cells: Vec<CellView>,
}

/// One cell.
#[derive(Debug, Serialize, ToSchema)]
pub struct CellView {
    /// Which.
    pub cell: String,
    /// Whether there is a figure.
    pub standing: FigureStanding,
    /// The figure.
    #[schema(value_type = Option<String>)]
    pub figure: Option<Figure>,
    /// Percent of the whole, to one decimal.
    #[schema(value_type = Option<String>)]
    pub percent: Option<Figure>,
}

/// Why something has no figure, where it is nobody's fault.
const ELSEWHERE: &str = "agencies of another kind hold the records of it";

/// The divisions of a count, each with its cells, by name.
pub(super) type Divided = Vec<(String, Vec<(String, Option<u64>)>)>;

/// What a measure's numbers are taken from: nothing is there of what nobody holds, and `None` where it must not be told.
pub(super) trait Numbers {
    /// A number of each quarter.
    fn of(&self, term: Term) -> Option<Vec<Option<u64>>>;

    /// How a count is divided, each cell with what it is called: all quarters together.
    fn divisions(&self, count: Count) -> Divided;

    /// Whether it is told at all.
    fn tells(&self, count: Count) -> bool;
}

/// Every measure, by these numbers.
pub(super) fn measures(numbers: &impl Numbers) -> Vec<MeasureView> {
    let tells = |measure: &&Measure| match measure.of {
        Of::Number(term) => numbers.tells(term.count()),
        Of::Percent { numerator, denominator } => {
            numbers.tells(numerator.count()) && numbers.tells(denominator.count())
        }
        Of::NotHeld(_) => true,
    };
    MEASURES.iter().filter(tells).map(|measure| view(measure, numbers)).collect()
}

fn view(measure: &Measure, numbers: &impl Numbers) -> MeasureView {
    let nothing = MeasureView {
        id: measure.id,
        words: measure.words,
        unit: measure.unit,
        numerator: None,
        denominator: None,
        averaging: measure.averaging,
        rounding: measure.rounding,
        standing: FigureStanding::NotHeld,
        because: Some(ELSEWHERE),
        figure: None,
        quarters: Vec::new(),
        divisions: Vec::new(),
    };
    match measure.of {
        Of::NotHeld(because) => MeasureView { because: Some(because), ..nothing },
        Of::Number(term) => {
            let named = MeasureView { numerator: Some(term.name()), ..nothing };
            let Some(quarters) = numbers.of(term) else { return named };
            let figures: Option<Vec<Figure>> =
                quarters.iter().map(|number| number.map(Figure::whole)).collect();
            let figure = figures.and_then(|figures| averaged(measure, &figures));
            let divisions = match term {
                Term::Whole(count) => divided(numbers.divisions(count), &quarters),
                Term::Cell(..) => Vec::new(),
            };
            MeasureView {
                standing: if figure.is_some() { FigureStanding::Counted } else { FigureStanding::Suppressed },
                because: None,
                figure,
                quarters: of_several(quarters.into_iter().map(|number| number.map(Figure::whole)).collect()),
                divisions,
                ..named
            }
        }
        Of::Percent { numerator, denominator } => {
            let named = MeasureView {
                numerator: Some(numerator.name()),
                denominator: Some(denominator.name()),
                ..nothing
            };
            let (Some(above), Some(below)) = (numbers.of(numerator), numbers.of(denominator)) else {
                return named;
            };
            let percent = |above: Option<u64>, below: Option<u64>| {
                Figure::whole(above?).percent_of(Figure::whole(below?), measure.rounding.decimals())
            };
            let (all_above, all_below) = (sum(&above), sum(&below));
            let figure = percent(all_above, all_below);
            let standing = match (figure, all_above, all_below) {
                (Some(_), ..) => FigureStanding::Counted,
                (None, Some(_), Some(_)) => FigureStanding::NoDenominator,
                _ => FigureStanding::Suppressed,
            };
            let quarters = above.iter().zip(&below).map(|(above, below)| percent(*above, *below)).collect();
            MeasureView { standing, because: None, figure, quarters: of_several(quarters), ..named }
        }
    }
}

/// The figures of several quarters as one.
fn averaged(measure: &Measure, figures: &[Figure]) -> Option<Figure> {
    match measure.averaging {
        Averaging::Sum => Some(Figure::sum(figures.iter().copied())),
        Averaging::MeanOfQuarters => Figure::mean(figures, measure.rounding),
    }
}

/// The sum, if no quarter is missing.
fn sum(quarters: &[Option<u64>]) -> Option<u64> {
    quarters.iter().try_fold(0_u64, |sum, number| Some(sum.saturating_add((*number)?)))
}

/// Of one quarter its figure says all.
fn of_several(quarters: Vec<Option<Figure>>) -> Vec<Option<Figure>> {
    if quarters.len() > 1 { quarters } else { Vec::new() }
}

fn divided(divisions: Divided, quarters: &[Option<u64>]) -> Vec<DivisionView> {
    let whole = sum(quarters).map(Figure::whole);
    let cell = |(cell, number): (String, Option<u64>)| {
        let figure = number.map(Figure::whole);
        CellView {
            cell,
            standing: if figure.is_some() { FigureStanding::Counted } else { FigureStanding::Suppressed },
            figure,
            percent: figure.and_then(|figure| figure.percent_of(whole?, Rounding::OneDecimal.decimals())),
        }
    };
    divisions
        .into_iter()
        .map(|(by, cells)| DivisionView { by, cells: cells.into_iter().map(cell).collect() })
        .collect()
}

/// What an agency itself reads: its own numbers as they are.
pub(super) struct Own<'c>(pub(super) Vec<&'c super::counts::Counts>);

impl Numbers for Own<'_> {
    fn of(&self, term: Term) -> Option<Vec<Option<u64>>> {
        let number = |counted: &Counted| match term {
            Term::Whole(_) => counted.total,
            Term::Cell(_, division, cell) => counted.cell(division, cell),
        };
        self.0.iter().map(|counts| counts.get(term.count()).map(|counted| Some(number(counted)))).collect()
    }

    fn divisions(&self, count: Count) -> Divided {
        let cell = |division: Division, cell: &'static str| {
            let of_quarters = self.0.iter().filter_map(|counts| counts.get(count));
            let number =
                of_quarters.fold(0_u64, |sum, counted| sum.saturating_add(counted.cell(division, cell)));
            (cell.to_owned(), Some(number))
        };
        let divided = |division: &Division| {
            (division.to_string(), division.cells().into_iter().map(|code| cell(*division, code)).collect())
        };
        count.divisions().iter().map(divided).collect()
    }

    fn tells(&self, _: Count) -> bool {
        true
    }
}
