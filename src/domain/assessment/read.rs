//! Reading an assessment as one of its parties.

use super::model::AssessmentRecord;
use super::view::{AssessmentView, Reader, view};
use crate::domain::client::{ClientHead, person_in};
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::journal::worker;
use crate::policy::action::AssessmentRead;
use crate::policy::permit::Permit;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind, Segments};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Segment, SegmentSet};

/// `GET /assessments/{id}`.
pub struct ReadAssessment(pub Handle);

/// Who the person is, as the agency that recorded the assessment wrote it down.
type Details = Segments<ClientHead>;

impl Disclosure for ReadAssessment {
    type Action = AssessmentRead;
    type View = AssessmentView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Assessment, self.0)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<AssessmentRead>,
    ) -> Result<Sealed<AssessmentView>, Rejection> {
        let (principal, target) = (worker(call)?, target_of(permit)?);
        let agency = &principal.agency;
        let record = target.record.ok_or(Error::Corrupt("an assessment without a record"))?;
        let document = tx.document_read::<_, AssessmentRecord>(permit, agency, record)?;
        let who = permit.released().intersection(details());
        let by = &target.custodian;
        let details = match tx.client_known(by, target.person)? {
            Some(client) if by != agency && !who.is_empty() => {
                tx.segments_read::<_, ClientHead>(permit, agency, client, who)?
            }
            _ => tx.segments_unwritten(permit, agency, target.person, ClientHead {}),
        };
        let reader = Reader {
            agency: agency.clone(),
            id: self.0,
            etag: document.etag().unwrap_or_default().to_owned(),
            client_ref: target.client_ref,
            released: permit.released(),
        };
        Ok(document.with(details).beside((reader, who)).try_view(shown)?)
    }
}

/// What tells who somebody is and how to reach the person.
fn details() -> SegmentSet {
    SegmentSet::EMPTY.with(Segment::Identity).with(Segment::Contact)
}

fn shown(
    ((document, details), (reader, who)): &((Document<AssessmentRecord>, Details), (Reader, SegmentSet)),
) -> Result<AssessmentView, Error> {
    let person = match details.version {
        0 => None,
        _ => Some(person_in(*who, &details.segments)?),
    };
    Ok(view(document, person, reader))
}
