//! Meeting somebody at the gate: a matter of three parties, the home team that asks, the host team near the prison, and the prison.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, Time, time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::calendar::Calendar;
use crate::domain::dir::filing::redacted;
use crate::domain::validation::{clean_line, clean_text, valid_phone};
use crate::id::{AgencyId, RecordId, WorkerId};
use crate::vocabulary::{Segment, SegmentSet};

/// When somebody should be at a gate whose time nobody knows.
const GATE_OPENS: Time = time(8, 30, 0, 0);

crate::code_list! {
    /// Where a pick-up stands.
    pub enum PickUpState {
        /// Asked for; the host and the prison have not both agreed.
        Asked = "asked",
        /// All three agree.
        Agreed = "agreed",
        /// One of them cannot: a letter is handed over instead.
        Declined = "declined",
        /// The person was met.
        Met = "met",
        /// Nobody came out, or nobody was there.
        NotMet = "not-met",
        Cancelled = "cancelled",
    }
}

crate::code_list! {
    /// A step; its code is the last part of the URL `/pick-ups/{id}/{step}`.
    pub enum PickUpStep {
        /// The host, or the prison.
        Agree = "agree",
        /// The host, or the prison.
        Decline = "decline",
        /// The host, on the day.
        NoteMet = "note-met",
        /// The host, on the day.
        NoteNotMet = "note-not-met",
        /// The home team.
        Cancel = "cancel",
    }
}

crate::code_list! {
    /// Who of the three an agency is.
    pub enum PickUpSide {
        Home = "home",
        Host = "host",
        Prison = "prison",
    }
}

/// A pick-up as the home team asks for it, at the person's own request.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PickUpAsked {
    /// The team near the prison, whose worker meets the person.
    pub host: AgencyId,
    /// The prison's own team, who brings the person to the gate.
    pub prison_team: AgencyId,
    /// The name to call the person by.
    #[validate(custom(function = "clean_line"))]
    pub name_to_use: String,
    /// Where the person is taken: to which train, or to whom.
    #[validate(custom(function = "clean_line"))]
    pub onward: String,
    /// The person's own number.
    #[validate(custom(function = "valid_phone"))]
    #[serde(default)]
    pub phone: Option<String>,
    /// How the person may safely be reached and spoken to.
    #[validate(custom(function = "clean_text"))]
    #[serde(default)]
    pub safe_contact: Option<String>,
    /// What the worker at the gate must know for the worker's own safety.
    #[validate(custom(function = "clean_text"))]
    #[serde(default)]
    pub staff_safety: Option<String>,
}

/// What goes with a step of a pick-up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PickUpStepTaken {
    /// `decline`, `note-not-met`, `cancel`: why, without anything about the person.
    #[validate(length(min = 1, max = 300), non_control_character)]
    pub reason: Option<String>,
}

/// Segment `identity`.
#[derive(Serialize, Deserialize)]
pub(super) struct Who {
    pub(super) name_to_use: String,
}

/// Segment `contact`.
#[derive(Serialize, Deserialize)]
pub(super) struct Reach {
    pub(super) phone: Option<String>,
    pub(super) safe_contact: Option<String>,
}

/// Segment `attendance`: when and where, as the release plan says.
#[derive(Serialize, Deserialize)]
pub(super) struct When {
    pub(super) release_on: Date,
    pub(super) gate_at: Option<Time>,
    pub(super) prison: String,
    pub(super) onward: String,
}

/// Segment `risk`.
#[derive(Serialize, Deserialize)]
pub(super) struct Safety {
    pub(super) staff_safety: String,
}

/// The part of a pick-up that is no segment: who takes part, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PickUpRecord {
    /// The release plan that it belongs to.
    pub plan: RecordId,
    /// The team that asks.
    pub home: AgencyId,
    /// The team that meets the person.
    pub host: AgencyId,
    /// The prison's team.
    pub prison_team: AgencyId,
    /// Who asked for it, and when.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
    /// Where it stands.
    pub state: PickUpState,
    /// Those who agreed.
    pub agreed: Vec<AgencyId>,
    /// Why it came to nothing.
    pub reason: Option<String>,
}

redacted!(PickUpAsked);

/// What every reader must be permitted to make sense of it: who, and when and where.
pub(super) const NEEDED: [Segment; 2] = [Segment::Identity, Segment::Attendance];

