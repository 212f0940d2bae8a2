//! The seven traps of the Gwent scorecard of 2014/15, as it was printed, and what is noted on each.

use super::*;

fn figure(text: &str) -> Figure {
    text.parse().unwrap()
}

fn breakdown(measure: MeasureId, total: &str, parts: &[(&str, &str, Option<&str>)]) -> PublishedFigures {
    let part = |(name, count, percent): &(&str, &str, Option<&str>)| PublishedPart {
        part: name.parse().unwrap(),
        count: figure(count),
        percent: percent.map(figure),
    };
    let parts = parts.iter().map(part).collect();
    let breakdowns = vec![Breakdown { measure, total: figure(total), parts }];
    PublishedFigures { breakdowns, ..PublishedFigures::default() }
}

/// Code, part, published, computed.
fn told(notes: &[Note]) -> Vec<(&'static str, Option<&'static str>, String, String)> {
    let text = |figure: Option<Figure>| figure.map(|figure| figure.to_string()).unwrap_or_default();
    let tell = |note: &Note| {
        (note.code.code(), note.part.map(PartName::code), text(note.published), text(note.computed))
    };
    notes.iter().map(tell).collect()
}

fn row<'a>(
    code: &'a str,
    part: Option<&'a str>,
    published: &str,
    computed: &str,
) -> (&'a str, Option<&'a str>, String, String) {
    (code, part, published.to_owned(), computed.to_owned())
}

#[test]
fn a_who_came_by_themselves_are_fourteen_percent_and_not_fifteen() {
    let referrals = breakdown(
        MeasureId::Referrals,
        "592",
        &[
            ("police", "127", Some("21")),
            ("probation", "85", Some("14")),
            ("prison", "295", Some("50")),
            ("court", "1", Some("0")),
            ("self", "84", Some("15")),
        ],
    );
    let found = notes(&referrals);
    assert_eq!(told(&found), [row("percent-differs", Some("self"), "15", "14.2")]);
    assert_eq!(found[0].words, "self is 84 of 592, which is 14.2 percent; printed is 15");
    // To two decimals it is 14.19: that would have been right.
    let right =
        breakdown(MeasureId::Referrals, "592", &[("self", "84", Some("14.19")), ("police", "508", None)]);
    assert_eq!(notes(&right), []);
}

#[test]
fn b_areas_do_not_add_up_to_the_caseload_and_their_percentages_have_two_denominators() {
    let areas = breakdown(
        MeasureId::Caseload,
        "105",
        &[
            ("area-1", "13.75", Some("13")),
            ("area-2", "21.5", Some("21")),
            ("area-3", "14", Some("14")),
            ("area-4", "45.25", Some("43")),
            ("area-5", "7.25", Some("7")),
        ],
    );
    let found = notes(&areas);
    assert_eq!(
        told(&found),
        [row("parts-do-not-add", None, "105", "101.75"), row("mixed-denominators", None, "105", "101.75")]
    );
    assert_eq!(
        found[1].words,
        "the percentages of area-1, area-4 are of 105, those of area-2, area-3 of 101.75"
    );
}

#[test]
fn c_prescribed_and_not_prescribed_are_one_more_than_all() {
    let modalities = breakdown(
        MeasureId::Modalities,
        "225",
        &[("prescribed", "57", Some("25")), ("not-prescribed", "169", Some("75"))],
    );
    assert_eq!(told(&notes(&modalities)), [row("parts-do-not-add", None, "225", "226")]);
}

#[test]
fn d_substances_fit_only_if_one_of_them_is_another_number_and_it_is_not_changed() {
    let substances = breakdown(
        MeasureId::Substances,
        "617",
        &[
            ("heroin", "416", Some("67.42")),
            ("cocaine", "56", None),
            ("amphetamines", "26", None),
            ("cannabis", "24", None),
            ("unknown", "21", None),
            ("mephedrone", "18", None),
            ("alcohol", "18", None),
            ("subutex-illicit", "15", None),
            ("crack", "5", None),
            ("methadone-illicit", "4", None),
            ("methadone-script", "3", None),
            ("benzodiazepines", "2", None),
            ("dihydrocodeine", "2", None),
            ("synthetic-cannabinoids", "2", None),
            ("other-at-risk", "2", None),
            ("solvents", "1", None),
            ("alcohol-unspecified", "1", None),
            ("ketamine", "0", None),
            ("methamphetamine", "0", None),
            ("chemical-highs", "11", Some("0.16")),
        ],
    );
    let found = notes(&substances);
    assert_eq!(
        told(&found),
        [
            row("parts-do-not-add", None, "617", "627"),
            row("fits-only-if", Some("chemical-highs"), "11", "1"),
            row("percent-differs", Some("chemical-highs"), "0.16", "1.8"),
        ]
    );
    assert!(found[1].words.ends_with("it is printed as 11, and is not changed here"));
}

