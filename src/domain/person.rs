//! Who a person is and how to reach them: the types that a presented client and a record share.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::domain::dir::filing::{Filed, redacted};
use crate::domain::validation::{
    clean_line, clean_lines, clean_text, problem_of, valid_crn, valid_nhs_number, valid_phone, valid_pnc_id,
    valid_postcode, valid_prison_number,
};
use crate::vocabulary::{Segment, SegmentSet};

crate::code_list! {
    /// What kind of name it is.
    pub enum NameKind {
        /// The name to use comes first on every screen.
        NameToUse = "name-to-use",
        Legal = "legal",
        Preferred = "preferred",
        Former = "former",
        Alias = "alias",
        /// A name used in sex work: belongs to the segment `sex-work` alone.
        Working = "working",
    }
}

crate::code_list! {
    /// Sex as recorded (NHS Data Dictionary, person stated gender; M, F and U in attributors).
    pub enum Sex {
        Female = "female",
        Male = "male",
        NotKnown = "not-known",
        NotSpecified = "not-specified",
    }
}

crate::code_list! {
    /// What the person uses an address for.
    pub enum AddressKind {
        Current = "current",
        Correspondence = "correspondence",
        Previous = "previous",
        /// No fixed abode: has neither lines nor a postcode.
        NoFixedAbode = "no-fixed-abode",
    }
}

crate::code_list! {
    /// How a person may be reached.
    pub enum Channel {
        Letter = "letter",
        Call = "call",
        Voicemail = "voicemail",
        Text = "text",
        Email = "email",
        Visit = "visit",
        ThroughWorker = "through-worker",
    }
}

/// One name of a person. Each is a fact of its own with a kind, because matching uses all and a view shows only permitted ones.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Name {
    /// What kind of name it is; a working name is shown only with the segment `sex-work`.
    pub kind: NameKind,
    /// First name.
    #[validate(custom(function = "clean_line"))]
    pub forename: String,
    /// Further forenames.
    #[validate(custom(function = "clean_line"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub middle_names: Option<String>,
    /// Family name; missing where a person goes by one name.
    #[validate(custom(function = "clean_line"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surname: Option<String>,
}

/// The name that comes first on every page, and never one that tells something.
pub(in crate::domain) fn name_to_use(names: &[Name]) -> Option<String> {
    let of = |kind: NameKind| names.iter().find(|name| name.kind == kind);
    let name = of(NameKind::NameToUse).or_else(|| of(NameKind::Preferred)).or_else(|| of(NameKind::Legal))?;
    let parts = [Some(name.forename.as_str()), name.surname.as_deref()];
    let whole = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    (!whole.is_empty()).then_some(whole)
}

impl Filed for Name {
    fn tags(&self) -> SegmentSet {
        SegmentSet::EMPTY.with(match self.kind {
            NameKind::Working => Segment::SexWork,
            NameKind::NameToUse
            | NameKind::Legal
            | NameKind::Preferred
            | NameKind::Former
            | NameKind::Alias => Segment::Identity,
        })
    }
}

/// The numbers by which services know a person.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Identifiers {
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
}

/// An address, or that there is none.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "address_is_whole"))]
pub struct Address {
    /// What it is used for.
    pub kind: AddressKind,
    /// The lines without the postcode, at most ten.
    #[validate(custom(function = "clean_lines"))]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
    /// Postcode.
    #[validate(custom(function = "valid_postcode"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    /// A confidential address, such as a refuge: shown only with the segment `safeguarding`.
    #[serde(default)]
    pub confidential: bool,
}

impl Filed for Address {
    fn tags(&self) -> SegmentSet {
        SegmentSet::EMPTY.with(if self.confidential { Segment::Safeguarding } else { Segment::Contact })
    }
}

/// A telephone number of the person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Phone {
    /// The number: 7 to 15 digits, spaces allowed, `+` in front.
    #[validate(custom(function = "valid_phone"))]
    pub number: String,
    /// Whose it is or when it may be rung.
    #[validate(custom(function = "clean_line"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// A confidential number, such as a refuge's: shown only with the segment `safeguarding`.
    #[serde(default)]
    pub confidential: bool,
}

