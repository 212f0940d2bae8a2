//! Cases that the gateway kept until there was a desk, or that a desk had which is no more: whoever is the desk now is asked about each.

use serde::Serialize;

use super::desk::Desk;
use super::model::MatchRecord;
use crate::directory::Directory;
use crate::id::AgencyId;
use crate::identity::principal::Principal;
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::policy::action::SystemSweep;
use crate::policy::permit::Permit;
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::Subject;
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::AgencyType;

/// Brings one of them before the desk. Another gateway may do so at the same moment: what rests on people of whom
/// something has changed meanwhile is void.
#[derive(Clone)]
pub struct BringCase(pub Journal);

/// Whether there was one.
#[derive(Debug, Serialize)]
pub struct Brought {
    found: bool,
}

/// Who may keep cases that are not the desk's: nobody, as long as there is no desk to bring them before.
///
/// # Errors
/// Never in a released build: the gateway's own ids are well formed.
pub fn keepers(directory: &Directory) -> Result<Vec<AgencyId>, Error> {
    let desk = Desk::of(directory)?;
    if !desk.is_staffed() {
        return Ok(Vec::new());
    }
    let gateway = Principal::system(0).map_err(|_| Error::Corrupt("the system's ids are malformed"))?;
    let operators = directory.iter().filter(|agency| agency.agency_type == AgencyType::Operator);
    let others = operators.map(|agency| agency.id.clone()).filter(|id| *id != desk.agency);
    Ok([gateway.agency].into_iter().chain(others).collect())
}

impl Command for BringCase {
    type Action = SystemSweep;
    type Acknowledgement = Brought;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        _call: &Call,
        permit: &Permit<SystemSweep>,
        changes: &mut Changes,
    ) -> Result<Accepted<Brought>, Rejection> {
        let directory = self.0.directory();
        let desk = Desk::of(&directory)?;
        let kept = tx.pair_kept_by(&keepers(&directory)?)?;
        let found = kept.is_some();
        if let Some(pair) = kept {
            let (one, other) = (tx.cluster_of(pair.low)?, tx.cluster_of(pair.high)?);
            changes.rest_on(one.epochs().chain(other.epochs()));
            let case = tx.document_read::<_, MatchRecord>(permit, &desk.agency, pair.record)?;
            let awaits = case.judge(&(), awaits_the_desk).is_ok();
            let person = tx.next_version(pair.record, Kind::Match, pair.high, &desk.agency)?.person;
            let version = NewVersion::first(Kind::Match, person, &desk.agency);
            changes.document_put(tx, &version, &case.revise(&(), the_same)?)?;
            changes.pair_put(tx.keys(), &pair.asked_anew(version.record), pair.state, pair.facts);
            if awaits {
                desk.is_asked(tx, changes, &version)?;
            }
        }
        Ok(Accepted { status: 200, location: None, etag: None, acknowledgement: Brought { found } })
    }
}

fn awaits_the_desk(case: &Document<MatchRecord>, (): &()) -> Result<(), ()> {
    if case.value.awaits_the_desk() { Ok(()) } else { Err(()) }
}

fn the_same(case: &Document<MatchRecord>, (): &()) -> Result<MatchRecord, Error> {
    Ok(case.value.clone())
}
