//! Small numbers are left out of what an outsider reads, and beside them so much that none follows from what is left: pure.
//!
//! A table has one total and one or more divisions of it into cells. Of each division the cells below [`SMALL`] are left out, and then others,
//! until at least two are, and what is left out makes up [`SMALL`] or more. Which others is decided by an order that no reader can foresee: if it
//! followed from the numbers, who knows the rule could tell from *what* was left out. A total below [`SMALL`] goes with all its cells.
//! The promise, which tests hold against a reader who knows this rule: of a cell that is left out and may be small, each of 0 to 4 stays possible.

/// Below this a number is small: it could lead to somebody.
pub const SMALL: u64 = 5;

/// A total and its divisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The whole.
    pub total: u64,
    /// Its divisions: the cells of each make up the whole.
    pub divisions: Vec<Vec<u64>>,
}

/// What is left of a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shown {
    /// The whole, if it is not small.
    pub total: Option<u64>,
    /// The cells, as far as they are shown.
    pub divisions: Vec<Vec<Option<u64>>>,
}

/// What an outsider may read of a table. `orders` has for each division the order in which cells are left out beside the small ones.
pub fn suppress(table: &Table, orders: &[Vec<usize>]) -> Shown {
    if table.total < SMALL {
        let none = |cells: &Vec<u64>| vec![None; cells.len()];
        return Shown { total: None, divisions: table.divisions.iter().map(none).collect() };
    }
    let of_division = |(place, cells): (usize, &Vec<u64>)| {
        let order = orders.get(place).map_or(&[][..], Vec::as_slice);
        // What does not add up is no division, and nothing of it can be promised.
        let whole = cells.iter().fold(0_u64, |sum, cell| sum.saturating_add(*cell));
        if whole == table.total { shown(cells, order) } else { vec![None; cells.len()] }
    };
    Shown {
        total: Some(table.total),
        divisions: table.divisions.iter().enumerate().map(of_division).collect(),
    }
}

fn shown(cells: &[u64], order: &[usize]) -> Vec<Option<u64>> {
    let is_small = |cell: &u64| *cell < SMALL;
    let mut left_out: Vec<bool> = cells.iter().map(is_small).collect();
    if !left_out.contains(&true) {
        return cells.iter().map(|cell| Some(*cell)).collect();
    }
    for place in order {
        if is_enough(cells, &left_out) {
            break;
        }
        if let Some(left_out) = left_out.get_mut(*place) {
            *left_out = true;
        }
    }
    // An order that does not name all cells is no order.
    if !is_enough(cells, &left_out) {
        return vec![None; cells.len()];
    }
    cells.iter().zip(&left_out).map(|(cell, left_out)| (!left_out).then_some(*cell)).collect()
}

/// Whether what is left out hides each of its cells.
fn is_enough(cells: &[u64], left_out: &[bool]) -> bool {
    let hidden = cells.iter().zip(left_out).filter(|(_, left_out)| **left_out);
    let (count, sum) = hidden.fold((0_usize, 0_u64), |(count, sum), (cell, _)| {
        (count.saturating_add(1), sum.saturating_add(*cell))
    });
    count >= 2 && sum >= SMALL
}

#[cfg(test)]
#[path = "suppress_tests.rs"]
mod tests;
