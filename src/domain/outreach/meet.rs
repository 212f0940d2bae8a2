//! Noting a contact: with somebody who gives no name, or with a client of the agency, named or not.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{ContactRecord, OutreachContact};
use crate::calendar::Calendar;
use crate::domain::minute::Minute;
use crate::id::{Handle, PersonId};
use crate::identity::principal::Principal;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::{OutreachMeet, OutreachWrite};
use crate::policy::facts::Target;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::Kind;
use crate::store::{Error, Snapshot};

/// `POST /outreach-contacts`: with somebody who gives no name, and was not met before as far as the worker knows.
pub struct MeetUnnamed {
    /// The contact.
    pub contact: OutreachContact,
    /// Civil time.
    pub calendar: Arc<Calendar>,
}

/// `POST /clients/{ref}/outreach-contacts`.
pub struct MeetAgain {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// The contact.
    pub contact: OutreachContact,
    /// Civil time.
    pub calendar: Arc<Calendar>,
}

/// The contact is noted.
#[derive(Debug, Serialize, ToSchema)]
pub struct Met {
    /// What the agency calls the person from now on, with a name or without.
    #[schema(value_type = String)]
    pub client_ref: Handle,
}

impl Command for MeetUnnamed {
    type Action = OutreachMeet;
    type Acknowledgement = Met;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        _permit: &Permit<OutreachMeet>,
        changes: &mut Changes,
    ) -> Result<Accepted<Met>, Rejection> {
        let principal = worker(call)?;
        is_past(&self.contact, changes, &self.calendar)?;
        // Nothing that can be matched is written of this person: no name, no token, no record of who it is.
        let person = changes.person_create();
        let version = put(tx, changes, principal, (person, &self.contact))?;
        let client_ref =
            changes.handle_for(tx, &principal.agency, Kind::Client, person.as_bytes(), person)?;
        changes.concerns(Target {
            record: Some(version.record),
            client_ref: Some(client_ref),
            ..Target::new(person, principal.agency.clone(), principal.agency_type)
        });
        Ok(met(client_ref))
    }
}

impl Command for MeetAgain {
    type Action = OutreachWrite;
    type Acknowledgement = Met;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<OutreachWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<Met>, Rejection> {
        is_past(&self.contact, changes, &self.calendar)?;
        put(tx, changes, worker(call)?, (target_of(permit)?.person, &self.contact))?;
        Ok(met(self.client_ref))
    }
}

fn put(
    tx: &mut Snapshot<'_>,
    changes: &mut Changes,
    by: &Principal,
    (person, contact): (PersonId, &OutreachContact),
) -> Result<NewVersion, Error> {
    let version = NewVersion::first(Kind::OutreachContact, person, &by.agency);
    let record = ContactRecord {
        contact: contact.clone(),
        by: by.worker.clone(),
        recorded_at: changes.now(),
        joined: None,
    };
    changes.document_put_sent(tx, &version, &record)?;
    changes.handle_new(&by.agency, &version);
    Ok(version)
}

fn is_past(contact: &OutreachContact, changes: &Changes, calendar: &Calendar) -> Result<(), Problem> {
    if contact.at <= Minute::of(calendar.civil(changes.now())) {
        return Ok(());
    }
    Err(Problem::field(ProblemType::UnprocessableDocument, "at", "rule", "must not be in the future"))
}

fn met(client_ref: Handle) -> Accepted<Met> {
    Accepted {
        status: 201,
        location: Some(format!("/v1/clients/{client_ref}/outreach-contacts")),
        etag: None,
        acknowledgement: Met { client_ref },
    }
}
