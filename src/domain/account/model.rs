//! A row of the account: what it tells, and whom it names.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::words;
use crate::directory::{Agency, Directory};
use crate::domain::fault::to_the_minute;
use crate::id::AgencyId;
use crate::store::account::AccountEntry;
use crate::vocabulary::{EntryKind, Outcome, Segment};

/// What the log says of a person to which the reading agency was a party, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountView {
    /// The rows of this page.
    pub disclosures: Vec<DisclosureRow>,
    /// The cursor of the next page; it travels in `Link`.
    #[serde(skip)]
    pub next: Option<String>,
}

crate::code_list! {
    /// What the reading agency had to do with it.
    pub enum DisclosurePart {
        /// It did this with what it holds itself.
        Own = "own",
        /// It asked for what another agency holds.
        Asked = "asked",
        /// Another agency asked for what it holds.
        Held = "held",
    }
}

/// One thing that was done with what is held about the person, or was refused.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DisclosureRow {
    /// When it was recorded, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Timestamp,
    /// What the reading agency had to do with it.
    pub part: DisclosurePart,
    /// The other agency's name, where the reader may know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// What was done or asked, in plain words.
    pub what: &'static str,
    /// What for, in plain words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<&'static str>,
    /// What was released.
    pub segments: Vec<Segment>,
    /// Why it was allowed, in plain words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<&'static str>,
    /// Whether it was permitted.
    pub outcome: Outcome,
    /// Whom to ask about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<DutyContact>,
}

/// A duty role, and how to reach it.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DutyContact {
    /// The duty role.
    pub role: String,
    /// The office's telephone number.
    pub telephone: String,
}

impl DisclosureRow {
    /// The row of an entry for one of its parties.
    pub(super) fn of(entry: &AccountEntry, reader: &AgencyId, directory: &Directory) -> Self {
        let part = part(entry, reader);
        let other = other(entry, part).and_then(|id| named(directory, id));
        let contact = other.or_else(|| directory.agency(reader).map(AsRef::as_ref));
        Self {
            recorded_at: to_the_minute(entry.recorded_at),
            part,
            agency: other.map(|agency| agency.name.clone()),
            what: words::act(entry),
            purpose: entry.purpose.map(words::purpose),
            segments: entry.released.iter().collect(),
            basis: words::basis(entry.confidentiality, entry.art6),
            outcome: entry.outcome,
            contact: contact.map(DutyContact::of),
        }
    }
}

impl DutyContact {
    /// Whom to ask at this agency.
    pub(super) fn of(agency: &Agency) -> Self {
        Self { role: agency.contact.spoc.clone(), telephone: agency.contact.telephone_office.clone() }
    }
}

fn part(entry: &AccountEntry, reader: &AgencyId) -> DisclosurePart {
    match &entry.custodian {
        _ if entry.asker != *reader => DisclosurePart::Held,
        Some(custodian) if custodian != reader => DisclosurePart::Asked,
        _ => DisclosurePart::Own,
    }
}

/// The agency that the reader may know to be the other party. A custodian may know who asked. Who asked knows the custodian
/// only if it got something of it: else a refusal would tell who holds a record.
fn other(entry: &AccountEntry, part: DisclosurePart) -> Option<&AgencyId> {
    let received = entry.outcome == Outcome::Permitted
        && entry.kind == EntryKind::Disclosure
        && !entry.released.is_empty();
    match part {
        DisclosurePart::Own => None,
        DisclosurePart::Held => Some(&entry.asker),
        DisclosurePart::Asked => entry.custodian.as_ref().filter(|_| received),
    }
}

/// An agency whose name does not tell by itself what the person went there for.
fn named<'d>(directory: &'d Directory, id: &AgencyId) -> Option<&'d Agency> {
    directory.agency(id).map(AsRef::as_ref).filter(|agency| agency.agency_type.tells().is_none())
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
