//! How the agency's actions stand on each pathway, and which pathway is the problem: counts alone, nothing of anybody.

use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::codes::ReoffendingPathway;
use super::model::{ActionRecord, Counted, count, problem};
use crate::calendar::Calendar;
use crate::domain::days::Days;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::PathwayReport;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::facts::Subject;
use crate::store::record::Kind;
use crate::store::review::Made;

/// `GET /pathway-actions/report`.
pub struct ReadPathwayReport {
    /// Of which days the actions were planned on.
    pub days: Days,
    /// What day it is.
    pub today: Date,
    /// What moment a day begins at.
    pub calendar: Arc<Calendar>,
}

/// The agency's own actions by pathway.
#[derive(Debug, Serialize, ToSchema)]
pub struct PathwayReportView {
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    pub to: Date,
    /// Each of the eight, those without any action too.
    pub pathways: Vec<PathwayCount>,
    /// The pathway of whose actions the largest share is blocked or late, if any has five of them or more.
    pub problem: Option<ReoffendingPathway>,
}

/// The actions on one pathway.
#[derive(Debug, Serialize, ToSchema)]
pub struct PathwayCount {
    /// The pathway.
    pub pathway: ReoffendingPathway,
    /// How many were planned in the span.
    pub actions: u64,
    /// How many of them are done.
    pub done: u64,
    /// How many are blocked.
    pub blocked: u64,
    /// How many are late.
    pub late: u64,
}

impl Disclosure for ReadPathwayReport {
    type Action = PathwayReport;
    type View = PathwayReportView;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<PathwayReport>,
    ) -> Result<Sealed<PathwayReportView>, Rejection> {
        let stretch = self.days.stretch(&self.calendar);
        let kind = Kind::PathwayAction;
        let made = tx.made_by_agency::<_, ActionRecord>(permit, call.caller.agency(), kind, stretch, 0)?;
        Ok(made.beside((self.days, self.today)).view(report))
    }
}

fn report((made, (days, today)): &(Vec<Made<ActionRecord>>, (Days, Date))) -> PathwayReportView {
    let counted = count(made.iter().map(|made| &made.document.value), *today);
    let line = |of: &Counted| PathwayCount {
        pathway: of.pathway,
        actions: of.actions,
        done: of.done,
        blocked: of.blocked,
        late: of.late,
    };
    PathwayReportView {
        from: days.from,
        to: days.to,
        pathways: counted.iter().map(line).collect(),
        problem: problem(&counted),
    }
}
