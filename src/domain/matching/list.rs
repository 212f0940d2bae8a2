//! The cases that await the desk, by its own handles.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::MatchRecord;
use crate::domain::fault::to_the_minute;
use crate::id::{Handle, RecordId};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::MatchRead;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::facts::Subject;
use crate::store::match_pair::PairState;
use crate::store::record::{Document, Kind};

/// How many cases are looked through for one page.
const PAGE: i64 = 100;

/// `GET /matches`.
pub struct ListMatches {
    /// After this one of the desk's own handles; the beginning for the first page.
    pub after: Option<Handle>,
}

/// The cases that nobody has decided, or whose decision is doubted, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct MatchList {
    /// The cases. A page may have none and yet not be the last.
    pub matches: Vec<MatchListed>,
    /// The cursor of the next page, where there is one.
    pub next: Option<String>,
}

/// A case.
#[derive(Debug, Serialize, ToSchema)]
pub struct MatchListed {
    /// What the desk calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// When it was opened, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub opened_at: Timestamp,
}

/// What stands beside the cases: the desk's handles, whether each is settled by other decisions, and the next page.
type Context = (Vec<(Handle, bool)>, Option<String>);

impl Disclosure for ListMatches {
    type Action = MatchRead;
    type View = MatchList;

    fn subject(&self) -> Subject {
        Subject::Collection
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<MatchRead>,
    ) -> Result<Sealed<MatchList>, Rejection> {
        let agency = call.caller.agency();
        let after = match self.after {
            // A cursor that is not the desk's own leads nowhere: the list ends.
            Some(after) => (tx.handle_place(agency, Kind::Match, after)?.unwrap_or(i64::MAX), after),
            None => (i64::MIN, Handle::from_bytes([0; 16])),
        };
        let listed = tx.handles_page(agency, Kind::Match, after, PAGE)?;
        let is_full = i64::try_from(listed.len()) == Ok(PAGE);
        let next = listed.last().filter(|_| is_full).map(|last| last.handle.to_string());
        let mut named = Vec::with_capacity(listed.len());
        for each in &listed {
            let is_settled = match tx.pair_of_record(RecordId::from_bytes(each.target))? {
                // Of two who are one already only a doubt is left to decide.
                Some(pair) => tx.are_one(pair.low, pair.high)? != (pair.state == PairState::Doubted),
                None => true,
            };
            named.push((each.handle, is_settled));
        }
        let records = listed.iter().map(|each| RecordId::from_bytes(each.target));
        let cases = tx.documents_listed::<_, MatchRecord>(permit, records)?;
        Ok(cases.beside((named, next)).view(list))
    }

    fn next_page(view: &MatchList) -> Option<String> {
        view.next.clone()
    }
}

fn list((cases, (named, next)): &(Vec<Document<MatchRecord>>, Context)) -> MatchList {
    let open =
        cases.iter().zip(named).filter(|(case, (_, is_settled))| !is_settled && case.value.awaits_the_desk());
    let matches = open
        .map(|(case, (id, _))| MatchListed { id: *id, opened_at: to_the_minute(case.value.opened_at) })
        .collect();
    MatchList { matches, next: next.clone() }
}
