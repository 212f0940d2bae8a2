//! Reading a joint visit: the team that proposed it, and the officer, as long as the person agrees.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{TOLD, VisitKind, VisitRecord, VisitState, WhenAndWhere, Who};
use crate::domain::minute::Minute;
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::VisitRead;
use crate::policy::permit::Permit;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Kind, Segments};
use crate::store::{Error, Snapshot};
use crate::vocabulary::Segment;

/// `GET /joint-visits/{id}`.
pub struct ReadVisit(pub Handle);

/// A joint visit: who, when and where.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitView {
    /// What the reader calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What the reader calls the person.
    #[schema(value_type = Option<String>)]
    pub client_ref: Option<Handle>,
    /// The team.
    #[schema(value_type = String)]
    pub from: AgencyId,
    /// Where it stands.
    pub state: VisitState,
    /// The name to call the person by.
    pub name: Option<String>,
    /// What is proposed.
    pub kind: Option<VisitKind>,
    /// When, civil time.
    pub on: Option<Minute>,
    /// Where the two meet first.
    pub meet_at: Option<String>,
    /// What of it policy withholds from this reader.
    pub withheld: Vec<Segment>,
}

impl Disclosure for ReadVisit {
    type Action = VisitRead;
    type View = VisitView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::JointVisit, self.0)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<VisitRead>,
    ) -> Result<Sealed<VisitView>, Rejection> {
        let (agency, target) = (call.caller.agency(), target_of(permit)?);
        let record = target.record.ok_or(Error::Corrupt("a visit without a record"))?;
        let visit = tx.segments_read::<_, VisitRecord>(permit, agency, record, permit.released())?;
        Ok(visit.beside((self.0, target.client_ref)).try_view(shown)?)
    }
}

fn shown(
    (visit, (id, client_ref)): &(Segments<VisitRecord>, (Handle, Option<Handle>)),
) -> Result<VisitView, Error> {
    let who: Option<Who> = visit.part(Segment::Identity)?;
    let when: Option<WhenAndWhere> = visit.part(Segment::Attendance)?;
    Ok(VisitView {
        id: *id,
        client_ref: *client_ref,
        from: visit.head.by.0.clone(),
        state: visit.head.state,
        name: who.map(|who| who.name),
        kind: when.as_ref().map(|when| when.kind),
        on: when.as_ref().map(|when| when.on),
        meet_at: when.map(|when| when.meet_at),
        withheld: visit.withheld.intersection(TOLD).iter().collect(),
    })
}
