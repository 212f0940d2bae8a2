//! What of published figures does not follow from their own parts: a note for each, and no figure is ever made to fit. Pure.

use serde::Serialize;
use utoipa::ToSchema;

use super::codes::{Averaging, Rounding};
use super::figure::Figure;
use super::measure::MeasureId;
use super::published::{
    Breakdown, Every, PartName, PublishedFigures, PublishedPart, Quotient, Rate, Threshold,
};

crate::code_list! {
    /// What is wrong with a published figure.
    pub enum NoteCode {
        /// The parts do not add up to the total.
        PartsDoNotAdd = "parts-do-not-add",
        /// Total and percentage would both be right if this part were another number. Whether it is, only who published it can say.
        FitsOnlyIf = "fits-only-if",
        /// The percentage does not follow.
        PercentDiffers = "percent-differs",
        /// Some percentages are of the total, others of the sum of the parts.
        MixedDenominators = "mixed-denominators",
        /// A mean of quarterly values stands where the quotient of the sums would be another.
        MeanIsNoQuotient = "mean-is-no-quotient",
        /// The mean of the quarterly values is another.
        MeanDiffers = "mean-differs",
        /// The claim holds by one denominator and not by another.
        DependsOnDenominator = "depends-on-denominator",
        /// The claim holds by none.
        ClaimDiffers = "claim-differs",
        /// The rate is that of another stretch of time, or of none.
        RateDiffers = "rate-differs",
    }
}

/// A published figure that does not follow from its own parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Note {
    /// What is wrong.
    pub code: NoteCode,
    /// Of which measure.
    pub measure: MeasureId,
    /// Of which part.
    pub part: Option<PartName>,
    /// As it was published.
    #[schema(value_type = Option<String>)]
    pub published: Option<Figure>,
    /// As it follows.
    #[schema(value_type = Option<String>)]
    pub computed: Option<Figure>,
    /// The same in a sentence.
    pub words: String,
}

/// The notes on published figures, in the order in which these were sent.
pub fn notes(figures: &PublishedFigures) -> Vec<Note> {
    let mut notes = Vec::new();
    figures.breakdowns.iter().for_each(|breakdown| of_breakdown(breakdown, &mut notes));
    figures.quotients.iter().for_each(|quotient| of_quotient(quotient, &mut notes));
    notes.extend(figures.thresholds.iter().filter_map(of_threshold));
    notes.extend(figures.rates.iter().filter_map(of_rate));
    notes
}

/// A percentage as the scorecard itself prints one.
fn percent(part: Figure, whole: Figure) -> Option<Figure> {
    part.percent_of(whole, Rounding::OneDecimal.decimals())
}

/// Whether a printed percentage is this share, to as many decimals as it was printed with.
fn is_share(printed: Figure, part: Figure, whole: Figure) -> bool {
    part.percent_of(whole, printed.decimals()).is_some_and(|share| share.is(printed))
}

fn shown(figure: Option<Figure>) -> String {
    figure.map_or_else(|| "nothing".to_owned(), |figure| figure.to_string())
}

fn of_breakdown(breakdown: &Breakdown, notes: &mut Vec<Note>) {
    let Breakdown { measure, total, parts } = breakdown;
    let sum = Figure::sum(parts.iter().map(|part| part.count));
    let adds_up = sum.is(*total);
    let note = |code, part, published, computed, words| Note {
        code,
        measure: *measure,
        part,
        published,
        computed,
        words,
    };
    if !adds_up {
        let words = format!("the parts add up to {sum}, and the total is printed as {total}");
        notes.push(note(NoteCode::PartsDoNotAdd, None, Some(*total), Some(sum), words));
        notes.extend(parts.iter().filter_map(|part| {
            let would_be = fits_only_if(part, *total, sum)?;
            let PublishedPart { part, count, .. } = *part;
            let words = format!(
                "total and percentage fit only if {part} is {would_be}; it is printed as {count}, and is not changed here"
            );
            Some(note(NoteCode::FitsOnlyIf, Some(part), Some(count), Some(would_be), words))
        }));
    }
    let (mut of_total, mut of_parts) = (Vec::new(), Vec::new());
    for PublishedPart { part, count, percent: printed } in parts {
        let Some(printed) = *printed else { continue };
        match (is_share(printed, *count, *total), is_share(printed, *count, sum)) {
            (true, true) => {}
            (true, false) => of_total.push(*part),
            (false, true) => of_parts.push(*part),
            (false, false) => {
                let computed = percent(*count, *total);
                let shown = shown(computed);
                let words =
                    format!("{part} is {count} of {total}, which is {shown} percent; printed is {printed}");
                notes.push(note(NoteCode::PercentDiffers, Some(*part), Some(printed), computed, words));
            }
        }
    }
    // Percentages that all are of the sum of the parts belong together; the total is what differs, and was noted.
    if !of_total.is_empty() && !of_parts.is_empty() {
        let (of_total, of_parts) = (list(&of_total), list(&of_parts));
        let words = format!("the percentages of {of_total} are of {total}, those of {of_parts} of {sum}");
        notes.push(note(NoteCode::MixedDenominators, None, Some(*total), Some(sum), words));
    }
}

