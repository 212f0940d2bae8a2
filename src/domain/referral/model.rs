//! A referral as it is sent and as it is stored.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};
use validator::Validate;

pub use super::codes::{Need, ReferralOutcome, ReferralState, RejectionReason, ReturnReason, Urgency};
pub use super::route::{CareMoves, Carries, Route, ServiceType};
pub use super::summary::{AssessmentResult, Summary, Supervision};
use super::transition::Transition;
use crate::domain::fault::{Faults, FieldFault, is_distinct};
use crate::id::{AgencyId, Handle, PersonId, RecordId, WorkerId};

/// When and whence somebody is released, or where they go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReferralRelease)]
pub struct Release {
    /// The day of release, where known.
    #[schema(value_type = Option<String>, format = Date)]
    pub date: Option<Date>,
    /// The time of release, civil time, where known.
    #[schema(value_type = Option<String>, example = "10:30:00")]
    pub time: Option<Time>,
    /// The prison that the person is in or goes to.
    #[validate(length(min = 1, max = 80), non_control_character)]
    pub prison: String,
}

/// A place and time kept free for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReferralSlot)]
pub struct Slot {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Where, as printed on the person's card.
    #[validate(length(min = 1, max = 200), non_control_character)]
    pub place: String,
}

/// A referral as a worker drafts it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferralRequest {
    /// The sender's own reference for the person. The recipient never sees it.
    pub client_ref: Handle,
    /// The agency that it goes to.
    pub recipient: AgencyId,
    /// From which kind of service to which.
    pub route: Route,
    /// How soon.
    pub urgency: Urgency,
    /// The need in one word.
    pub need: Need,
    /// Without consent: only the slot and the need go; the person carries a printed card.
    #[serde(default)]
    pub anonymous: bool,
    /// The DIRs that it carries; none if it is anonymous.
    #[serde(default)]
    #[validate(length(max = 8))]
    pub dirs: Vec<Handle>,
    /// The release, or the prison to which the person goes.
    #[validate(nested)]
    pub release: Option<Release>,
    /// A slot that was agreed; required if it is anonymous.
    #[validate(nested)]
    pub slot: Option<Slot>,
    /// Whether the person wishes to be met at the gate.
    #[serde(default)]
    pub pick_up_wanted: bool,
    /// What goes to those who read no clinical record.
    #[validate(nested)]
    pub summary: Option<Summary>,
    /// The order or licence that the person is under, where the route rests on one.
    pub supervision: Option<Supervision>,
}

impl ReferralRequest {
    /// Checks what the form of the fields cannot say.
    ///
    /// # Errors
    /// Every rule that is broken, by field; the values stay here.
    pub fn check(&self, sender: &AgencyId) -> Result<(), Vec<FieldFault>> {
        let mut faults = Faults::default();
        faults.require(self.recipient != *sender, "recipient", "must be another agency");
        faults.require(is_distinct(&self.dirs), "dirs", "must not repeat an entry");
        faults.require(!self.anonymous || self.dirs.is_empty(), "dirs", "must be empty if anonymous");
        faults.require(!self.anonymous || self.slot.is_some(), "slot", "required if anonymous");
        // A named prison and day beside a slot could name the person.
        faults.require(!self.anonymous || self.release.is_none(), "release", "must be absent if anonymous");
        let dated = self.release.as_ref().is_some_and(|release| release.date.is_some());
        let releasing = self.route == Route::CaratToCjit && !self.anonymous;
        faults.require(!releasing || dated, "release", "carat-to-cjit needs the release date");
        let receiving = self.route == Route::CjitToCarat && !self.anonymous;
        faults.require(!receiving || self.release.is_some(), "release", "cjit-to-carat needs the prison");
        let critical = self.urgency == Urgency::ReleaseCritical && !self.anonymous;
        faults.require(!critical || dated, "urgency", "release-critical needs the release date");
        faults.require(!self.anonymous || !self.pick_up_wanted, "pick_up_wanted", "needs consent");
        faults.require(!self.anonymous || self.summary.is_none(), "summary", "must be absent if anonymous");
        self.check_route(dated, &mut faults);
        faults.into_result()
    }

    /// What the route may not carry, and what it rests on.
    fn check_route(&self, dated: bool, faults: &mut Faults) {
        let may = self.route.carries();
        let barred = "this route may not carry it";
        let met = self.need.service().is_none_or(|service| service == self.route.service());
        faults.require(met, "need", "is met by another service than the one to which the route leads");
        faults.require(may.records || self.dirs.is_empty(), "dirs", barred);
        faults.require(may.release || self.release.is_none(), "release", barred);
        faults.require(may.pick_up || !self.pick_up_wanted, "pick_up_wanted", barred);
        faults.require(may.supervision || self.supervision.is_none(), "supervision", barred);
        if let Some(summary) = &self.summary {
            faults.require(!summary.is_empty(), "summary", "must say something");
            let clinical = summary.main_drug.is_some();
            faults.require(may.summary || !clinical, "summary.main_drug", barred);
            faults.require(may.summary || summary.care_plan.is_none(), "summary.care_plan", barred);
            faults.require(may.assessment || summary.assessment.is_none(), "summary.assessment", barred);
        }
        if self.anonymous {
            return;
        }
        let before = self.route.is_before_release();
        faults.require(!before || dated, "release", "this route needs the release date");
        let assessed = self.summary.as_ref().is_some_and(|summary| summary.assessment.is_some());
        faults.require(!may.assessment || assessed, "summary.assessment", "this route tells how it went");
        let supervised = match self.route {
            Route::CjitToProbation => self.supervision == Some(Supervision::Drr),
            _ => !may.supervision || self.supervision.is_some(),
        };
        faults.require(supervised, "supervision", "this route rests on the order or licence");
    }
}

