//! A reader who has all that is published, and knows the rule by which the rest was left out, cannot tell a small number.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

/// Every order of so many cells.
fn orders(cells: usize) -> Vec<Vec<usize>> {
    if cells == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for shorter in orders(cells - 1) {
        for place in 0..cells {
            let mut order = shorter.clone();
            order.insert(place, cells - 1);
            all.push(order);
        }
    }
    all
}

/// Every table of so many cells, each below `below`.
fn tables(cells: usize, below: u64) -> Vec<Vec<u64>> {
    let mut all = vec![Vec::new()];
    for _ in 0..cells {
        all = all
            .into_iter()
            .flat_map(|table| (0..below).map(move |cell| [table.as_slice(), &[cell]].concat()))
            .collect();
    }
    all
}

fn one(cells: &[u64]) -> Table {
    Table { total: cells.iter().sum(), divisions: vec![cells.to_vec()] }
}

#[test]
fn who_knows_the_rule_and_all_that_is_published_can_rule_out_no_small_number() {
    for (cells, below) in [(2, 16), (3, 13), (4, 10)] {
        // For each answer, all that it can have come from: any table under any order.
        let mut from: BTreeMap<Shown, BTreeSet<Vec<u64>>> = BTreeMap::new();
        for order in orders(cells) {
            for table in tables(cells, below) {
                let shown = suppress(&one(&table), std::slice::from_ref(&order));
                from.entry(shown).or_default().insert(table);
            }
        }
        let mut looked_at = 0;
        for (shown, tables) in &from {
            let published: u64 = shown.divisions[0].iter().flatten().sum();
            // What is hidden must fit into the tables that were tried, or some that it can have come from are missing.
            if shown.total.is_some_and(|total| total - published >= below) {
                continue;
            }
            for place in 0..cells {
                let values: BTreeSet<u64> = tables.iter().map(|table| table[place]).collect();
                match shown.divisions[0][place] {
                    Some(cell) => assert!(cell >= SMALL && values == BTreeSet::from([cell]), "{shown:?}"),
                    None if values.iter().any(|value| *value < SMALL) => {
                        looked_at += 1;
                        let possible = (0..SMALL).filter(|value| values.contains(value)).count();
                        assert_eq!(possible, 5, "{shown:?}: cell {place} is one of {values:?}");
                    }
                    None => {}
                }
            }
        }
        assert!(looked_at > 10, "{looked_at}");
    }
}

#[test]
fn were_the_order_known_some_numbers_could_be_computed() {
    // That is why it is not. With the places in their own order, no cell alone would have taken these two with it: both are small, and
    // 4 and 4 is all that they can be.
    let (order, hidden) = ([vec![0, 1, 2, 3]], [5, 5, 4, 4]);
    let shown = suppress(&one(&hidden), &order);
    assert_eq!(shown.divisions[0], [Some(5), Some(5), None, None]);
    let known: Vec<Vec<u64>> =
        tables(4, 10).into_iter().filter(|table| suppress(&one(table), &order) == shown).collect();
    assert_eq!(known, [hidden]);
    let any = orders(4);
    let could_be = |table: &Vec<u64>| {
        any.iter().any(|order| suppress(&one(table), std::slice::from_ref(order)) == shown)
    };
    assert_eq!(
        tables(4, 10).iter().filter(|table| could_be(table)).count(),
        9,
        "0 and 8, 1 and 7, and so on"
    );
}

#[test]
fn the_fixture_of_the_seed_hides_who_came_from_court() {
    let gwent = one(&[127, 85, 295, 1, 84]);
    for order in orders(5) {
        let shown = suppress(&gwent, std::slice::from_ref(&order));
        let cells = &shown.divisions[0];
        assert_eq!(shown.total, Some(592));
        assert_eq!(cells[3], None, "one came from court");
        assert_eq!(
            cells.iter().filter(|cell| cell.is_none()).count(),
            2,
            "and one other is left out beside it"
        );
    }
    // An empty cell is small like any other: that nobody came is told of nobody.
    let empty = suppress(&one(&[20, 30, 0]), &[vec![1, 2, 0]]);
    assert_eq!(empty.divisions[0], [Some(20), None, None]);
    let small = suppress(&one(&[2, 2]), &[vec![0, 1]]);
    assert_eq!((small.total, &small.divisions[0]), (None, &vec![None, None]));
    let large = suppress(&one(&[5, 6]), &[vec![0, 1]]);
    assert_eq!((large.total, &large.divisions[0]), (Some(11), &vec![Some(5), Some(6)]));
    let alone = suppress(&one(&[9]), &[vec![0]]);
    assert_eq!(alone.divisions[0], [Some(9)], "the only cell is the total");
    let torn = Table { total: 20, divisions: vec![vec![9, 9]] };
    assert_eq!(
        suppress(&torn, &[vec![0, 1]]).divisions[0],
        [None, None],
        "what does not add up is not shown"
    );
    assert_eq!(suppress(&one(&[9, 1]), &[]).divisions[0], [None, None], "without an order nothing is");
}

/// What a reader can bound a hidden cell to, from the published cells and the total alone.
fn bounds(shown: &[Option<u64>], total: u64, place: usize) -> (u64, u64) {
    let hidden = total - shown.iter().flatten().sum::<u64>();
    let others = shown.iter().enumerate().filter(|(at, cell)| *at != place && cell.is_none()).count();
    if others == 0 { (hidden, hidden) } else { (0, hidden) }
}

proptest! {
    #[test]
    fn no_cell_is_bounded_to_fewer_than_six_numbers_by_what_is_left(
        cells in prop::collection::vec(prop_oneof![0_u64..8, 0_u64..400], 1..14),
        seed in any::<u64>(),
        cuts in prop::collection::vec(any::<u64>(), 0..6),
    ) {
        let total: u64 = cells.iter().sum();
        // A second division of the same whole, into other cells.
        let mut cuts: Vec<u64> = cuts.iter().map(|cut| cut % (total + 1)).collect();
        cuts.extend([0, total]);
        cuts.sort_unstable();
        let other: Vec<u64> = cuts.windows(2).map(|ends| ends[1] - ends[0]).collect();
        let order = |len: usize| {
            let mut order: Vec<usize> = (0..len).collect();
            order.sort_by_key(|place| (seed ^ u64::try_from(*place).unwrap()).wrapping_mul(0x9E37_79B9_7F4A_7C15));
            order
        };
        let table = Table { total, divisions: vec![cells.clone(), other.clone()] };
        let shown = suppress(&table, &[order(cells.len()), order(other.len())]);
        prop_assert_eq!(&shown, &suppress(&table, &[order(cells.len()), order(other.len())]), "the same each time");
        for (division, of) in shown.divisions.iter().zip(&table.divisions) {
            for (place, cell) in division.iter().enumerate() {
                match (shown.total, cell) {
                    (Some(_), Some(cell)) => prop_assert!(*cell >= SMALL && *cell == of[place]),
                    (None, cell) => prop_assert!(cell.is_none() && total < SMALL),
                    (Some(total), None) => {
                        let (least, most) = bounds(division, total, place);
                        prop_assert!(least == 0 && most >= SMALL, "{:?}: {} to {}", division, least, most);
                    }
                }
            }
        }
        // Nothing is left out for nothing.
        if cells.iter().all(|cell| *cell >= SMALL) {
            prop_assert!(shown.divisions[0].iter().all(Option::is_some));
        }
    }
}
