//! Events: what an agency is told has changed, in the order in which it was committed, resumable by a random cursor.

use std::fmt;
use std::str::FromStr;

use diesel::sql_types::{BigInt, Binary, Text};
use jiff::Timestamp;

use super::backend::{AnyConnection, Bind};
use super::change::Changes;
use super::write::Write;
use super::{Error, Snapshot, id_bytes};
use crate::id::{AgencyId, Handle, Malformed};
use crate::journal::sealed::Sealed;
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::vocabulary::EventType;

/// How long an event can be resumed from: thirty days.
const KEPT_US: i64 = 30 * 86_400_000_000;
/// How many are swept at a time, so that nobody waits for a sweep.
const SWEPT: i64 = 1_000;

/// An event that a change brings along. Its place is that of the entry that records the change.
#[derive(Debug, Clone)]
pub struct NewEvent {
    agency: AgencyId,
    event: EventType,
    subject: String,
    created_us: i64,
}

/// Where an event stands among those of its agency. Inside only: agencies know the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    entry: i64,
    ordinal: i64,
}

/// An event as it is read back.
#[derive(Debug, Clone)]
pub struct StoredEvent {
    /// What to resume after.
    pub cursor: Handle,
    /// Where it stands.
    pub place: Place,
    /// What happened.
    pub event: EventType,
    /// The path of the agency's own resource.
    pub subject: String,
    /// When, in microseconds since the epoch.
    pub created_us: i64,
}

impl Place {
    /// Before the first event.
    pub const BEGINNING: Self = Self { entry: i64::MIN, ordinal: 0 };
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.entry, self.ordinal)
    }
}

impl FromStr for Place {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let parse = |number: &str| number.parse().map_err(|_| Malformed { what: "place of an event" });
        let (entry, ordinal) = text.split_once('.').ok_or(Malformed { what: "place of an event" })?;
        Ok(Self { entry: parse(entry)?, ordinal: parse(ordinal)? })
    }
}

impl Changes {
    /// Tells an agency, with this change and never without it, that the resource at a path of its own has changed. The path
    /// holds the agency's own handles, so that it tells nobody else anything.
    pub fn notify(&mut self, agency: &AgencyId, event: EventType, subject: String) {
        let created_us = self.now().as_microsecond();
        self.push(Write::Event(NewEvent { agency: agency.clone(), event, subject, created_us }));
    }
}

impl NewEvent {
    pub(super) fn new(agency: AgencyId, event: EventType, subject: String, created_us: i64) -> Self {
        Self { agency, event, subject, created_us }
    }

    /// Writes it as the event of this number of the entry at this position.
    fn put(&self, connection: &mut AnyConnection, entry: i64, ordinal: i64) -> Result<(), Error> {
        connection.run(
            "INSERT INTO event (cursor, agency, place, ordinal, kind, subject, handle, created_us) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            &[
                Bind::Bytes(Handle::random().as_bytes()),
                Bind::Text(self.agency.as_str()),
                Bind::Int(entry),
                Bind::Int(ordinal),
                Bind::Text(self.event.code()),
                Bind::Text(&self.subject),
                Bind::Bytes(last_handle(&self.subject).as_bytes()),
                Bind::Int(self.created_us),
            ],
        )?;
        Ok(())
    }
}

/// Writes events in their order, the first as that of this number of the entry at this position. In one statement where each is a way
/// over the network.
pub(super) fn put(
    connection: &mut AnyConnection,
    (entry, first): (i64, i64),
    events: &[&NewEvent],
) -> Result<(), Error> {
    if let [event] = events {
        return event.put(connection, entry, first);
    }
    if connection.is_postgres() && !events.is_empty() {
        return put_at_once(connection, (entry, first), events);
    }
    for (ordinal, event) in (first..).zip(events) {
        event.put(connection, entry, ordinal)?;
    }
    Ok(())
}

fn put_at_once(
    connection: &mut AnyConnection,
    (entry, first): (i64, i64),
    events: &[&NewEvent],
) -> Result<(), Error> {
    let cursors: Vec<Handle> = events.iter().map(|_| Handle::random()).collect();
    let handles: Vec<Handle> = events.iter().map(|event| last_handle(&event.subject)).collect();
    let cursors: Vec<&[u8]> = cursors.iter().map(|handle| handle.as_bytes().as_slice()).collect();
    let handles: Vec<&[u8]> = handles.iter().map(|handle| handle.as_bytes().as_slice()).collect();
    let agencies: Vec<&str> = events.iter().map(|event| event.agency.as_str()).collect();
    let kinds: Vec<&str> = events.iter().map(|event| event.event.code()).collect();
    let subjects: Vec<&str> = events.iter().map(|event| event.subject.as_str()).collect();
    let times: Vec<i64> = events.iter().map(|event| event.created_us).collect();
    let ordinals: Vec<i64> = (first..).take(events.len()).collect();
    connection.run(
        "INSERT INTO event (place, cursor, agency, ordinal, kind, subject, handle, created_us) \
         SELECT ?, q.* FROM unnest(?::bytea[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::bytea[], ?::bigint[]) AS q",
        &[
            Bind::Int(entry),
            Bind::BytesArray(&cursors),
            Bind::TextArray(&agencies),
            Bind::IntArray(&ordinals),
            Bind::TextArray(&kinds),
            Bind::TextArray(&subjects),
            Bind::BytesArray(&handles),
            Bind::IntArray(&times),
        ],
    )?;
    Ok(())
}

