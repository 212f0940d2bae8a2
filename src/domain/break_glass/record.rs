//! A record of another agency's that was opened in an emergency: the eight segments that bear on it, and nothing silent.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::Setting;
use super::power::may_break_glass;
use crate::domain::dir::{DirHead, DirView, assemble};
use crate::domain::fault::to_the_minute;
use crate::id::{AgencyId, Handle};
use crate::identity::principal::Principal;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::journal::worker;
use crate::policy::action::BreakGlassRead;
use crate::policy::permit::Permit;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Kind, Segments};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Segment, SegmentSet};

/// `GET /opened-records/{id}`.
pub struct ReadOpenedRecord {
    /// What the agency calls the record.
    pub id: Handle,
    /// What there is besides.
    pub setting: Setting,
}

/// A record of another agency's, as an emergency opens it.
#[derive(Serialize, ToSchema)]
pub struct OpenedRecordView {
    /// What the reader calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What the reader calls the person.
    #[schema(value_type = Option<String>)]
    pub client_ref: Option<Handle>,
    /// The agency that holds it; nobody where that name would tell something by itself.
    #[schema(value_type = Option<String>)]
    pub custodian: Option<AgencyId>,
    /// The telephone number at which to ask about it, day and night where there is one.
    pub ring: String,
    /// When it was signed, to the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub signed_at: Option<Timestamp>,
    /// What it says, as far as an emergency opens it.
    pub document: DirView,
    /// The listed segments that stay closed, whether or not the record says anything in them.
    pub withheld: Vec<Segment>,
}

/// What stands beside it that is no secret.
struct Reader {
    id: Handle,
    client_ref: Option<Handle>,
    released: SegmentSet,
    custodian: Option<AgencyId>,
    ring: String,
}

impl Disclosure for ReadOpenedRecord {
    type Action = BreakGlassRead;
    type View = OpenedRecordView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::OpenedRecord, self.id)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<BreakGlassRead>,
    ) -> Result<Sealed<OpenedRecordView>, Rejection> {
        let principal: &Principal = worker(call)?;
        may_break_glass(principal, &self.setting.journal)?;
        let target = target_of(permit)?;
        let record = target.record.ok_or(Error::Corrupt("an opened record without a record"))?;
        let directory = self.setting.journal.directory();
        let now = self.setting.journal.now();
        let named = directory.agency(&target.custodian).filter(|holder| holder.agency_type.tells().is_none());
        let reader = Reader {
            id: self.id,
            client_ref: target.client_ref,
            released: permit.released(),
            custodian: named.map(|holder| holder.id.clone()),
            ring: named.map_or_else(
                || self.setting.help_line.clone(),
                |holder| holder.telephone_at(now, &self.setting.calendar).to_owned(),
            ),
        };
        let stored = tx.segments_read::<_, DirHead>(permit, &principal.agency, record, permit.released())?;
        Ok(stored.beside(reader).try_view(shown)?)
    }
}

fn shown((stored, reader): &(Segments<DirHead>, Reader)) -> Result<OpenedRecordView, Error> {
    let document = assemble(reader.released, &stored.segments)
        .map_err(|_| Error::Corrupt("a DIR does not assemble"))?
        .with_readers_handles(|_| None)
        .without_prescriber();
    Ok(OpenedRecordView {
        id: reader.id,
        client_ref: reader.client_ref,
        custodian: reader.custodian.clone(),
        ring: reader.ring.clone(),
        signed_at: stored.head.signed.as_ref().map(|signed| to_the_minute(signed.at)),
        document,
        withheld: stored.withheld.iter().collect(),
    })
}
