//! Changing the agency's own view of its client: a new version, on the version that was read.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::carry::Anew;
use super::matcher::{Matcher, look, meetings};
use super::model::{ClientChanged, ClientHead, has_a_name, nameless};
use super::present::{carried, known_of, write};
use crate::domain::matching::open::{Opening, open_cases};
use crate::id::{Handle, RecordId};
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::{ClientRead, ClientUpdate};
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::Kind;
use crate::vocabulary::SegmentSet;

/// Whether or not the new details are like somebody else's, they are written in as many statements.
const STATEMENTS: usize = 39;

/// `PATCH /clients/{ref}`: the members of `person` that are sent replace those that are there.
pub struct UpdateClient {
    /// The agency's own reference.
    pub client_ref: Handle,
    /// What is new.
    pub changed: ClientChanged,
    /// Who is who.
    pub matcher: Arc<Matcher>,
    /// Knows the directory.
    pub journal: Journal,
}

/// The change is written.
#[derive(Debug, Serialize, ToSchema)]
pub struct Updated {
    /// The agency's own reference.
    #[schema(value_type = String)]
    pub client_ref: Handle,
}

impl Command for UpdateClient {
    type Action = ClientUpdate;
    type Acknowledgement = Updated;
    // Whether the new details are like somebody else's must not show in the time that the answer takes.
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ClientUpdate>,
        changes: &mut Changes,
    ) -> Result<Accepted<Updated>, Rejection> {
        let agency = call.caller.agency();
        let target = target_of(permit)?;
        let written = tx.client_record(agency, target.person)?;
        let (record, current) = match written {
            Some(record) => (record, tx.segments_read(permit, agency, record, SegmentSet::all())?),
            None => (RecordId::random(), tx.segments_unwritten(permit, agency, target.person, ClientHead {})),
        };
        require_version(call, &current)?;
        let version = tx.next_version(record, Kind::Client, target.person, agency)?;
        let person = version.person;
        // Whoever may not read it, or not all of it, must not empty what is not seen.
        let subject = Subject::Client(self.client_ref);
        let reads = self.journal.also_permits::<ClientRead>(tx, worker(call)?, subject)?;
        let seen = reads.map_or(SegmentSet::EMPTY, |reads| reads.released());
        let anew = Anew::Members { sent: &self.changed.person, seen };
        let written = current.revise(&anew, carried)?;
        // Of somebody who was only referred nothing was written before.
        written
            .judge(&(), has_a_name)
            .map_err(|()| Problem::fields(ProblemType::MalformedRequest, nameless()))?;
        let presented = written.revise(&*self.matcher, known_of)?;
        changes.meet_at(&meetings(tx, &presented)?);
        let found = look(tx, permit, &self.matcher, agency, presented, Some(person))?;
        changes.rest_on([found.index_epoch.clone()]);
        let by = (self.matcher.clone(), found.generations.clone());
        write(tx, changes, &version, (&current, &written), &by)?;
        let is = found.people.iter().position(|candidate| candidate.persons.contains(&person));
        let opening = Opening {
            person,
            cluster: &tx.cluster_of(person)?,
            is,
            joins: None,
            matcher: &self.matcher,
            journal: &self.journal,
        };
        open_cases(tx, changes, &found, &opening)?;
        changes.pad_to(STATEMENTS);
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(tx.etag(agency, record, version.version)),
            acknowledgement: Updated { client_ref: self.client_ref },
        })
    }
}
