//! Reading a joint assessment, as the service or as the landlord. What the person needs is the service's alone to read; of the plan the
//! landlord reads what is about the home, as long as she agrees.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::codes::{JointDomain, JointState};
use super::joint::{JointRecord, Part, PlanLine};
use crate::domain::fault::to_the_minute;
use crate::id::{AgencyId, Handle, WorkerId};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::HousingRead;
use crate::policy::permit::Permit;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Segment, SegmentSet};

/// `GET /joint-assessments/{id}`.
pub struct ReadJoint(pub Handle);

/// A joint assessment as one of its two sides sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct JointView {
    /// What the reader calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What to send as `If-Match` with the next step.
    pub etag: String,
    /// What the reader calls the person.
    #[schema(value_type = Option<String>)]
    pub client_ref: Option<Handle>,
    /// The service that began it.
    #[schema(value_type = String)]
    pub service: AgencyId,
    /// The landlord.
    #[schema(value_type = String)]
    pub landlord: AgencyId,
    /// When it was begun, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub begun_at: Timestamp,
    /// Where it stands.
    pub state: JointState,
    /// What the person needs; for the service.
    pub need: Option<String>,
    /// How the tenancy is kept (`housing`).
    pub tenancy: Option<String>,
    /// The service's key worker (`housing`).
    #[schema(value_type = Option<String>)]
    pub service_key_worker: Option<WorkerId>,
    /// The landlord's key worker (`housing`).
    #[schema(value_type = Option<String>)]
    pub landlord_key_worker: Option<WorkerId>,
    /// The one plan; for the landlord, what of it is about the home (`housing`).
    pub plan: Vec<PlanLine>,
    /// On which day the person agreed to it.
    #[schema(value_type = Option<String>, format = Date)]
    pub agreed_on: Option<Date>,
}

/// Who reads, and what is no secret beside it.
struct Reader {
    id: Handle,
    etag: String,
    client_ref: Option<Handle>,
    agency: AgencyId,
    released: SegmentSet,
}

impl Disclosure for ReadJoint {
    type Action = HousingRead;
    type View = JointView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::JointAssessment, self.0)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<HousingRead>,
    ) -> Result<Sealed<JointView>, Rejection> {
        let (agency, target) = (call.caller.agency(), target_of(permit)?);
        let record = target.record.ok_or(Error::Corrupt("a joint assessment without a record"))?;
        let joint = tx.document_read::<_, JointRecord>(permit, agency, record)?;
        let reader = Reader {
            id: self.0,
            etag: joint.etag().unwrap_or_default().to_owned(),
            client_ref: target.client_ref,
            agency: agency.clone(),
            released: permit.released(),
        };
        Ok(joint.beside(reader).view(shown))
    }
}

fn shown((document, reader): &(Document<JointRecord>, Reader)) -> JointView {
    let joint = &document.value;
    let is_service = reader.agency == joint.service;
    let of_home = reader.released.contains(Segment::Housing);
    let (need, tenancy) =
        (joint.need.as_ref().filter(|_| is_service), joint.tenancy.as_ref().filter(|_| of_home));
    let worker = |part: &Option<Part>| part.as_ref().filter(|_| of_home).map(|part| part.key_worker.clone());
    let plan = joint.plan.as_ref().filter(|_| of_home);
    let reads = |line: &&PlanLine| is_service || line.about == JointDomain::Housing;
    JointView {
        id: reader.id,
        etag: reader.etag.clone(),
        client_ref: reader.client_ref,
        service: joint.service.clone(),
        landlord: joint.landlord.clone(),
        begun_at: to_the_minute(joint.begun_at),
        state: joint.state(),
        need: need.map(|part| part.text.clone()),
        tenancy: tenancy.map(|part| part.text.clone()),
        service_key_worker: worker(&joint.need),
        landlord_key_worker: worker(&joint.tenancy),
        plan: plan.iter().flat_map(|plan| &plan.lines).filter(reads).cloned().collect(),
        agreed_on: plan.map(|plan| plan.agreed_on),
    }
}
