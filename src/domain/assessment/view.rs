//! An assessment as one of its parties sees it: built from the segments that its policy released, never cut from the whole.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::codes::{
    AppointmentKind, AssessmentState, AttendanceOutcome, CancelReason, Disposal, EndReason, FollowUpDecision,
    GoodCause, NoticeKind, Residence, WarningText,
};
use super::model::{Appointment, AssessmentRecord, DrugTest, Kept, Notice, Requirement, Standing};
use crate::domain::dir::Person;
use crate::domain::dir::contact_codes::{AssessmentTrigger, IdentificationCriterion, Pathway};
use crate::domain::fault::to_the_minute;
use crate::domain::minute::Minute;
use crate::id::{AgencyId, Handle, WorkerId};
use crate::store::record::Document;
use crate::vocabulary::{Segment, SegmentSet};

/// An assessment as one of its parties sees it. What is left out is not for the reader, or is not there.
#[derive(Serialize, ToSchema)]
pub struct AssessmentView {
    /// What the reader calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What to send as `If-Match` with the next act.
    pub etag: String,
    /// What the reader calls the person.
    #[schema(value_type = Option<String>)]
    pub client_ref: Option<Handle>,
    /// Who the person is, as the other side wrote it down: once a notice of what the law requires was served.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    /// What led to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occasion: Option<OccasionView>,
    /// The test in custody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test: Option<DrugTest>,
    /// The last day for the first appointment.
    #[schema(value_type = String, format = Date)]
    pub first_appointment_by: Date,
    /// The appointments, oldest first. The police see the initial one, which they book.
    pub appointments: Vec<AppointmentView>,
    /// The notices that were served, oldest first.
    pub notices: Vec<NoticeView>,
    /// Where it stands; for those who assess.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<AssessmentState>,
    /// Whether the person agreed, where nobody must come; for those who assess.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreed: Option<bool>,
    /// When it was last written, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Timestamp,
}

/// What led to an assessment, and what became of the arrest.
#[derive(Serialize, ToSchema)]
pub struct OccasionView {
    /// How the person was identified.
    pub pathway: Pathway,
    /// What led to it.
    pub trigger: AssessmentTrigger,
    /// Why the person is believed to misuse drugs.
    pub criteria: Vec<IdentificationCriterion>,
    /// When.
    pub identified_at: Minute,
    /// Where the person lives.
    pub residence: Residence,
    /// Whether the law requires it.
    pub required: bool,
    /// Where it could, and was not: the officer who decided that.
    pub not_required_by: Option<WorkerId>,
    /// Why, as on the custody record.
    pub not_required_because: Option<String>,
    /// When the person left custody.
    pub released_at: Option<Minute>,
    /// What became of the offence.
    pub disposal: Option<Disposal>,
    /// What ended it early.
    pub ended: Option<EndReason>,
}

/// An appointment.
#[derive(Serialize, ToSchema)]
pub struct AppointmentView {
    /// Which.
    pub appointment: AppointmentKind,
    /// When.
    pub at: Minute,
    /// Where; of what comes after the initial one, for the team that holds it or booked it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The team that holds it.
    pub agency: AgencyId,
    /// Whether it is to come.
    pub booked: bool,
    /// Why it does not take place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancelled: Option<CancelReason>,
    /// How it was kept; for those who assess.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<AttendanceOutcome>,
    /// What was decided about a follow-up; for those who assess.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<FollowUpDecision>,
    /// The good cause; for the team that recorded it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub good_cause: Option<GoodCause>,
}

/// A notice.
#[derive(Serialize, ToSchema)]
pub struct NoticeView {
    /// Which.
    pub notice: NoticeKind,
    /// Of which appointment.
    pub appointment: AppointmentKind,
    /// The time that it states.
    pub at: Minute,
    /// The place that it states; of what comes after the initial one, for the team that served it, or holds or booked that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The warning that it carries.
    pub text: WarningText,
    /// When it was served.
    pub served_at: Minute,
    /// Whether a later one took its place.
    pub superseded: bool,
}

