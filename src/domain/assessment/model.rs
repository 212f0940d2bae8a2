//! An assessment as stored: appointments, notices and attendance, and nothing of what was said in it. A leaf.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::codes::{
    AppointmentKind, AssessmentState, AttendanceOutcome, CancelReason, Disposal, EndReason, Engagement,
    FollowUpDecision, GoodCause, NoticeKind, Residence, WarningText,
};
use crate::domain::dir::contact_codes::{
    AssessmentTrigger, IdentificationCriterion, Pathway, TestResult, TestType,
};
use crate::domain::minute::Minute;
use crate::id::{AgencyId, Handle, PersonId, RecordId, SlotId, WorkerId};

/// A worker of an agency.
pub type Party = (AgencyId, WorkerId);

/// One version of an assessment as stored. Every act is a new version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssessmentRecord {
    /// The same for all its versions.
    pub id: RecordId,
    /// 1 for the first.
    pub version: u32,
    /// The person.
    pub person: PersonId,
    /// The police who imposed it, or who sent the person.
    pub police: Option<AgencyId>,
    /// The team that assesses.
    pub assessor: AgencyId,
    /// Who recorded it.
    pub opened_by: Party,
    /// When.
    pub recorded_at: Timestamp,
    /// How the person was identified.
    pub pathway: Pathway,
    /// What led to it.
    pub trigger: AssessmentTrigger,
    /// Why the person is believed to misuse drugs.
    pub criteria: Vec<IdentificationCriterion>,
    /// The test in custody.
    pub test: Option<DrugTest>,
    /// When the person was identified.
    pub identified_at: Minute,
    /// Where the person lives.
    pub residence: Residence,
    /// The last day for the first appointment.
    pub first_appointment_by: Date,
    /// Whether the law requires it.
    pub requirement: Requirement,
    /// Whether the person agreed, where it is not required.
    pub consent: Option<ConsentAnswer>,
    /// The appointments, oldest first.
    pub appointments: Vec<Appointment>,
    /// The notices that were served, oldest first.
    pub notices: Vec<Notice>,
    /// The release from custody.
    pub release: Option<Release>,
    /// What ended it early.
    pub ending: Option<Ending>,
}

/// A drug test in custody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DrugTest {
    /// On what authority it was taken.
    pub r#type: TestType,
    /// What it found.
    pub result: TestResult,
}

impl DrugTest {
    /// Whether it found a specified drug.
    pub const fn is_positive(&self) -> bool {
        matches!(
            self.result,
            TestResult::PositiveOpiates | TestResult::PositiveCocaine | TestResult::PositiveBoth
        )
    }
}

/// Whether the law requires the person to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Requirement {
    /// Nobody must come.
    Voluntary,
    /// To attend and remain at the initial assessment, and at the follow-up if there is one.
    Imposed,
    /// It could have been imposed, and an officer of the rank of inspector or above decided otherwise.
    NotImposed {
        /// The officer.
        authority: WorkerId,
        /// Why, as the custody record has it.
        reasons: String,
    },
}

/// Whether the person agreed to be assessed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentAnswer {
    /// Yes or no.
    pub agreed: bool,
    /// When the person was warned that a refusal may be told.
    pub warned_at: Option<Minute>,
    /// Who asked.
    pub by: Party,
    /// When it was entered.
    pub at: Timestamp,
}

/// An appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    /// Which.
    pub kind: AppointmentKind,
    /// When.
    pub at: Minute,
    /// Where.
    pub place: String,
    /// The team that holds it.
    pub agency: AgencyId,
    /// The slot that was taken for it.
    pub slot: Option<Handle>,
    /// Who booked it.
    pub booked_by: Party,
    /// What became of it.
    pub standing: Standing,
}

/// What became of an appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "standing", rename_all = "kebab-case")]
pub enum Standing {
    /// It is to come.
    Booked,
    /// Another place or time was given for it.
    Moved,
    /// It did not take place.
    Cancelled {
        /// Why.
        reason: CancelReason,
    },
    /// It was kept, or not.
    Recorded {
        /// How.
        kept: Kept,
    },
}

/// How an appointment was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// How.
    pub outcome: AttendanceOutcome,
    /// When it ended, or was given up.
    pub at: Minute,
    /// What was tried first.
    pub engagement: Option<Engagement>,
    /// The good cause.
    pub good_cause: Option<GoodCause>,
    /// What the worker decided before it ended.
    pub follow_up: Option<FollowUpDecision>,
    /// Who recorded it.
    pub by: Party,
    /// When it was entered.
    pub recorded_at: Timestamp,
}

/// A notice that was served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Which.
    pub kind: NoticeKind,
    /// Of which appointment.
    pub of: AppointmentKind,
    /// The time that it states.
    pub at: Minute,
    /// The place that it states.
    pub place: String,
    /// The warning that it carries.
    pub text: WarningText,
    /// When it was served.
    pub served_at: Minute,
    /// When the time of the appointment was written on the drug test form.
    pub dt1_at: Option<Minute>,
    /// Who issued it.
    pub by: Party,
    /// Whether a later one took its place.
    pub superseded: bool,
}

