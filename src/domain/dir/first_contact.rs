//! Section 2: how and where contact began, and on what occasion.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

pub use super::contact_codes::{AssessmentTrigger, IdentificationCriterion, Pathway, TestResult, TestType};
use super::filing::filing;
use crate::domain::minute::Minute;
use crate::domain::validation::{clean_line, no_repeats, plausible_date, plausible_minute, problem_of};

crate::code_list! {
    /// Who sent the person (Gwent 2014/15, with the historical national list). A specialist project is not in it: its referral
    /// is told in a continuity block tagged `sex-work`.
    pub enum ReferralSource {
        Police = "police",
        Probation = "probation",
        Prison = "prison",
        Court = "court",
        SelfReferred = "self",
        OtherCjit = "other-cjit",
        DrugService = "drug-service",
        Gp = "gp",
        Hospital = "hospital",
        Housing = "housing",
        ChildrensServices = "childrens-services",
        RelativeOrFriend = "relative-or-friend",
        Other = "other",
    }
}

crate::code_list! {
    /// Where contact took place.
    pub enum ContactPlace {
        CustodySuite = "custody-suite",
        Court = "court",
        Prison = "prison",
        ServicePremises = "service-premises",
        ProbationOffice = "probation-office",
        Community = "community",
        Telephone = "telephone",
    }
}

crate::code_list! {
    /// The group of the offence for which the person was arrested.
    pub enum OffenceGroup {
        Theft = "theft",
        Burglary = "burglary",
        Robbery = "robbery",
        VehicleCrime = "vehicle-crime",
        Fraud = "fraud",
        HandlingStolenGoods = "handling-stolen-goods",
        Begging = "begging",
        DrugSupply = "drug-supply",
        DrugPossession = "drug-possession",
        Violence = "violence",
        Other = "other",
    }
}

/// Section 2. When contact began is `attendance`; test facts are `drug-test`; what tells of an arrest or an order is `offending`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[validate(schema(function = "contact_is_coherent"))]
pub struct FirstContact {
    /// When the contact took place, to the minute.
    #[validate(custom(function = "plausible_minute"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_at: Option<Minute>,
    /// How the person was identified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pathway: Option<Pathway>,
    /// What led to the assessment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger: Option<AssessmentTrigger>,
    /// Where it took place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<ContactPlace>,
    /// The place by name.
    #[validate(custom(function = "clean_line"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place_name: Option<String>,
    /// Who sent the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<ReferralSource>,
    /// Why the person is believed to misuse drugs; indirect evidence never alone.
    #[validate(custom(function = "no_repeats"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<IdentificationCriterion>,
    /// The group of the offence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offence_group: Option<OffenceGroup>,
    /// Reference of the required assessment, restriction on bail or conditional caution.
    #[validate(custom(function = "clean_line"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assessment_reference: Option<String>,
    /// On what authority a test was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_type: Option<TestType>,
    /// When it was taken.
    #[validate(custom(function = "plausible_date"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_on: Option<Date>,
    /// What it found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_result: Option<TestResult>,
}

filing!(FirstContact {
    contact_at => Attendance,
    pathway => Offending,
    trigger => Offending,
    place => Offending,
    place_name => Offending,
    source => Offending,
    criteria => Offending,
    offence_group => Offending,
    assessment_reference => Offending,
    test_type => DrugTest,
    test_on => DrugTest,
    test_result => DrugTest,
});

fn contact_is_coherent(contact: &FirstContact) -> Result<(), ValidationError> {
    let only_indirect = !contact.criteria.is_empty() && contact.criteria.iter().all(|c| c.is_indirect());
    if only_indirect {
        return Err(problem_of(
            "criteria",
            "indirect-alone",
            "previous misuse or tests count only beside other evidence",
        ));
    }
    match (contact.test_result, contact.test_on) {
        (Some(TestResult::NotTested), Some(_)) => {
            Err(problem_of("test_on", "contradiction", "there is no date of a test that was not taken"))
        }
        _ => Ok(()),
    }
}
