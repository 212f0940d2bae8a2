//! Opening a stream of an agency's events, and reading on in it.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::fault::to_the_minute;
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::{Form, Sealed};
use crate::policy::action::EventRead;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::event::{Place, StoredEvent};
use crate::store::facts::Subject;
use crate::vocabulary::EventType;

/// How many events leave under one entry at most.
const BATCH: i64 = 100;

/// `GET /events`, when it opens.
pub struct OpenEvents {
    /// The last event that the reader has seen; none begins with what happens from now on.
    pub last: Option<Handle>,
}

/// `GET /events`, while it is open.
pub struct ReadEvents {
    /// After this one.
    pub after: Place,
}

/// Something has changed (CloudEvents 1.0).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CloudEvent {
    /// `1.0`
    pub specversion: &'static str,
    /// What to send as `Last-Event-ID`.
    pub id: Handle,
    /// The gateway.
    pub source: &'static str,
    /// What happened to the resource.
    pub r#type: EventType,
    /// The path of the resource, by the agency's own handles.
    pub subject: String,
    /// When, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub time: Timestamp,
}

/// The events that leave together.
#[derive(Debug, Serialize)]
pub struct EventBatch {
    events: Vec<CloudEvent>,
    #[serde(skip)]
    place: Place,
}

impl Disclosure for OpenEvents {
    type Action = EventRead;
    type View = EventBatch;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<EventRead>,
    ) -> Result<Sealed<EventBatch>, Rejection> {
        let agency = call.caller.agency();
        let place = match self.last {
            None => tx.event_latest(agency)?,
            Some(last) => tx
                .event_place(agency, last)?
                .ok_or_else(|| Problem::because(ProblemType::NotFoundOrNotPermitted, "unknown-event"))?,
        };
        Ok(Sealed::new(permit, EventBatch { events: Vec::new(), place }))
    }

    fn form(&self) -> Form<EventBatch> {
        Form::Events(|_| "retry: 1000\n\n".to_owned())
    }

    fn next_page(view: &EventBatch) -> Option<String> {
        Some(view.place.to_string())
    }
}

impl Disclosure for ReadEvents {
    type Action = EventRead;
    type View = EventBatch;

    fn subject(&self) -> Subject {
        Subject::Many
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<EventRead>,
    ) -> Result<Sealed<EventBatch>, Rejection> {
        let events = tx.events_read(permit, call.caller.agency(), self.after, BATCH)?;
        Ok(events.beside(self.after).view(batch))
    }

    fn form(&self) -> Form<EventBatch> {
        Form::Events(written)
    }

    fn next_page(view: &EventBatch) -> Option<String> {
        Some(view.place.to_string())
    }
}

fn batch((stored, after): &(Vec<StoredEvent>, Place)) -> EventBatch {
    EventBatch {
        events: stored.iter().map(told).collect(),
        place: stored.last().map_or(*after, |last| last.place),
    }
}

fn told(stored: &StoredEvent) -> CloudEvent {
    CloudEvent {
        specversion: "1.0",
        id: stored.cursor,
        source: "urn:throughgate:gateway",
        r#type: stored.event,
        subject: stored.subject.clone(),
        time: to_the_minute(Timestamp::from_microsecond(stored.created_us).unwrap_or(Timestamp::MIN)),
    }
}

/// The events as the format of server-sent events has them.
fn written(batch: &EventBatch) -> String {
    let mut text = String::new();
    for event in &batch.events {
        // A CloudEvent of ours always serialises, and JSON has no line breaks of its own.
        let data = serde_json::to_string(event).unwrap_or_default();
        let _infallible = write!(text, "id: {}\ndata: {data}\n\n", event.id);
    }
    text
}
