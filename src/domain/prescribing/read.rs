//! Reading an agency's own scripts, with what is told of others: all of a client's, or one.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::board::Board;
use super::codes::{BridgeReference, Collection, DoseBand, Drug, EndReason, ScriptState, ScriptTransition};
use super::elsewhere::{Elsewhere, Reader};
use super::open::Setting;
use super::overlap::Papers;
use super::script::ScriptRecord;
use crate::domain::fault::to_the_minute;
use crate::id::{Handle, RecordId, WorkerId};
use crate::journal::call::Call;
use crate::journal::command::Accepted;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::exchange::Exchange;
use crate::journal::sealed::Sealed;
use crate::journal::worker;
use crate::policy::action::ScriptRead;
use crate::policy::permit::Permit;
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// `GET /clients/{ref}/scripts`.
pub struct ListScripts {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// What there is besides.
    pub setting: Setting,
}

/// `GET /scripts/{id}`.
pub struct ReadScript(pub Handle);

/// A script as its agency sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScriptView {
    /// What the agency calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What to send as `If-Match` with the next step.
    pub etag: String,
    /// Where it stands.
    pub state: ScriptState,
    /// The steps that are possible.
    pub possible: Vec<ScriptTransition>,
    /// What is prescribed.
    pub drug: Drug,
    /// How high the dose is.
    pub dose_band: DoseBand,
    /// How often it is collected.
    pub collection: Collection,
    /// Whether it is taken under supervision.
    pub supervised: bool,
    /// The worker who prescribes.
    pub prescriber: WorkerId,
    /// The first day.
    #[schema(value_type = Option<String>, format = Date)]
    pub started_on: Option<Date>,
    /// The last day on which something was collected.
    #[schema(value_type = Option<String>, format = Date)]
    pub last_collected_on: Option<Date>,
    /// The last day of the bridge, while it bridges.
    #[schema(value_type = Option<String>, format = Date)]
    pub bridging_until: Option<Date>,
    /// The reference of that bridge, to be told to the prescriber who takes over.
    pub bridge_reference: Option<BridgeReference>,
    /// Why it ended.
    pub end_reason: Option<EndReason>,
    /// When it ended.
    #[schema(value_type = Option<String>, format = Date)]
    pub ended_on: Option<Date>,
    /// When it was last written, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Timestamp,
}

/// A client's scripts at the agency, oldest first, and what is told of others.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScriptList {
    /// The agency's own scripts.
    pub scripts: Vec<ScriptView>,
    /// Scripts at other agencies.
    pub elsewhere: Elsewhere,
}

/// The reader's handle of a script, and the version's `ETag`.
type Named = (Handle, String);

impl Exchange for ListScripts {
    type Action = ScriptRead;
    type View = ScriptList;
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ScriptRead>,
        changes: &mut Changes,
    ) -> Result<Accepted<Sealed<ScriptList>>, Rejection> {
        let principal = worker(call)?;
        let person = target_of(permit)?.person;
        let today = self.setting.calendar.date_of(changes.now());
        let board = Board::read(tx, permit, person)?;
        let listed = tx.handles_of_person(&principal.agency, Kind::Script, person)?;
        let mut named = Vec::with_capacity(listed.len());
        for each in listed {
            let record = RecordId::from_bytes(each.target);
            let held = board.scripts.iter().find(|held| held.record == record);
            let version = held.map_or(0, |held| held.version);
            named.push((record, (each.handle, tx.etag(&principal.agency, record, version))));
        }
        let of = (person, self.client_ref);
        let reader = Reader::of(tx, &self.setting.journal, principal, of, (today, &self.setting.help_line))?;
        let look = (principal.as_ref(), person, &board);
        self.setting.look(tx, permit, changes, look, !reader.is_clinical())?;
        let acknowledgement = board.papers.beside((named, reader)).view(list);
        Ok(Accepted { status: 200, location: None, etag: None, acknowledgement })
    }
}

impl Disclosure for ReadScript {
    type Action = ScriptRead;
    type View = ScriptView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Script, self.0)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ScriptRead>,
    ) -> Result<Sealed<ScriptView>, Rejection> {
        let record = target_of(permit)?.record.ok_or(Error::Corrupt("a script without a record"))?;
        let script = tx.document_read::<_, ScriptRecord>(permit, call.caller.agency(), record)?;
        let etag = script.etag().unwrap_or_default().to_owned();
        Ok(script.beside((self.0, etag)).view(|(document, named)| view(document, named)))
    }
}

/// The papers, and beside them what is no secret: how the reader calls each script, and who reads.
type Listed = (Papers, (Vec<(RecordId, Named)>, Reader));

fn list((papers, (named, reader)): &Listed) -> ScriptList {
    let (scripts, _) = papers;
    let own = |record: &RecordId| scripts.iter().find(|script| script.record == *record);
    ScriptList {
        scripts: named.iter().filter_map(|(record, named)| Some(view(own(record)?, named))).collect(),
        elsewhere: reader.told(papers, None),
    }
}

fn view(document: &Document<ScriptRecord>, (id, etag): &Named) -> ScriptView {
    let script = &document.value;
    ScriptView {
        id: *id,
        etag: etag.clone(),
        state: script.state,
        possible: ScriptTransition::possible(script.state).collect(),
        drug: script.drug,
        dose_band: script.dose_band,
        collection: script.collection,
        supervised: script.supervised,
        prescriber: script.prescriber.clone(),
        started_on: script.started_on,
        last_collected_on: script.last_collected_on,
        bridging_until: script.bridging_until,
        bridge_reference: script.bridge_offered.clone(),
        end_reason: script.end_reason,
        ended_on: script.ended_on,
        recorded_at: to_the_minute(
            Timestamp::from_microsecond(document.recorded_us).unwrap_or(Timestamp::MIN),
        ),
    }
}