/// Why a step was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidPickUpStep {
    /// Not from its present state, or not this party's to take.
    NotFromHere,
    /// A reason is missing, or there is one with a step that takes none.
    Reason,
}

impl PickUpRecord {
    /// Who of the three this agency is.
    pub fn side_of(&self, agency: &AgencyId) -> Option<PickUpSide> {
        if self.home == *agency {
            Some(PickUpSide::Home)
        } else if self.host == *agency {
            Some(PickUpSide::Host)
        } else {
            (self.prison_team == *agency).then_some(PickUpSide::Prison)
        }
    }

    /// Whether it may still come about.
    pub const fn is_open(&self) -> bool {
        matches!(self.state, PickUpState::Asked | PickUpState::Agreed)
    }

    /// Where a step leads, taken by this agency; `None` if it is not possible.
    pub fn leads(&self, step: PickUpStep, agency: &AgencyId) -> Option<PickUpState> {
        let side = self.side_of(agency)?;
        let has_agreed = self.agreed.contains(agency);
        match (step, side, self.state) {
            (PickUpStep::Agree, PickUpSide::Host | PickUpSide::Prison, PickUpState::Asked) if !has_agreed => {
                let all = !self.agreed.is_empty();
                Some(if all { PickUpState::Agreed } else { PickUpState::Asked })
            }
            (
                PickUpStep::Decline,
                PickUpSide::Host | PickUpSide::Prison,
                PickUpState::Asked | PickUpState::Agreed,
            ) => Some(PickUpState::Declined),
            (PickUpStep::NoteMet, PickUpSide::Host, PickUpState::Agreed) => Some(PickUpState::Met),
            (PickUpStep::NoteNotMet, PickUpSide::Host, PickUpState::Agreed) => Some(PickUpState::NotMet),
            (PickUpStep::Cancel, PickUpSide::Home, PickUpState::Asked | PickUpState::Agreed) => {
                Some(PickUpState::Cancelled)
            }
            _ => None,
        }
    }

    /// The steps that are possible for this agency.
    pub fn possible(&self, agency: &AgencyId) -> impl Iterator<Item = PickUpStep> {
        PickUpStep::ALL.iter().copied().filter(|step| self.leads(*step, agency).is_some())
    }

    /// The next version, after a step of this agency.
    ///
    /// # Errors
    /// When it is not possible, or its reason does not fit.
    pub fn stepped(
        &self,
        step: PickUpStep,
        taken: &PickUpStepTaken,
        agency: &AgencyId,
    ) -> Result<Self, InvalidPickUpStep> {
        let state = self.leads(step, agency).ok_or(InvalidPickUpStep::NotFromHere)?;
        let needs = matches!(step, PickUpStep::Decline | PickUpStep::NoteNotMet | PickUpStep::Cancel);
        if needs != taken.reason.is_some() {
            return Err(InvalidPickUpStep::Reason);
        }
        let mut next = Self { state, reason: taken.reason.clone(), ..self.clone() };
        if step == PickUpStep::Agree {
            next.agreed.push(agency.clone());
        }
        Ok(next)
    }
}

impl PickUpAsked {
    /// The JSON of the segments that were sent with it.
    pub(super) fn segments(&self) -> Result<BTreeMap<Segment, Vec<u8>>, serde_json::Error> {
        let mut segments = BTreeMap::new();
        let who = Who { name_to_use: self.name_to_use.clone() };
        segments.insert(Segment::Identity, serde_json::to_vec(&who)?);
        if self.phone.is_some() || self.safe_contact.is_some() {
            let reach = Reach { phone: self.phone.clone(), safe_contact: self.safe_contact.clone() };
            segments.insert(Segment::Contact, serde_json::to_vec(&reach)?);
        }
        if let Some(staff_safety) = self.staff_safety.clone() {
            segments.insert(Segment::Risk, serde_json::to_vec(&Safety { staff_safety })?);
        }
        Ok(segments)
    }
}

/// The moment at which somebody should be at the gate.
pub(super) fn gate_moment(release_on: Date, gate_at: Option<Time>, calendar: &Calendar) -> Timestamp {
    calendar.moment(release_on, gate_at.unwrap_or(GATE_OPENS))
}

/// Whether a set of segments lets a party make sense of it.
pub fn suffices(segments: SegmentSet) -> bool {
    NEEDED.iter().all(|segment| segments.contains(*segment))
}

#[cfg(test)]
#[path = "pick_up_tests.rs"]
mod tests;
