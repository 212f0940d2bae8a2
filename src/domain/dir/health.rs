//! Section 7: physical and mental health, medication, and blood-borne viruses.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::filing::{Filed, filing, redacted};
use crate::domain::validation::{clean_line, clean_lines, clean_text, plausible_date, problem_of};
use crate::vocabulary::{Segment, SegmentSet};

crate::code_list! {
    /// What a medicine is for: it decides who is shown it, because a medicine tells of the illness.
    pub enum Treats {
        PhysicalHealth = "physical-health",
        MentalHealth = "mental-health",
        DrugDependence = "drug-dependence",
        BloodBorneVirus = "blood-borne-virus",
    }
}

crate::code_list! {
    /// Whether the person is pregnant.
    pub enum Pregnancy {
        Pregnant = "pregnant",
        NotPregnant = "not-pregnant",
        NotKnown = "not-known",
        NotApplicable = "not-applicable",
    }
}

crate::code_list! {
    /// Naloxone to take home (national dataset, additional items).
    pub enum Naloxone {
        Issued = "issued",
        AlreadyHas = "already-has",
        Declined = "declined",
        NotOffered = "not-offered",
    }
}

crate::code_list! {
    /// Where testing or treatment for a blood-borne virus stands.
    pub enum BbvStatus {
        NotTested = "not-tested",
        TestOffered = "test-offered",
        Negative = "negative",
        Positive = "positive",
        InTreatment = "in-treatment",
        Cleared = "cleared",
        Declined = "declined",
    }
}

crate::code_list! {
    /// Vaccination against hepatitis B.
    pub enum HepatitisBVaccination {
        NotOffered = "not-offered",
        Declined = "declined",
        Course1 = "first-dose",
        Course2 = "second-dose",
        Complete = "complete",
        Immune = "immune",
    }
}

/// A medicine, filed by what it is for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Medication {
    /// The medicine by name.
    #[validate(custom(function = "clean_line"))]
    pub name: String,
    /// What it is for: decides who is shown it.
    pub treats: Treats,
    /// Dose and how often.
    #[validate(custom(function = "clean_line"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dose: Option<String>,
    /// Who prescribes it.
    #[validate(custom(function = "clean_line"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prescribed_by: Option<String>,
}

impl Filed for Medication {
    fn tags(&self) -> SegmentSet {
        SegmentSet::EMPTY.with(match self.treats {
            Treats::PhysicalHealth => Segment::PhysicalHealth,
            Treats::MentalHealth => Segment::MentalHealth,
            Treats::DrugDependence => Segment::Prescribing,
            Treats::BloodBorneVirus => Segment::BloodBorneVirus,
        })
    }
}

/// Section 7. Blood-borne viruses are a silent segment of their own.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[validate(schema(function = "pregnancy_has_a_date_only_if_pregnant"))]
pub struct Health {
    /// Physical health, wounds and injecting sites included.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub physical_health: Option<String>,
    /// Allergies, at most ten.
    #[validate(custom(function = "clean_lines"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allergies: Vec<String>,
    /// Whether the person is pregnant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pregnancy: Option<Pregnancy>,
    /// When the child is due.
    #[validate(custom(function = "plausible_date"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// The general practitioner or surgery.
    #[validate(custom(function = "clean_line"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gp: Option<String>,
    /// Naloxone to take home.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub naloxone: Option<Naloxone>,
    /// Medicines, each shown only to who may know what it treats.
    #[validate(length(max = 40), nested)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub medication: Vec<Medication>,
    /// Mental health, admissions and sections included.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mental_health: Option<String>,
    /// The mental health service.
    #[validate(custom(function = "clean_line"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mental_health_service: Option<String>,
    /// Hepatitis B.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hepatitis_b: Option<BbvStatus>,
    /// Vaccination against hepatitis B.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hepatitis_b_vaccination: Option<HepatitisBVaccination>,
    /// Hepatitis C.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hepatitis_c: Option<BbvStatus>,
    /// HIV.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hiv: Option<BbvStatus>,
    /// What else a clinician must know of blood-borne viruses.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bbv_notes: Option<String>,
}

filing!(Health {
    physical_health => PhysicalHealth,
    allergies => PhysicalHealth,
    pregnancy => PhysicalHealth,
    due_on => PhysicalHealth,
    gp => PhysicalHealth,
    naloxone => PhysicalHealth,
    medication => each,
    mental_health => MentalHealth,
    mental_health_service => MentalHealth,
    hepatitis_b => BloodBorneVirus,
    hepatitis_b_vaccination => BloodBorneVirus,
    hepatitis_c => BloodBorneVirus,
    hiv => BloodBorneVirus,
    bbv_notes => BloodBorneVirus,
});
redacted!(Medication);

fn pregnancy_has_a_date_only_if_pregnant(health: &Health) -> Result<(), ValidationError> {
    if health.due_on.is_some() && health.pregnancy != Some(Pregnancy::Pregnant) {
        return Err(problem_of("due_on", "contradiction", "is said only of a person who is pregnant"));
    }
    Ok(())
}
