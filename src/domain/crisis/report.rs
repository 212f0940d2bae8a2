//! How look-ups in a crisis were used: each with who asked, why, what was found, and whether anything came of it.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::codes::{CrisisOutcome, CrisisReason};
use super::model::CrisisRecord;
use crate::calendar::Calendar;
use crate::domain::caseload::contact_within_us;
use crate::domain::days::Days;
use crate::domain::fault::to_the_minute;
use crate::id::{Handle, WorkerId};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::CrisisReview;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::facts::Subject;
use crate::store::record::Kind;
use crate::store::review::Made;

/// `GET /crisis-look-ups/report`.
pub struct ReadCrisisReport {
    /// Of which days.
    pub days: Days,
    /// What moment a day begins at.
    pub calendar: Arc<Calendar>,
}

/// The look-ups of an agency's own workers, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct CrisisReport {
    /// Each of them.
    pub look_ups: Vec<CrisisLine>,
}

/// One look-up.
#[derive(Debug, Serialize, ToSchema)]
pub struct CrisisLine {
    /// What the agency calls it.
    #[schema(value_type = String)]
    pub reference: Handle,
    /// Who asked.
    pub worker: WorkerId,
    /// When, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Why.
    pub reason: CrisisReason,
    /// What was found.
    pub outcome: CrisisOutcome,
    /// Whether the agency wrote of the person in the fourteen days after, on its caseload or in a DIR, referral, consent, activity,
    /// script or assessment.
    pub led_to_contact: bool,
}

impl Disclosure for ReadCrisisReport {
    type Action = CrisisReview;
    type View = CrisisReport;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<CrisisReview>,
    ) -> Result<Sealed<CrisisReport>, Rejection> {
        let (agency, stretch) = (call.caller.agency(), self.days.stretch(&self.calendar));
        let made = tx.made_by_agency(permit, agency, Kind::CrisisLookUp, stretch, contact_within_us())?;
        Ok(made.view(report))
    }
}

#[allow(clippy::ptr_arg, reason = "the form of a view of what is sealed")]
fn report(made: &Vec<Made<CrisisRecord>>) -> CrisisReport {
    let line = |made: &Made<CrisisRecord>| CrisisLine {
        reference: made.handle,
        worker: made.document.value.by.clone(),
        at: to_the_minute(made.document.value.at),
        reason: made.document.value.reason,
        outcome: made.document.value.outcome,
        led_to_contact: made.led_to_contact,
    };
    CrisisReport { look_ups: made.iter().map(line).collect() }
}
