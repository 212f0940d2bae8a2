//! The measures of the scorecard, each a row: what it is in the words of the seed, of what it is made, and how it is averaged and rounded.

use super::codes::{Averaging, Count, Division, Ending, Rounding, Unit};

crate::code_list! {
    /// A measure (Gwent 2014/15). Those that the gateway has no records of are in the list all the same, and say so.
    pub enum MeasureId {
        Referrals = "referrals",
        TriggerTests = "trigger-tests",
        RequiredAssessments = "required-assessments",
        Entries = "entries",
        Assessments = "assessments",
        AssessmentsOfReferrals = "assessments-of-referrals",
        CarePlans = "care-plans",
        CarePlansOfAssessments = "care-plans-of-assessments",
        Prescribed = "prescribed",
        PrescribedOfReferrals = "prescribed-of-referrals",
        BriefInterventions = "brief-interventions",
        Signposted = "signposted",
        Caseload = "caseload",
        OffenderManagement = "iom",
        Modalities = "modalities",
        TreatmentTests = "treatment-tests",
        Reviews = "reviews",
        PositiveOutcomes = "positive-outcomes",
        Closures = "closures",
        Completions = "completions",
        CompletionsOfClosures = "completions-of-closures",
        Disengaged = "disengaged",
        DisengagedOfClosures = "disengaged-of-closures",
        Breaches = "breaches",
        Reoffending = "reoffending",
        Substances = "substances",
    }
}

/// A measure.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    /// Which.
    pub id: MeasureId,
    /// What it counts, and what it does not.
    pub words: &'static str,
    /// What one of it is.
    pub unit: Unit,
    /// Of what it is made.
    pub of: Of,
    /// How the quarters' figures become one.
    pub averaging: Averaging,
    /// To what it is rounded.
    pub rounding: Rounding,
}

/// Of what a measure is made.
#[derive(Debug, Clone, Copy)]
pub enum Of {
    /// A count, or a cell of one.
    Number(Term),
    /// A share.
    Percent {
        /// What is divided.
        numerator: Term,
        /// By what.
        denominator: Term,
    },
    /// The gateway has no records of it, and why.
    NotHeld(&'static str),
}

/// A number that a measure is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// The whole of a count.
    Whole(Count),
    /// One cell of a count.
    Cell(Count, Division, &'static str),
}

impl Term {
    /// The count that it is taken from.
    pub const fn count(self) -> Count {
        match self {
            Self::Whole(count) | Self::Cell(count, ..) => count,
        }
    }

