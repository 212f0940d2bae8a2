//! What can be opened of a person in an emergency: the signed records of other agencies, and whether one of them prescribes.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::model::Holder;
use crate::domain::dir::{DirHead, DirState};
use crate::domain::prescribing::elsewhere::Prescribed;
use crate::id::{AgencyId, PersonId, RecordId};
use crate::policy::action::BreakGlassStart;
use crate::policy::permit::Permit;
use crate::store::record::{Document, Kind};
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
    today: Date,
) -> Result<Holdings, Error> {
    let mut held: BTreeMap<AgencyId, Vec<RecordId>> = BTreeMap::new();
    let mut records = Vec::new();
    for dir in tx.versions_of_person(person, Kind::Dir)?.into_iter().filter(|dir| dir.custodian != *agency) {
        let head = tx.document_read::<_, DirHead>(permit, agency, dir.record)?;
        if head.judge(&(), is_signed).is_ok() {
            held.entry(dir.custodian).or_default().push(dir.record);
            records.push((dir.record, dir.person));
        }
    }
    // Whoever is not told of as one who prescribes has nothing to review.
    for prescriber in Prescribed::prescribers(tx, permit, (agency, person), today)? {
        held.entry(prescriber).or_default();
    }
    let holders = held.into_iter().map(|(agency, records)| Holder { agency, records }).collect();
    Ok(Holdings { holders, records })
}

fn is_signed(dir: &Document<DirHead>, (): &()) -> Result<(), ()> {
    if dir.value.state == DirState::Signed { Ok(()) } else { Err(()) }
}
