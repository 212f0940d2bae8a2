//! Referring somebody to a landlord or a council: the six items, with the person's consent for this provider.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::codes::HousingState;
use super::duty::{Homelessness, is_under_duty};
use super::items::SixItems;
use super::moving::HousingMoved;
use super::referral::HousingRecord;
use super::telling::notify;
use crate::calendar::Calendar;
use crate::directory::AgencyStatus;
use crate::domain::agreed::{Passing, consent_required, may_pass};
use crate::domain::fault::FieldFault;
use crate::domain::flag::{Reappeared, tell_reappearance};
use crate::domain::task::Halfway;
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::{Journal, worker};
use crate::policy::action::HousingWrite;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::Kind;
use crate::vocabulary::{AgencyType, DutyRole, Purpose, Segment, SegmentSet, TaskKind};

/// Within how many working days a provider answers (our default).
const WORKING_DAYS: u32 = 5;

/// What each request about housing needs to know.
#[derive(Clone)]
pub struct Setting {
    /// Knows the time and the directory.
    pub journal: Journal,
    /// The working days.
    pub calendar: Arc<Calendar>,
}

impl Setting {
    /// Refuses a provider that does not take part.
    pub(super) fn is_provider(&self, provider: &AgencyId) -> Result<(), Problem> {
        let directory = self.journal.directory();
        let takes_part = directory.agency(provider).is_some_and(|agency| {
            agency.status == AgencyStatus::Active && agency.agency_type == AgencyType::Housing
        });
        if takes_part {
            return Ok(());
        }
        let message = "must be an active landlord or council";
        Err(Problem::field(ProblemType::UnprocessableDocument, "provider", "unknown-agency", message))
    }

    /// What would pass to a provider.
    pub(super) fn passing(
        &self,
        from: &AgencyId,
        to: &AgencyId,
        what: SegmentSet,
        now: Timestamp,
    ) -> Passing {
        let (from, to, today) = (from.clone(), to.clone(), self.calendar.date_of(now));
        Passing { from, to, purpose: Purpose::HousingSupport, what, now, today }
    }
}

/// A referral as it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HousingReferred {
    /// The landlord or council.
    #[schema(value_type = String)]
    pub provider: AgencyId,
    /// What it is told of who looks for a home.
    #[validate(nested)]
    pub items: Option<SixItems>,
    /// What a council is told under the duty to refer; prisons and probation send this, and others the six items.
    #[validate(nested)]
    pub homelessness: Option<Homelessness>,
}

/// `POST /clients/{ref}/housing-referrals`.
pub struct ReferToHousing {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// The referral.
    pub referred: HousingReferred,
    /// What there is besides.
    pub setting: Setting,
}

impl Command for ReferToHousing {
    type Action = HousingWrite;
    type Acknowledgement = HousingMoved;
    // Flags of others, of which the agency must learn nothing, make a difference in time.
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<HousingWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<HousingMoved>, Rejection> {
        let principal = worker(call)?;
        let (agency, person) = (&principal.agency, target_of(permit)?.person);
        let HousingReferred { provider, items, homelessness } = &self.referred;
        let calendar = &self.setting.calendar;
        let today = calendar.date_of(changes.now());
        let what = self.what(principal.agency_type, today).map_err(|fault| {
            Problem::field(ProblemType::UnprocessableDocument, fault.field, "rule", fault.rule)
        })?;
        self.setting.is_provider(provider)?;
        let passing = self.setting.passing(agency, provider, what, changes.now());
        tx.documents_of_person(permit, person, Kind::Consent)?
            .judge(&passing, may_pass)
            .map_err(|()| consent_required("provider"))?;
        let version = NewVersion::first(Kind::HousingReferral, person, agency);
        let referral = HousingRecord {
            version: 1,
            sender: (agency.clone(), principal.worker.clone()),
            provider: provider.clone(),
            sent_at: changes.now(),
            items: items.clone(),
            homelessness: homelessness.clone(),
            state: HousingState::Sent,
            move_in_on: None,
            declined_because: None,
            risks: Vec::new(),
        };
        changes.document_put_sent(tx, &version, &referral)?;
        let id = changes.own_handle(tx, &version)?;
        changes.client_make_known(tx, provider, version.person)?;
        let subject = notify(tx, changes, &version, provider)?;
        let due_at = calendar.end_of(calendar.add_working_days(today, WORKING_DAYS));
        let (lies_with, kind) = ((provider, DutyRole::Housing), TaskKind::AnswerHousingReferral);
        Halfway { lies_with, holder: None, kind, subject, due_at }.put(changes, &version);
        tell_reappearance(tx, permit, changes, person, Reappeared::Referred, agency, None)?;
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/housing-referrals/{id}")),
            etag: Some(tx.etag(agency, version.record, 1)),
            acknowledgement: HousingMoved { id },
        })
    }
}

impl ReferToHousing {
    /// What of the person is told: either what the duty to refer says, or the six items.
    fn what(&self, sender: AgencyType, today: Date) -> Result<SegmentSet, FieldFault> {
        let HousingReferred { items, homelessness, .. } = &self.referred;
        let fault = |field, rule| Err(FieldFault { field, rule });
        match (is_under_duty(sender), items, homelessness) {
            (true, None, Some(homelessness)) => {
                homelessness.check(today)?;
                Ok(Homelessness::segments())
            }
            (true, ..) => fault("homelessness", "is what prisons and probation send, and nothing else"),
            (false, Some(items), None) if items.risks.agreed_on > today => {
                fault("items.risks.agreed_on", "must not be in the future")
            }
            (false, Some(_), None) => Ok(SegmentSet::EMPTY.with(Segment::Housing).with(Segment::Risk)),
            (false, ..) => fault("items", "are what a team sends, and nothing else"),
        }
    }
}