/// By when the next steps are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Due {
    /// The acknowledgement.
    #[schema(value_type = String, format = DateTime)]
    pub ack_due: Timestamp,
    /// The decision; after a return, the sender's answer.
    #[schema(value_type = String, format = DateTime)]
    pub decision_due: Timestamp,
    /// The first contact.
    #[schema(value_type = String, format = DateTime)]
    pub contact_due: Timestamp,
    /// After which moment it expires if nobody moves it; only set where it can.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_after: Option<Timestamp>,
}

/// One step that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What.
    pub transition: Transition,
    /// The state that it led to.
    pub to: ReferralState,
    /// When.
    pub at: Timestamp,
    /// By whom; `None` if the gateway did by itself.
    pub by: Option<(AgencyId, WorkerId)>,
}

/// What the latest steps left behind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    /// The recipient's worker who took it on.
    pub named_worker: Option<WorkerId>,
    /// Why it was rejected.
    pub rejection_reason: Option<RejectionReason>,
    /// Why it did not stay where it was sent.
    #[serde(default)]
    pub return_reason: Option<ReturnReason>,
    /// What the recipient asked for when returning it.
    pub information_requested: Option<String>,
    /// The agency where it belongs, as the recipient said.
    #[serde(default)]
    pub belongs_with: Option<AgencyId>,
    /// Why it was put on hold or cancelled.
    pub reason: Option<String>,
    /// When a hold is looked at again.
    pub review_due: Option<Date>,
    /// When the first contact took place.
    pub first_contact_at: Option<Timestamp>,
    /// How it ended for the person.
    pub outcome: Option<ReferralOutcome>,
}

/// One version of a referral as stored. Every step is a new version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferralRecord {
    /// The same for all its versions.
    pub id: RecordId,
    /// 1 for the draft.
    pub version: u32,
    /// The person it is about.
    pub person: PersonId,
    /// The agency that sends it.
    pub sender: AgencyId,
    /// The agency that it goes to.
    pub recipient: AgencyId,
    /// The worker who drafted it.
    pub author: WorkerId,
    /// When it was drafted.
    pub created_at: Timestamp,
    /// From which kind of service to which.
    pub route: Route,
    /// How soon.
    pub urgency: Urgency,
    /// The need in one word.
    pub need: Need,
    /// Whether the recipient sees the slot and the need alone.
    pub anonymous: bool,
    /// The DIRs that it carries.
    pub dirs: Vec<RecordId>,
    /// The release, or the prison to which the person goes.
    pub release: Option<Release>,
    /// The agreed slot.
    pub slot: Option<Slot>,
    /// Whether the person wishes to be met at the gate.
    pub pick_up_wanted: bool,
    /// What goes to those who read no clinical record.
    #[serde(default)]
    pub summary: Option<Summary>,
    /// The order or licence that the person is under, where the route rests on one.
    #[serde(default)]
    pub supervision: Option<Supervision>,
    /// The referral as which it went on.
    #[serde(default)]
    pub continued_as: Option<RecordId>,
    /// Where it stands.
    pub state: ReferralState,
    /// By when the next steps are due; set when it is sent.
    pub due: Option<Due>,
    /// What the steps left behind.
    pub findings: Findings,
    /// The steps, oldest first.
    pub history: Vec<Step>,
}

impl ReferralRecord {
    /// Whether it has brought a record of the person from one agency to another.
    pub fn has_brought_record(&self, from: &AgencyId, to: &AgencyId) -> bool {
        self.sender == *from && self.recipient == *to && !self.dirs.is_empty() && self.state.has_arrived()
    }
}

/// What the gateway itself knows of a new referral.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The record's id.
    pub id: RecordId,
    /// The person behind the sender's reference.
    pub person: PersonId,
    /// The sending agency.
    pub sender: AgencyId,
    /// Its worker.
    pub author: WorkerId,
    /// When it is drafted.
    pub created_at: Timestamp,
    /// The DIRs behind the sender's handles, in their order.
    pub dirs: Vec<RecordId>,
}

impl ReferralRequest {
    /// The referral as it is stored first: a draft, which its recipient does not see.
    pub fn into_draft(self, origin: Origin) -> ReferralRecord {
        ReferralRecord {
            id: origin.id,
            version: 1,
            person: origin.person,
            sender: origin.sender,
            recipient: self.recipient,
            author: origin.author,
            created_at: origin.created_at,
            route: self.route,
            urgency: self.urgency,
            need: self.need,
            anonymous: self.anonymous,
            dirs: origin.dirs,
            release: self.release,
            slot: self.slot,
            pick_up_wanted: self.pick_up_wanted,
            summary: self.summary,
            supervision: self.supervision,
            continued_as: None,
            state: ReferralState::Draft,
            due: None,
            findings: Findings::default(),
            history: Vec::new(),
        }
    }
}
