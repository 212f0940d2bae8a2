//! What lies behind a broken glass, for who broke it, while it is open: names for the records, and what another agency prescribes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::Setting;
use super::model::BreakGlassRecord;
use super::power::may_break_glass;
use crate::domain::fault::to_the_minute;
use crate::domain::prescribing::elsewhere::{ClinicalHold, Prescribed};
use crate::id::{AgencyId, Handle, RecordId};
use crate::identity::principal::Principal;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::journal::worker;
use crate::policy::action::BreakGlassRead;
use crate::policy::permit::Permit;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// `GET /break-glass/{id}`.
pub struct ReadBreakGlass {
    /// What the agency calls it.
    pub id: Handle,
    /// What there is besides.
    pub setting: Setting,
}

/// What lies behind a broken glass.
#[derive(Debug, Serialize, ToSchema)]
pub struct BreakGlassView {
    /// What the agency calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What to send as `If-Match` to close it.
    pub etag: String,
    /// What the agency calls the person.
    #[schema(value_type = Option<String>)]
    pub client_ref: Option<Handle>,
    /// When it closes by itself, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
    /// Records of other agencies, each to be read under `/v1/opened-records/`; none where there are none.
    #[schema(value_type = Vec<String>)]
    pub records: Vec<Handle>,
    /// Whether another agency prescribes, and enough of it to dose safely; by whom is not told, and the contact is the same for everybody.
    /// Of an agency that came to prescribe after the glass was broken, and was not told so, nothing: close it and break it again.
    pub prescribed_elsewhere: ClinicalHold,
}

/// What stands beside it that is no secret.
struct Reader {
    id: Handle,
    etag: String,
    client_ref: Option<Handle>,
    /// The agency's names for records that were opened to it, now or before.
    names: BTreeMap<RecordId, Handle>,
    help_line: String,
}

impl Disclosure for ReadBreakGlass {
    type Action = BreakGlassRead;
    type View = BreakGlassView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::BreakGlass, self.id)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<BreakGlassRead>,
    ) -> Result<Sealed<BreakGlassView>, Rejection> {
        let principal: &Principal = worker(call)?;
        may_break_glass(principal, &self.setting.journal)?;
        let target = target_of(permit)?;
        let record = target.record.ok_or(Error::Corrupt("a broken glass without a record"))?;
        let broken = tx.document_read::<_, BreakGlassRecord>(permit, &principal.agency, record)?;
        let opened = tx.handles_of_person(&principal.agency, Kind::OpenedRecord, target.person)?;
        let reader = Reader {
            id: self.id,
            etag: broken.etag().unwrap_or_default().to_owned(),
            client_ref: target.client_ref,
            names: opened
                .into_iter()
                .map(|listed| (RecordId::from_bytes(listed.target), listed.handle))
                .collect(),
            help_line: self.setting.help_line.clone(),
        };
        let today = self.setting.calendar.date_of(self.setting.journal.now());
        let prescribed = Prescribed::read(tx, permit, (&principal.agency, target.person), today)?;
        Ok(broken.beside(reader).with(prescribed).view(shown))
    }
}

fn shown(
    ((broken, reader), prescribed): &((Document<BreakGlassRecord>, Reader), Prescribed),
) -> BreakGlassView {
    let opened = broken.value.holders.iter().flat_map(|holder| &holder.records);
    let told: Vec<&AgencyId> = broken.value.holders.iter().map(|holder| &holder.agency).collect();
    let reference = reader.client_ref.unwrap_or(reader.id);
    BreakGlassView {
        id: reader.id,
        etag: reader.etag.clone(),
        client_ref: reader.client_ref,
        until: to_the_minute(broken.value.until()),
        records: opened.filter_map(|record| reader.names.get(record).copied()).collect(),
        prescribed_elsewhere: prescribed.by(&told, &reader.help_line, reference),
    }
}
