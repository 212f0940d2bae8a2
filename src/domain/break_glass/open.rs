//! Breaking the glass: with a reason, freshly authenticated, for an hour. What is opened, and who is told, is fixed at this moment.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::Setting;
use super::codes::EmergencyReason;
use super::end::not_taken;
use super::holdings::holdings;
use super::model::{BreakGlassRecord, NotTaken};
use super::power::{may_break_glass, was_just_authenticated};
use super::telling::Told;
use crate::domain::fault::to_the_minute;
use crate::domain::validation::clean_text;
use crate::id::{AgencyId, Handle, WorkerId};
use crate::identity::principal::Principal;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::BreakGlassStart;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};

/// Why the glass is broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BreakGlassGiven {
    /// What puts the person's life at risk.
    pub reason: EmergencyReason,
    /// The same in your own words, for those who review it. It stays in the log, under a retention key: name nobody in it.
    #[validate(length(min = 20, max = 500), custom(function = "clean_text"))]
    pub words: String,
}

/// `POST /clients/{ref}/break-glass`.
pub struct OpenBreakGlass {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// Why.
    pub given: BreakGlassGiven,
    /// What there is besides.
    pub setting: Setting,
}

/// The glass is broken; whether anything lies behind it, the next read tells.
#[derive(Debug, Serialize, ToSchema)]
pub struct BreakGlassOpened {
    /// What the agency calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// When it closes by itself, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
}

/// Who opens, and when.
type Opener = (AgencyId, WorkerId, Timestamp);

impl Command for OpenBreakGlass {
    type Action = BreakGlassStart;
    type Acknowledgement = BreakGlassOpened;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<BreakGlassStart>,
        changes: &mut Changes,
    ) -> Result<Accepted<BreakGlassOpened>, Rejection> {
        let principal: &Principal = worker(call)?;
        let (agency, person, now) = (&principal.agency, target_of(permit)?.person, changes.now());
        may_break_glass(principal, &self.setting.journal)?;
        was_just_authenticated(principal, now)?;
        let opener = (agency.clone(), principal.worker.clone(), now);
        let before = tx.documents_of_person::<_, BreakGlassRecord>(permit, person, Kind::BreakGlass)?;
        before.judge(&opener, none_is_open).map_err(not_taken)?;

        let today = self.setting.calendar.date_of(now);
        let found = holdings(tx, permit, agency, person, today)?;
        let broken = BreakGlassRecord {
            by: (agency.clone(), principal.worker.clone()),
            role: principal.role,
            at: now,
            reason: self.given.reason,
            words: self.given.words.clone(),
            holders: found.holders,
            ended: None,
            overdue: Vec::new(),
            reviews: Vec::new(),
        };
        let version = NewVersion::first(Kind::BreakGlass, person, agency);
        changes.document_put_sent(tx, &version, &broken)?;
        for (record, of) in found.records {
            changes.handle_for(tx, agency, Kind::OpenedRecord, record.as_bytes(), of)?;
        }
        let id = changes.own_handle(tx, &version)?;
        Told { version: &version, setting: &self.setting }.opened(tx, changes, &broken, id)?;
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/break-glass/{id}")),
            etag: Some(tx.etag(agency, version.record, 1)),
            acknowledgement: BreakGlassOpened { id, until: to_the_minute(broken.until()) },
        })
    }
}

/// A worker opens it once: an hour is not made longer by breaking the glass again meanwhile.
#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
fn none_is_open(
    before: &Vec<Document<BreakGlassRecord>>,
    (agency, worker, now): &Opener,
) -> Result<(), NotTaken> {
    let is_open = |document: &Document<BreakGlassRecord>| document.value.is_open_to(agency, worker, *now);
    if before.iter().any(is_open) { Err(NotTaken::AlreadyOpen) } else { Ok(()) }
}
