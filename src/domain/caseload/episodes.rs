//! Reading an agency's own caseload episodes: all of a client's, or one.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::allocating::{Checks, may_be_told_part};
use super::episode_view::EpisodeView;
use super::model::EpisodeRecord;
use crate::id::{AgencyId, Handle, RecordId};
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
    /// What day it is.
    pub today: Date,
}

/// `GET /caseload-episodes/{id}`.
pub struct ReadEpisode {
    /// What the agency calls the episode.
    pub id: Handle,
    /// The present moment.
    pub now: Timestamp,
    /// What day it is.
    pub today: Date,
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
    today: Date,
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
        let telling = Telling { agency: agency.clone(), now: self.now, today: self.today };
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
        let telling = Telling { agency: agency.clone(), now: self.now, today: self.today };
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
    Telling { agency, now, today }: &Telling,
) -> EpisodeView {
    let part = may_be_told_part(checks, agency, &document.value, *now).then_some(document.value.part);
    let recorded_at = Timestamp::from_microsecond(document.recorded_us).unwrap_or(Timestamp::MIN);
    EpisodeView::of(&document.value, (*id, etag.clone()), part, recorded_at, *today)
}
