//! Reading a pick-up, by one of its three parties: who, when and where, as far as the person's consent lets each be told.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use serde::Serialize;
use utoipa::ToSchema;

use super::pick_up::{PickUpRecord, PickUpSide, PickUpState, PickUpStep, Reach, Safety, When, Who};
use crate::domain::fault::to_the_minute;
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::PickUpRead;
use crate::policy::permit::Permit;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Kind, Segments};
use crate::store::{Error, Snapshot};
use crate::vocabulary::Segment;

/// `GET /pick-ups/{id}`.
pub struct ReadPickUp(pub Handle);

/// A pick-up as one of its parties sees it.
#[derive(Serialize, ToSchema)]
pub struct PickUpView {
    /// What the agency calls it.
    pub id: Handle,
    /// What part the agency has in it.
    pub side: PickUpSide,
    /// Where it stands.
    pub state: PickUpState,
    /// The steps that are possible for the agency.
    pub possible: Vec<PickUpStep>,
    /// The team that asks.
    pub home: AgencyId,
    /// The team whose worker meets the person.
    pub host: AgencyId,
    /// The prison's team.
    pub prison_team: AgencyId,
    /// Those who agreed.
    pub agreed: Vec<AgencyId>,
    /// Why it came to nothing.
    pub reason: Option<String>,
    /// The name to call the person by.
    pub name_to_use: Option<String>,
    /// The day of release.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_on: Option<Date>,
    /// When the person is expected at the gate, civil time.
    #[schema(value_type = Option<String>)]
    pub gate_at: Option<Time>,
    /// The prison.
    pub prison: Option<String>,
    /// Where the person is taken.
    pub onward: Option<String>,
    /// The person's own number.
    pub phone: Option<String>,
    /// How the person may safely be reached and spoken to.
    pub safe_contact: Option<String>,
    /// What the worker at the gate must know for the worker's own safety.
    pub staff_safety: Option<String>,
    /// The listed segments that policy withholds from this reader.
    pub withheld: Vec<Segment>,
    /// When it was last written, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Timestamp,
}

impl Disclosure for ReadPickUp {
    type Action = PickUpRead;
    type View = PickUpView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::PickUp, self.0)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<PickUpRead>,
    ) -> Result<Sealed<PickUpView>, Rejection> {
        let (agency, target) = (call.caller.agency(), target_of(permit)?);
        let record = target.record.ok_or(Error::Corrupt("a pick-up without a record"))?;
        let pick_up = tx.segments_read::<_, PickUpRecord>(permit, agency, record, permit.released())?;
        Ok(pick_up.beside((self.0, agency.clone())).try_view(view)?)
    }
}

fn view((pick_up, (id, agency)): &(Segments<PickUpRecord>, (Handle, AgencyId))) -> Result<PickUpView, Error> {
    let head = &pick_up.head;
    let who: Option<Who> = pick_up.part(Segment::Identity)?;
    let when: Option<When> = pick_up.part(Segment::Attendance)?;
    let reach: Option<Reach> = pick_up.part(Segment::Contact)?;
    let safety: Option<Safety> = pick_up.part(Segment::Risk)?;
    let (phone, safe_contact) = reach.map_or((None, None), |reach| (reach.phone, reach.safe_contact));
    Ok(PickUpView {
        id: *id,
        side: head.side_of(agency).ok_or(Error::Corrupt("a pick-up was read by no party of it"))?,
        state: head.state,
        possible: head.possible(agency).collect(),
        home: head.home.clone(),
        host: head.host.clone(),
        prison_team: head.prison_team.clone(),
        agreed: head.agreed.clone(),
        reason: head.reason.clone(),
        name_to_use: who.map(|who| who.name_to_use),
        release_on: when.as_ref().map(|when| when.release_on),
        gate_at: when.as_ref().and_then(|when| when.gate_at),
        prison: when.as_ref().map(|when| when.prison.clone()),
        onward: when.map(|when| when.onward),
        phone,
        safe_contact,
        staff_safety: safety.map(|safety| safety.staff_safety),
        withheld: pick_up.withheld.iter().collect(),
        recorded_at: to_the_minute(
            Timestamp::from_microsecond(pick_up.recorded_us).unwrap_or(Timestamp::MIN),
        ),
    })
}
