//! What was counted of one quarter: totals, and the cells of their divisions. Numbers of nobody. A leaf.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::codes::{Count, Division};

/// The counts of one agency, or of several together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts(BTreeMap<Count, Counted>);

/// One count with its divisions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The whole.
    pub total: u64,
    /// What of it falls into each cell. A cell that is missing is empty.
    pub divisions: BTreeMap<Division, BTreeMap<String, u64>>,
}

impl Counts {
    /// Says that it is counted, even where there is nothing.
    pub fn begin(&mut self, count: Count) {
        self.0.entry(count).or_default();
    }

    /// One more, in these cells of its divisions.
    pub fn add(&mut self, count: Count, cells: &[(Division, &str)]) {
        let counted = self.0.entry(count).or_default();
        counted.total = counted.total.saturating_add(1);
        for (division, cell) in cells {
            let cells = counted.divisions.entry(*division).or_default();
            let cell = cells.entry((*cell).to_owned()).or_default();
            *cell = cell.saturating_add(1);
        }
    }

    /// What was counted; `None` of what nobody holds.
    pub fn get(&self, count: Count) -> Option<&Counted> {
        self.0.get(&count)
    }

    /// With another's beside them.
    pub fn absorb(&mut self, other: &Self) {
        for (count, theirs) in &other.0 {
            let ours = self.0.entry(*count).or_default();
            ours.total = ours.total.saturating_add(theirs.total);
            for (division, cells) in &theirs.divisions {
                let of_ours = ours.divisions.entry(*division).or_default();
                for (cell, number) in cells {
                    let of_cell = of_ours.entry(cell.clone()).or_default();
                    *of_cell = of_cell.saturating_add(*number);
                }
            }
        }
    }
}

impl Counted {
    /// What falls into a cell.
    pub fn cell(&self, division: Division, cell: &str) -> u64 {
        self.divisions.get(&division).and_then(|cells| cells.get(cell)).copied().unwrap_or(0)
    }

    /// What falls into each cell of a division, in their order.
    pub fn cells(&self, division: Division) -> Vec<(&'static str, u64)> {
        division.cells().into_iter().map(|cell| (cell, self.cell(division, cell))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_come_back_from_their_text_and_add_up() {
        let mut counts = Counts::default();
        counts.begin(Count::Caseload);
        counts.add(
            Count::Closures,
            &[(Division::Ending, "completed"), (Division::Retention, "24-weeks-or-more")],
        );
        counts.add(Count::Closures, &[(Division::Ending, "died"), (Division::Retention, "not-begun")]);
        let read: Counts = serde_json::from_str(&serde_json::to_string(&counts).unwrap()).unwrap();
        assert_eq!(read, counts);
        let mut both = counts.clone();
        both.absorb(&read);
        let closures = both.get(Count::Closures).unwrap();
        assert_eq!((closures.total, closures.cell(Division::Ending, "completed")), (4, 2));
        assert_eq!(both.get(Count::Caseload).map(|counted| counted.total), Some(0), "counted, and none");
        assert_eq!(both.get(Count::Reviews), None, "not counted");
        for division in Count::Closures.divisions() {
            let cells: u64 = closures.cells(*division).iter().map(|(_, number)| number).sum();
            assert_eq!(cells, closures.total, "{division}");
        }
    }
}
