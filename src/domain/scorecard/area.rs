//! What a commissioner reads of its area: the figures that its agencies handed in for a quarter, small ones left out and none to be computed.
//!
//! It is made of what was handed in by the day on which it was due, and of nothing else: whenever it is read, it is the same, so that no two
//! readings can be subtracted. It is of one quarter; no other stretch of time overlaps it, and no table crosses two divisions.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::codes::Count;
use super::counts::{Counted, Counts};
use super::measure::Term;
use super::quarter::Quarter;
use super::submission::Submission;
use super::suppress::{Shown, Table, suppress};
use super::view::{Divided, MeasureView, Numbers, measures};
use crate::calendar::Calendar;
use crate::domain::fault::{Faults, FieldFault};
use crate::id::AgencyId;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::journal::{Journal, worker};
use crate::policy::action::ScorecardArea;
use crate::policy::permit::Permit;
use crate::store::facts::Subject;
use crate::store::{Error, Snapshot};

/// What the division of a count between agencies is called.
const BY_AGENCY: &str = "agency";

/// `GET /scorecard/area`.
pub struct ReadAreaScorecard {
    /// Of which quarter.
    pub quarter: Quarter,
    /// When it was due.
    pub calendar: Arc<Calendar>,
    /// Knows the directory.
    pub journal: Journal,
}

/// The scorecard of an area.
#[derive(Debug, Serialize, ToSchema)]
pub struct AreaScorecardView {
    /// The area.
    pub area: String,
    /// The quarter.
    #[schema(value_type = String)]
    pub quarter: Quarter,
    /// Numbers below this are left out, and others beside them.
    pub suppressed_below: u64,
    /// The agencies that handed in their figures in time. Others are not in it, and will not be.
    #[schema(value_type = Vec<String>)]
    pub agencies: Vec<AgencyId>,
    /// Every measure that is told outside an agency.
    pub measures: Vec<MeasureView>,
}

/// Whether the figures of a quarter stand by a moment.
///
/// # Errors
/// Until then they are still to come.
pub fn check_stands(quarter: Quarter, now: Timestamp, calendar: &Calendar) -> Result<(), Vec<FieldFault>> {
    let mut faults = Faults::default();
    // What is handed in at the last moment may be a moment on its way into the log.
    let stands = now.duration_since(quarter.due_at(calendar)) > SignedDuration::from_mins(1);
    faults.require(stands, "quarter", "its figures stand fifteen working days after its end, and not before");
    faults.into_result()
}

/// What stands beside the figures that is no secret.
struct Reader {
    area: String,
    quarter: Quarter,
    due_at: Timestamp,
    orders: Orders,
}

/// In which order cells are left out, of each division of each count. Of fewer cells the order is the same.
type Orders = BTreeMap<(Count, String), Vec<usize>>;

impl Disclosure for ReadAreaScorecard {
    type Action = ScorecardArea;
    type View = AreaScorecardView;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ScorecardArea>,
    ) -> Result<Sealed<AreaScorecardView>, Rejection> {
        let principal = worker(call)?;
        let directory = self.journal.directory();
        let entry = directory.agency(&principal.agency);
        let area = entry.ok_or(Error::Corrupt("a caller who is not in the directory"))?.area.clone();
        let code = self.quarter.to_string();
        let handed_in = tx.scorecards_of_area::<_, Submission>(permit, &area, &code)?;
        // As many agencies as there are bound how many cells a division between them has.
        let most = directory.iter().count();
        let mut orders = BTreeMap::new();
        for count in Count::ALL.iter().copied().filter(|count| count.is_told_outside()) {
            let divisions =
                count.divisions().iter().map(|division| (division.to_string(), division.cells().len()));
            for (division, cells) in divisions.chain([(BY_AGENCY.to_owned(), most)]) {
                let of = [area.as_str(), &code, count.code(), &division];
                let order = tx.scorecard_order(&of, cells);
                orders.insert((count, division), order);
            }
        }
        let due_at = self.quarter.due_at(&self.calendar);
        let reader = Reader { area, quarter: self.quarter, due_at, orders };
        Ok(handed_in.beside(reader).view(of_area))
    }
}

