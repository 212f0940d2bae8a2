//! Where the encrypted parts of an entry of the log belong, and the keyed tokens under which entries are found.

use crate::crypto::{Bound, DataKey, KeyRing, Token, Unreadable};
use crate::id::{AgencyId, EntryId, PersonId, WorkerId};
use crate::ledger::entry::Part;

/// The token of all entries that an agency made.
pub(crate) fn agency_token(keys: &KeyRing, agency: &AgencyId) -> Token {
    keys.index().token("audit/agency", &[agency.as_str().as_bytes()])
}

/// The token of all entries that a worker made.
pub(crate) fn worker_token(keys: &KeyRing, agency: &AgencyId, worker: &WorkerId) -> Token {
    keys.index().token("audit/worker", &[agency.as_str().as_bytes(), worker.as_str().as_bytes()])
}

/// The token of all entries about a person.
pub(crate) fn person_token(keys: &KeyRing, person: PersonId) -> Token {
    keys.index().token("audit/person", &[person.as_bytes()])
}

/// The token of the entries about a person in which an agency is a party.
pub(crate) fn party_token(keys: &KeyRing, person: PersonId, agency: &AgencyId) -> Token {
    keys.index().token("audit/party", &[person.as_bytes(), agency.as_str().as_bytes()])
}

/// The key of one part of one entry.
pub(crate) fn part_cipher(key: &DataKey, entry: EntryId) -> Result<DataKey, Unreadable> {
    key.for_entry(entry)
}

/// Where that part belongs.
pub(crate) fn part_bound(part: Part, entry: EntryId) -> Bound<'static> {
    let column = match part {
        Part::Person => "person_part",
        Part::Rest => "rest_part",
    };
    Bound { table: "audit_private", row: &[], column, entry }
}
