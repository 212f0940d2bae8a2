//! Whatever agencies hand in: what the area reads of it as a whole lets no small number be computed.

use proptest::prelude::*;

use super::*;
use crate::domain::scorecard::codes::Division;
use crate::domain::scorecard::measure::{MEASURES, Of};
use crate::domain::scorecard::suppress::SMALL;
use crate::domain::scorecard::view::FigureStanding;

const AGENCIES: [&str; 4] = ["lantern", "northmoor-carat", "northmoor-cjit", "northmoor-treatment"];

/// One more of a count, in a cell of each of its divisions that the numbers choose.
fn one_more(counts: &mut Counts, count: Count, choose: u64) {
    let pick = |division: &Division| {
        let cells = division.cells();
        (*division, cells[usize::try_from(choose).unwrap() % cells.len()])
    };
    let cells: Vec<(Division, &str)> = count.divisions().iter().map(pick).collect();
    counts.add(count, &cells);
}

fn orders(seed: u64) -> Orders {
    let mut orders = Orders::new();
    for count in Count::ALL {
        let divisions =
            count.divisions().iter().map(|division| (division.to_string(), division.cells().len()));
        for (division, cells) in divisions.chain([(BY_AGENCY.to_owned(), AGENCIES.len())]) {
            let mut order: Vec<usize> = (0..cells).collect();
            order.sort_by_key(|place| {
                (seed ^ u64::try_from(*place).unwrap()).wrapping_mul(0x9E37_79B9_7F4A_7C15)
            });
            orders.insert((*count, division), order);
        }
    }
    orders
}

fn number(figure: Option<crate::domain::scorecard::figure::Figure>) -> Option<u64> {
    figure.map(|figure| figure.to_string().split('.').next().unwrap().parse().unwrap())
}

/// Looks at each measure as somebody who has all of them. `Err` says what could be computed.
fn looked_through(read: &[MeasureView]) -> Result<(), String> {
    let shown = |term: Term| {
        let of = |by: &str, cell: &str, count: Count| {
            let whole = read.iter().find(|measure| measure.id.code() == home(count))?;
            let division = whole.divisions.iter().find(|division| division.by == by)?;
            number(division.cells.iter().find(|each| each.cell == cell)?.figure)
        };
        match term {
            Term::Whole(count) => number(
                read.iter().find(|measure| measure.id.code() == home(count)).and_then(|whole| whole.figure),
            ),
            Term::Cell(count, division, cell) => of(division.code(), cell, count),
        }
    };
    for measure in read {
        let wrong = |what: &str| Err(format!("{}: {what}", measure.id));
        let row = MEASURES.iter().find(|row| row.id == measure.id).unwrap();
        match row.of {
            Of::Percent { numerator, denominator }
                if measure.figure.is_some()
                    && (shown(numerator).is_none() || shown(denominator).is_none()) =>
            {
                return wrong("a percentage of what is left out");
            }
            Of::Number(term @ Term::Cell(..)) if number(measure.figure) != shown(term) => {
                return wrong("a cell is told in one place and not in the other");
            }
            _ => {}
        }
        let total = number(measure.figure);
        if total.is_some_and(|total| total < SMALL) {
            return wrong("a small total");
        }
        for division in &measure.divisions {
            let numbers: Vec<Option<u64>> = division.cells.iter().map(|cell| number(cell.figure)).collect();
            if numbers.iter().flatten().any(|cell| *cell < SMALL) {
                return wrong("a small cell");
            }
            if division.cells.iter().any(|cell| cell.figure.is_none() && cell.percent.is_some()) {
                return wrong("the percentage of a cell that is left out");
            }
            let (hidden, left) =
                (numbers.iter().filter(|cell| cell.is_none()).count(), numbers.iter().flatten().sum::<u64>());
            match total {
                Some(total) if hidden > 0 && (hidden < 2 || total - left < SMALL) => {
                    return wrong("what is left out follows from the rest");
                }
                None if hidden < numbers.len() => return wrong("cells of a total that is left out"),
                _ => {}
            }
        }
    }
    Ok(())
}

