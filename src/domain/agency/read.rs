//! Looking agencies up: one, or a page of those that a filter lets through.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::view::{AgenciesView, AgencyView};
use crate::calendar::Calendar;
use crate::crypto::CursorFor;
use crate::directory::Directory;
use crate::id::AgencyId;
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::DirectoryRead;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::facts::Subject;
use crate::store::{Error, Snapshot, epoch};
use crate::vocabulary::AgencyType;

/// The operation as in `openapi.yaml`, to which its cursors are bound.
pub const LIST_OPERATION: &str = "list_agencies";
/// How many agencies a page has.
const PAGE: usize = 100;

/// Which agencies are asked for. A cursor carries its filter, so that a page goes on as the one before began.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgencyFilter {
    /// Only those of this type.
    pub agency_type: Option<AgencyType>,
    /// Only those that serve this area, however it is capitalised.
    pub area: Option<String>,
    /// Only those after this id.
    pub after: Option<AgencyId>,
}

/// `GET /agencies`.
pub struct ListAgencies {
    /// Which.
    pub filter: AgencyFilter,
    /// Where the directory is at hand.
    pub journal: Journal,
    /// Bank holidays.
    pub calendar: Arc<Calendar>,
}

/// `GET /agencies/{id}`.
pub struct ReadAgency {
    /// Which; `None` where the path holds no well-formed id, which is one that nobody has.
    pub id: Option<AgencyId>,
    /// Where the directory is at hand.
    pub journal: Journal,
    /// Bank holidays.
    pub calendar: Arc<Calendar>,
}

impl AgencyFilter {
    /// Whose cursors lead through the directory.
    pub fn cursor_of(reader: &AgencyId) -> CursorFor<'_> {
        CursorFor { operation: LIST_OPERATION, reader: reader.as_str(), subject: &[] }
    }

    /// The agencies of a page, and where the next one begins.
    fn page<'d>(&self, directory: &'d Directory) -> (Vec<&'d crate::directory::Agency>, Option<Self>) {
        let mut let_through = directory.iter().map(AsRef::as_ref).filter(|agency| self.lets_through(agency));
        let page: Vec<_> = let_through.by_ref().take(PAGE).collect();
        let next = match (let_through.next(), page.last()) {
            (Some(_), Some(last)) => Some(Self { after: Some(last.id.clone()), ..self.clone() }),
            _ => None,
        };
        (page, next)
    }

    fn lets_through(&self, agency: &crate::directory::Agency) -> bool {
        self.agency_type.is_none_or(|wanted| agency.agency_type == wanted)
            && self.area.as_ref().is_none_or(|area| agency.area.to_lowercase() == area.to_lowercase())
            && self.after.as_ref().is_none_or(|after| agency.id > *after)
    }
}

impl Disclosure for ListAgencies {
    type Action = DirectoryRead;
    type View = AgenciesView;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<DirectoryRead>,
    ) -> Result<Sealed<AgenciesView>, Rejection> {
        let directory = current(tx, permit, &self.journal)?;
        let now = self.journal.now();
        let (page, next) = self.filter.page(&directory);
        let next = match next {
            Some(next) => {
                let place =
                    serde_json::to_vec(&next).map_err(|_| Error::Corrupt("a filter does not serialise"))?;
                let of = AgencyFilter::cursor_of(call.caller.agency());
                Some(tx.keys().cursor_seal(&of, &place).map_err(Error::from)?)
            }
            None => None,
        };
        let agencies = page.into_iter().map(|agency| AgencyView::of(agency, &self.calendar, now)).collect();
        Ok(Sealed::new(permit, AgenciesView { agencies, next }))
    }

    fn next_page(view: &AgenciesView) -> Option<String> {
        view.next.clone()
    }
}

impl Disclosure for ReadAgency {
    type Action = DirectoryRead;
    type View = AgencyView;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        _call: &Call,
        permit: &Permit<DirectoryRead>,
    ) -> Result<Sealed<AgencyView>, Rejection> {
        let directory = current(tx, permit, &self.journal)?;
        let agency = self
            .id
            .as_ref()
            .and_then(|id| directory.agency(id))
            .ok_or_else(|| Problem::because(ProblemType::NotFoundOrNotPermitted, "no-such-agency"))?;
        let view = AgencyView::of(agency, &self.calendar, self.journal.now());
        Ok(Sealed::new(permit, view))
    }
}

/// The directory as the permit's snapshot has it: the one at hand, unless it has changed since.
pub(super) fn current(
    tx: &mut Snapshot<'_>,
    permit: &Permit<DirectoryRead>,
    journal: &Journal,
) -> Result<Arc<Directory>, Error> {
    let at_hand = journal.directory();
    let epochs = &permit.grounds().epochs;
    let is_current =
        epochs.iter().any(|epoch| epoch.scope == epoch::DIRECTORY && epoch.value == at_hand.epoch());
    if is_current { Ok(at_hand) } else { tx.directory_read() }
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