#[test]
fn e_so_many_a_month_are_so_many_a_quarter() {
    let rate = Rate {
        measure: MeasureId::BriefInterventions,
        total: figure("2450"),
        months: 12,
        over: figure("600"),
        every: Every::Month,
    };
    let said = |rate| notes(&PublishedFigures { rates: vec![rate], ..PublishedFigures::default() });
    let found = said(rate);
    assert_eq!(told(&found), [row("rate-differs", None, "600", "204.2")]);
    assert_eq!(found[0].words, "2450 in 12 months is 204.2 a month, not over 600; in a quarter it is 612.5");
    assert_eq!(said(Rate { every: Every::Quarter, ..rate }), []);
    // A quarter's total, said of the year.
    assert_eq!(said(Rate { total: figure("151"), months: 3, every: Every::Year, ..rate }), []);
    let never = said(Rate { total: figure("10"), ..rate });
    assert!(never[0].words.ends_with("in no stretch of a year it is more"), "{}", never[0].words);
}

#[test]
fn f_a_mean_of_quarterly_values_is_not_the_quotient_of_the_sums() {
    let quotient = Quotient {
        measure: MeasureId::PrescribedOfReferrals,
        numerator: figure("129"),
        denominator: figure("592"),
        percent: figure("22.25"),
        averaging: Averaging::MeanOfQuarters,
        quarters: Vec::new(),
    };
    let said =
        |quotient| notes(&PublishedFigures { quotients: vec![quotient], ..PublishedFigures::default() });
    let found = said(quotient.clone());
    assert_eq!(told(&found), [row("mean-is-no-quotient", None, "22.25", "21.8")]);
    assert_eq!(
        found[0].words,
        "22.25 is a mean of quarterly values, and not the quotient: 129 of 592 is 21.8 percent"
    );
    // Said to be the quotient it is wrong; and a mean must be the mean of what it is printed beside.
    let as_sum = said(Quotient { averaging: Averaging::Sum, ..quotient.clone() });
    assert_eq!(told(&as_sum), [row("percent-differs", None, "22.25", "21.8")]);
    let quarters = ["20", "25", "21", "23"].map(figure).to_vec();
    let with_quarters = said(Quotient { quarters: quarters.clone(), ..quotient.clone() });
    assert_eq!(with_quarters.len(), 1, "they make 22.25");
    let wrong = said(Quotient { quarters: [&quarters[..3], &[figure("24")]].concat(), ..quotient.clone() });
    assert_eq!(told(&wrong)[1], row("mean-differs", None, "22.25", "22.50"));
    let right = said(Quotient { percent: figure("21.8"), averaging: Averaging::Sum, ..quotient });
    assert_eq!(right, []);
}

#[test]
fn g_over_eighty_percent_holds_by_one_denominator_only() {
    let threshold = |denominators: &[&str]| Threshold {
        measure: MeasureId::OffenderManagement,
        numerator: figure("82.75"),
        over: figure("80"),
        denominators: denominators.iter().map(|text| figure(text)).collect(),
    };
    let said = |of: &[&str]| {
        notes(&PublishedFigures { thresholds: vec![threshold(of)], ..PublishedFigures::default() })
    };
    let found = said(&["101.75", "105"]);
    assert_eq!(told(&found), [row("depends-on-denominator", None, "80", "78.8")]);
    assert_eq!(
        found[0].words,
        "82.75 is 81.3 percent of 101.75, which is over 80; and 78.8 percent of 105, which is not over 80"
    );
    assert_eq!(said(&["101.75"]), []);
    assert_eq!(told(&said(&["105"])), [row("claim-differs", None, "80", "78.8")]);
}

#[test]
fn figures_that_follow_from_their_parts_are_not_noted() {
    let closures = breakdown(
        MeasureId::Closures,
        "303",
        &[
            ("weeks-0-11", "181", Some("60")),
            ("weeks-12-23", "54", Some("18")),
            ("weeks-24", "68", Some("22")),
        ],
    );
    assert_eq!(notes(&closures), []);
    let nothing = breakdown(MeasureId::Closures, "0", &[("weeks-24", "0", Some("0"))]);
    let found = notes(&nothing);
    assert_eq!(
        told(&found),
        [row("percent-differs", Some("weeks-24"), "0", "")],
        "of nothing there is no percentage"
    );
}
