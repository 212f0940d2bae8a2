//! Section 14: release from prison, and what must be in place at the gate.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::filing::{Filed, filing, redacted};
use crate::domain::minute::Minute;
use crate::domain::validation::{
    clean_line, clean_lines, clean_text, plausible_date, plausible_minute, problem_of, valid_phone,
};
use crate::vocabulary::{Segment, SegmentSet};

crate::code_list! {
    /// What the person urgently needs on the day (Gwent 2014/15, handbook Annex B).
    pub enum UrgentNeed {
        Clothes = "clothes",
        Money = "money",
        BedTonight = "bed-tonight",
        Naloxone = "naloxone",
        ScriptToday = "script-today",
        Transport = "transport",
        Phone = "phone",
    }
}

/// An appointment after release; marked as a specialist project's, it is shown with `sex-work` only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseAppointment {
    /// With whom.
    #[validate(custom(function = "clean_line"))]
    pub with: String,
    /// When, to the minute.
    #[validate(custom(function = "plausible_minute"))]
    pub at: Minute,
    /// Where.
    #[validate(custom(function = "clean_lines"))]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub place: Vec<String>,
    /// Whom to ring.
    #[validate(custom(function = "valid_phone"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Whether it is at a project for people who sell sex.
    #[serde(default)]
    pub specialist_project: bool,
}

impl Filed for ReleaseAppointment {
    fn tags(&self) -> SegmentSet {
        SegmentSet::EMPTY.with(if self.specialist_project { Segment::SexWork } else { Segment::ReleasePlan })
    }
}

/// Section 14: `release-plan`; doses and scripts are `prescribing`, the conditions of a licence `offending`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[validate(schema(function = "release_is_in_order"))]
#[schema(as = DirRelease)]
pub struct Release {
    /// Date of release.
    #[validate(custom(function = "plausible_date"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release_on: Option<Date>,
    /// When the person is expected at the gate.
    #[validate(custom(function = "plausible_minute"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gate_at: Option<Minute>,
    /// The prison.
    #[validate(custom(function = "clean_line"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_establishment: Option<String>,
    /// Who escorts the person.
    #[validate(custom(function = "clean_line"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escort: Option<String>,
    /// Whether the person asked to be met at the gate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pick_up_wanted: Option<bool>,
    /// Who meets the person.
    #[validate(custom(function = "clean_line"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pick_up_by: Option<String>,
    /// Whether a letter with the appointment is handed over if nobody can come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub letter_fallback: Option<bool>,
    /// Area to which the person goes.
    #[validate(custom(function = "clean_line"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub going_to: Option<String>,
    /// What is needed on the day.
    #[validate(custom(function = "crate::domain::validation::no_repeats"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub urgent_needs: Vec<UrgentNeed>,
    /// First appointments.
    #[validate(length(max = 20), nested)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub appointments: Vec<ReleaseAppointment>,
    /// The plan for the first days.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// When the last dose was taken.
    #[validate(custom(function = "plausible_minute"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_dose_at: Option<Minute>,
    /// Drug and amount of the last dose.
    #[validate(custom(function = "clean_line"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_dose: Option<String>,
    /// Drug, amount and pharmacy of a bridging script.
    #[validate(custom(function = "clean_line"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bridging_script: Option<String>,
    /// Last day that the bridging script covers.
    #[validate(custom(function = "plausible_date"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bridging_until: Option<Date>,
    /// Conditions of a licence.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence_conditions: Option<String>,
}

filing!(Release {
    release_on => ReleasePlan,
    gate_at => ReleasePlan,
    from_establishment => ReleasePlan,
    escort => ReleasePlan,
    pick_up_wanted => ReleasePlan,
    pick_up_by => ReleasePlan,
    letter_fallback => ReleasePlan,
    going_to => ReleasePlan,
    urgent_needs => ReleasePlan,
    appointments => each,
    plan => ReleasePlan,
    last_dose_at => Prescribing,
    last_dose => Prescribing,
    bridging_script => Prescribing,
    bridging_until => Prescribing,
    licence_conditions => Offending,
});
redacted!(ReleaseAppointment);

fn release_is_in_order(release: &Release) -> Result<(), ValidationError> {
    let Some(day) = release.release_on else {
        return Ok(());
    };
    if release.gate_at.is_some_and(|gate| gate.date() != day) {
        return Err(problem_of("gate_at", "order", "must be on the day of release"));
    }
    if release.appointments.iter().any(|appointment| appointment.at.date() < day) {
        return Err(problem_of("appointments", "order", "must not be before release"));
    }
    if release.last_dose_at.is_some_and(|dose| dose.date() > day) {
        return Err(problem_of("last_dose_at", "order", "must not be after release"));
    }
    if release.bridging_until.is_some_and(|until| until < day) {
        return Err(problem_of("bridging_until", "order", "must not be before release"));
    }
    Ok(())
}