    /// Its name, as a scorecard states it.
    pub fn name(self) -> String {
        match self {
            Self::Whole(count) => count.to_string(),
            Self::Cell(count, division, cell) => format!("{count}, {division} {cell}"),
        }
    }
}

const COMPLETED: Term = Term::Cell(Count::Closures, Division::Ending, Ending::Completed.code());
const DISENGAGED: Term = Term::Cell(Count::Closures, Division::Ending, Ending::Disengaged.code());

const fn number(id: MeasureId, unit: Unit, term: Term, words: &'static str) -> Measure {
    let averaging = match term.count() {
        Count::Caseload => Averaging::MeanOfQuarters,
        _ => Averaging::Sum,
    };
    let rounding = match averaging {
        Averaging::Sum => Rounding::Whole,
        Averaging::MeanOfQuarters => Rounding::TwoDecimals,
    };
    Measure { id, words, unit, of: Of::Number(term), averaging, rounding }
}

const fn percent(id: MeasureId, numerator: Term, denominator: Term, words: &'static str) -> Measure {
    let of = Of::Percent { numerator, denominator };
    Measure { id, words, unit: Unit::Percent, of, averaging: Averaging::Sum, rounding: Rounding::OneDecimal }
}

const fn not_held(id: MeasureId, unit: Unit, words: &'static str, because: &'static str) -> Measure {
    let of = Of::NotHeld(because);
    Measure { id, words, unit, of, averaging: Averaging::Sum, rounding: Rounding::Whole }
}

/// Every measure, in the order of the scorecard.
pub const MEASURES: &[Measure] = &[
    number(
        MeasureId::Referrals,
        Unit::Referrals,
        Term::Whole(Count::Referrals),
        "People referred in through the gateway by another agency, by the day on which it came. Who is referred twice counts twice; who \
         comes by herself is in no referral, and an assessment that the law requires counts by itself.",
    ),
    not_held(
        MeasureId::TriggerTests,
        Unit::Tests,
        "The number of trigger offence drug tests: it counts tests, not people.",
        "the gateway holds the test of somebody who is sent on, not of everybody who is tested",
    ),
    number(
        MeasureId::RequiredAssessments,
        Unit::Cases,
        Term::Whole(Count::RequiredAssessments),
        "Assessments that the law required after a positive test, by the day on which the person was identified; how the first \
         appointment was kept.",
    ),
    number(
        MeasureId::Entries,
        Unit::Records,
        Term::Whole(Count::Entries),
        "Drug Interventions Records that were signed when somebody came in, but for those that take another's place, by who sent the person as \
         the record says.",
    ),
    number(
        MeasureId::Assessments,
        Unit::Cases,
        Term::Whole(Count::Admissions),
        "Full assessments that brought somebody onto the caseload: cases, by the day of admission.",
    ),
    percent(
        MeasureId::AssessmentsOfReferrals,
        Term::Whole(Count::Admissions),
        Term::Whole(Count::Referrals),
        "Cases that came onto the caseload for each hundred referrals. They need not be the same people, so it may be more than 100.",
    ),
    number(
        MeasureId::CarePlans,
        Unit::Cases,
        Term::Whole(Count::CarePlans),
        "Cases that got their first care plan, by the plan's date.",
    ),
    percent(
        MeasureId::CarePlansOfAssessments,
        Term::Whole(Count::CarePlans),
        Term::Whole(Count::Admissions),
        "First care plans for each hundred cases that came onto the caseload; a plan may follow in a later quarter.",
    ),
    number(
        MeasureId::Prescribed,
        Unit::Cases,
        Term::Whole(Count::Prescriptions),
        "Scripts that began at this agency, by their first day. Who begins twice counts twice.",
    ),
    percent(
        MeasureId::PrescribedOfReferrals,
        Term::Whole(Count::Prescriptions),
        Term::Whole(Count::Referrals),
        "Scripts that began for each hundred referrals: the quotient of the sums, not a mean of the quarters' quotients.",
    ),
    number(
        MeasureId::BriefInterventions,
        Unit::Contacts,
        Term::Whole(Count::OutreachContacts),
        "Contacts of outreach, with a name or without: contacts, not people.",
    ),
    not_held(
        MeasureId::Signposted,
        Unit::Contacts,
        "People who were told of another service without being referred to it.",
        "nothing is recorded of it",
    ),
    number(
        MeasureId::Caseload,
        Unit::Cases,
        Term::Whole(Count::Caseload),
        "Cases on the caseload at the end of the quarter's last day. Those that are suspended are not counted.",
    ),
    not_held(
        MeasureId::OffenderManagement,
        Unit::People,
        "People on the caseload who are designated for integrated offender management.",
        "police and probation hold who is designated, and tell no team",
    ),
    not_held(
        MeasureId::Modalities,
        Unit::People,
        "Modalities completed: it counts people who received structured support in the period, prescribed for or not.",
        "a modality is part of a care plan's words",
    ),
    not_held(
        MeasureId::TreatmentTests,
        Unit::People,
        "Treatment drug tests: it counts people who were tested at least once in the period.",
        "the gateway holds the results that are communicated to a worker, not all tests",
    ),
    number(
        MeasureId::Reviews,
        Unit::Cases,
        Term::Whole(Count::Reviews),
        "Reviews of somebody's care, by the day on which they took place, and what followed.",
    ),
    not_held(
        MeasureId::PositiveOutcomes,
        Unit::Cases,
        "Positive outcomes over the whole caseload.",
        "what counts as one is agreed locally, and not recorded",
    ),
    number(
        MeasureId::Closures,
        Unit::Cases,
        Term::Whole(Count::Closures),
        "Cases that were closed, by the day of closing: how they ended, and for how many weeks treatment had lasted.",
    ),
    number(
        MeasureId::Completions,
        Unit::Cases,
        COMPLETED,
        "Cases that were closed because the care plan was completed (C1).",
    ),
    percent(
        MeasureId::CompletionsOfClosures,
        COMPLETED,
        Term::Whole(Count::Closures),
        "Of the cases that were closed, those whose care plan was completed.",
    ),
    number(
        MeasureId::Disengaged,
        Unit::Cases,
        DISENGAGED,
        "Cases that were closed because the person stayed away (C9).",
    ),
    percent(
        MeasureId::DisengagedOfClosures,
        DISENGAGED,
        Term::Whole(Count::Closures),
        "Of the cases that were closed, those in which the person stayed away.",
    ),
    number(
        MeasureId::Breaches,
        Unit::Cases,
        Term::Whole(Count::Breaches),
        "Breaches that came into the register, by the day on which they did, and what became of them so far.",
    ),
    number(
        MeasureId::Reoffending,
        Unit::People,
        Term::Whole(Count::Leavers),
        "Twenty leavers of the quarter before for each team, drawn by lot among those of whom police told it: whether the Police National Computer \
         holds an offence in the three calendar months after the one in which the case was closed. Who has died is not drawn.",
    ),
    number(
        MeasureId::Substances,
        Unit::Records,
        Term::Whole(Count::Substances),
        "Substances as they were reported at entry, three of a record at most; alcohol is never the first. It counts reports, not people.",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_measure_is_a_row_and_every_count_is_measured() {
        let ids: Vec<MeasureId> = MEASURES.iter().map(|measure| measure.id).collect();
        assert_eq!(ids, MeasureId::ALL, "in the order of the list, each once");
        let mut counted = BTreeSet::new();
        for measure in MEASURES {
            assert!(measure.words.ends_with('.') && !measure.words.contains("  "), "{}", measure.id);
            let terms = match measure.of {
                Of::Number(term) => vec![term],
                Of::Percent { numerator, denominator } => vec![numerator, denominator],
                Of::NotHeld(because) => {
                    assert!(!because.is_empty());
                    Vec::new()
                }
            };
            for term in terms {
                counted.insert(term.count());
                if let Term::Cell(count, division, cell) = term {
                    assert!(
                        count.divisions().contains(&division) && division.cells().contains(&cell),
                        "{term:?}"
                    );
                }
            }
        }
        assert_eq!(counted.into_iter().collect::<Vec<_>>(), Count::ALL);
    }

    #[test]
    fn the_words_of_the_seed_say_whether_tests_or_people_are_counted() {
        let unit = |id: MeasureId| {
            MEASURES.iter().find(|measure| measure.id == id).map(|measure| measure.unit).unwrap()
        };
        assert_eq!(unit(MeasureId::TriggerTests), Unit::Tests);
        assert_eq!(unit(MeasureId::TreatmentTests), Unit::People);
        assert_eq!(unit(MeasureId::Modalities), Unit::People);
    }
}
