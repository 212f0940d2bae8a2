//! Reading who was sent in: the service that received it, and nobody else; each part only under its own segment.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::codes::{InboundOutcome, Led};
use super::model::InboundRecord;
use crate::domain::fault::to_the_minute;
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::InboundRead;
use crate::policy::permit::Permit;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Segment, SegmentSet};

/// `GET /inbound-referrals/{id}`.
pub struct ReadInbound(pub Handle);

/// Who was sent in.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboundView {
    /// What the service calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What the service calls the person.
    #[schema(value_type = Option<String>)]
    pub client_ref: Option<Handle>,
    /// Who sent it.
    #[schema(value_type = String)]
    pub from: AgencyId,
    /// What led to it.
    pub led: Led,
    /// The name to call the person by (`identity`); not where the person took back what it was sent by.
    pub name: Option<String>,
    /// How the person said that she may be reached (`contact`).
    pub reach: Option<String>,
    /// When it came, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub came_at: Timestamp,
    /// What became of it, once somebody said so.
    pub outcome: Option<InboundOutcome>,
    /// Whether the person took back what it was sent by, before she was reached.
    pub withdrawn: bool,
}

/// Who reads, and what is no secret beside it.
struct Reader {
    id: Handle,
    client_ref: Option<Handle>,
    released: SegmentSet,
}

impl Disclosure for ReadInbound {
    type Action = InboundRead;
    type View = InboundView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::InboundReferral, self.0)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<InboundRead>,
    ) -> Result<Sealed<InboundView>, Rejection> {
        let target = target_of(permit)?;
        let record = target.record.ok_or(Error::Corrupt("what was sent in without a record"))?;
        let came = tx.document_read::<_, InboundRecord>(permit, call.caller.agency(), record)?;
        let reader = Reader { id: self.0, client_ref: target.client_ref, released: permit.released() };
        Ok(came.beside(reader).view(shown))
    }
}

fn shown((document, reader): &(Document<InboundRecord>, Reader)) -> InboundView {
    let came = &document.value;
    let may_see = |segment| reader.released.contains(segment);
    let is_named = came.withdrawn_at.is_none() && may_see(Segment::Identity);
    InboundView {
        id: reader.id,
        client_ref: reader.client_ref,
        from: came.from.clone(),
        led: came.led,
        name: is_named.then(|| came.name.clone()),
        reach: came.reach.clone().filter(|_| may_see(Segment::Contact)),
        came_at: to_the_minute(came.at),
        outcome: came.answered.as_ref().map(|answered| answered.outcome),
        withdrawn: came.withdrawn_at.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::RecordId;

    #[test]
    fn each_part_is_shown_under_its_own_segment_alone() {
        let came = InboundRecord {
            from: "northmoor-police".parse().unwrap(),
            led: Led::IntelligenceLed,
            name: "Mockley Birch".to_owned(),
            reach: Some("by text message".to_owned()),
            at: Timestamp::UNIX_EPOCH,
            answered: None,
            withdrawn_at: None,
        };
        let shown_under = |released: SegmentSet| {
            let document = Document {
                record: RecordId::random(),
                version: 1,
                recorded_us: 0,
                custodian: "northmoor-cjit".parse().unwrap(),
                value: came.clone(),
            };
            let view = shown(&(document, Reader { id: Handle::random(), client_ref: None, released }));
            (view.name.is_some(), view.reach.is_some())
        };
        let only = |segment| SegmentSet::EMPTY.with(segment);
        assert_eq!(shown_under(SegmentSet::EMPTY), (false, false));
        assert_eq!(shown_under(only(Segment::Identity)), (true, false));
        assert_eq!(shown_under(only(Segment::Contact)), (false, true));
        assert_eq!(shown_under(only(Segment::Identity).with(Segment::Contact)), (true, true));
    }
}
