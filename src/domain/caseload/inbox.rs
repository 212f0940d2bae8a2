//! The questions that await a holder's duty role, by its own handles.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::check::CheckRecord;
use super::naming::Moment;
use super::question::QuestionView;
use crate::id::{AgencyId, Handle, RecordId};
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::TaskRead;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::facts::Subject;
use crate::store::record::{Document, Kind};

/// How many checks are looked through for one page.
const PAGE: i64 = 100;

/// `GET /caseload-checks?box=in`.
pub struct ListQuestions {
    /// After this one of the agency's own handles; the beginning for the first page.
    pub after: Option<Handle>,
    /// The present moment.
    pub now: Timestamp,
    /// What day it is.
    pub today: Date,
    /// Whose directory says what a name tells.
    pub journal: Journal,
}

/// The questions that were put to the agency and that it has not answered, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct AwaitedQuestions {
    /// The questions. A page may have none and yet not be the last.
    pub questions: Vec<QuestionView>,
    /// The cursor of the next page, where there is one.
    pub next: Option<String>,
}

/// What stands beside the checks that is no secret: who reads and when, its handles, and the next page.
type Context = ((AgencyId, Moment), Vec<(Handle, Option<Handle>)>, Option<String>);

impl Disclosure for ListQuestions {
    type Action = TaskRead;
    type View = AwaitedQuestions;

    fn subject(&self) -> Subject {
        Subject::Many
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<TaskRead>,
    ) -> Result<Sealed<AwaitedQuestions>, Rejection> {
        let agency = call.caller.agency();
        let after = match self.after {
            // A cursor that is not the agency's own leads nowhere: the list ends.
            Some(after) => (tx.handle_place(agency, Kind::Check, after)?.unwrap_or(i64::MAX), after),
            None => (i64::MIN, Handle::from_bytes([0; 16])),
        };
        let listed = tx.handles_page(agency, Kind::Check, after, PAGE)?;
        let is_full = i64::try_from(listed.len()) == Ok(PAGE);
        let next = listed.last().filter(|_| is_full).map(|last| last.handle.to_string());
        let mut named = Vec::with_capacity(listed.len());
        for each in &listed {
            let client_ref = match tx.handle_find(agency, Kind::Check, each.handle)? {
                Some(found) => tx.client_ref_of(agency, found.person)?,
                None => None,
            };
            named.push((each.handle, client_ref));
        }
        let records = listed.iter().map(|each| RecordId::from_bytes(each.target));
        let checks = tx.documents_listed::<_, CheckRecord>(permit, records)?;
        let at = Moment { directory: self.journal.directory(), today: self.today, now: self.now };
        Ok(checks.beside(((agency.clone(), at), named, next)).view(awaited))
    }

    fn next_page(view: &AwaitedQuestions) -> Option<String> {
        view.next.clone()
    }
}

fn awaited(
    (checks, ((agency, at), named, next)): &(Vec<Document<CheckRecord>>, Context),
) -> AwaitedQuestions {
    let questions = checks
        .iter()
        .zip(named)
        .filter(|(check, _)| check.value.awaits(agency))
        // Whoever turned out to be two people may have been asked about the other.
        .filter(|(check, (_, client_ref))| check.value.is_about_client(agency, client_ref.is_some()))
        .map(|(check, own)| check.value.question(agency, *own, check.value.names_asker(at), at.now))
        .collect();
    AwaitedQuestions { questions, next: next.clone() }
}
