//! An agency's own scorecard: counted as its records stand now, and nothing left out.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::quarter::Quarter;
use super::reckon::count;
use super::submission::Submission;
use super::tally::Tally;
use super::view::{MeasureView, Own, measures};
use crate::calendar::Calendar;
use crate::domain::fault::{Faults, FieldFault, to_the_minute};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::journal::{Journal, worker};
use crate::policy::action::ScorecardRead;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::facts::Subject;

/// The most quarters of one scorecard.
const QUARTERS: usize = 4;

/// Quarters, both counted in.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// The first.
    pub from: Quarter,
    /// The last.
    pub to: Quarter,
}

/// `GET /scorecard`.
pub struct ReadScorecard {
    /// Of which quarters.
    pub span: Span,
    /// What moment a day begins at.
    pub calendar: Arc<Calendar>,
    /// Knows the time and the directory.
    pub journal: Journal,
}

/// The agency's own scorecard.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScorecardView {
    /// The first quarter.
    #[schema(value_type = String)]
    pub from: Quarter,
    /// The last.
    #[schema(value_type = String)]
    pub to: Quarter,
    /// Whether the last is over. If not, what is still to come is missing.
    pub ended: bool,
    /// By when the last is to be handed in, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub due: Timestamp,
    /// When it was handed in, if it was.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub handed_in_at: Option<Timestamp>,
    /// Every measure.
    pub measures: Vec<MeasureView>,
}

impl Span {
    /// Checks what the form of the quarters cannot say.
    ///
    /// # Errors
    /// Every rule that is broken.
    pub fn check(&self, today: Date) -> Result<(), Vec<FieldFault>> {
        let mut faults = Faults::default();
        faults.require(self.from <= self.to, "to", "must not lie before `from`");
        let is_short = self.from.until(self.to).nth(QUARTERS).is_none();
        faults.require(is_short, "to", "a scorecard covers at most four quarters");
        faults.require(self.to <= Quarter::of(today), "to", "must have begun");
        faults.into_result()
    }
}

/// What stands beside the counts that is no secret.
struct Reader {
    span: Span,
    ended: bool,
    due: Timestamp,
}

impl Disclosure for ReadScorecard {
    type Action = ScorecardRead;
    type View = ScorecardView;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ScorecardRead>,
    ) -> Result<Sealed<ScorecardView>, Rejection> {
        let (principal, calendar) = (worker(call)?, self.calendar.as_ref());
        let Span { from, to } = self.span;
        let directory = self.journal.directory();
        let tally = count(tx, permit, principal, (&directory, calendar), (from, to))?;
        let handed_in = tx.scorecard_read::<_, Submission>(permit, &principal.agency, &to.to_string())?;
        let handed_in = match handed_in {
            Some(submission) => submission.map(Some),
            None => Sealed::new(permit, None),
        };
        let reader = Reader {
            span: self.span,
            ended: to.ends_at(calendar) <= self.journal.now(),
            due: to_the_minute(to.due_at(calendar)),
        };
        Ok(tally.with(handed_in).beside(reader).view(scorecard))
    }
}

fn scorecard(((tally, handed_in), reader): &((Tally, Option<Submission>), Reader)) -> ScorecardView {
    let counts = tally.quarters().iter().map(|(_, counts)| counts).collect();
    ScorecardView {
        from: reader.span.from,
        to: reader.span.to,
        ended: reader.ended,
        due: reader.due,
        handed_in_at: handed_in.as_ref().map(|submission| to_the_minute(submission.at)),
        measures: measures(&Own(counts)),
    }
}
