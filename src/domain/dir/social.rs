//! Section 9: where the person lives and on what.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::filing::filing;
use crate::domain::validation::{clean_line, clean_text, no_repeats};

crate::code_list! {
    /// Need of accommodation (historical national list).
    pub enum AccommodationNeed {
        NfaUrgent = "no-fixed-abode-urgent",
        HousingProblem = "housing-problem",
        None = "none",
    }
}

crate::code_list! {
    /// How the person is housed.
    pub enum AccommodationStatus {
        OwnTenancy = "own-tenancy",
        OwnerOccupier = "owner-occupier",
        WithFamilyOrFriends = "with-family-or-friends",
        SupportedHousing = "supported-housing",
        Hostel = "hostel",
        TemporaryAccommodation = "temporary-accommodation",
        BailAccommodation = "bail-accommodation",
        RoughSleeping = "rough-sleeping",
        SofaSurfing = "sofa-surfing",
        Custody = "custody",
        Other = "other",
    }
}

crate::code_list! {
    /// Work.
    pub enum EmploymentStatus {
        FullTime = "full-time",
        PartTime = "part-time",
        Irregular = "irregular",
        Unemployed = "unemployed",
        UnableToWork = "unable-to-work",
        Student = "student",
        Carer = "carer",
        Retired = "retired",
        Other = "other",
    }
}

crate::code_list! {
    /// What is at hand to prove who one is and to receive money (DIP Handbook Annex C).
    pub enum Paper {
        BirthCertificate = "birth-certificate",
        Passport = "passport",
        DrivingLicence = "driving-licence",
        NationalInsurance = "national-insurance",
        BankAccount = "bank-account",
        GpRegistration = "gp-registration",
        None = "none",
    }
}

/// Section 9. The six items that a landlord may be given are `housing`; work, money and papers are `employment-finance`;
/// relationships are `children-family`, because they tell of other people.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Social {
    /// Need of accommodation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accommodation_need: Option<AccommodationNeed>,
    /// How the person is housed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accommodation_status: Option<AccommodationStatus>,
    /// Housing history.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub housing_history: Option<String>,
    /// Independent-living skills for a tenancy.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub living_skills: Option<String>,
    /// What kind of vacancy and neighbourhood suits.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vacancy_suitability: Option<String>,
    /// Support needs, and whether support is in place from day one.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub support_needs: Option<String>,
    /// How the service supports the person in a tenancy.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub housing_support: Option<String>,
    /// Potential risks that the person agreed to be told to a landlord.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub housing_risks: Option<String>,
    /// Area of local connection.
    #[validate(custom(function = "clean_line"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local_connection: Option<String>,
    /// Work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employment: Option<EmploymentStatus>,
    /// Education, training and what work the person hopes for.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub training: Option<String>,
    /// Benefits, debts and rent.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finance: Option<String>,
    /// Papers at hand.
    #[validate(custom(function = "no_repeats"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub papers: Vec<Paper>,
    /// Relationships that help or harm.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relationships: Option<String>,
}

filing!(Social {
    accommodation_need => Housing,
    accommodation_status => Housing,
    housing_history => Housing,
    living_skills => Housing,
    vacancy_suitability => Housing,
    support_needs => Housing,
    housing_support => Housing,
    housing_risks => Housing,
    local_connection => Housing,
    employment => EmploymentFinance,
    training => EmploymentFinance,
    finance => EmploymentFinance,
    papers => EmploymentFinance,
    relationships => ChildrenFamily,
});