impl Filed for Phone {
    fn tags(&self) -> SegmentSet {
        SegmentSet::EMPTY.with(if self.confidential { Segment::Safeguarding } else { Segment::Contact })
    }
}

/// How the person may safely be reached. Every letter, reminder, call and printed page passes it; without it nothing is sent.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[validate(schema(function = "no_channel_is_both"))]
pub struct SafeContact {
    /// The ways that are safe. A way that is not named is not safe.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[validate(length(max = 7))]
    pub channels: Vec<Channel>,
    /// The ways that must never be used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[validate(length(max = 7))]
    pub never: Vec<Channel>,
    /// Whether a message may name the service.
    pub may_name_service: bool,
    /// What else the person said: times, words to use, who may answer.
    #[validate(custom(function = "clean_text"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
}

impl SafeContact {
    /// Whether this way is safe: named, and not forbidden.
    pub fn allows(&self, channel: Channel) -> bool {
        self.channels.contains(&channel) && !self.never.contains(&channel)
    }
}

fn address_is_whole(address: &Address) -> Result<(), ValidationError> {
    let empty = address.lines.is_empty() && address.postcode.is_none();
    match (address.kind == AddressKind::NoFixedAbode, empty) {
        (true, false) => {
            Err(problem_of("kind", "no-fixed-abode", "no fixed abode has neither lines nor a postcode"))
        }
        (false, true) => Err(problem_of("lines", "missing", "an address needs a line or a postcode")),
        (true, true) | (false, false) => Ok(()),
    }
}

fn no_channel_is_both(rule: &SafeContact) -> Result<(), ValidationError> {
    if rule.channels.iter().any(|channel| rule.never.contains(channel)) {
        return Err(problem_of("never", "contradiction", "the same way cannot be safe and forbidden"));
    }
    Ok(())
}

redacted!(Name, Identifiers, Address, Phone, SafeContact);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::validation::{field_problems, parse_json};

    #[test]
    fn a_working_name_is_sex_work_and_a_refuge_is_safeguarding() {
        let name: Name = parse_json(br#"{"kind":"working","forename":"Testa"}"#).unwrap();
        assert_eq!(name.filed_under(), Segment::SexWork);
        let refuge: Address =
            parse_json(br#"{"kind":"current","lines":["1 Test Row"],"confidential":true}"#).unwrap();
        assert_eq!(refuge.filed_under(), Segment::Safeguarding);
        let home: Address = parse_json(br#"{"kind":"current","lines":["1 Test Row"]}"#).unwrap();
        assert_eq!(home.filed_under(), Segment::Contact);
    }

    #[test]
    fn no_fixed_abode_has_no_lines_and_any_other_address_has_some() {
        let path_of = |body: &[u8]| {
            let errors = parse_json::<Address>(body).unwrap().validate().unwrap_err();
            field_problems(&errors).first().map(|problem| problem.path.clone())
        };
        assert_eq!(path_of(br#"{"kind":"no-fixed-abode","lines":["1 Test Row"]}"#).as_deref(), Some("kind"));
        assert_eq!(path_of(br#"{"kind":"current"}"#).as_deref(), Some("lines"));
        let abode: Address = parse_json(br#"{"kind":"no-fixed-abode"}"#).unwrap();
        assert!(abode.validate().is_ok());
    }

    #[test]
    fn a_way_of_contact_is_safe_only_if_it_was_named() {
        let rule: SafeContact = parse_json(br#"{"channels":["call"],"never":["letter"]}"#).unwrap();
        assert!(rule.allows(Channel::Call));
        assert!(!rule.allows(Channel::Letter) && !rule.allows(Channel::Voicemail));
        assert!(SafeContact::default().channels.is_empty());
        let torn: SafeContact = parse_json(br#"{"channels":["call"],"never":["call"]}"#).unwrap();
        assert!(torn.validate().is_err());
    }

    #[test]
    fn debug_output_shows_no_name() {
        let name: Name = parse_json(br#"{"kind":"legal","forename":"Testa"}"#).unwrap();
        assert_eq!(format!("{name:?}"), "Name(..)");
    }
}