/// The last handle of a path, by which an erasure finds what led to the resource.
fn last_handle(path: &str) -> Handle {
    path.rsplit('/').find_map(|segment| segment.parse().ok()).unwrap_or(Handle::from_bytes([0; 16]))
}

/// Takes away the events that lead to what is erased.
pub(super) fn erase(connection: &mut AnyConnection, handle: &Handle) -> Result<(), Error> {
    connection.run("DELETE FROM event WHERE handle = ?", &[Bind::Bytes(handle.as_bytes())])?;
    Ok(())
}

/// Takes away what is too old to be resumed from.
pub(crate) fn sweep(connection: &mut AnyConnection, now: Timestamp) -> Result<(), Error> {
    connection.run(
        "DELETE FROM event WHERE cursor IN \
         (SELECT cursor FROM event WHERE created_us < ? ORDER BY created_us LIMIT ?)",
        &[Bind::Int(now.as_microsecond().saturating_sub(KEPT_US)), Bind::Int(SWEPT)],
    )?;
    Ok(())
}

type Columns = (Binary, BigInt, BigInt, Text, Text, BigInt);
type Values = (Vec<u8>, i64, i64, String, String, i64);

impl Snapshot<'_> {
    /// Where the event of this cursor stands; `None` where the agency has none of it, or not any more.
    ///
    /// # Errors
    /// When the database fails.
    pub fn event_place(&mut self, agency: &AgencyId, cursor: Handle) -> Result<Option<Place>, Error> {
        let row = self
            .connection
            .rows::<(BigInt, BigInt), (i64, i64)>(
                "SELECT place, ordinal FROM event WHERE cursor = ? AND agency = ?",
                &[Bind::Bytes(cursor.as_bytes()), Bind::Text(agency.as_str())],
            )?
            .pop();
        Ok(row.map(|(entry, ordinal)| Place { entry, ordinal }))
    }

    /// Where the agency's latest event stands.
    ///
    /// # Errors
    /// When the database fails.
    pub fn event_latest(&mut self, agency: &AgencyId) -> Result<Place, Error> {
        let row = self
            .connection
            .rows::<(BigInt, BigInt), (i64, i64)>(
                "SELECT place, ordinal FROM event WHERE agency = ? ORDER BY place DESC, ordinal DESC LIMIT 1",
                &[Bind::Text(agency.as_str())],
            )?
            .pop();
        Ok(row.map_or(Place::BEGINNING, |(entry, ordinal)| Place { entry, ordinal }))
    }

    /// The agency's events after a place, in the order in which they were committed.
    ///
    /// # Errors
    /// When the database fails.
    pub fn events_read<A: Action>(
        &mut self,
        permit: &Permit<A>,
        agency: &AgencyId,
        after: Place,
        limit: i64,
    ) -> Result<Sealed<Vec<StoredEvent>>, Error> {
        let rows = self.connection.rows::<Columns, Values>(
            "SELECT cursor, place, ordinal, kind, subject, created_us FROM event \
             WHERE agency = ? AND (place, ordinal) > (?, ?) ORDER BY place, ordinal LIMIT ?",
            &[
                Bind::Text(agency.as_str()),
                Bind::Int(after.entry),
                Bind::Int(after.ordinal),
                Bind::Int(limit),
            ],
        )?;
        let events = rows
            .into_iter()
            .map(|(cursor, entry, ordinal, event, subject, created_us)| {
                Ok(StoredEvent {
                    cursor: Handle::from_bytes(id_bytes(&cursor)?),
                    place: Place { entry, ordinal },
                    event: event.parse().map_err(|_| Error::Corrupt("an event is of no known type"))?,
                    subject,
                    created_us,
                })
            })
            .collect::<Result<Vec<_>, Error>>()?;
        Ok(Sealed::new(permit, events))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_its_written_form() {
        for place in [Place::BEGINNING, Place { entry: 4_711, ordinal: 2 }] {
            assert_eq!(place.to_string().parse::<Place>(), Ok(place));
        }
        assert!("4711".parse::<Place>().is_err() && "a.1".parse::<Place>().is_err());
    }

    #[test]
    fn the_resource_itself_is_what_an_event_leads_to() {
        let (client, flag) = (Handle::random(), Handle::random());
        assert_eq!(last_handle(&format!("/v1/clients/{client}/flags/{flag}")), flag);
        assert_eq!(last_handle(&format!("/v1/caseload-checks/{flag}/answer")), flag);
        assert_eq!(last_handle("/v1/tasks"), Handle::from_bytes([0; 16]));
    }
}