/// The measure that shows a count as a whole.
fn home(count: Count) -> &'static str {
    let is_whole = |measure: &&crate::domain::scorecard::measure::Measure| matches!(measure.of, Of::Number(Term::Whole(of)) if of == count);
    MEASURES.iter().find(is_whole).unwrap().id.code()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn no_small_number_follows_from_the_whole_report(
        happened in prop::collection::vec((0..AGENCIES.len(), 0..Count::ALL.len(), any::<u64>()), 0..250),
        among in 1_u64..9,
        seed in any::<u64>(),
    ) {
        let mut agencies: Vec<(AgencyId, Counts)> =
            AGENCIES.iter().map(|id| (id.parse().unwrap(), Counts::default())).collect();
        for (agency, count, choose) in happened {
            one_more(&mut agencies[agency].1, Count::ALL[count], choose % among);
        }
        let orders = orders(seed);
        let read = measures(&Area::of(&agencies, &orders));
        prop_assert_eq!(looked_through(&read), Ok(()));
        let again = measures(&Area::of(&agencies, &orders));
        prop_assert_eq!(serde_json::to_value(&read).unwrap(), serde_json::to_value(&again).unwrap());
    }
}

#[test]
fn the_look_through_finds_what_follows_from_the_rest() {
    let mut counts = Counts::default();
    (0..20).for_each(|_| one_more(&mut counts, Count::CarePlans, 0));
    (0..2).for_each(|_| one_more(&mut counts, Count::CarePlans, 1));
    let agencies = [("northmoor-cjit".parse().unwrap(), counts)];
    let mut area = Area::of(&agencies, &orders(7));
    assert_eq!(looked_through(&measures(&area)), Ok(()));
    let care_plans = |area: &Area| {
        let read = measures(area);
        let plans = read.into_iter().find(|measure| measure.id.code() == "care-plans").unwrap();
        (plans.standing, number(plans.figure), plans.divisions.len())
    };
    assert_eq!(care_plans(&area), (FigureStanding::Counted, Some(22), 2));
    // Twenty told beside twenty-two are two.
    area.0.get_mut(&Count::CarePlans).unwrap().shown.divisions[0][0] = Some(20);
    assert!(looked_through(&measures(&area)).unwrap_err().contains("follows from the rest"));
    area.0.get_mut(&Count::CarePlans).unwrap().shown.total = None;
    assert!(looked_through(&measures(&area)).unwrap_err().contains("left out"));
}

#[test]
fn what_was_handed_in_too_late_or_for_another_area_is_not_in_it() {
    let due_at: Timestamp = "2026-04-23T22:59:00Z".parse().unwrap();
    let reader = Reader {
        area: "Northmoor".to_owned(),
        quarter: "2026-Q1".parse().unwrap(),
        due_at,
        orders: orders(1),
    };
    let submission = |agency: &str, area: &str, at: &str| {
        let mut counts = Counts::default();
        (0..9).for_each(|_| counts.add(Count::Admissions, &[]));
        (agency.parse().unwrap(), Submission { area: area.to_owned(), at: at.parse().unwrap(), counts })
    };
    let handed_in = vec![
        submission("lantern", "Northmoor", "2026-04-23T22:59:00Z"),
        submission("northmoor-cjit", "Northmoor", "2026-04-23T22:59:01Z"),
        submission("northmoor-treatment", "Eastvale", "2026-04-02T10:00:00Z"),
    ];
    let read = of_area(&(handed_in, reader));
    assert_eq!(read.agencies, ["lantern".parse().unwrap()]);
    let admissions =
        read.measures.iter().find(|measure| measure.id.code() == home(Count::Admissions)).unwrap();
    assert_eq!(number(admissions.figure), Some(9));
    assert!(
        read.measures.iter().all(|measure| measure.id.code() != home(Count::Entries)),
        "not told outside"
    );
}