fn of_area((handed_in, reader): &(Vec<(AgencyId, Submission)>, Reader)) -> AreaScorecardView {
    let counts = |submission: &Submission| {
        let is_in_time = submission.at <= reader.due_at && submission.area == reader.area;
        is_in_time.then(|| submission.counts.clone())
    };
    let in_time: Vec<(AgencyId, Counts)> = handed_in
        .iter()
        .filter_map(|(agency, submission)| Some((agency.clone(), counts(submission)?)))
        .collect();
    AreaScorecardView {
        area: reader.area.clone(),
        quarter: reader.quarter,
        suppressed_below: super::suppress::SMALL,
        agencies: in_time.iter().map(|(agency, _)| agency.clone()).collect(),
        measures: measures(&Area::of(&in_time, &reader.orders)),
    }
}

/// What is left of each count of an area.
struct Area(BTreeMap<Count, Told>);

/// What is told of one count.
struct Told {
    shown: Shown,
    /// The divisions, with what their cells are called, in the order of the shown ones.
    named: Vec<(String, Vec<String>)>,
}

impl Area {
    fn of(agencies: &[(AgencyId, Counts)], orders: &Orders) -> Self {
        let mut all = Counts::default();
        agencies.iter().for_each(|(_, counts)| all.absorb(counts));
        let told = Count::ALL.iter().copied().filter(|count| count.is_told_outside());
        Self(
            told.filter_map(|count| Some((count, Told::of(count, all.get(count)?, agencies, orders))))
                .collect(),
        )
    }
}

impl Told {
    fn of(count: Count, counted: &Counted, agencies: &[(AgencyId, Counts)], orders: &Orders) -> Self {
        let mut named: Vec<(String, Vec<String>)> = Vec::new();
        let mut divisions: Vec<Vec<u64>> = Vec::new();
        for division in count.divisions() {
            let (cells, numbers): (Vec<_>, Vec<_>) = counted.cells(*division).into_iter().unzip();
            named.push((division.to_string(), cells.into_iter().map(str::to_owned).collect()));
            divisions.push(numbers);
        }
        let holders = agencies.iter().filter_map(|(agency, counts)| Some((agency, counts.get(count)?.total)));
        let (holders, totals): (Vec<String>, Vec<u64>) =
            holders.map(|(agency, total)| (agency.to_string(), total)).unzip();
        named.push((BY_AGENCY.to_owned(), holders));
        divisions.push(totals);
        let order = |(division, cells): &(String, Vec<String>)| -> Vec<usize> {
            let of_division = orders.get(&(count, division.clone())).into_iter().flatten();
            of_division.copied().filter(|place| *place < cells.len()).collect()
        };
        let orders: Vec<Vec<usize>> = named.iter().map(order).collect();
        Self { shown: suppress(&Table { total: counted.total, divisions }, &orders), named }
    }
}

impl Numbers for Area {
    fn of(&self, term: Term) -> Option<Vec<Option<u64>>> {
        let told = self.0.get(&term.count())?;
        let number = match term {
            Term::Whole(_) => told.shown.total,
            Term::Cell(_, division, cell) => told
                .cells()
                .filter(|(by, _)| *by == division.code())
                .flat_map(|(_, cells)| cells)
                .find(|(name, _)| name == cell)
                .and_then(|(_, number)| number),
        };
        Some(vec![number])
    }

    fn divisions(&self, count: Count) -> Divided {
        let Some(told) = self.0.get(&count) else { return Vec::new() };
        told.cells().map(|(by, cells)| (by.to_owned(), cells)).collect()
    }

    fn tells(&self, count: Count) -> bool {
        count.is_told_outside()
    }
}

impl Told {
    fn cells(&self) -> impl Iterator<Item = (&str, Vec<(String, Option<u64>)>)> {
        self.named.iter().zip(&self.shown.divisions).map(|((by, names), numbers)| {
            (by.as_str(), names.iter().cloned().zip(numbers.iter().copied()).collect())
        })
    }
}

#[cfg(test)]
#[path = "area_tests.rs"]
mod tests;