/// The release from custody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// When.
    pub at: Minute,
    /// What became of the offence.
    pub disposal: Disposal,
    /// Who recorded it.
    pub by: Party,
}

/// What ended an assessment early.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// What.
    pub reason: EndReason,
    /// When it was entered.
    pub at: Timestamp,
    /// Who entered it.
    pub by: Party,
}

impl Appointment {
    /// Whether it is to come.
    pub fn is_booked(&self) -> bool {
        self.standing == Standing::Booked
    }

    /// How it was kept, if that is recorded.
    pub fn kept(&self) -> Option<&Kept> {
        match &self.standing {
            Standing::Recorded { kept } => Some(kept),
            Standing::Booked | Standing::Moved | Standing::Cancelled { .. } => None,
        }
    }

    /// Whether an agency is told where it is. A follow-up may be at a project whose address tells what that is for: so the place of
    /// nobody's follow-up is told to those who neither hold nor booked it.
    pub fn tells_place_to(&self, reader: &AgencyId) -> bool {
        self.kind == AppointmentKind::Initial || self.agency == *reader || self.booked_by.0 == *reader
    }

    /// Whether somebody came and stayed.
    pub fn is_attended(&self) -> bool {
        self.kept().is_some_and(|kept| kept.outcome == AttendanceOutcome::AttendedAndRemained)
    }
}

impl AssessmentRecord {
    /// Whether the law requires it.
    pub fn is_required(&self) -> bool {
        self.requirement == Requirement::Imposed
    }

    /// Whether any notice was served.
    pub fn is_notified(&self) -> bool {
        !self.notices.is_empty()
    }

    /// Whether the person refused to be assessed, and was warned before that this may be told.
    pub fn is_declined_after_warning(&self) -> bool {
        self.consent.as_ref().is_some_and(|consent| !consent.agreed && consent.warned_at.is_some())
    }

    /// The latest appointment of a kind.
    pub fn latest(&self, kind: AppointmentKind) -> Option<&Appointment> {
        self.appointments.iter().rev().find(|appointment| appointment.kind == kind)
    }

    /// The appointment of a kind that is to come.
    pub fn booked(&self, kind: AppointmentKind) -> Option<&Appointment> {
        self.latest(kind).filter(|appointment| appointment.is_booked())
    }

    /// The notice in force that states the time and place of this appointment.
    pub fn notice_of(&self, appointment: &Appointment) -> Option<&Notice> {
        self.notices.iter().find(|notice| {
            !notice.superseded
                && notice.of == appointment.kind
                && (notice.at, &notice.place) == (appointment.at, &appointment.place)
        })
    }

    /// The appointment that comes after the initial one on this pathway.
    pub const fn next_kind(&self) -> AppointmentKind {
        match self.pathway {
            Pathway::Enforcement => AppointmentKind::FollowUp,
            Pathway::ProactiveEngagement => AppointmentKind::Additional,
        }
    }

    /// Where it stands.
    pub fn state(&self) -> AssessmentState {
        if self.ending.is_some() {
            return AssessmentState::Ended;
        }
        if matches!(self.requirement, Requirement::NotImposed { .. }) {
            return AssessmentState::NotImposed;
        }
        if self.consent.as_ref().is_some_and(|consent| !consent.agreed) {
            return AssessmentState::Declined;
        }
        // Who was there and refused to engage must come to a follow-up all the same.
        let refused = |kept: &Kept| self.is_required() && kept.outcome == AttendanceOutcome::RefusedToEngage;
        let initial = self.latest(AppointmentKind::Initial);
        let held = initial.filter(|initial| initial.is_attended() || initial.kept().is_some_and(refused));
        let Some(kept) = held.and_then(Appointment::kept) else {
            return AssessmentState::Awaited;
        };
        let needs_more = kept.follow_up == Some(FollowUpDecision::Needed) || refused(kept);
        let has_more = self.latest(self.next_kind()).is_some_and(Appointment::is_attended);
        if needs_more && !has_more { AssessmentState::FollowUpAwaited } else { AssessmentState::Completed }
    }

    /// Whether somebody is still to come.
    pub fn is_open(&self) -> bool {
        matches!(self.state(), AssessmentState::Awaited | AssessmentState::FollowUpAwaited)
    }

    /// The slots that nobody else can have: those of appointments that are to come, and of those that were held or missed.
    pub fn slots_claimed(&self) -> Vec<SlotId> {
        let is_claimed = |appointment: &&Appointment| {
            appointment.kept().is_some() || (appointment.is_booked() && self.is_open())
        };
        let claimed = self.appointments.iter().filter(is_claimed);
        claimed.filter_map(|appointment| appointment.slot.map(SlotId::of)).collect()
    }

    /// Whether the agency has a part in it: it imposed it, assesses, or holds an appointment.
    pub fn is_party(&self, agency: &AgencyId) -> bool {
        self.police.as_ref() == Some(agency)
            || self.assessor == *agency
            || self.appointments.iter().any(|appointment| appointment.agency == *agency)
    }
}
