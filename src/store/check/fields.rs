//! The encrypted fields of an entry, opened and held against its leaf; and the keys that they are under.

use std::collections::BTreeMap;

use diesel::sql_types::{Binary, Text};
use uuid::Uuid;

use super::{PAGE, Problem, Report};
use crate::crypto::{DataKey, KeyRing, Token};
use crate::id::{AgencyId, EntryId, PersonId, WorkerId};
use crate::ledger::Hash;
use crate::ledger::entry::{Commitments, DecodedPart, Field, Fields, Leaf, Part};
use crate::store::backend::Bind;
use crate::store::entry_part::{
    agency_token, part_bound, part_cipher, party_token, person_token, worker_token,
};
use crate::store::keys::unwrap_row;
use crate::store::{Error, Snapshot};
use crate::vocabulary::{EntryKind, Outcome};

/// How many unwrapped keys are held at once.
const HELD: usize = 4_096;
/// How many entries after an erasure's own can be in its batch, and so be emptied by it.
const BATCH: u64 = 1_024;

/// A row of `audit_private`.
pub(super) struct Private {
    pub(super) person_key: Vec<u8>,
    pub(super) person_part: Vec<u8>,
    pub(super) rest_key: Vec<u8>,
    pub(super) rest_part: Vec<u8>,
    pub(super) erased_by: Option<Vec<u8>>,
    /// The place and the leaf of the entry that `erased_by` names.
    pub(super) erasure: Option<(i64, Vec<u8>)>,
}

impl Private {
    pub(super) const fn is_erased(&self) -> bool {
        self.erased_by.is_some()
    }
}

/// Opens entries one after the other.
#[derive(Default)]
pub(super) struct Opener {
    keys: BTreeMap<Vec<u8>, Known>,
}

enum Known {
    Key(Box<DataKey>),
    Missing,
    Broken,
}

impl Opener {
    /// The tokens under which the entry must be found, if all that is there of its fields is what the leaf commits to.
    pub(super) fn open(
        &mut self,
        tx: &mut Snapshot<'_>,
        index: u64,
        leaf: &Leaf,
        private: &Private,
    ) -> Result<Result<Vec<Token>, Problem>, Error> {
        let rest = match self.part(tx, leaf.id, Part::Rest, &private.rest_key, &private.rest_part)? {
            Ok(rest) => rest,
            Err(problem) => return Ok(Err(problem)),
        };
        let person = if private.is_erased() {
            if let Err(problem) = erased(index, private) {
                return Ok(Err(problem));
            }
            None
        } else {
            match self.part(tx, leaf.id, Part::Person, &private.person_key, &private.person_part)? {
                Ok(person) => Some(person),
                Err(problem) => return Ok(Err(problem)),
            }
        };
        Ok(committed(&rest, person.as_ref(), leaf.details)
            .and_then(|fields| tokens(tx.keys, &fields).ok_or(Problem::Malformed(Part::Rest))))
    }

    fn part(
        &mut self,
        tx: &mut Snapshot<'_>,
        entry: EntryId,
        part: Part,
        key: &[u8],
        envelope: &[u8],
    ) -> Result<Result<DecodedPart, Problem>, Error> {
        if !self.keys.contains_key(key) {
            if self.keys.len() >= HELD {
                self.keys.clear();
            }
            let known = match tx.data_key_by_id(key) {
                Ok(Some(key)) => Known::Key(Box::new(key)),
                Ok(None) => Known::Missing,
                Err(Error::Unreadable(_)) => Known::Broken,
                Err(error) => return Err(error),
            };
            self.keys.insert(key.to_vec(), known);
        }
        let key = match self.keys.get(key) {
            Some(Known::Key(key)) => key,
            Some(Known::Broken) => return Ok(Err(Problem::Unreadable(part))),
            Some(Known::Missing) | None => return Ok(Err(Problem::NoKey(part))),
        };
        let Ok(plain) = part_cipher(key, entry)?.open(&part_bound(part, entry), envelope) else {
            return Ok(Err(Problem::Unreadable(part)));
        };
        Ok(DecodedPart::decode(part, &plain).map_err(|_| Problem::Malformed(part)))
    }
}

/// That the row is what an erasure leaves.
fn erased(index: u64, private: &Private) -> Result<(), Problem> {
    if !private.person_key.is_empty() || !private.person_part.is_empty() {
        return Err(Problem::NotErased);
    }
    let (idx, leaf) = private.erasure.as_ref().ok_or(Problem::ErasedBy)?;
    let is_in_time = u64::try_from(*idx).is_ok_and(|by| index <= by.saturating_add(BATCH));
    let is_erasure = Leaf::parse(leaf)
        .is_ok_and(|leaf| leaf.kind == EntryKind::Erased && leaf.outcome == Outcome::Permitted);
    if is_in_time && is_erasure { Ok(()) } else { Err(Problem::ErasedBy) }
}

/// The fields, if the leaf commits to them.
fn committed(rest: &DecodedPart, person: Option<&DecodedPart>, details: Hash) -> Result<Fields, Problem> {
    let commitments = Commitments::restore(rest, person).map_err(|_| Problem::Malformed(Part::Rest))?;
    if commitments.root() == details { Ok(commitments.fields().clone()) } else { Err(Problem::NotCommitted) }
}

/// The tokens that the gateway writes for such fields; `None` if it writes no such fields.
fn tokens(keys: &KeyRing, fields: &Fields) -> Option<Vec<Token>> {
    let agency: AgencyId = fields.get(Field::Agency).parse().ok()?;
    let mut tokens = vec![agency_token(keys, &agency)];
    if let Some(worker) = present(fields, Field::Worker) {
        let worker: WorkerId = worker.parse().ok()?;
        tokens.push(worker_token(keys, &agency, &worker));
    }
    // An entry that is about two people names one a line.
    for person in fields.get(Field::Person).lines() {
        let person = PersonId::from_bytes(*Uuid::try_parse(person).ok()?.as_bytes());
        let custodian: AgencyId = fields.get(Field::Custodian).parse().ok()?;
        tokens.push(person_token(keys, person));
        tokens.push(party_token(keys, person, &agency));
        if custodian != agency {
            tokens.push(party_token(keys, person, &custodian));
        }
    }
    Some(tokens)
}

fn present(fields: &Fields, field: Field) -> Option<&str> {
    Some(fields.get(field)).filter(|text| !text.is_empty())
}

/// Unwraps every data key once.
pub(super) fn keys_unwrap(tx: &mut Snapshot<'_>, report: &mut Report) -> Result<(), Error> {
    type Columns = (Binary, Binary, Text, Text, Binary);
    let mut after = Vec::new();
    loop {
        let rows = tx.connection.rows::<Columns, (Vec<u8>, Vec<u8>, String, String, Vec<u8>)>(
            "SELECT id, owner, custodian, kek, wrapped FROM data_key WHERE id > ? ORDER BY id LIMIT ?",
            &[Bind::Bytes(&after), Bind::Int(PAGE)],
        )?;
        for (id, owner, custodian, kek, wrapped) in &rows {
            report.keys += 1;
            if unwrap_row(tx.keys, owner, custodian, kek, wrapped).is_err() {
                let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
                report.find(format!("data_key {id}"), Problem::Wrapped);
            }
        }
        match rows.into_iter().next_back() {
            Some((last, ..)) => after = last,
            None => return Ok(()),
        }
    }
}
