//! The person lets what was noted without her name be joined to her. Only she can: no likeness ever does it, and nobody else is told.

use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::codes::AgreedHow;
use super::model::{ContactRecord, JoinedRecord, Two};
use crate::calendar::Calendar;
use crate::domain::prescribing::tell_of_scripts_after_link;
use crate::id::{AgencyId, Handle, PersonId, RecordId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::{Journal, worker};
use crate::policy::action::OutreachJoin;
use crate::policy::facts::Target;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::match_pair::{Pair, PairState};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// To whom the contacts are joined, and that the person agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinAgreed {
    /// The agency's own reference for the person with her name.
    #[schema(value_type = String)]
    pub to: Handle,
    /// How she agreed.
    pub agreed: AgreedHow,
    /// On which day.
    #[schema(value_type = String, format = Date)]
    pub agreed_on: Date,
}

/// `POST /clients/{ref}/joining`.
pub struct JoinOutreach {
    /// The reference under which there is no name.
    pub client_ref: Handle,
    /// To whom, and how that was agreed.
    pub agreed: JoinAgreed,
    /// What day it is.
    pub calendar: Arc<Calendar>,
    /// Decides about the other as well.
    pub journal: Journal,
}

/// They are joined.
#[derive(Debug, Serialize, ToSchema)]
pub struct Joined {
    /// The reference under which the contacts are from now on, too.
    #[schema(value_type = String)]
    pub client_ref: Handle,
}

impl Command for JoinOutreach {
    type Action = OutreachJoin;
    type Acknowledgement = Joined;
    // Others' scripts are read, and a conflict with one begins here: that must not show in its time.
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<OutreachJoin>,
        changes: &mut Changes,
    ) -> Result<Accepted<Joined>, Rejection> {
        let principal = worker(call)?;
        let (agency, target) = (&principal.agency, target_of(permit)?);
        let person = target.person;
        if self.agreed.agreed_on > self.calendar.date_of(changes.now()) {
            let message = "must not be in the future";
            let problem = Problem::field(ProblemType::UnprocessableDocument, "agreed_on", "rule", message);
            return Err(problem.into());
        }
        let to = Subject::Client(self.agreed.to);
        let for_other = self.journal.also_permits::<OutreachJoin>(tx, principal, to)?.ok_or_else(|| {
            let message = "must be a reference of your own agency";
            Problem::field(ProblemType::UnprocessableDocument, "to", "unknown-reference", message)
        })?;
        let other = target_of(&for_other)?.person;

        let (one_cluster, other_cluster) = (tx.cluster_of(person)?, tx.cluster_of(other)?);
        changes.rest_on(one_cluster.epochs().chain(other_cluster.epochs()));
        let contacts = tx.handles_of_person(agency, Kind::OutreachContact, person)?;
        let two = Two {
            has_name: is_written(tx, agency, person)?,
            other_has_name: is_written(tx, agency, other)?,
            are_one: one_cluster.has(other),
            contacts: contacts.len(),
        };
        let because = |code| Problem::because(ProblemType::InvalidTransition, code);
        two.may_join().map_err(|against| because(against.code()))?;
        let first = contacts.first().map(|listed| RecordId::from_bytes(listed.target));
        let first = first.ok_or(Error::Corrupt("contacts without a first"))?;

        changes.concerns(Target { also_about: Some(other), ..target.clone() });
        changes.persons_are_one(tx.keys(), one_cluster.into_iter().chain(&other_cluster));
        tell_of_scripts_after_link(tx, permit, changes, (person, other), &self.calendar)?;
        // As the desk's decisions do: what joins them is known, so that parting others does not part these.
        let pair = Pair::new(person, other, *first.as_bytes(), first);
        changes.pair_put(tx.keys(), &pair, PairState::Same, *first.as_bytes());
        let joined = JoinedRecord {
            how: self.agreed.agreed,
            agreed_on: self.agreed.agreed_on,
            with: principal.worker.clone(),
        };
        let version = tx.next_version(first, Kind::OutreachContact, person, agency)?;
        let next =
            tx.document_read::<_, ContactRecord>(permit, agency, first)?.revise(&joined, with_joined)?;
        changes.document_put(tx, &version, &next)?;
        Ok(Accepted {
            status: 200,
            location: Some(format!("/v1/clients/{}/outreach-contacts", self.agreed.to)),
            etag: None,
            acknowledgement: Joined { client_ref: self.agreed.to },
        })
    }
}

/// Whether the agency itself has written down who this is. What others know of either counts for nothing here, and shows in nothing.
fn is_written(tx: &mut Snapshot<'_>, agency: &AgencyId, person: PersonId) -> Result<bool, Error> {
    Ok(tx.versions_of_person(person, Kind::Client)?.iter().any(|held| held.custodian == *agency))
}

fn with_joined(contact: &Document<ContactRecord>, joined: &JoinedRecord) -> Result<ContactRecord, Error> {
    Ok(ContactRecord { joined: Some(joined.clone()), ..contact.value.clone() })
}
