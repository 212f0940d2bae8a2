//! Reading a referral to housing, as its sender or its provider. What the person has taken back the provider does not see any more.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::codes::{DeclineReason, HousingState, HousingTransition};
use super::duty::HomelessBecause;
use super::items::{AgreedRisks, MoveRisk, SixItems, SupportNeeds};
use super::refer::Setting;
use super::referral::HousingRecord;
use crate::domain::fault::to_the_minute;
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::HousingRead;
use crate::policy::permit::Permit;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Segment, SegmentSet};

/// `GET /housing-referrals/{id}`.
pub struct ReadHousing {
    /// What the agency calls the referral.
    pub id: Handle,
    /// What there is besides.
    pub setting: Setting,
}

/// A referral to housing.
#[derive(Debug, Serialize, ToSchema)]
pub struct HousingView {
    /// What the reader calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What to send as `If-Match` with the next step.
    pub etag: String,
    /// What the reader calls the person.
    #[schema(value_type = Option<String>)]
    pub client_ref: Option<Handle>,
    /// Who refers.
    #[schema(value_type = String)]
    pub sender: AgencyId,
    /// The landlord or council.
    #[schema(value_type = String)]
    pub provider: AgencyId,
    /// When it was sent, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub sent_at: Timestamp,
    /// Where it stands.
    pub state: HousingState,
    /// The steps that the reader can take.
    pub possible: Vec<HousingTransition>,
    /// Where the person has lived.
    pub housing_history: Option<String>,
    /// What the person can do that a tenancy needs.
    pub independent_living_skills: Option<String>,
    /// How the vacancy suits.
    pub vacancy_suitability: Option<String>,
    /// What support the person needs.
    pub support_needs: Option<SupportNeeds>,
    /// How the team supports the person.
    pub team_support: Option<String>,
    /// The risks, as they were agreed with the person.
    pub risks: Option<AgreedRisks>,
    /// Under the duty to refer: the name to call the person by.
    pub name_to_use: Option<String>,
    /// Under the duty to refer: how the council may safely reach the person.
    pub reach: Option<String>,
    /// Under the duty to refer: from which day, or since when, the person has no home.
    #[schema(value_type = Option<String>, format = Date)]
    pub homeless_from: Option<Date>,
    /// Under the duty to refer: why.
    pub homeless_because: Option<HomelessBecause>,
    /// From which day the provider takes the person.
    #[schema(value_type = Option<String>, format = Date)]
    pub move_in_on: Option<Date>,
    /// Why it does not.
    pub declined_because: Option<DeclineReason>,
    /// What both sides told each other before the move, oldest first.
    pub told_before_move: Vec<ToldView>,
}

/// A risk that one side told the other.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToldView {
    /// Which side.
    #[schema(value_type = String)]
    pub from: AgencyId,
    /// What.
    pub told: MoveRisk,
}

/// What stands beside a referral that is no secret.
struct Reader {
    id: Handle,
    etag: String,
    client_ref: Option<Handle>,
    agency: AgencyId,
    today: Date,
    released: SegmentSet,
}

impl Disclosure for ReadHousing {
    type Action = HousingRead;
    type View = HousingView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::HousingReferral, self.id)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<HousingRead>,
    ) -> Result<Sealed<HousingView>, Rejection> {
        let (agency, target) = (call.caller.agency(), target_of(permit)?);
        let record = target.record.ok_or(Error::Corrupt("a referral to housing without a record"))?;
        let referral = tx.document_read::<_, HousingRecord>(permit, agency, record)?;
        let reader = Reader {
            id: self.id,
            etag: referral.etag().unwrap_or_default().to_owned(),
            client_ref: target.client_ref,
            agency: agency.clone(),
            today: self.setting.calendar.date_of(self.setting.journal.now()),
            released: permit.released(),
        };
        Ok(referral.beside(reader).view(shown))
    }
}

fn shown((document, reader): &(Document<HousingRecord>, Reader)) -> HousingView {
    let referral = &document.value;
    let housing = referral.items.as_ref().filter(|_| reader.released.contains(Segment::Housing));
    let homeless = |segment| referral.homelessness.as_ref().filter(|_| reader.released.contains(segment));
    let of = |item: fn(&SixItems) -> &String| housing.map(|items| item(items).clone());
    let with_risks = reader.released.contains(Segment::Risk);
    let told = referral.risks.iter().filter(|_| with_risks);
    HousingView {
        id: reader.id,
        etag: reader.etag.clone(),
        client_ref: reader.client_ref,
        sender: referral.sender.0.clone(),
        provider: referral.provider.clone(),
        sent_at: to_the_minute(referral.sent_at),
        state: referral.state,
        possible: referral.possible(&reader.agency, reader.today),
        housing_history: of(|items| &items.housing_history),
        independent_living_skills: of(|items| &items.independent_living_skills),
        vacancy_suitability: of(|items| &items.vacancy_suitability),
        support_needs: housing.map(|items| items.support_needs.clone()),
        team_support: of(|items| &items.team_support),
        risks: referral.items.as_ref().map(|items| items.risks.clone()).filter(|_| with_risks),
        name_to_use: homeless(Segment::Identity).map(|told| told.name_to_use.clone()),
        reach: homeless(Segment::Contact).map(|told| told.reach.clone()),
        homeless_from: homeless(Segment::Housing).map(|told| told.from),
        homeless_because: homeless(Segment::Housing).map(|told| told.because),
        move_in_on: referral.move_in_on,
        declined_because: referral.declined_because,
        told_before_move: told
            .map(|risk| ToldView { from: risk.by.0.clone(), told: risk.told.clone() })
            .collect(),
    }
}
