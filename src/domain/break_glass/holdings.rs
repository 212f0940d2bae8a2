//! What can be opened of a person in an emergency: the signed records of other agencies, and whether one of them prescribes.

use std::collections::BTreeMap;

use super::model::Holder;
use crate::domain::dir::{DirHead, DirState};
use crate::domain::prescribing::script::ScriptRecord;
use crate::id::{AgencyId, PersonId, RecordId};
use crate::policy::action::BreakGlassStart;
use crate::policy::permit::Permit;
use crate::store::record::{Document, Kind};
use crate::store::version::HeldVersion;
use crate::store::{Error, Snapshot};

/// What there is, each record with whom it is about.
pub(super) struct Holdings {
    /// The agencies, in the order of their ids.
    pub(super) holders: Vec<Holder>,
    /// The records that are opened.
    pub(super) records: Vec<(RecordId, PersonId)>,
}

/// Finds it. A draft is nobody's record yet, and what was replaced is in what replaced it.
pub(super) fn holdings(
    tx: &mut Snapshot<'_>,
    permit: &Permit<BreakGlassStart>,
    agency: &AgencyId,
    person: PersonId,
) -> Result<Holdings, Error> {
    let mut held: BTreeMap<AgencyId, Vec<RecordId>> = BTreeMap::new();
    let mut records = Vec::new();
    for dir in others(tx, agency, person, Kind::Dir)? {
        let head = tx.document_read::<_, DirHead>(permit, agency, dir.record)?;
        if head.judge(&(), is_signed).is_ok() {
            held.entry(dir.custodian).or_default().push(dir.record);
            records.push((dir.record, dir.person));
        }
    }
    for script in others(tx, agency, person, Kind::Script)? {
        let document = tx.document_read::<_, ScriptRecord>(permit, agency, script.record)?;
        if document.judge(&(), is_running).is_ok() {
            held.entry(script.custodian).or_default();
        }
    }
    let holders = held.into_iter().map(|(agency, records)| Holder { agency, records }).collect();
    Ok(Holdings { holders, records })
}

/// The person's records of a kind that other agencies hold.
fn others(
    tx: &mut Snapshot<'_>,
    agency: &AgencyId,
    person: PersonId,
    kind: Kind,
) -> Result<Vec<HeldVersion>, Error> {
    let mut held = tx.versions_of_person(person, kind)?;
    held.retain(|record| record.custodian != *agency);
    Ok(held)
}

fn is_signed(dir: &Document<DirHead>, (): &()) -> Result<(), ()> {
    if dir.value.state == DirState::Signed { Ok(()) } else { Err(()) }
}

fn is_running(script: &Document<ScriptRecord>, (): &()) -> Result<(), ()> {
    if script.value.is_running() { Ok(()) } else { Err(()) }
}
