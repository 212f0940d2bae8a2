//! Reading an agency's own caseload episodes: all of a client's, or one.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::allocating::{Checks, may_be_told_part};
use super::model::{CloseCode, EpisodeRecord, EpisodeState, Part, SuspendCode};
use crate::domain::fault::to_the_minute;
use crate::id::{AgencyId, Handle, RecordId, WorkerId};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::EpisodeRead;
use crate::policy::permit::Permit;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// `GET /clients/{ref}/caseload-episodes`.
pub struct ListEpisodes {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// The present moment.
    pub now: Timestamp,
}

/// `GET /caseload-episodes/{id}`.
pub struct ReadEpisode {
    /// What the agency calls the episode.
    pub id: Handle,
    /// The present moment.
    pub now: Timestamp,
}

/// An episode as its agency sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct EpisodeView {
    /// What the agency calls it.
    pub id: Handle,
    /// What to send as `If-Match` with the next step.
    pub etag: String,
    /// Where it stands.
    pub state: EpisodeState,
    /// Whether the agency leads; none until its own caseload check is settled or it has answered another's, since the part tells
    /// whether somebody else leads.
    pub part: Option<Part>,
    /// The day of admission.
    #[schema(value_type = String, format = Date)]
    pub admitted_on: Date,
    /// By when the next review is due; none while suspended or closed.
    #[schema(value_type = Option<String>, format = Date)]
    pub review_due: Option<Date>,
    /// The person's single contact.
    pub case_manager: Option<WorkerId>,
    /// Whether the case manager was allocated before all who were asked had answered.
    pub provisional: bool,
    /// The suspensions that there were, oldest first.
    pub suspensions: Vec<SuspendCode>,
    /// Why it was closed.
    pub close_code: Option<CloseCode>,
    /// When it was last written, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Timestamp,
}

/// A client's episodes at the agency, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct EpisodeList {
    /// The episodes.
    pub episodes: Vec<EpisodeView>,
}

/// What stands beside an episode that is no secret: the reader's handle and the version's `ETag`.
type Named = (Handle, String);

/// By what it is decided whether the reader may be told its part.
struct Telling {
    agency: AgencyId,
    now: Timestamp,
}

impl Disclosure for ListEpisodes {
    type Action = EpisodeRead;
    type View = EpisodeList;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<EpisodeRead>,
    ) -> Result<Sealed<EpisodeList>, Rejection> {
        let agency = call.caller.agency();
        let target = target_of(permit)?;
        let listed = tx.handles_of_person(agency, Kind::Episode, target.person)?;
        let mut named = Vec::with_capacity(listed.len());
        let mut records = Vec::with_capacity(listed.len());
        for each in listed {
            let record = RecordId::from_bytes(each.target);
            let version = tx.latest_version(record)?;
            named.push((each.handle, tx.etag(agency, record, version)));
            records.push(record);
        }
        let episodes = tx.documents_listed::<_, EpisodeRecord>(permit, records)?;
        let checks = tx.documents_of_person(permit, target.person, Kind::Check)?;
        let telling = Telling { agency: agency.clone(), now: self.now };
        Ok(episodes.with(checks).beside((named, telling)).view(list))
    }
}

impl Disclosure for ReadEpisode {
    type Action = EpisodeRead;
    type View = EpisodeView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Episode, self.id)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<EpisodeRead>,
    ) -> Result<Sealed<EpisodeView>, Rejection> {
        let agency = call.caller.agency();
        let target = target_of(permit)?;
        let record = target.record.ok_or(Error::Corrupt("an episode without a record"))?;
        let episode = tx.document_read::<_, EpisodeRecord>(permit, agency, record)?;
        let checks = tx.documents_of_person(permit, target.person, Kind::Check)?;
        let etag = episode.etag().unwrap_or_default().to_owned();
        let telling = Telling { agency: agency.clone(), now: self.now };
        Ok(episode.with(checks).beside(((self.id, etag), telling)).view(one))
    }
}

/// What was read, with the checks of the person.
type WithChecks<T> = (T, Checks);
type Listed = WithChecks<Vec<Document<EpisodeRecord>>>;

fn list(((documents, checks), (named, telling)): &(Listed, (Vec<Named>, Telling))) -> EpisodeList {
    let views = documents.iter().zip(named).map(|(document, named)| view(document, checks, named, telling));
    EpisodeList { episodes: views.collect() }
}

fn one(
    ((document, checks), (named, telling)): &(WithChecks<Document<EpisodeRecord>>, (Named, Telling)),
) -> EpisodeView {
    view(document, checks, named, telling)
}

fn view(
    document: &Document<EpisodeRecord>,
    checks: &Checks,
    (id, etag): &Named,
    Telling { agency, now }: &Telling,
) -> EpisodeView {
    let episode = &document.value;
    EpisodeView {
        id: *id,
        etag: etag.clone(),
        state: episode.state,
        part: may_be_told_part(checks, agency, episode, *now).then_some(episode.part),
        admitted_on: episode.admitted_on,
        review_due: episode.review_due,
        case_manager: episode.case_manager.clone(),
        provisional: episode.provisional,
        suspensions: episode.suspensions.clone(),
        close_code: episode.close_code,
        recorded_at: to_the_minute(
            Timestamp::from_microsecond(document.recorded_us).unwrap_or(Timestamp::MIN),
        ),
    }
}
