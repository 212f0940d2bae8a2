//! An outreach contact as it is sent and as it is stored, and when one without a name may be joined to somebody.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::codes::{AgreedHow, OutreachGiven, OutreachSetting};
use crate::domain::minute::Minute;
use crate::domain::validation::{clean_line, clean_text, no_repeats, plausible_minute};
use crate::id::WorkerId;

/// A contact as the worker notes it. There is no place in it for a name that somebody must give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OutreachContact {
    /// When, civil time.
    #[validate(custom(function = "plausible_minute"))]
    pub at: Minute,
    /// In what kind of place.
    pub setting: OutreachSetting,
    /// What the person was given or offered; may be nothing.
    #[serde(default)]
    #[validate(length(max = 8), custom(function = "no_repeats"))]
    pub given: Vec<OutreachGiven>,
    /// What the person likes to be called out there, if anything. For the agency's own workers; nothing is matched with it.
    #[validate(custom(function = "clean_line"))]
    pub called: Option<String>,
    /// What else the agency's own workers should know.
    #[validate(custom(function = "clean_text"))]
    pub note: Option<String>,
}

/// A contact as stored. It is written once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactRecord {
    /// What was noted.
    pub contact: OutreachContact,
    /// Who noted it.
    pub by: WorkerId,
    /// When it was entered.
    pub recorded_at: Timestamp,
    /// That the contacts under this reference were joined to somebody with a name, where they were: with the version that says so.
    pub joined: Option<JoinedRecord>,
}

/// That the person let it be joined to her.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinedRecord {
    /// How she agreed.
    pub how: AgreedHow,
    /// On which day.
    pub agreed_on: Date,
    /// To whom.
    pub with: WorkerId,
}

/// Why a reference is not joined to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotJoined {
    /// Somebody of whom a name is written down is no longer without one: whether two such are one is for the matching desk.
    HasName,
    /// Nobody with a name stands under the other reference.
    NoName,
    /// Both are one already.
    OneAlready,
    /// There is no contact under the reference.
    NoContact,
}

impl NotJoined {
    /// As the caller is told.
    pub const fn code(self) -> &'static str {
        match self {
            Self::HasName => "has-a-name",
            Self::NoName => "no-name-there",
            Self::OneAlready => "one-already",
            Self::NoContact => "no-contact",
        }
    }
}

/// What is known of the two references, each the agency's own.
#[derive(Debug, Clone, Copy)]
pub struct Two {
    /// The agency has written down who the one is whose contacts are joined.
    pub has_name: bool,
    /// The agency has written down who the other is.
    pub other_has_name: bool,
    /// They are one already.
    pub are_one: bool,
    /// How many contacts there are to join.
    pub contacts: usize,
}

impl Two {
    /// Whether the one may be joined to the other.
    ///
    /// # Errors
    /// What stands against it.
    pub const fn may_join(self) -> Result<(), NotJoined> {
        if self.are_one {
            Err(NotJoined::OneAlready)
        } else if self.has_name {
            Err(NotJoined::HasName)
        } else if !self.other_has_name {
            Err(NotJoined::NoName)
        } else if self.contacts == 0 {
            Err(NotJoined::NoContact)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_has_no_name_is_joined_and_only_to_somebody_who_has_one() {
        let two = Two { has_name: false, other_has_name: true, are_one: false, contacts: 2 };
        assert_eq!(two.may_join(), Ok(()));
        assert_eq!(Two { has_name: true, ..two }.may_join(), Err(NotJoined::HasName));
        assert_eq!(Two { other_has_name: false, ..two }.may_join(), Err(NotJoined::NoName));
        assert_eq!(Two { are_one: true, ..two }.may_join(), Err(NotJoined::OneAlready));
        assert_eq!(Two { contacts: 0, ..two }.may_join(), Err(NotJoined::NoContact));
    }

    #[test]
    fn a_contact_says_what_was_given_once_and_has_no_place_for_who_it_was() {
        let at = "2026-06-03T22:30".parse().unwrap();
        let given = vec![OutreachGiven::Condoms, OutreachGiven::Naloxone];
        let contact =
            OutreachContact { at, setting: OutreachSetting::Street, given, called: None, note: None };
        assert!(contact.validate().is_ok());
        let twice = OutreachContact { given: vec![OutreachGiven::Condoms; 2], ..contact.clone() };
        assert!(twice.validate().is_err());
        for member in ["forename", "date_of_birth", "address"] {
            let mut sent = serde_json::to_value(&contact).unwrap();
            sent.as_object_mut().unwrap().insert(member.to_owned(), "Testa".into());
            assert!(serde_json::from_value::<OutreachContact>(sent).is_err(), "{member}");
        }
    }
}
