//! Who else has a person on the caseload now, and which of them leads: always the same number of questions to the store.

use std::collections::BTreeSet;

use super::model::{EpisodeRecord, Part};
use crate::domain::prescribing::script::ScriptRecord;
use crate::id::{AgencyId, PersonId, RecordId};
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::store::change::Changes;
use crate::store::record::{Document, Kind};
use crate::store::version::HeldVersion;
use crate::store::{Error, Snapshot};

/// The other agencies with an open episode of a person.
#[derive(Debug, Clone)]
pub(super) struct Elsewhere {
    /// All of them.
    pub(super) holders: BTreeSet<AgencyId>,
    /// Those that lead; more than one only where records were linked that were thought to be two people's.
    pub(super) leading: BTreeSet<AgencyId>,
    /// Whether another agency has an open episode of somebody who may be the person, or a script, as long as the matching desk has
    /// not decided. Nobody is asked about that: until then it is another person's.
    pub(super) undecided: bool,
}

impl Elsewhere {
    /// Looks for them. All episodes come with one statement, the agency's own among them, so that none costs more than many.
    pub(super) fn of<A: Action>(
        tx: &mut Snapshot<'_>,
        permit: &Permit<A>,
        agency: &AgencyId,
        person: PersonId,
    ) -> Result<Self, Error> {
        let held = tx.custodians_of_person(permit, person, Kind::Episode)?;
        let episodes = tx.documents_of_person::<_, EpisodeRecord>(permit, person, Kind::Episode)?;
        let undecided = is_undecided(tx, permit, agency, person)?;
        let mut found = Self { holders: BTreeSet::new(), leading: BTreeSet::new(), undecided };
        for (record, custodian) in held.into_iter().filter(|(_, custodian)| custodian != agency) {
            if episodes.judge(&record, leads).is_ok() {
                found.leading.insert(custodian.clone());
            }
            if episodes.judge(&record, has_open).is_ok() {
                found.holders.insert(custodian);
            }
        }
        Ok(found)
    }
}

/// Lets these agencies, who led, contribute from now on.
pub(super) fn give_way<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    changes: &mut Changes,
    person: PersonId,
    agencies: &BTreeSet<AgencyId>,
) -> Result<(), Error> {
    let episodes = tx.documents_of_person::<_, EpisodeRecord>(permit, person, Kind::Episode)?;
    for held in tx.versions_of_person(person, Kind::Episode)? {
        if agencies.contains(&held.custodian) && episodes.judge(&held.record, leads).is_ok() {
            contributes(tx, permit, changes, &held)?;
        }
    }
    Ok(())
}

/// Lets the agency of an episode, which led, contribute from now on.
pub(super) fn contributes<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    changes: &mut Changes,
    held: &HeldVersion,
) -> Result<(), Error> {
    let episode = tx.document_read::<_, EpisodeRecord>(permit, &held.custodian, held.record)?;
    changes.document_put(tx, &held.next(), &episode.revise(&(), as_contributor)?)
}

fn as_contributor(episode: &Document<EpisodeRecord>, (): &()) -> Result<EpisodeRecord, Error> {
    let version = episode.value.version.saturating_add(1);
    Ok(EpisodeRecord { version, part: Part::Contributor, ..episode.value.clone() })
}

/// Whether another agency has an open episode of somebody who may be the person, or a script for her, as long as the matching desk has
/// not decided. As many statements, whatever is found first.
pub(in crate::domain) fn is_undecided<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    agency: &AgencyId,
    person: PersonId,
) -> Result<bool, Error> {
    let episodes = tx.documents_of_possibly_same::<_, EpisodeRecord>(permit, person, Kind::Episode)?;
    let scripts = tx.documents_of_possibly_same::<_, ScriptRecord>(permit, person, Kind::Script)?;
    let is_held = episodes.judge(agency, is_open_elsewhere).is_ok();
    Ok(is_held || scripts.judge(agency, is_treated_elsewhere).is_ok())
}

/// Whether a record is an open episode of the person's.
#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
pub(in crate::domain) fn has_open(
    episodes: &Vec<Document<EpisodeRecord>>,
    record: &RecordId,
) -> Result<(), ()> {
    let open = episodes.iter().any(|episode| episode.record == *record && episode.value.is_open());
    if open { Ok(()) } else { Err(()) }
}

/// Whether a record is an episode by which its agency leads.
#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
pub(super) fn leads(episodes: &Vec<Document<EpisodeRecord>>, record: &RecordId) -> Result<(), ()> {
    let leads = episodes.iter().any(|episode| episode.record == *record && episode.value.leads());
    if leads { Ok(()) } else { Err(()) }
}

#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
fn is_open_elsewhere(episodes: &Vec<Document<EpisodeRecord>>, agency: &AgencyId) -> Result<(), ()> {
    let open = episodes.iter().any(|episode| episode.custodian != *agency && episode.value.is_open());
    if open { Ok(()) } else { Err(()) }
}

#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
fn is_treated_elsewhere(scripts: &Vec<Document<ScriptRecord>>, agency: &AgencyId) -> Result<(), ()> {
    let treated =
        scripts.iter().any(|script| script.custodian != *agency && script.value.is_held_or_running());
    if treated { Ok(()) } else { Err(()) }
}
