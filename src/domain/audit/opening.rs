//! Opening one entry: every field with what proves that it is the one that the leaf commits to.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use utoipa::ToSchema;

use crate::id::EntryId;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::ledger::entry::{Field, Opening, Part};
use crate::policy::action::AuditOpen;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::entry::OpenedEntry;
use crate::store::facts::Subject;

/// `GET /audit/entries/{id}`.
pub struct OpenEntry(pub EntryId);

/// An entry, opened.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryOpened {
    /// The name of its log: the one that is written to, or one that was closed by a recovery.
    pub log: String,
    /// Its place in its log.
    pub index: u64,
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    pub id: EntryId,
    /// The very bytes of the leaf, base64.
    pub leaf: String,
    /// The fields in their order; those about a person are missing once that person's data were erased.
    pub fields: Vec<FieldOpened>,
    /// The same as one line in the form of the header `Audit-Openings`, for `throughgate audit` and others' verifiers.
    pub openings: String,
    /// The place of the entry that recorded the erasure of the fields about a person, where they were erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erased_by: Option<u64>,
    /// The name of that entry's log, where that is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erased_in: Option<String>,
}

/// One field, and the proof of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldOpened {
    /// Its number, 1 to 32.
    pub number: u8,
    /// Its name.
    pub field: &'static str,
    /// What it says; empty where the entry has nothing to say of it.
    pub plaintext: String,
    /// The salt of its commitment, base64.
    pub salt: String,
    /// The five siblings from its leaf up to the root `details` of the leaf, base64.
    pub path: Vec<String>,
}

impl Disclosure for OpenEntry {
    type Action = AuditOpen;
    type View = EntryOpened;

    fn subject(&self) -> Subject {
        Subject::Many
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        _call: &Call,
        permit: &Permit<AuditOpen>,
    ) -> Result<Sealed<EntryOpened>, Rejection> {
        match tx.entry_open(permit, self.0)? {
            Some(entry) => Ok(entry.view(opened)),
            None => Err(Problem::because(ProblemType::NotFoundOrNotPermitted, "no-such-entry").into()),
        }
    }
}

fn opened(entry: &OpenedEntry) -> EntryOpened {
    let openings: Vec<Opening> = entry
        .commitments
        .iter()
        .flat_map(|commitments| {
            Field::ALL
                .into_iter()
                .filter(|field| entry.has_person || field.part() == Part::Rest)
                .filter_map(|field| commitments.open(field))
        })
        .collect();
    EntryOpened {
        log: entry.leaf.origin.clone(),
        index: entry.index,
        id: entry.leaf.id,
        leaf: STANDARD.encode(&entry.leaf_bytes),
        fields: openings.iter().map(field).collect(),
        openings: Opening::print_header(&openings),
        erased_by: entry.erased_by.as_ref().map(|by| by.index),
        erased_in: entry.erased_by.as_ref().and_then(|by| by.log.clone()),
    }
}

fn field(opening: &Opening) -> FieldOpened {
    FieldOpened {
        number: opening.field.number(),
        field: opening.field.name(),
        plaintext: opening.plaintext.clone(),
        salt: STANDARD.encode(opening.salt),
        path: opening.path.iter().map(|hash| hash.to_base64()).collect(),
    }
}
