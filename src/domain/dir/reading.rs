//! Reading a record: built for each reader from the segments that it is permitted.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::amending::named;
use super::head::{DirHead, minute_of};
use super::{DirOccasion, DirState, DirView, StartAfresh, assemble};
use crate::domain::fault::to_the_minute;
use crate::id::{AgencyId, Handle, RecordId, WorkerId};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::DirRead;
use crate::policy::facts::Target;
use crate::policy::permit::Permit;
use crate::store::facts::Subject;
use crate::store::record::{Kind, Segments};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Segment, SegmentSet};

/// `GET /dirs/{id}`.
pub struct ReadDir(pub Handle);

/// A record as one agency is shown it.
#[derive(Serialize, ToSchema)]
pub struct DirShown {
    /// What the reader calls the record.
    #[schema(value_type = String)]
    pub dir: Handle,
    /// What the reader calls the person.
    #[schema(value_type = Option<String>)]
    pub client_ref: Option<Handle>,
    /// Where it stands.
    pub state: DirState,
    /// On what occasion it was written.
    pub occasion: DirOccasion,
    /// The agency that holds it, where the reader may know.
    pub custodian: Option<AgencyId>,
    /// When it was signed, to the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub signed_at: Option<Timestamp>,
    /// When this version was recorded, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Timestamp,
    /// The record that it replaces, by the reader's own handle, where the reader knows of it.
    #[schema(value_type = Option<String>)]
    pub supersedes: Option<Handle>,
    /// What only the custodian's own workers see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorship: Option<Authorship>,
    /// What it says, as far as the reader may see it.
    pub document: DirView,
    /// The listed segments that policy withholds from this reader, whether or not the record says anything in them.
    pub withheld: Vec<Segment>,
}

/// Who wrote a record, and why anew: for the custodian's own workers.
#[derive(Serialize, ToSchema)]
pub struct Authorship {
    /// Who drafted it.
    pub author: WorkerId,
    /// Who signed it.
    pub signed_by: Option<WorkerId>,
    /// Why the person was asked again although a record was received.
    pub start_afresh_because: Option<StartAfresh>,
}

/// What is known of the reader.
struct Reader {
    dir: Handle,
    client_ref: Option<Handle>,
    released: SegmentSet,
    is_custodian: bool,
    custodian: Option<AgencyId>,
    /// The reader's handle for each DIR of the person that it knows of.
    dirs: BTreeMap<RecordId, Handle>,
    /// The reader's handle for each handle of the custodian's that a document may hold.
    consents: BTreeMap<Handle, Handle>,
}

impl Disclosure for ReadDir {
    type Action = DirRead;
    type View = DirShown;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Dir, self.0)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<DirRead>,
    ) -> Result<Sealed<DirShown>, Rejection> {
        let agency = call.caller.agency();
        let (target, record) = named(permit.target())?;
        let beside = tx.dossier_handles();
        let reader = Reader {
            dir: self.0,
            client_ref: target.client_ref,
            released: permit.released(),
            is_custodian: target.custodian == *agency,
            custodian: custodian_shown(target, permit.released()),
            dirs: beside
                .iter()
                .filter(|beside| beside.kind == Kind::Dir)
                .filter_map(|beside| Some((beside.record, beside.readers?)))
                .collect(),
            consents: beside
                .iter()
                .filter(|beside| beside.kind == Kind::Consent)
                .filter_map(|beside| Some((beside.custodians?, beside.readers?)))
                .collect(),
        };
        let record = tx.segments_read::<_, DirHead>(permit, agency, record, permit.released())?;
        Ok(record.beside(reader).try_view(shown)?)
    }
}

/// Who holds the record: an agency whose type tells something by itself is named only to those who may know of that.
fn custodian_shown(target: &Target, released: SegmentSet) -> Option<AgencyId> {
    let may_be_told = target.custodian_type.tells().is_none_or(|segment| released.contains(segment));
    may_be_told.then(|| target.custodian.clone())
}

fn shown((record, reader): &(Segments<DirHead>, Reader)) -> Result<DirShown, Error> {
    let head = &record.head;
    let document =
        assemble(reader.released, &record.segments).map_err(|_| Error::Corrupt("a DIR does not assemble"))?;
    let document = if reader.is_custodian {
        document
    } else {
        document.with_readers_handles(|handle| reader.consents.get(&handle).copied())
    };
    let authorship = reader.is_custodian.then(|| Authorship {
        author: head.author.clone(),
        signed_by: head.signed.as_ref().map(|signed| signed.by.clone()),
        start_afresh_because: head.start_afresh_because.clone(),
    });
    Ok(DirShown {
        dir: reader.dir,
        client_ref: reader.client_ref,
        state: head.state,
        occasion: head.occasion,
        custodian: reader.custodian.clone(),
        signed_at: head.signed.as_ref().map(|signed| to_the_minute(signed.at)),
        recorded_at: minute_of(record.recorded_us),
        supersedes: head.supersedes.and_then(|old| reader.dirs.get(&old).copied()),
        authorship,
        document,
        withheld: record.withheld.iter().collect(),
    })
}
