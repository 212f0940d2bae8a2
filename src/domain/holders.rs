//! Who holds somebody: who prescribes for the person, or has her on the caseload. Always the same number of questions to the store.

use std::collections::BTreeSet;

use crate::domain::caseload::has_open;
use crate::domain::caseload::model::EpisodeRecord;
use crate::domain::prescribing::script::ScriptRecord;
use crate::id::{AgencyId, PersonId, RecordId};
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// Looks for them, in the order of their ids.
pub(super) fn holders<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    person: PersonId,
) -> Result<BTreeSet<AgencyId>, Error> {
    let scripts = tx.documents_of_person::<_, ScriptRecord>(permit, person, Kind::Script)?;
    let episodes = tx.documents_of_person::<_, EpisodeRecord>(permit, person, Kind::Episode)?;
    let mut found = BTreeSet::new();
    for (record, custodian) in tx.custodians_of_person(permit, person, Kind::Script)? {
        if scripts.judge(&record, is_running).is_ok() {
            found.insert(custodian);
        }
    }
    for (record, custodian) in tx.custodians_of_person(permit, person, Kind::Episode)? {
        if episodes.judge(&record, has_open).is_ok() {
            found.insert(custodian);
        }
    }
    Ok(found)
}

#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
fn is_running(scripts: &Vec<Document<ScriptRecord>>, record: &RecordId) -> Result<(), ()> {
    let runs = scripts.iter().any(|script| script.record == *record && script.value.is_running());
    if runs { Ok(()) } else { Err(()) }
}
