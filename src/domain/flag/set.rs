//! Setting a contact flag on one's own client.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::change::FlagMoved;
use super::model::{FlagRecord, FlagSet};
use super::setting::Setting;
use crate::calendar::Calendar;
use crate::id::{AgencyId, Handle, PersonId, RecordId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::FlagWrite;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::Kind;
use crate::store::task::{Holder, NewTask};
use crate::vocabulary::{DutyRole, TaskKind};

/// How many days before its review the deputy is told of a flag.
const REMIND_DAYS: i32 = 2;

/// `POST /clients/{ref}/flags`.
pub struct SetFlag {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// The flag.
    pub set: FlagSet,
    /// What there is besides.
    pub setting: Setting,
}

impl Command for SetFlag {
    type Action = FlagWrite;
    type Acknowledgement = FlagMoved;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<FlagWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<FlagMoved>, Rejection> {
        let principal = worker(call)?;
        let (agency, person) = (&principal.agency, target_of(permit)?.person);
        let set = &self.set;
        set.check(self.setting.calendar.date_of(changes.now())).map_err(|faults| {
            let faults = faults.into_iter().map(Into::into).collect();
            Problem::fields(ProblemType::UnprocessableDocument, faults)
        })?;
        self.setting.works_there(principal, "worker", set.worker.as_ref())?;
        let flag = FlagRecord {
            r#type: set.r#type,
            reason: set.reason.clone(),
            by: principal.worker.clone(),
            at: changes.now(),
            review_on: set.review_on,
            expires_on: set.expires_on,
            reviews: Vec::new(),
            reappearances: Vec::new(),
            ending: None,
        };
        let version = NewVersion::first(Kind::Flag, person, agency);
        changes.document_put_sent(tx, &version, &flag)?;
        let id = changes.own_handle(tx, &version)?;
        let holder = set.worker.as_ref().map(|worker| tx.task_holder(agency, worker));
        let review = Review { agency, person, record: version.record, id, on: set.review_on };
        changes.task_put(review.task(set.duty, holder, &self.setting.calendar));
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/flags/{id}")),
            etag: Some(tx.etag(agency, version.record, 1)),
            acknowledgement: FlagMoved { id },
        })
    }
}

/// The next look at a flag. It stands as long as the flag does, and says with whom the flag lies.
pub(super) struct Review<'a> {
    pub(super) agency: &'a AgencyId,
    pub(super) person: PersonId,
    pub(super) record: RecordId,
    pub(super) id: Handle,
    pub(super) on: Date,
}

impl Review<'_> {
    /// As a task, due at the end of its day.
    pub(super) fn task(&self, duty: DutyRole, holder: Option<Holder>, calendar: &Calendar) -> NewTask {
        NewTask {
            agency: self.agency.clone(),
            duty,
            holder,
            kind: TaskKind::ReviewFlag,
            person: self.person,
            record: self.record,
            subject: format!("/v1/flags/{}", self.id),
            remind_at: calendar.end_of(self.on.saturating_sub(REMIND_DAYS.days())),
            due_at: calendar.end_of(self.on),
        }
    }
}