/// Who reads, and what is no secret beside the assessment.
pub(super) struct Reader {
    pub(super) agency: AgencyId,
    pub(super) id: Handle,
    pub(super) etag: String,
    pub(super) client_ref: Option<Handle>,
    pub(super) released: SegmentSet,
}

/// The view of an assessment.
pub(super) fn view(
    document: &Document<AssessmentRecord>,
    person: Option<Person>,
    reader: &Reader,
) -> AssessmentView {
    let record = &document.value;
    let recorded_at = Timestamp::from_microsecond(document.recorded_us).unwrap_or(Timestamp::MIN);
    let sees = |segment| reader.released.contains(segment);
    // What was found out by assessing belongs to those who assess.
    let assesses = sees(Segment::CarePlan);
    let shown = |kind| assesses || kind == AppointmentKind::Initial;
    AssessmentView {
        id: reader.id,
        etag: reader.etag.clone(),
        client_ref: reader.client_ref,
        person,
        occasion: sees(Segment::Offending).then(|| occasion(record)),
        test: record.test.clone().filter(|_| sees(Segment::DrugTest)),
        first_appointment_by: record.first_appointment_by,
        appointments: record
            .appointments
            .iter()
            .filter(|it| sees(Segment::Attendance) && shown(it.kind))
            .map(|it| appointment(it, reader, assesses))
            .collect(),
        notices: record
            .notices
            .iter()
            .filter(|it| sees(Segment::Attendance) && shown(it.of))
            .map(|it| notice(it, record, &reader.agency))
            .collect(),
        state: assesses.then(|| record.state()),
        agreed: record.consent.as_ref().filter(|_| assesses).map(|consent| consent.agreed),
        recorded_at: to_the_minute(recorded_at),
    }
}

fn occasion(record: &AssessmentRecord) -> OccasionView {
    let (not_required_by, not_required_because) = match &record.requirement {
        Requirement::NotImposed { authority, reasons } => (Some(authority.clone()), Some(reasons.clone())),
        Requirement::Voluntary | Requirement::Imposed => (None, None),
    };
    OccasionView {
        pathway: record.pathway,
        trigger: record.trigger,
        criteria: record.criteria.clone(),
        identified_at: record.identified_at,
        residence: record.residence,
        required: record.is_required(),
        not_required_by,
        not_required_because,
        released_at: record.release.as_ref().map(|release| release.at),
        disposal: record.release.as_ref().map(|release| release.disposal),
        ended: record.ending.as_ref().map(|ending| ending.reason),
    }
}

fn appointment(of: &Appointment, reader: &Reader, assesses: bool) -> AppointmentView {
    let kept: Option<&Kept> = of.kept().filter(|_| assesses);
    AppointmentView {
        appointment: of.kind,
        at: of.at,
        place: of.tells_place_to(&reader.agency).then(|| of.place.clone()),
        agency: of.agency.clone(),
        // Whether it is over already tells how it was kept.
        booked: if assesses { of.is_booked() } else { !matches!(of.standing, Standing::Moved) },
        cancelled: match &of.standing {
            Standing::Cancelled { reason } if assesses => Some(*reason),
            Standing::Booked | Standing::Moved | Standing::Cancelled { .. } | Standing::Recorded { .. } => {
                None
            }
        },
        outcome: kept.map(|kept| kept.outcome),
        follow_up: kept.and_then(|kept| kept.follow_up),
        good_cause: kept.filter(|kept| kept.by.0 == reader.agency).and_then(|kept| kept.good_cause),
    }
}

fn notice(of: &Notice, record: &AssessmentRecord, reader: &AgencyId) -> NoticeView {
    let mut appointments = record.appointments.iter();
    let is_told = of.by.0 == *reader
        || appointments
            .any(|it| (it.kind, it.at, &it.place) == (of.of, of.at, &of.place) && it.tells_place_to(reader));
    NoticeView {
        notice: of.kind,
        appointment: of.of,
        at: of.at,
        place: is_told.then(|| of.place.clone()),
        text: of.text,
        served_at: of.served_at,
        superseded: of.superseded,
    }
}
