//! Asking whether somebody is on another caseload, and reading what came of it: alike in form whatever is found.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::check::{CheckOutcome, CheckRecord, CheckRequest, CheckView};
use super::model::EpisodeRecord;
use crate::calendar::Calendar;
use crate::domain::flag::{Reappeared, tell_reappearance};
use crate::id::{AgencyId, Handle, PersonId};
use crate::journal::call::{Call, Caller};
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::CaseloadCheck;
use crate::policy::permit::Permit;
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// `POST /caseload-checks`.
pub struct AskCheck {
    /// About whom.
    pub request: CheckRequest,
    /// When an answer is due.
    pub calendar: Arc<Calendar>,
}

/// The check is made. The same members, whatever was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Asked {
    /// What the asker calls the check.
    pub id: Handle,
    /// What was found, in the form in which it can be read again.
    #[serde(flatten)]
    pub check: CheckView,
}

/// `GET /caseload-checks/{id}`.
pub struct ReadCheck {
    /// What the asker calls the check.
    pub id: Handle,
    /// The present moment: after the answer was due, allocation goes on provisionally.
    pub now: Timestamp,
}

impl Command for AskCheck {
    type Action = CaseloadCheck;
    type Acknowledgement = Asked;
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Client(self.request.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<CaseloadCheck>,
        changes: &mut Changes,
    ) -> Result<Accepted<Asked>, Rejection> {
        let Caller::Worker(principal) = &call.caller else {
            return Err(Error::Corrupt("only a worker can ask").into());
        };
        let agency = &principal.agency;
        let person = target_of(permit)?.person;
        let holders = holders(tx, permit, agency, person)?;
        let version = NewVersion::first(Kind::Check, person, agency);
        let (record, now) = (version.record, changes.now());
        let check = CheckRecord {
            id: record,
            version: 1,
            person,
            asked_by: (agency.clone(), principal.worker.clone()),
            asked_at: now,
            // Matching is exact: a person is linked or is not, so no match is uncertain.
            outcome: CheckOutcome::from_findings(!holders.is_empty(), false),
            holders: holders.iter().cloned().collect(),
            answer_due: CheckRecord::answer_due(now, &self.calendar),
            answers: Vec::new(),
        };
        changes.document_put_sent(tx, &version, &check)?;
        tell_reappearance(tx, permit, changes, person, Reappeared::Checked, agency, None)?;
        let id = changes.own_handle(tx, &version)?;
        for holder in &holders {
            changes.handle_for(tx, holder, Kind::Check, record.as_bytes(), person)?;
        }
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/caseload-checks/{id}")),
            etag: Some(tx.etag(agency, record, 1)),
            acknowledgement: Asked { id, check: check.view(now) },
        })
    }
}

/// The other agencies that have this person on their caseload now.
fn holders(
    tx: &mut Snapshot<'_>,
    permit: &Permit<CaseloadCheck>,
    asker: &AgencyId,
    person: PersonId,
) -> Result<BTreeSet<AgencyId>, Error> {
    let mut holders = BTreeSet::new();
    for (record, custodian) in tx.custodians_of_person(permit, person, Kind::Episode)? {
        // The asker's own are read too, so that they cost what others' cost.
        let episode = tx.document_read::<_, EpisodeRecord>(permit, asker, record)?;
        if episode.judge(&(), is_open).is_ok() && custodian != *asker {
            holders.insert(custodian);
        }
    }
    Ok(holders)
}

fn is_open(episode: &Document<EpisodeRecord>, (): &()) -> Result<(), ()> {
    if episode.value.is_open() { Ok(()) } else { Err(()) }
}

impl Disclosure for ReadCheck {
    type Action = CaseloadCheck;
    type View = CheckView;
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Check, self.id)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<CaseloadCheck>,
    ) -> Result<Sealed<CheckView>, Rejection> {
        let record = permit
            .target()
            .and_then(|target| target.record)
            .ok_or(Error::Corrupt("a check without a record"))?;
        let check = tx.document_read::<_, CheckRecord>(permit, call.caller.agency(), record)?;
        Ok(check.beside(self.now).view(|(check, now)| check.value.view(*now)))
    }
}
