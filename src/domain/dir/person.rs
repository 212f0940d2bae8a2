//! Section 1: who the person is and how to reach them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::filing::filing;
use crate::domain::person::{Address, Identifiers, Name, Phone, SafeContact, Sex};
use crate::domain::validation::{
    clean_line, plausible_date, valid_crn, valid_nhs_number, valid_pnc_id, valid_prison_number,
};

/// Section 1. Names and NHS number are `identity`; how to reach the person is `contact`; the numbers of the justice
/// system are `offending`, because each of them tells that there is a case.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Person {
    /// Every name, the one to use first. A working name is shown with `sex-work` only.
    #[validate(length(max = 20), nested)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<Name>,
    /// Date of birth.
    #[validate(custom(function = "plausible_date"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<Date>,
    /// Sex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// NHS number: ten digits with the check digit.
    #[validate(custom(function = "valid_nhs_number"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nhs_number: Option<String>,
    /// PNC ID, as `2009/0001234A`.
    #[validate(custom(function = "valid_pnc_id"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pnc_id: Option<String>,
    /// Prison number, as `A0001ZZ`.
    #[validate(custom(function = "valid_prison_number"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prison_number: Option<String>,
    /// Probation case reference number, as `X000123`.
    #[validate(custom(function = "valid_crn"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crn: Option<String>,
    /// Addresses, or no fixed abode. A confidential one is shown with `safeguarding` only.
    #[validate(length(max = 10), nested)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<Address>,
    /// Telephone numbers. A confidential one is shown with `safeguarding` only.
    #[validate(length(max = 10), nested)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Phone>,
    /// How the person may safely be reached.
    #[validate(nested)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub safe_contact: Option<SafeContact>,
    /// The partnership (DAT, CSP) where the person lives.
    #[validate(custom(function = "clean_line"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partnership_of_residence: Option<String>,
}

filing!(Person {
    names => each,
    date_of_birth => Identity,
    sex => Identity,
    nhs_number => Identity,
    pnc_id => Offending,
    prison_number => Offending,
    crn => Offending,
    addresses => each,
    phones => each,
    safe_contact => Contact,
    partnership_of_residence => Contact,
});

impl Person {
    /// The numbers by which services know the person, for matching.
    pub fn identifiers(&self) -> Identifiers {
        Identifiers {
            nhs_number: self.nhs_number.clone(),
            pnc_id: self.pnc_id.clone(),
            prison_number: self.prison_number.clone(),
            crn: self.crn.clone(),
        }
    }
}
