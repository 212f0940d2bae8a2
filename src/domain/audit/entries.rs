//! Looking through the log: what each entry shows, and the fields behind it but for those that tie it to one person.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::id::EntryId;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::ledger::entry::{Field, Opening, Part};
use crate::policy::action::{AuditOpen, AuditRead};
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::entry::{EntryFilter, EntryPage, OpenedEntry};
use crate::store::facts::Subject;
use crate::vocabulary::{EntryKind, Outcome};

/// `GET /audit/entries`.
pub struct ListEntries {
    /// Which entries.
    pub filter: EntryFilter,
    /// From which position on, as a cursor has it.
    pub from: u64,
    /// How many at most, 1 to 200.
    pub limit: usize,
    /// Whether what proves the fields that are shown is wanted, too.
    pub with_openings: bool,
}

/// An entry in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntrySummary {
    /// The name of its log: the one that is written to, or one that was closed by a recovery.
    pub log: String,
    /// Its place in its log.
    pub index: u64,
    /// Its id, by which it can be opened and a receipt be had.
    #[schema(value_type = String, format = Uuid)]
    pub id: EntryId,
    /// When it was recorded, as its leaf has it.
    #[schema(value_type = String, format = DateTime)]
    pub ts: Timestamp,
    /// What it is about.
    pub kind: EntryKind,
    /// How it ended.
    pub outcome: Outcome,
    /// Its fields by name, those that are empty left out. Which person and which record it is about is told only where the
    /// entries of one person were asked for, or the entry is opened.
    pub fields: BTreeMap<&'static str, String>,
    /// Whether the fields about a person can still be opened; they cannot once the person's data were erased.
    pub person_fields: bool,
    /// The place of the entry that recorded that erasure, where there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erased_by: Option<u64>,
    /// The name of that entry's log, where that is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erased_in: Option<String>,
    /// The very bytes of the leaf, base64.
    pub leaf: String,
    /// What proves that the leaf commits to these fields and leaves the others empty, in the form of the header
    /// `Audit-Openings`; only where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub openings: Option<String>,
}

/// A page of entries, in the order of the log; those of a log that was closed come before those of the one after it.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryList {
    /// The entries. A page may have none and yet not be the last.
    pub entries: Vec<EntrySummary>,
    /// The cursor of the next page, where there is one.
    pub next: Option<String>,
}

/// `GET /audit/entries?person=`: the history of one person, all included who are one with that person; an opening of each of its entries.
pub struct ListEntriesOfPerson(pub ListEntries);

impl Disclosure for ListEntriesOfPerson {
    type Action = AuditOpen;
    type View = EntryList;

    fn subject(&self) -> Subject {
        Subject::Many
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        _call: &Call,
        permit: &Permit<AuditOpen>,
    ) -> Result<Sealed<EntryList>, Rejection> {
        let page = tx.entries_read(permit, &self.0.filter, self.0.from, self.0.limit)?;
        Ok(page.view(if self.0.with_openings { list_opened_proved } else { list_opened }))
    }

    fn next_page(view: &EntryList) -> Option<String> {
        view.next.clone()
    }
}

impl Disclosure for ListEntries {
    type Action = AuditRead;
    type View = EntryList;

    fn subject(&self) -> Subject {
        Subject::Many
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        _call: &Call,
        permit: &Permit<AuditRead>,
    ) -> Result<Sealed<EntryList>, Rejection> {
        let page = tx.entries_read(permit, &self.filter, self.from, self.limit)?;
        Ok(page.view(if self.with_openings { list_proved } else { list }))
    }

    fn next_page(view: &EntryList) -> Option<String> {
        view.next.clone()
    }
}

fn list(page: &EntryPage) -> EntryList {
    list_with(page, |field| !ties_to_a_person(field), false)
}

fn list_proved(page: &EntryPage) -> EntryList {
    list_with(page, |field| !ties_to_a_person(field), true)
}

fn list_opened(page: &EntryPage) -> EntryList {
    list_with(page, |_| true, false)
}

fn list_opened_proved(page: &EntryPage) -> EntryList {
    list_with(page, |_| true, true)
}

fn list_with(page: &EntryPage, is_shown: fn(Field) -> bool, with_openings: bool) -> EntryList {
    EntryList {
        entries: page.entries.iter().map(|entry| summary(entry, is_shown, with_openings)).collect(),
        next: page.next.map(|at| at.to_string()),
    }
}

fn summary(entry: &OpenedEntry, is_shown: fn(Field) -> bool, with_openings: bool) -> EntrySummary {
    let (mut fields, mut openings) = (BTreeMap::new(), Vec::new());
    if let Some(commitments) = &entry.commitments {
        let shown = Field::ALL
            .into_iter()
            .filter(|field| entry.has_person || field.part() == Part::Rest)
            .filter(|field| is_shown(*field));
        for field in shown {
            let plaintext = commitments.fields().get(field);
            if !plaintext.is_empty() {
                fields.insert(field.name(), plaintext.to_owned());
            }
            if with_openings {
                openings.extend(commitments.open(field));
            }
        }
    }
    EntrySummary {
        log: entry.leaf.origin.clone(),
        index: entry.index,
        id: entry.leaf.id,
        ts: entry.leaf.ts,
        kind: entry.leaf.kind,
        outcome: entry.leaf.outcome,
        fields,
        person_fields: entry.has_person,
        erased_by: entry.erased_by.as_ref().map(|by| by.index),
        erased_in: entry.erased_by.as_ref().and_then(|by| by.log.clone()),
        leaf: STANDARD.encode(&entry.leaf_bytes),
        openings: with_openings.then(|| Opening::print_header(&openings)),
    }
}

/// The fields from which a list could be turned into the history of one person.
const fn ties_to_a_person(field: Field) -> bool {
    matches!(field, Field::Person | Field::RecordVersion | Field::ConsentVersion | Field::ResponseSha256)
}
