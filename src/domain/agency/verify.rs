//! Confirming one's own contact in the directory, once a month (D10): the posts and numbers by which others reach the agency.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::directory::Agency;
use crate::domain::fault::to_the_minute;
use crate::domain::task::Owed;
use crate::id::AgencyId;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::policy::action::DirectoryVerify;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::Subject;
use crate::store::task::NewTask;
use crate::store::{Error, Snapshot};
use crate::vocabulary::TaskKind;

/// How long before the contact is due its deputy is told.
const DEPUTY_BEFORE: SignedDuration = SignedDuration::from_hours(48);

/// What is confirmed: all that the entry says, as it stands.
#[derive(Debug, Clone, Copy, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerificationGiven {}

/// `POST /agencies/{id}/verification`.
pub struct VerifyContact {
    /// The entry, which must be the agency's own; `None` where the path holds no well-formed id.
    pub id: Option<AgencyId>,
}

/// The contact is confirmed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactVerified {
    /// The agency.
    pub id: AgencyId,
    /// When, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub verified_at: Timestamp,
}

impl Command for VerifyContact {
    type Action = DirectoryVerify;
    type Acknowledgement = ContactVerified;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        _permit: &Permit<DirectoryVerify>,
        changes: &mut Changes,
    ) -> Result<Accepted<ContactVerified>, Rejection> {
        let own = call.caller.agency();
        if self.id.as_ref() != Some(own) {
            return Err(Problem::because(ProblemType::NotFoundOrNotPermitted, "not-its-own-entry").into());
        }
        let directory = tx.directory_read()?;
        let known = directory.agency(own).ok_or(Error::Corrupt("a caller who is not in the directory"))?;
        let verified_at = to_the_minute(changes.now());
        let mut agency = Agency::clone(known);
        agency.contact.verified_at = Some(verified_at);
        let version = tx.agency_version(own)?.saturating_add(1);
        changes.agency_put(tx, &agency, version)?;
        let (record, _) = tx.entry_of(own);
        changes.task_done(own, TaskKind::VerifyContact, record);
        Ok(Accepted {
            status: 200,
            location: None,
            etag: None,
            acknowledgement: ContactVerified { id: own.clone(), verified_at },
        })
    }
}

/// That an agency confirms its contact, which whoever answers for it owes.
pub struct OwedVerification {
    /// The agency.
    pub agency: AgencyId,
}

impl Owed for OwedVerification {
    fn task(&self, tx: &mut Snapshot<'_>, changes: &mut Changes) -> Result<Option<NewTask>, Error> {
        let Self { agency } = self;
        let directory = tx.directory_read()?;
        let owed = directory.agency(agency).and_then(|entry| {
            Some((entry.agency_type.confirms_entry()?, entry.spoc_verification_asked(changes.now())?))
        });
        let (record, person) = tx.entry_of(agency);
        Ok(owed.map(|(duty, due_at)| NewTask {
            agency: agency.clone(),
            duty,
            holder: None,
            kind: TaskKind::VerifyContact,
            person,
            record,
            subject: format!("/v1/agencies/{agency}"),
            remind_at: due_at.saturating_sub(DEPUTY_BEFORE).unwrap_or(due_at),
            due_at,
        }))
    }
}