/// What a part would have to be for total and percentage to fit, where it does not fit its own percentage as it is.
fn fits_only_if(part: &PublishedPart, total: Figure, sum: Figure) -> Option<Figure> {
    let printed = part.percent?;
    let would_be = total.less(sum.less(part.count)?)?;
    let fits = is_share(printed, would_be, total) && !is_share(printed, part.count, total);
    fits.then_some(would_be)
}

fn list(parts: &[PartName]) -> String {
    parts.iter().map(|part| part.code()).collect::<Vec<_>>().join(", ")
}

fn of_quotient(quotient: &Quotient, notes: &mut Vec<Note>) {
    let Quotient { measure, numerator, denominator, percent: printed, averaging, quarters } = quotient;
    let computed = percent(*numerator, *denominator);
    let note = |code, computed, words| Note {
        code,
        measure: *measure,
        part: None,
        published: Some(*printed),
        computed,
        words,
    };
    let follows = is_share(*printed, *numerator, *denominator);
    let of = format!("{numerator} of {denominator} is {} percent", shown(computed));
    match averaging {
        Averaging::Sum if !follows => {
            let words = format!("{of}; printed is {printed}");
            notes.push(note(NoteCode::PercentDiffers, computed, words));
        }
        Averaging::MeanOfQuarters if !follows => {
            let words = format!("{printed} is a mean of quarterly values, and not the quotient: {of}");
            notes.push(note(NoteCode::MeanIsNoQuotient, computed, words));
        }
        Averaging::Sum | Averaging::MeanOfQuarters => {}
    }
    let rounding = match printed.decimals() {
        0 => Rounding::Whole,
        1 => Rounding::OneDecimal,
        _ => Rounding::TwoDecimals,
    };
    let mean = Figure::mean(quarters, rounding).filter(|_| *averaging == Averaging::MeanOfQuarters);
    if let Some(mean) = mean.filter(|mean| !mean.is(*printed)) {
        let words = format!("the mean of the quarterly values is {mean}; printed is {printed}");
        notes.push(note(NoteCode::MeanDiffers, Some(mean), words));
    }
}

fn of_threshold(threshold: &Threshold) -> Option<Note> {
    let Threshold { measure, numerator, over, denominators } = threshold;
    let is_over = |whole: &Figure| numerator.is_over(*over, *whole);
    let each = |whole: &Figure| {
        let share = shown(percent(*numerator, *whole));
        let holds = if is_over(whole) { "over" } else { "not over" };
        format!("{share} percent of {whole}, which is {holds} {over}")
    };
    let words =
        format!("{numerator} is {}", denominators.iter().map(each).collect::<Vec<_>>().join("; and "));
    let code = match (denominators.iter().any(is_over), denominators.iter().all(is_over)) {
        (_, true) => return None,
        (true, false) => NoteCode::DependsOnDenominator,
        (false, false) => NoteCode::ClaimDiffers,
    };
    let computed =
        denominators.iter().find(|whole| !is_over(whole)).and_then(|whole| percent(*numerator, *whole));
    Some(Note { code, measure: *measure, part: None, published: Some(*over), computed, words })
}

fn of_rate(rate: &Rate) -> Option<Note> {
    let Rate { measure, total, months, over, every } = *rate;
    let in_each = |every: Every, decimals: u8| total.times_over(every.months(), u64::from(months), decimals);
    // Compared without rounding: total * months of each > over * months in all.
    let is_over = |every: Every| {
        let (all, claimed) = ((0..every.months()).map(|_| total), (0..months).map(|_| over));
        Figure::sum(all).is_more_than(Figure::sum(claimed))
    };
    if is_over(every) {
        return None;
    }
    let computed = in_each(every, Rounding::OneDecimal.decimals());
    let fits = Every::ALL.iter().copied().find(|every| is_over(*every));
    let fits = fits.map_or_else(
        || "in no stretch of a year it is more".to_owned(),
        |every| format!("in a {every} it is {}", shown(in_each(every, Rounding::OneDecimal.decimals()))),
    );
    let words =
        format!("{total} in {months} months is {} a {every}, not over {over}; {fits}", shown(computed));
    Some(Note { code: NoteCode::RateDiffers, measure, part: None, published: Some(over), computed, words })
}

#[cfg(test)]
#[path = "reconcile_tests.rs"]
mod tests;
